//! Where plans stand, as it is shown around the grid: the badge beside the page's title, the marks of the days. The server
//! draws them; once a draft has arrived there, the browser draws them anew by the same functions.

use leptos::prelude::document;
use openbok_domain::plan::PlanStatus;
use openbok_domain::{Date, Lang};
use openbok_locales::{labels, plan_grid as words};

use crate::components::status::{plan_mark, write_plan_badge};
use crate::components::written::Html;

/// Where a plan stands, and that its draft differs from what was approved.
pub fn badge(status: PlanStatus, is_changed: bool, lang: Lang) -> String {
    let mut html = Html::default();
    write_plan_badge(&mut html, status, labels::plan_status(status).get(lang));
    if is_changed && !matches!(status, PlanStatus::Missing | PlanStatus::Draft) {
        write_plan_badge(&mut html, PlanStatus::Draft, words::UNAPPROVED.get(lang));
    }
    html.finish()
}

/// Where the plan of a day stands, as a mark of that day.
pub fn mark(status: PlanStatus, lang: Lang) -> String {
    let ((tone, icon), name) = (plan_mark(status), labels::plan_status(status).get(lang));
    let mut html = Html::default();
    html.markup("<span class=\"plan-days__status plan-days__status--").markup(tone).markup("\" title=\"").text(name);
    html.markup("\">").icon(icon).markup("<span class=\"unseen\">").text(name).markup("</span></span>");
    html.finish()
}

/// Shows where the plan of a day stands now, wherever the page tells it.
pub fn follow(day: Date, status: PlanStatus, is_changed: bool, lang: Lang) {
    for (place, html) in [("badge", badge(status, is_changed, lang)), ("mark", mark(status, lang))] {
        if let Ok(Some(element)) = document().query_selector(&format!("[data-{place}=\"{day}\"]")) {
            element.set_inner_html(&html);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_differs_from_what_was_approved_is_told_beside_it() {
        let count = |status, is_changed| badge(status, is_changed, Lang::Pl).matches("class=\"status ").count();
        assert_eq!(count(PlanStatus::Accepted, false), 1);
        assert_eq!(count(PlanStatus::Accepted, true), 2);
        assert_eq!(count(PlanStatus::Rejected, true), 2);
        assert_eq!(count(PlanStatus::Draft, true), 1, "nothing was approved yet");
    }
}
