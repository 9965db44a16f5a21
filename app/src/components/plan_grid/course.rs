//! The course of one plan: its drawing and its sums.

use openbok_domain::Lang;
use openbok_domain::plan::Series;
use openbok_domain::plan::sheet::Totals;
use openbok_locales::{format, plan_grid as words};

use crate::components::day_chart::{self, Course};
use crate::components::written::Html;

/// Draws it.
pub fn draw(course: &Course, day: &[Totals; 2], lang: Lang) -> String {
    let title = match course.what.as_str() {
        "" => words::CHART.get(lang).to_owned(),
        what => words::chart_of(lang, what),
    };
    let mut html = Html::default();
    html.markup("<h2 id=\"plan-course\">").text(&title).markup("</h2>");
    day_chart::draw(&mut html, course, lang);
    html.markup("<table class=\"plan-sums\"><thead><tr><th scope=\"col\">")
        .text(words::WHOLE_DAY.get(lang))
        .markup("</th>");
    let megawatts = words::MEGAWATTS.get(lang);
    for (name, unit) in [(words::AVERAGE, megawatts), (words::PEAK, megawatts), (words::ENERGY, "")] {
        html.markup("<th scope=\"col\" class=\"number\">").text(name.get(lang));
        if !unit.is_empty() {
            html.markup(", ").text(unit);
        }
        html.markup("</th>");
    }
    html.markup("</tr></thead><tbody>");
    for series in Series::ALL {
        let totals = &day[series.index()];
        // On a phone the unit may go on a line of its own.
        let energy = [&*format::megawatt_hours(totals.energy, lang), format::megawatt_hours_sign(lang)].join(" ");
        let power = |power: Option<_>| power.map(|power| format::power(power, lang)).unwrap_or_default();
        html.markup("<tr><th scope=\"row\">").text(series.as_str()).markup("</th>");
        for figure in [power(totals.average()), power(totals.peak), energy] {
            html.markup("<td class=\"number\">").text(&figure).markup("</td>");
        }
        html.markup("</tr>");
    }
    html.markup("</tbody></table>");
    html.finish()
}
