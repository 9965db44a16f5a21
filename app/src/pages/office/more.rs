//! "Więcej": what the tab bar of a phone has no room for, "Wyloguj" at its end.

use leptos::prelude::*;
use openbok_locales::{common, services};
use server_fn::ServerFn;

use crate::api::session::SignOut;
use crate::components::drawn::fixed;
use crate::components::form::{Form, Submit};
use crate::components::icon::Icon;
use crate::components::page::PageHead;
use crate::portal::{Who, lang, portal};

#[component]
pub fn MorePage() -> impl IntoView {
    view! { <div class="drawn" inner_html=fixed(content)></div> }
}

fn content() -> impl IntoView {
    let lang = lang();
    let has_office =
        matches!(portal().session.as_ref().map(|session| &session.who), Some(Who::Customer { has_office: true, .. }));
    let payers = has_office.then_some(("/payers", "wallet", common::NAV_PAYERS));
    let account = [("/settings", "user", common::EDIT_ACCOUNT), ("/services", "menu", services::TITLE)];
    let entries = payers
        .into_iter()
        .chain(account)
        .map(|(path, icon, name)| view! { <li><a href=path><Icon name=icon/>{name.get(lang)}</a></li> })
        .collect_view();
    view! {
        <PageHead title=common::NAV_MORE.get(lang)/>
        <ul class="more-list">
            {entries}
            <li>
                <Form function=SignOut::PATH class="more-list__form">
                    <Submit label=common::SIGN_OUT icon="log-out" class="more-list__button"/>
                </Form>
            </li>
        </ul>
    }
}
