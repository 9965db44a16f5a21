//! Plans in files on both engines: out and in again, all or nothing, and only what the caller may see.

use std::fmt::Write as _;
use std::time::Duration;

use crate::back_office::*;
use crate::common::*;
use openbok_domain::operator::Market;
use openbok_domain::plan::view::{Layout, Reason};
use openbok_domain::plan::{Cell, FileFault, FileFaultKind, FilePlace, PlanFormat, Points, Power, Resolution, Series};
use openbok_domain::staff::Role;
use openbok_domain::{Date, Eic, Lang, Refusal};
use openbok_services::testing::TestPortal;
use openbok_services::{Caller, DraftForm, FileWish, PlanFile, ServiceError};
use openbok_storage::db_test;

fn day(ahead: i32) -> Date {
    "2026-11-22".parse::<Date>().unwrap().plus_days(ahead)
}

fn points(kw: i32) -> Points {
    let cells = |kw| vec![Cell::Power(Power::from_kw(kw)); 24];
    Points::new(cells(kw), cells(100)).unwrap()
}

fn draft(unit: &str, day: Date, points: &Points) -> DraftForm {
    DraftForm { unit: unit.into(), day, resolution: Resolution::Hour, revision: 0, points: points.pack() }
}

fn wish(layout: Layout, unit: &str, format: PlanFormat) -> FileWish {
    FileWish { layout, unit: unit.into(), day: day(0), version: None, format }
}

/// The grid company's CSV of whole days of one power; own use only where it is given.
fn csv(unit: &str, days: &[Date], pplan: &str, pauto: &str) -> Vec<u8> {
    let mut text = format!("#KOD_MWE;{unit}\r\nDATA I CZAS OD;PPLAN;PAUTO\r\n");
    for day in days {
        for hour in 0..24 {
            let date = format!("{:02}-{:02}-{}", day.day(), day.month(), day.year());
            write!(text, "{date} {hour:02}:00;{pplan};{pauto}\r\n").unwrap();
        }
    }
    text.into_bytes()
}

async fn stands(portal: &TestPortal, producer: &Caller, unit: &str, day: Date) -> Points {
    let viewer = portal.services.producer(producer).await.unwrap();
    let sheet = portal.services.read_sheet(&viewer, Layout::Day, unit, day, Some(Resolution::Hour), Lang::Pl).await;
    Points::unpack(&sheet.unwrap().plans[0].points, 24).unwrap()
}

fn kinds<T>(outcome: Result<T, ServiceError>) -> Vec<FileFaultKind> {
    match refusal(outcome) {
        Refusal::PlanFile(faults) => faults.into_iter().map(|fault| fault.kind).collect(),
        other => panic!("refused for another reason: {other:?}"),
    }
}

db_test!(a_plan_comes_back_from_a_file_as_it_went, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let services = &portal.services;
    services.save_draft(&producer, &draft("FW-1", day(0), &points(12_345))).await.unwrap();
    for format in [PlanFormat::Csv, PlanFormat::Xlsx] {
        let file = services.export_plans(&producer, &wish(Layout::Days, "FW-1", format)).await.unwrap();
        assert!(file.name.starts_with("FW-1-2026-11-22-days"), "{}", file.name);
        if format == PlanFormat::Csv {
            // The other eight days are empty, to be filled in.
            assert_eq!(
                kinds(services.read_plan_file(&producer, &file.name, file.bytes).await)[0],
                FileFaultKind::MissingPplan
            );
        }
        let file = services.export_plans(&producer, &wish(Layout::Day, "FW-1", format)).await.unwrap();
        let read = services.read_plan_file(&producer, &file.name, file.bytes).await.unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].unit.as_str(), read[0].day, &read[0].points), ("FW-1", day(0), &points(12_345).pack()));
    }
    // Without market codes of the operator there are no market documents; without an mRID no other messages.
    let iec = services.export_plans(&producer, &wish(Layout::Day, "FW-1", PlanFormat::Iec)).await;
    assert!(is_absent(&iec));
    assert_eq!(
        refusal(services.export_plans(&producer, &wish(Layout::Day, "FW-1", PlanFormat::Json)).await),
        Refusal::NoMarketCode
    );
    let all = services.export_plans(&producer, &wish(Layout::Units, "", PlanFormat::Csv)).await;
    assert_eq!(refusal(all), Refusal::OneUnitOnly);
});

db_test!(market_documents_name_each_units_own_company_and_their_answers_say_in_words_what_became_of_them, |test| {
    let portal = planners_with(test.db.clone(), |operator| {
        let [party, area] = ["10XPL-TSO------P", "10YPL-AREA-----S"].map(|code| Eic::parse(code).unwrap());
        operator.plans.as_mut().unwrap().market = Some(Market { party, area });
    })
    .await;
    let units = "unit_code,mrid,customer_number,installed_mw,pmin_mw,pmax_mw\n\
                 FW-1,MRID-1,K3,50,0,50\nFW-9,MRID-9,K2,50,0,50\n";
    import(&portal, "pgb", &[("generating_units", units)]).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let other = producer_of(&portal, &dispatcher, "mlyn@example.com", "K2").await;
    let services = &portal.services;
    services.approve_plan(&producer, &draft("FW-1", day(0), &points(5_000))).await.unwrap();
    services.approve_plan(&other, &draft("FW-9", day(0), &points(1_000))).await.unwrap();
    let text = |file: PlanFile| String::from_utf8(file.bytes).unwrap();
    let named = |text: &str, role: &str, code: &str| {
        text.contains(&format!(
            "<{role}_MarketParticipant.mRID codingScheme=\"A01\">{code}</{role}_MarketParticipant.mRID>"
        ))
    };

    let of_one = wish(Layout::Day, "FW-1", PlanFormat::Iec);
    let one = text(services.export_plans(&producer, &of_one).await.unwrap());
    assert!(named(&one, "sender", "K3") && named(&one, "resourceProvider", "K3"), "{one}");
    let of_all = wish(Layout::Units, "", PlanFormat::Iec);
    let all = text(services.export_plans_for_staff(&dispatcher, &of_all).await.unwrap());
    assert!(named(&all, "sender", "10XPL-TSO------P"), "the operator put them together: {all}");
    let series: Vec<&str> = all.split("<PlannedResource_TimeSeries>").skip(1).collect();
    let of = |series: &str| (series.contains(">MRID-1<"), named(series, "resourceProvider", "K3"));
    assert_eq!(
        series.iter().map(|series| of(series)).collect::<Vec<_>>(),
        [(true, true), (true, true), (false, false), (false, false)]
    );
    assert!(series[2..].iter().all(|series| named(series, "resourceProvider", "K2")), "{all}");

    let (head, series) = one.split_at(one.find("  <PlannedResource_TimeSeries>").unwrap());
    let (series, tail) = series.split_at(series.rfind("</PlannedResource_TimeSeries>").unwrap() + 30);
    let again = series.replace("MRID-1", "FW-1").replace(">TS", ">TSX");
    let twice = format!("{head}{series}{again}{tail}");
    let read = services.read_plan_file(&producer, "a.xml", twice.into_bytes()).await;
    assert_eq!(kinds(read), [FileFaultKind::RepeatedPlan], "one unit by both of its names");

    services.accept_plan(&dispatcher, "FW-1", day(0), 1).await.unwrap();
    let answer = text(services.plan_answer(&producer, &of_one).await.unwrap());
    assert!(answer.contains("<code>A01</code>\n    <text>Plan jest przyjęty.</text>"), "{answer}");
});

db_test!(values_that_break_the_rules_are_taken_as_drafts_and_counted, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let services = &portal.services;
    // Above Pmax in every hour, and own use above that.
    let taken = services.import_plans(&producer, "a.csv", csv("FW-1", &[day(0)], "51", "52"), false).await.unwrap();
    assert_eq!(taken.wrong, [48]);
    let standing = stands(&portal, &producer, "FW-1", day(0)).await;
    assert_eq!(standing.get(Series::Pplan, 0).power(), Some(Power::from_kw(51_000)));
    // Own use that stood there already counts, too.
    let taken = services.import_plans(&producer, "a.csv", csv("FW-1", &[day(0)], "50", ""), true).await.unwrap();
    assert_eq!(taken.wrong, [24]);
});

db_test!(a_file_of_hours_flattens_quarters_only_where_it_may_replace_them, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let services = &portal.services;
    let cell = |quarter| Cell::Power(Power::from_kw(if quarter % 2 == 0 { 4_000 } else { 6_000 }));
    let quarters = Points::new((0..96).map(cell).collect(), vec![Cell::Power(Power::from_kw(100)); 96]).unwrap();
    let form = DraftForm { resolution: Resolution::Quarter, ..draft("FW-1", day(0), &quarters) };
    services.save_draft(&producer, &form).await.unwrap();
    // The mean of every hour, so that no value differs from what an hour would show.
    let means = csv("FW-1", &[day(0)], "5", "");
    let refused = services.import_plans(&producer, "a.csv", means.clone(), false).await;
    assert_eq!(kinds(refused), [FileFaultKind::Occupied]);
    services.import_plans(&producer, "a.csv", means, true).await.unwrap();
    let standing = stands(&portal, &producer, "FW-1", day(0)).await;
    assert_eq!(standing.get(Series::Pplan, 0).power(), Some(Power::from_kw(5_000)));
});

db_test!(a_file_is_taken_as_a_whole_or_not_at_all, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let services = &portal.services;
    let days = [day(0), day(1)];
    let taken = services.import_plans(&producer, "a.csv", csv("FW-1", &days, "5,5", ""), false).await.unwrap();
    assert_eq!((taken.plans.len(), taken.wrong), (2, vec![0, 0]));
    assert_eq!(
        stands(&portal, &producer, "FW-1", day(1)).await.get(Series::Pplan, 23).power(),
        Some(Power::from_kw(5_500))
    );

    // The second day would lose a value, so the first one is not taken either.
    services.save_draft(&producer, &DraftForm { revision: 1, ..draft("FW-1", day(1), &points(7_000)) }).await.unwrap();
    let again = csv("FW-1", &days, "6", "");
    assert_eq!(
        kinds(services.import_plans(&producer, "a.csv", again.clone(), false).await),
        [FileFaultKind::Occupied, FileFaultKind::Occupied]
    );
    assert_eq!(
        stands(&portal, &producer, "FW-1", day(0)).await.get(Series::Pplan, 0).power(),
        Some(Power::from_kw(5_500))
    );
    services.import_plans(&producer, "a.csv", again, true).await.unwrap();
    let standing = stands(&portal, &producer, "FW-1", day(1)).await;
    assert_eq!(standing.get(Series::Pplan, 0).power(), Some(Power::from_kw(6_000)));
    assert_eq!(
        standing.get(Series::Pauto, 0).power(),
        Some(Power::from_kw(100)),
        "own use was not stated, so it stays"
    );

    // A gate that closed between two days of a file.
    portal.clock.advance(Duration::from_hours(24));
    let late = services.import_plans(&producer, "a.csv", csv("FW-1", &days, "8", ""), true).await;
    assert_eq!(kinds(late), [FileFaultKind::GateClosed]);
    assert_eq!(
        stands(&portal, &producer, "FW-1", day(1)).await.get(Series::Pplan, 0).power(),
        Some(Power::from_kw(6_000))
    );
});

db_test!(r63_a_file_reaches_units_of_the_own_company_only, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let services = &portal.services;
    for foreign in ["FW-9", "FW-77"] {
        let file = csv(foreign, &[day(0)], "5", "");
        assert_eq!(
            kinds(services.read_plan_file(&producer, "a.csv", file.clone()).await),
            [FileFaultKind::UnknownUnit]
        );
        assert_eq!(kinds(services.import_plans(&producer, "a.csv", file, true).await), [FileFaultKind::UnknownUnit]);
        assert!(is_absent(&services.export_plans(&producer, &wish(Layout::Day, foreign, PlanFormat::Csv)).await));
    }
    let several = csv("FW-77", &[day(0), day(1)], "5", "");
    let Refusal::PlanFile(faults) = refusal(services.read_plan_file(&producer, "a.csv", several).await) else {
        panic!("refused for another reason");
    };
    let unknown = FileFault { place: FilePlace::new(1, 2), kind: FileFaultKind::UnknownUnit };
    assert_eq!(faults, [unknown], "once, where the file names the unit");
    let far = csv("FW-1", &[day(4_000)], "5", "");
    assert_eq!(kinds(services.read_plan_file(&producer, "a.csv", far).await), [FileFaultKind::DayTooFar]);
    assert_eq!(kinds(services.read_plan_file(&producer, "a.bin", vec![1, 2, 3]).await), [FileFaultKind::NotThisFormat]);
});

db_test!(dispatchers_export_versions_that_count_and_answer_them, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let services = &portal.services;
    let whole_day = wish(Layout::Units, "", PlanFormat::Xlsx);
    services.save_draft(&producer, &draft("FW-2", day(0), &points(1_000))).await.unwrap();
    let nothing = services.export_plans_for_staff(&dispatcher, &whole_day).await;
    assert_eq!(refusal(nothing), Refusal::NothingCounts, "a draft is the producer's own");
    assert!(is_absent(
        &services.export_plans_for_staff(&dispatcher, &wish(Layout::Day, "FW-2", PlanFormat::Csv)).await
    ));

    let days = services.export_plans_for_staff(&dispatcher, &wish(Layout::Days, "FW-2", PlanFormat::Csv)).await;
    assert!(is_absent(&days), "nor on nine days");

    services.approve_plan(&producer, &draft("FW-1", day(0), &points(2_500))).await.unwrap();
    let approved_at = portal.clock.now();
    portal.clock.advance(Duration::from_mins(5));
    services.export_plans_for_staff(&dispatcher, &whole_day).await.unwrap();
    let table = services.export_overview(&dispatcher, day(0)).await.unwrap();
    let table = String::from_utf8(table.bytes).unwrap();
    assert!(table.contains("FW-9"), "units without a plan are in the table, too");
    let sum = table.lines().find(|line| line.starts_with("SUMA;;;PPLAN")).unwrap();
    assert!(sum.ends_with(";2,500") && sum.matches("2,500").count() == 24, "{sum}");

    let one = FileWish { version: Some(1), ..wish(Layout::Day, "FW-1", PlanFormat::Csv) };
    let version = services.export_plans(&producer, &one).await.unwrap();
    assert_eq!(version.name, "FW-1-2026-11-22-v1.csv");
    let answer = FileWish { format: PlanFormat::Json, ..one };
    assert!(is_absent(&services.plan_answer(&producer, &answer).await), "not decided yet");
    let reasons = [
        Reason { point: Some((Series::Pplan, 12)), text: "Za dużo".into() },
        Reason { point: None, text: "Zadzwoń do nas".into() },
    ];
    services.reject_plan(&dispatcher, "FW-1", day(0), 1, &reasons).await.unwrap();
    // The unit has no mRID, which the answer's own document would need.
    assert_eq!(refusal(services.plan_answer(&producer, &answer).await), Refusal::NoMarketCode);
    let text = "unit_code,mrid,customer_number,installed_mw,pmin_mw,pmax_mw\nFW-1,19W000000000123A,K3,50,0,50\n";
    import(&portal, "pgb", &[("generating_units", text)]).await;
    let answered = services.plan_answer(&producer, &answer).await.unwrap();
    portal.clock.advance(Duration::from_mins(5));
    let again = services.plan_answer_for_staff(&dispatcher, &answer).await.unwrap();
    assert_eq!(again.bytes, answered.bytes, "nothing has happened in between");
    let rejection: serde_json::Value = serde_json::from_slice(&answered.bytes).unwrap();
    assert_eq!(rejection["receivedTime"], approved_at.to_string());
    assert_eq!(rejection["responseDetails"][1]["message"], "Zadzwoń do nas", "every reason, in order");
    let answered = String::from_utf8(answered.bytes).unwrap();
    assert!(
        answered.contains("REJECTED") && answered.contains("Za dużo") && answered.contains("PPLAN 12–13"),
        "{answered}"
    );
    services
        .approve_plan(&producer, &DraftForm { revision: 2, ..draft("FW-1", day(0), &points(2_000)) })
        .await
        .unwrap();
    services.accept_plan(&dispatcher, "FW-1", day(0), 2).await.unwrap();
    let newest = FileWish { version: None, ..answer };
    let answered = services.plan_answer_for_staff(&dispatcher, &newest).await.unwrap();
    assert_eq!(answered.name, "answer-FW-1-2026-11-22-v2.json");
    let acceptance: serde_json::Value = serde_json::from_slice(&answered.bytes).unwrap();
    assert_eq!(acceptance["status"], "APPROVED");
    assert_ne!(acceptance["serverMsgId"], rejection["serverMsgId"], "another version has another answer");
});

db_test!(r54_files_are_limited_by_the_hour, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let producer = producer(&portal, &dispatcher).await;
    let mut answers = 0;
    while portal
        .services
        .read_plan_file(&producer, "a.bin", vec![1])
        .await
        .is_err_and(|error| !matches!(error, ServiceError::TooMany { .. }))
    {
        answers += 1;
        assert!(answers <= 300, "the limit never came");
    }
    assert_eq!(answers, 300);
});
