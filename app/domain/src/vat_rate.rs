//! The VAT rate of an invoice line, as the invoice states it.

use crate::{Decimal, ParseError};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A percentage, or the words that stand in its place where there is none: in Poland `zw` (exempt), `np I` (not subject),
/// `oo` (the buyer accounts for it) or `0 WDT` (sold to another state).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum VatRate {
    /// Percent.
    Percent(Decimal),
    /// Words of one to ten characters, shown as they are.
    Word(String),
}

const MAX_LENGTH: u16 = 10;

impl FromStr for VatRate {
    type Err = ParseError;

    /// Reads a decimal number from 0 to 100, with or without a percent sign, or short words.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let number = text.strip_suffix('%').unwrap_or(text).trim_end();
        if number.is_empty() {
            return Err(if text.is_empty() { ParseError::Empty } else { ParseError::Malformed });
        }
        if let Ok(percent) = number.parse::<Decimal>() {
            let hundred = 100 * 10_i128.pow(u32::from(percent.scale));
            let is_possible = (0..=hundred).contains(&i128::from(percent.units));
            return if is_possible { Ok(Self::Percent(percent)) } else { Err(ParseError::OutOfRange) };
        }
        if text.chars().count() > usize::from(MAX_LENGTH) {
            return Err(ParseError::TooLong { max: MAX_LENGTH });
        }
        let is_word = text.contains(char::is_alphabetic) && !text.chars().any(char::is_control);
        if is_word { Ok(Self::Word(text.to_owned())) } else { Err(ParseError::Malformed) }
    }
}

impl VatRate {
    /// The net amount in a gross one, both in minor units, rounded half away from zero; without a percentage all of it.
    pub fn net_of(&self, gross_minor: i64) -> i64 {
        let Self::Percent(rate) = self else { return gross_minor };
        let hundred = 100 * 10_i128.pow(u32::from(rate.scale));
        let whole = hundred + i128::from(rate.units);
        if whole <= 0 {
            return gross_minor;
        }
        let twice = 2 * i128::from(gross_minor) * hundred;
        let rounded = (twice + whole * twice.signum()) / (2 * whole);
        i64::try_from(rounded).unwrap_or(gross_minor)
    }
}

impl fmt::Display for VatRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(rate) => rate.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl TryFrom<String> for VatRate {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<VatRate> for String {
    fn from(rate: VatRate) -> Self {
        rate.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_percentages_and_the_words_that_stand_in_their_place() {
        for (text, shown) in [
            ("23", "23"),
            ("23%", "23"),
            ("8.00 %", "8.00"),
            ("zw", "zw"),
            ("np I", "np I"),
            ("0 WDT", "0 WDT"),
            ("без ПДВ", "без ПДВ"),
        ] {
            assert_eq!(text.parse::<VatRate>().unwrap().to_string(), shown);
        }
        assert_eq!("23%".parse(), Ok(VatRate::Percent(Decimal { units: 23, scale: 0 })));
        assert_eq!("exempt by art. 43".parse::<VatRate>(), Err(ParseError::TooLong { max: 10 }));
        for bad in ["-1", "-0.01", "100.01", "2300"] {
            assert_eq!(bad.parse::<VatRate>(), Err(ParseError::OutOfRange), "{bad}");
        }
        assert!("0".parse::<VatRate>().is_ok() && "100.00".parse::<VatRate>().is_ok());
        for bad in ["%", "23,0", "z\tw"] {
            assert_eq!(bad.parse::<VatRate>(), Err(ParseError::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn takes_the_tax_out_of_a_gross_amount() {
        let net = |rate: &str, gross_minor| rate.parse::<VatRate>().unwrap().net_of(gross_minor);
        assert_eq!(net("23", 12_300), 10_000);
        assert_eq!(net("23", 646), 525);
        assert_eq!(net("23.00", -646), -525);
        assert_eq!(net("0", 500), 500);
        assert_eq!(net("zw", 500), 500);
    }
}
