//! The pages and server functions of the app, and the files of the built front end.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{MethodFilter, get, on};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode, request::Parts};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use openbok_app::policy::{self, UPLOADS};
use openbok_app::portal::Choice;
use openbok_app::ssr::{self, Choices, Context, RequestReference};
use openbok_services::{Caller, StaffCaller, Visit};
use tower::ServiceExt as _;
use tower::util::MapResponseLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;

use crate::middleware::operator::spoken;
use crate::middleware::record::Reference;
use crate::middleware::session;
use crate::portal::Portal;
use crate::routes;

/// File names of the build carry hashes of their content, so that a copy is good for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const BY_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// Mounts them.
///
/// # Panics
/// Never in practice: server functions use plain methods.
pub fn mount(portal: &Portal) -> Router<Portal> {
    ssr::start();
    let limits = &portal.config().limits;
    let limit = |path: &str| {
        RequestBodyLimitLayer::new(if UPLOADS.contains(&path) { limits.upload_bytes } else { limits.body_bytes })
    };
    let mut router = Router::new();
    for path in ssr::page_paths() {
        router = router.route(&path, get(get_page).post(post_page).layer(limit(&path)));
    }
    for (path, method) in server_fn::axum::server_fn_paths() {
        let filter = MethodFilter::try_from(method).expect("server functions use plain methods");
        router = router.route(path, on(filter, call_function).layer(limit(path)));
    }
    router.nest_service("/pkg", package(portal)).fallback(file_or_nothing)
}

async fn get_page(State(portal): State<Portal>, request: Request) -> Response {
    ssr::render_page(portal.leptos().clone(), context(&portal), StatusCode::OK, request).await
}

/// A form sent without scripts.
async fn post_page(State(portal): State<Portal>, request: Request) -> Response {
    let extensions = request.extensions();
    let principal = ssr::principal(extensions.get::<Caller>(), extensions.get::<StaffCaller>());
    ssr::post_page(portal.leptos().clone(), context(&portal), &principal, request).await
}

async fn call_function(State(portal): State<Portal>, request: Request) -> Response {
    ssr::call_function(context(&portal), request).await
}

/// Scripts, styles and WASM, compressed when they were built.
fn package(portal: &Portal) -> Router {
    let folder = portal.config().http.site.join("pkg");
    let lifetime = if portal.leptos().hash_files { FOR_EVER } else { ASK_AGAIN };
    let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
    let keep = MapResponseLayer::new(move |file: Response| kept(file, lifetime.clone()));
    Router::new().fallback_service(files).layer(keep)
}

/// A file with word of how long a copy is good, and that there may be several of it. That nothing has changed is said with
/// the same word, because it takes the place of the former one.
fn kept(mut file: Response, lifetime: HeaderValue) -> Response {
    if is_of_file(file.status()) {
        file.headers_mut().insert(header::CACHE_CONTROL, lifetime);
        file.headers_mut().insert(header::VARY, BY_ENCODING);
    }
    file
}

/// Whether an answer is a file, or says that the caller's copy of it is still good.
fn is_of_file(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::NOT_MODIFIED
}

/// The site's other files, such as the icon; else the page that says that there is nothing.
async fn file_or_nothing(State(portal): State<Portal>, request: Request) -> Response {
    let (mut head, body) = request.into_parts();
    if let Some(page) = without_slash(&head) {
        return Redirect::permanent(&page).into_response();
    }
    if head.method == Method::GET && !head.uri.path().ends_with('/') {
        let mut ask = Request::new(Body::empty());
        *ask.uri_mut() = head.uri.clone();
        if let Some(since) = head.headers.get(header::IF_MODIFIED_SINCE) {
            ask.headers_mut().insert(header::IF_MODIFIED_SINCE, since.clone());
        }
        let site = ServeDir::new(&portal.config().http.site).append_index_html_on_directories(false);
        if let Ok(file) = site.oneshot(ask).await
            && is_of_file(file.status())
        {
            return kept(file.map(Body::new), ASK_AGAIN);
        }
    }
    let visit = head.extensions.get::<Visit>();
    // A host that belongs to nobody has no forms, only the portals to choose from.
    if !is_page_wanted(&head.headers) || (visit.is_none() && !head.method.is_safe()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(visit) = visit {
        // The frame around the news is the visitor's own, and its forms work. The guard asked nobody: it lets files pass.
        let (caller, staff) = match session::find_who(&portal, visit, &head.headers, head.uri.path()).await {
            Ok(who) => who,
            Err(refusal) => return *refusal,
        };
        drop(caller.map(|caller| head.extensions.insert(caller)));
        drop(staff.map(|staff| head.extensions.insert(staff)));
    }
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = head.method == Method::POST && kind.starts_with("application/x-www-form-urlencoded");
    let request = Request::from_parts(head, body);
    if is_form {
        return post_page(State(portal), request).await;
    }
    ssr::render_page(portal.leptos().clone(), context(&portal), StatusCode::NOT_FOUND, request).await
}

/// The address of the page that somebody means who writes a slash behind it.
fn without_slash(head: &Parts) -> Option<String> {
    let is_read = matches!(head.method, Method::GET | Method::HEAD);
    let path = head.uri.path().strip_suffix('/').filter(|path| is_read && policy::find_page(path).is_some())?;
    let query = head.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{path}{query}"))
}

fn is_page_wanted(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// What pages and functions find in their context: the services, the visit, the caller; and the policy that lets the
/// browser run only what carries this answer's nonce.
fn context(portal: &Portal) -> Context {
    let portal = portal.clone();
    Arc::new(move || {
        provide_context(portal.services().clone());
        if let Some(parts) = use_context::<Parts>() {
            provide_context(parts.extensions.get::<Caller>().cloned());
            provide_context(parts.extensions.get::<StaffCaller>().cloned());
            if let Some(reference) = parts.extensions.get::<Reference>() {
                provide_context(RequestReference(reference.to_string()));
            }
            if let Some(visit) = parts.extensions.get::<Visit>() {
                provide_context(visit.clone());
            } else {
                provide_context(choices(&portal));
                provide_context(spoken(&parts.headers, openbok_domain::Lang::ALL));
            }
        }
        if let Some(options) = use_context::<ResponseOptions>() {
            options.insert_header(header::CONTENT_SECURITY_POLICY, security_policy());
            options.insert_header(HeaderName::from_static("reporting-endpoints"), reports_to());
        }
    })
}

/// The portals of this server, for a host that belongs to none of them.
fn choices(portal: &Portal) -> Choices {
    let public = &portal.services().settings().public;
    let choice = |operator: &Arc<openbok_domain::Operator>| Choice {
        name: operator.name.clone(),
        url: public.link(operator, "/"),
    };
    Choices(portal.services().operators().iter().map(choice).collect())
}

/// Where the browser sends what the policy of a page has stopped.
fn reports_to() -> HeaderValue {
    HeaderValue::from_str(&format!("csp=\"{}\"", routes::REPORTS)).expect("an address is plain ASCII")
}

fn security_policy() -> HeaderValue {
    let nonce = use_nonce().map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'{nonce}; \
         img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'; report-to csp"
    );
    HeaderValue::from_str(&policy).expect("a nonce is plain ASCII")
}
