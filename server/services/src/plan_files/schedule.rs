//! Planned resource schedules in XML: what the grid company's document and that of IEC 62325-451-7 have in common, which is
//! nearly everything. Each of the two says in its own file what its root, types and codes are.

use openbok_domain::Timestamp;
use openbok_domain::plan::{FileFault, FileFaultKind, FilePlace, Resolution, Series};

use super::faults::{Faults, Stop};
use super::markup::{Document, Markup, Step};
use super::periods::{Curve, Period, Periods, Point, WrittenSeries};
use super::values::{self, Value};
use super::{Limits, ReadPlan};

/// Megawatts.
pub(super) const MEGAWATT: &str = "MAW";

/// Which way the power of a series flows: net generation up into the grid, own use down.
pub(super) const fn direction(series: Series) -> &'static str {
    match series {
        Series::Pplan => "A01",
        Series::Pauto => "A02",
    }
}

/// How one of the two documents differs from the other.
pub(super) struct Dialect {
    /// Name of the root.
    pub root: &'static str,
    /// Namespaces that the root may have; any when there is none.
    pub namespaces: &'static [&'static str],
    /// Types of the document that are production plans.
    pub types: &'static [&'static str],
    /// Business types and the series that they stand for.
    pub series: &'static [(&'static str, Series)],
}

/// A series being read.
#[derive(Default)]
struct SeriesDraft {
    place: FilePlace,
    unit: Option<(String, FilePlace)>,
    series: Option<Series>,
    /// The series that the stated direction is of, and where it is stated.
    flow: Option<(Series, FilePlace)>,
    has_measure: bool,
    curve: Curve,
    periods: Vec<PeriodDraft>,
}

/// A period being read.
#[derive(Default)]
struct PeriodDraft {
    place: FilePlace,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    resolution: Option<Resolution>,
    points: Vec<Point>,
}

/// A point being read.
#[derive(Default)]
struct PointDraft {
    place: FilePlace,
    position: Option<u32>,
    value: Option<Value>,
}

/// A document being read.
struct Schedule<'d, 'z> {
    dialect: &'d Dialect,
    plans: Periods<'z>,
    faults: Faults,
    most_points: usize,
    point_count: usize,
    series: Option<SeriesDraft>,
    period: Option<PeriodDraft>,
    point: Option<PointDraft>,
    root: FilePlace,
    has_type: bool,
    has_series: bool,
}

/// The plans of a document.
pub(super) fn read(
    text: &str,
    dialect: &Dialect,
    zone: &str,
    limits: &Limits,
) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    let mut markup = Markup::new(text, limits.depth);
    let mut schedule = Schedule {
        dialect,
        plans: Periods::new(zone, limits.intervals),
        faults: Faults::default(),
        most_points: 2 * limits.intervals,
        point_count: 0,
        series: None,
        period: None,
        point: None,
        root: FilePlace::default(),
        has_type: false,
        has_series: false,
    };
    match schedule.read(&mut markup) {
        Ok(()) if schedule.has_series => {
            let plans = schedule.plans.finish(&mut schedule.faults);
            schedule.faults.finish(plans)
        }
        Ok(()) => schedule.faults.stop(FilePlace::new(1, 1), FileFaultKind::Empty),
        Err((place, kind)) => schedule.faults.stop(place, kind),
    }
}

impl Schedule<'_, '_> {
    fn read(&mut self, markup: &mut Markup<'_>) -> Result<(), Stop> {
        loop {
            match markup.step()? {
                Step::Open { name, place } if markup.depth() == 1 => {
                    let is_known = |namespace| self.dialect.namespaces.contains(&namespace);
                    let is_ours = self.dialect.namespaces.is_empty() || markup.namespace().is_some_and(is_known);
                    if name != self.dialect.root || !is_ours {
                        return Err((place, FileFaultKind::NotThisFormat));
                    }
                    self.root = place;
                }
                Step::Open { name, place } => self.open(&name, place),
                Step::Close { name, text, place } => self.close(&name, &text, place, markup.depth())?,
                Step::End => {
                    if !self.has_type {
                        self.faults.push(self.root, FileFaultKind::MissingField);
                    }
                    return Ok(());
                }
            }
        }
    }

    fn open(&mut self, name: &str, place: FilePlace) {
        match name {
            "PlannedResource_TimeSeries" => self.series = Some(SeriesDraft { place, ..SeriesDraft::default() }),
            "Series_Period" => self.period = Some(PeriodDraft { place, ..PeriodDraft::default() }),
            "Point" => self.point = Some(PointDraft { place, ..PointDraft::default() }),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, text: &str, place: FilePlace, depth: usize) -> Result<(), Stop> {
        match name {
            "PlannedResource_TimeSeries" => return self.end_series(),
            "Series_Period" => self.end_period(),
            "Point" => return self.end_point(),
            "type" if depth == 1 => {
                self.has_type = true;
                if !self.dialect.types.contains(&text) {
                    self.faults.push(place, FileFaultKind::WrongValue);
                }
            }
            _ if self.point.is_some() => self.point_field(name, text, place),
            _ if self.period.is_some() => self.period_field(name, text, place),
            _ if self.series.is_some() => self.series_field(name, text, place),
            _ => {}
        }
        Ok(())
    }

    fn series_field(&mut self, name: &str, text: &str, place: FilePlace) {
        let Some(series) = &mut self.series else { return };
        let outcome = match name {
            "registeredResource.mRID" => values::unit_name(text).map(|unit| series.unit = Some((unit, place))),
            "businessType" => {
                let known = self.dialect.series.iter().find(|(code, _)| *code == text);
                known.map(|(_, known)| series.series = Some(*known)).ok_or(FileFaultKind::WrongValue)
            }
            "flowDirection.direction" => {
                let known = Series::ALL.iter().copied().find(|known| direction(*known) == text);
                known.map(|known| series.flow = Some((known, place))).ok_or(FileFaultKind::WrongValue)
            }
            "measurement_Unit.name" => {
                series.has_measure = true;
                if text == MEGAWATT { Ok(()) } else { Err(FileFaultKind::WrongMeasure) }
            }
            "curveType" => match text {
                "A01" => Ok(()),
                "A03" => {
                    series.curve = Curve::Changes;
                    Ok(())
                }
                _ => Err(FileFaultKind::WrongValue),
            },
            _ => Ok(()),
        };
        if let Err(kind) = outcome {
            self.faults.push(place, kind);
        }
    }

    fn period_field(&mut self, name: &str, text: &str, place: FilePlace) {
        let Some(period) = &mut self.period else { return };
        let instant = || values::instant(text).ok_or(FileFaultKind::WrongPeriod);
        let outcome = match name {
            "start" => instant().map(|start| period.start = Some(start)),
            "end" => instant().map(|end| period.end = Some(end)),
            "resolution" => values::resolution(text)
                .map(|resolution| period.resolution = Some(resolution))
                .ok_or(FileFaultKind::WrongResolution),
            _ => Ok(()),
        };
        if let Err(kind) = outcome {
            self.faults.push(place, kind);
        }
    }

    fn point_field(&mut self, name: &str, text: &str, place: FilePlace) {
        let Some(point) = &mut self.point else { return };
        let outcome = match name {
            "position" => {
                let position = text.parse().map_err(|_| FileFaultKind::WrongPosition);
                position.map(|position| point.position = Some(position))
            }
            "quantity" => {
                let value = match values::exact_power(text) {
                    Ok(Value::Empty) => Err(FileFaultKind::NotANumber),
                    value => value,
                };
                point.value = Some(value.unwrap_or(Value::Faulty));
                value.map(drop)
            }
            _ => Ok(()),
        };
        if let Err(kind) = outcome {
            self.faults.push(place, kind);
        }
    }

    fn end_point(&mut self) -> Result<(), Stop> {
        let (Some(point), Some(period)) = (self.point.take(), &mut self.period) else { return Ok(()) };
        self.point_count += 1;
        if self.point_count > self.most_points {
            return Err((point.place, FileFaultKind::TooLarge));
        }
        if self.faults.is_empty() && (point.position.is_none() || point.value.is_none()) {
            self.faults.push(point.place, FileFaultKind::MissingField);
        }
        // What cannot be read was reported where it stands; the points behind it are none the worse for it.
        let next = period.points.last().map_or(1, |last| last.position.saturating_add(1));
        period.points.push(Point {
            place: point.place,
            position: point.position.unwrap_or(next),
            value: point.value.unwrap_or(Value::Faulty),
        });
        Ok(())
    }

    fn end_period(&mut self) {
        let (Some(period), Some(series)) = (self.period.take(), &mut self.series) else { return };
        series.periods.push(period);
    }

    fn end_series(&mut self) -> Result<(), Stop> {
        let Some(draft) = self.series.take() else { return Ok(()) };
        self.has_series = true;
        if !draft.has_measure {
            self.faults.push(draft.place, FileFaultKind::WrongMeasure);
        }
        let (Some((unit, unit_place)), Some(series)) = (draft.unit, draft.series) else {
            if self.faults.is_empty() {
                self.faults.push(draft.place, FileFaultKind::MissingField);
            }
            return Ok(());
        };
        if let Some((_, place)) = draft.flow.filter(|(flow, _)| *flow != series) {
            self.faults.push(place, FileFaultKind::WrongValue);
        }
        if draft.periods.is_empty() {
            self.faults.push(draft.place, FileFaultKind::MissingField);
        }
        for PeriodDraft { place, start, end, resolution, points } in draft.periods {
            let (Some(start), Some(end), Some(resolution)) = (start, end, resolution) else {
                if self.faults.is_empty() {
                    self.faults.push(place, FileFaultKind::MissingField);
                }
                continue;
            };
            let period = Period { place, start, end, resolution, curve: draft.curve, points };
            self.plans.add((unit.as_str(), unit_place), series, &period, &mut self.faults)?;
        }
        Ok(())
    }
}

/// Writes a time interval.
pub(super) fn write_interval(document: &mut Document, name: &str, start: Timestamp, end: Timestamp) {
    document.group(name, |interval| {
        interval.leaf("start", &values::minutes(start));
        interval.leaf("end", &values::minutes(end));
    });
}

/// Writes the periods of a series, one for each day.
pub(super) fn write_periods(document: &mut Document, series: &WrittenSeries<'_>) {
    for day in &series.days {
        document.group("Series_Period", |period| {
            write_interval(period, "timeInterval", day.start, day.end);
            period.leaf("resolution", day.resolution.as_str());
            for (power, position) in day.powers.iter().zip(1..) {
                period.group("Point", |point| {
                    let position: u32 = position;
                    point.leaf("position", &position.to_string());
                    point.leaf("quantity", &power.to_string());
                });
            }
        });
    }
}
