//! The board of all units, with which dispatchers start.

use leptos::prelude::*;
use openbok_domain::plan::view::BoardView;
use openbok_locales::{plans, staff as words};

use crate::api::staff::staff_board;
use crate::components::drawn::drawn;
use crate::components::page::PageHead;
use crate::pages::plans::board::table;
use crate::portal::{asked, lang};
use openbok_domain::address::staff_plan_page;

#[component]
pub fn StaffBoardPage() -> impl IntoView {
    drawn(|| staff_board(asked("word").unwrap_or_default(), asked("after").unwrap_or_default()), content)
}

fn content(board: BoardView) -> AnyView {
    let lang = lang();
    let tomorrow = board.days.get(1).map(|day| day.day);
    let day = tomorrow.map(|day| {
        view! { <a class="button button--quiet" href=format!("/staff/day/{day}")>{plans::ALL_UNITS_TODAY.get(lang)}</a> }
    });
    view! {
        <PageHead title=words::NAV_BOARD.get(lang) lead=words::BOARD_LEAD.get(lang)>{day}</PageHead>
        {table(&board, "/staff", staff_plan_page)}
    }
    .into_any()
}
