//! Passwords that are refused whatever the policy: the ones tried first by everybody, and the ones a stranger who knows
//! the customer would try. Only on the server; the list is too large for the browser.

use super::PasswordRule;

/// Common passwords in lower case, sorted by bytes, one a line. `data/README.md` names source and licence.
const COMMON: &str = include_str!("../../data/common-passwords.txt");

/// Shorter words are inside too many good passwords.
const SHORTEST_WORD: usize = 4;

/// A run of this many digits of a tax number is a part of it: a day of birth, for instance.
const DIGITS_OF_A_NUMBER: usize = 6;

/// Why a password is refused: it is a common one, or contains a word of the context (the operator's name, the login, the
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

/// Whether a lower-case password is a line of the list.
fn is_common(password: &str) -> bool {
    // An empty or broken line would never be found as a whole line.
    if password.is_empty() || password.contains('\n') {
        return false;
    }
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

    #[test]
    fn r03_the_list_is_long_sorted_and_in_lower_case() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() >= 100_000, "{} passwords", lines.len());
        assert!(lines.is_sorted_by(|a, b| a < b), "sorted, each once");
        assert!(lines.iter().all(|line| !line.is_empty() && *line == line.to_lowercase()));
    }

    #[test]
    fn r03_refuses_every_listed_password_in_any_case() {
        for line in COMMON.lines() {
            assert!(is_common(line), "{line}");
        }
        for password in ["password", "PASSWORD1", "Qwerty123", "iloveyou", "12345678"] {
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
