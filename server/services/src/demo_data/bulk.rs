//! Large plain deliveries for benchmarks.

use std::io;
use std::path::Path;

use openbok_domain::{Commodity, Date, Operator, Pesel, print_minor};

use super::numbers::{ending, iban_pl, ppe};
use crate::import::{Table, TableFile};

/// Writes so many customers, each with one contract, one payer and one supply point.
///
/// # Errors
/// When the folder cannot be written.
pub fn bulk(operator: &Operator, folder: &Path, customers: u64) -> io::Result<()> {
    let mut files = Files::create(operator, folder)?;
    for serial in 0..customers {
        files.add_customer(serial)?;
    }
    files.finish()
}

/// Writes one customer with so many invoices, a day apart at most, the newest of today, half of them paid. Returns the
/// customer's contract number and PESEL.
///
/// # Errors
/// When the folder cannot be written.
pub fn bulk_invoices(operator: &Operator, folder: &Path, today: Date, invoices: u64) -> io::Result<(String, String)> {
    let mut files = Files::create(operator, folder)?;
    files.add_customer(0)?;
    files.finish()?;
    let mut list = TableFile::create(folder, Table::Invoices)?;
    let mut payments = TableFile::create(folder, Table::Payments)?;
    // However many there are, they lie within the last ten years.
    let per_day = invoices.div_ceil(3_650).max(1);
    for serial in 0..invoices {
        let issued_on = Date::from_days(today.days_since_epoch() - small(serial / per_day));
        let number = format!("FV/{serial:09}");
        let gross = print_minor(i64::from(10_000 + small(serial % 90_000)));
        let (issued, due) = (issued_on.to_string(), issued_on.plus_days(14).to_string());
        list.write([&number, PAYER, "settlement", "", &issued, "", "", &due, &gross, "", "", ""])?;
        if serial % 2 == 1 {
            payments.write([&format!("W/{serial:09}"), PAYER, &number, &issued, &gross])?;
        }
    }
    list.finish()?;
    payments.finish()?;
    Ok((contract(0), pesel(0)))
}

/// The payer of the first customer.
const PAYER: &str = "BP0000000";

fn contract(serial: u64) -> String {
    format!("BU{serial:07}")
}

/// A different person for each number below ten million: a thousand a day.
fn pesel(serial: u64) -> String {
    let birth = Date::new(1960, 1, 1).expect("a day").plus_days(small(serial / 1000));
    let body = format!("{:02}{:02}{:02}{:04}", birth.year() % 100, birth.month(), birth.day(), serial % 1000);
    ending(&body, Pesel::parse).expect("every body has a check digit")
}

fn small(number: u64) -> i32 {
    i32::try_from(number).expect("a small number")
}

struct Files {
    commodity: Commodity,
    customers: TableFile,
    contracts: TableFile,
    payers: TableFile,
    supply_points: TableFile,
}

impl Files {
    fn create(operator: &Operator, folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            commodity: operator.commodities.first().copied().unwrap_or(Commodity::Electricity),
            customers: TableFile::create(folder, Table::Customers)?,
            contracts: TableFile::create(folder, Table::Contracts)?,
            payers: TableFile::create(folder, Table::Payers)?,
            supply_points: TableFile::create(folder, Table::SupplyPoints)?,
        })
    }

    fn add_customer(&mut self, serial: u64) -> io::Result<()> {
        let (customer, contract) = (format!("BK{serial:07}"), contract(serial));
        let (payer, street) = (format!("BP{serial:07}"), format!("ul. Świętojańska {}", serial % 200 + 1));
        let (email, phone) = (format!("klient{serial}@example.com"), format!("+4860{:07}", serial % 10_000_000));
        self.customers.write([
            customer.as_str(),
            "individual",
            &pesel(serial),
            "",
            "",
            "",
            "Wiśniewska",
            "Łucja",
            "",
            "",
            &email,
            &phone,
            &street,
            "00-950",
            "Warszawa",
            "PL",
        ])?;
        let commodity = self.commodity.as_str();
        self.contracts.write([
            contract.as_str(),
            &customer,
            "active",
            commodity,
            "G11",
            "2024-01-10",
            "2024-02-01",
            "",
        ])?;
        self.payers.write([payer.as_str(), &customer, "Łucja Wiśniewska", &iban_pl(serial), "0.00"])?;
        self.supply_points.write([ppe(serial).as_str(), &contract, &payer, "", &street, "00-950", "Warszawa", "PL"])
    }

    fn finish(self) -> io::Result<()> {
        self.customers.finish()?;
        self.contracts.finish()?;
        self.payers.finish()?;
        self.supply_points.finish()
    }
}
