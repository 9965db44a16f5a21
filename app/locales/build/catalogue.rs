//! Reading and checking of the catalogue: i18next JSON (version 4) with flat keys.
//!
//! Used by the build script and, for its own tests, by the crate. Nothing here writes Rust code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};

/// A language of the catalogue and what its plurals need (CLDR, cardinal numbers).
pub struct Language {
    /// Folder under `messages/`, as in `openbok_domain::Lang`.
    pub code: &'static str,
    /// Plural categories that a counted message must have.
    pub categories: &'static [&'static str],
    /// Whether `one` means the number 1 alone, so that its text need not repeat the number.
    /// In Ukrainian it also means 21, 31, 101 …
    one_is_single: bool,
}

/// The languages, in the order of the generated tables.
pub const LANGUAGES: [Language; 3] = [
    Language { code: "pl", categories: &["one", "few", "many", "other"], one_is_single: true },
    Language { code: "uk", categories: &["one", "few", "many", "other"], one_is_single: false },
    Language { code: "en", categories: &["one", "other"], one_is_single: true },
];

/// Every plural suffix of the format; a key that ends in one of them is a form of a counted message.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The placeholder whose number chooses the plural form.
pub const COUNT: &str = "count";

/// Something wrong in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// File, relative to the crate.
    pub file: String,
    /// Key as it stands in the file, when the flaw is about one.
    pub key: Option<String>,
    /// What is wrong, in words.
    pub what: String,
}

/// The messages of one part of the portal.
#[derive(Debug, PartialEq, Eq)]
pub struct Area {
    /// Name of the file and of the module.
    pub name: String,
    /// Messages by key, without plural suffixes.
    pub messages: BTreeMap<String, Message>,
}

/// One message in every language.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Names of its placeholders without `count`, in alphabetical order.
    pub placeholders: BTreeSet<String>,
    /// The words, in the order of [`LANGUAGES`].
    pub words: [Words; LANGUAGES.len()],
}

/// The words of a message in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// One text.
    Plain(String),
    /// A text for every plural category.
    Counted(BTreeMap<&'static str, String>),
}

impl Words {
    /// Every text with the plural category it is for.
    fn forms(&self) -> Vec<(Option<&'static str>, &str)> {
        match self {
            Self::Plain(text) => vec![(None, text)],
            Self::Counted(forms) => forms.iter().map(|(category, text)| (Some(*category), text.as_str())).collect(),
        }
    }
}

impl Area {
    /// Parses the files of one area, given in the order of [`LANGUAGES`], and checks them.
    /// Gives back every flaw that could be found at once.
    pub fn compile(name: &str, texts: &[Option<String>; LANGUAGES.len()]) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        let files = LANGUAGES.each_ref().map(|language| format!("messages/{}/{name}.json", language.code));
        if !is_identifier(name) {
            flaws.push(flaw(&files[0], None, "the file's name must be a lower-case identifier"));
        }
        let mut dictionaries: [BTreeMap<String, Words>; LANGUAGES.len()] = Default::default();
        for (index, file) in files.iter().enumerate() {
            match &texts[index] {
                Some(text) => match parse(text) {
                    Ok(pairs) => dictionaries[index] = group(pairs, &LANGUAGES[index], file, &mut flaws),
                    Err(error) => flaws.push(flaw(file, None, &error.to_string())),
                },
                None => flaws.push(flaw(file, None, "the file is missing")),
            }
        }
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let keys: BTreeSet<String> = dictionaries.iter().flat_map(BTreeMap::keys).cloned().collect();
        let mut messages = BTreeMap::new();
        for key in keys {
            let words = dictionaries.each_ref().map(|dictionary| dictionary.get(&key));
            for (words, file) in words.iter().zip(&files) {
                if words.is_none() {
                    flaws.push(flaw(file, Some(&key), "missing here, present in another language"));
                }
            }
            if let [Some(pl), Some(uk), Some(en)] = words {
                match merge(&key, [pl, uk, en], &files) {
                    Ok(message) => drop(messages.insert(key, message)),
                    Err(found) => flaws.push(found),
                }
            }
        }
        if flaws.is_empty() { Ok(Self { name: name.to_owned(), messages }) } else { Err(flaws) }
    }
}

/// Makes one message of its words in all languages, if they agree on placeholders and on being counted.
fn merge(key: &str, words: [&Words; LANGUAGES.len()], files: &[String; LANGUAGES.len()]) -> Result<Message, Flaw> {
    let [first, ..] = words;
    let mut agreed: Option<BTreeSet<String>> = None;
    for ((words, file), language) in words.iter().zip(files).zip(&LANGUAGES) {
        for (category, text) in words.forms() {
            let full_key = category.map_or_else(|| key.to_owned(), |category| format!("{key}_{category}"));
            let mut names = placeholders(text).map_err(|what| flaw(file, Some(&full_key), &what))?;
            let has_count = names.remove(COUNT);
            let may_hide_count = category == Some("one") && language.one_is_single;
            match category {
                None if has_count => {
                    return Err(flaw(file, Some(&full_key), "{{count}} needs plural forms (_one, _other …)"));
                }
                Some(_) if !(has_count || may_hide_count) => {
                    return Err(flaw(file, Some(&full_key), "this plural form must show {{count}}"));
                }
                _ => {}
            }
            let agreed = agreed.get_or_insert_with(|| names.clone());
            if *agreed != names {
                let what = format!("placeholders {names:?} differ from {agreed:?} of the other texts");
                return Err(flaw(file, Some(&full_key), &what));
            }
        }
        if matches!(words, Words::Counted(_)) != matches!(first, Words::Counted(_)) {
            return Err(flaw(file, Some(key), "counted in one language and plain in another"));
        }
    }
    Ok(Message { placeholders: agreed.unwrap_or_default(), words: words.map(Words::clone) })
}

/// Sorts the texts of one file into plain and counted messages, and checks keys, texts and plural forms.
fn group(
    pairs: Vec<(String, String)>,
    language: &Language,
    file: &str,
    flaws: &mut Vec<Flaw>,
) -> BTreeMap<String, Words> {
    let mut dictionary: BTreeMap<String, Words> = BTreeMap::new();
    for (key, text) in pairs {
        if !is_identifier(&key) {
            flaws.push(flaw(file, Some(&key), "a key must be lower-case letters, digits and _, and no reserved word"));
        }
        if let Some(what) = fault_of_text(&text) {
            flaws.push(flaw(file, Some(&key), what));
        }
        let clash = match split_category(&key) {
            None => dictionary.insert(key.clone(), Words::Plain(text)).is_some(),
            Some((base, category)) => {
                let entry = dictionary.entry(base.to_owned()).or_insert_with(|| Words::Counted(BTreeMap::new()));
                match entry {
                    Words::Counted(forms) => forms.insert(category, text).is_some(),
                    Words::Plain(_) => true,
                }
            }
        };
        if clash {
            flaws.push(flaw(file, Some(&key), "the key is there twice, or both with and without plural forms"));
        }
    }
    for (key, words) in &dictionary {
        let Words::Counted(forms) = words else { continue };
        if !forms
            .keys()
            .copied()
            .collect::<BTreeSet<_>>()
            .iter()
            .eq(language.categories.iter().collect::<BTreeSet<_>>())
        {
            let what = format!("needs exactly the plural forms {}", language.categories.join(", "));
            flaws.push(flaw(file, Some(key), &what));
        }
    }
    dictionary
}

/// Names of the placeholders in a text, `{{name}}` each; any other brace is an error.
pub fn placeholders(text: &str) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let inside = rest[start..].strip_prefix("{{").ok_or("a brace outside a {{placeholder}}")?;
        let (name, after) = inside.split_once("}}").ok_or("a {{placeholder}} is not closed")?;
        if !is_identifier(name) {
            return Err(format!("\"{name}\" cannot name a placeholder"));
        }
        names.insert(name.to_owned());
        rest = after;
    }
    Ok(names)
}

/// Divides `days_few` into `days` and `few`; `None` for keys of plain messages.
fn split_category(key: &str) -> Option<(&str, &'static str)> {
    let (base, suffix) = key.rsplit_once('_')?;
    let category = CATEGORIES.into_iter().find(|category| *category == suffix)?;
    Some((base, category))
}

fn fault_of_text(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("the text is empty")
    } else if text.trim() != text {
        Some("blanks at the start or the end of the text")
    } else if text.chars().any(char::is_control) {
        Some("a line break or another control character in the text")
    } else {
        None
    }
}

/// Whether the word can name a function, a module or an argument in the generated code.
fn is_identifier(word: &str) -> bool {
    const KEYWORDS: [&str; 39] = [
        "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
        "false", "fn", "for", "gen", "if", "impl", "in", "lang", "let", "loop", "match", "mod", "move", "mut", "pub",
        "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "use", "while",
    ];
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.chars().all(|character| matches!(character, 'a'..='z' | '0'..='9' | '_'))
        && !KEYWORDS.contains(&word)
}

fn flaw(file: &str, key: Option<&str>, what: &str) -> Flaw {
    Flaw { file: file.to_owned(), key: key.map(str::to_owned), what: what.to_owned() }
}

/// Reads a flat JSON object of texts, keeping the order and every key, also one that is there twice.
fn parse(json: &str) -> serde_json::Result<Vec<(String, String)>> {
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, String)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a flat object of keys and texts")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let pairs = deserializer.deserialize_map(Pairs)?;
    deserializer.end()?;
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compiles an area from the three files; flaws as `file|key|what`.
    fn compile(pl: &str, uk: &str, en: &str) -> Result<Area, Vec<String>> {
        Area::compile("sign_in", &[pl, uk, en].map(|text| Some(text.to_owned()))).map_err(|flaws| {
            let line = |Flaw { file, key, what }: &Flaw| format!("{file}|{}|{what}", key.as_deref().unwrap_or("-"));
            flaws.iter().map(line).collect()
        })
    }

    /// The same file in every language.
    fn compile_same(text: &str) -> Result<Area, Vec<String>> {
        compile(text, text, text)
    }

    #[track_caller]
    fn assert_flaw(result: Result<Area, Vec<String>>, file: &str, key: &str, what: &str) {
        let flaws = result.expect_err("a flaw");
        let is_there =
            |flaw: &String| flaw.starts_with(&format!("messages/{file}/sign_in.json|{key}|")) && flaw.contains(what);
        assert!(flaws.iter().any(is_there), "no \"{what}\" for {file} {key} in {flaws:#?}");
    }

    const PL_DAYS: &str = r#"{"days_one":"jutro","days_few":"za {{count}} dni","days_many":"za {{count}} dni","days_other":"za {{count}} dnia"}"#;
    const UK_DAYS: &str = r#"{"days_one":"за {{count}} день","days_few":"за {{count}} дні","days_many":"за {{count}} днів","days_other":"за {{count}} дня"}"#;
    const EN_DAYS: &str = r#"{"days_one":"tomorrow","days_other":"in {{count}} days"}"#;

    #[test]
    fn accepts_plain_filled_and_counted_messages() {
        let area = compile_same(r#"{"title":"A","hello":"{{name}}, {{greeting}}"}"#).expect("no flaw");
        assert_eq!(area.messages.keys().collect::<Vec<_>>(), ["hello", "title"]);
        assert_eq!(area.messages["hello"].placeholders.iter().collect::<Vec<_>>(), ["greeting", "name"]);

        let area = compile(PL_DAYS, UK_DAYS, EN_DAYS).expect("no flaw");
        assert!(area.messages["days"].placeholders.is_empty());
        assert_eq!(area.messages["days"].words[2].forms().len(), 2);
    }

    #[test]
    fn refuses_a_missing_file() {
        let flaws = Area::compile("terms", &[Some("{}".to_owned()), None, Some("{}".to_owned())]).expect_err("a flaw");
        assert_eq!(flaws[0].file, "messages/uk/terms.json");
    }

    #[test]
    fn refuses_a_file_name_that_cannot_name_a_module() {
        let text = || Some("{}".to_owned());
        assert!(Area::compile("sign-in", &[text(), text(), text()]).is_err());
    }

    #[test]
    fn refuses_broken_json_with_its_line() {
        assert_flaw(compile("{}", "{\n\"title\": }", "{}"), "uk", "-", "line 2");
        assert_flaw(compile("{}", r#"{"title":{"nested":"A"}}"#, "{}"), "uk", "-", "expected a string");
        assert_flaw(compile("{}", "{} {}", "{}"), "uk", "-", "trailing");
    }

    #[test]
    fn refuses_a_key_that_one_language_lacks() {
        assert_flaw(compile(r#"{"title":"A"}"#, r#"{"title":"A"}"#, "{}"), "en", "title", "missing");
        assert_flaw(compile("{}", "{}", r#"{"title":"A"}"#), "pl", "title", "missing");
    }

    #[test]
    fn refuses_a_key_that_is_there_twice() {
        assert_flaw(compile(r#"{"title":"A","title":"B"}"#, "{}", "{}"), "pl", "title", "twice");
        assert_flaw(compile("{}", "{}", r#"{"days":"A","days_one":"B","days_other":"C"}"#), "en", "days_one", "twice");
        assert_flaw(compile("{}", "{}", r#"{"days_one":"B","days_other":"C","days":"A"}"#), "en", "days", "twice");
    }

    #[test]
    fn refuses_keys_that_cannot_be_names() {
        for key in ["Title", "sign-in", "1st", "", "tytuł", "type", "lang"] {
            assert_flaw(compile_same(&format!(r#"{{"{key}":"A"}}"#)), "pl", key, "a key must be");
        }
    }

    #[test]
    fn refuses_empty_texts_and_stray_blanks() {
        assert_flaw(compile_same(r#"{"title":""}"#), "uk", "title", "empty");
        assert_flaw(compile_same(r#"{"title":"  "}"#), "uk", "title", "empty");
        assert_flaw(compile_same(r#"{"title":"A "}"#), "uk", "title", "blanks");
        assert_flaw(compile_same(r#"{"title":"A\nB"}"#), "uk", "title", "control character");
    }

    #[test]
    fn refuses_placeholders_that_differ_between_languages() {
        let (with, without) = (r#"{"hello":"{{name}}!"}"#, r#"{"hello":"Hello!"}"#);
        assert_flaw(compile(with, without, with), "uk", "hello", "differ");
        assert_flaw(compile(without, without, with), "en", "hello", "differ");
        assert_flaw(compile(with, with, r#"{"hello":"{{nome}}!"}"#), "en", "hello", "differ");
    }

    #[test]
    fn refuses_placeholders_that_differ_between_plural_forms() {
        let english = r#"{"days_one":"by {{date}}","days_other":"in {{count}} days"}"#;
        assert_flaw(compile(PL_DAYS, UK_DAYS, english), "en", "days_one", "differ");
    }

    #[test]
    fn refuses_braces_that_make_no_placeholder() {
        for text in ["{name}", "{{name", "name}}", "{{na me}}", "{{name, upper}}", "{{}}", "{{{name}}}"] {
            assert!(placeholders(text).is_err(), "{text}");
        }
        assert_flaw(compile_same(r#"{"hello":"{name}"}"#), "pl", "hello", "brace");
    }

    #[test]
    fn refuses_missing_and_needless_plural_forms() {
        let no_many = PL_DAYS.replace("days_many", "days_two");
        assert_flaw(compile(&no_many, UK_DAYS, EN_DAYS), "pl", "days", "one, few, many, other");
        assert_flaw(compile(PL_DAYS, EN_DAYS, EN_DAYS), "uk", "days", "one, few, many, other");
        assert_flaw(compile(PL_DAYS, UK_DAYS, UK_DAYS), "en", "days", "one, other");
    }

    #[test]
    fn refuses_a_message_counted_in_one_language_only() {
        assert_flaw(compile(PL_DAYS, UK_DAYS, r#"{"days":"soon"}"#), "en", "days", "plain in another");
        assert_flaw(compile_same(r#"{"days":"in {{count}} days"}"#), "pl", "days", "needs plural forms");
    }

    #[test]
    fn refuses_a_plural_form_without_its_number() {
        let hidden = UK_DAYS.replace("за {{count}} день", "завтра");
        assert_flaw(compile(PL_DAYS, &hidden, EN_DAYS), "uk", "days_one", "must show");
        let hidden = EN_DAYS.replace("in {{count}} days", "later");
        assert_flaw(compile(PL_DAYS, UK_DAYS, &hidden), "en", "days_other", "must show");
    }
}
