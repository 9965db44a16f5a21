//! All units of a day, with the sums of the plans that count.

use leptos::prelude::*;
use openbok_domain::Date;
use openbok_domain::plan::view::{DaySearch, DayView};
use openbok_domain::plan::{Energy, PlanStatus};
use openbok_locales::{format, labels, plans, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffAcceptDay, staff_day};
use crate::components::drawn::drawn;
use crate::components::form::{Ask, Form, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Empty, Notice, PageHead, pager};
use crate::components::status::{PlanBadge, plan_mark};
use crate::pages::plans::board::search;
use crate::pages::plans::files::{refused, staff_menu};
use crate::portal::{asked, lang, segment};
use openbok_domain::address::{escaped, staff_plan_page};

#[component]
pub fn StaffDayPage() -> impl IntoView {
    let value = |name| asked(name).unwrap_or_default();
    drawn(move || staff_day(segment(3), value("status"), value("word"), value("after")), content)
}

fn content(view: DayView) -> AnyView {
    let lang = lang();
    let title = words::day_title(lang, &format::date_long(view.day, lang));
    let gate =
        if view.is_closed { plans::GATE_CLOSED_MARK.get(lang).to_owned() } else { plans::gate(lang, &view.gate_label) };
    let accept = (view.to_accept > 0).then(|| {
        view! {
            <Form function=StaffAcceptDay::PATH>
                <input type="hidden" name="day" value=view.day.to_string()/>
                <input type="hidden" name="read_at" value=view.read_at.micros().to_string()/>
                <Ask label=words::DAY_ACCEPT_ALL icon="circle-check">
                    <p>{words::day_accept_intro(lang, view.to_accept)}</p>
                    <Submit label=words::DAY_ACCEPT_CONFIRM/>
                </Ask>
            </Form>
        }
    });
    let accepted = asked("accepted").and_then(|count| count.parse::<i64>().ok()).map(|count| {
        view! { <Notice tone="positive">{words::day_accepted(lang, count)}</Notice> }
    });
    let step = |days: i32| address(view.day.plus_days(days), &view.search.word, view.search.status);
    let whole = step(0);
    let next = view.next.as_ref().map(|next| format!("{whole}&after={}", escaped(next)));
    let first = asked("after").map(|_| whole);
    let status = view.search.status.map(|status| ("status", status.as_str()));
    view! {
        <Crumbs above=("/staff", words::NAV_BOARD) here=format::date_short(view.day, lang)/>
        <PageHead title lead=gate>{staff_menu(view.day)}</PageHead>
        {accepted}
        {refused(None, lang)}
        <nav class="actions" aria-label=words::NAV_BOARD.get(lang)>
            <a class="button button--quiet" href=step(-1)><Icon name="chevron-left"/>{format::day_and_month(view.day.plus_days(-1), lang)}</a>
            <a class="button button--quiet" href=step(1)>{format::day_and_month(view.day.plus_days(1), lang)}<Icon name="chevron-right"/></a>
        </nav>
        {accept}
        {total(&view)}
        {search(format!("/staff/day/{}", view.day), &view.search.word, status)}
        {filters(&view)}
        {sought(&view)}
        {units(&view)}
        {pager([(words::FIRST_PAGE, first), (words::NEXT_PAGE, next)])}
        {sums(&view)}
    }
    .into_any()
}

/// A day's address with those units that a word finds and whose plans stand there.
fn address(day: Date, word: &str, status: Option<PlanStatus>) -> String {
    format!("/staff/day/{day}?status={}&word={}", status.map_or("", PlanStatus::as_str), escaped(word))
}

/// What was looked for and how much was found, also on paper.
fn sought(view: &DayView) -> Option<impl IntoView + use<>> {
    let lang = lang();
    let DaySearch { status, word } = &view.search;
    let found = view.counts.iter().filter(|(of, _)| status.is_none_or(|status| status == *of));
    let found = words::units_count(lang, found.map(|(_, count)| count).sum());
    let status = status.map(|status| labels::plan_status(status).get(lang).to_owned());
    let word = Some(word.clone()).filter(|word| !word.is_empty());
    let parts: Vec<String> = status.into_iter().chain(word).collect();
    (!parts.is_empty()).then(|| view! { <p class="muted">{parts.join(" · ")}" · "{found}</p> })
}

fn filters(view: &DayView) -> impl IntoView + use<> {
    let lang = lang();
    let chip = |status: Option<PlanStatus>, mark: AnyView, count: i64| {
        let current = (status == view.search.status).then_some("true");
        view! {
            <li>
                <a href=address(view.day, &view.search.word, status) aria-current=current>
                    {mark}" "<span class="chips__count">{count}</span>
                </a>
            </li>
        }
    };
    let every = view.counts.iter().map(|(_, count)| count).sum();
    let all = chip(None, words::DAY_ALL.get(lang).into_any(), every);
    let chips = view
        .counts
        .iter()
        .map(|(status, count)| {
            let (_, icon) = plan_mark(*status);
            let mark = view! { <Icon name=icon/>{labels::plan_status(*status).get(lang)} };
            chip(Some(*status), mark.into_any(), *count)
        })
        .collect_view();
    view! { <nav aria-label=words::STATUS.get(lang)><ul class="chips">{all}{chips}</ul></nav> }
}

fn total(view: &DayView) -> impl IntoView + use<> {
    let lang = lang();
    let (pplan, pauto) = view.total();
    let rows = [("PPLAN", pplan), ("PAUTO", pauto)]
        .map(|(series, energy)| {
            view! {
                <div>
                    <dt>{words::day_total(lang, series)}</dt>
                    <dd>{format::energy(energy, lang)}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="facts facts--wide">{rows}</dl> }
}

fn units(view: &DayView) -> AnyView {
    let lang = lang();
    if view.rows.is_empty() {
        let is_sought = view.search != DaySearch::default();
        let text = if is_sought { words::UNITS_EMPTY } else { words::UNITS_NONE };
        let all = is_sought.then(|| {
            let href = format!("/staff/day/{}", view.day);
            view! { <a class="button button--quiet" href=href>{words::DAY_SHOW_ALL.get(lang)}</a> }
        });
        return view! { <Empty icon="inbox" text>{all}</Empty> }.into_any();
    }
    let day = view.day;
    let rows = view
        .rows
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row" class="card-wide">
                        <a class="row-link" href=staff_plan_page(&row.code, day)>{row.code.clone()}</a>
                        <div class="muted small">{row.name.clone()}</div>
                    </th>
                    <td class="card-wide" data-label=words::COMPANY.get(lang)>{row.company.clone()}</td>
                    <td class="card-second"><PlanBadge status=row.status/></td>
                    <td class="card-wide" data-label=plans::VERSION_COLUMN.get(lang)>{row.version}</td>
                    <td class="number card-wide" data-label=format::energies_of("PPLAN", lang)>{format::megawatt_hours(row.pplan, lang)}</td>
                    <td class="number card-wide" data-label=format::energies_of("PAUTO", lang)>{format::megawatt_hours(row.pauto, lang)}</td>
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
                    <th scope="col">{words::STATUS.get(lang)}</th>
                    <th scope="col">{plans::VERSION_COLUMN.get(lang)}</th>
                    <th scope="col" class="number">{format::energies_of("PPLAN", lang)}</th>
                    <th scope="col" class="number">{format::energies_of("PAUTO", lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn sums(view: &DayView) -> impl IntoView + use<> {
    let lang = lang();
    let row = |(hour, pplan, pauto): &(String, Energy, Energy)| {
        view! {
            <tr>
                <th scope="row">{hour.clone()}</th>
                <td class="number">{format::megawatt_hours(*pplan, lang)}</td>
                <td class="number">{format::megawatt_hours(*pauto, lang)}</td>
            </tr>
        }
    };
    // The two halves of the day stand beside each other where there is room.
    let halves = view
        .sums
        .chunks(view.sums.len().div_ceil(2).max(1))
        .map(|half| {
            view! {
                <table class="table table--dense table--narrow">
                    <thead>
                        <tr>
                            <th scope="col">{words::HOUR.get(lang)}</th>
                            <th scope="col" class="number">"PPLAN"</th>
                            <th scope="col" class="number">"PAUTO"</th>
                        </tr>
                    </thead>
                    <tbody>{half.iter().map(row).collect_view()}</tbody>
                </table>
            }
        })
        .collect_view();
    view! {
        <section class="sums" aria-labelledby="sums">
            <h2 id="sums">{words::DAY_SUMS.get(lang)}</h2>
            <div class="sums__halves">{halves}</div>
        </section>
    }
}
