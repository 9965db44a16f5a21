//! What a customer reads: contracts, payers, supply points, invoices. Every query is narrowed by the [`Scope`] of the
//! session; ids that come from the browser only narrow further.

use openbok_domain::{
    Commodity, ContractStatus, CustomerId, Date, InvoiceFilter, InvoiceId, InvoiceKind, PagePlace, PayerId,
    SupplyPointId,
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::crm::of_linked;
use crate::db::{fetch_all, fetch_optional};
use crate::error::read;
use crate::{Conn, Day, StorageError};

/// What a session may see, built by the services from the session alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Operator whose portal it is.
    pub operator: String,
    /// Customers linked to the account.
    pub customers: Vec<CustomerId>,
}

/// A customer.
#[derive(Debug, Clone, FromRow)]
pub struct Customer {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: CustomerId,
    /// Customer number.
    pub number: String,
    /// Name, tax numbers, address and contact, sealed.
    pub sealed: Vec<u8>,
}

/// A contract.
#[derive(Debug, Clone, FromRow)]
pub struct Contract {
    /// Contract number.
    pub number: String,
    status: String,
    commodity: String,
    /// Tariff group.
    pub tariff: Option<String>,
    signed_on: Option<Day>,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    /// How many supply points it covers.
    pub supply_points: i64,
}

impl Contract {
    /// Where it stands.
    pub fn status(&self) -> Result<ContractStatus, StorageError> {
        read(&self.status, "contract status")
    }

    /// What is supplied.
    pub fn commodity(&self) -> Result<Commodity, StorageError> {
        read(&self.commodity, "commodity")
    }

    /// Day of signature, first and last day of supply.
    #[must_use]
    pub fn days(&self) -> [Option<Date>; 3] {
        [self.signed_on, self.starts_on, self.ends_on].map(|day| day.map(Into::into))
    }
}

/// A payer and what is open on it.
#[derive(Debug, Clone, FromRow)]
pub struct Payer {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: PayerId,
    /// Payer number.
    pub number: String,
    /// Name and bank account, sealed.
    pub sealed: Vec<u8>,
    /// Opening balance and unpaid rests less payments not booked on any invoice. A corrected invoice asks for nothing, and
    /// what was paid on it counts for the one in its place.
    pub balance_minor: i64,
    /// What the invoices that are not paid yet ask for.
    pub open_minor: i64,
}

/// A supply point.
#[derive(Debug, Clone, FromRow)]
pub struct SupplyPoint {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SupplyPointId,
    /// PPE, EIC or own number.
    pub code: String,
    /// Address, sealed.
    pub sealed: Vec<u8>,
    /// Its contract.
    pub contract_number: String,
    commodity: String,
    /// Its payer.
    pub payer_number: Option<String>,
}

impl SupplyPoint {
    /// What is supplied.
    pub fn commodity(&self) -> Result<Commodity, StorageError> {
        read(&self.commodity, "commodity")
    }
}

/// A meter of a supply point.
#[derive(Debug, Clone, FromRow)]
pub struct Meter {
    /// Supply point it belongs to.
    #[sqlx(try_from = "Uuid")]
    pub supply_point_id: SupplyPointId,
    /// Number on its plate.
    pub number: String,
    /// Registers, joined by `;`.
    pub registers: String,
    /// Unit.
    pub unit: String,
    installed_on: Option<Day>,
    removed_on: Option<Day>,
}

impl Meter {
    /// Days of installation and removal.
    #[must_use]
    pub fn days(&self) -> [Option<Date>; 2] {
        [self.installed_on, self.removed_on].map(|day| day.map(Into::into))
    }
}

/// An invoice as lists show it.
#[derive(Debug, Clone, FromRow)]
pub struct Invoice {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: InvoiceId,
    /// Invoice number.
    pub number: String,
    kind: String,
    /// Its payer's number.
    pub payer_number: String,
    /// Whether another invoice stands in its place.
    pub is_corrected: bool,
    #[sqlx(try_from = "Day")]
    /// Day of issue.
    pub issued_on: Date,
    due_on: Day,
    /// Amount.
    pub gross_minor: i64,
    /// What of it was paid, on the invoices in whose place it stands, too; nothing on a corrected one.
    pub paid_minor: i64,
}

impl Invoice {
    /// Kind of document.
    pub fn kind(&self) -> Result<InvoiceKind, StorageError> {
        read(&self.kind, "invoice kind")
    }

    /// Day by which to pay, if there is one.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        self.due_on.unless_never()
    }
}

/// What the page of one invoice shows beside [`Invoice`].
#[derive(Debug, Clone, FromRow)]
pub struct InvoiceRest {
    /// Name and bank account of its payer, sealed.
    pub payer_sealed: Vec<u8>,
    /// Its payer.
    #[sqlx(try_from = "Uuid")]
    pub payer_id: PayerId,
    /// Its customer.
    #[sqlx(try_from = "Uuid")]
    pub customer_id: CustomerId,
    period_from: Option<Day>,
    period_to: Option<Day>,
    /// Number of the invoice it corrects.
    pub corrects_number: Option<String>,
    /// Number in the national e-invoice system.
    pub ksef_number: Option<String>,
    /// Name under which the services keep its PDF.
    pub pdf_file: Option<String>,
}

impl InvoiceRest {
    /// First and last day billed.
    #[must_use]
    pub fn period(&self) -> [Option<Date>; 2] {
        [self.period_from, self.period_to].map(|day| day.map(Into::into))
    }
}

/// A line of an invoice.
#[derive(Debug, Clone, FromRow)]
pub struct InvoiceLine {
    /// What is charged.
    pub description: String,
    /// How much.
    pub quantity: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Price per unit.
    pub unit_price: Option<String>,
    /// Net amount.
    pub net_minor: i64,
    /// VAT in percent.
    pub vat_rate: Option<String>,
    /// Gross amount.
    pub gross_minor: i64,
}

/// A payment booked on an invoice.
#[derive(Debug, Clone, FromRow)]
pub struct Payment {
    /// Day of booking.
    #[sqlx(try_from = "Day")]
    pub paid_on: Date,
    /// Amount.
    pub amount_minor: i64,
}

/// Rows of one query for each customer of the scope, customer after customer: each runs along an index of its own. `$1` is
/// the operator, `$2` the customer, further values follow.
macro_rules! of_customers {
    ($conn:ident, $scope:ident, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {{
        let mut rows: Vec<$row> = Vec::new();
        for customer in &$scope.customers {
            rows.extend(fetch_all!($conn.again(), $row, $sql, &$scope.operator, customer.uuid() $(, $value)*)?);
        }
        rows
    }};
}

/// The scope's customers.
pub async fn list_customers(mut conn: Conn<'_>, scope: &Scope) -> Result<Vec<Customer>, StorageError> {
    Ok(of_customers!(conn, scope, Customer, "SELECT id, number, sealed FROM customers WHERE operator = $1 AND id = $2"))
}

/// Contracts of the scope's customers, by number.
pub async fn list_contracts(mut conn: Conn<'_>, scope: &Scope) -> Result<Vec<Contract>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        Contract,
        "SELECT k.number, k.status, k.commodity, k.tariff, k.signed_on, k.starts_on, k.ends_on, \
         (SELECT COUNT(*) FROM supply_points s WHERE s.contract_id = k.id) AS supply_points \
         FROM contracts k WHERE k.operator = $1 AND k.customer_id = $2 ORDER BY k.number"
    ))
}

/// Payers of the scope's customers with their balances, by number. Both sums ask for invoices with a rest in the words of the
/// index that has only those: a payer may have thousands that are paid.
pub async fn list_payers(mut conn: Conn<'_>, scope: &Scope) -> Result<Vec<Payer>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        Payer,
        "SELECT p.id, p.number, p.sealed, CAST(p.opening_minor \
         + COALESCE((SELECT SUM(CASE WHEN i.is_corrected THEN 0 ELSE i.gross_minor END - i.paid_minor) FROM invoices i \
         WHERE i.payer_id = p.id AND (i.paid_minor <> i.gross_minor OR i.is_corrected)), 0) \
         - COALESCE((SELECT SUM(y.amount_minor) FROM payments y WHERE y.payer_id = p.id AND y.invoice_id IS NULL), 0) \
         AS BIGINT) AS balance_minor, \
         CAST(COALESCE((SELECT SUM(i.gross_minor - i.paid_minor) FROM invoices i \
         WHERE i.payer_id = p.id AND (i.paid_minor <> i.gross_minor OR i.is_corrected) \
         AND i.paid_minor < i.gross_minor AND i.gross_minor > 0 AND NOT i.is_corrected), 0) AS BIGINT) AS open_minor \
         FROM payers p WHERE p.operator = $1 AND p.customer_id = $2 ORDER BY p.number"
    ))
}

/// Supply points of the scope's customers, by code.
pub async fn list_supply_points(mut conn: Conn<'_>, scope: &Scope) -> Result<Vec<SupplyPoint>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        SupplyPoint,
        "SELECT s.id, s.code, s.sealed, k.number AS contract_number, k.commodity, p.number AS payer_number \
         FROM contracts k JOIN supply_points s ON s.contract_id = k.id LEFT JOIN payers p ON p.id = s.payer_id \
         WHERE k.operator = $1 AND k.customer_id = $2 ORDER BY s.code"
    ))
}

/// Meters of the scope's customers, by number.
pub async fn list_meters(mut conn: Conn<'_>, scope: &Scope) -> Result<Vec<Meter>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        Meter,
        "SELECT m.supply_point_id, m.number, m.registers, m.unit, m.installed_on, m.removed_on \
         FROM contracts k JOIN supply_points s ON s.contract_id = k.id JOIN meters m ON m.supply_point_id = s.id \
         WHERE k.operator = $1 AND k.customer_id = $2 ORDER BY m.number"
    ))
}

/// The columns of [`Invoice`] from one customer's invoices, before the rest of the conditions.
macro_rules! select_invoices {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.number, i.kind, p.number AS payer_number, i.is_corrected, i.issued_on, i.due_on, i.gross_minor, \
             i.paid_minor FROM invoices i JOIN payers p ON p.id = i.payer_id WHERE i.operator = $1 AND i.customer_id = $2",
            $rest
        )
    };
}

/// One page of a filter: the rows next to a key on one side of it, of one payer or of all.
macro_rules! select_invoice_page {
    ($condition:literal, $side:literal) => {
        concat!(select_invoices!($condition), " AND ($6 = '' OR p.number = $6) AND ", $side, " LIMIT $5")
    };
}

/// One page of a filter as one text, on each engine. SQLite's driver hands every row over from another thread, which costs
/// more than the row itself; so the rows travel together, as arrays in an array of JSON. The functions that build it have
/// other names in each engine, and SQLite's know no bytes.
struct Page {
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! packed_page {
    ($condition:literal, $side:literal) => {
        Page {
            sqlite: packed_page!("json_group_array(json_array(HEX(id)", $condition, $side),
            postgres: packed_page!("json_agg(json_build_array(id", $condition, $side),
        }
    };
    ($array:literal, $condition:literal, $side:literal) => {
        concat!(
            "SELECT CAST(COALESCE(",
            $array,
            ", number, kind, payer_number, CASE WHEN is_corrected THEN 1 ELSE 0 END, issued_on, due_on, gross_minor, \
             paid_minor)), '[]') AS TEXT), \
             (SELECT COUNT(*) FROM payers WHERE operator = $1 AND customer_id = $2) FROM (",
            select_invoice_page!($condition, $side),
            ") page"
        )
    };
}

/// The pages of a filter on both sides of a key. Each runs along the same index, in its own direction.
struct Pages {
    older: Page,
    newer: Page,
}

macro_rules! packed_pages {
    ($condition:literal) => {
        Pages {
            older: packed_page!($condition, "(i.issued_on, i.id) < ($3, $4) ORDER BY i.issued_on DESC, i.id DESC"),
            newer: packed_page!($condition, "(i.issued_on, i.id) > ($3, $4) ORDER BY i.issued_on, i.id"),
        }
    };
}

const PAGES_ALL: Pages = packed_pages!("");
const PAGES_UNPAID: Pages =
    packed_pages!(" AND i.paid_minor < i.gross_minor AND i.gross_minor > 0 AND NOT i.is_corrected");
const PAGES_PAID: Pages =
    packed_pages!(" AND (i.paid_minor >= i.gross_minor OR i.gross_minor <= 0) AND NOT i.is_corrected");
const PAGES_OVERDUE: Pages =
    packed_pages!(" AND i.paid_minor < i.gross_minor AND i.gross_minor > 0 AND NOT i.is_corrected AND i.due_on < $7");

/// One invoice of a packed page, in the order of its columns.
type PackedInvoice = (Uuid, String, String, String, u8, Date, Date, i64, i64);

impl From<PackedInvoice> for Invoice {
    fn from(packed: PackedInvoice) -> Self {
        let (id, number, kind, payer_number, is_corrected, issued_on, due_on, gross_minor, paid_minor) = packed;
        let (is_corrected, due_on) = (is_corrected == 1, Day(due_on));
        Self { id: id.into(), number, kind, payer_number, is_corrected, issued_on, due_on, gross_minor, paid_minor }
    }
}

/// One page of invoices, and how many payers their customers have together.
#[derive(Debug, Clone, Default)]
pub struct InvoicePage {
    /// The invoices, newest first.
    pub invoices: Vec<Invoice>,
    /// How many payers there are.
    pub payers: i64,
}

/// Invoices of the scope's customers at a place of their list, newest first, at most `most`; only those of the payer of a
/// number, unless it is empty. Each customer's part is read along its index and the parts are merged, so that a page costs
/// the same however long the list is.
pub async fn list_invoices(
    mut conn: Conn<'_>,
    scope: &Scope,
    filter: InvoiceFilter,
    payer: &str,
    place: PagePlace,
    most: i64,
    today: Date,
) -> Result<InvoicePage, StorageError> {
    let pages = match filter {
        InvoiceFilter::All => PAGES_ALL,
        InvoiceFilter::Unpaid => PAGES_UNPAID,
        InvoiceFilter::Paid => PAGES_PAID,
        InvoiceFilter::Overdue => PAGES_OVERDUE,
    };
    let (select, day, id) = match place {
        // Above every key that can occur.
        PagePlace::First => (pages.older, Day::never().0, Uuid::max()),
        PagePlace::After(key) => (pages.older, key.day, key.id.uuid()),
        PagePlace::Before(key) => (pages.newer, key.day, key.id.uuid()),
    };
    let sql = match &conn {
        Conn::Sqlite(_) => select.sqlite,
        Conn::Postgres(_) => select.postgres,
    };
    let mut page = InvoicePage::default();
    for customer in &scope.customers {
        let conn = conn.again();
        let (operator, customer, day) = (&scope.operator, customer.uuid(), Day(day));
        let row = if filter == InvoiceFilter::Overdue {
            fetch_optional!(conn, (String, i64), sql, operator, customer, day, id, most, payer, Day(today))
        } else {
            fetch_optional!(conn, (String, i64), sql, operator, customer, day, id, most, payer)
        };
        let (packed, payers) = row?.unwrap_or_default();
        let packed: Vec<PackedInvoice> =
            serde_json::from_str(&packed).map_err(|_| StorageError::unreadable("page of invoices"))?;
        page.invoices.extend(packed.into_iter().map(Invoice::from));
        page.payers += payers;
    }
    page.invoices.sort_by_key(|invoice| std::cmp::Reverse((invoice.issued_on, invoice.id)));
    let most = usize::try_from(most).unwrap_or_default();
    if matches!(place, PagePlace::Before(_)) {
        // Next to the key are the oldest of them.
        let extra = page.invoices.len().saturating_sub(most);
        page.invoices.drain(..extra);
    }
    page.invoices.truncate(most);
    Ok(page)
}

/// The unpaid invoice that is due first.
pub async fn find_next_due(mut conn: Conn<'_>, scope: &Scope) -> Result<Option<Invoice>, StorageError> {
    let candidates = of_customers!(
        conn,
        scope,
        Invoice,
        select_invoices!(
            " AND i.paid_minor < i.gross_minor AND i.gross_minor > 0 AND NOT i.is_corrected ORDER BY i.due_on, i.id LIMIT 1"
        )
    );
    Ok(candidates.into_iter().min_by_key(|invoice| (invoice.due_on.0, invoice.id)))
}

/// How many unpaid invoices are past their due date.
pub async fn count_overdue(mut conn: Conn<'_>, scope: &Scope, today: Date) -> Result<i64, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        (i64,),
        "SELECT COUNT(*) FROM invoices WHERE operator = $1 AND customer_id = $2 AND paid_minor < gross_minor \
         AND gross_minor > 0 AND NOT is_corrected AND due_on < $3",
        Day(today)
    )
    .iter()
    .map(|(count,)| count)
    .sum())
}

/// One invoice of the scope's customers; somebody else's is as absent as one that does not exist.
pub async fn find_invoice(mut conn: Conn<'_>, scope: &Scope, id: InvoiceId) -> Result<Option<Invoice>, StorageError> {
    Ok(of_customers!(conn, scope, Invoice, select_invoices!(" AND i.id = $3"), id.uuid()).pop())
}

/// Whether the operator has an invoice of this id, whoever it is for. Asked for the record of denials alone, as nothing of
/// the invoice is told.
pub async fn has_invoice(conn: Conn<'_>, operator: &str, id: InvoiceId) -> Result<bool, StorageError> {
    let sql = "SELECT COUNT(*) FROM invoices WHERE operator = $1 AND id = $2";
    Ok(fetch_optional!(conn, (i64,), sql, operator, id.uuid())?.is_some_and(|(count,)| count > 0))
}

/// What the page of an invoice of the scope's customers shows beside the invoice itself.
pub async fn find_invoice_rest(
    mut conn: Conn<'_>,
    scope: &Scope,
    id: InvoiceId,
) -> Result<Option<InvoiceRest>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        InvoiceRest,
        "SELECT p.sealed AS payer_sealed, i.payer_id, i.customer_id, i.period_from, i.period_to, i.corrects_number, \
         i.ksef_number, i.pdf_file FROM invoices i JOIN payers p ON p.id = i.payer_id \
         WHERE i.operator = $1 AND i.customer_id = $2 AND i.id = $3",
        id.uuid()
    )
    .pop())
}

/// The scope's invoice with this number.
pub async fn find_invoice_by_number(
    mut conn: Conn<'_>,
    scope: &Scope,
    number: &str,
) -> Result<Option<Invoice>, StorageError> {
    Ok(of_customers!(conn, scope, Invoice, select_invoices!(" AND i.number = $3"), number).pop())
}

/// Id and number of the scope's invoice that stands in the place of the corrected one with this number.
pub async fn find_correction(
    mut conn: Conn<'_>,
    scope: &Scope,
    number: &str,
) -> Result<Option<(InvoiceId, String)>, StorageError> {
    let found = of_customers!(
        conn,
        scope,
        (Uuid, String),
        of_linked!(
            "$3",
            "SELECT i.id, i.number FROM linked l CROSS JOIN invoices i \
             WHERE i.operator = $1 AND i.customer_id = $2 AND i.number = l.number AND NOT i.is_corrected"
        ),
        number
    );
    Ok(found.into_iter().next().map(|(id, number)| (id.into(), number)))
}

/// Lines of an invoice of the scope's customers, in their order.
pub async fn list_invoice_lines(
    mut conn: Conn<'_>,
    scope: &Scope,
    id: InvoiceId,
) -> Result<Vec<InvoiceLine>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        InvoiceLine,
        "SELECT l.description, l.quantity, l.unit, l.unit_price, l.net_minor, l.vat_rate, l.gross_minor \
         FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id \
         WHERE i.operator = $1 AND i.customer_id = $2 AND i.id = $3 ORDER BY l.position",
        id.uuid()
    ))
}

/// Payments booked on an invoice of the scope's customers, newest first.
pub async fn list_payments(mut conn: Conn<'_>, scope: &Scope, id: InvoiceId) -> Result<Vec<Payment>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        Payment,
        "SELECT y.paid_on, y.amount_minor FROM invoices i JOIN payments y ON y.invoice_id = i.id \
         WHERE i.operator = $1 AND i.customer_id = $2 AND i.id = $3 ORDER BY y.paid_on DESC, y.id DESC",
        id.uuid()
    ))
}

/// Payments booked on the scope's invoice of a number or on those in whose place it stands, newest first.
pub async fn list_payments_of_linked(
    mut conn: Conn<'_>,
    scope: &Scope,
    number: &str,
) -> Result<Vec<Payment>, StorageError> {
    Ok(of_customers!(
        conn,
        scope,
        Payment,
        of_linked!(
            "$3",
            "SELECT y.paid_on, y.amount_minor FROM linked l CROSS JOIN invoices i CROSS JOIN payments y \
             WHERE i.operator = $1 AND i.customer_id = $2 AND i.number = l.number AND y.invoice_id = i.id \
             ORDER BY y.paid_on DESC, y.id DESC"
        ),
        number
    ))
}
