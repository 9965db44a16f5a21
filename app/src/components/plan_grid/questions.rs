//! What the grid asks before it goes on: a paste that does not fit, a file, a plan that somebody else changed.

use leptos::html::Dialog;
use leptos::prelude::*;
use openbok_domain::Lang;
use openbok_domain::plan::sheet::{PasteFault, Position};
use openbok_locales::{common, plan_grid as words};

use super::desk;
use super::saving;
use super::shown::{Conflict, EditsQuestion, MergeQuestion, Shown};
use crate::browser;
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
    let close = move || shown.edits.set(None);
    let write = move |_| {
        if let Some(question) = shown.edits.get_untracked() {
            desk::with(|desk| {
                desk.change(question.edits);
                if let Some(done) = question.done {
                    desk.tell(done);
                }
            });
        }
        close();
    };
    let content = move |question: EditsQuestion| {
        let EditsQuestion { title, intro, lines: found, edits, accept, .. } = question;
        // Where nothing can be written there is nothing to give up either.
        let close_name = if edits.is_empty() { common::CLOSE } else { common::CANCEL };
        let accept = (!edits.is_empty())
            .then(|| view! { <button type="button" class="button" on:click=write>{accept}</button> });
        view! {
            <h2 id="edits-title">{title}</h2>
            {(!intro.is_empty()).then(|| view! { <p>{intro}</p> })}
            {lines(&found, lang)}
            <div class="actions">
                {accept}
                <button type="button" class="button button--quiet" on:click=move |_| close()>{close_name.get(lang)}</button>
            </div>
        }
    };
    view! {
        <dialog class="dialog plan-question" node_ref=dialog aria-labelledby="edits-title" on:close=move |_| leave(shown.edits)>
            {move || shown.edits.get().map(content)}
        </dialog>
    }
}

/// Lines of a question, and how many more there are.
fn lines(lines: &[String], lang: Lang) -> impl IntoView + use<> {
    let shown = lines.iter().take(MOST_LINES).map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    let more = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0);
    view! {
        <ul class="plain plan-question__list">{shown}</ul>
        {more.map(|more| view! { <p class="muted">{words::faults_more(lang, count(more))}</p> })}
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
    let content = move |question: MergeQuestion| {
        let MergeQuestion { plan, by, points, conflicts } = question;
        let intro = if conflicts.is_empty() {
            words::MERGE_CLEAN.get(lang).to_owned()
        } else {
            words::merge_conflicts(lang, count(conflicts.len()))
        };
        let choices =
            conflicts.iter().enumerate().map(|(number, conflict)| choice(number, conflict, lang)).collect_view();
        let keep = move |_| {
            let mut points = points.clone();
            for (number, Conflict { change, .. }) in conflicts.iter().enumerate() {
                if browser::is_checked(&choice_id(number, "theirs")) {
                    points.set(change.series, change.index, change.before.clone());
                }
            }
            desk::with(|desk| saving::settle(desk, plan, &points));
        };
        view! {
            <p>{if by.is_empty() { words::CHANGED_ELSEWHERE.get(lang).to_owned() } else { words::merge_intro(lang, &by) }}</p>
            <p>{intro}</p>
            <div class="plan-question__list">{choices}</div>
            <div class="actions">
                <button type="button" class="button" on:click=keep>{words::MERGE_KEEP.get(lang)}</button>
                <button type="button" class="button button--quiet" on:click=move |_| desk::run(|desk| { saving::take_theirs(desk, plan); })>
                    {words::MERGE_TAKE.get(lang)}
                </button>
                <button type="button" class="button button--plain" on:click=move |_| shown.merge.set(None)>
                    {words::MERGE_LATER.get(lang)}
                </button>
            </div>
        }
    };
    view! {
        <dialog class="dialog plan-question" node_ref=dialog aria-labelledby="merge-title" on:close=move |_| leave(shown.merge)>
            <h2 id="merge-title">{words::MERGE_TITLE.get(lang)}</h2>
            {move || shown.merge.get().map(content)}
        </dialog>
    }
}

fn choice_id(number: usize, whose: &str) -> String {
    format!("conflict-{number}-{whose}")
}

fn choice(number: usize, conflict: &Conflict, lang: Lang) -> impl IntoView + use<> {
    let option = |whose: &str, text: String, is_checked: bool| {
        let id = choice_id(number, whose);
        view! {
            <label for=id.clone()>
                <input type="radio" id=id.clone() name=format!("conflict-{number}") checked=is_checked/>
                {text}
            </label>
        }
    };
    view! {
        <fieldset class="plan-question__choice">
            <legend>{conflict.name.clone()}</legend>
            {option("mine", words::merge_mine(lang, &conflict.mine), true)}
            {option("theirs", words::merge_theirs(lang, &conflict.theirs), false)}
        </fieldset>
    }
}
