//! What happens to the grid's element: keys, mouse, touch, clipboard. Each is handed to the desk; nothing is decided here but
//! what it means.

use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::plan::sheet::{Area, Position};
use server_fn::ServerFn;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, DataTransfer, Element, Event, FocusEvent, HtmlElement, HtmlFormElement, HtmlInputElement,
    KeyboardEvent, MouseEvent, PointerEvent,
};

use super::desk::{self, Desk, Sending};
use super::import;
use super::keys::{self, Press, Wish};
use super::list::{self, List};
use super::painter::Painter;
use super::saving;
use super::toolbar;
use crate::api::session::SignOut;
use crate::browser::{self, listen, listen_first};

/// How long a finger rests before it selects instead of scrolling.
const LONG_PRESS: Duration = Duration::from_millis(450);
/// How far it may tremble meanwhile, in pixels.
const TREMBLE: i32 = 10;

/// What the mouse or a finger is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hand {
    /// Nothing.
    #[default]
    Off,
    /// A finger rests here and may yet scroll.
    Resting { x: i32, y: i32 },
    /// The selection follows.
    Selecting,
}

/// How far somebody has come who signs out with something left to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SigningOut {
    /// Nobody does.
    Off,
    /// The form waits until everything is saved.
    Waits,
    /// It is being sent.
    Goes,
}

thread_local! {
    static SIGNING_OUT: Cell<SigningOut> = const { Cell::new(SigningOut::Off) };
    static HAND: Cell<Hand> = const { Cell::new(Hand::Off) };
    static IS_TOUCH: Cell<bool> = const { Cell::new(false) };
    static LONG: RefCell<Option<leptos::leptos_dom::helpers::TimeoutHandle>> = const { RefCell::new(None) };
}

/// Listens to everything, as long as the page lives.
pub fn listen_to(grid: &HtmlElement) {
    listen::<KeyboardEvent>(grid, "keydown", on_key);
    listen::<PointerEvent>(grid, "pointerdown", on_pointer_down);
    listen::<MouseEvent>(grid, "mousedown", on_mouse_down);
    listen::<MouseEvent>(grid, "click", on_click);
    listen::<MouseEvent>(grid, "dblclick", |event| {
        if is_on_cell(event) && !is_in_field(event) {
            desk::with(|desk| desk.do_wish(Wish::Edit));
        }
    });
    listen::<Event>(grid, "contextmenu", |event| {
        if IS_TOUCH.get() {
            event.prevent_default();
        }
    });
    listen::<Event>(grid, "touchmove", |event| {
        if HAND.get() == Hand::Selecting {
            event.prevent_default();
        }
    });
    listen::<Event>(grid, "scroll", |_| desk::run(Desk::scrolled));
    listen::<FocusEvent>(grid, "focusin", on_focus_in);
    listen::<FocusEvent>(grid, "focusout", on_focus_out);
    // Where no text is marked, not every browser tells the element with the focus of the clipboard.
    for name in ["copy", "cut", "paste"] {
        listen::<ClipboardEvent>(&document(), name, on_clipboard);
    }
    let window = window();
    listen::<PointerEvent>(&window, "pointermove", on_pointer_move);
    for name in ["pointerup", "pointercancel"] {
        listen::<Event>(&window, name, |_| let_go());
    }
    listen::<Event>(&window, "resize", |_| desk::run(Desk::measure));
    listen::<Event>(&window, "online", |_| spawn_local(saving::save()));
    // Who leaves while typing, or within the moment that the surroundings lag behind, still finds everything kept.
    listen::<Event>(&window, "pagehide", |_| {
        desk::run(|desk| {
            desk.keep_typing();
            desk.follow();
        });
    });
    listen::<Event>(&window, "beforeunload", |event| {
        let asks = desk::with(|desk| desk.is_behind() && desk.sending != Sending::Over) == Some(true);
        // Nobody stays on a page whose session has ended; the browser keeps what was not sent.
        if asks && !browser::is_session_over() {
            event.prevent_default();
        }
    });
    listen_first::<Event>(&window, "submit", on_submit);
    if let Some(tools) = document().get_element_by_id(toolbar::ID) {
        listen::<Event>(&tools, "click", toolbar::on_click);
        listen::<Event>(&tools, "change", import::on_change);
    }
    if let Some(list) = document().get_element_by_id(list::ID) {
        listen::<Event>(&list, "change", |event| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(edit) = field.as_ref().and_then(List::edit) {
                desk::with(|desk| desk.change(vec![edit]));
            }
        });
    }
}

/// Signing out wipes what the browser kept, so its form waits until the server has everything, or cannot be given it.
fn on_submit(event: &Event) {
    let is_let_go = SIGNING_OUT.get() == SigningOut::Goes || !browser::is_sent_to(event, SignOut::PATH);
    if is_let_go || desk::with(|desk| desk.is_behind()) != Some(true) {
        return;
    }
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else { return };
    event.prevent_default();
    event.stop_propagation();
    if SIGNING_OUT.replace(SigningOut::Waits) == SigningOut::Waits {
        return;
    }
    spawn_local(async move {
        saving::save_and_leave().await;
        SIGNING_OUT.set(SigningOut::Goes);
        // A form that has left the page has nothing to send.
        let _ = form.request_submit();
        SIGNING_OUT.set(SigningOut::Off);
    });
}

fn on_key(event: &KeyboardEvent) {
    let is_ctrl = event.ctrl_key() || event.meta_key();
    let key = if is_ctrl { keys::command(event.key(), &event.code()) } else { event.key() };
    let press = Press { key: &key, is_ctrl, is_shift: event.shift_key(), is_alt: event.alt_key() };
    let is_done = desk::with(|desk| {
        if let Some(typing) = &desk.typing {
            let ending = keys::ending(press, typing.is_new());
            return ending.is_some_and(|ending| desk.end_typing(&ending));
        }
        let page = desk.painter.page();
        keys::wish(press, page).is_some_and(|wish| desk.do_wish(wish))
    });
    if is_done == Some(true) {
        event.prevent_default();
    }
}

fn target_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn is_on_cell(event: &Event) -> bool {
    target_of(event).is_some_and(|target| target.closest(".plan-grid__cell").ok().flatten().is_some())
}

/// The row and column of what was clicked on, counted from the heads. The hours beside a sheet that has been scrolled
/// sideways lie over those.
fn part_of(event: &MouseEvent) -> Option<(usize, usize)> {
    let target = target_of(event)?;
    if target.closest(".plan-grid__hours").ok().flatten().is_none() {
        return Painter::find_part(&target);
    }
    desk::with(|desk| (desk.painter.position_at(event.client_x(), event.client_y(), &desk.sheet).row + 1, 0))
}

fn is_in_field(event: &Event) -> bool {
    let target = target_of(event);
    target.is_some_and(|target| {
        desk::with(|desk| desk.typing.as_ref().is_some_and(|typing| typing.is(&target))) == Some(true)
    })
}

fn on_pointer_down(event: &PointerEvent) {
    let is_touch = event.pointer_type() == "touch";
    IS_TOUCH.set(is_touch);
    let (x, y) = (event.client_x(), event.client_y());
    let is_handle = target_of(event).is_some_and(|target| target.matches(".plan-grid__frame *") == Ok(true));
    if is_handle {
        event.prevent_default();
        desk::with(|desk| {
            // The corner across from the handle stays.
            let Area { from, to } = desk.sheet.selection().area();
            let at = desk.painter.position_at(x, y, &desk.sheet);
            let is_first = at.row.abs_diff(from.row) + at.column.abs_diff(from.column)
                < at.row.abs_diff(to.row) + at.column.abs_diff(to.column);
            let (anchor, head) = if is_first { (to, from) } else { (from, to) };
            desk.go_to(anchor, false);
            desk.go_to(head, true);
        });
        HAND.set(Hand::Selecting);
    } else if is_touch && is_on_cell(event) && !is_in_field(event) {
        HAND.set(Hand::Resting { x, y });
        let begin = move || {
            if HAND.get() == (Hand::Resting { x, y }) {
                HAND.set(Hand::Selecting);
                desk::with(|desk| desk.go_to(desk.painter.position_at(x, y, &desk.sheet), false));
            }
        };
        LONG.replace(set_timeout_with_handle(begin, LONG_PRESS).ok());
    }
}

fn on_pointer_move(event: &PointerEvent) {
    let (x, y) = (event.client_x(), event.client_y());
    match HAND.get() {
        Hand::Selecting => {
            desk::with(|desk| {
                let at = desk.painter.position_at(x, y, &desk.sheet);
                if at != desk.sheet.selection().head {
                    desk.go_to(at, true);
                }
            });
        }
        Hand::Resting { x: from_x, y: from_y }
            if x.abs_diff(from_x).max(y.abs_diff(from_y)) > TREMBLE.unsigned_abs() =>
        {
            let_go();
        }
        _ => {}
    }
}

fn let_go() {
    HAND.set(Hand::Off);
    if let Some(timer) = LONG.take() {
        timer.clear();
    }
}

fn on_mouse_down(event: &MouseEvent) {
    if IS_TOUCH.get() || event.button() != 0 || is_in_field(event) {
        return;
    }
    let Some(part) = part_of(event) else { return };
    // Selecting cells is not selecting text.
    event.prevent_default();
    let is_extending = event.shift_key();
    let selects = desk::with(|desk| select_part(desk, part, is_extending));
    if selects == Some(true) {
        HAND.set(Hand::Selecting);
    }
}

/// Selects a cell, or by a head a whole row or column or everything. Whether the selection is to follow the mouse.
fn select_part(desk: &mut Desk, (row, column): (usize, usize), is_extending: bool) -> bool {
    let own = desk.sheet.columns().len();
    match (row.checked_sub(1), column.checked_sub(1)) {
        (None, None) => {
            desk.select_area(Area { from: Position::default(), to: Position { row: usize::MAX, column: usize::MAX } });
        }
        (None, Some(column)) if column < own => {
            desk.select_area(Area { from: Position { row: 0, column }, to: Position { row: usize::MAX, column } });
        }
        (Some(row), None) => {
            desk.select_area(Area { from: Position { row, column: 0 }, to: Position { row, column: usize::MAX } });
        }
        (Some(row), Some(column)) if column < own => {
            desk.go_to(Position { row, column }, is_extending);
            return true;
        }
        // Beside the plan stands what only shows.
        (Some(row), Some(_)) => desk.go_to(Position { row, column: own - 1 }, is_extending),
        (None, Some(_)) => {}
    }
    false
}

/// A finger's tap: the first selects, the second edits.
fn on_click(event: &MouseEvent) {
    if !IS_TOUCH.get() || is_in_field(event) {
        return;
    }
    let Some((row, column)) = part_of(event) else { return };
    desk::with(|desk| {
        let at = row.checked_sub(1).zip(column.checked_sub(1)).map(|(row, column)| Position { row, column });
        let selection = desk.sheet.selection();
        if at == Some(selection.focus) && selection.area().is_one() && desk.painter.has_focus() {
            desk.do_wish(Wish::Edit);
        } else {
            select_part(desk, (row, column), false);
        }
    });
}

/// Tab comes to the grid itself while the cell with the focus is scrolled out of the document.
fn on_focus_in(event: &FocusEvent) {
    desk::with(|desk| {
        let is_grid = target_of(event).is_some_and(|target| target == **desk.painter.grid());
        if is_grid {
            let focus = desk.sheet.selection().focus;
            desk.painter.reveal(&desk.face, &desk.sheet, focus);
            desk.painter.focus(focus);
        }
    });
}

/// Who goes elsewhere wants to keep what they typed.
fn on_focus_out(event: &FocusEvent) {
    if is_in_field(event) {
        desk::with(Desk::keep_typing);
    }
}

fn on_clipboard(event: &ClipboardEvent) {
    let Some(data) = event.clipboard_data() else { return };
    let is_done = desk::with(|desk| {
        if desk.typing.is_some() {
            return false;
        }
        if !desk.painter.has_focus() {
            return event.type_() == "paste" && paste_into_list(desk, event, &data);
        }
        match event.type_().as_str() {
            "paste" => match data.get_data("text/plain") {
                Ok(text) => desk.paste(&text),
                Err(_) => desk.tell_no_clipboard(),
            },
            kind => {
                if data.set_data("text/plain", &desk.copy()).is_ok() && kind == "cut" {
                    desk.do_wish(Wish::Clear);
                }
            }
        }
        true
    });
    if is_done == Some(true) {
        event.prevent_default();
    }
}

/// A block that is pasted into a field of the list goes on in the fields after it; a single value is the field's own matter.
fn paste_into_list(desk: &mut Desk, event: &ClipboardEvent, data: &DataTransfer) -> bool {
    let field = target_of(event).and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let place = field.as_ref().and_then(List::place);
    place.zip(data.get_data("text/plain").ok()).is_some_and(|(place, text)| desk.paste_from(place, &text))
}
