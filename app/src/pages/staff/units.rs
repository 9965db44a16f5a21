//! Generating units: search and list.

use leptos::prelude::*;
use openbok_domain::plan::view::UnitView;
use openbok_locales::{format, staff as words};

use crate::api::staff::staff_units;
use crate::components::drawn::drawn;
use crate::components::page::{Empty, PageHead, pager};
use crate::pages::plans::board::search;
use crate::portal::{asked, lang};
use openbok_domain::address::escaped;

#[component]
pub fn UnitsPage() -> impl IntoView {
    drawn(|| staff_units(asked("word").unwrap_or_default(), asked("after").unwrap_or_default()), content)
}

fn content((units, next): (Vec<UnitView>, Option<String>)) -> AnyView {
    let lang = lang();
    let word = asked("word").unwrap_or_default();
    let whole = format!("/staff/units?word={}", escaped(&word));
    let next = next.map(|next| format!("{whole}&after={}", escaped(&next)));
    let first = asked("after").map(|_| whole);
    let body = if units.is_empty() {
        let text = if word.trim().is_empty() { words::UNITS_NONE } else { words::UNITS_EMPTY };
        view! { <Empty icon="inbox" text/> }.into_any()
    } else {
        table(units)
    };
    view! {
        <PageHead title=words::NAV_UNITS.get(lang)/>
        {search("/staff/units".to_owned(), &word, None)}
        {body}
        {pager([(words::FIRST_PAGE, first), (words::NEXT_PAGE, next)])}
    }
    .into_any()
}

fn table(units: Vec<UnitView>) -> AnyView {
    let lang = lang();
    let rows = units
        .into_iter()
        .map(|unit| {
            let limits =
                format!("{} – {}", format::power(unit.limits.pmin, lang), format::power(unit.limits.pmax, lang));
            view! {
                <tr>
                    <th scope="row" class="card-wide">
                        <a class="row-link" href=format!("/staff/units/{}", escaped(&unit.code))>{unit.code.clone()}</a>
                        <div class="muted small">{unit.name}</div>
                    </th>
                    <td class="card-wide" data-label=words::COMPANY.get(lang)>{unit.company}</td>
                    <td class="card-wide" data-label=words::TECHNOLOGY.get(lang)>{unit.technology}</td>
                    <td class="number card-wide" data-label=words::INSTALLED.get(lang)>{format::power(unit.installed, lang)}</td>
                    <td class="number card-wide nowrap" data-label=words::LIMITS.get(lang)>{limits}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table--dense">
            <thead>
                <tr>
                    <th scope="col">{words::UNIT.get(lang)}</th>
                    <th scope="col">{words::COMPANY.get(lang)}</th>
                    <th scope="col">{words::TECHNOLOGY.get(lang)}</th>
                    <th scope="col" class="number">{words::INSTALLED.get(lang)}</th>
                    <th scope="col" class="number">{words::LIMITS.get(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
