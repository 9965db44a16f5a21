//! What the CRM and billing deliver: a folder of files read into the database, and the same files written from it.
//!
//! Files are read in the order in which they refer to one another, so that the order of files and rows in a delivery does
//! not matter; only corrections of invoices may have to wait for a second look. A bad row is reported and the others are
//! kept. Rows are written a thousand to a transaction, between which other writers have their turn; a delivery that was
//! interrupted is completed by reading it again.

mod export;
mod pdf;
mod record;
mod report;
mod rows;
mod run;
mod source;
mod table;
mod values;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use openbok_domain::Operator;

pub use report::{FileReport, ImportReport, Problem, Progress, Reason};

use crate::audit::{Actor, Event};
use crate::{ServiceError, Services, boxed};
use record::Fault;
use run::Run;
use table::NOT_READ;
pub(crate) use table::{Table, TableFile};

/// Why an import or an export had to stop. What was committed until then stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The folder cannot be read or written.
    #[error("the folder cannot be read or written")]
    Folder(#[from] io::Error),
    /// The portal failed.
    #[error("the portal failed")]
    Service(#[from] ServiceError),
}

impl From<openbok_storage::StorageError> for ImportError {
    fn from(error: openbok_storage::StorageError) -> Self {
        Self::Service(error.into())
    }
}

impl Services {
    /// Reads a delivery of an operator: adds its rows or replaces those with the same keys, and tells what was refused and
    /// why. Reading the same delivery again changes nothing.
    ///
    /// # Errors
    /// When the folder cannot be read, or the database fails; rows are never an error.
    #[boxed]
    pub async fn import(
        &self,
        operator: &Operator,
        folder: &Path,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<ImportReport, ImportError> {
        if !fs::metadata(folder)?.is_dir() {
            return Err(ImportError::Folder(io::ErrorKind::NotADirectory.into()));
        }
        let mut files = delivered_files(folder)?;
        self.record_import(operator, "begun", "").await?;
        let mut run = Run::new(self, operator, folder, progress);
        for table in Table::ALL {
            let own: Vec<_> = files.extract_if(.., |path| stem(path) == table.name()).collect();
            run.read_table(table, &own).await?;
        }
        for path in files {
            let is_known = NOT_READ.contains(&stem(&path).as_str());
            let reason = if is_known { Reason::NotReadByThisRelease } else { Reason::UnknownFile };
            run.problem(&file_name(&path), None, Fault::row(reason));
        }
        let report = run.finish().await?;
        let mut note = String::new();
        for file in &report.files {
            write!(note, "{} {}+{} ", file.name, file.accepted, file.refused).expect("texts grow");
        }
        let outcome = match report.exit_status() {
            0 => "ok",
            1 => "nothing",
            _ => "partly",
        };
        self.record_import(operator, outcome, note.trim_end()).await?;
        Ok(report)
    }

    async fn record_import(&self, operator: &Operator, outcome: &str, note: &str) -> Result<(), ImportError> {
        let operator = operator.slug.as_str();
        let event = Event { operator, name: "import", outcome, actor: Actor::CommandLine, subject: None, note };
        let mut tx = self.db().begin().await?;
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The tables in the folder, whether they are known or not, in the order of their names.
fn delivered_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_json(&path) || has_ending(&path, "csv") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The name of a table's file without its ending, in lower case.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Whether a file is JSON Lines and not CSV.
fn is_json(path: &Path) -> bool {
    has_ending(path, "jsonl")
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
