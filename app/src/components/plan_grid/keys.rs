//! What keys mean in a grid: as in a spreadsheet.

use openbok_domain::plan::sheet::Direction;

/// A key that was pressed.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// Its name as browsers tell it.
    pub key: &'a str,
    /// Whether Ctrl is held, or Command.
    pub is_ctrl: bool,
    pub is_shift: bool,
    pub is_alt: bool,
}

/// The name of a key that is pressed together with Ctrl. Where its letter is none of the Latin ones, as on Cyrillic keyboards,
/// commands go by the Latin letter of the same key.
pub fn command(key: String, code: &str) -> String {
    match code.strip_prefix("Key") {
        Some(latin) if !key.is_ascii() => latin.to_lowercase(),
        _ => key,
    }
}

/// What somebody wants of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Move, or extend the selection.
    Go {
        direction: Direction,
        is_extending: bool,
    },
    /// Go on in the next row.
    NextRow,
    /// Change what stands in the cell.
    Edit,
    /// Begin to type something new.
    Type(String),
    Clear,
    Undo,
    Redo,
    FillDown,
    FillRight,
    SelectAll,
    SelectRow,
    SelectColumn,
    /// Let the next Tab leave the grid.
    Release,
}

/// What ends typing in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Keep it and go on.
    Keep(Direction),
    /// Keep it and go on in the next row.
    NextRow,
    /// Keep it in all selected cells.
    Fill,
    /// Forget it.
    Forget,
}

/// What a key means on a cell.
pub fn wish(press: Press<'_>, page: usize) -> Option<Wish> {
    let Press { key, is_ctrl, is_shift, is_alt } = press;
    let go = |direction| Some(Wish::Go { direction, is_extending: is_shift });
    let walk = |direction| Some(Wish::Go { direction, is_extending: false });
    if is_alt {
        return None;
    }
    match (key, is_ctrl) {
        ("ArrowUp", false) => go(Direction::Up),
        ("ArrowDown", false) => go(Direction::Down),
        ("ArrowLeft", false) => go(Direction::Left),
        ("ArrowRight", false) => go(Direction::Right),
        ("ArrowUp", true) => go(Direction::EdgeUp),
        ("ArrowDown", true) => go(Direction::EdgeDown),
        ("ArrowLeft", true) => go(Direction::EdgeLeft),
        ("ArrowRight", true) => go(Direction::EdgeRight),
        ("Home", false) => go(Direction::RowStart),
        ("End", false) => go(Direction::RowEnd),
        ("Home", true) => go(Direction::First),
        ("End", true) => go(Direction::Last),
        ("PageUp", false) => go(Direction::PageUp(page)),
        ("PageDown", false) => go(Direction::PageDown(page)),
        ("Tab", false) => walk(if is_shift { Direction::Previous } else { Direction::Next }),
        ("Enter", false) if is_shift => walk(Direction::Up),
        ("Enter", false) => Some(Wish::NextRow),
        ("F2", false) => Some(Wish::Edit),
        ("Escape", false) => Some(Wish::Release),
        ("Delete" | "Backspace", false) => Some(Wish::Clear),
        ("z" | "Z", true) => Some(if is_shift { Wish::Redo } else { Wish::Undo }),
        ("y" | "Y", true) => Some(Wish::Redo),
        ("a" | "A", true) => Some(Wish::SelectAll),
        ("d" | "D", true) => Some(Wish::FillDown),
        ("r" | "R", true) if !is_shift => Some(Wish::FillRight),
        (" ", true) => Some(Wish::SelectColumn),
        (" ", false) if is_shift => Some(Wish::SelectRow),
        (key, false) if key.chars().count() == 1 && key != " " => Some(Wish::Type(key.to_owned())),
        _ => None,
    }
}

/// What a key means while a cell is being typed in. Arrows go on only where typing began with a new value; otherwise they
/// move in the text.
pub fn ending(press: Press<'_>, is_new: bool) -> Option<Ending> {
    let Press { key, is_ctrl, is_shift, is_alt } = press;
    match key {
        "Enter" if is_ctrl => Some(Ending::Fill),
        "Enter" if is_shift => Some(Ending::Keep(Direction::Up)),
        "Enter" => Some(Ending::NextRow),
        "Tab" => Some(Ending::Keep(if is_shift { Direction::Previous } else { Direction::Next })),
        "Escape" => Some(Ending::Forget),
        "ArrowUp" if is_new && !is_alt => Some(Ending::Keep(Direction::Up)),
        "ArrowDown" if is_new && !is_alt => Some(Ending::Keep(Direction::Down)),
        "ArrowLeft" if is_new && !is_alt => Some(Ending::Keep(Direction::Left)),
        "ArrowRight" if is_new && !is_alt => Some(Ending::Keep(Direction::Right)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, is_ctrl: bool, is_shift: bool) -> Press<'_> {
        Press { key, is_ctrl, is_shift, is_alt: false }
    }

    #[test]
    fn typing_replaces_and_everything_else_is_left_to_the_browser() {
        assert_eq!(wish(press("5", false, false), 10), Some(Wish::Type("5".to_owned())));
        assert_eq!(wish(press("ż", false, false), 10), Some(Wish::Type("ż".to_owned())));
        for key in ["F5", "Shift", "c", "v", "x", "f"] {
            assert_eq!(wish(press(key, true, false), 10), None, "{key}");
        }
        assert_eq!(wish(Press { is_alt: true, ..press("ArrowLeft", false, false) }, 10), None);
    }

    #[test]
    fn commands_go_by_the_latin_letter_of_a_cyrillic_key() {
        assert_eq!(command("я".to_owned(), "KeyZ"), "z");
        assert_eq!(command("Enter".to_owned(), "Enter"), "Enter");
        assert_eq!(command("z".to_owned(), "KeyY"), "z", "a German keyboard has them the other way round");
    }

    #[test]
    fn shift_extends_with_arrows_but_turns_tab_and_enter_round() {
        let extend = Wish::Go { direction: Direction::Down, is_extending: true };
        assert_eq!(wish(press("ArrowDown", false, true), 10), Some(extend));
        let back = Wish::Go { direction: Direction::Previous, is_extending: false };
        assert_eq!(wish(press("Tab", false, true), 10), Some(back));
        let far = Wish::Go { direction: Direction::PageDown(10), is_extending: false };
        assert_eq!(wish(press("PageDown", false, false), 10), Some(far));
    }

    #[test]
    fn arrows_move_in_a_text_that_is_being_corrected() {
        assert_eq!(ending(press("ArrowLeft", false, false), false), None);
        assert_eq!(ending(press("ArrowLeft", false, false), true), Some(Ending::Keep(Direction::Left)));
        assert_eq!(ending(press("Enter", false, false), false), Some(Ending::NextRow));
        assert_eq!(ending(press("Enter", false, true), false), Some(Ending::Keep(Direction::Up)));
        assert_eq!(ending(press("Tab", false, false), true), Some(Ending::Keep(Direction::Next)));
        assert_eq!(ending(press("Escape", false, false), true), Some(Ending::Forget));
    }
}
