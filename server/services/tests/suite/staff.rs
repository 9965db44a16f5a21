//! The operator's staff on both engines: their sign-in with its lanes and codes, how they come and go, what they see.

use std::path::PathBuf;
use std::time::Duration;

use crate::back_office::*;
use crate::common::*;
use openbok_domain::access::RequestStatus;
use openbok_domain::plan::view::{DaySearch, Reason};
use openbok_domain::plan::{Cell, Energy, PlanStatus, Points, Power, Resolution};
use openbok_domain::staff::{EnrolmentForm, NewStaffForm, Role, Roles};
use openbok_domain::{Date, EmailAddress, Fault, Lang, LockoutScope, Refusal, StaffId};
use openbok_services::testing::TestPortal;
use openbok_services::{AuditState, Caller, DraftForm, Operators, ServiceError, StaffCaller, UnitForm, Visit};
use openbok_storage::{Db, db_test};

const EWA: &str = "ewa@example.com";
const JAN: &str = "jan@example.com";
const WRONG: &str = "Nie-to-hasło-1";
/// How long five wrong passwords shut the sign-in.
const LOCK: Duration = Duration::from_mins(15);
const SECOND: Duration = Duration::from_secs(1);

/// A portal with one member.
async fn start(db: Db) -> (TestPortal, Member) {
    let portal = TestPortal::new(db).await;
    let ewa = member(&portal, "pgb", EWA, &[Role::Dispatcher]).await;
    (portal, ewa)
}

/// A browser nobody knows yet.
fn browser(portal: &TestPortal, host: u8) -> Visit {
    visit_of(portal, "pgb", host)
}

async fn fail(portal: &TestPortal, visit: &Visit, login: &str, times: usize) {
    for _ in 0..times {
        assert!(is_bad_credentials(&type_password(portal, &mut visit.clone(), login, WRONG).await));
    }
}

/// Six digits that the authenticator does not show.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 500_000) % 1_000_000)
}

fn is_forbidden<T>(outcome: &Result<T, ServiceError>) -> bool {
    matches!(outcome, Err(ServiceError::Forbidden))
}

fn is_wrong_code<T>(outcome: Result<T, ServiceError>) -> bool {
    fault(outcome) == ("code".into(), Fault::Wrong)
}

async fn id_of(portal: &TestPortal, administrator: &StaffCaller, email: &str) -> StaffId {
    let people = portal.services.list_staff(administrator).await.unwrap();
    people.into_iter().find(|person| person.email == email).unwrap().id
}

db_test!(r29_a_code_is_accepted_once_by_whichever_sign_in, |test| {
    let (portal, ewa) = start(test.db.clone()).await;
    let services = &portal.services;
    let mut visit = browser(&portal, 9);
    let half = type_password(&portal, &mut visit, EWA, PASSWORD).await.unwrap();
    let enrolled_with = ewa.code(&portal);
    assert!(is_wrong_code(services.confirm_staff_code(&visit, &half, &enrolled_with).await), "the enrolment used it");

    portal.clock.advance(Duration::from_secs(30));
    let code = ewa.code(&portal);
    let mut other = browser(&portal, 10);
    let second = type_password(&portal, &mut other, EWA, PASSWORD).await.unwrap();
    services.confirm_staff_code(&visit, &half, &code).await.unwrap();
    assert!(is_wrong_code(services.confirm_staff_code(&other, &second, &code).await), "the same step, another sign-in");
    portal.clock.advance(Duration::from_secs(30));
    assert!(is_wrong_code(services.confirm_staff_code(&other, &second, &code).await), "still within the skew");
    services.confirm_staff_code(&other, &second, &ewa.code(&portal)).await.unwrap();
});

db_test!(r21_the_password_alone_opens_nothing, |test| {
    let (portal, _) = start(test.db.clone()).await;
    let half = type_password(&portal, &mut browser(&portal, 9), EWA, PASSWORD).await.unwrap();
    let services = &portal.services;
    assert!(is_forbidden(&services.list_access_requests(&half, RequestStatus::New, None, Lang::Pl).await));
    assert!(services.dispatcher(&half).is_err());
});

db_test!(r07_five_wrong_passwords_shut_the_sign_in_of_a_member_for_a_quarter_of_an_hour, |test| {
    let (portal, ewa) = start(test.db.clone()).await;
    fail(&portal, &browser(&portal, 20), EWA, 5).await;
    let sixth = sign_in_member(&portal, &mut browser(&portal, 20), &ewa).await;
    assert!(is_bad_credentials(&sixth), "the right one");
    assert_eq!(mail(&portal, "staff_locked").await.to, EWA);
    portal.clock.advance(Duration::from_secs(15 * 60 - 30));
    assert!(is_bad_credentials(&type_password(&portal, &mut browser(&portal, 20), EWA, PASSWORD).await));
    portal.clock.advance(SECOND);
    sign_in_member(&portal, &mut browser(&portal, 20), &ewa).await.unwrap();

    fail(&portal, &browser(&portal, 21), EWA, 5).await;
    assert_eq!(portal.mails().await.unwrap(), [], "one letter a day");
});

db_test!(r08_of_fifty_parallel_guesses_five_are_compared_with_the_hash_of_a_member, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| parts.settings.limits.challenge_bits = 0).await;
    member(&portal, "pgb", EWA, &[Role::Dispatcher]).await;
    let before = portal.services.compared();
    let guesses: Vec<_> = (0..50)
        .map(|n| {
            let (services, visit) = (portal.services.clone(), browser(&portal, 100 + n));
            tokio::spawn(async move {
                let first = services.sign_in_staff(&visit, credentials(EWA, WRONG)).await;
                if let Err(ServiceError::Refused(Refusal::Challenge(asked))) = first {
                    let credentials =
                        openbok_services::Credentials { proof: Some(solve(&asked)), ..credentials(EWA, WRONG) };
                    drop(services.sign_in_staff(&visit, credentials).await);
                }
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap();
    }
    assert_eq!(portal.services.compared() - before, 5, "the other guesses meet a hash of nothing");
});

db_test!(r09_strangers_cannot_lock_a_member_out_of_a_known_device, |test| {
    let (portal, ewa) = start(test.db.clone()).await;
    let (mut home, mut half) = (browser(&portal, 9), browser(&portal, 10));
    sign_in_member(&portal, &mut home, &ewa).await.unwrap();
    type_password(&portal, &mut half, EWA, PASSWORD).await.unwrap();
    fail(&portal, &browser(&portal, 20), EWA, 4).await;
    assert!(
        is_bad_credentials(&type_password(&portal, &mut half, EWA, PASSWORD).await),
        "a browser that only knew the password is a stranger, and its tries count"
    );
    sign_in_member(&portal, &mut home, &ewa).await.expect("the browser that signed in before goes on");

    let mut other = browser(&portal, 11);
    portal.clock.advance(LOCK + SECOND);
    sign_in_member(&portal, &mut other, &ewa).await.unwrap();
    fail(&portal, &home, EWA, 5).await;
    for visit in [&mut home, &mut other, &mut browser(&portal, 21)] {
        assert!(is_bad_credentials(&sign_in_member(&portal, visit, &ewa).await), "its own five lock everything");
    }
    portal.clock.advance(LOCK);
    sign_in_member(&portal, &mut home, &ewa).await.unwrap();
});

db_test!(r09_strict_mode_locks_known_devices_of_staff_too, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| {
        let list = parts.operators.iter().map(|operator| {
            let mut operator = (**operator).clone();
            operator.lockout.scope = LockoutScope::Account;
            operator
        });
        parts.operators = Operators::new(list.collect(), PathBuf::new()).unwrap();
    })
    .await;
    let ewa = member(&portal, "pgb", EWA, &[Role::Dispatcher]).await;
    let mut home = browser(&portal, 9);
    sign_in_member(&portal, &mut home, &ewa).await.unwrap();
    fail(&portal, &browser(&portal, 20), EWA, 5).await;
    assert!(is_bad_credentials(&sign_in_member(&portal, &mut home, &ewa).await));
});

db_test!(r10_invented_logins_of_staff_cost_and_leave_the_same, |test| {
    let (portal, _) = start(test.db.clone()).await;
    let visit = browser(&portal, 20);
    for (login, letters) in [("nikt@example.com", 0), (EWA, 1)] {
        for try_ in 1..=6 {
            let before = portal.services.hashed();
            fail(&portal, &visit, login, 1).await;
            assert_eq!(portal.services.hashed() - before, 1, "{login} {try_}");
        }
        assert_eq!(portal.services.readiness().await.unwrap().mails_waiting, 1, "{login}");
        assert_eq!(portal.mails().await.unwrap().len(), letters, "{login}");
    }
});

db_test!(five_wrong_codes_an_hour_in_one_sign_in_or_several, |test| {
    let (portal, ewa) = start(test.db.clone()).await;
    let services = &portal.services;
    portal.clock.advance(Duration::from_secs(30));
    let mut visit = browser(&portal, 9);
    let first = type_password(&portal, &mut visit, EWA, PASSWORD).await.unwrap();
    let second = type_password(&portal, &mut visit, EWA, PASSWORD).await.unwrap();
    for half in [&first, &first, &first, &second, &second] {
        let outcome = services.confirm_staff_code(&visit, half, &wrong(&ewa.code(&portal))).await;
        assert!(is_wrong_code(outcome));
    }
    let sixth = services.confirm_staff_code(&visit, &second, &ewa.code(&portal)).await;
    assert!(matches!(sixth, Err(ServiceError::TooMany { .. })), "the right one: {sixth:?}");
    portal.clock.advance(Duration::from_mins(59));
    let again = sign_in_member(&portal, &mut visit, &ewa).await;
    assert!(matches!(again, Err(ServiceError::TooMany { .. })), "nor with a new sign-in: {again:?}");
    portal.clock.advance(Duration::from_mins(1));
    sign_in_member(&portal, &mut visit, &ewa).await.unwrap();
});

db_test!(a_sign_in_ends_with_its_fifth_wrong_code, |test| {
    let (portal, ewa) = start(test.db.clone()).await;
    let services = &portal.services;
    portal.clock.advance(Duration::from_secs(30));
    let mut visit = browser(&portal, 9);
    let half = services.sign_in_staff(&visit, credentials(EWA, PASSWORD)).await.unwrap();
    visit.device = Some(half.device);
    let caller = staff_caller(&portal, &visit, &half.session).await.unwrap();
    for _ in 0..5 {
        assert!(is_wrong_code(services.confirm_staff_code(&visit, &caller, &wrong(&ewa.code(&portal))).await));
    }
    let sixth = services.confirm_staff_code(&visit, &caller, &ewa.code(&portal)).await;
    assert!(matches!(sixth, Err(ServiceError::SignedOut)), "{sixth:?}");
    assert!(staff_caller(&portal, &visit, &half.session).await.is_none());
});

db_test!(r14_the_session_of_a_member_has_another_name_after_the_code, |test| {
    let (portal, ewa) = start(test.db.clone()).await;
    portal.clock.advance(Duration::from_secs(30));
    let visit = browser(&portal, 9);
    let half = portal.services.sign_in_staff(&visit, credentials(EWA, PASSWORD)).await.unwrap().session;
    let caller = staff_caller(&portal, &visit, &half).await.unwrap();
    let full = portal.services.confirm_staff_code(&visit, &caller, &ewa.code(&portal)).await.unwrap();
    assert!(staff_caller(&portal, &visit, &half).await.is_none(), "the former cookie value is dead");
    assert!(staff_caller(&portal, &visit, &full).await.is_some());
    assert!(staff_caller(&portal, &visit_of(&portal, "ebok", 9), &full).await.is_none(), "elsewhere it is nobody's");
});

db_test!(an_administrator_invites_and_the_mailed_link_works_once, |test| {
    let portal = planners(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    let form = NewStaffForm {
        name: "Anna Lis".into(),
        email: "anna@example.com".into(),
        roles: Roles::new([Role::Dispatcher]),
    };
    services.invite_staff(&ewa, &form).await.unwrap();
    let twice = NewStaffForm { email: "Anna@Example.com".into(), ..form.clone() };
    assert_eq!(fault(services.invite_staff(&ewa, &twice).await), ("email".into(), Fault::Taken));
    let letter = mail(&portal, "staff_enrolment").await;
    assert_eq!(letter.to, "anna@example.com");
    let (token, visit) = (link_token(&letter), browser(&portal, 9));
    let abroad = services.staff_enrolment(&visit_of(&portal, ABROAD, 9), &token).await;
    assert_eq!(refusal(abroad), Refusal::LinkUnknown);

    let key = services.staff_enrolment(&visit, &token).await.unwrap().key;
    let code = wrong(&openbok_services::testing::authenticator_code(&key, portal.clock.now()));
    let enrolment = EnrolmentForm { new_password: PASSWORD.into(), repeat_password: PASSWORD.into(), code };
    assert!(is_wrong_code(services.enrol_staff(&visit, &token, &enrolment).await), "a key that was not scanned");
    let anna = take_place(&portal, "pgb", &token).await;
    assert_eq!(refusal(services.staff_enrolment(&visit, &token).await), Refusal::LinkUnknown, "used");
    let mut visit = browser(&portal, 9);
    let session = sign_in_member(&portal, &mut visit, &anna).await.unwrap();
    let caller = staff_caller(&portal, &visit, &session).await.unwrap();
    assert_eq!(caller.roles, Roles::new([Role::Dispatcher]));

    let late = NewStaffForm { email: JAN.into(), ..form };
    services.invite_staff(&ewa, &late).await.unwrap();
    let token = link_token(&mail(&portal, "staff_enrolment").await);
    portal.clock.advance(Duration::from_hours(72));
    assert_eq!(refusal(services.staff_enrolment(&visit, &token).await), Refusal::LinkUnknown, "three days have passed");
});

db_test!(r40_only_administrators_manage_people_and_read_the_log, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    let jan = staff(&portal, "pgb", JAN, &[Role::Dispatcher]).await;
    let roles = Roles::new([Role::Dispatcher, Role::Administrator]);
    let form = NewStaffForm { name: "Anna".into(), email: "anna@example.com".into(), roles };
    assert!(is_forbidden(&services.invite_staff(&jan, &form).await));
    assert!(is_forbidden(&services.list_staff(&jan).await));
    assert!(is_forbidden(&services.find_staff(&jan, jan.staff).await));
    assert!(is_forbidden(&services.reset_staff(&jan, ewa.staff).await));
    assert!(is_forbidden(&services.change_staff(&jan, jan.staff, &Roles::new([Role::Administrator]), true).await));
    assert!(is_forbidden(&services.list_audit(&jan, i64::MAX, Lang::Pl).await));
    assert!(
        is_forbidden(&services.list_access_requests(&ewa, RequestStatus::New, None, Lang::Pl).await),
        "nor the other way round"
    );
    let people = services.list_staff(&ewa).await.unwrap();
    assert_eq!(people.iter().map(|person| person.email.as_str()).collect::<Vec<_>>(), [EWA, JAN]);
});

db_test!(r18_a_reset_ends_the_sessions_and_takes_password_and_authenticator_away, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    let jan = member(&portal, "pgb", JAN, &[Role::Dispatcher]).await;
    let mut visit = browser(&portal, 9);
    let session = sign_in_member(&portal, &mut visit, &jan).await.unwrap();
    services.reset_staff(&ewa, id_of(&portal, &ewa, JAN).await).await.unwrap();
    assert!(staff_caller(&portal, &visit, &session).await.is_none());
    assert!(is_bad_credentials(&type_password(&portal, &mut visit, JAN, PASSWORD).await));
    let letter = mail(&portal, "staff_enrolment").await;
    assert_eq!(letter.to, JAN);

    let renewed = take_place(&portal, "pgb", &link_token(&letter)).await;
    portal.clock.advance(Duration::from_secs(30));
    let half = type_password(&portal, &mut visit, JAN, PASSWORD).await.unwrap();
    assert!(is_wrong_code(services.confirm_staff_code(&visit, &half, &jan.code(&portal)).await), "the lost one");
    services.confirm_staff_code(&visit, &half, &renewed.code(&portal)).await.unwrap();
});

db_test!(whoever_is_blocked_gets_no_link_that_would_not_work, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    member(&portal, "pgb", JAN, &[Role::Dispatcher]).await;
    let (id, roles) = (id_of(&portal, &ewa, JAN).await, Roles::new([Role::Dispatcher]));
    services.change_staff(&ewa, id, &roles, false).await.unwrap();
    assert_eq!(refusal(services.reset_staff(&ewa, id).await), Refusal::MemberBlocked);
    assert_eq!(portal.mails().await.unwrap(), []);
    assert!(services.find_staff(&ewa, id).await.unwrap().is_enrolled, "the password is still theirs");
    services.change_staff(&ewa, id, &roles, true).await.unwrap();
    services.reset_staff(&ewa, id).await.unwrap();
    assert_eq!(mail(&portal, "staff_enrolment").await.to, JAN);
});

db_test!(a_right_password_without_a_code_is_on_record, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    member(&portal, "pgb", JAN, &[Role::Dispatcher]).await;
    let jan = type_password(&portal, &mut browser(&portal, 10), JAN, PASSWORD).await.unwrap().staff;
    let entries = portal.services.list_audit(&ewa, i64::MAX, Lang::Pl).await.unwrap();
    let of = |member: StaffId| {
        let of_member = entries.iter().filter(move |entry| entry.actor == format!("staff:{member}"));
        let sign_ins = of_member.filter(|entry| entry.event == "staff_sign_in");
        sign_ins.map(|entry| (entry.outcome.as_str(), entry.note.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(of(jan), [("ok", "second_step")]);
    assert_eq!(of(ewa.staff), [("ok", "full"), ("ok", "second_step")], "newest first");
});

db_test!(r18_roles_change_and_end_at_the_next_request, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    let jan = member(&portal, "pgb", JAN, &[Role::Dispatcher]).await;
    let mut visit = browser(&portal, 9);
    let session = sign_in_member(&portal, &mut visit, &jan).await.unwrap();
    let id = id_of(&portal, &ewa, JAN).await;
    let both = Roles::new([Role::Dispatcher, Role::Administrator]);
    assert_eq!(
        fault(services.change_staff(&ewa, id, &Roles::default(), true).await),
        ("roles".into(), Fault::Required)
    );
    services.change_staff(&ewa, id, &both, true).await.unwrap();
    assert_eq!(staff_caller(&portal, &visit, &session).await.unwrap().roles, both);

    services.change_staff(&ewa, id, &both, false).await.unwrap();
    assert!(staff_caller(&portal, &visit, &session).await.is_none(), "blocked");
    assert!(is_bad_credentials(&type_password(&portal, &mut visit, JAN, PASSWORD).await));
    services.change_staff(&ewa, id, &both, true).await.unwrap();
    assert!(staff_caller(&portal, &visit, &session).await.is_none(), "the former session stays ended");
    sign_in_member(&portal, &mut visit, &jan).await.unwrap();
});

db_test!(somebody_stays_administrator, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    let (administrator, dispatcher) = (Roles::new([Role::Administrator]), Roles::new([Role::Dispatcher]));
    let form = NewStaffForm { name: "Anna".into(), email: "anna@example.com".into(), roles: administrator.clone() };
    services.invite_staff(&ewa, &form).await.unwrap();
    for (roles, is_active) in [(&dispatcher, true), (&administrator, false)] {
        let outcome = services.change_staff(&ewa, ewa.staff, roles, is_active).await;
        assert_eq!(refusal(outcome), Refusal::LastAdministrator, "who was only invited cannot undo it");
    }

    let jan = staff(&portal, "pgb", JAN, &[Role::Administrator]).await;
    let demote = |caller: &StaffCaller, id: StaffId| {
        let (services, caller, dispatcher) = (services.clone(), caller.clone(), dispatcher.clone());
        tokio::spawn(async move { services.change_staff(&caller, id, &dispatcher, true).await })
    };
    let (one, other) = (demote(&ewa, jan.staff), demote(&jan, ewa.staff));
    let (done, refused): (Vec<_>, Vec<_>) =
        [one.await.unwrap(), other.await.unwrap()].into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 1), "two who take each other's role away at once");
    assert_eq!(refusal(refused.into_iter().next().unwrap()), Refusal::LastAdministrator);
});

db_test!(whoever_is_let_in_again_keeps_their_roles_unless_others_are_named, |test| {
    let portal = TestPortal::new(test.db.clone()).await;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator]).await;
    let add = async |email: &str, roles: &[Role]| {
        let (address, roles) = (EmailAddress::parse(email).unwrap(), Roles::new(roles.iter().copied()));
        portal.services.add_staff(&ewa.operator, "Jan", &address, &roles).await.unwrap();
        portal.services.find_staff(&ewa, id_of(&portal, &ewa, email).await).await.unwrap().roles
    };
    for (named, kept) in [(&[Role::Dispatcher][..], Role::Dispatcher), (&[], Role::Dispatcher)] {
        assert_eq!(add(JAN, named).await, Roles::new([kept]), "{named:?}");
    }
    for (named, kept) in [(&[Role::Administrator][..], Role::Administrator), (&[], Role::Administrator)] {
        assert_eq!(add(JAN, named).await, Roles::new([kept]), "{named:?}");
    }
    assert_eq!(add("anna@example.com", &[]).await, Roles::new([Role::Dispatcher, Role::Administrator]));
});

db_test!(the_log_that_an_administrator_reads_is_the_own_operators, |test| {
    let portal = planners(test.db.clone()).await;
    let own = staff(&portal, "pgb", EWA, &[Role::Administrator, Role::Dispatcher]).await;
    let abroad = staff(&portal, ABROAD, EWA, &[Role::Administrator]).await;
    let (request, _) = invited(&portal, &own, PRODUCER).await;
    let read = async |caller: &StaffCaller, before| portal.services.list_audit(caller, before, Lang::Pl).await.unwrap();
    let (ours, theirs) = (read(&own, i64::MAX).await, read(&abroad, i64::MAX).await);
    let approval = ours.iter().find(|entry| entry.event == "access_approve").unwrap();
    assert_eq!(approval.actor, format!("staff:{}", own.staff));
    assert_eq!(approval.note, format!("{request} K3"), "which request, for which company");
    assert!(ours.iter().all(|entry| theirs.iter().all(|other| other.seq != entry.seq)), "no entry is in both");
    assert!(theirs.iter().any(|entry| entry.event == "staff_sign_in"), "{theirs:?}");
    assert!(ours.is_sorted_by(|newer, older| newer.seq > older.seq), "newest first");
    let older = read(&own, approval.seq).await;
    assert_eq!(
        older.first().map(|entry| entry.seq),
        ours.iter().map(|entry| entry.seq).find(|seq| *seq < approval.seq)
    );
});

db_test!(the_log_calls_people_and_things_as_staff_does_and_keeps_their_ids, |test| {
    let portal = planners(test.db.clone()).await;
    let services = &portal.services;
    let ewa = staff(&portal, "pgb", EWA, &[Role::Administrator, Role::Dispatcher]).await;
    let (request, _) = invited(&portal, &ewa, "inny@example.com").await;
    enrol(&portal, visit_of(&portal, "pgb", 1), &form()).await;
    let caller = producer(&portal, &ewa).await;
    portal.clock.advance(Duration::from_hours(22));
    services.remind_of_plans().await.unwrap();
    let entries = services.list_audit(&ewa, i64::MAX, Lang::Pl).await.unwrap();
    let of = |event: &str| entries.iter().rfind(|entry| entry.event == event).unwrap();
    let names = |event: &str| (of(event).actor_name.as_str(), of(event).about_name.as_str());
    assert_eq!(names("staff_add"), ("", "Ewa Nowak"), "added from the command line");
    assert_eq!(names("access_approve"), ("Ewa Nowak", "Kłos"));
    assert_eq!(names("plan_reminder"), ("", "Piekarnia Kłos"));
    assert_eq!(names("change_password"), ("klient nr K1", "klient nr K1"), "the login is a PESEL");
    assert!(!format!("{entries:?}").contains(PESEL), "{entries:?}");
    let writer = format!("account:{}", caller.account);
    let entry = entries.iter().find(|entry| entry.actor == writer).unwrap();
    assert_eq!((entry.actor_name.as_str(), entry.subject.clone()), (PRODUCER, caller.account.to_string()));
    assert_eq!(of("access_approve").actor, format!("staff:{}", ewa.staff));
    assert_eq!(of("access_approve").note, format!("{request} K3"));
    assert_eq!(of("staff_add").note, format!("{} {}", ewa.staff, ewa.roles));

    let jan = staff(&portal, "pgb", "jan@pgb.example", &[Role::Administrator]).await;
    let entries = services.list_audit(&jan, i64::MAX, Lang::Pl).await.unwrap();
    let of = |event: &str| entries.iter().rfind(|entry| entry.event == event).unwrap();
    assert_eq!(of("access_approve").about_name, "", "requests are for dispatchers");
    assert!(of("plan_reminder").about_name.starts_with("klient nr "));
    assert!(!format!("{entries:?}").contains(PRODUCER), "{entries:?}");
    assert!(matches!(services.verify_audit(None).await.unwrap(), AuditState::Whole { .. }));
});

/// What there is at `pgb` for others to want: a dispatcher, a producer, an approved plan and a waiting request.
async fn planned(portal: &TestPortal) -> (StaffCaller, Caller) {
    let own = staff(portal, "pgb", EWA, &[Role::Dispatcher, Role::Administrator]).await;
    let caller = producer(portal, &own).await;
    ask(portal, "pgb", "inny@example.com").await;
    portal.services.approve_plan(&caller, &draft(0, 5_000)).await.unwrap();
    (own, caller)
}

fn day() -> Date {
    "2026-11-22".parse().unwrap()
}

fn draft(revision: i64, kw: i32) -> DraftForm {
    let cells = vec![Cell::Power(Power::from_kw(kw)); 24];
    let points = Points::new(cells.clone(), cells).unwrap().pack();
    DraftForm { unit: "FW-1".into(), day: day(), resolution: Resolution::Hour, revision, points }
}

db_test!(r38_staff_of_another_operator_sees_and_decides_no_plan_of_this_one, |test| {
    let portal = planners(test.db.clone()).await;
    let services = &portal.services;
    let (own, caller) = planned(&portal).await;
    let abroad = staff(&portal, ABROAD, JAN, &[Role::Dispatcher, Role::Administrator]).await;
    let viewer = services.dispatcher(&abroad).unwrap();
    let view = services.plan_day(&viewer, day(), DaySearch::default(), "", Lang::Pl).await.unwrap();
    let rows: Vec<_> = view.rows.iter().map(|row| (row.code.as_str(), row.status)).collect();
    assert_eq!(rows, [("FW-1", PlanStatus::Missing)], "the own unit of that code");
    assert!(view.sums.iter().all(|(_, pplan, pauto)| [*pplan, *pauto] == [Energy::default(); 2]), "{:?}", view.sums);
    let board = services.plan_board(&viewer, "", "", Lang::Pl).await.unwrap();
    assert!(board.rows.iter().flat_map(|row| &row.cells).all(|cell| cell.status == PlanStatus::Missing));
    assert!(is_absent(&services.plan_history(&viewer, "FW-1", day(), None, Lang::Pl).await));
    assert_eq!(services.find_decision(&abroad, "FW-1", day(), Lang::Pl).await.unwrap().versions, []);

    let reasons = [Reason { point: None, text: "nie".into() }];
    assert!(is_absent(&services.accept_plan(&abroad, "FW-1", day(), 1).await));
    assert!(is_absent(&services.reject_plan(&abroad, "FW-1", day(), 1, &reasons).await));
    assert_eq!(services.accept_day(&abroad, day(), portal.clock.now()).await.unwrap(), 0);
    let elsewhere = staff(&portal, "ebok", JAN, &[Role::Dispatcher]).await;
    assert!(is_absent(&services.accept_plan(&elsewhere, "FW-1", day(), 1).await), "nor where there are no plans");
    let status = services.find_decision(&own, "FW-1", day(), Lang::Pl).await.unwrap().versions[0].status;
    assert_eq!(status, PlanStatus::Approved);

    portal.clock.advance(Duration::from_hours(24));
    services.consent_to_change(&abroad, "FW-1", day(), 2).await.unwrap();
    let late = services.save_draft(&caller, &draft(2, 1)).await;
    assert_eq!(refusal(late), Refusal::GateClosed, "the consent was for the other unit of that code");
});

db_test!(r38_staff_of_another_operator_sees_and_changes_no_request_unit_or_colleague_of_this_one, |test| {
    let portal = planners(test.db.clone()).await;
    let services = &portal.services;
    let (own, _) = planned(&portal).await;
    let abroad = staff(&portal, ABROAD, JAN, &[Role::Dispatcher, Role::Administrator]).await;
    let list = async |caller: &StaffCaller, status: RequestStatus| {
        let list = services.list_access_requests(caller, status, None, Lang::Pl).await.unwrap();
        (list.rows.iter().map(|row| row.id).collect::<Vec<_>>(), list.counts)
    };
    let waiting = list(&own, RequestStatus::New).await.0[0];
    let granted = list(&own, RequestStatus::Approved).await.0[0];
    assert_eq!(list(&abroad, RequestStatus::New).await, (vec![], vec![]));
    for id in [waiting, granted] {
        assert!(is_absent(&services.find_access_request(&abroad, id, Lang::Pl).await));
        assert!(is_absent(&services.complete_access_request(&abroad, id, 1, access_form(JAN), "").await));
        assert!(is_absent(&services.approve_access_request(&abroad, id, 1, &access_form(JAN), "K3", "").await));
        assert!(is_absent(&services.refuse_access_request(&abroad, id, 1).await));
        assert!(is_absent(&services.close_access_request(&abroad, id, 1).await));
        assert!(is_absent(&services.reissue_token(&abroad, id).await));
        assert!(is_absent(&services.revoke_token(&abroad, id).await));
    }
    assert_eq!(services.find_access_request(&own, waiting, Lang::Pl).await.unwrap().revision, 1);

    let unit = UnitForm {
        name: "Obca".into(),
        installed: "1".into(),
        pmin: "0".into(),
        pmax: "1".into(),
        ..UnitForm::default()
    };
    let codes = async |caller: &StaffCaller| {
        let (units, _) = services.list_all_units(caller, "", "").await.unwrap();
        units.into_iter().map(|unit| unit.code).collect::<Vec<_>>()
    };
    assert_eq!((codes(&own).await.len(), codes(&abroad).await.len()), (3, 1));
    assert!(is_absent(&services.find_unit(&abroad, "FW-9").await));
    assert!(is_absent(&services.change_unit(&abroad, "FW-9", &unit).await));
    services.change_unit(&abroad, "FW-1", &unit).await.unwrap();
    assert_eq!(services.find_unit(&abroad, "FW-1").await.unwrap().0.name, "Obca");
    assert_ne!(services.find_unit(&own, "FW-1").await.unwrap().0.name, "Obca");

    let people = services.list_staff(&abroad).await.unwrap();
    assert_eq!(people.iter().map(|person| person.email.as_str()).collect::<Vec<_>>(), [JAN]);
    assert!(is_absent(&services.reset_staff(&abroad, own.staff).await));
    assert!(is_absent(&services.change_staff(&abroad, own.staff, &Roles::new([Role::Dispatcher]), false).await));
    let colleague = &services.list_staff(&own).await.unwrap()[0];
    assert!(colleague.is_active && colleague.is_enrolled, "{colleague:?}");
});

db_test!(a_market_code_belongs_to_one_unit, |test| {
    let portal = planners(test.db.clone()).await;
    let dispatcher = staff(&portal, "pgb", EWA, &[Role::Dispatcher]).await;
    let unit = UnitForm {
        name: "Farma".into(),
        mrid: "FARMA-1".into(),
        installed: "50".into(),
        pmin: "0".into(),
        pmax: "50".into(),
        ..UnitForm::default()
    };
    portal.services.change_unit(&dispatcher, "FW-1", &unit).await.unwrap();
    portal.services.change_unit(&dispatcher, "FW-1", &unit).await.expect("it is its own code");
    let taken = portal.services.change_unit(&dispatcher, "FW-2", &unit).await;
    assert_eq!(fault(taken), ("mrid".into(), Fault::Taken));
});
