//! The connections that read a SQLite file.
//!
//! sqlx's own pool asks a connection that comes back whether it still lives. SQLite's connections have a thread each, and
//! a question to it takes as long as the page of a list that was read before; so here hardly any question is asked.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, Pool, PoolError, RecycleResult, Timeouts};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::StorageError;

/// Most connections at once.
const MOST: usize = 8;
/// Every how many uses a connection is asked whether its thread still lives.
const ASKED_EVERY: usize = 256;

/// The pool. Cheap to clone.
pub type Readers = Pool<Opener>;
/// A connection lent by it.
pub type Lent = Object<Opener>;

/// Opens the connections.
#[derive(Debug)]
pub struct Opener(SqliteConnectOptions);

impl managed::Manager for Opener {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<SqliteConnection> {
        self.0.connect().await
    }

    async fn recycle(&self, connection: &mut SqliteConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.recycle_count % ASKED_EVERY == ASKED_EVERY - 1 {
            connection.ping().await?;
        }
        Ok(())
    }
}

/// A pool of connections that are opened when they are needed; whoever waits for one longer than `patience` gets none. They
/// take turns: one that came back from a read that nobody waits for any more may still be busy with it.
pub fn pool(options: SqliteConnectOptions, patience: Duration) -> Readers {
    let timeouts = Timeouts { wait: Some(patience), create: Some(patience), recycle: Some(patience) };
    let pool = Pool::builder(Opener(options)).max_size(MOST).timeouts(timeouts).runtime(Runtime::Tokio1);
    pool.build().expect("a runtime is given")
}

/// Ends all connections that are not lent, and the others when they come back.
pub async fn close(readers: &Readers) {
    let idle = readers.retain(|_, _| false).removed;
    readers.close();
    for connection in idle {
        // One that does not end by itself does when the program does.
        let _ = connection.close().await;
    }
}

impl From<PoolError<sqlx::Error>> for StorageError {
    fn from(error: PoolError<sqlx::Error>) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Closed => sqlx::Error::PoolClosed.into(),
            _ => sqlx::Error::PoolTimedOut.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(readers: &Readers) -> i64 {
        let mut lent = readers.get().await.unwrap();
        sqlx::query_scalar("SELECT 42").fetch_one(&mut *lent).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn lends_each_connection_to_one_and_none_to_whoever_has_waited_long_enough() {
        let readers = pool(SqliteConnectOptions::new(), Duration::from_millis(50));
        let mut all = Vec::new();
        for _ in 0..MOST {
            all.push(readers.get().await.unwrap());
        }
        let refused = StorageError::from(readers.get().await.unwrap_err());
        assert!(matches!(refused, StorageError::Sql(sqlx::Error::PoolTimedOut)), "{refused:?}");
        all.pop();
        assert_eq!(answer(&readers).await, 42);
        close(&readers).await;
        let refused = StorageError::from(readers.get().await.unwrap_err());
        assert!(matches!(refused, StorageError::Sql(sqlx::Error::PoolClosed)), "{refused:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_connection_of_a_read_that_was_given_up_is_lent_last() {
        let readers = pool(SqliteConnectOptions::new(), Duration::from_secs(10));
        let (mut busy, free) = (readers.get().await.unwrap(), readers.get().await.unwrap());
        // A row comes only at its end, after some seconds.
        let slow =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000000) SELECT MAX(i) FROM n";
        let read = sqlx::query(slow).fetch_all(&mut *busy);
        tokio::time::timeout(Duration::from_millis(50), read).await.unwrap_err();
        drop(free);
        drop(busy);
        let answered = tokio::time::timeout(Duration::from_millis(500), answer(&readers)).await;
        assert_eq!(answered.unwrap(), 42);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_connection_survives_a_read_that_nobody_waits_for() {
        let readers = pool(SqliteConnectOptions::new(), Duration::from_secs(10));
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
        for _ in 0..2 * ASKED_EVERY {
            let mut lent = readers.get().await.unwrap();
            let read = sqlx::query(endless).fetch_all(&mut *lent);
            tokio::time::timeout(Duration::from_micros(100), read).await.unwrap_err();
            drop(lent);
            assert_eq!(answer(&readers).await, 42);
        }
        assert_eq!(readers.status().size, 1);
        close(&readers).await;
    }
}
