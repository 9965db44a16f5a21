//! Parts of a page that the server draws and the browser leaves as they are: they cost no download and no waking up.
//!
//! Links in them work like all links; forms in them are sent by the browser itself, as on a page without scripts.

use leptos::prelude::*;
use openbok_domain::Operator;
use std::sync::Arc;

use crate::portal::Choice;

/// The HTML of such a part for `inner_html`. In the browser it is empty: waking up does not touch what is there already.
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

/// Whose portal it is, with everything that only the server draws.
///
/// # Panics
/// Outside of fixed parts, and on a host without an operator.
pub fn profile() -> Arc<Operator> {
    #[cfg(feature = "ssr")]
    return expect_context::<openbok_services::Visit>().operator;
    #[cfg(not(feature = "ssr"))]
    unreachable!("only the server draws fixed parts")
}

/// The portals of this server.
///
/// # Panics
/// Outside of fixed parts.
pub fn choices() -> Vec<Choice> {
    #[cfg(feature = "ssr")]
    return use_context::<crate::ssr::Choices>().unwrap_or_default().0;
    #[cfg(not(feature = "ssr"))]
    unreachable!("only the server draws fixed parts")
}
