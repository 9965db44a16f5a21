//! RNOKPP, the tax number of a person in Ukraine.

use super::text::{compact, exact_digits, expect_check_digit, mask, weighted_sum};
use crate::ParseError;

identifier! {
    /// The ten digits of a tax payer in Ukraine. Personal data.
    personal Rnokpp by parse
}

impl Rnokpp {
    /// Reads ten digits. The last is the weighted sum modulo 11, then modulo 10 (weights −1, 5, 7, 9, 4, 6, 10, 5, 7).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text);
        let digits: [u8; 10] = exact_digits(&text)?;
        let sum = weighted_sum(&digits, &[-1, 5, 7, 9, 4, 6, 10, 5, 7]);
        expect_check_digit(sum.rem_euclid(11) % 10, digits[9])?;
        Ok(Self(text))
    }

    /// As people write it: the ten digits.
    pub fn display(&self) -> String {
        self.0.clone()
    }

    /// For screens: `175•••••76`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_number_and_rejects_a_wrong_check_digit() {
        assert_eq!(Rnokpp::parse(" 1759013776").unwrap().as_str(), "1759013776");
        assert_eq!(Rnokpp::parse("1759013770"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn takes_the_remainder_of_a_negative_sum_upwards() {
        // −1·9 = −9, which is 2 modulo 11.
        assert!(Rnokpp::parse("9000000002").is_ok());
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(Rnokpp::parse("175901377"), Err(ParseError::WrongLength { digits: 10 }));
        assert_eq!(Rnokpp::parse("0000000000"), Err(ParseError::Malformed));
    }

    #[test]
    fn does_not_print_itself() {
        let rnokpp = Rnokpp::parse("1759013776").unwrap();
        assert_eq!(format!("{rnokpp:?}"), "Rnokpp(•••)");
        assert_eq!(rnokpp.masked(), "175•••••76");
    }
}
