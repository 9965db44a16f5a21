//! Headers that every answer carries, errors included (R46).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{self, Entry};
use http::{HeaderName, HeaderValue, Uri};

/// What is set unless the handler has said otherwise; the page's own policy with its nonce comes from the renderer.
const DEFAULTS: [(HeaderName, &str); 8] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// Powers of the browser that no page of ours uses; passkeys stay possible for the portal itself.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
    idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=(), \
    publickey-credentials-get=(self), publickey-credentials-create=(self)";

/// Adds the headers to the answer. A foreign page that sent the caller here is forgotten before anything reads it:
/// the renderer would redirect back to it.
pub async fn add(mut request: Request, next: Next) -> Response {
    if !is_from_own_page(&request) {
        request.headers_mut().remove(header::REFERER);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in DEFAULTS {
        if let Entry::Vacant(place) = headers.entry(name) {
            place.insert(HeaderValue::from_static(value));
        }
    }
    if let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok())
        && kind.starts_with("text/")
        && !kind.contains("charset")
        && let Ok(value) = HeaderValue::from_str(&format!("{kind}; charset=utf-8"))
    {
        headers.insert(header::CONTENT_TYPE, value);
    }
    response
}

fn is_from_own_page(request: &Request) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let referer = request.headers().get(header::REFERER).and_then(|referer| referer.to_str().ok());
    let origin = referer.and_then(|referer| referer.parse::<Uri>().ok());
    match (host, origin.as_ref().and_then(Uri::authority)) {
        (Some(host), Some(authority)) => authority.as_str().eq_ignore_ascii_case(host),
        _ => false,
    }
}
