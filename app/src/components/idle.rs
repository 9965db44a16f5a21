//! The session's end in the browser: a warning two minutes before, all tabs in step, and then nothing left to see.
//!
//! The server decides; this only tells the customer in time. It counts by the wall clock, so a computer that slept wakes
//! up to the truth.

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::Lang;
use openbok_locales::{common, format};
use server_fn::ServerFn;
use std::time::Duration;

use crate::api::session::{ExtendSession, SignOut};
use crate::api::staff::{StaffExtend, StaffSignOut};
use crate::error::PortalError;
use crate::portal::{Fields, Goto, Session, lang};
use crate::{browser, policy};

/// How long before the end the warning appears.
const WARNING_MS: i64 = 120_000;
/// How long the page waits for the server to end the session before it says that it is over.
const PATIENCE: Duration = Duration::from_secs(3);

/// What tabs tell each other: a new end of the session in milliseconds of the browser's clock, that it is over, or that
/// somebody signs out.
const OVER: f64 = 0.0;
const SIGNED_OUT: f64 = -1.0;

/// What differs between customers and staff: how tabs hear each other and keep the end, and the two functions.
struct Kind {
    channel: &'static str,
    extend: &'static str,
    sign_out: &'static str,
}

const CUSTOMER: Kind = Kind { channel: "session", extend: ExtendSession::PATH, sign_out: SignOut::PATH };
const STAFF: Kind = Kind { channel: "staff", extend: StaffExtend::PATH, sign_out: StaffSignOut::PATH };

/// Watches the session of this page.
#[component]
pub fn IdleGuard(session: Session) -> impl IntoView {
    let lang = lang();
    let kind: &'static Kind = if session.who.is_staff() { &STAFF } else { &CUSTOMER };
    let initial_ms = lasts_ms(&session);
    let id = StoredValue::new(session.id);
    let ends_at = RwSignal::new(i64::MAX);
    let left_ms = RwSignal::new(i64::MAX);
    let is_warning = Memo::new(move |_| left_ms.get() <= WARNING_MS);
    let is_busy = RwSignal::new(false);
    let dialog = NodeRef::<Dialog>::new();

    let look = move || {
        let now = browser::now_ms();
        // A tab that slept has heard nothing of what the others did with the same session.
        if ends_at.get_untracked() <= now
            && let Some(end) = id.with_value(|id| kept_end(kind, id))
        {
            ends_at.set(end);
        }
        let left = ends_at.get_untracked() - now;
        left_ms.set(left);
        // The other tabs count for themselves: one that slept must not end a session that began while it did.
        if left <= 0 {
            ends_at.set(i64::MAX);
            expire(kind, id.get_value());
        }
    };
    let prolong = move |lasts_ms: i64| {
        let end = browser::now_ms() + lasts_ms;
        ends_at.set(end);
        id.with_value(|id| browser::keep(kind.channel, &format!("{id} {end}")));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
        browser::tell_tabs(kind.channel, end as f64);
        look();
    };

    Effect::new(move |_| {
        if ends_at.get_untracked() != i64::MAX {
            return;
        }
        browser::hear_tabs(kind.channel, move |message| {
            if message == OVER {
                leave(&browser::here(), "idle");
            } else if message == SIGNED_OUT {
                // Whoever signs out is not led back to where that was.
                leave(policy::first_page(&browser::path()), "signed_out");
            } else {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number of milliseconds")]
                ends_at.set(message as i64);
                look();
            }
        });
        prolong(initial_ms);
        // An interval stops while a computer sleeps; coming back to the page looks at the clock at once.
        let _ = set_interval_with_handle(look, Duration::from_secs(1));
        let _ = window_event_listener_untyped("focus", move |_| look());
        let _ = window_event_listener_untyped("pageshow", move |_| look());
        let _ = window_event_listener_untyped("submit", move |event| {
            if browser::is_sent_to(&event, kind.sign_out) {
                browser::tell_tabs(kind.channel, SIGNED_OUT);
            }
        });
    });
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (is_warning.get(), dialog.open()) {
            // A dialog that is not in the page any more cannot be opened, and need not be.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });

    let stay = move |_| {
        is_busy.set(true);
        spawn_local(async move {
            match browser::post::<Session>(kind.extend, &Fields::default()).await {
                Ok(session) => prolong(lasts_ms(&session)),
                Err(PortalError::SignedOut) => {
                    browser::tell_tabs(kind.channel, OVER);
                    leave(&browser::here(), "idle");
                }
                // Without a connection the countdown goes on, and the button can be pressed again.
                Err(_) => {}
            }
            is_busy.set(false);
        });
    };
    // Screen readers hear the time once a half minute, not every second.
    let spoken = Memo::new(move |_| (left_ms.get().clamp(0, WARNING_MS) + 29_999) / 30_000);
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="idle-title" on:cancel=move |event: leptos::ev::Event| event.prevent_default()>
            <h2 id="idle-title">{common::IDLE_TITLE.get(lang)}</h2>
            <p class="unseen" role="status">{move || announcement(spoken.get() * 30, lang)}</p>
            <p aria-hidden="true">{common::IDLE_LEFT.get(lang)}</p>
            <p class="dialog__figure" aria-hidden="true">{move || countdown(left_ms.get())}</p>
            <div class="actions">
                <button type="button" class="button" class:is-busy=is_busy on:click=stay>
                    {common::IDLE_STAY.get(lang)}
                    <span class="spinner" aria-hidden="true"></span>
                </button>
                <button type="button" class="button button--quiet" on:click=move |_| sign_out(kind)>{common::IDLE_SIGN_OUT.get(lang)}</button>
            </div>
        </dialog>
    }
}

fn countdown(left_ms: i64) -> String {
    let seconds = (left_ms / 1000).clamp(0, WARNING_MS / 1000);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn announcement(seconds: i64, lang: Lang) -> String {
    let time = if seconds % 60 == 0 && seconds > 0 {
        format::duration_minutes(seconds / 60, lang)
    } else {
        common::idle_seconds(lang, seconds)
    };
    common::idle_text(lang, &time)
}

/// When this session ends as the tab knows that prolonged it last; nothing when that was another session.
fn kept_end(kind: &Kind, id: &str) -> Option<i64> {
    browser::kept(kind.channel)?.strip_prefix(id)?.trim_start().parse().ok()
}

/// How long a session lasts without anybody doing anything.
fn lasts_ms(session: &Session) -> i64 {
    session.idle_ms.min(session.absolute_ms)
}

/// Signs out by the button of the warning, in all tabs.
fn sign_out(kind: &'static Kind) {
    spawn_local(async move {
        let answer = browser::post::<Goto>(kind.sign_out, &Fields::default()).await;
        browser::tell_tabs(kind.channel, SIGNED_OUT);
        let first = policy::first_page(&browser::path());
        leave(first, if answer.is_ok() { "signed_out" } else { "idle" });
    });
}

/// Wipes the page and ends its session before it says so. A server out of reach ends it by its own clock.
fn expire(kind: &'static Kind, id: String) {
    let here = browser::here();
    wipe();
    let patient = here.clone();
    set_timeout(move || leave(&patient, "idle"), PATIENCE);
    spawn_local(async move {
        let mut fields = Fields::default();
        fields.set("idle", id);
        let _ = browser::post::<Goto>(kind.sign_out, &fields).await;
        leave(&here, "idle");
    });
}

/// Wipes the page and goes to the sign-in form, which says why, and leads to `next`.
fn leave(next: &str, reason: &str) {
    wipe();
    browser::sign_in_for(next, reason);
}

fn wipe() {
    if let Some(body) = document().body() {
        body.set_inner_html("");
    }
}
