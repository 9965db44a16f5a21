//! The only place that touches axum and the services: contexts of a request, answers, the page's outer shell.
//!
//! The server puts [`Services`], [`Visit`] and `Option<`[`Caller`]`>` into the context of every page and function, and
//! [`Choices`] instead of a visit where the host belongs to nobody.

pub mod cookies;
pub mod kept;
pub mod plans;
mod post;
mod render;
mod shell;

use axum::extract::Query;
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use openbok_domain::access::Service;
use openbok_domain::{OperatorView, Refusal, SessionId, Stage, Timestamp};
use openbok_services::{Caller, Deadlines, ServiceError, Services, StaffCaller, Token, Visit};
use std::str::FromStr;

use crate::error::PortalError;
use crate::policy::{self, Principal};
use crate::portal::{Choice, Fields, FormState, Goto, Portal, Session, Who};

pub use post::post_page;
pub use render::{Context, call_function, page_paths, render_page, start};
pub use shell::shell;

/// Path of the settings.
const SETTINGS: &str = "/settings";

/// What an address says was done before: no news beside a form that was refused.
const NEWS: [&str; 4] = ["done", "taken", "wrong", "accepted"];

/// Portals to choose from on a host that belongs to nobody.
#[derive(Debug, Clone, Default)]
pub struct Choices(pub Vec<Choice>);

/// Number of the request, which the customer can quote and the log knows.
#[derive(Debug, Clone)]
pub struct RequestReference(pub String);

/// The back end.
///
/// # Panics
/// Outside a request.
pub fn services() -> Services {
    expect_context()
}

/// The visit.
///
/// # Panics
/// On a host that belongs to nobody, where no function may be called.
pub fn visit() -> Visit {
    expect_context()
}

/// Who is signed in.
pub fn caller() -> Result<Caller, PortalError> {
    use_context::<Option<Caller>>().flatten().ok_or_else(|| {
        set_status(StatusCode::UNAUTHORIZED);
        PortalError::SignedOut
    })
}

/// The token of the mailed link that was opened last. One that is cut is a link that nobody sent.
pub fn link() -> Result<Token, PortalError> {
    match Token::parse(&cookies::link()) {
        Some(token) => Ok(token),
        None => answer(Err(Refusal::LinkUnknown.into())),
    }
}

/// Takes the token of a mailed link out of the address bar: keeps it in a cookie and leads to the same page without it.
pub fn take_link(token: &str) {
    cookies::set_link(token);
    lead_to(expect_context::<http::request::Parts>().uri.path());
}

/// Leads to another page instead of showing this one.
pub fn lead_to(page: &str) {
    leptos_axum::redirect(page);
    set_status(StatusCode::SEE_OTHER);
}

/// Back to the settings, which say what was done there.
pub fn done_in_settings(what: &str) -> Goto {
    cookies::set_done(what);
    Goto::page(format!("{SETTINGS}?done={what}"))
}

/// Sets the status of the answer being made.
pub fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Reads a value of a request that the portal's own pages always send right.
pub fn read<T: FromStr>(text: &str) -> Result<T, PortalError> {
    text.parse().map_err(|_| {
        set_status(StatusCode::BAD_REQUEST);
        PortalError::BadRequest
    })
}

/// The member of staff who is signed in.
pub fn staff() -> Result<StaffCaller, PortalError> {
    use_context::<Option<StaffCaller>>().flatten().ok_or_else(|| {
        set_status(StatusCode::UNAUTHORIZED);
        PortalError::SignedOut
    })
}

/// Nothing here, with the status that says so.
pub fn not_found() -> PortalError {
    set_status(StatusCode::NOT_FOUND);
    PortalError::NotFound
}

/// What a service said, as the browser may hear it: logged once, without what is nobody's business, and with the status.
pub fn answer<T>(result: Result<T, ServiceError>) -> Result<T, PortalError> {
    result.map_err(|error| {
        let (status, error) = translate(error);
        set_status(status);
        if let PortalError::TooMany(retry_after_s) | PortalError::Busy(retry_after_s) = &error
            && let Some(response) = use_context::<ResponseOptions>()
        {
            response.insert_header(http::header::RETRY_AFTER, (*retry_after_s).into());
        }
        error
    })
}

fn translate(error: ServiceError) -> (StatusCode, PortalError) {
    /// How long to stay away while every hashing slot is taken.
    const BUSY_S: u32 = 5;
    match error {
        ServiceError::Invalid(errors) => (StatusCode::UNPROCESSABLE_ENTITY, PortalError::Invalid(errors)),
        ServiceError::Refused(refusal) => (status_of(&refusal), PortalError::Refused(refusal)),
        ServiceError::NotFound => (StatusCode::NOT_FOUND, PortalError::NotFound),
        ServiceError::Forbidden => (StatusCode::FORBIDDEN, PortalError::Forbidden),
        ServiceError::SignedOut => (StatusCode::UNAUTHORIZED, PortalError::SignedOut),
        ServiceError::TooMany { retry_after } => {
            let retry_after_s = u32::try_from(retry_after.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            (StatusCode::TOO_MANY_REQUESTS, PortalError::TooMany(retry_after_s))
        }
        ServiceError::Busy => (StatusCode::SERVICE_UNAVAILABLE, PortalError::Busy(BUSY_S)),
        error => {
            let reference = use_context::<RequestReference>().map(|reference| reference.0).unwrap_or_default();
            tracing::error!(reference, error = &error as &dyn std::error::Error, "a use case failed");
            (StatusCode::INTERNAL_SERVER_ERROR, PortalError::Internal(reference))
        }
    }
}

/// What was sent is not right, or it meets a state in which the portal says no. One status for every failed sign-in.
const fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::BadCredentials | Refusal::NoMatch | Refusal::Challenge(_) | Refusal::ChallengeFailed(_) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => StatusCode::CONFLICT,
    }
}

/// Where a customer goes on after a step of signing in. The step is done by then: a database that does not answer any more
/// says so there.
pub async fn page_after(stage: Stage, session: &Token) -> &'static str {
    if stage != Stage::Full {
        return policy::stage_page(stage);
    }
    let services = services();
    match services.find_caller(&visit().operator, session).await {
        Ok(caller) => first_page_of(&services, caller.as_ref()).await,
        Err(error) => page_despite(&error),
    }
}

/// The page that the portal starts with for a customer: the first one of the chosen service, or of the only one. A database
/// that does not answer says so there.
pub async fn first_page_of(services: &Services, caller: Option<&Caller>) -> &'static str {
    let Some(caller) = caller else { return "/" };
    services.starting_service(caller).await.map_or_else(|error| page_despite(&error), page_of)
}

fn page_despite(error: &ServiceError) -> &'static str {
    tracing::error!(error = error as &dyn std::error::Error, "the first page is not known");
    "/"
}

const fn page_of(service: Option<Service>) -> &'static str {
    match service {
        Some(Service::Office) => "/",
        Some(Service::Planning) => "/plans",
        None => "/services",
    }
}

/// Who is signed in as a customer, and how long a session lasts from now on.
pub fn session(caller: &Caller, deadlines: Deadlines) -> Session {
    let who =
        Who::Customer { stage: caller.stage, has_office: caller.has(Service::Office), is_producer: caller.is_producer };
    lasting(caller.session, who, deadlines)
}

/// The same for a member of staff.
pub fn staff_session(caller: &StaffCaller, deadlines: Deadlines) -> Session {
    lasting(caller.session, Who::Staff { stage: caller.stage, roles: caller.roles.clone() }, deadlines)
}

fn lasting(id: SessionId, who: Who, deadlines: Deadlines) -> Session {
    let now = services().now();
    let left_ms = |end: Timestamp| i64::try_from(end.since(now).as_millis()).unwrap_or(i64::MAX);
    let (idle_ms, absolute_ms) = (left_ms(deadlines.idle_ends_at), left_ms(deadlines.ends_at));
    Session { id: id.to_string(), who, idle_ms, absolute_ms }
}

/// Who is asking, as the table of rights sees it.
pub fn principal(caller: Option<&Caller>, staff: Option<&StaffCaller>) -> Principal {
    Principal {
        stage: caller.map(|caller| caller.stage),
        has_office: caller.is_some_and(|caller| caller.has(Service::Office)),
        is_producer: caller.is_some_and(|caller| caller.is_producer),
        staff: staff.map(|staff| (staff.stage, staff.roles.clone())),
    }
}

/// What the page of this request knows.
pub fn portal() -> Portal {
    let appearance = cookies::appearance();
    let uri = uri();
    let path = uri.path().to_owned();
    // An address that nobody can read asks for nothing in particular.
    let mut query = Fields(Query::try_from_uri(&uri).map(|Query(fields)| fields).unwrap_or_default());
    let form = use_context::<FormState>();
    if form.is_some() {
        for name in NEWS {
            query.0.remove(name);
        }
    }
    // That a password was changed is said only where it is true.
    if path == SETTINGS && cookies::done().as_deref() != Some(query.get("done")) {
        query.0.remove("done");
    }
    let Some(visit) = use_context::<Visit>() else {
        let lang = use_context().unwrap_or_else(|| Portal::default().lang);
        return Portal { path, query, lang, appearance, ..Portal::default() };
    };
    let customer = use_context::<Option<Caller>>().flatten();
    let staff = use_context::<Option<StaffCaller>>().flatten();
    let session = match (customer, staff) {
        (_, Some(staff)) => Some(staff_session(&staff, staff.deadlines())),
        (Some(customer), None) => Some(session(&customer, customer.deadlines())),
        (None, None) => None,
    };
    Portal {
        operator: Some(OperatorView::from(&*visit.operator)),
        path,
        query,
        lang: visit.lang,
        appearance,
        session,
        remembered_login: cookies::remembered_login(),
        form: form.or_else(kept_form),
    }
}

/// The address that was asked for.
fn uri() -> http::Uri {
    with_context::<http::request::Parts, _>(|parts| parts.uri.clone()).expect("every page answers a request")
}

/// The form of this page as somebody left it without sending it. What is in it is for nobody's cache.
fn kept_form() -> Option<FormState> {
    let page = policy::find_page(uri().path())?;
    let form = page.forms.iter().find_map(|function| {
        let fields = cookies::typed(function)?;
        Some(FormState { function: (*function).to_owned(), fields, error: None })
    })?;
    expect_context::<ResponseOptions>()
        .insert_header(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Some(form)
}
