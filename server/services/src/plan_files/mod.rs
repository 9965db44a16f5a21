//! Plan files: what producers, the grid company and the transmission operator send one another, read into plans and
//! written from them.
//!
//! Files come from strangers. Whatever is in them, reading takes memory in proportion to the limits here and never to a
//! number that the file states, expands no entity, computes no formula and follows no reference. A file is taken as a
//! whole or not at all: either every plan of it is complete, or the answer is what is wrong and where.
//!
//! Which units there are, who may plan them and what their limits are is not known here; units are named as the file
//! names them.

mod acknowledgement;
mod csv;
mod day;
mod faults;
mod iec;
mod json;
mod markup;
mod overview;
mod periods;
mod schedule;
mod table;
mod text;
mod values;
mod xlsx;
mod xml;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use openbok_domain::plan::{FileFault, FileFaultKind, FilePlace, PLAN_FILE_BYTES, PlanFormat, Points, Resolution};
use openbok_domain::{Date, Timestamp};

pub use acknowledgement::{Acknowledgement, ReasonText, Received, acknowledge, acknowledge_json, received};
pub use overview::write_overview;

/// How a file names a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitRef {
    /// By the code under which the operator knows it.
    Code(String),
    /// By the mRID under which the transmission operator knows it. Some programs put the code where the mRID belongs.
    Mrid(String),
}

/// A plan in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlan {
    /// Its unit.
    pub unit: UnitRef,
    /// Its day.
    pub day: Date,
    /// How finely the day is cut.
    pub resolution: Resolution,
    /// Its points. A plan that was read has net generation throughout, and own use throughout or not at all.
    pub points: Points,
}

/// A plan that was read, and where the file begins to tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPlan {
    /// The plan.
    pub plan: FilePlan,
    /// Where.
    pub place: FilePlace,
    /// Where the file names its unit first.
    pub unit_place: FilePlace,
}

impl ReadPlan {
    /// What is wrong with the plan as a whole, for whoever knows the units.
    pub const fn fault(&self, kind: FileFaultKind) -> FileFault {
        FileFault { place: self.place, kind }
    }

    /// That nobody knows its unit, at the name of the unit.
    pub const fn unknown_unit(&self) -> FileFault {
        FileFault { place: self.unit_place, kind: FileFaultKind::UnknownUnit }
    }
}

/// A participant of the market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its code, usually an EIC.
    pub code: String,
    /// Its role: `A27` resource provider, `A04` system operator.
    pub role: String,
}

/// What a file says beside the plans.
#[derive(Clone, Debug)]
pub struct FileMeta {
    /// Who sends it.
    pub sender: Party,
    /// To whom.
    pub receiver: Party,
    /// The EIC of the area that the units feed into; only the market document states it.
    pub domain: String,
    /// Its identification, at most 36 characters for the transmission operator.
    pub document_id: String,
    /// How many times it was sent before, and one.
    pub revision: u32,
    /// When it was written.
    pub created_at: Timestamp,
    /// The zone of the operator's days.
    pub zone: String,
    /// mRIDs of units by their codes.
    pub mrids: BTreeMap<String, String>,
    /// Codes of the companies that run units, by the mRIDs of these; only the market document states them.
    pub providers: BTreeMap<String, String>,
}

/// Why plans cannot be written into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// There is no plan.
    #[error("there is no plan to write")]
    Empty,
    /// The format holds one unit, and there are several.
    #[error("the format holds plans of one unit")]
    ManyUnits,
    /// A unit is not known under the kind of name that the format uses.
    #[error("a unit has no name of the kind that the format uses")]
    UnknownUnit,
    /// A code is empty or has characters that the format cannot hold.
    #[error("a code cannot be written")]
    BadCode,
    /// A value is missing or no number, or the points are not those of the day.
    #[error("a plan is not complete")]
    Incomplete,
    /// The library that writes spreadsheets gave up.
    #[error("the spreadsheet could not be written")]
    Spreadsheet,
}

/// How large a file may be.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes of the file.
    bytes: usize,
    /// Hours and quarters of all its plans.
    intervals: usize,
    /// Bytes of a row of CSV.
    row_bytes: usize,
    /// Bytes that a spreadsheet may unpack to.
    unpacked_bytes: u64,
    /// Elements within one another.
    depth: usize,
}

/// Room for two thousand units on nine days, hour by hour.
const LIMITS: Limits = Limits {
    bytes: PLAN_FILE_BYTES as usize,
    intervals: 500_000,
    row_bytes: 4 << 10,
    unpacked_bytes: 48 << 20,
    depth: 16,
};

/// The plans of a file, by unit in the order in which the file names them, and by day.
///
/// # Errors
/// What is wrong, by place; at most the first hundred things.
///
/// # Panics
/// When the zone is unknown.
pub fn read(format: PlanFormat, bytes: &[u8], zone: &str) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    read_within(format, bytes, zone, &LIMITS)
}

fn read_within(format: PlanFormat, bytes: &[u8], zone: &str, limits: &Limits) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    if bytes.len() > limits.bytes {
        return Err(vec![FileFault { place: FilePlace::default(), kind: FileFaultKind::TooLarge }]);
    }
    if bytes.trim_ascii().is_empty() {
        return Err(vec![FileFault { place: FilePlace::default(), kind: FileFaultKind::Empty }]);
    }
    match format {
        PlanFormat::Csv => csv::read(bytes, zone, limits),
        PlanFormat::Xml => xml::read(bytes, zone, limits),
        PlanFormat::Iec => iec::read(bytes, zone, limits),
        PlanFormat::Xlsx => xlsx::read(bytes, zone, limits),
        PlanFormat::Json => json::read(bytes, zone, limits),
    }
}

/// The format that a file most likely has, by what is in it first and by its name only then.
pub fn detect(name: &str, bytes: &[u8]) -> Option<PlanFormat> {
    const SEARCHED: usize = 4 << 10;
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(PlanFormat::Xlsx);
    }
    let content = bytes.strip_prefix(text::UTF_8_MARK).unwrap_or(bytes).trim_ascii_start();
    let content = &content[..content.len().min(SEARCHED)];
    let has = |word: &str| content.windows(word.len()).any(|part| part == word.as_bytes());
    match content.first() {
        Some(b'{') => Some(PlanFormat::Json),
        Some(b'#') => Some(PlanFormat::Csv),
        Some(b'<') if has(iec::ROOT) => Some(PlanFormat::Iec),
        Some(b'<') if has(xml::ROOT) => Some(PlanFormat::Xml),
        _ => {
            let (_, extension) = name.rsplit_once('.')?;
            PlanFormat::ALL.iter().copied().find(|format| format.extension().eq_ignore_ascii_case(extension))
        }
    }
}

/// The file of some plans. CSV and JSON hold one unit. A spreadsheet and CSV may be written without values, to be filled
/// in; the others hold whole plans only.
///
/// # Errors
/// See [`WriteError`].
///
/// # Panics
/// When the zone is unknown.
pub fn write(format: PlanFormat, plans: &[FilePlan], meta: &FileMeta) -> Result<Vec<u8>, WriteError> {
    let (sender, receiver) = (&meta.sender, &meta.receiver);
    let codes = [&sender.code, &sender.role, &receiver.code, &receiver.role, &meta.domain, &meta.document_id];
    if !codes.into_iter().all(|code| values::is_code(code)) {
        return Err(WriteError::BadCode);
    }
    if plans.is_empty() {
        return Err(WriteError::Empty);
    }
    match format {
        PlanFormat::Csv => csv::write(plans, meta),
        PlanFormat::Xml => xml::write(plans, meta),
        PlanFormat::Iec => iec::write(plans, meta),
        PlanFormat::Xlsx => xlsx::write(plans, meta),
        PlanFormat::Json => json::write(plans, meta),
    }
}

/// Plans of one unit after another, each unit by the name that the format uses.
fn by_unit<'a>(
    plans: &'a [FilePlan],
    name: impl Fn(&'a UnitRef) -> Option<&'a str>,
) -> Result<Vec<(&'a str, Vec<&'a FilePlan>)>, WriteError> {
    let mut places = BTreeMap::new();
    let mut units: Vec<(&str, Vec<&FilePlan>)> = Vec::new();
    for plan in plans {
        let name = name(&plan.unit).ok_or(WriteError::UnknownUnit)?;
        if !values::is_code(name) {
            return Err(WriteError::BadCode);
        }
        let place = *places.entry(name).or_insert(units.len());
        if place == units.len() {
            units.push((name, Vec::new()));
        }
        units[place].1.push(plan);
    }
    Ok(units)
}

impl FileMeta {
    /// The code of a unit.
    fn code<'a>(&'a self, unit: &'a UnitRef) -> Option<&'a str> {
        match unit {
            UnitRef::Code(code) => Some(code),
            UnitRef::Mrid(mrid) => self.mrids.iter().find(|(_, known)| *known == mrid).map(|(code, _)| code.as_str()),
        }
    }

    /// The mRID of a unit.
    fn mrid<'a>(&'a self, unit: &'a UnitRef) -> Option<&'a str> {
        match unit {
            UnitRef::Code(code) => self.mrids.get(code).map(String::as_str),
            UnitRef::Mrid(mrid) => Some(mrid),
        }
    }
}
