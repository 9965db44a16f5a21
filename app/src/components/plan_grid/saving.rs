//! Drafts on their way: at once into the browser's own storage, a moment later to the server, again and again until it
//! has them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::plan::view::Saved;
use openbok_domain::plan::{Points, Resolution};
use openbok_locales::plan_grid as words;
use std::time::Duration;

use super::desk::{self, Desk, Sending};
use super::drafts::{Draft, Kept, Restored, Theirs};
use super::face::show;
use super::shown::{Conflict, MergeQuestion, Saving};
use super::standing;
use crate::browser;
use crate::components::words::explain;
use crate::error::PortalError;

/// How long nobody types before the server gets the draft.
const PAUSE: Duration = Duration::from_millis(800);
/// How long to wait after a failure, at first and at most.
const FIRST_RETRY_S: u64 = 5;
const LAST_RETRY_S: u64 = 60;
/// How long whoever leaves waits for it at most.
const PATIENCE_MS: i64 = 3_000;

/// Keeps a plan's draft in the browser until the server has it.
pub fn keep(desk: &Desk, plan: usize) {
    let key = desk.drafts.key(plan);
    if desk.drafts.is_ahead(plan, &desk.sheet) {
        if let Ok(kept) = serde_json::to_string(&desk.drafts.keep(plan, &desk.sheet)) {
            browser::keep(&key, &kept);
        }
    } else {
        browser::forget(&key);
    }
}

/// Takes up what the browser kept, work that a crash or the end of a session came before, and what was typed into the list
/// before the page was awake. A draft in quarters is gone on with in quarters.
pub fn restore(desk: &mut Desk) {
    let typed = desk.list.as_ref().map(|list| list.typed(&desk.sheet, &desk.face)).unwrap_or_default();
    let (mut edits, mut is_late) = (Vec::new(), false);
    for plan in 0..desk.sheet.plans().len() {
        let kept = browser::kept(&desk.drafts.key(plan)).and_then(|kept| serde_json::from_str::<Kept>(&kept).ok());
        match kept.map_or(Restored::Nothing, |kept| desk.drafts.restore(plan, &kept, &desk.sheet)) {
            Restored::Nothing => {}
            Restored::Points(points) => edits.extend(desk.sheet.replace(plan, &points)),
            Restored::Late => is_late = true,
            Restored::Finer(resolution) => {
                desk.sending = Sending::Over;
                return browser::go_to(&format!("{}?resolution={resolution}", browser::path()));
            }
        }
    }
    if is_late {
        desk.tell(words::RESTORED_LATE.get(desk.face.lang));
    } else if !edits.is_empty() {
        desk.tell(words::RESTORED.get(desk.face.lang));
    }
    if edits.is_empty() && typed.is_empty() {
        return;
    }
    desk.change(edits);
    desk.change(typed);
    ask_to_merge(desk);
}

/// Sends the drafts once nobody has typed for a moment.
pub fn save_soon(desk: &mut Desk) {
    save_in(desk, PAUSE);
}

fn save_in(desk: &mut Desk, pause: Duration) {
    if let Some(timer) = desk.save_timer.take() {
        timer.clear();
    }
    desk.save_timer = set_timeout_with_handle(|| spawn_local(save()), pause).ok();
}

/// Sends every draft that the server has not got; whether it has them all then.
pub async fn save() {
    let begins = desk::with(|desk| {
        let is_off = desk.sending == Sending::Off;
        if is_off {
            desk.sending = Sending::UnderWay;
        }
        is_off
    });
    if begins != Some(true) {
        return;
    }
    while let Some(Some((server, plan, draft))) = desk::with(|desk| {
        let (plan, draft) = desk.drafts.next(&desk.sheet)?;
        desk.is_untold = false;
        desk.shown.saving.set(Saving::Sending);
        Some((desk.server, plan, draft))
    }) {
        let answer = (server.save)(draft.clone()).await;
        let goes_on = desk::with(|desk| has_answered(desk, plan, draft, answer));
        if goes_on != Some(true) {
            break;
        }
    }
    desk::with(|desk| {
        if desk.sending == Sending::UnderWay {
            desk.sending = Sending::Off;
        }
        if desk.shown.saving.with_untracked(|saving| *saving == Saving::Waiting)
            && desk.drafts.is_all_saved(&desk.sheet)
        {
            desk.shown.saving.set(Saving::Unchanged);
        }
    });
}

/// Sends what is left; whether the server has everything then.
pub async fn save_now() -> bool {
    desk::with(Desk::keep_typing);
    while desk::with(|desk| desk.sending) == Some(Sending::UnderWay) {
        browser::pause(50).await;
    }
    save().await;
    desk::with(|desk| desk.drafts.is_all_saved(&desk.sheet)).unwrap_or(true)
}

/// Sends what is left, for somebody who is leaving: they wait for it, but not forever.
pub async fn save_and_leave() {
    spawn_local(async {
        save_now().await;
    });
    let end = browser::now_ms() + PATIENCE_MS;
    while desk::with(|desk| desk.is_behind()) == Some(true) && browser::now_ms() < end {
        browser::pause(50).await;
    }
}

/// Whether there is more to send at once.
fn has_answered(desk: &mut Desk, plan: usize, draft: Draft, answer: Result<Saved, PortalError>) -> bool {
    match answer {
        Ok(Saved::Kept { revision, at, status, is_changed }) => {
            desk.failures = 0;
            standing::follow(draft.day, status, is_changed, desk.face.lang);
            desk.drafts.has_arrived(plan, draft.points, revision);
            keep(desk, plan);
            let is_all = desk.drafts.is_all_saved(&desk.sheet);
            desk.shown.saving.set(if is_all { Saving::Saved(at) } else { Saving::Waiting });
            true
        }
        Ok(Saved::Changed { revision, resolution, points, by }) => {
            let theirs = fitted(&points, resolution, &draft).filter(|_| resolution <= draft.resolution);
            let Some(points) = theirs else {
                // Cut in another way by now: only the page as the server draws it can show that.
                desk.sending = Sending::Over;
                browser::go_to(&browser::here());
                return false;
            };
            desk.drafts.was_overtaken(plan, Theirs { points, revision, by: by.clone() });
            desk.shown.saving.set(Saving::Overtaken(by));
            ask_to_merge(desk);
            true
        }
        Err(PortalError::SignedOut) => {
            browser::sign_in_again();
            false
        }
        // Trying again would change nothing until somebody gives the access back.
        Err(PortalError::Forbidden | PortalError::NotFound) => {
            desk.shown.saving.set(Saving::Failed(words::SAVE_FORBIDDEN.get(desk.face.lang).to_owned()));
            false
        }
        Err(error) => {
            let lang = desk.face.lang;
            desk.failures += 1;
            desk.shown.saving.set(Saving::Failed(match error {
                PortalError::Offline => words::SAVE_OFFLINE.get(lang).to_owned(),
                error => words::save_failed(lang, &explain(&error, lang)),
            }));
            let wait_s = FIRST_RETRY_S.saturating_mul(1 << desk.failures.min(5)).min(LAST_RETRY_S);
            save_in(desk, Duration::from_secs(wait_s));
            false
        }
    }
}

/// Points from elsewhere, cut as finely as mine; nothing when they are of another length.
pub fn fitted(packed: &str, resolution: Resolution, mine: &Draft) -> Option<Points> {
    let minutes = mine.points.len() * usize::from(mine.resolution.minutes());
    let points = Points::unpack(packed, minutes / usize::from(resolution.minutes())).ok()?;
    Some(points.converted(resolution, mine.resolution))
}

/// Asks what to do about a plan that somebody else changed.
pub fn ask_to_merge(desk: &mut Desk) {
    let Some((plan, by)) = desk.drafts.overtaken().map(|(plan, theirs)| (plan, theirs.by.clone())) else { return };
    let Some(merge) = desk.drafts.merged(plan, &desk.sheet) else { return };
    let lang = desk.face.lang;
    let conflict = |change: openbok_domain::plan::Change| Conflict {
        name: desk.face.name(openbok_domain::plan::sheet::Place { plan, series: change.series, index: change.index }),
        theirs: written(&show(&change.before, lang), lang),
        mine: written(&show(&change.after, lang), lang),
        change,
    };
    let conflicts = merge.conflicts.into_iter().map(conflict).collect();
    desk.shown.saving.set(Saving::Overtaken(by.clone()));
    desk.shown.merge.set(Some(MergeQuestion { plan, by, points: merge.points, conflicts }));
}

fn written(text: &str, lang: openbok_domain::Lang) -> String {
    if text.is_empty() { words::NO_VALUE.get(lang).to_owned() } else { text.to_owned() }
}

/// Goes on with these points on top of somebody else's.
pub fn settle(desk: &mut Desk, plan: usize, points: &Points) {
    desk.drafts.build_on_theirs(plan);
    let edits = desk.sheet.replace(plan, points);
    desk.change(edits);
    keep(desk, plan);
    desk.shown.saving.set(if desk.drafts.is_all_saved(&desk.sheet) { Saving::Unchanged } else { Saving::Waiting });
    desk.shown.merge.set(None);
    save_soon(desk);
    ask_to_merge(desk);
}

/// Goes on with somebody else's state; what was mine can be taken back by undoing.
pub fn take_theirs(desk: &mut Desk, plan: usize) {
    if let Some((_, theirs)) = desk.drafts.overtaken().filter(|(overtaken, _)| *overtaken == plan) {
        let points = theirs.points.clone();
        settle(desk, plan, &points);
    }
}
