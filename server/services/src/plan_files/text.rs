//! Bytes of a text file, decoded, and the lines and columns of places in it.

use std::borrow::Cow;

use openbok_domain::plan::{FileFaultKind, FilePlace};

use super::faults::Stop;

/// What some programs put before UTF-8.
pub(super) const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Marks of UTF-16, which no plan file has.
const OTHER_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// A text in UTF-8, with or without a mark before it.
pub(super) fn utf_8(bytes: &[u8]) -> Result<&str, Stop> {
    check(bytes)?;
    let bytes = bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| (place_in(bytes, error.valid_up_to()), FileFaultKind::WrongEncoding))
}

/// An XML document in the encoding that it declares: UTF-8, which it need not declare, or ISO-8859-2. Behind a mark of UTF-8
/// a declaration means nothing.
pub(super) fn xml(bytes: &[u8]) -> Result<Cow<'_, str>, Stop> {
    check(bytes)?;
    let encoding = declared_encoding(bytes);
    let is = |name: &str| encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case(name.as_bytes()));
    if encoding.is_none() || is("UTF-8") || is("US-ASCII") {
        return utf_8(bytes).map(Cow::Borrowed);
    }
    if is("ISO-8859-2") || is("LATIN2") {
        let (text, _) = encoding_rs::ISO_8859_2.decode_without_bom_handling(bytes);
        return Ok(text);
    }
    Err((FilePlace::new(1, 1), FileFaultKind::WrongEncoding))
}

/// Zero bytes are in every text of two or four bytes a character, and in none of one.
fn check(bytes: &[u8]) -> Result<(), Stop> {
    if OTHER_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err((FilePlace::new(1, 1), FileFaultKind::WrongEncoding));
    }
    match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => Err((place_in(bytes, at), FileFaultKind::WrongEncoding)),
        None => Ok(()),
    }
}

/// The encoding that an XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<&[u8]> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration.iter().position(|byte| *byte == b'>')?;
    let declaration = &declaration[..end];
    let word = b"encoding";
    let at = declaration.windows(word.len()).position(|part| part == word)?;
    let value = declaration[at + word.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    value.iter().position(|byte| byte == quote).map(|end| &value[..end])
}

fn place_in(bytes: &[u8], offset: usize) -> FilePlace {
    let mut cursor = Cursor::default();
    cursor.pass(&bytes[..offset.min(bytes.len())]);
    cursor.place()
}

/// Finds lines and columns by offset, whatever the order in which they are asked for and however long the lines are.
pub(super) struct Places<'a> {
    text: &'a [u8],
    /// Where each block of the text begins.
    blocks: Vec<Cursor>,
}

/// How much of the text is looked at again for each place.
const BLOCK: usize = 1 << 10;

#[derive(Clone, Copy, Default)]
struct Cursor {
    lines: u32,
    characters: u32,
}

impl Cursor {
    fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *byte == b'\n' {
                *self = Self { lines: self.lines + 1, characters: 0 };
            } else if byte & 0b1100_0000 != 0b1000_0000 {
                // Bytes that go on with a character do not count.
                self.characters += 1;
            }
        }
    }

    const fn place(self) -> FilePlace {
        FilePlace::new(self.lines + 1, self.characters + 1)
    }
}

impl<'a> Places<'a> {
    /// Looks through a text once.
    pub fn new(text: &'a str) -> Self {
        let text = text.as_bytes();
        let mut cursor = Cursor::default();
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        for block in text.chunks(BLOCK) {
            blocks.push(cursor);
            cursor.pass(block);
        }
        Self { text, blocks }
    }

    /// Line and column of a byte.
    pub fn at(&self, offset: usize) -> FilePlace {
        let offset = offset.min(self.text.len());
        let Some(block) = (offset / BLOCK).checked_sub(usize::from(offset / BLOCK == self.blocks.len())) else {
            return Cursor::default().place();
        };
        let mut cursor = self.blocks[block];
        cursor.pass(&self.text[block * BLOCK..offset]);
        cursor.place()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_utf_8_with_and_without_a_mark() {
        assert_eq!(utf_8("ż".as_bytes()), Ok("ż"));
        assert_eq!(utf_8("\u{feff}ż".as_bytes()), Ok("ż"));
    }

    #[test]
    fn refuses_other_encodings_and_says_where() {
        let wrong = |bytes: &[u8]| utf_8(bytes).unwrap_err();
        assert_eq!(wrong(b"a\nb\xbf"), (FilePlace::new(2, 2), FileFaultKind::WrongEncoding));
        assert_eq!(wrong(b"a\0"), (FilePlace::new(1, 2), FileFaultKind::WrongEncoding));
        for mark in OTHER_MARKS {
            assert_eq!(wrong(mark).1, FileFaultKind::WrongEncoding);
        }
    }

    #[test]
    fn reads_xml_in_the_encoding_that_it_declares() {
        let latin =
            |name: &str| [format!("<?xml version='1.0' encoding = \"{name}\"?><a>").as_bytes(), b"\xb1"].concat();
        assert!(xml(&latin("ISO-8859-2")).unwrap().ends_with('ą'));
        assert!(xml(&latin("iso-8859-2")).unwrap().ends_with('ą'));
        for name in ["UTF-8", "UTF-16", "windows-1250", ""] {
            assert_eq!(xml(&latin(name)).unwrap_err().1, FileFaultKind::WrongEncoding, "{name}");
        }
        assert_eq!(xml("<a>ą</a>".as_bytes()).unwrap(), "<a>ą</a>");
        assert_eq!(xml(b"\xef\xbb\xbf<?xml encoding='ISO-8859-2'?>").unwrap(), "<?xml encoding='ISO-8859-2'?>");
    }

    proptest! {
        #[test]
        fn finds_every_place_in_any_order(text in "[a-ż\n]{0,3000}", offset in 0_usize..6100) {
            let mut offset = offset.min(text.len());
            while !text.is_char_boundary(offset) {
                offset -= 1;
            }
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let expected = FilePlace::new(u32::try_from(line).unwrap(), u32::try_from(column).unwrap());
            prop_assert_eq!(Places::new(&text).at(offset), expected);
        }
    }
}
