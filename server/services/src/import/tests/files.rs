//! Files as such: both formats, every column, and what is left out.

use openbok_storage::db_test;

use super::*;

db_test!(an_open_quotation_mark_swallows_no_row_in_silence, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let customers = "customer_number,kind,surname\nX3,individual,Dobry\nX4,individual,\"Niezamk\nX5,individual,Ok";
    let report = import_files(&portal.services, &[("customers.csv", customers)]).await;
    assert_eq!(found(&report), [("customers.csv", Some(3), None, Reason::OpenQuote)]);
    assert_eq!((report.accepted(), report.refused(), report.exit_status()), (1, 1, 2));
});

db_test!(refuses_a_file_without_a_column_it_needs_and_says_what_it_leaves_out, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let files = [
        ("customers.csv", CUSTOMERS),
        ("payers.csv", "payer_number,name\nP1,Jan Żurek\n"),
        ("Readings.JSONL", "{}"),
        ("invoice.csv", "invoice_number\nF1\n"),
        ("letter.txt", "Dear colleagues"),
    ];
    let report = import_files(&portal.services, &files).await;
    assert_eq!(
        found(&report),
        [
            ("payers.csv", None, Some("customer_number"), Reason::MissingColumn),
            ("Readings.JSONL", None, None, Reason::NotReadByThisRelease),
            ("invoice.csv", None, None, Reason::UnknownFile),
        ]
    );
    assert_eq!((report.exit_status(), report.accepted()), (2, 2));

    let nothing = import_files(&portal.services, &[("outages.csv", "outage_id\n1\n")]).await;
    assert_eq!((nothing.is_nothing_read(), nothing.exit_status()), (true, 1));
    assert!(portal.services.import(&operator("mojbok"), Path::new("/nowhere"), &mut |_| {}).await.is_err());
});

db_test!(says_once_which_columns_a_file_lacks_and_takes_its_rows, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let contracts = "contract_number,customer_number,status,commodity,tariff\nU1,K1,active,,\nU2,K1,active,,\n";
    let payers = "{\"payer_number\":\"P1\",\"customer_number\":\"K1\",\"iban\":null}\n\
                  {\"payer_number\":\"P2\",\"customer_number\":\"K1\",\"opening_balance\":1}\n";
    let all = CUSTOMERS.replacen("customer_number", "colour,customer_number", 1).replace("\nK", "\n,K");
    let files = [("contracts.csv", contracts), ("payers.jsonl", payers), ("customers.csv", all.as_str())];
    let report = import_files(&portal.services, &files).await;
    let told: Vec<_> = report.problems.iter().map(ToString::to_string).collect();
    let absent = "the file lacks this; it counts as empty in every row";
    assert_eq!(
        told,
        [
            "customers.csv: colour: the format has no such column; it was left out".to_owned(),
            format!("customers.csv: rnokpp, edrpou, given_name, patronymic, street, city: {absent}"),
            format!("contracts.csv: signed_on, starts_on, ends_on: {absent}"),
            format!("payers.jsonl: name: {absent}"),
        ]
    );
    assert_eq!((report.accepted(), report.refused(), report.exit_status()), (6, 0, 0));
});

db_test!(a_file_of_no_bytes_is_nothing_that_could_be_read, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    for file in ["payments.csv", "payments.jsonl"] {
        let report = import_files(&portal.services, &[(file, "")]).await;
        assert_eq!((report.problems.len(), report.exit_status()), (1, 1), "{file}");
        let report = import_files(&portal.services, &[("customers.csv", CUSTOMERS), (file, "")]).await;
        assert_eq!(report.exit_status(), 2, "{file}");
    }
});

db_test!(takes_json_lines_and_csv_alike, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let payers = "{\"payer_number\":\"P1\",\"customer_number\":\"K1\",\"name\":\"Jan Żurek\",\"opening_balance\":12.30,\
                  \"iban\":\"PL61109010140000071219812874\"}\n{\"payer_number\":\"P2\"}\n";
    let report = import_files(&portal.services, &[("customers.csv", CUSTOMERS), ("payers.jsonl", payers)]).await;
    assert_eq!(found(&report), [("payers.jsonl", Some(2), Some("customer_number"), Reason::Required)]);
    let exported = export(&portal.services, &operator("mojbok")).await;
    let (_, text) = exported.iter().find(|(name, _)| name == "payers.csv").unwrap();
    assert_eq!(*text, PAYERS);
});

/// Rows of a table, each field with its column.
type Rows = &'static [&'static [(&'static str, &'static str)]];

/// A delivery of everything the format has, by file and column.
const FULL: [(&str, Rows); 8] = [
    (
        "customers",
        &[&[
            ("customer_number", "K1"),
            ("kind", "individual"),
            ("pesel", "44051401359"),
            ("nip", "8567346215"),
            ("rnokpp", "1759013776"),
            ("edrpou", "32855961"),
            ("surname", "Żurek"),
            ("given_name", "Jan"),
            ("patronymic", "Іванович"),
            ("company_name", "Młyn \"Pod Lipą\", sp. j."),
            ("email", "jan@example.com"),
            ("phone", "+48600700800"),
            ("street", "ul. Długa 1, m. 2"),
            ("postal_code", "00-950"),
            ("city", "Warszawa"),
            ("country", "PL"),
        ]],
    ),
    (
        "contracts",
        &[&[
            ("contract_number", "UM/2024 1"),
            ("customer_number", "K1"),
            ("status", "ended"),
            ("commodity", "gas"),
            ("tariff", "W-3.6"),
            ("signed_on", "2024-01-31"),
            ("starts_on", "2024-02-01"),
            ("ends_on", "2026-02-28"),
        ]],
    ),
    (
        "payers",
        &[&[
            ("payer_number", "P1"),
            ("customer_number", "K1"),
            ("name", "Jan Żurek"),
            ("iban", "PL61109010140000071219812874"),
            ("opening_balance", "-12.30"),
        ]],
    ),
    (
        "supply_points",
        &[&[
            ("supply_point_id", "590543500000000018"),
            ("contract_number", "UM/2024 1"),
            ("payer_number", "P1"),
            ("personal_account", "1234567"),
            ("street", "ul. Długa 1"),
            ("postal_code", "36000"),
            ("city", "Полтава"),
            ("country", "UA"),
        ]],
    ),
    (
        "meters",
        &[&[
            ("meter_number", "M1"),
            ("supply_point_id", "590543500000000018"),
            ("registers", "T1;T2"),
            ("unit", "m3"),
            ("installed_on", "2024-02-01"),
            ("removed_on", "2026-02-28"),
        ]],
    ),
    (
        "invoices",
        &[
            &[
                ("invoice_number", "F1"),
                ("payer_number", "P1"),
                ("kind", "settlement"),
                ("corrects", ""),
                ("issued_on", "2026-01-01"),
                ("period_from", "2025-12-01"),
                ("period_to", "2025-12-31"),
                ("due_on", "2026-01-15"),
                ("gross", "123.45"),
                ("ksef_number", "5265877635-20250826-0100001AF629-AF"),
                ("ksef_sha256", "fbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfbfb"),
                ("pdf", ""),
            ],
            &[
                ("invoice_number", "F2"),
                ("payer_number", "P1"),
                ("kind", "correction"),
                ("corrects", "F1"),
                ("issued_on", "2026-02-01"),
                ("period_from", ""),
                ("period_to", ""),
                ("due_on", "2026-02-15"),
                ("gross", "-0.05"),
                ("ksef_number", ""),
                ("ksef_sha256", ""),
                ("pdf", ""),
            ],
        ],
    ),
    (
        "invoice_lines",
        &[&[
            ("invoice_number", "F1"),
            ("position", "1"),
            ("description", "Paliwo gazowe"),
            ("quantity", "10.500"),
            ("unit", "m3"),
            ("unit_price", "0.50000"),
            ("net", "100.00"),
            ("vat_rate", "zw"),
            ("gross", "100.00"),
        ]],
    ),
    (
        "payments",
        &[&[
            ("payment_id", "W1"),
            ("payer_number", "P1"),
            ("invoice_number", "F1"),
            ("paid_on", "2026-01-10"),
            ("amount", "100.00"),
        ]],
    ),
];

/// A table of [`FULL`] as an export writes it.
fn as_csv(rows: Rows) -> String {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(rows[0].iter().map(|(name, _)| name)).unwrap();
    for row in rows {
        file.write_record(row.iter().map(|(_, value)| value)).unwrap();
    }
    String::from_utf8(file.into_inner().unwrap()).unwrap()
}

/// The same as JSON Lines: amounts as numbers, absent values as null or left out.
fn as_json_lines(rows: Rows) -> String {
    let object = |row: &&[(&str, &str)]| {
        let fields = row.iter().filter(|(name, value)| !value.is_empty() || *name != "pdf").map(|(name, value)| {
            let is_number =
                ["position", "quantity", "unit_price", "net", "gross", "amount", "opening_balance"].contains(name);
            let value = match *value {
                "" => "null".to_owned(),
                value if is_number => value.to_owned(),
                value => serde_json::to_string(value).unwrap(),
            };
            format!("\"{name}\":{value}")
        });
        format!("{{{}}}\n", fields.collect::<Vec<_>>().join(","))
    };
    rows.iter().map(object).collect()
}

db_test!(takes_every_table_with_every_field_as_csv_and_as_json_lines, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let expected: Vec<_> = FULL.iter().map(|(table, rows)| (format!("{table}.csv"), as_csv(rows))).collect();
    for (slug, ending, write) in [("mojbok", "csv", as_csv as fn(Rows) -> String), ("ebok", "JSONL", as_json_lines)] {
        let operator = operator(slug);
        let files: Vec<_> = FULL.iter().map(|(table, rows)| (format!("{table}.{ending}"), write(rows))).collect();
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let report = portal.services.import(&operator, folder(&files).path(), &mut |_| {}).await.unwrap();
        assert_eq!((found(&report), report.accepted(), report.exit_status()), (vec![], 9, 0), "{ending}");
        let exported = export(&portal.services, &operator).await;
        for (name, text) in &expected {
            assert_eq!(&exported.iter().find(|(file, _)| file == name).unwrap().1, text, "{ending}");
        }
    }
});

db_test!(takes_rows_that_say_no_more_than_they_must, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let files = [
        ("customers.csv", "customer_number,kind\nK1,individual\n"),
        ("contracts.csv", "contract_number,customer_number,status\nU1,K1,active\nU2,K1,active\n"),
        ("payers.csv", "payer_number,customer_number\nP1,K1\n"),
        ("supply_points.csv", "supply_point_id,contract_number\nS1,U1\n"),
        ("meters.csv", "meter_number,supply_point_id\nM1,S1\n"),
        ("invoices.csv", "invoice_number,payer_number,kind,issued_on,gross\nF1,P1,note,2026-01-01,12.30\n"),
        ("invoice_lines.jsonl", "{\"invoice_number\":\"F1\",\"position\":1,\"gross\":12.30,\"vat_rate\":\"23%\"}\n"),
        ("payments.csv", "payment_id,payer_number,paid_on,amount\nW1,P1,2026-01-02,1\n"),
    ];
    let report = import_files(&portal.services, &files).await;
    assert_eq!((found(&report), report.exit_status()), (vec![], 0));
    let exported = export(&portal.services, &operator("mojbok")).await;
    for (name, row) in [
        ("contracts.csv", "U1,K1,active,electricity,,,,\n"),
        ("payers.csv", "P1,K1,P1,,0.00\n"),
        ("meters.csv", "M1,S1,T1,kWh,,\n"),
        ("invoices.csv", "F1,P1,note,,2026-01-01,,,,12.30,,,\n"),
        ("invoice_lines.csv", "F1,1,,,,,10.00,23,12.30\n"),
    ] {
        let text = &exported.iter().find(|(file, _)| file == name).unwrap().1;
        assert!(text.contains(row), "{text}");
    }
});
