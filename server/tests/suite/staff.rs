//! The back office and the way in by invitation, through pages and forms as a browser without scripts sends them.

use std::time::Duration;

use crate::common::{Browser, HOST, PASSWORD, PLANNING_HOST, TestPortal, token_in};
use http::StatusCode;
use openbok_domain::{EmailAddress, Lang};
use openbok_locales::{audit, invitation, staff};
use openbok_services::testing::authenticator_code;

const EWA: &str = "ewa@example.com";

/// Adds a member of staff and sets their account up, through the page behind their link; the key of the authenticator.
async fn enrol(portal: &TestPortal, host: &'static str, email: &str, roles: &str) -> String {
    let services = &portal.back.services;
    let operator = services.operators().find_by_host(host).unwrap();
    let address = EmailAddress::parse(email).unwrap();
    let link = services.add_staff(&operator, "Ewa Nowak", &address, &roles.parse().unwrap()).await.unwrap();
    let mut browser = portal.browser(host);
    browser.get(&format!("/staff/enrol?token={}", token_in(&link))).await;
    let page = browser.get("/staff/enrol").await.text;
    let key = page.split_once("scan__key\">").unwrap().1.split_once('<').unwrap().0.to_owned();
    let code = authenticator_code(&key, services.now());
    let fields = [("new_password", PASSWORD), ("repeat_password", PASSWORD), ("code", code.as_str())];
    let answer = browser.submit("/staff/enrol", "/api/staff_enrol", &fields).await;
    assert_eq!(answer.location(), Some("/staff/sign-in?reason=enrolled"), "{}", answer.text);
    key
}

/// Goes through both steps of the sign-in with a page to go on with; where it leads.
async fn sign_in(portal: &TestPortal, browser: &mut Browser, key: &str, next: &str) -> Option<String> {
    // Each code opens one door.
    portal.back.clock.advance(Duration::from_secs(30));
    let fields = [("login", EWA), ("password", PASSWORD), ("next", next)];
    let answer = browser.submit("/staff/sign-in", "/api/staff_sign_in", &fields).await;
    assert!(answer.location().is_some_and(|page| page.starts_with("/staff/code")), "{}", answer.text);
    let code = authenticator_code(key, portal.back.services.now());
    let answer = browser.submit("/staff/code", "/api/staff_code", &[("code", code.as_str()), ("next", next)]).await;
    answer.location().map(str::to_owned)
}

/// A browser in which a new member with these roles is signed in.
async fn member(portal: &TestPortal, host: &'static str, roles: &str) -> Browser {
    let key = enrol(portal, host, EWA, roles).await;
    let mut browser = portal.browser(host);
    assert_eq!(sign_in(portal, &mut browser, &key, "").await.as_deref(), Some("/staff"));
    browser
}

#[tokio::test]
async fn whoever_has_to_sign_in_goes_on_where_they_were() {
    let portal = TestPortal::new().await;
    let key = enrol(&portal, HOST, EWA, "administrator").await;
    let mut browser = portal.browser(HOST);
    let door = "/staff/sign-in?next=/staff/people";
    assert_eq!(browser.get("/staff/people").await.location(), Some(door));
    let hidden = "name=\"next\" value=\"/staff/people\"";
    assert!(browser.get(door).await.text.contains(hidden));
    assert_eq!(sign_in(&portal, &mut browser, &key, "/staff/people").await.as_deref(), Some("/staff/people"));
    assert_eq!(browser.get("/staff/sign-in").await.location(), Some("/staff"), "nothing to do at the door");
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK, "staff is no customer");
    portal.back.clock.advance(Duration::from_mins(15));
    let answer = browser.submit("/staff/people", "/api/staff_invite", &[("name", "Jan")]).await;
    assert_eq!(answer.location(), Some("/staff/sign-in?reason=idle&next=/staff/people"));
    for outside in ["//evil.example", "/invoices", "https://evil.example/staff/people"] {
        assert_eq!(sign_in(&portal, &mut browser, &key, outside).await.as_deref(), Some("/staff"), "{outside}");
    }
}

#[tokio::test]
async fn the_back_office_begins_with_what_there_is_to_do() {
    let portal = TestPortal::new().await;
    let page = member(&portal, HOST, "dispatcher").await.get("/staff").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(staff::START_EMPTY.get(Lang::Pl)), "{}", page.text);
    assert!(!page.text.contains("href=\"/staff/requests\""), "nobody asks for access where nothing is planned");

    let portal = TestPortal::new().await;
    let page = member(&portal, HOST, "dispatcher,administrator").await.get("/staff").await;
    assert!(page.text.contains(staff::START_LEAD.get(Lang::Pl)) && page.text.contains("href=\"/staff/people\""));

    let portal = TestPortal::new().await;
    let page = member(&portal, PLANNING_HOST, "dispatcher").await.get("/staff").await;
    assert!(page.text.contains(staff::BOARD_LEAD.get(Lang::Pl)) && page.text.contains("href=\"/staff/requests\""));
}

#[tokio::test]
async fn a_page_that_does_not_exist_stands_in_the_frame_of_whoever_asked() {
    let portal = TestPortal::new().await;
    let mut browser = member(&portal, HOST, "administrator").await;
    let page = browser.get("/staff/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("/api/staff_sign_out") && page.text.contains("href=\"/staff\" class=\"brand\""));
}

#[tokio::test]
async fn the_log_says_who_by_name_and_by_id() {
    let portal = TestPortal::new().await;
    let mut browser = member(&portal, HOST, "administrator").await;
    let list = browser.get("/staff/people").await.text;
    let id: String = list.split_once("/staff/people/").unwrap().1.chars().take(36).collect();
    let log = browser.get("/staff/audit").await.text;
    let name = format!("{}: Ewa Nowak", audit::ACTOR_STAFF.get(Lang::Pl));
    assert!(log.contains(&name) && log.contains(&format!("audit__id\">{id}")), "{log}");
}

#[tokio::test]
async fn the_rights_of_a_person_are_on_a_page_of_their_own() {
    let portal = TestPortal::new().await;
    let mut browser = member(&portal, HOST, "administrator").await;
    let list = browser.get("/staff/people").await.text;
    let id: String = list.split_once("/staff/people/").unwrap().1.chars().take(36).collect();
    let path = format!("/staff/people/{id}");
    assert!(is_ticked(&browser.get(&path).await.text, "administrator"));

    let fields = [("id", id.as_str()), ("dispatcher", "true"), ("active", "true")];
    let refused = browser.submit(&path, "/api/staff_change", &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains(staff::LAST_ADMINISTRATOR.get(Lang::Pl)), "{}", refused.text);
    assert!(is_ticked(&refused.text, "dispatcher") && !is_ticked(&refused.text, "administrator"), "as it was sent");
    let nothing = browser.submit(&path, "/api/staff_change", &[("id", id.as_str()), ("active", "true")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);

    let fields = [("id", id.as_str()), ("dispatcher", "true"), ("administrator", "true"), ("active", "true")];
    let answer = browser.submit(&path, "/api/staff_change", &fields).await;
    assert_eq!(answer.location(), Some(format!("{path}?done=changed").as_str()), "{}", answer.text);
    assert!(is_ticked(&browser.get(&path).await.text, "dispatcher"));
    for nobody in ["0190f7a0-0000-7000-8000-000000000000", "nobody"] {
        assert_eq!(browser.get(&format!("/staff/people/{nobody}")).await.status, StatusCode::NOT_FOUND, "{nobody}");
    }
}

/// Whether a box of a page is ticked.
fn is_ticked(page: &str, id: &str) -> bool {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).expect("a box");
    rest.split_once('>').is_some_and(|(attributes, _)| attributes.contains(" checked"))
}

/// Asks for access as a visitor does, and finds the request as a dispatcher: its page.
async fn request(portal: &TestPortal, staff: &mut Browser) -> String {
    let fields = [("company", "Farma Wiatrowa"), ("email", "farma@exmaple.com"), ("phone", "600700800")];
    let answer = portal.browser(PLANNING_HOST).submit("/access-request", "/api/ask_access", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let list = staff.get("/staff/requests").await.text;
    let id: String = list.split_once("href=\"/staff/requests/").unwrap().1.chars().take(36).collect();
    format!("/staff/requests/{id}")
}

/// The form of a request, as it was read with a revision.
fn typed<'a>(path: &'a str, revision: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    let id = path.rsplit('/').next().unwrap();
    let read = [("id", id), ("revision", revision)];
    let fields = [("company", "Farma Wiatrowa"), ("email", email), ("phone", "600700800")];
    read.into_iter().chain(fields).collect()
}

const DECIDE: &str = "/api/staff_decide_request";

#[tokio::test]
async fn a_request_is_saved_and_approved_with_one_form() {
    let portal = TestPortal::new().await;
    let folder = tempfile::tempdir().unwrap();
    let customers = "customer_number,kind,surname,given_name\nK7,individual,Wrona,Adam\n";
    std::fs::write(folder.path().join("customers.csv"), customers).unwrap();
    let operator = portal.back.services.operators().find_by_host(PLANNING_HOST).unwrap();
    let report = portal.back.services.import(&operator, folder.path(), &mut |_| ()).await.unwrap();
    assert_eq!(report.exit_status(), 0, "{:?}", report.problems);
    let mut staff = member(&portal, PLANNING_HOST, "dispatcher").await;
    let path = request(&portal, &mut staff).await;

    let saved = staff.submit(&path, DECIDE, &typed(&path, "1", "farma@example.com")).await;
    assert_eq!(saved.location(), Some(format!("{path}?done=saved").as_str()), "{}", saved.text);
    let page = staff.get(&format!("{path}?done=saved")).await.text;
    assert!(page.contains(staff::COMPLETE_DONE.get(Lang::Pl)) && page.contains("Nowa · "), "{page}");

    let approve = |number: &'static str| {
        let more = [("company_number", number), ("approve", "true")];
        typed(&path, "2", "biuro@example.com").into_iter().chain(more).collect::<Vec<_>>()
    };
    let wrong = staff.submit(&path, DECIDE, &approve("K0")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"biuro@example.com\"") && wrong.text.contains("value=\"K0\""));
    let asked = staff.submit(&path, DECIDE, &approve("K7")).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    for shown in [staff::UNLIKELY_COMPANY.get(Lang::Pl), ">Adam Wrona<", "name=\"sure_of\" value=\"K7\""] {
        assert!(asked.text.contains(shown), "{shown}: {}", asked.text);
    }
    assert_eq!(portal.mails().await, []);
    let sure: Vec<_> = approve("K7").into_iter().chain([("sure_of", "K7")]).collect();
    let approved = staff.submit(&path, DECIDE, &sure).await;
    assert_eq!(approved.location(), Some(format!("{path}?done=approved").as_str()), "{}", approved.text);
    assert_eq!(portal.mails().await[0].to, "biuro@example.com", "what was typed last");

    for (function, done, text) in [
        ("/api/staff_reissue_token", "reissued", staff::TOKEN_REISSUED),
        ("/api/staff_revoke_token", "revoked", staff::TOKEN_TAKEN_BACK),
    ] {
        let answer = staff.submit(&path, function, &typed(&path, "3", "")[..1]).await;
        let next = answer.location().unwrap().to_owned();
        assert_eq!(next, format!("{path}?done={done}"));
        assert!(staff.get(&next).await.text.contains(text.get(Lang::Pl)), "{done}");
    }
}

#[tokio::test]
async fn who_read_a_request_before_it_changed_reads_it_again() {
    let portal = TestPortal::new().await;
    let mut staff = member(&portal, PLANNING_HOST, "dispatcher").await;
    let path = request(&portal, &mut staff).await;
    staff.submit(&path, DECIDE, &typed(&path, "1", "farma@example.com")).await;
    for _ in 0..2 {
        let refused = staff.submit(&path, DECIDE, &typed(&path, "1", "dawna@example.com")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let anew = format!("href=\"{path}\">{}", staff::REQUEST_RELOAD.get(Lang::Pl));
        for shown in ["name=\"revision\" value=\"1\"", "value=\"dawna@example.com\"", anew.as_str()] {
            assert!(refused.text.contains(shown), "{shown}: {}", refused.text);
        }
    }
    let page = staff.get(&path).await.text;
    assert!(page.contains("value=\"farma@example.com\"") && page.contains("name=\"revision\" value=\"2\""));

    let closed = staff.submit(&path, "/api/staff_close_request", &typed(&path, "2", "")[..2]).await;
    assert_eq!(closed.location(), Some(format!("{path}?done=closed").as_str()), "{}", closed.text);
    let page = staff.get(&format!("{path}?done=closed")).await.text;
    assert!(page.contains(staff::CLOSE_DONE.get(Lang::Pl)) && page.contains("Odrzucona · "), "{page}");
    assert_eq!(portal.mails().await, []);
}

#[tokio::test]
async fn nobody_who_is_blocked_is_offered_a_link() {
    let portal = TestPortal::new().await;
    let mut browser = member(&portal, HOST, "administrator").await;
    enrol(&portal, HOST, "jan@example.com", "dispatcher").await;
    let list = browser.get("/staff/people").await.text;
    let (before, _) = list.split_once("jan@example.com").expect("a row of the table");
    let id: String = before.rsplit_once("/staff/people/").unwrap().1.chars().take(36).collect();
    let path = format!("/staff/people/{id}");
    assert!(browser.get(&path).await.text.contains("/api/staff_reset"));
    browser.submit(&path, "/api/staff_change", &[("id", id.as_str()), ("dispatcher", "true")]).await;
    let page = browser.get(&path).await.text;
    assert!(page.contains(staff::BLOCKED.get(Lang::Pl)) && !page.contains("/api/staff_reset"), "{page}");
}

#[tokio::test]
async fn a_forgotten_token_is_asked_for_beside_what_was_typed() {
    let portal = TestPortal::new().await;
    let mut browser = portal.browser(PLANNING_HOST);
    let answer = browser.get("/invitation/account").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/invitation?reason=gone")));
    let gone = invitation::TOKEN_GONE.get(Lang::Pl);
    assert!(browser.get("/invitation?reason=gone").await.text.contains(gone));

    let typed =
        [("email", "farma@example.com"), ("new_password", PASSWORD), ("repeat_password", PASSWORD), ("terms", "true")];
    let answer = browser.submit("/invitation/account", "/api/redeem_token", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [gone, "value=\"farma@example.com\"", "name=\"token\""] {
        assert!(answer.text.contains(kept), "{kept}: {}", answer.text);
    }
    assert!(is_ticked(&answer.text, "terms") && !answer.text.contains(PASSWORD));

    let unknown = "0000-0000-0000-0000-0000-0000";
    let again: Vec<_> = typed.into_iter().chain([("token", unknown)]).collect();
    let answer = browser.submit("/invitation/account", "/api/redeem_token", &again).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains(invitation::TOKEN_UNKNOWN.get(Lang::Pl)) && answer.text.contains(unknown));
}

#[tokio::test]
async fn nobody_is_invited_where_nothing_is_planned() {
    let portal = TestPortal::new().await.with_customers().await;
    let mut browser = portal.signed_in(&portal.anna(), "anna").await;
    for path in ["/invitation", "/invitation/account", "/access-request", "/services/pgb", "/services/bok"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let services = browser.get("/services").await;
    assert!(services.status == StatusCode::OK && !services.text.contains("href=\"/services/"), "{}", services.text);
}
