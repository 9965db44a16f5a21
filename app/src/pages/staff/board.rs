//! The first page of the back office: the board of all units; for who is no dispatcher, the way to the rest.

use leptos::prelude::*;
use openbok_domain::plan::view::BoardView;
use openbok_domain::staff::Role;
use openbok_locales::{plans, staff as words};

use crate::address::escaped;
use crate::api::staff::staff_board;
use crate::components::drawn::drawn;
use crate::components::page::PageHead;
use crate::pages::plans::board::table;
use crate::portal::{Who, asked, lang, portal};

#[component]
pub fn StaffBoardPage() -> impl IntoView {
    let is_dispatcher = matches!(
        portal().session.as_ref().map(|session| &session.who),
        Some(Who::Staff { roles, .. }) if roles.has(Role::Dispatcher)
    );
    if !is_dispatcher {
        return view! { <PageHead title=words::TITLE.get(lang())/> }.into_any();
    }
    drawn(|| staff_board(asked("word").unwrap_or_default(), asked("after").unwrap_or_default()), content).into_any()
}

fn content(board: BoardView) -> AnyView {
    let lang = lang();
    let tomorrow = board.days.get(1).map(|day| day.day);
    let day = tomorrow.map(|day| {
        view! { <a class="button button--quiet" href=format!("/staff/day/{day}")>{plans::ALL_UNITS_TODAY.get(lang)}</a> }
    });
    view! {
        <PageHead title=words::NAV_BOARD.get(lang) lead=words::BOARD_LEAD.get(lang)>{day}</PageHead>
        {table(&board, "/staff", |unit, day| format!("/staff/plans/{}/{day}", escaped(unit)))}
    }
    .into_any()
}
