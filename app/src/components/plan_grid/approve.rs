//! The button that approves a plan: saves what is left, looks whether the plan is whole and right, and only then asks the
//! server. Without scripts the server alone decides, about what it has.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::plan::view::{PlanView, UnitView};
use openbok_locales::plan_grid as words;

use super::desk;
use super::saving;
use super::shown::Saving;
use crate::browser;
use crate::components::icon::Icon;
use crate::components::words::explain;
use crate::error::PortalError;
use crate::portal::{FUNCTION_FIELD, Goto, lang};

/// The button of a page that shows one plan.
#[component]
pub fn Approve(
    /// Path of the server function.
    function: &'static str,
    unit: UnitView,
    plan: PlanView,
) -> impl IntoView {
    let lang = lang();
    let is_busy = RwSignal::new(false);
    let version = plan.version.unwrap_or_default().to_string();
    let seen = version.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        let seen = seen.clone();
        spawn_local(async move {
            if !approve(function, seen).await {
                is_busy.set(false);
            }
        });
    };
    let hidden = [
        (FUNCTION_FIELD, function.to_owned()),
        ("unit", unit.code),
        ("day", plan.day.to_string()),
        ("resolution", plan.resolution.to_string()),
        ("revision", plan.revision.to_string()),
        ("points", plan.points),
        ("version", version),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form method="post" class="actions" on:submit=submit>
            {hidden.collect_view()}
            <button type="submit" class="button" class:is-busy=is_busy aria-disabled=move || is_busy.get().then_some("true")>
                <Icon name="circle-check"/>
                {words::APPROVE.get(lang)}
                <span class="spinner" aria-hidden="true"></span>
            </button>
        </form>
    }
}

/// Approves the first plan on the desk, of which the page shows this version; whether the page is being left for the answer.
async fn approve(function: &str, seen: String) -> bool {
    if !saving::save_now().await {
        desk::run(|desk| {
            if desk.drafts.overtaken().is_some() {
                return saving::ask_to_merge(desk);
            }
            desk.tell(match desk.shown.saving.get_untracked() {
                Saving::Failed(reason) => reason,
                _ => words::APPROVE_UNSAVED.get(desk.face.lang).to_owned(),
            });
        });
        return false;
    }
    let Some(Some(draft)) = desk::with(|desk| {
        let is_whole = desk.is_approvable(0);
        if !is_whole {
            desk.tell(words::APPROVE_FAULTS.get(desk.face.lang));
        }
        is_whole.then(|| desk.drafts.draft(0, &desk.sheet))
    }) else {
        return false;
    };
    let mut fields = draft.fields();
    fields.set("version", seen);
    match browser::post::<Goto>(function, &fields).await {
        Ok(Goto::Here) => browser::go_to(&browser::here()),
        Ok(Goto::Page(path)) => browser::go_to(&path),
        Err(PortalError::SignedOut) => browser::sign_in_again(),
        Err(error) => {
            desk::with(|desk| desk.tell(explain(&error, desk.face.lang)));
            return false;
        }
    }
    true
}
