//! Where something stands: icon, word and colour together.

use leptos::prelude::*;
use openbok_domain::{Commodity, ContractStatus, InvoiceStatus};
use openbok_locales::labels;

use super::icon::Icon;
use crate::portal::lang;

/// Where the payment of an invoice stands.
#[component]
pub fn InvoiceBadge(status: InvoiceStatus) -> impl IntoView {
    let (tone, icon) = match status {
        InvoiceStatus::Paid => ("positive", "circle-check"),
        InvoiceStatus::PartPaid => ("info", "circle-dashed"),
        InvoiceStatus::Due => ("info", "clock"),
        InvoiceStatus::Overdue => ("danger", "triangle-alert"),
        InvoiceStatus::Corrected => ("neutral", "file-minus"),
    };
    badge(tone, icon, labels::invoice_status(status).get(lang()))
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
