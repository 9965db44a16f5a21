//! The audit log: append-only by trigger, each entry chained to the one before it by a keyed hash the services compute.

use openbok_domain::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, StorageError, Ts};

/// The end of the chain.
#[derive(Debug, Clone, FromRow)]
pub struct Head {
    /// Number of the last entry; 0 when there is none.
    pub seq: i64,
    /// Hash of the last entry; empty when there is none.
    pub mac: Vec<u8>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    /// Its number, without gaps.
    pub seq: i64,
    /// When it happened.
    #[sqlx(try_from = "Ts")]
    pub at: Timestamp,
    /// Operator it belongs to.
    pub operator: String,
    /// What happened, such as `sign_in`.
    pub event: String,
    /// How it ended, such as `ok` or `refused`.
    pub outcome: String,
    /// Who did it: an id or a role, never a name.
    pub actor: String,
    /// To whom or what: an id.
    pub subject: String,
    /// A reason or a number; never personal data.
    pub note: String,
    /// Hash of this entry and the one before it.
    pub mac: Vec<u8>,
}

/// A record that entries name by its id.
#[derive(Debug, Clone, FromRow)]
pub struct Named {
    /// What it is: `member`, `request`, `company` or `account`.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Customer number of a company, and of the first customer of an account; empty for all others.
    pub number: String,
    /// Its data, sealed.
    pub sealed: Vec<u8>,
}

/// The end of the chain, held until the transaction ends: entries are added one after the other.
pub async fn lock_head(conn: Conn<'_>) -> Result<Head, StorageError> {
    fetch_optional!(conn, Head, "UPDATE audit_head SET seq = seq WHERE id = 1 RETURNING seq, mac")?
        .ok_or(StorageError::unreadable("end of the audit log"))
}

/// The end of the chain as it was last written.
pub async fn find_head(conn: Conn<'_>) -> Result<Head, StorageError> {
    fetch_optional!(conn, Head, "SELECT seq, mac FROM audit_head WHERE id = 1")?
        .ok_or(StorageError::unreadable("end of the audit log"))
}

/// Adds an entry after the head that [`lock_head`] returned.
pub async fn insert(mut conn: Conn<'_>, entry: &Entry) -> Result<(), StorageError> {
    execute!(
        conn.again(),
        "INSERT INTO audit (seq, at, operator, event, outcome, actor, subject, note, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        entry.seq,
        Ts(entry.at),
        &entry.operator,
        &entry.event,
        &entry.outcome,
        &entry.actor,
        &entry.subject,
        &entry.note,
        &entry.mac
    )?;
    execute!(conn, "UPDATE audit_head SET seq = $1, mac = $2 WHERE id = 1", entry.seq, &entry.mac).map(drop)
}

/// Entries after a number, oldest first.
pub async fn list(conn: Conn<'_>, after: i64, most: i64) -> Result<Vec<Entry>, StorageError> {
    fetch_all!(
        conn,
        Entry,
        "SELECT seq, at, operator, event, outcome, actor, subject, note, mac FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
        after,
        most
    )
}

/// Entries of an operator before a number, newest first.
pub async fn list_newest(conn: Conn<'_>, operator: &str, before: i64, most: i64) -> Result<Vec<Entry>, StorageError> {
    fetch_all!(
        conn,
        Entry,
        "SELECT seq, at, operator, event, outcome, actor, subject, note, mac FROM audit \
         WHERE operator = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        operator,
        before,
        most
    )
}

/// Looks up the ids of a list in JSON, which each engine unpacks in words of its own. The ids come first, which CROSS JOIN says
/// to SQLite, so that every record is found by its key.
macro_rules! select_named {
    ($asked:literal) => {
        concat!(
            "WITH asked (id) AS (",
            $asked,
            ") SELECT 'member' AS kind, s.id AS id, '' AS number, s.sealed AS sealed \
             FROM asked CROSS JOIN staff s WHERE s.id = asked.id AND s.operator = $1 \
             UNION ALL SELECT 'request', r.id, '', r.sealed \
             FROM asked CROSS JOIN access_requests r WHERE r.id = asked.id AND r.operator = $1 \
             UNION ALL SELECT 'company', c.id, c.number, c.sealed \
             FROM asked CROSS JOIN customers c WHERE c.id = asked.id AND c.operator = $1 \
             UNION ALL SELECT 'account', a.id, COALESCE((SELECT MIN(c.number) FROM account_customers l \
             JOIN customers c ON c.id = l.customer_id WHERE l.account_id = a.id), ''), a.sealed \
             FROM asked CROSS JOIN accounts a WHERE a.id = asked.id AND a.operator = $1"
        )
    };
}

const NAMED_SQLITE: &str = select_named!("SELECT unhex(value) FROM json_each($2)");
const NAMED_POSTGRES: &str =
    select_named!("SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($2 AS JSON))");

/// The records of an operator that have one of these ids.
pub async fn list_named(conn: Conn<'_>, operator: &str, ids: &[Uuid]) -> Result<Vec<Named>, StorageError> {
    let sql = match &conn {
        Conn::Sqlite(_) => NAMED_SQLITE,
        Conn::Postgres(_) => NAMED_POSTGRES,
    };
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    let ids = serde_json::Value::from(ids).to_string();
    fetch_all!(conn, Named, sql, operator, &ids)
}
