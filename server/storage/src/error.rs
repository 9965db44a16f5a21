//! The one error of this crate.

/// What went wrong between the portal and its database. Rows that do not exist are `Ok(None)`, never an error.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database's address is not one this crate can use.
    #[error("the database address must be sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME")]
    Address,
    /// The connection to another machine would not be protected.
    #[error("a database on another machine needs sslmode=verify-full, which is also the default")]
    Unprotected,
    /// The database refused or lost a statement.
    #[error("the database did not answer a statement")]
    Sql(#[from] sqlx::Error),
    /// A migration failed, or the schema is not the one this release expects.
    #[error("the database schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
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

/// Reads an enumeration or an identifier from its stored text.
pub(crate) fn read<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::unreadable(what))
}
