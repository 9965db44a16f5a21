//! Measures planning on both engines, without pages: how long saves and boards take, and how many plans are approved in a
//! second. PostgreSQL is measured where `OPENBOK_TEST_POSTGRES` names a server, as `cargo xtask bench` does.
//!
//! `OPENBOK_BENCH_UNITS` (10,000) is how many units the large board has; every one of them has a plan on ten days.
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[expect(dead_code, reason = "tests need more of it")]
#[path = "../tests/suite/back_office.rs"]
mod back_office;
#[expect(dead_code, reason = "tests need more of it")]
#[path = "../tests/suite/common.rs"]
mod common;

use std::fmt::Write as _;
use std::time::Duration;

use back_office::{planners, producer, staff};
use common::import;
use openbok_domain::plan::view::DaySearch;
use openbok_domain::plan::{Cell, DAYS_AHEAD, Points, Power, Resolution};
use openbok_domain::staff::Role;
use openbok_domain::{Date, Lang};
use openbok_services::testing::TestPortal;
use openbok_services::{Caller, DraftForm};
use openbok_storage::testing::{self, TestDb};
use tokio::time::Instant;

/// Units whose quarters are saved and approved.
const UNITS: usize = 100;
/// Whole sheets of them that are saved, one after another.
const SHEETS: usize = 20;
/// How often a board is drawn.
const BOARDS: usize = 200;
/// Plans that are on their way at once.
const AT_ONCE: usize = 8;

fn main() {
    // `cargo test` runs benches too, to see that they start; that would be a long wait for nothing.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        measure("SQLite", testing::sqlite().await).await;
        if std::env::var_os("OPENBOK_TEST_POSTGRES").is_some() {
            measure("PostgreSQL", testing::postgres().await).await;
        }
    });
}

async fn measure(engine: &str, test: TestDb) {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    let caller = producer(&portal, &dispatcher).await;
    import_units(&portal, "K3", 0..UNITS).await;

    let mut sheets = Vec::new();
    let mut saves = Vec::new();
    for round in 0..SHEETS {
        let started = Instant::now();
        for unit in 0..UNITS {
            let form = draft(unit, 1, i64::try_from(round).unwrap(), round);
            let started = Instant::now();
            portal.services.save_draft(&caller, &form).await.unwrap();
            saves.push(started.elapsed());
        }
        sheets.push(started.elapsed());
    }
    show(engine, "one plan of 96 quarters saved", saves);
    show(engine, "sheet of 96 × 100 saved, plan by plan", sheets);

    let started = Instant::now();
    let tasks: Vec<_> =
        (0..AT_ONCE).map(|lane| tokio::spawn(approve(portal.services.clone(), caller.clone(), lane))).collect();
    let mut count = 0;
    for task in tasks {
        count += task.await.unwrap();
    }
    line(
        engine,
        &format!("plans of 96 quarters approved, {AT_ONCE} at once"),
        &format!("{:>8.0}/s", count as f64 / started.elapsed().as_secs_f64()),
    );

    let most = std::env::var("OPENBOK_BENCH_UNITS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    import_units(&portal, "K2", UNITS..most).await;
    for ahead in 0..=DAYS_AHEAD {
        write_plans(&test, today().plus_days(ahead)).await;
    }
    test.tidy().await.unwrap();
    let viewer = portal.services.dispatcher(&dispatcher).unwrap();
    let mut boards = Vec::new();
    let mut days = Vec::new();
    let mut own = Vec::new();
    for _ in 0..BOARDS {
        let started = Instant::now();
        let board = portal.services.plan_board(&viewer, "", "", Lang::Pl).await.unwrap();
        boards.push(started.elapsed());
        assert_eq!(board.rows.len(), 50, "the first page");
        let started = Instant::now();
        portal.services.plan_day(&viewer, today().plus_days(2), DaySearch::default(), "", Lang::Pl).await.unwrap();
        days.push(started.elapsed());
        let producer = portal.services.producer(&caller).await.unwrap();
        let started = Instant::now();
        portal.services.plan_board(&producer, "", "", Lang::Pl).await.unwrap();
        own.push(started.elapsed());
    }
    show(engine, &format!("dispatcher's board, {most} units × 10 days"), boards);
    show(engine, &format!("dispatcher's day with the sums of {most} plans"), days);
    show(engine, &format!("producer's board, {UNITS} units of {most}"), own);
}

/// Approves a plan a unit, on days of its own; how many there were.
async fn approve(services: openbok_services::Services, caller: Caller, lane: usize) -> usize {
    let mut count = 0;
    for ahead in 2..6 {
        for unit in (lane..UNITS).step_by(AT_ONCE) {
            services.approve_plan(&caller, &draft(unit, ahead, 0, lane)).await.unwrap();
            count += 1;
        }
    }
    count
}

fn today() -> Date {
    "2026-11-20".parse().unwrap()
}

fn code(unit: usize) -> String {
    format!("BW-{unit:05}")
}

fn draft(unit: usize, ahead: i32, revision: i64, seed: usize) -> DraftForm {
    let power = |index: usize| {
        Cell::Power(Power::from_kw(i32::try_from((index * 37 + seed * 11 + unit) % 40_000).unwrap() + 1_000))
    };
    let points = Points::new((0..96).map(power).collect(), vec![Cell::Power(Power::from_kw(100)); 96]).unwrap();
    DraftForm {
        unit: code(unit),
        // The gate of tomorrow closes while the bench runs.
        day: today().plus_days(ahead + 1),
        resolution: Resolution::Quarter,
        revision,
        points: points.pack(),
    }
}

async fn import_units(portal: &TestPortal, company: &str, units: std::ops::Range<usize>) {
    let mut text = "unit_code,customer_number,installed_mw,pmin_mw,pmax_mw\n".to_owned();
    for unit in units {
        let _ = writeln!(text, "{},{company},50,0,50", code(unit));
    }
    import(portal, "pgb", &[("generating_units", &text)]).await;
}

/// Gives every unit without a plan on a day one that was approved: what nobody types ten thousand times.
async fn write_plans(test: &TestDb, day: Date) {
    let is_sqlite = test.url.starts_with("sqlite:");
    let (id, no, date) = if is_sqlite { ("randomblob(16)", "0", "") } else { ("gen_random_uuid()", "FALSE", "DATE ") };
    let points = Points::new(vec![Cell::Power(Power::from_kw(12_345)); 24], vec![Cell::Power(Power::from_kw(100)); 24]);
    let points = points.unwrap().pack();
    let plans = format!(
        "INSERT INTO plans (id, operator, unit_id, day, resolution, points, revision, status, version, is_changed, \
         changed_by, changed_at) \
         SELECT {id}, u.operator, u.id, {date}'{day}', 'PT1H', '{points}', 1, 'approved', 1, {no}, p.changed_by, p.changed_at \
         FROM generating_units u, (SELECT changed_by, changed_at FROM plans LIMIT 1) p WHERE u.operator = 'pgb' \
         AND NOT EXISTS (SELECT 1 FROM plans o WHERE o.unit_id = u.id AND o.day = {date}'{day}')"
    );
    test.run(&plans).await.unwrap();
    let versions = format!(
        "INSERT INTO plan_versions (plan_id, number, resolution, points, checksum, revision, approved_by, approved_at) \
         SELECT p.id, 1, p.resolution, p.points, 'checksum', 1, p.changed_by, p.changed_at FROM plans p \
         WHERE p.day = {date}'{day}' AND p.version = 1 \
         AND NOT EXISTS (SELECT 1 FROM plan_versions v WHERE v.plan_id = p.id)"
    );
    test.run(&versions).await.unwrap();
}

fn show(engine: &str, what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    line(engine, what, &format!("p50 {:>7.2} ms   p99 {:>7.2} ms", at(50), at(99)));
}

fn line(engine: &str, what: &str, figure: &str) {
    println!("{:<62} {figure}", format!("{what}, {engine}"));
}
