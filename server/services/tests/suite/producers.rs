//! How producers come to planning, on both engines: they ask, staff decides, the TOKEN lets them in.

use std::time::Duration;

use crate::back_office::*;
use crate::common::*;
use openbok_domain::access::{AccessRequestForm, Delivery, RequestStatus, Service, TokenState};
use openbok_domain::invitation::{InvitationForm, InvitationToken};
use openbok_domain::password::PasswordRule;
use openbok_domain::staff::{Role, Roles};
use openbok_domain::{AccessRequestId, EmailAddress, Fault, Lang, PasswordChange, Refusal, Stage};
use openbok_services::access_mail::{Fingerprint, FoundRequest, ImapAddress, Intake as _, Letter, Progress};
use openbok_services::testing::TestPortal;
use openbok_services::{AuditEntry, Entropy, INVITATION_LIFE, MailSecurity, Passwords, ServiceError, StaffCaller};
use openbok_storage::{Db, db_test};

/// A portal with a dispatcher.
async fn start(db: Db) -> (TestPortal, StaffCaller) {
    let portal = planners(db).await;
    let staff = staff(&portal, "pgb", "ewa@example.com", &[Role::Dispatcher]).await;
    (portal, staff)
}

/// Requests that stand somewhere.
async fn requests(portal: &TestPortal, staff: &StaffCaller, status: RequestStatus) -> Vec<AccessRequestId> {
    let list = portal.services.list_access_requests(staff, status, None, Lang::Pl).await.unwrap();
    list.rows.into_iter().map(|row| row.id).collect()
}

/// What the log of the dispatcher's operator says, newest first.
async fn log(portal: &TestPortal, staff: &StaffCaller) -> Vec<AuditEntry> {
    let administrator = StaffCaller { roles: Roles::new([Role::Administrator]), ..staff.clone() };
    portal.services.list_audit(&administrator, i64::MAX, Lang::Pl).await.unwrap()
}

/// Hands in a letter to the operator's mailbox, of which only that was understood.
async fn write(portal: &TestPortal, number: u8, company: Option<&str>, email: Option<&str>) {
    let found = FoundRequest {
        fingerprint: Fingerprint([number; 32]),
        company: company.map(str::to_owned),
        email: email.map(|email| EmailAddress::parse(email).unwrap()),
        phone: None,
        subject: "Dostęp".into(),
        text: "Prosimy o dostęp.".into(),
        is_cut: false,
    };
    let progress = Progress { uid_validity: 1, last_uid: u32::from(number) };
    let mailbox = ImapAddress {
        host: "imap.example.com".into(),
        port: 993,
        security: MailSecurity::Tls,
        user: "grafiki".into(),
        password: "nobody asks for it".into(),
        mailbox: "INBOX".into(),
        authority_pem: None,
    };
    let intake = portal.services.request_intake(operator(portal, "pgb"), &mailbox);
    intake.take(progress, Letter::Request(Box::new(found))).await.unwrap();
}

db_test!(r26_a_token_opens_once_for_the_invited_address_and_at_its_operator, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let (_, token) = invited(&portal, &staff, PRODUCER).await;
    for slug in [ABROAD, "ebok"] {
        let abroad = visit_of(&portal, slug, 1);
        assert_eq!(refusal(services.check_token(&abroad, &token).await), Refusal::TokenUnknown, "{slug}");
        let outcome = services.redeem_without_account(&abroad, &token, &account(PRODUCER)).await;
        assert_eq!(refusal(outcome), Refusal::TokenUnknown, "{slug}");
    }
    let strange = account("inny@example.com");
    assert_eq!(refusal(services.redeem_without_account(&visit, &token, &strange).await), Refusal::TokenForeign);
    services.check_token(&visit, &token).await.expect("none of that used it up");
    services.redeem_without_account(&visit, &token, &account(PRODUCER)).await.unwrap();
    let again = services.redeem_without_account(&visit, &token, &account(PRODUCER)).await;
    assert_eq!(refusal(again), Refusal::TokenUsed);
});

db_test!(a_token_ends_when_it_is_old_or_taken_back_or_followed_by_a_newer_one, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let (id, first) = invited(&portal, &staff, PRODUCER).await;
    let state = async || services.find_access_request(&staff, id, Lang::Pl).await.unwrap().token.unwrap().state;
    portal.clock.advance(Duration::from_secs(1));
    services.reissue_token(&staff, id).await.unwrap();
    let second = mailed_token(&portal).await;
    assert_eq!(refusal(services.check_token(&visit, &first).await), Refusal::TokenRevoked);
    services.check_token(&visit, &second).await.unwrap();
    assert_eq!(state().await, TokenState::Open);
    services.revoke_token(&staff, id).await.unwrap();
    assert_eq!(refusal(services.check_token(&visit, &second).await), Refusal::TokenRevoked);
    assert_eq!(state().await, TokenState::Revoked);
    portal.clock.advance(Duration::from_secs(1));
    services.reissue_token(&staff, id).await.unwrap();
    let third = mailed_token(&portal).await;
    portal.clock.advance(INVITATION_LIFE);
    assert_eq!(refusal(services.check_token(&visit, &third).await), Refusal::TokenExpired);
    let late = services.redeem_without_account(&visit, &third, &account(PRODUCER)).await;
    assert_eq!(refusal(late), Refusal::TokenExpired);
    assert_eq!(state().await, TokenState::Expired);
});

db_test!(an_address_has_one_token_for_a_company_however_it_is_written, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let (_, first) = invited(&portal, &staff, PRODUCER).await;
    let (_, second) = invited(&portal, &staff, &PRODUCER.to_uppercase()).await;
    assert_eq!(refusal(services.check_token(&visit, &first).await), Refusal::TokenRevoked);
    services.check_token(&visit, &second).await.unwrap();
});

db_test!(one_token_used_by_many_at_once_makes_one_account, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (id, token) = invited(&portal, &staff, PRODUCER).await;
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
    let outcome = portal.services.reissue_token(&staff, id).await;
    assert_eq!(refusal(outcome), Refusal::TokenUsed, "somebody is in: no further one");
});

db_test!(who_has_an_account_registers_the_service_with_the_token, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let services = &portal.services;
    let (home, session) = enrol(&portal, visit_of(&portal, "pgb", 1), &form()).await;
    let (neighbour, theirs) = enrol(&portal, visit_of(&portal, "pgb", 3), &other_form()).await;
    let (_, token) = invited(&portal, &staff, "adam@example.com").await;
    let me = caller(&portal, &home, &session).await.unwrap();
    assert_eq!(fault(services.redeem_with_account(&home, &me, "x").await), ("token".into(), Fault::Malformed));
    let foreign = services.redeem_with_account(&home, &me, &token.display()).await;
    assert_eq!(refusal(foreign), Refusal::TokenForeign, "it was sent to somebody else");
    assert!(matches!(services.list_units(&me).await, Err(openbok_services::ServiceError::Forbidden)));

    let them = caller(&portal, &neighbour, &theirs).await.unwrap();
    services.redeem_with_account(&neighbour, &them, &token.display().to_lowercase()).await.unwrap();
    let them = caller(&portal, &neighbour, &theirs).await.expect("the session goes on");
    let units: Vec<_> = services.list_units(&them).await.unwrap().into_iter().map(|unit| unit.code).collect();
    assert_eq!(units, ["FW-1", "FW-2"]);
    let registered = services.list_services(&them).await.unwrap().into_iter().filter(|view| view.is_registered);
    let registered: Vec<_> = registered.map(|view| (view.service, view.companies)).collect();
    let companies = vec!["Piekarnia Kłos".to_owned()];
    assert_eq!(registered, [(Service::Office, vec![]), (Service::Planning, companies)], "the office stays theirs");
    let again = services.redeem_with_account(&neighbour, &them, &token.display()).await;
    assert_eq!(refusal(again), Refusal::TokenUsed);
});

db_test!(who_has_a_login_of_the_invited_address_is_sent_to_sign_in, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let caller = producer(&portal, &staff).await;
    let (_, token) = invited(&portal, &staff, PRODUCER).await;
    let outcome = services.redeem_without_account(&visit, &token, &account(PRODUCER)).await;
    assert_eq!(refusal(outcome), Refusal::HasAccount);
    services.redeem_with_account(&visit, &caller, &token.display()).await.expect("and the TOKEN is still theirs");
});

db_test!(who_asks_twice_is_on_the_list_and_learns_nothing, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    producer(&portal, &staff).await;
    ask(&portal, "pgb", PRODUCER).await;
    let waiting = requests(&portal, &staff, RequestStatus::New).await;
    assert_eq!(waiting.len(), 1, "staff sees the second request; the form answered as to anybody");
});

db_test!(where_nobody_hands_in_plans_nobody_can_ask, |test| {
    let (portal, _) = start(test.db.clone()).await;
    let outcome = portal.services.ask_access(&visit_of(&portal, "ebok", 1), &access_form(PRODUCER), None).await;
    assert!(is_absent(&outcome), "{outcome:?}");
});

db_test!(staff_completes_what_a_letter_did_not_say_before_approving_it, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let services = &portal.services;
    for _ in 0..2 {
        write(&portal, 1, Some("Kłos"), Some(PRODUCER)).await;
    }
    let [id] = requests(&portal, &staff, RequestStatus::Incomplete).await[..] else {
        panic!("one letter, one request")
    };
    let view = services.find_access_request(&staff, id, Lang::Pl).await.unwrap();
    assert!(view.letter.unwrap().contains("Prosimy o dostęp."));
    let form = |phone: &str| AccessRequestForm { phone: phone.into(), ..access_form(PRODUCER) };
    let early = services.approve_access_request(&staff, id, view.revision, &form(""), "K3", "").await;
    assert_eq!(fault(early), ("phone".into(), Fault::Required));

    let wrong = services.complete_access_request(&staff, id, view.revision, form("12"), "").await;
    assert_eq!(fault(wrong), ("phone".into(), Fault::Malformed));
    services.complete_access_request(&staff, id, view.revision, form("600 700 800"), " K3 ").await.unwrap();
    assert_eq!(requests(&portal, &staff, RequestStatus::New).await, [id]);
    let number = services.find_access_request(&staff, id, Lang::Pl).await.unwrap().company_number;
    assert_eq!(number.as_deref(), Some("K3"), "the number that was typed beside them is kept too");
    let stale = services.complete_access_request(&staff, id, view.revision, form("600 700 801"), "").await;
    assert_eq!(refusal(stale), Refusal::ChangedMeanwhile);
    let stale = services.approve_access_request(&staff, id, view.revision, &form("600 700 801"), "K3", "").await;
    assert_eq!(refusal(stale), Refusal::ChangedMeanwhile, "what is approved is what was read");
    assert_eq!(portal.mails().await.unwrap(), []);

    let revision = view.revision + 1;
    let nowhere = services.approve_access_request(&staff, id, revision, &form("600 700 800"), "K-nikt", "").await;
    assert_eq!(fault(nowhere), ("company_number".into(), Fault::Wrong));
    services.approve_access_request(&staff, id, revision, &form("600 700 800"), " K3 ", "").await.unwrap();
    let token = mailed_token(&portal).await;
    services.check_token(&visit_of(&portal, "pgb", 1), &token).await.unwrap();
    let again = services.approve_access_request(&staff, id, revision + 1, &form("600 700 800"), "K3", "").await;
    assert_eq!(refusal(again), Refusal::AlreadyDecided);
});

db_test!(a_refused_request_is_answered_and_closed, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let services = &portal.services;
    ask(&portal, "pgb", PRODUCER).await;
    let id = requests(&portal, &staff, RequestStatus::New).await[0];
    assert_eq!(refusal(services.refuse_access_request(&staff, id, 7).await), Refusal::ChangedMeanwhile);
    services.refuse_access_request(&staff, id, 1).await.unwrap();
    assert_eq!(mail(&portal, "access_refused").await.to, PRODUCER);
    assert_eq!(requests(&portal, &staff, RequestStatus::Refused).await, [id]);
    let outcomes = [
        services.approve_access_request(&staff, id, 2, &access_form(PRODUCER), "K3", "").await,
        services.complete_access_request(&staff, id, 2, access_form(PRODUCER), "").await,
        services.refuse_access_request(&staff, id, 2).await,
        services.close_access_request(&staff, id, 2).await,
    ];
    for outcome in outcomes {
        assert_eq!(refusal(outcome), Refusal::AlreadyDecided);
    }
    assert_eq!(portal.mails().await.unwrap(), []);

    write(&portal, 2, Some("Kłos"), None).await;
    let id = requests(&portal, &staff, RequestStatus::Incomplete).await[0];
    services.refuse_access_request(&staff, id, 1).await.unwrap();
    assert_eq!(portal.mails().await.unwrap(), [], "a letter without an address cannot be answered");
    assert_eq!(requests(&portal, &staff, RequestStatus::Refused).await.len(), 2);
});

db_test!(what_staff_corrects_while_approving_is_stored_and_gets_the_token, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    ask(&portal, "pgb", "grafik@exmaple.com").await;
    let id = requests(&portal, &staff, RequestStatus::New).await[0];
    let form =
        AccessRequestForm { company: "Piekarnia Kłos".into(), email: PRODUCER.into(), phone: "600 700 801".into() };
    services.approve_access_request(&staff, id, 1, &form, "K3", "").await.unwrap();
    let letter = mail(&portal, "invitation").await;
    assert_eq!(letter.to, PRODUCER);
    let view = services.find_access_request(&staff, id, Lang::Pl).await.unwrap();
    let stored = (view.row.company.as_str(), view.row.email.as_str(), view.phone.as_str());
    assert_eq!(stored, ("Piekarnia Kłos", PRODUCER, "+48 600 700 801"));
    let token = letter.text.split_whitespace().find_map(|word| InvitationToken::parse(word).ok()).unwrap();
    services.redeem_without_account(&visit, &token, &account(PRODUCER)).await.unwrap();
});

db_test!(every_address_that_can_be_invited_comes_in_and_back_again, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let long = format!("{}@wiatraki.example.com", "grafik-".repeat(8));
    assert!(long.len() > 64, "longer than a login that somebody chooses");
    for email in ["O'Brien+plan@example.com", long.as_str()] {
        let (_, token) = invited(&portal, &staff, email).await;
        services.redeem_without_account(&visit, &token, &account(email)).await.unwrap();
        let typed = format!(" {} ", email.to_uppercase());
        let signed_in = sign_in(&portal, &visit, &typed, PASSWORD).await.unwrap();
        assert_eq!(signed_in.stage, Stage::Full, "{email}");

        services.remind_login(&visit, email).await.unwrap();
        assert!(mail(&portal, "login_reminder").await.text.contains(email));
        services.recover_password(&visit, &typed).await.unwrap();
        let letter = mail(&portal, "password_reset").await;
        assert_eq!(letter.to, email);
        let again = sign_in(&portal, &visit, email, &one_time(&letter)).await.unwrap();
        assert_eq!(again.stage, Stage::MustChangePassword, "{email}");
    }
});

db_test!(staff_is_asked_twice_about_a_person_without_units, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let services = &portal.services;
    let form = access_form(PRODUCER);
    ask(&portal, "pgb", PRODUCER).await;
    let id = requests(&portal, &staff, RequestStatus::New).await[0];
    for sure_of in ["", "K2"] {
        let person = services.approve_access_request(&staff, id, 1, &form, "K1", sure_of).await;
        assert_eq!(refusal(person), Refusal::UnlikelyCompany("Łucja Żółć-Gęślą".into()), "sure of {sure_of:?}");
    }
    assert_eq!(portal.mails().await.unwrap(), []);
    services.approve_access_request(&staff, id, 1, &form, " K1", "K1 ").await.unwrap();
    assert_eq!(mail(&portal, "invitation").await.to, PRODUCER);
});

db_test!(access_that_is_taken_back_ends_at_once_and_can_be_given_again, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let caller = producer(&portal, &staff).await;
    let id = requests(&portal, &staff, RequestStatus::Approved).await[0];
    let (second, unused) = invited(&portal, &staff, PRODUCER).await;
    let administrator = StaffCaller { roles: Roles::new([Role::Administrator]), ..staff.clone() };
    let foreign = self::staff(&portal, ABROAD, "jan@example.com", &[Role::Dispatcher]).await;
    assert!(matches!(services.withdraw_access(&administrator, id).await, Err(ServiceError::Forbidden)));
    assert!(is_absent(&services.withdraw_access(&foreign, id).await));
    assert!(is_absent(&services.withdraw_access(&staff, second).await), "nobody came in with it");
    assert_eq!(services.list_units(&caller).await.unwrap().len(), 2);

    services.withdraw_access(&staff, id).await.unwrap();
    assert!(matches!(services.producer(&caller).await, Err(ServiceError::Forbidden)), "at once");
    let letter = mail(&portal, "access_withdrawn").await;
    assert_eq!(letter.to, PRODUCER);
    assert!(letter.text.contains("Piekarnia"), "{}", letter.text);
    assert_eq!(refusal(services.check_token(&visit, &unused).await), Refusal::TokenRevoked, "nor by another way");
    services.withdraw_access(&staff, id).await.unwrap();
    assert_eq!(portal.mails().await.unwrap(), [], "a second time changes nothing");
    assert_eq!(refusal(services.revoke_token(&staff, id).await), Refusal::TokenUsed);
    let bare = sign_in(&portal, &visit, PRODUCER, PASSWORD).await.unwrap();
    let bare = self::caller(&portal, &visit, &bare.session).await.unwrap();
    assert_eq!(services.starting_service(&bare).await.unwrap(), None, "not an office without anything in it");
    let token = services.find_access_request(&staff, id, Lang::Pl).await.unwrap().token.unwrap();
    assert_eq!(token.state, TokenState::Withdrawn);
    let entries = log(&portal, &staff).await;
    let withdrawn: Vec<_> = entries.iter().filter(|entry| entry.event == "access_withdraw").collect();
    assert_eq!(withdrawn.iter().map(|entry| entry.note.as_str()).collect::<Vec<_>>(), [format!("{id} K3")]);
    assert_eq!(withdrawn[0].subject, caller.account.to_string());

    portal.clock.advance(Duration::from_mins(1));
    services.reissue_token(&staff, id).await.unwrap();
    let token = mailed_token(&portal).await;
    services.redeem_with_account(&visit, &caller, &token.display()).await.unwrap();
    assert_eq!(services.list_units(&caller).await.unwrap().len(), 2);
    assert_eq!(refusal(services.reissue_token(&staff, id).await), Refusal::TokenUsed);
});

db_test!(staff_sees_that_a_mail_with_a_token_does_not_arrive, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let services = &portal.services;
    let cut_off = without_mail_server(test.db.clone()).await;
    ask(&portal, "pgb", PRODUCER).await;
    let id = requests(&portal, &staff, RequestStatus::New).await[0];
    let delivery =
        async || services.find_access_request(&staff, id, Lang::Pl).await.unwrap().token.map(|token| token.delivery);
    services.approve_access_request(&staff, id, 1, &access_form(PRODUCER), "K3", "").await.unwrap();
    assert_eq!(delivery().await, Some(Delivery::Well), "nobody has tried yet");
    cut_off.clock.advance(Duration::from_hours(1));
    cut_off.services.run_jobs().await.unwrap();
    assert_eq!(delivery().await, Some(Delivery::Delayed));
    for _ in 0..12 {
        cut_off.clock.advance(Duration::from_hours(24));
        cut_off.services.run_jobs().await.unwrap();
    }
    assert_eq!(delivery().await, Some(Delivery::Failed));
    assert_eq!(cut_off.services.readiness().await.unwrap().mails_dead, 1);
    let readable = "UPDATE outbox SET last_error = last_error WHERE state = 'dead' AND length(sealed) > 0";
    assert_eq!(test.run(readable).await.unwrap(), 1, "somebody may send it again");
    cut_off.clock.advance(INVITATION_LIFE);
    cut_off.services.run_jobs().await.unwrap();
    assert_eq!(test.run(readable).await.unwrap(), 0, "a worthless TOKEN lies nowhere");
    assert_eq!(cut_off.services.readiness().await.unwrap().mails_dead, 1, "until somebody has looked after it");
    assert_eq!(delivery().await, Some(Delivery::Failed));

    portal.clock.advance(Duration::from_mins(1));
    services.reissue_token(&staff, id).await.unwrap();
    mailed_token(&portal).await;
    assert_eq!(delivery().await, Some(Delivery::Well), "the new one's");
});

db_test!(the_log_says_for_which_company_a_token_was_given_and_used, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let caller = producer(&portal, &staff).await;
    let (id, token) = invited(&portal, &staff, PRODUCER).await;
    portal.services.redeem_with_account(&visit_of(&portal, "pgb", 1), &caller, &token.display()).await.unwrap();
    let entries = log(&portal, &staff).await;
    let notes = |event: &str| {
        let of_event = entries.iter().filter(|entry| entry.event == event);
        of_event.map(|entry| entry.note.clone()).collect::<Vec<_>>()
    };
    assert_eq!(notes("access_approve")[0], format!("{id} K3"), "the newest");
    assert_eq!(notes("redeem_token"), ["K3", "K3"], "with an account and without one");
});

db_test!(a_request_that_nobody_waits_for_is_closed_without_a_mail, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let services = &portal.services;
    ask(&portal, "pgb", PRODUCER).await;
    let id = requests(&portal, &staff, RequestStatus::New).await[0];
    let administrator = StaffCaller { roles: Roles::new([Role::Administrator]), ..staff.clone() };
    let outcome = services.close_access_request(&administrator, id, 1).await;
    assert!(matches!(outcome, Err(ServiceError::Forbidden)), "{outcome:?}");
    assert_eq!(refusal(services.close_access_request(&staff, id, 7).await), Refusal::ChangedMeanwhile);
    assert_eq!(requests(&portal, &staff, RequestStatus::New).await, [id]);

    let form = access_form(PRODUCER);
    let both = tokio::join!(
        services.close_access_request(&staff, id, 1),
        services.approve_access_request(&staff, id, 1, &form, "K3", ""),
    );
    assert!(both.0.is_ok() != both.1.is_ok(), "one decision: {both:?}");
    portal.mails().await.unwrap();

    write(&portal, 3, Some("Kłos"), Some(PRODUCER)).await;
    let id = requests(&portal, &staff, RequestStatus::Incomplete).await[0];
    services.close_access_request(&staff, id, 1).await.unwrap();
    assert_eq!(portal.mails().await.unwrap(), []);
    assert!(requests(&portal, &staff, RequestStatus::Refused).await.contains(&id));
    assert_eq!(refusal(services.refuse_access_request(&staff, id, 2).await), Refusal::AlreadyDecided);
    let entries = log(&portal, &staff).await;
    let closed = entries.iter().find(|entry| entry.event == "access_close").unwrap();
    let expected = (id.to_string(), format!("staff:{}", staff.staff));
    assert_eq!((closed.note.clone(), closed.actor.clone()), expected);
});

db_test!(r63_a_form_that_is_sent_many_times_at_once_is_one_request_until_it_is_decided, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let sent = (1..=20).map(|source| {
        let (services, visit) = (portal.services.clone(), visit_of(&portal, "pgb", source));
        tokio::spawn(async move { services.ask_access(&visit, &access_form(PRODUCER), None).await })
    });
    for answer in sent.collect::<Vec<_>>() {
        answer.await.unwrap().unwrap();
    }
    let waiting = requests(&portal, &staff, RequestStatus::New).await;
    assert_eq!(waiting.len(), 1);
    ask(&portal, "pgb", "inny@example.com").await;
    assert_eq!(requests(&portal, &staff, RequestStatus::New).await.len(), 2, "another address asks for itself");
    let asked = log(&portal, &staff).await.iter().filter(|entry| entry.event == "ask_access").count();
    assert_eq!(asked, 2);

    portal.services.refuse_access_request(&staff, waiting[0], 1).await.unwrap();
    ask(&portal, "pgb", PRODUCER).await;
    assert_eq!(requests(&portal, &staff, RequestStatus::New).await.len(), 2, "who was refused may ask again");
});

db_test!(every_page_of_requests_that_staff_reads_is_on_record, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    ask(&portal, "pgb", PRODUCER).await;
    requests(&portal, &staff, RequestStatus::New).await;
    requests(&portal, &staff, RequestStatus::Refused).await;
    let entries = log(&portal, &staff).await;
    let read: Vec<_> = entries.iter().filter(|entry| entry.event == "access_list").collect();
    assert_eq!(read.iter().map(|entry| entry.note.as_str()).collect::<Vec<_>>(), ["refused", "new"]);
    assert!(read.iter().all(|entry| entry.actor == format!("staff:{}", staff.staff)), "{read:?}");
});

db_test!(r03_a_producers_password_is_not_made_of_the_company_or_its_telephone, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (services, visit) = (&portal.services, visit_of(&portal, "pgb", 1));
    let (_, token) = invited(&portal, &staff, PRODUCER).await;
    for personal in ["Xy-Piekarnia-7!", "Xy-700800-Qz!"] {
        let form =
            InvitationForm { new_password: personal.into(), repeat_password: personal.into(), ..account(PRODUCER) };
        let outcome = services.redeem_without_account(&visit, &token, &form).await;
        let expected = ("new_password".into(), Fault::Weak(vec![PasswordRule::NotPersonal]));
        assert_eq!(fault(outcome), expected, "{personal}");
    }
    services.redeem_without_account(&visit, &token, &account(PRODUCER)).await.unwrap();

    let signed_in = sign_in(&portal, &visit, PRODUCER, PASSWORD).await.unwrap();
    let caller = caller(&portal, &visit, &signed_in.session).await.unwrap();
    let [password, repeat] = ["Xy-Piekarnia-7!"; 2].map(str::to_owned);
    let later = PasswordChange { current: PASSWORD.into(), password, repeat };
    let outcome = services.change_password(&visit, &caller, &later).await;
    assert_eq!(fault(outcome), ("new_password".into(), Fault::Weak(vec![PasswordRule::NotPersonal])));
});

db_test!(whoever_comes_too_late_with_a_token_hears_what_staff_did_meanwhile, |test| {
    let (portal, staff) = start(test.db.clone()).await;
    let (id, token) = invited(&portal, &staff, PRODUCER).await;
    // Another server with one processor, which has much to do between looking at the TOKEN and using it up.
    let passwords = Passwords::new(1, &Entropy::system());
    let slow = TestPortal::with(test.db.clone(), |parts| parts.passwords = passwords.clone()).await;
    keep_busy(&passwords, 40);
    let (services, visit) = (slow.services.clone(), visit_of(&slow, "pgb", 1));
    let late = tokio::spawn(async move { services.redeem_without_account(&visit, &token, &account(PRODUCER)).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    portal.services.revoke_token(&staff, id).await.unwrap();
    assert_eq!(refusal(late.await.unwrap()), Refusal::TokenRevoked);
});
