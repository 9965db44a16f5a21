//! PPE, the number of a supply point in Poland.

use super::text::{compact, exact_digits, expect_check_digit};
use crate::ParseError;

identifier! {
    /// The eighteen digits of a supply point: a GS1 service relation number (GSRN) from Poland's range 590.
    public Ppe by parse
}

impl Ppe {
    /// Reads eighteen digits starting with 590. The last is the GS1 check digit: from the right of the others the
    /// digits count three times and once in turn (GS1 General Specifications, 7.9.1).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = compact(text);
        let digits: [u8; 18] = exact_digits(&text)?;
        if !text.starts_with("590") {
            return Err(ParseError::Malformed);
        }
        let sum: i32 = digits[..17].iter().rev().zip([3, 1].iter().cycle()).map(|(d, w)| i32::from(*d) * w).sum();
        expect_check_digit((10 - sum % 10) % 10, digits[17])?;
        Ok(Self(text))
    }

    /// As people write it: the eighteen digits.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_supply_points_as_printed_on_invoices() {
        assert_eq!(Ppe::parse("590322400101395749").unwrap().as_str(), "590322400101395749");
        assert_eq!(Ppe::parse("590 5435 0000 0000 018").unwrap().as_str(), "590543500000000018");
    }

    #[test]
    fn rejects_a_wrong_check_digit() {
        assert_eq!(Ppe::parse("590543500000000019"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn rejects_numbers_of_another_range_or_length() {
        assert_eq!(Ppe::parse("400543500000000018"), Err(ParseError::Malformed));
        assert_eq!(Ppe::parse("59054350000000001"), Err(ParseError::WrongLength { digits: 18 }));
    }
}
