//! The portal's languages, and the choice among them from what a browser asks for.

text_enum! {
    /// A language of pages and mails.
    pub enum Lang {
        /// Polish.
        Pl = "pl",
        /// Ukrainian.
        Uk = "uk",
        /// English.
        En = "en",
    }
}

impl Lang {
    /// The language's code, as in `<html lang>`.
    pub const fn code(self) -> &'static str {
        self.as_str()
    }

    /// The best of the offered languages for an `Accept-Language` header (RFC 9110, 12.5.4): the highest weight wins,
    /// among equals the one named first; `*` stands for the first language on offer that the header does not name.
    /// `None` when the header accepts none of them.
    pub fn negotiate(accept_language: &str, offered: &[Self]) -> Option<Self> {
        let ranges: Vec<(&str, u16)> = accept_language.split(',').filter_map(parse_range).collect();
        let names = |lang: Self| ranges.iter().any(|(tag, _)| tag.eq_ignore_ascii_case(lang.code()));

        let mut best: Option<(Self, u16)> = None;
        for &(tag, weight) in &ranges {
            let candidate = match tag {
                "*" => offered.iter().find(|lang| !names(**lang)),
                _ => offered.iter().find(|lang| tag.eq_ignore_ascii_case(lang.code())),
            };
            if let Some(&lang) = candidate
                && weight > best.map_or(0, |(_, best_weight)| best_weight)
            {
                best = Some((lang, weight));
            }
        }
        best.map(|(lang, _)| lang)
    }
}

/// One range of the header as (primary language, weight in thousandths). A weight that cannot be read counts as none.
fn parse_range(range: &str) -> Option<(&str, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next()?;
    let language = tag.split('-').next().filter(|language| !language.is_empty())?;
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
    Some((language, weight.map_or(1000, parse_weight)))
}

/// A weight `0` to `1` with at most three decimals, in thousandths.
fn parse_weight(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let thousandths = format!("{fraction:0<3}").parse().unwrap_or(0);
    match whole {
        "1" => 1000,
        "0" => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Lang] = Lang::ALL;

    #[test]
    fn takes_the_highest_weight_on_offer() {
        assert_eq!(Lang::negotiate("uk-UA,uk;q=0.9,en;q=0.5", ALL), Some(Lang::Uk));
        assert_eq!(Lang::negotiate("en;q=0.5, pl;q=0.75", ALL), Some(Lang::Pl));
        assert_eq!(Lang::negotiate("de, fr;q=0.9, en;q=0.1", ALL), Some(Lang::En));
        assert_eq!(Lang::negotiate("uk, en;q=0.4", &[Lang::Pl, Lang::En]), Some(Lang::En));
    }

    #[test]
    fn among_equals_the_first_named_wins() {
        assert_eq!(Lang::negotiate("en,pl", ALL), Some(Lang::En));
        assert_eq!(Lang::negotiate("PL-pl,EN", ALL), Some(Lang::Pl));
    }

    #[test]
    fn a_weight_of_zero_excludes() {
        assert_eq!(Lang::negotiate("pl;q=0", ALL), None);
        assert_eq!(Lang::negotiate("pl;q=0, *", ALL), Some(Lang::Uk));
    }

    #[test]
    fn a_star_takes_the_first_language_that_is_not_named() {
        assert_eq!(Lang::negotiate("de, *;q=0.5", ALL), Some(Lang::Pl));
        assert_eq!(Lang::negotiate("pl;q=0.1, *;q=0.5", ALL), Some(Lang::Uk));
    }

    #[test]
    fn finds_nothing_in_nonsense() {
        for header in ["", ",", ";;", "q=1", "pl;q=x", "pl;q=2", "pl;q=0.1234", "-", "xx"] {
            assert_eq!(Lang::negotiate(header, ALL), None, "{header}");
        }
    }
}
