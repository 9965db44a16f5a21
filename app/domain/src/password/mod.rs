//! What a password must be. The operator chooses a policy; the browser's checklist and the server's refusal are the same
//! code. Hashing is the services' work.

#[cfg(feature = "blocklist")]
mod blocklist;

#[cfg(feature = "blocklist")]
pub use blocklist::refused;

use crate::{Fault, FieldErrors};
use serde::{Deserialize, Serialize};

/// Longer passwords are refused rather than cut: hashing them would only serve who wants to keep the server busy.
pub const MAX_LENGTH: u16 = 256;

/// One demand on a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordRule {
    /// At least so many characters.
    MinLength(u16),
    /// At most so many characters.
    MaxLength(u16),
    /// An upper-case letter of any alphabet.
    Uppercase,
    /// A lower-case letter of any alphabet.
    Lowercase,
    /// A digit.
    Digit,
    /// A letter of any alphabet.
    Letter,
    /// A character that is neither a letter nor a digit; a blank counts.
    Special,
    /// A digit or a special character.
    DigitOrSpecial,
    /// Not one of the passwords that are tried first.
    NotCommon,
    /// Not made of the customer's or the operator's own words.
    NotPersonal,
    /// Not in the form of a one-time password, for which signing in would take it.
    NotOneTime,
}

impl PasswordRule {
    /// Whether the password satisfies the rule. Characters count, not bytes, and nothing is trimmed. The rules that
    /// need a list, the customer's data or the ways of the sign-in are not decided here but on the server.
    fn is_met_by(self, password: &str) -> bool {
        let length = password.chars().count();
        match self {
            Self::MinLength(min) => length >= usize::from(min),
            Self::MaxLength(max) => length <= usize::from(max),
            Self::Uppercase => password.chars().any(char::is_uppercase),
            Self::Lowercase => password.chars().any(char::is_lowercase),
            Self::Digit => password.chars().any(char::is_numeric),
            Self::Letter => password.chars().any(char::is_alphabetic),
            Self::Special => password.chars().any(is_special),
            Self::DigitOrSpecial => password.chars().any(|c| c.is_numeric() || is_special(c)),
            Self::NotCommon | Self::NotPersonal | Self::NotOneTime => true,
        }
    }
}

fn is_special(character: char) -> bool {
    !character.is_alphanumeric() && !character.is_control()
}

/// The operator's demands on passwords. The list of common and personal passwords is refused under each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordPolicy {
    /// At least 8 characters, an upper-case letter, and a digit or special character (the sellers' usual rule).
    Classic,
    /// Length alone, as NIST SP 800-63B-4, 3.1.1.2 asks: 8 with a required second step, 15 without.
    Nist {
        /// Whether everybody needs a second step.
        second_step: bool,
    },
    /// At least 8 characters with a lower-case letter, an upper-case letter, a digit and a special character.
    Strong,
    /// At least 8 characters with a letter and a digit.
    LettersAndDigits,
}

impl PasswordPolicy {
    /// What the live checklist shows, in its order.
    pub fn rules(self) -> Vec<PasswordRule> {
        use PasswordRule::{Digit, DigitOrSpecial, Letter, Lowercase, MinLength, Special, Uppercase};
        match self {
            Self::Classic => vec![MinLength(8), Uppercase, DigitOrSpecial],
            Self::Nist { second_step } => vec![MinLength(if second_step { 8 } else { 15 })],
            Self::Strong => vec![MinLength(8), Lowercase, Uppercase, Digit, Special],
            Self::LettersAndDigits => vec![MinLength(8), Letter, Digit],
        }
    }

    /// The rules that a password breaks; none when it may be used. The limit of 256 characters is not worth a line in the
    /// checklist and appears only here, when it is broken.
    pub fn unmet(self, password: &str) -> Vec<PasswordRule> {
        let mut rules = self.rules();
        rules.push(PasswordRule::MaxLength(MAX_LENGTH));
        rules.retain(|rule| !rule.is_met_by(password));
        rules
    }

    /// What is wrong with a form's new password, added to the fields `new_password` and `repeat_password`: empty, the old one
    /// again (empty where there is none), against the policy, repeated differently.
    pub fn check(self, password: &str, repeat: &str, old: &str, errors: &mut FieldErrors) {
        let unmet = self.unmet(password);
        if password.is_empty() {
            errors.push("new_password", Fault::Required);
        } else if password == old {
            errors.push("new_password", Fault::SameAsOld);
        } else if !unmet.is_empty() {
            errors.push("new_password", Fault::Weak(unmet));
        }
        if repeat.is_empty() {
            errors.push("repeat_password", Fault::Required);
        } else if repeat != password {
            errors.push("repeat_password", Fault::Differs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PasswordRule::{Digit, DigitOrSpecial, Letter, Lowercase, MaxLength, MinLength, Special, Uppercase};
    use super::*;
    use proptest::prelude::*;

    const POLICIES: [PasswordPolicy; 5] = [
        PasswordPolicy::Classic,
        PasswordPolicy::Nist { second_step: true },
        PasswordPolicy::Nist { second_step: false },
        PasswordPolicy::Strong,
        PasswordPolicy::LettersAndDigits,
    ];

    #[test]
    fn r02_classic_wants_8_characters_an_upper_case_letter_and_a_digit_or_special_character() {
        let policy = PasswordPolicy::Classic;
        assert_eq!(policy.unmet(""), [MinLength(8), Uppercase, DigitOrSpecial]);
        assert_eq!(policy.unmet("Abcdef1"), [MinLength(8)]);
        assert_eq!(policy.unmet("abcdefg1"), [Uppercase]);
        assert_eq!(policy.unmet("Abcdefgh"), [DigitOrSpecial]);
        for password in ["Abcdefg1", "Abcdefg!", "ABCDEFG ", "Żółćżółć€"] {
            assert_eq!(policy.unmet(password), [], "{password}");
        }
    }

    #[test]
    fn r02_nist_wants_length_alone_and_less_of_it_with_a_second_step() {
        let with = PasswordPolicy::Nist { second_step: true };
        let without = PasswordPolicy::Nist { second_step: false };
        assert_eq!(with.unmet("        "), []);
        assert_eq!(with.unmet("aaaaaaa"), [MinLength(8)]);
        assert_eq!(without.unmet("aaaaaaaaaaaaaa"), [MinLength(15)]);
        assert_eq!(without.unmet("aaaaaaaaaaaaaaa"), []);
    }

    #[test]
    fn strong_wants_all_four_kinds_of_characters() {
        let policy = PasswordPolicy::Strong;
        assert_eq!(policy.unmet("        "), [Lowercase, Uppercase, Digit]);
        assert_eq!(policy.unmet("Abcdefg1"), [Special]);
        assert_eq!(policy.unmet("Abcdef1!"), []);
    }

    #[test]
    fn letters_and_digits_wants_one_of_each() {
        let policy = PasswordPolicy::LettersAndDigits;
        assert_eq!(policy.unmet("12345678"), [Letter]);
        assert_eq!(policy.unmet("абвгґдеє"), [Digit]);
        assert_eq!(policy.unmet("абвгґде1"), []);
    }

    #[test]
    fn r01_counts_characters_and_accepts_64_and_up_to_256_of_them() {
        let policy = PasswordPolicy::LettersAndDigits;
        assert_eq!(policy.unmet("żółćżó1"), [MinLength(8)], "seven characters in eleven bytes");
        assert_eq!(policy.unmet(&("ї".repeat(63) + "1")), []);
        assert_eq!(policy.unmet(&("ї".repeat(255) + "1")), []);
        assert_eq!(policy.unmet(&("ї".repeat(256) + "1")), [MaxLength(256)]);
    }

    #[test]
    fn policies_and_rules_survive_the_wire() {
        for policy in POLICIES {
            let wire = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<PasswordPolicy>(&wire).unwrap(), policy, "{wire}");
        }
        for rule in [MinLength(8), MaxLength(256)] {
            let wire = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<PasswordRule>(&wire).unwrap(), rule, "{wire}");
        }
    }

    proptest! {
        #[test]
        fn what_is_unmet_is_on_the_checklist_or_the_length_limit(password: String) {
            for policy in POLICIES {
                for rule in policy.unmet(&password) {
                    prop_assert!(policy.rules().contains(&rule) || rule == MaxLength(MAX_LENGTH));
                }
            }
        }

        #[test]
        fn a_longer_password_never_breaks_a_rule_of_the_checklist(password in ".{8,40}", more in ".{0,40}") {
            for policy in POLICIES {
                let longer = policy.unmet(&(password.clone() + &more));
                prop_assert!(longer.iter().all(|rule| policy.unmet(&password).contains(rule)));
            }
        }
    }
}
