//! Producers and dispatchers on both engines: the TOKEN, drafts, approval, decisions.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "producers do not register by contract")]
mod common;

use std::time::Duration;

use common::*;
use openbok_domain::access::{AccessRequestForm, RequestStatus};
use openbok_domain::invitation::{InvitationForm, InvitationToken};
use openbok_domain::plan::view::Saved;
use openbok_domain::plan::{Cell, Points, Power, Resolution};
use openbok_domain::staff::{EnrolmentForm, Role, Roles};
use openbok_domain::{AccessRequestId, Date, EmailAddress, Lang, Refusal};
use openbok_services::testing::{TestPortal, authenticator_code};
use openbok_services::{Caller, DraftForm, ServiceError, StaffCaller};
use openbok_storage::db_test;

const UNITS: &str = "unit_code,customer_number,installed_mw,pmin_mw,pmax_mw\nFW-1,K3,50,0,50\nFW-9,K2,50,0,50\n";
const PRODUCER: &str = "grafik@example.com";

/// A portal with a wind farm of K3, another one of K2, and a dispatcher.
async fn planning(db: openbok_storage::Db) -> (TestPortal, StaffCaller) {
    let portal = TestPortal::new(db).await;
    import_customers(&portal, "pgb").await;
    import(&portal, "pgb", &[("generating_units", UNITS)]).await;
    let dispatcher = dispatcher(&portal, "pgb", "ewa@example.com").await;
    (portal, dispatcher)
}

async fn dispatcher(portal: &TestPortal, slug: &str, email: &str) -> StaffCaller {
    let (services, visit) = (&portal.services, visit_of(portal, slug, 9));
    let address = EmailAddress::parse(email).unwrap();
    let link = services.add_staff(&visit.operator, "Ewa", &address, &Roles::new([Role::Dispatcher])).await.unwrap();
    let token = openbok_services::Token::parse(link.split_once("token=").unwrap().1).unwrap();
    let key = services.staff_enrolment(&visit, &token).await.unwrap().key;
    let code = authenticator_code(&key, services.now());
    let form = EnrolmentForm { new_password: PASSWORD.into(), repeat_password: PASSWORD.into(), code };
    services.enrol_staff(&visit, &token, &form).await.unwrap();
    portal.clock.advance(Duration::from_secs(30));
    let half = services.sign_in_staff(&visit, credentials(email, PASSWORD)).await.unwrap();
    let half = services.find_staff_caller(&visit.operator, &half.session).await.unwrap().unwrap();
    let code = authenticator_code(&key, services.now());
    let session = services.confirm_staff_code(&half, &code).await.unwrap();
    assert!(services.confirm_staff_code(&half, &code).await.is_err(), "a code opens one session and no second one");
    services.find_staff_caller(&visit.operator, &session).await.unwrap().unwrap()
}

async fn ask(portal: &TestPortal, email: &str) {
    let form = AccessRequestForm { company: "Kłos".into(), email: email.into(), phone: "600 700 800".into() };
    portal.services.ask_access(&visit_of(portal, "pgb", 1), &form, None).await.unwrap();
}

/// Asks and is granted access to the units of K3; the request and its TOKEN.
async fn invited(portal: &TestPortal, staff: &StaffCaller, email: &str) -> (AccessRequestId, InvitationToken) {
    ask(portal, email).await;
    let (rows, _) = portal.services.list_access_requests(staff, RequestStatus::New, Lang::Pl).await.unwrap();
    let id = rows[0].id;
    portal.services.approve_access_request(staff, id, 1, "K3").await.unwrap();
    (id, token(portal).await)
}

async fn token(portal: &TestPortal) -> InvitationToken {
    let text = mail(portal, "invitation").await.text;
    text.split_whitespace().find_map(|word| InvitationToken::parse(word).ok()).unwrap()
}

fn account(email: &str) -> InvitationForm {
    InvitationForm { email: email.into(), new_password: PASSWORD.into(), repeat_password: PASSWORD.into(), terms: true }
}

async fn producer(portal: &TestPortal, staff: &StaffCaller) -> Caller {
    let (_, token) = invited(portal, staff, PRODUCER).await;
    let visit = visit_of(portal, "pgb", 1);
    portal.services.redeem_without_account(&visit, &token, &account(PRODUCER)).await.unwrap();
    let signed_in = sign_in(portal, &visit, PRODUCER, PASSWORD).await.unwrap();
    caller(portal, &visit, &signed_in.session).await.unwrap()
}

fn refusal<T>(outcome: Result<T, ServiceError>) -> Refusal {
    match outcome {
        Err(ServiceError::Refused(refusal)) => refusal,
        Err(other) => panic!("not refused: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

fn day() -> Date {
    "2026-11-22".parse().unwrap()
}

/// A whole day of one power.
fn draft(unit: &str, revision: i64, kw: i32) -> DraftForm {
    let cells = |kw| vec![Cell::Power(Power::from_kw(kw)); 24];
    let points = Points::new(cells(kw), cells(100)).unwrap().pack();
    DraftForm { unit: unit.into(), day: day(), resolution: Resolution::Hour, revision, points }
}

db_test!(r26_a_token_opens_once_and_only_for_the_address_it_was_sent_to, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let visit = visit_of(&portal, "pgb", 1);
    let (_, token) = invited(&portal, &staff, PRODUCER).await;
    let strange = account("inny@example.com");
    assert_eq!(refusal(portal.services.redeem_without_account(&visit, &token, &strange).await), Refusal::TokenForeign);
    portal.services.redeem_without_account(&visit, &token, &account(PRODUCER)).await.unwrap();
    assert_eq!(
        refusal(portal.services.redeem_without_account(&visit, &token, &account(PRODUCER)).await),
        Refusal::TokenUsed
    );
    let abroad = visit_of(&portal, "ebok", 1);
    assert!(portal.services.check_token(&abroad, &token).await.is_err(), "another operator does not know it");
});

db_test!(a_token_ends_when_it_is_old_or_taken_back_or_followed_by_a_newer_one, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let visit = visit_of(&portal, "pgb", 1);
    let (id, first) = invited(&portal, &staff, PRODUCER).await;
    portal.services.reissue_token(&staff, id).await.unwrap();
    let second = token(&portal).await;
    assert_eq!(refusal(portal.services.check_token(&visit, &first).await), Refusal::TokenRevoked);
    portal.services.check_token(&visit, &second).await.unwrap();
    portal.services.revoke_token(&staff, id).await.unwrap();
    assert_eq!(refusal(portal.services.check_token(&visit, &second).await), Refusal::TokenRevoked);
    portal.services.reissue_token(&staff, id).await.unwrap();
    let third = token(&portal).await;
    portal.clock.advance(openbok_services::INVITATION_LIFE);
    assert_eq!(refusal(portal.services.check_token(&visit, &third).await), Refusal::TokenExpired);
});

db_test!(one_token_used_by_many_at_once_makes_one_account, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let (_, token) = invited(&portal, &staff, PRODUCER).await;
    let uses: Vec<_> = (0..8)
        .map(|host| {
            let (services, visit, token) = (portal.services.clone(), visit_of(&portal, "pgb", host), token.clone());
            tokio::spawn(
                async move { services.redeem_without_account(&visit, &token, &account(PRODUCER)).await.is_ok() },
            )
        })
        .collect();
    let mut successes = 0;
    for used in uses {
        successes += usize::from(used.await.unwrap());
    }
    assert_eq!(successes, 1);
});

db_test!(who_asks_twice_is_on_the_list_and_learns_nothing, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    producer(&portal, &staff).await;
    ask(&portal, PRODUCER).await;
    let (rows, _) = portal.services.list_access_requests(&staff, RequestStatus::New, Lang::Pl).await.unwrap();
    assert_eq!(rows.len(), 1, "staff sees the second request; the form answered as to anybody");
});

db_test!(r63_a_producer_sees_and_writes_units_of_the_own_company_only, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let caller = producer(&portal, &staff).await;
    let services = &portal.services;
    let units: Vec<_> = services.list_units(&caller).await.unwrap().into_iter().map(|unit| unit.code).collect();
    assert_eq!(units, ["FW-1"]);
    for unit in ["FW-9", "FW-0"] {
        let (kept, approved) = (
            services.save_draft(&caller, &draft(unit, 0, 1)).await,
            services.approve_plan(&caller, &draft(unit, 0, 1)).await,
        );
        assert!(matches!(kept, Err(ServiceError::NotFound)), "{unit}: {kept:?}");
        assert!(matches!(approved, Err(ServiceError::NotFound)), "{unit}: {approved:?}");
    }
    let abroad = dispatcher(&portal, "ebok", "jan@example.com").await;
    assert!(
        services.accept_plan(&abroad, "FW-1", day(), 1).await.is_err(),
        "staff of another operator decides nothing"
    );
});

db_test!(a_draft_that_somebody_changed_meanwhile_comes_back_and_is_not_overwritten, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let caller = producer(&portal, &staff).await;
    let services = &portal.services;
    let Saved::Kept { revision, .. } = services.save_draft(&caller, &draft("FW-1", 0, 5_000)).await.unwrap() else {
        panic!("not kept");
    };
    let Saved::Changed { revision: now, points, .. } =
        services.save_draft(&caller, &draft("FW-1", 0, 6_000)).await.unwrap()
    else {
        panic!("overwritten");
    };
    assert_eq!((now, points), (revision, draft("FW-1", 0, 5_000).points));
});

db_test!(r67_an_approved_version_is_decided_once_and_never_changes, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let caller = producer(&portal, &staff).await;
    let services = &portal.services;
    let first = services.approve_plan(&caller, &draft("FW-1", 0, 5_000)).await.unwrap();
    assert_eq!(first, 1);
    services.accept_plan(&staff, "FW-1", day(), 1).await.unwrap();
    assert_eq!(refusal(services.accept_plan(&staff, "FW-1", day(), 1).await), Refusal::AlreadyDecided);
    let view = services.producer(&caller).await.unwrap();
    let before = services.plan_history(&view, "FW-1", day(), None, Lang::Pl).await.unwrap();
    let sheet = services
        .read_sheet(&view, openbok_domain::plan::view::Layout::Day, "FW-1", day(), None, Lang::Pl)
        .await
        .unwrap();
    let second = services.approve_plan(&caller, &draft("FW-1", sheet.plans[0].revision, 7_000)).await.unwrap();
    assert_eq!(second, 2);
    let after = services.plan_history(&view, "FW-1", day(), None, Lang::Pl).await.unwrap();
    let old = |history: &openbok_domain::plan::view::HistoryView| {
        history.versions.iter().find(|version| version.number == 1).map(|version| version.checksum.clone())
    };
    assert_eq!(old(&before), old(&after));
    assert_eq!(
        refusal(services.accept_plan(&staff, "FW-1", day(), 1).await),
        Refusal::AlreadyDecided,
        "an old version"
    );
});

db_test!(after_the_gate_nothing_changes_without_consent, |test| {
    let (portal, staff) = planning(test.db.clone()).await;
    let caller = producer(&portal, &staff).await;
    let services = &portal.services;
    let Saved::Kept { revision, .. } = services.save_draft(&caller, &draft("FW-1", 0, 5_000)).await.unwrap() else {
        panic!("not kept");
    };
    portal.clock.advance(Duration::from_hours(24));
    let visit = visit_of(&portal, "pgb", 1);
    let signed_in = sign_in(&portal, &visit, PRODUCER, PASSWORD).await.unwrap();
    let caller = common::caller(&portal, &visit, &signed_in.session).await.unwrap();
    let late = draft("FW-1", revision, 6_000);
    assert_eq!(refusal(services.save_draft(&caller, &late).await), Refusal::GateClosed);
    assert_eq!(refusal(services.approve_plan(&caller, &late).await), Refusal::GateClosed);
    services.consent_to_change(&staff, "FW-1", day(), 2).await.unwrap();
    assert_eq!(services.approve_plan(&caller, &late).await.unwrap(), 1);
    portal.clock.advance(Duration::from_hours(2));
    let again = services.approve_plan(&caller, &draft("FW-1", revision + 1, 7_000)).await;
    assert_eq!(refusal(again), Refusal::GateClosed, "the consent has ended");
});
