//! A plan file: chosen, read by the server, shown, and only then written onto the sheet, as one step that can be undone.

use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::plan::view::{FilePlanView, FileView};
use openbok_domain::plan::{PLAN_FILE_BYTES, Resolution};
use openbok_locales::{format, plan_files as words};
use wasm_bindgen::JsCast;
use web_sys::{Event, File, HtmlInputElement};

use super::desk::{self, Desk};
use super::questions::count;
use super::saving;
use super::shown::EditsQuestion;
use crate::browser;
use crate::components::words::explain;

/// The field that asks the browser for a file.
pub const ID: &str = "plan-file";

/// Lets the browser ask for a file.
pub fn choose() {
    if let Some(field) = field() {
        field.click();
    }
}

fn field() -> Option<HtmlInputElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

/// A file was chosen.
pub fn on_change(_: &Event) {
    let Some(field) = field() else { return };
    let file = field.files().and_then(|files| files.get(0));
    // The same file can be chosen again, as after it was mended.
    field.set_value("");
    if let Some(file) = file {
        spawn_local(take(file));
    }
}

async fn take(file: File) {
    if file.size() > f64::from(PLAN_FILE_BYTES) {
        desk::run(|desk| desk.tell(words::FILE_TOO_LARGE.get(desk.face.lang)));
        return;
    }
    let name = file.name();
    let Some(server) = desk::with(|desk| {
        desk.keep_typing();
        desk.tell(words::reading(desk.face.lang, &name));
        desk.server
    }) else {
        return;
    };
    let content = browser::read_base64(&file).await.unwrap_or_default();
    let answer = (server.read)(name.clone(), content).await;
    desk::run(|desk| match answer {
        Ok(view) => {
            let question = question(desk, &name, view);
            desk.shown.notice.set(None);
            desk.shown.edits.set(Some(question));
        }
        Err(error) => desk.tell(explain(&error, desk.face.lang)),
    });
}

/// What a file would change, plan by plan; or what is wrong with it.
fn question(desk: &Desk, name: &str, view: FileView) -> EditsQuestion {
    let lang = desk.face.lang;
    let (plans, faults) = match view {
        FileView::Plans(plans) => (plans, Vec::new()),
        FileView::Faults(faults) => (Vec::new(), faults),
    };
    let intro = if faults.is_empty() { "" } else { words::FAULTS.get(lang) };
    let (mut edits, mut lines, mut elsewhere, mut is_averaged) = (Vec::new(), faults, 0, false);
    for FilePlanView { unit, day, resolution, points } in plans {
        let Some(plan) = desk.drafts.find(&unit, day) else {
            elsewhere += 1;
            continue;
        };
        let what = format!("{unit}, {}", format::date_short(day, lang));
        let draft = desk.drafts.draft(plan, &desk.sheet);
        let points = saving::fitted(&points, resolution, &draft);
        let Some(points) = points.filter(|_| desk.sheet.plans()[plan].is_open) else {
            lines.push(words::closed(lang, &what));
            continue;
        };
        is_averaged |= (resolution, draft.resolution) == (Resolution::Quarter, Resolution::Hour);
        let changes = desk.sheet.take_in(plan, &points);
        lines.push(match changes.len() {
            0 => words::same(lang, &what),
            changes => words::changes(lang, count(changes), &what),
        });
        edits.extend(changes);
    }
    if is_averaged {
        lines.push(words::AVERAGED.get(lang).to_owned());
    }
    if elsewhere > 0 {
        lines.push(words::elsewhere(lang, elsewhere));
    }
    EditsQuestion {
        title: words::question(lang, name),
        intro: intro.to_owned(),
        lines,
        accept: words::fill_in(lang, count(edits.len())),
        edits,
        done: Some(words::filled_in(lang, name)),
    }
}
