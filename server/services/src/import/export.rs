//! An operator's data as the files that an import reads.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use openbok_domain::{Date, Operator, print_minor};
use openbok_storage::crm_export as stored;

use super::ImportError;
use super::table::{Table, TableFile, create};
use crate::audit::{Actor, Event};
use crate::records::{Address, CustomerData, PayerData, place};
use crate::{ServiceError, Services, boxed};

/// Rows fetched at once.
const PAGE: i64 = 1000;

/// Fetches page after page by key and gives each row to the body.
macro_rules! each_row {
    ($services:expr, $operator:expr, $list:path, $key:ident, |$row:ident| $body:block) => {{
        let mut after = String::new();
        loop {
            let mut reader = $services.db().read().await?;
            let rows = $list(reader.conn(), $operator, &after, PAGE).await?;
            drop(reader);
            let Some(last) = rows.last() else { break };
            after = last.$key.clone();
            for $row in rows $body
        }
    }};
}

impl Services {
    /// Writes everything the CRM and billing delivered for an operator, from customers to generating units and with the PDFs, as CSV
    /// files that an import reads. Only the owner of the files can read them. Existing files of these names are replaced.
    ///
    /// Rows that arrive while it runs may or may not be part of it.
    ///
    /// # Errors
    /// When the folder cannot be written, or the database fails.
    #[boxed]
    pub async fn export(&self, operator: &Operator, folder: &Path) -> Result<(), ImportError> {
        fs::create_dir_all(folder)?;
        let slug = operator.slug.as_str();
        self.export_customers(slug, folder).await?;
        self.export_contracts(slug, folder).await?;
        self.export_payers(slug, folder).await?;
        self.export_supply_points(slug, folder).await?;
        self.export_meters(slug, folder).await?;
        self.export_invoices(slug, folder).await?;
        self.export_payments(slug, folder).await?;
        self.export_units(slug, folder).await?;
        let mut tx = self.db().begin().await?;
        let event =
            Event { operator: slug, name: "export", outcome: "ok", actor: Actor::CommandLine, subject: None, note: "" };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn export_customers(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::Customers)?;
        each_row!(self, operator, stored::list_customers, number, |row| {
            let data: CustomerData = self.open_sealed(&place::customer(operator, &row.number), &row.sealed)?;
            let Address { street, postal_code, city, country } = &data.address;
            file.write([
                row.number.as_str(),
                row.kind()?.as_str(),
                text(data.pesel.as_ref()),
                text(data.nip.as_ref()),
                text(data.rnokpp.as_ref()),
                text(data.edrpou.as_ref()),
                text(data.surname.as_ref()),
                text(data.given_name.as_ref()),
                text(data.patronymic.as_ref()),
                text(data.company_name.as_ref()),
                text(data.email.as_ref()),
                text(data.phone.as_ref()),
                text(street.as_ref()),
                text(postal_code.as_ref()),
                text(city.as_ref()),
                text(country.as_ref()),
            ])?;
        });
        Ok(file.finish()?)
    }

    async fn export_units(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::GeneratingUnits)?;
        each_row!(self, operator, stored::list_units, code, |row| {
            let [installed, pmin, pmax] = row.powers()?.map(|power| power.to_string());
            file.write([
                row.code.as_str(),
                text(row.mrid.as_ref()),
                &row.customer_number,
                &row.name,
                &row.technology,
                &installed,
                &pmin,
                &pmax,
                &row.connection_point,
            ])?;
        });
        Ok(file.finish()?)
    }

    async fn export_contracts(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::Contracts)?;
        each_row!(self, operator, stored::list_contracts, number, |row| {
            let [signed_on, starts_on, ends_on] = row.days().map(day);
            file.write([
                row.number.as_str(),
                &row.customer_number,
                row.status()?.as_str(),
                row.commodity()?.as_str(),
                text(row.tariff.as_ref()),
                &signed_on,
                &starts_on,
                &ends_on,
            ])?;
        });
        Ok(file.finish()?)
    }

    async fn export_payers(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::Payers)?;
        each_row!(self, operator, stored::list_payers, number, |row| {
            let data: PayerData = self.open_sealed(&place::payer(operator, &row.number), &row.sealed)?;
            let balance = print_minor(row.opening_minor);
            file.write([row.number.as_str(), &row.customer_number, &data.name, text(data.iban.as_ref()), &balance])?;
        });
        Ok(file.finish()?)
    }

    async fn export_supply_points(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::SupplyPoints)?;
        each_row!(self, operator, stored::list_supply_points, code, |row| {
            let address: Address = self.open_sealed(&place::supply_point(operator, &row.code), &row.sealed)?;
            file.write([
                row.code.as_str(),
                &row.contract_number,
                text(row.payer_number.as_ref()),
                text(row.personal_account.as_ref()),
                text(address.street.as_ref()),
                text(address.postal_code.as_ref()),
                text(address.city.as_ref()),
                text(address.country.as_ref()),
            ])?;
        });
        Ok(file.finish()?)
    }

    async fn export_meters(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::Meters)?;
        each_row!(self, operator, stored::list_meters, number, |row| {
            let [installed_on, removed_on] = row.days().map(day);
            let fields =
                [row.number.as_str(), &row.supply_point, &row.registers, &row.unit, &installed_on, &removed_on];
            file.write(fields)?;
        });
        Ok(file.finish()?)
    }

    /// Invoices, and with each page of them their lines.
    async fn export_invoices(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::Invoices)?;
        let mut lines = TableFile::create(folder, Table::InvoiceLines)?;
        let mut after = String::new();
        loop {
            let mut reader = self.db().read().await?;
            let rows = stored::list_invoices(reader.conn(), operator, &after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            for line in stored::list_invoice_lines(reader.conn(), operator, &after, &last.number).await? {
                write_line(&mut lines, &line)?;
            }
            drop(reader);
            after.clone_from(&last.number);
            for row in rows {
                if let Some(name) = &row.pdf_file {
                    let document = self.read_file(name).await?;
                    create(folder, name)?.write_all(&document)?;
                }
                write_invoice(&mut file, &row)?;
            }
        }
        lines.finish()?;
        Ok(file.finish()?)
    }

    async fn export_payments(&self, operator: &str, folder: &Path) -> Result<(), ImportError> {
        let mut file = TableFile::create(folder, Table::Payments)?;
        each_row!(self, operator, stored::list_payments, number, |row| {
            file.write([
                row.number.as_str(),
                &row.payer_number,
                text(row.invoice_number.as_ref()),
                &row.paid_on().to_string(),
                &print_minor(row.amount_minor),
            ])?;
        });
        Ok(file.finish()?)
    }

    fn open_sealed<T: serde::de::DeserializeOwned>(&self, place: &str, sealed: &[u8]) -> Result<T, ServiceError> {
        Ok(self.vault().open(place, sealed)?)
    }
}

fn write_invoice(file: &mut TableFile, row: &stored::InvoiceRow) -> Result<(), ImportError> {
    let [period_from, period_to] = row.period().map(day);
    Ok(file.write([
        row.number.as_str(),
        &row.payer_number,
        row.kind()?.as_str(),
        text(row.corrects_number.as_ref()),
        &row.issued_on().to_string(),
        &period_from,
        &period_to,
        &day(row.due_on()),
        &print_minor(row.gross_minor),
        text(row.ksef_number.as_ref()),
        text(row.ksef_sha256.as_ref()),
        text(row.pdf_file.as_ref()),
    ])?)
}

fn write_line(file: &mut TableFile, line: &stored::InvoiceLineRow) -> io::Result<()> {
    file.write([
        line.invoice_number.as_str(),
        &line.position.to_string(),
        &line.description,
        text(line.quantity.as_ref()),
        text(line.unit.as_ref()),
        text(line.unit_price.as_ref()),
        &print_minor(line.net_minor),
        text(line.vat_rate.as_ref()),
        &print_minor(line.gross_minor),
    ])
}

fn text(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
