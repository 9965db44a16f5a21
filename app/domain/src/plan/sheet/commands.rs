//! What whole selections and plans can be filled with. Each gives the edits for [`Sheet::apply`].

use super::{Cell, Edit, Place, Points, Position, Series, Sheet};

/// Another day's plan to copy from, matched by what its hours are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Names of its intervals.
    pub labels: Vec<String>,
    /// Its points.
    pub points: Points,
}

/// After the name of an hour that comes a second time.
const SECOND_PASS: &str = " A";

impl Sheet {
    /// The values of the first row of the selection into its other rows; of a single row, those of the row above.
    pub fn fill_down(&self) -> Vec<Edit> {
        let area = self.selection().area();
        let source = if area.rows() > 1 { Some(area.from.row) } else { area.from.row.checked_sub(1) };
        let Some(source) = source else { return Vec::new() };
        let targets = area.positions().filter(|at| at.row != source);
        self.copies(targets, |at| Position { row: source, ..at })
    }

    /// The values of the first column of the selection into its other columns; of a single column, those of the column to
    /// the left.
    pub fn fill_right(&self) -> Vec<Edit> {
        let area = self.selection().area();
        let source = if area.columns() > 1 { Some(area.from.column) } else { area.from.column.checked_sub(1) };
        let Some(source) = source else { return Vec::new() };
        let targets = area.positions().filter(|at| at.column != source);
        self.copies(targets, |at| Position { column: source, ..at })
    }

    fn copies(&self, targets: impl Iterator<Item = Position>, source: impl Fn(Position) -> Position) -> Vec<Edit> {
        targets.filter_map(|at| Some(Edit { place: self.place(at)?, cell: self.cell(source(at))?.clone() })).collect()
    }

    /// What was typed, into the cell that typing goes into.
    pub fn type_in(&self, text: &str) -> Vec<Edit> {
        self.place(self.selection().anchor).map(|place| Edit { place, cell: Cell::typed(text) }).into_iter().collect()
    }

    /// One value into the whole selection.
    pub fn fill_with(&self, cell: &Cell) -> Vec<Edit> {
        let places = self.selection().area().positions().filter_map(|at| self.place(at));
        places.map(|place| Edit { place, cell: cell.clone() }).collect()
    }

    /// Nothing into the whole selection.
    pub fn clear(&self) -> Vec<Edit> {
        self.fill_with(&Cell::Empty)
    }

    /// A whole plan replaced, as the other side of a merge does.
    pub fn replace(&self, plan: usize, points: &Points) -> Vec<Edit> {
        let all = Series::ALL.iter().flat_map(|series| (0..points.len()).map(move |index| (*series, index)));
        all.map(|(series, index)| Edit {
            place: Place { plan, series, index },
            cell: points.get(series, index).clone(),
        })
        .collect()
    }

    /// A plan of a file into a plan of the sheet. What the file does not state, such as own use, stays; so does a plan that may
    /// no longer be changed, and one whose day has other hours.
    pub fn take_in(&self, plan: usize, points: &Points) -> Vec<Edit> {
        let laid = &self.plans()[plan];
        if !laid.is_open || laid.points.len() != points.len() {
            return Vec::new();
        }
        let differs =
            |place: Place| laid.points.get(place.series, place.index) != points.get(place.series, place.index);
        let mut edits = self.replace(plan, points);
        edits.retain(|edit| points.states(edit.place.series) && differs(edit.place));
        edits
    }

    /// Another day's values into a plan whose intervals are called by `labels`: hour by hour of the same name. The second
    /// pass of an hour takes the first one's value where the other day has but one. An hour that the other day lacks stays.
    pub fn copy_from(&self, plan: usize, labels: &[String], source: &Copied) -> Vec<Edit> {
        let find = |label: &String| {
            let of_name = |name: &str| source.labels.iter().position(|other| other == name);
            of_name(label).or_else(|| of_name(label.strip_suffix(SECOND_PASS)?))
        };
        let pairs: Vec<(usize, usize)> =
            labels.iter().enumerate().filter_map(|(index, label)| Some((index, find(label)?))).collect();
        let all = Series::ALL.iter().flat_map(|series| pairs.iter().map(move |pair| (*series, *pair)));
        all.map(|(series, (index, from))| Edit {
            place: Place { plan, series, index },
            cell: source.points.get(series, from).clone(),
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, day};
    use super::super::{Area, Power};
    use super::*;

    fn kw(sheet: &Sheet, row: usize, column: usize) -> Option<i32> {
        sheet.cell(at(row, column)).and_then(Cell::power).map(Power::kw)
    }

    #[test]
    fn fills_down_and_right() {
        let mut sheet = day(24);
        sheet.apply(sheet.type_in("2"));
        sheet.select(Area::between(at(0, 0), at(3, 0)));
        sheet.apply(sheet.fill_down());
        assert_eq!((kw(&sheet, 3, 0), kw(&sheet, 4, 0)), (Some(2_000), None));
        sheet.select(Area::between(at(0, 0), at(1, 1)));
        sheet.apply(sheet.fill_right());
        assert_eq!((kw(&sheet, 1, 1), kw(&sheet, 2, 1)), (Some(2_000), None));
        sheet.go_to(at(2, 1), false);
        sheet.apply(sheet.fill_down());
        assert_eq!(kw(&sheet, 2, 1), Some(2_000), "a single row takes the one above");
        sheet.go_to(at(0, 0), false);
        assert!(sheet.fill_down().is_empty(), "nothing above");
    }

    fn labels(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn points(values: &[i32]) -> Points {
        let cells: Vec<Cell> = values.iter().map(|kw| Cell::Power(Power::from_kw(*kw))).collect();
        Points::new(cells.clone(), cells).unwrap()
    }

    #[test]
    fn takes_a_files_plan_in_where_it_says_something_else() {
        let mut sheet = day(3);
        sheet.apply(sheet.replace(0, &points(&[1, 2, 3])));
        let file = Points::new(points(&[1, 5, 3]).series(Series::Pplan).to_vec(), vec![Cell::Empty; 3]).unwrap();
        let edits = sheet.take_in(0, &file);
        assert_eq!(edits.len(), 1, "one value differs, own use is not stated");
        sheet.apply(edits);
        assert_eq!([0, 1, 2].map(|row| kw(&sheet, row, 0)), [Some(1), Some(5), Some(3)]);
        assert_eq!(kw(&sheet, 1, 1), Some(2));
        assert!(sheet.undo().len() == 1 && kw(&sheet, 1, 0) == Some(2), "one step back");
        assert!(sheet.take_in(0, &points(&[1, 2])).is_empty(), "a day of other hours");
    }

    #[test]
    fn copies_hour_by_hour_whatever_the_clocks_do() {
        let usual = Copied { labels: labels(&["01–02", "02–03", "03–04"]), points: points(&[1, 2, 3]) };
        let mut long = day(4);
        long.apply(long.copy_from(0, &labels(&["01–02", "02–03", "02–03 A", "03–04"]), &usual));
        assert_eq!([0, 1, 2, 3].map(|row| kw(&long, row, 0)), [Some(1), Some(2), Some(2), Some(3)]);
        let mut short = day(2);
        short.apply(short.copy_from(0, &labels(&["01–02", "03–04"]), &usual));
        assert_eq!([0, 1].map(|row| kw(&short, row, 1)), [Some(1), Some(3)]);
        let lacking = Copied { labels: labels(&["01–02", "03–04"]), points: points(&[8, 9]) };
        let mut usual_day = day(3);
        usual_day.apply(usual_day.copy_from(0, &usual.labels, &lacking));
        assert_eq!([0, 1, 2].map(|row| kw(&usual_day, row, 0)), [Some(8), None, Some(9)]);
    }
}
