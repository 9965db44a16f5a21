//! Customers and what they have: contracts, payers, supply points, meters.

use openbok_domain::{
    Commodity, ContractId, ContractNumber, ContractStatus, Country, CustomerId, CustomerKind, Date, Edrpou,
    EmailAddress, Iban, MeterId, Nip, PayerId, Pesel, Rnokpp, SupplyPointId, TaxId, Timestamp,
};
use openbok_storage::{StorageError, Tx, crm, crm_export};

use super::{Desk, Written, known};
use crate::import::record::{Fault, Record};
use crate::import::report::Reason;
use crate::import::values::{
    country, key, money, personal_account, phone, postal_code, registers, supply_point, unit, words,
};
use crate::records::{Address, CustomerData, PayerData, index, place};

pub(in crate::import) struct Customer {
    id: CustomerId,
    number: String,
    kind: CustomerKind,
    tax_index: Option<Vec<u8>>,
    sealed: Vec<u8>,
}

impl Customer {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        let number = record.required("customer_number", key)?;
        let kind = record.required("kind", str::parse::<CustomerKind>)?;
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
        let tax_id = match kind {
            CustomerKind::Individual => pesel.map(TaxId::Pesel).or(rnokpp.map(TaxId::Rnokpp)),
            CustomerKind::Business => nip.map(TaxId::Nip).or(edrpou.map(TaxId::Edrpou)),
        };
        let slug = desk.operator.slug.as_str();
        Ok(Self {
            id: desk.id(),
            kind,
            tax_index: tax_id.map(|tax_id| index::tax(desk.services.vault(), slug, &tax_id)),
            sealed: desk.seal(&place::customer(slug, &number), &data),
            number,
        })
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let row = crm::Customer {
            id: self.id,
            number: &self.number,
            kind: self.kind,
            tax_index: self.tax_index.as_deref(),
            sealed: &self.sealed,
        };
        crm::upsert_customer(tx.conn(), operator, &row, now).await?;
        Ok(Written::Done)
    }
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

pub(in crate::import) struct Contract {
    id: ContractId,
    number: String,
    customer_number: String,
    status: ContractStatus,
    commodity: Commodity,
    tariff: Option<String>,
    signed_on: Option<Date>,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
}

impl Contract {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        Ok(Self {
            id: desk.id(),
            number: record.required("contract_number", key)?,
            customer_number: record.required("customer_number", key)?,
            status: record.required("status", str::parse)?,
            commodity: record.optional("commodity", str::parse)?.unwrap_or(desk.operator.commodities[0]),
            tariff: record.optional("tariff", words::<40>)?,
            signed_on: record.optional("signed_on", str::parse)?,
            starts_on: record.optional("starts_on", str::parse)?,
            ends_on: record.optional("ends_on", str::parse)?,
        })
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let row = crm::Contract {
            id: self.id,
            number: &self.number,
            number_key: &ContractNumber::normalize(&self.number),
            customer_number: &self.customer_number,
            status: self.status,
            commodity: self.commodity,
            tariff: self.tariff.as_deref(),
            signed_on: self.signed_on,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        };
        Ok(known(crm::upsert_contract(tx.conn(), operator, &row, now).await?, "customer_number"))
    }
}

pub(in crate::import) struct Payer {
    id: PayerId,
    number: String,
    customer_number: String,
    sealed: Vec<u8>,
    opening_minor: i64,
}

impl Payer {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        let number = record.required("payer_number", key)?;
        let data = PayerData {
            name: record.optional("name", words::<200>)?.unwrap_or_else(|| number.clone()),
            iban: record.optional("iban", Iban::parse)?.map(String::from),
        };
        Ok(Self {
            id: desk.id(),
            customer_number: record.required("customer_number", key)?,
            sealed: desk.seal(&place::payer(desk.operator.slug.as_str(), &number), &data),
            opening_minor: record.optional("opening_balance", money)?.unwrap_or_default(),
            number,
        })
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let row = crm::Payer {
            id: self.id,
            number: &self.number,
            customer_number: &self.customer_number,
            sealed: &self.sealed,
            opening_minor: self.opening_minor,
        };
        Ok(known(crm::upsert_payer(tx.conn(), operator, &row, now).await?, "customer_number"))
    }
}

pub(in crate::import) struct SupplyPoint {
    id: SupplyPointId,
    code: String,
    contract_number: String,
    payer_number: Option<String>,
    personal_account: Option<String>,
    sealed: Vec<u8>,
}

impl SupplyPoint {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        let code = record.required("supply_point_id", supply_point)?;
        Ok(Self {
            id: desk.id(),
            contract_number: record.required("contract_number", key)?,
            payer_number: record.optional("payer_number", key)?,
            personal_account: record.optional("personal_account", personal_account)?,
            sealed: desk.seal(&place::supply_point(desk.operator.slug.as_str(), &code), &address(desk, record)?),
            code,
        })
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let row = crm::SupplyPoint {
            id: self.id,
            code: &self.code,
            contract_number: &self.contract_number,
            payer_number: self.payer_number.as_deref(),
            personal_account: self.personal_account.as_deref(),
            sealed: &self.sealed,
        };
        if crm::upsert_supply_point(tx.conn(), operator, &row, now).await? {
            return Ok(Written::Done);
        }
        let is_contract_known = crm_export::has_contract(tx.conn(), operator, &self.contract_number).await?;
        Ok(Written::Unknown(if is_contract_known { "payer_number" } else { "contract_number" }))
    }
}

pub(in crate::import) struct Meter {
    id: MeterId,
    number: String,
    supply_point: String,
    registers: String,
    unit: Option<String>,
    installed_on: Option<Date>,
    removed_on: Option<Date>,
}

impl Meter {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        let row = Self {
            id: desk.id(),
            number: record.required("meter_number", key)?,
            supply_point: record.required("supply_point_id", supply_point)?,
            registers: record.optional("registers", registers)?.unwrap_or_else(|| "T1".to_owned()),
            unit: record.optional("unit", unit)?,
            installed_on: record.optional("installed_on", str::parse)?,
            removed_on: record.optional("removed_on", str::parse)?,
        };
        if row.removed_on.is_some() && row.removed_on < row.installed_on {
            return Err(Fault::at("removed_on", Reason::EndsBeforeItBegins));
        }
        Ok(row)
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let unit = match &self.unit {
            Some(unit) => unit,
            None => match crm_export::find_commodity(tx.conn(), operator, &self.supply_point).await? {
                Some(commodity) => commodity.meter_unit(),
                None => return Ok(Written::Unknown("supply_point_id")),
            },
        };
        let row = crm::Meter {
            id: self.id,
            number: &self.number,
            supply_point: &self.supply_point,
            registers: &self.registers,
            unit,
            installed_on: self.installed_on,
            removed_on: self.removed_on,
        };
        Ok(known(crm::upsert_meter(tx.conn(), operator, &row, now).await?, "supply_point_id"))
    }
}
