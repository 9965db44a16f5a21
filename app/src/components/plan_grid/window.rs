//! Which part of a large sheet stands in the document: what is seen of it and a rim around that.

use std::ops::Range;

/// Sheets up to this size stand in the document whole.
const MOST_WHOLE_CELLS: usize = 480;
/// Rows and columns are drawn in steps, so that not every pixel of scrolling draws something.
const ROW_STEP: usize = 4;
const COLUMN_STEP: usize = 2;
/// What the server draws of a large sheet: a little more than a screen.
const FIRST_ROWS: usize = 32;
const FIRST_COLUMNS: usize = 12;

/// The rows and columns that are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

/// What is seen of a sheet, in pixels; without its head and its column of hours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sight {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Window {
    /// What is drawn before anybody has scrolled.
    pub fn first(rows: usize, columns: usize) -> Self {
        if is_small(rows, columns) {
            return Self { rows: 0..rows, columns: 0..columns };
        }
        Self { rows: 0..rows.min(FIRST_ROWS), columns: 0..columns.min(FIRST_COLUMNS) }
    }

    /// What has to be drawn for a sight of a sheet whose cells have this size.
    pub fn around(sight: Sight, cell: (f64, f64), rows: usize, columns: usize) -> Self {
        if is_small(rows, columns) {
            return Self::first(rows, columns);
        }
        Self {
            rows: seen(sight.top, sight.height, cell.1, ROW_STEP, rows),
            columns: seen(sight.left, sight.width, cell.0, COLUMN_STEP, columns),
        }
    }
}

fn is_small(rows: usize, columns: usize) -> bool {
    rows * columns <= MOST_WHOLE_CELLS
}

/// The places between `from` and `from + size`, a step more on both sides, in whole steps.
fn seen(from: f64, size: f64, each: f64, step: usize, count: usize) -> Range<usize> {
    let each = each.max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places within a sheet, made positive")]
    let place = |pixels: f64| (pixels.max(0.0) / each) as usize;
    let first = place(from).saturating_sub(step) / step * step;
    let end = (place(from + size) + 1 + step).div_ceil(step) * step;
    first.min(count)..end.min(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_sheet_is_drawn_whole() {
        assert_eq!(Window::first(25, 18), Window { rows: 0..25, columns: 0..18 });
        let sight = Sight { top: 400.0, height: 100.0, ..Sight::default() };
        assert_eq!(Window::around(sight, (100.0, 32.0), 25, 2), Window { rows: 0..25, columns: 0..2 });
    }

    #[test]
    fn of_a_large_sheet_what_is_seen_is_drawn_with_a_rim() {
        let sight = Sight { left: 1_000.0, top: 640.0, width: 900.0, height: 640.0 };
        let window = Window::around(sight, (100.0, 32.0), 96, 100);
        assert_eq!(window, Window { rows: 16..48, columns: 8..22 });
        assert_eq!(Window::around(Sight::default(), (100.0, 32.0), 96, 100).rows.start, 0);
    }

    proptest! {
        #[test]
        fn whatever_is_seen_is_drawn(top in 0.0_f64..4_000.0, left in 0.0_f64..20_000.0, height in 0.0_f64..2_000.0) {
            let window = Window::around(Sight { left, top, width: 1_000.0, height }, (112.0, 32.0), 100, 100);
            for row in 0..100_u8 {
                let (from, to) = (f64::from(row) * 32.0, f64::from(row + 1) * 32.0);
                let is_seen = to > top && from < top + height;
                prop_assert!(!is_seen || window.rows.contains(&usize::from(row)));
            }
            prop_assert!(window.rows.end <= 100 && window.columns.end <= 100);
        }
    }
}
