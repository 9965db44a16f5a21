//! Generating units.

use openbok_storage::db_test;

use super::*;

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

db_test!(refuses_codes_identifiers_and_limits_that_no_plan_could_name_or_keep, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let units = "unit_code,mrid,customer_number,installed_mw,pmin_mw,pmax_mw\n\
        EW;1,,K2,1,,\nEW-2,,K2,1,0,1.001\nEW-3,,K2,1,-0.001,1\nEW-4,A,K2,1,,\nEW-5,A,K2,1,,\nEW-4,A,K2,2,,\n";
    let files = [("customers.csv", CUSTOMERS), ("generating_units.csv", units)];
    let refused = [
        ("generating_units.csv", Some(2), Some("unit_code"), Reason::Malformed),
        ("generating_units.csv", Some(3), Some("pmax_mw"), Reason::AboveInstalled),
        ("generating_units.csv", Some(4), Some("pmin_mw"), Reason::OutOfRange),
        ("generating_units.csv", Some(6), Some("mrid"), Reason::OfAnotherUnit),
    ];
    for _ in 0..2 {
        assert_eq!(found(&import_files(&portal.services, &files).await), refused);
    }
});
