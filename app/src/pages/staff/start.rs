//! The first page of the back office: the board of all units for whoever decides about plans, else the way to the rest.

use leptos::prelude::*;
use openbok_locales::staff as words;

use super::board::StaffBoardPage;
use crate::components::drawn::fixed;
use crate::components::navigation::{beyond_start, rows, takes_plans};
use crate::components::page::{Empty, PageHead};
use crate::portal::{lang, who};

#[component]
pub fn StaffStartPage() -> impl IntoView {
    if who().is_some_and(|who| takes_plans(&who)) {
        return StaffBoardPage().into_any();
    }
    view! { <div class="drawn" inner_html=fixed(content)></div> }.into_any()
}

fn content() -> AnyView {
    let title = words::TITLE.get(lang());
    let entries = who().map(|who| beyond_start(&who)).unwrap_or_default();
    if entries.is_empty() {
        return view! { <PageHead title/> <Empty icon="inbox" text=words::START_EMPTY/> }.into_any();
    }
    view! {
        <PageHead title lead=words::START_LEAD.get(lang())/>
        <ul class="more-list">{rows(entries)}</ul>
    }
    .into_any()
}
