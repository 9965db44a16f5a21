//! Accounts: who may sign in, with which password, for which customers.

use openbok_domain::{AccountId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, StorageError, Ts};

/// One account as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Account {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: AccountId,
    /// Operator it belongs to.
    pub operator: String,
    /// Keyed hash of the login.
    pub login_index: Vec<u8>,
    /// Login, e-mail and phone, sealed.
    pub sealed: Vec<u8>,
    /// Language of its mails.
    pub language: String,
    /// Hash of the password the owner chose; none before the first choice.
    pub password_hash: Option<String>,
    /// Hash of the one-time password that is out, if any.
    pub one_time_hash: Option<String>,
    one_time_expires_at: Option<Ts>,
    locked_at: Option<Ts>,
    activated_at: Option<Ts>,
}

impl Account {
    /// Until when the one-time password works.
    #[must_use]
    pub fn one_time_expires_at(&self) -> Option<Timestamp> {
        self.one_time_expires_at.map(Into::into)
    }

    /// Whether all sign-in is locked, known devices included.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        self.locked_at.is_some()
    }

    /// Whether the owner opened the activation link.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.activated_at.is_some()
    }
}

/// What a new account, or a new try at one not activated yet, is made of.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// Keyed hash of the login.
    pub login_index: &'a [u8],
    /// Keyed hash of the e-mail address.
    pub email_index: &'a [u8],
    /// Login, e-mail and phone, sealed.
    pub sealed: &'a [u8],
    /// Language of its mails.
    pub language: &'a str,
}

/// The columns of [`Account`], of the table called `a`, before the rest of the query.
macro_rules! select_account {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.operator, a.login_index, a.sealed, a.language, a.password_hash, a.one_time_hash, \
             a.one_time_expires_at, a.locked_at, a.activated_at FROM ",
            $rest
        )
    };
}

/// The account with this login.
pub async fn find_by_login(
    conn: Conn<'_>,
    operator: &str,
    login_index: &[u8],
) -> Result<Option<Account>, StorageError> {
    fetch_optional!(
        conn,
        Account,
        select_account!("accounts a WHERE a.operator = $1 AND a.login_index = $2"),
        operator,
        login_index
    )
}

/// The account with this id.
pub async fn find(conn: Conn<'_>, id: AccountId) -> Result<Option<Account>, StorageError> {
    fetch_optional!(conn, Account, select_account!("accounts a WHERE a.id = $1"), id.uuid())
}

/// The account of whoever has this tax number, under whichever of their customer numbers it was opened.
pub async fn find_by_tax_index(
    conn: Conn<'_>,
    operator: &str,
    tax_index: &[u8],
) -> Result<Option<Account>, StorageError> {
    fetch_optional!(
        conn,
        Account,
        select_account!(
            "customers c JOIN account_customers link ON link.customer_id = c.id JOIN accounts a ON a.id = link.account_id \
             WHERE c.operator = $1 AND c.tax_index = $2 ORDER BY a.created_at, a.id LIMIT 1"
        ),
        operator,
        tax_index
    )
}

/// Holds the customers of a tax number until the transaction ends, so that two registrations of one person come one after
/// the other.
pub async fn lock_customers(conn: Conn<'_>, operator: &str, tax_index: &[u8]) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE customers SET tax_index = tax_index WHERE operator = $1 AND tax_index = $2",
        operator,
        tax_index
    )
    .map(drop)
}

/// Holds an account until the transaction ends. `false` when it is locked, or when the password that this hash was made of
/// is no longer one of its own.
pub async fn lock_unchanged(conn: Conn<'_>, operator: &str, id: AccountId, hash: &str) -> Result<bool, StorageError> {
    let found = execute!(
        conn,
        "UPDATE accounts SET locked_at = NULL WHERE id = $1 AND locked_at IS NULL \
         AND (password_hash = $2 OR one_time_hash = $2) AND operator = $3",
        id.uuid(),
        hash,
        operator
    )?;
    Ok(found == 1)
}

/// All accounts with this e-mail address: one address may serve many.
pub async fn list_by_email(conn: Conn<'_>, operator: &str, email_index: &[u8]) -> Result<Vec<Account>, StorageError> {
    fetch_all!(
        conn,
        Account,
        select_account!("accounts a WHERE a.operator = $1 AND a.email_index = $2 ORDER BY a.created_at, a.id LIMIT 50"),
        operator,
        email_index
    )
}

/// Adds an account that waits for activation. `false` when the login is taken.
pub async fn insert(
    conn: Conn<'_>,
    id: AccountId,
    operator: &str,
    new: &NewAccount<'_>,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let added = execute!(
        conn,
        "INSERT INTO accounts (id, operator, login_index, email_index, sealed, language, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (operator, login_index) DO NOTHING",
        id.uuid(),
        operator,
        new.login_index,
        new.email_index,
        new.sealed,
        new.language,
        Ts(now)
    )?;
    Ok(added == 1)
}

/// Links all customers with this tax number to an account, except those that have one.
pub async fn insert_customers(
    conn: Conn<'_>,
    account: AccountId,
    operator: &str,
    tax_index: &[u8],
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO account_customers (customer_id, account_id) SELECT c.id, $1 FROM customers c \
         WHERE c.operator = $2 AND c.tax_index = $3 ON CONFLICT (customer_id) DO NOTHING",
        account.uuid(),
        operator,
        tax_index
    )
    .map(drop)
}

/// Replaces the data of an account that was never activated. `false` when the new login is taken or the account is active;
/// the transaction must be given up then.
pub async fn update_pending(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    new: &NewAccount<'_>,
) -> Result<bool, StorageError> {
    let outcome = execute!(
        conn,
        "UPDATE accounts SET login_index = $2, email_index = $3, sealed = $4, language = $5 \
         WHERE id = $1 AND operator = $6 AND activated_at IS NULL AND NOT EXISTS ( \
             SELECT 1 FROM accounts other WHERE other.operator = $6 AND other.login_index = $2 AND other.id <> $1)",
        id.uuid(),
        new.login_index,
        new.email_index,
        new.sealed,
        new.language,
        operator
    );
    match outcome {
        // Two that take the same login at the same time pass the condition and meet at the index.
        Err(error) if error.is_taken() => Ok(false),
        outcome => Ok(outcome? == 1),
    }
}

/// Marks the account as activated and gives it a one-time password.
pub async fn update_activated(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    one_time_hash: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET activated_at = $2, one_time_hash = $3, one_time_expires_at = $4 \
         WHERE id = $1 AND operator = $5",
        id.uuid(),
        Ts(now),
        one_time_hash,
        Ts(expires_at),
        operator
    )
    .map(drop)
}

/// Marks the account of somebody invited as activated: whoever has the token has the address.
pub async fn update_invited(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET activated_at = $2, password_hash = $3 WHERE id = $1 AND operator = $4",
        id.uuid(),
        Ts(now),
        password_hash,
        operator
    )
    .map(drop)
}

/// Gives the account a one-time password beside the one its owner chose.
pub async fn update_one_time(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    hash: &str,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET one_time_hash = $2, one_time_expires_at = $3 WHERE id = $1 AND operator = $4",
        id.uuid(),
        hash,
        Ts(expires_at),
        operator
    )
    .map(drop)
}

/// Uses the one-time password up. `false` when it was used, replaced or too old in the meantime.
pub async fn update_one_time_used(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    hash: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE accounts SET one_time_hash = NULL, one_time_expires_at = NULL \
         WHERE id = $1 AND one_time_hash = $2 AND one_time_expires_at > $3 AND operator = $4",
        id.uuid(),
        hash,
        Ts(now),
        operator
    )?;
    Ok(changed == 1)
}

/// Sets the password its owner chose, and forgets any one-time password.
pub async fn update_password(conn: Conn<'_>, operator: &str, id: AccountId, hash: &str) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET password_hash = $2, one_time_hash = NULL, one_time_expires_at = NULL \
         WHERE id = $1 AND operator = $3",
        id.uuid(),
        hash,
        operator
    )
    .map(drop)
}

/// Replaces a hash by a stronger one of the same password, unless the password changed meanwhile.
pub async fn update_rehashed(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    old: &str,
    new: &str,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND operator = $4",
        id.uuid(),
        old,
        new,
        operator
    )
    .map(drop)
}

/// Locks all sign-in to the account, or unlocks it with `None`.
pub async fn update_locked(
    conn: Conn<'_>,
    operator: &str,
    id: AccountId,
    locked_at: Option<Timestamp>,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET locked_at = $2 WHERE id = $1 AND operator = $3",
        id.uuid(),
        locked_at.map(Ts),
        operator
    )
    .map(drop)
}

/// A document and the version of it that somebody accepted.
#[derive(Debug)]
pub struct Acceptance<'a> {
    /// Name of the document, such as `terms`.
    pub document: &'a str,
    /// Version as the operator numbers it.
    pub version: &'a str,
    /// Hash of the text that was shown.
    pub text_hash: &'a [u8],
}

/// Records that the account's owner accepted a version of a document; the first time counts.
pub async fn insert_acceptance(
    conn: Conn<'_>,
    account: AccountId,
    acceptance: &Acceptance<'_>,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO acceptances (account_id, document, version, text_hash, accepted_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (account_id, document, version) DO NOTHING",
        account.uuid(),
        acceptance.document,
        acceptance.version,
        acceptance.text_hash,
        Ts(now)
    )
    .map(drop)
}

/// Whether the account's owner accepted this version of this document.
pub async fn has_accepted(
    conn: Conn<'_>,
    account: AccountId,
    document: &str,
    version: &str,
) -> Result<bool, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT CAST(1 AS BIGINT) FROM acceptances WHERE account_id = $1 AND document = $2 AND version = $3",
        account.uuid(),
        document,
        version
    )?;
    Ok(row.is_some())
}
