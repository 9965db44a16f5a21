//! What can be wrong with a value or a form field. Codes only: the catalogue turns them into sentences, and no text
//! that a person typed is ever part of an error.

use crate::password::PasswordRule;
use crate::plan::LimitsFault;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not the value it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParseError {
    /// Nothing but blanks.
    Empty,
    /// Characters or a shape that the value never has.
    Malformed,
    /// The shape is right, the check digit is not: most likely a typing mistake.
    CheckDigit,
    /// The value contains a calendar day that does not exist.
    NoSuchDate,
    /// Only digits, but not as many as the number has.
    WrongLength {
        /// How many digits the number has, as people write it.
        digits: u16,
    },
    /// Fewer characters than the value has.
    TooShort {
        /// The smallest number of characters.
        min: u16,
    },
    /// More characters than the value has.
    TooLong {
        /// The largest number of characters.
        max: u16,
    },
    /// A number outside what the value can hold.
    OutOfRange,
    /// More decimals than the value has.
    TooFine {
        /// How many decimals the value has.
        decimals: u8,
    },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::Malformed => f.write_str("malformed"),
            Self::CheckDigit => f.write_str("wrong check digit"),
            Self::NoSuchDate => f.write_str("no such date"),
            Self::WrongLength { digits } => write!(f, "not {digits} digits"),
            Self::TooShort { min } => write!(f, "shorter than {min} characters"),
            Self::TooLong { max } => write!(f, "longer than {max} characters"),
            Self::OutOfRange => f.write_str("out of range"),
            Self::TooFine { decimals } => write!(f, "more than {decimals} decimals"),
        }
    }
}

impl std::error::Error for ParseError {}

/// What is wrong with one form field. Travels to the browser, which words it in the customer's language. What belongs to
/// a fault has no name: to read named fields would cost every page a kilobyte of program for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A required field is empty.
    Required,
    /// See [`ParseError::Malformed`].
    Malformed,
    /// See [`ParseError::CheckDigit`].
    CheckDigit,
    /// See [`ParseError::NoSuchDate`].
    NoSuchDate,
    /// See [`ParseError::WrongLength`]: how many digits the number has, as people write it.
    WrongLength(u16),
    /// See [`ParseError::TooShort`]: the smallest number of characters.
    TooShort(u16),
    /// See [`ParseError::TooLong`]: the largest number of characters.
    TooLong(u16),
    /// See [`ParseError::OutOfRange`].
    OutOfRange,
    /// See [`ParseError::TooFine`]: how many decimals the value has.
    TooFine(u8),
    /// The repeated value is not the same as the first one.
    Differs,
    /// A box that must be ticked is not.
    NotAccepted,
    /// Somebody else already has this value.
    Taken,
    /// The value is well-formed but not the right one, e.g. the current password.
    Wrong,
    /// The new value is the one in use now.
    SameAsOld,
    /// The password breaks these rules of the operator's policy. Never empty.
    Weak(Vec<PasswordRule>),
    /// A generating unit cannot have this power.
    Limits(LimitsFault),
}

impl From<ParseError> for Fault {
    /// An empty text is a field left out; everything else keeps its name.
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Empty => Self::Required,
            ParseError::Malformed => Self::Malformed,
            ParseError::CheckDigit => Self::CheckDigit,
            ParseError::NoSuchDate => Self::NoSuchDate,
            ParseError::WrongLength { digits } => Self::WrongLength(digits),
            ParseError::TooShort { min } => Self::TooShort(min),
            ParseError::TooLong { max } => Self::TooLong(max),
            ParseError::OutOfRange => Self::OutOfRange,
            ParseError::TooFine { decimals } => Self::TooFine(decimals),
        }
    }
}

/// One wrong field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// The wrong fields of a form, in the order of the form.
///
/// Inside an `Err` there is always at least one: [`FieldErrors::into_result`] is the way from collecting to answering.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Exactly one wrong field.
    pub fn one(field: &str, fault: Fault) -> Self {
        let mut errors = Self::default();
        errors.push(field, fault);
        errors
    }

    /// Adds a wrong field.
    pub fn push(&mut self, field: &str, fault: impl Into<Fault>) {
        self.0.push(FieldError { field: field.to_owned(), fault: fault.into() });
    }

    /// The value when there is one; otherwise `None`, and the field is added as wrong.
    pub fn check<T>(&mut self, field: &str, parsed: Result<T, impl Into<Fault>>) -> Option<T> {
        parsed.map_err(|fault| self.push(field, fault)).ok()
    }

    /// Whether every field is right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field: the first fault found, `None` when it is right.
    pub fn get(&self, field: &str) -> Option<&Fault> {
        self.iter().find(|error| error.field == field).map(|error| &error.fault)
    }

    /// The wrong fields in the order of the form.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }

    /// The value when every field is right, otherwise the wrong fields, of which there is then at least one.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl<'a> IntoIterator for &'a FieldErrors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for FieldErrors {
    /// The names of the wrong fields, for logs; never what was typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrong fields:")?;
        self.iter().try_for_each(|error| write!(f, " {}", error.field))
    }
}

impl std::error::Error for FieldErrors {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_a_required_field_left_out() {
        assert_eq!(Fault::from(ParseError::Empty), Fault::Required);
        assert_eq!(Fault::from(ParseError::TooLong { max: 3 }), Fault::TooLong(3));
    }

    #[test]
    fn answers_with_the_value_only_when_no_field_is_wrong() {
        assert_eq!(FieldErrors::default().into_result(7), Ok(7));
        let errors = FieldErrors::one("email", Fault::Taken);
        assert_eq!(errors.clone().into_result(7), Err(errors));
    }

    #[test]
    fn finds_the_first_fault_of_a_field_and_none_of_a_right_one() {
        let mut errors = FieldErrors::one("nip", Fault::CheckDigit);
        errors.push("nip", Fault::Taken);
        assert_eq!(errors.get("nip"), Some(&Fault::CheckDigit));
        assert_eq!(errors.get("email"), None);
    }

    #[test]
    fn keeps_the_value_of_a_right_field_and_notes_a_wrong_one() {
        let mut errors = FieldErrors::default();
        assert_eq!(errors.check("a", Ok::<_, ParseError>(1)), Some(1));
        assert_eq!(errors.check("b", Err::<u8, _>(ParseError::Empty)), None);
        assert_eq!(errors, FieldErrors::one("b", Fault::Required));
    }

    #[test]
    fn every_fault_survives_the_wire() {
        let faults =
            [Fault::Required, Fault::TooShort(3), Fault::Weak(vec![PasswordRule::MinLength(8), PasswordRule::Digit])];
        for fault in faults {
            let errors = FieldErrors::one("field", fault);
            let wire = serde_json::to_string(&errors).unwrap();
            assert_eq!(serde_json::from_str::<FieldErrors>(&wire).unwrap(), errors, "{wire}");
        }
    }
}
