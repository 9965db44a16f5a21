//! A workbook (ECMA-376) as far as plans need it: the cells of its worksheets in order, with the texts and the kinds of
//! formats that they refer to.
//!
//! Parts are unpacked as they are read and never as a whole. What the archive says they unpack to is held against a limit
//! before anything is unpacked, and no part gets more than it said. Numbers stay the texts that they are stored as.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};

use openbok_domain::plan::FileFaultKind;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;

/// Parts of a workbook that a program writes for thousands of worksheets.
const MOST_PARTS: usize = 20_000;
/// Columns that are looked at: those of a plan.
pub(super) const COLUMNS: usize = 4;
/// More characters than any cell of a plan has.
const MOST_CELL_BYTES: usize = 1 << 10;
/// Formats, worksheets and the like: more than any workbook has.
const MOST_ITEMS: usize = 100_000;

type Fault = FileFaultKind;
type Part<'p, 'a> = Reader<BufReader<std::io::Take<ZipFile<'p, Cursor<&'a [u8]>>>>>;

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
    /// Names of the parts with worksheets, in order.
    pub sheets: Vec<String>,
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
        let mut workbook =
            Self { archive, sheets: Vec::new(), is_from_1904: false, strings: Vec::new(), date_formats: Vec::new() };
        workbook.check_size(most_unpacked)?;
        let targets = workbook.relationships("xl/_rels/workbook.xml.rels")?;
        let mut sheets = Vec::new();
        let mut is_from_1904 = false;
        let mut part = workbook.part(WORKBOOK)?.ok_or(Fault::NotThisFormat)?;
        each_start(&mut part, |tag| {
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

    fn check_size(&mut self, most_unpacked: u64) -> Result<(), Fault> {
        if self.archive.len() > MOST_PARTS {
            return Err(Fault::TooLarge);
        }
        let mut total = 0_u64;
        for index in 0..self.archive.len() {
            let size = self.archive.by_index_raw(index).map_err(|_| Fault::Broken)?.size();
            total = total.saturating_add(size);
        }
        if total > most_unpacked { Err(Fault::TooLarge) } else { Ok(()) }
    }

    fn part(&mut self, name: &str) -> Result<Option<Part<'_, 'a>>, Fault> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|_| Fault::Broken)?;
        let size = file.size();
        let mut part = Reader::from_reader(BufReader::new(file.take(size)));
        part.config_mut().expand_empty_elements = true;
        Ok(Some(part))
    }

    fn relationships(&mut self, name: &str) -> Result<Targets, Fault> {
        let mut targets = Targets::default();
        let mut part = self.part(name)?.ok_or(Fault::NotThisFormat)?;
        each_start(&mut part, |tag| {
            if tag.local_name().as_ref() != "Relationship" {
                return Ok(());
            }
            let [Some(id), Some(kind), Some(target)] = ["Id", "Type", "Target"].map(|name| attribute(tag, name)) else {
                return Ok(());
            };
            let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            match kind.rsplit('/').next() {
                Some("worksheet") => {
                    targets.sheets.insert(id, target);
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
        let mut buffer = Vec::new();
        loop {
            match event(&mut part, &mut buffer)? {
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
        let mut buffer = Vec::new();
        loop {
            match event(&mut part, &mut buffer)? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    drop(tag);
                    strings.push(rich_text(&mut part, "si")?.into());
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
            Ok(Some(part)) => {
                Sheet { part, strings: &strings, date_formats: &formats, buffer: Vec::new() }.each_row(&mut body)
            }
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
    sheets: BTreeMap<String, String>,
    strings: Option<String>,
    styles: Option<String>,
}

/// A worksheet being read.
struct Sheet<'s, 'p, 'a> {
    part: Part<'p, 'a>,
    strings: &'s [Box<str>],
    date_formats: &'s [bool],
    buffer: Vec<u8>,
}

impl Sheet<'_, '_, '_> {
    fn each_row<E: From<Fault>>(mut self, body: &mut impl FnMut(&Cells) -> Result<(), E>) -> Result<(), E> {
        let mut cells = Cells::default();
        let mut column = 0;
        loop {
            match event(&mut self.part, &mut self.buffer)? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    // Rows may leave out their numbers, and cells their names.
                    let row = attribute(&tag, "r").and_then(|row| row.parse().ok()).unwrap_or(cells.row + 1);
                    if row <= cells.row {
                        return Err(Fault::Broken.into());
                    }
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
            match event(&mut self.part, &mut self.buffer)? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => {
                        drop(tag);
                        value = plain_text(&mut self.part, "v")?;
                    }
                    "is" => {
                        drop(tag);
                        text = Some(rich_text(&mut self.part, "is")?);
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

/// The next event of a part. Whatever is wrong with the part, it does not hold together.
fn event<'b, R: std::io::BufRead>(part: &mut Reader<R>, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Fault> {
    buffer.clear();
    match part.read_event_into(buffer) {
        Ok(Event::DocType(_)) => Err(Fault::Entity),
        Ok(event) => Ok(event),
        Err(_) => Err(Fault::Broken),
    }
}

/// Gives the beginning of each element to the body.
fn each_start<R: std::io::BufRead>(
    part: &mut Reader<R>,
    mut body: impl FnMut(&BytesStart<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut buffer = Vec::new();
    loop {
        match event(part, &mut buffer)? {
            Event::Start(tag) => body(&tag)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
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

/// The text up to the end of an element that has been begun.
fn plain_text<R: std::io::BufRead>(part: &mut Reader<R>, element: &str) -> Result<String, Fault> {
    text_until(part, element, true)
}

/// The text of the runs of an element that has been begun, without the readings of Asian characters.
fn rich_text<R: std::io::BufRead>(part: &mut Reader<R>, element: &str) -> Result<String, Fault> {
    text_until(part, element, false)
}

fn text_until<R: std::io::BufRead>(part: &mut Reader<R>, element: &str, is_plain: bool) -> Result<String, Fault> {
    let (mut text, mut buffer) = (String::new(), Vec::new());
    let (mut is_in_text, mut is_in_reading) = (is_plain, false);
    loop {
        let is_kept = is_in_text && !is_in_reading && text.len() < MOST_CELL_BYTES;
        match event(part, &mut buffer)? {
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
            Event::Text(part) if is_kept => text.push_str(&part.xml10_content()),
            Event::CData(part) if is_kept => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if is_kept => {
                text.push(match &*reference {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => reference.resolve_char_ref().ok().flatten().ok_or(Fault::Entity)?,
                });
            }
            Event::Eof => return Err(Fault::Broken),
            _ => {}
        }
    }
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
    use super::*;

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
