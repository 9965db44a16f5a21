//! A row that has been checked, and how it is written.

mod billing;
mod customers;

use openbok_domain::{Operator, Timestamp};
use openbok_storage::{StorageError, Tx};

pub(super) use billing::{Invoice, InvoiceLine, Payment};
pub(super) use customers::{Contract, Customer, Meter, Payer, SupplyPoint};

use super::record::{Fault, Record};
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
    Customer(Customer),
    Contract(Contract),
    Payer(Payer),
    SupplyPoint(SupplyPoint),
    Meter(Meter),
    Invoice(Box<Invoice>),
    InvoiceLine(InvoiceLine),
    Payment(Payment),
}

/// What became of a row in the database.
pub(super) enum Written {
    /// It is there.
    Done,
    /// It corrects an invoice that may still come.
    Early,
    /// The field refers to something unknown.
    Unknown(&'static str),
}

impl Row {
    /// Checks every field.
    pub fn read(desk: Desk<'_>, table: Table, record: &Record) -> Result<Self, Fault> {
        Ok(match table {
            Table::Customers => Self::Customer(Customer::read(desk, record)?),
            Table::Contracts => Self::Contract(Contract::read(desk, record)?),
            Table::Payers => Self::Payer(Payer::read(desk, record)?),
            Table::SupplyPoints => Self::SupplyPoint(SupplyPoint::read(desk, record)?),
            Table::Meters => Self::Meter(Meter::read(desk, record)?),
            Table::Invoices => Self::Invoice(Box::new(Invoice::read(desk, record)?)),
            Table::InvoiceLines => Self::InvoiceLine(InvoiceLine::read(record)?),
            Table::Payments => Self::Payment(Payment::read(desk, record)?),
        })
    }

    /// Adds the row or replaces the one with its key.
    pub async fn write(&self, tx: &mut Tx, operator: &str, now: Timestamp) -> Result<Written, StorageError> {
        match self {
            Self::Customer(row) => row.write(tx, operator, now).await,
            Self::Contract(row) => row.write(tx, operator, now).await,
            Self::Payer(row) => row.write(tx, operator, now).await,
            Self::SupplyPoint(row) => row.write(tx, operator, now).await,
            Self::Meter(row) => row.write(tx, operator, now).await,
            Self::Invoice(row) => row.write(tx, operator, now).await,
            Self::InvoiceLine(row) => row.write(tx, operator).await,
            Self::Payment(row) => row.write(tx, operator, now).await,
        }
    }
}

/// The answer of a statement that knows only one reference.
const fn known(is_written: bool, field: &'static str) -> Written {
    if is_written { Written::Done } else { Written::Unknown(field) }
}
