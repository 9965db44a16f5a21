//! Errors that no page has put into words get a body here: a plain page for people, a code for programs.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use openbok_app::components::words::{explain as sentence, headline};
use openbok_app::error::PortalError;
use openbok_app::policy;
use openbok_domain::Lang;
use openbok_locales::{Text, errors};

use super::forgery::Foreign;
use super::operator::spoken;
use super::record::Reference;
use crate::plain;

/// Seconds after which a full or stopping server should be asked again.
const RETRY_AFTER_S: u32 = 5;

/// Gives a body to an error that has none, or only a word meant for developers.
///
/// # Panics
/// Never in practice: codes are always JSON.
pub async fn explain(request: Request, next: Next) -> Response {
    let reference = request.extensions().get::<Reference>().cloned().unwrap_or_default();
    let wants_page = wants_page(request.headers(), request.uri().path());
    let first = policy::first_page(request.uri().path());
    let lang = spoken(request.headers(), Lang::ALL);
    let response = next.run(request).await;
    if !is_bare_error(&response) {
        return response;
    }
    let status = response.status();
    let mut explained = if wants_page {
        let is_foreign = response.extensions().get::<Foreign>().is_some();
        let (title, words) = if let Some((title, words)) = own_words(status, is_foreign) {
            (title.get(lang), words.get(lang).to_owned())
        } else {
            let error = error(status, &reference);
            (headline(&error, lang), sentence(&error, lang))
        };
        let home = format!("<p><a href=\"{first}\">{}</a></p>", errors::GO_HOME.get(lang));
        let words = format!("<p>{}</p>{home}", plain::escaped(&words));
        plain::page(lang, title, &words)
    } else {
        let body = serde_json::to_string(&error(status, &reference)).expect("codes are JSON");
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    *explained.status_mut() = status;
    // What the handler said about it, such as when to come back, stays.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            explained.headers_mut().append(name, value.clone());
        }
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        explained.headers_mut().entry(header::RETRY_AFTER).or_insert(RETRY_AFTER_S.into());
    }
    explained
}

/// An answer without a word, for [`explain`] to find the words.
pub fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn is_bare_error(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_worded = kind.is_some_and(|kind| !kind.starts_with("text/plain"));
    (status.is_client_error() || status.is_server_error()) && !is_worded
}

fn wants_page(headers: &HeaderMap, path: &str) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("text/html") && !path.starts_with("/api/")
}

/// What no page ever has to say: it is about requests that pages do not send.
fn own_words(status: StatusCode, is_foreign: bool) -> Option<(Text, Text)> {
    match status {
        _ if is_foreign => Some((errors::FOREIGN_TITLE, errors::FOREIGN)),
        StatusCode::METHOD_NOT_ALLOWED => Some((errors::METHOD_TITLE, errors::METHOD)),
        StatusCode::PAYLOAD_TOO_LARGE => Some((errors::TOO_LARGE_TITLE, errors::TOO_LARGE)),
        _ => None,
    }
}

fn error(status: StatusCode, reference: &Reference) -> PortalError {
    match status {
        StatusCode::UNAUTHORIZED => PortalError::SignedOut,
        StatusCode::FORBIDDEN => PortalError::Forbidden,
        StatusCode::NOT_FOUND => PortalError::NotFound,
        StatusCode::TOO_MANY_REQUESTS => PortalError::TooMany(RETRY_AFTER_S),
        StatusCode::SERVICE_UNAVAILABLE => PortalError::Busy(RETRY_AFTER_S),
        _ if status.is_client_error() => PortalError::BadRequest,
        _ => PortalError::Internal(reference.to_string()),
    }
}
