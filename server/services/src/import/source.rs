//! A file of a delivery, row by row: CSV (RFC 4180) or JSON Lines. Holds one row at a time, of at most 1 MiB; a larger
//! one is skipped and reported, and reading goes on after it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use csv_core::ReadRecordResult;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::is_json;
use super::record::{Fault, Record};
use super::report::Reason;
use super::table::Table;

/// The most bytes that a row may have.
const MOST_ROW_BYTES: usize = 1 << 20;
/// The most columns that a CSV file may have, known or not.
const MOST_COLUMNS: usize = 256;
/// The most unknown names of JSON fields that are reported.
const MOST_UNKNOWN: usize = 100;

/// A row, or why it cannot be read, with the line on which it begins.
pub(super) type Item = Result<Record, (u64, Fault)>;

/// An open file.
pub(super) struct Source {
    table: Table,
    format: Format,
    /// Columns that the format does not have; taken by whoever reports them.
    pub unknown_columns: Vec<String>,
    has_failed: bool,
}

/// For each column of a CSV file, or each known field that lines of JSON had, its place in the table, if it has one.
type Columns = Vec<Option<usize>>;

enum Format {
    Csv { rows: Box<CsvRows>, columns: Columns },
    Json { lines: Lines, reported: BTreeSet<String>, seen: Columns },
}

impl Source {
    /// Opens a file by its ending and reads the header of a CSV file.
    ///
    /// # Errors
    /// Everything that keeps the file as a whole from being read.
    pub fn open(path: &Path, table: Table) -> Result<Self, Vec<Fault>> {
        let file = File::open(path).map_err(|_| vec![Fault::row(Reason::Unreadable)])?;
        let mut input = BufReader::with_capacity(1 << 16, file);
        let (format, unknown_columns) = if is_json(path) {
            match input.fill_buf() {
                Err(_) => return Err(vec![Fault::row(Reason::Unreadable)]),
                Ok([]) => return Err(vec![Fault::row(Reason::EmptyFile)]),
                Ok(_) => {}
            }
            (Format::Json { lines: Lines::new(input), reported: BTreeSet::new(), seen: Columns::new() }, Vec::new())
        } else {
            let mut rows = CsvRows::new(input);
            let (columns, unknown) = read_header(&mut rows, table)?;
            (Format::Csv { rows: Box::new(rows), columns }, unknown)
        };
        Ok(Self { table, format, unknown_columns, has_failed: false })
    }

    /// The next row; `None` at the end of the file, or after it could not be read any further.
    pub fn next(&mut self) -> Option<Item> {
        if self.has_failed {
            return None;
        }
        let item = match &mut self.format {
            Format::Csv { rows, columns } => next_csv(rows, columns, self.table),
            Format::Json { lines, reported, seen } => {
                next_json(lines, reported, seen, &mut self.unknown_columns, self.table)
            }
        };
        item.unwrap_or_else(|_| {
            self.has_failed = true;
            Some(Err((self.line(), Fault::row(Reason::Unreadable))))
        })
    }

    /// The columns that rows need not have and that nothing read so far has.
    pub fn absent_columns(&self) -> Vec<&'static str> {
        let (Format::Csv { columns: present, .. } | Format::Json { seen: present, .. }) = &self.format;
        let is_absent = |(place, name): &(usize, &'static str)| {
            !present.contains(&Some(*place)) && !self.table.required_columns().contains(name)
        };
        self.table.columns().iter().copied().enumerate().filter(is_absent).map(|(_, name)| name).collect()
    }

    /// Whether reading had to stop before the end of the file.
    pub const fn has_failed(&self) -> bool {
        self.has_failed
    }

    const fn line(&self) -> u64 {
        match &self.format {
            Format::Csv { rows, .. } => rows.line,
            Format::Json { lines, .. } => lines.line,
        }
    }
}

/// The columns of the file, and the names of those that the table does not have.
fn read_header(rows: &mut CsvRows, table: Table) -> Result<(Columns, Vec<String>), Vec<Fault>> {
    let first = rows.read().map_err(|_| vec![Fault::row(Reason::Unreadable)])?;
    let Some((_, Ok(()))) = first else { return Err(vec![Fault::row(Reason::NoHeader)]) };
    let (mut columns, mut unknown, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (place, field) in rows.fields().enumerate() {
        let name = std::str::from_utf8(field).map_err(|_| vec![Fault::row(Reason::NotUtf8)])?.trim();
        let column = table.columns().iter().position(|known| *known == name);
        match column {
            None => unknown.push(printable(name).unwrap_or_else(|| format!("column {}", place + 1))),
            Some(_) if columns.contains(&column) => faults.push(Fault::at(name, Reason::RepeatedColumn)),
            Some(_) => {}
        }
        columns.push(column);
    }
    let is_missing = |name: &&&str| {
        let column = table.columns().iter().position(|known| known == *name);
        !columns.contains(&column)
    };
    let missing: Vec<_> = table.required_columns().iter().filter(is_missing).collect();
    if !missing.is_empty() && rows.fields().any(|field| field.contains(&b';')) {
        return Err(vec![Fault::row(Reason::NotCommas)]);
    }
    faults.extend(missing.into_iter().map(|name| Fault::at(name, Reason::MissingColumn)));
    if faults.is_empty() { Ok((columns, unknown)) } else { Err(faults) }
}

/// A column's name when it is a plain word; anything else might be a value that came to stand in its place.
fn printable(name: &str) -> Option<String> {
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 40
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_word.then(|| name.to_owned())
}

fn next_csv(rows: &mut CsvRows, columns: &[Option<usize>], table: Table) -> io::Result<Option<Item>> {
    let Some((line, read)) = rows.read()? else { return Ok(None) };
    let record = || {
        read.map_err(Fault::row)?;
        if rows.count != columns.len() {
            return Err(Fault::row(Reason::FieldCount));
        }
        let mut record = Record::new(table, line);
        for (field, column) in rows.fields().zip(columns) {
            let Some(column) = *column else { continue };
            let name = table.columns()[column];
            record.set(column, std::str::from_utf8(field).map_err(|_| Fault::at(name, Reason::NotUtf8))?);
        }
        Ok(record)
    };
    Ok(Some(record().map_err(|fault| (line, fault))))
}

fn next_json(
    lines: &mut Lines,
    reported: &mut BTreeSet<String>,
    seen: &mut Columns,
    unknown: &mut Vec<String>,
    table: Table,
) -> io::Result<Option<Item>> {
    let Some((line, read)) = lines.read()? else { return Ok(None) };
    let mut record = || {
        read.map_err(Fault::row)?;
        let text = std::str::from_utf8(&lines.row).map_err(|_| Fault::row(Reason::NotUtf8))?;
        let Fields(fields) = serde_json::from_str(text).map_err(|_| Fault::row(Reason::NotJson))?;
        let mut record = Record::new(table, line);
        let mut known = BTreeSet::new();
        for (name, value) in &fields {
            let Some(column) = table.columns().iter().position(|known| known == name) else {
                if reported.len() < MOST_UNKNOWN && reported.insert(name.clone()) {
                    unknown.push(printable(name).unwrap_or_else(|| "a field".to_owned()));
                }
                continue;
            };
            if !known.insert(column) {
                return Err(Fault::at(name, Reason::RepeatedField));
            }
            if !seen.contains(&Some(column)) {
                seen.push(Some(column));
            }
            record.set(column, &json_text(value.get()).ok_or_else(|| Fault::at(name, Reason::Malformed))?);
        }
        Ok(record)
    };
    Ok(Some(record().map_err(|fault| (line, fault))))
}

/// The names and values of a JSON object in their order, repeated names and all.
struct Fields<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// The text of a JSON text, a number as it is written (an amount never becomes a float), nothing for null.
fn json_text(value: &str) -> Option<String> {
    match value.as_bytes().first()? {
        b'"' => serde_json::from_str(value).ok(),
        b'-' | b'0'..=b'9' => Some(value.to_owned()),
        b'n' => Some(String::new()),
        _ => None,
    }
}

/// Rows of a CSV file with the lines on which they begin.
struct CsvRows {
    input: BufReader<File>,
    core: csv_core::Reader,
    row: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    line: u64,
}

impl CsvRows {
    fn new(input: BufReader<File>) -> Self {
        let core = csv_core::Reader::new();
        Self { input, core, row: vec![0; MOST_ROW_BYTES], ends: vec![0; MOST_COLUMNS], count: 0, line: 1 }
    }

    /// Reads one row; its fields are then in [`CsvRows::fields`].
    fn read(&mut self) -> io::Result<Option<(u64, Result<(), Reason>)>> {
        self.skip_line_ends()?;
        let start = self.line;
        let (mut written, mut outcome) = (0, Ok(()));
        self.count = 0;
        loop {
            let input = self.input.fill_buf()?;
            // A line end behind the last row ends it, too, unless a quotation mark is open there.
            let is_end = input.is_empty();
            let input = if is_end { b"\n".as_slice() } else { input };
            let (result, taken, bytes, ends) =
                self.core.read_record(input, &mut self.row[written..], &mut self.ends[self.count..]);
            if !is_end {
                self.line += line_feeds(&input[..taken]);
                self.input.consume(taken);
            }
            written += bytes;
            self.count += ends;
            match result {
                ReadRecordResult::InputEmpty if !is_end => {}
                ReadRecordResult::InputEmpty if bytes > 0 => {
                    self.core.reset();
                    return Ok(Some((start, Err(Reason::OpenQuote))));
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(None),
                // What does not fit is read over, so that the next row is found.
                ReadRecordResult::OutputFull => (written, outcome) = (0, Err(Reason::RowTooLarge)),
                ReadRecordResult::OutputEndsFull => (self.count, outcome) = (0, Err(Reason::FieldCount)),
                ReadRecordResult::Record => return Ok(Some((start, outcome))),
            }
        }
    }

    /// Moves over the rest of the former line's end and over empty lines.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            let count = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            if count == 0 {
                return Ok(());
            }
            self.line += line_feeds(&input[..count]);
            self.input.consume(count);
        }
    }

    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let ends = &self.ends[..self.count];
        let starts = std::iter::once(&0).chain(ends);
        starts.zip(ends).map(|(start, end)| &self.row[*start..*end])
    }
}

fn line_feeds(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// Lines of a text file that are not blank.
struct Lines {
    input: BufReader<File>,
    row: Vec<u8>,
    line: u64,
}

impl Lines {
    const fn new(input: BufReader<File>) -> Self {
        Self { input, row: Vec::new(), line: 0 }
    }

    /// Reads one line into `row`.
    fn read(&mut self) -> io::Result<Option<(u64, Result<(), Reason>)>> {
        loop {
            self.row.clear();
            let mut outcome = Ok(());
            let has_more = loop {
                let input = self.input.fill_buf()?;
                let (part, is_end) = match input.iter().position(|byte| *byte == b'\n') {
                    Some(end) => (&input[..=end], true),
                    None => (input, input.is_empty()),
                };
                if self.row.len() + part.len() > MOST_ROW_BYTES {
                    self.row.clear();
                    outcome = Err(Reason::RowTooLarge);
                }
                self.row.extend_from_slice(part);
                let taken = part.len();
                self.input.consume(taken);
                if is_end {
                    break taken > 0 || !self.row.is_empty() || outcome.is_err();
                }
            };
            if !has_more {
                return Ok(None);
            }
            self.line += 1;
            if self.line == 1 && self.row.starts_with("\u{feff}".as_bytes()) {
                self.row.drain(..3);
            }
            if outcome.is_err() || !self.row.trim_ascii().is_empty() {
                return Ok(Some((self.line, outcome)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, Result<Source, Vec<Fault>>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let source = Source::open(&path, Table::Payments);
        (folder, source)
    }

    /// Lines and amounts of the rows, or lines and names of the problems.
    fn read(name: &str, content: impl AsRef<[u8]>) -> Vec<(u64, String)> {
        let (_folder, source) = open(name, content);
        let mut source = source.unwrap();
        std::iter::from_fn(|| source.next())
            .map(|item| match item {
                Ok(record) => (record.line, record.text("amount").to_owned()),
                Err((line, fault)) => (line, format!("{:?}", fault.reason)),
            })
            .collect()
    }

    fn is(rows: &[(u64, String)], expected: &[(u64, &str)]) {
        let rows: Vec<_> = rows.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(rows, expected);
    }

    const HEADER: &str = "amount,paid_on,payer_number,payment_id\n";

    #[test]
    fn reads_columns_in_any_order_with_and_without_a_byte_order_mark() {
        for mark in ["", "\u{feff}"] {
            is(&read("payments.csv", format!("{mark}{HEADER}1.50,d,p,i\n2,d,p,i")), &[(2, "1.50"), (3, "2")]);
        }
    }

    #[test]
    fn counts_lines_through_quoted_line_ends_blank_lines_and_both_kinds_of_line_ends() {
        let rows = "\"1\n2\",d,p,i\n\n3,d,p,i\r\n4,d,p,i\r\n\r\n5,d,p,i\r\n";
        is(&read("payments.csv", format!("{HEADER}{rows}")), &[(2, "1\n2"), (5, "3"), (6, "4"), (8, "5")]);
    }

    #[test]
    fn refuses_a_row_with_a_field_too_many_or_too_few_and_goes_on() {
        let rows = format!("{HEADER}1,d,p\n2,d,p,i,x\n3,d,p,i\n");
        is(&read("payments.csv", rows), &[(2, "FieldCount"), (3, "FieldCount"), (4, "3")]);
        let wide = format!("{HEADER}{}\n3,d,p,i\n", "x,".repeat(1000));
        is(&read("payments.csv", wide), &[(2, "FieldCount"), (3, "3")]);
    }

    #[test]
    fn refuses_a_huge_row_without_holding_it_and_goes_on() {
        let huge = "9".repeat(3 * MOST_ROW_BYTES);
        is(
            &read("payments.csv", format!("{HEADER}1,d,p,i\n{huge},d,p,i\n2,d,p,i\n")),
            &[(2, "1"), (3, "RowTooLarge"), (4, "2")],
        );
        is(
            &read("payments.jsonl", format!("{{\"amount\":1}}\n{{\"amount\":{huge}}}\n{{\"amount\":2}}\n")),
            &[(1, "1"), (2, "RowTooLarge"), (3, "2")],
        );
    }

    #[test]
    fn tells_an_open_quotation_mark_at_the_row_that_has_it() {
        for rest in ["", "3,d,p,i\n", "3,d,p,i", "\"\"\n"] {
            let rows = format!("{HEADER}1,d,p,i\n2,d,p,\"i\n{rest}");
            is(&read("payments.csv", rows), &[(2, "1"), (3, "OpenQuote")]);
        }
        let huge = "3,d,p,i\n".repeat(3 * MOST_ROW_BYTES / 8);
        is(&read("payments.csv", format!("{HEADER}1,d,p,\"i\n{huge}")), &[(2, "OpenQuote")]);
        for rest in ["\"i\"", "\"i\"\n", "\"i\"\r\n", "i\"", "i\"\n"] {
            is(&read("payments.csv", format!("{HEADER}1,d,p,{rest}")), &[(2, "1")]);
        }
        is(&read("payments.csv", format!("{HEADER}1,d,p,")), &[(2, "1")]);
    }

    #[test]
    fn refuses_bytes_that_are_not_utf8_at_their_field() {
        let content = [HEADER.as_bytes(), b"1,d,\xff,i\n2,d,p,i\n"].concat();
        let (_folder, source) = open("payments.csv", content);
        let mut source = source.unwrap();
        assert_eq!(source.next().unwrap().unwrap_err(), (2, Fault::at("payer_number", Reason::NotUtf8)));
        assert!(source.next().unwrap().is_ok());
    }

    #[test]
    fn refuses_a_file_that_lacks_a_required_column_without_naming_what_stands_there() {
        let (_folder, source) = open("payments.csv", "payment_id,44051401359,amount\n");
        let faults = source.err().unwrap();
        assert_eq!(
            faults,
            [Fault::at("payer_number", Reason::MissingColumn), Fault::at("paid_on", Reason::MissingColumn)]
        );
        let semicolons = HEADER.replace(',', ";");
        assert_eq!(open("payments.csv", semicolons).1.err().unwrap(), [Fault::row(Reason::NotCommas)]);
        assert_eq!(open("payments.csv", "").1.err().unwrap(), [Fault::row(Reason::NoHeader)]);
        let repeated = format!("amount,{HEADER}");
        assert_eq!(open("payments.csv", repeated).1.err().unwrap(), [Fault::at("amount", Reason::RepeatedColumn)]);
    }

    #[test]
    fn names_the_columns_that_a_file_lacks_and_need_not_have() {
        let (_folder, source) = open("payments.csv", HEADER);
        assert_eq!(source.unwrap().absent_columns(), ["invoice_number"]);
        for (lines, absent) in [
            ("{\"payment_id\":1}\n{\"payment_id\":2,\"invoice_number\":null}\n", &[][..]),
            ("{\"payment_id\":1}\n", &["invoice_number"][..]),
        ] {
            let (_folder, source) = open("payments.jsonl", lines);
            let mut source = source.unwrap();
            while source.next().is_some() {}
            assert_eq!(source.absent_columns(), absent);
        }
    }

    #[test]
    fn a_file_of_no_bytes_is_not_read_in_either_format() {
        assert_eq!(open("payments.jsonl", "").1.err().unwrap(), [Fault::row(Reason::EmptyFile)]);
        assert_eq!(open("payments.csv", "").1.err().unwrap(), [Fault::row(Reason::NoHeader)]);
    }

    #[test]
    fn refuses_a_line_of_json_that_has_a_field_twice() {
        let lines = "{\"amount\":1,\"amount\":2}\n{\"amount\":3,\"x\":1,\"x\":2}\n";
        is(&read("payments.jsonl", lines), &[(1, "RepeatedField"), (2, "3")]);
    }

    #[test]
    fn names_unknown_columns_unless_they_could_be_values() {
        let (_folder, source) = open("payments.csv", "colour,Jan Kowalski,amount,paid_on,payer_number,payment_id\n");
        assert_eq!(source.unwrap().unknown_columns, ["colour", "column 2"]);
        let (_folder, source) = open("payments.jsonl", "{\"colour\":1}\n{\"colour\":2,\"jan@example.com\":3}\n");
        let mut source = source.unwrap();
        while source.next().is_some() {}
        assert_eq!(source.unknown_columns, ["colour", "a field"]);
    }

    #[test]
    fn keeps_json_numbers_as_they_are_written() {
        let lines =
            "\u{feff}{\"amount\": 0.10}\n\n{\"amount\":12345678901234567.89}\r\n{\"amount\":\"7\"}\n{\"amount\":null}";
        is(&read("payments.jsonl", lines), &[(1, "0.10"), (3, "12345678901234567.89"), (4, "7"), (5, "")]);
    }

    #[test]
    fn refuses_lines_that_are_not_flat_json() {
        let lines = "{\"amount\":\n[1]\n{\"amount\":{}}\n{\"amount\":true}\n{\"amount\":\"ł\"}\n";
        is(
            &read("payments.jsonl", lines),
            &[(1, "NotJson"), (2, "NotJson"), (3, "Malformed"), (4, "Malformed"), (5, "ł")],
        );
    }
}
