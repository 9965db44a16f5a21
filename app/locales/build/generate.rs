//! Rust code for a checked catalogue: a module per area, a constant per plain message, a function per other message.

use std::fmt::Write as _;

use crate::catalogue::{Area, COUNT, LANGUAGES, Message, Words};

/// The code of all areas.
pub fn modules(areas: &[Area]) -> String {
    areas.iter().fold(String::new(), |mut code, area| {
        let Area { name, messages } = area;
        let items: String = messages.iter().map(|(key, message)| item(key, message)).collect();
        write!(code, "#[doc = \"Words of `{name}`.\"]\npub mod {name} {{\n{items}}}\n")
            .expect("a String takes any text");
        code
    })
}

/// The code of one message, with its English words as the documentation.
fn item(key: &str, message: &Message) -> String {
    let [.., english] = &message.words;
    let names = || message.placeholders.iter();
    let arguments = names().map(|name| format!(", {name}: &str")).collect::<Vec<_>>().concat();
    let values = names().map(|name| format!("({name:?}, {name})")).collect::<Vec<_>>().join(", ");
    match english {
        Words::Plain(text) => {
            let table = format!("crate::Text(&{:?})", message.words.each_ref().map(plain));
            if message.placeholders.is_empty() {
                let name = key.to_uppercase();
                format!("{}pub const {name}: crate::Text = {table};\n", doc(text))
            } else {
                format!(
                    "{}#[must_use] pub fn {key}(lang: openbok_domain::Lang{arguments}) -> String {{ \
                     crate::text::fill({table}.get(lang), &[{values}]) }}\n",
                    doc(text)
                )
            }
        }
        Words::Counted(forms) => {
            let tables = LANGUAGES
                .iter()
                .zip(&message.words)
                .map(|(language, words)| format!("{}: {:?}", language.code, counted(words)))
                .collect::<Vec<_>>()
                .join(", ");
            format!(
                "{}#[must_use] pub fn {key}(lang: openbok_domain::Lang, {COUNT}: i64{arguments}) -> String {{ \
                 crate::text::Counted {{ {tables} }}.fill(lang, {COUNT}, &[{values}]) }}\n",
                doc(&forms["other"])
            )
        }
    }
}

fn doc(text: &str) -> String {
    format!("#[doc = {:?}]\n", format!("`{text}`"))
}

fn plain(words: &Words) -> &str {
    match words {
        Words::Plain(text) => text,
        Words::Counted(_) => unreachable!("the catalogue is checked: plain in one language, plain in all"),
    }
}

/// The forms that whole numbers need: Polish and Ukrainian use `other` for fractions only, English for the rest.
fn counted(words: &Words) -> Vec<&str> {
    match words {
        Words::Counted(forms) => {
            let used: &[&str] = if forms.contains_key("few") { &["one", "few", "many"] } else { &["one", "other"] };
            used.iter().map(|category| forms[category].as_str()).collect()
        }
        Words::Plain(_) => unreachable!("the catalogue is checked: counted in one language, counted in all"),
    }
}
