//! How a producer asks for access to planning, and what an account may start with.

use crate::identifiers::text::cleaned;
use crate::operator::Module;
use crate::{AccessRequestId, Country, EmailAddress, FieldErrors, MobilePhone, Operator, ParseError};
use serde::{Deserialize, Serialize};
use std::fmt;

text_enum! {
    /// A part of the portal that an account is registered for: "Moje serwisy".
    pub enum Service {
        /// Contracts, invoices, payments: the customer's own office.
        Office = "bok",
        /// Production plans.
        Planning = "pgb",
    }
}

text_enum! {
    /// How a request came.
    pub enum RequestSource {
        /// Through the public form.
        Form = "form",
        /// As a letter to the operator's mailbox.
        Mail = "mail",
    }
}

text_enum! {
    /// Where a request stands.
    pub enum RequestStatus {
        /// Complete, waits for a decision.
        New = "new",
        /// Something that an account needs could not be read; staff completes it.
        Incomplete = "incomplete",
        /// Approved: a token went out.
        Approved = "approved",
        /// Refused.
        Refused = "refused",
    }
}

/// Longest company name.
const MAX_COMPANY: u16 = 200;
/// Longest telephone number with all that stands between its digits.
const MAX_PHONE: u16 = 40;
/// Digits of a telephone number anywhere.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The public form as it was typed; staff completes letters with the same fields.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessRequestForm {
    /// Name of the company.
    pub company: String,
    /// The future login.
    pub email: String,
    /// Where the company is reached.
    pub phone: String,
}

impl fmt::Debug for AccessRequestForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessRequestForm").finish_non_exhaustive()
    }
}

/// The form with every field right.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidAccessRequest {
    /// Name of the company.
    pub company: String,
    /// The future login.
    pub email: EmailAddress,
    /// Where the company is reached: a mobile number in its international form, any other as it was typed but for its dashes.
    pub phone: String,
}

impl AccessRequestForm {
    /// The typed values, or every wrong field in the order of the form.
    pub fn validate(&self, country: Country) -> Result<ValidAccessRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let company = errors.check("company", company(&self.company));
        let email = errors.check("email", EmailAddress::parse(&self.email));
        let phone = errors.check("phone", phone(&self.phone, country));
        let (Some(company), Some(email), Some(phone)) = (company, email, phone) else { return Err(errors) };
        errors.into_result(ValidAccessRequest { company, email, phone })
    }
}

fn company(typed: &str) -> Result<String, ParseError> {
    let name = cleaned(typed).split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(ParseError::Empty),
        1 => Err(ParseError::TooShort { min: 2 }),
        length if length > usize::from(MAX_COMPANY) => Err(ParseError::TooLong { max: MAX_COMPANY }),
        _ if name.chars().any(char::is_control) => Err(ParseError::Malformed),
        _ => Ok(name),
    }
}

fn phone(typed: &str, country: Country) -> Result<String, ParseError> {
    // Programs for letters make a dash of another width of the typed one.
    let with_plain_dash = |sign| if matches!(sign, '\u{2010}'..='\u{2013}' | '\u{2212}') { '-' } else { sign };
    let typed: String = cleaned(typed).trim().chars().map(with_plain_dash).collect();
    if typed.is_empty() {
        return Err(ParseError::Empty);
    }
    if typed.chars().count() > usize::from(MAX_PHONE) {
        return Err(ParseError::TooLong { max: MAX_PHONE });
    }
    if let Ok(mobile) = MobilePhone::parse(&typed, country) {
        return Ok(mobile.display());
    }
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let is_number = typed.chars().all(|sign| sign.is_ascii_digit() || " \u{a0}+-/().".contains(sign));
    if is_number && PHONE_DIGITS.contains(&digits) { Ok(typed) } else { Err(ParseError::Malformed) }
}

/// A request as the list of the staff shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestRow {
    /// Its id.
    pub id: AccessRequestId,
    /// Company, as far as it is known.
    pub company: String,
    /// E-mail, as far as it is known.
    pub email: String,
    /// How it came.
    pub source: RequestSource,
    /// Where it stands.
    pub status: RequestStatus,
    /// When it came, as the operator's clocks show it.
    pub received: String,
}

/// One request with everything that staff decides by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequestView {
    /// What the list shows.
    pub row: AccessRequestRow,
    /// Where the company is reached, as far as it is known.
    pub phone: String,
    /// The letter as it came; nothing for the form.
    pub letter: Option<String>,
    /// Counts the changes.
    pub revision: i64,
    /// Number of the company that it is to be, or was, approved for.
    pub company_number: Option<String>,
    /// Companies that run units: number, name, how many units.
    pub companies: Vec<(String, String, i64)>,
    /// Where its newest token stands.
    pub token: Option<TokenView>,
}

text_enum! {
    /// Where a token stands.
    pub enum TokenState {
        /// It works.
        Open = "open",
        /// Somebody came in with it.
        Used = "used",
        /// It is too old.
        Expired = "expired",
        /// Staff took it back.
        Revoked = "revoked",
        /// Somebody came in with it, and staff took the access back.
        Withdrawn = "withdrawn",
    }
}

/// A token as staff sees it: never the token itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Where it stands.
    pub state: TokenState,
    /// When that came to be, or until when it works, as the operator's clocks show it.
    pub at: String,
    /// What became of the mail that it went out with.
    pub delivery: Delivery,
}

text_enum! {
    /// What became of a mail, as far as staff has to know.
    pub enum Delivery {
        /// A mail server has it, or is about to.
        Well = "well",
        /// It was not taken so far, and is tried again.
        Delayed = "delayed",
        /// It was given up.
        Failed = "failed",
    }
}

/// A service as "Moje serwisy" shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceView {
    /// Which one.
    pub service: Service,
    /// Whether the account is registered for it.
    pub is_registered: bool,
    /// Whether the portal starts with it.
    pub is_default: bool,
    /// For whom: names of companies.
    pub companies: Vec<String>,
}

/// A page of requests for access.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessRequestList {
    /// Where they stand.
    pub status: RequestStatus,
    /// The requests, newest first.
    pub rows: Vec<AccessRequestRow>,
    /// Before which one the next page begins; nothing on the last.
    pub next: Option<AccessRequestId>,
    /// How many stand where.
    pub counts: Vec<(RequestStatus, i64)>,
}

impl Operator {
    /// Whether the operator offers a service: that follows from its modules.
    #[must_use]
    pub fn offers(&self, service: Service) -> bool {
        match service {
            Service::Planning => self.has_planning(),
            Service::Office => self.modules.contains(&Module::Invoices),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fault;

    fn form(company: &str, email: &str, phone: &str) -> AccessRequestForm {
        AccessRequestForm { company: company.into(), email: email.into(), phone: phone.into() }
    }

    #[test]
    fn takes_mobile_and_other_numbers() {
        let valid = form(" Wiatraki  Północ sp. z o.o. ", "biuro@wiatraki.example", "600700800").validate(Country::Pl);
        let valid = valid.unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!((valid.company.as_str(), valid.phone.as_str()), ("Wiatraki Północ sp. z o.o.", "+48 600 700 800"));
        let valid = form("AB", "a@b.pl", "(22) 555-01-00 ").validate(Country::Pl);
        assert_eq!(valid.map(|valid| valid.phone).ok().as_deref(), Some("(22) 555-01-00"));
    }

    #[test]
    fn takes_a_number_with_any_dash_and_no_longer_than_numbers_are() {
        let phone = |typed: &str| form("AB", "a@b.pl", typed).validate(Country::Pl).map(|valid| valid.phone);
        for dash in ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'] {
            assert_eq!(phone(&format!("22 555{dash}01{dash}00")).as_deref(), Ok("22 555-01-00"), "{dash:?}");
            assert_eq!(phone(&format!("600{dash}700{dash}800")).as_deref(), Ok("+48 600 700 800"), "{dash:?}");
        }
        let spread = |blanks: usize| format!("22{}555 01 00", " ".repeat(blanks));
        assert_eq!(phone(&spread(29)), Ok(spread(29)), "40 characters");
        let Err(errors) = phone(&spread(30)) else { panic!("accepted 41 characters") };
        assert_eq!(errors.iter().map(|error| error.fault.clone()).collect::<Vec<_>>(), [Fault::TooLong(40)]);
    }

    #[test]
    fn leaves_out_of_names_and_numbers_what_does_not_show() {
        let valid = form("Wiatrak\u{202E} Pół\u{200B}noc\u{2069}\u{FEFF}", "a@b.pl", "\u{202D}22 555 01 00\u{202C}");
        let valid = valid.validate(Country::Pl).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!((valid.company.as_str(), valid.phone.as_str()), ("Wiatrak Północ", "22 555 01 00"));
        let Err(errors) = form("\u{200F}\u{2066}", "a@b.pl", "22 555 01 00").validate(Country::Pl) else {
            panic!("accepted a name that nobody sees")
        };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["company"]);
    }

    #[test]
    fn names_every_wrong_field() {
        let Err(errors) = form("", "x", "12").validate(Country::Pl) else { panic!("accepted") };
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["company", "email", "phone"]);
    }
}
