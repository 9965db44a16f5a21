//! Login names.

use super::text::{cleaned, mask};
use crate::ParseError;

identifier! {
    /// What a customer signs in with. May be their PESEL or e-mail address, so it hides like personal data.
    personal LoginName by parse
}

const MIN_LENGTH: u16 = 3;
const MAX_LENGTH: u16 = 64;

impl LoginName {
    /// Reads 3 to 64 letters, digits and the signs `. _ - @ +`; blanks around are dropped.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = cleaned(text);
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+')) {
            return Err(ParseError::Malformed);
        }
        match text.chars().count() {
            n if n < usize::from(MIN_LENGTH) => Err(ParseError::TooShort { min: MIN_LENGTH }),
            n if n > usize::from(MAX_LENGTH) => Err(ParseError::TooLong { max: MAX_LENGTH }),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The form for lookups and comparisons: lower case.
    pub fn normalized(&self) -> String {
        self.0.to_lowercase()
    }

    /// As the customer wrote it.
    pub fn display(&self) -> String {
        self.0.clone()
    }

    /// For reminders: enough for the owner to recognise it, `440••••••59`; of a short one only the first letter.
    pub fn masked(&self) -> String {
        if self.0.chars().count() < 8 { mask(&self.0, 1, 0) } else { mask(&self.0, 3, 2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_letters_of_both_alphabets_digits_and_a_few_signs() {
        for text in ["jan", "Żaneta_1", "олена.к", "jan+dom@example.com", "44051401359", "a-b"] {
            assert_eq!(LoginName::parse(text).unwrap().as_str(), text);
        }
        for text in ["  jan ", "\u{FEFF}jan", "ja\u{200B}n\u{202C}", "ｊａｎ"] {
            assert_eq!(LoginName::parse(text).unwrap().as_str(), "jan", "{text:?}");
        }
    }

    #[test]
    fn rejects_blanks_other_signs_and_wrong_lengths() {
        assert_eq!(LoginName::parse("   "), Err(ParseError::Empty));
        for text in ["jan kowalski", "jan/1", "<jan>", "jan😀", "jan:x"] {
            assert_eq!(LoginName::parse(text), Err(ParseError::Malformed), "{text:?}");
        }
        assert_eq!(LoginName::parse("ja"), Err(ParseError::TooShort { min: 3 }));
        assert!(LoginName::parse(&"ż".repeat(64)).is_ok(), "characters count, not bytes");
        assert_eq!(LoginName::parse(&"ż".repeat(65)), Err(ParseError::TooLong { max: 64 }));
    }

    #[test]
    fn capitals_do_not_make_another_login() {
        assert_eq!(LoginName::parse(" Żaneta ").unwrap().normalized(), "żaneta");
    }

    #[test]
    fn does_not_print_itself() {
        let login = LoginName::parse("44051401359").unwrap();
        assert_eq!(format!("{login:?}"), "LoginName(•••)");
        assert_eq!(login.masked(), "440••••••59");
        assert_eq!(LoginName::parse("janek").unwrap().masked(), "j••••");
    }
}
