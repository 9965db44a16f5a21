//! XML, read element by element and written the same way. Only elements and the text in them: document types and entities
//! are refused, comments and processing instructions passed over, attributes looked at on the root alone.

use openbok_domain::plan::{FileFaultKind, FilePlace};
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer, XmlVersion};

use super::faults::Stop;
use super::text::Places;

/// What comes next in a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An element begins.
    Open {
        /// Its name without a prefix.
        name: String,
        /// Where.
        place: FilePlace,
    },
    /// An element ends.
    Close {
        /// Its name without a prefix.
        name: String,
        /// The text behind its last child, trimmed: all of it when it has none.
        text: String,
        /// Where the text begins, or the element ends.
        place: FilePlace,
    },
    /// The document has ended, and all its elements had.
    End,
}

/// A document being read.
pub(super) struct Markup<'a> {
    reader: Reader<&'a [u8]>,
    places: Places<'a>,
    most_depth: usize,
    open: Vec<String>,
    text: String,
    text_at: Option<usize>,
    has_root: bool,
    namespace: Option<String>,
}

impl<'a> Markup<'a> {
    /// A document whose elements may stand so deep within one another.
    pub fn new(text: &'a str, most_depth: usize) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let places = Places::new(text);
        let (open, text, text_at) = (Vec::new(), String::new(), None);
        Self { reader, places, most_depth, open, text, text_at, has_root: false, namespace: None }
    }

    /// The namespace of the root, once it is open.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// How many elements are open.
    pub const fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next element's beginning or end.
    pub fn step(&mut self) -> Result<Step, Stop> {
        loop {
            let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let event = self.reader.read_event();
            match event {
                Err(_) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(at);
                    return Err((self.places.at(at), FileFaultKind::Broken));
                }
                Ok(Event::Start(tag)) => return self.open(&tag, at),
                Ok(Event::End(_)) => return self.close(at),
                Ok(Event::Text(text)) => self.add_text(&text.xml10_content(), at)?,
                Ok(Event::CData(text)) => self.add_text(&text.xml10_content(), at)?,
                Ok(Event::GeneralRef(reference)) => {
                    let resolved = match &*reference {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => reference.resolve_char_ref().ok().flatten(),
                    };
                    let character = resolved.ok_or_else(|| (self.places.at(at), FileFaultKind::Entity))?;
                    self.add_text(character.encode_utf8(&mut [0; 4]), at)?;
                }
                Ok(Event::DocType(_)) => return Err((self.places.at(at), FileFaultKind::Entity)),
                Ok(Event::Eof) if self.open.is_empty() && self.has_root => return Ok(Step::End),
                Ok(Event::Eof) => return Err((self.places.at(at), FileFaultKind::Broken)),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_)) => {}
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<Step, Stop> {
        let place = self.places.at(at);
        if self.open.is_empty() {
            if self.has_root {
                return Err((place, FileFaultKind::Broken));
            }
            self.has_root = true;
            self.namespace = namespace(tag);
        }
        if self.open.len() == self.most_depth {
            return Err((place, FileFaultKind::TooLarge));
        }
        let name = tag.local_name().as_ref().to_owned();
        self.open.push(name.clone());
        self.text.clear();
        self.text_at = None;
        Ok(Step::Open { name, place })
    }

    fn close(&mut self, at: usize) -> Result<Step, Stop> {
        let place = self.places.at(self.text_at.take().unwrap_or(at));
        let name = self.open.pop().ok_or((place, FileFaultKind::Broken))?;
        let text = self.text.trim().to_owned();
        self.text.clear();
        Ok(Step::Close { name, text, place })
    }

    fn add_text(&mut self, text: &str, at: usize) -> Result<(), Stop> {
        let blank = text.len() - text.trim_start().len();
        if blank < text.len() {
            if self.open.is_empty() {
                return Err((self.places.at(at + blank), FileFaultKind::Broken));
            }
            self.text_at.get_or_insert(at + blank);
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// The namespace that an element declares for its own name.
fn namespace(tag: &BytesStart<'_>) -> Option<String> {
    let prefix = tag.name().prefix().map(|prefix| prefix.as_ref().to_owned());
    let declaration = prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
    let attribute = tag.try_get_attribute(&declaration).ok().flatten()?;
    attribute.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// A document being written, indented so that people can read it.
pub(super) struct Document(Writer<Vec<u8>>);

const MEMORY: &str = "memory takes every byte";

impl Document {
    /// A document that declares an encoding and has this root.
    pub fn new(encoding: &str, root: &str, namespace: Option<&str>) -> Self {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some(encoding), None))).expect(MEMORY);
        let mut tag = BytesStart::new(root);
        if let Some(namespace) = namespace {
            tag.push_attribute(("xmlns", namespace));
        }
        writer.write_event(Event::Start(tag)).expect(MEMORY);
        Self(writer)
    }

    /// An element with a text.
    pub fn leaf(&mut self, name: &str, text: &str) {
        self.text_in(BytesStart::new(name), text);
    }

    /// A code of the European scheme.
    pub fn coded(&mut self, name: &str, code: &str) {
        let mut tag = BytesStart::new(name);
        tag.push_attribute(("codingScheme", "A01"));
        self.text_in(tag, code);
    }

    fn text_in(&mut self, tag: BytesStart<'_>, text: &str) {
        let end = tag.to_end().into_owned();
        self.0.write_event(Event::Start(tag)).expect(MEMORY);
        self.0.write_event(Event::Text(BytesText::new(text))).expect(MEMORY);
        self.0.write_event(Event::End(end)).expect(MEMORY);
    }

    /// An element with others in it.
    pub fn group(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.0.write_event(Event::Start(BytesStart::new(name))).expect(MEMORY);
        content(self);
        self.0.write_event(Event::End(BytesEnd::new(name))).expect(MEMORY);
    }

    /// Ends the root; the document.
    pub fn finish(mut self, root: &str) -> String {
        self.0.write_event(Event::End(BytesEnd::new(root))).expect(MEMORY);
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        String::from_utf8(bytes).expect("what was written was text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps of a document in short, or why it cannot be read.
    fn steps(text: &str) -> Result<String, Stop> {
        let mut markup = Markup::new(text, 4);
        let mut steps = String::new();
        loop {
            match markup.step()? {
                Step::Open { name, .. } => steps.extend(["<", &name]),
                Step::Close { text, .. } => steps.extend(["|", &text, ">"]),
                Step::End => return Ok(steps),
            }
        }
    }

    fn refused(text: &str) -> (Option<u32>, Option<u32>, FileFaultKind) {
        let (place, kind) = steps(text).unwrap_err();
        (place.line, place.column, kind)
    }

    #[test]
    fn reads_elements_and_their_texts() {
        let text =
            "<?xml version='1.0'?><!-- c --><n:a xmlns:n='urn:x'>\n <b> 1 <![CDATA[<2>]]></b><c/>&lt;&#65;</n:a>";
        assert_eq!(steps(text).unwrap(), "<a<b|1 <2>><c|>|<A>");
        let mut markup = Markup::new(text, 4);
        markup.step().unwrap();
        assert_eq!(markup.namespace(), Some("urn:x"));
        assert!(matches!(markup.step(), Ok(Step::Open { place, .. }) if place == FilePlace::new(2, 2)));
        assert!(matches!(markup.step(), Ok(Step::Close { place, .. }) if place == FilePlace::new(2, 6)));
    }

    #[test]
    fn refuses_entities_and_document_types() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
        assert_eq!(refused(bomb), (Some(1), Some(1), FileFaultKind::Entity));
        assert_eq!(refused("<a>\n&nbsp;</a>"), (Some(2), Some(1), FileFaultKind::Entity));
        assert_eq!(refused("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>").2, FileFaultKind::Entity);
    }

    #[test]
    fn refuses_what_does_not_hold_together() {
        for text in ["", "x", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>x", "<a", "<a>&", "<a>&lt</a>", "<!--"] {
            assert_eq!(refused(text).2, FileFaultKind::Broken, "{text}");
        }
    }

    #[test]
    fn refuses_deep_nesting() {
        assert!(steps("<a><a><a><a/></a></a></a>").is_ok());
        assert_eq!(refused(&"<a>".repeat(100_000)), (Some(1), Some(13), FileFaultKind::TooLarge));
    }

    #[test]
    fn reads_what_it_writes() {
        let mut document = Document::new("UTF-8", "root", Some("urn:x"));
        document.group("group", |group| {
            group.coded("code", "1<2&\"'");
            group.leaf("text", "ż");
        });
        let text = document.finish("root");
        assert_eq!(steps(&text).unwrap(), "<root<group<code|1<2&\"'><text|ż>|>|>");
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<root xmlns=\"urn:x\">\n  <group>\n"));
    }
}
