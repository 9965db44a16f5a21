//! "Więcej": what the tab bar of a phone has no room for, "Wyloguj" at its end.

use leptos::prelude::*;
use openbok_locales::common;
use server_fn::ServerFn;

use crate::api::session::SignOut;
use crate::components::drawn::fixed;
use crate::components::form::{Form, Submit};
use crate::components::navigation::{rest, rows};
use crate::components::page::PageHead;
use crate::portal::{has_planning, lang, who};

#[component]
pub fn MorePage() -> impl IntoView {
    view! { <div class="drawn" inner_html=fixed(content)></div> }
}

fn content() -> impl IntoView {
    view! {
        <PageHead title=common::NAV_MORE.get(lang())/>
        <ul class="more-list">
            {who().map(|who| rows(rest(&who, has_planning())))}
            <li>
                <Form function=SignOut::PATH class="more-list__form">
                    <Submit label=common::SIGN_OUT icon="log-out" class="more-list__button"/>
                </Form>
            </li>
        </ul>
    }
}
