//! Production plans: what a generating unit is going to feed in on one local day, hour by hour or quarter by quarter.
//!
//! A plan holds two series in megawatts with three decimals: net generation (PPLAN) and own use (PAUTO). Which instants a
//! day's intervals begin at is the calendar's question; here they are counted from 0.

mod cells;
mod changes;
mod file;
mod power;
mod rules;
pub mod sheet;
pub mod view;

pub use cells::{Cell, Points};
pub use changes::{Change, Merge, changes, merge};
pub use file::{FileFault, FileFaultKind, FilePlace, PLAN_FILE_BYTES, PLAN_FILE_ENDINGS, PlanFormat};
pub use power::{Energy, POWER_DECIMALS, Power};
pub use rules::{CellFault, Limits, LimitsFault, PointFault, approvable, fault, faults};

use crate::Date;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Days that are planned ahead, today not counted: plans must be complete for nine days.
pub const DAYS_AHEAD: i32 = 9;

text_enum! {
    /// How finely a day is cut.
    pub enum Resolution {
        /// Hours.
        Hour = "PT1H",
        /// Quarters of an hour.
        Quarter = "PT15M",
    }
}

impl Resolution {
    /// The length of one interval in minutes.
    pub const fn minutes(self) -> u16 {
        match self {
            Self::Hour => 60,
            Self::Quarter => 15,
        }
    }

    /// The length of one interval.
    pub const fn duration(self) -> std::time::Duration {
        std::time::Duration::from_secs(self.minutes() as u64 * 60)
    }
}

text_enum! {
    /// What a row of values means.
    pub enum Series {
        /// Net generation.
        Pplan = "PPLAN",
        /// Own use; part of net generation.
        Pauto = "PAUTO",
    }
}

impl Series {
    /// Its place among the series, from 0.
    pub const fn index(self) -> usize {
        self as usize
    }
}

text_enum! {
    /// Where a plan stands.
    pub enum PlanStatus {
        /// Nobody has begun.
        Missing = "missing",
        /// Being written.
        Draft = "draft",
        /// Approved by the producer and handed over.
        Approved = "approved",
        /// Taken over by the operator.
        Accepted = "accepted",
        /// Given back by the operator, with reasons.
        Rejected = "rejected",
    }
}

/// The checksum of a version, as people compare it: SHA-256 over the unit, the day, the resolution, the number and the
/// packed points, in hexadecimal digits.
pub fn checksum(unit_code: &str, day: Date, resolution: Resolution, number: u32, points: &Points) -> String {
    let text = format!("{unit_code}\n{day}\n{resolution}\n{number}\n{}", points.pack());
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a string takes every text");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_changes_with_everything_it_vouches_for() {
        let day = Date::new(2026, 11, 25).unwrap();
        let points = Points::empty(24);
        let mut other = points.clone();
        other.set(Series::Pauto, 23, Cell::Power(Power::ZERO));
        let sums = [
            checksum("U1", day, Resolution::Hour, 1, &points),
            checksum("U2", day, Resolution::Hour, 1, &points),
            checksum("U1", day.plus_days(1), Resolution::Hour, 1, &points),
            checksum("U1", day, Resolution::Quarter, 1, &points),
            checksum("U1", day, Resolution::Hour, 2, &points),
            checksum("U1", day, Resolution::Hour, 1, &other),
        ];
        let distinct: std::collections::BTreeSet<_> = sums.iter().collect();
        assert_eq!(distinct.len(), sums.len());
        assert!(sums.iter().all(|sum| sum.len() == 64));
    }
}
