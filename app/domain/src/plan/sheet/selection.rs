//! Which cells are selected, and how keys move the selection.

use super::{Cell, Sheet};

/// A cell by row and column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Row, from 0.
    pub row: usize,
    /// Column, from 0.
    pub column: usize,
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Its upper left cell.
    pub from: Position,
    /// Its lower right cell.
    pub to: Position,
}

impl Area {
    /// The rectangle with these two corners.
    pub fn between(one: Position, other: Position) -> Self {
        let corner = |pick: fn(usize, usize) -> usize| Position {
            row: pick(one.row, other.row),
            column: pick(one.column, other.column),
        };
        Self { from: corner(usize::min), to: corner(usize::max) }
    }

    /// How many rows it has.
    pub const fn rows(&self) -> usize {
        self.to.row - self.from.row + 1
    }

    /// How many columns it has.
    pub const fn columns(&self) -> usize {
        self.to.column - self.from.column + 1
    }

    /// Whether it is one cell.
    pub fn is_one(&self) -> bool {
        self.from == self.to
    }

    /// Whether a cell lies in it.
    pub fn contains(&self, at: Position) -> bool {
        (self.from.row..=self.to.row).contains(&at.row) && (self.from.column..=self.to.column).contains(&at.column)
    }

    /// Its cells, row by row.
    pub fn positions(self) -> impl Iterator<Item = Position> {
        let columns = self.from.column..=self.to.column;
        (self.from.row..=self.to.row).flat_map(move |row| columns.clone().map(move |column| Position { row, column }))
    }
}

/// What is selected: the rectangle between the anchor and the cell that was reached last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where it was begun; the cell that typing goes into.
    pub anchor: Position,
    /// Where it reaches to.
    pub head: Position,
    /// The cell that has the focus: where it reaches to while it grows, where it was begun once a whole block was selected.
    pub focus: Position,
}

impl Selection {
    /// Its rectangle.
    pub fn area(&self) -> Area {
        Area::between(self.anchor, self.head)
    }
}

/// Where a key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// One cell up.
    Up,
    /// One cell down.
    Down,
    /// One cell left.
    Left,
    /// One cell right.
    Right,
    /// The next cell, at the end of a row the first of the next one.
    Next,
    /// The cell before, at the start of a row the last of the one before.
    Previous,
    /// To the start of the row.
    RowStart,
    /// To the end of the row.
    RowEnd,
    /// To the first cell.
    First,
    /// To the last cell.
    Last,
    /// Up to the edge of what is filled or empty.
    EdgeUp,
    /// Down to the edge of what is filled or empty.
    EdgeDown,
    /// Left to the edge of what is filled or empty.
    EdgeLeft,
    /// Right to the edge of what is filled or empty.
    EdgeRight,
    /// So many rows up.
    PageUp(usize),
    /// So many rows down.
    PageDown(usize),
}

impl Sheet {
    /// What is selected.
    pub const fn selection(&self) -> Selection {
        self.selection
    }

    /// Selects a cell, or extends the selection to it.
    pub fn go_to(&mut self, at: Position, is_extending: bool) {
        let at = self.inside(at);
        self.selection.head = at;
        self.selection.focus = at;
        if !is_extending {
            self.selection.anchor = at;
        }
    }

    /// Selects a rectangle. The focus stays at its upper left cell, where typing goes; the selection grows from the lower
    /// right one.
    pub fn select(&mut self, area: Area) {
        let (from, to) = (self.inside(area.from), self.inside(area.to));
        self.selection = Selection { anchor: from, head: to, focus: from };
    }

    /// Selects everything.
    pub fn select_all(&mut self) {
        self.select(Area { from: Position::default(), to: Position { row: usize::MAX, column: usize::MAX } });
    }

    /// Moves the focus, or extends the selection with it. Whether it went anywhere.
    pub fn step(&mut self, direction: Direction, is_extending: bool) -> bool {
        let before = self.selection;
        let from = if is_extending { before.head } else { before.anchor };
        self.go_to(self.target(from, direction), is_extending);
        self.selection != before
    }

    /// The nearest cell of the sheet.
    pub(super) fn inside(&self, at: Position) -> Position {
        Position {
            row: at.row.min(self.rows.saturating_sub(1)),
            column: at.column.min(self.columns.len().saturating_sub(1)),
        }
    }

    fn target(&self, from: Position, direction: Direction) -> Position {
        let (last_row, last_column) = (self.rows.saturating_sub(1), self.columns.len().saturating_sub(1));
        let Position { row, column } = from;
        let to = |row, column| Position { row, column };
        match direction {
            Direction::Up => to(row.saturating_sub(1), column),
            Direction::Down => to(row + 1, column),
            Direction::Left => to(row, column.saturating_sub(1)),
            Direction::Right => to(row, column + 1),
            Direction::Next if column < last_column => to(row, column + 1),
            Direction::Next if row < last_row => to(row + 1, 0),
            Direction::Previous if column > 0 => to(row, column - 1),
            Direction::Previous if row > 0 => to(row - 1, last_column),
            Direction::Next | Direction::Previous => from,
            Direction::RowStart => to(row, 0),
            Direction::RowEnd => to(row, last_column),
            Direction::First => to(0, 0),
            Direction::Last => to(last_row, last_column),
            Direction::EdgeUp => self.edge(from, |at| at.row.checked_sub(1).map(|row| to(row, column))),
            Direction::EdgeDown => self.edge(from, |at| (at.row < last_row).then(|| to(at.row + 1, column))),
            Direction::EdgeLeft => self.edge(from, |at| at.column.checked_sub(1).map(|column| to(row, column))),
            Direction::EdgeRight => self.edge(from, |at| (at.column < last_column).then(|| to(row, at.column + 1))),
            Direction::PageUp(rows) => to(row.saturating_sub(rows), column),
            Direction::PageDown(rows) => to(row + rows, column),
        }
    }

    /// As spreadsheets do: from a filled cell to the last filled one in a row; from the rim of it, or an empty cell, to the
    /// next filled one, or to the end.
    fn edge(&self, from: Position, next: impl Fn(Position) -> Option<Position>) -> Position {
        let is_filled = |at| self.cell(at).is_some_and(|cell| *cell != Cell::Empty);
        let Some(mut at) = next(from) else { return from };
        let is_run = is_filled(from) && is_filled(at);
        while let Some(beyond) = next(at) {
            if is_run && !is_filled(beyond) || !is_run && is_filled(at) {
                break;
            }
            at = beyond;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, day};
    use super::super::{Edit, Place, Series};
    use super::*;

    fn reached(sheet: &mut Sheet, direction: Direction) -> (usize, usize) {
        sheet.step(direction, false);
        let head = sheet.selection().head;
        (head.row, head.column)
    }

    #[test]
    fn arrows_stop_at_the_rim() {
        let mut sheet = day(24);
        assert_eq!(reached(&mut sheet, Direction::Up), (0, 0));
        assert_eq!(reached(&mut sheet, Direction::Right), (0, 1));
        assert_eq!(reached(&mut sheet, Direction::Right), (0, 1));
        assert_eq!(reached(&mut sheet, Direction::Last), (23, 1));
        assert_eq!(reached(&mut sheet, Direction::Down), (23, 1));
        assert_eq!(reached(&mut sheet, Direction::PageUp(10)), (13, 1));
        assert_eq!(reached(&mut sheet, Direction::RowStart), (13, 0));
    }

    #[test]
    fn tab_walks_through_all_cells_and_says_when_there_is_no_next() {
        let mut sheet = day(2);
        assert_eq!(reached(&mut sheet, Direction::Next), (0, 1));
        assert_eq!(reached(&mut sheet, Direction::Next), (1, 0));
        assert_eq!(reached(&mut sheet, Direction::Next), (1, 1));
        assert!(!sheet.step(Direction::Next, false));
        assert_eq!(reached(&mut sheet, Direction::Previous), (1, 0));
    }

    #[test]
    fn extending_keeps_the_anchor() {
        let mut sheet = day(24);
        sheet.go_to(at(3, 0), false);
        sheet.step(Direction::Down, true);
        sheet.step(Direction::Right, true);
        assert_eq!(sheet.selection().area(), Area::between(at(3, 0), at(4, 1)));
        sheet.step(Direction::Up, true);
        sheet.step(Direction::Up, true);
        assert_eq!(sheet.selection().area(), Area::between(at(2, 0), at(3, 1)));
    }

    #[test]
    fn control_and_an_arrow_jump_to_the_rim_of_what_is_filled() {
        let mut sheet = day(24);
        let filled = [2, 3, 4, 9]
            .map(|index| Edit { place: Place { plan: 0, series: Series::Pplan, index }, cell: Cell::typed("1") });
        sheet.apply(filled.to_vec());
        assert_eq!(reached(&mut sheet, Direction::EdgeDown), (2, 0));
        assert_eq!(reached(&mut sheet, Direction::EdgeDown), (4, 0));
        assert_eq!(reached(&mut sheet, Direction::EdgeDown), (9, 0));
        assert_eq!(reached(&mut sheet, Direction::EdgeDown), (23, 0));
        assert_eq!(reached(&mut sheet, Direction::EdgeUp), (9, 0));
        assert_eq!(reached(&mut sheet, Direction::EdgeRight), (9, 1));
        assert_eq!(reached(&mut sheet, Direction::EdgeLeft), (9, 0));
    }

    #[test]
    fn everything_is_selected_at_once() {
        let mut sheet = day(24);
        sheet.select_all();
        assert_eq!(sheet.selection().area(), Area::between(at(0, 0), at(23, 1)));
        assert_eq!(sheet.selection().area().positions().count(), 48);
    }

    #[test]
    fn a_block_keeps_the_focus_where_typing_goes_and_grows_from_its_other_corner() {
        let mut sheet = day(24);
        sheet.select(Area::between(at(2, 0), at(4, 1)));
        assert_eq!(sheet.selection().focus, at(2, 0));
        sheet.step(Direction::Down, true);
        assert_eq!(sheet.selection().area(), Area::between(at(2, 0), at(5, 1)));
        assert_eq!(sheet.selection().focus, at(5, 1));
        assert_eq!(reached(&mut sheet, Direction::Down), (3, 0));
    }
}
