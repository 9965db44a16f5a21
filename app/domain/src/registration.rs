//! The form "EBOK / Rejestracja": an account for a customer who has a contract.

use crate::identifiers::text::cleaned;
use crate::{
    ContractNumber, Country, CustomerKind, EmailAddress, Fault, FieldErrors, LoginName, MobilePhone, Nip, ParseError,
    Pesel, TaxId,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The form as it was typed. Field names are those of the page and of [`FieldErrors`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContractRegistration {
    /// "Typ klienta", a word of [`CustomerKind`].
    pub customer_kind: String,
    /// Required of an individual, ignored for a business.
    pub pesel: String,
    /// Required of a business, ignored for an individual.
    pub nip: String,
    /// "Numer umowy".
    pub contract_number: String,
    /// Optional: left empty, the tax number becomes the login.
    pub login: String,
    /// The login again.
    pub login_repeat: String,
    /// "Tel. komórkowy".
    pub phone: String,
    /// "Adres email".
    pub email: String,
    /// "Akceptacja regulaminu".
    pub terms: bool,
    /// "Korzystanie z plików cookie".
    pub cookies: bool,
}

impl fmt::Debug for ContractRegistration {
    /// Only what leads to nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractRegistration")
            .field("customer_kind", &self.customer_kind.parse::<CustomerKind>())
            .field("terms", &self.terms)
            .field("cookies", &self.cookies)
            .finish_non_exhaustive()
    }
}

/// The form with every field right. Whether the contract is this customer's is the service's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidContractRegistration {
    /// PESEL of an individual, NIP of a business.
    pub tax_id: TaxId,
    /// The contract that proves the customer.
    pub contract_number: ContractNumber,
    /// The chosen login, or the tax number.
    pub login: LoginName,
    /// Whether the login is the tax number, chosen or by default; reminders then mask it.
    pub login_is_tax_id: bool,
    /// Where codes go.
    pub phone: MobilePhone,
    /// Where the activation link goes.
    pub email: EmailAddress,
}

impl ContractRegistration {
    /// The typed values, or every wrong field in the order of the form.
    pub fn validate(&self, phone_country: Country) -> Result<ValidContractRegistration, FieldErrors> {
        let mut errors = FieldErrors::default();
        let tax_id = self.tax_id(&mut errors);
        let contract_number = errors.check("contract_number", ContractNumber::parse(&self.contract_number));
        let login = self.login(tax_id.as_ref(), &mut errors);
        let phone = errors.check("phone", MobilePhone::parse(&self.phone, phone_country));
        let email = errors.check("email", EmailAddress::parse(&self.email));
        for (field, is_accepted) in [("terms", self.terms), ("cookies", self.cookies)] {
            if !is_accepted {
                errors.push(field, Fault::NotAccepted);
            }
        }
        let (Some(tax_id), Some(contract_number), Some(login), Some(phone), Some(email)) =
            (tax_id, contract_number, login, phone, email)
        else {
            return Err(errors);
        };
        let login_is_tax_id = login.as_str() == tax_id.as_str();
        errors.into_result(ValidContractRegistration { tax_id, contract_number, login, login_is_tax_id, phone, email })
    }

    fn tax_id(&self, errors: &mut FieldErrors) -> Option<TaxId> {
        match errors.check("customer_kind", self.customer_kind.parse())? {
            CustomerKind::Individual => errors.check("pesel", Pesel::parse(&self.pesel)).map(TaxId::Pesel),
            CustomerKind::Business => errors.check("nip", Nip::parse(&self.nip)).map(TaxId::Nip),
        }
    }

    /// The login and its repetition; without either, the tax number, which may itself be wrong and then is reported as such.
    /// However the own tax number is written, it is the tax number.
    fn login(&self, tax_id: Option<&TaxId>, errors: &mut FieldErrors) -> Option<LoginName> {
        let (login, repeat) = (cleaned(&self.login), cleaned(&self.login_repeat));
        let (login, repeat) = (login.trim(), repeat.trim());
        let chosen = match LoginName::parse(login) {
            Err(ParseError::Empty) => None,
            parsed => Some(errors.check("login", parsed)?),
        };
        if login != repeat {
            errors.push("login_repeat", if repeat.is_empty() { Fault::Required } else { Fault::Differs });
            return None;
        }
        let tax_id = tax_id?;
        chosen.filter(|chosen| !tax_id.is_written(chosen.as_str())).or_else(|| LoginName::parse(tax_id.as_str()).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ContractRegistration {
        ContractRegistration {
            customer_kind: "individual".into(),
            pesel: "440514 01359".into(),
            contract_number: " UM/2026/7 ".into(),
            phone: "600 700 800".into(),
            email: "jan@example.com".into(),
            terms: true,
            cookies: true,
            ..ContractRegistration::default()
        }
    }

    fn faults(form: &ContractRegistration) -> Vec<(String, Fault)> {
        let errors = form.validate(Country::Pl).unwrap_err();
        errors.iter().map(|error| (error.field.clone(), error.fault.clone())).collect()
    }

    fn fault(field: &str, fault: Fault) -> Vec<(String, Fault)> {
        vec![(field.to_owned(), fault)]
    }

    #[test]
    fn without_a_login_the_pesel_becomes_the_login() {
        let valid = form().validate(Country::Pl).unwrap();
        assert_eq!(valid.login.as_str(), "44051401359");
        assert!(valid.login_is_tax_id);
        assert_eq!(valid.tax_id.as_str(), "44051401359");
        assert_eq!(valid.contract_number.as_str(), "UM/2026/7");
        assert_eq!(valid.phone.as_e164(), "+48600700800");
        assert_eq!(valid.email.as_str(), "jan@example.com");
    }

    #[test]
    fn the_own_tax_number_is_the_login_however_it_is_written() {
        for login in ["8567346215", "856-734-62-15", "PL8567346215"] {
            let form = ContractRegistration {
                customer_kind: "business".into(),
                nip: "856 734 62 15".into(),
                login: login.into(),
                login_repeat: login.into(),
                ..form()
            };
            let valid = form.validate(Country::Pl).unwrap();
            assert_eq!((valid.login.as_str(), valid.login_is_tax_id), ("8567346215", true), "{login}");
        }
    }

    #[test]
    fn a_business_gives_its_nip_and_the_pesel_field_is_ignored() {
        let form = ContractRegistration {
            customer_kind: "business".into(),
            pesel: "nonsense".into(),
            nip: "856-734-62-15".into(),
            ..form()
        };
        let valid = form.validate(Country::Pl).unwrap();
        assert_eq!(valid.tax_id, TaxId::Nip(Nip::parse("8567346215").unwrap()));
        assert_eq!(valid.login.as_str(), "8567346215");
    }

    #[test]
    fn a_chosen_login_must_be_repeated_exactly() {
        let chosen = ContractRegistration { login: " Janek".into(), login_repeat: "Janek ".into(), ..form() };
        let valid = chosen.validate(Country::Pl).unwrap();
        assert_eq!((valid.login.as_str(), valid.login_is_tax_id), ("Janek", false));
        let pasted = ContractRegistration { login_repeat: "\u{200B}Ｊanek".into(), ..chosen };
        assert_eq!(pasted.validate(Country::Pl).unwrap().login.as_str(), "Janek");

        let without = ContractRegistration { login: "Janek".into(), ..form() };
        assert_eq!(faults(&without), fault("login_repeat", Fault::Required));
        let other = ContractRegistration { login_repeat: "janek".into(), ..without };
        assert_eq!(faults(&other), fault("login_repeat", Fault::Differs));
        let only_repeat = ContractRegistration { login_repeat: "Janek".into(), ..form() };
        assert_eq!(faults(&only_repeat), fault("login_repeat", Fault::Differs));
        let short = ContractRegistration { login: "ja".into(), login_repeat: "ja".into(), ..form() };
        assert_eq!(faults(&short), fault("login", Fault::TooShort(3)));
    }

    #[test]
    fn a_login_that_is_the_own_tax_number_counts_as_such() {
        let form = ContractRegistration { login: "44051401359".into(), login_repeat: "44051401359".into(), ..form() };
        assert!(form.validate(Country::Pl).unwrap().login_is_tax_id);
    }

    #[test]
    fn an_empty_form_names_every_required_field_in_order() {
        let expected: Vec<(String, Fault)> = [
            ("customer_kind", Fault::Required),
            ("contract_number", Fault::Required),
            ("phone", Fault::Required),
            ("email", Fault::Required),
            ("terms", Fault::NotAccepted),
            ("cookies", Fault::NotAccepted),
        ]
        .map(|(field, fault)| (field.to_owned(), fault))
        .into();
        assert_eq!(faults(&ContractRegistration::default()), expected);
    }

    #[test]
    fn only_the_tax_number_of_the_kind_is_required() {
        let individual = ContractRegistration { pesel: String::new(), ..form() };
        assert_eq!(faults(&individual), fault("pesel", Fault::Required));
        let business = ContractRegistration { customer_kind: "business".into(), ..form() };
        assert_eq!(faults(&business), fault("nip", Fault::Required));
        let unknown = ContractRegistration { customer_kind: "alien".into(), ..form() };
        assert_eq!(faults(&unknown), fault("customer_kind", Fault::Malformed));
    }

    #[test]
    fn a_wrong_tax_number_is_reported_once_and_not_as_a_wrong_login() {
        let form = ContractRegistration { pesel: "44051401358".into(), ..form() };
        assert_eq!(faults(&form), fault("pesel", Fault::CheckDigit));
    }

    #[test]
    fn both_boxes_must_be_ticked() {
        assert_eq!(faults(&ContractRegistration { terms: false, ..form() }), fault("terms", Fault::NotAccepted));
        assert_eq!(faults(&ContractRegistration { cookies: false, ..form() }), fault("cookies", Fault::NotAccepted));
    }

    #[test]
    fn does_not_print_what_was_typed() {
        let form = ContractRegistration { login: "Janek".into(), customer_kind: "44051401359".into(), ..form() };
        let printed = format!("{form:?}");
        for secret in ["44051401359", "440514", "UM/", "Janek", "600", "example"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        let valid = format!("{:?}", self::form().validate(Country::Pl).unwrap());
        for secret in ["44051401359", "600700800", "example"] {
            assert!(!valid.contains(secret), "{valid}");
        }
    }

    #[test]
    fn fields_that_the_browser_left_out_are_empty() {
        let form: ContractRegistration = serde_json::from_str(r#"{"customer_kind":"business"}"#).unwrap();
        assert_eq!(form, ContractRegistration { customer_kind: "business".into(), ..ContractRegistration::default() });
    }
}
