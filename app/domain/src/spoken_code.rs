//! Codes that people read from paper or a mail and type: groups of characters of which none is mistaken for another.

use crate::identifiers::text::compact;

/// Crockford's base 32: no I, L, O or U, so that nothing is mistaken when read from paper.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters between dashes.
const GROUP: usize = 4;

/// So many characters out of random bytes, five bits each, the first byte's highest bits first.
pub(crate) fn spell(bytes: &[u8], length: usize) -> String {
    let bits = bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    (0..length).rev().map(|place| symbol(bits >> (5 * place))).collect()
}

/// The characters with a dash between every four.
pub(crate) fn grouped(code: &str) -> String {
    let groups: Vec<_> = code.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect();
    groups.join("-")
}

/// The characters of a typed text, if it has the form of a code of this length: with or without dashes and blanks, in any
/// case, with O for 0 and I or L for 1.
pub(crate) fn normalized(typed: &str, length: usize) -> Option<String> {
    let symbols: Option<String> = compact(typed)
        .chars()
        .map(|character| match character.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            symbol => u8::try_from(symbol).is_ok_and(|byte| ALPHABET.contains(&byte)).then_some(symbol),
        })
        .collect();
    symbols.filter(|symbols| symbols.len() == length)
}

/// The character of the lowest five bits.
fn symbol(bits: u128) -> char {
    char::from(ALPHABET[usize::try_from(bits & 31).expect("five bits")])
}
