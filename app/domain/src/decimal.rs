//! Exact decimal numbers as documents state them: quantities and unit prices of invoice lines. No arithmetic.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A number with a fixed count of decimals: `units` divided by ten to the power of `scale`. Keeps trailing zeros, because
/// an invoice that says `1.500` must be shown so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    /// The number without its decimal point.
    pub units: i64,
    /// How many of the digits stand after the point.
    pub scale: u8,
}

/// More decimals than any price has; an `i64` holds 18 of them.
const MAX_SCALE: usize = 18;

impl FromStr for Decimal {
    type Err = ParseError;

    /// Reads an optional minus, digits, and optionally a point and digits.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let (sign, number) = text.strip_prefix('-').map_or(("", text), |number| ("-", number));
        let (whole, fraction) = match number.split_once('.') {
            Some((_, "")) => return Err(ParseError::Malformed),
            Some(parts) => parts,
            None => (number, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return Err(ParseError::Malformed);
        }
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| usize::from(*scale) <= MAX_SCALE);
        let scale = scale.ok_or(ParseError::OutOfRange)?;
        let units = format!("{sign}{whole}{fraction}").parse().map_err(|_| ParseError::OutOfRange)?;
        Ok(Self { units, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.units < 0 { "-" } else { "" };
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

impl TryFrom<String> for Decimal {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_the_decimals_as_written() {
        let decimal: Decimal = "1.500".parse().unwrap();
        assert_eq!(decimal, Decimal { units: 1500, scale: 3 });
        assert_eq!(decimal.to_string(), "1.500");
        assert_eq!(serde_json::to_string(&decimal).unwrap(), "\"1.500\"");
        assert_eq!("-0.05".parse(), Ok(Decimal { units: -5, scale: 2 }));
        assert_eq!(Decimal { units: -5, scale: 2 }.to_string(), "-0.05");
    }

    #[test]
    fn refuses_more_than_it_can_hold() {
        assert_eq!("0.0000000000000000001".parse::<Decimal>(), Err(ParseError::OutOfRange));
        assert_eq!("9223372036854775808".parse::<Decimal>(), Err(ParseError::OutOfRange));
        assert_eq!("-9223372036854775808".parse::<Decimal>().map(|decimal| decimal.units), Ok(i64::MIN));
    }

    proptest! {
        #[test]
        fn reads_back_what_it_prints(units: i64, scale in 0_u8..=18) {
            let decimal = Decimal { units, scale };
            prop_assert_eq!(decimal.to_string().parse(), Ok(decimal));
        }
    }
}
