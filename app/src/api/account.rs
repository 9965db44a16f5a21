//! The customer's own password, terms and devices.

use leptos::prelude::*;
use openbok_domain::office::AccountView;
#[cfg(feature = "ssr")]
use openbok_domain::{Fault, FieldErrors};
use openbok_domain::{PasswordChange, SessionView};
use server_fn::codec::{GetUrl, Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Fields, Goto};

#[cfg(feature = "ssr")]
use crate::ssr;

/// Replaces a one-time password by the customer's own.
#[server(ReplacePassword, prefix = "/api", endpoint = "replace_password", input = PostUrl, output = Json)]
pub async fn replace_password(#[server(flatten)] form: PasswordChange) -> Result<Goto, PortalError> {
    let (visit, caller) = (ssr::visit(), ssr::caller()?);
    let (token, stage) = ssr::answer(ssr::services().replace_one_time_password(&visit, &caller, &form).await)?;
    ssr::cookies::set_session(&token);
    Ok(Goto::page(ssr::page_after(stage, &token).await))
}

/// Changes the password and signs the account out everywhere else.
#[server(ChangePassword, prefix = "/api", endpoint = "change_password", input = PostUrl, output = Json)]
pub async fn change_password(#[server(flatten)] form: PasswordChange) -> Result<Goto, PortalError> {
    let token = ssr::answer(ssr::services().change_password(&ssr::visit(), &ssr::caller()?, &form).await)?;
    ssr::cookies::set_session(&token);
    Ok(ssr::done_in_settings("password"))
}

/// Accepts the terms of the version that was read. The fields are `version` and `terms`.
#[server(AcceptTerms, prefix = "/api", endpoint = "accept_terms", input = PostUrl, output = Json)]
pub async fn accept_terms(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let (visit, caller) = (ssr::visit(), ssr::caller()?);
    if !fields.is_ticked("terms") {
        return ssr::answer(Err(FieldErrors::one("terms", Fault::NotAccepted).into()));
    }
    let (token, stage) = ssr::answer(ssr::services().accept_terms(&visit, &caller, fields.get("version")).await)?;
    ssr::cookies::set_session(&token);
    Ok(Goto::page(ssr::page_after(stage, &token).await))
}

/// Where the account is open right now.
#[server(ListSessions, prefix = "/api", endpoint = "sessions", input = GetUrl, output = Json)]
pub async fn list_sessions() -> Result<Vec<SessionView>, PortalError> {
    ssr::answer(ssr::services().list_sessions(&ssr::caller()?, ssr::visit().lang).await)
}

/// What the portal knows of the account itself.
#[server(ReadAccount, prefix = "/api", endpoint = "account", input = GetUrl, output = Json)]
pub async fn read_account() -> Result<AccountView, PortalError> {
    ssr::answer(ssr::services().read_account(&ssr::caller()?).await)
}
