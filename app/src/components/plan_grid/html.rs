//! HTML written by hand, for the one part of the portal that is drawn too often for anything else.

use std::fmt::Write as _;

/// Adds a text so that it means itself.
pub fn push_text(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}

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
