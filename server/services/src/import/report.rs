//! What became of a delivery: counts by file, and each row or file that could not be taken, without its values.

use std::fmt;

use openbok_domain::ParseError;

/// More problems than this are only counted.
const MOST_PROBLEMS: usize = 10_000;

/// How far an import has come with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Rows read so far, refused ones included.
    pub done: u64,
    /// Rows refused so far.
    pub refused: u64,
}

/// What became of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The files that belong to this release, in the order in which they were read.
    pub files: Vec<FileReport>,
    /// What was wrong, the first ten thousand.
    pub problems: Vec<Problem>,
    /// How many more problems there were.
    pub more_problems: u64,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Rows taken.
    pub accepted: u64,
    /// Rows refused.
    pub refused: u64,
    /// Whether the file could be read to its end; a problem says why not.
    pub is_readable: bool,
}

/// Something that could not be taken, or was left out. Never carries a value of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file.
    pub file: String,
    /// Line on which the row begins, counted from one; absent when it is about the whole file.
    pub line: Option<u64>,
    /// The field, when it is about one.
    pub field: Option<String>,
    /// What is wrong.
    pub reason: Reason,
}

impl fmt::Display for Problem {
    /// `customers.csv:12: pesel: the check digit is wrong`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl ImportReport {
    /// How a command ends: 0 all good, 2 some rows or files refused, 1 nothing could be read.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        if self.is_nothing_read() {
            1
        } else {
            let is_good = |file: &FileReport| file.is_readable && file.refused == 0;
            if self.files.iter().all(is_good) { 0 } else { 2 }
        }
    }

    /// Whether there was no file that could be read, not even a part of one.
    #[must_use]
    pub fn is_nothing_read(&self) -> bool {
        !self.files.iter().any(|file| file.is_readable || file.accepted > 0)
    }

    /// Rows taken from all files.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.files.iter().map(|file| file.accepted).sum()
    }

    /// Rows refused in all files.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.files.iter().map(|file| file.refused).sum()
    }

    pub(super) fn add(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }
}

/// Why something could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A required field is empty.
    Required,
    /// A shape that the field never has.
    Malformed,
    /// A word that is none of these.
    NotOneOf(&'static [&'static str]),
    /// A day in another form than files have it.
    NotADate,
    /// A number in another form than files have it.
    NotANumber,
    /// A typing mistake, by the check digit.
    CheckDigit,
    /// A day that the calendar does not have.
    NoSuchDate,
    /// Only digits, but not as many as the number has.
    WrongLength {
        /// How many digits the number has.
        digits: u16,
    },
    /// Fewer characters than the field has.
    TooShort {
        /// The smallest number of characters.
        min: u16,
    },
    /// More characters than the field has.
    TooLong {
        /// The largest number of characters.
        max: u16,
    },
    /// A number outside what the field can hold.
    OutOfRange,
    /// A number with more decimals than the field keeps.
    TooFine {
        /// How many decimals it keeps.
        decimals: u8,
    },
    /// A least power above the greatest.
    LimitsCross,
    /// A greatest power above what is installed.
    AboveInstalled,
    /// An identifier that another generating unit has.
    OfAnotherUnit,
    /// A day before the one on which the same period begins.
    EndsBeforeItBegins,
    /// Refers to something that is neither in the delivery nor known from an earlier one.
    UnknownReference,
    /// An invoice of another customer than the payer's.
    OfAnotherCustomer,
    /// An invoice that corrects itself, or one of its own corrections.
    CorrectsItself,
    /// A corrected invoice named by one that is no correction.
    NotACorrection,
    /// The delivery has no such file beside its tables.
    NoSuchFile,
    /// Not the plain name of a file beside the tables.
    BadFileName,
    /// A document larger than 10 MiB.
    FileTooLarge,
    /// A file that does not begin as PDF documents do.
    NotAPdf,
    /// More or fewer fields than the header has.
    FieldCount,
    /// A row of more than 1 MiB.
    RowTooLarge,
    /// A quotation mark that is still open at the end of the file.
    OpenQuote,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A line that is not one flat JSON object of texts and numbers.
    NotJson,
    /// A line of JSON that has a field twice.
    RepeatedField,
    /// The file cannot be read.
    Unreadable,
    /// A file of no bytes.
    EmptyFile,
    /// The file has no header row, or one that is not a header.
    NoHeader,
    /// The header lacks a column that every row needs.
    MissingColumn,
    /// The header lacks columns because its names are separated by semicolons.
    NotCommas,
    /// The header has a column twice.
    RepeatedColumn,
    /// A column that the format does not have. Left out.
    UnknownColumn,
    /// Columns that the file lacks and rows need not have. Taken for empty.
    AbsentColumns,
    /// A file for a part of the portal that this release does not have. Left out.
    NotReadByThisRelease,
    /// A file whose name the format does not have. Left out.
    UnknownFile,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Required => "must not be empty",
            Self::Malformed => "is not written as this field is",
            Self::NotOneOf(words) => return write!(f, "is none of {}", words.join(", ")),
            Self::NotADate => "is not a date such as 2026-01-31",
            Self::NotANumber => "is not a number such as 1234.5, with digits and a decimal point only",
            Self::CheckDigit => "the check digit is wrong",
            Self::NoSuchDate => "contains a day that does not exist",
            Self::WrongLength { digits } => return write!(f, "does not have {digits} digits"),
            Self::TooShort { min } => return write!(f, "is shorter than {min} characters"),
            Self::TooLong { max } => return write!(f, "is longer than {max} characters"),
            Self::OutOfRange => "is a number outside what the field can hold",
            Self::TooFine { decimals } => return write!(f, "has more than {decimals} decimals"),
            Self::LimitsCross => "is above pmax_mw",
            Self::AboveInstalled => "is above installed_mw",
            Self::OfAnotherUnit => "is the identifier of another generating unit",
            Self::EndsBeforeItBegins => "is before the day on which it begins",
            Self::UnknownReference => "refers to nothing in this delivery or an earlier one",
            Self::OfAnotherCustomer => "is an invoice of another customer",
            Self::CorrectsItself => "is the invoice itself, or one that corrects it",
            Self::NotACorrection => "stands on an invoice that is not a correction",
            Self::NoSuchFile => "there is no such file beside the tables",
            Self::BadFileName => "is not the plain name of a file beside the tables",
            Self::FileTooLarge => "the file is larger than 10 MiB",
            Self::NotAPdf => "the file is not a PDF document",
            Self::FieldCount => "the row has more or fewer fields than the header",
            Self::RowTooLarge => "the row is larger than 1 MiB",
            Self::OpenQuote => "a quotation mark of this row is never closed; nothing was taken from here on",
            Self::NotUtf8 => "is not UTF-8",
            Self::NotJson => "the line is not one flat JSON object of texts and numbers",
            Self::RepeatedField => "the line has the field twice",
            Self::Unreadable => "the file cannot be read",
            Self::EmptyFile => "the file is empty",
            Self::NoHeader => "the first row is not a header",
            Self::MissingColumn => "the column is missing; nothing was taken from the file",
            Self::NotCommas => "columns are separated by commas, not by semicolons; nothing was taken from the file",
            Self::RepeatedColumn => "the column is there twice; nothing was taken from the file",
            Self::UnknownColumn => "the format has no such column; it was left out",
            Self::AbsentColumns => "the file lacks this; it counts as empty in every row",
            Self::NotReadByThisRelease => "the file is not read by this release; it was left out",
            Self::UnknownFile => "the format has no file of this name; it was left out",
        })
    }
}

impl From<ParseError> for Reason {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Empty => Self::Required,
            ParseError::Malformed => Self::Malformed,
            ParseError::CheckDigit => Self::CheckDigit,
            ParseError::NoSuchDate => Self::NoSuchDate,
            ParseError::WrongLength { digits } => Self::WrongLength { digits },
            ParseError::TooShort { min } => Self::TooShort { min },
            ParseError::TooLong { max } => Self::TooLong { max },
            ParseError::OutOfRange => Self::OutOfRange,
            ParseError::TooFine { decimals } => Self::TooFine { decimals },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(refused: u64, is_readable: bool) -> FileReport {
        FileReport { name: "customers.csv".into(), accepted: 1, refused, is_readable }
    }

    #[test]
    fn the_exit_status_tells_good_from_partly_refused_from_nothing() {
        let report = |files| ImportReport { files, ..ImportReport::default() };
        assert_eq!(report(vec![file(0, true)]).exit_status(), 0);
        assert_eq!(report(vec![file(0, true), file(1, true)]).exit_status(), 2);
        assert_eq!(report(vec![file(0, true), file(0, false)]).exit_status(), 2);
        assert_eq!(report(vec![]).exit_status(), 1);
        assert_eq!(report(vec![FileReport { accepted: 0, ..file(1, false) }]).exit_status(), 1);
        assert_eq!(report(vec![file(1, false)]).exit_status(), 2, "it broke off, but something was taken");
    }

    #[test]
    fn counts_what_is_beyond_the_first_ten_thousand_problems() {
        let mut report = ImportReport::default();
        let problem = Problem {
            file: "payers.csv".into(),
            line: Some(7),
            field: Some("iban".into()),
            reason: Reason::CheckDigit,
        };
        for _ in 0..10_003 {
            report.add(problem.clone());
        }
        assert_eq!((report.problems.len(), report.more_problems), (10_000, 3));
        assert_eq!(problem.to_string(), "payers.csv:7: iban: the check digit is wrong");
        let problem =
            Problem { field: Some("kind".into()), reason: Reason::NotOneOf(&["individual", "business"]), ..problem };
        assert_eq!(problem.to_string(), "payers.csv:7: kind: is none of individual, business");
    }
}
