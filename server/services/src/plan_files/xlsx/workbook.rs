//! A workbook (ECMA-376) as far as plans need it: the cells of its worksheets in order, with the texts and the kinds of
//! formats that they refer to.
//!
//! Parts are unpacked as they are read and never as a whole. What a part says it unpacks to is held against what is left of
//! a limit before it is unpacked, each time that it is read, and it gets no more than it said. Numbers stay the texts that
//! they are stored as.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read, Take};
use std::rc::Rc;

use openbok_domain::plan::FileFaultKind;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;

/// Parts of a workbook that a program writes for thousands of worksheets.
const MOST_PARTS: usize = 20_000;
/// Columns that are looked at: those of a plan.
pub(super) const COLUMNS: usize = 4;
/// More than any cell of a plan has; the rest of a longer text is not kept.
const MOST_CELL_BYTES: usize = 1 << 10;
/// Formats, worksheets and the like: more than any workbook has.
const MOST_ITEMS: usize = 100_000;
/// Texts that cells share: more than the hours of the largest file.
const MOST_STRINGS: usize = 500_000;
/// Elements within one another: more than any program nests.
const MOST_DEPTH: usize = 64;

type Fault = FileFaultKind;
/// What a part unpacks to, as far as it may.
type Unpacked<'p, 'a> = Take<ZipFile<'p, Cursor<&'a [u8]>>>;

/// What is in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// A number as it is stored.
    Number(String),
    /// A number that is shown as a date or a time.
    Date(String),
    /// A text.
    Text(String),
    /// A formula, whatever it amounts to.
    Formula,
    /// A truth value or an error.
    Other,
}

/// The cells of a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    /// Number of the row, from 1.
    pub row: u32,
    /// What is in its first cells.
    pub contents: [Content; COLUMNS],
}

/// An opened workbook.
pub(super) struct Workbook<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that parts may still unpack to.
    unpacked_left: u64,
    /// Names of the parts with worksheets, in order.
    pub sheets: Vec<Rc<str>>,
    /// Whether days count from 1904.
    pub is_from_1904: bool,
    strings: Vec<Box<str>>,
    /// For each format of cells, whether it shows dates.
    date_formats: Vec<bool>,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook and reads everything but its worksheets.
    pub fn open(bytes: &'a [u8], most_unpacked: u64) -> Result<Self, Fault> {
        const WORKBOOK: &str = "xl/workbook.xml";
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::NotThisFormat)?;
        if archive.len() > MOST_PARTS {
            return Err(Fault::TooLarge);
        }
        let mut workbook = Self {
            archive,
            unpacked_left: most_unpacked,
            sheets: Vec::new(),
            is_from_1904: false,
            strings: Vec::new(),
            date_formats: Vec::new(),
        };
        let targets = workbook.relationships("xl/_rels/workbook.xml.rels")?;
        let mut sheets = Vec::new();
        let mut is_from_1904 = false;
        let mut part = workbook.part(WORKBOOK)?.ok_or(Fault::NotThisFormat)?;
        part.each_start(|tag| {
            match tag.local_name().as_ref() {
                "workbookPr" => {
                    is_from_1904 =
                        attribute(tag, "date1904").is_some_and(|value| matches!(value.as_str(), "1" | "true"));
                }
                "sheet" => sheets.extend(relationship_id(tag).and_then(|id| targets.sheets.get(&id)).cloned()),
                _ => {}
            }
            if sheets.len() > MOST_ITEMS { Err(Fault::TooLarge) } else { Ok(()) }
        })?;
        drop(part);
        workbook.sheets = sheets;
        workbook.is_from_1904 = is_from_1904;
        if let Some(styles) = targets.styles {
            workbook.date_formats = workbook.read_styles(&styles)?;
        }
        if let Some(strings) = targets.strings {
            workbook.strings = workbook.read_strings(&strings)?;
        }
        Ok(workbook)
    }

    fn part(&mut self, name: &str) -> Result<Option<Part<'_, 'a>>, Fault> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|_| Fault::Broken)?;
        let size = file.size();
        self.unpacked_left = self.unpacked_left.checked_sub(size).ok_or(Fault::TooLarge)?;
        let mut reader = Reader::from_reader(BufReader::new(file.take(size)));
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Part { reader, buffer: Vec::new(), depth: 0 }))
    }

    fn relationships(&mut self, name: &str) -> Result<Targets, Fault> {
        let mut targets = Targets::default();
        let mut part = self.part(name)?.ok_or(Fault::NotThisFormat)?;
        part.each_start(|tag| {
            if tag.local_name().as_ref() != "Relationship" {
                return Ok(());
            }
            let [Some(id), Some(kind), Some(target)] = ["Id", "Type", "Target"].map(|name| attribute(tag, name)) else {
                return Ok(());
            };
            let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            match kind.rsplit('/').next() {
                Some("worksheet") => {
                    targets.sheets.insert(id, target.into());
                }
                Some("sharedStrings") => targets.strings = Some(target),
                Some("styles") => targets.styles = Some(target),
                _ => {}
            }
            if targets.sheets.len() > MOST_ITEMS { Err(Fault::TooLarge) } else { Ok(()) }
        })?;
        Ok(targets)
    }

    fn read_styles(&mut self, name: &str) -> Result<Vec<bool>, Fault> {
        let Some(mut part) = self.part(name)? else { return Ok(Vec::new()) };
        let mut own_dates: BTreeMap<String, bool> = BTreeMap::new();
        let mut formats = Vec::new();
        let mut is_in_cells = false;
        loop {
            match part.event()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (attribute(&tag, "numFmtId"), attribute(&tag, "formatCode")) {
                            own_dates.insert(id, shows_dates(&code));
                        }
                    }
                    "cellXfs" => is_in_cells = true,
                    "xf" if is_in_cells => {
                        let id = attribute(&tag, "numFmtId").unwrap_or_default();
                        formats.push(own_dates.get(&id).copied().unwrap_or_else(|| is_date_format(&id)));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_in_cells = false,
                Event::Eof => return Ok(formats),
                _ => {}
            }
            if formats.len() > MOST_ITEMS || own_dates.len() > MOST_ITEMS {
                return Err(Fault::TooLarge);
            }
        }
    }

    fn read_strings(&mut self, name: &str) -> Result<Vec<Box<str>>, Fault> {
        let Some(mut part) = self.part(name)? else { return Ok(Vec::new()) };
        let mut strings = Vec::new();
        loop {
            match part.event()? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    drop(tag);
                    if strings.len() == MOST_STRINGS {
                        return Err(Fault::TooLarge);
                    }
                    strings.push(part.rich_text("si")?.into());
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    /// Gives each row of a worksheet that has cells to the body. What the body says is wrong ends reading.
    pub fn each_row<E: From<Fault>>(
        &mut self,
        sheet: &str,
        mut body: impl FnMut(&Cells) -> Result<(), E>,
    ) -> Result<(), E> {
        let strings = std::mem::take(&mut self.strings);
        let formats = std::mem::take(&mut self.date_formats);
        let outcome = match self.part(sheet) {
            Ok(Some(part)) => Sheet { part, strings: &strings, date_formats: &formats }.each_row(&mut body),
            Ok(None) => Err(Fault::Broken.into()),
            Err(fault) => Err(fault.into()),
        };
        self.strings = strings;
        self.date_formats = formats;
        outcome
    }
}

/// Where a workbook's parts are.
#[derive(Default)]
struct Targets {
    /// By the relationships that worksheets name, any number of them the same one.
    sheets: BTreeMap<String, Rc<str>>,
    strings: Option<String>,
    styles: Option<String>,
}

/// A part being read.
struct Part<'p, 'a> {
    reader: Reader<BufReader<Unpacked<'p, 'a>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl Part<'_, '_> {
    /// The next event. Whatever is wrong with the part, it does not hold together.
    fn event(&mut self) -> Result<Event<'_>, Fault> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| Fault::Broken)?;
        match &event {
            Event::DocType(_) => return Err(Fault::Entity),
            Event::Start(_) if self.depth == MOST_DEPTH => return Err(Fault::TooLarge),
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth -= 1,
            _ => {}
        }
        Ok(event)
    }

    /// Gives the beginning of each element to the body.
    fn each_start(&mut self, mut body: impl FnMut(&BytesStart<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
        loop {
            match self.event()? {
                Event::Start(tag) => body(&tag)?,
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The text up to the end of an element that has been begun.
    fn plain_text(&mut self, element: &str) -> Result<String, Fault> {
        self.text_until(element, true)
    }

    /// The text of the runs of an element that has been begun, without the readings of Asian characters.
    fn rich_text(&mut self, element: &str) -> Result<String, Fault> {
        self.text_until(element, false)
    }

    fn text_until(&mut self, element: &str, is_plain: bool) -> Result<String, Fault> {
        let mut text = String::new();
        let (mut is_in_text, mut is_in_reading) = (is_plain, false);
        loop {
            let is_kept = is_in_text && !is_in_reading;
            match self.event()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "t" => is_in_text = true,
                    "rPh" => is_in_reading = true,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    name if name == element => return Ok(text),
                    "t" => is_in_text = is_plain,
                    "rPh" => is_in_reading = false,
                    _ => {}
                },
                Event::Text(part) if is_kept => push_kept(&mut text, &part.xml10_content()),
                Event::CData(part) if is_kept => push_kept(&mut text, &part.xml10_content()),
                Event::GeneralRef(reference) if is_kept => {
                    let character = match &*reference {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => reference.resolve_char_ref().ok().flatten().ok_or(Fault::Entity)?,
                    };
                    push_kept(&mut text, character.encode_utf8(&mut [0; 4]));
                }
                Event::Eof => return Err(Fault::Broken),
                _ => {}
            }
        }
    }
}

/// Adds what a cell's text has room for.
fn push_kept(text: &mut String, more: &str) {
    let room = MOST_CELL_BYTES - text.len();
    text.push_str(&more[..more.floor_char_boundary(room)]);
}

/// A worksheet being read.
struct Sheet<'s, 'p, 'a> {
    part: Part<'p, 'a>,
    strings: &'s [Box<str>],
    date_formats: &'s [bool],
}

impl Sheet<'_, '_, '_> {
    fn each_row<E: From<Fault>>(mut self, body: &mut impl FnMut(&Cells) -> Result<(), E>) -> Result<(), E> {
        let mut cells = Cells::default();
        let mut column = 0;
        loop {
            match self.part.event()? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    // Rows may leave out their numbers, and cells their names.
                    let stated = attribute(&tag, "r").and_then(|row| row.parse().ok());
                    let row = stated.or_else(|| cells.row.checked_add(1));
                    let row = row.filter(|row| *row > cells.row).ok_or(Fault::Broken)?;
                    cells = Cells { row, ..Cells::default() };
                    column = 0;
                }
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    column = attribute(&tag, "r").map_or(Some(column), |name| column_of(&name)).ok_or(Fault::Broken)?;
                    let (kind, style) = (attribute(&tag, "t"), attribute(&tag, "s"));
                    drop(tag);
                    let content = self.cell(kind.as_deref(), style.as_deref())?;
                    if let Some(cell) = cells.contents.get_mut(column) {
                        *cell = content;
                    }
                    column += 1;
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => {
                    if cells.contents.iter().any(|content| *content != Content::Empty) {
                        body(&cells)?;
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn cell(&mut self, kind: Option<&str>, style: Option<&str>) -> Result<Content, Fault> {
        let (mut value, mut text, mut has_formula) = (String::new(), None, false);
        loop {
            match self.part.event()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => {
                        drop(tag);
                        value = self.part.plain_text("v")?;
                    }
                    "is" => {
                        drop(tag);
                        text = Some(self.part.rich_text("is")?);
                    }
                    "f" => has_formula = true,
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "c" => break,
                Event::Eof => return Err(Fault::Broken),
                _ => {}
            }
        }
        let value = value.trim();
        Ok(match (kind, text) {
            _ if has_formula => Content::Formula,
            (_, Some(text)) => as_text(&text),
            (_, None) if value.is_empty() => Content::Empty,
            (Some("s"), _) => {
                let index: usize = value.parse().map_err(|_| Fault::Broken)?;
                as_text(self.strings.get(index).ok_or(Fault::Broken)?)
            }
            (Some("str" | "inlineStr"), _) => as_text(value),
            (Some("d"), _) => Content::Date(value.to_owned()),
            (None | Some("n"), _) => {
                let is_date = style.and_then(|style| self.date_formats.get(style.parse::<usize>().ok()?)).copied();
                if is_date == Some(true) { Content::Date(value.to_owned()) } else { Content::Number(value.to_owned()) }
            }
            _ => Content::Other,
        })
    }
}

fn as_text(text: &str) -> Content {
    let text = text.trim();
    if text.is_empty() { Content::Empty } else { Content::Text(text.to_owned()) }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok().flatten()?;
    attribute.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The relationship that a worksheet's entry names, whatever prefix its namespace has; its own number has none.
fn relationship_id(tag: &BytesStart<'_>) -> Option<String> {
    let attributes = tag.attributes().filter_map(Result::ok);
    let mut ids = attributes.filter(|found| found.key.prefix().is_some() && found.key.local_name().as_ref() == "id");
    ids.next().map(|found| found.value.into_owned())
}

/// The column of a cell's name, from 0: `C7` is in column 2.
fn column_of(name: &str) -> Option<usize> {
    const MOST_LETTERS: usize = 3;
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).count();
    if !(1..=MOST_LETTERS).contains(&letters) {
        return None;
    }
    let number = name.bytes().take(letters).fold(0, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    Some(number - 1)
}

/// Whether a built-in format shows dates or times (ECMA-376, part 1, 18.8.30).
fn is_date_format(id: &str) -> bool {
    matches!(id.parse(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58_u32))
}

/// Whether a format of somebody's own shows dates or times: its code has letters for parts of them outside of quotes and
/// brackets.
fn shows_dates(code: &str) -> bool {
    let (mut is_quoted, mut is_bracketed, mut is_escaped) = (false, false, false);
    for character in code.chars() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match character {
            '"' => is_quoted = !is_quoted,
            '\\' | '_' | '*' => is_escaped = true,
            '[' => is_bracketed = true,
            ']' => is_bracketed = false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' if !is_quoted && !is_bracketed => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::super::examples::{BOOK, RELATIONSHIPS, workbook};
    use super::*;

    #[test]
    fn keeps_no_more_of_a_text_than_a_cell_of_a_plan_has() {
        let long = "ą".repeat(1 << 20);
        let runs = format!("<r><t>x</t></r><r><t>{long}</t></r><r><t><![CDATA[{long}]]></t></r>");
        let strings = format!("<sst><si><t>{long}</t></si><si>{runs}</si></sst>");
        let sheet = format!(
            "<worksheet><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='inlineStr'><is>{runs}</is></c>\
             <c><v>{long}</v></c></row></worksheet>"
        );
        let parts = [BOOK, RELATIONSHIPS, ("xl/sharedStrings.xml", &strings), ("xl/worksheets/sheet1.xml", &sheet)];
        let bytes = workbook(&parts);
        let mut opened = Workbook::open(&bytes, 1 << 30).unwrap();
        let (mut lengths, sheets) = (Vec::new(), opened.sheets.clone());
        let read = opened.each_row(&sheets[0], |cells| {
            lengths.extend(cells.contents.iter().map(|content| match content {
                Content::Text(text) | Content::Number(text) => text.len(),
                other => panic!("{other:?}"),
            }));
            Ok::<_, Fault>(())
        });
        assert_eq!(read, Ok(()));
        assert_eq!(lengths, [1024, 1023, 1023, 1024], "no letter is cut in two");
    }

    #[test]
    fn tells_formats_of_dates_from_those_of_numbers() {
        for code in ["dd-mm-yyyy", "hh:mm", "[$-415]d mmm yyyy;@", "[h]:mm"] {
            assert!(shows_dates(code), "{code}");
        }
        for code in ["0.000", "#,##0.00\\ \"MWh\"", "[Red]0.0;[Blue]-0.0", "@", "0.0\\d", "0.0_d"] {
            assert!(!shows_dates(code), "{code}");
        }
        assert!(is_date_format("14") && !is_date_format("2") && !is_date_format("x"));
    }

    #[test]
    fn finds_columns_by_their_letters() {
        assert_eq!(["A1", "D10", "Z1", "AA3", "XFD1"].map(column_of), [0, 3, 25, 26, 16_383].map(Some));
        assert_eq!(["", "1", "a1", "ABCD1"].map(column_of), [None; 4]);
    }
}
