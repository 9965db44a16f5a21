//! The grid company's CSV: one unit, any number of days.
//!
//! Convention: hours and quarters are labelled by their *beginning* on the local clock. The second pass of a repeated hour
//! carries an A, a skipped hour is not there. UTF-8 with a mark before it, semicolons, decimal commas, megawatts:
//!
//! ```text
//! #KOD_MWE;MWE_0940000_33P0009
//! DATA I CZAS OD;PPLAN;PAUTO
//! 25-10-2026 02:00;0,412;0,000
//! 25-10-2026 02:00A;0,398;0,000
//! ```

use csv_core::ReadRecordResult;
use openbok_domain::plan::{Cell, FileFault, FileFaultKind, FilePlace, Series};

use super::day::Day;
use super::faults::{Faults, Stop};
use super::table::{Columns, Label, Row, Table};
use super::values::{self, Value};
use super::{FileMeta, FilePlan, Limits, ReadPlan, WriteError, by_unit, text};

const UNIT: &str = "#KOD_MWE";
const TIME: &str = "DATA I CZAS OD";

/// More columns than any program puts behind the three.
const MOST_FIELDS: usize = 16;

/// What spreadsheets take for the beginning of a formula, and the mark that keeps them from it.
const FORMULA_STARTS: [char; 5] = ['=', '+', '-', '@', '\''];
const TEXT_MARK: char = '\'';

/// Reads a file.
pub(super) fn read(bytes: &[u8], zone: &str, limits: &Limits) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    let mut faults = Faults::default();
    let mut table = Table::new(zone, limits.intervals);
    match read_rows(bytes, limits, &mut table, &mut faults) {
        Ok(columns) => {
            let plans = table.finish(columns, &mut faults);
            if plans.is_empty() && faults.is_empty() {
                return faults.stop(FilePlace::default(), FileFaultKind::Empty);
            }
            faults.finish(plans)
        }
        Err((place, kind)) => faults.stop(place, kind),
    }
}

fn read_rows(bytes: &[u8], limits: &Limits, table: &mut Table<'_>, faults: &mut Faults) -> Result<Columns, Stop> {
    let mut rows = Rows::new(text::utf_8(bytes)?, limits.row_bytes);
    let (line, fields) = rows.next()?.ok_or((FilePlace::default(), FileFaultKind::Empty))?;
    if !fields[0].eq_ignore_ascii_case(UNIT) {
        return Err((FilePlace::new(line, 1), FileFaultKind::NotThisFormat));
    }
    let code = fields.get(1).map_or("", String::as_str);
    let code = values::unit_name(code.strip_prefix(TEXT_MARK).unwrap_or(code));
    let place = FilePlace::new(line, 2);
    let unit = table.unit(code.map_err(|kind| (place, kind))?, place);

    let (line, fields) = rows.next()?.ok_or((FilePlace::default(), FileFaultKind::Empty))?;
    let column = |name: &str| fields.iter().position(|field| field.eq_ignore_ascii_case(name));
    let missing = (FilePlace::line(line), FileFaultKind::MissingField);
    let (time, pplan) = column(TIME).zip(column(Series::Pplan.as_str())).ok_or(missing)?;
    let pauto = column(Series::Pauto.as_str());

    while let Some((line, fields)) = rows.next()? {
        let field = |index: usize| fields.get(index).map_or("", String::as_str);
        let mut value = |index: usize| {
            values::typed_power(field(index)).unwrap_or_else(|kind| {
                faults.push(FilePlace::new(line, number(index)), kind);
                Value::Faulty
            })
        };
        let (pplan, pauto) = (value(pplan), pauto.map_or(Value::Empty, value));
        let place = FilePlace::new(line, number(time));
        let (day, label) = field(time).split_once(' ').unwrap_or((field(time), ""));
        match (values::day(day), Label::parse(label)) {
            (Some(day), Ok(label)) => table.add(unit, day, Row { place, label, pplan, pauto })?,
            (None, _) => faults.push(place, FileFaultKind::NoSuchDay),
            (Some(day), Err(kind)) => {
                faults.push(place, kind);
                table.mar(unit, day, place)?;
            }
        }
    }
    Ok(Columns { pplan: number(pplan), pauto: pauto.map(number) })
}

/// The number of a column, counted from 1.
fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// Rows that are not blank, with the lines on which they begin.
struct Rows<'a> {
    input: &'a [u8],
    core: csv_core::Reader,
    row: Vec<u8>,
    line: u32,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, row_bytes: usize) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(b';').build();
        Self { input: text.as_bytes(), core, row: vec![0; row_bytes], line: 1 }
    }

    /// The fields of the next row, trimmed; there is always one.
    fn next(&mut self) -> Result<Option<(u32, Vec<String>)>, Stop> {
        loop {
            let blank = self.input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.pass(blank);
            let line = self.line;
            let Some(fields) = self.record()? else { return Ok(None) };
            if fields.iter().any(|field| !field.is_empty()) {
                return Ok(Some((line, fields)));
            }
        }
    }

    fn record(&mut self) -> Result<Option<Vec<String>>, Stop> {
        let line = self.line;
        let (mut ends, mut written, mut count) = ([0; MOST_FIELDS], 0, 0);
        loop {
            // A line end behind the last row ends it, too, unless a quotation mark is open there.
            let is_end = self.input.is_empty();
            let input = if is_end { b"\n".as_slice() } else { self.input };
            let (result, taken, bytes, more_ends) =
                self.core.read_record(input, &mut self.row[written..], &mut ends[count..]);
            if !is_end {
                self.pass(taken);
            }
            written += bytes;
            count += more_ends;
            match result {
                ReadRecordResult::InputEmpty if !is_end => {}
                ReadRecordResult::InputEmpty if bytes > 0 => {
                    return Err((FilePlace::line(line), FileFaultKind::Broken));
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(None),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    // What follows an open quotation mark is one field, however many rows it was meant to be.
                    let kind = if self.is_quoted() { FileFaultKind::Broken } else { FileFaultKind::TooLarge };
                    return Err((FilePlace::line(line), kind));
                }
                ReadRecordResult::Record => break,
            }
        }
        let starts = std::iter::once(&0).chain(&ends);
        let fields = starts.zip(&ends[..count]).map(|(start, end)| &self.row[*start..*end]);
        // Every field ends at an ASCII character of a text that is UTF-8.
        Ok(Some(fields.map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect()))
    }

    /// Whether a quotation mark is open: only then is a line end part of a field.
    fn is_quoted(&mut self) -> bool {
        let (_, _, bytes, _) = self.core.read_record(b"\n", &mut [0], &mut [0]);
        bytes > 0
    }

    fn pass(&mut self, count: usize) {
        let (passed, rest) = self.input.split_at(count);
        for byte in passed {
            self.line += u32::from(*byte == b'\n');
        }
        self.input = rest;
    }
}

/// A text that no spreadsheet takes for a formula (R52).
pub(super) fn unmistakable(text: &str) -> String {
    if text.starts_with(FORMULA_STARTS) { format!("{TEXT_MARK}{text}") } else { text.to_owned() }
}

/// Writes a file.
pub(super) fn write(plans: &[FilePlan], meta: &FileMeta) -> Result<Vec<u8>, WriteError> {
    let units = by_unit(plans, |unit| meta.code(unit))?;
    let [(code, plans)] = units.as_slice() else { return Err(WriteError::ManyUnits) };
    let mut file = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(::csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(text::UTF_8_MARK.to_vec());
    let mut row = |fields: &[&str]| file.write_record(fields).expect("memory takes every row");
    row(&[UNIT, &unmistakable(code)]);
    row(&[TIME, Series::Pplan.as_str(), Series::Pauto.as_str()]);
    for plan in plans {
        let day = Day::new(plan.day, &meta.zone, plan.resolution);
        if day.len() != plan.points.len() {
            return Err(WriteError::Incomplete);
        }
        for index in 0..day.len() {
            let date = format!("{:02}-{:02}-{:04}", plan.day.day(), plan.day.month(), plan.day.year());
            let mut texts = vec![format!("{date} {}", day.label(index))];
            for series in Series::ALL {
                texts.push(match plan.points.get(*series, index) {
                    Cell::Empty => String::new(),
                    Cell::Power(power) => power.to_string().replace('.', ","),
                    Cell::Text(_) => return Err(WriteError::Incomplete),
                });
            }
            row(&[&texts[0], &texts[1], &texts[2]]);
        }
    }
    Ok(file.into_inner().expect("memory takes every row"))
}
