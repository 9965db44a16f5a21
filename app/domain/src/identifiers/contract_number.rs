//! Contract numbers. Every seller has their own form, so only the frame is known.

use super::text::{cleaned, is_printed, without_blanks};
use crate::ParseError;

identifier! {
    /// A contract's number as printed on it.
    public ContractNumber by parse
}

const MAX_LENGTH: u16 = 64;

impl ContractNumber {
    /// Reads 1 to 64 printed characters; blanks around are dropped.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = cleaned(text);
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        if !is_printed(text) {
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
    fn accepts_any_printed_characters() {
        for text in ["UM/2024/00012", "PE 000 123", "ŻB-1", "№ 7 § 2", "7"] {
            assert_eq!(ContractNumber::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn rejects_control_characters_pictograms_and_too_many() {
        for text in ["", " \t", "\u{200B}\u{FEFF}"] {
            assert_eq!(ContractNumber::parse(text), Err(ParseError::Empty), "{text:?}");
        }
        for text in ["UM\t1", "UM\n1", "UM\u{0}1", "UM 1 😀", "UM ✅ 1", "UM ⭐", "1\u{FE0F}\u{20E3}"] {
            assert_eq!(ContractNumber::parse(text), Err(ParseError::Malformed), "{text:?}");
        }
        assert!(ContractNumber::parse(&"9".repeat(64)).is_ok());
        assert_eq!(ContractNumber::parse(&"9".repeat(65)), Err(ParseError::TooLong { max: 64 }));
    }

    #[test]
    fn what_does_not_show_is_dropped_and_full_width_is_read() {
        for text in ["UM\u{200B}/1", "\u{202E}UM/1\u{202C}", "\u{FEFF}UM\u{AD}/1", "UM/1\u{2069}", "ＵＭ／１"] {
            assert_eq!(ContractNumber::parse(text).unwrap().as_str(), "UM/1", "{text:?}");
            assert_eq!(ContractNumber::normalize(text), "UM/1", "{text:?}");
        }
    }

    #[test]
    fn is_looked_for_without_regard_to_capitals_and_blanks() {
        assert_eq!(ContractNumber::parse(" um / 2024 / żb ").unwrap().normalized(), "UM/2024/ŻB");
    }
}
