//! The record of acts: who did what.

use leptos::prelude::*;
use openbok_locales::staff as words;

use crate::api::staff::{AuditRow, staff_audit};
use crate::components::drawn::drawn;
use crate::components::page::PageHead;
use crate::portal::{asked, lang};

#[component]
pub fn AuditPage() -> impl IntoView {
    drawn(|| staff_audit(asked("before").unwrap_or_default()), content)
}

fn content(rows: Vec<AuditRow>) -> AnyView {
    let lang = lang();
    let older = rows.last().filter(|_| rows.len() >= 100).map(|last| {
        view! { <a class="button button--quiet" href=format!("/staff/audit?before={}", last.seq)>{words::AUDIT_OLDER.get(lang)}</a> }
    });
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td class="nowrap card-second" data-label=words::AUDIT_WHEN.get(lang)>{row.at}</td>
                    <th scope="row" class="card-first">{row.event}</th>
                    <td class="card-wide" data-label=words::AUDIT_OUTCOME.get(lang)>{row.outcome}</td>
                    <td class="card-wide small" data-label=words::AUDIT_ACTOR.get(lang)>{row.actor}</td>
                    <td class="card-wide small" data-label=words::AUDIT_NOTE.get(lang)>{row.note}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <PageHead title=words::NAV_AUDIT.get(lang) lead=words::AUDIT_INTRO.get(lang)/>
        <table class="table table--dense">
            <thead>
                <tr>
                    <th scope="col">{words::AUDIT_WHEN.get(lang)}</th>
                    <th scope="col">{words::AUDIT_EVENT.get(lang)}</th>
                    <th scope="col">{words::AUDIT_OUTCOME.get(lang)}</th>
                    <th scope="col">{words::AUDIT_ACTOR.get(lang)}</th>
                    <th scope="col">{words::AUDIT_NOTE.get(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <nav class="pager" aria-label=words::NAV_AUDIT.get(lang)>{older}</nav>
    }
    .into_any()
}
