//! Invented people and businesses of both countries, and where they live.

use openbok_domain::{Country, CustomerKind};

use super::numbers::Dice;

/// Somebody who could be a customer.
pub(super) struct Party {
    pub pesel: String,
    pub nip: String,
    pub rnokpp: String,
    pub edrpou: String,
    pub surname: String,
    pub given_name: String,
    pub patronymic: String,
    pub company_name: String,
    pub home: Place,
}

/// An address.
#[derive(Clone)]
pub(super) struct Place {
    pub street: String,
    pub postal_code: &'static str,
    pub city: &'static str,
    pub country: Country,
}

impl Party {
    /// As an invoice is addressed.
    pub fn name(&self) -> String {
        let parts = [&self.company_name, &self.surname, &self.given_name, &self.patronymic];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    /// The number that identifies the customer.
    pub fn tax_id(&self) -> &str {
        let numbers = [&self.pesel, &self.nip, &self.rnokpp, &self.edrpou];
        numbers.into_iter().find(|number| !number.is_empty()).map_or("", String::as_str)
    }

    pub fn invent(dice: &Dice, kind: CustomerKind, country: Country) -> Self {
        let none = Self {
            pesel: String::new(),
            nip: String::new(),
            rnokpp: String::new(),
            edrpou: String::new(),
            surname: String::new(),
            given_name: String::new(),
            patronymic: String::new(),
            company_name: String::new(),
            home: Place::invent(dice, country),
        };
        let is_man = dice.below(2) == 0;
        let text = |text: &&str| (*text).to_owned();
        match (kind, country) {
            (CustomerKind::Individual, Country::Pl) => Self {
                pesel: dice.pesel(is_man),
                surname: gendered(dice.pick(&SURNAMES_PL), is_man),
                given_name: text(dice.pick(if is_man { &MEN_PL } else { &WOMEN_PL })),
                ..none
            },
            (CustomerKind::Individual, Country::Ua) => Self {
                rnokpp: dice.rnokpp(),
                surname: text(dice.pick(&SURNAMES_UA)),
                given_name: text(dice.pick(if is_man { &MEN_UA } else { &WOMEN_UA })),
                patronymic: gendered(dice.pick(&PATRONYMICS_UA), is_man),
                ..none
            },
            (CustomerKind::Business, Country::Pl) => Self {
                nip: dice.nip(),
                company_name: format!("{} {} {}", dice.pick(&TRADES_PL), dice.pick(&BRANDS_PL), dice.pick(&FORMS_PL)),
                ..none
            },
            (CustomerKind::Business, Country::Ua) => Self {
                edrpou: dice.edrpou(),
                company_name: format!("{} «{}»", dice.pick(&FORMS_UA), dice.pick(&BRANDS_UA)),
                ..none
            },
        }
    }
}

fn gendered((man, woman): &(&str, &str), is_man: bool) -> String {
    (if is_man { man } else { woman }).to_string()
}

impl Place {
    pub fn invent(dice: &Dice, country: Country) -> Self {
        let house = dice.below(120) + 1;
        let flat = dice.below(60) + 1;
        let (street, (postal_code, city)) = match country {
            Country::Pl => (format!("ul. {} {house}/{flat}", dice.pick(&STREETS_PL)), *dice.pick(&TOWNS_PL)),
            Country::Ua => (format!("вул. {}, {house}, кв. {flat}", dice.pick(&STREETS_UA)), *dice.pick(&TOWNS_UA)),
        };
        Self { street, postal_code, city, country }
    }
}

const SURNAMES_PL: [(&str, &str); 24] = [
    ("Wiśniewski", "Wiśniewska"),
    ("Wójcik", "Wójcik"),
    ("Kowalczyk", "Kowalczyk"),
    ("Zieliński", "Zielińska"),
    ("Szymański", "Szymańska"),
    ("Woźniak", "Woźniak"),
    ("Dąbrowski", "Dąbrowska"),
    ("Kozłowski", "Kozłowska"),
    ("Jankowski", "Jankowska"),
    ("Mazur", "Mazur"),
    ("Krawczyk", "Krawczyk"),
    ("Piotrowski", "Piotrowska"),
    ("Grabowski", "Grabowska"),
    ("Nowakowski", "Nowakowska"),
    ("Pawłowski", "Pawłowska"),
    ("Michalski", "Michalska"),
    ("Król", "Król"),
    ("Wieczorek", "Wieczorek"),
    ("Jabłoński", "Jabłońska"),
    ("Wróbel", "Wróbel"),
    ("Gąsior", "Gąsior"),
    ("Żurek", "Żurek"),
    ("Ćwikła", "Ćwikła"),
    ("Łęcki", "Łęcka"),
];
const MEN_PL: [&str; 14] = [
    "Paweł",
    "Łukasz",
    "Michał",
    "Grzegorz",
    "Wojciech",
    "Józef",
    "Rafał",
    "Stanisław",
    "Jakub",
    "Krzysztof",
    "Marek",
    "Świętosław",
    "Błażej",
    "Tomasz",
];
const WOMEN_PL: [&str; 14] = [
    "Małgorzata",
    "Agnieszka",
    "Żaneta",
    "Łucja",
    "Elżbieta",
    "Bożena",
    "Zofia",
    "Grażyna",
    "Katarzyna",
    "Joanna",
    "Weronika",
    "Róża",
    "Kinga",
    "Danuta",
];
const TRADES_PL: [&str; 12] = [
    "Piekarnia",
    "Stolarnia",
    "Cukiernia",
    "Drukarnia",
    "Pracownia",
    "Tartak",
    "Młyn",
    "Ogrodnictwo",
    "Warsztat",
    "Hurtownia",
    "Kwiaciarnia",
    "Chłodnia",
];
const BRANDS_PL: [&str; 14] = [
    "Pod Lipą",
    "Złoty Kłos",
    "Źródełko",
    "Jaskółka",
    "Bystra",
    "Świerk",
    "Niezapominajka",
    "Żuraw",
    "Kądziel",
    "Modrzew",
    "Ważka",
    "Słonecznik",
    "Łabędź",
    "Czereśnia",
];
const FORMS_PL: [&str; 3] = ["sp. z o.o.", "sp. j.", "S.A."];
const STREETS_PL: [&str; 16] = [
    "Słoneczna",
    "Źródlana",
    "Świętojańska",
    "Łąkowa",
    "Różana",
    "Jesionowa",
    "Kościuszki",
    "Mickiewicza",
    "Piękna",
    "Żeromskiego",
    "Ogrodowa",
    "Wąska",
    "Młyńska",
    "Dębowa",
    "Kręta",
    "Ćwiartki",
];
const TOWNS_PL: [(&str, &str); 12] = [
    ("00-950", "Warszawa"),
    ("31-020", "Kraków"),
    ("50-001", "Wrocław"),
    ("60-101", "Poznań"),
    ("90-001", "Łódź"),
    ("40-098", "Katowice"),
    ("80-001", "Gdańsk"),
    ("15-001", "Białystok"),
    ("35-002", "Rzeszów"),
    ("44-100", "Gliwice"),
    ("25-001", "Kielce"),
    ("97-300", "Piotrków Trybunalski"),
];

const SURNAMES_UA: [&str; 20] = [
    "Коваленко",
    "Шевчук",
    "Бондаренко",
    "Ткаченко",
    "Кравченко",
    "Олійник",
    "Лисенко",
    "Їжакевич",
    "Ґалаґан",
    "Савченко",
    "Руденко",
    "Пономаренко",
    "Гончаренко",
    "Мороз",
    "Яценко",
    "Щербак",
    "Юрченко",
    "Заєць",
    "Єременко",
    "Дем’яненко",
];
const MEN_UA: [&str; 10] =
    ["Тарас", "Андрій", "Микола", "Олексій", "Сергій", "В’ячеслав", "Юрій", "Євген", "Ігор", "Богдан"];
const WOMEN_UA: [&str; 10] =
    ["Олена", "Марія", "Ганна", "Наталія", "Оксана", "Ірина", "Людмила", "Софія", "Катерина", "Єлизавета"];
const PATRONYMICS_UA: [(&str, &str); 10] = [
    ("Іванович", "Іванівна"),
    ("Петрович", "Петрівна"),
    ("Степанович", "Степанівна"),
    ("Олегович", "Олегівна"),
    ("Григорович", "Григорівна"),
    ("Юрійович", "Юріївна"),
    ("Васильович", "Василівна"),
    ("Ігорович", "Ігорівна"),
    ("Михайлович", "Михайлівна"),
    ("Євгенович", "Євгенівна"),
];
const FORMS_UA: [&str; 3] = ["ТОВ", "ПП", "ОСББ"];
const BRANDS_UA: [&str; 10] = [
    "Затишний дім",
    "Ворскла",
    "Калина",
    "Золотий колос",
    "Джерело",
    "Світанок",
    "Лелека",
    "Їжачок",
    "Ґанок",
    "Барвінок",
];
const STREETS_UA: [&str; 10] = [
    "Соборності",
    "Європейська",
    "Пушкарівська",
    "Шевченка",
    "Зигіна",
    "Небесної Сотні",
    "Гоголя",
    "Раїси Кириченко",
    "Сковороди",
    "Стрітенська",
];
const TOWNS_UA: [(&str, &str); 3] = [("36000", "Полтава"), ("36014", "Полтава"), ("39600", "Кременчук")];
