//! The self-service office.

pub mod contracts;
pub mod home;
pub mod invoice;
pub mod invoices;
pub mod more;
pub mod payers;
pub mod services;
pub mod settings;
pub mod supply_points;

use leptos::prelude::*;
use openbok_domain::{Lang, Money};
use openbok_locales::{format, home as words};

use crate::portal::lang;

/// Why a balance is another amount than the unpaid invoices together.
fn beside_invoices(balance: Money, open: Money) -> Option<impl IntoView + use<>> {
    words_beside(balance, open, lang()).map(|text| view! { <p class="muted small">{text}</p> })
}

/// The same in words. Who has paid too much and has nothing to pay needs no reason.
fn words_beside(balance: Money, open: Money, lang: Lang) -> Option<String> {
    let credit = open.minor - balance.minor;
    let amount = format::money(Money { minor: credit.saturating_abs(), ..balance }, lang);
    if credit < 0 {
        Some(words::with_debt(lang, &amount))
    } else {
        (credit > 0 && open.minor > 0).then(|| words::with_credit(lang, &amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::Currency;

    #[test]
    fn a_balance_says_what_else_is_in_it() {
        let beside = |balance, open| {
            let [balance, open] = [balance, open].map(|minor| Money { minor, currency: Currency::Pln });
            words_beside(balance, open, Lang::En)
        };
        assert_eq!(beside(64_620, 64_620), None);
        assert_eq!(beside(-1_000, 0), None, "the heading says it");
        let in_advance = "The balance takes account of PLN\u{a0}15.00 paid in advance.";
        assert_eq!(beside(63_386, 64_886).as_deref(), Some(in_advance));
        assert_eq!(beside(-500, 1_000).as_deref(), Some(in_advance));
        assert_eq!(beside(1_234, 0).as_deref(), Some("The balance includes an earlier debt of PLN\u{a0}12.34."));
    }
}
