//! An operator: a brand with its own customers, rules and looks, described by one profile file. Accounts, data and sessions
//! of two operators never mix.

mod check;
mod palette;
mod text;
mod view;

pub use check::OperatorFault;
pub use palette::{DARK_GROUND, LIGHT_GROUND, Palette};
pub use text::{ClockTime, LocalText, OperatorSlug};
pub use view::OperatorView;

use crate::plan::PlanFormat;
use crate::{Colour, Commodity, Country, Currency, Eic, Lang, LockoutScope, PasswordPolicy, UnlockBy};
use serde::Deserialize;

text_enum! {
    /// A way to register.
    pub enum Wizard {
        /// By a contract's number.
        Contract = "contract",
        /// By a customer number or supply point.
        SupplyPoint = "supply_point",
        /// By a personal account and the last payment.
        PersonalAccount = "personal_account",
        /// By a token that the operator's staff gave out.
        Invitation = "invitation",
    }
}

text_enum! {
    /// A part of the portal that an operator may switch on.
    pub enum Module {
        /// Invoices.
        Invoices = "invoices",
        /// Payments.
        Payments = "payments",
        /// Meter readings.
        Readings = "readings",
        /// Consumption over time.
        Consumption = "consumption",
        /// Messages and cases.
        Messages = "messages",
        /// Outages and planned works.
        Outages = "outages",
        /// Production plans.
        Plans = "plans",
    }
}

text_enum! {
    /// What a login is.
    pub enum LoginKind {
        /// A name of the customer's choice.
        Name = "name",
        /// The e-mail address.
        Email = "email",
    }
}

text_enum! {
    /// Whether a second step follows the password.
    pub enum SecondStep {
        /// Never.
        Off = "off",
        /// For customers who want it.
        Optional = "optional",
        /// For everybody.
        Required = "required",
    }
}

text_enum! {
    /// How a locked account comes back, as profiles name it; see [`Lockout::unlock_by`].
    pub enum Unlock {
        /// By staff.
        Staff = "staff",
        /// By itself after `minutes`.
        Time = "time",
        /// By a mailed link.
        Mail = "mail",
    }
}

text_enum! {
    /// A password policy as profiles name it; see [`Operator::password_policy`].
    pub enum PolicyName {
        /// [`PasswordPolicy::Classic`].
        Classic = "classic",
        /// [`PasswordPolicy::Nist`].
        Nist = "nist",
        /// [`PasswordPolicy::Strong`].
        Strong = "strong",
        /// [`PasswordPolicy::LettersAndDigits`].
        LettersAndDigits = "letters_and_digits",
    }
}

text_enum! {
    /// What a customer who has forgotten the password gets by mail.
    pub enum PasswordRecovery {
        /// A one-time password to sign in with.
        OneTimePassword = "one_time_password",
        /// A link to a page for a new password.
        Link = "link",
    }
}

/// A profile. Unknown keys are refused, so that a misspelt one is noticed; [`Operator::validate`] checks the rest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The key in every table and the first label of the demo's hosts.
    pub slug: OperatorSlug,
    /// The name customers know.
    pub name: String,
    /// The hosts it answers on, in lower case and without ports.
    pub hosts: Vec<String>,
    /// The languages of its pages; the first is the default.
    pub languages: Vec<Lang>,
    /// IANA time zone of its days and deadlines.
    pub time_zone: String,
    /// The currency of its invoices.
    pub currency: Currency,
    /// How telephone and account numbers are read.
    pub country: Country,
    /// What it delivers.
    pub commodities: Vec<Commodity>,
    /// The ways to register that it offers.
    pub wizards: Vec<Wizard>,
    /// The parts that it has switched on.
    pub modules: Vec<Module>,
    /// Where customers reach it.
    pub contact: Contact,
    /// Its looks.
    pub theme: Theme,
    /// Its sign-in.
    pub sign_in: SignIn,
    /// What wrong passwords lead to.
    pub lockout: Lockout,
    /// What passwords must be.
    pub password: Password,
    /// What a forgotten password leads to.
    pub recovery: Recovery,
    /// How long sessions live.
    pub session: Session,
    /// The terms that customers accept.
    pub terms: Terms,
    /// What is said about cookies.
    pub cookies: Page,
    /// The privacy notice.
    pub privacy: Page,
    /// The accessibility statement.
    pub accessibility: Page,
    /// When readings are taken; only with the module.
    pub readings: Option<ReadingWindow>,
    /// Rules of production plans; only with the module.
    pub plans: Option<Plans>,
}

/// Where customers reach the operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The hotline.
    pub phone: String,
    /// When the hotline answers.
    pub hours: LocalText,
    /// The mailbox of the customer service.
    pub email: String,
    /// Where outages are reported.
    pub outage_phone: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The operator's own site, `https://…`.
    pub website: Option<String>,
}

/// The operator's looks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The one colour of the brand; adjusted where it could not be read.
    pub accent: Colour,
    /// A file beside the profile.
    pub logo: Option<String>,
}

/// The operator's sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What a login is.
    pub login: LoginKind,
    /// Whether a second step follows.
    pub second_step: SecondStep,
    /// Whether PESEL or NIP may be the login.
    #[serde(default)]
    pub allow_tax_id_login: bool,
}

/// What wrong passwords lead to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lockout {
    /// What they lock.
    pub scope: LockoutScope,
    /// How it comes back.
    pub unlock: Unlock,
    /// After how many minutes; only with `unlock = "time"`.
    pub minutes: Option<u32>,
}

impl Lockout {
    /// How a locked account comes back. A profile that says "time" without minutes does not pass [`Operator::validate`]; it
    /// would leave the unlocking to staff.
    pub fn unlock_by(&self) -> UnlockBy {
        match (self.unlock, self.minutes) {
            (Unlock::Time, Some(minutes)) => UnlockBy::Time { minutes },
            (Unlock::Mail, _) => UnlockBy::Mail,
            (Unlock::Staff | Unlock::Time, _) => UnlockBy::Staff,
        }
    }
}

/// What passwords must be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// The policy's name.
    pub policy: PolicyName,
}

/// What a forgotten password leads to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// What is mailed.
    pub password: PasswordRecovery,
}

/// How long sessions live.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Minutes without a request of the customer's own.
    pub idle_minutes: u16,
    /// Hours since the sign-in.
    pub absolute_hours: u16,
    /// How many at once; a further one ends the oldest.
    pub most: u16,
}

/// The terms that customers accept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Changes with the text; customers accept a new one at their next sign-in.
    pub version: String,
    /// Plain text: a blank line ends a paragraph, a leading `# ` makes a heading.
    pub text: LocalText,
}

/// A page of plain text, written like [`Terms::text`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The text.
    pub text: LocalText,
}

/// The days of a month on which readings are taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingWindow {
    /// The first day, 1 to 31.
    pub window_from_day: u8,
    /// The last day, 1 to 31; before the first one it lies in the next month.
    pub window_to_day: u8,
}

/// Rules of production plans.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plans {
    /// Until when, on the day before, a plan may still be changed; local time. The hour is the operator's own: no published
    /// rule sets it.
    pub gate_closure: ClockTime,
    /// How many minutes before it, on the same day, producers without a plan are reminded.
    #[serde(default = "Plans::usual_reminder")]
    pub reminder_minutes: u16,
    /// Codes of the electricity market; without them plans are not written as market documents.
    pub market: Option<Market>,
}

/// Under which codes the electricity market knows the operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// The operator as a party: its EIC.
    pub party: Eic,
    /// The area that its units feed into: an EIC of type Y.
    pub area: Eic,
}

impl Plans {
    const fn usual_reminder() -> u16 {
        120
    }

    /// The formats in which plans are written. All of them can be read.
    pub fn formats(&self) -> impl Iterator<Item = PlanFormat> + use<> {
        let has_codes = self.market.is_some();
        PlanFormat::ALL.iter().copied().filter(move |format| has_codes || *format != PlanFormat::Iec)
    }

    /// The instant until which the plan of a day may be changed.
    ///
    /// # Panics
    /// When the zone is unknown.
    #[cfg(feature = "calendar")]
    pub fn gate(&self, day: crate::Date, zone: &str) -> crate::Timestamp {
        crate::calendar::instant(day.plus_days(-1), self.gate_closure.hour(), self.gate_closure.minute(), zone)
    }
}

impl Operator {
    /// The policy with what it depends on: length alone is enough earlier where everybody has a second step.
    pub fn password_policy(&self) -> PasswordPolicy {
        match self.password.policy {
            PolicyName::Classic => PasswordPolicy::Classic,
            PolicyName::Nist => PasswordPolicy::Nist { second_step: self.sign_in.second_step == SecondStep::Required },
            PolicyName::Strong => PasswordPolicy::Strong,
            PolicyName::LettersAndDigits => PasswordPolicy::LettersAndDigits,
        }
    }

    /// Whether producers hand in their plans here.
    pub fn has_planning(&self) -> bool {
        self.modules.contains(&Module::Plans)
    }

    /// The language of a customer who has not chosen one.
    ///
    /// # Panics
    /// Without any language, which [`Operator::validate`] refuses.
    pub fn default_language(&self) -> Lang {
        *self.languages.first().expect("a valid profile has a language")
    }
}

#[cfg(test)]
mod tests;
