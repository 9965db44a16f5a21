//! Bringing the schema up to date, once, however many servers start together.

use std::os::unix::fs::OpenOptionsExt as _;

use sqlx::migrate::Migrator;

use crate::db::fetch_all;
use crate::{Db, StorageError};

/// The migrations of one engine. Newer ones that a later release applied are left alone, so that the former release
/// still runs beside it during a rolling update.
fn migrator(db: &Db) -> Migrator {
    let mut migrator = match db {
        Db::Sqlite { .. } => sqlx::migrate!("migrations/sqlite"),
        Db::Postgres(_) => sqlx::migrate!("migrations/postgres"),
    };
    migrator.set_ignore_missing(true);
    migrator
}

/// How the database's schema compares with this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// Every migration of this release is applied.
    Current,
    /// Some are missing.
    Behind,
}

impl Db {
    /// Applies the missing migrations. A second server that starts meanwhile waits, then finds nothing to do.
    /// A migration that was edited after it had been applied stops the start.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite { writer, .. } => {
                // SQLite has no advisory locks; the file system does.
                let database = writer.connect_options().get_filename().to_path_buf();
                let lock_path = database.with_extension("migrate-lock");
                let lock = tokio::task::spawn_blocking(move || {
                    let mut options = std::fs::OpenOptions::new();
                    let file = options.create(true).truncate(false).write(true).mode(0o600).open(lock_path)?;
                    file.lock()?;
                    Ok(file)
                })
                .await
                .map_err(|join| StorageError::Lock(std::io::Error::other(join)))?
                .map_err(StorageError::Lock)?;
                migrator(self).run(writer).await?;
                drop(lock);
            }
            // The migrator itself holds an advisory lock there.
            Self::Postgres(pool) => migrator(self).run(pool).await?,
        }
        Ok(())
    }

    /// Whether every migration of this release is applied; also proves that the database answers.
    pub async fn migration_state(&self) -> Result<MigrationState, StorageError> {
        let mut reader = self.read().await?;
        let applied = fetch_all!(reader.conn(), (i64,), "SELECT version FROM _sqlx_migrations WHERE success = TRUE")?;
        let is_current = migrator(self).iter().all(|migration| applied.contains(&(migration.version,)));
        Ok(if is_current { MigrationState::Current } else { MigrationState::Behind })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::testing::{self, TestDb};

    /// Two servers that start together, then a third that finds a migration which is not its own any more.
    async fn starts(test: TestDb) {
        let other = Db::open(&test.url).await.unwrap();
        assert!(test.db.migration_state().await.is_err(), "nothing is there yet");
        let (first, second) = tokio::join!(test.db.migrate(), other.migrate());
        first.unwrap();
        second.unwrap();
        let applied = i64::try_from(migrator(&test.db).iter().count()).unwrap();
        let mut reader = other.read().await.unwrap();
        let rows = fetch_all!(reader.conn(), (i64,), "SELECT COUNT(*) FROM _sqlx_migrations").unwrap();
        assert_eq!(rows, [(applied,)], "each was applied once");
        drop(reader);
        assert_eq!(other.migration_state().await.unwrap(), MigrationState::Current);

        test.run("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                  SELECT 9000, 'of a later release', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1")
            .await
            .unwrap();
        test.db.migrate().await.expect("the former release runs on a schema that has grown");

        let wrong = if matches!(test.db, Db::Sqlite { .. }) { "x'00'" } else { "'\\x00'" };
        test.run(&format!("UPDATE _sqlx_migrations SET checksum = {wrong} WHERE version = 1")).await.unwrap();
        let stopped = test.db.migrate().await.unwrap_err();
        let cause = stopped.source().unwrap().to_string();
        assert!(cause.contains("migration 1 was previously applied but has been modified"), "{stopped}: {cause}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn r66_servers_that_start_together_migrate_once_and_stop_at_an_edited_migration_on_sqlite() {
        starts(testing::empty_sqlite().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn r66_servers_that_start_together_migrate_once_and_stop_at_an_edited_migration_on_postgresql() {
        starts(testing::empty_postgres().await).await;
    }
}
