//! Registration by contract, activation, recovery of password and login.

use std::time::Duration;

use crate::common::*;
use openbok_domain::{ContractRegistration, Fault, Refusal, Stage};
use openbok_services::testing::TestPortal;
use openbok_services::{LinkState, ServiceError};
use openbok_storage::db_test;

fn refusal<T>(outcome: Result<T, ServiceError>) -> Refusal {
    match outcome {
        Err(ServiceError::Refused(refusal)) => refusal,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("not refused"),
    }
}

db_test!(every_wrong_part_of_the_data_gets_the_same_answer, |test| {
    let portal = portal(test.db.clone()).await;
    let wrong = [
        ContractRegistration { contract_number: "U/999".into(), ..form() },
        ContractRegistration { contract_number: "U/2".into(), ..form() },
        ContractRegistration { contract_number: "U/1B".into(), ..form() },
        ContractRegistration { pesel: OTHER_PESEL.into(), ..form() },
    ];
    for (host, form) in (20..).zip(&wrong) {
        let visit = visit_of(&portal, "mojbok", host);
        assert_eq!(refusal(portal.services.register_by_contract(&visit, form, None).await), Refusal::NoMatch);
    }
    assert_eq!(portal.mails().await.unwrap(), [] as [openbok_services::MailMessage; 0]);
});

db_test!(a_business_registers_by_nip_and_any_contract_far_enough_will_do, |test| {
    let portal = portal(test.db.clone()).await;
    let business = ContractRegistration {
        customer_kind: "business".into(),
        pesel: String::new(),
        nip: "856-734-62-15".into(),
        contract_number: "u/3".into(),
        email: "klos@example.com".into(),
        ..form()
    };
    portal.services.register_by_contract(&visit(&portal), &business, None).await.unwrap();
    assert_eq!(mail(&portal, "activation").await.to, "klos@example.com");
});

db_test!(of_contracts_whose_numbers_look_alike_each_opens_its_own_customers_account, |test| {
    let portal = portal(test.db.clone()).await;
    let contracts = "contract_number,customer_number,status\nUM/1 2,K1,active\num/12,K2,active\n";
    import(&portal, "mojbok", &[("contracts", contracts)]).await;
    for form in [form(), other_form()] {
        let form = ContractRegistration { contract_number: "Um/12".into(), ..form };
        portal.services.register_by_contract(&visit(&portal), &form, None).await.unwrap();
        assert_eq!(mail(&portal, "activation").await.to, form.email);
    }
});

db_test!(guessing_contracts_needs_proofs_from_the_third_try_on, |test| {
    let portal = portal(test.db.clone()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    let wrong = |n: u8| ContractRegistration { contract_number: format!("U/9{n}"), ..form() };
    for n in 0..2 {
        let outcome = portal.services.register_by_contract(&stranger, &wrong(n), None).await;
        assert_eq!(refusal(outcome), Refusal::NoMatch);
    }
    let Refusal::Challenge(asked) = refusal(portal.services.register_by_contract(&stranger, &form(), None).await)
    else {
        panic!("no challenge");
    };
    portal.services.register_by_contract(&stranger, &form(), Some(&solve(&asked))).await.unwrap();
});

db_test!(a_second_registration_answers_the_same_and_tells_the_owner, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = ContractRegistration { email: "ktos@example.com".into(), ..form() };
    portal.services.register_by_contract(&visit_of(&portal, "mojbok", 9), &stranger, None).await.unwrap();
    assert_eq!(mail(&portal, "account_exists").await.to, "Lucja@Example.com");
});

db_test!(nobody_registers_by_contract_where_the_operator_does_it_otherwise, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| {
        let list = parts.operators.iter().map(|operator| {
            let mut operator = (**operator).clone();
            operator.wizards = vec![openbok_domain::operator::Wizard::Invitation];
            operator
        });
        parts.operators = openbok_services::Operators::new(list.collect(), std::path::PathBuf::new()).unwrap();
    })
    .await;
    import_default(&portal).await;
    let outcome = portal.services.register_by_contract(&visit(&portal), &form(), None).await;
    assert!(matches!(outcome, Err(ServiceError::NotFound)));
    assert_eq!(portal.mails().await.unwrap(), [] as [openbok_services::MailMessage; 0]);
});

db_test!(r11_registrations_mail_an_address_three_times_an_hour_at_most, |test| {
    let portal = portal(test.db.clone()).await;
    for host in 20..26 {
        portal.services.register_by_contract(&visit_of(&portal, "mojbok", host), &form(), None).await.unwrap();
    }
    assert_eq!(portal.mails().await.unwrap().len(), 3, "activation letters");
    portal.clock.advance(Duration::from_hours(1));
    enrol(&portal, visit(&portal), &form()).await;
    for host in 20..26 {
        let stranger = ContractRegistration { email: format!("ktos{host}@example.com"), ..form() };
        portal.services.register_by_contract(&visit_of(&portal, "mojbok", host), &stranger, None).await.unwrap();
    }
    let mails = portal.mails().await.unwrap();
    assert_eq!(mails.len(), 3);
    assert!(mails.iter().all(|mail| mail.kind == "account_exists" && mail.to == "Lucja@Example.com"));
});

db_test!(trying_out_logins_needs_proofs_as_well, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    let probe = ContractRegistration { login: PESEL.into(), login_repeat: PESEL.into(), ..other_form() };
    for _ in 0..2 {
        let outcome = portal.services.register_by_contract(&stranger, &probe, None).await;
        assert!(matches!(outcome, Err(ServiceError::Invalid(_))));
    }
    let asked = refusal(portal.services.register_by_contract(&stranger, &probe, None).await);
    assert!(matches!(asked, Refusal::Challenge(_)));
});

db_test!(one_account_is_for_all_customer_numbers_of_a_person, |test| {
    let portal = portal(test.db.clone()).await;
    let customers = |number: &str| {
        format!(
            "customer_number,kind,pesel,surname,given_name,email,phone,street,postal_code,city,country\n\
                 {number},individual,{PESEL},Żółć-Gęślą,Łucja,lucja@example.com,,ul. Lipowa 4,00-001,Warszawa,PL\n"
        )
    };
    let contracts = |number: &str, customer: &str| {
        format!(
            "contract_number,customer_number,status,commodity,tariff,signed_on,starts_on,ends_on\n\
                 {number},{customer},active,gas,W-3,2025-01-01,2025-02-01,\n"
        )
    };
    let deliver = async |customer: &str, contract: &str| {
        import(
            &portal,
            "mojbok",
            &[("customers", &customers(customer)), ("contracts", &contracts(contract, customer))],
        )
        .await;
    };
    deliver("K7", "U/7").await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let numbers = async || {
        let me = caller(&portal, &home, &session).await.unwrap();
        let contracts = portal.services.list_contracts(&me).await.unwrap();
        let mut numbers: Vec<_> = contracts.into_iter().map(|contract| contract.number).collect();
        numbers.sort();
        numbers
    };
    assert_eq!(numbers().await, ["U/1", "U/1B", "U/7"]);
    deliver("K8", "U/8").await;
    let later = ContractRegistration { contract_number: "U/8".into(), ..form() };
    portal.services.register_by_contract(&visit_of(&portal, "mojbok", 9), &later, None).await.unwrap();
    mail(&portal, "account_exists").await;
    assert_eq!(numbers().await, ["U/1", "U/1B", "U/7", "U/8"]);
});

db_test!(contracts_in_force_come_first_and_ended_ones_last, |test| {
    let portal = portal(test.db.clone()).await;
    let ended = "contract_number,customer_number,status,commodity,tariff,signed_on,starts_on,ends_on\n\
                 U/0,K1,ended,electricity,G11,2020-01-01,2020-02-01,2023-12-31\n";
    import(&portal, "mojbok", &[("contracts", ended)]).await;
    let (home, session) = enrol(&portal, visit(&portal), &form()).await;
    let me = caller(&portal, &home, &session).await.unwrap();
    let contracts = portal.services.list_contracts(&me).await.unwrap();
    let numbers: Vec<_> = contracts.into_iter().map(|contract| contract.number).collect();
    assert_eq!(numbers, ["U/1", "U/1B", "U/0"]);
});

db_test!(a_form_that_is_sent_twice_at_once_makes_one_account, |test| {
    let portal = portal(test.db.clone()).await;
    let forms: Vec<_> = (0..8)
        .map(|_| {
            let (services, visit) = (portal.services.clone(), visit(&portal));
            tokio::spawn(async move { services.register_by_contract(&visit, &form(), None).await })
        })
        .collect();
    for outcome in forms {
        outcome.await.unwrap().expect("the login is not taken by oneself");
    }
    let links: Vec<_> = portal.mails().await.unwrap().iter().map(link_token).collect();
    let mut works = 0;
    for link in links {
        works += usize::from(portal.services.activate(&visit(&portal), &link).await.is_ok());
    }
    assert_eq!(works, 1, "the newest link");
});

db_test!(where_a_tax_number_is_no_login_another_has_to_be_chosen, |test| {
    let portal = TestPortal::with(test.db.clone(), |parts| {
        let list = parts.operators.iter().map(|operator| {
            let mut operator = (**operator).clone();
            operator.sign_in.allow_tax_id_login = false;
            operator
        });
        parts.operators = openbok_services::Operators::new(list.collect(), std::path::PathBuf::new()).unwrap();
    })
    .await;
    import_default(&portal).await;
    for login in ["", PESEL] {
        let form = ContractRegistration { login: login.into(), login_repeat: login.into(), ..form() };
        let outcome = portal.services.register_by_contract(&visit(&portal), &form, None).await;
        assert!(
            matches!(&outcome, Err(ServiceError::Invalid(errors)) if errors.get("login") == Some(&Fault::Required))
        );
    }
    portal.services.register_by_contract(&visit(&portal), &other_form(), None).await.unwrap();
});

db_test!(two_who_want_one_login_at_the_same_time_are_told_apart, |test| {
    let portal = portal(test.db.clone()).await;
    for n in 0..8 {
        portal.clock.advance(Duration::from_hours(1));
        let named = |form: ContractRegistration| {
            let login = format!("rodzina{n}");
            ContractRegistration { login: login.clone(), login_repeat: login, ..form }
        };
        let (one, other) = (visit_of(&portal, "mojbok", 20), visit_of(&portal, "mojbok", 21));
        let (form_of_one, form_of_other) = (named(form()), named(other_form()));
        let (first, second) = tokio::join!(
            portal.services.register_by_contract(&one, &form_of_one, None),
            portal.services.register_by_contract(&other, &form_of_other, None),
        );
        let taken = match (first, second) {
            (Ok(()), taken) | (taken, Ok(())) => taken,
            neither => panic!("{neither:?}"),
        };
        assert!(matches!(&taken, Err(ServiceError::Invalid(errors)) if errors.get("login") == Some(&Fault::Taken)));
    }
});

db_test!(the_own_nip_is_a_login_however_it_is_written, |test| {
    let portal = portal(test.db.clone()).await;
    let business = ContractRegistration {
        customer_kind: "business".into(),
        pesel: String::new(),
        nip: "856-734-62-15".into(),
        contract_number: "U/3".into(),
        login: "PL856-734-62-15".into(),
        login_repeat: "PL856-734-62-15".into(),
        ..form()
    };
    portal.services.register_by_contract(&visit(&portal), &business, None).await.unwrap();
    portal.services.activate(&visit(&portal), &link_token(&mail(&portal, "activation").await)).await.unwrap();
    let first = one_time(&mail(&portal, "one_time_password").await);
    assert!(sign_in(&portal, &visit(&portal), "8567346215", &first).await.is_ok());
    portal.services.remind_login(&visit(&portal), "lucja@example.com").await.unwrap();
    let reminder = mail(&portal, "login_reminder").await;
    assert!(!reminder.text.contains("8567346215") && !reminder.text.contains("734-62"), "{}", reminder.text);
});

db_test!(a_mistyped_address_can_be_put_right_by_registering_again, |test| {
    let portal = portal(test.db.clone()).await;
    let typo = ContractRegistration { email: "lucja@exmaple.com".into(), ..form() };
    portal.services.register_by_contract(&visit(&portal), &typo, None).await.unwrap();
    let former = link_token(&mail(&portal, "activation").await);
    portal.services.register_by_contract(&visit(&portal), &form(), None).await.unwrap();
    let link = mail(&portal, "activation").await;
    assert_eq!(link.to, "Lucja@Example.com");
    assert_eq!(refusal(portal.services.activate(&visit(&portal), &former).await), Refusal::LinkExpired);
    portal.services.activate(&visit(&portal), &link_token(&link)).await.unwrap();
});

db_test!(a_login_is_unique_within_its_operator, |test| {
    let portal = portal(test.db.clone()).await;
    let named = |form: ContractRegistration| ContractRegistration {
        login: "Rodzina".into(),
        login_repeat: "Rodzina".into(),
        ..form
    };
    enrol(&portal, visit(&portal), &named(form())).await;
    let taken = portal.services.register_by_contract(&visit(&portal), &named(other_form()), None).await;
    assert!(matches!(&taken, Err(ServiceError::Invalid(errors)) if errors.get("login") == Some(&Fault::Taken)));
    let elsewhere = visit_of(&portal, "ebok", 1);
    portal.services.register_by_contract(&elsewhere, &named(other_form()), None).await.unwrap();
    let borrowed = ContractRegistration { login: PESEL.into(), login_repeat: PESEL.into(), ..other_form() };
    let refused = portal.services.register_by_contract(&visit(&portal), &borrowed, None).await;
    assert!(matches!(refused, Err(ServiceError::Invalid(_))), "somebody else's PESEL is nobody's login");
});

db_test!(r23_a_link_works_once_for_a_day_and_only_at_its_operator, |test| {
    let portal = portal(test.db.clone()).await;
    let here = visit(&portal);
    portal.services.register_by_contract(&here, &form(), None).await.unwrap();
    let token = link_token(&mail(&portal, "activation").await);
    let elsewhere = visit_of(&portal, "ebok", 1);
    assert_eq!(refusal(portal.services.activate(&elsewhere, &token).await), Refusal::LinkUnknown);
    assert_eq!(
        portal.services.activation_state(&here, &token).await.unwrap(),
        LinkState::Ready,
        "r24: looking is free"
    );

    let uses: Vec<_> = (0..100)
        .map(|_| {
            let (services, visit) = (portal.services.clone(), here.clone());
            let token = token.clone();
            tokio::spawn(async move { services.activate(&visit, &token).await.is_ok() })
        })
        .collect();
    let mut successes = 0;
    for used in uses {
        successes += usize::from(used.await.unwrap());
    }
    assert_eq!(successes, 1);
    mail(&portal, "one_time_password").await;
    assert_eq!(refusal(portal.services.activate(&here, &token).await), Refusal::LinkUsed);
});

db_test!(r23_a_link_expires_after_a_day_and_can_be_asked_for_again, |test| {
    let portal = portal(test.db.clone()).await;
    let here = visit(&portal);
    portal.services.register_by_contract(&here, &form(), None).await.unwrap();
    let old = link_token(&mail(&portal, "activation").await);
    portal.clock.advance(Duration::from_hours(24));
    assert_eq!(refusal(portal.services.activate(&here, &old).await), Refusal::LinkExpired);
    portal.services.resend_activation(&here, PESEL).await.unwrap();
    let fresh = link_token(&mail(&portal, "activation").await);
    portal.services.activate(&here, &fresh).await.unwrap();
});

db_test!(r11_requests_for_mail_answer_alike_and_stop_after_three, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    for _ in 0..5 {
        portal.services.recover_password(&visit(&portal), PESEL).await.unwrap();
        portal.services.recover_password(&visit(&portal), "nikt").await.unwrap();
    }
    let mails = portal.mails().await.unwrap();
    assert_eq!(mails.iter().filter(|mail| mail.kind == "password_reset").count(), 3);
    assert_eq!(mails.len(), 3);
});

db_test!(r33_the_old_password_works_until_the_one_time_one_was_used, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let here = visit(&portal);
    portal.services.recover_password(&here, PESEL).await.unwrap();
    let one_time = one_time(&mail(&portal, "password_reset").await);
    assert_eq!(sign_in(&portal, &here, PESEL, PASSWORD).await.unwrap().stage, Stage::Full);
    let typed = one_time.to_lowercase().replace('-', " ");
    let guest = sign_in(&portal, &here, PESEL, &typed).await.unwrap();
    assert_eq!(guest.stage, Stage::MustChangePassword);
    let me = caller(&portal, &here, &guest.session).await.unwrap();
    let new = "Jesień-nad-Bugiem-27";
    let change = openbok_domain::PasswordChange { current: one_time.clone(), password: new.into(), repeat: new.into() };
    portal.services.replace_one_time_password(&here, &me, &change).await.unwrap();
    assert!(is_bad_credentials(&sign_in(&portal, &here, PESEL, PASSWORD).await));
    assert!(is_bad_credentials(&sign_in(&portal, &here, PESEL, &one_time).await), "single use");
    assert!(sign_in(&portal, &here, PESEL, new).await.is_ok());
});

db_test!(the_former_password_cannot_be_chosen_again_after_recovery, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let here = visit(&portal);
    portal.services.recover_password(&here, PESEL).await.unwrap();
    let one_time = one_time(&mail(&portal, "password_reset").await);
    let guest = sign_in(&portal, &here, PESEL, &one_time).await.unwrap();
    let me = caller(&portal, &here, &guest.session).await.unwrap();
    let change = |password: &str| openbok_domain::PasswordChange {
        current: one_time.clone(),
        password: password.into(),
        repeat: password.into(),
    };
    let outcome = portal.services.replace_one_time_password(&here, &me, &change(PASSWORD)).await;
    assert!(
        matches!(&outcome, Err(ServiceError::Invalid(errors)) if errors.get("new_password") == Some(&Fault::SameAsOld))
    );
    portal.services.replace_one_time_password(&here, &me, &change("Jesień-nad-Bugiem-27")).await.unwrap();
});

db_test!(r05_a_one_time_password_expires, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let here = visit(&portal);
    portal.services.recover_password(&here, PESEL).await.unwrap();
    let one_time = one_time(&mail(&portal, "password_reset").await);
    portal.clock.advance(Duration::from_hours(1));
    assert!(is_bad_credentials(&sign_in(&portal, &here, PESEL, &one_time).await));
});

db_test!(r33_a_lock_is_not_lifted_by_recovery, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);
    for _ in 0..5 {
        assert!(is_bad_credentials(&sign_in(&portal, &stranger, PESEL, "Nie-to-hasło-1").await));
    }
    portal.services.recover_password(&stranger, PESEL).await.unwrap();
    let one_time = one_time(&mail(&portal, "password_reset").await);
    assert!(is_bad_credentials(&sign_in(&portal, &stranger, PESEL, &one_time).await));
});

db_test!(r35_a_reminder_lists_all_logins_of_an_address_with_tax_numbers_masked, |test| {
    let portal = portal(test.db.clone()).await;
    enrol(&portal, visit(&portal), &form()).await;
    let shared = ContractRegistration { email: "lucja@example.com".into(), ..other_form() };
    enrol(&portal, visit_of(&portal, "mojbok", 3), &shared).await;
    portal.services.remind_login(&visit(&portal), "LUCJA@example.com").await.unwrap();
    portal.services.remind_login(&visit(&portal), "nikt@example.com").await.unwrap();
    let reminder = mail(&portal, "login_reminder").await;
    assert!(reminder.text.contains("adam"), "{}", reminder.text);
    assert!(!reminder.text.contains(PESEL) && reminder.text.contains("440"), "{}", reminder.text);
});

db_test!(r60_a_dead_mail_server_costs_nothing_but_time, |test| {
    let portal = without_mail_server(test.db.clone()).await;
    import_default(&portal).await;
    portal.services.register_by_contract(&visit(&portal), &form(), None).await.unwrap();
    portal.services.run_jobs().await.unwrap();
    assert_eq!(portal.services.readiness().await.unwrap().mails_waiting, 1);
    // The mail server comes back.
    let later = TestPortal::new(test.db.clone()).await;
    later.clock.advance(Duration::from_hours(1));
    mail(&later, "activation").await;
});
