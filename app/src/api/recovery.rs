//! Forgotten passwords and logins. The answers are the same whether the account exists or not.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use server_fn::ServerFn as _;
use server_fn::codec::{Json, PostUrl};

use crate::error::PortalError;
use crate::portal::Goto;

#[cfg(feature = "ssr")]
use crate::ssr;

/// Mails what the operator's policy says: a one-time password or a link.
#[server(RecoverPassword, prefix = "/api", endpoint = "recover_password", input = PostUrl, output = Json)]
pub async fn recover_password(login: String) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().recover_password(&ssr::visit(), &login).await)?;
    ssr::cookies::forget_typed(RecoverPassword::PATH);
    Ok(Goto::page("/recover/password?done=yes"))
}

/// Mails the logins that belong to an address.
#[server(RecoverLogin, prefix = "/api", endpoint = "recover_login", input = PostUrl, output = Json)]
pub async fn recover_login(email: String) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().remind_login(&ssr::visit(), &email).await)?;
    ssr::cookies::forget_typed(RecoverLogin::PATH);
    Ok(Goto::page("/recover/login?done=yes"))
}
