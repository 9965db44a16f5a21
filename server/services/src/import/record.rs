//! One row as it was delivered, and how its fields are asked for.

use super::report::Reason;
use super::table::Table;

/// A row: the texts of the table's columns, empty where absent.
#[derive(Debug)]
pub(super) struct Record {
    /// Line on which it begins.
    pub line: u64,
    table: Table,
    values: Vec<String>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub field: Option<String>,
    pub reason: Reason,
}

impl Fault {
    /// About one field.
    pub fn at(field: &str, reason: impl Into<Reason>) -> Self {
        Self { field: Some(field.to_owned()), reason: reason.into() }
    }

    /// About the whole row.
    pub const fn row(reason: Reason) -> Self {
        Self { field: None, reason }
    }
}

impl Record {
    /// An empty row.
    pub fn new(table: Table, line: u64) -> Self {
        Self { line, table, values: vec![String::new(); table.columns().len()] }
    }

    /// Sets the text of a column by its place in [`Table::columns`].
    pub fn set(&mut self, column: usize, text: &str) {
        text.trim().clone_into(&mut self.values[column]);
    }

    /// How many bytes it holds.
    pub fn size(&self) -> usize {
        self.values.iter().map(String::len).sum()
    }

    /// The text of a column, which may be empty.
    pub fn text(&self, field: &str) -> &str {
        let column = self.table.columns().iter().position(|name| *name == field);
        &self.values[column.expect("rows ask for columns of their own table")]
    }

    /// The value of a field that must not be empty.
    pub fn required<T, E: Into<Reason>>(
        &self,
        field: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Fault> {
        self.optional(field, parse)?.ok_or_else(|| Fault::at(field, Reason::Required))
    }

    /// The value of a field that may be empty.
    pub fn optional<T, E: Into<Reason>>(
        &self,
        field: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Fault> {
        match self.text(field) {
            "" => Ok(None),
            text => parse(text).map(Some).map_err(|error| Fault::at(field, error)),
        }
    }
}
