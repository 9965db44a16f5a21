//! Mobile telephone numbers of Poland and Ukraine.

use super::text::compact;
use crate::{Country, ParseError};

identifier! {
    /// A mobile number that can receive an SMS, in E.164 form.
    personal MobilePhone by from_e164
}

/// How long a national number is in both countries, without a leading zero.
const NATIONAL_DIGITS: u16 = 9;

impl MobilePhone {
    /// Reads a number as people write it. A prefix with `+` or `00` names the country; otherwise it is a number of the
    /// given country, with or without the country's own prefix (and in Ukraine the leading zero). Only ranges of the
    /// national numbering plans that are given to mobile networks are accepted.
    pub fn parse(text: &str, country: Country) -> Result<Self, ParseError> {
        let text: String = compact(text).chars().filter(|c| !matches!(c, '(' | ')' | '.' | '/')).collect();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        match text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
            Some(international) => Self::international(international),
            None => Self::national(&text, country),
        }
    }

    /// Reads the canonical form, `+48600700800`.
    pub fn from_e164(text: &str) -> Result<Self, ParseError> {
        match text.strip_prefix('+') {
            Some(international) => Self::international(international),
            None if text.is_empty() => Err(ParseError::Empty),
            None => Err(ParseError::Malformed),
        }
    }

    fn international(digits: &str) -> Result<Self, ParseError> {
        let country = Country::ALL.iter().find(|country| digits.starts_with(prefix(**country)));
        Self::national(digits, *country.ok_or(ParseError::Malformed)?)
    }

    fn national(digits: &str, country: Country) -> Result<Self, ParseError> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseError::Malformed);
        }
        // A full national number never has the length of one with a prefix, so cutting a prefix is not ambiguous.
        let expected = usize::from(NATIONAL_DIGITS);
        let number = digits.strip_prefix(prefix(country)).filter(|rest| rest.len() >= expected).unwrap_or(digits);
        let number = match country {
            Country::Pl => number,
            Country::Ua => number.strip_prefix('0').unwrap_or(number),
        };
        if number.len() != expected {
            return Err(ParseError::WrongLength { digits: written_digits(country) });
        }
        if !is_mobile(number, country) {
            return Err(ParseError::Malformed);
        }
        Ok(Self(format!("+{}{number}", prefix(country))))
    }

    /// The number in E.164 form: `+48600700800`.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// As people write it: `+48 600 700 800`, `+380 67 123 45 67`.
    pub fn display(&self) -> String {
        match self.0.strip_prefix("+48") {
            Some(number) => format!("+48 {} {} {}", &number[..3], &number[3..6], &number[6..]),
            None => {
                format!("{} {} {} {} {}", &self.0[..4], &self.0[4..6], &self.0[6..9], &self.0[9..11], &self.0[11..])
            }
        }
    }
}

/// The country's calling code.
fn prefix(country: Country) -> &'static str {
    match country {
        Country::Pl => "48",
        Country::Ua => "380",
    }
}

/// How many digits people write within the country: in Ukraine the leading zero is one of them.
const fn written_digits(country: Country) -> u16 {
    match country {
        Country::Pl => NATIONAL_DIGITS,
        Country::Ua => NATIONAL_DIGITS + 1,
    }
}

/// Whether nine digits lie in a range of the country's mobile networks.
fn is_mobile(number: &str, country: Country) -> bool {
    let leading = |count: usize| number[..count].parse::<u16>().unwrap_or_default();
    match country {
        Country::Pl => {
            matches!(leading(2), 45 | 50 | 51 | 53 | 57 | 60 | 66 | 69 | 72 | 73 | 78 | 79 | 88)
                || matches!(leading(4), 2110 | 2111 | 2113..=2115 | 2120..=2129)
        }
        Country::Ua => matches!(leading(2), 39 | 50 | 63 | 66..=68 | 71..=73 | 91..=99),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn e164(text: &str, country: Country) -> Result<String, ParseError> {
        MobilePhone::parse(text, country).map(|phone| phone.as_e164().to_owned())
    }

    #[test]
    fn reads_polish_numbers_in_any_usual_form() {
        for text in ["600700800", "600 700 800", "600-700-800", "+48 600 700 800", "0048600700800", "48600700800"] {
            assert_eq!(e164(text, Country::Pl).as_deref(), Ok("+48600700800"), "{text}");
        }
        for text in ["６００７００８００", "＋４８　６００－７００－８００", "\u{202D}600 700 800\u{202C}"]
        {
            assert_eq!(e164(text, Country::Pl).as_deref(), Ok("+48600700800"), "{text:?}");
        }
    }

    #[test]
    fn reads_ukrainian_numbers_in_any_usual_form() {
        for text in ["0671234567", "671234567", "(067) 123-45-67", "+380 67 123 45 67", "380671234567"] {
            assert_eq!(e164(text, Country::Ua).as_deref(), Ok("+380671234567"), "{text}");
        }
    }

    #[test]
    fn a_written_prefix_names_the_country() {
        assert_eq!(e164("+380671234567", Country::Pl).as_deref(), Ok("+380671234567"));
        assert_eq!(e164("+48600700800", Country::Ua).as_deref(), Ok("+48600700800"));
        assert_eq!(e164("+49 1512 3456789", Country::Pl), Err(ParseError::Malformed));
    }

    #[test]
    fn accepts_the_mobile_ranges_only() {
        for text in ["450000000", "500000000", "537000000", "570000000", "884000000"] {
            assert!(e164(text, Country::Pl).is_ok(), "{text}");
        }
        for text in ["221234567", "520000000", "540000000", "700000000", "801000000"] {
            assert_eq!(e164(text, Country::Pl), Err(ParseError::Malformed), "{text}");
        }
        for text in ["0391234567", "0501234567", "0631234567", "0731234567", "0911234567"] {
            assert!(e164(text, Country::Ua).is_ok(), "{text}");
        }
        for text in ["0441234567", "0641234567", "0901234567", "0801234567"] {
            assert_eq!(e164(text, Country::Ua), Err(ParseError::Malformed), "{text}");
        }
    }

    #[test]
    fn accepts_each_small_range_of_polish_mobile_networks_and_nothing_between_them() {
        for area in 2100..2140 {
            let is_mobile = matches!(area, 2110 | 2111 | 2113 | 2114 | 2115 | 2120..=2129);
            assert_eq!(e164(&format!("{area}00000"), Country::Pl).is_ok(), is_mobile, "{area}");
        }
    }

    #[test]
    fn names_what_is_wrong_with_the_shape() {
        assert_eq!(e164(" ", Country::Pl), Err(ParseError::Empty));
        assert_eq!(e164("60070080", Country::Pl), Err(ParseError::WrongLength { digits: 9 }));
        assert_eq!(e164("6007008001", Country::Pl), Err(ParseError::WrongLength { digits: 9 }));
        assert_eq!(e164("067123456", Country::Ua), Err(ParseError::WrongLength { digits: 10 }), "with the zero");
        assert_eq!(e164("600 700 8oo", Country::Pl), Err(ParseError::Malformed));
        assert_eq!(e164("+", Country::Pl), Err(ParseError::Malformed));
        assert_eq!(e164("+48", Country::Pl), Err(ParseError::WrongLength { digits: 9 }));
    }

    #[test]
    fn shows_groups_and_does_not_print_itself() {
        let polish = MobilePhone::parse("600700800", Country::Pl).unwrap();
        assert_eq!(polish.display(), "+48 600 700 800");
        assert_eq!(format!("{polish:?}"), "MobilePhone(•••)");
        let ukrainian = MobilePhone::parse("0671234567", Country::Ua).unwrap();
        assert_eq!(ukrainian.display(), "+380 67 123 45 67");
    }

    #[test]
    fn travels_in_its_canonical_form() {
        let phone = MobilePhone::parse("600700800", Country::Pl).unwrap();
        let wire = serde_json::to_string(&phone).unwrap();
        assert_eq!(wire, "\"+48600700800\"");
        assert_eq!(serde_json::from_str::<MobilePhone>(&wire).unwrap(), phone);
        assert!(serde_json::from_str::<MobilePhone>("\"600700800\"").is_err());
    }
}
