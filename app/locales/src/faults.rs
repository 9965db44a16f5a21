//! What is wrong with a form field, in words. The codes come from the domain; pages put these texts at the field and
//! into the summary of errors.

use openbok_domain::plan::{CellFault, LimitsFault};
use openbok_domain::{Fault, Lang, PasswordRule};

use crate::{fields, format, password, plan_grid};

/// The sentence for one fault of the field with this label, such as `Pole Numer umowy jest wymagane`.
#[must_use]
pub fn message(fault: &Fault, label: &str, lang: Lang) -> String {
    match fault {
        Fault::Required => fields::required(lang, label),
        Fault::Malformed => fields::malformed(lang, label),
        Fault::CheckDigit => fields::check_digit(lang, label),
        Fault::NoSuchDate => fields::no_such_date(lang, label),
        Fault::WrongLength(digits) => fields::wrong_length(lang, i64::from(*digits), label),
        Fault::TooShort(min) => fields::too_short(lang, i64::from(*min), label),
        Fault::TooLong(max) => fields::too_long(lang, i64::from(*max), label),
        Fault::OutOfRange => fields::out_of_range(lang, label),
        Fault::TooFine(decimals) => fields::too_fine(lang, i64::from(*decimals), label),
        Fault::Differs => fields::differs(lang, label),
        Fault::NotAccepted => fields::not_accepted(lang, label),
        Fault::Taken => fields::taken(lang, label),
        Fault::Wrong => fields::wrong(lang, label),
        Fault::SameAsOld => fields::same_as_old(lang, label),
        Fault::Weak(rules) => {
            let rules: Vec<_> = rules.iter().map(|rule| password_rule(rule, lang)).collect();
            fields::weak(lang, label, &rules.join("; "))
        }
        Fault::Limits(LimitsFault::Negative) => fields::negative(lang, label),
        Fault::Limits(LimitsFault::AboveInstalled) => fields::above_installed(lang, label),
        Fault::Limits(LimitsFault::Crossed) => fields::above_pmax(lang, label),
    }
}

/// One line of the checklist beside a new password, such as `co najmniej 8 znaków`.
#[must_use]
pub fn password_rule(rule: &PasswordRule, lang: Lang) -> String {
    let text = match rule {
        PasswordRule::MinLength(characters) => return password::rule_min_length(lang, i64::from(*characters)),
        PasswordRule::MaxLength(characters) => return password::rule_max_length(lang, i64::from(*characters)),
        PasswordRule::Uppercase => password::RULE_UPPERCASE,
        PasswordRule::Lowercase => password::RULE_LOWERCASE,
        PasswordRule::Digit => password::RULE_DIGIT,
        PasswordRule::Letter => password::RULE_LETTER,
        PasswordRule::Special => password::RULE_SPECIAL,
        PasswordRule::DigitOrSpecial => password::RULE_DIGIT_OR_SPECIAL,
        PasswordRule::NotCommon => password::RULE_NOT_COMMON,
        PasswordRule::NotPersonal => password::RULE_NOT_PERSONAL,
        PasswordRule::NotOneTime => password::RULE_NOT_ONE_TIME,
    };
    text.get(lang).to_owned()
}

/// What is wrong with a value of a plan, such as `powyżej Pmax (50,000 MW)`.
#[must_use]
pub fn of_cell(fault: CellFault, lang: Lang) -> String {
    let text = match fault {
        CellFault::NotANumber => plan_grid::FAULT_NOT_A_NUMBER,
        CellFault::TooFine => plan_grid::FAULT_TOO_FINE,
        CellFault::Missing => plan_grid::FAULT_MISSING,
        CellFault::BelowMin(limit) => return plan_grid::fault_below_min(lang, &format::power(limit, lang)),
        CellFault::AboveMax(limit) => return plan_grid::fault_above_max(lang, &format::power(limit, lang)),
        CellFault::AbovePplan => plan_grid::FAULT_ABOVE_PPLAN,
        CellFault::Negative => plan_grid::FAULT_NEGATIVE,
    };
    text.get(lang).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const RULES: [PasswordRule; 11] = [
        PasswordRule::MinLength(8),
        PasswordRule::MaxLength(256),
        PasswordRule::Uppercase,
        PasswordRule::Lowercase,
        PasswordRule::Digit,
        PasswordRule::Letter,
        PasswordRule::Special,
        PasswordRule::DigitOrSpecial,
        PasswordRule::NotCommon,
        PasswordRule::NotPersonal,
        PasswordRule::NotOneTime,
    ];

    fn faults() -> Vec<Fault> {
        vec![
            Fault::Required,
            Fault::Malformed,
            Fault::CheckDigit,
            Fault::NoSuchDate,
            Fault::WrongLength(11),
            Fault::TooShort(3),
            Fault::TooLong(64),
            Fault::OutOfRange,
            Fault::TooFine(3),
            Fault::Differs,
            Fault::NotAccepted,
            Fault::Taken,
            Fault::Wrong,
            Fault::SameAsOld,
            Fault::Weak(RULES.to_vec()),
            Fault::Limits(LimitsFault::Negative),
            Fault::Limits(LimitsFault::AboveInstalled),
            Fault::Limits(LimitsFault::Crossed),
        ]
    }

    #[test]
    fn words_every_fault_in_every_language_with_the_label_in_it() {
        for &lang in Lang::ALL {
            for fault in faults() {
                let text = message(&fault, "Ł-42", lang);
                assert!(text.contains("Ł-42") && text.len() > "Ł-42".len(), "{fault:?} in {lang}: {text}");
                assert!(!text.contains("{{"), "{fault:?} in {lang}: {text}");
            }
        }
    }

    #[test]
    fn words_every_password_rule_differently() {
        for &lang in Lang::ALL {
            let texts: BTreeSet<_> = RULES.iter().map(|rule| password_rule(rule, lang)).collect();
            assert_eq!(texts.len(), RULES.len(), "{lang}");
        }
    }

    #[test]
    fn names_the_limit_that_a_value_of_a_plan_breaks() {
        let limit = openbok_domain::plan::Power::from_kw(50_000);
        assert_eq!(of_cell(CellFault::AboveMax(limit), Lang::Pl), "powyżej Pmax (50,000\u{a0}MW)");
        assert!(of_cell(CellFault::BelowMin(limit), Lang::En).contains("50.000\u{a0}MW"));
    }

    #[test]
    fn says_what_must_hold_for_the_limits_of_a_unit() {
        assert_eq!(
            message(&Fault::Limits(LimitsFault::Crossed), "Pmin (MW)", Lang::Pl),
            "Wartość w polu Pmin (MW) nie może być większa niż Pmax"
        );
    }

    #[test]
    fn keeps_the_wording_of_an_empty_field() {
        assert_eq!(message(&Fault::Required, "Numer umowy", Lang::Pl), "Pole Numer umowy jest wymagane");
        assert_eq!(
            message(&Fault::NotAccepted, "Akceptacja regulaminu", Lang::Pl),
            "Pole Akceptacja regulaminu jest wymagane"
        );
    }

    #[test]
    fn names_limits_and_rules() {
        assert_eq!(message(&Fault::WrongLength(11), "PESEL", Lang::Pl), "Pole PESEL musi mieć 11 cyfr");
        assert_eq!(message(&Fault::TooShort(3), "Login", Lang::Pl), "Pole Login musi mieć co najmniej 3 znaki");
        assert_eq!(message(&Fault::TooLong(21), "Логін", Lang::Uk), "Поле «Логін» може містити щонайбільше 21 символ");
        assert_eq!(
            message(&Fault::Weak(vec![PasswordRule::MinLength(8), PasswordRule::Uppercase]), "Nowe hasło", Lang::Pl),
            "Hasło w polu Nowe hasło nie spełnia warunków: co najmniej 8 znaków; co najmniej jedna wielka litera"
        );
    }
}
