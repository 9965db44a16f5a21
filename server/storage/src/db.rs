//! One handle over both engines, and the connections that repository functions borrow.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};

use crate::StorageError;
use crate::readers::{self, Lent, Readers};

/// How long a request waits for a free connection or for SQLite's one writer before it fails.
const PATIENCE: Duration = Duration::from_secs(10);
/// Rows that SQLite's worker thread may read ahead; a whole page of a list fits.
const ROWS_AHEAD: usize = 256;

/// The portal's database. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file beside the server. SQLite has one writer at a time, so writers queue on a pool of one.
    Sqlite {
        /// Connections for reading.
        readers: Readers,
        /// The connection for writing.
        writer: SqlitePool,
    },
    /// A PostgreSQL server, shared by any number of portal servers.
    Postgres(PgPool),
}

/// A connection lent to one repository function.
#[derive(Debug)]
pub enum Conn<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// A connection for reading outside a transaction.
#[derive(Debug)]
pub enum Reader {
    /// SQLite.
    Sqlite(Lent),
    /// PostgreSQL.
    Postgres(PoolConnection<Postgres>),
}

/// A transaction; rolled back when dropped without [`Tx::commit`].
#[derive(Debug)]
pub enum Tx {
    /// SQLite, holding the writer.
    Sqlite(Transaction<'static, Sqlite>),
    /// PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one sqlx expression on whichever engine the connection belongs to.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::Conn::Sqlite($c) => $body,
            $crate::Conn::Postgres($c) => $body,
        }
    };
}
/// Runs one statement and returns how many rows it changed.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on!($conn, c => sqlx::query($sql)$(.bind($value))*.execute(c).await.map(|done| done.rows_affected()))
            .map_err($crate::StorageError::from)
    };
}
/// Runs one query and returns its first row, if any.
macro_rules! fetch_optional {
    ($conn:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on!($conn, c => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(c).await)
            .map_err($crate::StorageError::from)
    };
}
/// Runs one query and returns all its rows.
macro_rules! fetch_all {
    ($conn:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on!($conn, c => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(c).await)
            .map_err($crate::StorageError::from)
    };
}
pub(crate) use {execute, fetch_all, fetch_optional, on};

impl Db {
    /// Whether `url` is an address that [`Db::open`] takes.
    ///
    /// # Errors
    /// [`StorageError::Address`], or [`StorageError::Unprotected`] when rows would travel to another machine without
    /// encryption or without a check of the server's certificate.
    pub fn check_address(url: &str) -> Result<(), StorageError> {
        if url.starts_with("sqlite:") { sqlite_options(url).map(drop) } else { postgres_options(url).map(drop) }
    }

    /// Opens the database at `url` (`sqlite:FILE` or `postgres://…`); a missing SQLite file is created, for its owner alone.
    /// PostgreSQL on another machine is reached by TLS with its certificate verified, never otherwise.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        if url.starts_with("sqlite:") {
            let options = sqlite_options(url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                .row_buffer_size(ROWS_AHEAD)
                .statement_cache_capacity(256);
            // A connection to a file does not go away; asking whether it has would be one more wait for its thread.
            let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).test_before_acquire(false);
            make_file(options.get_filename())?;
            // It fills a new file, so it comes before any reader.
            let writer = pool.connect_with(options.clone()).await.map_err(out_of_time(StorageError::Locked))?;
            Ok(Self::Sqlite { readers: readers::pool(options.pragma("query_only", "ON"), PATIENCE), writer })
        } else {
            let options = postgres_options(url)?;
            let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE).connect_with(options).await;
            Ok(Self::Postgres(pool.map_err(out_of_time(StorageError::NoConnection))?))
        }
    }

    /// A connection for reading; it sees what is committed when each statement starts.
    pub async fn read(&self) -> Result<Reader, StorageError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Reader::Sqlite(readers.get().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// A transaction for writing. On SQLite it takes the write lock at once, so that it cannot fail half way for it.
    pub async fn begin(&self) -> Result<Tx, StorageError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Ends all connections; SQLite's write-ahead log is folded into the file first.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers::close(readers).await;
                if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await {
                    tracing::warn!(%error, "the write-ahead log was not folded in; SQLite does it at the next start");
                }
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Writes a consistent copy of a SQLite database to a new file; `false` on PostgreSQL, which has its own tools.
    pub async fn copy_to(&self, file: &str) -> Result<bool, StorageError> {
        match self {
            Self::Sqlite { writer, .. } => {
                sqlx::query("VACUUM INTO $1").bind(file).execute(writer).await?;
                Ok(true)
            }
            Self::Postgres(_) => Ok(false),
        }
    }
}

/// The empty file of a new database. SQLite gives what it keeps beside it the same permissions.
fn make_file(file: &Path) -> Result<(), StorageError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(StorageError::Make(error)),
        _ => Ok(()),
    }
}

/// What a first connection that did not come in time means.
fn out_of_time(meaning: StorageError) -> impl FnOnce(sqlx::Error) -> StorageError {
    |error| if matches!(error, sqlx::Error::PoolTimedOut) { meaning } else { error.into() }
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StorageError> {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default();
    // Anything else would be forgotten when the server stops.
    let is_kept = !file.is_empty() && file != ":memory:" && !url.contains("mode=memory");
    let options = SqliteConnectOptions::from_str(url).ok().filter(|_| is_kept);
    options.ok_or(StorageError::Address)
}

/// Reads the address of a PostgreSQL server. Without a word about TLS a connection that leaves this machine is protected in
/// full; a word that means less is refused.
fn postgres_options(url: &str) -> Result<PgConnectOptions, StorageError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(StorageError::Address);
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| StorageError::Address)?;
    let place = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    let has_host = place.rsplit('@').next().is_some_and(|host| !host.is_empty() && !host.starts_with(':'));
    let is_host_told = ["host=", "hostaddr="].iter().any(|key| url.contains(key));
    if !(has_host || is_host_told) || options.get_database().is_none_or(str::is_empty) {
        return Err(StorageError::Address);
    }
    let host = options.get_host().trim_matches(['[', ']']);
    let is_socket = options.get_socket().is_some() || host.starts_with('/');
    let is_loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_told = ["sslmode=", "ssl-mode="].iter().any(|key| url.contains(key));
    match options.get_ssl_mode() {
        _ if is_socket || is_loopback => Ok(options),
        PgSslMode::VerifyFull => Ok(options),
        _ if is_told => Err(StorageError::Unprotected),
        _ => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
    }
}

impl Conn<'_> {
    /// Lends the connection once more, for functions that run several statements.
    pub(crate) const fn again(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Reader {
    /// Lends the connection.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Tx {
    /// Lends the connection inside the transaction.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(transaction) => Conn::Sqlite(transaction),
            Self::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }

    /// Makes everything done in the transaction last.
    pub async fn commit(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Option<PgSslMode> {
        postgres_options(url).ok().map(|options| options.get_ssl_mode())
    }

    #[test]
    fn r69_verifies_a_database_on_another_machine_and_refuses_to_do_less() {
        for host in ["db.internal", "10.0.0.5", "[2001:db8::1]", "localhost.evil.example"] {
            let url = format!("postgres://portal:secret@{host}/openbok");
            assert!(matches!(mode(&url), Some(PgSslMode::VerifyFull)), "{host}");
            assert!(matches!(mode(&format!("{url}?sslmode=verify-full")), Some(PgSslMode::VerifyFull)));
            for weaker in ["disable", "allow", "prefer", "require", "verify-ca"] {
                for key in ["sslmode", "ssl-mode"] {
                    let outcome = Db::check_address(&format!("{url}?{key}={weaker}"));
                    assert!(matches!(outcome, Err(StorageError::Unprotected)), "{host} {weaker}");
                }
            }
        }
        let elsewhere = "postgres://portal@localhost/openbok?host=db.internal&sslmode=disable";
        assert!(matches!(Db::check_address(elsewhere), Err(StorageError::Unprotected)));
    }

    #[test]
    fn leaves_a_database_on_this_machine_as_it_is() {
        for url in [
            "postgres://portal@127.0.0.1:5432/openbok?sslmode=disable",
            "postgres://portal@localhost/openbok?sslmode=disable",
            "postgres://portal@[::1]/openbok?sslmode=disable",
            "postgres://portal@%2Fvar%2Frun%2Fpostgresql/openbok?sslmode=disable",
            "postgres:///openbok?host=/var/run/postgresql&user=portal&sslmode=disable",
        ] {
            assert!(matches!(mode(url), Some(PgSslMode::Disable)), "{url}");
        }
        assert!(Db::check_address("sqlite:/var/lib/openbok/openbok.db").is_ok());
        for neither in ["mysql://host/db", "postgres", "postgres:openbok", "postgres://host:port/db"] {
            assert!(matches!(Db::check_address(neither), Err(StorageError::Address)), "{neither}");
        }
    }

    #[test]
    fn refuses_an_address_that_does_not_say_where_the_rows_are() {
        for incomplete in [
            "sqlite:",
            "sqlite://",
            "sqlite:?mode=rwc",
            "sqlite::memory:",
            "sqlite:portal?mode=memory",
            "postgres://",
            "postgres://localhost",
            "postgres://portal@localhost/",
            "postgres:///openbok",
            "postgres://portal@:5432/openbok",
        ] {
            assert!(matches!(Db::check_address(incomplete), Err(StorageError::Address)), "{incomplete}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn makes_its_file_for_nobody_else_to_read_and_says_why_it_cannot() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let address = |file: &str| format!("sqlite:{}", folder.path().join(file).display());
        let db = Db::open(&address("portal.db")).await.unwrap();
        db.migrate().await.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        }
        assert!(matches!(Db::open(&address("none/portal.db")).await, Err(StorageError::Make(_))));
        std::fs::create_dir(folder.path().join("folder.db")).unwrap();
        assert!(matches!(Db::open(&address("folder.db")).await, Err(StorageError::Closed)));
    }
}
