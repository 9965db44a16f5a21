//! The rules of signing in: lanes, locks, one answer for every failure, stages, sessions, and what a session opens.

use std::time::Duration;

use crate::common::*;
use openbok_domain::{InvoiceFilter, InvoiceStatus, Lang, PageKey, PagePlace, PasswordChange, Refusal, Stage};
use openbok_services::testing::TestPortal;
use openbok_services::{
    Actor, AuditState, Credentials, Entropy, Limits, Passwords, ServiceError, SignedIn, Token, Vault, Visit,
};
use openbok_storage::{Db, accounts, db_test, sign_in as guard};

async fn fail(portal: &TestPortal, visit: &Visit, login: &str, times: usize) {
    for _ in 0..times {
        assert!(is_bad_credentials(&sign_in(portal, visit, login, "Nie-to-hasło-1").await));
    }
}

db_test!(r07_five_failures_lock_and_only_the_office_unlocks, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    fail(&portal, &stranger, PESEL, 5).await;
    assert!(is_bad_credentials(&sign_in(&portal, &stranger, PESEL, PASSWORD).await), "the sixth, right one fails");
    assert!(mail(&portal, "locked").await.to.eq_ignore_ascii_case("lucja@example.com"));

    portal.clock.advance(Duration::from_hours(30 * 24));
    assert!(is_bad_credentials(&sign_in(&portal, &stranger, PESEL, PASSWORD).await), "time alone unlocks nothing");

    let office = operator(&portal, "mojbok");
    let unlock =
        async || portal.services.unlock(&office, PESEL, Actor::CommandLine, "telephone, id checked").await.unwrap();
    assert!(unlock().await, "it was locked");
    assert!(sign_in(&portal, &stranger, PESEL, PASSWORD).await.is_ok());
    mail(&portal, "unlocked").await;

    fail(&portal, &stranger, PESEL, 4).await;
    assert!(!unlock().await, "it is not locked any more");
    assert!(portal.mails().await.unwrap().is_empty(), "so nobody hears of it");
    fail(&portal, &stranger, PESEL, 1).await;
    assert!(unlock().await, "the four failures before still counted");
});

db_test!(r07_a_right_password_forgets_the_failures_before_it, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    for _ in 0..3 {
        fail(&portal, &stranger, PESEL, 4).await;
        assert!(sign_in(&portal, &stranger, PESEL, PASSWORD).await.is_ok());
    }
});

db_test!(r08_of_fifty_parallel_guesses_five_are_compared_with_the_real_hash, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| parts.settings.limits.challenge_bits = 0).await;
    import_default(&portal).await;
    enrol(&portal, visit(&portal), &form()).await;
    let before = portal.services.compared();
    let guesses: Vec<_> = (0..50)
        .map(|n| {
            let (services, visit) = (portal.services.clone(), visit_of(&portal, "mojbok", 100 + n));
            tokio::spawn(async move {
                let first = services.sign_in(&visit, credentials(PESEL, "Nie-to-hasło-1")).await;
                if let Err(ServiceError::Refused(Refusal::Challenge(asked))) = first {
                    let proof = Some(solve(&asked));
                    drop(services.sign_in(&visit, Credentials { proof, ..credentials(PESEL, "Nie-to-hasło-1") }).await);
                }
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap();
    }
    assert_eq!(portal.services.compared() - before, 5, "the other guesses meet a hash of nothing");
    let stranger = visit_of(&portal, "mojbok", 9);
    assert!(is_bad_credentials(&sign_in(&portal, &stranger, PESEL, PASSWORD).await), "five of them locked the account");
});

db_test!(r09_strangers_cannot_lock_out_a_known_device, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, _) = enrol(&portal, visit(&portal), &form()).await;
    fail(&portal, &visit_of(&portal, "mojbok", 9), PESEL, 5).await;
    assert!(sign_in(&portal, &home, PESEL, PASSWORD).await.is_ok(), "the browser that signed in before goes on");
    fail(&portal, &home, PESEL, 5).await;
    assert!(is_bad_credentials(&sign_in(&portal, &home, PESEL, PASSWORD).await), "its own five lock everything");
});

db_test!(r09_strict_mode_locks_known_devices_too, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| {
        let list = parts.operators.iter().map(|operator| {
            let mut operator = (**operator).clone();
            operator.lockout.scope = openbok_domain::LockoutScope::Account;
            operator
        });
        parts.operators = openbok_services::Operators::new(list.collect(), std::path::PathBuf::new()).unwrap();
    })
    .await;
    import_default(&portal).await;
    let (home, _) = enrol(&portal, visit(&portal), &form()).await;
    fail(&portal, &visit_of(&portal, "mojbok", 9), PESEL, 5).await;
    assert!(is_bad_credentials(&sign_in(&portal, &home, PESEL, PASSWORD).await));
});

db_test!(r10_every_outcome_costs_one_hash_and_answers_alike, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    portal.services.register_by_contract(&visit(&portal), &other_form(), None).await.unwrap();
    let locked = visit_of(&portal, "mojbok", 9);
    let tries = [
        ("unknown", "nikt", "Nie-to-hasło-1"),
        ("wrong", PESEL, "Nie-to-hasło-1"),
        ("not activated", "adam", "Nie-to-hasło-1"),
        ("endless", PESEL, &"a".repeat(100_000)),
        ("right", PESEL, PASSWORD),
    ];
    for (name, login, password) in tries {
        let before = portal.services.hashed();
        let outcome = sign_in(&portal, &locked, login, password).await;
        assert_eq!(portal.services.hashed() - before, 1, "{name}");
        assert_eq!(is_bad_credentials(&outcome), name != "right", "{name}");
    }
    fail(&portal, &locked, PESEL, 5).await;
    let before = portal.services.hashed();
    assert!(is_bad_credentials(&sign_in(&portal, &locked, PESEL, PASSWORD).await));
    assert_eq!(portal.services.hashed() - before, 1, "locked");
});

db_test!(r10_the_lock_itself_leaves_the_same_work_behind_for_invented_logins, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    for (login, letters) in [("nikt", 0), (PESEL, 1)] {
        fail(&portal, &visit_of(&portal, "mojbok", 9), login, 5).await;
        assert_eq!(portal.services.readiness().await.unwrap().mails_waiting, 1, "{login}");
        assert_eq!(portal.mails().await.unwrap().len(), letters, "{login}");
    }
});

/// A portal with real password hashes and one processor for them.
async fn slow_portal(db: openbok_storage::Db) -> (TestPortal, Passwords) {
    let passwords = Passwords::new(1, &Entropy::system());
    let portal = TestPortal::with(db, |parts| parts.passwords = passwords.clone()).await;
    import_default(&portal).await;
    (portal, passwords)
}

/// Starts a sign-in on a busy portal and comes back when it was counted and waits for its hash.
async fn start_sign_in(
    portal: &TestPortal,
    db: &Db,
    password: &str,
) -> tokio::task::JoinHandle<Result<SignedIn, ServiceError>> {
    let vault = Vault::new(&Vault::generate_key(&Entropy::seeded(7))).unwrap();
    let login_index = vault.index("login|mojbok", PESEL);
    let (services, visit, credentials) =
        (portal.services.clone(), visit_of(portal, "mojbok", 9), credentials(PESEL, password));
    let sign_in = tokio::spawn(async move { services.sign_in(&visit, credentials).await });
    for _ in 0..1000 {
        let mut reader = db.read().await.unwrap();
        if guard::find_failures(reader.conn(), "mojbok", &login_index, guard::STRANGERS).await.unwrap() > 0 {
            return sign_in;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("the try was never counted");
}

async fn entries(portal: &TestPortal) -> i64 {
    match portal.services.verify_audit(None).await.unwrap() {
        AuditState::Whole { entries } => entries,
        broken @ AuditState::Broken { .. } => panic!("{broken:?}"),
    }
}

db_test!(whoever_hangs_up_has_failed_like_everybody_else, |test| {
    let (portal, passwords) = slow_portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let before = entries(&portal).await;
    keep_busy(&passwords, 10);
    let attempt = start_sign_in(&portal, &test.db, "Nie-to-hasło-1").await;
    attempt.abort();
    assert!(attempt.await.unwrap_err().is_cancelled());
    assert_eq!(entries(&portal).await, before, "it was given up before its hash");
    passwords.hash(&Entropy::system(), "x").await.unwrap();
    for _ in 0..1000 {
        if entries(&portal).await > before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("the failure was never written down");
});

db_test!(a_busy_portal_counts_nothing, |test| {
    let passwords = Passwords::cheap(&Entropy::system());
    let portal = TestPortal::with(test.db.clone(), |parts| parts.passwords = passwords.clone()).await;
    import_default(&portal).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    let queue: Vec<_> = std::iter::from_fn(|| passwords.queue().ok()).collect();
    for _ in 0..6 {
        let outcome = portal.services.sign_in(&stranger, credentials(PESEL, PASSWORD)).await;
        assert!(matches!(outcome, Err(ServiceError::Busy)));
    }
    drop(queue);
    assert!(portal.services.sign_in(&stranger, credentials(PESEL, PASSWORD)).await.is_ok(), "no challenge, no lock");
});

db_test!(r18_a_password_that_was_changed_or_locked_meanwhile_opens_no_session, |test| {
    let (portal, passwords) = slow_portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    let own = async || {
        let mut reader = test.db.read().await.unwrap();
        accounts::find(reader.conn(), me.account).await.unwrap().unwrap().password_hash.unwrap()
    };
    let former = own().await;
    for change in ["password", "lock"] {
        keep_busy(&passwords, 10);
        let late = start_sign_in(&portal, &test.db, PASSWORD).await;
        let mut tx = test.db.begin().await.unwrap();
        match change {
            "password" => accounts::update_password(tx.conn(), "mojbok", me.account, "of another").await.unwrap(),
            _ => accounts::update_locked(tx.conn(), "mojbok", me.account, Some(portal.clock.now())).await.unwrap(),
        }
        tx.commit().await.unwrap();
        assert!(is_bad_credentials(&late.await.unwrap()), "{change}");

        let mut tx = test.db.begin().await.unwrap();
        accounts::update_password(tx.conn(), "mojbok", me.account, &former).await.unwrap();
        accounts::update_locked(tx.conn(), "mojbok", me.account, None).await.unwrap();
        tx.commit().await.unwrap();
        assert!(sign_in(&portal, &visit_of(&portal, "mojbok", 9), PESEL, PASSWORD).await.is_ok(), "{change}");
    }
});

db_test!(the_third_try_needs_a_proof_for_real_and_invented_logins_alike, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    for login in [PESEL, "nikt"] {
        for _ in 0..2 {
            let outcome = portal.services.sign_in(&stranger, credentials(login, "Nie-to-hasło-1")).await;
            assert!(is_bad_credentials(&outcome), "{login}");
        }
        let hashed = portal.services.hashed();
        let outcome = portal.services.sign_in(&stranger, credentials(login, "Nie-to-hasło-1")).await;
        assert!(matches!(outcome, Err(ServiceError::Refused(Refusal::Challenge(_)))), "{login}");
        assert_eq!(portal.services.hashed(), hashed, "what the gate stops is not verified");
    }
});

db_test!(r12_a_proof_works_once_and_for_five_minutes, |test| {
    let portal = portal(test.db.clone()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    let ask = async || match portal.services.sign_in(&stranger, credentials("nikt", "x")).await {
        Err(ServiceError::Refused(Refusal::Challenge(asked))) => asked,
        other => panic!("{other:?}"),
    };
    let with = |proof| Credentials { proof: Some(proof), ..credentials("nikt", "x") };
    fail(&portal, &stranger, "nikt", 2).await;

    let proof = solve(&ask().await);
    assert!(is_bad_credentials(&portal.services.sign_in(&stranger, with(proof.clone())).await));
    let again = portal.services.sign_in(&stranger, with(proof)).await;
    assert!(matches!(again, Err(ServiceError::Refused(Refusal::ChallengeFailed(_)))), "used");

    let late = solve(&ask().await);
    portal.clock.advance(Duration::from_secs(302));
    let outcome = portal.services.sign_in(&stranger, with(late)).await;
    assert!(matches!(outcome, Err(ServiceError::Refused(Refusal::ChallengeFailed(_)))), "late");

    let asked = ask().await;
    let letters = portal.services.challenge_letters(&asked.token).unwrap();
    let typed = openbok_domain::Proof { token: asked.token, answer: format!(" {} ", letters.to_lowercase()) };
    assert!(is_bad_credentials(&portal.services.sign_in(&stranger, with(typed)).await), "letters count as well");
});

db_test!(one_source_cannot_fail_without_end, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| {
        parts.settings.limits = Limits { challenge_bits: 0, ..Limits::default() };
    })
    .await;
    let stranger = visit_of(&portal, "mojbok", 9);
    for n in 0..5 {
        assert!(is_bad_credentials(&sign_in(&portal, &stranger, &format!("nikt{n}"), "x").await));
    }
    let outcome = sign_in(&portal, &stranger, "nikt6", "x").await;
    assert!(matches!(outcome, Err(ServiceError::TooMany { .. })), "five different logins in ten minutes");
    assert!(
        is_bad_credentials(&sign_in(&portal, &visit_of(&portal, "mojbok", 10), "nikt6", "x").await),
        "others go on"
    );
    portal.clock.advance(Duration::from_secs(601));
    assert!(is_bad_credentials(&sign_in(&portal, &stranger, "nikt6", "x").await));
});

db_test!(r13_r18_a_session_is_its_secret_and_ends_at_once, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    assert_eq!(me.stage, Stage::Full);
    assert!(caller(&portal, &home, &Token::generate(&openbok_services::Entropy::system())).await.is_none());
    let elsewhere = visit_of(&portal, "ebok", 1);
    assert!(caller(&portal, &elsewhere, &session).await.is_none(), "another operator's host does not know it");
    portal.services.sign_out(&me).await.unwrap();
    assert!(caller(&portal, &home, &session).await.is_none());
});

db_test!(r15_an_idle_session_ends_after_fifteen_minutes_and_looking_does_not_count, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    portal.clock.advance(Duration::from_mins(14));
    let me = caller(&portal, &home, &session).await.expect("alive after 14 minutes");
    portal.services.note_activity(&me).await.unwrap();
    portal.clock.advance(Duration::from_mins(14));
    caller(&portal, &home, &session).await.expect("activity gave another 15 minutes");
    portal.clock.advance(Duration::from_mins(1));
    assert!(caller(&portal, &home, &session).await.is_none(), "15:00 after the last activity");
});

db_test!(r17_a_session_ends_after_twelve_hours_however_active, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    for _ in 0..12 * 6 - 1 {
        portal.clock.advance(Duration::from_mins(10));
        let me = caller(&portal, &home, &session).await.expect("active");
        portal.services.note_activity(&me).await.unwrap();
    }
    portal.clock.advance(Duration::from_mins(10));
    assert!(caller(&portal, &home, &session).await.is_none());
});

db_test!(r17_the_sixth_session_ends_the_oldest, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, first) = enrol(&portal, visit(&portal), &form()).await;
    for _ in 0..4 {
        portal.clock.advance(Duration::from_secs(1));
        sign_in(&portal, &home, PESEL, PASSWORD).await.unwrap();
    }
    assert!(caller(&portal, &home, &first).await.is_some());
    portal.clock.advance(Duration::from_secs(1));
    sign_in(&portal, &home, PESEL, PASSWORD).await.unwrap();
    assert!(caller(&portal, &home, &first).await.is_none());
});

db_test!(r19_the_owner_lists_and_ends_sessions_after_giving_the_password, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let other = sign_in(&portal, &visit_of(&portal, "mojbok", 9), PESEL, PASSWORD).await.unwrap().session;
    let me = caller(&portal, &home, &session).await.unwrap();
    let listed = portal.services.list_sessions(&me, openbok_domain::Lang::Pl).await.unwrap();
    assert_eq!(listed.iter().filter(|session| session.is_current).count(), 1);
    let target = listed.iter().find(|session| !session.is_current).unwrap().id;
    let refused = portal.services.end_session(&me, target, "Nie-to-hasło-1").await;
    assert!(matches!(refused, Err(ServiceError::Invalid(_))));
    portal.services.end_session(&me, target, PASSWORD).await.unwrap();
    assert!(caller(&portal, &home, &other).await.is_none());
    let (neighbour, theirs) = enrol(&portal, visit_of(&portal, "mojbok", 3), &other_form()).await;
    let them = caller(&portal, &neighbour, &theirs).await.unwrap();
    let foreign = portal.services.end_session(&them, me.session, PASSWORD).await;
    assert!(matches!(foreign, Err(ServiceError::NotFound)), "somebody else's session is as absent as none");
});

db_test!(r04_a_new_password_needs_the_old_one_ends_other_sessions_and_mails_the_owner, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let other = sign_in(&portal, &visit_of(&portal, "mojbok", 9), PESEL, PASSWORD).await.unwrap().session;
    let me = caller(&portal, &home, &session).await.unwrap();
    let new = "Jesień-nad-Bugiem-27";
    let change = |current: &str| PasswordChange { current: current.into(), password: new.into(), repeat: new.into() };
    let refused = portal.services.change_password(&home, &me, &change("Nie-to-hasło-1")).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(_))));
    let fresh = portal.services.change_password(&home, &me, &change(PASSWORD)).await.unwrap();
    assert!(caller(&portal, &home, &session).await.is_none(), "r14: the former cookie value is dead");
    assert!(caller(&portal, &home, &fresh).await.is_some());
    assert!(caller(&portal, &home, &other).await.is_none());
    mail(&portal, "password_changed").await;
    assert!(is_bad_credentials(&sign_in(&portal, &home, PESEL, PASSWORD).await));
    assert!(sign_in(&portal, &home, PESEL, new).await.is_ok());
});

db_test!(r03_refuses_common_and_personal_passwords, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    for weak in ["Password123!", "Polana-Energia-1", "Lipowa-4-Lipowa", "X440514-zima"] {
        let change = PasswordChange { current: PASSWORD.into(), password: weak.into(), repeat: weak.into() };
        let outcome = portal.services.change_password(&home, &me, &change).await;
        assert!(
            matches!(&outcome, Err(ServiceError::Invalid(errors)) if errors.get("new_password").is_some()),
            "{weak}"
        );
    }
});

db_test!(r22_changed_terms_stop_everything_until_accepted, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let newer = TestPortal::with(test.db.clone(), |parts| {
        let list = parts.operators.iter().map(|operator| {
            let mut operator = (**operator).clone();
            operator.terms.version = "2026-02".into();
            operator
        });
        parts.operators = openbok_services::Operators::new(list.collect(), std::path::PathBuf::new()).unwrap();
    })
    .await;
    let visit = visit(&newer);
    let signed_in = sign_in(&newer, &visit, PESEL, PASSWORD).await.unwrap();
    assert_eq!(signed_in.stage, Stage::AcceptTerms);
    let me = caller(&newer, &visit, &signed_in.session).await.unwrap();
    let old = newer.services.accept_terms(&visit, &me, "2026-01").await;
    assert!(matches!(old, Err(ServiceError::Refused(Refusal::TermsChanged))));
    let (token, stage) = newer.services.accept_terms(&visit, &me, "2026-02").await.unwrap();
    assert_eq!(stage, Stage::Full);
    assert!(caller(&newer, &visit, &signed_in.session).await.is_none());
    assert_eq!(caller(&newer, &visit, &token).await.unwrap().stage, Stage::Full);
    assert_eq!(sign_in(&newer, &visit, PESEL, PASSWORD).await.unwrap().stage, Stage::Full, "asked once");
});

db_test!(a_credit_that_was_paid_out_too_far_is_not_unpaid, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,period_from,period_to,due_on,gross,ksef_number,ksef_sha256,pdf
F/9,P1,settlement,,2026-10-02,,,2026-10-15,-50.00,,,
";
    let payments = "payment_id,payer_number,invoice_number,paid_on,amount\nW/1,P1,F/9,2026-10-20,-60.00\n";
    import(&portal, "mojbok", &[("invoices", invoices), ("payments", payments)]).await;
    let numbers = async |filter| {
        let page = portal.services.list_invoices(&me, filter, "", PagePlace::First).await.unwrap();
        page.rows.into_iter().map(|invoice| invoice.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(InvoiceFilter::Paid).await, ["F/9"]);
    assert_eq!(numbers(InvoiceFilter::Unpaid).await, ["F/1"]);
    assert_eq!(numbers(InvoiceFilter::Overdue).await, ["F/1"]);
    let first = portal.services.home(&me).await.unwrap();
    assert_eq!((first.overdue, first.next_due.unwrap().number.as_str()), (1, "F/1"));
    assert_eq!(first.balance.minor, 12_050 + 1_000, "what was paid out too much is owed");
    assert_eq!(first.open.minor, 12_050, "by no invoice");
});

db_test!(what_was_paid_on_an_invoice_counts_for_the_correction_in_its_place, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,due_on,gross
F/7,P1,settlement,,2026-10-02,2026-10-15,100.00
F/8,P1,correction,F/7,2026-10-03,2026-10-15,70.00
F/9,P1,correction,F/7,2026-10-04,2026-10-15,60.00
";
    let payments = "payment_id,payer_number,invoice_number,paid_on,amount\nW/1,P1,F/7,2026-10-05,60.00\n";
    import(&portal, "mojbok", &[("invoices", invoices), ("payments", payments)]).await;
    let page = portal.services.list_invoices(&me, InvoiceFilter::All, "", PagePlace::First).await.unwrap();
    let row = |number: &str| page.rows.iter().find(|row| row.number == number).unwrap();
    let statuses = ["F/7", "F/8", "F/9"].map(|number| row(number).status);
    assert_eq!(statuses, [InvoiceStatus::Corrected, InvoiceStatus::Corrected, InvoiceStatus::Paid]);
    assert_eq!(row("F/9").remaining.minor, 0);
    for number in ["F/7", "F/8"] {
        let corrected = portal.services.find_invoice(&me, row(number).id).await.unwrap();
        assert_eq!(corrected.corrected_by.unwrap().number, "F/9", "{number}");
    }
    let last = portal.services.find_invoice(&me, row("F/9").id).await.unwrap();
    assert_eq!(last.corrected_by, None);
    assert_eq!(last.payments.iter().map(|payment| payment.amount.minor).collect::<Vec<_>>(), [6_000]);
    let first = portal.services.home(&me).await.unwrap();
    assert_eq!((first.balance.minor, first.overdue, first.next_due.unwrap().number.as_str()), (12_050, 1, "F/1"));
    assert_eq!(first.open.minor, 12_050, "what was corrected asks for nothing");
});

db_test!(an_invoice_without_a_day_to_pay_is_never_overdue, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    let invoices = "invoice_number,payer_number,kind,issued_on,due_on,gross\nF/0,P1,note,2026-01-02,,50.00\n";
    import(&portal, "mojbok", &[("invoices", invoices)]).await;
    let rows = async |filter| portal.services.list_invoices(&me, filter, "", PagePlace::First).await.unwrap().rows;
    let unpaid = rows(InvoiceFilter::Unpaid).await;
    let undated = unpaid.iter().find(|row| row.number == "F/0").unwrap();
    assert_eq!((undated.due_on, undated.status), (None, InvoiceStatus::Due));
    assert!(rows(InvoiceFilter::Overdue).await.iter().all(|row| row.number == "F/1"));
    assert_eq!(portal.services.home(&me).await.unwrap().next_due.unwrap().number, "F/1");
    assert_eq!(portal.services.find_invoice(&me, undated.id).await.unwrap().summary, *undated);
    let pdf = portal.services.invoice_pdf(&me, undated.id, Lang::Pl).await.unwrap().pdf;
    assert!(pdf.starts_with(b"%PDF"));
});

db_test!(pages_of_invoices_lead_to_older_and_back_to_newer_ones, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let (other, other_session) = enrol(&portal, visit_of(&portal, "mojbok", 3), &other_form()).await;
    let mut me = caller(&portal, &home, &session).await.unwrap();
    // An account of several customers has one list.
    me.scope.customers.extend(caller(&portal, &other, &other_session).await.unwrap().scope.customers);
    // Nine a day, so that pages end within a day; every second is a credit, which counts as paid.
    let rows = (0..240).map(|number| {
        let (day, payer) = (1 + number / 9, 1 + number / 2 % 2);
        let gross = if number % 2 == 0 { "10.00" } else { "-10.00" };
        format!("G/{number},P{payer},settlement,,2026-09-{day:02},,,2026-10-15,{gross},,,\n")
    });
    let invoices = "invoice_number,payer_number,kind,corrects,issued_on,period_from,period_to,due_on,gross,ksef_number,ksef_sha256,pdf\n";
    let invoices = invoices.to_owned() + &rows.collect::<Vec<_>>().concat();
    import(&portal, "mojbok", &[("invoices", invoices.as_str())]).await;

    let read = async |filter, place| portal.services.list_invoices(&me, filter, "", place).await.unwrap();
    for (filter, count) in [
        (InvoiceFilter::All, 242),
        (InvoiceFilter::Unpaid, 122),
        (InvoiceFilter::Overdue, 121),
        (InvoiceFilter::Paid, 120),
    ] {
        let mut pages = vec![read(filter, PagePlace::First).await];
        while let Some(key) = pages.last().and_then(|page| page.next) {
            pages.push(read(filter, PagePlace::After(key)).await);
        }
        let keys: Vec<_> = pages.iter().flat_map(|page| &page.rows).map(|row| (row.issued_on, row.id)).collect();
        assert_eq!(keys.len(), count, "{filter:?}");
        assert!(keys.is_sorted_by(|newer, older| newer > older), "{filter:?}: each once, newest first");
        for pair in pages.windows(2) {
            let key = pair[1].previous.expect("newer ones come before");
            assert_eq!(read(filter, PagePlace::Before(key)).await, pair[0], "{filter:?}");
        }
        let (newest, row) = (&pages[0].rows[..10], &pages[0].rows[10]);
        let start = read(filter, PagePlace::Before(PageKey { day: row.issued_on, id: row.id })).await;
        assert_eq!((start.rows.as_slice(), start.previous), (newest, None), "{filter:?}: the beginning of the list");
    }
});

db_test!(r37_r38_what_one_customer_sees_another_never_opens, |test| {
    let portal = portal(test.db.clone()).await;
    let (a, a_session) = enrol(&portal, visit(&portal), &form()).await;
    let (b, b_session) = enrol(&portal, visit_of(&portal, "mojbok", 3), &other_form()).await;
    let (a, b) = (caller(&portal, &a, &a_session).await.unwrap(), caller(&portal, &b, &b_session).await.unwrap());
    let of_a = portal.services.list_invoices(&a, InvoiceFilter::All, "", PagePlace::First).await.unwrap().rows;
    let of_b = portal.services.list_invoices(&b, InvoiceFilter::All, "", PagePlace::First).await.unwrap().rows;
    assert_eq!((of_a.len(), of_b.len()), (1, 1));
    portal.services.find_invoice(&a, of_a[0].id).await.unwrap();
    for (caller, id) in [(&b, of_a[0].id), (&a, of_b[0].id)] {
        assert!(matches!(portal.services.find_invoice(caller, id).await, Err(ServiceError::NotFound)));
        let pdf = portal.services.invoice_pdf(caller, id, openbok_domain::Lang::Pl).await;
        assert!(matches!(pdf, Err(ServiceError::NotFound)));
    }
    assert_eq!(portal.services.home(&a).await.unwrap().name, "Łucja Żółć-Gęślą");
    let payer = &portal.services.list_payers(&b).await.unwrap()[0];
    assert_eq!((payer.balance.minor, payer.open.minor), (9000, 8000));
});
