//! The password that the portal makes and mails, to be replaced at the first sign-in.

use std::fmt;

/// Crockford's base 32: no I, L, O or U, so that nothing is mistaken when read from paper.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LENGTH: usize = 16;

/// Eighty random bits as sixteen characters. Hides in `Debug`; never stored but as a hash of [`OneTimePassword::as_str`].
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimePassword(String);

impl OneTimePassword {
    /// The password of these random bytes, five bits a character, the first byte's highest bits first.
    pub fn from_bytes(bytes: [u8; 10]) -> Self {
        let bits = bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        Self((0..LENGTH).rev().map(|place| symbol(bits >> (5 * place))).collect())
    }

    /// The sixteen characters without dashes: what is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the mail shows it: `XXXX-XXXX-XXXX-XXXX`.
    pub fn display(&self) -> String {
        format!("{}-{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..12], &self.0[12..])
    }

    /// The sixteen characters of a typed text that has the form of a one-time password, `None` when it has not: with or
    /// without dashes and blanks, in any case, with O for 0 and I or L for 1.
    pub fn normalized(typed: &str) -> Option<String> {
        let symbols: Option<String> = typed
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .map(|character| match character.to_ascii_uppercase() {
                'O' => Some('0'),
                'I' | 'L' => Some('1'),
                symbol => u8::try_from(symbol).is_ok_and(|byte| ALPHABET.contains(&byte)).then_some(symbol),
            })
            .collect();
        symbols.filter(|symbols| symbols.len() == LENGTH)
    }

    /// Whether a typed text has the form of a one-time password; whether it is a right one, only its hash can tell.
    pub fn looks_like(typed: &str) -> bool {
        Self::normalized(typed).is_some()
    }
}

/// The character of the lowest five bits.
fn symbol(bits: u128) -> char {
    char::from(ALPHABET[usize::try_from(bits & 31).expect("five bits")])
}

impl fmt::Debug for OneTimePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimePassword(•••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_eighty_bits_from_the_highest() {
        assert_eq!(OneTimePassword::from_bytes([0; 10]).as_str(), "0000000000000000");
        assert_eq!(OneTimePassword::from_bytes([255; 10]).display(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        assert_eq!(OneTimePassword::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 33]).as_str(), "0000000000000011");
        assert_eq!(OneTimePassword::from_bytes([8, 0, 0, 0, 0, 0, 0, 0, 0, 0]).as_str(), "1000000000000000");
    }

    #[test]
    fn forgives_dashes_blanks_case_and_look_alikes() {
        let expected = Some("0123456789ABC011".to_owned());
        for typed in ["0123-4567-89AB-C011", "0123456789abcOil", " 0123 4567 89ab coLI "] {
            assert_eq!(OneTimePassword::normalized(typed), expected, "{typed}");
        }
    }

    #[test]
    fn other_texts_do_not_look_like_one() {
        for typed in ["", "0123-4567-89AB-C01", "0123-4567-89AB-C0111", "0123-4567-89AB-C01U", "0123_4567-89AB-C011"] {
            assert!(!OneTimePassword::looks_like(typed), "{typed}");
        }
        assert!(!OneTimePassword::looks_like("ŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁŁ"));
    }

    #[test]
    fn does_not_print_itself() {
        assert_eq!(format!("{:?}", OneTimePassword::from_bytes([7; 10])), "OneTimePassword(•••)");
    }

    proptest! {
        #[test]
        fn r05_is_recognised_as_it_is_shown(bytes: [u8; 10]) {
            let password = OneTimePassword::from_bytes(bytes);
            let normalized = OneTimePassword::normalized(&password.display());
            prop_assert_eq!(normalized.as_deref(), Some(password.as_str()));
        }

        #[test]
        fn r05_no_bit_is_lost(bytes: [u8; 10], bit in 0_usize..80) {
            let mut other = bytes;
            other[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(OneTimePassword::from_bytes(bytes), OneTimePassword::from_bytes(other));
        }
    }
}
