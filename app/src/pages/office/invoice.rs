//! One invoice: what is to be paid, for what, and what was paid.

use leptos::prelude::*;
use openbok_domain::office::{InvoiceDetail, InvoiceLineView, InvoiceLink, PaymentView};
use openbok_domain::{Currency, InvoiceKind, InvoiceStatus, Lang, VatRate};
use openbok_locales::{Text, common, format, invoices as words, labels};

use crate::api::office::read_invoice;
use crate::components::copy::{Copy, Print};
use crate::components::drawn::drawn;
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::components::status::InvoiceBadge;
use crate::portal::{lang, last_segment};

#[component]
pub fn InvoicePage() -> impl IntoView {
    drawn(|| read_invoice(last_segment()), |invoice| content(&invoice))
}

fn content(invoice: &InvoiceDetail) -> AnyView {
    let lang = lang();
    let summary = &invoice.summary;
    let title = words::detail_title(lang, &summary.number);
    let pdf = format!("/invoices/{}/pdf", summary.id);
    let is_replaced = summary.status == InvoiceStatus::Corrected;
    view! {
        <Crumbs above=("/invoices", common::NAV_INVOICES) here=summary.number.clone()/>
        <PageHead title lead=explanation(summary.kind).get(lang)>
            <div class="actions">
                <a class="button" href=pdf download=true><Icon name="download"/>{words::DOWNLOAD_PDF.get(lang)}</a>
                <Print label=words::PRINT/>
            </div>
        </PageHead>
        {is_replaced.then(|| view! { <Notice tone="caution">{words::CORRECTED_NOTICE.get(lang)}</Notice> })}
        <div class="invoice">
            {head(invoice)}
            {transfer(invoice)}
            {lines(invoice)}
            {payments(&invoice.payments)}
        </div>
    }
    .into_any()
}

const fn explanation(kind: InvoiceKind) -> Text {
    match kind {
        InvoiceKind::Settlement => words::EXPLAIN_SETTLEMENT,
        InvoiceKind::Forecast => words::EXPLAIN_FORECAST,
        InvoiceKind::Correction => words::EXPLAIN_CORRECTION,
        InvoiceKind::Note => words::EXPLAIN_NOTE,
    }
}

/// Whether something is to be paid on it; what is left on a corrected invoice stands on its correction.
fn is_open(invoice: &InvoiceDetail) -> bool {
    invoice.summary.remaining.minor > 0 && invoice.summary.status != InvoiceStatus::Corrected
}

fn head(invoice: &InvoiceDetail) -> impl IntoView + use<> {
    let lang = lang();
    let summary = &invoice.summary;
    let is_open = is_open(invoice);
    let (word, amount) = if is_open { (words::REMAINING, summary.remaining) } else { (words::GROSS, summary.gross) };
    let due = summary.due_on.filter(|_| is_open).map(|day| format::due(summary.issued_on, day, invoice.today, lang));
    let period = invoice.period_from.zip(invoice.period_to).map(|(from, to)| format::period(from, to, lang));
    let facts = [
        (words::GROSS, is_open.then(|| format::money(summary.gross, lang))),
        (words::KIND, Some(labels::invoice_kind(summary.kind).get(lang).to_owned())),
        (words::ISSUED_ON, Some(format::date_long(summary.issued_on, lang))),
        (words::DUE_ON, summary.due_on.map(|day| format::date_long(day, lang))),
        (words::PERIOD, period),
        (words::PAYER, Some(format!("{} ({})", invoice.payer_name, summary.payer_number))),
        (words::KSEF_NUMBER, invoice.ksef_number.clone()),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(name, value)| Some(view! { <div><dt>{name.get(lang)}</dt><dd>{value?}</dd></div> }))
        .collect_view();
    view! {
        <section class="panel invoice__head">
            <div class="stack">
                <span class="muted">{word.get(lang)}</span>
                <p class="invoice__amount">{format::money(amount, lang)}</p>
                <InvoiceBadge status=summary.status/>
                {due.map(|due| view! { <p>{due}</p> })}
            </div>
            <dl class="facts">
                {facts}
                {related(words::CORRECTS, invoice.corrects.as_slice())}
                {related(words::CORRECTED_BY, invoice.corrected_by.as_slice())}
            </dl>
        </section>
    }
}

fn related(name: Text, invoices: &[InvoiceLink]) -> Option<impl IntoView + use<>> {
    let lang = lang();
    let links = invoices
        .iter()
        .map(|link| view! { <dd><a href=format!("/invoices/{}", link.id)>{link.number.clone()}</a></dd> })
        .collect_view();
    (!invoices.is_empty()).then(|| view! { <div><dt>{name.get(lang)}</dt>{links}</div> })
}

/// What a bank asks for; only while something is to be paid.
fn transfer(invoice: &InvoiceDetail) -> Option<impl IntoView + use<>> {
    let lang = lang();
    let iban = invoice.iban.clone().filter(|_| is_open(invoice))?;
    let (number, amount) = (invoice.summary.number.clone(), invoice.summary.remaining);
    let rows = [
        (words::TRANSFER_ACCOUNT, iban.clone(), iban, words::COPY_ACCOUNT),
        (words::TRANSFER_TITLE, number.clone(), number, words::COPY_TITLE),
        (words::TRANSFER_AMOUNT, format::money(amount, lang), format::plain_amount(amount, lang), words::COPY_AMOUNT),
    ];
    let rows = rows
        .map(|(name, value, plain, copy)| {
            view! {
                <div>
                    <dt>{name.get(lang)}</dt>
                    <dd class="code">{value}</dd>
                    <dd><Copy text=plain label=copy/></dd>
                </div>
            }
        })
        .collect_view();
    Some(
        view! { <section class="panel"><h2>{words::TRANSFER.get(lang)}</h2><dl class="facts facts--wide">{rows}</dl></section> },
    )
}

fn lines(invoice: &InvoiceDetail) -> impl IntoView + use<> {
    let lang = lang();
    let body = if invoice.lines.is_empty() {
        let note = if invoice.has_file { words::LINES_IN_FILE } else { words::NO_LINES };
        view! { <p class="muted">{note.get(lang)}</p> }.into_any()
    } else {
        let columns = columns(invoice.summary.gross.currency, lang);
        let head = columns.clone().map(|column| view! { <th scope="col" class="number">{column}</th> }).collect_view();
        view! {
            <table class="table">
                <thead><tr><th scope="col">{words::LINE_DESCRIPTION.get(lang)}</th>{head}</tr></thead>
                <tbody>{invoice.lines.iter().map(|one| line(one, &columns)).collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="5" class="card-first">{words::TOTAL.get(lang)}</th>
                        <td class="number">{format::money(invoice.summary.gross, lang)}</td>
                    </tr>
                </tfoot>
            </table>
        }
        .into_any()
    };
    view! { <section class="stack stack--wide"><h2>{words::LINES.get(lang)}</h2>{body}</section> }
}

/// Names of the columns of figures; those of money name its currency.
fn columns(currency: Currency, lang: Lang) -> [String; 5] {
    let currency = labels::currency(currency).get(lang);
    [
        words::LINE_QUANTITY.get(lang).to_owned(),
        words::line_unit_price(lang, currency),
        words::line_net(lang, currency),
        words::LINE_VAT.get(lang).to_owned(),
        words::line_gross(lang, currency),
    ]
}

fn line(line: &InvoiceLineView, columns: &[String; 5]) -> impl IntoView + use<> {
    let lang = lang();
    let [quantity_label, price_label, net_label, vat_label, gross_label] = columns.clone();
    let unit = line.unit.as_deref().map(format::unit).unwrap_or_default();
    let quantity = line.quantity.map(|quantity| format!("{} {unit}", format::decimal(quantity, lang)));
    let vat = match &line.vat_rate {
        Some(VatRate::Percent(rate)) => format!("{}\u{a0}%", format::decimal(*rate, lang)),
        Some(VatRate::Word(word)) => word.clone(),
        None => words::LINE_VAT_NONE.get(lang).to_owned(),
    };
    view! {
        <tr>
            <th scope="row" class="card-wide">{line.description.clone()}</th>
            <td class="number card-wide" data-label=quantity_label>{quantity}</td>
            <td class="number card-wide" data-label=price_label>
                {line.unit_price.map(|price| format::decimal(price, lang))}
            </td>
            <td class="number card-wide" data-label=net_label>{format::amount(line.net, lang)}</td>
            <td class="number card-wide" data-label=vat_label>{vat}</td>
            <td class="number card-wide" data-label=gross_label>{format::amount(line.gross, lang)}</td>
        </tr>
    }
}

fn payments(payments: &[PaymentView]) -> impl IntoView + use<> {
    let lang = lang();
    let rows = payments
        .iter()
        .map(|payment| {
            view! {
                <li>
                    <span>{format::date_long(payment.paid_on, lang)}</span>
                    <span class="figure">{format::money(payment.amount, lang)}</span>
                </li>
            }
        })
        .collect_view();
    let body = if payments.is_empty() {
        view! { <p class="muted">{words::NO_PAYMENTS.get(lang)}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! { <section class="panel"><h2>{words::PAYMENTS.get(lang)}</h2>{body}</section> }
}
