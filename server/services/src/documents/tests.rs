//! What a customer, a screen reader and an accountant find in the invoice; read back with poppler's tools.

use std::io::Write as _;
use std::process::{Command, Stdio};

use openbok_domain::{Colour, Currency, Date, Decimal, InvoiceKind, Lang, Nip, TaxId, VatRate};

use super::{InvoiceDocument, InvoiceLine, Party, invoice_pdf};

fn day(year: i32, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn charge(description: &str, quantity: i64, unit: &str, net_minor: i64, rate: i64) -> InvoiceLine {
    InvoiceLine {
        description: description.to_owned(),
        quantity: Some(Decimal { units: quantity, scale: 3 }),
        unit: Some(unit.to_owned()),
        unit_price: Some(Decimal { units: 61_230, scale: 5 }),
        net_minor,
        vat_rate: Some(VatRate::Percent(Decimal { units: rate, scale: 0 })),
        gross_minor: net_minor + net_minor * rate / 100,
    }
}

fn sample() -> InvoiceDocument {
    InvoiceDocument {
        brand: "Polana Energia".to_owned(),
        accent: Colour::new(11, 87, 164),
        contact: vec!["22 000 00 00, pon.–pt. 8–18".to_owned(), "bok@polana.example".to_owned()],
        seller: Party {
            name: "Polana Energia sp. z o.o.".to_owned(),
            address: vec!["ul. Słoneczna 1".to_owned(), "00-001 Warszawa".to_owned()],
            tax_id: Some(TaxId::Nip(Nip::parse("8567346215").unwrap())),
        },
        buyer: Party {
            name: "Łucja Żółć-Gęślą".to_owned(),
            address: vec!["ul. Kręta 7/12".to_owned(), "31-002 Kraków".to_owned()],
            tax_id: None,
        },
        number: "FV/2026/10/001".to_owned(),
        kind: InvoiceKind::Settlement,
        corrects: None,
        issued_on: day(2026, 11, 5),
        period: Some((day(2026, 10, 1), day(2026, 10, 31))),
        due_on: Some(day(2026, 11, 20)),
        currency: Currency::Pln,
        lines: vec![
            charge("Energia czynna całodobowa", 412_000, "kWh", 25_227, 23),
            charge("Opłata handlowa", 1_000, "mies.", 1_000, 23),
            charge("Publikacja taryfy", 1_000, "szt.", 200, 8),
        ],
        gross_minor: 32_475,
        to_pay_minor: 32_475,
        account: Some("61 1090 1014 0000 0712 1981 2874".to_owned()),
        transfer_title: Some("FV/2026/10/001".to_owned()),
        ksef_number: Some("5265877635-20250826-0100001AF629-AF".to_owned()),
    }
}

/// Runs one of poppler's tools on the file.
fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let place = match tool {
        "pdftotext" => &["-"][..],
        _ => &[],
    };
    let output = Command::new(tool)
        .args(arguments)
        .arg(file.path())
        .args(place)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{tool} (package poppler-utils) must be installed: {error}"));
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).replace('\u{a0}', " ")
}

fn text(pdf: &[u8]) -> String {
    poppler("pdftotext", &["-layout"], pdf)
}

#[test]
fn states_everything_an_invoice_must() {
    let text = text(&invoice_pdf(&sample(), Lang::Pl).unwrap());
    for part in [
        "Polana Energia",
        "bok@polana.example",
        "Faktura FV/2026/10/001",
        "5 listopada 2026",
        "20 listopada 2026",
        "01.10.2026",
        "31.10.2026",
        "NIP 856-734-62-15",
        "Łucja Żółć-Gęślą",
        "Energia czynna całodobowa",
        "412,000",
        "kWh",
        "0,61230",
        "252,27",
        "310,29",
        "324,75 zł",
        "61 1090 1014 0000 0712 1981 2874",
        "5265877635-20250826-0100001AF629-AF",
        "Strona 1 z 1",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn sums_net_tax_and_gross_by_rate_and_in_total() {
    let text = text(&invoice_pdf(&sample(), Lang::Pl).unwrap());
    let rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ").replace(" %", "%"));
    let rows: Vec<String> = rows.collect();
    let row =
        |start: &str| rows.iter().find(|row| row.starts_with(start)).unwrap_or_else(|| panic!("{start} in {text}"));
    assert_eq!(row("23%"), "23% 262,27 60,32 322,59");
    assert_eq!(row("8%"), "8% 2,00 0,16 2,16");
    assert_eq!(row("Razem"), "Razem 264,27 60,48 324,75");
}

#[test]
fn treats_23_and_23_00_as_one_rate_and_shows_words_as_they_are() {
    let mut document = sample();
    let rate = |text: &str| Some(text.parse::<VatRate>().unwrap());
    document.lines[1].vat_rate = rate("23.00");
    document.lines[2].vat_rate = rate("np.");
    document.lines[2].gross_minor = document.lines[2].net_minor;
    let rates: Vec<_> = document.sums_by_rate().into_iter().map(|(rate, sums)| (rate, sums.vat_minor())).collect();
    assert_eq!(rates, [(rate("23"), 6_032), (rate("np."), 0)]);
    assert!(text(&invoice_pdf(&document, Lang::Pl).unwrap()).contains("np."));
}

#[test]
fn draws_an_invoice_of_which_billing_delivered_the_least() {
    let mut document = sample();
    document.buyer = Party { name: "K100".to_owned(), address: vec![String::new()], tax_id: None };
    let empty = |line: InvoiceLine| InvoiceLine {
        description: String::new(),
        quantity: None,
        unit: None,
        unit_price: None,
        vat_rate: None,
        ..line
    };
    document.lines = document.lines.into_iter().map(empty).collect();
    assert!(text(&invoice_pdf(&document, Lang::Pl).unwrap()).contains("K100"));
}

#[test]
fn speaks_every_language_with_its_own_letters() {
    let mut document = sample();
    document.buyer.name = "Їжакевич Ґалаґан".to_owned();
    document.currency = Currency::Uah;
    for (lang, title) in [(Lang::Pl, "Nabywca"), (Lang::Uk, "Споживач"), (Lang::En, "Buyer")] {
        let pdf = invoice_pdf(&document, lang).unwrap();
        let text = text(&pdf);
        assert!(text.contains("Їжакевич Ґалаґан"), "{text}");
        assert!(text.contains(title), "{text}");
    }
}

#[test]
fn is_tagged_for_screen_readers() {
    let pdf = invoice_pdf(&sample(), Lang::Uk).unwrap();
    let info = poppler("pdfinfo", &[], &pdf);
    let field = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("{name} in {info}")).trim().to_owned()
    };
    assert_eq!(field("Title"), "Рахунок FV/2026/10/001");
    assert_eq!(field("Tagged"), "yes");
    assert!(poppler("pdfinfo", &["-meta"], &pdf).contains("<pdfuaid:part>1</pdfuaid:part>"));
    assert_eq!(field("Page size"), "595.28 x 841.89 pts (A4)");
    assert!(pdf.windows(10).any(|window| window == b"/Lang(uk)/"), "the document names its language");

    let structure = poppler("pdfinfo", &["-struct-text"], &pdf);
    for (tag, count) in [("H1", 1), ("H2", 6), ("Table", 2), ("THead", 2), ("TH", 12), ("TD", 32)] {
        let tags = structure.lines().filter_map(|line| line.split_whitespace().next());
        let found = tags.filter(|first| first.trim_end_matches(':') == tag).count();
        assert_eq!(found, count, "{tag} in {structure}");
    }
    assert_eq!(structure.matches("/Scope /Column").count(), 11, "{structure}");
    assert_eq!(structure.matches("/Scope /Row").count(), 1, "{structure}");
    assert!(!structure.contains("Сторінка 1"), "page numbers are not read out");
}

#[test]
fn repeats_the_header_on_every_page_and_loses_no_line() {
    let mut document = sample();
    document.lines = (1..=200)
        .map(|index| charge(&format!("Pozycja {index:03} z opisem na dwie linijki tekstu"), 1_000, "szt.", 100, 23))
        .collect();
    let pdf = invoice_pdf(&document, Lang::Pl).unwrap();
    let text = text(&pdf);
    let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
    assert!(pages.len() >= 5, "{} pages", pages.len());
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Strona {} z {}", index + 1, pages.len())), "{page}");
        assert_eq!(page.contains("Pozycja"), page.contains("Opis"), "{page}");
    }
    for index in 1..=200 {
        assert_eq!(text.matches(&format!("Pozycja {index:03} ")).count(), 1, "line {index}");
    }
    let structure = poppler("pdfinfo", &["-struct-text"], &pdf);
    assert_eq!(structure.matches("\"Opis\"").count(), 1, "the repeated header is not read out again");
}

#[test]
fn lets_a_description_longer_than_a_page_run_on() {
    let mut document = sample();
    document.lines[0].description = "długie słowa ".repeat(900);
    let text = text(&invoice_pdf(&document, Lang::Pl).unwrap());
    assert_eq!(text.matches("długie").count(), 900);
    assert!(text.contains("Strona 2 z "));
}

#[test]
fn asks_for_no_transfer_when_there_is_nothing_to_pay() {
    let mut document = sample();
    document.kind = InvoiceKind::Correction;
    document.corrects = Some("FV/2026/09/001".to_owned());
    (document.gross_minor, document.to_pay_minor) = (-1_250, -1_250);
    let text = text(&invoice_pdf(&document, Lang::Pl).unwrap());
    for part in ["Faktura korygująca", "Koryguje fakturę FV/2026/09/001", "Do zwrotu", "12,50 zł"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    for part in ["1090", "Jak zapłacić", "Termin płatności"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

#[test]
fn states_amount_and_due_date_of_an_invoice_without_lines_when_nothing_is_left_to_pay() {
    let mut document = sample();
    document.lines.clear();
    document.to_pay_minor = 0;
    let paid = text(&invoice_pdf(&document, Lang::Pl).unwrap());
    for part in ["0,00 zł", "324,75 zł", "20 listopada 2026"] {
        assert!(paid.contains(part), "{part} in {paid}");
    }
    (document.to_pay_minor, document.due_on) = (32_475, None);
    let undated = text(&invoice_pdf(&document, Lang::Pl).unwrap());
    assert!(!undated.contains("Termin płatności"), "{undated}");
}

#[test]
fn survives_empty_and_hostile_texts() {
    let mut document = sample();
    document.lines.clear();
    document.contact.clear();
    document.account = Some(String::new());
    document.brand = "漢字 🎉 \u{0}\u{7}\u{feff}\u{e000} e\u{301} שלום".to_owned();
    document.seller.name = String::new();
    document.buyer.name = "W".repeat(300);
    document.to_pay_minor = i64::MAX;
    assert!(invoice_pdf(&document, Lang::En).unwrap().starts_with(b"%PDF-1.7"));
    document.to_pay_minor = i64::MIN;
    assert!(invoice_pdf(&document, Lang::En).is_ok());
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    let (first, second) = (invoice_pdf(&sample(), Lang::Pl).unwrap(), invoice_pdf(&sample(), Lang::Pl).unwrap());
    assert_eq!(first, second);
    assert_ne!(first, invoice_pdf(&sample(), Lang::En).unwrap());
}
