//! What customers owe and pay: invoices, their lines, payments.

use openbok_domain::{InvoiceKind, KsefNumber, VatRate};
use openbok_storage::crm;

use super::Desk;
use crate::import::record::{Fault, Record};
use crate::import::report::Reason;
use crate::import::values::{date, decimal, key, money, one_of, position, sha256, words};

pub(super) fn invoice(desk: Desk<'_>, record: &Record) -> Result<crm::Invoice, Fault> {
    let row = crm::Invoice {
        id: desk.id(),
        number: record.required("invoice_number", key)?,
        payer_number: record.required("payer_number", key)?,
        kind: record.required("kind", one_of(InvoiceKind::WORDS))?,
        corrects: record.optional("corrects", key)?,
        issued_on: record.required("issued_on", date)?,
        period_from: record.optional("period_from", date)?,
        period_to: record.optional("period_to", date)?,
        due_on: record.optional("due_on", date)?,
        gross_minor: record.required("gross", money)?,
        ksef_number: record.optional("ksef_number", KsefNumber::parse)?.map(String::from),
        ksef_sha256: record.optional("ksef_sha256", sha256)?,
        pdf_file: record.optional("pdf", words::<255>)?,
    };
    if row.corrects.as_ref() == Some(&row.number) {
        return Err(Fault::at("corrects", Reason::CorrectsItself));
    }
    if row.corrects.is_some() && row.kind != InvoiceKind::Correction {
        return Err(Fault::at("corrects", Reason::NotACorrection));
    }
    if row.period_to.is_some() && row.period_to < row.period_from {
        return Err(Fault::at("period_to", Reason::EndsBeforeItBegins));
    }
    Ok(row)
}

/// A line that states no net amount has the gross amount without the tax of its rate.
pub(super) fn invoice_line(record: &Record) -> Result<crm::InvoiceLine, Fault> {
    let gross_minor = record.required("gross", money)?;
    let vat_rate = record.optional("vat_rate", str::parse::<VatRate>)?;
    let net_minor = vat_rate.as_ref().map_or(gross_minor, |rate| rate.net_of(gross_minor));
    Ok(crm::InvoiceLine {
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

pub(super) fn payment(desk: Desk<'_>, record: &Record) -> Result<crm::Payment, Fault> {
    Ok(crm::Payment {
        id: desk.id(),
        number: record.required("payment_id", key)?,
        payer_number: record.required("payer_number", key)?,
        invoice_number: record.optional("invoice_number", key)?,
        paid_on: record.required("paid_on", date)?,
        amount_minor: record.required("amount", money)?,
    })
}
