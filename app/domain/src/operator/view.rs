//! What the browser may know of an operator.

use super::{LoginKind, Operator, PasswordRecovery, Wizard};
use crate::{Country, PasswordPolicy, UnlockBy};
use serde::{Deserialize, Serialize};

/// The part of a profile that pages need once they are awake: nothing about limits and locks that would help a guesser,
/// and nothing that only the server draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorView {
    /// See [`Operator::name`].
    pub name: String,
    /// See [`Operator::country`].
    pub country: Country,
    /// See [`Operator::wizards`].
    pub wizards: Vec<Wizard>,
    /// The hotline.
    pub phone: String,
    /// What a login is.
    pub login: LoginKind,
    /// Whether PESEL or NIP may be the login.
    pub allow_tax_id_login: bool,
    /// How a locked account comes back, said under every failed sign-in.
    pub unlock_by: UnlockBy,
    /// What passwords must be.
    pub password_policy: PasswordPolicy,
    /// What is mailed for a forgotten password.
    pub password_recovery: PasswordRecovery,
    /// The version of the terms in force.
    pub terms_version: String,
    /// Minutes without a request of the customer's own until the sign-out.
    pub idle_minutes: u16,
}

impl From<&Operator> for OperatorView {
    fn from(operator: &Operator) -> Self {
        Self {
            name: operator.name.clone(),
            country: operator.country,
            wizards: operator.wizards.clone(),
            // A number is read as one: it does not break at the end of a line.
            phone: operator.contact.phone.replace(' ', "\u{a0}"),
            login: operator.sign_in.login,
            allow_tax_id_login: operator.sign_in.allow_tax_id_login,
            unlock_by: operator.lockout.unlock_by(),
            password_policy: operator.password_policy(),
            password_recovery: operator.recovery.password,
            terms_version: operator.terms.version.clone(),
            idle_minutes: operator.session.idle_minutes,
        }
    }
}
