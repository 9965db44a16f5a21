//! Versions of a plan, and what differs between two of them.

use leptos::prelude::*;
use openbok_domain::plan::view::{HistoryView, Layout, VersionView};
use openbok_domain::plan::{PlanStatus, Power, Series};
use openbok_domain::{Date, Lang};
use openbok_locales::{format, plan_files, plans as words};

use crate::api::plans::read_history;
use crate::components::drawn::drawn;
use crate::components::icon::Icon;
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
            {differences(history.compared, &history.changes, lang)}
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
        .enumerate()
        .map(|(place, version)| {
            // Newer ones stand before it.
            let newer = &versions[..place];
            let reasons = version.reasons.iter().map(|reason| view! { <div class="small">{reason.clone()}</div> });
            view! {
                <tr>
                    <th scope="row" class="card-first nowrap">{words::version(lang, &version.number.to_string())}</th>
                    <td class="card-second">{badge(version, newer)}{reasons.collect_view()}</td>
                    <td class="card-wide" data-label=words::APPROVED_AT.get(lang)>{version.approved.clone()}</td>
                    <td class="card-wide breaks versions__by" data-label=words::APPROVED_BY.get(lang)>{breakable(&version.by)}</td>
                    <td class="card-wide number" data-label=format::energies_of("PPLAN", lang)>{format::megawatt_hours(version.pplan, lang)}</td>
                    <td class="card-wide number" data-label=format::energies_of("PAUTO", lang)>{format::megawatt_hours(version.pauto, lang)}</td>
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
                    <th scope="col" class="number">{format::energies_of("PPLAN", lang)}</th>
                    <th scope="col" class="number">{format::energies_of("PAUTO", lang)}</th>
                    <th scope="col">{words::CHECKSUM.get(lang)}</th>
                    <th scope="col"><span class="unseen">{plan_files::FILES.get(lang)}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Where a version stands. One that counted does so no longer once a newer one does.
fn badge(version: &VersionView, newer: &[VersionView]) -> AnyView {
    let counts = |version: &VersionView| matches!(version.status, PlanStatus::Approved | PlanStatus::Accepted);
    if counts(version) && newer.iter().any(counts) {
        return view! { <span class="status"><Icon name="history"/>{words::REPLACED.get(lang())}</span> }.into_any();
    }
    view! { <PlanBadge status=version.status/> }.into_any()
}

/// The start of a version's checksum; all of it in the title.
pub fn checksum(version: &VersionView) -> impl IntoView + use<> {
    view! { <code class="code small nowrap" title=version.checksum.clone()>{version.checksum[..12].to_owned()}</code> }
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

/// What differs between two versions: interval, series, before, after.
pub fn differences(
    compared: Option<(u32, u32)>,
    changes: &[(String, Series, Power, Power)],
    lang: Lang,
) -> Option<AnyView> {
    let (earlier, later) = compared?;
    let title = words::changes_between(lang, &earlier.to_string(), &later.to_string());
    if changes.is_empty() {
        return Some(view! { <h2>{title}</h2> <p>{words::NO_CHANGES.get(lang)}</p> }.into_any());
    }
    let rows = changes
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
            <table class="table table--narrow versions__changes">
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
