//! One line and two counters per request, and a panic guard that knows the reference to quote.
//!
//! A line names the route's pattern, never the path or query: those carry ids and tokens.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method};
use tokio::time::Instant;

use super::client;
use crate::portal::Portal;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Number under which a request is found in the log; customers quote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference(Arc<str>);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Reference {
    fn new(random: [u8; 6]) -> Self {
        let hex: Vec<String> = random.chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
        Self(hex.join("-").into())
    }
}

/// Names the request, finds out who calls, and writes the line when the answer is ready.
///
/// # Panics
/// Never in practice: a reference is always fit for a header.
pub async fn record(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let reference = Reference::new(portal.entropy().bytes());
    let header = HeaderValue::from_str(&reference.0).expect("hexadecimal digits fit a header");
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let source = client::address(connection, request.headers(), &portal.config().http.trusted_proxies);
    // Pages read it from here to show it; whatever the caller wrote there is gone.
    request.headers_mut().insert(REQUEST_ID, header.clone());
    request.extensions_mut().insert(reference.clone());
    request.extensions_mut().insert(client::Source(source));

    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, header);

    write(&method, route, &response, &reference, started);
    response
}

fn write(method: &Method, route: String, response: &Response, reference: &Reference, started: Instant) {
    let status = response.status().as_u16();
    let took = started.elapsed();
    let operator = response.extensions().get::<super::operator::Served>();
    let operator = operator.map_or("none", |served| served.0.slug.as_str());
    let ms = (took.as_secs_f64() * 1_000_000.0).round() / 1000.0;
    tracing::info!(target: "openbok::request", %method, route, status, ms, %reference, operator, "answered");
    metrics::histogram!("http_request_duration_seconds", "route" => route.clone()).record(took.as_secs_f64());
    metrics::counter!("http_requests_total", "route" => route, "status" => status.to_string()).increment(1);
}
