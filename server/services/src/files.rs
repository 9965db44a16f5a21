//! Files beside the database, such as delivered PDFs, under names nobody can guess.

use std::io::Write;

use crate::{ServiceError, Services};

impl Services {
    /// Keeps a file and returns its name. It is written completely or not at all.
    pub(crate) async fn store_file(&self, bytes: Vec<u8>, extension: &'static str) -> Result<String, ServiceError> {
        let name: String = self.entropy().bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{name}.{extension}");
        let folder = self.settings().files.clone();
        let target = folder.join(&name);
        blocking(move || {
            std::fs::create_dir_all(&folder)?;
            let partial = target.with_extension("part");
            let mut file = std::fs::File::create_new(&partial)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&partial, &target)
        })
        .await?;
        Ok(name)
    }

    /// Reads a file that [`Services::store_file`] kept.
    pub(crate) async fn read_file(&self, name: &str) -> Result<Vec<u8>, ServiceError> {
        let path = self.settings().files.join(name);
        Ok(blocking(move || std::fs::read(path)).await?)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}
