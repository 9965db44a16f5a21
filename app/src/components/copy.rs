//! A button that copies a value, for who has scripts; the value itself can be marked by hand.

use leptos::prelude::*;
use openbok_locales::{Text, common};
use std::time::Duration;

use super::icon::Icon;
use crate::browser;
use crate::portal::lang;

/// Copies `text`; says so for a moment.
#[component]
pub fn Copy(text: String, label: Text) -> impl IntoView {
    let lang = lang();
    let is_copied = RwSignal::new(false);
    let copy = move |_| {
        browser::copy(&text);
        is_copied.set(true);
        set_timeout(move || is_copied.set(false), Duration::from_secs(3));
    };
    view! {
        <button type="button" class="button button--quiet button--small needs-script no-print" on:click=copy>
            {move || if is_copied.get() {
                view! { <Icon name="check"/>{common::COPIED.get(lang)} }
            } else {
                view! { <Icon name="copy"/>{label.get(lang)} }
            }}
        </button>
    }
}
