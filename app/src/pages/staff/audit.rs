//! The record of acts: who did what.

use leptos::prelude::*;
use openbok_locales::{audit as words, labels, staff};

use crate::api::staff::{AuditRow, staff_audit};
use crate::components::drawn::drawn;
use crate::components::page::{Empty, PageHead, pager};
use crate::portal::{asked, lang};

#[component]
pub fn AuditPage() -> impl IntoView {
    drawn(|| staff_audit(asked("before").unwrap_or_default()), content)
}

fn content(rows: Vec<AuditRow>) -> AnyView {
    let lang = lang();
    let last = rows.last().filter(|_| rows.len() >= 100);
    let older = last.map(|last| format!("/staff/audit?before={}", last.seq));
    let body = if rows.is_empty() { view! { <Empty icon="inbox" text=words::EMPTY/> }.into_any() } else { table(rows) };
    view! {
        <PageHead title=staff::NAV_AUDIT.get(lang) lead=words::INTRO.get(lang)/>
        {body}
        {pager([(words::OLDER, older)])}
    }
    .into_any()
}

fn table(rows: Vec<AuditRow>) -> AnyView {
    let lang = lang();
    let head = [words::WHEN, words::EVENT, words::OUTCOME, words::ACTOR, words::ABOUT];
    let head = head.map(|column| view! { <th scope="col">{column.get(lang)}</th> }).collect_view();
    view! {
        <table class="table table--dense">
            <thead><tr>{head}</tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// One of the lines of a cell, which is empty without any.
fn line(text: String) -> Option<impl IntoView> {
    (!text.is_empty()).then(|| view! { <div class="small code">{text}</div> })
}

/// What happened in words, with the names of today; ids and names of pages as they stand in the log.
fn row(row: AuditRow) -> impl IntoView {
    let lang = lang();
    let word = |text: Option<openbok_locales::Text>, code: String| text.map_or(code, |text| text.get(lang).to_owned());
    let note = labels::audit_note(&row.event, &row.note, lang);
    let code = if note.is_some() { String::new() } else { row.note };
    let note = note.map(|note| view! { <div class="small">{note}</div> });
    let event = word(labels::audit_event(&row.event), row.event);
    let outcome = word(labels::audit_outcome(&row.outcome), row.outcome);
    let (kind, id) = row.actor.split_once(':').unwrap_or((row.actor.as_str(), ""));
    let actor = word(labels::audit_actor(kind), kind.to_owned());
    let actor = if row.actor_name.is_empty() { actor } else { format!("{actor}: {}", row.actor_name) };
    // Whoever acts on an own account is named once.
    let is_own = !id.is_empty() && row.subject == id;
    let (about, subject) = if is_own { (String::new(), String::new()) } else { (row.about_name, row.subject) };
    let about = (!about.is_empty()).then_some(about);
    let id = id.to_owned();
    view! {
        <tr>
            <td class="nowrap card-second" data-label=words::WHEN.get(lang)>{row.at}</td>
            <th scope="row" class="card-first">{event}</th>
            <td class="card-wide" data-label=words::OUTCOME.get(lang)>{outcome}</td>
            <td class="card-wide breaks" data-label=words::ACTOR.get(lang)>
                {actor}<div class="muted small code audit__id">{id}</div>
            </td>
            <td class="card-wide breaks" data-label=words::ABOUT.get(lang)>
                {about}{line(subject)}{note}{line(code)}
            </td>
        </tr>
    }
}
