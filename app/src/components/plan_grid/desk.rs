//! The desk: one sheet being worked on in the browser. Everything that people do with the grid, the list or the buttons comes
//! here as a method, changes the sheet, and is painted; only the parts around the grid hear of it through signals.
//!
//! A page has one desk, made when it wakes up. The server never has one.

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use openbok_domain::plan::sheet::{Area, Block, Copied, Direction, Edit, Place, Position, Selection, Sheet};
use openbok_domain::plan::view::{Layout, SheetView};
use openbok_domain::plan::{Cell, PointFault, Points, Series, approvable};
use openbok_locales::plan_grid as words;
use std::cell::RefCell;
use std::time::Duration;
use web_sys::HtmlElement;

use super::Server;
use super::drafts::Drafts;
use super::export;
use super::face::{self, Face};
use super::keys::{Ending, Wish};
use super::list::List;
use super::painter::{Painter, Scroll};
use super::questions::{count, paste_words};
use super::saving;
use super::shown::{self, EditsQuestion, Saving, Shown};
use super::toolbar;
use super::typing::Typing;

/// How long after a change or a step what surrounds the grid follows: sums, faults, drawing, the browser's copy; and what
/// many cells tell screen readers.
const SOON: Duration = Duration::from_millis(60);

thread_local! {
    static DESK: RefCell<Option<Desk>> = const { RefCell::new(None) };
}

/// Whether saving is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// No.
    Off,
    /// Yes.
    UnderWay,
    /// Never again from here: the page is about to come anew, and takes over what the browser keeps.
    Over,
}

/// One sheet being worked on.
pub struct Desk {
    pub(super) sheet: Sheet,
    pub(super) face: Face,
    pub(super) painter: Painter,
    pub(super) shown: Shown,
    pub(super) drafts: Drafts,
    pub(super) server: Server,
    pub(super) typing: Option<Typing>,
    pub(super) list: Option<List>,
    pub(super) sending: Sending,
    /// How often saving has failed since it last succeeded.
    pub(super) failures: u32,
    pub(super) save_timer: Option<TimeoutHandle>,
    earlier: Option<Points>,
    /// The plan that the drawing is of.
    drawn_plan: usize,
    /// Whether the next Tab leaves the grid.
    is_released: bool,
    /// The column that a row of Tabs began in; none once the selection has moved otherwise.
    tabs_began: Option<usize>,
    /// Whether the buttons for undoing and redoing have something to do.
    shown_steps: (bool, bool),
    follow_timer: Option<TimeoutHandle>,
    /// Of each plan, whether it has changed since the surroundings followed last.
    changed_plans: Vec<bool>,
    /// Whether something changed since the bar below the grid said last how the draft stands.
    pub(super) is_untold: bool,
    /// Whether gaps count as faults: from the moment that somebody wanted to approve.
    is_strict: bool,
}

/// Puts a sheet on the desk.
pub fn open(desk: Desk) {
    DESK.with(|place| *place.borrow_mut() = Some(desk));
}

/// Works at the desk; nothing when there is none, or when this happens in the middle of other work there: moving the focus
/// tells everybody at once.
pub fn with<T>(work: impl FnOnce(&mut Desk) -> T) -> Option<T> {
    DESK.with(|place| place.try_borrow_mut().ok()?.as_mut().map(work))
}

/// The same where nobody asks what came of it.
pub fn run(work: impl FnOnce(&mut Desk)) {
    with(work);
}

impl Desk {
    /// A desk with this sheet; nothing when the grid is not in the document.
    pub fn new(
        grid: &HtmlElement,
        view: &SheetView,
        sheet: Sheet,
        face: Face,
        shown: Shown,
        server: Server,
    ) -> Option<Self> {
        Some(Self {
            painter: Painter::find(grid, &face, &sheet)?,
            drafts: Drafts::new(view, &sheet),
            list: List::find(&sheet),
            earlier: shown::earlier(view, &sheet),
            sheet,
            face,
            shown,
            server,
            typing: None,
            sending: Sending::Off,
            failures: 0,
            save_timer: None,
            drawn_plan: 0,
            is_released: false,
            tabs_began: None,
            shown_steps: (false, false),
            follow_timer: None,
            changed_plans: vec![false; view.plans.len()],
            is_untold: false,
            is_strict: false,
        })
    }

    /// What a key or a button asks for. Whether it was done, so that the browser need not do anything.
    pub fn do_wish(&mut self, wish: Wish) -> bool {
        let was_released = std::mem::take(&mut self.is_released);
        match wish {
            Wish::Go { direction: Direction::Next | Direction::Previous, .. } if was_released => return false,
            Wish::Go { direction, is_extending } => {
                let is_tab = matches!(direction, Direction::Next | Direction::Previous);
                let has_moved = self.go(direction, is_extending);
                return has_moved || !is_tab;
            }
            Wish::NextRow => self.next_row(),
            Wish::Edit => self.edit(None),
            Wish::Type(text) => self.edit(Some(&text)),
            Wish::Clear => self.change(self.sheet.clear()),
            Wish::Undo => self.undo(),
            Wish::Redo => self.redo(),
            Wish::FillDown => self.change(self.sheet.fill_down()),
            Wish::FillRight => self.change(self.sheet.fill_right()),
            Wish::SelectAll => self.move_selection(Sheet::select_all),
            Wish::SelectRow => self.select_whole(true, false),
            Wish::SelectColumn => self.select_whole(false, true),
            Wish::Release => self.is_released = true,
        }
        true
    }

    /// Moves the selection; whether it went anywhere.
    pub fn go(&mut self, direction: Direction, is_extending: bool) -> bool {
        let before = self.sheet.selection();
        let is_tab = matches!(direction, Direction::Next | Direction::Previous);
        let began = self.tabs_began.or(Some(before.anchor.column)).filter(|_| is_tab);
        self.move_selection(|sheet| {
            sheet.step(direction, is_extending);
        });
        self.tabs_began = began;
        self.sheet.selection() != before
    }

    /// Goes on in the next row: below where the row of Tabs began, as a table is filled in row by row.
    fn next_row(&mut self) {
        let Position { row, column } = self.sheet.selection().anchor;
        let column = self.tabs_began.unwrap_or(column);
        self.go_to(Position { row: row + 1, column }, false);
    }

    /// Selects a cell, or extends the selection to it, and puts the focus there.
    pub fn go_to(&mut self, at: Position, is_extending: bool) {
        self.move_selection(|sheet| sheet.go_to(at, is_extending));
    }

    /// Changes the selection by any means, and shows it.
    pub fn move_selection(&mut self, change: impl FnOnce(&mut Sheet)) {
        self.tabs_began = None;
        let typed = self.typing.take().map(|typing| (self.sheet.selection().anchor, typing.end()));
        let changed = typed.as_ref().map(|(_, text)| self.sheet.apply(self.sheet.type_in(text))).unwrap_or_default();
        let before = self.sheet.selection();
        change(&mut self.sheet);
        let now = self.sheet.selection();
        self.painter.reveal(&self.face, &self.sheet, now.focus);
        self.show_selection(before, Scroll::Follows);
        // The field goes when the focus has left it: taking it away would move the focus once more. Where something changed,
        // its cell is painted with that.
        if let Some((at, _)) = typed.filter(|_| changed.is_empty()) {
            self.painter.paint(&self.face, &self.sheet, [at]);
        }
        self.has_changed(&changed);
    }

    fn show_selection(&mut self, before: Selection, scroll: Scroll) {
        let now = self.sheet.selection();
        self.painter.move_focus(before.focus, now.focus, scroll);
        self.painter.select(now);
        self.follow_soon();
    }

    fn select_whole(&mut self, is_row: bool, is_column: bool) {
        let Area { from, to } = self.sheet.selection().area();
        let columns = if is_row { (0, usize::MAX) } else { (from.column, to.column) };
        let rows = if is_column { (0, usize::MAX) } else { (from.row, to.row) };
        self.select_area(Area {
            from: Position { row: rows.0, column: columns.0 },
            to: Position { row: rows.1, column: columns.1 },
        });
    }

    /// Selects a rectangle without scrolling to its end.
    pub fn select_area(&mut self, area: Area) {
        self.tabs_began = None;
        self.keep_typing();
        let before = self.sheet.selection();
        self.sheet.select(area);
        self.show_selection(before, Scroll::Stays);
    }

    /// Shows a value and puts the focus on it, whatever it takes.
    pub fn jump_to(&mut self, place: Place) {
        if self.list.as_ref().is_some_and(|list| list.focus(place)) {
            return;
        }
        if self.sheet.position(place).is_none() {
            self.show_series(place.series);
        }
        if let Some(at) = self.sheet.position(place) {
            self.go_to(at, false);
        }
    }

    /// Writes values as one step.
    pub fn change(&mut self, edits: Vec<Edit>) {
        let changed = self.sheet.apply(edits);
        self.has_changed(&changed);
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        let changed = self.sheet.undo();
        self.has_changed(&changed);
    }

    /// Does it once more.
    pub fn redo(&mut self) {
        let changed = self.sheet.redo();
        self.has_changed(&changed);
    }

    fn has_changed(&mut self, changed: &[Place]) {
        if changed.is_empty() {
            return;
        }
        for place in changed {
            self.changed_plans[place.plan] = true;
        }
        self.is_untold = true;
        self.painter.paint_changes(&self.face, &self.sheet, changed);
        self.show_tools();
        // What was asked for before would come into the frame of this change.
        self.follow_timer.take().inspect(TimeoutHandle::clear);
        self.follow_soon();
        saving::save_soon(self);
    }

    fn follow_soon(&mut self) {
        if self.follow_timer.is_none() {
            self.follow_timer = set_timeout_with_handle(|| run(Desk::follow), SOON).ok();
        }
    }

    fn show_tools(&mut self) {
        let steps = (self.sheet.can_undo(), self.sheet.can_redo());
        if self.shown_steps != steps {
            self.shown_steps = steps;
            toolbar::follow(steps, None);
        }
    }

    /// Brings everything around the grid up to date.
    pub fn follow(&mut self) {
        self.follow_timer = None;
        self.painter.tell(&self.face, &self.sheet);
        self.show_totals();
        let mut has_changed = false;
        for plan in 0..self.changed_plans.len() {
            if std::mem::take(&mut self.changed_plans[plan]) {
                saving::keep(self, plan);
                has_changed = true;
            }
        }
        if has_changed {
            self.show_waiting();
            self.show_faults();
            if let Some(list) = &self.list {
                list.follow(&self.sheet, &self.face);
            }
        }
        // The drawing is of the plan that the selection begins in.
        let plan = self.current_plan();
        if plan != self.drawn_plan || has_changed {
            self.drawn_plan = plan;
            self.draw_course();
        }
    }

    fn show_waiting(&mut self) {
        let is_known = |saving: &Saving| matches!(saving, Saving::Waiting | Saving::Sending | Saving::Overtaken(_));
        // Where these changes were sent meanwhile, the answer says more.
        let is_untold = std::mem::take(&mut self.is_untold);
        if is_untold && !self.drafts.is_all_saved(&self.sheet) && !self.shown.saving.with_untracked(is_known) {
            self.shown.saving.set(Saving::Waiting);
        }
    }

    fn show_faults(&self) {
        let faults = shown::faults(&self.sheet, &self.face, self.is_strict);
        if self.shown.faults.with_untracked(|shown| *shown != faults) {
            self.shown.faults.set(faults);
        }
    }

    fn show_totals(&self) {
        let totals = self.sheet.totals(self.sheet.selection().area());
        if self.shown.totals.get_untracked() != totals {
            self.shown.totals.set(totals);
        }
    }

    /// The plan that the selection begins in.
    pub fn current_plan(&self) -> usize {
        self.sheet.columns().get(self.sheet.selection().anchor.column).map_or(0, |column| column.plan)
    }

    /// The plans that the selection touches.
    pub fn selected_plans(&self) -> Vec<usize> {
        let Area { from, to } = self.sheet.selection().area();
        let mut plans: Vec<usize> =
            self.sheet.columns()[from.column..=to.column].iter().map(|column| column.plan).collect();
        plans.dedup();
        plans
    }

    /// Whether a plan is whole and right. If not, shows why, and leads to the first fault.
    pub fn is_approvable(&mut self, plan: usize) -> bool {
        let laid = &self.sheet.plans()[plan];
        let Err(faults) = approvable(&laid.limits, &laid.points) else { return true };
        self.is_strict = true;
        self.show_faults();
        if let Some(PointFault { series, index, .. }) = faults.first() {
            self.jump_to(Place { plan, series: *series, index: *index });
        }
        false
    }

    /// Whether every value is a power, as files hold them. If not, says which are not, and leads to the first.
    pub fn is_writable(&mut self) -> bool {
        let wrong = export::wrong_values(&self.sheet);
        let Some((first, _)) = wrong.first().copied() else { return true };
        self.tell(export::correct_first(&wrong, |place| self.face.name(place), self.face.lang));
        self.jump_to(first);
        false
    }

    fn draw_course(&self) {
        let layout = self.face.layout;
        let course = shown::course(layout, &self.sheet, &self.face, self.drawn_plan, self.earlier.as_ref());
        self.shown.course.set(course);
        self.shown.day.set(shown::day_totals(&self.sheet, self.drawn_plan));
    }

    /// Shows another series of all units.
    pub fn show_series(&mut self, series: Series) {
        if self.face.layout != Layout::Units {
            return;
        }
        self.keep_typing();
        self.sheet.set_columns(face::columns(Layout::Units, self.sheet.plans().len(), series));
        self.painter.redraw(&self.face, &self.sheet);
        toolbar::follow(self.shown_steps, Some(series));
        self.show_totals();
    }

    /// The selection as a spreadsheet takes it.
    pub fn copy(&self) -> String {
        self.sheet.copy(|cell| face::show_plain(cell, self.face.lang))
    }

    /// Writes what a spreadsheet put on the clipboard; asks first when something does not fit.
    pub fn paste(&mut self, text: &str) {
        self.keep_typing();
        let block = Block::parse(text);
        let paste = self.sheet.paste(&block);
        if paste.misfits.is_empty() {
            if let Some(area) = paste.area {
                self.select_area(area);
            }
            return self.change(paste.edits);
        }
        let lang = self.face.lang;
        let (rows, columns) = (block.rows().to_string(), block.columns().to_string());
        self.shown.edits.set(Some(EditsQuestion {
            title: words::PASTE_TITLE.get(lang).to_owned(),
            intro: words::paste_intro(lang, &columns, &rows),
            lines: paste.misfits.iter().map(|(at, text, fault)| paste_words(*at, text, *fault, lang)).collect(),
            accept: words::paste_fits(lang, count(paste.edits.len())),
            edits: paste.edits,
            done: None,
        }));
    }

    /// Pastes a block from a value on; whether it was one, and not a single cell.
    pub fn paste_from(&mut self, place: Place, text: &str) -> bool {
        let block = Block::parse(text);
        let at = self.sheet.position(place).filter(|_| block.rows() > 1 || block.columns() > 1);
        let Some(at) = at else { return false };
        self.select_area(Area { from: at, to: at });
        self.paste(text);
        true
    }

    /// Other days' values into plans, as one step; whether anything changed.
    pub fn copy_from(&mut self, sources: &[(usize, Copied)]) -> bool {
        let edits =
            sources.iter().flat_map(|(plan, source)| self.sheet.copy_from(*plan, self.face.labels(*plan), source));
        let changed = self.sheet.apply(edits.collect());
        self.has_changed(&changed);
        !changed.is_empty()
    }

    /// Begins to type into the cell: what stands there, or something new.
    fn edit(&mut self, new: Option<&str>) {
        let at = self.sheet.selection().anchor;
        if !self.sheet.is_open(at) {
            let reason = if self.sheet.place(at).is_none() { words::NO_HOUR_HERE } else { words::GATE_CLOSED };
            return self.tell(reason.get(self.face.lang));
        }
        self.keep_typing();
        self.painter.reveal(&self.face, &self.sheet, at);
        let text = match (new, self.sheet.cell(at)) {
            (Some(text), _) => text.to_owned(),
            (None, Some(cell)) => face::show_plain(cell, self.face.lang),
            (None, None) => return,
        };
        let name = self.sheet.place(at).map(|place| self.face.name(place)).unwrap_or_default();
        let Some(cell) = self.painter.find_cell(at) else { return };
        self.painter.raise(&cell);
        self.typing = Typing::begin(&cell, &text, &name, new.is_some());
    }

    /// Ends typing as a key asks for. Whether the browser has nothing left to do.
    pub fn end_typing(&mut self, ending: &Ending) -> bool {
        match ending {
            Ending::Keep(direction) => {
                let has_moved = self.go(*direction, false);
                has_moved || !matches!(direction, Direction::Next | Direction::Previous)
            }
            Ending::NextRow => {
                self.next_row();
                true
            }
            Ending::Fill => {
                if let Some(text) = self.take_typing() {
                    self.change(self.sheet.fill_with(&Cell::typed(&text)));
                    self.painter.focus(self.sheet.selection().focus);
                }
                true
            }
            Ending::Forget => {
                self.take_typing();
                self.painter.focus(self.sheet.selection().focus);
                true
            }
        }
    }

    /// Keeps what is being typed, as a step of its own.
    pub fn keep_typing(&mut self) {
        if let Some(text) = self.take_typing() {
            self.change(self.sheet.type_in(&text));
        }
    }

    /// Takes the field out of its cell: what was typed.
    fn take_typing(&mut self) -> Option<String> {
        let text = self.typing.take()?.end();
        self.painter.paint(&self.face, &self.sheet, [self.sheet.selection().anchor]);
        Some(text)
    }

    /// The window, or the size of the text, has changed.
    pub fn measure(&mut self) {
        self.painter.measure(&self.face, &self.sheet);
    }

    /// The grid has been scrolled. What is being typed must not scroll out of the document.
    pub fn scrolled(&mut self) {
        self.painter.scrolled(&self.face, &self.sheet);
        let anchor = self.sheet.selection().anchor;
        if self.typing.is_some() && self.painter.find_cell(anchor).is_none() {
            self.keep_typing();
        }
    }

    /// Whether there is anything that the server has not got.
    pub fn is_behind(&self) -> bool {
        self.typing.is_some() || !self.drafts.is_all_saved(&self.sheet)
    }

    /// Says what just happened.
    pub fn tell(&self, notice: impl Into<String>) {
        self.shown.notice.set(Some(notice.into()));
    }

    /// Says that the browser does not give its clipboard away.
    pub fn tell_no_clipboard(&self) {
        self.tell(words::PASTE_REFUSED.get(self.face.lang));
    }
}
