//! The password that the portal makes and mails, to be replaced at the first sign-in.

use crate::spoken_code::{grouped, normalized, spell};
use std::fmt;

const LENGTH: usize = 16;

/// Eighty random bits as sixteen characters. Hides in `Debug`; never stored but as a hash of [`OneTimePassword::as_str`].
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimePassword(String);

impl OneTimePassword {
    /// The password of these random bytes, five bits a character, the first byte's highest bits first.
    pub fn from_bytes(bytes: [u8; 10]) -> Self {
        Self(spell(&bytes, LENGTH))
    }

    /// The sixteen characters without dashes: what is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the mail shows it: `XXXX-XXXX-XXXX-XXXX`.
    pub fn display(&self) -> String {
        grouped(&self.0)
    }

    /// The sixteen characters of a typed text that has the form of a one-time password, `None` when it has not: with or
    /// without dashes and blanks, in any case, with O for 0 and I or L for 1.
    pub fn normalized(typed: &str) -> Option<String> {
        normalized(typed, LENGTH)
    }

    /// Whether a typed text has the form of a one-time password; whether it is a right one, only its hash can tell.
    pub fn looks_like(typed: &str) -> bool {
        Self::normalized(typed).is_some()
    }
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
