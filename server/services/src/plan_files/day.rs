//! A planning day with the times that clocks show at its intervals, as files label them.

use std::collections::BTreeMap;

use openbok_domain::calendar::{self, PlanningDay};
use openbok_domain::plan::Resolution;
use openbok_domain::{Date, Timestamp};

/// A day, cut.
pub(super) struct Day {
    /// The day itself.
    pub planning: PlanningDay,
    /// Hour and minute at which each interval begins on the clock.
    shown: Vec<(u8, u8)>,
}

impl Day {
    /// The day in a zone.
    pub fn new(date: Date, zone: &str, resolution: Resolution) -> Self {
        let planning = PlanningDay::new(date, zone, resolution);
        let time = |start| {
            let (_, hour, minute) = calendar::local(start, zone);
            (hour, minute)
        };
        let shown = planning.intervals.iter().map(|interval| time(interval.start)).collect();
        Self { planning, shown }
    }

    /// How many intervals it has.
    pub const fn len(&self) -> usize {
        self.shown.len()
    }

    /// The instant it begins at.
    pub fn start(&self) -> Timestamp {
        self.planning.intervals[0].start
    }

    /// The interval that begins when clocks show a time, for the first or a later pass (from 0).
    pub fn find(&self, hour: u8, minute: u8, pass: usize) -> Option<usize> {
        let mut passes = (0..self.len()).filter(|index| self.shown[*index] == (hour, minute));
        passes.nth(pass)
    }

    /// The label of an interval: `02:00`, and `02:00A` for the second pass.
    pub fn label(&self, index: usize) -> String {
        let (hour, minute) = self.shown[index];
        let mark = if self.shown[..index].contains(&(hour, minute)) { "A" } else { "" };
        format!("{hour:02}:{minute:02}{mark}")
    }
}

/// Days of a zone; each is computed once however many units have it.
pub(super) struct Days<'z> {
    zone: &'z str,
    known: BTreeMap<(Date, Resolution), Day>,
}

impl<'z> Days<'z> {
    /// None yet.
    pub const fn new(zone: &'z str) -> Self {
        Self { zone, known: BTreeMap::new() }
    }

    /// A day.
    pub fn get(&mut self, date: Date, resolution: Resolution) -> &Day {
        self.known.entry((date, resolution)).or_insert_with(|| Day::new(date, self.zone, resolution))
    }

    /// The day that an instant is in.
    pub fn date_of(&self, at: Timestamp) -> Date {
        calendar::today(at, self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_the_repeated_hour_are_those_of_the_zone() {
        for (zone, hour) in [("Europe/Warsaw", 2), ("Europe/Kyiv", 3)] {
            let day = Day::new("2026-10-25".parse().unwrap(), zone, Resolution::Hour);
            let at = usize::from(hour);
            assert_eq!((day.len(), day.find(hour, 0, 0), day.find(hour, 0, 1)), (25, Some(at), Some(at + 1)));
            assert_eq!([day.label(at), day.label(at + 1)], [format!("0{hour}:00"), format!("0{hour}:00A")]);
            let quarters = Day::new(day.planning.date, zone, Resolution::Quarter);
            assert_eq!(quarters.label(at * 4 + 7), format!("0{hour}:45A"));
            assert_eq!(quarters.find(hour, 15, 1), Some(at * 4 + 5));
        }
    }

    #[test]
    fn a_skipped_hour_is_not_found() {
        for (zone, hour) in [("Europe/Warsaw", 2), ("Europe/Kyiv", 3)] {
            let day = Day::new("2026-03-29".parse().unwrap(), zone, Resolution::Hour);
            assert_eq!((day.len(), day.find(hour, 0, 0)), (23, None));
        }
    }
}
