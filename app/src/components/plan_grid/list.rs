//! One day as a list of fields, for a narrow screen and for a browser without scripts, where it is a form that is sent. The
//! same sheet stands behind it.

use leptos::prelude::document;
use openbok_domain::plan::sheet::{Edit, Place, Sheet};
use openbok_domain::plan::{Cell, Series};
use openbok_locales::{Text, faults, plan_grid as words};
use std::fmt::Write as _;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::face::{Face, show_plain};
use super::html::{push_attribute, push_text};
use crate::portal::Fields;

/// The element around the fields.
pub const ID: &str = "plan-list";

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

/// The fields as HTML; `sent` are those of a form that the server gave back.
pub fn rows(face: &Face, sheet: &Sheet, sent: Option<&Fields>) -> String {
    let mut html = String::new();
    let head = |text: Text| format!("<span>{}</span>", text.get(face.lang));
    let _ = write!(
        html,
        "<div class=\"plan-list__heads\" aria-hidden=\"true\">{}<span>PPLAN, MW</span><span>PAUTO, MW</span></div><ol class=\"plan-list__rows\">",
        head(words::HOUR)
    );
    for (index, label) in face.labels(0).iter().enumerate() {
        html.push_str("<li class=\"plan-list__row\"><span class=\"plan-list__hour\" aria-hidden=\"true\">");
        push_text(&mut html, label);
        html.push_str("</span>");
        for series in Series::ALL {
            push_field(&mut html, face, sheet, sent, Place { plan: 0, series: *series, index });
        }
        html.push_str("</li>");
    }
    html.push_str("</ol>");
    html
}

fn push_field(html: &mut String, face: &Face, sheet: &Sheet, sent: Option<&Fields>, place: Place) {
    let name = field_name(place.series, place.index);
    let plan = &sheet.plans()[place.plan];
    let value = match sent {
        Some(fields) => fields.text(&name),
        None => show_plain(plan.points.get(place.series, place.index), face.lang),
    };
    let fault = sheet.fault_at(place).map(|fault| faults::of_cell(fault, face.lang));
    html.push_str("<div class=\"plan-list__field\"><input class=\"input\" inputmode=\"decimal\" autocomplete=\"off\"");
    push_attribute(html, "name", &name);
    push_attribute(html, "aria-label", &face.name(place));
    push_attribute(html, "aria-describedby", &format!("{name}-fault"));
    push_attribute(html, "value", &value);
    if fault.is_some() {
        push_attribute(html, "aria-invalid", "true");
    }
    if !plan.is_open {
        html.push_str(" readonly");
    }
    html.push_str("><p class=\"plan-list__fault\"");
    push_attribute(html, "id", &format!("{name}-fault"));
    html.push('>');
    push_text(html, &fault.unwrap_or_default());
    html.push_str("</p></div>");
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

    fn drawn(packed: &str, sent: Option<&Fields>) -> String {
        let view = view(Layout::Day, 1, &["02–03", "02–03 A"], packed, None);
        let (sheet, face) = lay_out(&view, Series::Pplan, Lang::Pl).unwrap();
        rows(&face, &sheet, sent)
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
        let mut sent = Fields::default();
        sent.set("PPLAN-0", "12,<5".to_owned());
        assert!(drawn("1000;1000|0;0", Some(&sent)).contains("value=\"12,&lt;5\""));
    }

    #[test]
    fn a_field_is_found_by_its_name() {
        assert_eq!(place_of(&field_name(Series::Pauto, 7)), Some(Place { plan: 0, series: Series::Pauto, index: 7 }));
        assert_eq!(place_of("unit"), None);
        assert_eq!(place_of("PPLAN-x"), None);
    }
}
