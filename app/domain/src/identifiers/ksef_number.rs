//! The number that `KSeF`, Poland's national system of invoices, gives to an invoice.

use super::text::without_blanks;
use crate::{Date, ParseError};

identifier! {
    /// Thirty-five characters: the seller's NIP, the day of receipt, twelve and two hexadecimal digits.
    public KsefNumber by parse
}

const LENGTH: usize = 35;

impl KsefNumber {
    /// Reads `NIP-YYYYMMDD-XXXXXXXXXXXX-XX`. The last two digits are the CRC-8 of the first 32 characters, hyphens
    /// included (Ministry of Finance, `KSeF` documentation of the number's structure).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = without_blanks(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        if !text.is_ascii() {
            return Err(ParseError::Malformed);
        }
        match text.len() {
            n if n < LENGTH => return Err(ParseError::TooShort { min: 35 }),
            n if n > LENGTH => return Err(ParseError::TooLong { max: 35 }),
            _ => {}
        }
        let parts: Vec<&str> = text.split('-').collect();
        let [seller, received, technical, check] = parts[..] else {
            return Err(ParseError::Malformed);
        };
        let is_well_formed = [seller.len(), received.len(), technical.len(), check.len()] == [10, 8, 12, 2]
            && [seller, received].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
            && [technical, check].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if !is_well_formed {
            return Err(ParseError::Malformed);
        }
        let _: Date = format!("{}-{}-{}", &received[..4], &received[4..6], &received[6..]).parse()?;
        if u8::from_str_radix(check, 16) != Ok(crc_8(&text.as_bytes()[..32])) {
            return Err(ParseError::CheckDigit);
        }
        Ok(Self(text))
    }

    /// As people write it: the thirty-five characters.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

/// CRC-8 with polynomial 0x07, starting at 0, without reflection or final change.
fn crc_8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { (crc << 1) ^ 0x07 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VALID: &str = "5265877635-20250826-0100001AF629-AF";

    #[test]
    fn accepts_a_published_number() {
        assert_eq!(KsefNumber::parse(VALID).unwrap().as_str(), VALID);
        assert_eq!(KsefNumber::parse(&format!(" {} ", VALID.to_lowercase())).unwrap().as_str(), VALID);
    }

    #[test]
    fn rejects_a_wrong_check_value() {
        assert_eq!(KsefNumber::parse("3010912976-20260111-02004011DD86-F1"), Err(ParseError::CheckDigit));
    }

    #[test]
    fn rejects_a_day_that_does_not_exist_and_a_wrong_shape() {
        assert_eq!(KsefNumber::parse("5265877635-20250231-0100001AF629-AF"), Err(ParseError::NoSuchDate));
        assert_eq!(KsefNumber::parse("5265877635-20250826-0100001AF629-A"), Err(ParseError::TooShort { min: 35 }));
        assert_eq!(KsefNumber::parse("526587763-520250826-0100001AF629-AF"), Err(ParseError::Malformed));
        assert_eq!(KsefNumber::parse("5265877635-20250826-0100001AG629-AF"), Err(ParseError::Malformed));
        assert_eq!(KsefNumber::parse("5265877635-20250826-0100001AF62-9-A"), Err(ParseError::Malformed));
    }

    proptest! {
        #[test]
        fn rejects_every_single_wrong_character(place in 0_usize..35, character in "[0-9A-F]") {
            let mut text = VALID.to_owned();
            text.replace_range(place..=place, &character);
            prop_assert_eq!(KsefNumber::parse(&text).is_ok(), text == VALID);
        }
    }
}
