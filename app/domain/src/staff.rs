//! The operator's staff: roles, the forms of their own sign-in, and how far it has come.

use crate::{EmailAddress, Fault, FieldErrors, ParseError, PasswordPolicy, StaffId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

text_enum! {
    /// What a member of staff may do.
    pub enum Role {
        /// Takes production plans over and lets producers in.
        Dispatcher = "dispatcher",
        /// Manages staff, units and everything else.
        Administrator = "administrator",
    }
}

/// The roles of one member, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// These roles.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether this is one of them.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The roles in their order.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|role| role.as_str()).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Roles {
    type Err = ParseError;

    /// Reads words between commas.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(str::parse).collect::<Result<Vec<Role>, _>>().map(Self::new)
    }
}

text_enum! {
    /// How far a sign-in of staff has come. Only `Full` opens the back office.
    pub enum StaffStage {
        /// Waits for the code of the authenticator.
        SecondStep = "second_step",
        /// Nothing is left.
        Full = "full",
    }
}

/// The form by which a member takes the place that a one-shot token keeps: an own password and the first code.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnrolmentForm {
    /// The own password.
    pub new_password: String,
    /// The same again.
    pub repeat_password: String,
    /// Six digits that the authenticator shows.
    pub code: String,
}

impl fmt::Debug for EnrolmentForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolmentForm").finish_non_exhaustive()
    }
}

/// Staff sign in with a second step always, so length decides.
pub const STAFF_PASSWORDS: PasswordPolicy = PasswordPolicy::Nist { second_step: true };

impl EnrolmentForm {
    /// Every wrong field. Whether the code is right, only the server knows.
    pub fn validate(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        STAFF_PASSWORDS.check(&self.new_password, &self.repeat_password, "", &mut errors);
        errors.check("code", code(&self.code));
        errors.into_result(())
    }
}

/// Six digits of an authenticator as somebody typed them.
///
/// # Errors
/// [`Fault::Required`], [`Fault::WrongLength`], [`Fault::Malformed`].
pub fn code(typed: &str) -> Result<String, Fault> {
    let digits: String = typed.chars().filter(|character| !character.is_whitespace()).collect();
    match digits.len() {
        0 => Err(Fault::Required),
        _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => Err(Fault::Malformed),
        6 => Ok(digits),
        _ => Err(Fault::WrongLength(6)),
    }
}

/// The form by which an administrator adds a member.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewStaffForm {
    /// Name, as colleagues and the record of acts show it.
    pub name: String,
    /// The login.
    pub email: String,
    /// What they may do.
    pub roles: Roles,
}

impl fmt::Debug for NewStaffForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStaffForm").finish_non_exhaustive()
    }
}

/// The form with every field right.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidNewStaff {
    /// Name.
    pub name: String,
    /// The login.
    pub email: EmailAddress,
    /// Their roles.
    pub roles: Roles,
}

impl NewStaffForm {
    /// The typed values, or every wrong field in the order of the form.
    pub fn validate(&self) -> Result<ValidNewStaff, FieldErrors> {
        const MAX_NAME: u16 = 100;
        let mut errors = FieldErrors::default();
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            errors.push("name", Fault::Required);
        } else if name.chars().count() > usize::from(MAX_NAME) {
            errors.push("name", Fault::TooLong(MAX_NAME));
        }
        let email = errors.check("email", EmailAddress::parse(&self.email));
        if self.roles.is_empty() {
            errors.push("roles", Fault::Required);
        }
        let Some(email) = email else { return Err(errors) };
        errors.into_result(ValidNewStaff { name, email, roles: self.roles.clone() })
    }
}

/// A member as the list of staff shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffView {
    /// Their id.
    pub id: StaffId,
    /// Name.
    pub name: String,
    /// The login.
    pub email: String,
    /// Their roles.
    pub roles: Roles,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they have taken their place: chosen a password and set up an authenticator.
    pub is_enrolled: bool,
    /// Whether it is the reader.
    pub is_self: bool,
}

/// What a new authenticator is set up with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentView {
    /// The login.
    pub email: String,
    /// Key to type into the authenticator, in groups.
    pub key: String,
    /// The same as a picture to scan: SVG.
    pub picture: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_they_are_written() {
        let roles = Roles::new([Role::Administrator, Role::Dispatcher, Role::Administrator]);
        assert_eq!(roles.to_string(), "dispatcher,administrator");
        assert_eq!(roles.to_string().parse(), Ok(roles));
        assert!("boss".parse::<Roles>().is_err());
        assert!("".parse::<Roles>().is_ok_and(|roles| roles.is_empty()));
    }

    #[test]
    fn a_code_is_six_digits() {
        assert_eq!(code(" 123 456 "), Ok("123456".to_owned()));
        assert_eq!(code(""), Err(Fault::Required));
        assert_eq!(code("12345"), Err(Fault::WrongLength(6)));
        assert_eq!(code("12345x"), Err(Fault::Malformed));
    }

    #[test]
    fn a_member_has_a_name_a_login_and_a_role() {
        let Err(errors) = NewStaffForm::default().validate() else { panic!("accepted") };
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "email", "roles"]);
        let form = NewStaffForm {
            name: " Ewa  Nowak ".into(),
            email: "ewa@x.pl".into(),
            roles: Roles::new([Role::Dispatcher]),
        };
        assert!(form.validate().is_ok_and(|valid| valid.name == "Ewa Nowak" && valid.roles.has(Role::Dispatcher)));
    }
}
