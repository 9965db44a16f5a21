//! HTML letters as plain text.

use mail_parser::decoders::html::html_to_text;

/// Elements that stand on lines of their own. Cells too: a table of labels and values is then read like a list of them.
const BLOCKS: [&str; 15] =
    ["div", "tr", "td", "th", "li", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "hr", "p"];

/// The text of an HTML part, a line for each block.
pub(super) fn to_text(html: &str) -> String {
    let mut broken = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        broken.push_str(before);
        let name = tag[1..].strip_prefix('/').unwrap_or(&tag[1..]);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) {
            broken.push_str("<br>");
        }
        broken.push('<');
        rest = &tag[1..];
    }
    broken.push_str(rest);
    html_to_text(&broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(html: &str) -> Vec<String> {
        to_text(html).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn gives_each_block_a_line() {
        assert_eq!(lines("<div>Firma: Żuraw</div><div>Tel: 1</div>"), ["Firma: Żuraw", "Tel: 1"]);
        assert_eq!(lines("<TABLE><TR><TD>Firma</TD><TD>Żuraw &amp; Syn</TD></TR></TABLE>"), ["Firma", "Żuraw & Syn"]);
        assert_eq!(lines("a<br/>b<p>c</p>d"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn leaves_out_what_nobody_sees() {
        let html = "<head><title>x</title></head><style>p{}</style><script>alert(1)</script><!-- no -->Widać";
        assert_eq!(lines(html), ["Widać"]);
    }
}
