//! Where plans stand: the boards of producers and of the dispatcher, the day's counts, and who is to be reminded.

use openbok_domain::plan::PlanStatus;
use openbok_domain::{CustomerId, Date, Timestamp, UnitId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all};
use crate::error::read;
use crate::units::like;
use crate::{Conn, Day, StorageError, Ts};

/// Where one plan stands, for the board.
#[derive(Debug, Clone, FromRow)]
pub struct BoardRow {
    /// Its unit.
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    /// Its day.
    #[sqlx(try_from = "Day")]
    pub day: Date,
    status: String,
    /// Whether there are changes since the newest version.
    pub is_changed: bool,
    /// Number of the newest version; 0 without one.
    pub version: i64,
    /// Whether a version counts: one that the operator did not give back.
    pub counts: bool,
}

impl BoardRow {
    /// Where it stands.
    pub fn status(&self) -> Result<PlanStatus, StorageError> {
        read(&self.status, "plan status")
    }
}

/// Whether a plan has a version that was not given back, by their numbers. Asked only where the newest one was.
macro_rules! has_counting {
    () => {
        "p.version > (SELECT COUNT(*) FROM plan_decisions d WHERE d.plan_id = p.id AND d.status = 'rejected')"
    };
}

/// The columns of [`BoardRow`] before the rest of the query. The units come first, which CROSS JOIN says to SQLite: where a
/// few companies have most of the units, its figures let it begin with the plans of everybody.
macro_rules! select_board {
    ($rest:literal) => {
        concat!(
            "SELECT p.unit_id, p.day, p.status, p.is_changed, p.version, p.version > 0 AND (p.status <> 'rejected' OR ",
            has_counting!(),
            ") AS counts FROM generating_units u \
             CROSS JOIN plans p WHERE p.unit_id = u.id AND u.operator = $1 AND p.day BETWEEN $2 AND $3 AND ",
            $rest
        )
    };
}

/// Where the plans of the units of a range of codes that a word finds stand from one day to another; only those of a status,
/// if there is one.
pub async fn list_board(
    conn: Conn<'_>,
    operator: &str,
    codes: (&str, &str),
    word: &str,
    status: Option<PlanStatus>,
    (from, to): (Date, Date),
) -> Result<Vec<BoardRow>, StorageError> {
    let query = select_board!(
        "u.code BETWEEN $4 AND $5 AND ($6 = '' OR u.search LIKE $6 ESCAPE '!') AND ($7 = '' OR p.status = $7)"
    );
    let status = status.map_or("", PlanStatus::as_str);
    fetch_all!(conn, BoardRow, query, operator, Day(from), Day(to), codes.0, codes.1, like(word), status)
}

/// Where the plans of a company's units stand from one day to another.
pub async fn list_board_of(
    conn: Conn<'_>,
    operator: &str,
    company: CustomerId,
    from: Date,
    to: Date,
) -> Result<Vec<BoardRow>, StorageError> {
    let query = select_board!("u.customer_id = $4");
    fetch_all!(conn, BoardRow, query, operator, Day(from), Day(to), company.uuid())
}

#[derive(FromRow)]
struct CountRow {
    day: Day,
    status: String,
    plans: i64,
}

/// How many of the operator's plans stand where, from one day to another.
pub async fn count_board(
    conn: Conn<'_>,
    operator: &str,
    from: Date,
    to: Date,
) -> Result<Vec<(Date, PlanStatus, i64)>, StorageError> {
    let rows = fetch_all!(
        conn,
        CountRow,
        "SELECT day, status, COUNT(*) AS plans FROM plans WHERE operator = $1 AND day BETWEEN $2 AND $3 GROUP BY day, status",
        operator,
        Day(from),
        Day(to)
    )?;
    rows.into_iter().map(|row| Ok((row.day.into(), read(&row.status, "plan status")?, row.plans))).collect()
}

/// How many plans of the units that a word finds stand where on a day; those that nobody has begun are missing.
pub async fn count_day(
    conn: Conn<'_>,
    operator: &str,
    day: Date,
    word: &str,
) -> Result<Vec<(PlanStatus, i64)>, StorageError> {
    let rows = fetch_all!(
        conn,
        (String, i64),
        "SELECT COALESCE(p.status, $4), COUNT(*) FROM generating_units u \
         LEFT JOIN plans p ON p.unit_id = u.id AND p.day = $2 \
         WHERE u.operator = $1 AND ($3 = '' OR u.search LIKE $3 ESCAPE '!') GROUP BY p.status",
        operator,
        Day(day),
        like(word),
        PlanStatus::Missing.as_str()
    )?;
    rows.into_iter().map(|(status, plans)| Ok((read(&status, "plan status")?, plans))).collect()
}

/// Companies of the operator with a unit that has no plan for a day that counts, and that were not reminded of that day.
pub async fn list_to_remind(conn: Conn<'_>, operator: &str, day: Date) -> Result<Vec<CustomerId>, StorageError> {
    let rows = fetch_all!(
        conn,
        (Uuid,),
        concat!(
            "SELECT DISTINCT u.customer_id FROM generating_units u \
             LEFT JOIN plans p ON p.unit_id = u.id AND p.day = $2 \
             LEFT JOIN plan_reminders r ON r.customer_id = u.customer_id AND r.day = $2 \
             WHERE u.operator = $1 AND r.customer_id IS NULL \
             AND (p.id IS NULL OR p.version = 0 OR (p.status = 'rejected' AND NOT (",
            has_counting!(),
            ")))"
        ),
        operator,
        Day(day)
    )?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// Notes that a company was reminded of a day; `false` when it was before.
pub async fn insert_reminder(
    conn: Conn<'_>,
    company: CustomerId,
    day: Date,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let inserted = execute!(
        conn,
        "INSERT INTO plan_reminders (customer_id, day, sent_at) VALUES ($1, $2, $3) ON CONFLICT (customer_id, day) DO NOTHING",
        company.uuid(),
        Day(day),
        Ts(now)
    )?;
    Ok(inserted == 1)
}
