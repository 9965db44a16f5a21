//! Which portal? Shown on a host that belongs to no operator.

use leptos::prelude::*;
use openbok_locales::chooser;

use crate::components::drawn::{choices, fixed};
use crate::components::icon::Icon;
use crate::components::page::set_title;
use crate::portal::lang;

#[component]
pub fn Chooser() -> impl IntoView {
    let lang = lang();
    set_title(chooser::TITLE.get(lang));
    view! { <div class="body body--chooser" inner_html=fixed(list)></div> }
}

fn list() -> impl IntoView {
    let lang = lang();
    let choices = choices();
    let note = if choices.is_empty() { chooser::EMPTY } else { chooser::INTRO };
    let portals = choices
        .into_iter()
        .map(|choice| view! { <li><a href=choice.url>{choice.name}<Icon name="arrow-right"/></a></li> })
        .collect_view();
    view! {
        <main class="main">
            <h1>{chooser::TITLE.get(lang)}</h1>
            <p class="muted">{note.get(lang)}</p>
            <ul class="chooser">{portals}</ul>
        </main>
    }
}
