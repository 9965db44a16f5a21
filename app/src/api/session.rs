//! Signing in, staying and leaving.

use leptos::prelude::*;
use openbok_domain::SessionId;
#[cfg(feature = "ssr")]
use openbok_domain::Stage;
#[cfg(feature = "ssr")]
use server_fn::ServerFn as _;
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
    ssr::cookies::forget_typed(SignIn::PATH);
    ssr::cookies::remember_login(fields.is_ticked("remember").then(|| fields.get("login")));
    ssr::cookies::set_session(&signed_in.session);
    ssr::cookies::set_device(&signed_in.device);
    let next = policy::safe_return(fields.get("next"));
    let first = ssr::page_after(signed_in.stage, &signed_in.session).await;
    Ok(Goto::page(if signed_in.stage == Stage::Full && next != "/" { next } else { first }))
}

/// Ends the session and forgets what the browser kept of it. A page that nobody touched for too long names its session:
/// only that one ends, and what the browser keeps of unsaved work stays.
#[server(SignOut, prefix = "/api", endpoint = "sign_out", input = PostUrl, output = Json)]
pub async fn sign_out(idle: Option<SessionId>) -> Result<Goto, PortalError> {
    let caller = ssr::caller()?;
    if idle.is_none_or(|session| session == caller.session) {
        ssr::answer(ssr::services().sign_out(&caller).await)?;
    }
    if idle.is_none() {
        ssr::cookies::clear_session();
    }
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
    Ok(ssr::done_in_settings("session"))
}
