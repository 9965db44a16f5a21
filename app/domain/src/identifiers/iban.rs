//! Bank account numbers of Poland and Ukraine.

use super::text::{compact, expect_check_digit, weighted_sum};
use crate::ParseError;

identifier! {
    /// An account number in the international form (ISO 13616).
    personal Iban by parse
}

impl Iban {
    /// Reads a Polish or Ukrainian IBAN; 26 digits alone are a Polish account number (NRB). The whole number must be 1
    /// modulo 97, and in Poland the eighth digit of the bank's sort code must be its check digit too.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let is_national = text.bytes().all(|byte| byte.is_ascii_digit());
        let text = if is_national { format!("PL{text}") } else { text };
        let (digits, expected) = match text.split_at_checked(2) {
            Some(("PL", digits)) => (digits, 26),
            Some(("UA", digits)) => (digits, 27),
            _ => return Err(ParseError::Malformed),
        };
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseError::Malformed);
        }
        // People count the characters they typed: a national number has no letters.
        let typed = if is_national { expected } else { expected + 2 };
        match digits.len() {
            n if n < usize::from(expected) => return Err(ParseError::TooShort { min: typed }),
            n if n > usize::from(expected) => return Err(ParseError::TooLong { max: typed }),
            _ => {}
        }
        if remainder_97(&text) != 1 {
            return Err(ParseError::CheckDigit);
        }
        if text.starts_with("PL") {
            let sort_code: Vec<u8> = digits[2..10].bytes().map(|byte| byte - b'0').collect();
            let sum = weighted_sum(&sort_code, &[3, 9, 7, 1, 3, 9, 7]);
            expect_check_digit((10 - sum % 10) % 10, sort_code[7])?;
        }
        Ok(Self(text))
    }

    /// As people write it: groups of four, `PL61 1090 1014 …`.
    pub fn display(&self) -> String {
        let groups: Vec<String> =
            self.0.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        groups.join(" ")
    }
}

/// The number read with its first four characters moved to the end and letters as 10 to 35, modulo 97 (ISO 7064).
fn remainder_97(text: &str) -> u32 {
    let (head, tail) = text.split_at(4);
    tail.chars().chain(head.chars()).filter_map(|character| character.to_digit(36)).fold(0, |remainder, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (remainder * shift + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLISH: &str = "PL61109010140000071219812874";
    const UKRAINIAN: &str = "UA473052990000026005026707459";

    #[test]
    fn accepts_accounts_of_both_countries() {
        assert_eq!(Iban::parse("pl61 1090 1014 0000 0712 1981 2874").unwrap().as_str(), POLISH);
        assert_eq!(Iban::parse(UKRAINIAN).unwrap().as_str(), UKRAINIAN);
    }

    #[test]
    fn takes_26_digits_for_a_polish_account() {
        assert_eq!(Iban::parse("61 1090 1014 0000 0712 1981 2874").unwrap().as_str(), POLISH);
        assert_eq!(Iban::parse("611090101400000712198128"), Err(ParseError::TooShort { min: 26 }));
    }

    #[test]
    fn rejects_a_wrong_check_number() {
        assert_eq!(Iban::parse("PL62109010140000071219812874"), Err(ParseError::CheckDigit));
        assert_eq!(Iban::parse("UA483052990000026005026707459"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn rejects_a_polish_account_whose_sort_code_is_wrong() {
        let wrong: Vec<String> = (2..=98)
            .map(|check| format!("PL{check:02}109010150000071219812874"))
            .filter(|text| remainder_97(text) == 1)
            .collect();
        assert_eq!(wrong.len(), 1);
        assert_eq!(Iban::parse(&wrong[0]), Err(ParseError::CheckDigit));
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(Iban::parse(" "), Err(ParseError::Empty));
        assert_eq!(Iban::parse("P"), Err(ParseError::Malformed));
        assert_eq!(Iban::parse("DE89370400440532013000"), Err(ParseError::Malformed));
        assert_eq!(Iban::parse("PL6110901014000007121981287"), Err(ParseError::TooShort { min: 28 }));
        assert_eq!(Iban::parse("UA4730529900000260050267074590"), Err(ParseError::TooLong { max: 29 }));
        assert_eq!(Iban::parse("PLé61109010140000071219812874"), Err(ParseError::Malformed));
    }

    #[test]
    fn shows_groups_and_does_not_print_itself() {
        let iban = Iban::parse(POLISH).unwrap();
        assert_eq!(iban.display(), "PL61 1090 1014 0000 0712 1981 2874");
        assert_eq!(format!("{iban:?}"), "Iban(•••)");
    }
}
