//! Every address of the portal, and the layers around them.

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use http::StatusCode;
use openbok_domain::address;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http_csrf::csrf::{CsrfLayer, ProtectionError};

use crate::middleware::{forgery, headers, operator, problem, record, session};
use crate::portal::Portal;
use crate::{dev, files, health, pages, reports, routes};

/// The whole portal.
pub fn router(portal: &Portal) -> Router {
    let mut router = pages::mount(portal)
        .route(routes::HEALTHZ, get(health::alive))
        .route(routes::READYZ, get(health::ready))
        .route(routes::METRICS, get(health::metrics))
        .route(routes::INVOICE_PDF, get(files::invoice_pdf))
        .route(address::PLAN_FILE, get(files::plan_file))
        .route(address::PLAN_ANSWER, get(files::plan_answer))
        .route(address::STAFF_PLAN_FILE, get(files::staff_plan_file))
        .route(address::STAFF_PLAN_ANSWER, get(files::staff_plan_answer))
        .route(address::STAFF_PLAN_OVERVIEW, get(files::staff_overview))
        .route(routes::CHALLENGE, get(files::challenge))
        .route(routes::LOGO, get(files::logo))
        .route(routes::MANIFEST, get(files::manifest))
        .route(routes::REPORTS, post(reports::receive).layer(RequestBodyLimitLayer::new(reports::MOST_BYTES)));
    if portal.is_demo() {
        router = router
            .route(routes::MAILBOX, get(dev::mailbox))
            .route(routes::MAIL, get(dev::mail))
            .route(routes::MAILBOX_JSON, get(dev::mailbox_json))
            .route(routes::CLOCK, post(dev::move_clock));
    }
    layered(router, portal)
}

/// The counters on a port of their own.
pub fn metrics_router(portal: &Portal) -> Router {
    Router::new().route(routes::METRICS, get(health::counters)).with_state(portal.clone())
}

/// Adds the layers.
pub fn layered(router: Router<Portal>, portal: &Portal) -> Router {
    let limits = &portal.config().limits;
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limits.request);
    let mut router = router.layer(timeout);
    if portal.config().http.is_compressing {
        // Files of the site are compressed already; below a packet's length there is nothing to gain.
        let worth =
            SizeAbove::new(1024).and(NotForContentType::IMAGES).and(NotForContentType::const_new("application/pdf"));
        router = router.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth));
    }
    // As one layer: each that is added by itself costs a copy of all within it at every request.
    let around = ServiceBuilder::new()
        .layer(from_fn(headers::add))
        .layer(from_fn_with_state(portal.clone(), record::record))
        .layer(from_fn(problem::explain))
        .layer(CatchPanicLayer::custom(|_| problem::bare(StatusCode::INTERNAL_SERVER_ERROR)))
        .layer(RequestBodyLimitLayer::new(limits.upload_bytes.max(limits.body_bytes)))
        .map_request(|request: http::Request<_>| request.map(Body::new))
        .layer(DefaultBodyLimit::disable())
        .layer(CsrfLayer::new().with_rejection_response(|_: ProtectionError| forgery::refusal()))
        .layer(from_fn(forgery::guard))
        .layer(from_fn_with_state(portal.clone(), operator::find))
        .layer(from_fn_with_state(portal.clone(), session::guard));
    router.layer(around).with_state(portal.clone())
}
