//! Forms without scripts: the browser posts them to the page's own address.

use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, Multipart};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use server_fn::error::FromServerFnError;
use std::sync::Arc;

use super::render::{Context, call_function, render_page};
use super::services;
use crate::components::challenge::OTHER_PICTURE;
use crate::error::PortalError;
use crate::policy::{self, Principal, Verdict};
use crate::portal::{FUNCTION_FIELD, Fields, FormState, Goto};
use openbok_domain::Refusal;
use openbok_domain::address::escaped;

/// Largest answer of a server function that a form can have: an address or an error.
const MOST_ANSWER_BYTES: usize = 64 * 1024;

/// Answers a form that was posted to the address of its page: runs the server function that the form names, then leads
/// on with 303, or shows the page again with what was typed and what was wrong. Whoever asks for another picture sends
/// nothing yet, and gets the page again with one.
///
/// `context` is the context that the page itself would get. The page's own access was checked before; here it is made
/// sure that the function belongs to the page and is open to the caller.
pub async fn post_page(
    options: LeptosOptions,
    context: Context,
    principal: &Principal,
    request: Request<Body>,
) -> Response {
    let (mut head, body) = request.into_parts();
    let page_uri = head.uri.clone();
    let bytes_request = Request::from_parts(head.clone(), body);
    let pairs = match read_pairs(bytes_request).await {
        Ok(pairs) => pairs,
        Err(status) => return status.into_response(),
    };
    let named = pairs.iter().find(|(name, _)| name == FUNCTION_FIELD).map_or("", |(_, value)| value);
    let Some(function) = policy::find_form(page_uri.path(), named) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if function.access.verdict(principal) != Verdict::Allowed {
        return lead_to(&policy::sign_in_for(&page_uri.to_string(), Some("ended")), &HeaderMap::new());
    }

    if pairs.iter().any(|(name, _)| name == OTHER_PICTURE) {
        let fields = Fields(pairs.into_iter().collect()).without_secrets();
        let state = move || {
            let error = PortalError::Refused(Refusal::Challenge(services().new_challenge()));
            FormState { function: function.path.to_owned(), fields: fields.clone(), error: Some(error) }
        };
        return show_again(options, context, state, StatusCode::UNPROCESSABLE_ENTITY, head).await;
    }

    head.uri = Uri::from_static(function.path);
    head.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let fields: Vec<_> = pairs.into_iter().filter(|(name, _)| name != FUNCTION_FIELD).collect();
    let call = Request::from_parts(head.clone(), Body::from(encode(&fields)));
    let answer = call_function(context.clone(), call).await;

    let (answer_head, answer_body) = answer.into_parts();
    let bytes = to_bytes(answer_body, MOST_ANSWER_BYTES).await.unwrap_or_default();
    if answer_head.status.is_success() {
        return match serde_json::from_slice(&bytes) {
            Ok(Goto::Page(path)) => lead_to(&path, &answer_head.headers),
            // A function that leads nowhere, such as keeping the session alive, shows the page again.
            Ok(Goto::Here) | Err(_) => lead_to(&page_uri.to_string(), &answer_head.headers),
        };
    }

    let fields = Fields(fields.into_iter().collect()).without_secrets();
    let state = FormState { function: function.path.to_owned(), fields, error: Some(PortalError::de(bytes)) };
    head.uri = page_uri;
    let mut response = show_again(options, context, move || state.clone(), answer_head.status, head).await;
    copy(&answer_head.headers, response.headers_mut());
    response
}

/// The page with a form as it was sent, and what is to be said about it.
async fn show_again(
    options: LeptosOptions,
    context: Context,
    state: impl Fn() -> FormState + Send + Sync + 'static,
    status: StatusCode,
    mut head: Parts,
) -> Response {
    head.method = Method::GET;
    let context_with_form = move || {
        context();
        provide_context(state());
    };
    render_page(options, Arc::new(context_with_form), status, Request::from_parts(head, Body::empty())).await
}

/// Names and values of a form. A file is two of them: its content in base64 under the name of its field, and its own name
/// under `NAME_name`. A field that nobody chose a file in is empty.
async fn read_pairs(request: Request<Body>) -> Result<Vec<(String, String)>, StatusCode> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        return form.map(|Form(pairs)| pairs).map_err(|error| error.into_response().status());
    }
    let mut parts = Multipart::from_request(request, &()).await.map_err(|error| error.status())?;
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| error.status())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| error.status())?;
        if let Some(file) = file {
            pairs.push((format!("{name}_name"), file));
            pairs.push((name, STANDARD.encode(&bytes)));
        } else {
            pairs.push((name, String::from_utf8(bytes.to_vec()).map_err(|_| StatusCode::BAD_REQUEST)?));
        }
    }
    Ok(pairs)
}

fn lead_to(path: &str, answered: &HeaderMap) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    copy(answered, response.headers_mut());
    // Paths come from the policy table or have passed it; anything else leads home.
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}

/// What the function said beside its answer: cookies and when to come back.
fn copy(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [SET_COOKIE, http::header::RETRY_AFTER, http::HeaderName::from_static("clear-site-data")] {
        for value in from.get_all(&name) {
            to.append(name.clone(), value.clone());
        }
    }
}

fn encode(fields: &[(String, String)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    fields.collect::<Vec<_>>().join("&")
}
