//! EIC, the code of a party, an area or a resource in the European electricity market.

use super::text::without_blanks;
use crate::ParseError;

identifier! {
    /// The sixteen characters of an Energy Identification Code.
    public Eic by parse
}

const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
const LENGTH: usize = 16;

impl Eic {
    /// Reads sixteen digits, letters and hyphens; the last is the check character over the other fifteen, never a hyphen
    /// (ENTSO-E, EIC Reference Manual, annex on the check character). Hyphens belong to the code and stay.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = without_blanks(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let values: Option<Vec<usize>> =
            text.bytes().map(|byte| ALPHABET.iter().position(|symbol| *symbol == byte)).collect();
        let values = values.ok_or(ParseError::Malformed)?;
        match values.len() {
            n if n < LENGTH => return Err(ParseError::TooShort { min: 16 }),
            n if n > LENGTH => return Err(ParseError::TooLong { max: 16 }),
            _ => {}
        }
        let sum: usize = values[..15].iter().enumerate().map(|(place, value)| (LENGTH - place) * value).sum();
        // One less than the sum, modulo 37, without going below zero.
        let check = 36 - (sum + 36) % 37;
        if check == 36 || values[15] != check {
            return Err(ParseError::CheckDigit);
        }
        Ok(Self(text))
    }

    /// Whether sixteen characters begin as those of an EIC: two digits of the office that gave it and the letter of its kind.
    /// Other codes are in use beside it, but what looks like an EIC is meant as one.
    pub fn is_like(text: &str) -> bool {
        let has_its_characters =
            text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-');
        let has_office = text.bytes().take(2).all(|byte| byte.is_ascii_digit());
        let has_kind = text.as_bytes().get(2).is_some_and(|byte| b"ATVWXYZ".contains(byte));
        text.len() == LENGTH && has_its_characters && has_office && has_kind
    }

    /// As people write it: the sixteen characters.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_published_codes() {
        for text in ["22XWATTPLUS----G", "10YPL-AREA-----S"] {
            assert_eq!(Eic::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Eic::parse(" 10ypl-area-----s ").unwrap().as_str(), "10YPL-AREA-----S");
    }

    #[test]
    fn tells_what_is_meant_as_one() {
        assert!(Eic::is_like("10YPL-AREA-----T"), "a typing mistake is no other code");
        for text in ["MWE-042", "PL_ELEKTROWNIA_1", "10BPL-AREA-----S", "10YPL-AREA----S"] {
            assert!(!Eic::is_like(text), "{text}");
        }
    }

    #[test]
    fn rejects_a_wrong_check_character() {
        assert_eq!(Eic::parse("10YPL-AREA-----T"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn the_check_character_is_never_a_hyphen() {
        // 16·1 + 11·2 = 38, one less is 0 modulo 37, which would be the hyphen.
        for last in ALPHABET {
            let text = format!("100002000000000{}", char::from(*last));
            assert_eq!(Eic::parse(&text), Err(ParseError::CheckDigit), "{text}");
        }
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(Eic::parse(""), Err(ParseError::Empty));
        assert_eq!(Eic::parse("10YPL-AREA----S"), Err(ParseError::TooShort { min: 16 }));
        assert_eq!(Eic::parse("10YPL-AREA------S"), Err(ParseError::TooLong { max: 16 }));
        assert_eq!(Eic::parse("10YPL_AREA-----S"), Err(ParseError::Malformed));
    }
}
