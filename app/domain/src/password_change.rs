//! The forms "Zmień hasło" and "Wymagana zmiana hasła".

use crate::{Fault, FieldErrors, PasswordPolicy};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The form as it was typed. Named on the page and in [`FieldErrors`] `current_password`, `new_password` and
/// `repeat_password`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChange {
    /// The password in use, or the one-time password.
    #[serde(rename = "current_password")]
    pub current: String,
    /// The new password.
    #[serde(rename = "new_password")]
    pub password: String,
    /// The new password again.
    #[serde(rename = "repeat_password")]
    pub repeat: String,
}

impl fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChange").finish_non_exhaustive()
    }
}

impl PasswordChange {
    /// Every wrong field, as far as the form alone can tell: whether the current password is right and whether the new one
    /// is a common one, only the server knows.
    pub fn validate(&self, policy: PasswordPolicy) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.current.is_empty() {
            errors.push("current_password", Fault::Required);
        }
        policy.check(&self.password, &self.repeat, &self.current, &mut errors);
        errors.into_result(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PasswordRule;

    fn validate(current: &str, password: &str, repeat: &str) -> Result<(), FieldErrors> {
        let form = PasswordChange { current: current.into(), password: password.into(), repeat: repeat.into() };
        form.validate(PasswordPolicy::Classic)
    }

    #[test]
    fn accepts_a_new_password_that_keeps_the_policy_and_is_repeated() {
        assert_eq!(validate("old", "Nowe-haslo", "Nowe-haslo"), Ok(()));
    }

    #[test]
    fn names_every_empty_field() {
        let errors = validate("", "", "").unwrap_err();
        for field in ["current_password", "new_password", "repeat_password"] {
            assert_eq!(errors.get(field), Some(&Fault::Required), "{field}");
        }
    }

    #[test]
    fn names_the_rules_that_the_new_password_breaks() {
        let weak = Fault::Weak(vec![PasswordRule::MinLength(8), PasswordRule::DigitOrSpecial]);
        assert_eq!(validate("old", "Nowe", "Nowe"), Err(FieldErrors::one("new_password", weak)));
    }

    #[test]
    fn the_repetition_must_be_exact_blanks_included() {
        let differs = FieldErrors::one("repeat_password", Fault::Differs);
        assert_eq!(validate("old", "Nowe-haslo", "Nowe-haslo "), Err(differs));
    }

    #[test]
    fn the_new_password_must_be_new() {
        let same = FieldErrors::one("new_password", Fault::SameAsOld);
        assert_eq!(validate("Nowe-haslo", "Nowe-haslo", "Nowe-haslo"), Err(same));
    }

    #[test]
    fn does_not_print_itself() {
        let form =
            PasswordChange { current: "a-secret".into(), password: "b-secret".into(), repeat: "c-secret".into() };
        assert!(!format!("{form:?}").contains("secret"));
    }

    #[test]
    fn travels_under_the_names_of_the_form() {
        let form: PasswordChange =
            serde_json::from_str(r#"{"current_password":"a","new_password":"b","repeat_password":"c"}"#).unwrap();
        assert_eq!((form.current, form.password, form.repeat), ("a".into(), "b".into(), "c".into()));
    }
}
