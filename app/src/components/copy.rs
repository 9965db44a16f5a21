//! Buttons of drawn pages, for who has scripts; `browser::wake` gives them their work.

use leptos::prelude::*;
use openbok_locales::{Text, common};

use super::icon::Icon;
use crate::portal::lang;

/// Copies `text`, which can also be marked by hand; says so for a moment.
#[component]
pub fn Copy(text: String, label: Text) -> impl IntoView {
    let lang = lang();
    view! {
        <button type="button" class="button button--quiet button--small copy needs-script no-print" data-copy=text>
            <span class="copy__ask"><Icon name="copy"/>{label.get(lang)}</span>
            <span class="copy__done" role="status"><Icon name="check"/>{common::COPIED.get(lang)}</span>
        </button>
    }
}

/// Prints the page.
#[component]
pub fn Print(label: Text) -> impl IntoView {
    view! {
        <button type="button" class="button button--quiet needs-script" data-print>
            <Icon name="printer"/>{label.get(lang())}
        </button>
    }
}
