//! Below the grid: what is selected, how the draft stands, how long the plan can still be changed; and what is wrong.

use leptos::prelude::*;
use openbok_domain::plan::sheet::Totals;
use openbok_domain::plan::view::PlanView;
use openbok_domain::{Lang, Timestamp};
use openbok_locales::{format, plan_grid as words};
use std::time::Duration;
use web_sys::MouseEvent;

use super::desk;
use super::questions::{count, push_more};
use super::saving;
use super::shown::{Found, Saving, Shown};
use crate::browser;
use crate::components::icon::Icon;
use crate::components::written::Html;
use crate::portal::lang;

/// Most faults that are listed.
const MOST_FAULTS: usize = 30;

/// The bar.
#[component]
pub fn StatusBar(shown: Shown, gate: Option<Gate>) -> impl IntoView {
    let lang = lang();
    let totals = move || shown.totals.with(|shown| totals(shown, lang));
    let saving = move || shown.saving.with(|shown| saving_words(shown, lang));
    // The words hold one button at most.
    let merge = |event: MouseEvent| {
        if browser::button_of(&event).is_some() {
            desk::run(saving::ask_to_merge);
        }
    };
    view! {
        <div class="plan-status" role="group" aria-label=words::STATUS_BAR.get(lang)>
            <p class="plan-status__totals" inner_html=totals></p>
            <p class="plan-status__saving" role="status" on:click=merge inner_html=saving></p>
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

fn totals(totals: &Totals, lang: Lang) -> String {
    let mut html = Html::default();
    let count = words::selected(lang, count(totals.count));
    html.markup("<span class=\"plan-status__count\">").text(&count).markup("</span>");
    if totals.count > 1 {
        let megawatts = |power: String| format!("{power}\u{a0}{}", words::MEGAWATTS.get(lang));
        let power = |power: Option<_>| power.map(|power| megawatts(format::power(power, lang))).unwrap_or_default();
        for (name, figure) in [
            (words::SUM, megawatts(format::sum_of_power(totals.sum_kw, lang))),
            (words::AVERAGE, power(totals.average())),
            (words::PEAK, power(totals.peak)),
            (words::ENERGY, format::energy(totals.energy, lang)),
        ] {
            html.markup("<span><span class=\"muted\">").text(name.get(lang)).markup("</span> <strong>").text(&figure);
            html.markup("</strong></span>");
        }
    }
    html.finish()
}

fn saving_words(saving: &Saving, lang: Lang) -> String {
    let (icon, tone, text) = match saving {
        Saving::Unchanged => ("check", "", words::UNCHANGED.get(lang).to_owned()),
        Saving::Waiting => ("circle-dashed", "", words::UNSAVED.get(lang).to_owned()),
        Saving::Sending => ("circle-dashed", "", words::SAVING.get(lang).to_owned()),
        Saving::Saved(at) => ("circle-check", "is-good", words::saved(lang, at)),
        Saving::Failed(reason) => ("triangle-alert", "is-bad", reason.clone()),
        Saving::Overtaken(by) if by.is_empty() => {
            ("triangle-alert", "is-bad", words::CHANGED_ELSEWHERE.get(lang).to_owned())
        }
        Saving::Overtaken(by) => ("triangle-alert", "is-bad", words::changed_by(lang, by)),
    };
    let mut html = Html::default();
    html.markup("<span class=\"").markup(tone).markup("\">").icon(icon).markup("</span><span class=\"").markup(tone);
    html.markup("\">").text(&text).markup("</span>");
    if matches!(saving, Saving::Overtaken(_)) {
        html.markup("<button type=\"button\" class=\"button button--quiet button--small\">")
            .text(words::RESOLVE.get(lang));
        html.markup("</button>");
    }
    html.finish()
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
    let list = move || shown.faults.with(|faults| fault_list(faults, lang));
    let jump = move |event: MouseEvent| {
        let number = browser::button_of(&event).and_then(|button| button.get_attribute("value")?.parse::<usize>().ok());
        let place = number.and_then(|number| shown.faults.with_untracked(|faults| Some(faults.get(number)?.place)));
        if let Some(place) = place {
            desk::run(|desk| desk.jump_to(place));
        }
    };
    view! { <div class="plan__faults" on:click=jump inner_html=list></div> }
}

fn fault_list(faults: &[Found], lang: Lang) -> String {
    let mut html = Html::default();
    if faults.is_empty() {
        return html.finish();
    }
    let title = words::faults(lang, count(faults.len()));
    html.markup("<section class=\"plan-faults\" aria-labelledby=\"plan-faults\"><h2 id=\"plan-faults\">");
    html.icon("triangle-alert").text(&title).markup("</h2><ul class=\"plain\">");
    for (number, found) in faults.iter().take(MOST_FAULTS).enumerate() {
        html.markup("<li><button type=\"button\" value=\"").text(&number.to_string()).markup("\">").text(&found.words);
        html.markup("</button></li>");
    }
    html.markup("</ul>");
    push_more(&mut html, faults.len().saturating_sub(MOST_FAULTS), lang);
    html.markup("</section>");
    html.finish()
}

/// What just happened.
#[component]
pub fn News(shown: Shown) -> impl IntoView {
    let news = move || {
        let mut html = Html::default();
        shown.notice.with(|notice| {
            if let Some(text) = notice {
                html.icon("info").markup("<span>").text(text).markup("</span>");
            }
        });
        html.finish()
    };
    view! { <div class="plan-news" role="status" inner_html=news></div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_left_until_the_gate_closes() {
        assert_eq!([120_000, 60_001, 1, 0, -5].map(begun_minutes), [2, 2, 1, 0, 0]);
    }
}
