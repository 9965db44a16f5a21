//! All payers of the customer.

use leptos::prelude::*;
use openbok_domain::Money;
use openbok_domain::office::PayerView;
use openbok_locales::{format, payers as words};

use super::beside_invoices;
use crate::api::office::list_payers;
use crate::components::copy::Copy;
use crate::components::drawn::drawn;
use crate::components::page::{Empty, PageHead};
use crate::portal::lang;
use openbok_domain::address::escaped;

#[component]
pub fn PayersPage() -> impl IntoView {
    drawn(list_payers, content)
}

fn content(payers: Vec<PayerView>) -> AnyView {
    let lang = lang();
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        {list(payers)}
    }
    .into_any()
}

fn list(payers: Vec<PayerView>) -> AnyView {
    if payers.is_empty() {
        return view! { <Empty icon="wallet" text=words::EMPTY/> }.into_any();
    }
    view! { <div class="cards">{payers.into_iter().map(card).collect_view()}</div> }.into_any()
}

fn card(payer: PayerView) -> impl IntoView {
    let lang = lang();
    let number = payer.number;
    let word = match payer.balance.minor {
        1.. => words::TO_PAY,
        0 => words::SETTLED,
        _ => words::OVERPAID,
    };
    let amount = Money { minor: payer.balance.minor.saturating_abs(), ..payer.balance };
    let iban = payer.iban.map(|iban| {
        view! {
            <dl class="facts facts--wide">
                <div>
                    <dt>{words::IBAN.get(lang)}</dt>
                    <dd class="code">{iban.clone()}</dd>
                    <dd><Copy text=iban label=words::COPY_IBAN/></dd>
                </div>
            </dl>
        }
    });
    view! {
        <section class="panel">
            <h2>{payer.name}</h2>
            <p class="payer__number">
                <span class="muted">{words::NUMBER.get(lang)}</span>
                <strong class="code">{number.clone()}</strong>
            </p>
            <p class="payer__balance">
                <span class="muted">{word.get(lang)}</span>
                <strong>{format::money(amount, lang)}</strong>
            </p>
            {beside_invoices(payer.balance, payer.open)}
            {iban}
            <p>
                <a href=format!("/invoices?payer={}", escaped(&number)) aria-label=words::show_invoices_of(lang, &number)>
                    {words::SHOW_INVOICES.get(lang)}
                </a>
            </p>
        </section>
    }
}
