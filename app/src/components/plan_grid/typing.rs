//! The field inside a cell while something is being typed into it. There is one at most.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// The field.
pub struct Typing {
    field: HtmlInputElement,
    is_new: bool,
}

impl Typing {
    /// Puts the field into a cell, with the cursor at the end of the text and nothing selected.
    pub fn begin(cell: &HtmlElement, text: &str, name: &str, is_new: bool) -> Option<Self> {
        let field: HtmlInputElement = document().create_element("input").ok()?.dyn_into().ok()?;
        field.set_class_name("plan-grid__field");
        for (attribute, value) in
            [("inputmode", "decimal"), ("autocomplete", "off"), ("aria-label", name), ("enterkeyhint", "next")]
        {
            // These names are fit for attributes.
            let _ = field.set_attribute(attribute, value);
        }
        field.set_value(text);
        cell.set_text_content(None);
        cell.append_child(&field).ok()?;
        // A field that cannot take the focus can still be tapped.
        let _ = field.focus();
        if !is_new {
            let end = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
            // Wherever the cursor is, people can type.
            let _ = field.set_selection_range(end, end);
        }
        Some(Self { field, is_new })
    }

    /// Whether typing began with a new value.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Whether this is the field.
    pub fn is(&self, element: &Element) -> bool {
        AsRef::<Element>::as_ref(&self.field) == element
    }

    /// What was typed. No cursor stays behind: the browser would look through the whole page for a place to draw it.
    pub fn end(self) -> String {
        if let Ok(Some(cursor)) = document().get_selection() {
            // A cursor that stays costs time, nothing else.
            let _ = cursor.remove_all_ranges();
        }
        self.field.value()
    }
}
