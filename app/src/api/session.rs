//! Signing in, staying and leaving.

use leptos::prelude::*;
use openbok_domain::SessionId;
#[cfg(feature = "ssr")]
use openbok_domain::Stage;
use server_fn::codec::{Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Fields, Goto, Session};

#[cfg(feature = "ssr")]
use crate::{policy, ssr};

/// Signs in with login and password. The fields are `login`, `password`, `remember`, `next` and the proof.
#[server(SignIn, prefix = "/api", endpoint = "sign_in", input = PostUrl, output = Json)]
pub async fn sign_in(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let credentials = openbok_services::Credentials {
        login: fields.text("login"),
        password: fields.text("password"),
        proof: fields.proof(),
    };
    let signed_in = ssr::answer(ssr::services().sign_in(&ssr::visit(), credentials).await)?;
    ssr::cookies::remember_login(fields.is_ticked("remember").then(|| fields.get("login")));
    ssr::cookies::set_session(&signed_in.session);
    ssr::cookies::set_device(&signed_in.device);
    let next = policy::safe_return(fields.get("next"));
    let first = ssr::page_after(signed_in.stage, &signed_in.session).await;
    Ok(Goto::page(if signed_in.stage == Stage::Full && next != "/" { next } else { first }))
}

/// Ends the session and forgets what the browser kept of it.
#[server(SignOut, prefix = "/api", endpoint = "sign_out", input = PostUrl, output = Json)]
pub async fn sign_out() -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().sign_out(&ssr::caller()?).await)?;
    ssr::cookies::clear_session();
    Ok(Goto::page("/sign-in?reason=signed_out"))
}

/// Keeps the session alive and returns how long it now lasts.
#[server(ExtendSession, prefix = "/api", endpoint = "extend_session", input = PostUrl, output = Json)]
pub async fn extend_session() -> Result<Session, PortalError> {
    let caller = ssr::caller()?;
    let deadlines = ssr::answer(ssr::services().extend_session(&caller).await)?;
    Ok(ssr::session(&caller, deadlines))
}

/// Ends another session of the same account, once the password was given again.
#[server(EndSession, prefix = "/api", endpoint = "end_session", input = PostUrl, output = Json)]
pub async fn end_session(session: SessionId, password: String) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().end_session(&ssr::caller()?, session, &password).await)?;
    Ok(Goto::page("/settings?done=session"))
}
