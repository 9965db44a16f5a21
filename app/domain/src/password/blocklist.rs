//! Passwords that are refused whatever the policy: the ones tried first by everybody, and the ones a stranger who knows
//! the customer would try. Only on the server; the list is too large for the browser.

use super::PasswordRule;

/// Common passwords in lower case, sorted by bytes, one a line. `data/README.md` names source and licence.
const COMMON: &str = include_str!("../../data/common-passwords.txt");

/// What people add to a common password when a policy asks for a digit or a sign.
const ENDINGS: [&str; 7] = ["", "1", "12", "123", "!", "1!", "123!"];

/// Shorter words are inside too many good passwords.
const SHORTEST_WORD: usize = 4;

/// A run of this many digits of a tax number is a part of it: a day of birth, for instance.
const DIGITS_OF_A_NUMBER: usize = 6;

/// Why a password is refused: it is a common one, also with a usual ending, or it contains a word of the context (the operator's name, the login, the
/// tax number or six digits in a row of it, the street …), forwards or backwards, in any case. `None` when it may be used.
pub fn refused(password: &str, context: &[&str]) -> Option<PasswordRule> {
    let password = password.to_lowercase();
    if is_common(&password) {
        return Some(PasswordRule::NotCommon);
    }
    let backwards: String = password.chars().rev().collect();
    let is_inside = |word: &String| password.contains(word) || backwards.contains(word);
    context.iter().flat_map(|text| words(text)).any(|word| is_inside(&word)).then_some(PasswordRule::NotPersonal)
}

/// Whether a lower-case password is on the list, or would be without a usual ending.
fn is_common(password: &str) -> bool {
    ENDINGS.iter().filter_map(|ending| password.strip_suffix(ending)).any(is_listed)
}

/// Whether a text is a line of the list.
fn is_listed(password: &str) -> bool {
    let mut rest = COMMON;
    while !rest.is_empty() {
        let middle = rest.floor_char_boundary(rest.len() / 2);
        let start = rest[..middle].rfind('\n').map_or(0, |newline| newline + 1);
        let end = rest[start..].find('\n').map_or(rest.len(), |length| start + length);
        match password.cmp(&rest[start..end]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => rest = &rest[..start],
            std::cmp::Ordering::Greater => rest = rest.get(end + 1..).unwrap_or(""),
        }
    }
    false
}

/// The words of a context text that are long enough to give somebody away, in lower case: its parts between signs and
/// blanks, all of them together, and of a number every run of six digits.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let mut words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    words.push(words.concat());
    let runs: Vec<String> = words
        .iter()
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        .flat_map(|number| number.as_bytes().windows(DIGITS_OF_A_NUMBER))
        .map(|digits| String::from_utf8_lossy(digits).into_owned())
        .collect();
    words.extend(runs);
    words.retain(|word| word.chars().count() >= SHORTEST_WORD);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn r03_the_list_is_sorted_and_in_lower_case() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.is_sorted_by(|a, b| a < b), "sorted, each once");
        assert!(lines.iter().all(|line| !line.is_empty() && *line == line.to_lowercase()));
    }

    #[test]
    fn r03_finds_every_listed_password_with_every_ending() {
        let mut refused_passwords = HashSet::new();
        for password in COMMON.lines().flat_map(|line| ENDINGS.map(|ending| format!("{line}{ending}"))) {
            assert!(is_common(&password), "{password}");
            refused_passwords.insert(password);
        }
        let long_enough = refused_passwords.iter().filter(|password| password.chars().count() >= 8).count();
        assert!(long_enough >= 100_000, "only {long_enough} that a policy would let pass");
    }

    #[test]
    fn r03_refuses_common_passwords_in_any_case() {
        for password in ["password", "PASSWORD1", "Qwerty123", "iloveyou", "12345678", "Dragon123!"] {
            assert_eq!(refused(password, &[]), Some(PasswordRule::NotCommon), "{password}");
        }
    }

    #[test]
    fn r03_accepts_what_is_neither_common_nor_personal() {
        for password in ["", "\n", "password\n", "zielony-rower-pod-lasem", "Їжакевич-7-каштанів", "\u{10FFFF}"]
        {
            assert_eq!(refused(password, &["Polana Energia", "jan.kowalski"]), None, "{password:?}");
        }
    }

    #[test]
    fn r03_refuses_words_of_the_context_forwards_and_backwards() {
        let context = ["Polana Energia", "jan.kowalski@example.com", "44051401359", "ul. Różana 7"];
        for password in [
            "MojaPolana2026",
            "xENERGIAx!7",
            "polanaenergia",
            "iksLAWOK!1",
            "Kowalski#99",
            "anażóR-17-kotów",
            "ab440514cd!X",
            "95310415zz",
            "44051401359Ab",
        ] {
            assert_eq!(refused(password, &context), Some(PasswordRule::NotPersonal), "{password}");
        }
    }

    #[test]
    fn short_words_of_the_context_do_no_harm() {
        assert_eq!(refused("Januszowa-gra-19", &["jan", "ul. 7", "44", ""]), None);
        assert_eq!(refused("kwiat-51401-okno", &["44051401359"]), None, "five digits in a row");
    }
}
