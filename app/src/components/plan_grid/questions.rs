//! What the grid asks before it goes on: a paste that does not fit, and a plan that somebody else changed.

use leptos::html::Dialog;
use leptos::prelude::*;
use openbok_domain::Lang;
use openbok_domain::plan::sheet::{PasteFault, Position};
use openbok_locales::{common, plan_grid as words};

use super::desk;
use super::saving;
use super::shown::{Conflict, MergeQuestion, PasteQuestion, Shown};
use crate::browser;
use crate::portal::lang;

/// Most misfits that are listed.
const MOST_MISFITS: usize = 50;

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
    format!("{place}: „{text}” – {}", reason.get(lang))
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

/// Shows what does not fit of a paste.
#[component]
pub fn PasteDialog(shown: Shown) -> impl IntoView {
    let lang = lang();
    let dialog = NodeRef::<Dialog>::new();
    follow(dialog, shown.paste);
    let close = move || {
        shown.paste.set(None);
        desk::with(|desk| desk.painter.focus(desk.sheet.selection().head));
    };
    let write = move |_| {
        if let Some(question) = shown.paste.get_untracked() {
            desk::with(|desk| desk.change(question.edits));
        }
        close();
    };
    let content = move |question: PasteQuestion| {
        let (rows, columns) = question.size;
        let misfits = question.misfits.iter().take(MOST_MISFITS).map(|misfit| view! { <li>{misfit.clone()}</li> });
        let misfits = misfits.collect_view();
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let more = question.misfits.len().checked_sub(MOST_MISFITS).filter(|more| *more > 0);
        let fitting = (!question.edits.is_empty()).then(|| {
            view! {
                <button type="button" class="button" on:click=write>
                    {words::paste_fits(lang, count(question.edits.len()))}
                </button>
            }
        });
        view! {
            <p>{words::paste_intro(lang, &columns.to_string(), &rows.to_string())}</p>
            <ul class="plain plan-question__list">{misfits}</ul>
            {more.map(|more| view! { <p class="muted">{words::faults_more(lang, count(more))}</p> })}
            <div class="actions">
                {fitting}
                <button type="button" class="button button--quiet" on:click=move |_| close()>{common::CANCEL.get(lang)}</button>
            </div>
        }
    };
    view! {
        <dialog class="dialog plan-question" node_ref=dialog aria-labelledby="paste-title" on:close=move |_| shown.paste.set(None)>
            <h2 id="paste-title">{words::PASTE_TITLE.get(lang)}</h2>
            {move || shown.paste.get().map(content)}
        </dialog>
    }
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
            words::merge_conflicts(lang, i64::try_from(conflicts.len()).unwrap_or(i64::MAX))
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
            {(!by.is_empty()).then(|| view! { <p>{words::merge_intro(lang, &by)}</p> })}
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
        <dialog class="dialog plan-question" node_ref=dialog aria-labelledby="merge-title" on:close=move |_| shown.merge.set(None)>
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
