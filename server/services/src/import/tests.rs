//! Whole deliveries on both engines.

use std::fs;
use std::path::Path;

use openbok_domain::{Date, Operator};
use openbok_storage::{crm, crm_export, db_test};
use tempfile::TempDir;

use super::{ImportReport, Progress, Reason};
use crate::testing::{TestPortal, operator};
use crate::{Services, demo_data};

const CUSTOMERS: &str = "customer_number,kind,pesel,nip,surname,company_name,email,phone,postal_code,country\n\
    K1,individual,44051401359,,Żurek,,jan@example.com,600 700 800,00-950,PL\n\
    K2,business,,856-734-62-15,,Młyn sp. z o.o.,,22 555 01 00,,\n";
const CONTRACTS: &str = "contract_number,customer_number,status,commodity,signed_on\n\
    um / 1,K1,active,electricity,2024-01-31\nUM/2,K2,draft,gas,\n";
const PAYERS: &str = "payer_number,customer_number,name,iban,opening_balance\n\
    P1,K1,Jan Żurek,PL61109010140000071219812874,12.30\n";
const SUPPLY_POINTS: &str = "supply_point_id,contract_number,payer_number,personal_account,street\n\
    590543500000000018,UM/1,P1,1-234-56-7,\"Długa 1, m. 2\"\n";
const METERS: &str = "meter_number,supply_point_id,registers,unit\nM1,590543500000000018,T1;T2,kWh\n";
const INVOICES: &str = "invoice_number,payer_number,kind,corrects,issued_on,due_on,gross\n\
    F3,P1,correction,F2,2026-03-01,2026-03-15,80\n\
    F2,P1,correction,F1,2026-02-01,2026-02-15,90.5\n\
    F1,P1,settlement,,2026-01-01,2026-01-15,100.00\n";
const LINES: &str = "invoice_number,position,description,quantity,unit,unit_price,net,vat_rate,gross\n\
    F1,1,Energia,10.500,kWh,0.50,5.25,23,6.46\n";
const PAYMENTS: &str = "payment_id,payer_number,invoice_number,paid_on,amount\n\
    W1,P1,F3,2026-03-05,80.00\nW2,P1,,2026-03-06,5\n";
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

db_test!(takes_a_whole_delivery_in_any_order_of_rows, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let report = import_files(&portal.services, &ALL).await;
    assert_eq!(found(&report), []);
    assert_eq!((report.accepted(), report.refused(), report.exit_status()), (13, 0, 0));
    let mut reader = test.db.read().await.unwrap();
    assert_eq!(crm::count_rows(reader.conn(), "mojbok").await.unwrap(), [2, 2, 1, 1, 1, 3, 2]);
    let contract = crm::find_contract(reader.conn(), "mojbok", "UM/1").await.unwrap().unwrap();
    assert!(contract.tax_index.is_some(), "a customer is found by their PESEL");
    let exported = export(&portal.services, &operator("mojbok")).await;
    let invoices = &exported.iter().find(|(name, _)| name == "invoices.csv").unwrap().1;
    assert!(invoices.contains("F3,P1,correction,F2,2026-03-01,,,2026-03-15,80.00"), "{invoices}");
});

db_test!(the_same_delivery_twice_changes_nothing, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let operator = operator("mojbok");
    import_files(&portal.services, &ALL).await;
    let mut reader = test.db.read().await.unwrap();
    let first = crm::find_contract(reader.conn(), "mojbok", "UM/1").await.unwrap().unwrap();
    let before = export(&portal.services, &operator).await;
    let report = import_files(&portal.services, &ALL).await;
    assert_eq!(report.exit_status(), 0);
    assert_eq!(export(&portal.services, &operator).await, before);
    let second = crm::find_contract(reader.conn(), "mojbok", "UM/1").await.unwrap().unwrap();
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
    let mut reader = test.db.read().await.unwrap();
    let counts = crm::count_rows(reader.conn(), "ebok").await.unwrap();
    assert_eq!(counts, crm::count_rows(reader.conn(), "mojbok").await.unwrap());
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
});

db_test!(reports_each_bad_row_without_its_values_and_keeps_the_good_ones, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let customers = "customer_number,kind,pesel,nip,surname,email,colour\n\
        K1,individual,44051401358,,Żurek,,\nK2,person,,,Żurek,,\nK3,individual,02381307589,,Żurek,,\n\
        ,individual,,,Żurek,,\nK5,individual,,,,,\nK6,individual,,,Żurek,jan(at)example.com,\n\
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
            (c, Some(3), Some("kind"), Reason::Malformed),
            (c, Some(4), Some("pesel"), Reason::NoSuchDate),
            (c, Some(5), Some("customer_number"), Reason::Required),
            (c, Some(6), Some("surname"), Reason::Required),
            (c, Some(7), Some("email"), Reason::Malformed),
            (c, Some(8), Some("nip"), Reason::CheckDigit),
            (c, Some(9), None, Reason::FieldCount),
            (k, Some(2), Some("signed_on"), Reason::NoSuchDate),
            (k, Some(3), Some("status"), Reason::Malformed),
            (k, Some(4), Some("commodity"), Reason::Malformed),
            (k, Some(6), Some("starts_on"), Reason::Malformed),
            (k, Some(5), Some("customer_number"), Reason::UnknownReference),
            (s, Some(2), Some("supply_point_id"), Reason::CheckDigit),
            (s, Some(5), Some("personal_account"), Reason::TooShort { min: 7 }),
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
    let lines = "invoice_number,position,description,net,gross,quantity\nF9,1,x,1,1,\nF7,0,x,1,1,\nF7,1,x,1,1,1e3\n";
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
            (i, Some(6), Some("gross"), Reason::Malformed),
            (i, Some(7), Some("ksef_number"), Reason::CheckDigit),
            (i, Some(5), Some("payer_number"), Reason::UnknownReference),
            (i, Some(4), Some("corrects"), Reason::UnknownReference),
            (l, Some(3), Some("position"), Reason::OutOfRange),
            (l, Some(4), Some("quantity"), Reason::Malformed),
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
    let files = [("customers.csv", CUSTOMERS), ("payers.csv", payers.as_str()), ("invoices.csv", invoices)];
    let report = import_files(&portal.services, &files).await;
    assert_eq!((found(&report), report.accepted()), (vec![], 7));
    let exported = export(&portal.services, &operator("mojbok")).await;
    let text = |name: &str| exported.iter().find(|(file, _)| file == name).unwrap().1.clone();
    assert!(text("payers.csv").contains("P1,K1,Anna Żurek,,-1.00\n"));
    assert!(text("invoices.csv").contains("F2,P1,note,,2026-02-01,,,2026-02-15,2.00,"));
});

db_test!(refuses_a_file_without_a_column_it_needs_and_says_what_it_leaves_out, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let files = [
        ("customers.csv", CUSTOMERS),
        ("payers.csv", "payer_number,name\nP1,Jan Żurek\n"),
        ("readings.jsonl", "{}"),
        ("letter.txt", "Dear colleagues"),
    ];
    let report = import_files(&portal.services, &files).await;
    assert_eq!(
        found(&report),
        [
            ("payers.csv", None, Some("customer_number"), Reason::MissingColumn),
            ("readings.jsonl", None, None, Reason::NotReadByThisRelease),
        ]
    );
    assert!(report.problems[1].reason.is_note());
    assert_eq!((report.exit_status(), report.accepted()), (2, 2));

    let nothing = import_files(&portal.services, &[("outages.csv", "outage_id\n1\n")]).await;
    assert_eq!((nothing.nothing_read, nothing.exit_status()), (true, 1));
    assert!(portal.services.import(&operator("mojbok"), Path::new("/nowhere"), &mut |_| {}).await.is_err());
});

db_test!(takes_json_lines_and_csv_alike, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let payers = "{\"payer_number\":\"P1\",\"customer_number\":\"K1\",\"name\":\"Jan Żurek\",\"opening_balance\":12.30,\
                  \"iban\":\"PL61109010140000071219812874\"}\n{\"payer_number\":\"P2\"}\n";
    let report = import_files(&portal.services, &[("customers.csv", CUSTOMERS), ("payers.jsonl", payers)]).await;
    assert_eq!(found(&report), [("payers.jsonl", Some(2), Some("name"), Reason::Required)]);
    let exported = export(&portal.services, &operator("mojbok")).await;
    let (_, text) = exported.iter().find(|(name, _)| name == "payers.csv").unwrap();
    assert_eq!(*text, PAYERS);
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
    let mut reader = test.db.read().await.unwrap();
    let counts = crm::count_rows(reader.conn(), "mojbok").await.unwrap();
    assert!(counts[0] == 2_500 && [1000, 2000, 2500].contains(&counts[1]), "{counts:?}");
    assert_eq!(import(&portal.services, delivery.path()).await.exit_status(), 0);
    let counts = crm::count_rows(reader.conn(), "mojbok").await.unwrap();
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
