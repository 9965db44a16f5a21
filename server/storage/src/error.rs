//! The one error of this crate.

use sqlx::error::DatabaseError as _;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteError;

/// What went wrong between the portal and its database. Rows that do not exist are `Ok(None)`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database's address is not one this crate can use.
    #[error("the database address must be sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME")]
    Address,
    /// The connection to another machine would not be protected.
    #[error("a database on another machine needs sslmode=verify-full, which is also the default")]
    Unprotected,
    /// The file of a new SQLite database could not be made.
    #[error("its file cannot be made; let this user write to the folder")]
    Make(#[source] std::io::Error),
    /// The SQLite file, or one that SQLite keeps beside it, does not open.
    #[error("its file does not open; let this user read and write it and its folder")]
    Closed,
    /// The SQLite file can be read only.
    #[error("its file can only be read; let this user write to it and to its folder")]
    ReadOnly,
    /// Somebody else kept the SQLite file locked all the time.
    #[error("another program keeps its file locked; end that program, or try again later")]
    Locked,
    /// The PostgreSQL server gave no connection in time.
    #[error("its server gives no connection; see whether it runs at this address")]
    NoConnection,
    /// The database refused or lost a statement.
    #[error("the database did not answer a statement")]
    Sql(#[source] sqlx::Error),
    /// A migration failed, or the schema is not the one this release expects.
    #[error("the database schema could not be brought up to date")]
    Migrate(#[source] MigrateError),
    /// The file that keeps two servers from migrating at once could not be locked.
    #[error("the migration lock could not be taken")]
    Lock(#[source] std::io::Error),
    /// A stored value is not one this release knows.
    #[error("a stored {what} cannot be read")]
    Unreadable {
        /// Which kind of value.
        what: &'static str,
    },
}

impl StorageError {
    /// An error for a stored value that this release cannot read.
    pub(crate) const fn unreadable(what: &'static str) -> Self {
        Self::Unreadable { what }
    }

    /// Whether a row with the same key was there already.
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        obstacle(&error).unwrap_or(Self::Sql(error))
    }
}

impl From<MigrateError> for StorageError {
    fn from(error: MigrateError) -> Self {
        let obstacle = match &error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => obstacle(cause),
            _ => None,
        };
        obstacle.unwrap_or(Self::Migrate(error))
    }
}

/// What stands between this program and a SQLite file, if that is what went wrong. The lowest byte of SQLite's codes tells.
fn obstacle(error: &sqlx::Error) -> Option<StorageError> {
    let error = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
    let code: u32 = error.code()?.parse().ok()?;
    match code & 0xff {
        5 => Some(StorageError::Locked),
        8 => Some(StorageError::ReadOnly),
        14 => Some(StorageError::Closed),
        _ => None,
    }
}

/// Reads an enumeration or an identifier from its stored text.
pub(crate) fn read<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::unreadable(what))
}
