//! Tables with a row for each hour or quarter become plans: what CSV and spreadsheets have in common. Rows may stand in any
//! order; an interval is known by the label of its beginning.

use std::collections::BTreeSet;

use openbok_domain::Date;
use openbok_domain::plan::{Cell, FileFaultKind, FilePlace, Points, Resolution};

use super::day::Days;
use super::faults::{Faults, Stop};
use super::values::Value;
use super::{FilePlan, ReadPlan, UnitRef};

/// Which of two hours of the same name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Plain,
    A,
    B,
}

/// The beginning of an interval as a file labels it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    hour: u8,
    minute: u8,
    mark: Mark,
}

impl Label {
    /// Reads `02:00`, `2:15`, `2`, each also with an `A` or a `b` behind it, and with seconds that are none.
    pub fn parse(text: &str) -> Result<Self, FileFaultKind> {
        let text = text.trim();
        // A keyboard with Cyrillic letters writes letters that look the same.
        let (time, mark) = match text.char_indices().next_back() {
            Some((at, 'A' | 'a' | 'А' | 'а')) => (&text[..at], Mark::A),
            Some((at, 'B' | 'b' | 'В' | 'в')) => (&text[..at], Mark::B),
            _ => (text, Mark::Plain),
        };
        let mut parts = time.trim_end().split(':');
        let mut next = |missing: Option<u8>| match parts.next() {
            Some(part) => two_digits(part),
            None => missing,
        };
        let (hour, minute, second) = (next(None), next(Some(0)), next(Some(0)));
        if parts.next().is_some() || second != Some(0) {
            return Err(FileFaultKind::NoSuchHour);
        }
        let (hour, minute) = hour.zip(minute).ok_or(FileFaultKind::NoSuchHour)?;
        Self::new(hour, minute).map(|label| Self { mark, ..label })
    }

    /// The label of a time on the clock.
    pub fn new(hour: u8, minute: u8) -> Result<Self, FileFaultKind> {
        match (hour, minute) {
            (0..=23, 0 | 15 | 30 | 45) => Ok(Self { hour, minute, mark: Mark::Plain }),
            (0..=23, 0..=59) => Err(FileFaultKind::WrongResolution),
            _ => Err(FileFaultKind::NoSuchHour),
        }
    }
}

fn two_digits(text: &str) -> Option<u8> {
    let is_number = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// One row.
pub(super) struct Row {
    /// Where its label stands.
    pub place: FilePlace,
    /// Beginning of the interval.
    pub label: Label,
    /// Net generation.
    pub pplan: Value,
    /// Own use.
    pub pauto: Value,
}

/// A row, and the day that it is of.
struct DayRow {
    unit: usize,
    day: Date,
    /// None when it could not be read, so that nothing can be said about what the day lacks.
    row: Option<Row>,
}

impl DayRow {
    const fn key(&self) -> (usize, Date) {
        (self.unit, self.day)
    }
}

/// The columns of both series, by which faults name them.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    /// Net generation.
    pub pplan: u32,
    /// Own use; none in a table without it.
    pub pauto: Option<u32>,
}

/// A table being read.
pub(super) struct Table<'z> {
    days: Days<'z>,
    most_rows: usize,
    /// Units, and where each of them is named.
    units: Vec<(UnitRef, FilePlace)>,
    rows: Vec<DayRow>,
}

impl<'z> Table<'z> {
    /// A table of at most so many rows.
    pub const fn new(zone: &'z str, most_rows: usize) -> Self {
        Self { days: Days::new(zone), most_rows, units: Vec::new(), rows: Vec::new() }
    }

    /// The number under which rows of a unit are added.
    pub fn unit(&mut self, code: String, place: FilePlace) -> usize {
        let unit = UnitRef::Code(code);
        self.units.iter().position(|(known, _)| *known == unit).unwrap_or_else(|| {
            self.units.push((unit, place));
            self.units.len() - 1
        })
    }

    /// Adds a row.
    pub fn add(&mut self, unit: usize, day: Date, row: Row) -> Result<(), Stop> {
        self.push(row.place, DayRow { unit, day, row: Some(row) })
    }

    /// Notes that a row of a day could not be read.
    pub fn mar(&mut self, unit: usize, day: Date, place: FilePlace) -> Result<(), Stop> {
        self.push(place, DayRow { unit, day, row: None })
    }

    fn push(&mut self, place: FilePlace, row: DayRow) -> Result<(), Stop> {
        if self.rows.len() == self.most_rows {
            return Err((place, FileFaultKind::TooLarge));
        }
        self.rows.push(row);
        Ok(())
    }

    /// The plans, by unit and day. A single row stands for a whole day that lacks the others, so days take memory only while
    /// they are complete: with a fault there are no plans, and with as many as are told nothing more is looked for.
    pub fn finish(mut self, columns: Columns, faults: &mut Faults) -> Vec<ReadPlan> {
        let mut rows = std::mem::take(&mut self.rows);
        // Rows of a day stay in the order of the file.
        rows.sort_by_key(DayRow::key);
        let mut plans = Vec::new();
        for of_day in rows.chunk_by(|one, other| one.key() == other.key()) {
            if faults.is_full() {
                break;
            }
            let rows: Vec<&Row> = of_day.iter().filter_map(|row| row.row.as_ref()).collect();
            let Some(place) = rows.first().map(|first| first.place) else { continue };
            let (unit, day) = of_day[0].key();
            let (resolution, points) = self.points(day, &rows, rows.len() < of_day.len(), columns, faults);
            if faults.is_empty() {
                let (unit, unit_place) = self.units[unit].clone();
                plans.push(ReadPlan { plan: FilePlan { unit, day, resolution, points }, place, unit_place });
            }
        }
        plans
    }

    fn points(
        &mut self,
        date: Date,
        rows: &[&Row],
        mut is_marred: bool,
        columns: Columns,
        faults: &mut Faults,
    ) -> (Resolution, Points) {
        let is_hourly = rows.iter().all(|row| row.label.minute == 0);
        let resolution = if is_hourly { Resolution::Hour } else { Resolution::Quarter };
        let day = self.days.get(date, resolution);
        let b_times: BTreeSet<(u8, u8)> =
            rows.iter().filter(|row| row.label.mark == Mark::B).map(|row| (row.label.hour, row.label.minute)).collect();
        let mut slots: Vec<Option<&Row>> = vec![None; day.len()];
        for row in rows.iter().copied() {
            let Label { hour, minute, mark } = row.label;
            let pass = match mark {
                Mark::Plain => 0,
                // Beside a b, the a is the first of two; otherwise it marks the second.
                Mark::A => usize::from(!b_times.contains(&(hour, minute))),
                Mark::B => 1,
            };
            let kind = match day.find(hour, minute, pass) {
                None => FileFaultKind::NoSuchHour,
                Some(index) if slots[index].is_some() => FileFaultKind::RepeatedInterval,
                Some(index) => {
                    slots[index] = Some(row);
                    continue;
                }
            };
            faults.push(row.place, kind);
            is_marred = true;
        }
        if !is_marred {
            report_gaps(&slots, faults);
        }
        (resolution, values(&slots, columns, faults))
    }
}

/// Each gap once, at the row behind it, or at the last row of the day.
fn report_gaps(slots: &[Option<&Row>], faults: &mut Faults) {
    let last = slots.iter().flatten().last();
    for index in 0..slots.len() {
        let ends_gap = slots[index].is_none() && slots.get(index + 1).is_none_or(Option::is_some);
        if let Some(row) = slots.get(index + 1).copied().flatten().or(last.copied()).filter(|_| ends_gap) {
            faults.push(row.place, FileFaultKind::MissingInterval);
        }
    }
}

fn values(slots: &[Option<&Row>], columns: Columns, faults: &mut Faults) -> Points {
    let rows = || slots.iter().flatten();
    for row in rows().filter(|row| row.pplan == Value::Empty) {
        faults.push(row.place.column(columns.pplan), FileFaultKind::MissingPplan);
    }
    if let Some(column) = columns.pauto.filter(|_| rows().any(|row| row.pauto != Value::Empty)) {
        for row in rows().filter(|row| row.pauto == Value::Empty) {
            faults.push(row.place.column(column), FileFaultKind::MissingPauto);
        }
    }
    let cells =
        |value: fn(&Row) -> Value| slots.iter().map(move |row| row.map_or(Cell::Empty, |row| value(row).into()));
    let (pplan, pauto) = (cells(|row| row.pplan).collect(), cells(|row| row.pauto).collect());
    Points::new(pplan, pauto).expect("both series are as long as the day")
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn label(hour: u8, minute: u8, mark: Mark) -> Label {
        Label { hour, minute, mark }
    }

    #[test]
    fn reads_labels_as_people_write_them() {
        for text in ["2", "02", "2:00", "02:00", " 02:00 ", "02:00:00"] {
            assert_eq!(Label::parse(text), Ok(label(2, 0, Mark::Plain)), "{text}");
        }
        for text in ["2A", "02A", "02a", "2a", "02:00A", "02:00 a", "02:00А"] {
            assert_eq!(Label::parse(text), Ok(label(2, 0, Mark::A)), "{text}");
        }
        for text in ["2B", "02b", "02:00В"] {
            assert_eq!(Label::parse(text), Ok(label(2, 0, Mark::B)), "{text}");
        }
        assert_eq!(Label::parse("23:45"), Ok(label(23, 45, Mark::Plain)));
    }

    #[test]
    fn a_row_alone_does_not_become_the_day_that_it_lacks() {
        let mut table = Table::new("Europe/Warsaw", 20_000);
        let mut faults = Faults::default();
        let unit = table.unit("U".to_owned(), FilePlace::new(1, 2));
        for day in 0..20_000 {
            let place = FilePlace::line(u32::try_from(day).unwrap());
            let row = Row { place, label: label(0, 15, Mark::Plain), pplan: Value::Empty, pauto: Value::Empty };
            table.add(unit, Date::from_days(15_000 + day), row).unwrap();
        }
        let plans = table.finish(Columns { pplan: 2, pauto: None }, &mut faults);
        assert!(plans.is_empty() && faults.is_full(), "{} whole days", plans.len());
    }

    #[test]
    fn refuses_what_is_no_beginning_of_an_hour_or_a_quarter() {
        for text in ["", "24:00", "A", "2:", ":15", "2:60", "2C", "+2", "002", "2:00:01", "2:00:00:00", "2–3"] {
            assert_eq!(Label::parse(text), Err(FileFaultKind::NoSuchHour), "{text}");
        }
        for text in ["2:05", "02:59A"] {
            assert_eq!(Label::parse(text), Err(FileFaultKind::WrongResolution), "{text}");
        }
    }
}
