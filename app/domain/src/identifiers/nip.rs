//! NIP, the tax number of a business in Poland.

use super::text::{compact, exact_digits, expect_check_digit, mask, weighted_sum};
use crate::ParseError;

identifier! {
    /// The ten digits of a tax payer in Poland. A sole trader's leads to a person.
    personal Nip by parse
}

impl Nip {
    /// Reads ten digits, with or without dashes and the prefix `PL`. The last digit is the weighted sum modulo 11
    /// (weights 6, 5, 7, 2, 3, 4, 5, 6, 7); numbers with the remainder 10 are not given out.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text).to_ascii_uppercase();
        let text = text.strip_prefix("PL").unwrap_or(&text);
        let digits: [u8; 10] = exact_digits(text)?;
        expect_check_digit(weighted_sum(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11, digits[9])?;
        Ok(Self(text.to_owned()))
    }

    /// As people write it: `856-734-62-15`.
    pub fn display(&self) -> String {
        format!("{}-{}-{}-{}", &self.0[..3], &self.0[3..6], &self.0[6..8], &self.0[8..])
    }

    /// For screens: `856•••••15`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_usual_ways_of_writing_it() {
        for text in ["8567346215", "856-734-62-15", "PL 856 734 62 15", "pl8567346215"] {
            let nip = Nip::parse(text).unwrap();
            assert_eq!((nip.as_str(), nip.display().as_str()), ("8567346215", "856-734-62-15"), "{text}");
        }
    }

    #[test]
    fn rejects_a_nip_with_a_wrong_check_digit() {
        assert_eq!(Nip::parse("8567346216"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn rejects_the_remainder_ten_whatever_the_last_digit() {
        // 6·1 + 5·0 + … + 4·1 = 10
        for last in 0..=9 {
            assert_eq!(Nip::parse(&format!("100001000{last}")), Err(ParseError::CheckDigit));
        }
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(Nip::parse("-"), Err(ParseError::Empty));
        assert_eq!(Nip::parse("PL856734621"), Err(ParseError::WrongLength { digits: 10 }));
        assert_eq!(Nip::parse("UA8567346215"), Err(ParseError::Malformed));
        assert_eq!(Nip::parse("0000000000"), Err(ParseError::Malformed));
    }

    #[test]
    fn does_not_print_itself() {
        let nip = Nip::parse("8567346215").unwrap();
        assert_eq!(format!("{nip:?}"), "Nip(•••)");
        assert_eq!(nip.masked(), "856•••••15");
    }
}
