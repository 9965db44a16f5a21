//! Invented customers as import files, the same for the same seed: for the demo, for trying things out, for benchmarks.
//!
//! Nobody here exists. Mail addresses are at example.com, and identifying numbers are well-formed but drawn by chance.

mod billing;
mod bulk;
mod numbers;
mod people;
mod units;

use std::io;
use std::path::Path;

use openbok_domain::{Commodity, Country, CustomerKind, Date, Operator};

pub use bulk::{bulk, bulk_invoices};
pub use units::units;

use crate::import::{Table, TableFile};
use billing::{Account, Ledger};
use numbers::{Dice, iban_pl, iban_ua, ppe};
use people::{Party, Place};

/// A customer whose data are told, so that somebody can register with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCustomer {
    /// What there is to see.
    pub story: Story,
    /// Customer number.
    pub customer_number: String,
    /// Person or business.
    pub kind: CustomerKind,
    /// PESEL, NIP, RNOKPP or EDRPOU.
    pub tax_id: String,
    /// As an invoice is addressed.
    pub name: String,
    /// The number of their first contract.
    pub contract_number: String,
    /// The personal account of their supply point, in Ukraine.
    pub personal_account: Option<String>,
    /// An address to register with.
    pub email: String,
    /// A mobile number to register with.
    pub phone: String,
}

/// What a told customer is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// A household with one contract.
    Household,
    /// A household with several contracts and payers.
    SeveralContracts,
    /// A business with more invoices than fit on a page.
    ManyInvoices,
    /// A contract that the customer has just signed: enough to register.
    JustSigned,
    /// A contract that the customer has not answered: not enough to register.
    NotSigned,
    /// A former customer, whose contract has ended.
    Former,
}

impl Story {
    /// All of them, in the order in which a delivery begins with them.
    pub const ALL: [Self; 6] =
        [Self::Household, Self::SeveralContracts, Self::ManyInvoices, Self::JustSigned, Self::NotSigned, Self::Former];

    const fn kind(self) -> CustomerKind {
        match self {
            Self::ManyInvoices => CustomerKind::Business,
            _ => CustomerKind::Individual,
        }
    }

    /// The statuses of their contracts.
    const fn contracts(self) -> &'static [&'static str] {
        match self {
            Self::Household => &["active"],
            Self::SeveralContracts => &["active", "ended", "signed_by_seller"],
            Self::ManyInvoices => &["active", "active", "active"],
            Self::JustSigned => &["signed_by_customer"],
            Self::NotSigned => &["sent"],
            Self::Former => &["ended"],
        }
    }
}

/// Writes the delivery of an operator with so many customers, at least one of each [`Story`], whose invoices lie in the two
/// years before `today`, and tells about the first ones.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(
    operator: &Operator,
    folder: &Path,
    today: Date,
    seed: u64,
    customers: u64,
) -> io::Result<Vec<DemoCustomer>> {
    std::fs::create_dir_all(folder)?;
    let dice = Dice::new(seed);
    let mut delivery = Delivery::create(operator, folder, today, &dice)?;
    let mut told = Vec::new();
    for story in Story::ALL {
        told.push(delivery.add_customer(story, story.kind(), story.contracts())?);
    }
    for _ in told.len() as u64..customers {
        let kind = if dice.below(5) == 0 { CustomerKind::Business } else { CustomerKind::Individual };
        let status = *dice.pick(&["active", "active", "active", "active", "draft", "signed_by_seller", "ended"]);
        delivery.add_customer(Story::Household, kind, &[status])?;
    }
    delivery.finish()?;
    Ok(told)
}

struct Delivery<'a> {
    operator: &'a Operator,
    today: Date,
    dice: &'a Dice,
    customers: TableFile,
    contracts: TableFile,
    payers: TableFile,
    supply_points: TableFile,
    meters: TableFile,
    ledger: Ledger<'a>,
    customer_count: u64,
    /// Counts contracts, and with them payers, supply points and meters.
    contract_count: u64,
}

impl<'a> Delivery<'a> {
    fn create(operator: &'a Operator, folder: &Path, today: Date, dice: &'a Dice) -> io::Result<Self> {
        Ok(Self {
            operator,
            today,
            dice,
            customers: TableFile::create(folder, Table::Customers)?,
            contracts: TableFile::create(folder, Table::Contracts)?,
            payers: TableFile::create(folder, Table::Payers)?,
            supply_points: TableFile::create(folder, Table::SupplyPoints)?,
            meters: TableFile::create(folder, Table::Meters)?,
            ledger: Ledger::create(folder, dice, operator.country, today)?,
            customer_count: 0,
            contract_count: 0,
        })
    }

    fn add_customer(&mut self, story: Story, kind: CustomerKind, contracts: &[&str]) -> io::Result<DemoCustomer> {
        self.customer_count += 1;
        let country = self.operator.country;
        let party = Party::invent(self.dice, kind, country);
        let mut customer = DemoCustomer {
            story,
            customer_number: format!("K{:06}", 100_000 + self.customer_count),
            kind,
            tax_id: party.tax_id().to_owned(),
            name: party.name(),
            contract_number: String::new(),
            personal_account: None,
            email: format!("klient{}@example.com", self.customer_count),
            phone: match country {
                Country::Pl => format!("+48600{:06}", self.customer_count),
                Country::Ua => format!("+38067{:07}", self.customer_count),
            },
        };
        self.customers.write([
            customer.customer_number.as_str(),
            kind.as_str(),
            &party.pesel,
            &party.nip,
            &party.rnokpp,
            &party.edrpou,
            &party.surname,
            &party.given_name,
            &party.patronymic,
            &party.company_name,
            &customer.email,
            &customer.phone,
            &party.home.street,
            party.home.postal_code,
            party.home.city,
            country.as_str(),
        ])?;
        for (place, status) in contracts.iter().enumerate() {
            let commodities = &self.operator.commodities;
            let commodity = commodities.get(place % commodities.len().max(1)).copied();
            let (contract, account) =
                self.add_contract(&customer, &party, commodity.unwrap_or(Commodity::Electricity), status)?;
            if place == 0 {
                (customer.contract_number, customer.personal_account) = (contract, account);
            }
        }
        Ok(customer)
    }

    /// A contract with a payer, and from its beginning with a supply point, a meter and invoices. Returns the contract's
    /// number and the personal account.
    fn add_contract(
        &mut self,
        customer: &DemoCustomer,
        party: &Party,
        commodity: Commodity,
        status: &str,
    ) -> io::Result<(String, Option<String>)> {
        self.contract_count += 1;
        let serial = self.contract_count;
        let is_business = customer.kind == CustomerKind::Business;
        let is_delivered = matches!(status, "active" | "ended");
        let is_signed = !matches!(status, "draft" | "sent");
        // A contract that is delivered began before the first invoice.
        let days = i32::try_from(self.dice.below(900)).expect("a few years of days");
        let signed_on = if is_delivered { self.today.plus_days(-800 - days) } else { self.today.plus_days(-5) };
        let number = format!("U/{}/{serial:05}", signed_on.year());
        let day = |is_known: bool, date: Date| if is_known { date.to_string() } else { String::new() };
        self.contracts.write([
            number.as_str(),
            &customer.customer_number,
            status,
            commodity.as_str(),
            tariff(commodity, self.operator.country, is_business),
            &day(is_signed, signed_on),
            &day(is_signed, signed_on.plus_days(20)),
            &day(status == "ended", self.today.plus_days(-1)),
        ])?;

        let payer_number = format!("P{:06}", 100_000 + serial);
        let iban = match self.operator.country {
            Country::Pl => iban_pl(serial),
            Country::Ua => iban_ua(serial),
        };
        let opening = if serial % 9 == 4 { "12.34" } else { "0.00" };
        self.payers.write([payer_number.as_str(), &customer.customer_number, &party.name(), &iban, opening])?;
        if !is_delivered {
            return Ok((number, None));
        }

        let account = (self.operator.country == Country::Ua).then(|| self.dice.personal_account());
        let home = if serial % 4 == 3 { Place::invent(self.dice, self.operator.country) } else { party.home.clone() };
        let supply_point = match (commodity, self.operator.country) {
            (Commodity::Electricity, Country::Pl) => ppe(serial),
            (Commodity::Gas, _) => format!("GAZ{:09}", 100_000_000 + serial),
            _ => format!("T-{:06}", 100_000 + serial),
        };
        self.supply_points.write([
            supply_point.as_str(),
            &number,
            &payer_number,
            account.as_deref().unwrap_or_default(),
            &home.street,
            home.postal_code,
            home.city,
            home.country.as_str(),
        ])?;
        let registers = if commodity == Commodity::Electricity && serial.is_multiple_of(3) { "T1;T2" } else { "T1" };
        let unit = match commodity {
            Commodity::Electricity => "kWh",
            Commodity::Gas => "m3",
            Commodity::Heat => "GJ",
        };
        let installed_on = signed_on.plus_days(18).to_string();
        self.meters.write([
            &format!("L{:08}", 70_000_000 + serial),
            &supply_point,
            registers,
            unit,
            &installed_on,
            "",
        ])?;
        let account_to_bill = Account { payer_number: &payer_number, commodity, is_business, manners: serial };
        self.ledger.bill(&account_to_bill)?;
        Ok((number, account))
    }

    fn finish(self) -> io::Result<()> {
        self.customers.finish()?;
        self.contracts.finish()?;
        self.payers.finish()?;
        self.supply_points.finish()?;
        self.meters.finish()?;
        self.ledger.finish()
    }
}

/// A tariff group as operators name them.
const fn tariff(commodity: Commodity, country: Country, is_business: bool) -> &'static str {
    match (commodity, country, is_business) {
        (Commodity::Electricity, _, false) => "G11",
        (Commodity::Electricity, _, true) => "C11",
        (Commodity::Gas, _, false) => "W-3.6",
        (Commodity::Gas, _, true) => "W-5.1",
        (Commodity::Heat, Country::Pl, _) => "A1",
        (Commodity::Heat, Country::Ua, false) => "Населення",
        (Commodity::Heat, Country::Ua, true) => "Інші споживачі",
    }
}

#[cfg(test)]
mod tests;
