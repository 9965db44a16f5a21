//! The button that approves a plan: saves what is left, looks whether the plan is whole and right, and only then asks the
//! server. Without scripts the server alone decides, about what the list says.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::Refusal;
use openbok_locales::plan_grid as words;

use super::desk;
use super::list;
use super::saving;
use super::shown::Saving;
use crate::browser;
use crate::components::icon::Icon;
use crate::components::words::explain;
use crate::error::PortalError;
use crate::portal::{Goto, TICKED, lang};

/// The button of a page that shows one plan. Without scripts it sends the list.
#[component]
pub fn Approve(
    /// Path of the server function.
    function: &'static str,
    /// Number of the newest version that the page shows.
    version: Option<u32>,
) -> impl IntoView {
    let lang = lang();
    let is_busy = RwSignal::new(false);
    let approve = move |event: MouseEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        spawn_local(async move {
            if !approve(function, version).await {
                is_busy.set(false);
            }
        });
    };
    view! {
        <div class="actions">
            // Enter in the list presses the first button of its form: it keeps what is typed, and approves nothing.
            <button type="submit" form=list::ID hidden></button>
            <button
                type="submit" class="button" form=list::ID name=list::APPROVES value=TICKED class:is-busy=is_busy
                aria-disabled=move || is_busy.get().then_some("true") on:click=approve
            >
                <Icon name="circle-check"/>
                {words::APPROVE.get(lang)}
                <span class="spinner" aria-hidden="true"></span>
            </button>
        </div>
    }
}

/// Approves the first plan on the desk, of which the page shows this version; whether the page is being left for the answer.
async fn approve(function: &str, seen: Option<u32>) -> bool {
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
    fields.set("version", seen.unwrap_or_default().to_string());
    match browser::post::<Goto>(function, &fields).await {
        Ok(Goto::Here) => browser::go_to(&browser::here()),
        Ok(Goto::Page(path)) => browser::go_to(&path),
        Err(PortalError::SignedOut) => browser::sign_in_again(),
        Err(error) => {
            desk::with(|desk| {
                desk.tell(match &error {
                    // They were looked for above, by the limits that the page was drawn with.
                    PortalError::Refused(Refusal::PlanFaults(_)) => {
                        words::APPROVE_LIMITS.get(desk.face.lang).to_owned()
                    }
                    error => explain(error, desk.face.lang),
                });
            });
            return false;
        }
    }
    true
}
