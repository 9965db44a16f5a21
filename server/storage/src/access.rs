//! How producers come to planning: requests for access, invitations with their tokens, and for which companies an account
//! writes plans.

use openbok_domain::{AccessRequestId, AccountId, CustomerId, InvitationId, MailId, StaffId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, StorageError, Ts};

/// A request for access as stored.
#[derive(Debug, Clone, FromRow)]
pub struct AccessRequest {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: AccessRequestId,
    /// How it came: `form` or `mail`.
    pub source: String,
    /// Where it stands, as text.
    pub status: String,
    /// Company, e-mail, phone and letter, sealed.
    pub sealed: Vec<u8>,
    /// Counts the changes.
    pub revision: i64,
    /// When it came.
    #[sqlx(try_from = "Ts")]
    pub created_at: Timestamp,
}

/// A request to add.
#[derive(Debug, Clone)]
pub struct NewAccessRequest<'a> {
    /// Its id.
    pub id: AccessRequestId,
    /// How it came.
    pub source: &'a str,
    /// Where it stands.
    pub status: &'a str,
    /// Keyed hash of the letter's own identifier, or of what the form says.
    pub letter_hash: &'a [u8],
    /// Company, e-mail, phone and letter, sealed.
    pub sealed: &'a [u8],
    /// Now.
    pub now: Timestamp,
}

/// Adds a request; `false` when the same letter was taken before, or the same form still waits for a decision.
pub async fn insert_request(conn: Conn<'_>, operator: &str, new: &NewAccessRequest<'_>) -> Result<bool, StorageError> {
    let inserted = execute!(
        conn,
        "INSERT INTO access_requests (id, operator, source, status, letter_hash, sealed, revision, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7) ON CONFLICT (operator, letter_hash) DO NOTHING",
        new.id.uuid(),
        operator,
        new.source,
        new.status,
        new.letter_hash,
        new.sealed,
        Ts(new.now)
    )?;
    Ok(inserted == 1)
}

/// The columns of [`AccessRequest`] before the rest of the query.
macro_rules! select_requests {
    ($rest:literal) => {
        concat!(
            "SELECT id, source, status, sealed, revision, created_at FROM access_requests WHERE operator = $1",
            $rest
        )
    };
}

/// Requests that stand somewhere, newest first, before a key, at most `most`.
pub async fn list_requests(
    conn: Conn<'_>,
    operator: &str,
    status: &str,
    before: (Timestamp, AccessRequestId),
    most: i64,
) -> Result<Vec<AccessRequest>, StorageError> {
    fetch_all!(
        conn,
        AccessRequest,
        select_requests!(" AND status = $2 AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5"),
        operator,
        status,
        Ts(before.0),
        before.1.uuid(),
        most
    )
}

/// One request.
pub async fn find_request(
    conn: Conn<'_>,
    operator: &str,
    id: AccessRequestId,
) -> Result<Option<AccessRequest>, StorageError> {
    fetch_optional!(conn, AccessRequest, select_requests!(" AND id = $2"), operator, id.uuid())
}

/// Holds a request until the transaction ends: its invitations are made and taken back one after the other.
pub async fn lock_request(conn: Conn<'_>, operator: &str, id: AccessRequestId) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE access_requests SET revision = revision WHERE operator = $1 AND id = $2",
        operator,
        id.uuid()
    )
    .map(drop)
}

/// How many requests stand where.
pub async fn count_requests(conn: Conn<'_>, operator: &str) -> Result<Vec<(String, i64)>, StorageError> {
    fetch_all!(
        conn,
        (String, i64),
        "SELECT status, COUNT(*) FROM access_requests WHERE operator = $1 GROUP BY status",
        operator
    )
}

/// Changes what a request says and where it stands, if nobody has changed it since `revision`; `false` when somebody has. Once it
/// is decided, the same form may be sent again.
pub async fn update_request(
    conn: Conn<'_>,
    operator: &str,
    id: AccessRequestId,
    revision: i64,
    status: &str,
    sealed: &[u8],
    decision: Option<(StaffId, Timestamp)>,
) -> Result<bool, StorageError> {
    let (by, at) = decision.unzip();
    let changed = execute!(
        conn,
        "UPDATE access_requests SET status = $4, sealed = $5, decided_by = $6, decided_at = $7, revision = revision + 1, \
         letter_hash = CASE WHEN $8 AND source = 'form' THEN NULL ELSE letter_hash END WHERE operator = $1 AND id = $2 AND revision = $3",
        operator,
        id.uuid(),
        revision,
        status,
        sealed,
        by.map(StaffId::uuid),
        at.map(Ts),
        decision.is_some()
    )?;
    Ok(changed == 1)
}

/// How far one of the operator's mailboxes was read: the mailbox's own mark and the last letter.
pub async fn find_mailbox(
    conn: Conn<'_>,
    operator: &str,
    mailbox_hash: &[u8],
) -> Result<Option<(i64, i64)>, StorageError> {
    fetch_optional!(
        conn,
        (i64, i64),
        "SELECT uid_validity, last_uid FROM mailboxes WHERE operator = $1 AND mailbox_hash = $2",
        operator,
        mailbox_hash
    )
}

/// Notes how far one of the operator's mailboxes was read.
pub async fn upsert_mailbox(
    conn: Conn<'_>,
    operator: &str,
    mailbox_hash: &[u8],
    uid_validity: i64,
    last_uid: i64,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO mailboxes (operator, mailbox_hash, uid_validity, last_uid) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (operator, mailbox_hash) DO UPDATE SET uid_validity = $3, last_uid = $4",
        operator,
        mailbox_hash,
        uid_validity,
        last_uid
    )
    .map(drop)
}

/// An invitation as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Invitation {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: InvitationId,
    /// Request that it answers.
    #[sqlx(try_from = "Uuid")]
    pub request_id: AccessRequestId,
    /// Company it is for.
    #[sqlx(try_from = "Uuid")]
    pub customer_id: CustomerId,
    /// Keyed hash of the invited address.
    pub email_index: Vec<u8>,
    /// Until when it works.
    #[sqlx(try_from = "Ts")]
    pub expires_at: Timestamp,
    used_at: Option<Ts>,
    revoked_at: Option<Ts>,
    mail_id: Option<Uuid>,
}

impl Invitation {
    /// When it was used.
    #[must_use]
    pub fn used_at(&self) -> Option<Timestamp> {
        self.used_at.map(Into::into)
    }

    /// The mail that its token went out with.
    #[must_use]
    pub fn mail(&self) -> Option<MailId> {
        self.mail_id.map(Into::into)
    }

    /// When it was taken back: its token before that was used, else the access that it gave.
    #[must_use]
    pub fn revoked_at(&self) -> Option<Timestamp> {
        self.revoked_at.map(Into::into)
    }
}

/// An invitation to add.
#[derive(Debug, Clone)]
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: InvitationId,
    /// Request that it answers.
    pub request: AccessRequestId,
    /// Company it is for.
    pub company: CustomerId,
    /// Keyed hash of the invited address.
    pub email_index: &'a [u8],
    /// Hash of its token.
    pub hash: &'a [u8],
    /// The mail that its token goes out with.
    pub mail: MailId,
    /// Who made it.
    pub by: StaffId,
    /// Now.
    pub now: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Adds an invitation and takes back those before it that answer the same request, or invite the same address for the same
/// company.
pub async fn insert_invitation(
    mut conn: Conn<'_>,
    operator: &str,
    new: &NewInvitation<'_>,
) -> Result<(), StorageError> {
    update_revoked(conn.again(), operator, new.request, new.now).await?;
    execute!(
        conn.again(),
        "UPDATE invitations SET revoked_at = $4 \
         WHERE operator = $1 AND email_index = $2 AND customer_id = $3 AND used_at IS NULL AND revoked_at IS NULL",
        operator,
        new.email_index,
        new.company.uuid(),
        Ts(new.now)
    )?;
    execute!(
        conn,
        "INSERT INTO invitations (id, operator, request_id, customer_id, email_index, hash, created_at, created_by, expires_at, \
         mail_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.id.uuid(),
        operator,
        new.request.uuid(),
        new.company.uuid(),
        new.email_index,
        new.hash,
        Ts(new.now),
        new.by.uuid(),
        Ts(new.expires_at),
        new.mail.uuid()
    )
    .map(drop)
}

/// Takes the unused invitations of a request back.
pub async fn update_revoked(
    conn: Conn<'_>,
    operator: &str,
    request: AccessRequestId,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE invitations SET revoked_at = $3 \
         WHERE operator = $1 AND request_id = $2 AND used_at IS NULL AND revoked_at IS NULL",
        operator,
        request.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// The columns of [`Invitation`] before the rest of the query.
macro_rules! select_invitations {
    ($rest:literal) => {
        concat!(
            "SELECT id, request_id, customer_id, email_index, expires_at, used_at, revoked_at, mail_id \
             FROM invitations WHERE operator = $1",
            $rest
        )
    };
}

/// The newest invitation of a request.
pub async fn find_newest_invitation(
    conn: Conn<'_>,
    operator: &str,
    request: AccessRequestId,
) -> Result<Option<Invitation>, StorageError> {
    fetch_optional!(
        conn,
        Invitation,
        select_invitations!(" AND request_id = $2 ORDER BY created_at DESC, id DESC LIMIT 1"),
        operator,
        request.uuid()
    )
}

/// The invitation whose token has this hash.
pub async fn find_invitation(conn: Conn<'_>, operator: &str, hash: &[u8]) -> Result<Option<Invitation>, StorageError> {
    fetch_optional!(conn, Invitation, select_invitations!(" AND hash = $2"), operator, hash)
}

/// Uses an invitation up; `false` when it was used, taken back or too old in the meantime.
pub async fn update_used(
    conn: Conn<'_>,
    operator: &str,
    id: InvitationId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let used = execute!(
        conn,
        "UPDATE invitations SET used_at = $2, used_by = $3 \
         WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 AND operator = $4",
        id.uuid(),
        Ts(now),
        account.uuid(),
        operator
    )?;
    Ok(used == 1)
}

#[derive(FromRow)]
struct Holder {
    used_by: Uuid,
    customer_id: Uuid,
    email_index: Vec<u8>,
}

/// Takes back the access that a used invitation gave, by whichever invitation the account came to the company, and those to
/// the company that its address has not used yet. The account; nothing when the invitation gave no access, or gives none any
/// more.
pub async fn update_withdrawn(
    mut conn: Conn<'_>,
    operator: &str,
    id: InvitationId,
    now: Timestamp,
) -> Result<Option<AccountId>, StorageError> {
    let holder = fetch_optional!(
        conn.again(),
        Holder,
        "UPDATE invitations SET revoked_at = $3 \
         WHERE operator = $1 AND id = $2 AND used_by IS NOT NULL AND revoked_at IS NULL RETURNING used_by, customer_id, email_index",
        operator,
        id.uuid(),
        Ts(now)
    )?;
    let Some(Holder { used_by, customer_id, email_index }) = holder else { return Ok(None) };
    execute!(
        conn.again(),
        "UPDATE invitations SET revoked_at = $5 WHERE operator = $1 AND customer_id = $2 AND revoked_at IS NULL \
         AND (used_by = $3 OR (used_by IS NULL AND email_index = $4))",
        operator,
        customer_id,
        used_by,
        email_index,
        Ts(now)
    )?;
    execute!(conn, "DELETE FROM account_producers WHERE account_id = $1 AND customer_id = $2", used_by, customer_id)?;
    Ok(Some(used_by.into()))
}

/// Lets an account write plans for a company.
pub async fn insert_producer(
    conn: Conn<'_>,
    account: AccountId,
    company: CustomerId,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO account_producers (account_id, customer_id, granted_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account_id, customer_id) DO NOTHING",
        account.uuid(),
        company.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// The companies that an account writes plans for.
pub async fn list_producers(conn: Conn<'_>, account: AccountId) -> Result<Vec<CustomerId>, StorageError> {
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT customer_id FROM account_producers WHERE account_id = $1 ORDER BY customer_id",
        account.uuid()
    )?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// The accounts that write plans for a company.
pub async fn list_accounts_of(conn: Conn<'_>, company: CustomerId) -> Result<Vec<AccountId>, StorageError> {
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT account_id FROM account_producers WHERE customer_id = $1 ORDER BY account_id",
        company.uuid()
    )?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// The service that an account wants to start with, as text.
pub async fn find_default_service(conn: Conn<'_>, account: AccountId) -> Result<Option<String>, StorageError> {
    let row =
        fetch_optional!(conn, (Option<String>,), "SELECT default_service FROM accounts WHERE id = $1", account.uuid())?;
    Ok(row.and_then(|(service,)| service))
}

/// Notes the service that an account wants to start with.
pub async fn update_default_service(
    conn: Conn<'_>,
    operator: &str,
    account: AccountId,
    service: Option<&str>,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE accounts SET default_service = $2 WHERE id = $1 AND operator = $3",
        account.uuid(),
        service,
        operator
    )
    .map(drop)
}
