//! How producers come in: asking for access, the TOKEN, "Moje serwisy".

use leptos::prelude::*;
use openbok_domain::access::{AccessRequestForm, Service, ServiceView};
use openbok_domain::invitation::InvitationForm;
#[cfg(feature = "ssr")]
use openbok_domain::{Fault, FieldErrors, invitation::InvitationToken};
#[cfg(feature = "ssr")]
use server_fn::ServerFn as _;
use server_fn::codec::{GetUrl, Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Fields, Goto};

#[cfg(feature = "ssr")]
use crate::ssr;

/// The request form out of the fields of its page.
pub fn request(fields: &Fields) -> AccessRequestForm {
    AccessRequestForm { company: fields.text("company"), email: fields.text("email"), phone: fields.text("phone") }
}

/// Asks for access to planning.
#[server(AskAccess, prefix = "/api", endpoint = "ask_access", input = PostUrl, output = Json)]
pub async fn ask_access(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let proof = fields.proof();
    ssr::answer(ssr::services().ask_access(&ssr::visit(), &request(&fields), proof.as_ref()).await)?;
    ssr::cookies::forget_typed(AskAccess::PATH);
    Ok(Goto::page("/access-request?done=yes"))
}

/// Looks at a TOKEN and keeps it for the next step of registration.
#[server(CheckToken, prefix = "/api", endpoint = "check_token", input = PostUrl, output = Json)]
pub async fn check_token(token: String) -> Result<Goto, PortalError> {
    let token = InvitationToken::parse(&token).map_err(|fault| FieldErrors::one("token", fault).into());
    let token = ssr::answer(token)?;
    ssr::answer(ssr::services().check_token(&ssr::visit(), &token).await)?;
    ssr::cookies::set_invitation(&token);
    Ok(Goto::page("/invitation/account"))
}

/// The form of the second step out of the fields of its page.
pub fn invitation(fields: &Fields) -> InvitationForm {
    InvitationForm {
        email: fields.text("email"),
        new_password: fields.text("new_password"),
        repeat_password: fields.text("repeat_password"),
        terms: fields.is_ticked("terms"),
    }
}

/// Makes an account for whoever has the TOKEN: kept from the step before, or typed again.
#[server(RedeemToken, prefix = "/api", endpoint = "redeem_token", input = PostUrl, output = Json)]
pub async fn redeem_token(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    // Where the TOKEN of the step before is forgotten, its fault makes the page ask for it again.
    let token = match fields.get("token") {
        "" => ssr::cookies::invitation().ok_or(Fault::Required),
        typed => InvitationToken::parse(typed),
    };
    let token = ssr::answer(token.map_err(|fault| FieldErrors::one("token", fault).into()))?;
    let form = invitation(&fields);
    ssr::answer(ssr::services().redeem_without_account(&ssr::visit(), &token, &form).await)?;
    ssr::cookies::clear_invitation();
    ssr::cookies::forget_typed(CheckToken::PATH);
    ssr::cookies::forget_typed(RedeemToken::PATH);
    Ok(Goto::page("/sign-in?reason=invited"))
}

/// The services that the operator offers, and how the account stands to each.
#[server(ListServices, prefix = "/api", endpoint = "services", input = GetUrl, output = Json)]
pub async fn list_services() -> Result<Vec<ServiceView>, PortalError> {
    ssr::answer(ssr::services().list_services(&ssr::caller()?).await)
}

/// Registers the account for planning with a TOKEN.
#[server(RegisterService, prefix = "/api", endpoint = "register_service", input = PostUrl, output = Json)]
pub async fn register_service(token: String) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().redeem_with_account(&ssr::visit(), &ssr::caller()?, &token).await)?;
    Ok(Goto::page("/services?done=registered"))
}

/// Chooses the service that the portal starts with.
#[server(ChooseDefaultService, prefix = "/api", endpoint = "choose_default_service", input = PostUrl, output = Json)]
pub async fn choose_default_service(service: Service) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().choose_default_service(&ssr::caller()?, service).await)?;
    Ok(Goto::page("/services?done=default"))
}
