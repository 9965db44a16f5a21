//! A few values that belong to the database itself, such as the fingerprint of the key that sealed it.

use crate::db::{execute, fetch_optional};
use crate::{Conn, StorageError};

/// A stored value.
pub async fn find(conn: Conn<'_>, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
    let row = fetch_optional!(conn, (Vec<u8>,), "SELECT value FROM settings WHERE name = $1", name)?;
    Ok(row.map(|(value,)| value))
}

/// Stores a value unless there is one: `false` when there was.
pub async fn insert(conn: Conn<'_>, name: &str, value: &[u8]) -> Result<bool, StorageError> {
    let added = execute!(
        conn,
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        name,
        value
    )?;
    Ok(added == 1)
}
