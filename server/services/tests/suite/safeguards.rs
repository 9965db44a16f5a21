//! What holds whatever happens: limits across servers, the audit log, the worker and its mails.

use std::time::Duration;

use crate::common::*;
use openbok_domain::{ContractRegistration, Fault, MailId, PasswordChange, Refusal};
use openbok_services::testing::TestPortal;
use openbok_services::{
    Actor, AuditHead, AuditState, Entropy, Limits, MailSecurity, ServiceError, SmtpAddress, Token, Transport,
};
use openbok_storage::audit::Entry;
use openbok_storage::testing::TestDb;
use openbok_storage::{Db, audit, db_test, outbox};

const WRONG: &str = "Nie-to-hasło-1";

/// Two servers on one database with tight limits, and one that is started later.
struct Servers {
    a: TestPortal,
    b: TestPortal,
    url: String,
}

impl Servers {
    async fn start(test: &TestDb, limits: &Limits) -> Self {
        let a = server(test.db.clone(), limits).await;
        import_default(&a).await;
        Self { a, b: server(Db::open(&test.url).await.unwrap(), limits).await, url: test.url.clone() }
    }

    async fn restarted(&self, limits: &Limits) -> TestPortal {
        self.a.services.close().await;
        self.b.services.close().await;
        server(Db::open(&self.url).await.unwrap(), limits).await
    }
}

async fn server(db: Db, limits: &Limits) -> TestPortal {
    TestPortal::with(db, |parts| parts.settings.limits = limits.clone()).await
}

fn wide() -> Limits {
    Limits { source_failures_per_hour: 1000, source_logins_per_10_min: 1000, challenge_bits: 0, ..Limits::default() }
}

fn is_too_many<T>(outcome: &Result<T, ServiceError>) -> bool {
    matches!(outcome, Err(ServiceError::TooMany { .. }))
}

db_test!(r54_failures_of_a_login_count_on_all_servers_and_survive_a_restart, |test| {
    let servers = Servers::start(&test, &wide()).await;
    enrol(&servers.a, visit(&servers.a), &form()).await;
    for (portal, times) in [(&servers.a, 3), (&servers.b, 2)] {
        for _ in 0..times {
            assert!(is_bad_credentials(&sign_in(portal, &visit_of(portal, "mojbok", 9), PESEL, WRONG).await));
        }
    }
    let later = servers.restarted(&wide()).await;
    assert!(is_bad_credentials(&sign_in(&later, &visit_of(&later, "mojbok", 9), PESEL, PASSWORD).await));
});

db_test!(r54_failures_of_a_source_count_on_all_servers_and_survive_a_restart, |test| {
    let limits = Limits { source_failures_per_hour: 6, ..wide() };
    let servers = Servers::start(&test, &limits).await;
    for (portal, login) in [(&servers.a, "nikt1"), (&servers.b, "nikt2")] {
        for _ in 0..3 {
            assert!(is_bad_credentials(&sign_in(portal, &visit_of(portal, "mojbok", 9), login, WRONG).await));
        }
    }
    let later = servers.restarted(&limits).await;
    assert!(is_too_many(&sign_in(&later, &visit_of(&later, "mojbok", 9), "nikt3", WRONG).await));
    assert!(is_bad_credentials(&sign_in(&later, &visit_of(&later, "mojbok", 10), "nikt3", WRONG).await));
});

db_test!(r54_parallel_failures_of_a_source_cannot_outrun_its_limit, |test| {
    let limits = Limits { source_failures_per_hour: 6, ..wide() };
    let servers = Servers::start(&test, &limits).await;
    let tries: Vec<_> = (0..40)
        .map(|n| {
            let portal = if n % 2 == 0 { &servers.a } else { &servers.b };
            let (services, visit) = (portal.services.clone(), visit_of(portal, "mojbok", 9));
            tokio::spawn(async move { services.sign_in(&visit, credentials(&format!("nikt{n}"), WRONG)).await })
        })
        .collect();
    let mut failures = 0;
    for outcome in tries {
        let outcome = outcome.await.unwrap();
        assert!(is_bad_credentials(&outcome) || is_too_many(&outcome) || matches!(outcome, Err(ServiceError::Busy)));
        failures += i64::from(is_bad_credentials(&outcome));
    }
    assert!(failures <= 6, "{failures} were looked at");
});

db_test!(r54_registrations_count_on_all_servers_for_the_source_and_for_the_contract, |test| {
    let limits = Limits { registrations_per_hour: 2, ..wide() };
    let servers = Servers::start(&test, &limits).await;
    for portal in [&servers.a, &servers.b] {
        let here = visit_of(portal, "mojbok", 9);
        portal.services.register_by_contract(&here, &form(), None).await.unwrap();
        let wrong = ContractRegistration { contract_number: "U/999".into(), ..form() };
        let outcome = portal.services.register_by_contract(&here, &wrong, None).await;
        assert!(matches!(outcome, Err(ServiceError::Refused(Refusal::NoMatch))));
    }
    let later = servers.restarted(&limits).await;
    let outcome = later.services.register_by_contract(&visit_of(&later, "mojbok", 9), &other_form(), None).await;
    assert!(is_too_many(&outcome), "two wrong ones of one source");
    let outcome = later.services.register_by_contract(&visit_of(&later, "mojbok", 12), &form(), None).await;
    assert!(is_too_many(&outcome), "two right ones for one contract");
    let elsewhere = later.services.register_by_contract(&visit_of(&later, "ebok", 12), &form(), None).await;
    elsewhere.expect("another operator's contract of the same number is another contract");
});

db_test!(right_registrations_leave_a_source_its_tries, |test| {
    let portal = server(test.db.clone(), &Limits { registrations_per_hour: 2, ..wide() }).await;
    import_default(&portal).await;
    let household = visit_of(&portal, "mojbok", 9);
    for form in [form(), other_form(), form(), other_form()] {
        portal.services.register_by_contract(&household, &form, None).await.unwrap();
    }
    let with_number = |number: &str| ContractRegistration { contract_number: number.into(), ..form() };
    for number in ["U/997", "U/998"] {
        let outcome = portal.services.register_by_contract(&household, &with_number(number), None).await;
        assert!(matches!(outcome, Err(ServiceError::Refused(Refusal::NoMatch))), "{number}");
    }
    let outcome = portal.services.register_by_contract(&household, &with_number("U/999"), None).await;
    assert!(is_too_many(&outcome), "wrong ones stop at the limit");
});

db_test!(r54_own_passwords_and_requests_for_mail_count_on_all_servers, |test| {
    let limits = Limits { mail_requests_per_hour: 4, ..wide() };
    let servers = Servers::start(&test, &limits).await;
    let (home, session) = enrol(&servers.a, visit(&servers.a), &form()).await;
    let me = caller(&servers.a, &home, &session).await.unwrap();
    let change = |current: &str| PasswordChange {
        current: current.into(),
        password: "Jesień-nad-Bugiem-27".into(),
        repeat: "Jesień-nad-Bugiem-27".into(),
    };
    let before = servers.a.services.compared() + servers.b.services.compared();
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let services = if n % 2 == 0 { servers.a.services.clone() } else { servers.b.services.clone() };
            let (home, me, form) = (home.clone(), me.clone(), change(WRONG));
            tokio::spawn(async move { services.change_password(&home, &me, &form).await })
        })
        .collect();
    for outcome in tries {
        assert!(outcome.await.unwrap().is_err());
    }
    let compared = servers.a.services.compared() + servers.b.services.compared() - before;
    assert_eq!(compared, 5, "five guesses an hour, however many come at once");
    for portal in [&servers.a, &servers.b] {
        for _ in 0..2 {
            portal.services.recover_password(&visit(portal), PESEL).await.unwrap();
        }
    }
    let later = servers.restarted(&limits).await;
    assert!(is_too_many(&later.services.change_password(&home, &me, &change(PASSWORD)).await));
    assert!(is_too_many(&later.services.recover_password(&visit(&later), PESEL).await));
});

async fn entries(db: &Db) -> Vec<Entry> {
    let mut reader = db.read().await.unwrap();
    audit::list(reader.conn(), 0, 1000).await.unwrap()
}

db_test!(r57_every_outcome_is_on_record_and_nothing_personal_is, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| {
        parts.settings.limits = Limits { source_logins_per_10_min: 3, ..wide() };
    })
    .await;
    import_default(&portal).await;
    portal.services.record_start("0.0.1").await.unwrap();
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();

    let services = &portal.services;
    let stranger = visit_of(&portal, "mojbok", 9);
    for _ in 0..3 {
        drop(services.sign_in(&stranger, credentials(PESEL, WRONG)).await);
    }
    for n in 0..4 {
        drop(services.sign_in(&visit_of(&portal, "mojbok", 10), credentials(&format!("nikt{n}"), WRONG)).await);
    }
    let wrong = ContractRegistration { contract_number: "U/999".into(), ..form() };
    let taken = ContractRegistration { login: PESEL.into(), login_repeat: PESEL.into(), ..other_form() };
    for form in [wrong, taken, form(), other_form()] {
        drop(services.register_by_contract(&visit_of(&portal, "mojbok", 11), &form, None).await);
        portal.clock.advance(Duration::from_hours(1));
    }
    let link = link_token(&mail(&portal, "activation").await);
    let unknown = Token::generate(&Entropy::system());
    let guest = visit_of(&portal, "mojbok", 12);
    services.activate(&guest, &link).await.unwrap();
    for token in [&link, &unknown] {
        drop(services.activate(&guest, token).await);
    }
    services.recover_password(&guest, PESEL).await.unwrap();
    services.remind_login(&guest, "lucja@example.com").await.unwrap();
    services.resend_activation(&guest, PESEL).await.unwrap();
    portal.mails().await.unwrap();
    let change = PasswordChange { current: WRONG.into(), password: PASSWORD.into(), repeat: PASSWORD.into() };
    for _ in 0..6 {
        drop(services.change_password(&home, &me, &change).await);
    }
    services.record_denial(&home, Some(&me), None, "/api/replace_password").await.unwrap();
    for _ in 0..5 {
        drop(sign_in(&portal, &visit_of(&portal, "mojbok", 13), PESEL, WRONG).await);
    }
    services.unlock(&operator(&portal, "mojbok"), PESEL, Actor::CommandLine, "identity card seen").await.unwrap();
    services.sign_out(&me).await.unwrap();

    let found = entries(&test.db).await;
    for (event, outcome) in [
        ("start", "ok"),
        ("import", "begun"),
        ("import", "ok"),
        ("register", "ok"),
        ("register", "no_match"),
        ("register", "taken"),
        ("register", "exists"),
        ("activate", "ok"),
        ("activate", "link_used"),
        ("activate", "link_unknown"),
        ("sign_in", "ok"),
        ("sign_in", "refused"),
        ("sign_in", "challenged"),
        ("sign_in", "limited"),
        ("sign_in", "locked"),
        ("recover_password", "requested"),
        ("recover_password", "ok"),
        ("remind_login", "requested"),
        ("remind_login", "ok"),
        ("resend_activation", "requested"),
        ("reauthentication", "wrong"),
        ("reauthentication", "limited"),
        ("change_password", "ok"),
        ("access", "denied"),
        ("unlock", "ok"),
        ("sign_out", "ok"),
    ] {
        assert!(found.iter().any(|entry| entry.event == event && entry.outcome == outcome), "{event} {outcome}");
    }
    let text = format!("{found:?}").to_lowercase();
    for secret in [PESEL, OTHER_PESEL, PASSWORD, WRONG, "@example.com", "adam", "u/1", "600700800", &link.to_text()] {
        assert!(!text.contains(&secret.to_lowercase()), "{secret}");
    }
});

db_test!(r57_nobody_can_flood_the_record_with_refusals, |test| {
    let portal = portal(test.db.clone()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    let before = entries(&test.db).await.len();
    for _ in 0..50 {
        portal.services.record_denial(&stranger, None, None, "/api/home").await.unwrap();
        drop(portal.services.activate(&stranger, &Token::generate(&Entropy::system())).await);
    }
    assert_eq!(entries(&test.db).await.len(), before + 20);
    portal.services.record_denial(&visit_of(&portal, "mojbok", 10), None, None, "/api/home").await.unwrap();
    assert_eq!(entries(&test.db).await.len(), before + 21, "others are still heard");
});

db_test!(r56_the_audit_log_shows_every_change, |test| {
    let portal = portal(test.db.clone()).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    portal.clock.advance(Duration::from_secs(1));
    let me = caller(&portal, &home, &session).await.unwrap();
    portal.services.sign_out(&me).await.unwrap();
    let count = i64::try_from(entries(&test.db).await.len()).unwrap();
    assert!(count >= 5);
    let kept: AuditHead = portal.services.audit_head().await.unwrap().to_string().parse().unwrap();
    let whole = AuditState::Whole { entries: count };
    assert_eq!(portal.services.verify_audit(Some(&kept)).await.unwrap(), whole);

    test.run("UPDATE audit SET note = 'x' WHERE seq = 2").await.expect_err("no entry can be changed");
    test.run("DELETE FROM audit WHERE seq = 2").await.expect_err("or removed");

    // From here on somebody has the whole database in hand, though not the keys.
    let triggers: &[&str] = match test.db {
        Db::Sqlite { .. } => &["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
        Db::Postgres(_) => &["DROP TRIGGER audit_append_only ON audit"],
    };
    for sql in triggers {
        test.run(sql).await.unwrap();
    }
    test.run("CREATE TABLE audit_copy AS SELECT * FROM audit").await.unwrap();
    test.run("CREATE TABLE head_copy AS SELECT * FROM audit_head").await.unwrap();
    let restore = async || {
        for sql in [
            "DELETE FROM audit",
            "INSERT INTO audit SELECT * FROM audit_copy",
            "DELETE FROM audit_head",
            "INSERT INTO audit_head SELECT * FROM head_copy",
        ] {
            test.run(sql).await.unwrap();
        }
        assert_eq!(portal.services.verify_audit(Some(&kept)).await.unwrap(), whole);
    };
    let last = format!("DELETE FROM audit WHERE seq = {count}");
    let edits: &[(&[&str], i64)] = &[
        (&["UPDATE audit SET note = note || 'x' WHERE seq = 2"], 2),
        (&["UPDATE audit SET outcome = 'oK' WHERE seq = 2"], 2),
        (&["UPDATE audit SET event = 'x' WHERE seq = 2"], 2),
        (&["UPDATE audit SET actor = 'system' WHERE seq = 3"], 3),
        (&["UPDATE audit SET subject = 'x' WHERE seq = 3"], 3),
        (&["UPDATE audit SET operator = 'x' WHERE seq = 2"], 2),
        (&["UPDATE audit SET at = (SELECT MAX(at) FROM audit) WHERE seq = 2"], 2),
        (&["UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = 3) WHERE seq = 2"], 2),
        (&["DELETE FROM audit WHERE seq = 1"], 1),
        (&["DELETE FROM audit WHERE seq = 3"], 3),
        (&[&last], count),
        (
            &[
                "UPDATE audit SET seq = -1 WHERE seq = 2",
                "UPDATE audit SET seq = 2 WHERE seq = 3",
                "UPDATE audit SET seq = 3 WHERE seq = -1",
            ],
            2,
        ),
    ];
    for (edit, broken) in edits {
        for sql in *edit {
            assert_eq!(test.run(sql).await.unwrap(), 1, "{sql}");
        }
        assert_eq!(portal.services.verify_audit(None).await.unwrap(), AuditState::Broken { seq: *broken }, "{edit:?}");
        restore().await;
    }

    test.run("UPDATE audit_head SET seq = 2, mac = (SELECT mac FROM audit WHERE seq = 2)").await.unwrap();
    let state = portal.services.verify_audit(None).await.unwrap();
    assert_eq!(state, AuditState::Broken { seq: 3 }, "entries behind the end show");
    restore().await;

    for cut in [3, 0] {
        test.run(&format!("DELETE FROM audit WHERE seq > {cut}")).await.unwrap();
        let mac = if cut == 0 { "mac".to_owned() } else { format!("(SELECT mac FROM audit WHERE seq = {cut})") };
        test.run(&format!("UPDATE audit_head SET seq = {cut}, mac = {mac}")).await.unwrap();
        let state = portal.services.verify_audit(Some(&kept)).await.unwrap();
        assert_eq!(state, AuditState::Broken { seq: cut + 1 }, "a cut shows against an end that was kept");
        restore().await;
    }
});

db_test!(r61_a_one_time_password_is_not_sent_after_it_expired, |test| {
    let dead = TestPortal::with(test.db.clone(), |parts| parts.transport = smtp(nowhere())).await;
    import_default(&dead).await;
    // An account, by a portal whose mails arrive.
    let portal = TestPortal::new(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    dead.services.recover_password(&visit(&dead), PESEL).await.unwrap();
    dead.services.run_jobs().await.unwrap();
    assert_eq!(dead.services.readiness().await.unwrap().mails_waiting, 1);
    portal.clock.advance(Duration::from_hours(1));
    assert_eq!(portal.mails().await.unwrap(), [] as [openbok_services::MailMessage; 0]);
    let readiness = portal.services.readiness().await.unwrap();
    assert_eq!((readiness.mails_waiting, readiness.mails_dead), (0, 0), "it is over, not given up");
});

db_test!(r61_names_and_addresses_cannot_add_headers_to_a_mail, |test| {
    let folder = tempfile::tempdir().unwrap();
    let portal = TestPortal::with(test.db.clone(), |parts| {
        let list = parts.operators.iter().map(|operator| {
            let mut operator = (**operator).clone();
            operator.name = "Polana\r\nBcc: everybody@example.com\r\n\r\nHello".into();
            operator
        });
        parts.operators = openbok_services::Operators::new(list.collect(), std::path::PathBuf::new()).unwrap();
        parts.transport = Transport::folder(folder.path().to_path_buf());
    })
    .await;
    import_default(&portal).await;
    for email in ["lucja@example.com\r\nBcc: x@example.com", "lucja@example.com, x@example.com", "lucja@example.com\n"]
    {
        let form = ContractRegistration { email: format!("{email}x"), ..form() };
        let outcome = portal.services.register_by_contract(&visit(&portal), &form, None).await;
        assert!(
            matches!(&outcome, Err(ServiceError::Invalid(errors)) if errors.get("email") == Some(&Fault::Malformed))
        );
    }
    portal.services.register_by_contract(&visit(&portal), &form(), None).await.unwrap();
    portal.services.run_jobs().await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    let mail = std::fs::read_to_string(file).unwrap();
    let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
    assert!(headers.lines().all(|line| !line.to_lowercase().starts_with("bcc")), "{headers}");
    assert_eq!(headers.lines().filter(|line| line.starts_with("To:")).count(), 1, "{headers}");
});

db_test!(a_job_that_cannot_be_done_is_given_up_after_twelve_tries, |test| {
    let portal = portal(test.db.clone()).await;
    let id: MailId = Entropy::system().id(portal.clock.now());
    let mail = outbox::NewMail { id, operator: "mojbok", kind: "request", sealed: b"unreadable", expires_at: None };
    let mut tx = test.db.begin().await.unwrap();
    outbox::insert(tx.conn(), &mail, portal.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    for tries in 1..=12 {
        assert_eq!(portal.services.readiness().await.unwrap().mails_dead, 0, "after {tries} tries");
        portal.services.run_jobs().await.unwrap();
        portal.clock.advance(Duration::from_hours(6));
    }
    let readiness = portal.services.readiness().await.unwrap();
    assert_eq!((readiness.mails_waiting, readiness.mails_dead), (0, 1));
});

db_test!(r64_a_worker_that_stops_leaves_nothing_waiting_for_its_leases, |test| {
    // A mail server that accepts connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let portal = TestPortal::with(test.db.clone(), |parts| parts.transport = smtp(port)).await;
    import_default(&portal).await;
    portal.services.register_by_contract(&visit(&portal), &form(), None).await.unwrap();
    portal.services.register_by_contract(&visit(&portal), &other_form(), None).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(portal.services.worker().run(async { drop(stopped.await) }));
    let connection = silent.accept().unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(25), worker).await.expect("it ends in time").unwrap();
    drop(connection);
    let next = TestPortal::new(test.db.clone()).await;
    let mails = next.mails().await.unwrap();
    assert_eq!(mails.len(), 2, "the next worker sends them at once");
});

fn smtp(port: u16) -> Transport {
    Transport::smtp(&SmtpAddress {
        host: "127.0.0.1".into(),
        port,
        security: MailSecurity::LoopbackOnly,
        credentials: None,
        authority_pem: None,
    })
    .unwrap()
}

/// A port on which nothing listens.
fn nowhere() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
