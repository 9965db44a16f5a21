//! The personal account (особовий рахунок) of a heat customer in Ukraine.

use super::text::{compact, exact_digits};
use crate::ParseError;

identifier! {
    /// Seven digits in the form `1-234-56-7`, without a public check digit.
    personal PersonalAccount by parse
}

impl PersonalAccount {
    /// Reads seven digits, with or without dashes.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text);
        let _: [u8; 7] = exact_digits(&text)?;
        Ok(Self(format!("{}-{}-{}-{}", &text[..1], &text[1..4], &text[4..6], &text[6..])))
    }

    /// As people write it: `1-234-56-7`.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_digits_with_and_without_dashes() {
        for text in ["1-234-56-7", "1234567", "1 234 56 7", "1–234–56–7"] {
            assert_eq!(PersonalAccount::parse(text).unwrap().as_str(), "1-234-56-7", "{text}");
        }
    }

    #[test]
    fn rejects_another_number_of_digits() {
        assert_eq!(PersonalAccount::parse("123456"), Err(ParseError::WrongLength { digits: 7 }));
        assert_eq!(PersonalAccount::parse("12345678"), Err(ParseError::WrongLength { digits: 7 }));
        assert_eq!(PersonalAccount::parse("1-234-56-x"), Err(ParseError::Malformed));
    }

    #[test]
    fn does_not_print_itself() {
        let account = PersonalAccount::parse("1234567").unwrap();
        assert_eq!(format!("{account:?}"), "PersonalAccount(•••)");
    }
}
