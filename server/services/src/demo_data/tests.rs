//! What the invented deliveries promise.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use openbok_domain::invoice::status;
use openbok_domain::{Currency, InvoiceStatus, parse_minor};
use openbok_storage::{crm, db_test};

use super::*;
use crate::testing::{TestPortal, operator};

const SEED: u64 = 26;

fn today() -> Date {
    Date::new(2026, 11, 20).unwrap()
}

/// A heat supplier in Ukraine.
fn teplo() -> Operator {
    let mut teplo = Arc::unwrap_or_clone(operator("ebok"));
    (teplo.country, teplo.currency, teplo.commodities) = (Country::Ua, Currency::Uah, vec![Commodity::Heat]);
    teplo
}

fn rows(folder: &Path, file: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(folder.join(file)).unwrap().records().map(Result::unwrap).collect()
}

#[test]
fn the_same_seed_writes_the_same_files() {
    let write = |seed| {
        let folder = tempfile::tempdir().unwrap();
        let told = write(&operator("mojbok"), folder.path(), today(), seed, 12).unwrap();
        let text = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
        (told, text("customers.csv"), text("invoices.csv"), text("payments.csv"))
    };
    assert_eq!(write(SEED), write(SEED));
    assert_ne!(write(SEED).1, write(SEED + 1).1);
}

#[test]
fn lines_add_up_and_invoices_stand_in_every_way_they_can() {
    let folder = tempfile::tempdir().unwrap();
    write(&operator("mojbok"), folder.path(), today(), SEED, 30).unwrap();
    let mut lines: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for line in rows(folder.path(), "invoice_lines.csv") {
        lines.entry(line[0].to_owned()).or_default().push(parse_minor(&line[8]).unwrap());
    }
    let mut paid: BTreeMap<String, i64> = BTreeMap::new();
    for payment in rows(folder.path(), "payments.csv") {
        assert!(payment[3].parse::<Date>().unwrap() <= today(), "nobody has paid in the future");
        *paid.entry(payment[2].to_owned()).or_default() += parse_minor(&payment[4]).unwrap();
    }
    let invoices = rows(folder.path(), "invoices.csv");
    let corrected: BTreeSet<&str> = invoices.iter().map(|invoice| &invoice[3]).collect();
    let mut seen = BTreeSet::new();
    for invoice in &invoices {
        let gross = parse_minor(&invoice[8]).unwrap();
        let lines = &lines[&invoice[0]];
        assert!((3..=6).contains(&lines.len()));
        assert_eq!(lines.iter().sum::<i64>(), gross, "{}", &invoice[0]);
        let paid = paid.get(&invoice[0]).copied().unwrap_or_default();
        seen.insert(status(gross, paid, Some(invoice[7].parse().unwrap()), corrected.contains(&invoice[0]), today()));
    }
    assert_eq!(seen, InvoiceStatus::ALL.iter().copied().collect());
}

#[test]
fn periods_of_an_account_follow_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let told = write(&operator("mojbok"), folder.path(), today(), SEED, 6).unwrap();
    let payers = rows(folder.path(), "payers.csv");
    let payer = &payers.iter().find(|payer| payer[1] == told[0].customer_number).unwrap()[0];
    let invoices: Vec<_> = rows(folder.path(), "invoices.csv")
        .into_iter()
        .filter(|invoice| &invoice[1] == payer && &invoice[2] != "correction")
        .collect();
    assert_eq!(invoices.len(), 12);
    for pair in invoices.windows(2) {
        let (to, from): (Date, Date) = (pair[0][6].parse().unwrap(), pair[1][5].parse().unwrap());
        assert_eq!(to.plus_days(1), from);
    }
}

#[test]
fn the_business_told_has_more_invoices_than_a_page_holds() {
    let folder = tempfile::tempdir().unwrap();
    let told = write(&operator("mojbok"), folder.path(), today(), SEED, 6).unwrap();
    let business = told.iter().find(|customer| customer.story == Story::ManyInvoices).unwrap();
    let payers: BTreeSet<String> = rows(folder.path(), "payers.csv")
        .iter()
        .filter(|payer| payer[1] == business.customer_number)
        .map(|payer| payer[0].to_owned())
        .collect();
    let invoices = rows(folder.path(), "invoices.csv");
    assert!(invoices.iter().filter(|invoice| payers.contains(&invoice[1])).count() > 60);
}

db_test!(every_invented_row_is_taken_in_both_countries, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    for operator in [Arc::unwrap_or_clone(operator("mojbok")), teplo()] {
        let folder = tempfile::tempdir().unwrap();
        let told = write(&operator, folder.path(), today(), SEED, 40).unwrap();
        let report = portal.services.import(&operator, folder.path(), &mut |_| {}).await.unwrap();
        assert_eq!((report.problems.as_slice(), report.exit_status()), ([].as_slice(), 0));
        let mut reader = test.db.read().await.unwrap();
        for customer in told {
            let key = &customer.contract_number;
            let contracts = crm::list_contracts_by_key(reader.conn(), operator.slug.as_str(), key).await.unwrap();
            let [contract] = contracts.as_slice() else { panic!("one contract of this number") };
            assert_eq!(contract.status().unwrap().allows_registration(), customer.story != Story::NotSigned);
            assert!(contract.tax_index.is_some());
        }
    }
});

#[test]
fn bulk_invoices_lie_in_the_past_and_are_half_paid() {
    let folder = tempfile::tempdir().unwrap();
    let (contract, _) = bulk_invoices(&operator("mojbok"), folder.path(), today(), 500).unwrap();
    assert_eq!(&rows(folder.path(), "contracts.csv")[0][0], contract);
    let invoices = rows(folder.path(), "invoices.csv");
    assert_eq!(invoices.len(), 500);
    assert!(invoices.iter().all(|invoice| invoice[4].parse::<Date>().unwrap() <= today()));
    assert_eq!(rows(folder.path(), "payments.csv").len(), 250);
}
