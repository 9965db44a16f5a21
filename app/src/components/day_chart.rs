//! The course of a day as a drawing: the plan as steps, the earlier version dashed, the limits of the unit as lines. The
//! same values stand in the grid beside it, which is its table.

use openbok_domain::Lang;
use openbok_domain::plan::{Limits, Power};
use openbok_locales::{format, plan_grid as words};
use std::fmt::Write as _;

use super::written::Html;

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

/// Draws it, with what its lines mean below.
pub fn draw(html: &mut Html, course: &Course, lang: Lang) {
    let top = top(course);
    html.markup("<figure class=\"day-chart\"><svg viewBox=\"0 0 ").number(WIDTH).markup(" ").number(HEIGHT);
    html.markup("\" role=\"img\" aria-label=\"").text(words::CHART_WORDS.get(lang)).markup("\">");
    word(html, (0, 130), "start", words::MEGAWATTS.get(lang));
    scale(html, top, lang);
    hours(html, &course.labels);
    for limit in course.limits.iter().flat_map(|limits| [limits.pmax, limits.pmin]) {
        let y = height_of(limit.kw(), top);
        if y >= TOP {
            line(html, "limit", y);
        }
    }
    for (name, powers) in [("earlier", &course.earlier), ("own", &course.own), ("plan", &course.plan)] {
        html.markup("<path class=\"day-chart__")
            .markup(name)
            .markup("\" d=\"")
            .text(&steps(powers, top))
            .markup("\"/>");
    }
    html.markup("</svg><figcaption class=\"day-chart__legend\">");
    key(html, "plan", "PPLAN");
    key(html, "own", "PAUTO");
    if !course.earlier.is_empty() {
        key(html, "earlier", words::CHART_EARLIER.get(lang));
    }
    if course.limits.is_some() {
        key(html, "limit", words::LIMITS.get(lang));
    }
    html.markup("</figcaption></figure>");
}

fn key(html: &mut Html, name: &'static str, text: &str) {
    html.markup("<span class=\"day-chart__key day-chart__key--")
        .markup(name)
        .markup("\">")
        .text(text)
        .markup("</span>");
}

fn word(html: &mut Html, (x, y): (i32, i32), anchor: &'static str, text: &str) {
    html.markup("<text class=\"day-chart__word\" x=\"").number(x).markup("\" y=\"").number(y);
    html.markup("\" text-anchor=\"").markup(anchor).markup("\">").text(text).markup("</text>");
}

/// A line from one side to the other.
fn line(html: &mut Html, name: &'static str, y: i32) {
    html.markup("<line class=\"day-chart__").markup(name).markup("\" x1=\"").number(LEFT).markup("\" x2=\"");
    html.number(WIDTH - RIGHT).markup("\" y1=\"").number(y).markup("\" y2=\"").number(y).markup("\"/>");
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
fn scale(html: &mut Html, top: i32, lang: Lang) {
    for part in 0..=4 {
        let kw = i32::try_from(i64::from(top) * part / 4).unwrap_or(top);
        let y = height_of(kw, top);
        line(html, "line", y);
        let number = format::power(Power::from_kw(kw), lang);
        word(html, (LEFT - 60, y + 40), "end", number.trim_end_matches('0').trim_end_matches([',', '.']));
    }
}

/// The hour at which some of the intervals begin.
fn hours(html: &mut Html, labels: &[String]) {
    let count = labels.len();
    for (index, label) in labels.iter().enumerate().step_by((count / 6).max(1)) {
        word(html, (across(index, count), HEIGHT - 80), "start", label.get(..2).unwrap_or(label));
    }
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
