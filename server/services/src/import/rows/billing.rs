//! What customers owe and pay: invoices, their lines, payments.

use openbok_domain::{Date, InvoiceId, InvoiceKind, KsefNumber, PaymentId, Timestamp, VatRate};
use openbok_storage::{StorageError, Tx, crm, crm_export};

use super::{Desk, Written, known};
use crate::import::record::{Fault, Record};
use crate::import::report::Reason;
use crate::import::values::{decimal, key, money, position, sha256, words};

pub(in crate::import) struct Invoice {
    id: InvoiceId,
    pub number: String,
    payer_number: String,
    kind: InvoiceKind,
    corrects: Option<String>,
    issued_on: Date,
    period_from: Option<Date>,
    period_to: Option<Date>,
    due_on: Date,
    gross_minor: i64,
    ksef_number: Option<String>,
    ksef_sha256: Option<String>,
    /// The file beside the tables at first; once it is kept, the name under which the portal keeps it.
    pub pdf: Option<String>,
}

impl Invoice {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        let issued_on = record.required("issued_on", str::parse)?;
        let row = Self {
            id: desk.id(),
            number: record.required("invoice_number", key)?,
            payer_number: record.required("payer_number", key)?,
            kind: record.required("kind", str::parse)?,
            corrects: record.optional("corrects", key)?,
            issued_on,
            period_from: record.optional("period_from", str::parse)?,
            period_to: record.optional("period_to", str::parse)?,
            due_on: record.optional("due_on", str::parse)?.unwrap_or(issued_on),
            gross_minor: record.required("gross", money)?,
            ksef_number: record.optional("ksef_number", KsefNumber::parse)?.map(String::from),
            ksef_sha256: record.optional("ksef_sha256", sha256)?,
            pdf: record.optional("pdf", words::<255>)?,
        };
        if row.corrects.as_ref() == Some(&row.number) {
            return Err(Fault::at("corrects", Reason::CorrectsItself));
        }
        if row.period_to.is_some() && row.period_to < row.period_from {
            return Err(Fault::at("period_to", Reason::EndsBeforeItBegins));
        }
        Ok(row)
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let row = crm::Invoice {
            id: self.id,
            number: &self.number,
            payer_number: &self.payer_number,
            kind: self.kind,
            corrects: self.corrects.as_deref(),
            issued_on: self.issued_on,
            period_from: self.period_from,
            period_to: self.period_to,
            due_on: self.due_on,
            gross_minor: self.gross_minor,
            ksef_number: self.ksef_number.as_deref(),
            ksef_sha256: self.ksef_sha256.as_deref(),
            pdf_file: self.pdf.as_deref(),
        };
        if crm::upsert_invoice(tx.conn(), operator, &row, now).await? {
            return Ok(Written::Done);
        }
        let is_payer_known = crm_export::has_payer(tx.conn(), operator, &self.payer_number).await?;
        Ok(if is_payer_known { Written::Early } else { Written::Unknown("payer_number") })
    }
}

pub(in crate::import) struct InvoiceLine {
    invoice_number: String,
    position: i64,
    description: String,
    quantity: Option<String>,
    unit: Option<String>,
    unit_price: Option<String>,
    net_minor: i64,
    vat_rate: Option<String>,
    gross_minor: i64,
}

impl InvoiceLine {
    /// A line that states no net amount has the gross amount without the tax of its rate.
    pub fn read(record: &Record) -> Result<Self, Fault> {
        let gross_minor = record.required("gross", money)?;
        let vat_rate = record.optional("vat_rate", str::parse::<VatRate>)?;
        let net_minor = vat_rate.as_ref().map_or(gross_minor, |rate| rate.net_of(gross_minor));
        Ok(Self {
            invoice_number: record.required("invoice_number", key)?,
            position: record.required("position", position)?,
            description: record.optional("description", words::<500>)?.unwrap_or_default(),
            quantity: record.optional("quantity", decimal)?,
            unit: record.optional("unit", words::<20>)?,
            unit_price: record.optional("unit_price", decimal)?,
            net_minor: record.optional("net", money)?.unwrap_or(net_minor),
            vat_rate: vat_rate.map(String::from),
            gross_minor,
        })
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str) -> Result<Written, StorageError> {
        let row = crm::InvoiceLine {
            invoice_number: &self.invoice_number,
            position: self.position,
            description: &self.description,
            quantity: self.quantity.as_deref(),
            unit: self.unit.as_deref(),
            unit_price: self.unit_price.as_deref(),
            net_minor: self.net_minor,
            vat_rate: self.vat_rate.as_deref(),
            gross_minor: self.gross_minor,
        };
        Ok(known(crm::upsert_invoice_line(tx.conn(), operator, &row).await?, "invoice_number"))
    }
}

pub(in crate::import) struct Payment {
    id: PaymentId,
    number: String,
    payer_number: String,
    invoice_number: Option<String>,
    paid_on: Date,
    amount_minor: i64,
}

impl Payment {
    pub fn read(desk: Desk<'_>, record: &Record) -> Result<Self, Fault> {
        Ok(Self {
            id: desk.id(),
            number: record.required("payment_id", key)?,
            payer_number: record.required("payer_number", key)?,
            invoice_number: record.optional("invoice_number", key)?,
            paid_on: record.required("paid_on", str::parse)?,
            amount_minor: record.required("amount", money)?,
        })
    }

    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let row = crm::Payment {
            id: self.id,
            number: &self.number,
            payer_number: &self.payer_number,
            invoice_number: self.invoice_number.as_deref(),
            paid_on: self.paid_on,
            amount_minor: self.amount_minor,
        };
        if crm::upsert_payment(tx.conn(), operator, &row, now).await? {
            return Ok(Written::Done);
        }
        let is_payer_known = crm_export::has_payer(tx.conn(), operator, &self.payer_number).await?;
        Ok(Written::Unknown(if is_payer_known { "invoice_number" } else { "payer_number" }))
    }
}
