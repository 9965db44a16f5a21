//! All units of a day, with the sums of the plans that count.

use leptos::prelude::*;
use openbok_domain::plan::view::DayView;
use openbok_domain::plan::{Energy, PlanStatus};
use openbok_locales::{format, labels, plans, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffAcceptDay, staff_day};
use crate::components::drawn::drawn;
use crate::components::form::{Ask, Form, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Notice, PageHead, pager};
use crate::components::status::{PlanBadge, plan_mark};
use crate::pages::plans::files::{refused, staff_menu};
use crate::portal::{asked, lang, segment};
use openbok_domain::address::{escaped, staff_plan_page};

#[component]
pub fn StaffDayPage() -> impl IntoView {
    let value = |name| asked(name).unwrap_or_default();
    drawn(move || staff_day(segment(3), value("word"), value("after")), content)
}

fn content(view: DayView) -> AnyView {
    let lang = lang();
    let title = words::day_title(lang, &format::date_long(view.day, lang));
    let gate =
        if view.is_closed { plans::GATE_CLOSED_MARK.get(lang).to_owned() } else { plans::gate(lang, &view.gate_label) };
    let approved = view.counts.iter().find(|(status, _)| *status == PlanStatus::Approved).map(|(_, count)| *count);
    let accept = approved.map(|count| {
        view! {
            <Form function=StaffAcceptDay::PATH>
                <input type="hidden" name="day" value=view.day.to_string()/>
                <input type="hidden" name="read_at" value=view.read_at.micros().to_string()/>
                <Ask label=words::DAY_ACCEPT_ALL icon="circle-check">
                    <p>{words::day_accept_intro(lang, count)}</p>
                    <Submit label=words::DAY_ACCEPT_CONFIRM/>
                </Ask>
            </Form>
        }
    });
    let accepted = asked("accepted").and_then(|count| count.parse::<i64>().ok()).map(|count| {
        view! { <Notice tone="positive">{words::day_accepted(lang, count)}</Notice> }
    });
    let counts = view
        .counts
        .iter()
        .map(|(status, count)| {
            let (tone, icon) = plan_mark(*status);
            view! {
                <li class=format!("status status--{tone}")>
                    <Icon name=icon/>{labels::plan_status(*status).get(lang)}" "{*count}
                </li>
            }
        })
        .collect_view();
    let step = |days: i32| format!("/staff/day/{}", view.day.plus_days(days));
    let next = view.next.as_ref().map(|next| format!("/staff/day/{}?after={}", view.day, escaped(next)));
    view! {
        <Crumbs above=("/staff", words::NAV_BOARD) here=format::date_short(view.day, lang)/>
        <PageHead title lead=gate>{staff_menu(view.day)}</PageHead>
        {accepted}
        {refused(None, lang)}
        <nav class="actions" aria-label=words::NAV_BOARD.get(lang)>
            <a class="button button--quiet" href=step(-1)><Icon name="chevron-left"/>{format::day_and_month(view.day.plus_days(-1), lang)}</a>
            <a class="button button--quiet" href=step(1)>{format::day_and_month(view.day.plus_days(1), lang)}<Icon name="chevron-right"/></a>
        </nav>
        <ul class="plain counts">{counts}</ul>
        {accept}
        {total(&view)}
        {units(&view)}
        {pager([(words::NEXT_PAGE, next)])}
        {sums(&view)}
    }
    .into_any()
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

fn units(view: &DayView) -> impl IntoView + use<> {
    let lang = lang();
    let day = view.day;
    let rows = view
        .rows
        .iter()
        .map(|row| {
            let version = row.version.map(|version| plans::version(lang, &version.to_string()));
            view! {
                <tr>
                    <th scope="row" class="card-wide">
                        <a class="row-link" href=staff_plan_page(&row.code, day)>{row.code.clone()}</a>
                        <div class="muted small">{row.name.clone()}</div>
                    </th>
                    <td class="card-wide" data-label=words::COMPANY.get(lang)>{row.company.clone()}</td>
                    <td class="card-second"><PlanBadge status=row.status/></td>
                    <td class="card-wide" data-label=plans::VERSION_COLUMN.get(lang)>{version}</td>
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
