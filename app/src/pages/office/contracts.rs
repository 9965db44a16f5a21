//! All contracts of the customer.

use leptos::prelude::*;
use openbok_domain::Date;
use openbok_domain::office::ContractView;
use openbok_locales::{contracts as words, format, labels};

use crate::api::office::list_contracts;
use crate::components::drawn::drawn;
use crate::components::page::{Empty, PageHead};
use crate::components::status::ContractBadge;
use crate::portal::lang;

#[component]
pub fn ContractsPage() -> impl IntoView {
    drawn(list_contracts, content)
}

fn content(contracts: Vec<ContractView>) -> AnyView {
    let lang = lang();
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        {list(contracts)}
    }
    .into_any()
}

fn list(contracts: Vec<ContractView>) -> AnyView {
    let lang = lang();
    if contracts.is_empty() {
        return view! { <Empty icon="file-signature" text=words::EMPTY/> }.into_any();
    }
    let columns = [words::NUMBER, words::STATUS, words::SIGNED_ON, words::STARTS_ON, words::ENDS_ON];
    let head = columns.map(|column| view! { <th scope="col">{column.get(lang)}</th> }).collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>{head}<th scope="col" class="number">{words::SUPPLY_POINTS.get(lang)}</th></tr>
            </thead>
            <tbody>{contracts.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(contract: ContractView) -> impl IntoView {
    let lang = lang();
    let day = |day: Option<Date>| day.map(|day| format::date_short(day, lang));
    let ends_on = day(contract.ends_on).or_else(|| contract.starts_on.map(|_| words::INDEFINITE.get(lang).to_owned()));
    let tariff = contract.tariff.map(|tariff| format!(", {tariff}")).unwrap_or_default();
    let supply = format!("{}{tariff}", labels::commodity(contract.commodity).get(lang));
    view! {
        <tr>
            <th scope="row" class="card-first">
                <span class="nowrap">{contract.number}</span>
                <div class="muted small">{supply}</div>
            </th>
            <td class="card-second"><ContractBadge status=contract.status/></td>
            <td class="card-wide nowrap" data-label=words::SIGNED_ON.get(lang)>{day(contract.signed_on)}</td>
            <td class="card-wide nowrap" data-label=words::STARTS_ON.get(lang)>{day(contract.starts_on)}</td>
            <td class="card-wide nowrap" data-label=words::ENDS_ON.get(lang)>{ends_on}</td>
            <td class="card-wide number" data-label=words::SUPPLY_POINTS.get(lang)>{contract.supply_points}</td>
        </tr>
    }
}
