//! The customer's words for the domain's enumerations: statuses, kinds, commodities, languages.

use openbok_domain::plan::PlanStatus;
use openbok_domain::{Commodity, ContractStatus, CustomerKind, InvoiceKind, InvoiceStatus, Lang};

use crate::{Text, common, contracts, invoices, plan_grid, registration};

/// Where a contract stands.
#[must_use]
pub const fn contract_status(status: ContractStatus) -> Text {
    match status {
        ContractStatus::Draft => contracts::STATUS_DRAFT,
        ContractStatus::Sent => contracts::STATUS_SENT,
        ContractStatus::SignedByCustomer => contracts::STATUS_SIGNED_BY_CUSTOMER,
        ContractStatus::SignedBySeller => contracts::STATUS_SIGNED_BY_SELLER,
        ContractStatus::Active => contracts::STATUS_ACTIVE,
        ContractStatus::Ended => contracts::STATUS_ENDED,
    }
}

/// What is supplied.
#[must_use]
pub const fn commodity(commodity: Commodity) -> Text {
    match commodity {
        Commodity::Electricity => common::COMMODITY_ELECTRICITY,
        Commodity::Gas => common::COMMODITY_GAS,
        Commodity::Heat => common::COMMODITY_HEAT,
    }
}

/// Where a plan stands.
#[must_use]
pub const fn plan_status(status: PlanStatus) -> Text {
    match status {
        PlanStatus::Missing => plan_grid::STATUS_MISSING,
        PlanStatus::Draft => plan_grid::STATUS_DRAFT,
        PlanStatus::Approved => plan_grid::STATUS_APPROVED,
        PlanStatus::Accepted => plan_grid::STATUS_ACCEPTED,
        PlanStatus::Rejected => plan_grid::STATUS_REJECTED,
    }
}

/// Where the payment of an invoice stands.
#[must_use]
pub const fn invoice_status(status: InvoiceStatus) -> Text {
    match status {
        InvoiceStatus::Paid => invoices::STATUS_PAID,
        InvoiceStatus::PartPaid => invoices::STATUS_PART_PAID,
        InvoiceStatus::Due => invoices::STATUS_DUE,
        InvoiceStatus::Overdue => invoices::STATUS_OVERDUE,
        InvoiceStatus::Corrected => invoices::STATUS_CORRECTED,
    }
}

/// What kind of document an invoice is.
#[must_use]
pub const fn invoice_kind(kind: InvoiceKind) -> Text {
    match kind {
        InvoiceKind::Settlement => invoices::KIND_SETTLEMENT,
        InvoiceKind::Forecast => invoices::KIND_FORECAST,
        InvoiceKind::Correction => invoices::KIND_CORRECTION,
        InvoiceKind::Note => invoices::KIND_NOTE,
    }
}

/// A person or a business, as the registration form asks.
#[must_use]
pub const fn customer_kind(kind: CustomerKind) -> Text {
    match kind {
        CustomerKind::Individual => registration::KIND_INDIVIDUAL,
        CustomerKind::Business => registration::KIND_BUSINESS,
    }
}

/// A language's name in that language, as the language switch shows it to whoever cannot read the page.
#[must_use]
pub const fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Pl => common::LANGUAGE_PL.get(Lang::Pl),
        Lang::Uk => common::LANGUAGE_UK.get(Lang::Uk),
        Lang::En => common::LANGUAGE_EN.get(Lang::En),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every value has a word of its own in every language.
    #[track_caller]
    fn assert_distinct<T: Copy>(values: &[T], label: impl Fn(T) -> Text) {
        for &lang in Lang::ALL {
            let words: BTreeSet<_> = values.iter().map(|value| label(*value).get(lang)).collect();
            assert_eq!(words.len(), values.len(), "{lang}: {words:?}");
        }
    }

    #[test]
    fn gives_every_value_a_word_of_its_own() {
        assert_distinct(ContractStatus::ALL, contract_status);
        assert_distinct(Commodity::ALL, commodity);
        assert_distinct(InvoiceStatus::ALL, invoice_status);
        assert_distinct(InvoiceKind::ALL, invoice_kind);
        assert_distinct(CustomerKind::ALL, customer_kind);
    }

    #[test]
    fn keeps_the_names_that_customers_know() {
        assert_eq!(contract_status(ContractStatus::SignedByCustomer).get(Lang::Pl), "Podpisana przez klienta");
        assert_eq!(customer_kind(CustomerKind::Individual).get(Lang::Pl), "Klient indywidualny");
        assert_eq!(customer_kind(CustomerKind::Business).get(Lang::Pl), "Klient biznesowy");
        assert_eq!(language(Lang::Uk), "Українська");
    }
}
