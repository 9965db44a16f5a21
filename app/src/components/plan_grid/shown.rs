//! What the parts around the grid show of it. They follow signals; the grid itself never does.

use leptos::prelude::*;
use openbok_domain::plan::sheet::{Edit, Place, Sheet, Totals};
use openbok_domain::plan::view::{Layout, SheetView};
use openbok_domain::plan::{Change, Points, Series};

use super::face::Face;
use crate::components::day_chart::Course;

/// Everything that is shown beside the cells.
#[derive(Clone, Copy)]
pub struct Shown {
    /// Of the selection.
    pub totals: RwSignal<Totals>,
    /// Of the whole day that the drawing is of: net generation and own use.
    pub day: RwSignal<[Totals; 2]>,
    /// What is wrong, in words.
    pub faults: RwSignal<Vec<Found>>,
    /// How the draft stands.
    pub saving: RwSignal<Saving>,
    /// The drawing.
    pub course: RwSignal<Course>,
    /// What is about to be written, and waits for an answer.
    pub edits: RwSignal<Option<EditsQuestion>>,
    /// What somebody else changed, and waits for an answer.
    pub merge: RwSignal<Option<MergeQuestion>>,
    /// What just happened.
    pub notice: RwSignal<Option<String>>,
}

/// A value that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub place: Place,
    /// Its name and what is wrong.
    pub words: String,
}

/// How the draft stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    /// Nothing has been changed.
    Unchanged,
    /// Changes wait.
    Waiting,
    /// They are on their way.
    Sending,
    /// The server has them, since this time.
    Saved(String),
    /// They could not be sent, for this reason.
    Failed(String),
    /// Somebody else changed the plan meanwhile: who.
    Overtaken(String),
}

/// What is asked before values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditsQuestion {
    /// What it is about.
    pub title: String,
    /// A sentence more; may be empty.
    pub intro: String,
    /// What does not fit, or what is going to change.
    pub lines: Vec<String>,
    /// What would be written; nothing when it cannot be.
    pub edits: Vec<Edit>,
    /// The words of the button that writes it.
    pub accept: String,
    /// What is said afterwards.
    pub done: Option<String>,
}

/// What a merge asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeQuestion {
    pub plan: usize,
    /// Who changed it; empty when it is not known.
    pub by: String,
    /// Both changes together; where both changed a value, mine.
    pub points: Points,
    /// Values that both changed: what theirs and mine is.
    pub conflicts: Vec<Conflict>,
}

/// A value that two changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub change: Change,
    /// What the value is called, theirs and mine as they are written.
    pub name: String,
    pub theirs: String,
    pub mine: String,
}

impl Shown {
    /// What stands there before anybody has done anything.
    pub fn new(view: &SheetView, sheet: &Sheet, face: &Face) -> Self {
        Self {
            totals: RwSignal::new(sheet.totals(sheet.selection().area())),
            day: RwSignal::new(day_totals(sheet, 0)),
            faults: RwSignal::new(faults(sheet, face, false)),
            saving: RwSignal::new(Saving::Unchanged),
            course: RwSignal::new(course(view.layout, sheet, face, 0, earlier(view, sheet).as_ref())),
            edits: RwSignal::new(None),
            merge: RwSignal::new(None),
            notice: RwSignal::new(None),
        }
    }
}

/// The version that was approved last, where the day is shown alone.
pub fn earlier(view: &SheetView, sheet: &Sheet) -> Option<Points> {
    let plan = view.plans.first().filter(|_| view.layout == Layout::Day)?;
    Points::unpack(plan.earlier.as_ref()?, sheet.plans().first()?.points.len()).ok()
}

/// Everything that is wrong, in words; gaps too when it is strict.
pub fn faults(sheet: &Sheet, face: &Face, is_strict: bool) -> Vec<Found> {
    let word = |(place, fault)| Found {
        place,
        words: format!("{}: {}", face.name(place), openbok_locales::faults::of_cell(fault, face.lang)),
    };
    let found = if is_strict { sheet.gaps_and_faults() } else { sheet.faults() };
    found.into_iter().map(word).collect()
}

/// The drawing of one plan.
pub fn course(layout: Layout, sheet: &Sheet, face: &Face, plan: usize, earlier: Option<&Points>) -> Course {
    let Some(laid) = sheet.plans().get(plan) else { return Course::default() };
    let powers =
        |points: &Points, series| points.series(series).iter().map(openbok_domain::plan::Cell::power).collect();
    Course {
        what: if layout == Layout::Day { String::new() } else { face.plan_name(plan) },
        labels: face.labels(plan).to_vec(),
        plan: powers(&laid.points, Series::Pplan),
        own: powers(&laid.points, Series::Pauto),
        earlier: earlier.map(|points| powers(points, Series::Pplan)).unwrap_or_default(),
        limits: Some(laid.limits),
    }
}

/// Sums of one plan: net generation, own use.
pub fn day_totals(sheet: &Sheet, plan: usize) -> [Totals; 2] {
    let of = |series| sheet.plan_totals(plan, series);
    [of(Series::Pplan), of(Series::Pauto)]
}
