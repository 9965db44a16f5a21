//! Postal codes of Poland and Ukraine.

use super::text::without_blanks;
use crate::{Country, ParseError};

identifier! {
    /// A Polish code `00-950` or a Ukrainian one `36000`; the dash tells them apart.
    public PostalCode by parse
}

impl PostalCode {
    /// Reads two digits, a dash and three digits, or five digits.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = without_blanks(text).replace(['–', '—'], "-");
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_well_formed = match text.split_once('-') {
            Some((area, place)) => area.len() == 2 && place.len() == 3 && is_digits(area) && is_digits(place),
            None => text.len() == 5 && is_digits(&text),
        };
        if is_well_formed { Ok(Self(text)) } else { Err(ParseError::Malformed) }
    }

    /// The country whose codes look so.
    pub fn country(&self) -> Country {
        if self.0.contains('-') { Country::Pl } else { Country::Ua }
    }

    /// As people write it.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_codes_of_both_countries() {
        for (text, code, country) in [(" 00–950", "00-950", Country::Pl), ("36000", "36000", Country::Ua)] {
            let read = PostalCode::parse(text).unwrap();
            assert_eq!((read.as_str(), read.country()), (code, country));
        }
    }

    #[test]
    fn rejects_everything_else() {
        assert_eq!(PostalCode::parse(""), Err(ParseError::Empty));
        for text in ["000-50", "0-0950", "3600", "360000", "AB-123", "36-000-1"] {
            assert_eq!(PostalCode::parse(text), Err(ParseError::Malformed), "{text}");
        }
    }
}
