//! Mails waiting to go out. A row is added in the transaction that caused it and leased by a worker before it is sent.

use openbok_domain::{MailId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, Db, StorageError, Ts};

/// A mail to send.
#[derive(Debug, Clone, FromRow)]
pub struct Outgoing {
    /// Its id, also the local part of its Message-ID.
    #[sqlx(try_from = "Uuid")]
    pub id: MailId,
    /// Operator that sends it.
    pub operator: String,
    /// Which mail it is, for records.
    pub kind: String,
    /// The mail, sealed.
    pub sealed: Vec<u8>,
    /// How often sending was tried, this try included.
    pub attempts: i64,
}

/// A mail to add.
#[derive(Debug)]
pub struct NewMail<'a> {
    /// Its id.
    pub id: MailId,
    /// Operator that sends it.
    pub operator: &'a str,
    /// Which mail it is.
    pub kind: &'a str,
    /// The mail, sealed.
    pub sealed: &'a [u8],
    /// From when on it is worthless and must not be sent.
    pub expires_at: Option<Timestamp>,
}

/// How many mails are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Waiting for their turn or for a retry.
    pub waiting: i64,
    /// Given up.
    pub dead: i64,
}

/// Adds a mail that is due at once.
pub async fn insert(conn: Conn<'_>, mail: &NewMail<'_>, now: Timestamp) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO outbox (id, operator, kind, sealed, state, attempts, due_at, expires_at, created_at) \
         VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6, $5)",
        mail.id.uuid(),
        mail.operator,
        mail.kind,
        mail.sealed,
        Ts(now),
        mail.expires_at.map(Ts)
    )
    .map(drop)
}

// PostgreSQL lets several workers pass each other by skipping rows that are locked; SQLite has one writer and no such
// words, and needs none.
const LEASE_SQLITE: &str = "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id IN ( \
    SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $3) \
    RETURNING id, operator, kind, sealed, attempts";
const LEASE_POSTGRES: &str = "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id IN ( \
    SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) \
    RETURNING id, operator, kind, sealed, attempts";

/// Takes mails that are due. They come up again at `until` unless their fate is recorded before, so that a worker that
/// dies loses nothing.
pub async fn lease(db: &Db, now: Timestamp, until: Timestamp, most: i64) -> Result<Vec<Outgoing>, StorageError> {
    let sql = match db {
        Db::Sqlite { .. } => LEASE_SQLITE,
        Db::Postgres(_) => LEASE_POSTGRES,
    };
    let mut tx = db.begin().await?;
    let mails = fetch_all!(tx.conn(), Outgoing, sql, Ts(now), Ts(until), most)?;
    tx.commit().await?;
    Ok(mails)
}

/// Gives up mails that became worthless before they could be sent, and erases them; of those that were given up before only
/// the text. How many became worthless.
pub async fn update_expired(mut conn: Conn<'_>, now: Timestamp) -> Result<u64, StorageError> {
    let waiting = execute!(
        conn.again(),
        "UPDATE outbox SET state = 'expired', sealed = $2 WHERE state = 'waiting' AND expires_at <= $1",
        Ts(now),
        &[] as &[u8]
    )?;
    // They stay where `/readyz` counts them; an index has the few of this state.
    execute!(
        conn,
        "UPDATE outbox SET sealed = $2 WHERE state = 'dead' AND expires_at <= $1 AND sealed <> $2",
        Ts(now),
        &[] as &[u8]
    )?;
    Ok(waiting)
}

/// Records that a mail was accepted by the mail server, and erases its text. `false` when that was recorded before.
pub async fn update_sent(conn: Conn<'_>, id: MailId) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE outbox SET state = 'sent', sealed = $2, last_error = NULL WHERE id = $1 AND state = 'waiting'",
        id.uuid(),
        &[] as &[u8]
    )?;
    Ok(changed == 1)
}

/// Records a failed try and when the next one is due.
pub async fn update_retry(conn: Conn<'_>, id: MailId, due_at: Timestamp, error: &str) -> Result<(), StorageError> {
    execute!(conn, "UPDATE outbox SET due_at = $2, last_error = $3 WHERE id = $1", id.uuid(), Ts(due_at), error)
        .map(drop)
}

/// Gives a mail up after its last try; its text stays for the staff to send again, as long as it is worth anything.
pub async fn update_dead(conn: Conn<'_>, id: MailId, error: &str) -> Result<(), StorageError> {
    execute!(conn, "UPDATE outbox SET state = 'dead', last_error = $2 WHERE id = $1", id.uuid(), error).map(drop)
}

/// Makes mails that a stopping worker had taken due at once.
pub async fn update_released(conn: Conn<'_>, id: MailId, now: Timestamp) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE outbox SET due_at = $2, attempts = attempts - 1 WHERE id = $1 AND state = 'waiting'",
        id.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// How far a mail has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Waiting, and not refused so far.
    Waiting,
    /// Refused at least once, and to be tried again.
    Delayed,
    /// Given up, or worthless before it could be sent.
    Failed,
    /// A mail server has it.
    Sent,
}

/// How far a mail has come. Records of mails that were done with long ago are removed: nothing.
pub async fn find_fate(conn: Conn<'_>, operator: &str, id: MailId) -> Result<Option<Fate>, StorageError> {
    let row = fetch_optional!(
        conn,
        (String, Option<String>),
        "SELECT state, last_error FROM outbox WHERE operator = $1 AND id = $2",
        operator,
        id.uuid()
    )?;
    Ok(row.map(|(state, error)| match (state.as_str(), error) {
        ("waiting", None) => Fate::Waiting,
        ("waiting", Some(_)) => Fate::Delayed,
        ("sent", _) => Fate::Sent,
        _ => Fate::Failed,
    }))
}

/// How many mails wait and how many were given up. Those that were sent are not looked at.
pub async fn depth(conn: Conn<'_>) -> Result<Depth, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64, i64),
        "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting'), (SELECT COUNT(*) FROM outbox WHERE state = 'dead')"
    )?;
    let (waiting, dead) = row.unwrap_or_default();
    Ok(Depth { waiting, dead })
}

/// Removes records of mails that were made before then and were sent or became worthless.
pub async fn delete_done(conn: Conn<'_>, before: Timestamp) -> Result<u64, StorageError> {
    execute!(
        conn,
        "DELETE FROM outbox WHERE created_at < $1 AND (state IN ('sent', 'expired') OR (state = 'dead' AND expires_at < $1))",
        Ts(before)
    )
}

/// A mail in the demo's mailbox.
#[derive(Debug, Clone, FromRow)]
pub struct Kept {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: MailId,
    /// The mail, sealed.
    pub sealed: Vec<u8>,
    /// When it would have gone out.
    #[sqlx(try_from = "Ts")]
    pub received_at: Timestamp,
}

/// Puts a mail into the demo's mailbox; a second time changes nothing.
pub async fn insert_kept(
    conn: Conn<'_>,
    id: MailId,
    operator: &str,
    sealed: &[u8],
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO mailbox (id, operator, sealed, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        id.uuid(),
        operator,
        sealed,
        Ts(now)
    )
    .map(drop)
}

/// The newest mails in the demo's mailbox, of all operators or of one.
pub async fn list_kept(conn: Conn<'_>, operator: Option<&str>, most: i64) -> Result<Vec<Kept>, StorageError> {
    fetch_all!(
        conn,
        Kept,
        "SELECT id, sealed, received_at FROM mailbox WHERE $1 IS NULL OR operator = $1 \
         ORDER BY received_at DESC, id DESC LIMIT $2",
        operator,
        most
    )
}
