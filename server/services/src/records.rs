//! Personal data in the form it is sealed in, and the places it is bound to.

use openbok_domain::{
    AccessRequestId, AccountId, Edrpou, Lang, MailId, Nip, Operator, StaffId, TaxId, Timestamp, calendar,
};
use openbok_locales::format;
use serde::{Deserialize, Serialize};

use crate::mail::MailMessage;

/// What the portal knows of a customer from the CRM.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct CustomerData {
    pub pesel: Option<String>,
    pub nip: Option<String>,
    pub rnokpp: Option<String>,
    pub edrpou: Option<String>,
    pub surname: Option<String>,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub company_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Address,
}

impl CustomerData {
    /// The tax number that invoices name: a company's before a person's.
    pub fn tax_id(&self) -> Option<TaxId> {
        let nip = self.nip.as_deref().and_then(|text| Nip::parse(text).ok()).map(TaxId::Nip);
        let edrpou = self.edrpou.as_deref().and_then(|text| Edrpou::parse(text).ok()).map(TaxId::Edrpou);
        nip.or(edrpou)
    }

    /// How the customer is addressed: without any name by the customer number.
    pub fn name(&self, number: &str) -> String {
        if let Some(company) = &self.company_name {
            return company.clone();
        }
        let names: Vec<_> = [&self.given_name, &self.surname].into_iter().flatten().map(String::as_str).collect();
        if names.is_empty() { number.to_owned() } else { names.join(" ") }
    }
}

/// A postal address.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Address {
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
}

impl Address {
    /// The address in one line: street, postal code and town.
    pub fn line(&self) -> String {
        let town =
            [&self.postal_code, &self.city].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let street = self.street.clone().unwrap_or_default();
        [street, town].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Name and bank account of a payer.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PayerData {
    pub name: String,
    pub iban: Option<String>,
}

/// What the owner of an account gave at registration.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccountData {
    pub login: String,
    pub login_is_tax_id: bool,
    pub email: String,
    pub phone: String,
}

/// Name and address of a member of staff.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StaffData {
    pub name: String,
    pub email: String,
}

/// What a producer asked for access with, as far as it is known.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct AccessData {
    pub company: String,
    pub email: String,
    pub phone: String,
    /// The letter as it came.
    pub letter: Option<String>,
    /// Language of the answer.
    pub lang: Option<Lang>,
    /// Company that staff approves it for, as soon as it was named.
    pub company_number: Option<String>,
}

/// An instant as the operator's clocks and the language show it.
pub(crate) fn shown(at: Timestamp, operator: &Operator, lang: Lang) -> String {
    let (day, hour, minute) = calendar::local(at, &operator.time_zone);
    format!("{} {hour:02}:{minute:02}", format::date_short(day, lang))
}

/// Work that waits in the outbox.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Job {
    /// A mail ready to go.
    Mail(MailMessage),
    /// Somebody forgot the password of this login.
    RecoverPassword { login: String },
    /// Somebody forgot which logins belong to this address.
    RemindLogin { email: String },
    /// Somebody wants the activation link of this login again.
    ResendActivation { login: String },
    /// Five wrong passwords locked this login; its owner, if there is one, does not know yet.
    NoteLock { login_index: Vec<u8> },
}

/// Places that sealed values are bound to.
pub(crate) mod place {
    use super::{AccessRequestId, AccountId, MailId, StaffId};

    pub(crate) fn customer(operator: &str, number: &str) -> String {
        format!("customers|{operator}|{number}")
    }

    pub(crate) fn payer(operator: &str, number: &str) -> String {
        format!("payers|{operator}|{number}")
    }

    pub(crate) fn supply_point(operator: &str, code: &str) -> String {
        format!("supply_points|{operator}|{code}")
    }

    pub(crate) fn account(id: AccountId) -> String {
        format!("accounts|{id}")
    }

    pub(crate) fn staff(id: StaffId) -> String {
        format!("staff|{id}")
    }

    /// The seed of a second step.
    pub(crate) fn totp(id: StaffId) -> String {
        format!("totp|{id}")
    }

    pub(crate) fn access_request(id: AccessRequestId) -> String {
        format!("access_requests|{id}")
    }

    pub(crate) fn job(id: MailId) -> String {
        format!("outbox|{id}")
    }

    pub(crate) fn kept(id: MailId) -> String {
        format!("mailbox|{id}")
    }
}

/// Kinds of keyed hashes.
pub(crate) mod index {
    use super::TaxId;
    use crate::Vault;

    /// A tax number within an operator.
    pub(crate) fn tax(vault: &Vault, operator: &str, tax_id: &TaxId) -> Vec<u8> {
        vault.index(&format!("tax|{operator}"), tax_id.as_str())
    }

    /// A login, normalised, within an operator.
    pub(crate) fn login(vault: &Vault, operator: &str, login: &str) -> Vec<u8> {
        vault.index(&format!("login|{operator}"), login)
    }

    /// The login of a member of staff, normalised, within an operator.
    pub(crate) fn staff(vault: &Vault, operator: &str, email: &str) -> Vec<u8> {
        vault.index(&format!("staff|{operator}"), email)
    }

    /// The identifier of a letter within an operator.
    pub(crate) fn letter(vault: &Vault, operator: &str, id: &str) -> Vec<u8> {
        vault.index(&format!("letter|{operator}"), id)
    }

    /// What a request of the public form says, within an operator.
    pub(crate) fn request(vault: &Vault, operator: &str, text: &str) -> Vec<u8> {
        vault.index(&format!("request|{operator}"), text)
    }

    /// An e-mail address, normalised, within an operator.
    pub(crate) fn email(vault: &Vault, operator: &str, email: &str) -> Vec<u8> {
        vault.index(&format!("email|{operator}"), email)
    }
}
