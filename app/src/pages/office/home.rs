//! The first page after sign-in: what is owed, what is new, for which places.

use leptos::prelude::*;
use openbok_domain::office::{Home, InvoiceSummary, SupplyPointView};
use openbok_domain::{InvoiceStatus, Money};
use openbok_locales::{format, home as words, labels};

use super::beside_invoices;
use crate::api::office::read_home;
use crate::components::drawn::drawn;
use crate::components::icon::Icon;
use crate::components::page::PageHead;
use crate::components::status::{InvoiceBadge, commodity_icon};
use crate::components::written;
use crate::portal::lang;

#[component]
pub fn HomePage() -> impl IntoView {
    drawn(read_home, |home| content(&home))
}

fn content(home: &Home) -> AnyView {
    let lang = lang();
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::account_of(lang, &home.name)/>
        <div class="home">
            {owed(home)}
            {newest(home)}
            {places(&home.supply_points)}
        </div>
    }
    .into_any()
}

/// What do I owe: the amount, then the next date, then what is late.
fn owed(home: &Home) -> impl IntoView + use<> {
    let lang = lang();
    let is_settled = home.balance.minor == 0;
    let heading = if home.balance.minor < 0 { words::OVERPAID } else { words::BALANCE };
    let amount = Money { minor: home.balance.minor.saturating_abs(), ..home.balance };
    // An overpayment on one payer may hide what another one owes.
    let note = if home.next_due.is_none() { words::SETTLED_TEXT } else { words::BALANCE_ZERO_OPEN };
    let figure = if is_settled {
        view! { <p class="owe__amount owe__amount--settled">{words::SETTLED.get(lang)}</p> <p class="muted">{note.get(lang)}</p> }
            .into_any()
    } else {
        view! { <p class="owe__amount">{format::money(amount, lang)}</p> }.into_any()
    };
    let overdue = (home.overdue > 0).then(|| {
        view! {
            <p class="notice notice--danger">
                <Icon name="triangle-alert"/>
                <span>
                    {words::overdue(lang, home.overdue)}". "
                    <a href="/invoices?show=overdue">{words::SHOW_OVERDUE.get(lang)}</a>
                </span>
            </p>
        }
    });
    let next = home.next_due.as_ref().map(|invoice| next_due(invoice, home));
    view! {
        <section class="panel owe" aria-labelledby="owe">
            <h2 id="owe">{heading.get(lang)}</h2>
            {figure}
            {beside_invoices(home.balance, home.open)}
            {overdue}
            {next}
        </section>
    }
}

fn next_due(invoice: &InvoiceSummary, home: &Home) -> impl IntoView + use<> {
    let lang = lang();
    let is_overdue = invoice.status == InvoiceStatus::Overdue;
    let heading = if is_overdue { words::OVERDUE_PAYMENT } else { words::NEXT_DUE };
    view! {
        <div class="stack">
            <div>
                <h3>{heading.get(lang)}</h3>
                <p>
                    <strong>{format::money(invoice.remaining, lang)}</strong>" "
                    {invoice.due_on.map(|day| format::due(invoice.issued_on, day, home.today, lang))}
                </p>
                <p class="muted small">{words::next_due_invoice(lang, &invoice.number)}</p>
            </div>
            <a class="button" href=format!("/invoices/{}", invoice.id)>{words::SHOW_INVOICE.get(lang)}</a>
        </div>
    }
}

/// What changed: the newest invoices.
fn newest(home: &Home) -> impl IntoView + use<> {
    let lang = lang();
    let rows = home
        .newest
        .iter()
        .map(|invoice| {
            view! {
                <li>
                    <a class="nowrap" href=format!("/invoices/{}", invoice.id)>{invoice.number.clone()}</a>
                    <span class="figure">{format::money(invoice.gross, lang)}</span>
                    <span class="rows__foot">
                        <span class="muted small">{format::date_long(invoice.issued_on, lang)}</span>
                        <InvoiceBadge status=invoice.status/>
                    </span>
                </li>
            }
        })
        .collect_view();
    let list = if home.newest.is_empty() {
        view! { <p class="muted">{words::NO_INVOICES.get(lang)}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> <p><a href="/invoices">{words::ALL_INVOICES.get(lang)}</a></p> }.into_any()
    };
    view! { <section class="panel" aria-labelledby="newest"><h2 id="newest">{words::NEWEST.get(lang)}</h2>{list}</section> }
}

fn places(points: &[SupplyPointView]) -> Option<impl IntoView + use<>> {
    const SHOWN: usize = 3;
    let lang = lang();
    let rows = points
        .iter()
        .take(SHOWN)
        .map(|point| {
            view! {
                <li>
                    <span inner_html=written::address(&point.address)></span>
                    <span class="kind">
                        <Icon name=commodity_icon(point.commodity)/>{labels::commodity(point.commodity).get(lang)}
                    </span>
                    <span class="muted small code whole">{point.code.clone()}</span>
                </li>
            }
        })
        .collect_view();
    (!points.is_empty()).then(|| {
        view! {
            <section class="panel home__wide" aria-labelledby="places">
                <h2 id="places">{words::SUPPLY_POINTS.get(lang)}</h2>
                <ul class="rows">{rows}</ul>
                <p><a href="/supply-points">{words::ALL_SUPPLY_POINTS.get(lang)}</a></p>
            </section>
        }
    })
}
