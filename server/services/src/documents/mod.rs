//! Documents that customers download: for now the invoice as an accessible PDF.
//!
//! Pure functions from plain records to files: no database, no clock, no rights. The same record gives the same bytes.

mod invoice;
mod record;
mod sheets;
mod table;
mod typeface;

#[cfg(test)]
mod tests;

pub use invoice::invoice_pdf;
pub use record::{InvoiceDocument, InvoiceLine, Party};

/// A document could not be written as a valid accessible PDF.
#[derive(Debug, thiserror::Error)]
#[error("the document cannot be written as a valid PDF")]
pub struct DocumentError(#[source] Box<dyn std::error::Error + Send + Sync>);
