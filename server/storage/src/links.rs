//! Single-use links sent by mail. Only a hash is stored, so that nobody who reads the database can use one.

use openbok_domain::{AccountId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_optional};
use crate::{Conn, StorageError, Ts};

/// A link as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Link {
    /// Account it was made for.
    #[sqlx(try_from = "Uuid")]
    pub account_id: AccountId,
    #[sqlx(try_from = "Ts")]
    /// Instant from which it no longer works.
    pub expires_at: Timestamp,
    used_at: Option<Ts>,
}

impl Link {
    /// Whether it was used.
    #[must_use]
    pub const fn is_used(&self) -> bool {
        self.used_at.is_some()
    }
}

/// Adds a link for a purpose such as `activation`.
pub async fn insert(
    conn: Conn<'_>,
    hash: &[u8],
    account: AccountId,
    purpose: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO links (hash, account_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        hash,
        account.uuid(),
        purpose,
        Ts(now),
        Ts(expires_at)
    )
    .map(drop)
}

/// Lets the unused links of a purpose expire now, because a newer one replaces them.
pub async fn update_expired(
    conn: Conn<'_>,
    account: AccountId,
    purpose: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE links SET expires_at = $3 WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
        account.uuid(),
        purpose,
        Ts(now)
    )
    .map(drop)
}

/// The link with this hash within an operator, used or not.
pub async fn find(conn: Conn<'_>, operator: &str, hash: &[u8], purpose: &str) -> Result<Option<Link>, StorageError> {
    fetch_optional!(
        conn,
        Link,
        "SELECT l.account_id, l.expires_at, l.used_at FROM links l JOIN accounts a ON a.id = l.account_id \
         WHERE l.hash = $1 AND l.purpose = $2 AND a.operator = $3",
        hash,
        purpose,
        operator
    )
}

/// Uses a link up: its account when this call was the one that did, `None` when it was used, too old or unknown.
pub async fn update_used(
    conn: Conn<'_>,
    operator: &str,
    hash: &[u8],
    purpose: &str,
    now: Timestamp,
) -> Result<Option<AccountId>, StorageError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "UPDATE links SET used_at = $4 WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $4 \
         AND account_id IN (SELECT id FROM accounts WHERE operator = $3) RETURNING account_id",
        hash,
        purpose,
        operator,
        Ts(now)
    )?;
    Ok(row.map(|(id,)| id.into()))
}

/// Removes links that stopped working before `before`.
pub async fn delete_expired(conn: Conn<'_>, before: Timestamp) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM links WHERE expires_at < $1", Ts(before))
}
