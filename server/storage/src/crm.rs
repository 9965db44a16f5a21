//! What the CRM and billing deliver, written row by row: each function adds or replaces one row by the CRM's own number
//! and answers whether the rows it refers to exist. Ids given here are used for new rows only; existing rows keep theirs.

use std::collections::HashSet;

use openbok_domain::{
    Commodity, ContractId, ContractStatus, CustomerId, CustomerKind, Date, InvoiceId, InvoiceKind, MeterId, PayerId,
    PaymentId, SupplyPointId, Timestamp,
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, Day, StorageError, Ts};

/// A customer.
#[derive(Debug)]
pub struct Customer {
    /// Id for a new row.
    pub id: CustomerId,
    /// Customer number.
    pub number: String,
    /// Person or business.
    pub kind: CustomerKind,
    /// Keyed hash of the tax number.
    pub tax_index: Option<Vec<u8>>,
    /// Name, tax numbers, address and contact, sealed.
    pub sealed: Vec<u8>,
}

/// A contract.
#[derive(Debug)]
pub struct Contract {
    /// Id for a new row.
    pub id: ContractId,
    /// Contract number as delivered.
    pub number: String,
    /// The form of it that registration looks for; several contracts may share it.
    pub number_key: String,
    /// Customer number it refers to.
    pub customer_number: String,
    /// Status.
    pub status: ContractStatus,
    /// What is supplied.
    pub commodity: Commodity,
    /// Tariff group.
    pub tariff: Option<String>,
    /// Day of the last signature.
    pub signed_on: Option<Date>,
    /// First day of supply.
    pub starts_on: Option<Date>,
    /// Last day of supply.
    pub ends_on: Option<Date>,
}

/// A payer.
#[derive(Debug)]
pub struct Payer {
    /// Id for a new row.
    pub id: PayerId,
    /// Payer number.
    pub number: String,
    /// Customer number it refers to.
    pub customer_number: String,
    /// Name and bank account, sealed.
    pub sealed: Vec<u8>,
    /// What was owed before the first delivered invoice.
    pub opening_minor: i64,
}

/// A supply point.
#[derive(Debug)]
pub struct SupplyPoint {
    /// Id for a new row.
    pub id: SupplyPointId,
    /// PPE, EIC or own number.
    pub code: String,
    /// Contract number it refers to.
    pub contract_number: String,
    /// Payer number it refers to.
    pub payer_number: Option<String>,
    /// Personal account, digits only.
    pub personal_account: Option<String>,
    /// Address, sealed.
    pub sealed: Vec<u8>,
}

/// A meter.
#[derive(Debug)]
pub struct Meter {
    /// Id for a new row.
    pub id: MeterId,
    /// Number on its plate.
    pub number: String,
    /// Supply point it refers to.
    pub supply_point: String,
    /// Registers, joined by `;`.
    pub registers: String,
    /// Unit; without one the usual one of what is supplied there.
    pub unit: Option<String>,
    /// Day of installation.
    pub installed_on: Option<Date>,
    /// Day of removal.
    pub removed_on: Option<Date>,
}

/// An invoice.
#[derive(Debug)]
pub struct Invoice {
    /// Id for a new row.
    pub id: InvoiceId,
    /// Invoice number.
    pub number: String,
    /// Payer number it refers to.
    pub payer_number: String,
    /// Kind.
    pub kind: InvoiceKind,
    /// Number of the invoice it corrects, one of the same customer.
    pub corrects: Option<String>,
    /// Day of issue.
    pub issued_on: Date,
    /// First day billed.
    pub period_from: Option<Date>,
    /// Last day billed.
    pub period_to: Option<Date>,
    /// Day by which to pay; without one it is never late.
    pub due_on: Option<Date>,
    /// Amount.
    pub gross_minor: i64,
    /// Number in the national e-invoice system.
    pub ksef_number: Option<String>,
    /// Hash of its e-invoice, base64 or hex as delivered.
    pub ksef_sha256: Option<String>,
    /// Name under which the services keep its PDF.
    pub pdf_file: Option<String>,
}

/// A line of an invoice.
#[derive(Debug)]
pub struct InvoiceLine {
    /// Invoice number it refers to.
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
#[derive(Debug)]
pub struct Payment {
    /// Id for a new row.
    pub id: PaymentId,
    /// Number given by billing.
    pub number: String,
    /// Payer number it refers to.
    pub payer_number: String,
    /// Invoice it is booked on, one of the same customer.
    pub invoice_number: Option<String>,
    /// Day of booking.
    pub paid_on: Date,
    /// Amount.
    pub amount_minor: i64,
}

/// Adds or replaces a customer.
pub async fn upsert_customer(
    conn: Conn<'_>,
    operator: &str,
    row: &Customer,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO customers (id, operator, number, kind, tax_index, sealed, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (operator, number) DO UPDATE SET kind = $4, tax_index = $5, sealed = $6, updated_at = $7",
        row.id.uuid(),
        operator,
        &row.number,
        row.kind.as_str(),
        row.tax_index.as_deref(),
        &row.sealed,
        Ts(now)
    )
    .map(drop)
}

/// Adds or replaces a contract; `false` when its customer is unknown.
pub async fn upsert_contract(
    conn: Conn<'_>,
    operator: &str,
    row: &Contract,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "INSERT INTO contracts (id, operator, number, number_key, customer_id, status, commodity, tariff, signed_on, starts_on, \
         ends_on, updated_at) \
         SELECT $1, $2, $3, $12, c.id, $5, $6, $7, $8, $9, $10, $11 FROM customers c WHERE c.operator = $2 AND c.number = $4 \
         ON CONFLICT (operator, number) DO UPDATE SET number_key = excluded.number_key, customer_id = excluded.customer_id, \
         status = $5, commodity = $6, tariff = $7, signed_on = $8, starts_on = $9, ends_on = $10, updated_at = $11",
        row.id.uuid(),
        operator,
        &row.number,
        &row.customer_number,
        row.status.as_str(),
        row.commodity.as_str(),
        row.tariff.as_deref(),
        row.signed_on.map(Day),
        row.starts_on.map(Day),
        row.ends_on.map(Day),
        Ts(now),
        &row.number_key
    )?;
    Ok(changed == 1)
}

/// Adds or replaces a payer; `false` when its customer is unknown. The invoices of a payer that goes to another customer
/// go with it.
pub async fn upsert_payer(
    mut conn: Conn<'_>,
    operator: &str,
    row: &Payer,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let written = fetch_optional!(
        conn.again(),
        (Uuid, Uuid),
        "INSERT INTO payers (id, operator, number, customer_id, sealed, opening_minor, updated_at) \
         SELECT $1, $2, $3, c.id, $5, $6, $7 FROM customers c WHERE c.operator = $2 AND c.number = $4 \
         ON CONFLICT (operator, number) DO UPDATE SET customer_id = excluded.customer_id, sealed = $5, opening_minor = $6, updated_at = $7 \
         RETURNING id, customer_id",
        row.id.uuid(),
        operator,
        &row.number,
        &row.customer_number,
        &row.sealed,
        row.opening_minor,
        Ts(now)
    )?;
    let Some((payer, customer)) = written else { return Ok(false) };
    execute!(
        conn,
        "UPDATE invoices SET customer_id = $2 WHERE payer_id = $1 AND customer_id <> $2 AND operator = $3",
        payer,
        customer,
        operator
    )?;
    Ok(true)
}

/// Adds or replaces a supply point; `false` when its contract is unknown, or its payer when one is named.
pub async fn upsert_supply_point(
    conn: Conn<'_>,
    operator: &str,
    row: &SupplyPoint,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "INSERT INTO supply_points (id, operator, code, contract_id, payer_id, personal_account, sealed, updated_at) \
         SELECT $1, $2, $3, c.id, p.id, $6, $7, $8 FROM contracts c LEFT JOIN payers p ON p.operator = $2 AND p.number = $5 \
         WHERE c.operator = $2 AND c.number = $4 AND ($5 IS NULL OR p.id IS NOT NULL) \
         ON CONFLICT (operator, code) DO UPDATE SET contract_id = excluded.contract_id, payer_id = excluded.payer_id, \
         personal_account = $6, sealed = $7, updated_at = $8",
        row.id.uuid(),
        operator,
        &row.code,
        &row.contract_number,
        row.payer_number.as_deref(),
        row.personal_account.as_deref(),
        &row.sealed,
        Ts(now)
    )?;
    Ok(changed == 1)
}

/// Adds or replaces a meter; `false` when its supply point is unknown.
pub async fn upsert_meter(
    mut conn: Conn<'_>,
    operator: &str,
    row: &Meter,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let unit = match &row.unit {
        Some(unit) => unit.as_str(),
        None => match find_commodity(conn.again(), operator, &row.supply_point).await? {
            Some(commodity) => commodity.meter_unit(),
            None => return Ok(false),
        },
    };
    let changed = execute!(
        conn,
        "INSERT INTO meters (id, operator, number, supply_point_id, registers, unit, installed_on, removed_on, updated_at) \
         SELECT $1, $2, $3, s.id, $5, $6, $7, $8, $9 FROM supply_points s WHERE s.operator = $2 AND s.code = $4 \
         ON CONFLICT (operator, number) DO UPDATE SET supply_point_id = excluded.supply_point_id, registers = $5, unit = $6, \
         installed_on = $7, removed_on = $8, updated_at = $9",
        row.id.uuid(),
        operator,
        &row.number,
        &row.supply_point,
        &row.registers,
        unit,
        row.installed_on.map(Day),
        row.removed_on.map(Day),
        Ts(now)
    )?;
    Ok(changed == 1)
}

/// What is supplied at the supply point with this code.
async fn find_commodity(conn: Conn<'_>, operator: &str, code: &str) -> Result<Option<Commodity>, StorageError> {
    let found = fetch_optional!(
        conn,
        (String,),
        "SELECT k.commodity FROM supply_points s JOIN contracts k ON k.id = s.contract_id WHERE s.operator = $1 AND s.code = $2",
        operator,
        code
    )?;
    found.map(|(commodity,)| crate::error::read(&commodity, "commodity")).transpose()
}

/// A query over `linked`: the numbers of all invoices that corrections link to the one of a number, from the invoice that
/// corrects none to the last correction. `$1` is the operator. The numbers come first, which CROSS JOIN says to SQLite, so
/// that every invoice is found by its key.
macro_rules! of_linked {
    ($number:literal, $($select:tt)+) => {
        concat!(
            "WITH RECURSIVE above (number, corrects_number) AS ( \
                 SELECT number, corrects_number FROM invoices WHERE operator = $1 AND number = ",
            $number,
            " UNION SELECT i.number, i.corrects_number FROM above a CROSS JOIN invoices i \
                 WHERE i.operator = $1 AND i.number = a.corrects_number), \
             linked (number) AS ( \
                 SELECT number FROM above WHERE corrects_number IS NULL \
                 UNION SELECT i.number FROM linked l CROSS JOIN invoices i \
                 WHERE i.operator = $1 AND i.corrects_number = l.number) ",
            $($select)+
        )
    };
}
pub(crate) use of_linked;

/// Adds or replaces an invoice; `false` when its payer is unknown, or when one is named that it corrects and that is unknown,
/// another customer's, or a correction of this very invoice. What was paid on it stays as it is.
pub async fn upsert_invoice(
    mut conn: Conn<'_>,
    operator: &str,
    row: &Invoice,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let former = fetch_optional!(
        conn.again(),
        (Option<String>,),
        "SELECT corrects_number FROM invoices WHERE operator = $1 AND number = $2",
        operator,
        &row.number
    )?;
    if let (Some((former,)), Some(corrects)) = (&former, &row.corrects)
        && former.as_ref() != Some(corrects)
        && is_linked_above(conn.again(), operator, corrects, &row.number).await?
    {
        return Ok(false);
    }
    let former = former.and_then(|(corrects,)| corrects);
    let changed = execute!(
        conn.again(),
        "INSERT INTO invoices (id, operator, number, payer_id, customer_id, kind, corrects_number, is_corrected, issued_on, \
         period_from, period_to, due_on, gross_minor, paid_minor, ksef_number, ksef_sha256, pdf_file, updated_at) \
         SELECT $1, $2, $3, p.id, p.customer_id, $5, $6, FALSE, $7, $8, $9, $10, $11, 0, $12, $13, $14, $15 FROM payers p \
         WHERE p.operator = $2 AND p.number = $4 AND ($6 IS NULL OR EXISTS ( \
             SELECT 1 FROM invoices former WHERE former.operator = $2 AND former.number = $6 \
             AND former.customer_id = p.customer_id)) \
         ON CONFLICT (operator, number) DO UPDATE SET payer_id = excluded.payer_id, customer_id = excluded.customer_id, kind = $5, \
         corrects_number = $6, issued_on = $7, period_from = $8, period_to = $9, due_on = $10, gross_minor = $11, \
         ksef_number = $12, ksef_sha256 = $13, pdf_file = $14, updated_at = $15",
        row.id.uuid(),
        operator,
        &row.number,
        &row.payer_number,
        row.kind.as_str(),
        row.corrects.as_deref(),
        Day(row.issued_on),
        row.period_from.map(Day),
        row.period_to.map(Day),
        row.due_on.map_or_else(Day::never, Day),
        row.gross_minor,
        row.ksef_number.as_deref(),
        row.ksef_sha256.as_deref(),
        row.pdf_file.as_deref(),
        Ts(now)
    )?;
    if changed == 0 {
        return Ok(false);
    }
    if row.corrects.is_some() || former.is_some() {
        settle(conn.again(), operator, &row.number).await?;
    }
    if let Some(former) = former.filter(|former| row.corrects.as_ref() != Some(former)) {
        settle(conn, operator, &former).await?;
    }
    Ok(true)
}

/// Whether the invoice of a number is the one of the other number, or one that it corrects, however many lie between.
async fn is_linked_above(conn: Conn<'_>, operator: &str, number: &str, above: &str) -> Result<bool, StorageError> {
    let sql = of_linked!("$2", "SELECT number FROM above WHERE number = $3");
    Ok(fetch_optional!(conn, (String,), sql, operator, number, above)?.is_some())
}

/// An invoice that corrections link to others.
#[derive(FromRow)]
struct Linked {
    id: Uuid,
    number: String,
    corrects_number: Option<String>,
    issued_on: Day,
    is_corrected: bool,
    paid_minor: i64,
    booked_minor: i64,
}

/// Of the invoices that corrections link to this one, the newest that none corrects takes the place of all others: by the
/// day of issue, then by number. What was paid on any of them counts for it.
async fn settle(mut conn: Conn<'_>, operator: &str, number: &str) -> Result<(), StorageError> {
    let linked = fetch_all!(
        conn.again(),
        Linked,
        of_linked!(
            "$2",
            "SELECT i.id, i.number, i.corrects_number, i.issued_on, i.is_corrected, i.paid_minor, \
             CAST((SELECT COALESCE(SUM(y.amount_minor), 0) FROM payments y WHERE y.invoice_id = i.id) AS BIGINT) AS booked_minor \
             FROM linked l CROSS JOIN invoices i WHERE i.operator = $1 AND i.number = l.number"
        ),
        operator,
        number
    )?;
    let corrected: HashSet<&String> = linked.iter().filter_map(|invoice| invoice.corrects_number.as_ref()).collect();
    let last = linked
        .iter()
        .filter(|invoice| !corrected.contains(&invoice.number))
        .max_by(|a, b| (a.issued_on.0, &a.number).cmp(&(b.issued_on.0, &b.number)));
    let Some(last) = last else { return Ok(()) };
    let paid_minor: i64 = linked.iter().map(|invoice| invoice.booked_minor).sum();
    for invoice in &linked {
        let is_corrected = invoice.id != last.id;
        let paid_minor = if is_corrected { 0 } else { paid_minor };
        if (invoice.is_corrected, invoice.paid_minor) != (is_corrected, paid_minor) {
            execute!(
                conn.again(),
                "UPDATE invoices SET is_corrected = $3, paid_minor = $4 WHERE operator = $1 AND id = $2",
                operator,
                invoice.id,
                is_corrected,
                paid_minor
            )?;
        }
    }
    Ok(())
}

/// Adds or replaces a line; `false` when its invoice is unknown.
pub async fn upsert_invoice_line(conn: Conn<'_>, operator: &str, row: &InvoiceLine) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "INSERT INTO invoice_lines (invoice_id, position, description, quantity, unit, unit_price, net_minor, vat_rate, gross_minor) \
         SELECT i.id, $3, $4, $5, $6, $7, $8, $9, $10 FROM invoices i WHERE i.operator = $1 AND i.number = $2 \
         ON CONFLICT (invoice_id, position) DO UPDATE SET description = $4, quantity = $5, unit = $6, unit_price = $7, \
         net_minor = $8, vat_rate = $9, gross_minor = $10",
        operator,
        &row.invoice_number,
        row.position,
        &row.description,
        row.quantity.as_deref(),
        row.unit.as_deref(),
        row.unit_price.as_deref(),
        row.net_minor,
        row.vat_rate.as_deref(),
        row.gross_minor
    )?;
    Ok(changed == 1)
}

/// Adds or replaces a payment and books it; `false` when its payer is unknown, or when an invoice is named that is unknown or
/// another customer's. What is paid on a corrected invoice counts for the one that stands in its place.
pub async fn upsert_payment(
    mut conn: Conn<'_>,
    operator: &str,
    row: &Payment,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let former = fetch_optional!(
        conn.again(),
        (Option<Uuid>,),
        "SELECT invoice_id FROM payments WHERE operator = $1 AND number = $2",
        operator,
        &row.number
    )?;
    let booked = fetch_optional!(
        conn.again(),
        (Option<Uuid>,),
        "INSERT INTO payments (id, operator, number, payer_id, invoice_id, paid_on, amount_minor, updated_at) \
         SELECT $1, $2, $3, p.id, i.id, $6, $7, $8 FROM payers p \
         LEFT JOIN invoices i ON i.operator = $2 AND i.number = $5 AND i.customer_id = p.customer_id \
         WHERE p.operator = $2 AND p.number = $4 AND ($5 IS NULL OR i.id IS NOT NULL) \
         ON CONFLICT (operator, number) DO UPDATE SET payer_id = excluded.payer_id, invoice_id = excluded.invoice_id, \
         paid_on = $6, amount_minor = $7, updated_at = $8 RETURNING invoice_id",
        row.id.uuid(),
        operator,
        &row.number,
        &row.payer_number,
        row.invoice_number.as_deref(),
        Day(row.paid_on),
        row.amount_minor,
        Ts(now)
    )?;
    let Some((invoice,)) = booked else { return Ok(false) };
    let mut touched = vec![invoice];
    if let Some((former,)) = former
        && former != invoice
    {
        touched.push(former);
    }
    for invoice in touched.into_iter().flatten() {
        let paid = fetch_optional!(
            conn.again(),
            (String, bool, Option<String>),
            "UPDATE invoices SET paid_minor = (SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM payments \
             WHERE invoice_id = $1) WHERE id = $1 AND operator = $2 RETURNING number, is_corrected, corrects_number",
            invoice,
            operator
        )?;
        if let Some((number, is_corrected, corrects)) = paid
            && (is_corrected || corrects.is_some())
        {
            settle(conn.again(), operator, &number).await?;
        }
    }
    Ok(true)
}

/// A contract as registration checks it.
#[derive(Debug, Clone, FromRow)]
pub struct ContractForRegistration {
    /// Customer it belongs to.
    #[sqlx(try_from = "Uuid")]
    pub customer_id: CustomerId,
    status: String,
    /// Keyed hash of the customer's tax number.
    pub tax_index: Option<Vec<u8>>,
}

impl ContractForRegistration {
    /// Where the contract stands.
    pub fn status(&self) -> Result<ContractStatus, StorageError> {
        crate::error::read(&self.status, "contract status")
    }
}

/// The contracts whose numbers have this form for look-ups, each with the customer it belongs to, in the order of their
/// numbers.
pub async fn list_contracts_by_key(
    conn: Conn<'_>,
    operator: &str,
    number_key: &str,
) -> Result<Vec<ContractForRegistration>, StorageError> {
    fetch_all!(
        conn,
        ContractForRegistration,
        "SELECT k.customer_id, k.status, c.tax_index FROM contracts k JOIN customers c ON c.id = k.customer_id \
         WHERE k.operator = $1 AND k.number_key = $2 ORDER BY k.number",
        operator,
        number_key
    )
}
