//! What guards the sign-in form: lanes of failures, known devices, limits by source, spent challenges.
//!
//! Counting happens before the password is looked at, so that parallel guesses cannot outrun the limit.

use openbok_domain::{AccountId, Timestamp};

use crate::db::{execute, fetch_optional};
use crate::{Conn, StorageError, Ts};

/// The lane of everybody whose browser is not known to the account.
pub const STRANGERS: &[u8] = &[];

/// Failures counted in a lane; 0 when nobody failed.
pub async fn find_failures(
    conn: Conn<'_>,
    operator: &str,
    login_index: &[u8],
    lane: &[u8],
) -> Result<i64, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT failures FROM lanes WHERE operator = $1 AND login_index = $2 AND lane = $3",
        operator,
        login_index,
        lane
    )?;
    Ok(row.map_or(0, |(failures,)| failures))
}

/// Whether a lane of a known device is full, other than this one: then nobody signs in.
pub async fn is_shut_by_device(
    conn: Conn<'_>,
    operator: &str,
    login_index: &[u8],
    lane: &[u8],
    most: i64,
) -> Result<bool, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT COUNT(*) FROM lanes WHERE operator = $1 AND login_index = $2 AND lane <> $3 AND lane <> $4 AND failures >= $5",
        operator,
        login_index,
        lane,
        STRANGERS,
        most
    )?;
    Ok(row.is_some_and(|(count,)| count > 0))
}

/// Counts a failure in advance: how many there are now, or `None` when `most` had been reached before.
/// A sign-in that turns out right takes it back with [`delete_lane`].
pub async fn update_failures(
    conn: Conn<'_>,
    operator: &str,
    login_index: &[u8],
    lane: &[u8],
    most: i64,
    now: Timestamp,
) -> Result<Option<i64>, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "INSERT INTO lanes (operator, login_index, lane, failures, failed_at) VALUES ($1, $2, $3, 1, $5) \
         ON CONFLICT (operator, login_index, lane) DO UPDATE SET failures = lanes.failures + 1, failed_at = $5 \
         WHERE lanes.failures < $4 RETURNING failures",
        operator,
        login_index,
        lane,
        most,
        Ts(now)
    )?;
    Ok(row.map(|(failures,)| failures))
}

/// Forgets the failures of one lane.
pub async fn delete_lane(conn: Conn<'_>, operator: &str, login_index: &[u8], lane: &[u8]) -> Result<(), StorageError> {
    execute!(
        conn,
        "DELETE FROM lanes WHERE operator = $1 AND login_index = $2 AND lane = $3",
        operator,
        login_index,
        lane
    )
    .map(drop)
}

/// Forgets the failures of a login's lanes whose last one is from before then: a lock that opens by itself.
pub async fn delete_lane_failed_before(
    conn: Conn<'_>,
    operator: &str,
    login_index: &[u8],
    before: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "DELETE FROM lanes WHERE operator = $1 AND login_index = $2 AND failed_at < $3",
        operator,
        login_index,
        Ts(before)
    )
    .map(drop)
}

/// Forgets the failures of all lanes of a login: the staff's unlock.
pub async fn delete_lanes(conn: Conn<'_>, operator: &str, login_index: &[u8]) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM lanes WHERE operator = $1 AND login_index = $2", operator, login_index)
}

/// Whether this browser once signed in to the account.
pub async fn is_known_device(conn: Conn<'_>, hash: &[u8], account: AccountId) -> Result<bool, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT CAST(1 AS BIGINT) FROM known_devices WHERE hash = $1 AND account_id = $2",
        hash,
        account.uuid()
    )?;
    Ok(row.is_some())
}

/// Remembers that this browser signed in to the account.
pub async fn insert_known_device(
    conn: Conn<'_>,
    hash: &[u8],
    account: AccountId,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO known_devices (hash, account_id, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (hash, account_id) DO UPDATE SET seen_at = $3",
        hash,
        account.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// Notes that a login failed from a source.
pub async fn insert_source_failure(
    conn: Conn<'_>,
    source_index: &[u8],
    login_index: &[u8],
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO source_failures (source_index, login_index, failed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (source_index, login_index) DO UPDATE SET failed_at = $3",
        source_index,
        login_index,
        Ts(now)
    )
    .map(drop)
}

/// How many different logins failed from a source since then.
pub async fn count_source_failures(conn: Conn<'_>, source_index: &[u8], since: Timestamp) -> Result<i64, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT COUNT(*) FROM source_failures WHERE source_index = $1 AND failed_at > $2",
        source_index,
        Ts(since)
    )?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Counts a hit on a limit in advance: how many there are in the window that now runs, this one included, or `None` when
/// `most` had been reached before. A window starts with its first hit and is over when it started at or before
/// `window_start`. A hit that turns out not to count is taken back with [`update_limit_less`].
pub async fn update_limit(
    conn: Conn<'_>,
    name: &[u8],
    most: i64,
    window_start: Timestamp,
    now: Timestamp,
) -> Result<Option<i64>, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "INSERT INTO limits (name, started_at, hits) VALUES ($1, $3, 1) ON CONFLICT (name) DO UPDATE SET \
         hits = CASE WHEN limits.started_at <= $2 THEN 1 ELSE limits.hits + 1 END, \
         started_at = CASE WHEN limits.started_at <= $2 THEN $3 ELSE limits.started_at END \
         WHERE limits.started_at <= $2 OR limits.hits < $4 RETURNING hits",
        name,
        Ts(window_start),
        Ts(now),
        most
    )?;
    Ok(row.map(|(hits,)| hits))
}

/// Takes one hit of a limit back.
pub async fn update_limit_less(conn: Conn<'_>, name: &[u8]) -> Result<(), StorageError> {
    execute!(conn, "UPDATE limits SET hits = hits - 1 WHERE name = $1 AND hits > 0", name).map(drop)
}

/// The hits of a limit in the window that now runs, and when that window started.
pub async fn find_limit(
    conn: Conn<'_>,
    name: &[u8],
    window_start: Timestamp,
) -> Result<Option<(i64, Timestamp)>, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64, Ts),
        "SELECT hits, started_at FROM limits WHERE name = $1 AND started_at > $2",
        name,
        Ts(window_start)
    )?;
    Ok(row.map(|(hits, started)| (hits, started.into())))
}

/// Spends a challenge: `false` when it was spent before.
pub async fn insert_spent_challenge(conn: Conn<'_>, hash: &[u8], expires_at: Timestamp) -> Result<bool, StorageError> {
    let added = execute!(
        conn,
        "INSERT INTO spent_challenges (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        hash,
        Ts(expires_at)
    )?;
    Ok(added == 1)
}

/// Removes failures by source from before then.
pub async fn delete_source_failures(conn: Conn<'_>, before: Timestamp) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM source_failures WHERE failed_at < $1", Ts(before))
}

/// Removes limit windows that started before then.
pub async fn delete_limits(conn: Conn<'_>, before: Timestamp) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM limits WHERE started_at < $1", Ts(before))
}

/// Removes spent challenges that had expired before then and would be refused anyway.
pub async fn delete_spent_challenges(conn: Conn<'_>, before: Timestamp) -> Result<u64, StorageError> {
    execute!(conn, "DELETE FROM spent_challenges WHERE expires_at < $1", Ts(before))
}

/// Removes lanes of logins that belong to no account and last failed before then. Those of accounts stay: only a right
/// password or the staff resets them.
pub async fn delete_orphan_lanes(conn: Conn<'_>, before: Timestamp) -> Result<u64, StorageError> {
    execute!(
        conn,
        "DELETE FROM lanes WHERE failed_at < $1 AND NOT EXISTS ( \
             SELECT 1 FROM accounts a WHERE a.operator = lanes.operator AND a.login_index = lanes.login_index)",
        Ts(before)
    )
}
