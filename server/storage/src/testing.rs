//! A fresh, migrated database for each test, on both engines.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::db::{execute, fetch_all};
use crate::{Db, StorageError};

/// A database of its own for one test, with what must live as long as it.
#[derive(Debug)]
pub struct TestDb {
    /// The migrated database.
    pub db: Db,
    /// Its address, for a second server on the same data.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestDb {
    /// Runs a statement as somebody would who got hold of the database itself.
    pub async fn run(&self, sql: &str) -> Result<u64, StorageError> {
        let mut tx = self.db.begin().await?;
        let changed = execute!(tx.conn(), sqlx::AssertSqlSafe(sql.to_owned()))?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Counts what is in the tables, for the planner of queries. PostgreSQL's index is also told which rows everybody sees,
    /// as the server does by itself a minute after much was written; until then it looks each of them up in its table.
    pub async fn tidy(&self) -> Result<(), StorageError> {
        match &self.db {
            Db::Sqlite { writer, .. } => sqlx::query("ANALYZE").execute(writer).await.map(drop)?,
            Db::Postgres(pool) => sqlx::query("VACUUM (ANALYZE)").execute(pool).await.map(drop)?,
        }
        Ok(())
    }
}

/// A fresh, migrated SQLite file.
///
/// # Panics
/// When it cannot be made: the test cannot run.
pub async fn sqlite() -> TestDb {
    migrated(empty_sqlite().await).await
}

/// A fresh, migrated database on the PostgreSQL server that `OPENBOK_TEST_POSTGRES` names.
///
/// # Panics
/// When the server is missing: a test of both engines must not pass on one.
pub async fn postgres() -> TestDb {
    migrated(empty_postgres().await).await
}

async fn migrated(test: TestDb) -> TestDb {
    test.db.migrate().await.expect("the migrations apply");
    test
}

/// A SQLite file without any table.
///
/// # Panics
/// See [`sqlite`].
pub async fn empty_sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let db = Db::open(&url).await.expect("a new SQLite file opens");
    TestDb { db, url, _folder: Some(folder) }
}

/// A PostgreSQL database without any table.
///
/// # Panics
/// See [`postgres`].
pub async fn empty_postgres() -> TestDb {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("OPENBOK_TEST_POSTGRES")
        .expect("OPENBOK_TEST_POSTGRES names the test server; `cargo xtask test` starts one");
    let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let admin = Db::open(&server).await.expect("the PostgreSQL test server answers");
    let mut reader = admin.read().await.expect("a connection");
    execute!(reader.conn(), sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
        .expect("a leftover goes away");
    execute!(reader.conn(), sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).expect("a database is made");
    drop(reader);
    admin.close().await;
    let (base, query) = server.split_once('?').map_or((server.as_str(), None), |(base, query)| (base, Some(query)));
    let (host, _) = base.rsplit_once('/').expect("the address ends in a database name");
    let url = query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"));
    let db = Db::open(&url).await.expect("the new database opens");
    TestDb { db, url, _folder: None }
}

/// How many rows of each kind an operator has: customers, contracts, payers, supply points, meters, invoices, payments.
///
/// # Panics
/// When the database does not answer.
pub async fn count_rows(db: &Db, operator: &str) -> [i64; 7] {
    let mut reader = db.read().await.expect("a connection");
    let rows = fetch_all!(
        reader.conn(),
        (i64,),
        "SELECT COUNT(*) FROM customers WHERE operator = $1 UNION ALL SELECT COUNT(*) FROM contracts WHERE operator = $1 \
         UNION ALL SELECT COUNT(*) FROM payers WHERE operator = $1 UNION ALL SELECT COUNT(*) FROM supply_points WHERE operator = $1 \
         UNION ALL SELECT COUNT(*) FROM meters WHERE operator = $1 UNION ALL SELECT COUNT(*) FROM invoices WHERE operator = $1 \
         UNION ALL SELECT COUNT(*) FROM payments WHERE operator = $1",
        operator
    );
    let counts: Vec<i64> = rows.expect("the tables are counted").into_iter().map(|(count,)| count).collect();
    counts.try_into().expect("seven tables")
}

/// Makes two tests of one body, one on SQLite and one on PostgreSQL:
/// `db_test!(name, |test| { … test.db … });`
#[macro_export]
macro_rules! db_test {
    ($(#[$meta:meta])* $name:ident, |$test:ident| $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($test: $crate::testing::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::testing::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                body($crate::testing::postgres().await).await;
            }
        }
    };
}
