//! EDRPOU, the number of a company in Ukraine's register.

use super::text::{compact, exact_digits, expect_check_digit, mask, weighted_sum};
use crate::ParseError;

identifier! {
    /// The eight digits of a company in Ukraine. Hidden like the other tax numbers, because it signs in.
    personal Edrpou by parse
}

impl Edrpou {
    /// Reads eight digits. The last is the weighted sum modulo 11; when that is 10, the sum with every weight raised by 2
    /// counts instead, modulo 11 and then modulo 10. Numbers between 30 and 60 million have their own weights.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text);
        let digits: [u8; 8] = exact_digits(&text)?;
        let weights = match digits[0] {
            3..=5 => [7, 1, 2, 3, 4, 5, 6],
            _ => [1, 2, 3, 4, 5, 6, 7],
        };
        let first = weighted_sum(&digits, &weights) % 11;
        let check = match first {
            10 => weighted_sum(&digits, &weights.map(|weight| weight + 2)) % 11 % 10,
            _ => first,
        };
        expect_check_digit(check, digits[7])?;
        Ok(Self(text))
    }

    /// As people write it: the eight digits.
    pub fn display(&self) -> String {
        self.0.clone()
    }

    /// For screens: `328•••61`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_both_ranges_of_weights() {
        for text in ["32855961", "14360570", "00032129"] {
            assert_eq!(Edrpou::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn repeats_the_sum_with_higher_weights_when_the_remainder_is_ten() {
        // 2·5 = 10, then 4·5 = 20, which is 9 modulo 11.
        assert!(Edrpou::parse("05000009").is_ok());
        assert_eq!(Edrpou::parse("05000000"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn rejects_a_wrong_check_digit_and_a_wrong_shape() {
        assert_eq!(Edrpou::parse("32855962"), Err(ParseError::CheckDigit));
        assert_eq!(Edrpou::parse("3285596"), Err(ParseError::WrongLength { digits: 8 }));
        assert_eq!(Edrpou::parse("00000000"), Err(ParseError::Malformed));
    }

    #[test]
    fn does_not_print_itself() {
        let edrpou = Edrpou::parse("32855961").unwrap();
        assert_eq!(format!("{edrpou:?}"), "Edrpou(•••)");
        assert_eq!(edrpou.masked(), "328•••61");
    }
}
