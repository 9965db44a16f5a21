//! How the fields of import files are read, where the business's own types do not say it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openbok_domain::{
    ContractNumber, Country, Decimal, MobilePhone, ParseError, PersonalAccount, PostalCode, Ppe, parse_minor,
};

/// A hundred billion: no amount of a customer comes near, and sums of many stay within what the database adds up.
const MOST_MINOR: i64 = 10_000_000_000_000;
/// More lines than any invoice has.
const MOST_POSITION: i64 = 1_000_000;
/// Units that meters count in.
const UNITS: [&str; 3] = ["kWh", "m3", "GJ"];
/// More registers than any meter has.
const MOST_REGISTERS: usize = 4;

/// Text in one line of at most `max` characters.
pub(super) fn words<const MAX: u16>(text: &str) -> Result<String, ParseError> {
    if text.chars().any(char::is_control) {
        return Err(ParseError::Malformed);
    }
    if text.chars().count() > usize::from(MAX) {
        return Err(ParseError::TooLong { max: MAX });
    }
    Ok(text.to_owned())
}

/// A number by which the CRM or billing knows a row.
pub(super) fn key(text: &str) -> Result<String, ParseError> {
    words::<64>(text)
}

/// A contract number in the form that registration looks for.
pub(super) fn contract_number(text: &str) -> Result<String, ParseError> {
    ContractNumber::parse(text).map(|number| number.normalized())
}

/// A supply point's number. Eighteen digits starting with 590 are a PPE and must be a right one; everything else is the
/// operator's own affair.
pub(super) fn supply_point(text: &str) -> Result<String, ParseError> {
    let digits: String = text.chars().filter(|character| !matches!(character, ' ' | '\u{a0}')).collect();
    let is_ppe = digits.len() == 18 && digits.starts_with("590") && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_ppe { Ppe::parse(&digits).map(String::from) } else { key(text) }
}

/// A personal account, digits only.
pub(super) fn personal_account(text: &str) -> Result<String, ParseError> {
    PersonalAccount::parse(text).map(|account| account.as_str().replace('-', ""))
}

/// An amount in minor units.
pub(super) fn money(text: &str) -> Result<i64, ParseError> {
    let minor = parse_minor(text)?;
    if minor.unsigned_abs() > MOST_MINOR.unsigned_abs() { Err(ParseError::OutOfRange) } else { Ok(minor) }
}

/// A decimal number as it is written.
pub(super) fn decimal(text: &str) -> Result<String, ParseError> {
    text.parse::<Decimal>().map(String::from)
}

/// The place of a line on its invoice, from one.
pub(super) fn position(text: &str) -> Result<i64, ParseError> {
    let position: i64 = text.parse().map_err(|_| ParseError::Malformed)?;
    if (1..=MOST_POSITION).contains(&position) { Ok(position) } else { Err(ParseError::OutOfRange) }
}

/// A telephone number: a mobile one in its international form, any other as the CRM writes it.
pub(super) fn phone(text: &str, country: Country) -> Result<String, ParseError> {
    if let Ok(mobile) = MobilePhone::parse(text, country) {
        return Ok(mobile.as_e164().to_owned());
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_number = text.chars().all(|sign| sign.is_ascii_digit() || " +-/().".contains(sign));
    if is_number && (6..=15).contains(&digits) { words::<32>(text) } else { Err(ParseError::Malformed) }
}

/// The ISO 3166 code of a country.
pub(super) fn country(text: &str) -> Result<String, ParseError> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_code { Ok(text.to_ascii_uppercase()) } else { Err(ParseError::Malformed) }
}

/// A postal code; in countries whose form is known it must have that form.
pub(super) fn postal_code(text: &str, country: Option<&str>) -> Result<String, ParseError> {
    match country {
        None | Some("PL" | "UA") => PostalCode::parse(text).map(String::from),
        Some(_) => words::<16>(text),
    }
}

/// The registers of a meter, `T1` or `T1;T2` and so on.
pub(super) fn registers(text: &str) -> Result<String, ParseError> {
    let is_counted = text.split(';').zip(1..).all(|(register, number)| register == format!("T{number}"));
    let count = text.split(';').count();
    if is_counted && count <= MOST_REGISTERS { Ok(text.to_owned()) } else { Err(ParseError::Malformed) }
}

/// The unit of a meter.
pub(super) fn unit(text: &str) -> Result<String, ParseError> {
    if UNITS.contains(&text) { Ok(text.to_owned()) } else { Err(ParseError::Malformed) }
}

/// A SHA-256 hash in hex or base64, as it is written.
pub(super) fn sha256(text: &str) -> Result<String, ParseError> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_base64 = |engine: &base64::engine::GeneralPurpose| engine.decode(text).is_ok_and(|hash| hash.len() == 32);
    if is_hex || is_base64(&STANDARD) || is_base64(&URL_SAFE_NO_PAD) {
        Ok(text.to_owned())
    } else {
        Err(ParseError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_the_digit_of_a_ppe_and_leaves_other_numbers_alone() {
        assert_eq!(supply_point("590 543500000000018").as_deref(), Ok("590543500000000018"));
        assert_eq!(supply_point("590543500000000019"), Err(ParseError::CheckDigit));
        for own in ["ТП-5001", "GAZ1000000011", "10YPL-AREA-----S", "123456789012345678"] {
            assert_eq!(supply_point(own).as_deref(), Ok(own));
        }
    }

    #[test]
    fn keeps_landline_numbers_and_refuses_what_is_no_number() {
        assert_eq!(phone("600 700 800", Country::Pl).as_deref(), Ok("+48600700800"));
        assert_eq!(phone("22 555 01 00", Country::Pl).as_deref(), Ok("22 555 01 00"));
        for bad in ["call me", "12345", "1234567890123456", "600700800x"] {
            assert_eq!(phone(bad, Country::Pl), Err(ParseError::Malformed), "{bad}");
        }
    }

    #[test]
    fn refuses_amounts_whose_sums_would_not_fit() {
        assert_eq!(money("-100000000000.00"), Ok(-MOST_MINOR));
        assert_eq!(money("100000000000.01"), Err(ParseError::OutOfRange));
        assert_eq!(money("12,50"), Err(ParseError::Malformed));
    }

    #[test]
    fn takes_registers_counted_from_one() {
        assert_eq!(registers("T1").as_deref(), Ok("T1"));
        assert_eq!(registers("T1;T2").as_deref(), Ok("T1;T2"));
        for bad in ["T2", "T1;", "T1,T2", "T2;T1", "T1;T2;T3;T4;T5"] {
            assert_eq!(registers(bad), Err(ParseError::Malformed), "{bad}");
        }
    }

    #[test]
    fn takes_hashes_in_hex_and_both_kinds_of_base64() {
        let hash = [0xfb_u8; 32];
        for text in ["fb".repeat(32), STANDARD.encode(hash), URL_SAFE_NO_PAD.encode(hash)] {
            assert_eq!(sha256(&text), Ok(text.clone()));
        }
        for bad in ["fb", "FBFB=", "x"] {
            assert_eq!(sha256(bad), Err(ParseError::Malformed));
        }
    }

    #[test]
    fn refuses_characters_that_databases_cannot_keep() {
        assert_eq!(key("A\0"), Err(ParseError::Malformed));
        assert_eq!(words::<5>("Zażółć"), Err(ParseError::TooLong { max: 5 }));
        assert_eq!(words::<6>("Zażółć").as_deref(), Ok("Zażółć"));
    }

    #[test]
    fn checks_postal_codes_of_the_countries_it_knows() {
        assert!(postal_code("00-950", None).is_ok());
        assert!(postal_code("EC1A 1BB", Some("PL")).is_err());
        assert!(postal_code("EC1A 1BB", Some("GB")).is_ok());
    }
}
