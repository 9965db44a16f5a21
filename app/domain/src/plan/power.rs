//! Power and energy of plans: whole kilowatts and whole watt-hours, so that no sum is ever off by a rounding.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::{fmt, str::FromStr};

/// Decimals of a megawatt that a plan may state.
pub const POWER_DECIMALS: u8 = 3;

/// More than any unit has, and few enough that a day of a thousand units adds up.
const MAX_KW: i64 = 99_999_999;

/// Power in whole kilowatts: megawatts with three decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Power(i32);

impl Power {
    /// No power.
    pub const ZERO: Self = Self(0);

    /// The power of so many kilowatts.
    pub const fn from_kw(kw: i32) -> Self {
        Self(kw)
    }

    /// Kilowatts.
    pub const fn kw(self) -> i32 {
        self.0
    }

    /// Megawatts as somebody types or pastes them: with a comma or a point, blanks between groups of digits, any dash for
    /// minus, perhaps a plus. Where both marks occur the last one is the decimal mark: `1,234.5` and `1.234,5` are the same.
    /// Digits may stand on one side of it only: `,5` and `5,`.
    ///
    /// # Errors
    /// [`ParseError::Empty`], [`ParseError::Malformed`], [`ParseError::TooFine`] for a kilowatt's fraction,
    /// [`ParseError::OutOfRange`].
    pub fn typed(text: &str) -> Result<Self, ParseError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(ParseError::Empty);
        }
        let (is_negative, size) = match trimmed.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
            Some(size) => (true, size),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let mark = size.rfind([',', '.']);
        let (whole, fraction) = mark.map_or((size, ""), |at| (&size[..at], &size[at + 1..]));
        // A mark that occurs twice groups digits; then there is none before the fraction.
        let is_twice = mark.is_some_and(|at| whole.contains(&size[at..=at]));
        if is_twice || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseError::Malformed);
        }
        let whole = if whole.is_empty() && !fraction.is_empty() { 0 } else { ungrouped(whole)? };
        let thousandths = thousandths(fraction)?;
        let kw = whole.checked_mul(1000).and_then(|kw| kw.checked_add(thousandths)).ok_or(ParseError::OutOfRange)?;
        Self::of(if is_negative { -kw } else { kw })
    }

    fn of(kw: i64) -> Result<Self, ParseError> {
        if kw.abs() > MAX_KW {
            return Err(ParseError::OutOfRange);
        }
        i32::try_from(kw).map(Self).map_err(|_| ParseError::OutOfRange)
    }
}

/// Digits that may stand in groups of three; a mark that groups is the same throughout.
fn ungrouped(whole: &str) -> Result<i64, ParseError> {
    let is_blank = |character: char| matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let mut groups = whole.split(|character: char| is_blank(character) || matches!(character, ',' | '.'));
    let first = groups.next().unwrap_or_default();
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut has_groups = false;
    for group in groups {
        if group.len() != 3 || !is_digits(group) || first.len() > 3 {
            return Err(ParseError::Malformed);
        }
        has_groups = true;
    }
    if !is_digits(first) || has_groups && has_mixed_marks(whole) {
        return Err(ParseError::Malformed);
    }
    let digits: Cow<'_, str> =
        if has_groups { whole.chars().filter(char::is_ascii_digit).collect() } else { first.into() };
    digits.parse().map_err(|_| ParseError::OutOfRange)
}

fn has_mixed_marks(whole: &str) -> bool {
    let mut marks = whole.chars().filter(|character| !character.is_ascii_digit());
    let first = marks.next();
    marks.any(|mark| Some(mark) != first)
}

/// What digits behind the mark amount to.
fn thousandths(fraction: &str) -> Result<i64, ParseError> {
    let places = usize::from(POWER_DECIMALS);
    let (kept, rest) = fraction.split_at(fraction.len().min(places));
    if rest.bytes().any(|digit| digit != b'0') {
        return Err(ParseError::TooFine { decimals: POWER_DECIMALS });
    }
    let digits = kept.bytes().chain(std::iter::repeat(b'0')).take(places);
    Ok(digits.fold(0, |number, digit| 10 * number + i64::from(digit - b'0')))
}

impl FromStr for Power {
    type Err = ParseError;

    /// Reads megawatts as files state them: an optional minus, digits, optionally a point and decimals, both with digits.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let size = text.strip_prefix('-').unwrap_or(text);
        let has_bare_point = size.starts_with('.') || size.ends_with('.') || size.matches('.').count() > 1;
        if has_bare_point || size.bytes().any(|byte| !byte.is_ascii_digit() && byte != b'.') {
            return Err(ParseError::Malformed);
        }
        Self::typed(text)
    }
}

impl fmt::Display for Power {
    /// Megawatts as files state them, always with three decimals: `0.412`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let kw = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:03}", kw / 1000, kw % 1000)
    }
}

/// Energy in whole watt-hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Energy(i64);

impl Energy {
    /// The energy of so many watt-hours.
    pub const fn from_wh(wh: i64) -> Self {
        Self(wh)
    }

    /// What a power held for so many minutes amounts to.
    pub const fn of(power: Power, minutes: u16) -> Self {
        Self(power.0 as i64 * 1000 * minutes as i64 / 60)
    }

    /// Watt-hours.
    pub const fn wh(self) -> i64 {
        self.0
    }

    /// Kilowatt-hours, a half rounded away from zero.
    pub const fn kwh(self) -> i64 {
        (self.0 + if self.0 < 0 { -500 } else { 500 }) / 1000
    }
}

impl std::iter::Sum for Energy {
    fn sum<I: Iterator<Item = Self>>(energies: I) -> Self {
        Self(energies.map(Self::wh).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type_and_spreadsheets_copy() {
        for text in
            ["1234,5", "1234.5", "1 234,5", "1\u{a0}234,500", "1,234.5", "1.234,5", " 1234,50000 ", "1\u{202f}234.5"]
        {
            assert_eq!(Power::typed(text), Ok(Power::from_kw(1_234_500)), "{text}");
        }
        for text in ["-0,5", "\u{2212}0.500", "\u{2013}0,5"] {
            assert_eq!(Power::typed(text), Ok(Power::from_kw(-500)), "{text}");
        }
        for text in [",5", ".5", "+,500", "+0.5", "0,5"] {
            assert_eq!(Power::typed(text), Ok(Power::from_kw(500)), "{text}");
        }
        for text in ["5,", "5.", "+5", "+5,", " +5,000 "] {
            assert_eq!(Power::typed(text), Ok(Power::from_kw(5_000)), "{text}");
        }
        assert_eq!(Power::typed("-,5"), Ok(Power::from_kw(-500)));
        assert_eq!(Power::typed("1.234,"), Ok(Power::from_kw(1_234_000)));
        assert_eq!(Power::typed("0"), Ok(Power::ZERO));
        assert_eq!(Power::typed("1,234"), Ok(Power::from_kw(1_234)), "one mark is the decimal mark");
    }

    #[test]
    fn refuses_what_is_no_power() {
        for text in ["abc", "1,2,3", "12 34", "1 23,5", "1e3", "=1+1", "--1", "5 MW", "1,234 567.8", "1 2345,6"] {
            assert_eq!(Power::typed(text), Err(ParseError::Malformed), "{text}");
        }
        for text in ["+-1", "-+1", "++1", "+", "-", ",", ".", "+,", "1,,", ",5,", ".234,5", "1 ,5"] {
            assert_eq!(Power::typed(text), Err(ParseError::Malformed), "{text}");
        }
        assert_eq!(Power::typed(" "), Err(ParseError::Empty));
        assert_eq!(Power::typed("0,4125"), Err(ParseError::TooFine { decimals: 3 }));
        assert_eq!(Power::typed("100000"), Err(ParseError::OutOfRange));
        assert_eq!(Power::typed("99999999999999999999"), Err(ParseError::OutOfRange));
        assert_eq!(Power::typed("9223372036854775,999"), Err(ParseError::OutOfRange));
    }

    #[test]
    fn files_have_points_only() {
        assert_eq!("12.5".parse(), Ok(Power::from_kw(12_500)));
        for text in ["12,5", "1 234.5", "+1", "1.234.5", ".5", "-.5", "5.", "-", ".", "--1", "1-"] {
            assert_eq!(text.parse::<Power>(), Err(ParseError::Malformed), "{text}");
        }
    }

    #[test]
    fn energy_is_power_over_time() {
        assert_eq!(Energy::of(Power::from_kw(413), 15).wh(), 103_250);
        assert_eq!(Energy::of(Power::from_kw(413), 60).kwh(), 413);
        assert_eq!(Energy::from_wh(1_500).kwh(), 2);
        assert_eq!(Energy::from_wh(-1_500).kwh(), -2);
    }

    proptest! {
        #[test]
        fn reads_back_what_it_prints(kw in -99_999_999_i32..=99_999_999) {
            let power = Power::from_kw(kw);
            prop_assert_eq!(power.to_string().parse(), Ok(power));
            prop_assert_eq!(Power::typed(&power.to_string().replace('.', ",")), Ok(power));
        }

        #[test]
        fn a_plus_and_a_lone_zero_say_nothing(kw in 0_i32..1_000) {
            let text = format!("{kw:03}");
            prop_assert_eq!(Power::typed(&format!(",{text}")), Ok(Power::from_kw(kw)));
            prop_assert_eq!(Power::typed(&format!("+0,{text}")), Ok(Power::from_kw(kw)));
            prop_assert_eq!(Power::typed(&format!("{text},")), Ok(Power::from_kw(kw * 1_000)));
        }

        #[test]
        fn never_panics_on_a_text(text in "[0-9,. \u{a0}+-]{0,12}|.{0,6}") {
            let _ = Power::typed(&text);
            let _ = text.parse::<Power>();
        }
    }
}
