//! Customers and what they have: contracts, payers, supply points, meters.

use openbok_domain::{
    Commodity, ContractNumber, ContractStatus, Country, CustomerKind, Edrpou, EmailAddress, Iban, Nip, Pesel, Rnokpp,
    TaxId,
};
use openbok_storage::crm;

use super::Desk;
use crate::import::record::{Fault, Record};
use crate::import::report::Reason;
use crate::import::values::{
    country, date, key, money, one_of, personal_account, phone, postal_code, registers, supply_point as code, unit,
    words,
};
use crate::records::{Address, CustomerData, PayerData, index, place};

pub(super) fn customer(desk: Desk<'_>, record: &Record) -> Result<crm::Customer, Fault> {
    let number = record.required("customer_number", key)?;
    let kind = record.required("kind", one_of::<CustomerKind>(CustomerKind::WORDS))?;
    let pesel = record.optional("pesel", Pesel::parse)?;
    let nip = record.optional("nip", Nip::parse)?;
    let rnokpp = record.optional("rnokpp", Rnokpp::parse)?;
    let edrpou = record.optional("edrpou", Edrpou::parse)?;
    let data = CustomerData {
        pesel: pesel.clone().map(String::from),
        nip: nip.clone().map(String::from),
        rnokpp: rnokpp.clone().map(String::from),
        edrpou: edrpou.clone().map(String::from),
        surname: record.optional("surname", words::<100>)?,
        given_name: record.optional("given_name", words::<100>)?,
        patronymic: record.optional("patronymic", words::<100>)?,
        company_name: record.optional("company_name", words::<200>)?,
        email: record.optional("email", EmailAddress::parse)?.map(String::from),
        phone: record.optional("phone", |text| phone(text, desk.operator.country))?,
        address: address(desk, record)?,
    };
    let of_a_person = pesel.map(TaxId::Pesel).or(rnokpp.map(TaxId::Rnokpp));
    let of_a_company = nip.map(TaxId::Nip).or(edrpou.map(TaxId::Edrpou));
    let tax_id = match kind {
        CustomerKind::Individual => of_a_person.or(of_a_company),
        CustomerKind::Business => of_a_company.or(of_a_person),
    };
    let slug = desk.operator.slug.as_str();
    Ok(crm::Customer {
        id: desk.id(),
        kind,
        tax_index: tax_id.map(|tax_id| index::tax(desk.services.vault(), slug, &tax_id)),
        sealed: desk.seal(&place::customer(slug, &number), &data),
        number,
    })
}

/// An address; without a country it lies in the operator's.
fn address(desk: Desk<'_>, record: &Record) -> Result<Address, Fault> {
    let country = record.optional("country", country)?;
    let known = country.as_deref().map_or(Some(desk.operator.country), |country| country.parse::<Country>().ok());
    Ok(Address {
        street: record.optional("street", words::<200>)?,
        postal_code: record.optional("postal_code", |text| postal_code(text, known))?,
        city: record.optional("city", words::<100>)?,
        country,
    })
}

pub(super) fn contract(desk: Desk<'_>, record: &Record) -> Result<crm::Contract, Fault> {
    let number = record.required("contract_number", key)?;
    let row = crm::Contract {
        id: desk.id(),
        number_key: ContractNumber::normalize(&number),
        number,
        customer_number: record.required("customer_number", key)?,
        status: record.required("status", one_of(ContractStatus::WORDS))?,
        commodity: record.optional("commodity", one_of(Commodity::WORDS))?.unwrap_or(desk.operator.commodities[0]),
        tariff: record.optional("tariff", words::<40>)?,
        signed_on: record.optional("signed_on", date)?,
        starts_on: record.optional("starts_on", date)?,
        ends_on: record.optional("ends_on", date)?,
    };
    if row.ends_on.is_some() && row.ends_on < row.starts_on {
        return Err(Fault::at("ends_on", Reason::EndsBeforeItBegins));
    }
    Ok(row)
}

pub(super) fn payer(desk: Desk<'_>, record: &Record) -> Result<crm::Payer, Fault> {
    let number = record.required("payer_number", key)?;
    let data = PayerData {
        name: record.optional("name", words::<200>)?.unwrap_or_else(|| number.clone()),
        iban: record.optional("iban", Iban::parse)?.map(String::from),
    };
    Ok(crm::Payer {
        id: desk.id(),
        customer_number: record.required("customer_number", key)?,
        sealed: desk.seal(&place::payer(desk.operator.slug.as_str(), &number), &data),
        opening_minor: record.optional("opening_balance", money)?.unwrap_or_default(),
        number,
    })
}

pub(super) fn supply_point(desk: Desk<'_>, record: &Record) -> Result<crm::SupplyPoint, Fault> {
    let code = record.required("supply_point_id", code)?;
    Ok(crm::SupplyPoint {
        id: desk.id(),
        contract_number: record.required("contract_number", key)?,
        payer_number: record.optional("payer_number", key)?,
        personal_account: record.optional("personal_account", personal_account)?,
        sealed: desk.seal(&place::supply_point(desk.operator.slug.as_str(), &code), &address(desk, record)?),
        code,
    })
}

pub(super) fn meter(desk: Desk<'_>, record: &Record) -> Result<crm::Meter, Fault> {
    let row = crm::Meter {
        id: desk.id(),
        number: record.required("meter_number", key)?,
        supply_point: record.required("supply_point_id", code)?,
        registers: record.optional("registers", registers)?.unwrap_or_else(|| "T1".to_owned()),
        unit: record.optional("unit", unit)?,
        installed_on: record.optional("installed_on", date)?,
        removed_on: record.optional("removed_on", date)?,
    };
    if row.removed_on.is_some() && row.removed_on < row.installed_on {
        return Err(Fault::at("removed_on", Reason::EndsBeforeItBegins));
    }
    Ok(row)
}
