//! Texts of a profile that have a form of their own.

use crate::{Lang, ParseError, date::digits};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// The short name of an operator: 1 to 32 lower-case letters, digits and inner hyphens, starting with a letter, so that it
/// can be a label of a host name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperatorSlug(String);

impl OperatorSlug {
    /// The slug as it stands in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const LONGEST_SLUG: u16 = 32;

impl FromStr for OperatorSlug {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        if text.len() > usize::from(LONGEST_SLUG) {
            return Err(ParseError::TooLong { max: LONGEST_SLUG });
        }
        let is_well_formed = text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_well_formed { Ok(Self(text.to_owned())) } else { Err(ParseError::Malformed) }
    }
}

impl TryFrom<String> for OperatorSlug {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<OperatorSlug> for String {
    fn from(slug: OperatorSlug) -> Self {
        slug.0
    }
}

impl fmt::Display for OperatorSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text in several languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalText(BTreeMap<Lang, String>);

impl LocalText {
    /// The text in a language. A valid profile has it in each of the operator's languages; for another language it is the
    /// first there is.
    pub fn get(&self, lang: Lang) -> &str {
        self.0.get(&lang).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Whether the text is there in a language and is not blank.
    pub(super) fn has(&self, lang: Lang) -> bool {
        self.0.get(&lang).is_some_and(|text| !text.trim().is_empty())
    }
}

/// A time of the day to the minute, written `10:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime {
    hour: u8,
    minute: u8,
}

impl ClockTime {
    /// The hour, 0 to 23.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub const fn minute(self) -> u8 {
        self.minute
    }
}

impl FromStr for ClockTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let (hour, minute) = text.split_once(':').ok_or(ParseError::Malformed)?;
        let time = Self { hour: digits(hour, 2)?, minute: digits(minute, 2)? };
        if time.hour < 24 && time.minute < 60 { Ok(time) } else { Err(ParseError::OutOfRange) }
    }
}

impl TryFrom<String> for ClockTime {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_can_be_a_label_of_a_host_name() {
        for text in ["mojbok", "a", "pgb-2", "x".repeat(32).as_str()] {
            assert_eq!(text.parse::<OperatorSlug>().unwrap().as_str(), text);
        }
        assert_eq!("".parse::<OperatorSlug>(), Err(ParseError::Empty));
        assert_eq!("x".repeat(33).parse::<OperatorSlug>(), Err(ParseError::TooLong { max: 32 }));
        for text in ["Mojbok", "2pgb", "-a", "a-", "a_b", "a.b", "żar", "a b"] {
            assert_eq!(text.parse::<OperatorSlug>(), Err(ParseError::Malformed), "{text}");
        }
    }

    #[test]
    fn a_text_falls_back_to_the_first_language_it_has() {
        let text = LocalText(BTreeMap::from([(Lang::Uk, "Вітаємо".to_owned()), (Lang::En, "Welcome".to_owned())]));
        assert_eq!(text.get(Lang::En), "Welcome");
        assert_eq!(text.get(Lang::Pl), "Вітаємо");
        assert_eq!(LocalText::default().get(Lang::Pl), "");
    }

    #[test]
    fn a_clock_time_has_two_digits_each() {
        let time: ClockTime = "09:05".parse().unwrap();
        assert_eq!((time.hour(), time.minute(), time.to_string()), (9, 5, "09:05".to_owned()));
        for text in ["", "9:05", "09:5", "24:00", "10:60", "10", "10:00:00", "+9:00"] {
            assert!(text.parse::<ClockTime>().is_err(), "{text}");
        }
    }
}
