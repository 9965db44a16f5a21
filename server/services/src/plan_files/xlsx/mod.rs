//! Spreadsheets (Office Open XML) for people to fill in: a worksheet for each unit, its code in the first row, then a row
//! for each hour or quarter of any number of days.
//!
//! Convention: as in the grid company's CSV, hours and quarters are labelled by their *beginning* on the local clock, the
//! second pass of a repeated hour with an A. Days and labels are texts, so that a spreadsheet does not change them; days and
//! times that somebody typed and the spreadsheet made numbers are read as well.
//!
//! | A | B | C | D |
//! |---|---|---|---|
//! | `KOD_MWE` | `MWE_0940000_33P0009` | | |
//! | `DATA` | `CZAS OD` | `PPLAN` | `PAUTO` |
//! | `25-10-2026` | `02:00` | 0.412 | 0 |

mod workbook;

use std::collections::BTreeSet;

use openbok_domain::Date;
use openbok_domain::plan::{Cell, FileFault, FileFaultKind, FilePlace, Series};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook as Written, Worksheet, XlsxError};

use super::day::Days;
use super::faults::{Faults, Stop};
use super::table::{Columns, Label, Row, Table};
use super::values::{self, Value};
use super::{FileMeta, FilePlan, Limits, ReadPlan, WriteError, by_unit};
use workbook::{Cells, Content, Workbook};

const UNIT: &str = "KOD_MWE";
const HEADER: [&str; 4] = ["DATA", "CZAS OD", Series::Pplan.as_str(), Series::Pauto.as_str()];
const COLUMNS: Columns = Columns { pplan: 3, pauto: Some(4) };

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], zone: &str, limits: &Limits) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    let mut faults = Faults::default();
    let mut table = Table::new(zone, limits.intervals);
    match read_sheets(bytes, limits, &mut table, &mut faults) {
        Ok(()) => {
            let plans = table.finish(COLUMNS, &mut faults);
            if plans.is_empty() && faults.is_empty() {
                return faults.stop(FilePlace::default(), FileFaultKind::Empty);
            }
            faults.finish(plans)
        }
        Err((place, kind)) => faults.stop(place, kind),
    }
}

/// A fault that ends reading, with its place as far as it is known.
struct SheetStop(Option<FilePlace>, FileFaultKind);

impl From<FileFaultKind> for SheetStop {
    fn from(kind: FileFaultKind) -> Self {
        Self(None, kind)
    }
}

impl From<Stop> for SheetStop {
    fn from((place, kind): Stop) -> Self {
        Self(Some(place), kind)
    }
}

fn read_sheets(bytes: &[u8], limits: &Limits, table: &mut Table<'_>, faults: &mut Faults) -> Result<(), Stop> {
    let mut workbook = Workbook::open(bytes, limits.unpacked_bytes).map_err(|kind| (FilePlace::default(), kind))?;
    let is_from_1904 = workbook.is_from_1904;
    for (sheet, number) in std::mem::take(&mut workbook.sheets).iter().zip(1..) {
        let mut reader = Sheet { number, is_from_1904, unit: None, has_header: false, table, faults };
        let outcome = workbook.each_row(sheet, |cells| reader.row(cells));
        outcome.map_err(|SheetStop(place, kind)| {
            let sheet = FilePlace { sheet: Some(number), ..FilePlace::default() };
            (place.unwrap_or(sheet), kind)
        })?;
    }
    Ok(())
}

/// A worksheet being read.
struct Sheet<'t, 'z> {
    number: u32,
    is_from_1904: bool,
    unit: Option<usize>,
    has_header: bool,
    table: &'t mut Table<'z>,
    faults: &'t mut Faults,
}

impl Sheet<'_, '_> {
    fn row(&mut self, cells: &Cells) -> Result<(), SheetStop> {
        let place = |column| FilePlace::new(cells.row, column).on_sheet(self.number);
        let [first, second, pplan, pauto] = &cells.contents;
        let Some(unit) = self.unit else {
            if !is_word(first, UNIT) {
                return Err((place(1), FileFaultKind::NotThisFormat).into());
            }
            let code = code(second).map_err(|kind| (place(2), kind))?;
            self.unit = Some(self.table.unit(code, place(2)));
            return Ok(());
        };
        if !self.has_header {
            let wrong = cells.contents.iter().zip(HEADER).zip(1..).find(|((cell, name), _)| !is_word(cell, name));
            if let Some((_, column)) = wrong {
                return Err((place(column), FileFaultKind::MissingField).into());
            }
            self.has_header = true;
            return Ok(());
        }
        let mut value = |cell: &Content, column: u32| {
            power(cell).unwrap_or_else(|kind| {
                self.faults.push(place(column), kind);
                Value::Faulty
            })
        };
        let (pplan, pauto) = (value(pplan, 3), value(pauto, 4));
        match (day(first, self.is_from_1904), label(second)) {
            (Ok(day), Ok(label)) => self.table.add(unit, day, Row { place: place(2), label, pplan, pauto })?,
            (Err(kind), _) => self.faults.push(place(1), kind),
            (Ok(day), Err(kind)) => {
                self.faults.push(place(2), kind);
                self.table.mar(unit, day, place(2))?;
            }
        }
        Ok(())
    }
}

fn is_word(cell: &Content, word: &str) -> bool {
    matches!(cell, Content::Text(text) if text.eq_ignore_ascii_case(word))
}

fn code(cell: &Content) -> Result<String, FileFaultKind> {
    match cell {
        Content::Text(text) | Content::Number(text) => values::unit_name(text),
        Content::Empty => Err(FileFaultKind::MissingUnit),
        Content::Formula => Err(FileFaultKind::Formula),
        Content::Date(_) | Content::Other => Err(FileFaultKind::WrongValue),
    }
}

fn power(cell: &Content) -> Result<Value, FileFaultKind> {
    match cell {
        Content::Number(number) => values::binary_power(number),
        Content::Text(text) => values::typed_power(text),
        Content::Empty => Ok(Value::Empty),
        Content::Formula => Err(FileFaultKind::Formula),
        // What a spreadsheet makes of 1.5 where decimals have commas: the first of May.
        Content::Date(_) | Content::Other => Err(FileFaultKind::NotANumber),
    }
}

fn day(cell: &Content, is_from_1904: bool) -> Result<Date, FileFaultKind> {
    /// 30 December 1899 and 1 January 1904 by days since 1970-01-01. Days count from the former because the first
    /// spreadsheets took 1900 for a leap year; that is long before any plan.
    const FROM_1900: i32 = -25_569;
    const FROM_1904: i32 = -24_107;
    let day = match cell {
        Content::Text(text) => values::day(text),
        Content::Date(number) | Content::Number(number) => {
            let start = if is_from_1904 { FROM_1904 } else { FROM_1900 };
            let whole = number.strip_suffix(".0").unwrap_or(number);
            let days = whole.parse::<i32>().ok().and_then(|days| days.checked_add(start));
            days.map(Date::from_days).and_then(values::planned).or_else(|| values::day(number))
        }
        Content::Formula => return Err(FileFaultKind::Formula),
        Content::Empty | Content::Other => None,
    };
    day.ok_or(FileFaultKind::NoSuchDay)
}

fn label(cell: &Content) -> Result<Label, FileFaultKind> {
    match cell {
        Content::Text(text) => Label::parse(text),
        // Somebody typed 2 and meant two o'clock.
        Content::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => Label::parse(number),
        Content::Number(number) | Content::Date(number) => time_of_day(number),
        Content::Formula => Err(FileFaultKind::Formula),
        Content::Empty | Content::Other => Err(FileFaultKind::NoSuchHour),
    }
}

/// A time as a part of the day, to the minute.
fn time_of_day(number: &str) -> Result<Label, FileFaultKind> {
    const MINUTES: f64 = 1440.0;
    let part: f64 = number.parse().map_err(|_| FileFaultKind::NoSuchHour)?;
    let minute = (part * MINUTES).round();
    (0_u8..24)
        .flat_map(|hour| (0_u8..60).map(move |minute| (hour, minute)))
        .find(|(hour, of_hour)| (f64::from(*hour) * 60.0 + f64::from(*of_hour) - minute).abs() < 0.5)
        .ok_or(FileFaultKind::NoSuchHour)
        .and_then(|(hour, minute)| Label::new(hour, minute))
}

/// Writes a workbook.
pub(super) fn write(plans: &[FilePlan], meta: &FileMeta) -> Result<Vec<u8>, WriteError> {
    let units = by_unit(plans, |unit| meta.code(unit))?;
    let mut days = Days::new(&meta.zone);
    let mut workbook = Written::new();
    let mut names = BTreeSet::new();
    let styles = Styles { text: Format::new().set_num_format("@"), power: Format::new().set_num_format("0.000") };
    for (code, plans) in units {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(code, &mut names)).map_err(|_| WriteError::Spreadsheet)?;
        write_head(sheet, code, &styles).map_err(|_| WriteError::Spreadsheet)?;
        let mut row = 2;
        for plan in plans {
            write_day(sheet, &mut row, plan, &mut days, &styles)?;
        }
    }
    let created_at = ExcelDateTime::from_timestamp(meta.created_at.micros().div_euclid(1_000_000));
    let created_at = created_at.map_err(|_| WriteError::Spreadsheet)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created_at));
    workbook.save_to_buffer().map_err(|_| WriteError::Spreadsheet)
}

/// How cells look.
struct Styles {
    text: Format,
    power: Format,
}

fn write_head(sheet: &mut Worksheet, code: &str, styles: &Styles) -> Result<(), XlsxError> {
    const WIDE: f64 = 14.0;
    let bold = Format::new().set_bold();
    sheet.write_string_with_format(0, 0, UNIT, &bold)?.write_string_with_format(0, 1, code, &styles.text)?;
    for (name, column) in HEADER.iter().zip(0..) {
        sheet.set_column_width(column, WIDE)?.write_string_with_format(1, column, *name, &bold)?;
    }
    sheet.set_freeze_panes(2, 2)?;
    Ok(())
}

fn write_day(
    sheet: &mut Worksheet,
    row: &mut u32,
    plan: &FilePlan,
    days: &mut Days<'_>,
    styles: &Styles,
) -> Result<(), WriteError> {
    let day = days.get(plan.day, plan.resolution);
    let has_text = Series::ALL.iter().any(|series| plan.points.series(*series).iter().any(is_text));
    if day.len() != plan.points.len() || has_text {
        return Err(WriteError::Incomplete);
    }
    let date = format!("{:02}-{:02}-{:04}", plan.day.day(), plan.day.month(), plan.day.year());
    for index in 0..day.len() {
        let cells = Series::ALL.iter().map(|series| plan.points.get(*series, index));
        write_row(sheet, *row, [&date, &day.label(index)], cells, styles).map_err(|_| WriteError::Spreadsheet)?;
        *row += 1;
    }
    Ok(())
}

const fn is_text(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(_))
}

fn write_row<'a>(
    sheet: &mut Worksheet,
    row: u32,
    texts: [&str; 2],
    cells: impl Iterator<Item = &'a Cell>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    for (text, column) in texts.into_iter().zip(0..) {
        sheet.write_string_with_format(row, column, text, &styles.text)?;
    }
    for (cell, column) in cells.zip(2..) {
        match cell.power() {
            Some(power) => {
                sheet.write_number_with_format(row, column, f64::from(power.kw()) / 1000.0, &styles.power)?
            }
            None => sheet.write_blank(row, column, &styles.power)?,
        };
    }
    Ok(())
}

/// The name of a unit's worksheet: its code as far as spreadsheets allow, and a number where that is not enough to tell
/// units apart.
fn sheet_name(code: &str, taken: &mut BTreeSet<String>) -> String {
    const MOST_CHARACTERS: usize = 20;
    let safe = |character: char| if character.is_alphanumeric() || character == '-' { character } else { '_' };
    let base: String = code.chars().take(MOST_CHARACTERS).map(safe).collect();
    let mut name = base.clone();
    let mut number = 2;
    // Spreadsheets keep this name for themselves.
    while name.eq_ignore_ascii_case("history") || !taken.insert(name.to_lowercase()) {
        name = format!("{base} {number}");
        number += 1;
    }
    name
}
