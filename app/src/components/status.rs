//! Where something stands: icon, word and colour together.

use leptos::prelude::*;
use openbok_domain::plan::PlanStatus;
use openbok_domain::{Commodity, ContractStatus, InvoiceStatus, Lang};
use openbok_locales::labels;

use super::icon::Icon;
use super::written::Html;
use crate::portal::lang;

/// Where the payment of an invoice stands.
#[component]
pub fn InvoiceBadge(status: InvoiceStatus) -> impl IntoView {
    let (tone, icon) = invoice_mark(status);
    badge(tone, icon, labels::invoice_status(status).get(lang()))
}

/// The same in a list that is written.
pub fn write_invoice_badge(html: &mut Html, status: InvoiceStatus, lang: Lang) {
    let (tone, icon) = invoice_mark(status);
    write_badge(html, tone, icon, labels::invoice_status(status).get(lang));
}

/// The same for where a plan stands, under a name of its own.
pub fn write_plan_badge(html: &mut Html, status: PlanStatus, name: &str) {
    let (tone, icon) = plan_mark(status);
    write_badge(html, tone, icon, name);
}

fn write_badge(html: &mut Html, tone: &'static str, icon: &'static str, word: &str) {
    html.markup("<span class=\"status status--").markup(tone).markup("\">").icon(icon).text(word).markup("</span>");
}

const fn invoice_mark(status: InvoiceStatus) -> (&'static str, &'static str) {
    match status {
        InvoiceStatus::Paid => ("positive", "circle-check"),
        InvoiceStatus::PartPaid => ("info", "circle-dashed"),
        InvoiceStatus::Due => ("info", "clock"),
        InvoiceStatus::Overdue => ("danger", "triangle-alert"),
        InvoiceStatus::Corrected => ("neutral", "file-minus"),
    }
}

/// Where a contract stands.
#[component]
pub fn ContractBadge(status: ContractStatus) -> impl IntoView {
    let (tone, icon) = match status {
        ContractStatus::Draft | ContractStatus::Sent => ("caution", "clock"),
        ContractStatus::SignedByCustomer | ContractStatus::SignedBySeller => ("info", "file-signature"),
        ContractStatus::Active => ("positive", "circle-check"),
        ContractStatus::Ended => ("neutral", "file-minus"),
    };
    badge(tone, icon, labels::contract_status(status).get(lang()))
}

/// Where a plan stands.
#[component]
pub fn PlanBadge(status: PlanStatus) -> impl IntoView {
    let (tone, icon) = plan_mark(status);
    badge(tone, icon, labels::plan_status(status).get(lang()))
}

/// Colour and icon of where a plan stands.
pub const fn plan_mark(status: PlanStatus) -> (&'static str, &'static str) {
    match status {
        PlanStatus::Missing => ("caution", "circle-dashed"),
        PlanStatus::Draft => ("info", "file-text"),
        PlanStatus::Approved => ("positive", "check"),
        PlanStatus::Accepted => ("positive", "circle-check"),
        PlanStatus::Rejected => ("danger", "circle-x"),
    }
}

fn badge(tone: &'static str, icon: &'static str, word: &'static str) -> impl IntoView {
    view! { <span class=format!("status status--{tone}")><Icon name=icon/>{word}</span> }
}

/// The icon of what is supplied.
pub const fn commodity_icon(commodity: Commodity) -> &'static str {
    match commodity {
        Commodity::Electricity => "zap",
        Commodity::Gas => "flame",
        Commodity::Heat => "thermometer",
    }
}
