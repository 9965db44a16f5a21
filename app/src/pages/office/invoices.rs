//! The list of invoices: a filter, a page at a time, newest first.

use leptos::prelude::*;
use openbok_domain::office::{InvoiceFilter, InvoicePage, InvoiceSummary};
use openbok_domain::{Date, InvoiceStatus, Lang};
use openbok_locales::{Text, format, invoices as words, labels};

use crate::api::office::list_invoices;
use crate::components::drawn::drawn;
use crate::components::page::{Empty, PageHead, pager};
use crate::components::status::write_invoice_badge;
use crate::components::written::Html;
use crate::portal::{asked, lang};
use openbok_domain::address::escaped;

#[component]
pub fn InvoicesPage() -> impl IntoView {
    drawn(
        || {
            let asked = |name| asked(name).unwrap_or_default();
            list_invoices(asked("show"), asked("payer"), asked("after"), asked("before"))
        },
        |page: InvoicePage| {
            let lang = lang();
            let filter = InvoiceFilter::from_code(&asked("show").unwrap_or_default());
            // What nothing newer comes before is the first page, which has an address of its own.
            #[cfg(feature = "ssr")]
            if asked("before").is_some() && page.previous.is_none() {
                crate::ssr::lead_to(&address(filter));
            }
            let payer = asked("payer");
            let lead =
                payer.as_ref().map_or_else(|| words::INTRO.get(lang).to_owned(), |payer| words::of_payer(lang, payer));
            let all_payers = payer.map(|_| {
                let all = format!("/invoices?show={}", filter.code());
                view! { <p class="no-print"><a href=all>{words::ALL_PAYERS.get(lang)}</a></p> }
            });
            view! {
                <PageHead title=words::TITLE.get(lang) lead/>
                {all_payers}
                {filters(filter)}
                {list(filter, page)}
            }
            .into_any()
        },
    )
}

fn filters(chosen: InvoiceFilter) -> impl IntoView {
    let lang = lang();
    let chips = InvoiceFilter::ALL
        .into_iter()
        .map(|filter| {
            let current = (filter == chosen).then_some("true");
            view! { <li><a href=address(filter) aria-current=current>{filter_name(filter).get(lang)}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label=words::FILTER.get(lang)><ul class="chips">{chips}</ul></nav> }
}

/// The list's address with a filter, of the payer that is shown now.
fn address(filter: InvoiceFilter) -> String {
    let payer = asked("payer").map(|payer| format!("&payer={}", escaped(&payer))).unwrap_or_default();
    format!("/invoices?show={}{payer}", filter.code())
}

const fn filter_name(filter: InvoiceFilter) -> Text {
    match filter {
        InvoiceFilter::All => words::FILTER_ALL,
        InvoiceFilter::Unpaid => words::FILTER_UNPAID,
        InvoiceFilter::Overdue => words::FILTER_OVERDUE,
        InvoiceFilter::Paid => words::FILTER_PAID,
    }
}

fn list(filter: InvoiceFilter, page: InvoicePage) -> AnyView {
    let lang = lang();
    if page.rows.is_empty() && filter == InvoiceFilter::All {
        return view! { <Empty icon="receipt-text" text=words::EMPTY/> }.into_any();
    }
    if page.rows.is_empty() {
        return view! {
            <Empty icon="receipt-text" text=words::EMPTY_FILTER>
                <a class="button button--quiet" href=address(InvoiceFilter::All)>{words::SHOW_ALL.get(lang)}</a>
            </Empty>
        }
        .into_any();
    }
    let newest = page.previous.map(|_| address(filter));
    let newer = page.previous.map(|key| format!("{}&before={key}", address(filter)));
    let older = page.next.map(|key| format!("{}&after={key}", address(filter)));
    let (has_payers, today) = (page.has_payers, page.today);
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
            <tbody inner_html=rows(&page.rows, has_payers, today, lang)></tbody>
        </table>
        {pager([(words::NEWEST, newest), (words::NEWER, newer), (words::OLDER, older)])}
    }
    .into_any()
}

fn rows(invoices: &[InvoiceSummary], has_payers: bool, today: Date, lang: Lang) -> String {
    let mut html = Html::default();
    for invoice in invoices {
        row(&mut html, invoice, has_payers, today, lang);
    }
    html.finish()
}

fn row(html: &mut Html, invoice: &InvoiceSummary, has_payers: bool, today: Date, lang: Lang) {
    // What is left on a corrected invoice stands on its correction.
    let is_open = invoice.remaining.minor > 0 && invoice.status != InvoiceStatus::Corrected;
    let due = match invoice.due_on {
        Some(day) if is_open => format::due(invoice.issued_on, day, today, lang),
        Some(day) => format::date_short(day, lang),
        None => String::new(),
    };
    html.markup("<tr><th scope=\"row\" class=\"card-wide\"><a class=\"row-link\" href=\"/invoices/");
    html.text(&invoice.id.to_string()).markup("\">").text(&invoice.number).markup("</a><div class=\"muted small\">");
    html.text(labels::invoice_kind(invoice.kind).get(lang)).markup("</div>");
    if has_payers {
        html.markup("<div class=\"muted small\">").text(words::PAYER.get(lang)).markup(" ").text(&invoice.payer_number);
        html.markup("</div>");
    }
    html.markup("</th><td class=\"card-wide nowrap\" data-label=\"").text(words::ISSUED_ON.get(lang)).markup("\">");
    html.text(&format::date_short(invoice.issued_on, lang)).markup("</td><td class=\"card-wide\" data-label=\"");
    html.text(words::DUE_ON.get(lang)).markup("\">").text(&due).markup("</td><td class=\"card-second\">");
    write_invoice_badge(html, invoice.status, lang);
    html.markup("</td><td class=\"number card-first\">").text(&format::money(invoice.gross, lang));
    html.markup("</td><td class=\"number card-wide\" data-label=\"").text(words::REMAINING.get(lang)).markup("\">");
    if is_open {
        html.text(&format::money(invoice.remaining, lang));
    }
    html.markup("</td></tr>");
}
