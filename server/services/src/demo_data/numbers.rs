//! Numbers that look real and belong to nobody: a random body and the ending that the business's own parsers accept.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openbok_domain::{Date, Edrpou, Eic, Iban, KsefNumber, Nip, ParseError, PersonalAccount, Pesel, Ppe, Rnokpp};

use crate::Entropy;

/// A repeatable source of invented values.
pub(super) struct Dice(Entropy);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Entropy::seeded(seed))
    }

    /// A number below the limit.
    pub fn below(&self, limit: u64) -> u64 {
        u64::from_le_bytes(self.0.bytes()) % limit
    }

    /// One of them.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        let place = self.below(from.len() as u64);
        &from[usize::try_from(place).expect("a place in a list")]
    }

    /// So many digits, the first not a zero.
    fn digits(&self, count: u32) -> String {
        let least = 10_u64.pow(count - 1);
        (least + self.below(9 * least)).to_string()
    }

    /// The number of a person born between 1945 and 2004, odd in its last place but one for men.
    pub fn pesel(&self, is_man: bool) -> String {
        let first = Date::new(1945, 1, 1).expect("a day");
        let birth = first.plus_days(i32::try_from(self.below(21_900)).expect("sixty years of days"));
        let month = birth.month() + if birth.year() >= 2000 { 20 } else { 0 };
        let serial = self.below(500) * 2 + u64::from(is_man);
        let body = format!("{:02}{month:02}{:02}{:04}", birth.year() % 100, birth.day(), serial);
        ending(&body, Pesel::parse).expect("every body has a check digit")
    }

    pub fn nip(&self) -> String {
        self.number(9, Nip::parse)
    }

    pub fn rnokpp(&self) -> String {
        self.number(9, Rnokpp::parse)
    }

    pub fn edrpou(&self) -> String {
        self.number(7, Edrpou::parse)
    }

    /// A random number with its check digit; some bodies have none.
    fn number<T>(&self, digits: u32, parse: fn(&str) -> Result<T, ParseError>) -> String {
        std::iter::repeat_with(|| self.digits(digits))
            .find_map(|body| ending(&body, parse))
            .expect("most bodies have a check digit")
    }

    pub fn personal_account(&self) -> String {
        PersonalAccount::parse(&self.digits(7)).map(String::from).expect("seven digits")
    }

    /// The number of an invoice in the national system, given on its day of issue.
    pub fn ksef(&self, seller_nip: &str, issued_on: Date) -> String {
        let (year, month, day) = (issued_on.year(), issued_on.month(), issued_on.day());
        let technical = self.below(1 << 48);
        let body = format!("{seller_nip}-{year:04}{month:02}{day:02}-{technical:012X}");
        let numbers = (0..=u8::MAX).map(|check| format!("{body}-{check:02X}"));
        numbers.into_iter().find(|number| KsefNumber::parse(number).is_ok()).expect("every body has a check value")
    }

    pub fn sha256(&self) -> String {
        STANDARD.encode(self.0.bytes::<32>())
    }
}

/// The number with its check digit or letter.
pub(super) fn ending<T>(body: &str, parse: fn(&str) -> Result<T, ParseError>) -> Option<String> {
    ('0'..='9').chain('A'..='Z').map(|last| format!("{body}{last}")).find(|number| parse(number).is_ok())
}

/// A supply point of the invented network operator.
pub(super) fn ppe(serial: u64) -> String {
    ending(&format!("5905431{serial:010}"), Ppe::parse).expect("every body has a check digit")
}

/// The market's code of a generating unit; some bodies would end in a hyphen, which is no check character.
pub(super) fn eic(serial: u64) -> String {
    let code = ('A'..='Z').find_map(|letter| ending(&format!("19W{letter}--MWE{serial:06}"), Eic::parse));
    code.expect("most bodies have a check character")
}

/// A Polish account at an invented branch.
pub(super) fn iban_pl(serial: u64) -> String {
    iban("PL", &format!("10901014{serial:016}"))
}

/// A Ukrainian account at an invented branch.
pub(super) fn iban_ua(serial: u64) -> String {
    iban("UA", &format!("305299{serial:019}"))
}

fn iban(country: &str, account: &str) -> String {
    let mut numbers = (2..=98).map(|check| format!("{country}{check:02}{account}"));
    numbers.find(|number| Iban::parse(number).is_ok()).expect("every account has a check number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed| {
            let dice = Dice::new(seed);
            (dice.pesel(true), dice.nip(), dice.rnokpp(), dice.edrpou(), dice.personal_account(), dice.sha256())
        };
        assert_eq!(numbers(5), numbers(5));
        assert_ne!(numbers(5), numbers(6));
    }

    #[test]
    fn every_number_is_well_formed() {
        let dice = Dice::new(1);
        let day = Date::new(2026, 11, 20).unwrap();
        for serial in 0..200 {
            assert!(Pesel::parse(&dice.pesel(serial % 2 == 0)).is_ok());
            assert!(Nip::parse(&dice.nip()).is_ok());
            assert!(Rnokpp::parse(&dice.rnokpp()).is_ok());
            assert!(Edrpou::parse(&dice.edrpou()).is_ok());
            assert!(Ppe::parse(&ppe(serial)).is_ok());
            assert!(Iban::parse(&iban_pl(serial)).is_ok());
            assert!(Iban::parse(&iban_ua(serial)).is_ok());
            assert!(KsefNumber::parse(&dice.ksef("5265877635", day)).is_ok());
        }
    }
}
