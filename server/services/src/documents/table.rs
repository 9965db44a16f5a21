//! A table that runs over as many sheets as it needs, with its header on each of them.
//!
//! Knows sheets and texts, not what the columns mean.

use std::ops::Range;

use krilla::tagging::{TableHeaderScope, Tag};

use super::sheets::{Element, Rgb, Role, Sheets};
use super::typeface::{Line, Style, fit, wrap};

/// Which edge of the column the text keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// One column.
pub(super) struct Column {
    /// Text of the header.
    pub title: String,
    /// Left edge in points.
    pub left_pt: f32,
    /// Width in points.
    pub width_pt: f32,
    /// Edge that texts keep to.
    pub align: Align,
}

/// What a row is, for the eye and for the ear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Ordinary cells.
    Body,
    /// The sums: bold, the first cell is the row's header.
    Total,
}

/// Room on the sheets, from the writing position down.
pub(super) struct Frame {
    /// Where the next thing starts, in points from the top of the sheet.
    pub position_pt: f32,
    /// Where the contents of a new sheet start and end.
    pub contents_pt: Range<f32>,
}

impl Frame {
    /// Whether this much fits on the current sheet.
    pub fn fits(&self, height_pt: f32) -> bool {
        self.position_pt + height_pt <= self.contents_pt.end
    }

    /// Goes on at the top of a new sheet.
    pub fn next_sheet(&mut self, sheets: &mut Sheets) {
        sheets.add();
        self.position_pt = self.contents_pt.start;
    }
}

const HEAD: Style = Style::bold(7.0);
const PADDING_PT: f32 = 4.5;
const RULE_PT: f32 = 0.5;

/// Colours of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    /// Cells.
    pub text: Rgb,
    /// Column titles.
    pub title: Rgb,
    /// Rules between rows.
    pub rule: Rgb,
}

/// A table being written.
pub(super) struct Table<'a> {
    columns: &'a [Column],
    body: Element,
    ink: Ink,
    style: Style,
}

impl<'a> Table<'a> {
    /// Starts a table with its header.
    pub fn start(sheets: &mut Sheets, frame: &mut Frame, columns: &'a [Column], style: Style, ink: Ink) -> Self {
        let table = sheets.element(None, Tag::Table);
        let head = sheets.element(Some(table), Tag::THead);
        let row = sheets.element(Some(head), Tag::TR);
        let titles: Vec<Element> =
            columns.iter().map(|_| sheets.element(Some(row), Tag::TH(TableHeaderScope::Column))).collect();
        let body = sheets.element(Some(table), Tag::TBody);
        let table = Self { columns, body, ink, style };
        table.head(sheets, frame, |column| Role::Content(titles[column]));
        table
    }

    /// Writes one row; one that does not fit goes to the next sheet as a whole, unless it is longer than a sheet.
    pub fn row(&self, sheets: &mut Sheets, frame: &mut Frame, kind: Row, cells: &[String]) {
        let style = match kind {
            Row::Body => self.style,
            Row::Total => Style::bold(self.style.size_pt),
        };
        let cells = cells.iter().zip(self.columns);
        let mut wrapped: Vec<_> = cells
            .map(|(cell, column)| match column.align {
                Align::Left => wrap(cell, style, column.width_pt),
                Align::Right => vec![fit(cell, style, column.width_pt)],
            })
            .map(Vec::into_iter)
            .collect();
        let depth = depth(&wrapped);
        if !frame.fits(height_pt(depth, style)) {
            self.break_sheet(sheets, frame);
        }
        let row = sheets.element(Some(self.body), Tag::TR);
        let elements: Vec<Element> = (0..wrapped.len())
            .map(|column| match (kind, column) {
                (Row::Total, 0) => sheets.element(Some(row), Tag::TH(TableHeaderScope::Row)),
                _ => sheets.element(Some(row), Tag::TD),
            })
            .collect();
        frame.position_pt += PADDING_PT;
        for _ in 0..depth {
            if !frame.fits(style.leading_pt()) {
                self.break_sheet(sheets, frame);
            }
            for (column, lines) in wrapped.iter_mut().enumerate() {
                if let Some(line) = lines.next() {
                    self.cell(sheets, frame, column, Role::Content(elements[column]), line, self.ink.text);
                }
            }
            frame.position_pt += style.leading_pt();
        }
        frame.position_pt += PADDING_PT;
        if kind == Row::Body {
            self.rule(sheets, frame, self.ink.rule);
        }
    }

    fn break_sheet(&self, sheets: &mut Sheets, frame: &mut Frame) {
        frame.next_sheet(sheets);
        self.head(sheets, frame, |_| Role::Pagination);
    }

    /// Titles stand on a common last line above a strong rule.
    fn head(&self, sheets: &mut Sheets, frame: &mut Frame, role: impl Fn(usize) -> Role) {
        let titles = self.columns.iter().map(|column| wrap(&column.title, HEAD, column.width_pt));
        let wrapped: Vec<_> = titles.map(Vec::into_iter).collect();
        let depth = depth(&wrapped);
        let top_pt = frame.position_pt;
        for (column, lines) in wrapped.into_iter().enumerate() {
            frame.position_pt = top_pt;
            for _ in lines.len()..depth {
                frame.position_pt += HEAD.leading_pt();
            }
            for line in lines {
                self.cell(sheets, frame, column, role(column), line, self.ink.title);
                frame.position_pt += HEAD.leading_pt();
            }
        }
        frame.position_pt += PADDING_PT;
        self.rule(sheets, frame, self.ink.title);
    }

    fn cell(&self, sheets: &mut Sheets, frame: &Frame, column: usize, role: Role, line: Line, colour: Rgb) {
        let Column { left_pt, width_pt, align, .. } = self.columns[column];
        let left_pt = match align {
            Align::Left => left_pt,
            Align::Right => left_pt + width_pt - line.visible_width_pt(),
        };
        let baseline_pt = frame.position_pt + line.style.size_pt;
        sheets.text(role, left_pt, baseline_pt, line, colour);
    }

    fn rule(&self, sheets: &mut Sheets, frame: &mut Frame, colour: Rgb) {
        let (Some(first), Some(last)) = (self.columns.first(), self.columns.last()) else { return };
        sheets.bar(first.left_pt, frame.position_pt, last.left_pt + last.width_pt - first.left_pt, RULE_PT, colour);
        frame.position_pt += RULE_PT;
    }
}

fn height_pt(depth: usize, style: Style) -> f32 {
    (0..depth).map(|_| style.leading_pt()).sum::<f32>() + 2.0 * PADDING_PT + RULE_PT
}

/// How many lines the deepest cell has.
fn depth(wrapped: &[std::vec::IntoIter<Line>]) -> usize {
    wrapped.iter().map(ExactSizeIterator::len).max().unwrap_or_default()
}
