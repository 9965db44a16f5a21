//! A row that has been checked, and how it is written.

mod billing;
mod customers;
mod units;

use openbok_domain::{Operator, Timestamp};
use openbok_storage::units::{self as stored_units, NewUnit};
use openbok_storage::{StorageError, Tx, crm, crm_export};

use super::record::{Fault, Record};
use super::report::Reason;
use super::table::Table;
use crate::Services;

/// Where rows belong and what seals them.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub services: &'a Services,
    pub operator: &'a Operator,
}

impl Desk<'_> {
    fn seal(&self, place: &str, value: &impl serde::Serialize) -> Vec<u8> {
        self.services.vault().seal(self.services.entropy(), place, value)
    }

    fn id<T: From<uuid::Uuid>>(&self) -> T {
        self.services.entropy().id(self.services.now())
    }
}

/// A row of any table.
pub(super) enum Row {
    Customer(crm::Customer),
    Contract(crm::Contract),
    Payer(crm::Payer),
    SupplyPoint(crm::SupplyPoint),
    Meter(crm::Meter),
    /// Its PDF is the file beside the tables at first; once it is kept, the name under which the portal keeps it.
    Invoice(Box<crm::Invoice>),
    InvoiceLine(crm::InvoiceLine),
    Payment(crm::Payment),
    GeneratingUnit(NewUnit),
}

/// What became of a row in the database.
pub(super) enum Written {
    /// It is there.
    Done,
    /// The invoice that it corrects may still come, or may still change; why it cannot be corrected as it is now.
    Early(Reason),
    /// The field cannot be right beside what is known.
    Refused(&'static str, Reason),
}

impl Row {
    /// Checks every field.
    pub fn read(desk: Desk<'_>, table: Table, record: &Record) -> Result<Self, Fault> {
        Ok(match table {
            Table::Customers => Self::Customer(customers::customer(desk, record)?),
            Table::Contracts => Self::Contract(customers::contract(desk, record)?),
            Table::Payers => Self::Payer(customers::payer(desk, record)?),
            Table::SupplyPoints => Self::SupplyPoint(customers::supply_point(desk, record)?),
            Table::Meters => Self::Meter(customers::meter(desk, record)?),
            Table::Invoices => Self::Invoice(Box::new(billing::invoice(desk, record)?)),
            Table::InvoiceLines => Self::InvoiceLine(billing::invoice_line(record)?),
            Table::Payments => Self::Payment(billing::payment(desk, record)?),
            Table::GeneratingUnits => Self::GeneratingUnit(units::generating_unit(desk, record)?),
        })
    }

    /// Adds the row or replaces the one with its key.
    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        let (is_written, reference) = match self {
            Self::Customer(row) => {
                crm::upsert_customer(tx.conn(), operator, row, now).await?;
                return Ok(Written::Done);
            }
            Self::Contract(row) => (crm::upsert_contract(tx.conn(), operator, row, now).await?, "customer_number"),
            Self::Payer(row) => (crm::upsert_payer(tx.conn(), operator, row, now).await?, "customer_number"),
            Self::SupplyPoint(row) => {
                (crm::upsert_supply_point(tx.conn(), operator, row, now).await?, "contract_number")
            }
            Self::Meter(row) => (crm::upsert_meter(tx.conn(), operator, row, now).await?, "supply_point_id"),
            Self::Invoice(row) => (crm::upsert_invoice(tx.conn(), operator, row, now).await?, "payer_number"),
            Self::InvoiceLine(row) => (crm::upsert_invoice_line(tx.conn(), operator, row).await?, "invoice_number"),
            Self::Payment(row) => (crm::upsert_payment(tx.conn(), operator, row, now).await?, "payer_number"),
            Self::GeneratingUnit(row) => {
                if let Some(mrid) = &row.mrid
                    && let Some(unit) = stored_units::find_by_mrid(tx.conn(), operator, mrid).await?
                    && unit.code != row.code
                {
                    return Ok(Written::Refused("mrid", Reason::OfAnotherUnit));
                }
                (stored_units::upsert(tx.conn(), operator, row, now).await?, "customer_number")
            }
        };
        if is_written {
            return Ok(Written::Done);
        }
        // Of two references the second is the unknown one when the first is known.
        Ok(match self {
            Self::SupplyPoint(row) if crm_export::has_contract(tx.conn(), operator, &row.contract_number).await? => {
                Written::Refused("payer_number", Reason::UnknownReference)
            }
            Self::Invoice(row) if crm_export::has_payer(tx.conn(), operator, &row.payer_number).await? => {
                Written::Early(invoice_fault(tx, operator, row.corrects.as_deref(), &row.payer_number).await?)
            }
            Self::Payment(row) if crm_export::has_payer(tx.conn(), operator, &row.payer_number).await? => {
                let fault = invoice_fault(tx, operator, row.invoice_number.as_deref(), &row.payer_number).await?;
                Written::Refused("invoice_number", fault)
            }
            _ => Written::Refused(reference, Reason::UnknownReference),
        })
    }
}

/// Why a row of a payer cannot refer to an invoice: there is none of this number, or it is another customer's, or else it
/// corrects the one that refers to it.
async fn invoice_fault(
    tx: &mut Tx,
    operator: &str,
    number: Option<&str>,
    payer_number: &str,
) -> Result<Reason, StorageError> {
    let number = number.unwrap_or_default();
    let is_own = crm_export::is_invoice_of_payers_customer(tx.conn(), operator, number, payer_number).await?;
    Ok(match is_own {
        None => Reason::UnknownReference,
        Some(false) => Reason::OfAnotherCustomer,
        Some(true) => Reason::CorrectsItself,
    })
}
