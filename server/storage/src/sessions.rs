//! Sessions. The cookie's value is stored as a hash only; idle and absolute ends are checked by every look-up.

use openbok_domain::{AccountId, CustomerId, SessionId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all};
use crate::{Conn, StorageError, Ts};

/// A live session with what its account may see.
#[derive(Debug, Clone)]
pub struct Session {
    /// Handle for listing and ending.
    pub id: SessionId,
    /// Account that is signed in.
    pub account_id: AccountId,
    /// How far the sign-in has come, as text.
    pub stage: String,
    /// Last activity.
    pub seen_at: Timestamp,
    /// When it ends however active.
    pub ends_at: Timestamp,
    /// Customers linked to the account.
    pub customers: Vec<CustomerId>,
    /// Whether the account writes plans for a company.
    pub is_producer: bool,
}

/// A session to add.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Handle.
    pub id: SessionId,
    /// Hash of the cookie's value.
    pub hash: &'a [u8],
    /// Operator.
    pub operator: &'a str,
    /// Account.
    pub account_id: AccountId,
    /// Stage as text.
    pub stage: &'a str,
    /// Browser and system in a few words.
    pub device: &'a str,
    /// Now.
    pub now: Timestamp,
    /// When it ends however active.
    pub ends_at: Timestamp,
}

/// One row of the owner's list.
#[derive(Debug, Clone, FromRow)]
pub struct ListedSession {
    /// Handle.
    #[sqlx(try_from = "Uuid")]
    pub id: SessionId,
    /// Browser and system in a few words.
    pub device: String,
    /// Sign-in.
    #[sqlx(try_from = "Ts")]
    pub created_at: Timestamp,
    /// Last activity.
    #[sqlx(try_from = "Ts")]
    pub seen_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    stage: String,
    seen_at: Ts,
    ends_at: Ts,
    customer_id: Option<Uuid>,
    is_producer: bool,
}

/// The session with this hash, if it was active after `idle_since` and has not ended by `now`.
pub async fn find_live(
    conn: Conn<'_>,
    operator: &str,
    hash: &[u8],
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<Option<Session>, StorageError> {
    let rows = fetch_all!(
        conn,
        Row,
        "SELECT s.id, s.account_id, s.stage, s.seen_at, s.ends_at, link.customer_id, \
         EXISTS (SELECT 1 FROM account_producers p WHERE p.account_id = s.account_id) AS is_producer FROM sessions s LEFT JOIN account_customers link ON link.account_id = s.account_id \
         WHERE s.hash = $1 AND s.operator = $2 AND s.seen_at > $3 AND s.ends_at > $4",
        hash,
        operator,
        Ts(idle_since),
        Ts(now)
    )?;
    let Some(first) = rows.first() else { return Ok(None) };
    Ok(Some(Session {
        id: first.id.into(),
        account_id: first.account_id.into(),
        stage: first.stage.clone(),
        seen_at: first.seen_at.into(),
        ends_at: first.ends_at.into(),
        customers: rows.iter().filter_map(|row| row.customer_id).map(Into::into).collect(),
        is_producer: first.is_producer,
    }))
}

/// Adds a session.
pub async fn insert(conn: Conn<'_>, new: &NewSession<'_>) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO sessions (id, hash, operator, account_id, stage, device, created_at, seen_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        new.id.uuid(),
        new.hash,
        new.operator,
        new.account_id.uuid(),
        new.stage,
        new.device,
        Ts(new.now),
        Ts(new.ends_at)
    )
    .map(drop)
}

/// Notes activity.
pub async fn update_seen(conn: Conn<'_>, operator: &str, id: SessionId, now: Timestamp) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2 AND operator = $3",
        id.uuid(),
        Ts(now),
        operator
    )
    .map(drop)
}

/// Moves a session to its next stage under a new cookie value; the former value is dead from then on.
/// `false` when the session was no longer there or no longer at the stage it was read at.
pub async fn update_stage(
    conn: Conn<'_>,
    operator: &str,
    id: SessionId,
    from: &str,
    to: &str,
    new_hash: &[u8],
    now: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE sessions SET stage = $3, hash = $4, seen_at = $5 WHERE id = $1 AND stage = $2 AND operator = $6",
        id.uuid(),
        from,
        to,
        new_hash,
        Ts(now),
        operator
    )?;
    Ok(changed == 1)
}

/// Live sessions of an account, newest first.
pub async fn list(
    conn: Conn<'_>,
    account: AccountId,
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<Vec<ListedSession>, StorageError> {
    fetch_all!(
        conn,
        ListedSession,
        "SELECT id, device, created_at, seen_at FROM sessions \
         WHERE account_id = $1 AND seen_at > $2 AND ends_at > $3 ORDER BY created_at DESC, id DESC",
        account.uuid(),
        Ts(idle_since),
        Ts(now)
    )
}

/// Ends one session of an account; `false` when the account has no such session.
pub async fn delete(conn: Conn<'_>, operator: &str, account: AccountId, id: SessionId) -> Result<bool, StorageError> {
    let gone = execute!(
        conn,
        "DELETE FROM sessions WHERE id = $3 AND account_id = $2 AND operator = $1",
        operator,
        account.uuid(),
        id.uuid()
    )?;
    Ok(gone == 1)
}

/// Ends all sessions of an account but one.
pub async fn delete_others(
    conn: Conn<'_>,
    operator: &str,
    account: AccountId,
    keep: Option<SessionId>,
) -> Result<u64, StorageError> {
    execute!(
        conn,
        "DELETE FROM sessions WHERE account_id = $1 AND ($2 IS NULL OR id <> $2) AND operator = $3",
        account.uuid(),
        keep.map(SessionId::uuid),
        operator
    )
}

/// Ends the oldest sessions of an account beyond the `most` newest.
pub async fn delete_beyond(conn: Conn<'_>, operator: &str, account: AccountId, most: i64) -> Result<u64, StorageError> {
    execute!(
        conn,
        "DELETE FROM sessions WHERE operator = $3 AND account_id = $1 AND id NOT IN ( \
             SELECT id FROM sessions WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)",
        account.uuid(),
        most,
        operator
    )
}

/// Removes sessions without activity since `idle_since`.
pub async fn delete_idle(conn: Conn<'_>, idle_since: Timestamp) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM sessions WHERE seen_at < $1", Ts(idle_since))
}
