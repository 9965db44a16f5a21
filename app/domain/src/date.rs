//! Calendar days without a time zone. Which day it is somewhere is the calendar's question (feature `calendar`).

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A day of the Gregorian calendar, also before its introduction, from 0001-01-01 to 9999-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    /// Days since 1970-01-01: arithmetic and order are plain, the parts are computed where they are shown.
    days: i32,
}

const FIRST_DAY: i32 = -719_162;
const LAST_DAY: i32 = 2_932_896;

impl Date {
    /// The day, or `None` when the calendar has no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let days = i32::try_from(days_from_civil(i64::from(year), month, day)).ok()?;
        let date = Self { days };
        // A day past the month's end comes back as one of the next month.
        (date.day() == day).then_some(date)
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i32 {
        self.civil().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.civil().1
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.civil().2
    }

    /// Year, month and day of the month, for whoever needs all three.
    ///
    /// # Panics
    /// Never: no day is later than 9999-12-31.
    pub fn civil(self) -> (i32, u8, u8) {
        let (year, month, day) = civil_from_days(i64::from(self.days));
        (i32::try_from(year).expect("a year of four digits"), month, day)
    }

    /// Days since 1970-01-01, negative before it.
    pub const fn days_since_epoch(self) -> i32 {
        self.days
    }

    /// The day so many days after 1970-01-01; the first or last possible day where that leaves the calendar.
    pub fn from_days(days: i32) -> Self {
        Self { days: days.clamp(FIRST_DAY, LAST_DAY) }
    }

    /// The day so many days later, earlier when negative; the first or last possible day where that leaves the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_days(self.days.saturating_add(days))
    }

    /// How many days the other day is later than this one, negative when it is earlier.
    pub const fn days_until(self, other: Self) -> i32 {
        other.days - self.days
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms"): years start in March, so that the leap day comes last.
pub(crate) fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a count of days since 1970-01-01; the inverse of [`days_from_civil`].
pub(crate) fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let small = |number: i64| u8::try_from(number).expect("a month or a day of a month");
    let day = small(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    let month = small(if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The number written in exactly these digits.
pub(crate) fn digits<N: FromStr>(text: &str, count: usize) -> Result<N, ParseError> {
    if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::Malformed);
    }
    text.parse().map_err(|_| ParseError::OutOfRange)
}

impl FromStr for Date {
    type Err = ParseError;

    /// Reads `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let mut parts = text.splitn(3, '-');
        let mut next = |count| digits::<u16>(parts.next().unwrap_or(""), count);
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        let small = |number: u16| u8::try_from(number).map_err(|_| ParseError::NoSuchDate);
        Self::new(i32::from(year), small(month)?, small(day)?).ok_or(ParseError::NoSuchDate)
    }
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Date {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn knows_leap_days() {
        assert!(Date::new(2024, 2, 29).is_some());
        assert!(Date::new(2000, 2, 29).is_some());
        assert_eq!(Date::new(1900, 2, 29), None);
        assert_eq!(Date::new(2026, 2, 29), None);
        assert_eq!(Date::new(2026, 4, 31), None);
        assert_eq!(Date::new(2026, 13, 1), None);
        assert_eq!(Date::new(2026, 1, 0), None);
        assert_eq!(Date::new(0, 1, 1), None);
        assert_eq!(Date::new(10_000, 1, 1), None);
    }

    #[test]
    fn counts_days_over_the_ends_of_months_and_years() {
        assert_eq!(date("2026-02-28").plus_days(1), date("2026-03-01"));
        assert_eq!(date("2026-01-01").plus_days(-1), date("2025-12-31"));
        assert_eq!(date("2026-11-20").days_until(date("2026-11-15")), -5);
        assert_eq!(date("1970-01-01").days_since_epoch(), 0);
    }

    #[test]
    fn stops_at_the_ends_of_the_calendar() {
        assert_eq!(Date::from_days(i32::MIN), date("0001-01-01"));
        assert_eq!(Date::from_days(i32::MAX), date("9999-12-31"));
        assert_eq!(date("9999-12-31").plus_days(1), date("9999-12-31"));
    }

    #[test]
    fn reads_only_iso_text() {
        assert_eq!("".parse::<Date>(), Err(ParseError::Empty));
        assert_eq!("2026-02-30".parse::<Date>(), Err(ParseError::NoSuchDate));
        for text in ["2026-2-3", "20260203", "03-02-2026", "2026-02-03T00:00", "2026-02-+3", "2026-02"] {
            assert_eq!(text.parse::<Date>(), Err(ParseError::Malformed), "{text}");
        }
    }

    #[test]
    fn travels_as_iso_text() {
        assert_eq!(serde_json::to_string(&date("2026-03-29")).unwrap(), "\"2026-03-29\"");
        assert!(serde_json::from_str::<Date>("\"2026-03-32\"").is_err());
    }

    proptest! {
        #[test]
        fn reads_back_every_day_it_prints(days in FIRST_DAY..=LAST_DAY) {
            let day = Date::from_days(days);
            prop_assert_eq!(day.to_string().parse(), Ok(day));
            prop_assert_eq!(Date::new(day.year(), day.month(), day.day()), Some(day));
        }
    }
}
