//! The PDF of an invoice, beside the tables of the delivery.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use openbok_storage::crm_export;

use super::report::Reason;
use super::rows::Desk;
use crate::ServiceError;

/// No invoice is larger.
const MOST_BYTES: u64 = 10 << 20;
/// How every PDF document begins.
const MAGIC: &[u8] = b"%PDF-";

/// Keeps the document and returns the name under which it is kept. One that the portal has already keeps its name, so
/// that a delivery read twice does not pile up copies; the name of one that it replaces is added to `loose`.
pub(super) async fn keep(
    desk: Desk<'_>,
    folder: &Path,
    file: &str,
    invoice_number: &str,
    loose: &mut Vec<String>,
) -> Result<Result<String, Reason>, ServiceError> {
    let bytes = match read(folder, file) {
        Ok(bytes) => bytes,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut reader = desk.services.db().read().await?;
    let kept = crm_export::find_invoice_file(reader.conn(), desk.operator.slug.as_str(), invoice_number).await?;
    drop(reader);
    if let Some(name) = kept {
        if desk.services.read_file(&name).await.is_ok_and(|kept| kept == bytes) {
            return Ok(Ok(name));
        }
        loose.push(name);
    }
    Ok(Ok(desk.services.store_file(bytes, "pdf").await?))
}

/// Reads a document. Only a plain file that lies directly in the folder is read: no path, no link to elsewhere.
fn read(folder: &Path, file: &str) -> Result<Vec<u8>, Reason> {
    let is_plain = !file.starts_with('.') && !file.contains(['/', '\\', ':']);
    if !is_plain {
        return Err(Reason::BadFileName);
    }
    let path = folder.join(file);
    let facts = fs::symlink_metadata(&path).map_err(|_| Reason::NoSuchFile)?;
    if !facts.is_file() {
        return Err(Reason::BadFileName);
    }
    let mut bytes = Vec::new();
    let open = File::open(&path).map_err(|_| Reason::NoSuchFile)?;
    open.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| Reason::Unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Reason::FileTooLarge);
    }
    if bytes.starts_with(MAGIC) { Ok(bytes) } else { Err(Reason::NotAPdf) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_pdf_documents_that_lie_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let delivery = folder.path().join("delivery");
        fs::create_dir_all(delivery.join("sub")).unwrap();
        fs::write(folder.path().join("outside.pdf"), "%PDF-1.7 outside").unwrap();
        fs::write(delivery.join("good.pdf"), "%PDF-1.7 good").unwrap();
        fs::write(delivery.join("page.pdf"), "<html>").unwrap();
        fs::write(delivery.join("huge.pdf"), [MAGIC, &vec![b'x'; 10 << 20]].concat()).unwrap();
        std::os::unix::fs::symlink(folder.path().join("outside.pdf"), delivery.join("link.pdf")).unwrap();

        assert_eq!(read(&delivery, "good.pdf").as_deref(), Ok(b"%PDF-1.7 good".as_slice()));
        for (file, reason) in [
            ("../outside.pdf", Reason::BadFileName),
            ("..", Reason::BadFileName),
            ("sub/good.pdf", Reason::BadFileName),
            ("sub", Reason::BadFileName),
            ("..\\outside.pdf", Reason::BadFileName),
            ("/etc/passwd", Reason::BadFileName),
            ("link.pdf", Reason::BadFileName),
            ("missing.pdf", Reason::NoSuchFile),
            ("page.pdf", Reason::NotAPdf),
            ("huge.pdf", Reason::FileTooLarge),
        ] {
            assert_eq!(read(&delivery, file), Err(reason), "{file}");
        }
    }
}
