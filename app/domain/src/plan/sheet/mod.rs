//! A sheet: plans laid out as a grid of rows and columns, with a selection and a way back for everything.
//!
//! The model behind the grid on the screen and behind the list on a phone alike. It knows no screen: whoever draws it asks
//! for cells and is told by [`Sheet::apply`] which of them changed.

mod clipboard;
mod commands;
mod selection;

pub use clipboard::{Block, Paste, PasteFault};
pub use commands::Copied;
pub use selection::{Area, Direction, Position, Selection};

use super::{
    Cell, CellFault, Energy, Limits, PointFault, Points, Power, Resolution, Series, approvable, faults, rules,
};

/// One plan of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPlan {
    /// What the unit can do.
    pub limits: Limits,
    /// How finely the day is cut.
    pub resolution: Resolution,
    /// What stands in it now.
    pub points: Points,
    /// Interval of each row of the sheet; rows that this day does not have are none.
    pub rows: Vec<Option<usize>>,
    /// Whether it may be changed.
    pub is_open: bool,
}

/// One column: a series of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Which plan, in the order of the sheet.
    pub plan: usize,
    /// Which of its series.
    pub series: Series,
}

/// One value of one plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which plan.
    pub plan: usize,
    /// Which of its series.
    pub series: Series,
    /// Which interval.
    pub index: usize,
}

/// One value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub place: Place,
    /// What.
    pub cell: Cell,
}

/// Sum, average, peak and energy of the powers in an area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many cells have a power.
    pub count: usize,
    /// Sum of the powers in kilowatts.
    pub sum_kw: i64,
    /// The largest power.
    pub peak: Option<Power>,
    /// The energy.
    pub energy: Energy,
}

impl Totals {
    /// The mean power, rounded to a kilowatt.
    pub fn average(&self) -> Option<Power> {
        let count = i64::try_from(self.count).ok().filter(|count| *count > 0)?;
        let half = if self.sum_kw < 0 { -count / 2 } else { count / 2 };
        i32::try_from((self.sum_kw + half) / count).ok().map(Power::from_kw)
    }

    fn add(&mut self, cell: &Cell, resolution: Resolution) {
        if let Some(power) = cell.power() {
            self.count += 1;
            self.sum_kw += i64::from(power.kw());
            self.peak = self.peak.max(Some(power));
            self.energy = Energy::from_wh(self.energy.wh() + Energy::of(power, resolution.minutes()).wh());
        }
    }
}

/// The sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    plans: Vec<SheetPlan>,
    columns: Vec<Column>,
    rows: usize,
    selection: Selection,
    done: Vec<Vec<Edit>>,
    undone: Vec<Vec<Edit>>,
}

impl Sheet {
    /// A sheet of these plans and columns, with the first cell selected.
    ///
    /// # Panics
    /// When a plan does not say the interval of each row, or a column is of no plan.
    pub fn new(plans: Vec<SheetPlan>, columns: Vec<Column>, rows: usize) -> Self {
        assert!(plans.iter().all(|plan| plan.rows.len() == rows), "each plan knows its interval of each row");
        assert!(columns.iter().all(|column| column.plan < plans.len()), "each column is of a plan");
        Self { plans, columns, rows, selection: Selection::default(), done: Vec::new(), undone: Vec::new() }
    }

    /// How many rows there are.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The plans.
    pub fn plans(&self) -> &[SheetPlan] {
        &self.plans
    }

    /// Shows other columns of the same plans; the way back stays.
    ///
    /// # Panics
    /// When a column is of no plan.
    pub fn set_columns(&mut self, columns: Vec<Column>) {
        assert!(columns.iter().all(|column| column.plan < self.plans.len()), "each column is of a plan");
        self.columns = columns;
        self.select(self.selection.area());
    }

    /// Which value a position shows; none where the day has no such hour.
    pub fn place(&self, at: Position) -> Option<Place> {
        let column = self.columns.get(at.column)?;
        let index = (*self.plans[column.plan].rows.get(at.row)?)?;
        Some(Place { plan: column.plan, series: column.series, index })
    }

    /// Where a value is shown; none when its column is not.
    pub fn position(&self, place: Place) -> Option<Position> {
        let column =
            self.columns.iter().position(|column| (column.plan, column.series) == (place.plan, place.series))?;
        let row = self.plans[place.plan].rows.iter().position(|index| *index == Some(place.index))?;
        Some(Position { row, column })
    }

    /// What a position shows; none where the day has no such hour.
    pub fn cell(&self, at: Position) -> Option<&Cell> {
        self.place(at).map(|place| self.plans[place.plan].points.get(place.series, place.index))
    }

    /// What is wrong with the value of a position.
    pub fn fault(&self, at: Position) -> Option<CellFault> {
        self.place(at).and_then(|place| self.fault_at(place))
    }

    /// What is wrong with a value.
    pub fn fault_at(&self, place: Place) -> Option<CellFault> {
        let plan = &self.plans[place.plan];
        rules::fault(&plan.limits, &plan.points, place.series, place.index)
    }

    /// Everything that is wrong, plan after plan.
    pub fn faults(&self) -> Vec<(Place, CellFault)> {
        self.find_faults(|plan| faults(&plan.limits, &plan.points))
    }

    /// Everything that is wrong or missing before the plans can be approved.
    pub fn gaps_and_faults(&self) -> Vec<(Place, CellFault)> {
        self.find_faults(|plan| approvable(&plan.limits, &plan.points).err().unwrap_or_default())
    }

    fn find_faults(&self, find: impl Fn(&SheetPlan) -> Vec<PointFault>) -> Vec<(Place, CellFault)> {
        let placed = |plan, PointFault { series, index, fault }| (Place { plan, series, index }, fault);
        let plans = self.plans.iter().enumerate();
        plans.flat_map(|(number, plan)| find(plan).into_iter().map(move |fault| placed(number, fault))).collect()
    }

    /// Whether a position shows a value that may be changed.
    pub fn is_open(&self, at: Position) -> bool {
        self.place(at).is_some_and(|place| self.plans[place.plan].is_open)
    }

    /// Writes values as one step that can be undone. What may not be changed or is the same already is left out.
    /// The places that changed, in no order; one that was written twice may be told twice.
    pub fn apply(&mut self, edits: Vec<Edit>) -> Vec<Place> {
        let inverse = self.write(edits);
        let changed = places_of(&inverse);
        if !inverse.is_empty() {
            self.done.push(inverse);
            self.undone.clear();
        }
        changed
    }

    /// Takes the last step back; the places that changed, as [`Self::apply`] tells them.
    pub fn undo(&mut self) -> Vec<Place> {
        let Some(step) = self.done.pop() else { return Vec::new() };
        let inverse = self.write(step);
        let changed = places_of(&inverse);
        self.undone.push(inverse);
        changed
    }

    /// Does the step that was taken back last once more; the places that changed, as [`Self::apply`] tells them.
    pub fn redo(&mut self) -> Vec<Place> {
        let Some(step) = self.undone.pop() else { return Vec::new() };
        let inverse = self.write(step);
        let changed = places_of(&inverse);
        self.done.push(inverse);
        changed
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a step to do once more.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Writes the edits and gives back what undoes them, last first.
    fn write(&mut self, edits: Vec<Edit>) -> Vec<Edit> {
        let mut inverse = Vec::with_capacity(edits.len());
        for Edit { place, cell } in edits {
            let plan = &mut self.plans[place.plan];
            if plan.is_open && place.index < plan.points.len() && *plan.points.get(place.series, place.index) != cell {
                let before = plan.points.set(place.series, place.index, cell);
                inverse.push(Edit { place, cell: before });
            }
        }
        inverse.reverse();
        inverse
    }

    /// Sum, average, peak and energy of an area.
    pub fn totals(&self, area: Area) -> Totals {
        let mut totals = Totals::default();
        for place in area.positions().filter_map(|at| self.place(at)) {
            let plan = &self.plans[place.plan];
            totals.add(plan.points.get(place.series, place.index), plan.resolution);
        }
        totals
    }

    /// Sum, average, peak and energy of one series of a plan, whether it is shown or not.
    pub fn plan_totals(&self, plan: usize, series: Series) -> Totals {
        let mut totals = Totals::default();
        let plan = &self.plans[plan];
        for cell in plan.points.series(series) {
            totals.add(cell, plan.resolution);
        }
        totals
    }
}

fn places_of(edits: &[Edit]) -> Vec<Place> {
    edits.iter().map(|edit| edit.place).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One unit, one day of so many hours, both series.
    pub(crate) fn day(hours: usize) -> Sheet {
        let plan = SheetPlan {
            limits: Limits { pmin: Power::from_kw(1_000), pmax: Power::from_kw(50_000) },
            resolution: Resolution::Hour,
            points: Points::empty(hours),
            rows: (0..hours).map(Some).collect(),
            is_open: true,
        };
        let columns = Series::ALL.iter().map(|series| Column { plan: 0, series: *series }).collect();
        Sheet::new(vec![plan], columns, hours)
    }

    pub(crate) fn at(row: usize, column: usize) -> Position {
        Position { row, column }
    }

    fn edit(index: usize, text: &str) -> Edit {
        Edit { place: Place { plan: 0, series: Series::Pplan, index }, cell: Cell::typed(text) }
    }

    #[test]
    fn every_step_can_be_undone_and_done_again() {
        let mut sheet = day(24);
        assert_eq!(sheet.apply(vec![edit(0, "2"), edit(1, "x")]).len(), 2);
        assert_eq!(sheet.apply(vec![edit(0, "3")]).len(), 1);
        assert_eq!(sheet.faults().len(), 1);
        assert_eq!(sheet.gaps_and_faults().len(), 1 + 22, "own use that nobody stated is none");
        sheet.undo();
        assert_eq!(sheet.cell(at(0, 0)), Some(&Cell::typed("2")));
        sheet.undo();
        assert!(sheet.plans()[0].points.is_empty());
        assert!(!sheet.can_undo());
        sheet.redo();
        sheet.redo();
        assert_eq!(sheet.cell(at(0, 0)), Some(&Cell::typed("3")));
        assert!(!sheet.can_redo());
    }

    #[test]
    fn what_changed_is_told_whatever_came_first() {
        let mut sheet = day(24);
        let indexes = |places: Vec<Place>| {
            let mut indexes: Vec<usize> = places.iter().map(|place| place.index).collect();
            indexes.sort_unstable();
            indexes.dedup();
            indexes
        };
        assert_eq!(indexes(sheet.apply(vec![edit(5, "2"), edit(0, "3"), edit(5, "4")])), [0, 5]);
        assert_eq!(indexes(sheet.undo()), [0, 5]);
        assert_eq!(indexes(sheet.redo()), [0, 5]);
    }

    #[test]
    fn what_changes_nothing_is_no_step() {
        let mut sheet = day(24);
        assert_eq!(sheet.apply(vec![edit(0, "")]), []);
        assert!(!sheet.can_undo());
    }

    #[test]
    fn a_closed_plan_does_not_change() {
        let mut sheet = day(24);
        sheet.plans[0].is_open = false;
        assert_eq!(sheet.apply(vec![edit(0, "2")]), []);
        assert!(!sheet.is_open(at(0, 0)));
    }

    #[test]
    fn an_hour_that_a_day_lacks_is_nowhere() {
        let mut sheet = day(23);
        sheet.plans[0].rows.insert(2, None);
        sheet.rows = 24;
        assert_eq!(sheet.cell(at(2, 0)), None);
        assert_eq!(sheet.place(at(3, 0)), Some(Place { plan: 0, series: Series::Pplan, index: 2 }));
        assert_eq!(sheet.position(Place { plan: 0, series: Series::Pauto, index: 2 }), Some(at(3, 1)));
    }

    #[test]
    fn adds_up_what_is_selected() {
        let mut sheet = day(24);
        sheet.apply(vec![edit(0, "2"), edit(1, "3,5"), edit(2, "abc")]);
        let totals = sheet.totals(Area::between(at(0, 0), at(3, 1)));
        assert_eq!((totals.count, totals.sum_kw, totals.energy.kwh()), (2, 5_500, 5_500));
        assert_eq!(totals.peak, Some(Power::from_kw(3_500)));
        assert_eq!(totals.average(), Some(Power::from_kw(2_750)));
        assert_eq!(sheet.totals(Area::between(at(5, 0), at(5, 0))).average(), None);
        assert_eq!(sheet.plan_totals(0, Series::Pplan), totals);
        assert_eq!(sheet.plan_totals(0, Series::Pauto), Totals::default());
    }

    proptest! {
        #[test]
        fn undo_after_any_steps_leads_back_to_the_beginning_and_redo_forth(
            steps in proptest::collection::vec(proptest::collection::vec((0_usize..24, "[0-9]{0,2}|x"), 1..5), 1..12),
        ) {
            let mut sheet = day(24);
            let mut states = vec![sheet.plans[0].points.clone()];
            for step in steps {
                let edits = step.iter().map(|(index, text)| edit(*index, text)).collect();
                if !sheet.apply(edits).is_empty() {
                    states.push(sheet.plans[0].points.clone());
                }
            }
            for state in states.iter().rev().skip(1) {
                sheet.undo();
                prop_assert_eq!(&sheet.plans[0].points, state);
            }
            for state in states.iter().skip(1) {
                sheet.redo();
                prop_assert_eq!(&sheet.plans[0].points, state);
            }
        }
    }
}
