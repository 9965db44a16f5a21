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
