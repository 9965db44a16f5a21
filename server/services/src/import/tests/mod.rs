//! Whole deliveries on both engines.

mod customers;
mod files;
mod invoices;
mod units;

use std::fs;
use std::path::Path;

use openbok_domain::{Date, Operator};
use openbok_storage::testing::count_rows;
use openbok_storage::{crm, db_test};
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

/// Everything but the notes of absent columns, which most of these files have.
fn found(report: &ImportReport) -> Vec<(&str, Option<u64>, Option<&str>, Reason)> {
    let problems = report.problems.iter().filter(|it| it.reason != Reason::AbsentColumns);
    problems.map(|it| (it.file.as_str(), it.line, it.field.as_deref(), it.reason)).collect()
}

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

db_test!(one_operators_delivery_does_not_touch_another, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    import_files(&portal.services, &ALL).await;
    let foreign = folder(&[("payers.csv", PAYERS), ("contracts.csv", CONTRACTS)]);
    let report = portal.services.import(&operator("ebok"), foreign.path(), &mut |_| {}).await.unwrap();
    assert!(found(&report).iter().all(|(.., reason)| *reason == Reason::UnknownReference));
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
    let mut entries = entries.iter().filter(|entry| entry.event == "import");
    let begun = entries.next().unwrap();
    assert_eq!((begun.outcome.as_str(), begun.operator.as_str(), begun.note.as_str()), ("begun", "mojbok", ""));
    let entry = entries.next().unwrap();
    assert_eq!((entry.outcome.as_str(), entry.actor.as_str()), ("ok", "command-line"));
    assert!(entry.note.starts_with("customers.csv 2+0 contracts.csv 2+0"), "{}", entry.note);
});
