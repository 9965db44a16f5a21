//! What the browser may know of an operator.

use super::{
    Contact, LoginKind, Module, Operator, OperatorSlug, PasswordRecovery, Plans, ReadingWindow, SecondStep, Wizard,
};
use crate::{Colour, Commodity, Country, Currency, Lang, PasswordPolicy, UnlockBy, accessible_accent};
use serde::{Deserialize, Serialize};

/// The darkest ground that text in the accent stands on in the light theme; on white it only reads better.
pub const LIGHT_GROUND: Colour = Colour::new(0xee, 0xf0, 0xf3);

/// The lightest ground that text in the accent stands on in the dark theme; on the page's ground it only reads better.
pub const DARK_GROUND: Colour = Colour::new(0x2a, 0x30, 0x3a);

/// The operator's colours in one theme, all of them readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Palette {
    /// Links, the primary button's ground, the current entry.
    pub accent: Colour,
    /// Text on the accent.
    pub accent_text: Colour,
    /// The ring around what has the keyboard's focus.
    pub focus: Colour,
}

impl Palette {
    fn on(ground: Colour, brand: Colour) -> Self {
        let accent = accessible_accent(brand, ground);
        // The ring stands off from what it surrounds, so it needs contrast to the ground alone, which the accent has.
        Self { accent, accent_text: accent.readable_text(), focus: accent }
    }
}

/// The part of a profile that pages need: nothing about limits and locks that would help a guesser, no long texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorView {
    /// See [`Operator::slug`].
    pub slug: OperatorSlug,
    /// See [`Operator::name`].
    pub name: String,
    /// See [`Operator::languages`].
    pub languages: Vec<Lang>,
    /// See [`Operator::time_zone`].
    pub time_zone: String,
    /// See [`Operator::currency`].
    pub currency: Currency,
    /// See [`Operator::country`].
    pub country: Country,
    /// See [`Operator::commodities`].
    pub commodities: Vec<Commodity>,
    /// See [`Operator::wizards`].
    pub wizards: Vec<Wizard>,
    /// See [`Operator::modules`].
    pub modules: Vec<Module>,
    /// See [`Operator::contact`].
    pub contact: Contact,
    /// Colours of the light theme.
    pub light: Palette,
    /// Colours of the dark theme.
    pub dark: Palette,
    /// Whether the operator has a logo.
    pub has_logo: bool,
    /// What a login is.
    pub login: LoginKind,
    /// Whether PESEL or NIP may be the login.
    pub allow_tax_id_login: bool,
    /// Whether a second step follows.
    pub second_step: SecondStep,
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
    /// See [`Operator::readings`].
    pub readings: Option<ReadingWindow>,
    /// See [`Operator::plans`].
    pub plans: Option<Plans>,
}

impl From<&Operator> for OperatorView {
    fn from(operator: &Operator) -> Self {
        Self {
            slug: operator.slug.clone(),
            name: operator.name.clone(),
            languages: operator.languages.clone(),
            time_zone: operator.time_zone.clone(),
            currency: operator.currency,
            country: operator.country,
            commodities: operator.commodities.clone(),
            wizards: operator.wizards.clone(),
            modules: operator.modules.clone(),
            contact: operator.contact.clone(),
            light: Palette::on(LIGHT_GROUND, operator.theme.accent),
            dark: Palette::on(DARK_GROUND, operator.theme.accent),
            has_logo: operator.theme.logo.is_some(),
            login: operator.sign_in.login,
            allow_tax_id_login: operator.sign_in.allow_tax_id_login,
            second_step: operator.sign_in.second_step,
            unlock_by: operator.lockout.unlock_by(),
            password_policy: operator.password_policy(),
            password_recovery: operator.recovery.password,
            terms_version: operator.terms.version.clone(),
            idle_minutes: operator.session.idle_minutes,
            readings: operator.readings.clone(),
            plans: operator.plans.clone(),
        }
    }
}
