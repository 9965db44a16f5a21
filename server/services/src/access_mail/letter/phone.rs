//! Telephone numbers in lines of text.

use openbok_domain::{Country, MobilePhone};

use super::body::Body;

/// How many digits a number may have, from a local one to the longest with a country's code (ITU-T E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// An international number has at least so many.
const INTERNATIONAL_DIGITS: usize = 9;

/// Words that say that a number follows.
const PHONE_WORDS: [&str; 14] = [
    "tel",
    "telefon",
    "telefonu",
    "telefonem",
    "phone",
    "telephone",
    "mobile",
    "kom",
    "gsm",
    "тел",
    "телефон",
    "телефону",
    "моб",
    "мобільний",
];

/// Words that say that the number that follows is something else.
const OTHER_WORDS: [&str; 26] = [
    "nip",
    "regon",
    "krs",
    "pesel",
    "ppe",
    "konto",
    "konta",
    "rachunek",
    "rachunku",
    "iban",
    "fax",
    "faks",
    "bdo",
    "vat",
    "umowa",
    "umowy",
    "licence",
    "koncesja",
    "koncesji",
    "edrpou",
    "єдрпоу",
    "іпн",
    "рнокпп",
    "факс",
    "договір",
    "договору",
];

/// The number in the value of a label: a mobile one if there is one, as people write it; otherwise the first, as typed.
pub(super) fn in_value(value: &str, is_cyrillic: bool) -> Option<String> {
    let runs: Vec<Run<'_>> = runs(value).collect();
    let mobile = runs.iter().find_map(|run| mobile(run.text, is_cyrillic));
    mobile.or_else(|| runs.first().map(|run| run.text.to_owned()))
}

/// A number that stands in the text without a label: a mobile one, or another that the words before it call a telephone.
pub(super) fn find(body: &Body<'_>) -> Option<String> {
    let is_cyrillic = body.is_cyrillic();
    let candidates = || body.lines().flat_map(runs).filter(|run| !run.follows(&OTHER_WORDS));
    candidates().find_map(|run| mobile(run.text, is_cyrillic)).or_else(|| {
        let is_international = |text: &str| text.starts_with('+') && digits(text) >= INTERNATIONAL_DIGITS;
        candidates().find(|run| is_international(run.text) || run.follows(&PHONE_WORDS)).map(|run| run.text.to_owned())
    })
}

/// Without a country's code the number is read as one of the country whose letters the writer uses.
fn mobile(text: &str, is_cyrillic: bool) -> Option<String> {
    let countries = if is_cyrillic { [Country::Ua, Country::Pl] } else { [Country::Pl, Country::Ua] };
    countries.iter().find_map(|country| MobilePhone::parse(text, *country).ok()).map(|phone| phone.display())
}

/// Digits with what people put between them.
struct Run<'a> {
    text: &'a str,
    /// What stands between the digits before and this run.
    before: &'a str,
}

impl Run<'_> {
    /// Whether one of the two words before it is among these.
    fn follows(&self, words: &[&str]) -> bool {
        let before = self.before.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        before.rev().take(2).any(|word| words.contains(&word.to_lowercase().as_str()))
    }
}

/// The runs of a line that have as many digits as a telephone number. Two numbers with a slash between them are two.
fn runs(line: &str) -> impl Iterator<Item = Run<'_>> {
    let is_start = |c: char| c.is_ascii_digit() || c == '+' || c == '(';
    let is_inner = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || "()-./\u{2010}\u{2011}\u{2012}\u{2013}\u{2212}".contains(c)
    };
    let (mut at, mut before) = (0, 0);
    let mut found = Vec::new();
    while let Some(start) = line[at..].find(is_start).map(|start| at + start) {
        let first = line[start..].chars().next().map_or(0, char::len_utf8);
        let length = line[start + first..].find(|c| !is_inner(c)).unwrap_or(line.len() - start - first);
        let end = start + first + length;
        let text = line[start..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_glued = |neighbour: Option<char>| neighbour.is_some_and(|c| c.is_alphanumeric() || "@_".contains(c));
        let is_alone =
            !is_glued(line[..start].chars().next_back()) && !is_glued(line[start + text.len()..].chars().next());
        if is_alone && !text.is_empty() {
            let whole = DIGITS.contains(&digits(text));
            let pieces = if whole { vec![text] } else { text.split('/').map(str::trim).collect() };
            let fitting = pieces.into_iter().filter(|piece| DIGITS.contains(&digits(piece)));
            found.extend(fitting.map(|text| Run { text, before: &line[before..start] }));
        }
        if !text.is_empty() {
            before = start + text.len();
        }
        at = end;
    }
    found.into_iter()
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use openbok_domain::access::AccessRequestForm;

    use super::*;

    fn found(text: &str) -> Option<String> {
        find(&Body::of(text, ""))
    }

    #[test]
    fn finds_mobile_numbers_of_both_countries_in_sentences() {
        for (text, phone) in [
            ("Proszę dzwonić: 600700800.", "+48 600 700 800"),
            ("mój numer to 600-700-800, po 16:00", "+48 600 700 800"),
            ("(+48) 600 700 800", "+48 600 700 800"),
            ("kontakt 22 123 45 67 lub 600 700 800", "+48 600 700 800"),
            ("600 700 800 / 601 700 800", "+48 600 700 800"),
            ("Дзвоніть 067 123 45 67", "+380 67 123 45 67"),
            ("call me at +380 (67) 123-45-67", "+380 67 123 45 67"),
            ("NIP 8567346215, tel. 600 700 800", "+48 600 700 800"),
        ] {
            assert_eq!(found(text).as_deref(), Some(phone), "{text}");
        }
    }

    #[test]
    fn keeps_other_numbers_as_typed_where_the_text_calls_them_telephones() {
        assert_eq!(found("tel. 22 123-45-67").as_deref(), Some("22 123-45-67"));
        assert_eq!(found("тел.: (044) 123 45 67").as_deref(), Some("(044) 123 45 67"));
        assert_eq!(found("+49 30 1234567").as_deref(), Some("+49 30 1234567"));
        assert_eq!(found("22 123 45 67"), None, "nothing says that it is a telephone");
    }

    #[test]
    fn finds_no_number_that_a_request_could_not_have() {
        for dash in ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'] {
            let phone = found(&format!("tel. 22 123{dash}45{dash}67")).unwrap();
            let form = AccessRequestForm { company: "Wiatrak".into(), email: "biuro@example.com".into(), phone };
            assert_eq!(form.validate(Country::Pl).map(|valid| valid.phone).as_deref(), Ok("22 123-45-67"), "{dash:?}");
        }
    }

    #[test]
    fn does_not_take_registers_accounts_and_dates_for_telephones() {
        for text in [
            "NIP: 856-734-62-15",
            "REGON 600700800",
            "KRS 0000600700",
            "fax 22 123 45 67",
            "PPE 590380100000000013",
            "konto 61 1090 1014 0000 0712 1981 2874",
            "24.11.2026 15:00",
            "umowa nr 600700800",
            "ЄДРПОУ 12345678",
            "a600700800b",
            "600700800@example.com",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn prefers_the_mobile_number_of_a_label() {
        assert_eq!(in_value("22 123 45 67, kom. 600 700 800", false).as_deref(), Some("+48 600 700 800"));
        assert_eq!(in_value("22 123 45 67 wew. 12", false).as_deref(), Some("22 123 45 67"));
        assert_eq!(in_value("brak", false), None);
    }
}
