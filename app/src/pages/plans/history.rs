//! Versions of a plan, and what differs between two of them.

use leptos::prelude::*;
use openbok_domain::plan::view::{HistoryView, Layout, VersionView};
use openbok_domain::{Date, Lang};
use openbok_locales::{format, plans as words};

use crate::api::plans::read_history;
use crate::components::drawn::drawn;
use crate::components::page::{Crumbs, Empty, PageHead};
use crate::components::status::PlanBadge;
use crate::pages::plans::files::version_files;
use crate::portal::{asked, lang, segment};
use openbok_domain::address::plan_page;

#[component]
pub fn HistoryPage() -> impl IntoView {
    let value = |name| asked(name).unwrap_or_default();
    drawn(move || read_history(segment(2), segment(3), value("earlier"), value("later")), content)
}

fn content(history: HistoryView) -> AnyView {
    let lang = lang();
    let lead = format!("{} {} · {}", history.unit.code, history.unit.name, format::date_long(history.day, lang));
    let plan = plan_page(Layout::Day, &history.unit.code, history.day);
    let body = if history.versions.is_empty() {
        view! { <Empty icon="file-text" text=words::HISTORY_EMPTY/> }.into_any()
    } else {
        view! {
            {versions(&history.versions, false, &history.unit.code, history.day)}
            {picker(&history, lang)}
            {differences(&history, lang)}
        }
        .into_any()
    };
    view! {
        <Crumbs above=("/plans", words::TITLE) here=words::HISTORY.get(lang)/>
        <PageHead title=words::HISTORY_TITLE.get(lang) lead/>
        {body}
        <p><a href=plan>{words::BACK.get(lang)}</a></p>
    }
    .into_any()
}

/// Versions as a table, newest first.
pub fn versions(versions: &[VersionView], is_staff: bool, unit: &str, day: Date) -> impl IntoView + use<> {
    let lang = lang();
    let rows = versions
        .iter()
        .map(|version| {
            let reasons = version.reasons.iter().map(|reason| view! { <div class="small">{reason.clone()}</div> });
            view! {
                <tr>
                    <th scope="row" class="card-first">{words::version(lang, &version.number.to_string())}</th>
                    <td class="card-second"><PlanBadge status=version.status/>{reasons.collect_view()}</td>
                    <td class="card-wide" data-label=words::APPROVED_AT.get(lang)>{version.approved.clone()}</td>
                    <td class="card-wide breaks versions__by" data-label=words::APPROVED_BY.get(lang)>{breakable(&version.by)}</td>
                    <td class="card-wide number" data-label="PPLAN (MWh)">{format::megawatt_hours(version.pplan, lang)}</td>
                    <td class="card-wide number" data-label="PAUTO (MWh)">{format::megawatt_hours(version.pauto, lang)}</td>
                    <td class="card-wide" data-label=words::CHECKSUM.get(lang)>
                        {checksum(version)}
                    </td>
                    <td class="card-wide">{version_files(is_staff, unit, day, version)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table--dense">
            <thead>
                <tr>
                    <th scope="col">{words::VERSION_COLUMN.get(lang)}</th>
                    <th scope="col">{openbok_locales::staff::STATUS.get(lang)}</th>
                    <th scope="col">{words::APPROVED_AT.get(lang)}</th>
                    <th scope="col">{words::APPROVED_BY.get(lang)}</th>
                    <th scope="col" class="number">"PPLAN (MWh)"</th>
                    <th scope="col" class="number">"PAUTO (MWh)"</th>
                    <th scope="col">{words::CHECKSUM.get(lang)}</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The start of a version's checksum, which may stand in two lines; all of it in the title.
pub fn checksum(version: &VersionView) -> impl IntoView + use<> {
    let (first, second) = version.checksum[..12].split_at(6);
    view! { <code class="code" title=version.checksum.clone()>{first.to_owned()}<wbr/>{second.to_owned()}</code> }
}

/// An address that a narrow column breaks where people would.
fn breakable(address: &str) -> impl IntoView + use<> {
    address.split_inclusive('@').map(|part| view! { {part.to_owned()}<wbr/> }).collect_view()
}

fn picker(history: &HistoryView, lang: Lang) -> Option<impl IntoView + use<>> {
    let (earlier, later) = history.compared?;
    let select = |name: &'static str, chosen: u32| {
        let options = history
            .versions
            .iter()
            .map(|version| {
                let number = version.number;
                view! { <option value=number.to_string() selected=number == chosen>{words::version(lang, &number.to_string())}</option> }
            })
            .collect_view();
        let label = if name == "earlier" { words::COMPARE_BEFORE } else { words::COMPARE_AFTER };
        view! {
            <label for=name>{label.get(lang)}</label>
            <select class="input" id=name name=name>{options}</select>
        }
    };
    Some(view! {
        <form class="search versions__compare" method="get">
            {select("earlier", earlier)}
            {select("later", later)}
            <button type="submit" class="button button--quiet">{words::COMPARE.get(lang)}</button>
        </form>
    })
}

fn differences(history: &HistoryView, lang: Lang) -> Option<AnyView> {
    let (earlier, later) = history.compared?;
    let title = words::changes_between(lang, &earlier.to_string(), &later.to_string());
    if history.changes.is_empty() {
        return Some(view! { <h2>{title}</h2> <p>{words::NO_CHANGES.get(lang)}</p> }.into_any());
    }
    let rows = history
        .changes
        .iter()
        .map(|(label, series, before, after)| {
            view! {
                <tr>
                    <th scope="row">{label.clone()}</th>
                    <td>{series.as_str()}</td>
                    <td class="number">{format::power(*before, lang)}</td>
                    <td class="number">{format::power(*after, lang)}</td>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! {
            <h2>{title}</h2>
            <table class="table table--narrow">
                <thead>
                    <tr>
                        <th scope="col">{words::INTERVAL.get(lang)}</th>
                        <th scope="col">{words::SERIES.get(lang)}</th>
                        <th scope="col" class="number">{words::BEFORE.get(lang)}</th>
                        <th scope="col" class="number">{words::AFTER.get(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}
