//! Blocks of cells as spreadsheets put them on the clipboard: rows in lines, cells between tabs.

use std::borrow::Cow;

use super::{Area, Cell, CellFault, Edit, Position, Sheet, rules};

/// Largest block that is looked at: more than any sheet shows.
const MOST_CELLS: usize = 200_000;

/// A rectangle of texts from the clipboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block<'a> {
    rows: Vec<Vec<Cow<'a, str>>>,
}

impl<'a> Block<'a> {
    /// Reads what a spreadsheet put on the clipboard. Cells with tabs, line ends or quotation marks stand in quotation marks,
    /// with those inside doubled. The line end after the last row means nothing.
    pub fn parse(text: &'a str) -> Self {
        let (mut rows, mut row) = (Vec::new(), Vec::new());
        let (mut rest, mut count) = (text, 0_usize);
        while !rest.is_empty() && count <= MOST_CELLS {
            let (cell, end) = take_cell(rest);
            row.push(cell);
            count += 1;
            if let Some(next) = end.strip_prefix('\t') {
                if next.is_empty() {
                    row.push(Cow::default());
                }
                rest = next;
            } else {
                rows.push(std::mem::take(&mut row));
                rest = end.strip_prefix('\n').unwrap_or_default();
            }
        }
        if !row.is_empty() {
            rows.push(row);
        }
        Self { rows }
    }

    /// How many rows there are.
    pub const fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many cells the longest row has.
    pub fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or_default()
    }

    fn get(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", |cell| cell)
    }
}

/// The first cell of a text, and the text from the tab or line end after it on.
fn take_cell(text: &str) -> (Cow<'_, str>, &str) {
    let Some(mut rest) = text.strip_prefix('"') else {
        let (cell, rest) = take_bare(text);
        return (cell.into(), rest);
    };
    let mut cell = String::new();
    while let Some((part, after)) = rest.split_once('"') {
        cell.push_str(part);
        let Some(doubled) = after.strip_prefix('"') else {
            let (part, rest) = take_bare(after);
            return ((cell + part).into(), rest);
        };
        cell.push('"');
        rest = doubled;
    }
    // It never ended.
    ((cell + rest).into(), "")
}

fn take_bare(text: &str) -> (&str, &str) {
    let (cell, rest) = text.split_at(text.find(['\t', '\n']).unwrap_or(text.len()));
    (cell.trim_end_matches('\r'), rest)
}

/// Why a pasted cell does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasteFault {
    /// It would lie beyond the last row or column.
    Outside,
    /// The day has no such hour.
    NoSuchHour,
    /// The plan may not be changed.
    Closed,
    /// It is not a number.
    NotANumber,
}

/// What a paste would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paste {
    /// What would be written.
    pub edits: Vec<Edit>,
    /// Where it would go, as far as it is inside.
    pub area: Option<Area>,
    /// What does not fit: where in the block, the text, and why. Texts that are no numbers are among the edits too. A number
    /// with too many decimals is an edit only: its cell tells what is wrong, as when it was typed.
    pub misfits: Vec<(Position, String, PasteFault)>,
}

impl Sheet {
    /// What pasting a block onto the selection would do. One cell fills the selection; a selection that is a multiple of the
    /// block is tiled with it; otherwise the block starts at the upper left cell.
    pub fn paste(&self, block: &Block<'_>) -> Paste {
        let area = self.selection().area();
        let (rows, columns) = (block.rows(), block.columns());
        let mut paste = Paste::default();
        if rows == 0 || columns == 0 {
            return paste;
        }
        let is_tiled = area.rows().is_multiple_of(rows) && area.columns().is_multiple_of(columns);
        let (height, width) = if is_tiled { (area.rows(), area.columns()) } else { (rows, columns) };
        for (row, column) in (0..height).flat_map(|row| (0..width).map(move |column| (row, column))) {
            let text = block.get(row % rows, column % columns);
            let at = Position { row: area.from.row + row, column: area.from.column + column };
            let fault = if at.row >= self.rows() || at.column >= self.columns().len() {
                Some(PasteFault::Outside)
            } else if self.place(at).is_none() {
                Some(PasteFault::NoSuchHour)
            } else if self.is_open(at) {
                None
            } else {
                Some(PasteFault::Closed)
            };
            let within = Position { row: row % rows, column: column % columns };
            match (fault, self.place(at)) {
                (None, Some(place)) => {
                    let cell = Cell::typed(text);
                    if let Cell::Text(kept) = &cell
                        && rules::fault_of_text(kept) == CellFault::NotANumber
                    {
                        paste.misfits.push((within, text.to_owned(), PasteFault::NotANumber));
                    }
                    paste.edits.push(Edit { place, cell });
                }
                // Emptiness that does not fit is nobody's loss.
                (Some(fault), _) if !text.trim().is_empty() => paste.misfits.push((within, text.to_owned(), fault)),
                _ => {}
            }
        }
        let to = Position { row: area.from.row + height - 1, column: area.from.column + width - 1 };
        paste.area = Some(Area { from: area.from, to: self.inside(to) });
        paste
    }

    /// The selection as spreadsheets take it. `show` writes a cell as the reader's language does.
    pub fn copy(&self, show: impl Fn(&Cell) -> String) -> String {
        let area = self.selection().area();
        let mut text = String::new();
        for row in area.from.row..=area.to.row {
            for column in area.from.column..=area.to.column {
                if column > area.from.column {
                    text.push('\t');
                }
                if let Some(cell) = self.cell(Position { row, column }) {
                    text.push_str(&show(cell));
                }
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, day};
    use super::super::{Place, Series};
    use super::*;
    use proptest::prelude::*;

    fn show(cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Power(power) => power.to_string().replace('.', ","),
            Cell::Text(text) => text.to_string(),
        }
    }

    #[test]
    fn reads_lines_tabs_and_quotation_marks() {
        let block = Block::parse("1\t\"2\"\"x\"\r\n\"a\nb\"\t4\r\n");
        assert_eq!(block.rows, [["1", "2\"x"], ["a\nb", "4"]]);
        assert_eq!(Block::parse("").rows(), 0);
        assert_eq!(Block::parse("\n").rows, [[""]]);
        assert_eq!(Block::parse("1\t\n\t2\t").rows, [vec!["1", ""], vec!["", "2", ""]]);
        assert_eq!(Block::parse("\"1\"2\r\n3\"\t\"4\t").rows, [vec!["12"], vec!["3\"", "4\t"]]);
        assert_eq!(Block::parse("5").rows, [["5"]]);
        assert_eq!((Block::parse("1\n2\t3").rows(), Block::parse("1\n2\t3").columns()), (2, 2));
    }

    #[test]
    fn a_block_starts_at_the_selected_cell() {
        let mut sheet = day(24);
        sheet.go_to(at(2, 0), false);
        let paste = sheet.paste(&Block::parse("1,5\t0,1\n2,5\t0,2\n"));
        assert_eq!(paste.misfits, []);
        assert_eq!(paste.area, Some(Area::between(at(2, 0), at(3, 1))));
        sheet.apply(paste.edits);
        assert_eq!(sheet.cell(at(3, 1)), Some(&Cell::typed("0,2")));
    }

    #[test]
    fn one_cell_fills_the_selection_and_a_block_tiles_it() {
        let mut sheet = day(24);
        sheet.select(Area::between(at(0, 0), at(3, 1)));
        assert_eq!(sheet.paste(&Block::parse("7")).edits.len(), 8);
        let tiled = sheet.paste(&Block::parse("1\n2"));
        assert_eq!(tiled.edits.len(), 8);
        assert_eq!(tiled.edits[4].cell, Cell::typed("1"));
        assert_eq!(sheet.paste(&Block::parse("1\n2\n3")).edits.len(), 3, "no multiple: once");
    }

    #[test]
    fn says_what_does_not_fit() {
        let mut sheet = day(24);
        sheet.go_to(at(23, 1), false);
        let paste = sheet.paste(&Block::parse("x\t1\n2\t\n"));
        assert_eq!(paste.edits.len(), 1);
        let faults: Vec<_> = paste.misfits.iter().map(|(at, _, fault)| (at.row, at.column, *fault)).collect();
        assert_eq!(faults, [(0, 0, PasteFault::NotANumber), (0, 1, PasteFault::Outside), (1, 0, PasteFault::Outside)]);
    }

    #[test]
    fn reads_pasted_numbers_as_typed_ones_and_tells_the_same() {
        let mut sheet = day(24);
        let paste = sheet.paste(&Block::parse("0,4125\n,5\n5,\n+1\n"));
        assert_eq!(paste.misfits, []);
        sheet.apply(paste.edits);
        assert_eq!(sheet.fault(at(0, 0)), Some(CellFault::TooFine));
        for (row, kw) in [(1, 500), (2, 5_000), (3, 1_000)] {
            assert_eq!(sheet.cell(at(row, 0)).and_then(Cell::power), Some(crate::plan::Power::from_kw(kw)));
        }
        for text in ["0,4125", "abc", "100000"] {
            sheet.go_to(at(5, 0), false);
            sheet.apply(sheet.paste(&Block::parse(text)).edits);
            sheet.go_to(at(6, 0), false);
            sheet.apply(sheet.type_in(text));
            assert_eq!(sheet.fault(at(5, 0)), sheet.fault(at(6, 0)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_copied_is_pasted_back(values in proptest::collection::vec(0_i32..50_000, 24)) {
            let mut sheet = day(24);
            let edits = values.iter().enumerate().map(|(index, kw)| Edit {
                place: Place { plan: 0, series: Series::Pplan, index },
                cell: Cell::Power(crate::plan::Power::from_kw(*kw)),
            });
            sheet.apply(edits.collect());
            let before = sheet.plans()[0].points.clone();
            sheet.select_all();
            let copied = sheet.copy(show);
            sheet.apply(sheet.clear());
            prop_assert!(sheet.plans()[0].points.is_empty());
            let paste = sheet.paste(&Block::parse(&copied));
            prop_assert_eq!(paste.misfits, []);
            sheet.apply(paste.edits);
            prop_assert_eq!(&sheet.plans()[0].points, &before);
        }

        #[test]
        fn never_panics_on_a_clipboard(text in "[0-9,;\"\t\n\r a]{0,60}", row in 0_usize..30, column in 0_usize..4) {
            let mut sheet = day(24);
            sheet.go_to(at(row, column), false);
            sheet.apply(sheet.paste(&Block::parse(&text)).edits);
        }
    }
}
