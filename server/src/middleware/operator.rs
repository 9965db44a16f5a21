//! Whose portal was asked for, told by the host; and the language of the answer.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Version, header};
use openbok_domain::{Lang, Operator};
use openbok_services::{Token, Visit};

use super::client::Source;
use super::problem::bare;
use crate::portal::Portal;

/// The operator that answered; kept with the answer for the record.
#[derive(Debug, Clone)]
pub struct Served(pub Arc<Operator>);

/// Cookie of the chosen language.
const LANGUAGE_COOKIE: &str = "lang";
/// Cookie of the browser's long-lived mark.
const DEVICE_COOKIE: &str = "__Host-dev";

/// Puts the visit beside the request. On a host that belongs to nobody there is none, unless one operator is named to
/// answer there. HTTP/1.1 demands one host; older programs, such as a balancer that looks whether the portal lives, may name
/// none.
pub async fn find(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    match request.headers().get_all(header::HOST).iter().count() {
        1 => {}
        0 if request.version() < Version::HTTP_11 => {}
        _ => return bare(StatusCode::BAD_REQUEST),
    }
    let Some(operator) = operator(&portal, request.headers()) else { return next.run(request).await };
    let headers = request.headers();
    let visit = Visit {
        lang: spoken(headers, &operator.languages),
        source: request.extensions().get::<Source>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |source| source.0),
        device: cookie(headers, DEVICE_COOKIE).and_then(Token::parse),
        user_agent: text(headers, header::USER_AGENT).to_owned(),
        operator: Arc::clone(&operator),
    };
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Served(operator));
    response
}

fn operator(portal: &Portal, headers: &HeaderMap) -> Option<Arc<Operator>> {
    let operators = portal.services().operators();
    let default = || operators.find(portal.config().default_operator.as_ref()?);
    operators.find_by_host(text(headers, header::HOST)).or_else(default)
}

/// The language chosen on a page, else what the browser prefers among those offered, else the first offered.
pub fn spoken(headers: &HeaderMap, offered: &[Lang]) -> Lang {
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(|code| code.parse().ok());
    chosen
        .filter(|lang| offered.contains(lang))
        .or_else(|| Lang::negotiate(text(headers, header::ACCEPT_LANGUAGE), offered))
        .or_else(|| offered.first().copied())
        .unwrap_or(Lang::Pl)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
