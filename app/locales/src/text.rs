//! Lookup of messages at run time: the word for a language, plural forms, placeholders.

use openbok_domain::Lang;

use crate::format;

/// A message without placeholders, in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(pub(crate) &'static [&'static str; 3]);

impl Text {
    /// The words in one language.
    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        let [pl, uk, en] = self.0;
        match lang {
            Lang::Pl => pl,
            Lang::Uk => uk,
            Lang::En => en,
        }
    }
}

/// A message with plural forms for whole numbers, in every language (CLDR cardinal rules).
pub(crate) struct Counted {
    /// Polish: one, few, many.
    pub(crate) pl: [&'static str; 3],
    /// Ukrainian: one, few, many.
    pub(crate) uk: [&'static str; 3],
    /// English: one, other.
    pub(crate) en: [&'static str; 2],
}

impl Counted {
    /// The form for the number, with the number and the other placeholders filled in.
    pub(crate) fn fill(&self, lang: Lang, count: i64, values: &[(&str, &str)]) -> String {
        let number = format::number(count, lang);
        let mut all = vec![("count", number.as_str())];
        all.extend_from_slice(values);
        fill(self.form(lang, count), &all)
    }

    fn form(&self, lang: Lang, count: i64) -> &'static str {
        let size = count.unsigned_abs();
        let ends_like_a_few = matches!(size % 10, 2..=4) && !matches!(size % 100, 12..=14);
        match lang {
            Lang::Pl => {
                self.pl[if size == 1 {
                    0
                } else if ends_like_a_few {
                    1
                } else {
                    2
                }]
            }
            Lang::Uk => {
                let ends_like_one = size % 10 == 1 && size % 100 != 11;
                self.uk[if ends_like_one {
                    0
                } else if ends_like_a_few {
                    1
                } else {
                    2
                }]
            }
            Lang::En => self.en[usize::from(size != 1)],
        }
    }
}

/// Puts the values in place of `{{name}}`. One pass: braces inside a value stay as they are.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, inside)| Some((before, inside.split_once("}}")?)))
    {
        filled.push_str(before);
        filled.extend(values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: Counted = Counted {
        pl: ["{{count}} one", "{{count}} few", "{{count}} many"],
        uk: ["{{count}} one", "{{count}} few", "{{count}} many"],
        en: ["{{count}} one", "{{count}} other"],
    };

    #[track_caller]
    fn assert_form(lang: Lang, category: &str, numbers: &[i64]) {
        for number in numbers {
            let text = FORMS.fill(lang, *number, &[]);
            assert_eq!(text, format!("{} {category}", format::number(*number, lang)), "{number} in {lang:?}");
        }
    }

    #[test]
    fn chooses_polish_plurals_as_cldr_does() {
        assert_form(Lang::Pl, "one", &[1, -1]);
        assert_form(Lang::Pl, "few", &[2, 3, 4, 22, 23, 24, 32, 102, 1_004, -3]);
        assert_form(Lang::Pl, "many", &[0, 5, 11, 12, 13, 14, 15, 20, 21, 25, 31, 101, 112, 1_000, 1_014]);
    }

    #[test]
    fn chooses_ukrainian_plurals_as_cldr_does() {
        assert_form(Lang::Uk, "one", &[1, 21, 31, 101, 1_001, -21]);
        assert_form(Lang::Uk, "few", &[2, 3, 4, 22, 33, 104]);
        assert_form(Lang::Uk, "many", &[0, 5, 11, 12, 14, 20, 25, 111, 112, 1_011]);
    }

    #[test]
    fn chooses_english_plurals_as_cldr_does() {
        assert_form(Lang::En, "one", &[1]);
        assert_form(Lang::En, "other", &[0, 2, 11, 21, 101]);
    }

    #[test]
    fn takes_the_smallest_and_largest_number() {
        assert!(FORMS.fill(Lang::Pl, i64::MIN, &[]).ends_with(" many"));
        assert!(FORMS.fill(Lang::Uk, i64::MAX, &[]).ends_with(" many"));
    }

    #[test]
    fn fills_placeholders_once_and_in_any_order() {
        assert_eq!(fill("{{b}} then {{a}}, {{b}}", &[("a", "{{b}}"), ("b", "x")]), "x then {{b}}, x");
        assert_eq!(fill("plain", &[]), "plain");
    }
}
