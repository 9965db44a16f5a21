//! The course of a day as a drawing: the plan as steps, the earlier version dashed, the limits of the unit as lines. The
//! same values stand in the grid beside it, which is its table.

use leptos::prelude::*;
use openbok_domain::Lang;
use openbok_domain::plan::{Limits, Power};
use openbok_locales::{format, plan_grid as words};
use std::fmt::Write as _;

use crate::portal::lang;

/// Size of the drawing and of its rims, in its own units, which are small enough to count in whole ones.
const WIDTH: i32 = 4_000;
const HEIGHT: i32 = 2_400;
const LEFT: i32 = 560;
const RIGHT: i32 = 80;
const TOP: i32 = 260;
const BOTTOM: i32 = 260;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Which unit or day it is of.
    pub what: String,
    /// Names of the intervals.
    pub labels: Vec<String>,
    /// Net generation.
    pub plan: Vec<Option<Power>>,
    /// Own use.
    pub own: Vec<Option<Power>>,
    /// Net generation in the version that was approved last; empty when there is none.
    pub earlier: Vec<Option<Power>>,
    /// What the unit can do; of several units nothing.
    pub limits: Option<Limits>,
}

/// The drawing.
#[component]
pub fn DayChart(course: Signal<Course>) -> impl IntoView {
    let lang = lang();
    let top = Memo::new(move |_| course.with(top));
    let path = move |of: fn(&Course) -> &Vec<Option<Power>>| move || course.with(|course| steps(of(course), top.get()));
    let limit = move |of: fn(Limits) -> Power| {
        move || {
            let limit = course.with(|course| course.limits).map(of)?;
            let y = height_of(limit.kw(), top.get());
            (y >= TOP).then(|| view! { <line class="day-chart__limit" x1=LEFT x2=WIDTH - RIGHT y1=y y2=y></line> })
        }
    };
    view! {
        <figure class="day-chart">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=words::CHART_WORDS.get(lang)>
                <text class="day-chart__word" x="0" y="130">{words::MEGAWATTS.get(lang)}</text>
                {move || scale(top.get(), lang)}
                {move || course.with(|course| hours(&course.labels))}
                {limit(|limits| limits.pmax)}
                {limit(|limits| limits.pmin)}
                <path class="day-chart__earlier" d=path(|course| &course.earlier)></path>
                <path class="day-chart__own" d=path(|course| &course.own)></path>
                <path class="day-chart__plan" d=path(|course| &course.plan)></path>
            </svg>
            <figcaption class="day-chart__legend">
                <span class="day-chart__key day-chart__key--plan">"PPLAN"</span>
                <span class="day-chart__key day-chart__key--own">"PAUTO"</span>
                {move || course.with(|course| !course.earlier.is_empty()).then(|| view! {
                    <span class="day-chart__key day-chart__key--earlier">{words::CHART_EARLIER.get(lang)}</span>
                })}
                {move || course.with(|course| course.limits.is_some()).then(|| view! {
                    <span class="day-chart__key day-chart__key--limit">{words::LIMITS.get(lang)}</span>
                })}
            </figcaption>
        </figure>
    }
}

/// The power at the upper end of the scale: a round number that nothing exceeds. A limit far above everything planned
/// would flatten the plan, so it is drawn only when it is near.
fn top(course: &Course) -> i32 {
    let all = [&course.plan, &course.own, &course.earlier].into_iter().flatten().flatten();
    let peak = all.map(|power| power.kw()).max().unwrap_or(0).max(1);
    let pmax = course.limits.map_or(0, |limits| limits.pmax.kw());
    round_up(if peak == 1 || pmax <= peak.saturating_mul(2) { peak.max(pmax) } else { peak })
}

/// The next number whose quarters are easy to read.
fn round_up(kw: i32) -> i32 {
    let mut size = 1_i32;
    while size.saturating_mul(10) < kw {
        size = size.saturating_mul(10);
    }
    let round = [10, 12, 16, 20, 24, 28, 32, 40, 60, 80, 100].map(|tenth| i64::from(size) * tenth / 10);
    let found = round.into_iter().find(|number| *number >= i64::from(kw));
    found.and_then(|number| i32::try_from(number).ok()).unwrap_or(kw)
}

/// How far down a power lies below a top that is above 0.
fn height_of(kw: i32, top: i32) -> i32 {
    let height = i64::from(kw) * i64::from(HEIGHT - TOP - BOTTOM) / i64::from(top);
    i32::try_from(i64::from(HEIGHT - BOTTOM) - height).unwrap_or_default()
}

/// A line that holds each power for its interval, and is broken where there is none.
fn steps(powers: &[Option<Power>], top: i32) -> String {
    let mut path = String::with_capacity(powers.len() * 16);
    let mut is_drawing = false;
    for (index, power) in powers.iter().enumerate() {
        let Some(power) = power else {
            is_drawing = false;
            continue;
        };
        let y = height_of(power.kw(), top);
        let (from, to) = (across(index, powers.len()), across(index + 1, powers.len()));
        let verb = if is_drawing { 'L' } else { 'M' };
        // Writing to a string does not fail.
        let _ = write!(path, "{verb}{from} {y}H{to}");
        is_drawing = true;
    }
    path
}

/// How far to the right one of so many intervals begins.
fn across(index: usize, count: usize) -> i32 {
    let width = usize::try_from(WIDTH - LEFT - RIGHT).unwrap_or_default();
    LEFT + i32::try_from(index * width / count.max(1)).unwrap_or_default()
}

/// Lines of the scale with their powers.
fn scale(top: i32, lang: Lang) -> impl IntoView {
    let lines = [0, 1, 2, 3, 4].map(|part| {
        let kw = i32::try_from(i64::from(top) * part / 4).unwrap_or(top);
        let y = height_of(kw, top);
        let number = format::power(Power::from_kw(kw), lang);
        let number = number.trim_end_matches('0').trim_end_matches([',', '.']).to_owned();
        view! {
            <line class="day-chart__line" x1=LEFT x2=WIDTH - RIGHT y1=y y2=y></line>
            <text class="day-chart__word" x=LEFT - 60 y=y + 40 text-anchor="end">{number}</text>
        }
    });
    lines.collect_view()
}

/// The hour at which some of the intervals begin.
fn hours(labels: &[String]) -> impl IntoView + use<> {
    let count = labels.len();
    let each = (count / 6).max(1);
    let names = labels.iter().enumerate().step_by(each).map(|(index, label)| {
        let hour: String = label.chars().take(2).collect();
        view! { <text class="day-chart__word" x=across(index, count) y=HEIGHT - 80>{hour}</text> }
    });
    names.collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn powers(values: &[i32]) -> Vec<Option<Power>> {
        values.iter().map(|kw| (*kw >= 0).then(|| Power::from_kw(*kw))).collect()
    }

    #[test]
    fn a_step_holds_its_power_and_a_gap_breaks_the_line() {
        let path = steps(&powers(&[0, 100, -1, 100]), 100);
        assert_eq!(path.matches('M').count(), 2);
        assert_eq!(path.matches('H').count(), 3);
        assert!(path.starts_with("M560 2140H1400L1400 260H2240"));
        assert_eq!(steps(&[], 100), "");
    }

    #[test]
    fn the_scale_ends_at_a_round_number_above_everything() {
        assert_eq!(
            [1, 7, 11, 49_000, 50_000, 50_001, 99_999].map(round_up),
            [1, 8, 12, 60_000, 60_000, 60_000, 100_000]
        );
        let limits = Some(Limits { pmin: Power::ZERO, pmax: Power::from_kw(50_000) });
        let far = Course { plan: powers(&[900]), limits, ..Course::default() };
        assert_eq!(top(&far), 1_000, "a limit far above flattens nothing");
        let near = Course { plan: powers(&[30_000]), limits, ..Course::default() };
        assert_eq!(top(&near), 60_000);
        assert_eq!(top(&Course { limits, ..Course::default() }), 60_000, "an empty day shows what is possible");
        assert_eq!(top(&Course::default()), 1);
    }

    #[test]
    fn the_largest_power_is_rounded_to_itself() {
        assert_eq!(round_up(i32::MAX), i32::MAX);
    }
}
