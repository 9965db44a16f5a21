//! E-mail addresses.

use super::text::cleaned;
use crate::ParseError;

identifier! {
    /// An address that mail can be sent to. Keeps its capitals, because the part before the `@` belongs to the receiver.
    personal EmailAddress by parse
}

/// The longest address that fits SMTP's path of 256 with its brackets (RFC 5321, 4.5.3.1.3).
const MAX_LENGTH: u16 = 254;

impl EmailAddress {
    /// Reads `name@domain` with a domain of at least two labels, ASCII only: what mail servers accept in practice, and
    /// nothing that could break a mail header. Whether anybody reads it, only a mail can tell.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = cleaned(text);
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        if text.chars().count() > usize::from(MAX_LENGTH) {
            return Err(ParseError::TooLong { max: MAX_LENGTH });
        }
        match text.split_once('@') {
            Some((local, domain)) if is_local_part(local) && is_domain(domain) => Ok(Self(text.to_owned())),
            _ => Err(ParseError::Malformed),
        }
    }

    /// The form for lookups and comparisons: lower case, because people do not tell addresses apart by capitals.
    pub fn normalized(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// As people write it.
    pub fn display(&self) -> String {
        self.0.clone()
    }
}

/// Dot-separated words of letters, digits and the signs of RFC 5322 `atext`, at most 64 characters.
fn is_local_part(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    text.len() <= 64 && text.split('.').all(is_word)
}

/// At least two labels, the last one not a number (that would be an address of a machine).
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match text.rsplit_once('.') {
        Some((rest, top)) => {
            rest.split('.').all(is_label) && is_label(top) && top.bytes().any(|byte| byte.is_ascii_alphabetic())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_addresses_as_people_have_them() {
        for text in ["jan@example.com", "o'brien+bok@mail.example.co.uk", "a@b.pl", "x_1-2@xn--80ak6aa92e.com"] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), text);
        }
        for text in [" jan@example.com\n", "\u{200B}jan@example.com\u{FEFF}", "ｊａｎ＠ｅｘａｍｐｌｅ．ｃｏｍ"]
        {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), "jan@example.com", "{text:?}");
        }
    }

    #[test]
    fn rejects_what_no_mail_server_takes_or_what_breaks_a_header() {
        let long_label = format!("a@{}.com", "b".repeat(64));
        let long_local = format!("{}@example.com", "a".repeat(65));
        for text in [
            "jan",
            "@example.com",
            "jan@",
            "jan@example",
            "jan@@example.com",
            "jan@exa mple.com",
            "j an@example.com",
            ".jan@example.com",
            "jan.@example.com",
            "j..an@example.com",
            "jan@-example.com",
            "jan@example-.com",
            "jan@example..com",
            "jan@127.0.0.1",
            "Jan <jan@example.com>",
            "jan@example.com\r\nBcc: eve@example.com",
            "jan,eve@example.com",
            "\"jan\"@example.com",
            "żółć@example.com",
            &long_label,
            &long_local,
        ] {
            assert_eq!(EmailAddress::parse(text), Err(ParseError::Malformed), "{text:?}");
        }
        assert_eq!(EmailAddress::parse(" "), Err(ParseError::Empty));
    }

    #[test]
    fn accepts_254_characters_and_no_more() {
        let with_local = |length| format!("{}@{1}.{1}.{1}.com", "a".repeat(length), "b".repeat(61));
        assert_eq!(with_local(64).len(), 254);
        assert!(EmailAddress::parse(&with_local(64)).is_ok());
        assert_eq!(EmailAddress::parse(&with_local(65)), Err(ParseError::TooLong { max: 254 }));
    }

    #[test]
    fn keeps_capitals_but_compares_without_them() {
        let email = EmailAddress::parse("Jan.Kowalski@Example.com").unwrap();
        assert_eq!(email.as_str(), "Jan.Kowalski@Example.com");
        assert_eq!(email.normalized(), "jan.kowalski@example.com");
    }

    #[test]
    fn does_not_print_itself() {
        assert_eq!(format!("{:?}", EmailAddress::parse("jan@example.com").unwrap()), "EmailAddress(•••)");
    }
}
