//! Who is signed in, and whether the tables let them in. What is in no table is answered as if it did not exist.

use axum::extract::{MatchedPath, Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::{self, Entry};
use http::{HeaderMap, HeaderValue, StatusCode};
use openbok_app::policy::{self, Access, Verdict};
use openbok_app::portal::Fields;
use openbok_app::ssr;
use openbok_services::{Caller, Deadlines, ServiceError, StaffCaller, Token, Visit};

use super::operator::cookie;
use super::problem::bare;
use crate::portal::Portal;
use crate::routes;

/// Pages that anybody may open are asked for anew, but the browser may keep what was typed into them.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Finds the caller and enforces the tables, before any page or function runs.
pub async fn guard(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    // Behind a path where nothing is mounted are files of the site, and the page that says that there is nothing.
    let is_mounted = request.extensions().get::<MatchedPath>().is_some();
    if !is_mounted || request.uri().path().starts_with(routes::PACKAGE) {
        return next.run(request).await;
    }
    let Some(access) = access(request.uri().path()) else { return bare(StatusCode::NOT_FOUND) };
    let Some(visit) = request.extensions().get::<Visit>().cloned() else {
        return without_operator(request, next).await;
    };
    let (caller, staff) = match find_who(&portal, &visit, request.headers(), request.uri().path()).await {
        Ok(who) => who,
        Err(refusal) => return *refusal,
    };
    let principal = ssr::principal(caller.as_ref(), staff.as_ref());
    match access.verdict(&principal) {
        Verdict::Allowed => {}
        verdict => {
            let is_signed_out = matches!(verdict, Verdict::SignIn | Verdict::StaffSignIn);
            let token = session_token(request.headers(), policy::is_of_staff(request.uri().path()));
            let has_idled = match token.filter(|_| is_signed_out) {
                // A database that does not answer changes only the sentence over the sign-in form.
                Some(token) => portal.services().has_idled(&visit.operator, &token).await.unwrap_or_default(),
                None => false,
            };
            let refusal = refuse(&request, verdict, has_idled);
            // Whoever is led to the page that comes first was denied nothing.
            if refusal.status().is_client_error() {
                let target = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
                note_denial(&portal, &visit, caller.as_ref(), staff.as_ref(), &target.unwrap_or_default()).await;
            }
            return refusal;
        }
    }
    let is_reading = request.method().is_safe();
    let wanted = request.uri().path_and_query().map_or("", |wanted| wanted.as_str());
    if is_reading && policy::is_in_already(wanted, &principal) {
        let asked: Fields = Query::try_from_uri(request.uri()).map(|Query(asked)| asked).unwrap_or_default();
        let page = match policy::safe_return(asked.get("next")) {
            "/" if staff.is_some() => "/staff",
            "/" => ssr::first_page_of(portal.services(), caller.as_ref()).await,
            next => next,
        };
        return Redirect::to(page).into_response();
    }
    // A page that succeeds counts as activity; its countdown must already know.
    if let Some(caller) = &caller {
        let seen_at = portal.services().seen_if_active(caller);
        request.extensions_mut().insert(Caller { seen_at, ..caller.clone() });
    }
    if let Some(staff) = &staff {
        let seen_at = portal.services().staff_seen_if_active(staff);
        request.extensions_mut().insert(StaffCaller { seen_at, ..staff.clone() });
    }
    // Letters and logos are fetched by pages, not by people.
    let is_activity = access != Access::Public || routes::find(request.uri().path()).is_none();
    let mut response = next.run(request).await;
    let has_succeeded = response.status().is_success() || response.status().is_redirection();
    match (caller, staff) {
        (Some(caller), _) if has_succeeded && is_activity => note(portal.services().note_activity(&caller).await),
        (_, Some(staff)) if has_succeeded && is_activity => note(portal.services().note_staff_activity(&staff).await),
        (None, None) if has_succeeded && is_reading => {
            if let Entry::Vacant(place) = response.headers_mut().entry(header::CACHE_CONTROL) {
                place.insert(REVALIDATE);
            }
        }
        _ => {}
    }
    response
}

/// Writes down who was denied what, by its name in the tables: an address may hold anything.
async fn note_denial(
    portal: &Portal,
    visit: &Visit,
    caller: Option<&Caller>,
    staff: Option<&StaffCaller>,
    target: &str,
) {
    if let Err(error) = portal.services().record_denial(visit, caller, staff, target).await {
        tracing::error!(error = &error as &dyn std::error::Error, "denial not written down");
    }
}

/// Activity that could not be written down is no reason to withhold the answer.
fn note(noted: Result<Deadlines, ServiceError>) {
    if let Err(error) = noted {
        tracing::error!(error = &error as &dyn std::error::Error, "activity not noted");
    }
}

fn access(path: &str) -> Option<Access> {
    let page = policy::find_page(path).map(|page| page.access);
    let function = || policy::find_function(path).map(|function| function.access);
    page.or_else(function).or_else(|| routes::find(path))
}

/// On a host that belongs to nobody there is only the chooser, whichever page was meant, and what a balancer asks.
async fn without_operator(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_first = path == "/";
    if routes::is_for_any_host(path) {
        return next.run(request).await;
    }
    if !request.method().is_safe() || policy::find_page(path).is_none() {
        return bare(StatusCode::NOT_FOUND);
    }
    let mut chooser = next.run(request).await;
    if !is_first {
        *chooser.status_mut() = StatusCode::NOT_FOUND;
    }
    chooser
}

/// Who is signed in at a path: in the back office a member of staff, everywhere else a customer.
pub async fn find_who(
    portal: &Portal,
    visit: &Visit,
    headers: &HeaderMap,
    path: &str,
) -> Result<(Option<Caller>, Option<StaffCaller>), Box<Response>> {
    let is_of_staff = policy::is_of_staff(path);
    let Some(token) = session_token(headers, is_of_staff) else { return Ok((None, None)) };
    let (services, operator) = (portal.services(), &visit.operator);
    let found = if is_of_staff {
        services.find_staff_caller(operator, &token).await.map(|staff| (None, staff))
    } else {
        services.find_caller(operator, &token).await.map(|caller| (caller, None))
    };
    found.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "session not looked up");
        Box::new(bare(StatusCode::INTERNAL_SERVER_ERROR))
    })
}

fn session_token(headers: &HeaderMap, is_of_staff: bool) -> Option<Token> {
    let name = if is_of_staff { ssr::cookies::STAFF_SESSION } else { ssr::cookies::SESSION };
    cookie(headers, name).and_then(Token::parse)
}

fn refuse(request: &Request, verdict: Verdict, has_idled: bool) -> Response {
    let path = request.uri().path();
    let is_page = policy::find_page(path).is_some();
    match verdict {
        Verdict::SignIn | Verdict::StaffSignIn if is_page => {
            let wanted = request.uri().path_and_query().map_or(path, |wanted| wanted.as_str());
            // Whoever sends a form of a page has had a session when the page was opened.
            let ended = (!request.method().is_safe()).then_some("ended");
            let reason = if has_idled { Some("idle") } else { ended };
            Redirect::to(&policy::sign_in_for(wanted, reason)).into_response()
        }
        Verdict::Elsewhere(page) if is_page => Redirect::to(page).into_response(),
        Verdict::SignIn | Verdict::StaffSignIn => bare(StatusCode::UNAUTHORIZED),
        _ => bare(StatusCode::FORBIDDEN),
    }
}
