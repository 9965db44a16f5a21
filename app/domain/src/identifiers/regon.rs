//! REGON, the number of a business in Poland's statistical register.

use super::text::{compact, exact_digits, expect_check_digit, weighted_sum};
use crate::ParseError;

identifier! {
    /// The nine digits of a business in the public register.
    public Regon by parse
}

impl Regon {
    /// Reads nine digits. The last is the weighted sum modulo 11, then modulo 10 (weights 8, 9, 2, 3, 4, 5, 6, 7).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text);
        let digits: [u8; 9] = exact_digits(&text)?;
        expect_check_digit(weighted_sum(&digits, &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10, digits[8])?;
        Ok(Self(text))
    }

    /// As people write it: the nine digits.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_regon_and_rejects_a_wrong_check_digit() {
        assert_eq!(Regon::parse("192 598 184").unwrap().as_str(), "192598184");
        assert_eq!(Regon::parse("192598185"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(Regon::parse("19259818"), Err(ParseError::WrongLength { digits: 9 }));
        assert_eq!(Regon::parse("19259818x"), Err(ParseError::Malformed));
    }
}
