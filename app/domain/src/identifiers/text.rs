//! What the parsers share: the cleaning of pasted text, weighted sums, masking.

use crate::ParseError;

/// Characters that do not show and come along when text is copied from a document or a chat.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

/// The text without the blanks people put between groups of digits, also the invisible ones.
pub(super) fn without_blanks(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace() && !is_invisible(*character)).collect()
}

/// The text without blanks and without any kind of dash.
pub(super) fn compact(text: &str) -> String {
    let is_dash = |character| matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    without_blanks(text).chars().filter(|character| !is_dash(*character)).collect()
}

/// Whether every character can be seen, a plain space between them included.
pub(super) fn is_visible(text: &str) -> bool {
    text.chars().all(|c| c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible(c)))
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
