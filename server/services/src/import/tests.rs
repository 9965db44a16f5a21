//! Whole deliveries on both engines.

use std::fs;
use std::path::Path;

use openbok_domain::{Commodity, ContractStatus, CustomerKind, Date, Operator};
use openbok_storage::testing::count_rows;
use openbok_storage::{crm, crm_export, db_test};
use tempfile::TempDir;

use super::{ImportReport, Progress, Reason};
use crate::testing::{START_MICROS, TestPortal, operator};
use crate::{Services, demo_data};

const CUSTOMERS: &str = "customer_number,kind,pesel,nip,surname,company_name,email,phone,postal_code,country\n\
    K1,individual,44051401359,,Żurek,,jan@example.com,600 700 800,00-950,PL\n\
    K2,business,,856-734-62-15,,Młyn sp. z o.o.,,22 555 01 00,,\n";
const CONTRACTS: &str = "contract_number,customer_number,status,commodity,signed_on\n\
    um / 1,K1,active,electricity,2024-01-31\nUM/2,K2,draft,gas,\n";
const PAYERS: &str = "payer_number,customer_number,name,iban,opening_balance\n\
    P1,K1,Jan Żurek,PL61109010140000071219812874,12.30\n";
const SUPPLY_POINTS: &str = "supply_point_id,contract_number,payer_number,personal_account,street\n\
    590543500000000018,um / 1,P1,1-234-56-7,\"Długa 1, m. 2\"\n";
const METERS: &str = "meter_number,supply_point_id,registers,unit\nM1,590543500000000018,T1;T2,kWh\n";
const INVOICES: &str = "invoice_number,payer_number,kind,corrects,issued_on,due_on,gross\n\
    F3,P1,correction,F2,2026-03-01,2026-03-15,80\n\
    F2,P1,correction,F1,2026-02-01,2026-02-15,90.5\n\
    F1,P1,settlement,,2026-01-01,2026-01-15,100.00\n";
const LINES: &str = "invoice_number,position,description,quantity,unit,unit_price,net,vat_rate,gross\n\
    F1,1,Energia,10.500,kWh,0.50,5.25,23,6.46\n";
const PAYMENTS: &str = "payment_id,payer_number,invoice_number,paid_on,amount\n\
    W1,P1,F3,2026-03-05,80.00\nW2,P1,,2026-03-06,5\n";
const UNITS: &str = "unit_code,customer_number,installed_mw,pmin_mw,pmax_mw,technology\n\
    EW-1,K2,12.5,1,12,wind\nEW-2,K2,3,,,\nEW-3,K9,1,,,\nEW-4,K2,1,2,1,\nEW-5,K2,0.0001,,,\n";
const ALL: [(&str, &str); 8] = [
    ("customers.csv", CUSTOMERS),
    ("contracts.csv", CONTRACTS),
    ("payers.csv", PAYERS),
    ("supply_points.csv", SUPPLY_POINTS),
    ("meters.csv", METERS),
    ("invoices.csv", INVOICES),
    ("invoice_lines.csv", LINES),
    ("payments.csv", PAYMENTS),
];

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

async fn import(services: &Services, folder: &Path) -> ImportReport {
    services.import(&operator("mojbok"), folder, &mut |_| {}).await.unwrap()
}

async fn import_files(services: &Services, files: &[(&str, &str)]) -> ImportReport {
    import(services, folder(files).path()).await
}

/// Everything an operator has, as an export tells it.
async fn export(services: &Services, operator: &Operator) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    services.export(operator, folder.path()).await.unwrap();
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

fn found(report: &ImportReport) -> Vec<(&str, Option<u64>, Option<&str>, Reason)> {
    report.problems.iter().map(|it| (it.file.as_str(), it.line, it.field.as_deref(), it.reason)).collect()
}

db_test!(takes_generating_units_and_says_which_cannot_be_right, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let report = import_files(&portal.services, &[("customers.csv", CUSTOMERS), ("generating_units.csv", UNITS)]).await;
    assert_eq!(
        found(&report),
        [
            ("generating_units.csv", Some(5), Some("pmin_mw"), Reason::LimitsCross),
            ("generating_units.csv", Some(6), Some("installed_mw"), Reason::TooFine { decimals: 3 }),
            ("generating_units.csv", Some(4), Some("customer_number"), Reason::UnknownReference),
        ]
    );
    let exported = export(&portal.services, &operator("mojbok")).await;
    let units = exported.iter().find(|(name, _)| name == "generating_units.csv").map(|(_, text)| text.as_str());
    assert_eq!(
        units,
        Some(
            "unit_code,mrid,customer_number,name,technology,installed_mw,pmin_mw,pmax_mw,connection_point\n\
             EW-1,,K2,EW-1,wind,12.500,1.000,12.000,\nEW-2,,K2,EW-2,,3.000,0.000,3.000,\n"
        )
    );
});

db_test!(takes_a_whole_delivery_in_any_order_of_rows, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let report = import_files(&portal.services, &ALL).await;
    assert_eq!(found(&report), []);
    assert_eq!((report.accepted(), report.refused(), report.exit_status()), (13, 0, 0));
    assert_eq!(count_rows(&test.db, "mojbok").await, [2, 2, 1, 1, 1, 3, 2]);
    let mut reader = test.db.read().await.unwrap();
    let contracts = crm::list_contracts_by_key(reader.conn(), "mojbok", "UM/1").await.unwrap();
    assert!(contracts[0].tax_index.is_some(), "a customer is found by their PESEL");
    let exported = export(&portal.services, &operator("mojbok")).await;
    let invoices = &exported.iter().find(|(name, _)| name == "invoices.csv").unwrap().1;
    assert!(invoices.contains("F3,P1,correction,F2,2026-03-01,,,2026-03-15,80.00"), "{invoices}");
});

db_test!(the_same_delivery_twice_changes_nothing, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let operator = operator("mojbok");
    import_files(&portal.services, &ALL).await;
    let mut reader = test.db.read().await.unwrap();
    let first = crm::list_contracts_by_key(reader.conn(), "mojbok", "UM/1").await.unwrap().remove(0);
    let before = export(&portal.services, &operator).await;
    let report = import_files(&portal.services, &ALL).await;
    assert_eq!(report.exit_status(), 0);
    assert_eq!(export(&portal.services, &operator).await, before);
    let second = crm::list_contracts_by_key(reader.conn(), "mojbok", "UM/1").await.unwrap().remove(0);
    assert_eq!((first.customer_id, first.tax_index), (second.customer_id, second.tax_index));
});

db_test!(what_was_exported_imports_to_the_same, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let (from, to) = (operator("mojbok"), operator("ebok"));
    let delivery = tempfile::tempdir().unwrap();
    let today = Date::new(2026, 11, 20).unwrap();
    demo_data::write(&from, delivery.path(), today, 3, 20).unwrap();
    let report = import(&portal.services, delivery.path()).await;
    assert_eq!((found(&report), report.exit_status()), (vec![], 0));

    let exported = tempfile::tempdir().unwrap();
    portal.services.export(&from, exported.path()).await.unwrap();
    let report = portal.services.import(&to, exported.path(), &mut |_| {}).await.unwrap();
    assert_eq!((found(&report), report.exit_status()), (vec![], 0));
    assert_eq!(export(&portal.services, &to).await, export(&portal.services, &from).await);
    let counts = count_rows(&test.db, "ebok").await;
    assert_eq!(counts, count_rows(&test.db, "mojbok").await);
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
});

db_test!(reports_each_bad_row_without_its_values_and_keeps_the_good_ones, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let customers = "customer_number,kind,pesel,nip,surname,email,colour\n\
        K1,individual,44051401358,,Żurek,,\nK2,person,,,Żurek,,\nK3,individual,02381307589,,Żurek,,\n\
        ,individual,,,Żurek,,\nK5,,,,Żurek,,\nK6,individual,,,Żurek,jan(at)example.com,\n\
        K7,business,,8567346216,Żurek,,\nK8,individual,,,Żurek\nK9,individual,,,Żurek,,\n";
    let contracts = "contract_number,customer_number,status,commodity,signed_on,starts_on\n\
        U1,K9,active,electricity,2024-02-30,\nU2,K9,Active,electricity,,\nU3,K9,active,water,,\n\
        U4,K1,active,electricity,,\nU5,K9,active,electricity,,31.01.2024\nU6,K9,active,electricity,,\n";
    let supply_points = "supply_point_id,contract_number,payer_number,personal_account\n\
        590543500000000019,U6,,\nS2,U1,,\nS3,U6,P1,\nS4,U6,,12\nS5,U6,,1234567\n";
    let report = import_files(
        &portal.services,
        &[("customers.csv", customers), ("contracts.csv", contracts), ("supply_points.csv", supply_points)],
    )
    .await;
    let (c, k, s) = ("customers.csv", "contracts.csv", "supply_points.csv");
    assert_eq!(
        found(&report),
        [
            (c, None, Some("colour"), Reason::UnknownColumn),
            (c, Some(2), Some("pesel"), Reason::CheckDigit),
            (c, Some(3), Some("kind"), Reason::NotOneOf(CustomerKind::WORDS)),
            (c, Some(4), Some("pesel"), Reason::NoSuchDate),
            (c, Some(5), Some("customer_number"), Reason::Required),
            (c, Some(6), Some("kind"), Reason::Required),
            (c, Some(7), Some("email"), Reason::Malformed),
            (c, Some(8), Some("nip"), Reason::CheckDigit),
            (c, Some(9), None, Reason::FieldCount),
            (k, Some(2), Some("signed_on"), Reason::NoSuchDate),
            (k, Some(3), Some("status"), Reason::NotOneOf(ContractStatus::WORDS)),
            (k, Some(4), Some("commodity"), Reason::NotOneOf(Commodity::WORDS)),
            (k, Some(6), Some("starts_on"), Reason::NotADate),
            (k, Some(5), Some("customer_number"), Reason::UnknownReference),
            (s, Some(2), Some("supply_point_id"), Reason::CheckDigit),
            (s, Some(5), Some("personal_account"), Reason::WrongLength { digits: 7 }),
            (s, Some(3), Some("contract_number"), Reason::UnknownReference),
            (s, Some(4), Some("payer_number"), Reason::UnknownReference),
        ]
    );
    let told = report.problems.iter().map(ToString::to_string).collect::<String>();
    for value in ["44051401358", "Żurek", "jan(at)", "8567346216", "31.01"] {
        assert!(!told.contains(value), "{value}");
    }
    assert_eq!((report.accepted(), report.exit_status()), (3, 2));
});

db_test!(a_contract_does_not_end_before_it_begins, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let contracts = "contract_number,customer_number,status,starts_on,ends_on\n\
        U1,K1,active,2026-02-01,2026-01-31\nU2,K1,active,2026-02-01,2026-02-01\nU3,K1,ended,,2026-01-31\n\
        U4,K1,active,2026-02-01,\n";
    let report = import_files(&portal.services, &[("customers.csv", CUSTOMERS), ("contracts.csv", contracts)]).await;
    assert_eq!(found(&report), [("contracts.csv", Some(2), Some("ends_on"), Reason::EndsBeforeItBegins)]);
    assert_eq!(report.accepted(), 5);
});

db_test!(an_open_quotation_mark_swallows_no_row_in_silence, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let customers = "customer_number,kind,surname\nX3,individual,Dobry\nX4,individual,\"Niezamk\nX5,individual,Ok";
    let report = import_files(&portal.services, &[("customers.csv", customers)]).await;
    assert_eq!(found(&report), [("customers.csv", Some(3), None, Reason::OpenQuote)]);
    assert_eq!((report.accepted(), report.refused(), report.exit_status()), (1, 1, 2));
});

db_test!(reports_what_is_wrong_with_invoices_and_payments, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,period_from,period_to,due_on,gross,ksef_number\n\
        F1,P1,settlement,,2026-01-01,2026-02-01,2026-01-01,2026-01-15,1,\n\
        F2,P1,settlement,F2,2026-01-01,,,2026-01-15,1,\n\
        F3,P1,correction,F9,2026-01-01,,,2026-01-15,1,\n\
        F4,P9,settlement,,2026-01-01,,,2026-01-15,1,\n\
        F5,P1,settlement,,2026-01-01,,,2026-01-15,1.505,\n\
        F6,P1,settlement,,2026-01-01,,,2026-01-15,1,3010912976-20260111-02004011DD86-F1\n\
        F7,P1,settlement,,2026-01-01,,,2026-01-15,-1.50,\n";
    let lines = "invoice_number,position,description,net,gross,quantity,vat_rate\nF9,1,x,1,1,,\nF7,-1,x,1,1,,\n\
        F7,1,x,1,1,1e3,\nF7,2,x,1,,,\nF7,3,x,1,1,,\"23,0\"\n";
    let payments = "payment_id,payer_number,invoice_number,paid_on,amount\n\
        W1,P9,,2026-01-01,1\nW2,P1,F9,2026-01-01,1\nW3,P1,F7,2026-01-01,\nW4,P1,F7,2026-01-01,-1.50\n";
    let files = [
        ("customers.csv", CUSTOMERS),
        ("payers.csv", PAYERS),
        ("invoices.csv", invoices),
        ("invoice_lines.csv", lines),
        ("payments.csv", payments),
    ];
    let report = import_files(&portal.services, &files).await;
    let (i, l, p) = ("invoices.csv", "invoice_lines.csv", "payments.csv");
    assert_eq!(
        found(&report),
        [
            (i, Some(2), Some("period_to"), Reason::EndsBeforeItBegins),
            (i, Some(3), Some("corrects"), Reason::CorrectsItself),
            (i, Some(6), Some("gross"), Reason::TooFine { decimals: 2 }),
            (i, Some(7), Some("ksef_number"), Reason::CheckDigit),
            (i, Some(5), Some("payer_number"), Reason::UnknownReference),
            (i, Some(4), Some("corrects"), Reason::UnknownReference),
            (l, Some(3), Some("position"), Reason::OutOfRange),
            (l, Some(4), Some("quantity"), Reason::NotANumber),
            (l, Some(5), Some("gross"), Reason::Required),
            (l, Some(6), Some("vat_rate"), Reason::Malformed),
            (l, Some(2), Some("invoice_number"), Reason::UnknownReference),
            (p, Some(4), Some("amount"), Reason::Required),
            (p, Some(2), Some("payer_number"), Reason::UnknownReference),
            (p, Some(3), Some("invoice_number"), Reason::UnknownReference),
        ]
    );
});

db_test!(the_later_of_two_rows_with_one_key_wins, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let payers = format!("{PAYERS}P1,K1,Anna Żurek,,-1.00\n");
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,due_on,gross\n\
        F2,P1,correction,F1,2026-02-01,2026-02-15,1.00\nF2,P1,note,,2026-02-01,2026-02-15,2.00\n\
        F1,P1,settlement,,2026-01-01,2026-01-15,3.00\n";
    let units = "unit_code,customer_number,installed_mw,technology\nEW-1,K2,1,wind\nEW-1,K2,2,solar\n";
    let files = [
        ("customers.csv", CUSTOMERS),
        ("payers.csv", payers.as_str()),
        ("invoices.csv", invoices),
        ("generating_units.csv", units),
    ];
    let report = import_files(&portal.services, &files).await;
    assert_eq!((found(&report), report.accepted()), (vec![], 9));
    let exported = export(&portal.services, &operator("mojbok")).await;
    let text = |name: &str| exported.iter().find(|(file, _)| file == name).unwrap().1.clone();
    assert!(text("payers.csv").contains("P1,K1,Anna Żurek,,-1.00\n"));
    assert!(text("invoices.csv").contains("F2,P1,note,,2026-02-01,,,2026-02-15,2.00,"));
    assert!(text("generating_units.csv").ends_with("\nEW-1,,K2,EW-1,solar,2.000,0.000,2.000,\n"));
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
        ("invoices.csv", "F1,P1,note,,2026-01-01,,,2026-01-01,12.30,,,\n"),
        ("invoice_lines.csv", "F1,1,,,,,10.00,23,12.30\n"),
    ] {
        let text = &exported.iter().find(|(file, _)| file == name).unwrap().1;
        assert!(text.contains(row), "{text}");
    }
});

db_test!(reads_addresses_by_their_country_and_without_one_by_the_operators, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let customers = "customer_number,kind,postal_code,country\nK1,individual,00-950,Polska\nK2,individual,36000,Україна\n\
        K3,individual,00-950,\nK4,individual,D-10115,Niemcy\nK5,individual,36000,\nK6,individual,36000,PL\n\
        K7,individual,00-950,UKR\n";
    let report = import_files(&portal.services, &[("customers.csv", customers)]).await;
    let wrong = |line| ("customers.csv", Some(line), Some("postal_code"), Reason::Malformed);
    assert_eq!(found(&report), [wrong(6), wrong(7), wrong(8)]);
});

db_test!(contracts_that_differ_in_blanks_or_capitals_are_two, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let long = "U".repeat(64);
    let contracts = format!(
        "contract_number,customer_number,status\nUM/1 2,K1,active\nUM/12,K2,active\num/12,K2,draft\n{long},K1,active\n"
    );
    let files = [("customers.csv", CUSTOMERS), ("contracts.csv", contracts.as_str())];
    let report = import_files(&portal.services, &files).await;
    assert_eq!((found(&report), report.accepted()), (vec![], 6));
    let exported = export(&portal.services, &operator("mojbok")).await;
    let text = &exported.iter().find(|(file, _)| file == "contracts.csv").unwrap().1;
    for row in ["UM/1 2,K1,active", "UM/12,K2,active", "um/12,K2,draft", &long] {
        assert!(text.contains(row), "{text}");
    }
    let mut reader = test.db.read().await.unwrap();
    assert_eq!(crm::list_contracts_by_key(reader.conn(), "mojbok", "UM/12").await.unwrap().len(), 3);
});

/// Whether the portal shows the invoice as replaced, asked as the customer of K1 would.
async fn is_corrected(test: &openbok_storage::testing::TestDb, number: &str) -> bool {
    let mut reader = test.db.read().await.unwrap();
    let customer = crm::list_contracts_by_key(reader.conn(), "mojbok", "UM/1").await.unwrap()[0].customer_id;
    let scope = openbok_storage::office::Scope { operator: "mojbok".into(), customers: vec![customer] };
    let found = openbok_storage::office::find_invoice_by_number(reader.conn(), &scope, number).await.unwrap();
    found.unwrap().is_corrected
}

db_test!(a_correction_can_be_taken_back_or_aimed_at_another_invoice, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let header = "invoice_number,payer_number,kind,corrects,issued_on,gross\n";
    let before = format!(
        "{header}F1,P1,settlement,,2026-01-01,1\nF2,P1,settlement,,2026-01-01,1\nF3,P1,correction,F1,2026-02-01,1\n\
         F4,P1,correction,F1,2026-02-01,1\n"
    );
    let base = [("customers.csv", CUSTOMERS), ("contracts.csv", CONTRACTS), ("payers.csv", PAYERS)];
    import_files(&portal.services, &base).await;
    import_files(&portal.services, &[("invoices.csv", &before)]).await;
    assert!(is_corrected(&test, "F1").await && !is_corrected(&test, "F2").await);
    let moved = format!("{header}F3,P1,correction,F2,2026-02-01,1\n");
    import_files(&portal.services, &[("invoices.csv", &moved)]).await;
    assert!(is_corrected(&test, "F1").await, "F4 still corrects it");
    assert!(is_corrected(&test, "F2").await);
    let taken_back = format!("{header}F3,P1,note,,2026-02-01,1\nF4,P1,note,,2026-02-01,1\n");
    import_files(&portal.services, &[("invoices.csv", &taken_back)]).await;
    assert!(!is_corrected(&test, "F1").await && !is_corrected(&test, "F2").await);
});

db_test!(r37_a_payer_who_goes_to_another_customer_takes_the_invoices_along, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    import_files(&portal.services, &ALL).await;
    let mut reader = test.db.read().await.unwrap();
    let mut invoices_of = async |key: &str| {
        let customer = crm::list_contracts_by_key(reader.conn(), "mojbok", key).await.unwrap()[0].customer_id;
        let scope = openbok_storage::office::Scope { operator: "mojbok".into(), customers: vec![customer] };
        openbok_storage::office::find_invoice_by_number(reader.conn(), &scope, "F3").await.unwrap().is_some()
    };
    assert!(invoices_of("UM/1").await && !invoices_of("UM/2").await);
    let payers = PAYERS.replace("P1,K1", "P1,K2");
    assert_eq!(import_files(&portal.services, &[("payers.csv", &payers)]).await.exit_status(), 0);
    assert!(!invoices_of("UM/1").await && invoices_of("UM/2").await);
});

db_test!(documents_without_an_invoice_do_not_stay, |test| {
    let files = tempfile::tempdir().unwrap();
    let kept = || fs::read_dir(files.path()).map_or(0, Iterator::count);
    let portal = TestPortal::with(test.db.clone(), |parts| parts.settings.files = files.path().to_owned()).await;
    let header = "invoice_number,payer_number,kind,corrects,issued_on,gross,pdf\n";
    let invoices = format!(
        "{header}F1,P1,note,,2026-01-01,1,a.pdf\nF2,P9,note,,2026-01-01,1,b.pdf\nF3,P1,correction,F9,2026-01-01,1,b.pdf\n"
    );
    let delivery = folder(&[
        ("customers.csv", CUSTOMERS),
        ("payers.csv", PAYERS),
        ("invoices.csv", &invoices),
        ("a.pdf", "%PDF-1.7 a"),
        ("b.pdf", "%PDF-1.7 b"),
    ]);
    assert_eq!(import(&portal.services, delivery.path()).await.refused(), 2);
    assert_eq!(kept(), 1, "those of refused invoices are gone");
    fs::write(delivery.path().join("a.pdf"), "%PDF-1.7 newer").unwrap();
    import(&portal.services, delivery.path()).await;
    assert_eq!(kept(), 1, "the former one is gone");

    fs::write(delivery.path().join("invoices.csv"), format!("{header}F1,P1,note,,2026-01-01,1,\n")).unwrap();
    import(&portal.services, delivery.path()).await;
    let mut reader = test.db.read().await.unwrap();
    assert_eq!(crm_export::find_invoice_file(reader.conn(), "mojbok", "F1").await.unwrap(), None, "empty is absent");
    fs::write(files.path().join("somebody-elses.pdf"), "").unwrap();
    let now = std::time::UNIX_EPOCH + std::time::Duration::from_micros(START_MICROS.unsigned_abs());
    for file in fs::read_dir(files.path()).unwrap() {
        fs::File::options().write(true).open(file.unwrap().path()).unwrap().set_modified(now).unwrap();
    }
    portal.services.sweep_files().await.unwrap();
    assert_eq!(kept(), 2, "what is younger than a day may belong to an import that is under way");
    portal.clock.advance(std::time::Duration::from_hours(25));
    portal.services.sweep_files().await.unwrap();
    assert_eq!(kept(), 1, "only the file of the portal's own is swept");
});

db_test!(keeps_the_pdf_of_an_invoice_once, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let header = "invoice_number,payer_number,kind,corrects,issued_on,due_on,gross,pdf\n";
    let invoices = format!(
        "{header}F2,P1,correction,F1,2026-02-01,2026-02-15,1,b.pdf\nF1,P1,note,,2026-01-01,2026-01-15,1,a.pdf\n\
         F3,P1,note,,2026-01-01,2026-01-15,1,../a.pdf\nF4,P1,note,,2026-01-01,2026-01-15,1,none.pdf\n"
    );
    let folder = folder(&[
        ("customers.csv", CUSTOMERS),
        ("payers.csv", PAYERS),
        ("invoices.csv", &invoices),
        ("a.pdf", "%PDF-1.7 a"),
        ("b.pdf", "%PDF-1.7 b"),
    ]);
    let report = import(&portal.services, folder.path()).await;
    let refused = [
        ("invoices.csv", Some(4), Some("pdf"), Reason::BadFileName),
        ("invoices.csv", Some(5), Some("pdf"), Reason::NoSuchFile),
    ];
    assert_eq!(found(&report), refused);
    let mut reader = test.db.read().await.unwrap();
    let mut names = Vec::new();
    for (number, content) in [("F1", "%PDF-1.7 a"), ("F2", "%PDF-1.7 b")] {
        let name = crm_export::find_invoice_file(reader.conn(), "mojbok", number).await.unwrap().unwrap();
        assert_eq!(portal.services.read_file(&name).await.unwrap(), content.as_bytes());
        names.push(name);
    }
    import(&portal.services, folder.path()).await;
    fs::write(folder.path().join("b.pdf"), "%PDF-1.7 changed").unwrap();
    import(&portal.services, folder.path()).await;
    let same = crm_export::find_invoice_file(reader.conn(), "mojbok", "F1").await.unwrap();
    assert_eq!(same.as_ref(), Some(&names[0]), "the same document keeps its name");
    let changed = crm_export::find_invoice_file(reader.conn(), "mojbok", "F2").await.unwrap().unwrap();
    assert_ne!(changed, names[1]);
    assert_eq!(portal.services.read_file(&changed).await.unwrap(), b"%PDF-1.7 changed");
});

db_test!(one_operators_delivery_does_not_touch_another, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    import_files(&portal.services, &ALL).await;
    let foreign = folder(&[("payers.csv", PAYERS), ("contracts.csv", CONTRACTS)]);
    let report = portal.services.import(&operator("ebok"), foreign.path(), &mut |_| {}).await.unwrap();
    assert!(report.problems.iter().all(|problem| problem.reason == Reason::UnknownReference));
    assert_eq!((report.accepted(), report.refused()), (0, 3), "its customers belong to the other operator");
});

db_test!(an_interrupted_delivery_is_whole_rows_and_completed_by_another_run, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let delivery = tempfile::tempdir().unwrap();
    demo_data::bulk(&operator("mojbok"), delivery.path(), 2_500).unwrap();
    let (services, path) = (portal.services.clone(), delivery.path().to_owned());
    let (told, batches) = tokio::sync::oneshot::channel();
    let mut told = Some(told);
    let cut = tokio::spawn(async move {
        let mut progress = |progress: Progress<'_>| {
            if progress.file == "contracts.csv"
                && let Some(told) = told.take()
            {
                told.send(progress.done).unwrap();
            }
        };
        services.import(&operator("mojbok"), &path, &mut progress).await
    });
    assert_eq!(batches.await.unwrap(), 1000);
    cut.abort();
    let _ = cut.await;
    let counts = count_rows(&test.db, "mojbok").await;
    assert!(counts[0] == 2_500 && [1000, 2000, 2500].contains(&counts[1]), "{counts:?}");
    assert_eq!(import(&portal.services, delivery.path()).await.exit_status(), 0);
    let counts = count_rows(&test.db, "mojbok").await;
    assert_eq!(counts, [2_500, 2_500, 2_500, 2_500, 0, 0, 0]);
});

db_test!(tells_how_far_it_is_and_leaves_an_audit_entry, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let mut seen = Vec::new();
    let folder = folder(&ALL);
    let mut progress = |it: Progress<'_>| seen.push((it.file.to_owned(), it.done, it.refused));
    portal.services.import(&operator("mojbok"), folder.path(), &mut progress).await.unwrap();
    assert_eq!(seen[0], ("customers.csv".to_owned(), 2, 0));
    assert_eq!(seen.last().unwrap(), &("payments.csv".to_owned(), 2, 0));
    let mut reader = test.db.read().await.unwrap();
    let entries = openbok_storage::audit::list(reader.conn(), 0, 10).await.unwrap();
    let entry = entries.iter().find(|entry| entry.event == "import").unwrap();
    assert_eq!((entry.outcome.as_str(), entry.actor.as_str()), ("ok", "command-line"));
    assert!(entry.note.starts_with("customers.csv 2+0 contracts.csv 2+0"), "{}", entry.note);
});

/// Prints how many rows a second are taken: `cargo test … import_speed -- --ignored --nocapture`.
#[ignore = "a measurement, not a test"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "measures real time")]
async fn import_speed_of_a_hundred_thousand_customers() {
    let test = openbok_storage::testing::sqlite().await;
    let portal = TestPortal::new(test.db.clone()).await;
    let delivery = tempfile::tempdir().unwrap();
    demo_data::bulk(&operator("mojbok"), delivery.path(), 100_000).unwrap();
    for round in ["first", "again"] {
        let start = std::time::Instant::now();
        let report = import(&portal.services, delivery.path()).await;
        let seconds = start.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = report.accepted() as f64 / seconds;
        println!("{round}: {} rows in {seconds:.1} s, {rate:.0} rows/s", report.accepted());
        assert_eq!(report.exit_status(), 0);
    }
}
