//! The TOKEN that staff gives out to a producer, and the forms that ask for it.

use crate::spoken_code::{grouped, normalized, spell};
use crate::{EmailAddress, Fault, FieldErrors, PasswordPolicy};
use serde::{Deserialize, Serialize};
use std::fmt;

const LENGTH: usize = 24;

/// A hundred and twenty random bits as twenty-four characters. Hides in `Debug`; never stored but as a hash of
/// [`InvitationToken::as_str`].
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(String);

impl InvitationToken {
    /// The token of these random bytes.
    pub fn from_bytes(bytes: [u8; 15]) -> Self {
        Self(spell(&bytes, LENGTH))
    }

    /// Reads a typed token: with or without dashes and blanks, in any case, with O for 0 and I or L for 1.
    ///
    /// # Errors
    /// [`Fault::Required`] for nothing, [`Fault::Malformed`] for what no token looks like.
    pub fn parse(typed: &str) -> Result<Self, Fault> {
        if typed.trim().is_empty() {
            return Err(Fault::Required);
        }
        normalized(typed, LENGTH).map(Self).ok_or(Fault::Malformed)
    }

    /// The characters without dashes: what is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As mails and screens show it: six groups of four characters.
    pub fn display(&self) -> String {
        grouped(&self.0)
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationToken(•••)")
    }
}

/// The second step of the way in for who has no account: the invited address and an own password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvitationForm {
    /// The address that was invited; becomes the login.
    pub email: String,
    /// The password of the new account.
    pub new_password: String,
    /// The same again.
    pub repeat_password: String,
    /// Whether the terms are accepted.
    pub terms: bool,
}

impl fmt::Debug for InvitationForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvitationForm").field("terms", &self.terms).finish_non_exhaustive()
    }
}

impl InvitationForm {
    /// The address, or every wrong field. Whether the password is a common one, only the server knows.
    pub fn validate(&self, policy: PasswordPolicy) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.check("email", EmailAddress::parse(&self.email));
        policy.check(&self.new_password, &self.repeat_password, "", &mut errors);
        if !self.terms {
            errors.push("terms", Fault::NotAccepted);
        }
        let Some(email) = email else { return Err(errors) };
        errors.into_result(email)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tells_an_empty_field_from_a_wrong_one() {
        assert_eq!(InvitationToken::parse(" "), Err(Fault::Required));
        assert_eq!(InvitationToken::parse("ABCD-EFGH"), Err(Fault::Malformed));
    }

    #[test]
    fn asks_for_every_field() {
        let errors = InvitationForm::default().validate(PasswordPolicy::Strong).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["email", "new_password", "repeat_password", "terms"]);
    }

    proptest! {
        #[test]
        fn r26_is_recognised_as_it_is_shown_and_loses_no_bit(bytes: [u8; 15], bit in 0_usize..120) {
            let token = InvitationToken::from_bytes(bytes);
            prop_assert_eq!(InvitationToken::parse(&token.display()), Ok(token.clone()));
            prop_assert_eq!(InvitationToken::parse(&token.display().to_lowercase()), Ok(token.clone()));
            let mut other = bytes;
            other[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(InvitationToken::from_bytes(other), token);
        }
    }
}
