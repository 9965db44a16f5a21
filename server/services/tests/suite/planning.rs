//! Production plans on both engines: drafts, approval, what dispatchers decide, reminders.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::back_office::*;
use crate::common::*;
use openbok_domain::plan::view::{DaySearch, HistoryView, Layout, PlanView, Reason, Saved};
use openbok_domain::plan::{Cell, CellFault, Energy, PlanStatus, PointFault, Points, Power, Resolution, Series};
use openbok_domain::staff::{Role, Roles};
use openbok_domain::{Date, Fault, Lang, Refusal, Timestamp};
use openbok_locales::labels;
use openbok_services::testing::TestPortal;
use openbok_services::{Caller, DraftForm, ServiceError, Services, StaffCaller};
use openbok_storage::{Db, db_test};

/// A portal with a dispatcher, and a producer of FW-1 and FW-2.
struct Planning {
    portal: TestPortal,
    staff: StaffCaller,
    caller: Caller,
}

impl Planning {
    async fn start(db: Db) -> Self {
        Self::of(planners(db).await, "pgb").await
    }

    async fn of(portal: TestPortal, slug: &str) -> Self {
        let staff = staff(&portal, slug, "ewa@example.com", &[Role::Dispatcher]).await;
        let caller = producer(&portal, &staff).await;
        Self { portal, staff, caller }
    }

    fn services(&self) -> &Services {
        &self.portal.services
    }

    /// A plan as its producer sees it.
    async fn plan(&self, unit: &str, day: Date) -> PlanView {
        let viewer = self.services().producer(&self.caller).await.unwrap();
        let sheet = self.services().read_sheet(&viewer, Layout::Day, unit, day, None, Lang::Pl).await.unwrap();
        sheet.plans.into_iter().next().unwrap()
    }

    /// Approves a whole day of one power; the number of the version.
    async fn approve(&self, unit: &str, day: Date, kw: i32) -> u32 {
        let revision = self.plan(unit, day).await.revision;
        self.services().approve_plan(&self.caller, &DraftForm { day, ..draft(unit, revision, kw) }).await.unwrap()
    }

    async fn history(&self, unit: &str) -> HistoryView {
        let viewer = self.services().producer(&self.caller).await.unwrap();
        self.services().plan_history(&viewer, unit, day(), None, Lang::Pl).await.unwrap()
    }

    /// Where the newest versions of a day stand, for the dispatcher: FW-1, FW-2, FW-9.
    async fn statuses(&self, day: Date) -> Vec<PlanStatus> {
        let viewer = self.services().dispatcher(&self.staff).unwrap();
        let view = self.services().plan_day(&viewer, day, DaySearch::default(), "", Lang::Pl).await.unwrap();
        view.rows.iter().map(|row| row.status).collect()
    }
}

/// The day after tomorrow; its gate closes tomorrow at ten.
fn day() -> Date {
    "2026-11-22".parse().unwrap()
}

/// A whole day of one power, with own use of 100 kilowatts.
fn draft(unit: &str, revision: i64, kw: i32) -> DraftForm {
    form(unit, revision, &points(24, kw))
}

fn points(intervals: usize, kw: i32) -> Points {
    let cells = |kw| vec![Cell::Power(Power::from_kw(kw)); intervals];
    Points::new(cells(kw), cells(100)).unwrap()
}

fn form(unit: &str, revision: i64, points: &Points) -> DraftForm {
    DraftForm { unit: unit.into(), day: day(), resolution: Resolution::Hour, revision, points: points.pack() }
}

fn reason(point: Option<(Series, usize)>, text: &str) -> Reason {
    Reason { point, text: text.into() }
}

db_test!(r38_a_producer_sees_and_writes_units_of_the_own_company_only, |test| {
    let this = Planning::start(test.db.clone()).await;
    let (services, caller) = (this.services(), &this.caller);
    let units: Vec<_> = services.list_units(caller).await.unwrap().into_iter().map(|unit| unit.code).collect();
    assert_eq!(units, ["FW-1", "FW-2"]);
    let viewer = services.producer(caller).await.unwrap();
    for unit in ["FW-9", "FW-0"] {
        let form = draft(unit, 0, 1);
        assert!(is_absent(&services.save_draft(caller, &form).await), "{unit}");
        assert!(is_absent(&services.approve_plan(caller, &form).await), "{unit}");
        assert!(is_absent(&services.keep_template(caller, &form).await), "{unit}");
        let sheet = services.read_sheet(&viewer, Layout::Day, unit, day(), None, Lang::Pl).await;
        assert!(is_absent(&sheet), "{unit}");
    }
});

db_test!(the_dispatchers_day_adds_up_the_plans_of_all_units_and_counts_those_that_are_missing, |test| {
    let this = Planning::start(test.db.clone()).await;
    this.approve("FW-1", day(), 5_000).await;
    this.approve("FW-2", day(), 1_250).await;
    let viewer = this.services().dispatcher(&this.staff).unwrap();
    let view = this.services().plan_day(&viewer, day(), DaySearch::default(), "FW-1", Lang::Pl).await.unwrap();
    assert_eq!(view.rows.len(), 2, "the page begins behind one of them");
    assert_eq!(view.total(), (Energy::from_wh(150_000_000), Energy::from_wh(4_800_000)));
    let counts = [
        (PlanStatus::Missing, 1),
        (PlanStatus::Draft, 0),
        (PlanStatus::Approved, 2),
        (PlanStatus::Accepted, 0),
        (PlanStatus::Rejected, 0),
    ];
    assert_eq!((view.counts.as_slice(), view.to_accept), (counts.as_slice(), 2));
    let producer = this.services().producer(&this.caller).await.unwrap();
    let foreign = this.services().plan_day(&producer, day(), DaySearch::default(), "", Lang::Pl).await;
    assert!(matches!(foreign, Err(ServiceError::Forbidden)), "the sums are of everybody's plans");
});

db_test!(the_dispatcher_finds_the_units_of_a_day_by_where_their_plans_stand_and_by_a_word, |test| {
    let this = Planning::start(test.db.clone()).await;
    let services = this.services();
    this.approve("FW-1", day(), 5_000).await;
    this.approve("FW-2", day(), 1_250).await;
    services.reject_plan(&this.staff, "FW-2", day(), 1, &[reason(None, "za mało")]).await.unwrap();
    this.approve("FW-1", day().plus_days(1), 1_000).await;
    services.save_draft(&this.caller, &DraftForm { day: day().plus_days(2), ..draft("FW-2", 0, 1_000) }).await.unwrap();
    for (day, status) in [(day(), PlanStatus::Rejected), (day().plus_days(2), PlanStatus::Draft)] {
        let decided = services.find_decision(&this.staff, "FW-2", day, Lang::Pl).await.unwrap();
        assert_eq!(decided.status, status, "as on the day's page");
    }
    let viewer = services.dispatcher(&this.staff).unwrap();
    let found = async |status, word: &str, after| {
        let search = DaySearch { status, word: word.to_owned() };
        let view = services.plan_day(&viewer, day(), search, after, Lang::Pl).await.unwrap();
        let rows = view.rows.into_iter().map(|row| format!("{} {} {:?}", row.code, row.status, row.version));
        (rows.collect::<Vec<_>>(), view.counts.into_iter().filter(|(_, plans)| *plans > 0).collect::<Vec<_>>())
    };
    let every = vec![(PlanStatus::Missing, 1), (PlanStatus::Approved, 1), (PlanStatus::Rejected, 1)];
    let expect = |rows: &[&str]| (rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>(), every.clone());
    assert_eq!(found(Some(PlanStatus::Missing), "", "").await, expect(&["FW-9 missing None"]));
    assert_eq!(found(Some(PlanStatus::Approved), "", "").await, expect(&["FW-1 approved Some(1)"]), "of this day");
    assert_eq!(found(Some(PlanStatus::Rejected), "", "").await, expect(&["FW-2 rejected Some(1)"]));
    assert_eq!(found(Some(PlanStatus::Draft), "", "").await, expect(&[]));
    assert_eq!(found(Some(PlanStatus::Approved), "", "FW-1").await, expect(&[]), "behind the last one");
    let (rows, counts) = found(None, "fw-2", "").await;
    assert_eq!((rows, counts), (vec!["FW-2 rejected Some(1)".to_owned()], vec![(PlanStatus::Rejected, 1)]));
    assert_eq!(found(Some(PlanStatus::Approved), "fw-2", "").await.0, [""; 0]);
    assert_eq!(found(None, "%", "").await.0, [""; 0], "a word, not a pattern");
});

db_test!(r63_one_draft_approved_twenty_times_at_once_is_one_version, |test| {
    let this = Planning::start(test.db.clone()).await;
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (services, caller) = (this.services().clone(), this.caller.clone());
            tokio::spawn(async move { services.approve_plan(&caller, &draft("FW-1", 0, 5_000)).await })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap().unwrap(), 1, "each is answered as if it were the only one");
    }
    assert_eq!(this.history("FW-1").await.versions.len(), 1);
    let later = this.services().approve_plan(&this.caller, &draft("FW-1", 0, 5_000)).await;
    assert_eq!(later.unwrap(), 1, "sent again, because the answer was lost");
    let other = this.services().approve_plan(&this.caller, &draft("FW-1", 0, 6_000)).await;
    assert_eq!(refusal(other), Refusal::ChangedMeanwhile, "another draft of the same beginning is another matter");
});

db_test!(r67_days_have_23_24_or_25_hours_and_gates_close_by_the_operators_clock, |test| {
    let portal = planners(test.db.clone()).await;
    // Each with the instant of its gate: ten o'clock on the day before, in Warsaw and in Kyiv.
    let days = [
        ("2026-10-25", 25, ["2026-10-24T08:00:00Z", "2026-10-24T07:00:00Z"]),
        ("2026-11-22", 24, ["2026-11-21T09:00:00Z", "2026-11-21T08:00:00Z"]),
        ("2027-03-28", 23, ["2027-03-27T09:00:00Z", "2027-03-27T08:00:00Z"]),
        ("2027-03-29", 24, ["2027-03-28T08:00:00Z", "2027-03-28T07:00:00Z"]),
    ];
    let mut portal = Some(portal);
    for (number, slug) in ["pgb", ABROAD].into_iter().enumerate() {
        let this = Planning::of(portal.take().unwrap(), slug).await;
        for (day, hours, gates) in days {
            let day: Date = day.parse().unwrap();
            let plan = this.plan("FW-1", day).await;
            assert_eq!(plan.labels.len(), hours, "{slug} {day}");
            assert_eq!(plan.gate_closes_at, gates[number].parse::<Timestamp>().unwrap(), "{slug} {day}");
            this.services().consent_to_change(&this.staff, "FW-1", day, 2).await.unwrap();
            for wrong in [hours - 1, hours + 1] {
                let form = DraftForm { day, ..form("FW-1", 0, &points(wrong, 5_000)) };
                let outcome = this.services().approve_plan(&this.caller, &form).await;
                assert_eq!(fault(outcome), ("points".into(), Fault::Malformed), "{slug} {day} {wrong}");
            }
            let form = DraftForm { day, ..form("FW-1", 0, &points(hours, 5_000)) };
            assert_eq!(this.services().approve_plan(&this.caller, &form).await.unwrap(), 1, "{slug} {day}");
        }
        portal = Some(this.portal);
    }
});

db_test!(own_use_that_nobody_stated_is_none, |test| {
    let this = Planning::start(test.db.clone()).await;
    let mut typed = points(24, 5_000);
    for index in 0..24 {
        typed.set(Series::Pauto, index, Cell::Empty);
    }
    for _ in 0..2 {
        let outcome = this.services().approve_plan(&this.caller, &form("FW-1", 0, &typed)).await;
        assert_eq!(outcome.unwrap(), 1, "sent again it is the same version");
    }
    let kept = this.plan("FW-1", day()).await.unpacked().unwrap();
    assert!(kept.series(Series::Pauto).iter().all(|cell| *cell == Cell::Power(Power::ZERO)), "{kept:?}");
    assert!(kept.series(Series::Pplan).iter().all(|cell| cell.power() == Some(Power::from_kw(5_000))));
});

db_test!(own_use_with_a_gap_or_above_the_net_is_told_and_the_draft_kept, |test| {
    let this = Planning::start(test.db.clone()).await;
    let mut typed = points(24, 5_000);
    typed.set(Series::Pauto, 5, Cell::Empty);
    typed.set(Series::Pauto, 7, Cell::Power(Power::from_kw(5_001)));
    let outcome = this.services().approve_plan(&this.caller, &form("FW-1", 0, &typed)).await;
    let fault = |index, fault| PointFault { series: Series::Pauto, index, fault };
    let expected = vec![fault(5, CellFault::Missing), fault(7, CellFault::AbovePplan)];
    assert_eq!(refusal(outcome), Refusal::PlanFaults(expected));
    let plan = this.plan("FW-1", day()).await;
    assert_eq!((plan.version, plan.status), (None, PlanStatus::Draft), "nothing was approved");
    assert_eq!(plan.unpacked().unwrap(), typed, "nothing that was typed is lost");
});

db_test!(a_draft_that_somebody_changed_meanwhile_comes_back_and_is_not_overwritten, |test| {
    let this = Planning::start(test.db.clone()).await;
    let (services, caller) = (this.services(), &this.caller);
    let Saved::Kept { revision, .. } = services.save_draft(caller, &draft("FW-1", 0, 5_000)).await.unwrap() else {
        panic!("not kept");
    };
    let Saved::Changed { revision: now, points, .. } =
        services.save_draft(caller, &draft("FW-1", 0, 6_000)).await.unwrap()
    else {
        panic!("overwritten");
    };
    assert_eq!((now, points), (revision, draft("FW-1", 0, 5_000).points));
});

db_test!(quarters_that_differ_are_not_flattened_by_who_works_in_hours, |test| {
    let this = Planning::start(test.db.clone()).await;
    let (services, caller) = (this.services(), &this.caller);
    let viewer = services.producer(caller).await.unwrap();
    let mut quarters = points(96, 5_000);
    for (kw, shown) in [(5_000, Resolution::Hour), (6_000, Resolution::Quarter)] {
        quarters.set(Series::Pplan, 1, Cell::Power(Power::from_kw(kw)));
        let revision = this.plan("FW-1", day()).await.revision;
        let form = DraftForm { resolution: Resolution::Quarter, ..form("FW-1", revision, &quarters) };
        assert!(matches!(services.save_draft(caller, &form).await.unwrap(), Saved::Kept { .. }));
        for layout in [Layout::Day, Layout::Days, Layout::Units] {
            let sheet = services.read_sheet(&viewer, layout, "FW-1", day(), Some(Resolution::Hour), Lang::Pl).await;
            assert_eq!(sheet.unwrap().plans[0].resolution, shown, "{layout} {kw}");
        }
    }
    let hours = draft("FW-1", this.plan("FW-1", day()).await.revision, 5_000);
    let Saved::Changed { resolution, points: kept, by, .. } = services.save_draft(caller, &hours).await.unwrap() else {
        panic!("flattened");
    };
    assert_eq!((resolution, kept, by.as_str()), (Resolution::Quarter, quarters.pack(), ""), "nobody else wrote it");
    assert_eq!(refusal(services.approve_plan(caller, &hours).await), Refusal::ChangedMeanwhile);
});

db_test!(a_version_is_decided_once_and_never_changes, |test| {
    let this = Planning::start(test.db.clone()).await;
    let services = this.services();
    assert_eq!(this.approve("FW-1", day(), 5_000).await, 1);
    services.accept_plan(&this.staff, "FW-1", day(), 1).await.unwrap();
    assert_eq!(refusal(services.accept_plan(&this.staff, "FW-1", day(), 1).await), Refusal::AlreadyDecided);
    let before = this.history("FW-1").await.versions;
    assert_eq!(this.approve("FW-1", day(), 7_000).await, 2);
    let after = this.history("FW-1").await.versions;
    assert_eq!(after[1..], before, "the first one is as it was, decision included");
    assert_eq!((after[0].number, after[0].status), (2, PlanStatus::Approved), "the second one waits for its own");
    let old = services.accept_plan(&this.staff, "FW-1", day(), 1).await;
    assert_eq!(refusal(old), Refusal::AlreadyDecided, "an old version");
    for statement in ["UPDATE plan_versions SET points = ''", "DELETE FROM plan_versions"] {
        assert!(test.run(statement).await.is_err(), "not even by hand: {statement}");
    }
});

db_test!(a_day_is_accepted_at_once_and_only_what_was_approved, |test| {
    use PlanStatus::{Accepted, Approved, Missing, Rejected};
    let this = Planning::start(test.db.clone()).await;
    let (services, tomorrow) = (this.services(), day().plus_days(1));
    for unit in ["FW-1", "FW-2"] {
        this.approve(unit, day(), 5_000).await;
        this.approve(unit, tomorrow, 5_000).await;
    }
    services.reject_plan(&this.staff, "FW-2", day(), 1, &[reason(None, "za dużo")]).await.unwrap();
    assert_eq!(services.accept_day(&this.staff, day(), this.portal.clock.now()).await.unwrap(), 1);
    assert_eq!(this.statuses(day()).await, [Accepted, Rejected, Missing]);
    assert_eq!(this.statuses(tomorrow).await, [Approved, Approved, Missing], "another day is another decision");
    assert_eq!(services.accept_day(&this.staff, day(), this.portal.clock.now()).await.unwrap(), 0, "nothing is left");

    this.approve("FW-2", day(), 4_000).await;
    assert_eq!(services.accept_day(&this.staff, day(), this.portal.clock.now()).await.unwrap(), 1);
    assert_eq!(this.statuses(day()).await, [Accepted, Accepted, Missing]);
    let decided: Vec<_> = this.history("FW-2").await.versions.iter().map(|version| version.status).collect();
    assert_eq!(decided, [Accepted, Rejected], "what was said to the first version stands");
    assert_eq!(services.accept_day(&this.staff, tomorrow, this.portal.clock.now()).await.unwrap(), 2);
});

db_test!(what_was_approved_after_the_day_was_read_is_not_accepted_with_it, |test| {
    let this = Planning::start(test.db.clone()).await;
    this.approve("FW-1", day(), 5_000).await;
    this.approve("FW-2", day(), 5_000).await;
    let read_at = this.portal.clock.now();
    this.portal.clock.advance(Duration::from_secs(1));
    this.approve("FW-2", day(), 9_000).await;
    assert_eq!(this.services().accept_day(&this.staff, day(), read_at).await.unwrap(), 1);
    assert_eq!(
        this.statuses(day()).await[..2],
        [PlanStatus::Accepted, PlanStatus::Approved],
        "nobody saw the second one"
    );
});

db_test!(a_correction_that_is_given_back_leaves_the_version_before_it_in_force, |test| {
    let this = Planning::start(test.db.clone()).await;
    let services = this.services();
    let viewer = services.dispatcher(&this.staff).unwrap();
    let seen = async || {
        let view = services.plan_day(&viewer, day(), DaySearch::default(), "", Lang::Pl).await.unwrap();
        (view.rows[0].status, view.rows[0].version, view.total().0.wh() / 24_000)
    };
    this.approve("FW-1", day(), 5_000).await;
    services.accept_plan(&this.staff, "FW-1", day(), 1).await.unwrap();
    this.approve("FW-1", day(), 7_000).await;
    assert_eq!(seen().await, (PlanStatus::Approved, Some(2), 7_000));
    services.reject_plan(&this.staff, "FW-1", day(), 2, &[reason(None, "za dużo")]).await.unwrap();
    assert_eq!(seen().await, (PlanStatus::Rejected, Some(1), 5_000));
    let left = this.history("FW-1").await.versions;
    assert_eq!((left[0].status, left[1].status), (PlanStatus::Rejected, PlanStatus::Accepted));

    this.approve("FW-2", day(), 3_000).await;
    services.reject_plan(&this.staff, "FW-2", day(), 1, &[reason(None, "za mało")]).await.unwrap();
    assert_eq!(seen().await.2, 5_000, "one that was given back and has none before it counts for nothing");
    this.portal.clock.advance(Duration::from_hours(22));
    services.remind_of_plans().await.unwrap();
    let letter = mail(&this.portal, "plan_reminder").await;
    assert!(letter.text.contains("FW-2") && !letter.text.contains("FW-1"), "{}", letter.text);
});

db_test!(a_plan_is_given_back_with_reasons_that_its_producer_reads, |test| {
    let this = Planning::start(test.db.clone()).await;
    let services = this.services();
    this.approve("FW-1", day(), 5_000).await;
    let reject = async |reasons: &[Reason]| services.reject_plan(&this.staff, "FW-1", day(), 1, reasons).await;
    assert_eq!(fault(reject(&[]).await), ("reason".into(), Fault::Required));
    assert_eq!(fault(reject(&[reason(None, " ")]).await), ("reason".into(), Fault::Required));
    let long = reason(None, &"x".repeat(501));
    assert_eq!(fault(reject(&[long]).await), ("reason".into(), Fault::TooLong(500)));
    let beyond = reason(Some((Series::Pplan, 24)), "nie ma takiej godziny");
    assert_eq!(fault(reject(std::slice::from_ref(&beyond)).await), ("point".into(), Fault::OutOfRange));
    let (first, empty) = (reason(None, "za dużo"), reason(None, ""));
    assert_eq!(fault(reject(&[empty.clone(), first.clone()]).await), ("reason".into(), Fault::Required));
    let long = reason(None, &"x".repeat(501));
    assert_eq!(fault(reject(&[first.clone(), long]).await), ("reason_2".into(), Fault::TooLong(500)));
    assert_eq!(fault(reject(&[first.clone(), beyond]).await), ("point_2".into(), Fault::OutOfRange));
    let hour_alone = [first, empty.clone(), reason(Some((Series::Pplan, 3)), " ")];
    assert_eq!(fault(reject(&hour_alone).await), ("reason_3".into(), Fault::Required));
    assert_eq!(this.plan("FW-1", day()).await.status, PlanStatus::Approved, "nothing of that was a decision");

    let reasons = [reason(Some((Series::Pplan, 12)), "ponad moc przyłącza"), reason(None, "zadzwoń do nas")];
    let [of_an_hour, of_the_plan] = reasons.clone();
    reject(&[of_an_hour, empty, of_the_plan]).await.unwrap();
    let letter = mail(&this.portal, "plan_rejected").await;
    assert_eq!(letter.to, PRODUCER);
    for said in ["PPLAN 12–13: ponad moc przyłącza", "zadzwoń do nas"] {
        assert!(letter.text.contains(said), "{}", letter.text);
    }
    let plan = this.plan("FW-1", day()).await;
    assert_eq!((plan.status, plan.reasons.as_slice()), (PlanStatus::Rejected, reasons.as_slice()));
    let decision = services.find_decision(&this.staff, "FW-1", day(), Lang::Pl).await.unwrap();
    assert_eq!((decision.compared, decision.changes.len()), (None, 0), "there is one version");
    let read = this.history("FW-1").await.versions.remove(0).reasons;
    assert_eq!(read, ["PPLAN 12–13: ponad moc przyłącza", "zadzwoń do nas"]);
    let accepted = services.accept_plan(&this.staff, "FW-1", day(), 1).await;
    assert_eq!(refusal(accepted), Refusal::AlreadyDecided);
    assert_eq!(this.approve("FW-1", day(), 5_000).await, 2, "the same values again are a new version to decide about");
    assert_eq!(this.approve("FW-1", day(), 6_000).await, 3);
    let decision = services.find_decision(&this.staff, "FW-1", day(), Lang::Pl).await.unwrap();
    assert_eq!(decision.compared, Some((2, 3)));
    assert_eq!(decision.changes.len(), 24, "net generation of every hour");
});

db_test!(after_the_gate_nothing_changes_without_consent, |test| {
    let this = Planning::start(test.db.clone()).await;
    let (services, caller) = (this.services(), &this.caller);
    let Saved::Kept { revision, .. } = services.save_draft(caller, &draft("FW-1", 0, 5_000)).await.unwrap() else {
        panic!("not kept");
    };
    this.portal.clock.advance(Duration::from_hours(24));
    let late = draft("FW-1", revision, 6_000);
    assert_eq!(refusal(services.save_draft(caller, &late).await), Refusal::GateClosed);
    assert_eq!(refusal(services.approve_plan(caller, &late).await), Refusal::GateClosed);
    for hours in [0, 49] {
        let outcome = services.consent_to_change(&this.staff, "FW-1", day(), hours).await;
        assert_eq!(fault(outcome), ("hours".into(), Fault::OutOfRange));
    }
    let closed = this.plan("FW-1", day()).await;
    services.consent_to_change(&this.staff, "FW-1", day(), 2).await.unwrap();
    let open = this.plan("FW-1", day()).await;
    assert_eq!((closed.is_open, open.is_open), (false, true));
    assert_ne!(open.gate_label, closed.gate_label, "the producer learns until when");
    assert_eq!(services.approve_plan(caller, &late).await.unwrap(), 1);
    let other = services.save_draft(caller, &draft("FW-2", 0, 1)).await;
    assert_eq!(refusal(other), Refusal::GateClosed, "the consent is for one unit");
    this.portal.clock.advance(Duration::from_hours(2));
    let again = services.approve_plan(caller, &draft("FW-1", revision + 2, 7_000)).await;
    assert_eq!(refusal(again), Refusal::GateClosed, "the consent has ended");
});

/// Lets the worker look for missing plans, and takes the reminders that went out.
async fn reminders(portal: &TestPortal) -> Vec<openbok_services::MailMessage> {
    portal.services.remind_of_plans().await.unwrap();
    portal.mails().await.unwrap().into_iter().filter(|mail| mail.kind == "plan_reminder").collect()
}

db_test!(a_company_is_reminded_once_within_two_hours_before_the_gate, |test| {
    let portal = planners(test.db.clone()).await;
    let staff = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    portal.clock.advance(Duration::from_mins(22 * 60 - 1));
    producer(&portal, &staff).await;
    assert_eq!(reminders(&portal).await, [], "a minute before eight");
    portal.clock.advance(Duration::from_mins(1));
    let sent = reminders(&portal).await;
    assert_eq!(sent.len(), 1, "K2 misses a plan as well, but nobody writes any for it");
    assert_eq!(sent[0].to, PRODUCER);
    assert!(sent[0].text.contains("FW-1") && sent[0].text.contains("FW-2"), "{}", sent[0].text);
    assert!(sent[0].text.contains("22 listopada 2026"), "the day whose gate closes next: {}", sent[0].text);
    assert!(!sent[0].text.contains("FW-9"), "{}", sent[0].text);
    assert_eq!(reminders(&portal).await, [], "once a day");
    portal.clock.advance(Duration::from_hours(24));
    assert_eq!(reminders(&portal).await.len(), 1, "the next day is another one");
});

db_test!(who_came_too_late_for_the_first_look_is_reminded_and_nobody_after_the_gate, |test| {
    let portal = planners(test.db.clone()).await;
    let staff = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    portal.clock.advance(Duration::from_hours(22));
    assert_eq!(reminders(&portal).await, [], "nobody is there yet");
    producer(&portal, &staff).await;
    assert_eq!(reminders(&portal).await.len(), 1);

    portal.clock.advance(Duration::from_mins(24 * 60 + 119));
    assert_eq!(reminders(&portal).await.len(), 1, "still before ten");
    portal.clock.advance(Duration::from_mins(1));
    test.run("DELETE FROM plan_reminders").await.unwrap();
    assert_eq!(reminders(&portal).await, [], "the gate has closed");
});

db_test!(whose_plans_are_all_approved_is_not_reminded_until_one_is_given_back, |test| {
    let this = Planning::start(test.db.clone()).await;
    for unit in ["FW-1", "FW-2"] {
        this.approve(unit, day(), 5_000).await;
    }
    this.portal.clock.advance(Duration::from_hours(22));
    assert_eq!(reminders(&this.portal).await, []);
    this.services().accept_plan(&this.staff, "FW-1", day(), 1).await.unwrap();
    this.services().reject_plan(&this.staff, "FW-2", day(), 1, &[reason(None, "za dużo")]).await.unwrap();
    let sent = reminders(&this.portal).await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].text.contains("FW-2") && !sent[0].text.contains("FW-1"), "{}", sent[0].text);
});

db_test!(every_act_on_record_has_a_word_for_it, |test| {
    let this = Planning::start(test.db.clone()).await;
    let (services, staff) = (this.services(), &this.staff);
    this.approve("FW-1", day(), 5_000).await;
    services.reject_plan(staff, "FW-1", day(), 1, &[reason(None, "za dużo")]).await.unwrap();
    services.consent_to_change(staff, "FW-1", day(), 2).await.unwrap();
    services.accept_day(staff, day(), this.portal.clock.now()).await.unwrap();
    services.sign_out(&this.caller).await.unwrap();
    services.sign_out_staff(staff).await.unwrap();
    let administrator = StaffCaller { roles: Roles::new([Role::Administrator]), ..staff.clone() };
    let entries = services.list_audit(&administrator, i64::MAX, Lang::Pl).await.unwrap();
    let events: BTreeSet<_> = entries.iter().map(|entry| entry.event.as_str()).collect();
    assert!(events.is_superset(&["staff_enrol", "access_approve", "redeem_token", "plan_reject"].into()), "{events:?}");
    for entry in &entries {
        let kind = entry.actor.split(':').next().unwrap_or_default();
        assert!(labels::audit_event(&entry.event).is_some(), "{entry:?}");
        assert!(labels::audit_outcome(&entry.outcome).is_some(), "{entry:?}");
        assert!(labels::audit_actor(kind).is_some(), "{entry:?}");
    }
});
