//! Making pages and answering functions. Not generic on purpose: the code of all pages is compiled here once, and the
//! server, which calls it, builds in seconds.

use std::sync::Arc;

use any_spawner::Executor;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{Request, StatusCode};
use leptos::config::LeptosOptions;
use leptos::prelude::*;

use super::{set_status, shell};
use crate::policy::PAGES;

/// Fills the context of one request.
pub type Context = Arc<dyn Fn() + Send + Sync>;

/// Tells Leptos who runs its tasks. To be called before the first page is made; again is as good as once.
pub fn start() {
    // The only failure is that somebody has called it before.
    let _ = Executor::init_tokio();
}

/// The paths of all pages, in the form that axum's router reads.
pub fn page_paths() -> impl Iterator<Item = String> {
    let segment = |segment: &str| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    };
    PAGES.iter().map(move |page| page.path.split('/').map(segment).collect::<Vec<_>>().join("/"))
}

/// The page at the request's path, whole, with the given status unless the page has one of its own.
pub async fn render_page(
    options: LeptosOptions,
    context: Context,
    status: StatusCode,
    request: Request<Body>,
) -> Response {
    let app = move || {
        if status != StatusCode::OK {
            set_status(status);
        }
        shell(options.clone()).into_any()
    };
    leptos_axum::render_app_async_with_context(move || context(), app)(request).await
}

/// The answer of the server function at the request's path.
pub async fn call_function(context: Context, request: Request<Body>) -> Response {
    leptos_axum::handle_server_fns_with_context(move || context(), request).await.into_response()
}
