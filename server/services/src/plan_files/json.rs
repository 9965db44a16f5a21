//! The transmission operator's JSON (planning-api, submission of type `PLP`): series of one resource in UTC.
//!
//! Convention: the operator's intervals are open on the left and closed on the right. A value is the mean power of the
//! interval that *begins* a step before its end; the first of a period belongs to the interval that begins at the period's
//! start, as in the market documents. `MCSR` is net generation, `AGSR` generation for own use; series of the format that
//! plans here do not hold are passed over.

use openbok_domain::Timestamp;
use openbok_domain::plan::{FileFault, FileFaultKind, FilePlace, Power, Resolution, Series};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::faults::{Faults, Stop};
use super::periods::{self, Curve, Period, Periods, Point, WrittenDay, WrittenSeries};
use super::schedule::MEGAWATT;
use super::text::Places;
use super::values::{self, Value};
use super::{FileMeta, FilePlan, Limits, ReadPlan, WriteError, by_unit, text};

const TYPE: &str = "PLP";
const VERSION: &str = "1.0";
const PPLAN: &str = "MCSR";
const PAUTO: &str = "AGSR";
/// Generation in full and in short, as older submissions have it.
const GENERATION: [&str; 2] = ["GENERATION", "G"];
/// Instantaneous and instructed powers, potentials, flags and states of charge.
const PASSED_OVER: [&str; 12] =
    ["MCKN", "MCSO", "MCKO", "ZNSR", "ZNKN", "AGKN", "MCSD", "MCKD", "MCSZ", "MCKZ", "PWP", "SNAL"];

/// A value as it is written, from which its place follows.
pub(super) type Raw<'a> = &'a RawValue;

#[derive(Deserialize)]
struct Submission<'a> {
    #[serde(borrow)]
    meta: Meta<'a>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "type")]
    kind: Raw<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(borrow)]
    time_series: Vec<TimeSeries<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TimeSeries<'a> {
    #[serde(borrow)]
    business_type: Raw<'a>,
    #[serde(borrow)]
    direction: Option<Raw<'a>>,
    #[serde(borrow)]
    measurement_unit: Raw<'a>,
    #[serde(borrow)]
    resource_mrid: Raw<'a>,
    #[serde(borrow)]
    curve_type: Raw<'a>,
    #[serde(borrow)]
    series_periods: Vec<SeriesPeriod<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeriesPeriod<'a> {
    #[serde(borrow)]
    time_interval: TimeInterval<'a>,
    #[serde(borrow)]
    resolution: Raw<'a>,
    #[serde(borrow)]
    continuous_series_points: Option<Vec<Raw<'a>>>,
    #[serde(borrow)]
    series_points: Option<Vec<SeriesPoint<'a>>>,
}

#[derive(Deserialize)]
struct TimeInterval<'a> {
    #[serde(borrow)]
    start: Raw<'a>,
    #[serde(borrow)]
    end: Raw<'a>,
}

#[derive(Deserialize)]
struct SeriesPoint<'a> {
    #[serde(borrow)]
    position: Raw<'a>,
    #[serde(borrow)]
    quantity: Raw<'a>,
}

/// Reads a submission.
pub(super) fn read(bytes: &[u8], zone: &str, limits: &Limits) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    let mut faults = Faults::default();
    let mut plans = Periods::new(zone, limits.intervals);
    match read_series(bytes, &mut plans, &mut faults) {
        Ok(()) => {
            let plans = plans.finish(&mut faults);
            if plans.is_empty() && faults.is_empty() {
                return faults.stop(FilePlace::new(1, 1), FileFaultKind::Empty);
            }
            faults.finish(plans)
        }
        Err((place, kind)) => faults.stop(place, kind),
    }
}

fn read_series(bytes: &[u8], plans: &mut Periods<'_>, faults: &mut Faults) -> Result<(), Stop> {
    let text = text::utf_8(bytes)?;
    if !text.trim_start().starts_with('{') {
        return Err((FilePlace::new(1, 1), FileFaultKind::NotThisFormat));
    }
    let submission: Submission<'_> = serde_json::from_str(text).map_err(|error| stop_of(&error))?;
    let mut reader = Reader { text, places: Places::new(text), faults };
    reader.expect(submission.meta.kind, &[TYPE], FileFaultKind::NotThisFormat);
    for series in submission.data.time_series {
        reader.series(series, plans)?;
    }
    Ok(())
}

/// What the parser stopped at; its own words would repeat the file's.
fn stop_of(error: &serde_json::Error) -> Stop {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).max(1);
    let kind = match error.classify() {
        serde_json::error::Category::Data => FileFaultKind::MissingField,
        _ => FileFaultKind::Broken,
    };
    (FilePlace::new(number(error.line()), number(error.column())), kind)
}

/// Values being turned into what they mean.
struct Reader<'a, 'f> {
    text: &'a str,
    places: Places<'a>,
    faults: &'f mut Faults,
}

impl Reader<'_, '_> {
    /// Where a value stands: it is a part of the text.
    fn place(&self, raw: Raw<'_>) -> FilePlace {
        self.places.at(raw.get().as_ptr().addr() - self.text.as_ptr().addr())
    }

    fn fault(&mut self, raw: Raw<'_>, kind: FileFaultKind) {
        let place = self.place(raw);
        self.faults.push(place, kind);
    }

    /// Whether a value is one of some words; a fault when not.
    fn expect(&mut self, raw: Raw<'_>, words: &[&str], kind: FileFaultKind) -> bool {
        let is_one = words.contains(&word(raw).as_str());
        if !is_one {
            self.fault(raw, kind);
        }
        is_one
    }

    fn series(&mut self, read: TimeSeries<'_>, plans: &mut Periods<'_>) -> Result<(), Stop> {
        let business_type = word(read.business_type);
        let series = match business_type.as_str() {
            PPLAN => Series::Pplan,
            PAUTO => Series::Pauto,
            other if PASSED_OVER.contains(&other) => return Ok(()),
            _ => {
                self.fault(read.business_type, FileFaultKind::WrongValue);
                return Ok(());
            }
        };
        if let Some(direction) = read.direction {
            self.expect(direction, &GENERATION, FileFaultKind::WrongValue);
        }
        self.expect(read.measurement_unit, &[MEGAWATT], FileFaultKind::WrongMeasure);
        let curve = match word(read.curve_type).as_str() {
            "A01" => Some(Curve::Every),
            "A03" => Some(Curve::Changes),
            _ => None,
        };
        let unit = values::unit_name(&word(read.resource_mrid));
        if curve.is_none() {
            self.fault(read.curve_type, FileFaultKind::WrongValue);
        }
        if let Err(kind) = unit {
            self.fault(read.resource_mrid, kind);
        }
        let (Some(curve), Ok(unit)) = (curve, unit) else { return Ok(()) };
        let unit = (unit.as_str(), self.place(read.resource_mrid));
        for period in read.series_periods {
            if let Some(period) = self.period(period, curve, series) {
                plans.add(unit, series, &period, self.faults)?;
            }
        }
        Ok(())
    }

    fn period(&mut self, read: SeriesPeriod<'_>, curve: Curve, series: Series) -> Option<Period> {
        let place = self.place(read.time_interval.start);
        let start = self.instant(read.time_interval.start);
        let end = self.instant(read.time_interval.end);
        let resolution = values::resolution(&word(read.resolution));
        if resolution.is_none() {
            self.fault(read.resolution, FileFaultKind::WrongResolution);
        }
        let points = match (curve, read.continuous_series_points, read.series_points) {
            (Curve::Every, Some(values), None) => {
                (1..).zip(values).map(|(position, value)| self.point(position, value, series)).collect()
            }
            (Curve::Changes, None, Some(points)) => {
                points.into_iter().filter_map(|point| self.stated_point(&point, series)).collect()
            }
            _ => {
                self.faults.push(place, FileFaultKind::MissingField);
                return None;
            }
        };
        Some(Period { place, start: start?, end: end?, resolution: resolution?, curve, points })
    }

    fn instant(&mut self, raw: Raw<'_>) -> Option<Timestamp> {
        let at = values::instant(&word(raw));
        if at.is_none() {
            self.fault(raw, FileFaultKind::WrongPeriod);
        }
        at
    }

    fn stated_point(&mut self, point: &SeriesPoint<'_>, series: Series) -> Option<Point> {
        let position = word(point.position).parse().ok();
        if position.is_none() {
            self.fault(point.position, FileFaultKind::WrongPosition);
        }
        position.map(|position| self.point(position, point.quantity, series))
    }

    fn point(&mut self, position: u32, raw: Raw<'_>, series: Series) -> Point {
        let place = self.place(raw);
        let value = match raw.get() {
            "null" if series == Series::Pplan => Err(FileFaultKind::MissingPplan),
            "null" => Err(FileFaultKind::MissingPauto),
            number if number.contains(['e', 'E']) => values::binary_power(number),
            number => values::exact_power(number),
        };
        let value = value.unwrap_or_else(|kind| {
            self.faults.push(place, kind);
            Value::Faulty
        });
        Point { place, position, value }
    }
}

/// The text of a JSON text, anything else as it is written.
pub(super) fn word(raw: Raw<'_>) -> String {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenSubmission<'a> {
    meta: WrittenMeta<'a>,
    data: WrittenData<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenMeta<'a> {
    sender_id: Identifier<'a>,
    responsible_party_id: Identifier<'a>,
    client_msg_id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    created_at: String,
    std_version: &'a str,
}

/// A participant's number where it has one, as the operator gives them out, and its code otherwise.
#[derive(Serialize)]
#[serde(untagged)]
enum Identifier<'a> {
    Number(i32),
    Code(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenData<'a> {
    main_resource_mrid: &'a str,
    data_period: Interval,
    time_series: Vec<WrittenTimeSeries<'a>>,
}

#[derive(Serialize)]
struct Interval {
    start: String,
    end: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenTimeSeries<'a> {
    ts_id: u32,
    business_type: &'a str,
    direction: &'a str,
    measurement_unit: &'a str,
    resource_mrid: &'a str,
    curve_type: &'a str,
    series_periods: Vec<WrittenPeriod>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenPeriod {
    time_interval: Interval,
    resolution: Resolution,
    continuous_series_points: Vec<f64>,
}

/// Writes a submission.
pub(super) fn write(plans: &[FilePlan], meta: &FileMeta) -> Result<Vec<u8>, WriteError> {
    /// More characters than the operator keeps.
    const MOST_MESSAGE_ID: usize = 36;
    let units = by_unit(plans, |unit| meta.mrid(unit))?;
    let [(unit, _)] = units.as_slice() else { return Err(WriteError::ManyUnits) };
    if meta.document_id.len() > MOST_MESSAGE_ID {
        return Err(WriteError::BadCode);
    }
    let written = periods::written(&units, &meta.zone)?;
    let (start, end) = periods::span(&written);
    let submission = WrittenSubmission {
        meta: WrittenMeta {
            sender_id: identifier(&meta.sender.code),
            responsible_party_id: identifier(&meta.sender.code),
            client_msg_id: &meta.document_id,
            kind: TYPE,
            created_at: values::seconds(meta.created_at),
            std_version: VERSION,
        },
        data: WrittenData {
            main_resource_mrid: unit,
            data_period: interval(start, end),
            time_series: (1..).zip(&written).map(|(number, series)| written_series(number, series)).collect(),
        },
    };
    Ok(pretty(&submission))
}

/// JSON that people can read.
pub(super) fn pretty(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("texts and finite numbers are JSON");
    bytes.push(b'\n');
    bytes
}

fn identifier(code: &str) -> Identifier<'_> {
    code.parse().map_or(Identifier::Code(code), Identifier::Number)
}

fn interval(start: Timestamp, end: Timestamp) -> Interval {
    Interval { start: values::seconds(start), end: values::seconds(end) }
}

fn written_series<'a>(ts_id: u32, series: &WrittenSeries<'a>) -> WrittenTimeSeries<'a> {
    WrittenTimeSeries {
        ts_id,
        business_type: if series.series == Series::Pplan { PPLAN } else { PAUTO },
        direction: GENERATION[0],
        measurement_unit: MEGAWATT,
        resource_mrid: series.unit,
        curve_type: "A01",
        series_periods: series.days.iter().map(written_period).collect(),
    }
}

fn written_period(day: &WrittenDay) -> WrittenPeriod {
    // The shortest decimal number that is read back as this one has the power's own decimals.
    let megawatts = |power: &Power| f64::from(power.kw()) / 1000.0;
    WrittenPeriod {
        time_interval: interval(day.start, day.end),
        resolution: day.resolution,
        continuous_series_points: day.powers.iter().map(megawatts).collect(),
    }
}
