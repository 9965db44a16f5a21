//! Everything the portal remembers, in SQLite or PostgreSQL. No other crate names sqlx or writes SQL.
//!
//! Repository functions take a borrowed [`Conn`], so that a caller decides what belongs to one transaction:
//! `sessions::insert(tx.conn(), …)`. One SQL text with `$1` placeholders serves both engines. What keeps it portable:
//!
//! - `RETURNING`, `ON CONFLICT … DO NOTHING` or `DO UPDATE`, and rows affected, instead of catching errors: PostgreSQL
//!   gives up a whole transaction on the first one.
//! - `CAST(SUM(x) AS BIGINT)`: PostgreSQL sums to NUMERIC. Integers are BIGINT and `i64` everywhere.
//! - The clock is bound, never `now()`. Instants are [`Ts`], days are [`Day`], ids are time-ordered UUIDs.
//! - No `LOWER()` or `ILIKE` on words (neither engine folds Polish or Ukrainian alike), no arrays. Pages of
//!   invoices are built as JSON, in each engine's own words, because that is what they cost least as; so is the list of
//!   ids that the audit log is read with.
//! - Money in minor units of the operator's currency.
//!
//! Columns named `sealed` are ciphertext and `…_index` keyed hashes; only the services can read or compute them.
#![deny(missing_docs)]

pub mod access;
pub mod accounts;
pub mod audit;
pub mod crm;
pub mod crm_export;
mod db;
mod error;
pub mod leases;
pub mod links;
mod migrate;
pub mod office;
pub mod outbox;
pub mod plan_board;
pub mod plans;
mod readers;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod staff;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod units;
mod value;

pub use db::{Conn, Db, Reader, Tx};
pub use error::StorageError;
pub use migrate::MigrationState;
pub use value::{Day, Ts};
