//! What balancers and collectors ask: is it alive, is it ready, how is it doing.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use openbok_services::Readiness;
use serde::Serialize;

use crate::middleware::client;
use crate::middleware::problem::bare;
use crate::portal::Portal;

/// The process lives, whatever else may be wrong.
pub async fn alive() -> &'static str {
    "alive"
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, clippy::struct_field_names, reason = "what a balancer reads, word for word")]
struct Ready {
    is_ready: bool,
    is_leaving: bool,
    is_database_answering: bool,
    is_migrated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mails_waiting: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mails_dead: Option<i64>,
}

/// Whether a balancer should send people here. Mails that cannot leave are no reason to send people away; how many there
/// are is told to callers of this machine.
pub async fn ready(State(portal): State<Portal>, request: Request) -> Response {
    let is_local = is_local(&request);
    let readiness = portal.services().readiness().await.inspect_err(|error| {
        tracing::error!(error = error as &dyn std::error::Error, "not ready");
    });
    let readiness = readiness.ok();
    let is_migrated = readiness.is_some_and(|readiness| readiness.is_migrated);
    let answer = Ready {
        is_ready: is_migrated && !portal.is_leaving(),
        is_leaving: portal.is_leaving(),
        is_database_answering: readiness.is_some(),
        is_migrated,
        mails_waiting: readiness.filter(|_| is_local).map(|readiness| readiness.mails_waiting),
        mails_dead: readiness.filter(|_| is_local).map(|readiness| readiness.mails_dead),
    };
    let status = if answer.is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(answer)).into_response()
}

/// Counters, for callers of this machine.
pub async fn metrics(State(portal): State<Portal>, request: Request) -> Response {
    let has_own_port = portal.config().metrics_listen.is_some();
    if has_own_port || !is_local(&request) { bare(StatusCode::NOT_FOUND) } else { counters(State(portal)).await }
}

/// Whether a program of this machine asks. What a proxy on it passes on comes from elsewhere.
fn is_local(request: &Request) -> bool {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_from_here = connection.is_some_and(|client| client.0.ip().to_canonical().is_loopback());
    is_from_here && !request.headers().contains_key(client::FORWARDED_FOR)
}

/// Counters, whoever asks: for the port of their own.
pub async fn counters(State(portal): State<Portal>) -> Response {
    let Some(handle) = portal.metrics() else { return bare(StatusCode::NOT_FOUND) };
    if let Ok(Readiness { mails_waiting, mails_dead, .. }) = portal.services().readiness().await {
        gauge("mails_waiting", mails_waiting);
        gauge("mails_dead", mails_dead);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

fn gauge(name: &'static str, value: i64) {
    metrics::gauge!(name).set(i32::try_from(value).unwrap_or(i32::MAX));
}
