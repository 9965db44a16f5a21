//! Registering an account and bringing it to life.

use leptos::prelude::*;
use openbok_domain::ContractRegistration;
#[cfg(feature = "ssr")]
use openbok_domain::Refusal;
#[cfg(feature = "ssr")]
use server_fn::ServerFn as _;
use server_fn::codec::{GetUrl, Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Fields, Goto};

#[cfg(feature = "ssr")]
use crate::ssr;

/// The registration form out of the fields of its page.
pub fn registration(fields: &Fields) -> ContractRegistration {
    ContractRegistration {
        customer_kind: fields.text("customer_kind"),
        pesel: fields.text("pesel"),
        nip: fields.text("nip"),
        contract_number: fields.text("contract_number"),
        login: fields.text("login"),
        login_repeat: fields.text("login_repeat"),
        phone: fields.text("phone"),
        email: fields.text("email"),
        terms: fields.is_ticked("terms"),
        cookies: fields.is_ticked("cookies"),
    }
}

/// Registers by contract number and mails the activation link.
#[server(Register, prefix = "/api", endpoint = "register", input = PostUrl, output = Json)]
pub async fn register(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let form = registration(&fields);
    let proof = fields.proof();
    ssr::answer(ssr::services().register_by_contract(&ssr::visit(), &form, proof.as_ref()).await)?;
    ssr::cookies::forget_typed(Register::PATH);
    Ok(Goto::page("/register/done"))
}

/// Whether the link that was opened can still activate an account. Looking changes nothing.
#[server(CheckActivation, prefix = "/api", endpoint = "activation", input = GetUrl, output = Json)]
pub async fn check_activation() -> Result<(), PortalError> {
    use openbok_services::LinkState;
    let state = ssr::answer(ssr::services().activation_state(&ssr::visit(), &ssr::link()?).await)?;
    let refusal = match state {
        LinkState::Ready => return Ok(()),
        LinkState::Used => Refusal::LinkUsed,
        LinkState::Expired => Refusal::LinkExpired,
        LinkState::Unknown => Refusal::LinkUnknown,
    };
    ssr::answer(Err(refusal.into()))
}

/// Activates the account that the mailed link names, and mails the one-time password.
#[server(Activate, prefix = "/api", endpoint = "activate", input = PostUrl, output = Json)]
pub async fn activate() -> Result<Goto, PortalError> {
    let token = ssr::link()?;
    ssr::answer(ssr::services().activate(&ssr::visit(), &token).await)?;
    ssr::cookies::clear_link();
    Ok(Goto::page("/activate?done=yes"))
}

/// Mails a new activation link, if an account waits for one. The answer never tells.
#[server(ResendActivation, prefix = "/api", endpoint = "resend_activation", input = PostUrl, output = Json)]
pub async fn resend_activation(login: String) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().resend_activation(&ssr::visit(), &login).await)?;
    ssr::cookies::forget_typed(ResendActivation::PATH);
    Ok(Goto::page("/activate/resend?done=yes"))
}
