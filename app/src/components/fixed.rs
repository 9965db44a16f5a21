//! Parts of a page that the server draws and the browser leaves as they are: they cost no download and no waking up.
//!
//! Links in them work like all links; forms in them are sent by the browser itself, as on a page without scripts.

use leptos::prelude::*;

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
