//! A page that stands alone: readable when nothing else works, so its few rules of style are inside.

use axum::response::{IntoResponse as _, Response};
use http::header;
use openbok_app::components::written::Html;
use openbok_domain::Lang;

const STYLE: &str = "html{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}\
    body{margin:0;padding:3rem 1.5rem}main{max-width:42rem;margin:auto}\
    h1{font-size:1.75rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.125rem;margin:0}\
    a{color:LinkText;text-underline-offset:.2em}\
    article{border-top:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:1rem 0}\
    summary{cursor:pointer;padding:.25rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}\
    small{color:color-mix(in srgb,currentColor 70%,transparent)}";

/// Allows nothing but the style above, by its hash.
const POLICY: &str = "default-src 'none'; style-src 'sha256-cBg3Pgwp6ILmmE+pMckRJ9L+QQ5fi2Ojd9UjkL72Gwo='; \
    form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// A page with a heading; `body` is HTML.
pub fn page(lang: Lang, title: &str, body: &str) -> Response {
    let (code, title) = (lang.code(), escaped(title));
    let html = format!(
        "<!DOCTYPE html><html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    );
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, html).into_response()
}

/// Text as it may stand in HTML, in quotes too.
pub fn escaped(text: &str) -> String {
    let mut html = Html::default();
    html.text(text);
    html.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use sha2::{Digest as _, Sha256};

    #[test]
    fn r45_the_policy_names_the_style_by_its_hash() {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "the hash is {hash}");
    }

    #[test]
    fn lets_no_text_become_markup() {
        assert_eq!(escaped("<a href='x'>\"&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
    }
}
