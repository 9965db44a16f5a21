//! Icons of the sprite that the page carries at its end.

use leptos::prelude::*;

/// One icon by its name in the sprite. Always decorative: the word beside it says what it means.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("#i-{name}")></use>
        </svg>
    }
}
