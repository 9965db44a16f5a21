//! The board: which unit and day is missing, draft, approved. The producer's page of that name, and the table that the back
//! office shows too.

use leptos::prelude::*;
use openbok_domain::plan::PlanStatus;
use openbok_domain::plan::view::{BoardDay, BoardRow, BoardView, Layout};
use openbok_domain::{Date, Lang};
use openbok_locales::{format, labels, plan_files, plans as words, staff};

use crate::api::plans::read_board;
use crate::components::drawn::drawn;
use crate::components::icon::Icon;
use crate::components::page::{Empty, PageHead, pager};
use crate::components::status::{PlanBadge, plan_mark};
use crate::components::written::Html;
use crate::portal::{asked, lang};
use openbok_domain::address::{escaped, plan_page};

#[component]
pub fn BoardPage() -> impl IntoView {
    drawn(|| read_board(asked("word").unwrap_or_default(), asked("after").unwrap_or_default()), content)
}

fn content(board: BoardView) -> AnyView {
    let lang = lang();
    let day = board.days.get(1).map(|day| day.day);
    let all = day.map(|day| {
        view! { <a class="button button--quiet" href=plan_page(Layout::Units, "", day)>{words::ALL_UNITS_TODAY.get(lang)}</a> }
    });
    let files = view! { <a class="button button--quiet" href="/plans/files"><Icon name="upload"/>{plan_files::TITLE.get(lang)}</a> };
    let is_empty = board.rows.is_empty() && board.word.is_empty();
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::LEAD.get(lang)><div class="actions">{files}{all}</div></PageHead>
        {if is_empty {
            view! { <Empty icon="zap" text=words::EMPTY/> }.into_any()
        } else {
            table(&board, "/plans", |unit, day| plan_page(Layout::Day, unit, day))
        }}
    }
    .into_any()
}

/// The board as a table, with a search above it and the way to the next page below.
pub fn table(board: &BoardView, page: &'static str, address: fn(&str, Date) -> String) -> AnyView {
    let lang = lang();
    let heads = board.days.iter().map(|day| head(day, lang)).collect_view();
    let whole = format!("{page}?word={}", escaped(&board.word));
    let next = board.next.as_ref().map(|next| format!("{whole}&after={}", escaped(next)));
    let first = asked("after").map(|_| whole);
    let days: Vec<(Date, String)> = board.days.iter().map(|day| (day.day, day_name(day.day, lang))).collect();
    view! {
        {search(page.to_owned(), &board.word, None)}
        {legend()}
        <div class="board">
            <table class="board__table">
                <thead><tr><th scope="col">{words::UNIT.get(lang)}</th>{heads}</tr></thead>
                <tbody inner_html=rows(&board.rows, &days, address, lang)></tbody>
            </table>
        </div>
        {pager([(staff::FIRST_PAGE, first), (staff::NEXT_PAGE, next)])}
    }
    .into_any()
}

/// What the icons in the cells mean.
fn legend() -> impl IntoView {
    let badges = PlanStatus::ALL.iter().map(|&status| view! { <li><PlanBadge status/></li> }).collect_view();
    view! {
        <ul class="plain counts">
            {badges}
            <li class="status"><span aria-hidden="true">"•"</span>{words::CHANGED.get(lang())}</li>
        </ul>
    }
}

/// A search for units by code or name, within what else the page was asked for.
pub fn search(page: String, word: &str, within: Option<(&'static str, &'static str)>) -> impl IntoView + use<> {
    let lang = lang();
    let word = word.to_owned();
    let within = within.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form class="search" method="get" action=page role="search">
            {within}
            <label for="word">{staff::FIELD_WORD.get(lang)}</label>
            <input class="input" id="word" name="word" type="search" value=word autocomplete="off"/>
            <button type="submit" class="button button--quiet"><Icon name="search"/>{staff::SEARCH.get(lang)}</button>
        </form>
    }
}

fn head(day: &BoardDay, lang: Lang) -> impl IntoView + use<> {
    let counts = day
        .counts
        .iter()
        .map(|(status, count)| {
            let (tone, icon) = plan_mark(*status);
            let name = labels::plan_status(*status).get(lang);
            view! {
                <span class=format!("board__count board__count--{tone}") title=name>
                    <Icon name=icon/><span class="unseen">{name}": "</span>{*count}
                </span>
            }
        })
        .collect_view();
    let gate =
        if day.is_closed { words::GATE_CLOSED_MARK.get(lang).to_owned() } else { words::gate(lang, &day.gate_label) };
    view! {
        <th scope="col">
            <span class="small">{format::weekday_short(day.day, lang)}</span>
            <strong>{format::day_and_month(day.day, lang)}</strong>
            <span class="small muted">{gate}</span>
            <span class="board__counts">{counts}</span>
        </th>
    }
}

/// A day of the board in one line, as cells say it where they stand under no head: `śr. 25.11`.
fn day_name(day: Date, lang: Lang) -> String {
    format!("{} {}", format::weekday_short(day, lang), format::day_and_month(day, lang))
}

/// The rows of units. A cell is called by its title; its day and status are there for cards, which write them out.
fn rows(rows: &[BoardRow], days: &[(Date, String)], address: fn(&str, Date) -> String, lang: Lang) -> String {
    let mut html = Html::default();
    for row in rows {
        html.markup("<tr><th scope=\"row\"><strong>").text(&row.code).markup("</strong> <span class=\"muted\">");
        html.text(&row.name).markup("</span>");
        if row.is_incomplete {
            html.markup("<span class=\"board__alarm small\">").icon("triangle-alert").text(words::INCOMPLETE.get(lang));
            html.markup("</span>");
        }
        html.markup("</th>");
        for (cell, (day, day_name)) in row.cells.iter().zip(days) {
            let (tone, icon) = plan_mark(cell.status);
            let mut status = labels::plan_status(cell.status).get(lang).to_owned();
            if cell.is_changed && cell.status != PlanStatus::Draft {
                status = format!("{status}, {}", words::CHANGED.get(lang));
            }
            let name = words::cell(lang, day_name, &status, &row.code);
            html.markup("<td><a class=\"board__cell--").markup(tone).markup("\" href=\"");
            html.text(&address(&row.code, *day)).markup("\" title=\"").text(&name).markup("\" data-day=\"");
            html.text(day_name).markup("\" data-status=\"").text(&status).markup("\">").icon(icon);
            if cell.is_changed && cell.status != PlanStatus::Draft {
                html.markup("<span class=\"board__changed\" aria-hidden=\"true\">•</span>");
            }
            html.markup("</a></td>");
        }
        html.markup("</tr>");
    }
    html.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::plan::view::BoardCell;

    #[test]
    fn a_cell_is_called_once_and_says_its_day_and_status_on_a_card() {
        let day: Date = "2026-11-25".parse().expect("a day");
        let days = [(day, day_name(day, Lang::Pl))];
        let cells = vec![BoardCell { status: PlanStatus::Missing, is_changed: false }];
        let row = BoardRow { code: "FW-1".into(), name: "Farma".into(), cells, is_incomplete: false };
        let html = rows(&[row], &days, |unit, day| format!("/plans/{unit}/{day}"), Lang::Pl);
        let cell = "<a class=\"board__cell--caution\" href=\"/plans/FW-1/2026-11-25\" title=\"FW-1, śr. 25.11: Brak planu\" \
                    data-day=\"śr. 25.11\" data-status=\"Brak planu\">";
        assert!(html.contains(cell) && !html.contains("aria-label"), "{html}");
    }
}
