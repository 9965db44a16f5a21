//! A planning day: a local calendar day cut into hours or quarters, with all that clock changes do to it. Intervals are
//! known by the instant they begin at, never by their label; labels are for screens.

use super::{find_zone, instant_in, zoned};
use crate::plan::Resolution;
use crate::{Date, Timestamp};
use std::collections::BTreeSet;

/// One hour or quarter of a planning day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The instant it begins at.
    pub start: Timestamp,
    /// What a screen calls it, by its beginning and end on the clock: `02–03`, `02:15–02:30`. The second pass of a time
    /// that occurs twice carries an A: `02–03 A`.
    pub label: String,
}

/// A local day of 23, 24 or 25 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanningDay {
    /// The day.
    pub date: Date,
    /// How finely it is cut.
    pub resolution: Resolution,
    /// Its hours or quarters in order: 23, 24 or 25 of them, or 92, 96 or 100.
    pub intervals: Vec<Interval>,
    /// The instant it ends at, where the next day begins.
    pub end: Timestamp,
}

impl PlanningDay {
    /// The day in a zone, from one local midnight to the next.
    ///
    /// # Panics
    /// When the zone is unknown.
    pub fn new(date: Date, zone: &str, resolution: Resolution) -> Self {
        let zone = find_zone(zone);
        let end = instant_in(date.plus_days(1), 0, 0, &zone);
        let mut start = instant_in(date, 0, 0, &zone);
        let mut shown_before = BTreeSet::new();
        let mut intervals = Vec::new();
        while start < end {
            let clock = zoned(start, &zone).time();
            let plain = plain_label(clock.hour(), clock.minute(), resolution);
            let label = if shown_before.contains(&plain) { format!("{plain} A") } else { plain.clone() };
            intervals.push(Interval { start, label });
            shown_before.insert(plain);
            start = start.plus(resolution.duration());
        }
        Self { date, resolution, intervals, end }
    }
}

/// The label of an interval that begins when clocks show this time. Its end is counted on from there, so that the hour
/// before a skipped one is still called by the hour that it is.
fn plain_label(hour: i8, minute: i8, resolution: Resolution) -> String {
    match resolution {
        Resolution::Hour => format!("{hour:02}–{:02}", hour + 1),
        Resolution::Quarter => {
            let (end_hour, end_minute) = if minute < 45 { (hour, minute + 15) } else { (hour + 1, 0) };
            format!("{hour:02}:{minute:02}–{end_hour:02}:{end_minute:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WARSAW: &str = "Europe/Warsaw";
    const KYIV: &str = "Europe/Kyiv";

    fn day(date: &str, zone: &str, resolution: Resolution) -> PlanningDay {
        PlanningDay::new(date.parse().unwrap(), zone, resolution)
    }

    fn labels(day: &PlanningDay) -> Vec<&str> {
        day.intervals.iter().map(|interval| interval.label.as_str()).collect()
    }

    #[test]
    fn r67_a_planning_day_has_23_24_or_25_hours() {
        for zone in [WARSAW, KYIV] {
            for (date, hours) in [
                ("2026-03-29", 23),
                ("2026-10-25", 25),
                ("2027-03-28", 23),
                ("2026-03-28", 24),
                ("2026-03-30", 24),
                ("2026-11-20", 24),
            ] {
                assert_eq!(day(date, zone, Resolution::Hour).intervals.len(), hours, "{date} {zone}");
                assert_eq!(day(date, zone, Resolution::Quarter).intervals.len(), hours * 4, "{date} {zone}");
            }
        }
    }

    #[test]
    fn r67_the_repeated_hour_is_02_in_warsaw_and_03_in_kyiv() {
        let warsaw = day("2026-10-25", WARSAW, Resolution::Hour);
        assert_eq!(labels(&warsaw)[1..5], ["01–02", "02–03", "02–03 A", "03–04"]);
        assert_eq!(warsaw.intervals[2].start.to_string(), "2026-10-25T00:00:00Z");
        assert_eq!(warsaw.intervals[3].start.to_string(), "2026-10-25T01:00:00Z");
        let kyiv = day("2026-10-25", KYIV, Resolution::Hour);
        assert_eq!(labels(&kyiv)[2..6], ["02–03", "03–04", "03–04 A", "04–05"]);
    }

    #[test]
    fn r67_the_skipped_hour_is_missing() {
        assert_eq!(labels(&day("2026-03-29", WARSAW, Resolution::Hour))[..4], ["00–01", "01–02", "03–04", "04–05"]);
        assert_eq!(
            labels(&day("2026-03-29", KYIV, Resolution::Hour))[..5],
            ["00–01", "01–02", "02–03", "04–05", "05–06"]
        );
    }

    #[test]
    fn quarters_of_the_repeated_hour_carry_the_mark_in_their_second_pass() {
        let day = day("2026-10-25", WARSAW, Resolution::Quarter);
        assert_eq!(labels(&day)[8], "02:00–02:15");
        assert_eq!(labels(&day)[11..13], ["02:45–03:00", "02:00–02:15 A"]);
        assert_eq!(labels(&day)[15..17], ["02:45–03:00 A", "03:00–03:15"]);
        assert_eq!(labels(&day)[99], "23:45–24:00");
    }

    #[test]
    fn an_ordinary_day_runs_from_midnight_to_midnight() {
        let day = day("2026-11-20", WARSAW, Resolution::Hour);
        assert_eq!(day.intervals[0].start.to_string(), "2026-11-19T23:00:00Z");
        assert_eq!(day.end.to_string(), "2026-11-20T23:00:00Z");
        assert_eq!(labels(&day)[23], "23–24");
    }

    /// Hours of a day by the law alone: summer time begins on the last Sunday of March and ends on that of October
    /// (Directive 2000/84/EC, which Ukraine follows too).
    fn hours_by_law(date: Date) -> usize {
        // 1970-01-01 was a Thursday.
        let is_sunday = (date.days_since_epoch() + 4).rem_euclid(7) == 0;
        match date.month() {
            3 if is_sunday && date.day() > 24 => 23,
            10 if is_sunday && date.day() > 24 => 25,
            _ => 24,
        }
    }

    #[test]
    fn r67_every_day_from_1997_to_2050_has_the_hours_of_the_law() {
        let first = Date::new(1997, 1, 1).unwrap();
        let last = Date::new(2050, 12, 31).unwrap();
        for zone in [WARSAW, KYIV] {
            for days in 0..=first.days_until(last) {
                let date = first.plus_days(days);
                assert_eq!(
                    PlanningDay::new(date, zone, Resolution::Hour).intervals.len(),
                    hours_by_law(date),
                    "{date} {zone}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn r67_days_join_without_gap_and_no_label_occurs_twice(
            days in 7305_i32..29_585, zone in prop_oneof![Just(WARSAW), Just(KYIV)],
            resolution in prop_oneof![Just(Resolution::Hour), Just(Resolution::Quarter)],
        ) {
            let day = PlanningDay::new(Date::from_days(days), zone, resolution);
            let next = PlanningDay::new(Date::from_days(days + 1), zone, resolution);
            prop_assert_eq!(day.end, next.intervals[0].start);
            let starts: Vec<Timestamp> = day.intervals.iter().map(|interval| interval.start).collect();
            prop_assert!(starts.windows(2).all(|pair| pair[1].since(pair[0]) == resolution.duration()));
            prop_assert_eq!(starts[starts.len() - 1].plus(resolution.duration()), day.end);
            prop_assert!(starts.iter().all(|start| super::super::today(*start, zone) == day.date));
            let labels: BTreeSet<&str> = labels(&day).into_iter().collect();
            prop_assert_eq!(labels.len(), day.intervals.len());
        }
    }
}
