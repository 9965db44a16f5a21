//! Instants. Always UTC; a local day or hour is the calendar's question (feature `calendar`).

use crate::{
    Date, ParseError,
    date::{civil_from_days, digits},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, time::Duration};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// An instant in microseconds since 1970-01-01T00:00:00Z. Stored and sent as that number, so that it sorts the same
/// everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant so many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant so much later; the last possible one when that is too far.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(whole_micros(duration)))
    }

    /// The instant so much earlier; the first possible one when that is too far.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(whole_micros(duration)))
    }

    /// How much time has passed since an earlier instant; nothing when that one lies in the future.
    pub fn since(self, earlier: Self) -> Duration {
        if self <= earlier { Duration::ZERO } else { Duration::from_micros(self.0.abs_diff(earlier.0)) }
    }
}

fn whole_micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with six decimals of a second unless they are all zero: `2026-11-20T13:04:25Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(MICROS_PER_DAY));
        let of_day = self.0.rem_euclid(MICROS_PER_DAY);
        let (seconds, micros) = (of_day / MICROS_PER_SECOND, of_day % MICROS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;

    /// Reads RFC 3339 with any offset; decimals beyond the microsecond are cut off.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let (date, rest) = text.split_once(['T', 't', ' ']).ok_or(ParseError::Malformed)?;
        let date: Date = date.parse()?;
        let zone_at = rest.find(['Z', 'z', '+', '-']).ok_or(ParseError::Malformed)?;
        let (time, zone) = rest.split_at(zone_at);
        let (clock, fraction) = match time.split_once('.') {
            Some((_, "")) => return Err(ParseError::Malformed),
            Some(parts) => parts,
            None => (time, ""),
        };
        let mut parts = clock.splitn(3, ':');
        let mut next = |limit| bounded(parts.next().unwrap_or(""), limit);
        let seconds = next(24)? * 3600 + next(60)? * 60 + next(60)?;
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseError::Malformed);
        }
        let micros: i64 = digits(&format!("{fraction:0<6}")[..6], 6)?;
        let days = i64::from(date.days_since_epoch());
        let local = days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + micros;
        Ok(Self(local - offset_seconds(zone)? * MICROS_PER_SECOND))
    }
}

/// A number of two digits below a limit.
fn bounded(text: &str, limit: i64) -> Result<i64, ParseError> {
    let number = digits(text, 2)?;
    if number < limit { Ok(number) } else { Err(ParseError::OutOfRange) }
}

/// How far `Z`, `+02:00` or `-05:30` is ahead of UTC.
fn offset_seconds(zone: &str) -> Result<i64, ParseError> {
    let (sign, clock) = match zone.split_at_checked(1) {
        Some(("Z" | "z", "")) => return Ok(0),
        Some(("+", clock)) => (1, clock),
        Some(("-", clock)) => (-1, clock),
        _ => return Err(ParseError::Malformed),
    };
    let (hours, minutes) = clock.split_once(':').ok_or(ParseError::Malformed)?;
    Ok(sign * (bounded(hours, 24)? * 3600 + bounded(minutes, 60)? * 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prints_rfc_3339_in_utc() {
        assert_eq!(Timestamp::from_micros(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::from_micros(-1).to_string(), "1969-12-31T23:59:59.999999Z");
        assert_eq!(Timestamp::from_micros(1_795_179_865_000_000).to_string(), "2026-11-20T13:04:25Z");
    }

    #[test]
    fn reads_offsets_and_fractions() {
        let noon = "2026-11-20T12:00:00Z".parse::<Timestamp>().unwrap();
        assert_eq!("2026-11-20T13:00:00+01:00".parse(), Ok(noon));
        assert_eq!("2026-11-20t06:30:00-05:30".parse(), Ok(noon));
        assert_eq!("2026-11-20 12:00:00.1234569z".parse(), Ok(noon.plus(Duration::from_micros(123_456))));
    }

    #[test]
    fn refuses_what_is_not_an_instant() {
        for text in ["", "2026-11-20", "2026-11-20T12:00:00", "2026-11-20T12:00Z", "2026-11-20T12:00:00.Z"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        for text in ["2026-11-31T12:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T12:60:00Z", "2026-11-20T12:00:00+1"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        assert!("2026-11-20T12:00:00.é12345Z".parse::<Timestamp>().is_err());
    }

    #[test]
    fn no_time_has_passed_since_the_future() {
        let now = Timestamp::from_micros(5);
        assert_eq!(now.since(Timestamp::from_micros(2)), Duration::from_micros(3));
        assert_eq!(now.since(Timestamp::from_micros(9)), Duration::ZERO);
        assert_eq!(
            Timestamp::from_micros(i64::MAX).since(Timestamp::from_micros(i64::MIN)),
            Duration::from_micros(u64::MAX)
        );
    }

    #[test]
    fn stops_at_the_ends_of_time() {
        let last = Timestamp::from_micros(i64::MAX);
        assert_eq!(last.plus(Duration::MAX), last);
        assert_eq!(Timestamp::from_micros(i64::MIN).minus(Duration::MAX).micros(), i64::MIN);
    }

    #[test]
    fn travels_as_a_number() {
        assert_eq!(serde_json::to_string(&Timestamp::from_micros(42)).unwrap(), "42");
    }

    proptest! {
        #[test]
        fn reads_back_what_it_prints(micros in -62_135_596_800_000_000_i64..253_402_300_800_000_000) {
            let instant = Timestamp::from_micros(micros);
            prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        }

        #[test]
        fn prints_every_instant_without_panic(micros: i64) {
            let _ = Timestamp::from_micros(micros).to_string();
        }

        #[test]
        fn never_panics_on_a_text(text in "[0-9TZz:.+ é-]{0,30}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
