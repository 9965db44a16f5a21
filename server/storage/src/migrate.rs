//! Bringing the schema up to date, once, however many servers start together.

use sqlx::migrate::Migrator;

use crate::db::{fetch_all, fetch_optional};
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
                    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(lock_path)?;
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

    /// Whether the database answers at all.
    pub async fn ping(&self) -> Result<(), StorageError> {
        let mut reader = self.read().await?;
        fetch_optional!(reader.conn(), (i64,), "SELECT CAST(1 AS BIGINT)").map(drop)
    }
}
