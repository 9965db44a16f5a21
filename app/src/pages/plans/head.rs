//! What stands above every plan: the days, the units, the views.

use leptos::prelude::*;
use openbok_domain::plan::view::{Layout, PlanView, SheetView, UnitView};
use openbok_domain::plan::{DAYS_AHEAD, PlanStatus, Resolution};
use openbok_domain::{Date, Lang};
use openbok_locales::{format, plan_grid as words};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::api::plans::list_units;
use crate::components::drawn::{drawn, fixed};
use crate::components::icon::Icon;
use crate::components::page::Notice;
use crate::components::plan_grid::mark;
use crate::portal::{lang, portal, segment};
use openbok_domain::address::plan_page;

/// What the page's address asks for: the unit, the day, how finely it is cut; nothing where it says nothing.
pub fn asked() -> (String, String, String) {
    (segment(2), segment(3), portal().query.text("resolution"))
}

/// The days, the units and the views to go to from a sheet.
#[component]
pub fn PlanNav(
    layout: Layout,
    unit: String,
    day: Date,
    today: Date,
    /// Where the plans of the unit stand from today on, if they are shown.
    strip: Vec<PlanStatus>,
) -> impl IntoView {
    let (of_days, of_views) = (unit.clone(), unit);
    Effect::new(|_| show_chosen());
    view! {
        <div class="plan-nav no-print">
            <div class="drawn" inner_html=fixed(move || days(layout, &of_days, day, today, &strip))></div>
            <div class="plan-nav__tools">
                {(layout != Layout::Units).then(|| drawn(list_units, pick_unit))}
                <div class="drawn" inner_html=fixed(move || views(layout, &of_views, day))></div>
            </div>
        </div>
    }
}

/// Scrolls the strip of days, and nothing else, to the chosen one: a phone shows only some of them.
fn show_chosen() {
    let find = |selector: &str| document().query_selector(selector).ok().flatten()?.dyn_into::<HtmlElement>().ok();
    let (strip, day) = (find(".plan-days__strip"), find(".plan-days__strip [aria-current]"));
    if let (Some(strip), Some(day)) = (strip, day) {
        strip.set_scroll_left(day.offset_left() - (strip.client_width() - day.offset_width()) / 2);
    }
}

fn days(layout: Layout, unit: &str, day: Date, today: Date, strip: &[PlanStatus]) -> impl IntoView + use<> {
    let lang = lang();
    let step = |days: i32, icon: &'static str, name: openbok_locales::Text| {
        let href = plan_page(layout, unit, day.plus_days(days));
        view! {
            <a class="plan-days__step" href=href aria-label=name.get(lang) title=name.get(lang)><Icon name=icon/></a>
        }
    };
    let entries = (0..=DAYS_AHEAD)
        .map(|ahead| {
            let other = today.plus_days(ahead);
            let status = usize::try_from(ahead).ok().and_then(|ahead| strip.get(ahead));
            let status =
                status.map(|status| view! { <span data-mark=other.to_string() inner_html=mark(*status, lang)></span> });
            let current = (other == day).then_some("date");
            view! {
                <li>
                    <a href=plan_page(layout, unit, other) aria-current=current>
                        <span class="small">{format::weekday_short(other, lang)}</span>
                        {format::day_and_month(other, lang)}
                        {status}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="plan-days" aria-label=words::STRIP.get(lang)>
            {step(-1, "chevron-left", words::PREVIOUS_DAY)}
            <ol class="plan-days__strip">{entries}</ol>
            {step(1, "chevron-right", words::NEXT_DAY)}
        </nav>
    }
}

fn pick_unit(units: Vec<UnitView>) -> AnyView {
    let lang = lang();
    let (unit, day, _) = asked();
    let is_days = portal().path.ends_with("/days");
    let Ok(day) = day.parse() else { return ().into_any() };
    let layout = if is_days { Layout::Days } else { Layout::Day };
    let entries = units
        .into_iter()
        .map(|other| {
            let current = (other.code == unit).then_some("true");
            view! {
                <li>
                    <a href=plan_page(layout, &other.code, day) aria-current=current>
                        <strong>{other.code.clone()}</strong>" "<span class="muted">{other.name}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="menu plan-units">
            <summary class="button button--quiet button--small">
                {words::UNIT.get(lang)}": "<strong>{unit.clone()}</strong><Icon name="chevron-down"/>
            </summary>
            <div class="menu__panel"><ul class="plan-units__list">{entries}</ul></div>
        </details>
    }
    .into_any()
}

fn views(layout: Layout, unit: &str, day: Date) -> impl IntoView + use<> {
    let lang = lang();
    let all = [(Layout::Day, words::VIEW_DAY), (Layout::Days, words::VIEW_DAYS), (Layout::Units, words::VIEW_UNITS)];
    let entries = all.map(|(other, name)| {
        let current = (other == layout).then_some("true");
        view! { <a href=plan_page(other, unit, day) aria-current=current>{name.get(lang)}</a> }
    });
    view! { <nav class="switch" aria-label=words::VIEWS.get(lang)>{entries.collect_view()}</nav> }
}

/// How finely the day is cut, as links: the page comes anew in the other way.
#[component]
pub fn ResolutionSwitch(now: Resolution) -> impl IntoView {
    let draw = move || {
        let entries = [(Resolution::Hour, words::RESOLUTION_HOUR), (Resolution::Quarter, words::RESOLUTION_QUARTER)];
        let entries = entries.map(|(resolution, name)| {
            let current = (resolution == now).then_some("true");
            view! { <a href=format!("?resolution={resolution}") aria-current=current>{name.get(lang())}</a> }
        });
        entries.collect_view()
    };
    view! { <nav class="switch" aria-label=words::RESOLUTION.get(lang()) inner_html=fixed(draw)></nav> }
}

/// Why a sheet is cut more finely than was asked for: what may still be changed would be lost in hours.
pub fn kept_fine(now: Resolution) -> impl IntoView {
    let draw = move || {
        let wanted = portal().query.text("resolution").parse::<Resolution>();
        wanted.is_ok_and(|wanted| wanted < now).then(|| {
            view! { <Notice tone="info"><p>{words::RESOLUTION_KEPT.get(lang())}</p></Notice> }
        })
    };
    view! { <div class="drawn" inner_html=fixed(draw)></div> }
}

/// The plans of a sheet one by one, for who cannot work with all of them at once: on a phone, or without scripts.
pub fn one_by_one(view: &SheetView) -> impl IntoView + use<> {
    let lang = lang();
    let entry = |plan: &PlanView| {
        let unit = &view.units[plan.unit];
        let name = match view.layout {
            Layout::Units => format!("{} {}", unit.code, unit.name),
            Layout::Day | Layout::Days => {
                format!("{} {}", format::weekday_short(plan.day, lang), format::date_short(plan.day, lang))
            }
        };
        (plan_page(Layout::Day, &unit.code, plan.day), name)
    };
    let entries: Vec<_> = view.plans.iter().map(entry).collect();
    let draw = move || {
        let entries = entries.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> }).collect_view();
        view! {
            <summary>{words::GO_TO_DAYS.get(lang)}</summary>
            <ul class="plan-units__list">{entries}</ul>
        }
    };
    view! { <details class="plan-one-by-one no-print" inner_html=fixed(draw)></details> }
}

/// The unit and the day of a sheet, in a sentence.
pub fn lead(view: &SheetView, lang: Lang) -> String {
    let day = view
        .plans
        .first()
        .map(|plan| format!("{} {}", format::weekday_short(plan.day, lang), format::date_long(plan.day, lang)));
    let unit = view.units.first().filter(|_| view.layout != Layout::Units);
    let unit = unit.map(|unit| format!("{} {}", unit.code, unit.name));
    unit.into_iter().chain(day).collect::<Vec<_>>().join(" · ")
}
