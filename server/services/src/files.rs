//! Files beside the database, such as delivered PDFs, under names nobody can guess.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::UNIX_EPOCH;

use openbok_storage::crm_export;

use crate::settings::DAY;
use crate::{ServiceError, Services};

impl Services {
    /// Keeps a file and returns its name. It is written completely or not at all.
    pub(crate) async fn store_file(&self, bytes: Vec<u8>, extension: &'static str) -> Result<String, ServiceError> {
        let name = format!("{:032x}.{extension}", u128::from_be_bytes(self.entropy().bytes()));
        let folder = self.settings().files.clone();
        let target = folder.join(&name);
        blocking(move || {
            let write = || {
                make_private_folder(&folder)?;
                let partial = target.with_extension("part");
                let mut file = make_private_file(&partial)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                std::fs::rename(&partial, &target)
            };
            write().map_err(|error| named(&target, &error))
        })
        .await?;
        Ok(name)
    }

    /// Reads a file that [`Services::store_file`] kept.
    pub(crate) async fn read_file(&self, name: &str) -> Result<Vec<u8>, ServiceError> {
        let path = self.settings().files.join(name);
        Ok(blocking(move || std::fs::read(&path).map_err(|error| named(&path, &error))).await?)
    }

    /// Removes those of the files that no invoice has as its PDF.
    pub(crate) async fn delete_unused_files(&self, names: Vec<String>) -> Result<(), ServiceError> {
        let mut reader = self.db().read().await?;
        let mut unused = Vec::new();
        for name in names {
            if !crm_export::has_invoice_with_file(reader.conn(), &name).await? {
                unused.push(self.settings().files.join(name));
            }
        }
        drop(reader);
        blocking(move || {
            unused.iter().try_for_each(|path| match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(named(path, &error)),
                _ => Ok(()),
            })
        })
        .await?;
        Ok(())
    }

    /// Removes files that have lain for a day without an invoice: an import that was killed left them.
    pub(crate) async fn sweep_files(&self) -> Result<(), ServiceError> {
        let folder = self.settings().files.clone();
        let before = UNIX_EPOCH + std::time::Duration::from_micros(self.now().minus(DAY).micros().unsigned_abs());
        let names = blocking(move || {
            let entries = match std::fs::read_dir(folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries?,
            };
            let mut names = Vec::new();
            for entry in entries {
                let entry = entry?;
                let Some(name) = entry.file_name().into_string().ok().filter(|name| is_own(name)) else { continue };
                if entry.metadata()?.modified()? < before {
                    names.push(name);
                }
            }
            Ok(names)
        })
        .await?;
        self.delete_unused_files(names).await
    }
}

/// Makes a folder that only its owner can enter, with those it lies in; one that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a file that only its owner can read.
///
/// # Errors
/// When there is one already, or it cannot be made.
pub fn make_private_file(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)
}

/// The error with the path that it is about, which the system leaves out.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Whether a name is of the kind that [`Services::store_file`] gives, so that nobody else's file is taken for one.
fn is_own(name: &str) -> bool {
    let is_random = |stem: &str| stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split_once('.').is_some_and(|(stem, ending)| is_random(stem) && matches!(ending, "pdf" | "part"))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use openbok_storage::testing;

    use crate::testing::TestPortal;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn keeps_files_for_nobody_else_to_read_and_names_one_that_is_gone() {
        let (folder, test) = (tempfile::tempdir().unwrap(), testing::sqlite().await);
        let files = folder.path().join("files");
        let portal = TestPortal::with(test.db.clone(), |parts| parts.settings.files.clone_from(&files)).await;
        let name = portal.services.store_file(b"%PDF-".to_vec(), "pdf").await.unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&files), mode(&files.join(&name))), (0o700, 0o600));
        std::fs::remove_file(files.join(&name)).unwrap();
        let error = portal.services.read_file(&name).await.unwrap_err();
        assert!(error.source().unwrap().to_string().contains(&name), "{error}");
    }
}
