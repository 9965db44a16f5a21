//! Our days against the zone files of the system, which another program made and which are read here by hand (RFC 9636).

use super::{PlanningDay, local};
use crate::plan::Resolution;
use crate::{Date, Timestamp};
use std::collections::BTreeSet;
use std::fs;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A zone: seconds east of Greenwich, from each change on.
struct ZoneFile {
    changes: Vec<(i64, i64)>,
    rule: Rule,
}

/// What holds after the last change: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct Rule {
    winter: i64,
    /// Beginning and end of summer time, each as month, week, weekday and seconds of the local day.
    bounds: [(u8, u8, u8, i64); 2],
}

impl Rule {
    fn parse(text: &str) -> Self {
        let (names, bounds) = text.split_once(',').expect("summer time is to go on");
        let west = names.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let west = west.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let bounds: Vec<_> = bounds.split(',').map(bound).collect();
        Self { winter: -west.parse::<i64>().unwrap() * HOUR, bounds: bounds.try_into().unwrap() }
    }

    fn offset(&self, at: i64) -> i64 {
        let days = i32::try_from((at + self.winter).div_euclid(DAY)).unwrap();
        let year = Date::from_days(days).year();
        let summer = self.winter + HOUR;
        let [start, end] = self.bounds.map(|(month, week, weekday, seconds)| {
            i64::from(nth_weekday(year, month, week, weekday).days_since_epoch()) * DAY + seconds
        });
        if (start - self.winter..end - summer).contains(&at) { summer } else { self.winter }
    }
}

fn bound(text: &str) -> (u8, u8, u8, i64) {
    let (day, hour) = text.split_once('/').unwrap_or((text, "2"));
    let parts: Vec<u8> = day.strip_prefix('M').unwrap().split('.').map(|part| part.parse().unwrap()).collect();
    (parts[0], parts[1], parts[2], hour.parse::<i64>().unwrap() * HOUR)
}

/// The n-th of a weekday (0 is Sunday) in a month, the last for 5.
fn nth_weekday(year: i32, month: u8, week: u8, weekday: u8) -> Date {
    let is_weekday = |date: &Date| (date.days_since_epoch() + 4).rem_euclid(7) == i32::from(weekday);
    let days: Vec<Date> = (1..=31).filter_map(|day| Date::new(year, month, day)).filter(is_weekday).collect();
    *days.get(usize::from(week) - 1).unwrap_or_else(|| days.last().unwrap())
}

impl ZoneFile {
    fn read(zone: &str) -> Self {
        let path = format!("/usr/share/zoneinfo/{zone}");
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}; install the system's tzdata"));
        let number = |at: usize| usize::try_from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap();
        // Counts of the header at a place: signs of both kinds, leap seconds, changes, types, letters.
        let counts = |header: usize| [20, 24, 28, 32, 36, 40].map(|at| number(header + at));
        assert_eq!(
            (&bytes[..4], bytes[4] >= b'2'),
            (&b"TZif"[..], true),
            "{path} is a zone file of version 2 or later"
        );
        let [signs, more_signs, leaps, changes, types, letters] = counts(0);
        // The first block is for programs that count in 32 bits.
        let header = 44 + changes * 5 + types * 6 + letters + leaps * 8 + signs + more_signs;
        let [signs, more_signs, leaps, changes, types, letters] = counts(header);
        let times = header + 44;
        let kinds = times + changes * 8;
        let offsets = kinds + changes;
        let footer = offsets + types * 6 + letters + leaps * 12 + signs + more_signs;
        let changes = (0..changes).map(|change| {
            let time = times + change * 8;
            let offset = offsets + usize::from(bytes[kinds + change]) * 6;
            let at = i64::from_be_bytes(bytes[time..time + 8].try_into().unwrap());
            (at, i64::from(i32::from_be_bytes(bytes[offset..offset + 4].try_into().unwrap())))
        });
        let rule = std::str::from_utf8(&bytes[footer..]).unwrap().trim();
        Self { changes: changes.collect(), rule: Rule::parse(rule) }
    }

    /// Seconds east of Greenwich at an instant after the first change.
    fn offset(&self, at: i64) -> i64 {
        match self.changes.partition_point(|(change, _)| *change <= at) {
            all if all == self.changes.len() => self.rule.offset(at),
            passed => self.changes[passed - 1].1,
        }
    }

    /// The first instant at which clocks show midnight of a day.
    fn midnight(&self, date: Date) -> i64 {
        let shown = i64::from(date.days_since_epoch()) * DAY;
        let candidates = (0..=4).rev().map(|hours| shown - hours * HOUR);
        let mut instants = candidates.filter(|at| at + self.offset(*at) == shown);
        instants.next().unwrap_or_else(|| panic!("{date} has no midnight"))
    }
}

#[test]
fn r67_every_day_from_1990_to_2050_is_that_of_the_systems_zone_files() {
    let (first, last) = (Date::new(1990, 1, 1).unwrap(), Date::new(2050, 12, 31).unwrap());
    let seconds = |at: Timestamp| at.micros() / 1_000_000;
    for zone in ["Europe/Warsaw", "Europe/Kyiv"] {
        let file = ZoneFile::read(zone);
        let mut lengths = BTreeSet::new();
        for date in (0..=first.days_until(last)).map(|days| first.plus_days(days)) {
            let (start, end) = (file.midnight(date), file.midnight(date.plus_days(1)));
            lengths.insert((end - start) / HOUR);
            for resolution in Resolution::ALL {
                let (day, step) = (PlanningDay::new(date, zone, *resolution), i64::from(resolution.minutes()) * 60);
                let starts: Vec<i64> = day.intervals.iter().map(|interval| seconds(interval.start)).collect();
                let expected: Vec<i64> = (0..(end - start) / step).map(|index| start + index * step).collect();
                assert_eq!((&starts, seconds(day.end)), (&expected, end), "{date} {zone}");
                for (interval, at) in day.intervals.iter().zip(expected) {
                    let shown = at + file.offset(at);
                    let hour = u8::try_from(shown.rem_euclid(DAY) / HOUR).unwrap();
                    let minute = u8::try_from(shown.rem_euclid(HOUR) / 60).unwrap();
                    assert_eq!(local(interval.start, zone), (date, hour, minute), "{zone}");
                }
            }
        }
        assert_eq!(lengths, BTreeSet::from([23, 24, 25]), "{zone}");
    }
}
