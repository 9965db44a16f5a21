//! Names of companies: in the value of a label, or in a sentence by the words of a legal form.

/// The longest name that is taken for one.
const MAX_CHARS: usize = 200;
/// The most words of a name beside its legal form.
const MAX_WORDS: usize = 12;

/// Legal forms that follow a name, as [`plain`] words; longer ones before those they begin or end with.
const AFTER: [&[&str]; 32] = [
    &["spółka", "z", "ograniczoną", "odpowiedzialnością", "spółka", "komandytowa"],
    &["spółka", "z", "ograniczoną", "odpowiedzialnością"],
    &["sp", "z", "oo", "sp", "k"],
    &["sp", "z", "oo", "spk"],
    &["sp", "z", "oo"],
    &["sp", "z", "o", "o"],
    &["spz", "oo"],
    &["spzoo"],
    &["spółka", "z", "oo"],
    &["prosta", "spółka", "akcyjna"],
    &["spółka", "komandytowo-akcyjna"],
    &["spółka", "akcyjna"],
    &["spółka", "jawna"],
    &["spółka", "komandytowa"],
    &["spółka", "cywilna"],
    &["sp", "j"],
    &["spj"],
    &["sp", "k"],
    &["spk"],
    &["ska"],
    &["psa"],
    &["sa"],
    &["sc"],
    &["gmbh", "&", "co", "kg"],
    &["gmbh"],
    &["ltd"],
    &["limited"],
    &["llc"],
    &["llp"],
    &["plc"],
    &["inc"],
    &["ag"],
];

/// Those of them that are also words or parts of words: only in capitals, or with their dots.
const IN_CAPITALS: [&str; 8] = ["sa", "sc", "ska", "psa", "ag", "limited", "inc", "plc"];

/// Legal forms that stand before a name, in capitals as they are written.
const BEFORE: [&str; 18] = [
    "ТОВ", "ТзОВ", "ТЗОВ", "АТ", "ПрАТ", "ПРАТ", "ПАТ", "ПП", "ФОП", "ДП", "КП", "ТДВ", "ФГ", "СФГ", "СТОВ", "ЗАТ",
    "ВАТ", "LLC",
];

/// The same in full, in lower case.
const BEFORE_IN_FULL: [&[&str]; 8] = [
    &["товариство", "з", "обмеженою", "відповідальністю"],
    &["товариство", "з", "додатковою", "відповідальністю"],
    &["приватне", "акціонерне", "товариство"],
    &["публічне", "акціонерне", "товариство"],
    &["акціонерне", "товариство"],
    &["приватне", "підприємство"],
    &["державне", "підприємство"],
    &["фізична", "особа-підприємець"],
];

/// Words with a capital before a name that are not part of it, in lower case.
const LEAD_IN: [&str; 36] = [
    "firma",
    "firmy",
    "firmę",
    "firmie",
    "spółka",
    "spółki",
    "spółkę",
    "spółce",
    "nazwa",
    "dotyczy",
    "reprezentuję",
    "reprezentujemy",
    "jesteśmy",
    "jestem",
    "prosimy",
    "proszę",
    "zwracamy",
    "wniosek",
    "w",
    "dla",
    "my",
    "company",
    "we",
    "our",
    "i",
    "the",
    "for",
    "from",
    "request",
    "фірма",
    "компанія",
    "компанії",
    "наша",
    "ми",
    "від",
    "для",
];

/// Small words within a name.
const LINKS: [&str; 15] = ["i", "&", "and", "of", "the", "w", "we", "z", "na", "im", "-", "–", "та", "і", "й"];

/// Words that end a name in the value of a label: what follows is something else.
const NEXT_LABELS: [&str; 20] = [
    "tel",
    "telefon",
    "phone",
    "mobile",
    "kom",
    "email",
    "e-mail",
    "mail",
    "login",
    "nip",
    "regon",
    "krs",
    "adres",
    "ul",
    "тел",
    "телефон",
    "пошта",
    "єдрпоу",
    "код",
    "адреса",
];

/// The name in the value of a label; `None` when it is none.
pub(super) fn in_value(value: &str) -> Option<String> {
    let words = value.split_whitespace();
    let words = words.take_while(|word| !word.contains('@') && !NEXT_LABELS.contains(&plain(word).as_str()));
    accepted(&words.collect::<Vec<_>>().join(" "))
}

/// The first name in these lines that has a legal form.
pub(super) fn find<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<String> {
    lines.find_map(in_sentence)
}

fn in_sentence(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().flat_map(unglued).collect();
    (0..words.len())
        .find_map(|at| {
            let (rest, before) = (&words[at..], &words[..at]);
            let after = AFTER.iter().find(|form| is_form(form, rest)).and_then(|form| {
                let name = name_before(before);
                (!name.is_empty()).then(|| [name, &rest[..form.len()]].concat())
            });
            after.or_else(|| {
                let length = form_before(rest)?;
                let name = name_after(&rest[length..], rest[0] == "LLC");
                (!name.is_empty()).then(|| [&rest[..length], name].concat())
            })
        })
        .and_then(|words| accepted(&words.join(" ")))
}

/// `ТОВ«Назва»` is two words.
fn unglued(word: &str) -> impl Iterator<Item = &str> {
    let at = word.find(['«', '„', '"']).filter(|at| BEFORE.contains(&&word[..*at]));
    let (first, second) = word.split_at(at.unwrap_or(word.len()));
    [first, second].into_iter().filter(|part| !part.is_empty())
}

/// A word in lower case without dots and the signs around it.
fn plain(word: &str) -> String {
    let bare = word.trim_matches(|c: char| ",;:()[]\"'«»„”“".contains(c));
    bare.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect()
}

fn is_form(form: &[&str], words: &[&str]) -> bool {
    let is_written = |word: &str, form: &str| {
        let letters = || word.chars().filter(|c| c.is_alphabetic());
        let in_capitals = letters().all(char::is_uppercase);
        let is_name_like =
            matches!(form, "limited" | "inc" | "plc") && letters().next().is_some_and(char::is_uppercase);
        let with_dots = word.matches('.').count() >= 2;
        !IN_CAPITALS.contains(&form) || in_capitals || is_name_like || with_dots
    };
    words.len() >= form.len()
        && form.iter().zip(words).all(|(form, word)| plain(word) == *form && is_written(word, form))
}

/// How many words at the start are a form that a name follows.
fn form_before(words: &[&str]) -> Option<usize> {
    let begins = |form: &&&[&str]| words.len() > form.len() && form.iter().zip(words).all(|(f, w)| plain(w) == *f);
    let in_full = BEFORE_IN_FULL.iter().find(begins).map(|form| form.len());
    in_full.or_else(|| words.first().filter(|word| BEFORE.contains(word)).map(|_| 1))
}

/// The words at the end that are a name: back to the opening quotation mark, or as far as they have capitals.
fn name_before<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    let lowest = words.len().saturating_sub(MAX_WORDS);
    let mut start = words.len();
    if words.last().is_some_and(|last| last.trim_end_matches(',').ends_with(['"', '”', '“', '»'])) {
        let opens = |word: &&str| word.starts_with(['"', '„', '“', '«']);
        match words[lowest..].iter().rposition(opens) {
            Some(at) => start = lowest + at,
            None => return &[],
        }
    }
    while start > lowest && belongs(words, start - 1, start == words.len()) {
        start -= 1;
    }
    while start < words.len() && (is_lead_in(words[start]) || LINKS.contains(&words[start])) {
        start += 1;
    }
    &words[start..]
}

/// Whether a word continues a name to its right.
fn belongs(words: &[&str], at: usize, is_last: bool) -> bool {
    let word = words[at];
    let is_abbreviation = word.trim_end_matches('.').contains('.') || word.chars().count() == 2;
    let ends_sentence = word.ends_with([':', ';', '!', '?', ',']) || (word.ends_with('.') && !is_abbreviation);
    // A comma may stand before the legal form.
    let ends_sentence = ends_sentence && !(is_last && word.ends_with(','));
    let is_link = LINKS.contains(&word) && !is_last && at > 0 && is_capital(words[at - 1]);
    !ends_sentence && (is_capital(word) || is_link)
}

/// The words at the start that are a name: to the closing quotation mark, or as far as they have capitals.
fn name_after<'a, 'b>(words: &'b [&'a str], is_quoted_only: bool) -> &'b [&'a str] {
    let words = &words[..words.len().min(MAX_WORDS)];
    let closes = |word: &&str| word.trim_end_matches([',', '.', ';', ':', ')']).ends_with(['"', '”', '“', '»']);
    match words.first() {
        Some(first) if first.starts_with(['"', '„', '“', '«']) => {
            let end = words.iter().position(|word| closes(word) && word.chars().count() > 1);
            end.map_or(&[], |end| &words[..=end])
        }
        Some(_) if !is_quoted_only => {
            let is_initial = |word: &str| word.ends_with('.') && word.matches('.').count() * 2 >= word.chars().count();
            let stops = |word: &&str| word.ends_with([',', ';', ':', '!', '?', '.']) && !is_initial(word);
            let capitals = words.iter().take_while(|word| is_capital(word)).count();
            let end = words.iter().position(stops).map_or(words.len(), |end| end + 1);
            &words[..capitals.min(end)]
        }
        _ => &[],
    }
}

fn is_capital(word: &str) -> bool {
    let first = word.trim_start_matches(|c: char| "\"'«„“(".contains(c)).chars().next();
    first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

fn is_lead_in(word: &str) -> bool {
    LEAD_IN.contains(&plain(word).as_str())
}

/// A name without what a sentence puts around it.
fn accepted(name: &str) -> Option<String> {
    let mut name = name.trim_matches(|c: char| c.is_whitespace() || ",;:-–—*_|".contains(c));
    // A full stop ends a sentence after a word, and an abbreviation after a few letters.
    if let Some(sentence) = name.strip_suffix('.') {
        let last = sentence.split_whitespace().last().unwrap_or_default();
        if !last.contains('.') && last.chars().count() > 4 {
            name = sentence;
        }
    }
    let is_bracketed = name.starts_with('(') && name.ends_with(')');
    let name = if is_bracketed { &name[1..name.len() - 1] } else { name };
    let is_name = name.chars().any(char::is_alphabetic) && name.chars().count() >= 2 && !name.contains("://");
    (is_name && name.chars().count() <= MAX_CHARS).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_name_by_its_legal_form() {
        for (line, name) in [
            ("Reprezentuję Wiatrak Północ sp. z o.o. i proszę o dostęp.", "Wiatrak Północ sp. z o.o."),
            (
                "w imieniu spółki Farma Wiatrowa Żuraw Sp. z o. o., z siedzibą w Łodzi",
                "Farma Wiatrowa Żuraw Sp. z o. o.",
            ),
            (
                "Firma „Słońce nad Wisłą” Spółka z ograniczoną odpowiedzialnością",
                "„Słońce nad Wisłą” Spółka z ograniczoną odpowiedzialnością",
            ),
            (
                "Zielona Energia Spółka z ograniczoną odpowiedzialnością Spółka komandytowa",
                "Zielona Energia Spółka z ograniczoną odpowiedzialnością Spółka komandytowa",
            ),
            ("jesteśmy z Elektrownia Młyn S.A. w Pile", "Elektrownia Młyn S.A."),
            ("Dzień dobry. Kowalski i Synowie sp.j. prosi o dostęp", "Kowalski i Synowie sp.j."),
            ("Biogaz 2000 Sp.z o.o.", "Biogaz 2000 Sp.z o.o."),
            ("P.P.H.U. Kłos sp. k.", "P.P.H.U. Kłos sp. k."),
            ("I write on behalf of North Wind Ltd. and ask for access", "North Wind Ltd."),
            ("We are Baltic Solar Farms Limited.", "Baltic Solar Farms Limited"),
            ("on behalf of Windpark Nord GmbH & Co. KG", "Windpark Nord GmbH & Co. KG"),
            ("Solar One, Inc.", "Solar One, Inc."),
            ("Прошу надати доступ ТОВ «Вітряк Північ», м. Полтава", "ТОВ «Вітряк Північ»"),
            ("Прошу надати доступ ТОВ\"Сонце\".", "ТОВ \"Сонце\""),
            ("ПрАТ Полтавська Генерація просить", "ПрАТ Полтавська Генерація"),
            ("ФОП Шевченко Т. Г. просить доступ", "ФОП Шевченко Т. Г."),
            (
                "Товариство з обмеженою відповідальністю „Біогаз“ просить",
                "Товариство з обмеженою відповідальністю „Біогаз“",
            ),
            ("LLC \"Poltava Wind\" asks for access", "LLC \"Poltava Wind\""),
            ("Poltava Wind LLC asks for access", "Poltava Wind LLC"),
        ] {
            assert_eq!(in_sentence(line).as_deref(), Some(name), "{line}");
        }
    }

    #[test]
    fn finds_none_where_nothing_names_a_company() {
        for line in [
            "Proszę o dostęp do portalu",
            "z o.o.",
            "nasza sp. z o.o. prosi",
            "We have limited time",
            "sa",
            "ТОВ",
            "наше ТОВ просить",
            "ze strony spółka akcyjna",
            "\"x sp. z o.o.",
        ] {
            assert_eq!(in_sentence(line), None, "{line}");
        }
    }

    #[test]
    fn takes_the_value_of_a_label_up_to_the_next_label() {
        for (value, name) in [
            (" Wiatrak ", Some("Wiatrak")),
            ("Wiatrak sp. z o.o., tel. 600700800", Some("Wiatrak sp. z o.o.")),
            ("Wiatrak S.A. NIP 8567346215", Some("Wiatrak S.A.")),
            ("Wiatrak jan@example.com", Some("Wiatrak")),
            ("Wiatrak Północ.", Some("Wiatrak Północ")),
            ("https://example.com", None),
            ("-", None),
            ("123", None),
        ] {
            assert_eq!(in_value(value).as_deref(), name, "{value}");
        }
        assert_eq!(in_value(&"x".repeat(201)), None);
    }
}
