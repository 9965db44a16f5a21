//! Customers at work, through pages and forms as a browser without scripts sends them.

use std::time::Duration;

use crate::common::{self, FUNCTION, HOST, OTHER_HOST, PASSWORD, TestPortal, token_in};
use axum::body::Body;
use http::{Method, StatusCode};
use openbok_app::error::PortalError;
use openbok_app::policy::{Access, Effect, FUNCTIONS, PAGES};
use openbok_domain::{Lang, Refusal, Stage, challenge};

const OFFICE: [&str; 6] = ["/", "/contracts", "/payers", "/supply-points", "/invoices", "/settings"];

fn ids_in(page: &str) -> Vec<String> {
    let links = page.split("/invoices/").skip(1).map(|rest| rest.chars().take(36).collect::<String>());
    let mut ids: Vec<_> = links.filter(|id| id.len() == 36 && id.contains('-')).collect();
    ids.sort();
    ids.dedup();
    ids
}

#[tokio::test]
async fn a_customer_registers_activates_and_sees_the_office() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    for page in OFFICE {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{page}");
    }
    let contracts = browser.get("/contracts").await.text;
    assert!(
        contracts.contains(&portal.anna().contract_number) && !contracts.contains(&portal.piotr().contract_number),
        "{contracts}"
    );
    let invoices = ids_in(&browser.get("/invoices").await.text);
    assert_ne!(invoices, [] as [std::string::String; 0]);
    let invoice = browser.get(&format!("/invoices/{}", invoices[0])).await;
    assert_eq!(invoice.status, StatusCode::OK);
}

#[tokio::test]
async fn only_a_box_that_was_ticked_is_a_consent() {
    let portal = TestPortal::new().await.with_customers().await;
    let anna = portal.anna();
    let json = [("accept", "application/json")];
    for (terms, cookies) in
        [("false", "true"), ("no", "true"), ("0", "true"), ("", "true"), ("true", ""), ("true", "no")]
    {
        let fields = [
            (FUNCTION, "/api/register"),
            ("customer_kind", "individual"),
            ("pesel", anna.tax_id.as_str()),
            ("contract_number", anna.contract_number.as_str()),
            ("phone", "600700800"),
            ("email", "klient@example.com"),
            ("terms", terms),
            ("cookies", cookies),
        ];
        let mut browser = portal.browser(HOST);
        let answer = browser.post("/register", &fields, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{terms} {cookies}: {}", answer.text);
        let answer = browser.post("/api/register", &fields[1..], &json).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{terms} {cookies}: {}", answer.text);
    }
    portal.signed_in(&anna, "anna").await;
    for (remember, is_remembered) in [("false", false), ("", false), ("true", true)] {
        let mut browser = portal.browser(HOST);
        let fields = [("login", "anna"), ("password", PASSWORD), ("remember", remember)];
        let answer = browser.submit("/sign-in", "/api/sign_in", &fields).await;
        assert_eq!(answer.location(), Some("/"), "{}", answer.text);
        assert_eq!(browser.cookies.contains_key("__Host-login"), is_remembered, "{remember}");
    }
}

#[tokio::test]
async fn a_form_comes_back_with_what_was_typed_but_no_secret() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.browser(HOST);
    let answer = browser.sign_in("somebody", "Secret-Pass-1").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("somebody"));
    assert!(!answer.text.contains("Secret-Pass-1"));
    let answer = browser.submit("/register", "/api/register", &[("email", "x@y"), ("phone", "12")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("x@y") && answer.text.contains("jest wymagane"), "{}", answer.text);
}

#[tokio::test]
async fn what_is_typed_and_not_sent_comes_back_for_a_quarter_of_an_hour_unless_it_is_secret() {
    let portal = TestPortal::new().await.with_customers().await;
    let anna = portal.anna();
    let mut browser = portal.browser(HOST);
    let typed = [
        (FUNCTION, "/api/register"),
        ("pesel", anna.tax_id.as_str()),
        ("contract_number", "UM/7"),
        ("terms", "true"),
        ("password", PASSWORD),
    ];
    let json = [("accept", "application/json")];
    assert_eq!(browser.post("/api/keep_typed", &typed, &json).await.status, StatusCode::OK);
    assert!(browser.cookies.values().all(|cookie| !cookie.contains(&anna.tax_id)), "{:?}", browser.cookies);
    let page = browser.get("/register").await;
    assert!(page.text.contains(&anna.tax_id) && page.text.contains("UM/7"), "{}", page.text);
    assert!(!page.text.contains(PASSWORD));
    assert_eq!(page.header("cache-control"), Some("no-store"));

    let mut elsewhere = browser.clone();
    elsewhere.host = OTHER_HOST;
    assert!(!elsewhere.get("/register").await.text.contains("UM/7"), "another operator opens nothing");
    let mut later = browser.clone();
    portal.back.clock.advance(Duration::from_mins(15));
    assert!(!later.get("/register").await.text.contains("UM/7"), "the next person at this computer");

    browser.post("/api/keep_typed", &typed, &json).await;
    assert_eq!(browser.register(&anna, "anna.w").await.location(), Some("/register/done"));
    assert!(!browser.get("/register").await.text.contains("UM/7"), "it has been sent");
    let endless = "7".repeat(5_000);
    let typed = [(FUNCTION, "/api/register"), ("contract_number", endless.as_str())];
    assert_eq!(browser.post("/api/keep_typed", &typed, &json).await.status, StatusCode::OK);
    assert!(browser.cookies.values().all(|cookie| cookie.len() < 4_000));
}

#[tokio::test]
async fn a_login_that_is_typed_and_not_sent_outlives_a_change_of_the_language_but_not_the_sign_in() {
    let portal = TestPortal::new().await.with_customers().await;
    portal.signed_in(&portal.anna(), "anna").await;
    let mut browser = portal.browser(HOST);
    let json = [("accept", "application/json")];
    for (page, function, field) in [
        ("/recover/password", "/api/recover_password", "login"),
        ("/recover/login", "/api/recover_login", "email"),
        ("/activate/resend", "/api/resend_activation", "login"),
        ("/sign-in", "/api/sign_in", "login"),
    ] {
        let typed = [(FUNCTION, function), (field, "anna.w"), ("password", PASSWORD)];
        assert_eq!(browser.post("/api/keep_typed", &typed, &json).await.status, StatusCode::OK, "{page}");
        assert_eq!(browser.submit(page, "/api/set_language", &[("lang", "en")]).await.location(), Some(page));
        let text = browser.get(page).await.text;
        assert!(text.contains("value=\"anna.w\"") && !text.contains(PASSWORD), "{page}: {text}");
        assert!(!text.contains("<title>Error"), "nothing was sent from {page}: {text}");
    }
    assert_eq!(browser.sign_in("anna", PASSWORD).await.location(), Some("/"));
    browser.submit("/", "/api/sign_out", &[]).await;
    assert!(!browser.get("/sign-in").await.text.contains("anna.w"), "it has been sent");
}

#[tokio::test]
async fn another_picture_comes_with_what_was_typed_and_is_no_try() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.browser(HOST);
    let password_too = openbok_locales::challenge::PASSWORD_TOO.get(Lang::Pl);
    for _ in 0..10 {
        let fields = [("login", "somebody"), ("password", "Secret-Pass-1"), ("other_picture", "true")];
        let answer = browser.submit("/sign-in", "/api/sign_in", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for shown in ["value=\"somebody\"", "src=\"/captcha/", "name=\"other_picture\"", password_too] {
            assert!(answer.text.contains(shown), "{shown}: {}", answer.text);
        }
        assert!(!answer.text.contains("Secret-Pass-1"));
    }
    let fields = [("email", "x@y"), ("other_picture", "true")];
    let answer = browser.submit("/register", "/api/register", &fields).await;
    assert!(answer.text.contains("x@y") && answer.text.contains("src=\"/captcha/"), "{}", answer.text);
    assert!(!answer.text.contains(password_too) && !answer.text.contains("jest wymagane"), "{}", answer.text);
    assert_eq!(
        browser.register(&portal.anna(), "anna.w").await.location(),
        Some("/register/done"),
        "nothing was counted"
    );
}

#[tokio::test]
async fn no_link_can_say_that_the_password_was_changed() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    let changed = openbok_locales::password::CHANGED.get(Lang::Pl);
    let ended = openbok_locales::settings::SESSION_ENDED.get(Lang::Pl);
    for claim in ["/settings?done=password", "/settings?done=session"] {
        let text = browser.get(claim).await.text;
        assert!(!text.contains(changed) && !text.contains(ended), "{claim}: {text}");
    }
    let new = "Jesień-nad-Bugiem-27";
    let fields = [("current_password", PASSWORD), ("new_password", new), ("repeat_password", new)];
    let answer = browser.submit("/settings", "/api/change_password", &fields).await;
    assert_eq!(answer.location(), Some("/settings?done=password"), "{}", answer.text);
    assert!(browser.get("/settings?done=password").await.text.contains(changed));
    assert!(!browser.get("/settings?done=session").await.text.contains(ended));
}

#[tokio::test]
async fn r13_session_cookie_is_bound_to_host_and_tls_and_unreadable_for_scripts() {
    let portal = TestPortal::new().await.with_customers().await;
    portal.signed_in(&portal.anna(), "anna").await;
    let answer = portal.browser(HOST).sign_in("anna", PASSWORD).await;
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("__Host-sid=")).expect("a session").to_owned();
    for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires") && !cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn r14_a_planted_session_never_becomes_somebodys() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    let before = browser.cookies["__Host-sid"].clone();
    let mut victim = portal.browser(HOST);
    victim.cookies.insert("__Host-sid".to_owned(), before.clone());
    victim.sign_in("anna", PASSWORD).await;
    assert_ne!(victim.cookies["__Host-sid"], before);
    let mut planted = portal.browser(HOST);
    planted.cookies.insert("__Host-sid".to_owned(), "A".repeat(43));
    assert_eq!(planted.get("/").await.location(), Some("/sign-in"));
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn r15_fifteen_idle_minutes_end_the_session_and_failures_do_not_prolong_it() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    portal.back.clock.advance(Duration::from_mins(14));
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "activity counts");
    portal.back.clock.advance(Duration::from_mins(14));
    assert_eq!(browser.get("/invoices/0190f7a0-0000-7000-8000-000000000000").await.status, StatusCode::NOT_FOUND);
    browser.get("/favicon.svg").await;
    browser.get("/healthz").await;
    portal.back.clock.advance(Duration::from_secs(61));
    assert_eq!(browser.get("/").await.location(), Some("/sign-in?reason=idle"), "and says why");
    assert_eq!(browser.get("/payers").await.location(), Some("/sign-in?reason=idle&next=/payers"));
    assert_eq!(portal.get("/").await.location(), Some("/sign-in"), "somebody else was not there");
}

#[tokio::test]
async fn r20_signing_out_wipes_the_browser_and_kills_the_session() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    let mut thief = browser.clone();
    let answer = browser.submit("/", "/api/sign_out", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert!(!browser.cookies.contains_key("__Host-sid"));
    assert_eq!(thief.get("/").await.location(), Some("/sign-in"));
}

#[tokio::test]
async fn whoever_is_signed_in_is_led_past_the_door() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    for page in ["/sign-in", "/sign-in?next=//elsewhere.example"] {
        let answer = browser.get(page).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/")), "{page}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{page}");
    }
    assert_eq!(browser.get("/sign-in?next=/invoices").await.location(), Some("/invoices"));
    for page in ["/sign-in?reason=signed_out", "/register", "/recover/password", "/recover/login", "/staff/sign-in"] {
        assert_eq!(browser.get(page).await.status, StatusCode::OK, "{page}");
    }
    let refused = browser.sign_in("anna", "Wrong-Pass-1").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a form that was open before says what is wrong");
    let answer = browser.submit("/", "/api/sign_out", &[]).await;
    assert_eq!(answer.location(), Some("/sign-in?reason=signed_out"), "{}", answer.text);
    for page in ["/sign-in?reason=signed_out", "/sign-in", "/register"] {
        assert_eq!(browser.get(page).await.status, StatusCode::OK, "{page}");
    }
}

#[tokio::test]
async fn r21_no_page_or_function_opens_before_its_stage() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.browser(HOST);
    browser.register(&portal.anna(), "anna").await;
    let token = token_in(&portal.mails().await.pop().unwrap().text);
    browser.get(&format!("/activate?token={token}")).await;
    browser.submit("/activate", "/api/activate", &[]).await;
    let one_time = common::one_time_in(&portal.mails().await.pop().unwrap().text);
    browser.sign_in("anna", &one_time).await;
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK, "whoever is not in yet may begin anew");
    for page in PAGES.iter().filter(|page| page.access == Access::Stage(Stage::Full)) {
        let path = page.path.replace(":id", "0190f7a0-0000-7000-8000-000000000000");
        assert_eq!(browser.get(&path).await.location(), Some("/password-required"), "{path}");
    }
    for function in FUNCTIONS.iter().filter(|function| function.access == Access::Stage(Stage::Full)) {
        let method = if function.effect == Effect::Writes { Method::POST } else { Method::GET };
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
        let answer = browser.ask(method, function.path, Body::empty(), &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", function.path);
    }
}

#[tokio::test]
async fn r57_who_is_denied_something_is_on_record() {
    let portal = TestPortal::new().await.with_customers().await;
    let head = async || portal.back.services.audit_head().await.unwrap().to_string();
    let before = head().await;
    portal.get("/").await;
    assert_eq!(head().await, before, "being led to the sign-in page is no denial");
    assert_eq!(portal.get("/api/home").await.status, StatusCode::UNAUTHORIZED);
    let after = head().await;
    assert_ne!(after, before);
    portal.get("/no-such-page").await;
    assert_eq!(head().await, after, "what does not exist is denied to nobody");
}

#[tokio::test]
async fn r57_whoever_asks_for_somebody_elses_invoice_is_on_record() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut anna = portal.signed_in(&portal.anna(), "anna").await;
    let mut piotr = portal.signed_in(&portal.piotr(), "piotr").await;
    let head = async || portal.back.services.audit_head().await.unwrap().to_string();
    let addresses =
        |id: &str| [format!("/invoices/{id}"), format!("/invoices/{id}/pdf"), format!("/api/invoice?id={id}")];
    let id = ids_in(&anna.get("/invoices").await.text).remove(0);
    for path in addresses(&id) {
        let before = head().await;
        anna.get(&path).await;
        assert_eq!(head().await, before, "one's own is denied to nobody: {path}");
        assert_eq!(piotr.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_ne!(head().await, before, "{path}");
    }
    let before = head().await;
    for path in addresses("0190f7a0-0000-7000-8000-000000000000") {
        assert_eq!(piotr.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(head().await, before, "what does not exist is denied to nobody");
}

#[tokio::test]
async fn r25_links_lead_to_the_configured_address_whatever_the_request_claims() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.browser(HOST);
    let anna = portal.anna();
    let fields = [
        (common::FUNCTION, "/api/register"),
        ("customer_kind", "individual"),
        ("pesel", anna.tax_id.as_str()),
        ("contract_number", anna.contract_number.as_str()),
        ("phone", "600700800"),
        ("email", "klient@example.com"),
        ("terms", "true"),
        ("cookies", "true"),
    ];
    let claims =
        [("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example"), ("x-forwarded-proto", "gopher")];
    let answer = browser.post("/register", &fields, &claims).await;
    assert_eq!(answer.location(), Some("/register/done"), "{}", answer.text);
    let mail = portal.mails().await.pop().unwrap();
    assert!(mail.text.contains("http://mojbok.localhost:3000/activate?token="), "{}", mail.text);
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
    let opened = browser.get(&format!("/activate?token={}", token_in(&mail.text))).await;
    assert_eq!(opened.header("referrer-policy"), Some("no-referrer"));
    assert!(opened.location().is_none_or(|target| !target.contains("token=")), "the token leaves the address bar");
}

#[tokio::test]
async fn r24_opening_a_link_uses_nothing_up() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.browser(HOST);
    browser.register(&portal.anna(), "anna").await;
    let token = token_in(&portal.mails().await.pop().unwrap().text);
    let path = format!("/activate?token={token}");
    for _ in 0..3 {
        portal.browser(HOST).get(&path).await;
        portal.browser(HOST).ask(Method::HEAD, &path, Body::empty(), &[]).await;
    }
    assert_eq!(portal.mails().await, [] as [openbok_services::MailMessage; 0]);
    browser.get(&path).await;
    let answer = browser.submit("/activate", "/api/activate", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(portal.mails().await.len(), 1);
}

#[tokio::test]
async fn r38_nothing_one_customer_ever_saw_opens_for_another() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut anna = portal.signed_in(&portal.anna(), "anna").await;
    let mut piotr = portal.signed_in(&portal.piotr(), "piotr").await;
    let mut pages = Vec::new();
    for page in OFFICE {
        pages.push(anna.get(page).await.text);
    }
    let ids: Vec<_> = pages.iter().flat_map(|page| ids_in(page)).collect();
    assert!(ids.len() > 3);
    let missing = piotr.get("/invoices/0190f7a0-0000-7000-8000-000000000000").await;
    for id in ids {
        assert_eq!(anna.get(&format!("/invoices/{id}/pdf")).await.status, StatusCode::OK);
        for path in [format!("/invoices/{id}"), format!("/invoices/{id}/pdf"), format!("/api/invoice?id={id}")] {
            let answer = piotr.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        // Somebody else's page differs from a missing one in nothing but what is fresh in every answer.
        let foreign = piotr.get(&format!("/invoices/{id}")).await;
        assert_eq!(foreign.text.len(), missing.text.len());
    }
    let mut other_operator = anna.clone();
    other_operator.host = OTHER_HOST;
    assert_eq!(other_operator.get("/").await.location(), Some("/sign-in"), "a session is good for one operator");
}

#[tokio::test]
async fn r47_signing_in_leads_nowhere_outside() {
    let portal = TestPortal::new().await.with_customers().await;
    portal.signed_in(&portal.anna(), "anna").await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let fields = [("login", "anna"), ("password", PASSWORD), ("next", next)];
        let answer = portal.browser(HOST).submit("/sign-in", "/api/sign_in", &fields).await;
        assert_eq!(answer.location(), Some("/"), "{next}");
    }
    let fields = [("login", "anna"), ("password", PASSWORD), ("next", "/invoices?filter=paid")];
    let answer = portal.browser(HOST).submit("/sign-in", "/api/sign_in", &fields).await;
    assert_eq!(answer.location(), Some("/invoices?filter=paid"));
}

#[tokio::test]
async fn r51_an_invoice_is_a_file_to_keep_and_nothing_else() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    let id = ids_in(&browser.get("/invoices").await.text).remove(0);
    let answer = browser.get(&format!("/invoices/{id}/pdf")).await;
    assert!(answer.bytes.starts_with(b"%PDF-"));
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename=\""));
    assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn r07_five_wrong_passwords_lock_and_staff_unlock() {
    let portal = TestPortal::new().await.with_customers().await;
    portal.signed_in(&portal.anna(), "anna").await;
    let operator = portal.back.services.operators().find_by_host(HOST).unwrap();
    let mut stranger = portal.browser(HOST);
    for _ in 0..5 {
        let answer = try_with_proof(&mut stranger, "Wrong-Pass-1").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(try_with_proof(&mut stranger, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "locked");
    let actor = openbok_services::Actor::CommandLine;
    assert!(portal.back.services.unlock(&operator, "anna", actor, "identity card seen").await.unwrap());
    assert_eq!(try_with_proof(&mut stranger, PASSWORD).await.status, StatusCode::OK);
}

/// Signs in, solving the challenge when one is asked.
async fn try_with_proof(browser: &mut common::Browser, password: &str) -> common::Answer {
    let json = [("accept", "application/json")];
    let mut fields = vec![("login", "anna".to_owned()), ("password", password.to_owned())];
    loop {
        let borrowed: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post("/api/sign_in", &borrowed, &json).await;
        let Ok(PortalError::Refused(Refusal::Challenge(challenge))) = serde_json::from_str(&answer.text) else {
            return answer;
        };
        let nonce = challenge::search(&challenge.token, challenge.bits, 0, 1 << 20).unwrap();
        fields.truncate(2);
        fields.extend([("proof_token", challenge.token), ("proof_answer", nonce.to_string())]);
    }
}
