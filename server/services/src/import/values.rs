//! How the fields of import files are read, where the business's own types do not say it.

use std::str::FromStr;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use openbok_domain::plan::Power;
use openbok_domain::{
    Country, Date, Decimal, Eic, MobilePhone, ParseError, PersonalAccount, PostalCode, Ppe, parse_minor,
};

use super::report::Reason;

/// A hundred billion: no amount of a customer comes near, and sums of many stay within what the database adds up.
const MOST_MINOR: i64 = 10_000_000_000_000;
/// More lines than any invoice has.
const MOST_POSITION: i64 = 1_000_000;
/// Units that meters count in.
const UNITS: &[&str] = &["kWh", "m3", "GJ"];
/// More registers than any meter has.
const MOST_REGISTERS: usize = 4;

/// Text of at most `max` characters; several lines become one.
pub(super) fn words<const MAX: u16>(text: &str) -> Result<String, ParseError> {
    let text =
        text.split(['\r', '\n', '\t']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    if text.chars().any(char::is_control) {
        return Err(ParseError::Malformed);
    }
    if text.chars().count() > usize::from(MAX) {
        return Err(ParseError::TooLong { max: MAX });
    }
    Ok(text)
}

/// A number by which the CRM or billing knows a row, exactly as it is written.
pub(super) fn key(text: &str) -> Result<String, ParseError> {
    if text.chars().any(char::is_control) { Err(ParseError::Malformed) } else { words::<64>(text) }
}

/// The code of a generating unit, which names it in addresses and in plan files: without breaks, quotation marks and the
/// semicolons that separate columns.
pub(super) fn unit_code(text: &str) -> Result<String, ParseError> {
    let is_kept = |sign: char| !sign.is_control() && !matches!(sign, ';' | '"' | '\'');
    if text.chars().all(is_kept) { key(text) } else { Err(ParseError::Malformed) }
}

/// A supply point's number. Eighteen digits starting with 590 are a PPE, sixteen characters that begin as an EIC does are
/// one, and both must be right; everything else is the operator's own affair.
pub(super) fn supply_point(text: &str) -> Result<String, ParseError> {
    let digits: String = text.chars().filter(|character| !matches!(character, ' ' | '\u{a0}')).collect();
    let is_ppe = digits.len() == 18 && digits.starts_with("590") && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_ppe {
        Ppe::parse(&digits).map(String::from)
    } else if Eic::is_like(text) {
        Eic::parse(text).map(String::from)
    } else {
        key(text)
    }
}

/// A personal account, digits only.
pub(super) fn personal_account(text: &str) -> Result<String, ParseError> {
    PersonalAccount::parse(text).map(|account| account.as_str().replace('-', ""))
}

/// What was read, or a reason that names the form in which the field is written.
fn formed<T>(read: Result<T, ParseError>, form: Reason) -> Result<T, Reason> {
    read.map_err(|error| if error == ParseError::Malformed { form } else { error.into() })
}

/// One of some words.
pub(super) fn one_of<T: FromStr<Err = ParseError>>(
    words: &'static [&'static str],
) -> impl FnOnce(&str) -> Result<T, Reason> {
    move |text: &str| formed(text.parse(), Reason::NotOneOf(words))
}

/// A day.
pub(super) fn date(text: &str) -> Result<Date, Reason> {
    formed(text.parse(), Reason::NotADate)
}

/// Megawatts.
pub(super) fn power(text: &str) -> Result<Power, Reason> {
    formed(text.parse(), Reason::NotANumber)
}

/// An amount in minor units; zeros behind the second decimal say nothing.
pub(super) fn money(text: &str) -> Result<i64, Reason> {
    let mut amount: Decimal = formed(text.parse(), Reason::NotANumber)?;
    while amount.scale > 2 && amount.units % 10 == 0 {
        amount = Decimal { units: amount.units / 10, scale: amount.scale - 1 };
    }
    if amount.scale > 2 {
        return Err(Reason::TooFine { decimals: 2 });
    }
    let minor = parse_minor(&amount.to_string())?;
    if minor.unsigned_abs() > MOST_MINOR.unsigned_abs() { Err(Reason::OutOfRange) } else { Ok(minor) }
}

/// A decimal number as it is written.
pub(super) fn decimal(text: &str) -> Result<String, Reason> {
    formed(text.parse::<Decimal>().map(String::from), Reason::NotANumber)
}

/// The place of a line on its invoice, wherever billing begins to count.
pub(super) fn position(text: &str) -> Result<i64, ParseError> {
    let position: i64 = text.parse().map_err(|_| ParseError::Malformed)?;
    if (0..=MOST_POSITION).contains(&position) { Ok(position) } else { Err(ParseError::OutOfRange) }
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

/// A country: the ISO 3166 code of those that the portal knows, however they are written, and any other as it is written.
pub(super) fn country(text: &str) -> Result<String, ParseError> {
    let known = match text.to_lowercase().as_str() {
        "pl" | "pol" | "polska" | "poland" | "польща" | "616" => Some(Country::Pl),
        "ua" | "ukr" | "ukraina" | "ukraine" | "україна" | "804" => Some(Country::Ua),
        _ => None,
    };
    known.map_or_else(|| words::<60>(text), |known| Ok(known.as_str().to_owned()))
}

/// A postal code in the form of its country; of a country the portal does not know, any.
pub(super) fn postal_code(text: &str, country: Option<Country>) -> Result<String, ParseError> {
    let Some(country) = country else { return words::<16>(text) };
    let code = PostalCode::parse(text)?;
    if code.country() == country { Ok(code.into()) } else { Err(ParseError::Malformed) }
}

/// The registers of a meter, `T1` or `T1;T2` and so on.
pub(super) fn registers(text: &str) -> Result<String, ParseError> {
    let is_counted = text.split(';').zip(1..).all(|(register, number)| register == format!("T{number}"));
    let count = text.split(';').count();
    if is_counted && count <= MOST_REGISTERS { Ok(text.to_owned()) } else { Err(ParseError::Malformed) }
}

/// The unit of a meter.
pub(super) fn unit(text: &str) -> Result<String, Reason> {
    if UNITS.contains(&text) { Ok(text.to_owned()) } else { Err(Reason::NotOneOf(UNITS)) }
}

/// A SHA-256 hash in hex or base64, as it is written.
pub(super) fn sha256(text: &str) -> Result<String, ParseError> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let is_base64 = |alphabet| GeneralPurpose::new(alphabet, config).decode(text).is_ok_and(|hash| hash.len() == 32);
    if is_hex || is_base64(&STANDARD) || is_base64(&URL_SAFE) {
        Ok(text.to_owned())
    } else {
        Err(ParseError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use openbok_domain::Commodity;

    use super::*;

    #[test]
    fn checks_the_digit_of_a_ppe_and_leaves_other_numbers_alone() {
        assert_eq!(supply_point("590 543500000000018").as_deref(), Ok("590543500000000018"));
        for wrong in ["590543500000000019", "10YPL-AREA-----T"] {
            assert_eq!(supply_point(wrong), Err(ParseError::CheckDigit), "{wrong}");
        }
        for own in ["ТП-5001", "GAZ1000000011", "10YPL-AREA-----S", "123456789012345678", "1234567890123456"] {
            assert_eq!(supply_point(own).as_deref(), Ok(own));
        }
    }

    #[test]
    fn takes_codes_of_units_that_fit_into_addresses_and_plan_files() {
        for code in ["MWE-001", "ТЕЦ-5", "EW/12_a", "EW 3"] {
            assert_eq!(unit_code(code).as_deref(), Ok(code));
        }
        for bad in ["A;B", "A\"B", "A'B", "A\tB", "A\0"] {
            assert_eq!(unit_code(bad), Err(ParseError::Malformed), "{bad:?}");
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
        assert_eq!(money("100000000000.01"), Err(Reason::OutOfRange));
        assert_eq!(money("12,50"), Err(Reason::NotANumber));
        assert_eq!(money("12.5000"), Ok(1_250));
        assert_eq!(money("12.505"), Err(Reason::TooFine { decimals: 2 }));
    }

    #[test]
    fn says_in_which_form_a_field_is_written() {
        assert_eq!(date("31.01.2026"), Err(Reason::NotADate));
        assert_eq!(date("2026-02-30"), Err(Reason::NoSuchDate));
        assert_eq!(power("12,5"), Err(Reason::NotANumber));
        assert_eq!(power("0.0001"), Err(Reason::TooFine { decimals: 3 }));
        assert_eq!(decimal("1e3"), Err(Reason::NotANumber));
        assert_eq!(unit("MWh"), Err(Reason::NotOneOf(&["kWh", "m3", "GJ"])));
        assert_eq!(
            one_of::<Commodity>(Commodity::WORDS)("water"),
            Err(Reason::NotOneOf(&["electricity", "gas", "heat"]))
        );
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
    fn takes_hashes_in_hex_and_every_kind_of_base64() {
        use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
        let hash = [0xfb_u8; 32];
        for text in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .map(|kind| kind.encode(hash))
            .into_iter()
            .chain(["fb".repeat(32)])
        {
            assert_eq!(sha256(&text), Ok(text.clone()));
        }
        for bad in ["fb", "FBFB=", "x"] {
            assert_eq!(sha256(bad), Err(ParseError::Malformed));
        }
    }

    #[test]
    fn refuses_characters_that_databases_cannot_keep() {
        for bad in ["A\0", "A\n1"] {
            assert_eq!(key(bad), Err(ParseError::Malformed));
        }
        assert_eq!(words::<9>("a\r\n\tb").as_deref(), Ok("a b"));
        assert_eq!(words::<5>("Zażółć"), Err(ParseError::TooLong { max: 5 }));
        assert_eq!(words::<6>("Zażółć").as_deref(), Ok("Zażółć"));
    }

    #[test]
    fn checks_postal_codes_of_the_countries_it_knows() {
        assert_eq!(postal_code("00–950", Some(Country::Pl)).as_deref(), Ok("00-950"));
        assert_eq!(postal_code("36000", Some(Country::Ua)).as_deref(), Ok("36000"));
        for (code, country) in [("36000", Country::Pl), ("00-950", Country::Ua), ("EC1A 1BB", Country::Pl)] {
            assert_eq!(postal_code(code, Some(country)), Err(ParseError::Malformed), "{code}");
        }
        assert!(postal_code("EC1A 1BB", None).is_ok());
    }

    #[test]
    fn knows_its_two_countries_however_they_are_written() {
        for text in ["PL", "pl", "POL", "Polska", "POLSKA", "Poland"] {
            assert_eq!(country(text).as_deref(), Ok("PL"), "{text}");
        }
        for text in ["UA", "UKR", "Україна", "УКРАЇНА", "Ukraina", "Ukraine"] {
            assert_eq!(country(text).as_deref(), Ok("UA"), "{text}");
        }
        assert_eq!(country("Deutschland").as_deref(), Ok("Deutschland"));
    }
}
