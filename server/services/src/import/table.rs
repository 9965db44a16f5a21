//! The files of a delivery: their names and columns, and how they are written.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// A file that this release reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Customers,
    Contracts,
    Payers,
    SupplyPoints,
    Meters,
    Invoices,
    InvoiceLines,
    Payments,
    GeneratingUnits,
}

impl Table {
    /// All of them, each after those it refers to.
    pub const ALL: [Self; 9] = [
        Self::Customers,
        Self::Contracts,
        Self::Payers,
        Self::SupplyPoints,
        Self::Meters,
        Self::Invoices,
        Self::InvoiceLines,
        Self::Payments,
        Self::GeneratingUnits,
    ];

    /// The file's name without its ending.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Contracts => "contracts",
            Self::Payers => "payers",
            Self::SupplyPoints => "supply_points",
            Self::Meters => "meters",
            Self::Invoices => "invoices",
            Self::InvoiceLines => "invoice_lines",
            Self::Payments => "payments",
            Self::GeneratingUnits => "generating_units",
        }
    }

    /// Its columns, in the order in which they are written.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &[
                "customer_number",
                "kind",
                "pesel",
                "nip",
                "rnokpp",
                "edrpou",
                "surname",
                "given_name",
                "patronymic",
                "company_name",
                "email",
                "phone",
                "street",
                "postal_code",
                "city",
                "country",
            ],
            Self::Contracts => &[
                "contract_number",
                "customer_number",
                "status",
                "commodity",
                "tariff",
                "signed_on",
                "starts_on",
                "ends_on",
            ],
            Self::Payers => &["payer_number", "customer_number", "name", "iban", "opening_balance"],
            Self::SupplyPoints => &[
                "supply_point_id",
                "contract_number",
                "payer_number",
                "personal_account",
                "street",
                "postal_code",
                "city",
                "country",
            ],
            Self::Meters => &["meter_number", "supply_point_id", "registers", "unit", "installed_on", "removed_on"],
            Self::Invoices => &[
                "invoice_number",
                "payer_number",
                "kind",
                "corrects",
                "issued_on",
                "period_from",
                "period_to",
                "due_on",
                "gross",
                "ksef_number",
                "ksef_sha256",
                "pdf",
            ],
            Self::InvoiceLines => &[
                "invoice_number",
                "position",
                "description",
                "quantity",
                "unit",
                "unit_price",
                "net",
                "vat_rate",
                "gross",
            ],
            Self::Payments => &["payment_id", "payer_number", "invoice_number", "paid_on", "amount"],
            Self::GeneratingUnits => &[
                "unit_code",
                "mrid",
                "customer_number",
                "name",
                "technology",
                "installed_mw",
                "pmin_mw",
                "pmax_mw",
                "connection_point",
            ],
        }
    }

    /// The columns without which no row of it could be taken.
    pub const fn required_columns(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &["customer_number", "kind"],
            Self::Contracts => &["contract_number", "customer_number", "status"],
            Self::Payers => &["payer_number", "customer_number"],
            Self::SupplyPoints => &["supply_point_id", "contract_number"],
            Self::Meters => &["meter_number", "supply_point_id"],
            Self::Invoices => &["invoice_number", "payer_number", "kind", "issued_on", "gross"],
            Self::InvoiceLines => &["invoice_number", "position", "gross"],
            Self::Payments => &["payment_id", "payer_number", "paid_on", "amount"],
            Self::GeneratingUnits => &["unit_code", "customer_number", "installed_mw"],
        }
    }
}

/// Files of the format that belong to parts of the portal that do not exist yet.
pub(super) const NOT_READ: [&str; 4] = ["readings", "intervals", "tariffs", "outages"];

/// A new file that only its owner can read, in place of an existing one.
pub(super) fn create(folder: &Path, name: &str) -> io::Result<File> {
    let path = folder.join(name);
    // Written anew, because an existing file would keep its permissions.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A table being written as CSV.
pub(crate) struct TableFile(csv::Writer<File>);

impl TableFile {
    /// A new file with its header.
    pub fn create(folder: &Path, table: Table) -> io::Result<Self> {
        let file = create(folder, &format!("{}.csv", table.name()))?;
        let mut file = Self(csv::Writer::from_writer(file));
        file.write(table.columns())?;
        Ok(file)
    }

    /// Adds a row, a field for each column.
    pub fn write(&mut self, fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
        Ok(self.0.write_record(fields)?)
    }

    /// Writes the rest.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_required_column_is_a_column() {
        for table in Table::ALL {
            for column in table.required_columns() {
                assert!(table.columns().contains(column), "{column} of {}", table.name());
            }
        }
    }
}
