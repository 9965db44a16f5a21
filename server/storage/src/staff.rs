//! The operator's staff and their sessions.

use openbok_domain::{SessionId, StaffId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::{Conn, StorageError, Ts};

/// A member of staff as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Member {
    /// Their id.
    #[sqlx(try_from = "Uuid")]
    pub id: StaffId,
    /// Keyed hash of the login.
    pub login_index: Vec<u8>,
    /// Name and e-mail, sealed.
    pub sealed: Vec<u8>,
    /// Their roles, joined by commas.
    pub roles: String,
    /// Language of their mails.
    pub language: String,
    /// Hash of their password; none before enrolment.
    pub password_hash: Option<String>,
    /// Seed of their second step, sealed; none before enrolment.
    pub totp_sealed: Option<Vec<u8>>,
    /// Whether they may sign in.
    pub is_active: bool,
}

/// A member to add.
#[derive(Debug, Clone)]
pub struct NewMember<'a> {
    /// Their id.
    pub id: StaffId,
    /// Keyed hash of the login.
    pub login_index: &'a [u8],
    /// Name and e-mail, sealed.
    pub sealed: &'a [u8],
    /// Their roles, joined by commas.
    pub roles: &'a str,
    /// Language of their mails.
    pub language: &'a str,
    /// Hash of the one-shot token.
    pub token_hash: &'a [u8],
    /// Until when it works.
    pub token_expires_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// The columns of [`Member`] before the rest of the query.
macro_rules! select_members {
    ($rest:literal) => {
        concat!(
            "SELECT id, login_index, sealed, roles, language, password_hash, totp_sealed, is_active FROM staff WHERE ",
            $rest
        )
    };
}

/// Adds a member; `false` when the login is taken.
pub async fn insert(conn: Conn<'_>, operator: &str, new: &NewMember<'_>) -> Result<bool, StorageError> {
    let inserted = execute!(
        conn,
        "INSERT INTO staff (id, operator, login_index, sealed, roles, language, totp_step, token_hash, token_expires_at, \
         is_active, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10) \
         ON CONFLICT (operator, login_index) DO NOTHING",
        new.id.uuid(),
        operator,
        new.login_index,
        new.sealed,
        new.roles,
        new.language,
        new.token_hash,
        Ts(new.token_expires_at),
        true,
        Ts(new.now)
    )?;
    Ok(inserted == 1)
}

/// Everybody of an operator, in the order in which they came.
pub async fn list(conn: Conn<'_>, operator: &str) -> Result<Vec<Member>, StorageError> {
    fetch_all!(conn, Member, select_members!("operator = $1 ORDER BY created_at, id"), operator)
}

/// The member with this id.
pub async fn find(conn: Conn<'_>, operator: &str, id: StaffId) -> Result<Option<Member>, StorageError> {
    fetch_optional!(conn, Member, select_members!("operator = $1 AND id = $2"), operator, id.uuid())
}

/// The member with this login.
pub async fn find_by_login(conn: Conn<'_>, operator: &str, login_index: &[u8]) -> Result<Option<Member>, StorageError> {
    fetch_optional!(conn, Member, select_members!("operator = $1 AND login_index = $2"), operator, login_index)
}

/// The member whose one-shot token has this hash, while it works.
pub async fn find_by_token(
    conn: Conn<'_>,
    operator: &str,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<Member>, StorageError> {
    fetch_optional!(
        conn,
        Member,
        select_members!("operator = $1 AND token_hash = $2 AND token_expires_at > $3"),
        operator,
        hash,
        Ts(now)
    )
}

/// Gives a member a new one-shot token, and takes password and second step away.
pub async fn update_token(
    conn: Conn<'_>,
    operator: &str,
    id: StaffId,
    hash: &[u8],
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE staff SET token_hash = $3, token_expires_at = $4, password_hash = NULL, totp_sealed = NULL \
         WHERE operator = $1 AND id = $2",
        operator,
        id.uuid(),
        hash,
        Ts(expires_at)
    )
    .map(drop)
}

/// Uses the one-shot token up: sets the password, the seed of the second step and its first accepted step. `false` when it
/// was used meanwhile or is too old.
pub async fn update_enrolled(
    conn: Conn<'_>,
    operator: &str,
    id: StaffId,
    token_hash: &[u8],
    password_hash: &str,
    totp: (&[u8], i64),
    now: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE staff SET password_hash = $3, totp_sealed = $4, totp_step = $5, token_hash = NULL, token_expires_at = NULL \
         WHERE id = $1 AND token_hash = $2 AND token_expires_at > $6 AND operator = $7",
        id.uuid(),
        token_hash,
        password_hash,
        totp.0,
        totp.1,
        Ts(now),
        operator
    )?;
    Ok(changed == 1)
}

/// Accepts a step of the second step once: `false` when it or a later one was accepted before.
pub async fn update_totp_step(conn: Conn<'_>, operator: &str, id: StaffId, step: i64) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE staff SET totp_step = $3 WHERE operator = $1 AND id = $2 AND totp_step < $3",
        operator,
        id.uuid(),
        step
    )?;
    Ok(changed == 1)
}

/// Holds a member until the transaction ends. `false` when they may not sign in, or when the password that this hash was made
/// of is no longer theirs.
pub async fn lock_unchanged(conn: Conn<'_>, operator: &str, id: StaffId, hash: &str) -> Result<bool, StorageError> {
    let found = execute!(
        conn,
        "UPDATE staff SET password_hash = $3 WHERE operator = $1 AND id = $2 AND password_hash = $3 AND is_active",
        operator,
        id.uuid(),
        hash
    )?;
    Ok(found == 1)
}

/// Changes roles and whether the member may sign in.
pub async fn update_rights(
    conn: Conn<'_>,
    operator: &str,
    id: StaffId,
    roles: &str,
    is_active: bool,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE staff SET roles = $3, is_active = $4 WHERE operator = $1 AND id = $2",
        operator,
        id.uuid(),
        roles,
        is_active
    )
    .map(drop)
}

/// A live session of a member.
#[derive(Debug, Clone, FromRow)]
pub struct StaffSession {
    /// Handle.
    #[sqlx(try_from = "Uuid")]
    pub id: SessionId,
    /// Who is signed in.
    #[sqlx(try_from = "Uuid")]
    pub staff_id: StaffId,
    /// How far the sign-in has come, as text.
    pub stage: String,
    /// Their roles, joined by commas.
    pub roles: String,
    /// Last activity.
    #[sqlx(try_from = "Ts")]
    pub seen_at: Timestamp,
    /// When it ends however active.
    #[sqlx(try_from = "Ts")]
    pub ends_at: Timestamp,
}

/// A session to add.
#[derive(Debug)]
pub struct NewStaffSession<'a> {
    /// Handle.
    pub id: SessionId,
    /// Hash of the cookie's value.
    pub hash: &'a [u8],
    /// Operator.
    pub operator: &'a str,
    /// Who signs in.
    pub staff: StaffId,
    /// Stage as text.
    pub stage: &'a str,
    /// Now.
    pub now: Timestamp,
    /// When it ends however active.
    pub ends_at: Timestamp,
}

/// Starts a session.
pub async fn insert_session(conn: Conn<'_>, new: &NewStaffSession<'_>) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO staff_sessions (id, hash, operator, staff_id, stage, failures, created_at, seen_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, 0, $6, $6, $7)",
        new.id.uuid(),
        new.hash,
        new.operator,
        new.staff.uuid(),
        new.stage,
        Ts(new.now),
        Ts(new.ends_at)
    )
    .map(drop)
}

/// The session with this hash, if its member may sign in, it was active after `idle_since`, and has not ended by `now`.
pub async fn find_session(
    conn: Conn<'_>,
    operator: &str,
    hash: &[u8],
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<Option<StaffSession>, StorageError> {
    fetch_optional!(
        conn,
        StaffSession,
        "SELECT s.id, s.staff_id, s.stage, m.roles, s.seen_at, s.ends_at FROM staff_sessions s JOIN staff m ON m.id = s.staff_id \
         WHERE s.hash = $1 AND s.operator = $2 AND s.seen_at > $3 AND s.ends_at > $4 AND m.is_active",
        hash,
        operator,
        Ts(idle_since),
        Ts(now)
    )
}

/// Notes activity.
pub async fn update_session_seen(
    conn: Conn<'_>,
    operator: &str,
    id: SessionId,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "UPDATE staff_sessions SET seen_at = $3 WHERE operator = $1 AND id = $2 AND seen_at < $3",
        operator,
        id.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// Counts a wrong code in advance: how many there are now, or `None` when `most` had been reached before.
pub async fn update_session_failures(
    conn: Conn<'_>,
    operator: &str,
    id: SessionId,
    most: i64,
) -> Result<Option<i64>, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "UPDATE staff_sessions SET failures = failures + 1 WHERE operator = $1 AND id = $2 AND failures < $3 \
         RETURNING failures",
        operator,
        id.uuid(),
        most
    )?;
    Ok(row.map(|(failures,)| failures))
}

/// Moves a session to its next stage under a new cookie value; `false` when it was no longer at the stage it was read at.
pub async fn update_session_stage(
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
        "UPDATE staff_sessions SET stage = $3, hash = $4, seen_at = $5 WHERE id = $1 AND stage = $2 AND operator = $6",
        id.uuid(),
        from,
        to,
        new_hash,
        Ts(now),
        operator
    )?;
    Ok(changed == 1)
}

/// Ends a session.
pub async fn delete_session(conn: Conn<'_>, operator: &str, id: SessionId) -> Result<(), StorageError> {
    execute!(conn, "DELETE FROM staff_sessions WHERE operator = $1 AND id = $2", operator, id.uuid()).map(drop)
}

/// Ends all sessions of a member.
pub async fn delete_sessions_of(conn: Conn<'_>, operator: &str, staff: StaffId) -> Result<(), StorageError> {
    execute!(conn, "DELETE FROM staff_sessions WHERE operator = $1 AND staff_id = $2", operator, staff.uuid()).map(drop)
}

/// Ends the oldest sessions of a member, so that `most` are left.
pub async fn delete_sessions_beyond(
    conn: Conn<'_>,
    operator: &str,
    staff: StaffId,
    most: i64,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "DELETE FROM staff_sessions WHERE operator = $1 AND staff_id = $2 AND id NOT IN \
         (SELECT id FROM staff_sessions WHERE staff_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3)",
        operator,
        staff.uuid(),
        most
    )
    .map(drop)
}

/// Whether this browser once signed the member in.
pub async fn is_known_device(conn: Conn<'_>, hash: &[u8], staff: StaffId) -> Result<bool, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT CAST(1 AS BIGINT) FROM staff_devices WHERE hash = $1 AND staff_id = $2",
        hash,
        staff.uuid()
    )?;
    Ok(row.is_some())
}

/// Remembers that this browser signed the member in.
pub async fn insert_known_device(
    conn: Conn<'_>,
    hash: &[u8],
    staff: StaffId,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO staff_devices (hash, staff_id, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (hash, staff_id) DO UPDATE SET seen_at = $3",
        hash,
        staff.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// Removes sessions without activity since `idle_since`.
pub async fn delete_idle_sessions(conn: Conn<'_>, idle_since: Timestamp) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM staff_sessions WHERE seen_at < $1", Ts(idle_since))
}
