//! Icons, whose drawings stand in the style sheet.

use leptos::prelude::*;

/// One icon by the name of its drawing. Always decorative: the word beside it says what it means.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! { <span class=format!("icon i-{name}")></span> }
}
