//! One delivery being read: rows checked and sealed in batches, each batch written in one transaction.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use openbok_domain::Operator;

use super::record::{Fault, Record};
use super::report::{FileReport, ImportReport, Problem, Progress, Reason};
use super::rows::{Desk, Row, Written};
use super::source::Source;
use super::table::Table;
use super::{ImportError, file_name, pdf};
use crate::{ServiceError, Services};

/// Rows written in one transaction. Other writers have their turn while the next ones are being checked.
const BATCH_ROWS: usize = 1000;
/// Bytes of rows after which a batch is written early.
const BATCH_BYTES: usize = 4 << 20;

/// Where a row stands: the number of its file in the report, and its line.
type Place = (usize, u64);

/// Corrections that cannot be taken yet, because of the invoice that they correct, by their own number.
type Waiting = HashMap<String, Wait>;

struct Wait {
    place: Place,
    /// The name under which its PDF is kept already.
    pdf: Option<String>,
    /// Why it cannot be taken as things stand.
    reason: Reason,
}

pub(super) struct Run<'a> {
    desk: Desk<'a>,
    folder: &'a Path,
    progress: &'a mut (dyn FnMut(Progress<'_>) + Send),
    report: ImportReport,
    /// Documents that may have no invoice any longer: of refused rows, and those that others replace.
    loose: Vec<String>,
}

impl<'a> Run<'a> {
    pub fn new(
        services: &'a Services,
        operator: &'a Operator,
        folder: &'a Path,
        progress: &'a mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Self {
        let report = ImportReport::default();
        Self { desk: Desk { services, operator }, folder, progress, report, loose: Vec::new() }
    }

    pub async fn finish(mut self) -> Result<ImportReport, ImportError> {
        self.delete_loose().await?;
        Ok(self.report)
    }

    async fn delete_loose(&mut self) -> Result<(), ServiceError> {
        if self.loose.is_empty() {
            return Ok(());
        }
        self.desk.services.delete_unused_files(std::mem::take(&mut self.loose)).await
    }

    pub fn problem(&mut self, file: &str, line: Option<u64>, fault: Fault) {
        self.report.add(Problem { file: file.to_owned(), line, field: fault.field, reason: fault.reason });
    }

    /// Reads all files of a table. Corrections that wait for another invoice are tried again for as long as some succeed.
    pub async fn read_table(&mut self, table: Table, paths: &[PathBuf]) -> Result<(), ImportError> {
        let first = self.report.files.len();
        let mut waiting = Waiting::new();
        for path in paths {
            self.read_file(table, path, &mut waiting).await?;
        }
        let mut before = usize::MAX;
        while !waiting.is_empty() && waiting.len() < before {
            before = waiting.len();
            for (file, path) in (first..).zip(paths) {
                self.read_waiting(table, path, file, &mut waiting).await?;
            }
        }
        let mut lost: Vec<Wait> = waiting.into_values().collect();
        lost.sort_unstable_by_key(|wait| wait.place);
        for wait in lost {
            self.loose.extend(wait.pdf);
            self.refuse(wait.place, Fault::at("corrects", wait.reason));
        }
        Ok(())
    }

    async fn read_file(&mut self, table: Table, path: &Path, waiting: &mut Waiting) -> Result<(), ImportError> {
        let file = self.report.files.len();
        let name = file_name(path);
        self.report.files.push(FileReport { name: name.clone(), accepted: 0, refused: 0, is_readable: false });
        let mut source = match Source::open(path, table) {
            Ok(source) => source,
            Err(faults) => {
                for fault in faults {
                    self.problem(&name, None, fault);
                }
                return Ok(());
            }
        };
        let mut batch = Batch::default();
        loop {
            let item = source.next();
            for column in source.unknown_columns.drain(..) {
                self.problem(&name, None, Fault::at(&column, Reason::UnknownColumn));
            }
            match item {
                None => break,
                Some(Err((line, fault))) => self.refuse((file, line), fault),
                Some(Ok(record)) => match self.check(table, &record, None).await? {
                    Ok(row) => batch.add((file, record.line), record.size(), row),
                    Err(fault) => self.refuse((file, record.line), fault),
                },
            }
            if batch.is_full() {
                self.write(&mut batch, file, waiting).await?;
            }
        }
        self.report.files[file].is_readable = !source.has_failed();
        let absent = source.absent_columns();
        if !absent.is_empty() {
            self.problem(&name, None, Fault::at(&absent.join(", "), Reason::AbsentColumns));
        }
        self.write(&mut batch, file, waiting).await
    }

    /// Goes through a file again for the corrections that wait. Everything else in it has been told already.
    async fn read_waiting(
        &mut self,
        table: Table,
        path: &Path,
        file: usize,
        waiting: &mut Waiting,
    ) -> Result<(), ImportError> {
        let Ok(mut source) = Source::open(path, table) else { return Ok(()) };
        let mut batch = Batch::default();
        while let Some(item) = source.next() {
            let Ok(record) = item else { continue };
            let place = (file, record.line);
            let wait = waiting.get(record.text("invoice_number")).filter(|wait| wait.place == place);
            let Some(wait) = wait else { continue };
            if let Ok(row) = self.check(table, &record, wait.pdf.clone()).await? {
                batch.add(place, record.size(), row);
            }
            if batch.is_full() {
                self.write(&mut batch, file, waiting).await?;
            }
        }
        self.write(&mut batch, file, waiting).await
    }

    /// Checks a row and sees to it that its document is kept, unless it is already.
    async fn check(
        &mut self,
        table: Table,
        record: &Record,
        kept: Option<String>,
    ) -> Result<Result<Row, Fault>, ServiceError> {
        let mut row = match Row::read(self.desk, table, record) {
            Ok(row) => row,
            Err(fault) => return Ok(Err(fault)),
        };
        if let Row::Invoice(invoice) = &mut row
            && let Some(document) = invoice.pdf_file.take()
        {
            invoice.pdf_file = match kept {
                Some(name) => Some(name),
                None => match pdf::keep(self.desk, self.folder, &document, &invoice.number, &mut self.loose).await? {
                    Ok(name) => Some(name),
                    Err(reason) => return Ok(Err(Fault::at("pdf", reason))),
                },
            };
        }
        Ok(Ok(row))
    }

    /// Writes the batch in one transaction and empties it.
    async fn write(&mut self, batch: &mut Batch, file: usize, waiting: &mut Waiting) -> Result<(), ImportError> {
        if !batch.rows.is_empty() {
            let services = self.desk.services;
            let operator = self.desk.operator.slug.as_str();
            let now = services.now();
            let mut tx = services.db().begin().await?;
            for (place, row) in batch.rows.drain(..) {
                match Box::pin(row.write(&mut tx, operator, now)).await? {
                    Written::Done => self.accept(place, &row, waiting),
                    Written::Early(reason) => self.wait(place, row, reason, waiting),
                    Written::Refused(field, reason) => {
                        if let Row::Invoice(invoice) = row {
                            self.loose.extend(invoice.pdf_file);
                        }
                        self.refuse(place, Fault::at(field, reason));
                    }
                }
            }
            tx.commit().await?;
            batch.bytes = 0;
            self.delete_loose().await?;
        }
        let FileReport { name, accepted, refused, .. } = &self.report.files[file];
        (self.progress)(Progress { file: name, done: accepted + refused, refused: *refused });
        Ok(())
    }

    fn accept(&mut self, place: Place, row: &Row, waiting: &mut Waiting) {
        self.report.files[place.0].accepted += 1;
        if let Row::Invoice(invoice) = row {
            let former = waiting.remove(&invoice.number);
            self.supersede(place, former);
        }
    }

    fn wait(&mut self, place: Place, row: Row, reason: Reason, waiting: &mut Waiting) {
        if let Row::Invoice(invoice) = row {
            let former = waiting.insert(invoice.number, Wait { place, pdf: invoice.pdf_file, reason });
            self.supersede(place, former);
        }
    }

    /// A row that waited is done with when a later one with its key takes its place.
    fn supersede(&mut self, place: Place, former: Option<Wait>) {
        if let Some(former) = former
            && former.place != place
        {
            self.loose.extend(former.pdf);
            self.report.files[former.place.0].accepted += 1;
        }
    }

    fn refuse(&mut self, (file, line): Place, fault: Fault) {
        self.report.files[file].refused += 1;
        let name = self.report.files[file].name.clone();
        self.problem(&name, Some(line), fault);
    }
}

/// Rows that are ready to be written.
#[derive(Default)]
struct Batch {
    rows: Vec<(Place, Row)>,
    bytes: usize,
}

impl Batch {
    fn add(&mut self, place: Place, size: usize, row: Row) {
        self.rows.push((place, row));
        self.bytes += size;
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }
}
