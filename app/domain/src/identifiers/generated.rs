//! Check digits over generated numbers: every valid one is accepted, and every single wrong digit is refused where the
//! algorithm promises it (a modulus that no difference of weighted digits reaches).

use super::*;
use crate::{Date, ParseError};
use proptest::prelude::*;

/// The only continuations of a body by one digit that a parser accepts.
fn accepted_endings<T>(body: &str, parse: fn(&str) -> Result<T, ParseError>) -> Vec<String> {
    (0..=9).map(|last| format!("{body}{last}")).filter(|text| parse(text).is_ok()).collect()
}

/// The text with the digit at a place raised by 1 to 9, around the end.
fn with_wrong_digit(text: &str, place: usize, raise: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[place] = b'0' + (bytes[place] - b'0' + raise) % 10;
    String::from_utf8(bytes).unwrap()
}

/// The body of a PESEL: a day between 1800 and 2299 in its own notation, and a serial number.
fn pesel_body(days: i32, serial: u16) -> String {
    let birth = Date::new(1800, 1, 1).unwrap().plus_days(days);
    let century = match birth.year() / 100 {
        18 => 80,
        19 => 0,
        20 => 20,
        21 => 40,
        _ => 60,
    };
    format!("{:02}{:02}{:02}{serial:04}", birth.year() % 100, birth.month() + century, birth.day())
}

proptest! {
    #[test]
    fn pesel_has_one_check_digit_and_notices_every_wrong_digit(
        days in 0..182_500_i32, serial in 0_u16..=9999, place in 0_usize..11, raise in 1_u8..=9,
    ) {
        let accepted = accepted_endings(&pesel_body(days, serial), Pesel::parse);
        prop_assert_eq!(accepted.len(), 1);
        prop_assert!(Pesel::parse(&with_wrong_digit(&accepted[0], place, raise)).is_err());
    }

    #[test]
    fn nip_has_at_most_one_check_digit_and_notices_every_wrong_digit(
        body in "[1-9][0-9]{8}", place in 0_usize..10, raise in 1_u8..=9,
    ) {
        let accepted = accepted_endings(&body, Nip::parse);
        prop_assert!(accepted.len() <= 1);
        if let Some(nip) = accepted.first() {
            prop_assert!(Nip::parse(&with_wrong_digit(nip, place, raise)).is_err());
            prop_assert_eq!(Nip::parse(&Nip::parse(nip).unwrap().display()), Nip::parse(nip));
        }
    }

    #[test]
    fn regon_has_one_check_digit(body in "[1-9][0-9]{7}") {
        prop_assert_eq!(accepted_endings(&body, Regon::parse).len(), 1);
    }

    #[test]
    fn rnokpp_has_one_check_digit(body in "[1-9][0-9]{8}") {
        prop_assert_eq!(accepted_endings(&body, Rnokpp::parse).len(), 1);
    }

    #[test]
    fn edrpou_has_one_check_digit(body in "[1-9][0-9]{6}") {
        prop_assert_eq!(accepted_endings(&body, Edrpou::parse).len(), 1);
    }

    #[test]
    fn ppe_has_one_check_digit_and_notices_every_wrong_digit(
        body in "590[0-9]{14}", place in 0_usize..18, raise in 1_u8..=9,
    ) {
        let accepted = accepted_endings(&body, Ppe::parse);
        prop_assert_eq!(accepted.len(), 1);
        prop_assert!(Ppe::parse(&with_wrong_digit(&accepted[0], place, raise)).is_err());
    }

    #[test]
    fn eic_notices_every_wrong_character(body in "[0-9A-Z-]{15}", place in 0_usize..16, wrong in "[0-9A-Z-]") {
        let accepted: Vec<String> = ('0'..='9').chain('A'..='Z').chain(['-'])
            .map(|check| format!("{body}{check}")).filter(|text| Eic::parse(text).is_ok()).collect();
        prop_assert!(accepted.len() <= 1);
        if let Some(eic) = accepted.first() {
            let mut changed = eic.clone();
            changed.replace_range(place..=place, &wrong);
            prop_assert_eq!(Eic::parse(&changed).is_ok(), &changed == eic);
        }
    }

    #[test]
    fn ukrainian_iban_has_one_check_number_and_notices_every_wrong_digit(
        account in "[0-9]{25}", place in 2_usize..29, raise in 1_u8..=9,
    ) {
        // 00, 01 and 99 repeat the remainders of 97, 98 and 02 and are never given out.
        let accepted: Vec<String> = (2..=98).map(|check| format!("UA{check:02}{account}"))
            .filter(|text| Iban::parse(text).is_ok()).collect();
        prop_assert_eq!(accepted.len(), 1);
        prop_assert!(Iban::parse(&with_wrong_digit(&accepted[0], place, raise)).is_err());
    }

    #[test]
    fn polish_iban_agrees_with_its_sort_code(sort_code in "[0-9]{7}", account in "[0-9]{16}") {
        let accepted: Vec<String> = (0..=9)
            .flat_map(|digit| (2..=98).map(move |check| (check, digit)))
            .map(|(check, digit)| format!("PL{check:02}{sort_code}{digit}{account}"))
            .filter(|text| Iban::parse(text).is_ok()).collect();
        prop_assert_eq!(accepted.len(), 1);
        prop_assert_eq!(Iban::parse(&accepted[0][2..]), Iban::parse(&accepted[0]));
    }

    #[test]
    fn no_parser_panics_on_any_text(text: String) {
        let _ = (Pesel::parse(&text), Nip::parse(&text), Iban::parse(&text), Eic::parse(&text), KsefNumber::parse(&text));
        let _ = (EmailAddress::parse(&text), LoginName::parse(&text), ContractNumber::parse(&text));
        let _ = (PostalCode::parse(&text), PersonalAccount::parse(&text), MobilePhone::parse(&text, crate::Country::Ua));
    }
}
