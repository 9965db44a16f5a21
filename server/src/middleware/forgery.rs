//! Requests that no page of the portal has sent: those of other sites, and bodies that its forms never send (R43).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode, header};

use super::problem::bare;
use crate::routes;

/// Marks the answer to such a request, for the words that go with it.
#[derive(Debug, Clone, Copy)]
pub struct Foreign;

/// The answer to such a request.
pub fn refusal() -> Response {
    let mut refusal = bare(StatusCode::FORBIDDEN);
    refusal.extensions_mut().insert(Foreign);
    refusal
}

/// Refuses bodies of a kind that nothing in the portal sends. Plain text, and a body that says nothing of its kind, is what
/// any page can make a browser send without being asked.
pub async fn guard(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !is_of_known_kind(&request) { refusal() } else { next.run(request).await }
}

/// Forms, with files or without, are all that pages and functions take; two addresses are for programs.
fn is_of_known_kind(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/x-www-form-urlencoded" | "multipart/form-data" => true,
        "application/json" => request.uri().path() == routes::CLOCK,
        "application/reports+json" => request.uri().path() == routes::REPORTS,
        _ => false,
    }
}
