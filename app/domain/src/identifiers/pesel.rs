//! PESEL, the number of a person in Poland.

use super::text::{compact, exact_digits, expect_check_digit, mask, weighted_sum};
use crate::{Date, ParseError};

identifier! {
    /// The eleven digits of a person in Poland. Personal data, and by default also a login.
    personal Pesel by parse
}

impl Pesel {
    /// Reads eleven digits. The check digit (weights 1, 3, 7, 9 repeated) and the day of birth must be right; the
    /// century is part of the month (Act on Population Registration, art. 15–17).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text);
        let digits: [u8; 11] = exact_digits(&text)?;
        let sum = weighted_sum(&digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
        expect_check_digit((10 - sum % 10) % 10, digits[10])?;

        let pair = |at: usize| digits[at] * 10 + digits[at + 1];
        let century = match pair(2) / 20 {
            0 => 1900,
            1 => 2000,
            2 => 2100,
            3 => 2200,
            _ => 1800,
        };
        Date::new(century + i32::from(pair(0)), pair(2) % 20, pair(4)).ok_or(ParseError::NoSuchDate)?;
        Ok(Self(text))
    }

    /// As people write it: the eleven digits.
    pub fn display(&self) -> String {
        self.0.clone()
    }

    /// For screens: `440••••••59`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_usual_ways_of_writing_it() {
        for text in [
            "44051401359",
            " 440514 01359\n",
            "440514-01359",
            "4405\u{A0}1401359\u{200B}",
            "４４０５１４０１３５９",
            "\u{202A}44051401359\u{202C}",
        ] {
            assert_eq!(Pesel::parse(text).unwrap().as_str(), "44051401359", "{text:?}");
        }
        assert!(Pesel::parse("02211307589").is_ok(), "born in this century");
    }

    #[test]
    fn rejects_a_pesel_with_a_wrong_check_digit() {
        assert_eq!(Pesel::parse("44051401358"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn rejects_a_pesel_with_a_day_that_does_not_exist() {
        assert_eq!(Pesel::parse("02381307589"), Err(ParseError::NoSuchDate));
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(Pesel::parse("  "), Err(ParseError::Empty));
        assert_eq!(Pesel::parse("4405140135"), Err(ParseError::WrongLength { digits: 11 }));
        assert_eq!(Pesel::parse("440514013590"), Err(ParseError::WrongLength { digits: 11 }));
        assert_eq!(Pesel::parse("4405140135a"), Err(ParseError::Malformed));
        assert_eq!(Pesel::parse("00000000000"), Err(ParseError::Malformed));
    }

    #[test]
    fn does_not_print_itself() {
        let pesel = Pesel::parse("44051401359").unwrap();
        assert_eq!(format!("{pesel:?}"), "Pesel(•••)");
        assert_eq!(pesel.masked(), "440••••••59");
        assert_eq!(pesel.display(), "44051401359");
    }
}
