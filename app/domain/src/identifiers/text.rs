//! What the parsers share: the cleaning of pasted text, weighted sums, masking.

use crate::ParseError;

/// The text as it was meant: letters, digits and signs of full width as the usual ones, and none of the characters that
/// do not show and come along when text is copied from a document or a chat.
pub(crate) fn cleaned(text: &str) -> String {
    let clean = |character: char| match character {
        _ if is_hidden(character) => None,
        // They stand in the order of ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0),
        _ => Some(character),
    };
    text.chars().filter_map(clean).collect()
}

/// Whether a character does not show, but could turn the direction of what follows or hide in a word.
pub const fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{61C}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// The text, cleaned, without the blanks people put between groups of digits.
pub(super) fn without_blanks(text: &str) -> String {
    let mut text = cleaned(text);
    text.retain(|character| !character.is_whitespace());
    text
}

/// The text without blanks and without any kind of dash.
pub(crate) fn compact(text: &str) -> String {
    let mut text = without_blanks(text);
    text.retain(|character| !matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'));
    text
}

/// Whether every character is one that documents are numbered with: none that controls, no blank but a plain space, no
/// pictogram.
pub(super) fn is_printed(text: &str) -> bool {
    let is_pictogram =
        |c| matches!(c, '\u{20E3}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FBFF}');
    text.chars().all(|c| c == ' ' || !(c.is_control() || c.is_whitespace() || is_pictogram(c)))
}

/// The values of exactly `N` digits; nothing else may be in the text. A row of zeros satisfies most check digits and is
/// nobody's number.
pub(super) fn exact_digits<const N: usize>(text: &str) -> Result<[u8; N], ParseError> {
    if text.is_empty() {
        return Err(ParseError::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::Malformed);
    }
    if text.len() != N {
        return Err(ParseError::WrongLength { digits: u16::try_from(N).expect("identifiers are short") });
    }
    let mut values = [0; N];
    values.iter_mut().zip(text.bytes()).for_each(|(value, byte)| *value = byte - b'0');
    if values == [0; N] { Err(ParseError::Malformed) } else { Ok(values) }
}

/// The sum of the values, each times its weight, over as many as there are weights.
pub(super) fn weighted_sum(values: &[u8], weights: &[i32]) -> i32 {
    values.iter().zip(weights).map(|(value, weight)| i32::from(*value) * weight).sum()
}

/// An error unless the computed check digit is the one written.
pub(super) fn expect_check_digit(computed: i32, written: u8) -> Result<(), ParseError> {
    if computed == i32::from(written) { Ok(()) } else { Err(ParseError::CheckDigit) }
}

/// The text with every character replaced by a dot except so many at the start and at the end.
pub(super) fn mask(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let is_shown = |place| place < head || place + tail >= length;
    text.chars().enumerate().map(|(place, character)| if is_shown(place) { character } else { '•' }).collect()
}
