//! Contract numbers. Every seller has their own form, so only the frame is known.

use super::text::{is_visible, without_blanks};
use crate::ParseError;

identifier! {
    /// A contract's number as printed on it.
    public ContractNumber by parse
}

const MAX_LENGTH: u16 = 64;

impl ContractNumber {
    /// Reads 1 to 64 visible characters; blanks around are dropped.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        if !is_visible(text) {
            return Err(ParseError::Malformed);
        }
        if text.chars().count() > usize::from(MAX_LENGTH) {
            return Err(ParseError::TooLong { max: MAX_LENGTH });
        }
        Ok(Self(text.to_owned()))
    }

    /// The form for look-ups: upper case without blanks. Two contracts may share it, so it never stands for a contract.
    pub fn normalized(&self) -> String {
        Self::normalize(&self.0)
    }

    /// The same of a number as the seller's own system writes it.
    pub fn normalize(text: &str) -> String {
        without_blanks(text).to_uppercase()
    }

    /// As printed on the contract.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_any_visible_characters() {
        for text in ["UM/2024/00012", "PE 000 123", "ŻB-1", "7"] {
            assert_eq!(ContractNumber::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn rejects_invisible_characters_and_too_many() {
        assert_eq!(ContractNumber::parse(" \t"), Err(ParseError::Empty));
        for text in ["UM\t1", "UM\n1", "UM\u{200B}1", "UM\u{0}1"] {
            assert_eq!(ContractNumber::parse(text), Err(ParseError::Malformed), "{text:?}");
        }
        assert!(ContractNumber::parse(&"9".repeat(64)).is_ok());
        assert_eq!(ContractNumber::parse(&"9".repeat(65)), Err(ParseError::TooLong { max: 64 }));
    }

    #[test]
    fn is_looked_for_without_regard_to_capitals_and_blanks() {
        assert_eq!(ContractNumber::parse(" um / 2024 / żb ").unwrap().normalized(), "UM/2024/ŻB");
    }
}
