//! Generating units: delivered by the CRM or changed by staff, read by producers within their companies.

use openbok_domain::plan::{Limits, PlanStatus, Power};
use openbok_domain::{CustomerId, Date, Timestamp, UnitId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, Day, StorageError, Ts};

/// A unit to add or replace.
#[derive(Debug, Clone)]
pub struct NewUnit {
    /// Id for a new row.
    pub id: UnitId,
    /// Code under which the operator knows it.
    pub code: String,
    /// Identifier in market messages.
    pub mrid: Option<String>,
    /// Customer number of the company that runs it.
    pub customer_number: String,
    /// Name.
    pub name: String,
    /// How it generates.
    pub technology: String,
    /// Power installed.
    pub installed: Power,
    /// What it can do.
    pub limits: Limits,
    /// Where it feeds in.
    pub connection_point: String,
}

/// A unit as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Unit {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: UnitId,
    /// Code under which the operator knows it.
    pub code: String,
    /// Identifier in market messages.
    pub mrid: Option<String>,
    /// Company that runs it.
    #[sqlx(try_from = "Uuid")]
    pub customer_id: CustomerId,
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

impl Unit {
    /// Power installed.
    pub fn installed(&self) -> Result<Power, StorageError> {
        power(self.installed_kw)
    }

    /// What it can do.
    pub fn limits(&self) -> Result<Limits, StorageError> {
        Ok(Limits { pmin: power(self.pmin_kw)?, pmax: power(self.pmax_kw)? })
    }
}

/// A stored power.
pub(crate) fn power(kw: i64) -> Result<Power, StorageError> {
    i32::try_from(kw).map(Power::from_kw).map_err(|_| StorageError::unreadable("power"))
}

/// The columns of [`Unit`] before the rest of the query.
macro_rules! select_units {
    ($rest:literal) => {
        concat!(
            "SELECT u.id, u.code, u.mrid, u.customer_id, u.name, u.technology, u.installed_kw, u.pmin_kw, u.pmax_kw, \
             u.connection_point FROM generating_units u WHERE u.operator = $1",
            $rest
        )
    };
}

/// Adds or replaces a unit by its code; `false` when its customer is unknown.
pub async fn upsert(conn: Conn<'_>, operator: &str, unit: &NewUnit, now: Timestamp) -> Result<bool, StorageError> {
    let written = execute!(
        conn,
        "INSERT INTO generating_units (id, operator, code, mrid, customer_id, name, technology, installed_kw, pmin_kw, \
         pmax_kw, connection_point, search, updated_at) \
         SELECT $1, $2, $3, $4, c.id, $6, $7, $8, $9, $10, $11, $12, $13 FROM customers c WHERE c.operator = $2 AND c.number = $5 \
         ON CONFLICT (operator, code) DO UPDATE SET mrid = excluded.mrid, customer_id = excluded.customer_id, \
         name = excluded.name, technology = excluded.technology, installed_kw = excluded.installed_kw, \
         pmin_kw = excluded.pmin_kw, pmax_kw = excluded.pmax_kw, connection_point = excluded.connection_point, \
         search = excluded.search, updated_at = excluded.updated_at",
        unit.id.uuid(),
        operator,
        &unit.code,
        unit.mrid.as_deref(),
        &unit.customer_number,
        &unit.name,
        &unit.technology,
        i64::from(unit.installed.kw()),
        i64::from(unit.limits.pmin.kw()),
        i64::from(unit.limits.pmax.kw()),
        &unit.connection_point,
        search(&unit.code, &unit.name),
        Ts(now)
    )?;
    Ok(written == 1)
}

/// What staff may change of a unit.
#[derive(Debug, Clone)]
pub struct UnitChange {
    /// Name.
    pub name: String,
    /// Identifier in market messages.
    pub mrid: Option<String>,
    /// How it generates.
    pub technology: String,
    /// Power installed.
    pub installed: Power,
    /// What it can do.
    pub limits: Limits,
    /// Where it feeds in.
    pub connection_point: String,
}

/// Changes a unit; `false` when there is none of this id.
pub async fn update(
    conn: Conn<'_>,
    operator: &str,
    unit: &Unit,
    change: &UnitChange,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE generating_units SET name = $3, mrid = $4, technology = $5, installed_kw = $6, pmin_kw = $7, pmax_kw = $8, \
         connection_point = $9, search = $10, updated_at = $11 WHERE operator = $1 AND id = $2",
        operator,
        unit.id.uuid(),
        &change.name,
        change.mrid.as_deref(),
        &change.technology,
        i64::from(change.installed.kw()),
        i64::from(change.limits.pmin.kw()),
        i64::from(change.limits.pmax.kw()),
        &change.connection_point,
        search(&unit.code, &change.name),
        Ts(now)
    )?;
    Ok(changed == 1)
}

/// Units of companies, by code.
pub async fn list_of(mut conn: Conn<'_>, operator: &str, companies: &[CustomerId]) -> Result<Vec<Unit>, StorageError> {
    let mut units = Vec::new();
    for company in companies {
        let sql = select_units!(" AND u.customer_id = $2 ORDER BY u.code");
        units.extend(fetch_all!(conn.again(), Unit, sql, operator, company.uuid())?);
    }
    units.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(units)
}

/// Units of the operator whose code comes after one, by code, at most `most`; those whose code or name contains a word, unless
/// it is empty.
pub async fn list(
    conn: Conn<'_>,
    operator: &str,
    word: &str,
    after: &str,
    most: i64,
) -> Result<Vec<Unit>, StorageError> {
    fetch_all!(
        conn,
        Unit,
        select_units!(" AND u.code > $2 AND ($3 = '' OR u.search LIKE $3 ESCAPE '!') ORDER BY u.code LIMIT $4"),
        operator,
        after,
        like(word),
        most
    )
}

/// The same, of those units whose plans of a day stand there.
pub async fn list_of_day(
    conn: Conn<'_>,
    operator: &str,
    (day, status): (Date, PlanStatus),
    word: &str,
    after: &str,
    most: i64,
) -> Result<Vec<Unit>, StorageError> {
    let sql = select_units!(
        " AND u.code > $2 AND ($3 = '' OR u.search LIKE $3 ESCAPE '!') \
         AND COALESCE((SELECT p.status FROM plans p WHERE p.unit_id = u.id AND p.day = $5), 'missing') = $6 \
         ORDER BY u.code LIMIT $4"
    );
    fetch_all!(conn, Unit, sql, operator, after, like(word), most, Day(day), status.as_str())
}

/// What a unit is found by: neither engine folds the case of Polish or Ukrainian words alike.
fn search(code: &str, name: &str) -> String {
    format!("{code} {name}").to_lowercase()
}

/// A pattern that finds a word anywhere, in any case; empty for no word.
pub(crate) fn like(word: &str) -> String {
    let word = word.to_lowercase();
    if word.is_empty() {
        return String::new();
    }
    format!("%{}%", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// The unit of a code.
pub async fn find(conn: Conn<'_>, operator: &str, code: &str) -> Result<Option<Unit>, StorageError> {
    fetch_optional!(conn, Unit, select_units!(" AND u.code = $2"), operator, code)
}

/// The unit that market messages call so.
pub async fn find_by_mrid(conn: Conn<'_>, operator: &str, mrid: &str) -> Result<Option<Unit>, StorageError> {
    fetch_optional!(conn, Unit, select_units!(" AND u.mrid = $2 ORDER BY u.code LIMIT 1"), operator, mrid)
}

/// How many units the operator has.
pub async fn count(conn: Conn<'_>, operator: &str) -> Result<i64, StorageError> {
    let counted = fetch_optional!(conn, (i64,), "SELECT COUNT(*) FROM generating_units WHERE operator = $1", operator)?;
    Ok(counted.map_or(0, |(count,)| count))
}

/// A company that runs units.
#[derive(Debug, Clone, FromRow)]
pub struct Company {
    /// The customer.
    #[sqlx(try_from = "Uuid")]
    pub id: CustomerId,
    /// Its number.
    pub number: String,
    /// Its data, sealed.
    pub sealed: Vec<u8>,
    /// How many units it runs.
    pub units: i64,
}

/// The companies that run units, by number.
pub async fn list_companies(conn: Conn<'_>, operator: &str) -> Result<Vec<Company>, StorageError> {
    fetch_all!(
        conn,
        Company,
        "SELECT c.id, c.number, c.sealed, (SELECT COUNT(*) FROM generating_units u WHERE u.customer_id = c.id) AS units \
         FROM customers c WHERE c.operator = $1 AND c.id IN (SELECT customer_id FROM generating_units WHERE operator = $1) \
         ORDER BY c.number",
        operator
    )
}

/// A company by its customer number, whether it runs units already or not.
pub async fn find_company(conn: Conn<'_>, operator: &str, number: &str) -> Result<Option<Company>, StorageError> {
    fetch_optional!(
        conn,
        Company,
        "SELECT c.id, c.number, c.sealed, (SELECT COUNT(*) FROM generating_units u WHERE u.customer_id = c.id) AS units \
         FROM customers c WHERE c.operator = $1 AND c.number = $2",
        operator,
        number
    )
}

/// A company by its id.
pub async fn find_company_by_id(
    conn: Conn<'_>,
    operator: &str,
    id: CustomerId,
) -> Result<Option<Company>, StorageError> {
    fetch_optional!(
        conn,
        Company,
        "SELECT c.id, c.number, c.sealed, (SELECT COUNT(*) FROM generating_units u WHERE u.customer_id = c.id) AS units \
         FROM customers c WHERE c.operator = $1 AND c.id = $2",
        operator,
        id.uuid()
    )
}
