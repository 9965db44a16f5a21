//! Words and numbers of plan files, whatever the format: powers, days, instants, codes.

use openbok_domain::plan::{Cell, FileFaultKind, Power, Resolution};
use openbok_domain::{Date, ParseError, Timestamp};

/// The years that have plans. Outside of them calendars end.
const YEARS: std::ops::Range<i32> = 2000..2100;

/// Longest name of a unit.
const MOST_CODE_BYTES: usize = 120;

/// What stands in place of a power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A power.
    Power(Power),
    /// Nothing.
    Empty,
    /// Something that was reported already.
    Faulty,
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        match value {
            Value::Power(power) => Self::Power(power),
            Value::Empty | Value::Faulty => Self::Empty,
        }
    }
}

/// Megawatts as people write them, with a comma or a point; nothing is nothing. Stricter than typing: `0,` in a file is a
/// number that breaks off, and what begins with a plus is a formula to spreadsheets.
pub(super) fn typed_power(text: &str) -> Result<Value, FileFaultKind> {
    let text = text.trim();
    let size = text.trim_start_matches(['-', '\u{2212}', '\u{2013}']);
    if size.starts_with('=') {
        Err(FileFaultKind::Formula)
    } else if size.starts_with(['+', ',', '.']) || size.ends_with([',', '.']) {
        Err(FileFaultKind::NotANumber)
    } else {
        value(Power::typed(text))
    }
}

/// Megawatts as programs write them, with a point.
pub(super) fn exact_power(text: &str) -> Result<Value, FileFaultKind> {
    value(text.parse())
}

/// Megawatts as programs write them that count in binary: `0.41199999999999998` is 0.412, because no other power with
/// three decimals is as near, and 0.4125 is too fine.
pub(super) fn binary_power(text: &str) -> Result<Value, FileFaultKind> {
    /// Ten thousand times more than binary numbers of this size are off, a thousand times less than anybody means.
    const MOST_OFF: f64 = 1e-9;
    let number: f64 = text.trim().parse().map_err(|_| FileFaultKind::NotANumber)?;
    if !number.is_finite() {
        return Err(FileFaultKind::NotANumber);
    }
    let rounded = format!("{number:.3}");
    let nearest: f64 = rounded.parse().map_err(|_| FileFaultKind::NotANumber)?;
    if (number - nearest).abs() > MOST_OFF { Err(FileFaultKind::TooFine) } else { exact_power(&rounded) }
}

fn value(parsed: Result<Power, ParseError>) -> Result<Value, FileFaultKind> {
    match parsed {
        Ok(power) => Ok(Value::Power(power)),
        Err(ParseError::Empty) => Ok(Value::Empty),
        Err(ParseError::TooFine { .. }) => Err(FileFaultKind::TooFine),
        Err(ParseError::OutOfRange) => Err(FileFaultKind::OutOfRange),
        Err(_) => Err(FileFaultKind::NotANumber),
    }
}

/// A day that may have a plan.
pub(super) fn planned(day: Date) -> Option<Date> {
    YEARS.contains(&day.year()).then_some(day)
}

/// A day as people and spreadsheets write it: `25-11-2026`, `25.11.2026`, `2026-11-25`.
pub(super) fn day(text: &str) -> Option<Date> {
    let mut parts = text.trim().split(['-', '.', '/']);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |part: &str, most: usize| {
        let is_number = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u16>().ok()).flatten()
    };
    let small = |part: &str| number(part, 2).and_then(|number| u8::try_from(number).ok());
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    planned(Date::new(i32::from(number(year, 4)?), small(month)?, small(day)?)?)
}

/// An instant as market documents write it, with or without seconds: `2026-11-24T23:00Z`.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let is_short = text.len() == "2026-11-24T23:00Z".len() && text.ends_with('Z');
    let whole = if is_short { format!("{}:00Z", &text[..text.len() - 1]) } else { text.to_owned() };
    let at: Timestamp = whole.parse().ok()?;
    let year: i32 = at.to_string().get(..4)?.parse().ok()?;
    YEARS.contains(&year).then_some(at)
}

/// An instant to the second, as market documents want it.
pub(super) fn seconds(at: Timestamp) -> String {
    const MICROS: i64 = 1_000_000;
    Timestamp::from_micros(at.micros().div_euclid(MICROS) * MICROS).to_string()
}

/// An instant to the minute: `2026-11-24T23:00Z`.
pub(super) fn minutes(at: Timestamp) -> String {
    format!("{}Z", &seconds(at)[..16])
}

/// An interval's length as market documents write it; an hour has two names.
pub(super) fn resolution(text: &str) -> Option<Resolution> {
    match text.trim() {
        "PT60M" => Some(Resolution::Hour),
        word => word.parse().ok(),
    }
}

/// The name of a unit in a file.
pub(super) fn unit_name(text: &str) -> Result<String, FileFaultKind> {
    let name = text.trim();
    match name {
        "" => Err(FileFaultKind::MissingUnit),
        _ if !is_code(name) => Err(FileFaultKind::WrongValue),
        _ => Ok(name.to_owned()),
    }
}

/// Whether every format can hold a code: visible characters with nothing around them.
pub(super) fn is_code(code: &str) -> bool {
    let is_noncharacter = |character: char| matches!(character, '\u{fffe}' | '\u{ffff}');
    !code.is_empty()
        && code.len() <= MOST_CODE_BYTES
        && code.trim() == code
        && !code.chars().any(|character| character.is_control() || is_noncharacter(character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn kw(kw: i32) -> Value {
        Value::Power(Power::from_kw(kw))
    }

    #[test]
    fn reads_powers_as_each_kind_of_writer_writes_them() {
        assert_eq!(typed_power("0,412"), Ok(kw(412)));
        assert_eq!(typed_power(" 1 234.5"), Ok(kw(1_234_500)));
        assert_eq!(typed_power(""), Ok(Value::Empty));
        assert_eq!(typed_power(" =A1"), Err(FileFaultKind::Formula));
        for text in ["+1", ",5", "-.5", "5,", "0."] {
            assert_eq!(typed_power(text), Err(FileFaultKind::NotANumber), "{text}");
        }
        assert_eq!(exact_power("0.412"), Ok(kw(412)));
        assert_eq!(exact_power("0,412"), Err(FileFaultKind::NotANumber));
        assert_eq!(exact_power("0.4125"), Err(FileFaultKind::TooFine));
        assert_eq!(exact_power("100000"), Err(FileFaultKind::OutOfRange));
    }

    #[test]
    fn binary_numbers_are_the_powers_that_they_stand_for() {
        assert_eq!(binary_power("0.41199999999999998"), Ok(kw(412)));
        assert_eq!(binary_power("1.2E-2"), Ok(kw(12)));
        assert_eq!(binary_power("-0"), Ok(kw(0)));
        assert_eq!(binary_power("99999.998999999996"), Ok(kw(99_999_999)));
        for text in ["0.4125", "0.41200001", "1E-9", "1e-4"] {
            let expected = if text == "1E-9" { Ok(kw(0)) } else { Err(FileFaultKind::TooFine) };
            assert_eq!(binary_power(text), expected, "{text}");
        }
        assert_eq!(binary_power("1e300"), Err(FileFaultKind::OutOfRange));
        for text in ["NaN", "inf", "", "0,4", "0x1"] {
            assert_eq!(binary_power(text), Err(FileFaultKind::NotANumber), "{text}");
        }
    }

    #[test]
    fn reads_days_and_instants_of_this_century() {
        let expected = Date::new(2026, 11, 5);
        for text in ["05-11-2026", "5.11.2026", "2026-11-05", "05/11/2026", " 2026-11-5 "] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in
            ["", "5-11-26", "31-02-2026", "05-11-2026-1", "05-11-1999", "05-11-2100", "0005-11-2026", "5-+1-2026"]
        {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(instant("2026-11-24T23:00Z"), instant("2026-11-25T00:00:00+01:00"));
        for text in ["2026-11-24T23:00", "1999-12-31T23:00Z", "2100-01-01T00:00Z", "9999-12-31T23:59:59Z", "żżżżżżżżZ"]
        {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn writes_instants_to_the_second_and_to_the_minute() {
        let at: Timestamp = "2026-11-24T23:00:07.9Z".parse().unwrap();
        assert_eq!(seconds(at), "2026-11-24T23:00:07Z");
        assert_eq!(minutes(at), "2026-11-24T23:00Z");
    }

    #[test]
    fn codes_are_visible_and_short() {
        assert!(is_code("MWE_0940000_33P0009"));
        assert!(is_code("_ebc8ffff-1beb-4e6c-881c-b950600836fb"));
        for code in ["", " a", "a\n", "a\u{1}b", "a\u{ffff}", &"x".repeat(121)] {
            assert!(!is_code(code), "{code:?}");
        }
        assert_eq!(unit_name(" "), Err(FileFaultKind::MissingUnit));
        assert_eq!(unit_name("a\tb"), Err(FileFaultKind::WrongValue));
    }

    proptest! {
        #[test]
        fn a_power_survives_being_counted_in_binary(kw in -99_999_999_i32..=99_999_999) {
            let number = f64::from(kw) / 1000.0;
            prop_assert_eq!(binary_power(&number.to_string()), Ok(Value::Power(Power::from_kw(kw))));
            prop_assert_eq!(binary_power(&format!("{number:.17}")), Ok(Value::Power(Power::from_kw(kw))));
        }

        #[test]
        fn never_panics_on_a_text(text in ".{0,24}|[0-9eE+.Tt:Z-]{0,24}") {
            let _ = (typed_power(&text), exact_power(&text), binary_power(&text));
            let _ = (day(&text), instant(&text), resolution(&text), unit_name(&text));
        }
    }
}
