//! Customers, their contracts, payers and points of supply.

use openbok_domain::{Commodity, ContractStatus, CustomerKind};
use openbok_storage::db_test;

use super::*;

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
