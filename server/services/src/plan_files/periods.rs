//! Series over periods in UTC become plans: what both kinds of XML and JSON have in common. A period covers one local day or
//! several, each from midnight to midnight, and states a value for each interval by its position from 1.

use std::collections::BTreeMap;

use openbok_domain::plan::{Cell, FileFaultKind, FilePlace, Points, Resolution, Series};
use openbok_domain::{Date, Timestamp};

use super::day::Days;
use super::faults::{Faults, Stop};
use super::values::Value;
use super::{FilePlan, ReadPlan, UnitRef, WriteError};

/// Which positions a period states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Curve {
    /// `A01`: every one.
    #[default]
    Every,
    /// `A03`: those at which the value changes; it holds until the next.
    Changes,
}

/// A stated value.
pub(super) struct Point {
    /// Where it stands.
    pub place: FilePlace,
    /// Its interval, from 1.
    pub position: u32,
    /// What it is.
    pub value: Value,
}

/// A period of a series.
pub(super) struct Period {
    /// Where it stands.
    pub place: FilePlace,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// How finely it is cut.
    pub resolution: Resolution,
    /// Which positions are stated.
    pub curve: Curve,
    /// Values by position.
    pub points: Vec<Point>,
}

/// A unit's day of which some series are known.
struct Draft {
    place: FilePlace,
    resolution: Resolution,
    series: [Option<Vec<Cell>>; 2],
}

/// Plans being put together.
pub(super) struct Periods<'z> {
    days: Days<'z>,
    most_intervals: usize,
    interval_count: usize,
    /// Names of units, and where each of them stands first.
    units: Vec<(String, FilePlace)>,
    drafts: BTreeMap<(usize, Date), Draft>,
}

impl<'z> Periods<'z> {
    /// Plans of at most so many intervals, each of which has two values.
    pub const fn new(zone: &'z str, most_intervals: usize) -> Self {
        Self { days: Days::new(zone), most_intervals, interval_count: 0, units: Vec::new(), drafts: BTreeMap::new() }
    }

    /// Adds a period of a series of a unit, which is named at a place.
    pub fn add(
        &mut self,
        unit: (&str, FilePlace),
        series: Series,
        period: &Period,
        faults: &mut Faults,
    ) -> Result<(), Stop> {
        let Some(count) = interval_count(period) else {
            faults.push(period.place, FileFaultKind::WrongPeriod);
            return Ok(());
        };
        // Before anything of this size is made: a period may state its length in a few characters.
        self.interval_count = self.interval_count.saturating_add(count);
        if self.interval_count > 2 * self.most_intervals {
            return Err((period.place, FileFaultKind::TooLarge));
        }
        let mut values = unfold(period, count, faults).into_iter();
        let unit = self.unit(unit);
        let mut date = self.days.date_of(period.start);
        let mut start = period.start;
        while start < period.end {
            let day = self.days.get(date, period.resolution);
            if day.start() != start || day.planning.end > period.end {
                faults.push(period.place, FileFaultKind::WrongPeriod);
                return Ok(());
            }
            start = day.planning.end;
            let cells = values.by_ref().take(day.len()).map(Cell::from).collect();
            self.set(unit, date, series, cells, period, faults);
            date = date.plus_days(1);
        }
        Ok(())
    }

    fn unit(&mut self, (name, place): (&str, FilePlace)) -> usize {
        self.units.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.units.push((name.to_owned(), place));
            self.units.len() - 1
        })
    }

    fn set(&mut self, unit: usize, day: Date, series: Series, cells: Vec<Cell>, of: &Period, faults: &mut Faults) {
        let empty = Draft { place: of.place, resolution: of.resolution, series: [None, None] };
        let draft = self.drafts.entry((unit, day)).or_insert(empty);
        if draft.series[series.index()].is_some() {
            faults.push(of.place, FileFaultKind::RepeatedPlan);
        } else if draft.resolution != of.resolution {
            faults.push(of.place, FileFaultKind::WrongResolution);
        } else {
            draft.series[series.index()] = Some(cells);
        }
    }

    /// The plans, by unit and day.
    pub fn finish(self, faults: &mut Faults) -> Vec<ReadPlan> {
        let mut plans = Vec::with_capacity(self.drafts.len());
        for ((unit, day), draft) in self.drafts {
            let [net, own] = draft.series;
            let Some(net) = net else {
                faults.push(draft.place, FileFaultKind::MissingPplan);
                continue;
            };
            let own = own.unwrap_or_else(|| vec![Cell::Empty; net.len()]);
            let points = Points::new(net, own).expect("both series are as long as the day");
            let (name, unit_place) = self.units[unit].clone();
            let plan = FilePlan { unit: UnitRef::Mrid(name), day, resolution: draft.resolution, points };
            plans.push(ReadPlan { plan, place: draft.place, unit_place });
        }
        plans
    }
}

/// How many intervals a period has; none when it is not made of them.
fn interval_count(period: &Period) -> Option<usize> {
    if period.start >= period.end {
        return None;
    }
    let (length, step) = (period.end.since(period.start).as_micros(), period.resolution.duration().as_micros());
    if length % step == 0 { usize::try_from(length / step).ok() } else { None }
}

/// The value of each interval; after a fault, some of them stand in for values that are not known.
fn unfold(period: &Period, count: usize, faults: &mut Faults) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::with_capacity(count);
    for point in &period.points {
        let index = usize::try_from(point.position).unwrap_or(usize::MAX).wrapping_sub(1);
        let kind = if index >= count {
            FileFaultKind::WrongPosition
        } else if index + 1 == values.len() {
            FileFaultKind::RepeatedInterval
        } else if index < values.len() {
            FileFaultKind::WrongPosition
        } else {
            let held = if period.curve == Curve::Changes { values.last().copied() } else { None };
            if index > values.len() && held.is_none() {
                faults.push(point.place, FileFaultKind::MissingInterval);
            }
            values.resize(index, held.unwrap_or(Value::Faulty));
            values.push(point.value);
            continue;
        };
        faults.push(point.place, kind);
    }
    let held = if period.curve == Curve::Changes { values.last().copied() } else { None };
    if values.len() < count && held.is_none() {
        faults.push(period.points.last().map_or(period.place, |point| point.place), FileFaultKind::MissingInterval);
    }
    values.resize(count, held.unwrap_or(Value::Faulty));
    values
}

/// A series of a unit as it is written: for each day, when it begins and ends, and its powers in kilowatts.
pub(super) struct WrittenSeries<'a> {
    /// Name of the unit.
    pub unit: &'a str,
    /// Which series.
    pub series: Series,
    /// Its days.
    pub days: Vec<WrittenDay>,
}

/// A day of a series as it is written.
pub(super) struct WrittenDay {
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// How finely it is cut.
    pub resolution: Resolution,
    /// Powers in order.
    pub powers: Vec<openbok_domain::plan::Power>,
}

/// The series of some units' plans. Own use that a plan does not state is left out; when some days state it and others do
/// not, only the former have it.
pub(super) fn written<'a>(
    units: &[(&'a str, Vec<&FilePlan>)],
    zone: &str,
) -> Result<Vec<WrittenSeries<'a>>, WriteError> {
    let mut days = Days::new(zone);
    let mut written = Vec::new();
    for (unit, plans) in units {
        for series in Series::ALL.iter().copied() {
            let mut written_days = Vec::new();
            for plan in plans {
                let day = days.get(plan.day, plan.resolution);
                let cells = plan.points.series(series);
                if day.len() != cells.len() {
                    return Err(WriteError::Incomplete);
                }
                if series == Series::Pauto && cells.iter().all(|cell| *cell == Cell::Empty) {
                    continue;
                }
                let powers = cells.iter().map(Cell::power).collect::<Option<_>>().ok_or(WriteError::Incomplete)?;
                let (start, end) = (day.start(), day.planning.end);
                written_days.push(WrittenDay { start, end, resolution: plan.resolution, powers });
            }
            if !written_days.is_empty() {
                written.push(WrittenSeries { unit, series, days: written_days });
            }
        }
    }
    Ok(written)
}

/// From the beginning of the first day to the end of the last.
pub(super) fn span(written: &[WrittenSeries<'_>]) -> (Timestamp, Timestamp) {
    let days = || written.iter().flat_map(|series| &series.days);
    let start = days().map(|day| day.start).min();
    let end = days().map(|day| day.end).max();
    start.zip(end).expect("somebody has looked whether there is a plan")
}
