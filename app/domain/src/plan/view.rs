//! What pages get to see of plans: flat records that travel from the services to the browser.

use super::{Energy, Limits, PlanStatus, Points, Power, Resolution, Series};
use crate::{Date, ParseError, Timestamp};
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a sheet lays out.
    pub enum Layout {
        /// One unit on one day: both series beside each other.
        Day = "day",
        /// One unit on nine days: both series of each.
        Days = "days",
        /// All units on one day: one series of each at a time.
        Units = "units",
    }
}

/// A generating unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitView {
    /// Code under which the operator knows it.
    pub code: String,
    /// Name.
    pub name: String,
    /// Company that runs it.
    pub company: String,
    /// How it generates, in the operator's words.
    pub technology: String,
    /// Power installed.
    pub installed: Power,
    /// What it can do.
    pub limits: Limits,
    /// Where it feeds in.
    pub connection_point: String,
    /// Whether the transmission operator knows it under a code of its own, an mRID.
    pub has_mrid: bool,
}

/// One plan of a sheet: a unit on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// Its unit, by place in [`SheetView::units`].
    pub unit: usize,
    /// Its day.
    pub day: Date,
    /// How finely the day is cut.
    pub resolution: Resolution,
    /// Name of each interval: `02–03`, `02–03 A`, `02:15–02:30`.
    pub labels: Vec<String>,
    /// Interval of each row of the sheet; none where this day has no such hour.
    pub rows: Vec<Option<usize>>,
    /// What stands in it now, packed: the draft, else the newest version, else nothing.
    pub points: String,
    /// The newest approved version, packed and in the same resolution, to compare with.
    pub earlier: Option<String>,
    /// Counts the changes of the draft; whoever saves names the state that the work began with.
    pub revision: i64,
    /// Where the plan stands.
    pub status: PlanStatus,
    /// Number of the newest version.
    pub version: Option<u32>,
    /// Whether there are changes since that version.
    pub is_changed: bool,
    /// Whether it may be changed now.
    pub is_open: bool,
    /// When its gate closes.
    pub gate_closes_at: Timestamp,
    /// When it may be changed last, as the operator's clocks show it: when the gate closes, else when the consent to a late
    /// change ends.
    pub gate_label: String,
    /// Why the operator gave the newest version back: which point, and the reason.
    pub reasons: Vec<Reason>,
}

/// Why a version was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The value it is about; none for the whole plan.
    pub point: Option<(Series, usize)>,
    /// In the operator's words.
    pub text: String,
}

impl Reason {
    /// The fields of the form that reasons are typed into, in its order: the words, and the value they are about.
    pub const FIELDS: [(&'static str, &'static str); 5] = [
        ("reason", "point"),
        ("reason_2", "point_2"),
        ("reason_3", "point_3"),
        ("reason_4", "point_4"),
        ("reason_5", "point_5"),
    ];

    /// The reason as people read it, with the value that it is about: `PPLAN 10–11: …`. `labels` are the names of the
    /// intervals.
    #[must_use]
    pub fn said(&self, labels: &[String]) -> String {
        match self.point.and_then(|(series, index)| Some((series, labels.get(index)?))) {
            Some((series, label)) => format!("{series} {label}: {}", self.text),
            None => self.text.clone(),
        }
    }
}

impl PlanView {
    /// The points of this plan.
    ///
    /// # Errors
    /// [`ParseError::Malformed`] for what no server of this release sends.
    pub fn unpacked(&self) -> Result<Points, ParseError> {
        Points::unpack(&self.points, self.labels.len())
    }
}

/// Everything a sheet shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetView {
    /// What it lays out.
    pub layout: Layout,
    /// Units of its plans.
    pub units: Vec<UnitView>,
    /// Its plans: in the order of days, or of units.
    pub plans: Vec<PlanView>,
    /// Name of each row; the hours of all its days in order.
    pub labels: Vec<String>,
    /// The day it is for the operator.
    pub today: Date,
    /// Where the unit's plans stand, from today to the last day that is planned; nothing for a sheet of all units.
    pub strip: Vec<PlanStatus>,
    /// Now, by the server's clock.
    pub now: Timestamp,
    /// Whose drafts the browser keeps: a mark of the account that writes; empty for who only looks.
    pub writer: String,
}

/// What saving a draft led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saved {
    /// It is kept.
    Kept {
        /// The draft's new count of changes.
        revision: i64,
        /// When, as the operator's clocks show it: `14:05`.
        at: String,
        /// Where the plan stands now.
        status: PlanStatus,
        /// Whether there are changes since its newest version.
        is_changed: bool,
    },
    /// The plan was changed elsewhere meanwhile; nothing was written.
    Changed {
        /// The plan's count of changes now.
        revision: i64,
        /// How finely the day is cut now.
        resolution: Resolution,
        /// What stands in it now, packed.
        points: String,
        /// Who changed it; empty for whoever is saving, from another window.
        by: String,
    },
}

/// Another day's plan to copy from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// Name of each interval.
    pub labels: Vec<String>,
    /// Its points, packed, in the resolution that was asked for.
    pub points: String,
}

/// A plan of a file, before anything is done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePlanView {
    /// Code of its unit.
    pub unit: String,
    /// Its day.
    pub day: Date,
    /// How finely the file cuts the day.
    pub resolution: Resolution,
    /// Its points, packed; own use is empty where the file does not state it.
    pub points: String,
}

/// What is in a plan file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileView {
    /// Its plans.
    Plans(Vec<FilePlanView>),
    /// What is wrong with it, in words; then nothing of it can be taken.
    Faults(Vec<String>),
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// Its number, from 1.
    pub number: u32,
    /// When it was approved, as the operator's clocks show it.
    pub approved: String,
    /// Who approved it.
    pub by: String,
    /// Checksum over everything it says.
    pub checksum: String,
    /// As approved, or as the operator decided.
    pub status: PlanStatus,
    /// Why it was given back, each reason with the value that it is about.
    pub reasons: Vec<String>,
    /// Net generation of the day.
    pub pplan: Energy,
    /// Own use of the day.
    pub pauto: Energy,
}

/// All versions of a plan, and what differs between two of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// Its unit.
    pub unit: UnitView,
    /// Its day.
    pub day: Date,
    /// Versions, newest first.
    pub versions: Vec<VersionView>,
    /// The two that are compared: the earlier and the later one.
    pub compared: Option<(u32, u32)>,
    /// Values that differ: interval, series, before, after.
    pub changes: Vec<(String, Series, Power, Power)>,
}

/// One cell of the board: a unit on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardCell {
    /// Where the plan stands.
    pub status: PlanStatus,
    /// Whether there are changes since the newest version.
    pub is_changed: bool,
}

/// One row of the board: a unit on ten days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRow {
    /// The unit's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its days, in the order of [`BoardView::days`].
    pub cells: Vec<BoardCell>,
    /// Whether one of the nine days to come has no plan that counts.
    pub is_incomplete: bool,
}

/// One day of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardDay {
    /// The day.
    pub day: Date,
    /// Whether its gate has closed.
    pub is_closed: bool,
    /// When it closes, as the operator's clocks show it.
    pub gate_label: String,
    /// How many plans stand where, those of all units.
    pub counts: Vec<(PlanStatus, i64)>,
}

/// Which unit and day is missing, draft, approved: D to D+9.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardView {
    /// The days, today first.
    pub days: Vec<BoardDay>,
    /// One page of units, by code.
    pub rows: Vec<BoardRow>,
    /// Code after which the next page begins.
    pub next: Option<String>,
    /// The word that was looked for; empty for all units.
    pub word: String,
}

/// One unit in the dispatcher's view of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRow {
    /// The unit's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The company that runs it.
    pub company: String,
    /// Where its plan stands.
    pub status: PlanStatus,
    /// Number of the version that counts; of the newest one where none does.
    pub version: Option<u32>,
    /// Net generation of the version that counts.
    pub pplan: Energy,
    /// Own use of it.
    pub pauto: Energy,
}

/// Which units of a day a dispatcher looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySearch {
    /// Those whose plans stand there; none for all of them.
    pub status: Option<PlanStatus>,
    /// Those whose code or name contains this, unless it is empty.
    pub word: String,
}

/// All units of a day, as the dispatcher sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// The day.
    pub day: Date,
    /// When this was read.
    pub read_at: Timestamp,
    /// When its gate closes, as the operator's clocks show it.
    pub gate_label: String,
    /// Whether it has closed.
    pub is_closed: bool,
    /// What was looked for.
    pub search: DaySearch,
    /// One page of the units found, by code.
    pub rows: Vec<DayRow>,
    /// Code after which the next page begins.
    pub next: Option<String>,
    /// How many plans of the units that the word finds stand where: every status.
    pub counts: Vec<(PlanStatus, i64)>,
    /// How many plans of all units the operator has not answered.
    pub to_accept: i64,
    /// Name of each hour, and what all versions that count add up to in it: net generation and own use, in
    /// watt-hours.
    pub sums: Vec<(String, Energy, Energy)>,
}

impl DayView {
    /// What all versions that count add up to over the day: net generation and own use.
    #[must_use]
    pub fn total(&self) -> (Energy, Energy) {
        let pplan = self.sums.iter().map(|(_, pplan, _)| *pplan).sum();
        let pauto = self.sums.iter().map(|(_, _, pauto)| *pauto).sum();
        (pplan, pauto)
    }
}

/// One plan as the dispatcher decides about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionView {
    /// Its unit.
    pub unit: UnitView,
    /// Its day.
    pub day: Date,
    /// Where it stands.
    pub status: PlanStatus,
    /// Versions, newest first.
    pub versions: Vec<VersionView>,
    /// The two newest ones: the earlier and the later.
    pub compared: Option<(u32, u32)>,
    /// Values that differ between them: interval, series, before, after.
    pub changes: Vec<(String, Series, Power, Power)>,
    /// Name of each interval of the newest version, and its values: net generation and own use.
    pub points: Vec<(String, Power, Power)>,
    /// When the gate closes, as the operator's clocks show it.
    pub gate_label: String,
    /// Whether it has closed.
    pub is_closed: bool,
    /// Until when the producer may change the plan nevertheless, as the operator's clocks show it.
    pub consent_until: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_the_value_that_it_is_about() {
        let labels = ["02–03".to_owned(), "02–03 A".to_owned()];
        let said = |point| Reason { point, text: "za dużo".to_owned() }.said(&labels);
        assert_eq!(said(Some((Series::Pplan, 1))), "PPLAN 02–03 A: za dużo");
        assert_eq!(said(None), "za dużo", "the whole plan");
        assert_eq!(said(Some((Series::Pauto, 2))), "za dużo", "a day without that hour");
    }
}
