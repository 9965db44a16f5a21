//! One day as a list of fields, for a narrow screen and for a browser without scripts, where it is a form that is sent. The
//! same sheet stands behind it.

use leptos::prelude::document;
use openbok_domain::Lang;
use openbok_domain::plan::sheet::{Edit, Place, Sheet, SheetPlan};
use openbok_domain::plan::{Cell, Points, Series};
use openbok_locales::{faults, plan_grid as words};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::face::{Face, show_plain};
use crate::components::written::Html;
use crate::portal::Fields;

/// The element around the fields.
pub const ID: &str = "plan-list";

/// The button that sends the list in order to approve what it says.
pub const APPROVES: &str = "approves";

/// The fields of the list.
pub struct List {
    fields: Vec<(Place, HtmlInputElement, Element)>,
}

/// Name of the field of a value.
pub fn field_name(series: Series, index: usize) -> String {
    format!("{series}-{index}")
}

/// The value that a field is of.
fn place_of(name: &str) -> Option<Place> {
    let (series, index) = name.split_once('-')?;
    Some(Place { plan: 0, series: series.parse().ok()?, index: index.parse().ok()? })
}

/// A form that the server gave back: what was typed, on top of what.
pub struct Sent<'a> {
    fields: &'a Fields,
    base: Points,
}

impl<'a> Sent<'a> {
    /// Nothing when the plan is cut in another way by now.
    pub fn of(fields: &'a Fields, plan: &SheetPlan) -> Option<Self> {
        let is_as_fine = fields.get("resolution") == plan.resolution.as_str();
        let base = Points::unpack(fields.get("base"), plan.points.len()).ok().filter(|_| is_as_fine)?;
        Some(Self { fields, base })
    }

    /// What the field of a value says, where this is saved by now; and whether somebody else changed the same value meanwhile.
    /// What was not typed here stays what they made of it.
    fn value(&self, place: Place, saved: &Cell, lang: Lang) -> (String, bool) {
        let typed = self.fields.text(&field_name(place.series, place.index));
        let (mine, base) = (Cell::typed(&typed), self.base.get(place.series, place.index));
        if mine == *base {
            return (show_plain(saved, lang), false);
        }
        let is_contested = mine != *saved && saved != base;
        (typed, is_contested)
    }
}

/// The fields as HTML.
pub fn rows(face: &Face, sheet: &Sheet, sent: Option<&Sent<'_>>) -> String {
    let mut html = Html::default();
    let megawatts = words::MEGAWATTS.get(face.lang);
    html.markup("<div class=\"plan-list__heads\" aria-hidden=\"true\"><span>").text(words::HOUR.get(face.lang));
    for series in Series::ALL {
        html.markup("</span><span>").text(series.as_str()).markup(", ").text(megawatts);
    }
    html.markup("</span></div><ol class=\"plan-list__rows\">");
    for (index, label) in face.labels(0).iter().enumerate() {
        html.markup("<li class=\"plan-list__row\"><span class=\"plan-list__hour\" aria-hidden=\"true\">");
        html.text(label).markup("</span>");
        for series in Series::ALL {
            push_field(&mut html, face, sheet, sent, Place { plan: 0, series: *series, index });
        }
        html.markup("</li>");
    }
    html.markup("</ol>");
    html.finish()
}

fn push_field(html: &mut Html, face: &Face, sheet: &Sheet, sent: Option<&Sent<'_>>, place: Place) {
    let name = field_name(place.series, place.index);
    let plan = &sheet.plans()[place.plan];
    let saved = plan.points.get(place.series, place.index);
    let shown = show_plain(saved, face.lang);
    let (value, is_contested) = sent.map_or_else(|| (shown.clone(), false), |sent| sent.value(place, saved, face.lang));
    let fault = if is_contested {
        Some(words::list_meanwhile(face.lang, if shown.is_empty() { words::NO_VALUE.get(face.lang) } else { &shown }))
    } else {
        sheet.fault_at(place).map(|fault| faults::of_cell(fault, face.lang))
    };
    html.markup("<div class=\"plan-list__field\"><input class=\"input\" inputmode=\"decimal\" autocomplete=\"off\"");
    html.attribute("name", &name).attribute("aria-label", &face.name(place));
    html.attribute("aria-describedby", &format!("{name}-fault")).attribute("value", &value);
    if fault.is_some() {
        html.attribute("aria-invalid", "true");
    }
    if !plan.is_open {
        html.markup(" readonly");
    }
    html.markup("><p class=\"plan-list__fault\"").attribute("id", &format!("{name}-fault")).markup(">");
    html.text(&fault.unwrap_or_default()).markup("</p></div>");
}

impl List {
    /// Takes over what the server drew; nothing where a sheet has no list.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        let list = document().get_element_by_id(ID)?;
        let count = sheet.plans().first()?.points.len();
        let places = (0..count)
            .flat_map(|index| Series::ALL.iter().map(move |series| Place { plan: 0, series: *series, index }));
        let find = |place: Place| {
            let name = field_name(place.series, place.index);
            let field = list.query_selector(&format!("[name=\"{name}\"]")).ok().flatten()?.dyn_into().ok()?;
            Some((place, field, document().get_element_by_id(&format!("{name}-fault"))?))
        };
        Some(Self { fields: places.filter_map(find).collect() })
    }

    /// What stands in the fields and not in the sheet: what was typed before the page was awake, or given back by the server.
    /// The field with the focus tells its change itself.
    pub fn typed(&self, sheet: &Sheet, face: &Face) -> Vec<Edit> {
        let focused = document().active_element();
        let is_typed = |(place, field, _): &&(Place, HtmlInputElement, Element)| {
            let shown = show_plain(sheet.plans()[0].points.get(place.series, place.index), face.lang);
            focused.as_ref() != Some(field.as_ref()) && field.value() != shown
        };
        self.fields.iter().filter(is_typed).filter_map(|(_, field, _)| Self::edit(field)).collect()
    }

    /// Shows what stands in the sheet now.
    pub fn follow(&self, sheet: &Sheet, face: &Face) {
        let focused = document().active_element();
        for (place, field, fault) in &self.fields {
            let text = show_plain(sheet.plans()[0].points.get(place.series, place.index), face.lang);
            // What somebody is typing differs from what was shown last, and stays.
            let is_typed = focused.as_ref() == Some(field.as_ref()) && field.value() != field.default_value();
            if !is_typed && (field.value() != text || field.default_value() != text) {
                field.set_value(&text);
                field.set_default_value(&text);
            }
            let wrong = sheet.fault_at(*place).map(|fault| faults::of_cell(fault, face.lang)).unwrap_or_default();
            if fault.text_content().as_deref() != Some(wrong.as_str()) {
                fault.set_text_content(Some(&wrong));
                // These names are fit for attributes.
                let _ = if wrong.is_empty() {
                    field.remove_attribute("aria-invalid")
                } else {
                    field.set_attribute("aria-invalid", "true")
                };
            }
        }
    }

    /// Puts the focus on the field of a value; whether the list is what is shown.
    pub fn focus(&self, place: Place) -> bool {
        let field = self.fields.iter().find(|(known, ..)| *known == place);
        field.is_some_and(|(_, field, _)| field.offset_parent().is_some() && field.focus().is_ok())
    }

    /// The value that a field is of.
    pub fn place(field: &HtmlInputElement) -> Option<Place> {
        place_of(&field.name())
    }

    /// What a changed field means.
    pub fn edit(field: &HtmlInputElement) -> Option<Edit> {
        Some(Edit { place: Self::place(field)?, cell: Cell::typed(&field.value()) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::face::{lay_out, tests::view};
    use super::*;
    use openbok_domain::Lang;
    use openbok_domain::plan::view::Layout;

    fn drawn(packed: &str, fields: Option<&Fields>) -> String {
        let view = view(Layout::Day, 1, &["02–03", "02–03 A"], packed, None);
        let (sheet, face) = lay_out(&view, Series::Pplan, Lang::Pl).unwrap();
        let sent = fields.and_then(|fields| Sent::of(fields, &sheet.plans()[0]));
        rows(&face, &sheet, sent.as_ref())
    }

    /// A form that was drawn with these points, and sent with others in its fields.
    fn form(base: &str, typed: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in [("resolution", "PT1H"), ("base", base)].iter().chain(typed) {
            fields.set(name, (*value).to_owned());
        }
        fields
    }

    #[test]
    fn every_value_has_a_field_with_its_name_and_its_fault() {
        let html = drawn("1000;~x|0;", None);
        assert_eq!(html.matches("<input").count(), 4);
        assert!(html.contains("name=\"PPLAN-1\" aria-label=\"02–03 A PPLAN\""));
        assert_eq!(html.matches("aria-invalid").count(), 1);
        assert!(html.contains("value=\"1,000\""));
    }

    #[test]
    fn what_was_sent_and_refused_stands_there_again() {
        let typed = [("PPLAN-0", "12,<5"), ("PPLAN-1", "1,000"), ("PAUTO-0", "0,000"), ("PAUTO-1", "0,000")];
        let html = drawn("1000;1000|0;0", Some(&form("1000;1000|0;0", &typed)));
        assert!(html.contains("value=\"12,&lt;5\""));
    }

    #[test]
    fn what_somebody_else_saved_meanwhile_is_neither_lost_nor_overwritten_unseen() {
        let typed = [("PPLAN-0", "5,000"), ("PPLAN-1", "1,000"), ("PAUTO-0", "0,300"), ("PAUTO-1", "0,000")];
        let sent = form("1000;1000|0;0", &typed);
        let html = drawn("1000;7000|200;0", Some(&sent));
        assert!(html.contains("value=\"5,000\""), "mine, which nobody else touched");
        assert!(html.contains("value=\"7,000\""), "theirs, which I did not touch");
        assert!(html.contains("value=\"0,300\""), "mine, with theirs told beside it");
        assert_eq!(html.matches("zapisano: 0,200").count(), 1);
        assert_eq!(html.matches("aria-invalid").count(), 1);
        let finer = form("1000;1000;1000;1000|0;0;0;0", &typed);
        assert!(
            drawn("1000;7000|200;0", Some(&finer)).contains("value=\"1,000\""),
            "what cannot be laid over it is left"
        );
    }

    #[test]
    fn a_field_is_found_by_its_name() {
        assert_eq!(place_of(&field_name(Series::Pauto, 7)), Some(Place { plan: 0, series: Series::Pauto, index: 7 }));
        assert_eq!(place_of("unit"), None);
        assert_eq!(place_of("PPLAN-x"), None);
    }
}
