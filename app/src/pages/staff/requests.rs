//! Requests for access: where they stand, newest first.

use leptos::prelude::*;
use openbok_domain::access::{AccessRequestList, AccessRequestRow, RequestSource, RequestStatus};
use openbok_locales::{Text, labels, staff as words};

use crate::api::staff::staff_requests;
use crate::components::drawn::drawn;
use crate::components::page::{Empty, PageHead, pager};
use crate::portal::{asked, lang};

#[component]
pub fn RequestsPage() -> impl IntoView {
    drawn(|| staff_requests(asked("status").unwrap_or_default(), asked("before").unwrap_or_default()), content)
}

/// How a request came.
pub const fn source_name(source: RequestSource) -> Text {
    match source {
        RequestSource::Form => words::SOURCE_FORM,
        RequestSource::Mail => words::SOURCE_MAIL,
    }
}

fn content(list: AccessRequestList) -> AnyView {
    let lang = lang();
    let chips = RequestStatus::ALL
        .iter()
        .map(|status| {
            let count = list.counts.iter().find(|(of, _)| of == status).map_or(0, |(_, count)| *count);
            let current = (*status == list.status).then_some("true");
            view! {
                <li>
                    <a href=format!("/staff/requests?status={status}") aria-current=current>
                        {labels::request_list(*status).get(lang)}" "<span class="chips__count">{count}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let next = list.next.map(|next| format!("/staff/requests?status={}&before={next}", list.status));
    let rows = if list.rows.is_empty() {
        view! { <Empty icon="inbox" text=words::REQUESTS_EMPTY/> }.into_any()
    } else {
        table(list.rows)
    };
    view! {
        <PageHead title=words::NAV_REQUESTS.get(lang) lead=words::REQUESTS_INTRO.get(lang)/>
        <nav aria-label=words::STATUS.get(lang)><ul class="chips">{chips}</ul></nav>
        {rows}
        {pager([(words::NEXT_PAGE, next)])}
    }
    .into_any()
}

fn table(rows: Vec<AccessRequestRow>) -> AnyView {
    let lang = lang();
    let rows = rows
        .into_iter()
        .map(|row| {
            let company =
                if row.company.is_empty() { words::UNKNOWN_COMPANY.get(lang).to_owned() } else { row.company };
            view! {
                <tr>
                    <th scope="row" class="card-wide">
                        <a class="row-link" href=format!("/staff/requests/{}", row.id)>{company}</a>
                    </th>
                    <td class="card-wide" data-label=words::FIELD_EMAIL.get(lang)>{row.email}</td>
                    <td class="card-wide" data-label=words::SOURCE.get(lang)>{source_name(row.source).get(lang)}</td>
                    <td class="card-wide" data-label=words::RECEIVED.get(lang)>{row.received}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table--dense">
            <thead>
                <tr>
                    <th scope="col">{words::COMPANY.get(lang)}</th>
                    <th scope="col">{words::FIELD_EMAIL.get(lang)}</th>
                    <th scope="col">{words::SOURCE.get(lang)}</th>
                    <th scope="col">{words::RECEIVED.get(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
