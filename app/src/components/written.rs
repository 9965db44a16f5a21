//! HTML written straight into one text: for lists so long that building their elements one by one would cost the server
//! more than everything else about the page, as fifty invoices are a thousand elements and attributes; and for what the
//! browser draws anew as a whole, which a text does with a fraction of the download.
//!
//! Markup is fixed text of the program, values are always escaped; so nothing that was delivered can become markup.

use std::fmt::Write as _;

/// HTML being written.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// With room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Adds markup.
    pub fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, between tags or within the quotation marks of an attribute.
    pub fn text(&mut self, text: &str) -> &mut Self {
        let is_markup = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(is_markup) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        self
    }

    /// Adds an attribute within a tag.
    pub fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.markup(" ").markup(name).markup("=\"").text(value).markup("\"")
    }

    /// Adds a whole number.
    pub fn number(&mut self, number: i32) -> &mut Self {
        // Writing to a string does not fail.
        let _ = write!(self.0, "{number}");
        self
    }

    /// Adds an icon, as [`Icon`](super::icon::Icon) does.
    pub fn icon(&mut self, name: &'static str) -> &mut Self {
        self.markup("<span class=\"icon i-").markup(name).markup("\"></span>")
    }

    /// What was written, for `inner_html`.
    pub fn finish(self) -> String {
        self.0
    }
}

/// An address whose Polish postal code stays on one line; what is read aloud or copied is the address as it is.
pub fn address(address: &str) -> String {
    let is_number = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = |word: &str| {
        let code = word.trim_end_matches(',').split_once('-');
        code.is_some_and(|(area, place)| is_number(area, 2) && is_number(place, 3))
    };
    let mut html = Html::default();
    for (number, word) in address.split(' ').enumerate() {
        if number > 0 {
            html.markup(" ");
        }
        if is_code(word) {
            html.markup("<span class=\"nowrap\">").text(word).markup("</span>");
        } else {
            html.text(word);
        }
    }
    html.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postal_code_stays_on_one_line() {
        assert_eq!(
            address("ul. Długa 5-7 <m. 3>, 25-001 Kielce"),
            "ul. Długa 5-7 &lt;m. 3&gt;, <span class=\"nowrap\">25-001</span> Kielce"
        );
        assert_eq!(address("вул. Садова, 1, Київ, 01001"), "вул. Садова, 1, Київ, 01001");
    }

    #[test]
    fn a_text_never_becomes_markup() {
        let mut html = Html::default();
        html.markup("<td")
            .attribute("title", "\"><script>alert('ż')&</script>")
            .markup(">")
            .icon("zap")
            .markup("</td>");
        assert_eq!(
            html.finish(),
            "<td title=\"&quot;&gt;&lt;script&gt;alert(&#39;ż&#39;)&amp;&lt;/script&gt;\"><span class=\"icon i-zap\"></span></td>"
        );
    }
}
