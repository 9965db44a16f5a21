//! Invoices with their lines, payments and documents.

use openbok_storage::{crm_export, db_test};

use super::*;
use crate::testing::START_MICROS;

db_test!(reports_what_is_wrong_with_invoices_and_payments, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,period_from,period_to,due_on,gross,ksef_number\n\
        F1,P1,settlement,,2026-01-01,2026-02-01,2026-01-01,2026-01-15,1,\n\
        F2,P1,settlement,F2,2026-01-01,,,2026-01-15,1,\n\
        F3,P1,correction,F9,2026-01-01,,,2026-01-15,1,\n\
        F4,P9,settlement,,2026-01-01,,,2026-01-15,1,\n\
        F5,P1,settlement,,2026-01-01,,,2026-01-15,1.505,\n\
        F6,P1,settlement,,2026-01-01,,,2026-01-15,1,3010912976-20260111-02004011DD86-F1\n\
        F7,P1,settlement,,2026-01-01,,,2026-01-15,-1.50,\n\
        F8,P1,settlement,F7,2026-01-01,,,2026-01-15,1,\n";
    let lines = "invoice_number,position,description,net,gross,quantity,vat_rate\nF9,1,x,1,1,,\nF7,-1,x,1,1,,\n\
        F7,1,x,1,1,1e3,\nF7,2,x,1,,,\nF7,3,x,1,1,,\"23,0\"\nF7,0,x,1,1,,\n\
        F7,4,x,1,1,,120\nF7,6,x,1,1,,NP\n";
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
            (i, Some(9), Some("corrects"), Reason::NotACorrection),
            (i, Some(5), Some("payer_number"), Reason::UnknownReference),
            (i, Some(4), Some("corrects"), Reason::UnknownReference),
            (l, Some(3), Some("position"), Reason::OutOfRange),
            (l, Some(4), Some("quantity"), Reason::NotANumber),
            (l, Some(5), Some("gross"), Reason::Required),
            (l, Some(6), Some("vat_rate"), Reason::Malformed),
            (l, Some(8), Some("vat_rate"), Reason::OutOfRange),
            (l, Some(2), Some("invoice_number"), Reason::UnknownReference),
            (p, Some(4), Some("amount"), Reason::Required),
            (p, Some(2), Some("payer_number"), Reason::UnknownReference),
            (p, Some(3), Some("invoice_number"), Reason::UnknownReference),
        ]
    );
});

/// Whether the portal shows the invoice as replaced and what counts as paid on it, asked as the customer of K1 would.
async fn standing(test: &openbok_storage::testing::TestDb, number: &str) -> (bool, i64) {
    let mut reader = test.db.read().await.unwrap();
    let customer = crm::list_contracts_by_key(reader.conn(), "mojbok", "UM/1").await.unwrap()[0].customer_id;
    let scope = openbok_storage::office::Scope { operator: "mojbok".into(), customers: vec![customer] };
    let found = openbok_storage::office::find_invoice_by_number(reader.conn(), &scope, number).await.unwrap();
    let found = found.unwrap();
    (found.is_corrected, found.paid_minor)
}

async fn is_corrected(test: &openbok_storage::testing::TestDb, number: &str) -> bool {
    standing(test, number).await.0
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

db_test!(rows_refer_to_invoices_of_their_payers_customer_alone, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let payers = "payer_number,customer_number\nP1,K1\nP2,K2\nP3,K1\n";
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,gross\n\
        C1,P2,correction,F1,2026-02-01,1\nC2,P3,correction,F1,2026-02-01,1\nF1,P1,settlement,,2026-01-01,1\n";
    let payments = "payment_id,payer_number,invoice_number,paid_on,amount\n\
        W1,P2,F1,2026-01-02,1\nW2,P3,F1,2026-01-02,1\n";
    let base = [("customers.csv", CUSTOMERS), ("contracts.csv", CONTRACTS), ("payers.csv", payers)];
    import_files(&portal.services, &base).await;
    for _ in 0..2 {
        let files = [("invoices.csv", invoices), ("payments.csv", payments)];
        assert_eq!(
            found(&import_files(&portal.services, &files).await),
            [
                ("invoices.csv", Some(2), Some("corrects"), Reason::OfAnotherCustomer),
                ("payments.csv", Some(2), Some("invoice_number"), Reason::OfAnotherCustomer),
            ]
        );
        assert_eq!((standing(&test, "F1").await, standing(&test, "C2").await), ((true, 0), (false, 100)));
    }
});

db_test!(of_invoices_and_their_corrections_the_last_one_stands_and_takes_over_what_was_paid, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let base = [("customers.csv", CUSTOMERS), ("contracts.csv", CONTRACTS), ("payers.csv", PAYERS)];
    import_files(&portal.services, &base).await;
    let header = "invoice_number,payer_number,kind,corrects,issued_on,gross\n";
    let paid_header = "payment_id,payer_number,invoice_number,paid_on,amount\n";
    let (mut invoices, mut payments) = (header.to_owned(), paid_header.to_owned());
    for (invoice, payment, standings) in [
        ("F1,P1,settlement,,2026-01-01,100\n", "W1,P1,F1,2026-01-02,60\n", vec![("F1", false, 6_000)]),
        ("C1,P1,correction,F1,2026-02-02,60\n", "", vec![("F1", true, 0), ("C1", false, 6_000)]),
        ("C2,P1,correction,F1,2026-02-02,70\n", "", vec![("C1", true, 0), ("C2", false, 6_000)]),
        ("C3,P1,correction,F1,2026-02-01,80\n", "", vec![("C3", true, 0), ("C2", false, 6_000)]),
        ("", "W2,P1,C1,2026-02-03,5\n", vec![("C1", true, 0), ("C2", false, 6_500)]),
        ("C4,P1,correction,C2,2026-01-31,90\n", "", vec![("C2", true, 0), ("C4", true, 0), ("C1", false, 6_500)]),
        ("C5,P1,correction,C3,2026-03-01,90\n", "", vec![("C3", true, 0), ("C1", true, 0), ("C5", false, 6_500)]),
    ] {
        let delivery =
            [("invoices.csv", format!("{header}{invoice}")), ("payments.csv", format!("{paid_header}{payment}"))];
        invoices.push_str(invoice);
        payments.push_str(payment);
        for files in [delivery, [("invoices.csv", invoices.clone()), ("payments.csv", payments.clone())]] {
            let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
            assert_eq!(import_files(&portal.services, &files).await.exit_status(), 0);
            for (number, is_corrected, paid_minor) in &standings {
                assert_eq!(standing(&test, number).await, (*is_corrected, *paid_minor), "{number} after {invoice}");
            }
        }
    }
    let apart = format!("{header}C2,P1,settlement,,2026-02-02,70\n");
    import_files(&portal.services, &[("invoices.csv", &apart)]).await;
    assert_eq!((standing(&test, "C4").await, standing(&test, "C5").await), ((false, 0), (false, 6_500)));
});

db_test!(corrections_do_not_go_round_in_a_circle, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let base = [("customers.csv", CUSTOMERS), ("contracts.csv", CONTRACTS), ("payers.csv", PAYERS)];
    import_files(&portal.services, &base).await;
    let header = "invoice_number,payer_number,kind,corrects,issued_on,gross\n";
    let import = async |rows: &str| {
        let report = import_files(&portal.services, &[("invoices.csv", &format!("{header}{rows}"))]).await;
        report.problems.into_iter().filter(|it| it.line.is_some()).map(|it| it.reason).collect::<Vec<_>>()
    };
    assert_eq!(import("F1,P1,note,,2026-01-01,1\nF2,P1,correction,F1,2026-01-01,1\n").await, []);
    assert_eq!(import("F3,P1,correction,F2,2026-01-01,1\n").await, []);
    assert_eq!(import("F1,P1,correction,F3,2026-01-01,1\n").await, [Reason::CorrectsItself]);
    assert_eq!((standing(&test, "F1").await, standing(&test, "F3").await), ((true, 0), (false, 0)));
    assert_eq!(import("F1,P1,correction,F3,2026-01-01,1\nF2,P1,note,,2026-01-01,1\n").await, [], "in any order");
    assert_eq!((standing(&test, "F1").await, standing(&test, "F3").await), ((false, 0), (true, 0)));
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
