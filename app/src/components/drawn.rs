//! What the server draws and the browser leaves as it is: it costs no download and no waking up.
//!
//! Links in it work like all links; forms in it are sent by the browser itself, as on a page without scripts.

use leptos::prelude::*;
use openbok_domain::Operator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;

use crate::error::PortalError;
use crate::portal::Choice;

/// The HTML of a part of a page for `inner_html`. In the browser it is empty: waking up does not touch what is there
/// already.
pub fn fixed<V: IntoView>(draw: impl FnOnce() -> V) -> String {
    #[cfg(feature = "ssr")]
    let html = draw().into_view().to_html();
    #[cfg(not(feature = "ssr"))]
    let html = {
        drop(draw);
        String::new()
    };
    html
}

/// The same for a part that depends on nothing but the operator, the language and what `key` says.
pub fn fixed_by<V: IntoView>(key: impl FnOnce() -> String, draw: impl FnOnce() -> V) -> String {
    #[cfg(feature = "ssr")]
    let html = crate::ssr::kept::part(key(), || fixed(draw));
    #[cfg(not(feature = "ssr"))]
    let html = {
        drop((key, draw));
        String::new()
    };
    html
}

/// The same for a part whose HTML is written by hand.
pub fn fixed_html(draw: impl FnOnce() -> String) -> String {
    #[cfg(feature = "ssr")]
    let html = draw();
    #[cfg(not(feature = "ssr"))]
    let html = {
        drop(draw);
        String::new()
    };
    html
}

/// A page that only shows: what was read, or why it could not be.
pub fn drawn<T, F>(read: impl FnOnce() -> F, show: fn(T) -> AnyView) -> impl IntoView
where
    T: 'static,
    F: Future<Output = Result<T, PortalError>> + Send + 'static,
{
    #[cfg(feature = "ssr")]
    let html = {
        let answer = read();
        async move {
            match answer.await {
                Ok(content) => show(content),
                Err(error) => super::problem::problem(&error),
            }
            .to_html()
        }
    };
    #[cfg(not(feature = "ssr"))]
    let html = {
        drop((read, show));
        std::future::ready(String::new())
    };
    Suspend::new(async move {
        let html = html.await;
        view! { <div class="drawn" inner_html=html></div> }
    })
}

/// A page, or the one such part of it, that is woken up with what the server drew it from: read there once, and handed over
/// in the document itself. What `fail` shows instead is only drawn.
pub fn handed<T, F>(
    read: impl FnOnce() -> F,
    show: fn(T) -> AnyView,
    fail: fn(&PortalError) -> AnyView,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: Future<Output = Result<T, PortalError>> + Send + 'static,
{
    #[cfg(feature = "ssr")]
    let answer = read();
    #[cfg(not(feature = "ssr"))]
    let answer = {
        drop(read);
        std::future::ready(found::<T>())
    };
    Suspend::new(async move {
        match answer.await {
            Ok(content) => {
                let handed = fixed_html(|| as_script(&content));
                view! {
                    {show(content)}
                    <div hidden inner_html=handed></div>
                }
                .into_any()
            }
            Err(error) => {
                let html = fixed(|| fail(&error));
                view! { <div class="drawn" inner_html=html></div> }.into_any()
            }
        }
    })
}

/// Where the browser finds what was handed over.
const HANDED: &str = "handed";

/// As JSON in an element that shows and runs nothing. A `<` could end that element.
fn as_script<T: Serialize>(content: &T) -> String {
    let json = serde_json::to_string(content).unwrap_or_default().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"{HANDED}\">{json}</script>")
}

/// What was handed over. Without it the server drew a problem, which the browser leaves as it is.
#[cfg(not(feature = "ssr"))]
fn found<T: DeserializeOwned>() -> Result<T, PortalError> {
    let json = document().get_element_by_id(HANDED).and_then(|element| element.text_content());
    let content = json.and_then(|json| serde_json::from_str(&json).ok());
    content.ok_or(PortalError::Internal(String::new()))
}

/// Whose portal it is, with everything that only the server draws.
///
/// # Panics
/// Outside of drawn parts, and on a host without an operator.
pub fn profile() -> Arc<Operator> {
    #[cfg(feature = "ssr")]
    return expect_context::<openbok_services::Visit>().operator;
    #[cfg(not(feature = "ssr"))]
    unreachable!("only the server draws this")
}

/// The portals of this server.
///
/// # Panics
/// Outside of drawn parts.
pub fn choices() -> Vec<Choice> {
    #[cfg(feature = "ssr")]
    return use_context::<crate::ssr::Choices>().unwrap_or_default().0;
    #[cfg(not(feature = "ssr"))]
    unreachable!("only the server draws this")
}
