//! Below the grid: what is selected, how the draft stands, how long the plan can still be changed; and what is wrong.

use leptos::prelude::*;
use openbok_domain::plan::sheet::Totals;
use openbok_domain::plan::view::PlanView;
use openbok_domain::{Lang, Timestamp};
use openbok_locales::{format, plan_grid as words};
use std::time::Duration;

use super::desk;
use super::saving;
use super::shown::{Saving, Shown};
use crate::browser;
use crate::components::icon::Icon;
use crate::portal::lang;

/// Most faults that are listed.
const MOST_FAULTS: usize = 30;

/// The bar.
#[component]
pub fn StatusBar(shown: Shown, gate: Option<Gate>) -> impl IntoView {
    let lang = lang();
    view! {
        <div class="plan-status" role="group" aria-label=words::STATUS_BAR.get(lang)>
            <p class="plan-status__totals">{move || totals(shown.totals.get(), lang)}</p>
            <p class="plan-status__saving" role="status">{move || saving_words(shown.saving.get(), lang)}</p>
            {gate.map(|gate| view! { <p class="plan-status__gate">{gate_words(gate, lang)}</p> })}
        </div>
    }
}

/// When the plan may be changed last.
#[derive(Clone, Debug)]
pub struct Gate {
    is_open: bool,
    left_ms: i64,
    label: String,
}

impl Gate {
    /// Of a plan, seen from now.
    pub fn of(plan: &PlanView, now: Timestamp) -> Self {
        let left_ms = (plan.gate_closes_at.micros() - now.micros()) / 1000;
        Self { is_open: plan.is_open, left_ms, label: plan.gate_label.clone() }
    }
}

fn totals(totals: Totals, lang: Lang) -> impl IntoView {
    let power = |power| format!("{}\u{a0}{}", format::power(power, lang), words::MEGAWATTS.get(lang));
    let sum = format::sum_of_power(totals.sum_kw, lang);
    let figures = [
        (words::SUM, format!("{sum}\u{a0}{}", words::MEGAWATTS.get(lang))),
        (words::AVERAGE, totals.average().map(power).unwrap_or_default()),
        (words::PEAK, totals.peak.map(power).unwrap_or_default()),
        (words::ENERGY, format::energy(totals.energy, lang)),
    ];
    let count = i64::try_from(totals.count).unwrap_or(i64::MAX);
    let figures = (totals.count > 1).then(|| {
        figures.map(|(name, figure)| view! { <span><span class="muted">{name.get(lang)}</span>" "<strong>{figure}</strong></span> })
            .collect_view()
    });
    view! { <span class="plan-status__count">{words::selected(lang, count)}</span>{figures} }
}

fn saving_words(saving: Saving, lang: Lang) -> AnyView {
    let (icon, tone, text) = match saving {
        Saving::Unchanged => ("check", "", words::UNCHANGED.get(lang).to_owned()),
        Saving::Waiting => ("circle-dashed", "", words::UNSAVED.get(lang).to_owned()),
        Saving::Sending => ("circle-dashed", "", words::SAVING.get(lang).to_owned()),
        Saving::Saved(at) => ("circle-check", "is-good", words::saved(lang, &at)),
        Saving::Failed(reason) => ("triangle-alert", "is-bad", reason),
        Saving::Overtaken(by) => {
            return view! {
                <Icon name="triangle-alert"/>
                <span class="is-bad">{if by.is_empty() { words::CHANGED_ELSEWHERE.get(lang).to_owned() } else { words::changed_by(lang, &by) }}</span>
                <button type="button" class="button button--quiet button--small" on:click=move |_| desk::run(saving::ask_to_merge)>
                    {words::RESOLVE.get(lang)}
                </button>
            }
            .into_any();
        }
    };
    view! { <span class=tone><Icon name=icon/></span><span class=tone>{text}</span> }.into_any()
}

fn gate_words(gate: Gate, lang: Lang) -> AnyView {
    if !gate.is_open {
        return view! { <Icon name="lock"/>{words::GATE_CLOSED.get(lang)} }.into_any();
    }
    if gate.left_ms <= 0 {
        return view! { <Icon name="clock"/>{words::gate_consent(lang, &gate.label)} }.into_any();
    }
    let left = RwSignal::new(begun_minutes(gate.left_ms));
    Effect::new(move |_| {
        let closes_at = browser::now_ms() + gate.left_ms;
        let look = move || {
            let now = begun_minutes(closes_at - browser::now_ms());
            if now != left.get_untracked() {
                left.set(now);
            }
        };
        // It works as long as the page lives.
        let _ = set_interval_with_handle(look, Duration::from_secs(1));
    });
    view! {
        <Icon name="clock"/>
        <span>
            {move || match left.get() {
                0 => words::GATE_CLOSED.get(lang).to_owned(),
                left => words::gate_in(lang, &format::duration_minutes(left, lang)),
            }}
            " "<span class="muted">{gate.label}</span>
        </span>
    }
    .into_any()
}

/// How many minutes have begun of what is left: as long as there is any, it is not zero.
fn begun_minutes(left_ms: i64) -> i64 {
    (left_ms.max(0) + 59_999) / 60_000
}

/// What is wrong; each entry leads to its cell.
#[component]
pub fn FaultList(shown: Shown) -> impl IntoView {
    let lang = lang();
    move || {
        shown.faults.with(|faults| {
            if faults.is_empty() {
                return None;
            }
            let entries = faults.iter().take(MOST_FAULTS).map(|found| {
                let place = found.place;
                view! {
                    <li>
                        <button type="button" on:click=move |_| desk::run(|desk| { desk.jump_to(place); })>
                            {found.words.clone()}
                        </button>
                    </li>
                }
            });
            let entries = entries.collect_view();
            let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            let more = faults.len().checked_sub(MOST_FAULTS).filter(|more| *more > 0);
            Some(view! {
                <section class="plan-faults" aria-labelledby="plan-faults">
                    <h2 id="plan-faults"><Icon name="triangle-alert"/>{words::faults(lang, count(faults.len()))}</h2>
                    <ul class="plain">{entries}</ul>
                    {more.map(|more| view! { <p class="muted">{words::faults_more(lang, count(more))}</p> })}
                </section>
            })
        })
    }
}

/// What just happened.
#[component]
pub fn News(shown: Shown) -> impl IntoView {
    view! {
        <div class="plan-news" role="status">
            {move || shown.notice.get().map(|text| view! { <Icon name="info"/><span>{text}</span> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_left_until_the_gate_closes() {
        assert_eq!([120_000, 60_001, 1, 0, -5].map(begun_minutes), [2, 2, 1, 0, 0]);
    }
}
