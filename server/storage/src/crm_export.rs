//! What the CRM and billing delivered, read back by their own numbers: page by page for an export, and one by one to tell
//! which reference of a refused row is unknown.

use openbok_domain::plan::Power;
use openbok_domain::{Commodity, ContractStatus, CustomerKind, Date, InvoiceKind};
use sqlx::FromRow;

use crate::db::{fetch_all, fetch_optional};
use crate::error::read;
use crate::units::power as stored_power;
use crate::{Conn, Day, StorageError};

/// A customer.
#[derive(Debug, FromRow)]
pub struct CustomerRow {
    /// Customer number.
    pub number: String,
    kind: String,
    /// Name, tax numbers, address and contact, sealed.
    pub sealed: Vec<u8>,
}

impl CustomerRow {
    /// Person or business.
    pub fn kind(&self) -> Result<CustomerKind, StorageError> {
        read(&self.kind, "customer kind")
    }
}

/// A contract.
#[derive(Debug, FromRow)]
pub struct ContractRow {
    /// Contract number.
    pub number: String,
    /// Number of its customer.
    pub customer_number: String,
    status: String,
    commodity: String,
    /// Tariff group.
    pub tariff: Option<String>,
    signed_on: Option<Day>,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
}

impl ContractRow {
    /// Where it stands.
    pub fn status(&self) -> Result<ContractStatus, StorageError> {
        read(&self.status, "contract status")
    }

    /// What is supplied.
    pub fn commodity(&self) -> Result<Commodity, StorageError> {
        read(&self.commodity, "commodity")
    }

    /// Days of the signature, of the first and of the last supply.
    pub fn days(&self) -> [Option<Date>; 3] {
        [self.signed_on, self.starts_on, self.ends_on].map(|day| day.map(Date::from))
    }
}

/// A payer.
#[derive(Debug, FromRow)]
pub struct PayerRow {
    /// Payer number.
    pub number: String,
    /// Number of its customer.
    pub customer_number: String,
    /// Name and bank account, sealed.
    pub sealed: Vec<u8>,
    /// What was owed before the first delivered invoice.
    pub opening_minor: i64,
}

/// A supply point.
#[derive(Debug, FromRow)]
pub struct SupplyPointRow {
    /// PPE, EIC or own number.
    pub code: String,
    /// Number of its contract.
    pub contract_number: String,
    /// Number of its payer.
    pub payer_number: Option<String>,
    /// Personal account, digits only.
    pub personal_account: Option<String>,
    /// Address, sealed.
    pub sealed: Vec<u8>,
}

/// A meter.
#[derive(Debug, FromRow)]
pub struct MeterRow {
    /// Number on its plate.
    pub number: String,
    /// Number of its supply point.
    pub supply_point: String,
    /// Registers, joined by `;`.
    pub registers: String,
    /// Unit.
    pub unit: String,
    installed_on: Option<Day>,
    removed_on: Option<Day>,
}

impl MeterRow {
    /// Days of installation and removal.
    pub fn days(&self) -> [Option<Date>; 2] {
        [self.installed_on, self.removed_on].map(|day| day.map(Date::from))
    }
}

/// An invoice.
#[derive(Debug, FromRow)]
pub struct InvoiceRow {
    /// Invoice number.
    pub number: String,
    /// Number of its payer.
    pub payer_number: String,
    kind: String,
    /// Number of the invoice it corrects.
    pub corrects_number: Option<String>,
    issued_on: Day,
    period_from: Option<Day>,
    period_to: Option<Day>,
    due_on: Day,
    /// Amount.
    pub gross_minor: i64,
    /// Number in the national e-invoice system.
    pub ksef_number: Option<String>,
    /// Hash of its e-invoice.
    pub ksef_sha256: Option<String>,
    /// Name under which the services keep its PDF.
    pub pdf_file: Option<String>,
}

impl InvoiceRow {
    /// What it is.
    pub fn kind(&self) -> Result<InvoiceKind, StorageError> {
        read(&self.kind, "invoice kind")
    }

    /// Day of issue.
    pub fn issued_on(&self) -> Date {
        self.issued_on.0
    }

    /// First and last day billed.
    pub fn period(&self) -> [Option<Date>; 2] {
        [self.period_from, self.period_to].map(|day| day.map(Date::from))
    }

    /// Day by which to pay, if there is one.
    pub fn due_on(&self) -> Option<Date> {
        self.due_on.unless_never()
    }
}

/// A line of an invoice.
#[derive(Debug, FromRow)]
pub struct InvoiceLineRow {
    /// Number of its invoice.
    pub invoice_number: String,
    /// Place on the invoice.
    pub position: i64,
    /// What is charged.
    pub description: String,
    /// How much, as an exact decimal.
    pub quantity: Option<String>,
    /// Unit of the quantity.
    pub unit: Option<String>,
    /// Price per unit, as an exact decimal.
    pub unit_price: Option<String>,
    /// Net amount.
    pub net_minor: i64,
    /// VAT in percent as an exact decimal, or the word in its place.
    pub vat_rate: Option<String>,
    /// Gross amount.
    pub gross_minor: i64,
}

/// A payment.
#[derive(Debug, FromRow)]
pub struct PaymentRow {
    /// Number given by billing.
    pub number: String,
    /// Number of its payer.
    pub payer_number: String,
    /// Number of the invoice it is booked on.
    pub invoice_number: Option<String>,
    paid_on: Day,
    /// Amount.
    pub amount_minor: i64,
}

impl PaymentRow {
    /// Day of booking.
    pub fn paid_on(&self) -> Date {
        self.paid_on.0
    }
}

/// The next customers by number.
pub async fn list_customers(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<CustomerRow>, StorageError> {
    fetch_all!(
        conn,
        CustomerRow,
        "SELECT number, kind, sealed FROM customers WHERE operator = $1 AND number > $2 ORDER BY number LIMIT $3",
        operator,
        after,
        most
    )
}

/// The next contracts by number.
pub async fn list_contracts(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<ContractRow>, StorageError> {
    fetch_all!(
        conn,
        ContractRow,
        "SELECT k.number, c.number AS customer_number, k.status, k.commodity, k.tariff, k.signed_on, k.starts_on, k.ends_on \
         FROM contracts k JOIN customers c ON c.id = k.customer_id \
         WHERE k.operator = $1 AND k.number > $2 ORDER BY k.number LIMIT $3",
        operator,
        after,
        most
    )
}

/// The next payers by number.
pub async fn list_payers(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<PayerRow>, StorageError> {
    fetch_all!(
        conn,
        PayerRow,
        "SELECT p.number, c.number AS customer_number, p.sealed, p.opening_minor \
         FROM payers p JOIN customers c ON c.id = p.customer_id \
         WHERE p.operator = $1 AND p.number > $2 ORDER BY p.number LIMIT $3",
        operator,
        after,
        most
    )
}

/// A generating unit.
#[derive(Debug, FromRow)]
pub struct UnitRow {
    /// Code under which the operator knows it.
    pub code: String,
    /// Identifier in market messages.
    pub mrid: Option<String>,
    /// Number of the company that runs it.
    pub customer_number: String,
    /// Name.
    pub name: String,
    /// How it generates.
    pub technology: String,
    installed_kw: i64,
    pmin_kw: i64,
    pmax_kw: i64,
    /// Where it feeds in.
    pub connection_point: String,
}

impl UnitRow {
    /// Power installed, the least and the greatest it can run at.
    pub fn powers(&self) -> Result<[Power; 3], StorageError> {
        let [installed, pmin, pmax] = [self.installed_kw, self.pmin_kw, self.pmax_kw].map(stored_power);
        Ok([installed?, pmin?, pmax?])
    }
}

/// The next generating units by code.
pub async fn list_units(conn: Conn<'_>, operator: &str, after: &str, most: i64) -> Result<Vec<UnitRow>, StorageError> {
    fetch_all!(
        conn,
        UnitRow,
        "SELECT u.code, u.mrid, c.number AS customer_number, u.name, u.technology, u.installed_kw, u.pmin_kw, u.pmax_kw, \
         u.connection_point FROM generating_units u JOIN customers c ON c.id = u.customer_id \
         WHERE u.operator = $1 AND u.code > $2 ORDER BY u.code LIMIT $3",
        operator,
        after,
        most
    )
}

/// The next supply points by number.
pub async fn list_supply_points(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<SupplyPointRow>, StorageError> {
    fetch_all!(
        conn,
        SupplyPointRow,
        "SELECT s.code, k.number AS contract_number, p.number AS payer_number, s.personal_account, s.sealed \
         FROM supply_points s JOIN contracts k ON k.id = s.contract_id LEFT JOIN payers p ON p.id = s.payer_id \
         WHERE s.operator = $1 AND s.code > $2 ORDER BY s.code LIMIT $3",
        operator,
        after,
        most
    )
}

/// The next meters by number.
pub async fn list_meters(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<MeterRow>, StorageError> {
    fetch_all!(
        conn,
        MeterRow,
        "SELECT m.number, s.code AS supply_point, m.registers, m.unit, m.installed_on, m.removed_on \
         FROM meters m JOIN supply_points s ON s.id = m.supply_point_id \
         WHERE m.operator = $1 AND m.number > $2 ORDER BY m.number LIMIT $3",
        operator,
        after,
        most
    )
}

/// The next invoices by number.
pub async fn list_invoices(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<InvoiceRow>, StorageError> {
    fetch_all!(
        conn,
        InvoiceRow,
        "SELECT i.number, p.number AS payer_number, i.kind, i.corrects_number, i.issued_on, i.period_from, i.period_to, i.due_on, \
         i.gross_minor, i.ksef_number, i.ksef_sha256, i.pdf_file FROM invoices i JOIN payers p ON p.id = i.payer_id \
         WHERE i.operator = $1 AND i.number > $2 ORDER BY i.number LIMIT $3",
        operator,
        after,
        most
    )
}

/// The lines of all invoices whose numbers lie after the first and up to the last one given.
pub async fn list_invoice_lines(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    last: &str,
) -> Result<Vec<InvoiceLineRow>, StorageError> {
    fetch_all!(
        conn,
        InvoiceLineRow,
        "SELECT i.number AS invoice_number, l.position, l.description, l.quantity, l.unit, l.unit_price, l.net_minor, l.vat_rate, \
         l.gross_minor FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id \
         WHERE i.operator = $1 AND i.number > $2 AND i.number <= $3 ORDER BY i.number, l.position",
        operator,
        after,
        last
    )
}

/// The next payments by number.
pub async fn list_payments(
    conn: Conn<'_>,
    operator: &str,
    after: &str,
    most: i64,
) -> Result<Vec<PaymentRow>, StorageError> {
    fetch_all!(
        conn,
        PaymentRow,
        "SELECT b.number, p.number AS payer_number, i.number AS invoice_number, b.paid_on, b.amount_minor \
         FROM payments b JOIN payers p ON p.id = b.payer_id LEFT JOIN invoices i ON i.id = b.invoice_id \
         WHERE b.operator = $1 AND b.number > $2 ORDER BY b.number LIMIT $3",
        operator,
        after,
        most
    )
}

/// Whether there is a contract of this number.
pub async fn has_contract(conn: Conn<'_>, operator: &str, number: &str) -> Result<bool, StorageError> {
    let found = fetch_optional!(
        conn,
        (String,),
        "SELECT number FROM contracts WHERE operator = $1 AND number = $2",
        operator,
        number
    )?;
    Ok(found.is_some())
}

/// Whether there is a payer of this number.
pub async fn has_payer(conn: Conn<'_>, operator: &str, number: &str) -> Result<bool, StorageError> {
    let found = fetch_optional!(
        conn,
        (String,),
        "SELECT number FROM payers WHERE operator = $1 AND number = $2",
        operator,
        number
    )?;
    Ok(found.is_some())
}

/// Whether the invoice of a number belongs to the customer of this payer; nothing when there is no such invoice.
pub async fn is_invoice_of_payers_customer(
    conn: Conn<'_>,
    operator: &str,
    number: &str,
    payer_number: &str,
) -> Result<Option<bool>, StorageError> {
    let found = fetch_optional!(
        conn,
        (bool,),
        "SELECT CASE WHEN i.customer_id = p.customer_id THEN TRUE ELSE FALSE END FROM invoices i \
         JOIN payers p ON p.operator = i.operator WHERE i.operator = $1 AND i.number = $2 AND p.number = $3",
        operator,
        number,
        payer_number
    )?;
    Ok(found.map(|(is_same,)| is_same))
}

/// The name under which the PDF of an invoice is kept.
pub async fn find_invoice_file(conn: Conn<'_>, operator: &str, number: &str) -> Result<Option<String>, StorageError> {
    let found = fetch_optional!(
        conn,
        (Option<String>,),
        "SELECT pdf_file FROM invoices WHERE operator = $1 AND number = $2",
        operator,
        number
    )?;
    Ok(found.and_then(|(file,)| file))
}

/// Whether an invoice of any operator has its PDF under this name.
pub async fn has_invoice_with_file(conn: Conn<'_>, file: &str) -> Result<bool, StorageError> {
    let found = fetch_optional!(conn, (String,), "SELECT number FROM invoices WHERE pdf_file = $1 LIMIT 1", file)?;
    Ok(found.is_some())
}
