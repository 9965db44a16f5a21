//! HTML written by hand, for the one part of the portal that is drawn too often for anything else.

use std::fmt::Write as _;

pub use crate::components::written::push_text;

/// Adds an attribute.
pub fn push_attribute(html: &mut String, name: &str, value: &str) {
    // Writing to a string does not fail.
    let _ = write!(html, " {name}=\"");
    push_text(html, value);
    html.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_never_a_tag() {
        let mut html = String::new();
        push_attribute(&mut html, "title", "\"><script>&");
        push_text(&mut html, "<b>");
        assert_eq!(html, " title=\"&quot;&gt;&lt;script&gt;&amp;\"&lt;b&gt;");
    }
}
