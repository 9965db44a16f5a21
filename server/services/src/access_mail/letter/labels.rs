//! Lines that say what they hold: "Firma: Wiatrak", "Телефон: 067 123 45 67", a row of a table.

use openbok_domain::EmailAddress;

use super::body::{Body, addresses};
use super::{company, phone};

/// How a label begins its words, in lower case.
const EMAIL: [&str; 10] = ["mail", "email", "e-mail", "mejl", "poczt", "пошт", "імейл", "емейл", "мейл", "e-mejl"];
/// Of an address that is the future login, whatever others the letter names.
const LOGIN: [&str; 3] = ["login", "логін", "логин"];
const PHONE: [&str; 7] = ["telefon", "telephone", "phone", "mobil", "komórk", "телефон", "мобіл"];
const COMPANY: [&str; 17] = [
    "firm",
    "spółk",
    "przedsiębiorst",
    "podmiot",
    "wytwórc",
    "producent",
    "company",
    "producer",
    "organisation",
    "organization",
    "business",
    "компані",
    "підприємств",
    "фірм",
    "виробник",
    "товариств",
    "організаці",
];
/// Whole words that are labels too.
const PHONE_WORDS: [&str; 8] = ["tel", "kom", "gsm", "cell", "тел", "моб", "mob", "ph"];
/// Labels of a company only where they are all of the label.
const COMPANY_WORDS: [&str; 2] = ["nazwa", "назва"];

/// A label with such a word is about the company, but is not its name.
const NOT_NAME: [&str; 46] = [
    "adres",
    "address",
    "адрес",
    "nip",
    "krs",
    "regon",
    "єдрпоу",
    "код",
    "kod",
    "siedzib",
    "form",
    "stanowisk",
    "osob",
    "reprezent",
    "przedstawiciel",
    "kapita",
    "numer",
    "number",
    "номер",
    "imię",
    "nazwisk",
    "kontakt",
    "contact",
    "www",
    "strona",
    "сайт",
    "person",
    "керівник",
    "właściciel",
    "prezes",
    "zarząd",
    "dyrektor",
    "turbin",
    // Not every word with this stem: a legal form has one too.
    "odpowiedzialny",
    "odpowiedzialna",
    "odpowiedzialną",
    "odpowiedzialne",
    "rodzaj",
    "typ",
    "owner",
    "president",
    "director",
    "manager",
    "директор",
    "власник",
    "турбін",
];

/// Words of labels that say nothing by themselves.
const FILLERS: [&str; 18] = [
    "nazwa",
    "name",
    "назва",
    "adres",
    "address",
    "адреса",
    "numer",
    "nr",
    "number",
    "номер",
    "kontaktowy",
    "contact",
    "контактний",
    "przyszły",
    "future",
    "майбутній",
    "e",
    "elektroniczny",
];

/// The most words and characters of a label.
const MAX_WORDS: usize = 6;
const MAX_CHARS: usize = 60;

/// What labelled lines say: the first company and telephone, and the address that no other contends with.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) company: Option<String>,
    pub(super) email: LabelledEmail,
    pub(super) phone: Option<String>,
}

/// The address with a label.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum LabelledEmail {
    /// There is none.
    #[default]
    None,
    /// The one that is called the login, or the only one.
    One(EmailAddress),
    /// There are several, and nothing tells which is meant.
    Several,
}

impl LabelledEmail {
    fn note(&mut self, email: EmailAddress) {
        match self {
            Self::None => *self = Self::One(email),
            Self::One(known) if known.normalized() != email.normalized() => *self = Self::Several,
            Self::One(_) | Self::Several => {}
        }
    }
}

/// What a label announces. One may announce both an address and a telephone.
#[derive(Clone, Copy, Default, PartialEq)]
struct Announced {
    company: bool,
    email: Option<Address>,
    phone: bool,
}

/// Which address a label announces.
#[derive(Clone, Copy, PartialEq)]
enum Address {
    /// The one that is to be the login.
    Login,
    /// Any.
    Other,
}

impl Fields {
    /// Reads all own lines.
    pub(super) fn of(body: &Body<'_>) -> Self {
        let is_cyrillic = body.is_cyrillic();
        let (mut fields, mut login) = (Self::default(), LabelledEmail::None);
        // A label at the end of its line announces the next one.
        let mut open = Announced::default();
        for line in body.lines().filter(|line| !line.is_empty()) {
            for (announced, value) in labelled(line) {
                let announced = announced.unwrap_or(open);
                open = if value.is_empty() { announced } else { Announced::default() };
                fields.note(announced, &value, is_cyrillic);
                if announced.email == Some(Address::Login) {
                    addresses(&value).for_each(|email| login.note(email));
                }
            }
        }
        if login != LabelledEmail::None {
            fields.email = login;
        }
        fields
    }

    fn note(&mut self, announced: Announced, value: &str, is_cyrillic: bool) {
        if announced.email.is_some() {
            addresses(value).for_each(|email| self.email.note(email));
        }
        if announced.phone && self.phone.is_none() {
            self.phone = phone::in_value(value, is_cyrillic);
        }
        if announced.company && self.company.is_none() {
            self.company = company::in_value(value);
        }
    }
}

/// The pieces of a line: what the label of each announces, and its value. A piece without a label of its own belongs to
/// the one before; the first may have none.
fn labelled(line: &str) -> Vec<(Option<Announced>, String)> {
    let mut pieces: Vec<(Option<Announced>, String)> = Vec::new();
    for piece in line.split([';', '|']).flat_map(|piece| piece.split(", ")) {
        let piece = piece.trim_start_matches(|c: char| c.is_whitespace() || "•·*-–—>".contains(c)).trim_end();
        match (label(piece), pieces.last_mut()) {
            (None, Some((_, value))) => *value = format!("{value}, {piece}"),
            (None, None) => pieces.push((None, piece.to_owned())),
            (Some((announced, value)), _) => pieces.push((Some(announced), value.to_owned())),
        }
    }
    pieces
}

/// What a piece announces before its separator, and what follows; a piece that is all label has an empty value.
fn label(piece: &str) -> Option<(Announced, &str)> {
    let separated = [": ", ":", " = ", "=", " - ", " – ", " — "].iter().find_map(|separator| {
        let (label, value) = piece.split_once(separator)?;
        Some((announced(label, false)?, value.trim()))
    });
    separated.or_else(|| announced(piece, true).map(|announced| (announced, "")))
}

/// What a text announces; `None` when it is no label. An alone-standing one must consist of nothing but words of labels.
fn announced(label: &str, is_alone: bool) -> Option<Announced> {
    let whole = label.to_lowercase();
    // What stands in brackets only explains.
    let label = whole.split('(').next().unwrap_or_default();
    let words: Vec<&str> = words(label).collect();
    if words.is_empty() || words.len() > MAX_WORDS || label.chars().count() > MAX_CHARS || label.contains('@') {
        return None;
    }
    let begins = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    let is_login = |word: &str| begins(word, &LOGIN);
    let is_email = |word: &str| begins(word, &EMAIL) || is_login(word);
    let is_phone = |word: &str| begins(word, &PHONE) || PHONE_WORDS.contains(&word);
    let is_company = |word: &str| begins(word, &COMPANY);
    let is_filler =
        |word: &str| FILLERS.contains(&word) || (word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() < 3);
    let email = words.iter().any(|word| is_email(word));
    let phone = words.iter().any(|word| is_phone(word));
    let is_whole = words.len() == 1 && COMPANY_WORDS.contains(&words[0]);
    let is_named = words.iter().any(|word| is_company(word))
        && !words.iter().any(|word| begins(word, &NOT_NAME) && !is_company(word));
    let address = if self::words(&whole).any(is_login) { Address::Login } else { Address::Other };
    let company = !email && !phone && (is_whole || is_named);
    let announced = Announced { company, email: email.then_some(address), phone };
    let is_known = |word: &&str| is_email(word) || is_phone(word) || is_company(word) || is_filler(word);
    let is_label = announced != Announced::default() && (!is_alone || words.iter().all(is_known));
    is_label.then_some(announced)
}

fn words(label: &str) -> impl Iterator<Item = &str> {
    let words = label.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    words.filter(|word| word.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, Option<String>, Option<String>) {
        let fields = Fields::of(&Body::of(text, ""));
        let email = match fields.email {
            LabelledEmail::One(email) => Some(email.into()),
            LabelledEmail::None | LabelledEmail::Several => None,
        };
        (fields.company, email, fields.phone)
    }

    #[test]
    fn reads_labels_in_three_languages() {
        for (text, company, email, phone) in [
            (
                "Firma: Wiatrak sp. z o.o.\nE-mail: biuro@example.com\nTel.: 600 700 800",
                "Wiatrak sp. z o.o.",
                "biuro@example.com",
                "+48 600 700 800",
            ),
            (
                "1. Nazwa firmy - Żuraw S.A.\n2. Adres e-mail (przyszły login): biuro@example.com\n3. Nr telefonu: 22 123 45 67",
                "Żuraw S.A.",
                "biuro@example.com",
                "22 123 45 67",
            ),
            (
                "Company name: North Wind\nFuture login = wind@example.com\nMobile phone: +48 600-700-800",
                "North Wind",
                "wind@example.com",
                "+48 600 700 800",
            ),
            (
                "Назва підприємства: ТОВ «Вітряк»\nЕлектронна пошта: wind@example.com\nКонтактний телефон: 067 123 45 67",
                "ТОВ «Вітряк»",
                "wind@example.com",
                "+380 67 123 45 67",
            ),
            (
                "Компанія – Сонце\nЛогін – sun@example.com\nТел. – (067) 123-45-67",
                "Сонце",
                "sun@example.com",
                "+380 67 123 45 67",
            ),
            (
                "Spółka: Wiatrak, Północ sp. z o.o., e-mail: biuro@example.com; tel.: 600700800",
                "Wiatrak, Północ sp. z o.o.",
                "biuro@example.com",
                "+48 600 700 800",
            ),
            (
                "Nazwa firmy\n\nWiatrak\nAdres e-mail\nbiuro@example.com\nNumer telefonu\n600 700 800",
                "Wiatrak",
                "biuro@example.com",
                "+48 600 700 800",
            ),
            (
                "Firma:\n  Wiatrak\nE-mail/telefon: biuro@example.com / 600 700 800",
                "Wiatrak",
                "biuro@example.com",
                "+48 600 700 800",
            ),
        ] {
            let expected = [company, email, phone].map(|value| Some(value.to_owned()));
            assert_eq!(<[_; 3]>::from(read(text)), expected, "{text}");
        }
    }

    #[test]
    fn does_not_take_other_facts_of_a_company_for_its_name() {
        for text in [
            "Adres firmy: ul. Lipowa 4",
            "NIP spółki: 8567346215",
            "Osoba kontaktowa w firmie: Jan",
            "Stanowisko: prezes spółki",
            "Prezes spółki: Jan Nowak",
            "Właściciel firmy: Jan Nowak",
            "Zarząd spółki: Jan Nowak, Ewa Żółw",
            "Dyrektor przedsiębiorstwa: Jan Nowak",
            "Odpowiedzialny w firmie: Jan Nowak",
            "Odpowiedzialna za plany firmy: Ewa Żółw",
            "Producent turbin: Vestas",
            "Rodzaj podmiotu: wytwórca",
            "Company director: Jan Nowak",
            "Директор підприємства: Іван Ткач",
            "Власник компанії: Іван Ткач",
            "Виробник турбін: Vestas",
            "Код ЄДРПОУ компанії: 12345678",
            "Nasza spółka ma trzy turbiny, a każda z nich pracuje od roku: dwie w Pile",
            "https://firma.example",
            "Nasza firma prosi o dostęp",
        ] {
            assert_eq!(read(text).0, None, "{text}");
        }
    }

    #[test]
    fn a_legal_form_is_no_other_fact() {
        let text = "Spółka z ograniczoną odpowiedzialnością: Wiatrak";
        assert_eq!(read(text).0.as_deref(), Some("Wiatrak"));
    }

    #[test]
    fn takes_the_first_value_that_can_be_read() {
        let text = "E-mail: brak\nE-mail: biuro@example.com\nTel.: brak\nTel.: 600 700 800\nTel.: 601 700 800";
        let (_, email, phone) = read(text);
        assert_eq!((email.as_deref(), phone.as_deref()), (Some("biuro@example.com"), Some("+48 600 700 800")));
    }

    #[test]
    fn takes_the_address_that_is_called_the_login_before_others() {
        for login in [
            "Login: plan@example.com",
            "Przyszły login - plan@example.com",
            "Adres e-mail (przyszły login): plan@example.com",
            "Login\nplan@example.com",
            "Логін: plan@example.com",
            "Електронна пошта (логін): plan@example.com",
            "Логин: plan@example.com",
        ] {
            for text in [
                format!("E-mail: biuro@example.com\n{login}\nPoczta: jan@example.com"),
                format!("{login}\nE-mail: biuro@example.com"),
            ] {
                assert_eq!(read(&text).1.as_deref(), Some("plan@example.com"), "{text}");
            }
        }
    }

    #[test]
    fn takes_none_of_several_addresses_that_nothing_tells_apart() {
        for (text, email) in [
            ("E-mail: biuro@example.com\nE-mail: jan@example.com", LabelledEmail::Several),
            ("E-mail: biuro@example.com, jan@example.com", LabelledEmail::Several),
            ("Login: a@example.com\nLogin: b@example.com\nE-mail: c@example.com", LabelledEmail::Several),
            ("Tel.: 600 700 800", LabelledEmail::None),
        ] {
            assert_eq!(Fields::of(&Body::of(text, "")).email, email, "{text}");
        }
        assert_eq!(
            read("E-mail: biuro@example.com\nE-mail: Biuro@Example.com").1.as_deref(),
            Some("biuro@example.com")
        );
        assert_eq!(read("Login: jnowak\nE-mail: biuro@example.com").1.as_deref(), Some("biuro@example.com"));
    }
}
