//! The list of invoices: a filter, a page at a time, newest first.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use openbok_domain::office::{InvoiceFilter, InvoicePage, InvoiceSummary};
use openbok_domain::{Date, InvoiceStatus, Lang};
use openbok_locales::{Text, format, invoices as words, labels};

use crate::api::office::list_invoices;
use crate::components::loaded::{Answer, loaded};
use crate::components::page::{Empty, PageHead};
use crate::components::status::InvoiceBadge;
use crate::portal::lang;

#[component]
pub fn InvoicesPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        let query = query.read();
        (query.get("show").unwrap_or_default(), query.get("after").unwrap_or_default())
    };
    let load = |(show, after): (String, String)| async move {
        let (filter, is_first) = (InvoiceFilter::from_code(&show), after.is_empty());
        Ok((filter, is_first, list_invoices(show, after).await?))
    };
    let invoices: Answer<_> = Resource::new_blocking(asked, load);
    let lang = lang();
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        <Filters/>
        {loaded(invoices, |(filter, is_first, page)| list(filter, is_first, page))}
    }
}

#[component]
fn Filters() -> impl IntoView {
    let lang = lang();
    let query = use_query_map();
    let chips = InvoiceFilter::ALL
        .into_iter()
        .map(|filter| {
            let is_chosen = move || {
                let chosen = InvoiceFilter::from_code(query.read().get_str("show").unwrap_or_default());
                (chosen == filter).then_some("true")
            };
            view! { <li><a href=address(filter) aria-current=is_chosen>{filter_name(filter).get(lang)}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label=words::FILTER.get(lang)><ul class="chips">{chips}</ul></nav> }
}

fn address(filter: InvoiceFilter) -> String {
    if filter == InvoiceFilter::All { "/invoices".to_owned() } else { format!("/invoices?show={}", filter.code()) }
}

const fn filter_name(filter: InvoiceFilter) -> Text {
    match filter {
        InvoiceFilter::All => words::FILTER_ALL,
        InvoiceFilter::Unpaid => words::FILTER_UNPAID,
        InvoiceFilter::Overdue => words::FILTER_OVERDUE,
        InvoiceFilter::Paid => words::FILTER_PAID,
    }
}

fn list(filter: InvoiceFilter, is_first: bool, page: InvoicePage) -> AnyView {
    let lang = lang();
    if page.rows.is_empty() {
        let text = if filter == InvoiceFilter::All { words::EMPTY } else { words::EMPTY_FILTER };
        return view! { <Empty icon="receipt-text" text/> }.into_any();
    }
    let newest = (!is_first)
        .then(|| view! { <a class="button button--quiet" href=address(filter)>{words::NEWEST.get(lang)}</a> });
    let older = page.next.map(|next| {
        let older = format!("/invoices?show={}&after={next}", filter.code());
        view! { <a class="button button--quiet" href=older>{words::OLDER.get(lang)}</a> }
    });
    let today = page.today;
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{words::NUMBER.get(lang)}</th>
                    <th scope="col">{words::ISSUED_ON.get(lang)}</th>
                    <th scope="col">{words::DUE_ON.get(lang)}</th>
                    <th scope="col">{words::STATUS.get(lang)}</th>
                    <th scope="col" class="number">{words::GROSS.get(lang)}</th>
                    <th scope="col" class="number">{words::REMAINING.get(lang)}</th>
                </tr>
            </thead>
            <tbody>{page.rows.into_iter().map(|invoice| row(&invoice, today, lang)).collect_view()}</tbody>
        </table>
        <nav class="pager" aria-label=words::TITLE.get(lang)>{newest}{older}</nav>
    }
    .into_any()
}

fn row(invoice: &InvoiceSummary, today: Date, lang: Lang) -> impl IntoView + use<> {
    // What is left on a corrected invoice stands on its correction.
    let is_open = invoice.remaining.minor > 0 && invoice.status != InvoiceStatus::Corrected;
    let due = if is_open { format::due(invoice.due_on, today, lang) } else { format::date_short(invoice.due_on, lang) };
    let remaining = is_open.then(|| format::money(invoice.remaining, lang));
    view! {
        <tr>
            <th scope="row" class="card-wide">
                <a class="row-link" href=format!("/invoices/{}", invoice.id)>{invoice.number.clone()}</a>
                <div class="muted small">{labels::invoice_kind(invoice.kind).get(lang)}</div>
            </th>
            <td class="card-wide nowrap" data-label=words::ISSUED_ON.get(lang)>{format::date_short(invoice.issued_on, lang)}</td>
            <td class="card-wide" data-label=words::DUE_ON.get(lang)>{due}</td>
            <td class="card-second"><InvoiceBadge status=invoice.status/></td>
            <td class="number card-first">{format::money(invoice.gross, lang)}</td>
            <td class="number card-wide" data-label=words::REMAINING.get(lang)>{remaining}</td>
        </tr>
    }
}
