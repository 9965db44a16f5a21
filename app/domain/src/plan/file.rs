//! Plan files as the browser knows them: in which formats plans come and go, and what can be wrong with a file. Reading
//! and writing them is the server's work.

use serde::{Deserialize, Serialize};

text_enum! {
    /// A format of plan files.
    pub enum PlanFormat {
        /// The grid company's CSV: one unit, hours by their beginning.
        Csv = "csv",
        /// The grid company's XML.
        Xml = "xml",
        /// IEC 62325-451-7.
        Iec = "iec",
        /// A spreadsheet to fill in: a worksheet for each unit.
        Xlsx = "xlsx",
        /// The transmission operator's JSON.
        Json = "json",
    }
}

/// How names of plan files end, as a page tells the browser that asks for one.
pub const PLAN_FILE_ENDINGS: &str = ".csv,.xml,.xlsx,.json";

/// Most bytes of a plan file.
pub const PLAN_FILE_BYTES: u32 = 4 << 20;

impl PlanFormat {
    /// Whether a file has plans of several units. The transmission operator's JSON and the grid company's CSV have one.
    pub const fn has_many_units(self) -> bool {
        matches!(self, Self::Xml | Self::Iec | Self::Xlsx)
    }

    /// Whether a file may have gaps, to be filled in by somebody else. The others are messages, and whole or not at all.
    pub const fn may_have_gaps(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx)
    }

    /// How names of such files end.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xml | Self::Iec => "xml",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// What a server calls them.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xml | Self::Iec => "application/xml",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

text_enum! {
    /// What is wrong with a plan file, or with a place in it.
    pub enum FileFaultKind {
        /// There is nothing in it, or no plan.
        Empty = "empty",
        /// It, a row of it, or what it unpacks to is larger than any plan, or nested more deeply.
        TooLarge = "too_large",
        /// Its characters are not those of its encoding, or the encoding is none that plan files have.
        WrongEncoding = "wrong_encoding",
        /// It is a file of another format.
        NotThisFormat = "not_this_format",
        /// It breaks off or does not hold together.
        Broken = "broken",
        /// It declares or uses entities, which no plan needs.
        Entity = "entity",
        /// A formula stands in place of a value.
        Formula = "formula",
        /// Something that plans must state is not there.
        MissingField = "missing_field",
        /// A code or a word that a plan does not have there.
        WrongValue = "wrong_value",
        /// The values belong to no unit.
        MissingUnit = "missing_unit",
        /// Nobody knows the unit, or it belongs to another company.
        UnknownUnit = "unknown_unit",
        /// Not a day.
        NoSuchDay = "no_such_day",
        /// The day has no such hour, as the second pass of one that is not repeated.
        NoSuchHour = "no_such_hour",
        /// An hour or a quarter is left out before this place, or after the last one of the day.
        MissingInterval = "missing_interval",
        /// An hour or a quarter that was there already.
        RepeatedInterval = "repeated_interval",
        /// A unit's day that was there already.
        RepeatedPlan = "repeated_plan",
        /// Neither hours nor quarters, or both in one day.
        WrongResolution = "wrong_resolution",
        /// Not megawatts.
        WrongMeasure = "wrong_measure",
        /// A period that does not run from one local midnight to another.
        WrongPeriod = "wrong_period",
        /// Positions that do not count from 1, or go on past the end of their period.
        WrongPosition = "wrong_position",
        /// Not a number.
        NotANumber = "not_a_number",
        /// More decimals than kilowatts have.
        TooFine = "too_fine",
        /// More power than any unit has.
        OutOfRange = "out_of_range",
        /// No net generation.
        MissingPplan = "missing_pplan",
        /// No own use, although other hours of the day state it.
        MissingPauto = "missing_pauto",
        /// The day lies further back or ahead than plans are kept.
        DayTooFar = "day_too_far",
        /// The plan may no longer be changed.
        GateClosed = "gate_closed",
        /// Other values stand in the plan already, and nobody said that they may be replaced.
        Occupied = "occupied",
    }
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FilePlace {
    /// Worksheet of a spreadsheet, from 1.
    pub sheet: Option<u32>,
    /// Line of a text or row of a worksheet, from 1.
    pub line: Option<u32>,
    /// Character of the line, field of a CSV row or column of a worksheet, from 1.
    pub column: Option<u32>,
}

impl FilePlace {
    /// A line and a column.
    pub const fn new(line: u32, column: u32) -> Self {
        Self { sheet: None, line: Some(line), column: Some(column) }
    }

    /// A whole line.
    pub const fn line(line: u32) -> Self {
        Self { sheet: None, line: Some(line), column: None }
    }

    /// The same place on a worksheet.
    #[must_use]
    pub const fn on_sheet(self, sheet: u32) -> Self {
        Self { sheet: Some(sheet), ..self }
    }

    /// Another column of the same line.
    #[must_use]
    pub const fn column(self, column: u32) -> Self {
        Self { column: Some(column), ..self }
    }
}

/// What is wrong with a plan file, and where. Nothing of the file's own text is ever part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileFault {
    /// Where.
    pub place: FilePlace,
    /// What.
    pub kind: FileFaultKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_survives_the_wire() {
        let fault = FileFault { place: FilePlace::new(3, 2).on_sheet(1), kind: FileFaultKind::TooFine };
        let wire = serde_json::to_string(&fault).unwrap();
        assert_eq!(wire, r#"{"place":{"sheet":1,"line":3,"column":2},"kind":"too_fine"}"#);
        assert_eq!(serde_json::from_str::<FileFault>(&wire).unwrap(), fault);
    }

    #[test]
    fn every_format_can_be_chosen() {
        let endings: Vec<&str> = PLAN_FILE_ENDINGS.split(',').collect();
        for format in PlanFormat::ALL {
            assert!(endings.contains(&format!(".{}", format.extension()).as_str()), "{format}");
        }
    }

    #[test]
    fn faults_are_ordered_by_place() {
        let at = |place| FileFault { place, kind: FileFaultKind::TooFine };
        let mut faults =
            [at(FilePlace::new(10, 1)), at(FilePlace::new(2, 3)), at(FilePlace::default()), at(FilePlace::new(2, 1))];
        faults.sort();
        assert_eq!(faults.map(|fault| fault.place.line), [None, Some(2), Some(2), Some(10)]);
    }
}
