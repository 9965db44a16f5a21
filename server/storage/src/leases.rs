//! Leases: which of several servers does a piece of housekeeping right now.

use openbok_domain::Timestamp;

use crate::db::execute;
use crate::{Conn, StorageError, Ts};

/// Takes or prolongs a lease. `false` while another holder has it.
pub async fn update_held(
    conn: Conn<'_>,
    name: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StorageError> {
    let taken = execute!(
        conn,
        "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4) ON CONFLICT (name) DO UPDATE \
         SET holder = $2, until = $4 WHERE leases.holder = $2 OR leases.until <= $3",
        name,
        holder,
        Ts(now),
        Ts(until)
    )?;
    Ok(taken == 1)
}

/// Gives back every lease of a holder that stops.
pub async fn delete_held(conn: Conn<'_>, holder: &str) -> Result<(), StorageError> {
    execute!(conn, "DELETE FROM leases WHERE holder = $1", holder).map(drop)
}
