//! What the grid asks before it goes on: a paste that does not fit, a file, a plan that somebody else changed.

use leptos::html::Dialog;
use leptos::prelude::*;
use openbok_domain::Lang;
use openbok_domain::plan::sheet::{PasteFault, Position};
use openbok_locales::{common, plan_grid as words};
use web_sys::MouseEvent;

use super::desk;
use super::saving;
use super::shown::{Conflict, EditsQuestion, MergeQuestion, Shown};
use crate::browser;
use crate::components::written::Html;
use crate::portal::lang;

/// Most misfits, plans or faults that are listed.
const MOST_LINES: usize = 50;

/// What does not fit, in words: where in the block, the text, the reason.
pub fn paste_words(at: Position, text: &str, fault: PasteFault, lang: Lang) -> String {
    let place = words::paste_where(lang, &(at.column + 1).to_string(), &(at.row + 1).to_string());
    let reason = match fault {
        PasteFault::Outside => words::PASTE_OUTSIDE,
        PasteFault::NoSuchHour => words::NO_SUCH_HOUR,
        PasteFault::Closed => words::PASTE_CLOSED,
        PasteFault::NotANumber => words::FAULT_NOT_A_NUMBER,
    };
    let text: String = text.chars().take(40).collect();
    words::paste_misfit(lang, &place, reason.get(lang), &text)
}

/// Opens the dialog while there is a question, and closes it when there is none.
fn follow<T: Send + Sync + 'static>(dialog: NodeRef<Dialog>, question: RwSignal<Option<T>>) {
    Effect::new(move |_| {
        let is_asked = question.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        match (is_asked, dialog.open()) {
            // A dialog that is not in the page any more cannot be opened, and need not be.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
}

/// The dialog was closed. Browsers give the focus back to the button that led there; who goes on is in the grid.
fn leave<T: Send + Sync + 'static>(question: RwSignal<Option<T>>) {
    question.set(None);
    desk::run(|desk| desk.painter.focus(desk.sheet.selection().focus));
}

/// Shows what is about to be written, and what of it does not fit.
#[component]
pub fn EditsDialog(shown: Shown) -> impl IntoView {
    let lang = lang();
    let dialog = NodeRef::<Dialog>::new();
    follow(dialog, shown.edits);
    let content = move || {
        shown.edits.with(|question| question.as_ref().map(|question| edits(question, lang)).unwrap_or_default())
    };
    let choose = move |event: MouseEvent| {
        let Some(choice) = chosen(&event) else { return };
        if let Some(question) = shown.edits.get_untracked().filter(|_| choice == WRITE) {
            desk::run(|desk| {
                desk.change(question.edits);
                if let Some(done) = question.done {
                    desk.tell(done);
                }
            });
        }
        shown.edits.set(None);
    };
    view! {
        <dialog
            class="dialog plan-question" node_ref=dialog aria-labelledby="edits-title"
            on:close=move |_| leave(shown.edits) on:click=choose inner_html=content
        ></dialog>
    }
}

/// What the buttons of the dialogs carry.
const WRITE: &str = "write";
const TAKE: &str = "take";
const CLOSE: &str = "close";

/// What the button carries that was pressed.
fn chosen(event: &MouseEvent) -> Option<String> {
    browser::button_of(event)?.get_attribute("value")
}

fn button(html: &mut Html, value: &'static str, tone: &'static str, name: &str) {
    html.markup("<button type=\"button\" value=\"").markup(value).markup("\" class=\"button").markup(tone);
    html.markup("\">").text(name).markup("</button>");
}

fn edits(question: &EditsQuestion, lang: Lang) -> String {
    let EditsQuestion { title, intro, lines, edits, accept, .. } = question;
    let mut html = Html::default();
    html.markup("<h2 id=\"edits-title\">").text(title).markup("</h2>");
    if !intro.is_empty() {
        html.markup("<p>").text(intro).markup("</p>");
    }
    html.markup("<ul class=\"plain plan-question__list\">");
    for line in lines.iter().take(MOST_LINES) {
        html.markup("<li>").text(line).markup("</li>");
    }
    html.markup("</ul>");
    push_more(&mut html, lines.len().saturating_sub(MOST_LINES), lang);
    html.markup("<div class=\"actions\">");
    if !edits.is_empty() {
        button(&mut html, WRITE, "", accept);
    }
    // Where nothing can be written there is nothing to give up either.
    let close = if edits.is_empty() { common::CLOSE } else { common::CANCEL };
    button(&mut html, CLOSE, " button--quiet", close.get(lang));
    html.markup("</div>");
    html.finish()
}

/// Says how many more there are than a list shows, if any.
pub fn push_more(html: &mut Html, more: usize, lang: Lang) {
    if more > 0 {
        html.markup("<p class=\"muted\">").text(&words::faults_more(lang, count(more))).markup("</p>");
    }
}

/// How many, for words that count.
pub fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Shows what two people changed, and lets one of them choose.
#[component]
pub fn MergeDialog(shown: Shown) -> impl IntoView {
    let lang = lang();
    let dialog = NodeRef::<Dialog>::new();
    follow(dialog, shown.merge);
    let content = move || {
        shown.merge.with(|question| question.as_ref().map(|question| merge(question, lang)).unwrap_or_default())
    };
    let choose = move |event: MouseEvent| {
        let Some((choice, question)) = chosen(&event).zip(shown.merge.get_untracked()) else { return };
        let MergeQuestion { plan, mut points, conflicts, .. } = question;
        match choice.as_str() {
            WRITE => {
                for (number, Conflict { change, .. }) in conflicts.into_iter().enumerate() {
                    if browser::is_checked(&choice_id(number, THEIRS)) {
                        points.set(change.series, change.index, change.before);
                    }
                }
                desk::run(|desk| saving::settle(desk, plan, &points));
            }
            TAKE => desk::run(|desk| saving::take_theirs(desk, plan)),
            _ => shown.merge.set(None),
        }
    };
    view! {
        <dialog
            class="dialog plan-question" node_ref=dialog aria-labelledby="merge-title"
            on:close=move |_| leave(shown.merge) on:click=choose inner_html=content
        ></dialog>
    }
}

fn merge(question: &MergeQuestion, lang: Lang) -> String {
    let MergeQuestion { by, conflicts, .. } = question;
    let who = if by.is_empty() { words::CHANGED_ELSEWHERE.get(lang).to_owned() } else { words::merge_intro(lang, by) };
    let intro = if conflicts.is_empty() {
        words::MERGE_CLEAN.get(lang).to_owned()
    } else {
        words::merge_conflicts(lang, count(conflicts.len()))
    };
    let mut html = Html::default();
    html.markup("<h2 id=\"merge-title\">").text(words::MERGE_TITLE.get(lang)).markup("</h2><p>").text(&who);
    html.markup("</p><p>").text(&intro).markup("</p><div class=\"plan-question__list\">");
    for (number, conflict) in conflicts.iter().enumerate() {
        html.markup("<fieldset class=\"plan-question__choice\"><legend>").text(&conflict.name).markup("</legend>");
        option(&mut html, number, MINE, &words::merge_mine(lang, &conflict.mine));
        option(&mut html, number, THEIRS, &words::merge_theirs(lang, &conflict.theirs));
        html.markup("</fieldset>");
    }
    html.markup("</div><div class=\"actions\">");
    button(&mut html, WRITE, "", words::MERGE_KEEP.get(lang));
    button(&mut html, TAKE, " button--quiet", words::MERGE_TAKE.get(lang));
    button(&mut html, CLOSE, " button--plain", words::MERGE_LATER.get(lang));
    html.markup("</div>");
    html.finish()
}

/// Whose value is chosen.
const MINE: &str = "mine";
const THEIRS: &str = "theirs";

fn choice_id(number: usize, whose: &str) -> String {
    format!("conflict-{number}-{whose}")
}

/// Mine is chosen until somebody chooses otherwise.
fn option(html: &mut Html, number: usize, whose: &str, text: &str) {
    let id = choice_id(number, whose);
    html.markup("<label for=\"").text(&id).markup("\"><input type=\"radio\" id=\"").text(&id);
    html.markup("\" name=\"conflict-").text(&number.to_string()).markup("\"");
    html.markup(if whose == MINE { " checked>" } else { ">" }).text(text).markup("</label>");
}
