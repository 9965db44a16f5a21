//! Amounts of money, in whole minor units. Texts for people are the catalogue's work.

use crate::ParseError;
use serde::{Deserialize, Serialize};

text_enum! {
    /// A currency; both have one hundred minor units to one major.
    pub enum Currency {
        /// Polish złoty, in grosze.
        Pln = "PLN",
        /// Ukrainian hryvnia, in kopiyky.
        Uah = "UAH",
    }
}

impl Currency {
    /// The ISO 4217 code.
    pub const fn code(self) -> &'static str {
        self.as_str()
    }
}

/// An amount in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Grosze or kopiyky; negative when the operator owes the customer.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Minor units of an amount written with a decimal point and at most two decimals, as in files and interfaces:
/// `1234.50`, `-7`, `.5` is refused.
pub fn parse_minor(text: &str) -> Result<i64, ParseError> {
    let decimal: crate::Decimal = text.parse()?;
    match decimal.scale {
        0 => decimal.units.checked_mul(100).ok_or(ParseError::OutOfRange),
        1 => decimal.units.checked_mul(10).ok_or(ParseError::OutOfRange),
        2 => Ok(decimal.units),
        _ => Err(ParseError::Malformed),
    }
}

/// The amount as [`parse_minor`] reads it, always with two decimals.
pub fn print_minor(minor: i64) -> String {
    crate::Decimal { units: minor, scale: 2 }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_amounts_with_no_one_or_two_decimals() {
        assert_eq!(parse_minor("1234.50"), Ok(123_450));
        assert_eq!(parse_minor(" 1234.5 "), Ok(123_450));
        assert_eq!(parse_minor("1234"), Ok(123_400));
        assert_eq!(parse_minor("-0.07"), Ok(-7));
        assert_eq!(parse_minor("0"), Ok(0));
    }

    #[test]
    fn refuses_what_is_not_an_exact_amount() {
        assert_eq!(parse_minor(" "), Err(ParseError::Empty));
        for text in ["1,50", "1.505", "1.", ".5", "1 234.50", "+1", "--1", "1e3", "٣", "1.-5", "-"] {
            assert_eq!(parse_minor(text), Err(ParseError::Malformed), "{text}");
        }
        assert_eq!(parse_minor("92233720368547758.08"), Err(ParseError::OutOfRange));
        assert_eq!(parse_minor("92233720368547759"), Err(ParseError::OutOfRange));
    }

    #[test]
    fn a_currency_travels_by_its_iso_code() {
        assert_eq!(serde_json::to_string(&Currency::Uah).unwrap(), "\"UAH\"");
        assert_eq!("PLN".parse(), Ok(Currency::Pln));
    }

    proptest! {
        #[test]
        fn reads_back_every_amount_it_prints(minor: i64) {
            prop_assert_eq!(parse_minor(&print_minor(minor)), Ok(minor));
        }

        #[test]
        fn never_panics_on_a_text(text: String) {
            let _ = parse_minor(&text);
        }
    }
}
