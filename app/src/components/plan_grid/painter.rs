//! The grid in the document: draws what comes into sight, and changes single cells in place. No signal, no component: an
//! edit touches the cells that it changed and nothing else.

use openbok_domain::plan::sheet::{Area, Place, Position, Selection, Sheet};
use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlCollection, HtmlElement, Node};

use super::face::Face;
use super::window::{Sight, Window};

/// So many cells tell screen readers at once what they are called and whether they are selected. Where more change between two
/// frames, the others follow with what surrounds the grid: nobody hears of them all.
const FEW: usize = 16;

/// The grid's element and what is drawn in it.
pub struct Painter {
    grid: HtmlElement,
    heads: HtmlElement,
    hours: HtmlElement,
    rows: HtmlElement,
    frame: HtmlElement,
    window: Window,
    sight: Sight,
    /// Width and height of a cell.
    cell: (f64, f64),
    /// Width of the column of hours, height of the row of heads.
    rim: (f64, f64),
    /// Whether the grid itself is what Tab comes to.
    is_standing_in: bool,
    /// Which of the drawn cells carry a mark, row by row: most have none, and taking away what is not there takes its time.
    marked: RefCell<Vec<bool>>,
    /// Cells whose names are not those of their values yet.
    unnamed: RefCell<Vec<Position>>,
    /// What the cells say is selected.
    told: Selection,
    /// The row and the cell of it that are painted after all the others.
    raised: Option<[Element; 2]>,
}

/// Whether the page follows the focus when it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// As far as it takes to see it.
    Follows,
    /// Nothing moves, as where a whole block was selected whose end may be out of sight.
    Stays,
}

impl Painter {
    /// Takes over what the server drew; nothing when it is not there.
    pub fn find(grid: &HtmlElement, face: &Face, sheet: &Sheet) -> Option<Self> {
        let part = |class: &str| grid.query_selector(class).ok().flatten()?.dyn_into::<HtmlElement>().ok();
        let mut painter = Self {
            heads: part(".plan-grid__heads")?,
            hours: part(".plan-grid__hours")?,
            rows: part(".plan-grid__rows")?,
            frame: part(".plan-grid__frame")?,
            grid: grid.clone(),
            window: Window::first(sheet.rows(), face.columns(sheet)),
            sight: Sight::default(),
            cell: (0.0, 0.0),
            rim: (0.0, 0.0),
            is_standing_in: false,
            marked: RefCell::default(),
            unnamed: RefCell::default(),
            told: sheet.selection(),
            raised: None,
        };
        painter.look_for_marks();
        painter.measure(face, sheet);
        Some(painter)
    }

    /// The grid's own element.
    pub const fn grid(&self) -> &HtmlElement {
        &self.grid
    }

    /// How many rows are seen at a time.
    pub fn page(&self) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
        let rows = (self.sight.height / self.cell.1.max(1.0)) as usize;
        rows.saturating_sub(1).max(1)
    }

    /// Looks how large everything is, after the window or the text has changed its size.
    pub fn measure(&mut self, face: &Face, sheet: &Sheet) {
        let size = |class: &str| {
            let part = self.grid.query_selector(class).ok().flatten();
            part.map_or((0.0, 0.0), |part| {
                let bounds = part.get_bounding_client_rect();
                (bounds.width(), bounds.height())
            })
        };
        self.cell = size(".plan-grid__cell");
        self.rim = (size(".plan-grid__corner").0, size(".plan-grid__heads").1);
        self.sight.width = f64::from(self.grid.client_width()) - self.rim.0;
        self.sight.height = f64::from(self.grid.client_height()) - self.rim.1;
        let (rows, columns) = (sheet.rows(), face.columns(sheet));
        let is_whole = self.window == Window { rows: 0..rows, columns: 0..columns };
        if !is_whole && self.cell.0 > 0.0 {
            let width = self.rim.0 + self.cell.0 * as_pixels(columns);
            set(&self.heads, "inline-size", width);
            set(&self.rows, "inline-size", width);
            set(&self.rows, "block-size", self.cell.1 * as_pixels(rows));
            self.scrolled(face, sheet);
        }
        self.frame_selection(sheet.selection());
    }

    /// Draws what has come into sight.
    pub fn scrolled(&mut self, face: &Face, sheet: &Sheet) {
        self.look_from(f64::from(self.grid.scroll_left()), f64::from(self.grid.scroll_top()));
        self.draw_sight(face, sheet);
    }

    fn look_from(&mut self, left: f64, top: f64) {
        let is_aside = left > 0.0;
        if is_aside != (self.sight.left > 0.0) {
            // Under the hours lie the heads of the rows at first, which take clicks themselves; later cells, which must not.
            let clicks = if is_aside { "auto" } else { "none" };
            // Browsers know this property.
            let _ = self.hours.style().set_property("pointer-events", clicks);
        }
        (self.sight.left, self.sight.top) = (left, top);
    }

    fn draw_sight(&mut self, face: &Face, sheet: &Sheet) {
        let window = Window::around(self.sight, self.cell, sheet.rows(), face.columns(sheet));
        if window == self.window {
            return;
        }
        let has_focus = self.has_focus();
        // What is drawn anew says at once what is selected; the others must not fall behind it.
        self.tell_selection(sheet.selection());
        self.draw(face, sheet, window);
        self.look_for_marks();
        self.keep_reachable(sheet.selection().focus);
        if has_focus && !self.has_focus() {
            self.focus(sheet.selection().focus);
        }
    }

    /// Draws everything in sight anew.
    pub fn redraw(&mut self, face: &Face, sheet: &Sheet) {
        let has_focus = self.has_focus();
        self.rows.set_inner_html(&face.rows(sheet, &self.window));
        self.told = sheet.selection();
        self.look_for_marks();
        if has_focus {
            self.focus(sheet.selection().focus);
        }
        self.frame_selection(sheet.selection());
    }

    fn look_for_marks(&self) {
        let mut marked = self.marked.borrow_mut();
        marked.clear();
        marked.resize(self.window.rows.len() * self.window.columns.len(), false);
        let Ok(found) = self.rows.query_selector_all(".plan-grid__cell:is([aria-invalid], [title])") else { return };
        let cells = (0..found.length()).filter_map(|number| found.item(number)?.dyn_into().ok());
        for (row, column) in cells.filter_map(|cell: Element| Self::find_part(&cell)) {
            // They are counted from the heads, where no cell is.
            let at = Position { row: row.saturating_sub(1), column: column.saturating_sub(1) };
            if let Some(is_marked) = marked.get_mut(self.number_of(at)) {
                *is_marked = true;
            }
        }
    }

    /// The number of a drawn cell, row by row.
    fn number_of(&self, at: Position) -> usize {
        (at.row - self.window.rows.start) * self.window.columns.len() + at.column - self.window.columns.start
    }

    fn draw(&mut self, face: &Face, sheet: &Sheet, window: Window) {
        let before = std::mem::replace(&mut self.window, window);
        let window = &self.window;
        let rows = common(&before.rows, &window.rows);
        let columns = common(&before.columns, &window.columns);
        if before.columns != window.columns {
            change_columns(&self.heads, &before.columns, &window.columns, |columns| face.heads(sheet, columns));
        }
        if rows.is_empty() || columns.is_empty() {
            self.rows.set_inner_html(&face.rows(sheet, window));
        } else {
            for _ in before.rows.start..rows.start {
                self.rows.first_element_child().inspect(Element::remove);
            }
            for _ in rows.end..before.rows.end {
                self.rows.last_element_child().inspect(Element::remove);
            }
            if before.columns != window.columns {
                let mut next = self.rows.first_element_child();
                for row in rows.clone() {
                    let Some(element) = next else { break };
                    change_columns(&element, &before.columns, &window.columns, |columns| {
                        face.cells(sheet, row, columns)
                    });
                    next = element.next_element_sibling();
                }
            }
            let part = |rows: Range<usize>| face.rows(sheet, &Window { rows, columns: window.columns.clone() });
            insert(&self.rows, "afterbegin", &part(window.rows.start..rows.start));
            insert(&self.rows, "beforeend", &part(rows.end..window.rows.end));
        }
        if before.rows != window.rows {
            self.hours.set_inner_html(&face.hours(window.rows.clone()));
        }
        if before.rows.start != window.rows.start {
            let skipped = self.cell.1 * as_pixels(window.rows.start);
            set(&self.hours, "--skipped", skipped);
            set(&self.rows, "padding-block-start", skipped);
        }
        if before.columns.start != window.columns.start {
            let skipped = self.cell.0 * as_pixels(window.columns.start);
            set(&self.heads, "--skipped", skipped);
            set(&self.rows, "--skipped", skipped);
        }
    }

    /// The element of a cell, if it is drawn.
    pub fn find_cell(&self, at: Position) -> Option<HtmlElement> {
        if !self.window.rows.contains(&at.row) || !self.window.columns.contains(&at.column) {
            return None;
        }
        let row = self.rows.children().item(as_index(at.row - self.window.rows.start))?;
        Some(row.children().item(as_index(1 + at.column - self.window.columns.start))?.unchecked_into())
    }

    /// Lets a cell be painted after all the others, until another one is: the cursor in it is a layer of its own to browsers, and
    /// makes layers of what is painted after it, two in each row. For coming down again a cell would be laid out, so that it
    /// stays until somebody types elsewhere.
    pub fn raise(&mut self, cell: &HtmlElement) {
        let Some(row) = cell.parent_element() else { return };
        let raised = [row, cell.clone().into()];
        let lowered = self.raised.replace(raised.clone()).filter(|before| *before != raised);
        lowered.inspect(|before| set_raised(before, false));
        set_raised(&raised, true);
    }

    /// Draws the cells of intervals whose values changed. Own use may be right or wrong by the net generation of the same
    /// interval, so both are drawn.
    pub fn paint_changes(&self, face: &Face, sheet: &Sheet, changed: &[Place]) {
        let mut is_changed = vec![false; self.window.rows.len() * self.window.columns.len()];
        for at in changed.iter().flat_map(|place| self.find_interval(sheet, *place)) {
            is_changed[self.number_of(at)] = true;
        }
        let cells = cross(&self.window.rows, &self.window.columns);
        self.paint(face, sheet, cells.filter(|at| is_changed[self.number_of(*at)]));
    }

    /// The drawn cells of a value's interval: one for each of its series that is shown.
    fn find_interval(&self, sheet: &Sheet, place: Place) -> impl Iterator<Item = Position> {
        let rows = &sheet.plans()[place.plan].rows;
        let is_of_plan =
            move |column: &usize| sheet.columns().get(*column).is_some_and(|column| column.plan == place.plan);
        self.window.columns.clone().filter(is_of_plan).filter_map(move |column| {
            let row = self.window.rows.clone().find(|row| rows[*row] == Some(place.index))?;
            Some(Position { row, column })
        })
    }

    /// Draws cells as they are now. They come row by row.
    pub fn paint(&self, face: &Face, sheet: &Sheet, cells: impl IntoIterator<Item = Position>) {
        let (mut marked, mut unnamed) = (self.marked.borrow_mut(), self.unnamed.borrow_mut());
        let mut named = 0;
        self.visit(cells.into_iter(), |at, cell| {
            let look = face.look(sheet, at);
            write(cell, &look.text);
            if named < FEW {
                named += 1;
                name(cell, &face.label(sheet, at, &look.text));
            } else {
                unnamed.push(at);
            }
            let is_marked = look.marks.iter().any(|(_, value)| value.is_some());
            let was_marked = std::mem::replace(&mut marked[self.number_of(at)], is_marked);
            if !is_marked && !was_marked {
                return;
            }
            // These names are fit for attributes.
            for (name, value) in look.marks {
                let _ = match value {
                    Some(value) => cell.set_attribute(name, &value),
                    None => cell.remove_attribute(name),
                };
            }
        });
    }

    /// Goes through those of the cells that are drawn. They come row by row.
    fn visit(&self, cells: impl Iterator<Item = Position>, mut work: impl FnMut(Position, &Element)) {
        let rows = self.rows.children();
        let mut row: Option<(usize, HtmlCollection)> = None;
        for at in cells.filter(|at| self.window.rows.contains(&at.row) && self.window.columns.contains(&at.column)) {
            if row.as_ref().is_none_or(|(number, _)| *number != at.row) {
                let element = rows.item(as_index(at.row - self.window.rows.start));
                row = element.map(|element| (at.row, element.children()));
            }
            let cells = row.as_ref().map(|(_, cells)| cells);
            if let Some(cell) = cells.and_then(|cells| cells.item(as_index(1 + at.column - self.window.columns.start)))
            {
                work(at, &cell);
            }
        }
    }

    /// Frames what is selected now.
    pub fn select(&mut self, now: Selection) {
        let count = |area: Area| area.rows() * area.columns();
        if count(self.told.area()) + count(now.area()) <= FEW {
            self.tell_selection(now);
        }
        self.frame_selection(now);
    }

    /// Lets every cell say what it is called and whether it is selected.
    pub fn tell(&mut self, face: &Face, sheet: &Sheet) {
        let unnamed = self.unnamed.take();
        self.visit(unnamed.into_iter(), |at, cell| {
            name(cell, &face.label(sheet, at, &face.look(sheet, at).text));
        });
        self.tell_selection(sheet.selection());
    }

    fn tell_selection(&mut self, now: Selection) {
        let (old, new) = (std::mem::replace(&mut self.told, now).area(), now.area());
        let left = self.drawn(old).filter(|at| !new.contains(*at));
        self.visit(left, |_, cell| drop(cell.set_attribute("aria-selected", "false")));
        let joined = self.drawn(new).filter(|at| !old.contains(*at));
        self.visit(joined, |_, cell| drop(cell.set_attribute("aria-selected", "true")));
    }

    /// Moves the focus from one cell to another. Browsers lay the page out for it, and once more for the cell with the
    /// focus when it is no longer to be reached; so this comes first, and the cell is left before it changes.
    pub fn move_focus(&mut self, before: Position, now: Position, scroll: Scroll) {
        if before == now {
            return self.focus_with(now, scroll);
        }
        self.keep_reachable(now);
        self.focus_with(now, scroll);
        self.find_cell(before).inspect(|cell| cell.set_tab_index(-1));
    }

    /// The cell with the focus is the one that Tab comes to; where it is not drawn, the grid itself stands in for it.
    fn keep_reachable(&mut self, focus: Position) {
        let cell = self.find_cell(focus);
        if self.is_standing_in != cell.is_none() {
            self.is_standing_in = cell.is_none();
            self.grid.set_tab_index(if self.is_standing_in { 0 } else { -1 });
        }
        cell.inspect(|cell| cell.set_tab_index(0));
    }

    fn drawn(&self, area: Area) -> impl Iterator<Item = Position> {
        let rows = common(&(area.from.row..area.to.row + 1), &self.window.rows);
        let columns = common(&(area.from.column..area.to.column + 1), &self.window.columns);
        cross(&rows, &columns)
    }

    /// Moves the frame in one go, and by a transformation, for which nothing is laid out.
    fn frame_selection(&self, selection: Selection) {
        let area = selection.area();
        let left = self.rim.0 + self.cell.0 * as_pixels(area.from.column);
        let top = self.rim.1 + self.cell.1 * as_pixels(area.from.row);
        let width = self.cell.0 * as_pixels(area.columns());
        let height = self.cell.1 * as_pixels(area.rows());
        // A cell alone needs no colour, and neither does what is being typed into it.
        let tint = if area.is_one() { ";background:none" } else { "" };
        self.frame.style().set_css_text(&format!(
            "transform:translate({},{});inline-size:{};block-size:{}{tint}",
            Pixels(left),
            Pixels(top),
            Pixels(width),
            Pixels(height)
        ));
    }

    /// Scrolls as little as it takes to see a cell.
    pub fn reveal(&mut self, face: &Face, sheet: &Sheet, at: Position) {
        let left = nearest(self.sight.left, self.sight.width, self.cell.0 * as_pixels(at.column), self.cell.0);
        let top = nearest(self.sight.top, self.sight.height, self.cell.1 * as_pixels(at.row), self.cell.1);
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
        if (left - self.sight.left).abs() > 0.5 || (top - self.sight.top).abs() > 0.5 {
            self.grid.set_scroll_left(left.round() as i32);
            self.grid.set_scroll_top(top.round() as i32);
            self.look_from(left.round(), top.round());
            self.draw_sight(face, sheet);
        }
    }

    /// Puts the focus on a cell, and scrolls the page to it.
    pub fn focus(&self, at: Position) {
        self.focus_with(at, Scroll::Follows);
    }

    fn focus_with(&self, at: Position, scroll: Scroll) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(scroll == Scroll::Stays);
        // What cannot take the focus leaves it where it is.
        let _ = self.find_cell(at).unwrap_or_else(|| self.grid.clone()).focus_with_options(&options);
    }

    /// Whether the focus is in the grid.
    pub fn has_focus(&self) -> bool {
        let focused = leptos::prelude::document().active_element();
        focused.is_some_and(|focused| self.grid.contains(Some(&focused)))
    }

    /// The cell that lies under a point of the window, or nearest to it.
    pub fn position_at(&self, x: i32, y: i32, sheet: &Sheet) -> Position {
        let bounds = self.grid.get_bounding_client_rect();
        let x = f64::from(x) - bounds.left() - self.rim.0 + self.sight.left;
        let y = f64::from(y) - bounds.top() - self.rim.1 + self.sight.top;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made positive, and bounded below")]
        let place = |pixels: f64, each: f64| (pixels.max(0.0) / each.max(1.0)) as usize;
        let (last_row, last_column) = (sheet.rows().saturating_sub(1), sheet.columns().len().saturating_sub(1));
        Position { row: place(y, self.cell.1).min(last_row), column: place(x, self.cell.0).min(last_column) }
    }

    /// The place in the sheet of what was clicked on: its row and column, counted from the heads, which are 0.
    pub fn find_part(target: &Element) -> Option<(usize, usize)> {
        let cell = target.closest("[aria-colindex]").ok().flatten()?;
        let row = cell.closest("[aria-rowindex]").ok().flatten()?;
        let index = |element: &Element, name: &str| -> Option<usize> {
            element.get_attribute(name)?.parse::<usize>().ok()?.checked_sub(1)
        };
        Some((index(&row, "aria-rowindex")?, index(&cell, "aria-colindex")?))
    }
}

/// Takes out of a row the cells that have left the sight, and puts those in that have come into it. Its first child is its
/// head.
fn change_columns(row: &Element, before: &Range<usize>, now: &Range<usize>, html: impl Fn(Range<usize>) -> String) {
    let kept = common(before, now);
    let children = row.children();
    let (front, back) =
        if kept.is_empty() { (before.len(), 0) } else { (kept.start - before.start, before.end - kept.end) };
    for _ in 0..front {
        children.item(1).inspect(Element::remove);
    }
    for _ in 0..back {
        row.last_element_child().inspect(Element::remove);
    }
    if kept.is_empty() {
        insert(row, "beforeend", &html(now.clone()));
        return;
    }
    if let Some(head) = children.item(0).filter(|_| now.start < kept.start) {
        insert(&head, "afterend", &html(now.start..kept.start));
    }
    if kept.end < now.end {
        insert(row, "beforeend", &html(kept.end..now.end));
    }
}

fn set_raised([row, cell]: &[Element; 2], is_raised: bool) {
    for (element, class) in [(row, "plan-grid__row--raised"), (cell, "plan-grid__cell--raised")] {
        // These words are fit for classes.
        let _ = element.class_list().toggle_with_force(class, is_raised);
    }
}

fn name(cell: &Element, name: &str) {
    // This name is fit for an attribute.
    let _ = cell.set_attribute("aria-label", name);
}

/// Writes a cell's text into the one that is there: browsers need not make another one and find it a place. Where something
/// is being typed, the field goes.
fn write(cell: &Element, text: &str) {
    match cell.first_child().filter(|child| child.node_type() == Node::TEXT_NODE) {
        Some(there) => there.set_node_value(Some(text)),
        None => cell.set_text_content(Some(text)),
    }
}

fn insert(element: &Element, place: &str, html: &str) {
    if !html.is_empty() {
        // These places exist in every element of a document.
        let _ = element.insert_adjacent_html(place, html);
    }
}

/// The cells where rows and columns meet, row by row.
fn cross(rows: &Range<usize>, columns: &Range<usize>) -> impl Iterator<Item = Position> + use<> {
    let (rows, columns) = (rows.clone(), columns.clone());
    rows.flat_map(move |row| columns.clone().map(move |column| Position { row, column }))
}

fn common(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    let start = one.start.max(other.start);
    start..one.end.min(other.end).max(start)
}

/// Where to scroll to, so that something of this size at this place is seen.
fn nearest(scrolled: f64, sight: f64, place: f64, size: f64) -> f64 {
    if place < scrolled {
        place
    } else if place + size > scrolled + sight {
        (place + size - sight).max(0.0)
    } else {
        scrolled
    }
}

fn set(element: &HtmlElement, property: &str, pixels: f64) {
    // A property that cannot be set leaves a cell a little out of place.
    let _ = element.style().set_property(property, &Pixels(pixels).to_string());
}

/// A length from 0, written with two digits, but without the code that writes any float: it would be 2 % of the grid's
/// download.
struct Pixels(f64);

impl fmt::Display for Pixels {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sheet's size, never below 0")]
        let hundredths = (self.0 * 100.0).round() as u64;
        write!(formatter, "{}.{:02}px", hundredths / 100, hundredths % 100)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sheet has some thousands of rows and columns")]
const fn as_pixels(count: usize) -> f64 {
    count as f64
}

fn as_index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolls_as_little_as_it_takes() {
        let close = |one: f64, other: f64| (one - other).abs() < 0.01;
        assert!(close(nearest(100.0, 300.0, 150.0, 32.0), 100.0), "seen already");
        assert!(close(nearest(100.0, 300.0, 64.0, 32.0), 64.0));
        assert!(close(nearest(100.0, 300.0, 384.0, 32.0), 116.0));
    }

    #[test]
    fn lengths_have_two_digits() {
        assert_eq!(
            [0.0, 7.5, 32.996, 1_200.04].map(|length| Pixels(length).to_string()),
            ["0.00px", "7.50px", "33.00px", "1200.04px"]
        );
    }

    #[test]
    fn what_two_ranges_have_in_common_is_never_turned_round() {
        assert_eq!(common(&(0..5), &(3..9)), 3..5);
        assert!(common(&(0..2), &(5..9)).is_empty());
    }
}
