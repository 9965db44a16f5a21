//! Days and hours of a time zone. Only on the server: zones need their database, so the browser gets labels and instants.
//!
//! Zones are IANA names that an operator's profile has passed through `Operator::validate`; an unknown one is a bug.

mod planning_day;
#[cfg(test)]
mod zone_file;

pub use planning_day::{Interval, PlanningDay};

use crate::{Date, Timestamp};
use jiff::tz::TimeZone;

/// Whether the zone database has a zone of this name.
pub fn is_known_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// The day it is in a zone.
///
/// # Panics
/// When the zone is unknown.
pub fn today(now: Timestamp, zone: &str) -> Date {
    local(now, zone).0
}

/// The day, hour and minute that clocks in a zone show.
///
/// # Panics
/// When the zone is unknown.
pub fn local(at: Timestamp, zone: &str) -> (Date, u8, u8) {
    let shown = zoned(at, &find_zone(zone)).datetime();
    let small = |part: i8| u8::try_from(part).expect("parts of a day are not negative");
    let date = Date::new(i32::from(shown.year()), small(shown.month()), small(shown.day()));
    (date.expect("an existing day"), small(shown.hour()), small(shown.minute()))
}

/// The instant at which clocks in a zone first show a time of a day; when they skip it, the instant as long after the skip.
///
/// # Panics
/// When the zone is unknown.
pub fn instant(date: Date, hour: u8, minute: u8, zone: &str) -> Timestamp {
    instant_in(date, hour, minute, &find_zone(zone))
}

fn instant_in(date: Date, hour: u8, minute: u8, zone: &TimeZone) -> Timestamp {
    let small = |part: u8| i8::try_from(part).expect("parts of a day are small");
    let year = i16::try_from(date.year()).expect("a year of four digits");
    let shown = jiff::civil::date(year, small(date.month()), small(date.day())).at(small(hour), small(minute), 0, 0);
    let zoned = shown.to_zoned(zone.clone()).expect("an instant within the calendar");
    Timestamp::from_micros(zoned.timestamp().as_microsecond())
}

fn find_zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("the operator's time zone was checked at start")
}

fn zoned(at: Timestamp, zone: &TimeZone) -> jiff::Zoned {
    let instant = jiff::Timestamp::from_microsecond(at.micros()).expect("an instant within the calendar");
    instant.to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant_of(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_starts_at_local_midnight() {
        let before = instant_of("2026-11-19T22:59:59Z");
        let after = instant_of("2026-11-19T23:00:00Z");
        assert_eq!(today(before, "Europe/Warsaw").to_string(), "2026-11-19");
        assert_eq!(today(after, "Europe/Warsaw").to_string(), "2026-11-20");
        assert_eq!(today(before, "Europe/Kyiv").to_string(), "2026-11-20");
    }

    #[test]
    fn tells_the_time_that_clocks_show() {
        let (date, hour, minute) = local(instant_of("2026-07-01T10:05:59Z"), "Europe/Kyiv");
        assert_eq!((date.to_string().as_str(), hour, minute), ("2026-07-01", 13, 5));
    }

    #[test]
    fn finds_the_first_instant_of_a_shown_time() {
        let at = |text: &str, hour, minute| instant(text.parse().unwrap(), hour, minute, "Europe/Warsaw").to_string();
        assert_eq!(at("2026-11-19", 10, 0), "2026-11-19T09:00:00Z");
        assert_eq!(at("2026-10-25", 2, 30), "2026-10-25T00:30:00Z", "the first of two");
        assert_eq!(at("2026-03-29", 2, 30), "2026-03-29T01:30:00Z", "skipped: shown as 03:30");
    }

    #[test]
    fn knows_which_zones_there_are() {
        assert!(is_known_zone("Europe/Warsaw"));
        assert!(is_known_zone("Europe/Kyiv"));
        assert!(!is_known_zone("Europe/Lwow"));
        assert!(!is_known_zone(""));
    }

    proptest! {
        #[test]
        fn our_days_are_those_of_the_zone_library(days in -719_162_i32..=2_932_896) {
            let ours = Date::from_days(days);
            let theirs = jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days));
            prop_assert_eq!(ours.to_string(), theirs.to_string());
            prop_assert_eq!(Date::new(i32::from(theirs.year()), theirs.month().unsigned_abs(), theirs.day().unsigned_abs()), Some(ours));
        }

        #[test]
        fn our_instants_print_as_those_of_the_zone_library(micros in -62_135_596_800_000_000_i64..253_402_200_000_000_000) {
            let ours = Timestamp::from_micros(micros);
            let theirs: jiff::Timestamp = ours.to_string().parse().unwrap();
            prop_assert_eq!(theirs.as_microsecond(), micros);
            prop_assert_eq!(theirs.to_string().parse(), Ok(ours));
        }
    }
}
