//! What holds for every answer of the portal, whoever asks for whatever.

use crate::common::{self, HOST, OTHER_HOST, PLANNING_HOST, TestPortal};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Method, Request, StatusCode, Version};
use openbok::router::{layered, router};
use openbok_app::policy::{Effect, FUNCTIONS, PAGES};
use openbok_domain::Lang;
use openbok_locales::errors;

const NEEDED: [(&str, &str); 8] = [
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("cache-control", ""),
];

fn pages() -> impl Iterator<Item = String> {
    let some = [
        (":id", "0190f7a0-0000-7000-8000-000000000000"),
        (":name", "terms"),
        (":unit", "MWE-001"),
        (":day", "2026-11-25"),
        (":code", "a-code"),
    ];
    PAGES
        .iter()
        .map(move |page| some.iter().fold(page.path.to_owned(), |path, (part, value)| path.replace(part, value)))
}

#[tokio::test]
async fn renders_every_page_without_falling_over() {
    let portal = TestPortal::new().await;
    for path in pages() {
        let answer = portal.browser(PLANNING_HOST).get(&path).await;
        // Some pages are about something that this visit does not have, such as a mailed link.
        let is_fine = !answer.status.is_server_error() && answer.status != StatusCode::NOT_FOUND;
        assert!(is_fine, "{path}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn r46_security_headers_are_on_every_answer() {
    let portal = TestPortal::new().await;
    let others =
        ["/no-such-page", "/api/no_such_function", "/healthz", "/readyz", "/metrics", "/pkg/none.js", "/dev/mailbox"];
    for path in pages().chain(others.map(str::to_owned)) {
        let answer = portal.get(&path).await;
        for (name, part) in NEEDED {
            let value = answer.header(name).unwrap_or_else(|| panic!("{path} ({}) lacks {name}", answer.status));
            assert!(value.contains(part), "{path}: {name}: {value}");
        }
        if let Some(kind) = answer.header("content-type").filter(|kind| kind.starts_with("text/")) {
            assert!(kind.contains("charset=utf-8"), "{path}: {kind}");
        }
    }
}

#[tokio::test]
async fn r45_every_page_has_a_fresh_nonce_and_scripts_carry_it() {
    let portal = TestPortal::new().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let answer = portal.get("/sign-in").await;
        let policy = answer.header("content-security-policy").unwrap();
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        for script in answer.text.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
        }
        assert!(!answer.text.contains(" style=\""), "style attributes are not allowed to work");
        seen.push(nonce);
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn r43_no_foreign_page_can_make_a_browser_write() {
    let portal = TestPortal::new().await;
    let form = "application/x-www-form-urlencoded";
    let kinds = [Some(form), Some("text/plain"), Some("application/json"), None];
    let sites = [("cross-site", "https://evil.example"), ("same-site", "http://evil.mojbok.localhost")];
    let writes = FUNCTIONS.iter().filter(|function| function.effect == Effect::Writes).map(|function| function.path);
    for path in writes.map(str::to_owned).chain(pages()) {
        for kind in kinds {
            for (site, origin) in sites {
                let mut headers = vec![("sec-fetch-site", site), ("origin", origin)];
                headers.extend(kind.map(|kind| ("content-type", kind)));
                let answer = portal.browser(HOST).ask(Method::POST, &path, Body::from("login=x"), &headers).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {kind:?} {site}");
            }
            // An old browser tells the origin only.
            let mut headers = vec![("origin", "https://evil.example")];
            headers.extend(kind.map(|kind| ("content-type", kind)));
            let answer = portal.browser(HOST).ask(Method::POST, &path, Body::from("login=x"), &headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {kind:?} origin only");
        }
    }
}

#[tokio::test]
async fn r43_nothing_is_taken_that_no_form_sends() {
    let portal = TestPortal::new().await;
    let writes = FUNCTIONS.iter().filter(|function| function.effect == Effect::Writes).map(|function| function.path);
    let paths = writes.map(str::to_owned).chain(pages()).chain(["/no-such-page".to_owned()]);
    let kinds = ["text/plain", "text/plain;charset=UTF-8", "application/json", "application/reports+json", "x"];
    for path in paths {
        for kind in kinds.map(Some).into_iter().chain([None]) {
            let mut headers = vec![("sec-fetch-site", "same-origin")];
            headers.extend(kind.map(|kind| ("content-type", kind)));
            let answer = portal.browser(HOST).ask(Method::POST, &path, Body::from("lang=uk"), &headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {kind:?}");
        }
    }
    for kind in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
        let headers = [("content-type", kind), ("accept", "application/json")];
        let answer = portal.browser(HOST).ask(Method::POST, "/api/set_language", Body::from("lang=uk"), &headers).await;
        assert_eq!(answer.status, StatusCode::OK, "{kind}: {}", answer.text);
    }
}

#[tokio::test]
async fn r43_whoever_comes_from_elsewhere_is_told_so() {
    let portal = TestPortal::new().await;
    let headers = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = portal.browser(HOST).ask(Method::POST, "/sign-in", Body::empty(), &headers).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains(errors::FOREIGN_TITLE.get(Lang::Pl)), "{}", answer.text);
}

#[tokio::test]
async fn r43_a_foreign_referer_is_no_way_back() {
    let portal = TestPortal::new().await;
    let headers = [("referer", "https://evil.example/x"), ("accept", "text/html")];
    let answer = portal.browser(HOST).post("/api/sign_in", &[("login", "a"), ("password", "b")], &headers).await;
    assert!(answer.location().is_none_or(|target| !target.contains("evil")), "{:?}", answer.location());
}

#[tokio::test]
async fn r44_functions_that_write_do_not_answer_get() {
    let portal = TestPortal::new().await;
    for function in FUNCTIONS.iter().filter(|function| function.effect == Effect::Writes) {
        let answer = portal.browser(HOST).ask(Method::GET, function.path, Body::empty(), &[]).await;
        assert!(answer.status.is_client_error(), "{}: {}", function.path, answer.status);
    }
}

#[tokio::test]
async fn r36_strangers_get_nowhere_but_to_public_pages() {
    let portal = TestPortal::new().await;
    for function in FUNCTIONS {
        let is_public = function.access == openbok_app::policy::Access::Public;
        let method = if function.effect == Effect::Writes { Method::POST } else { Method::GET };
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
        let answer = portal.browser(HOST).ask(method, function.path, Body::empty(), &headers).await;
        assert_eq!(answer.status == StatusCode::UNAUTHORIZED, !is_public, "{}: {}", function.path, answer.status);
    }
    let pdf = portal.get("/invoices/0190f7a0-0000-7000-8000-000000000000/pdf").await;
    assert_eq!(pdf.status, StatusCode::UNAUTHORIZED);
    assert_eq!(portal.get("/settings").await.location(), Some("/sign-in?next=/settings"));
    assert_eq!(portal.get("/invoices?filter=paid").await.location(), Some("/sign-in?next=/invoices%3Ffilter%3Dpaid"));
}

#[tokio::test]
async fn r55_large_bodies_are_refused() {
    let portal = TestPortal::with("[limits]\nbody_bytes = 2000").await;
    let answer = portal.browser(HOST).post("/api/sign_in", &[("login", &"x".repeat(3000))], &[]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = portal.browser(HOST).post("/sign-in", &[("login", &"x".repeat(3000))], &[]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn r59_a_panic_is_an_apology_with_a_reference_and_the_server_lives_on() {
    async fn fall() -> &'static str {
        panic!("the customer's secret");
    }
    let portal = TestPortal::new().await;
    let router = layered(Router::new().route("/healthz", get(fall)), &portal.portal);
    for accept in ["text/html", "application/json"] {
        let request = Request::get("/healthz").header("host", HOST).header("accept", accept).body(Body::empty());
        let answer = common::send(&router, request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let reference = answer.header("x-request-id").expect("a reference").to_owned();
        assert!(answer.text.contains(&reference), "{}", answer.text);
        assert!(!answer.text.contains("secret"));
        assert!(answer.header("strict-transport-security").is_some());
    }
}

#[tokio::test]
async fn r59_a_reference_of_the_callers_own_is_not_believed() {
    let portal = TestPortal::new().await;
    let answer = portal.browser(HOST).ask(Method::GET, "/healthz", Body::empty(), &[("x-request-id", "forged")]).await;
    assert_ne!(answer.header("x-request-id"), Some("forged"));
}

#[tokio::test]
async fn arguments_that_cannot_be_read_are_the_callers_fault() {
    let portal = TestPortal::new().await;
    for fields in [&[("lang", "xx")][..], &[]] {
        let answer = portal.browser(HOST).post("/api/set_language", fields, &[("accept", "application/json")]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_page_that_is_asked_in_no_way_it_knows_says_so() {
    let portal = TestPortal::new().await;
    let answer = portal.browser(HOST).ask(Method::PUT, "/sign-in", Body::empty(), &[]).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.text.contains(errors::METHOD_TITLE.get(Lang::Pl)), "{}", answer.text);
}

#[tokio::test]
async fn a_slash_behind_the_address_of_a_page_leads_to_the_page() {
    let portal = TestPortal::new().await;
    let answer = portal.get("/sign-in/?next=/invoices").await;
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.location(), Some("/sign-in?next=/invoices"));
    assert_eq!(portal.get("//").await.location(), Some("/"));
    for path in ["/no-such-page/", "/sign-in//", "//evil.example/"] {
        assert_eq!(portal.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(portal.browser(HOST).post("/sign-in/", &[], &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_request_names_one_host() {
    let portal = TestPortal::new().await;
    let router = router(&portal.portal);
    let ask = || Request::get("/healthz");
    let nowhere = common::send(&router, ask().body(Body::empty()).unwrap()).await;
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
    let twice = ask().header("host", HOST).header("host", OTHER_HOST).body(Body::empty()).unwrap();
    assert_eq!(common::send(&router, twice).await.status, StatusCode::BAD_REQUEST);
    let old = ask().version(Version::HTTP_10).body(Body::empty()).unwrap();
    assert_eq!(common::send(&router, old).await.status, StatusCode::OK);
    assert_eq!(portal.browser("mojbok.localhost.").get("/sign-in").await.status, StatusCode::OK);
    assert_eq!(portal.browser("mojbok.localhost.:3000").get("/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn browsers_report_what_a_policy_has_stopped() {
    let portal = TestPortal::new().await;
    let page = portal.get("/sign-in").await;
    assert!(page.header("content-security-policy").unwrap().ends_with("; report-to csp"));
    assert_eq!(page.header("reporting-endpoints"), Some("csp=\"/csp-report\""));
    for (report, status) in [
        ("[]".to_owned(), StatusCode::NO_CONTENT),
        ("{".to_owned(), StatusCode::BAD_REQUEST),
        ("[".repeat(17 << 10), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let length = report.len().to_string();
        let headers = [
            ("content-type", "application/reports+json"),
            ("content-length", length.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        let answer = portal.browser(HOST).ask(Method::POST, "/csp-report", Body::from(report), &headers).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}

#[tokio::test]
async fn offers_a_choice_on_a_host_that_belongs_to_nobody() {
    let portal = TestPortal::new().await;
    let answer = portal.browser("localhost").get("/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.text.contains("http://mojbok.localhost:3000/") && answer.text.contains("http://ebok.localhost:3000/")
    );
    for path in ["/sign-in", "/invoices/7", "/staff", "/no-such-page"] {
        let answer = portal.browser("localhost").get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("http://mojbok.localhost:3000/"), "{path}: {}", answer.text);
    }
    for path in ["/api/sign_in", "/sign-in", "/no-such-page"] {
        let answer = portal.browser("localhost").post(path, &[("login", "a")], &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text.contains("http://mojbok.localhost:3000/"), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn answers_for_the_default_operator_on_an_unknown_host_when_there_is_one() {
    let portal = TestPortal::with("[operators]\ndefault = \"mojbok\"").await;
    assert_eq!(portal.browser("localhost").get("/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_demos_own_addresses_do_not_exist_outside_it() {
    let portal = TestPortal::new().await;
    for path in ["/dev/mailbox", "/dev/mailbox.json", "/dev/mailbox/1"] {
        assert_eq!(portal.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let json = [("content-type", "application/json")];
    let answer =
        portal.browser(HOST).ask(Method::POST, "/dev/clock", Body::from("{\"offset_seconds\":1}"), &json).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_demo_shows_its_mails_and_moves_its_clock() {
    let portal = TestPortal::demo().await;
    assert_eq!(portal.get("/dev/mailbox").await.status, StatusCode::OK);
    assert_eq!(portal.get("/dev/mailbox.json").await.text, "[]");
    let before = portal.back.services.now();
    let json = [("content-type", "application/json")];
    let answer =
        portal.browser(HOST).ask(Method::POST, "/dev/clock", Body::from("{\"offset_seconds\":900}"), &json).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(portal.back.services.now().since(before).as_secs(), 900);
}

#[tokio::test]
async fn serves_the_built_files_for_ever_and_compressed() {
    let portal = TestPortal::new().await;
    portal.publish("pkg/openbok.abc.js", "plain");
    portal.publish("pkg/openbok.abc.js.br", "compressed");
    portal.publish("favicon.svg", "<svg/>");
    let mut browser = portal.browser(HOST);
    let answer = browser.ask(Method::GET, "/pkg/openbok.abc.js", Body::empty(), &[("accept-encoding", "br")]).await;
    assert_eq!((answer.header("content-encoding"), answer.text.as_str()), (Some("br"), "compressed"));
    assert!(answer.header("cache-control").is_some());
    assert_eq!(browser.get("/favicon.svg").await.text, "<svg/>");
    assert_eq!(browser.get("/pkg/../../test.db").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/pkg/%2e%2e/%2e%2e/test.db").await.status, StatusCode::NOT_FOUND);
    assert_eq!(portal.browser(OTHER_HOST).get("/favicon.svg").await.text, "<svg/>");
}

#[tokio::test]
async fn copies_of_files_are_kept_apart_and_stay_good_when_nothing_has_changed() {
    let portal = TestPortal::new().await;
    portal.publish("pkg/openbok.abc.js", "plain");
    portal.publish("pkg/openbok.abc.js.br", "compressed");
    portal.publish("pkg/openbok.abc.js.gz", "zipped");
    portal.publish("favicon.svg", "<svg/>");
    let mut browser = portal.browser(HOST);
    for (path, encoding, content) in [
        ("/pkg/openbok.abc.js", "br", "compressed"),
        ("/pkg/openbok.abc.js", "gzip", "zipped"),
        ("/pkg/openbok.abc.js", "identity", "plain"),
        ("/favicon.svg", "gzip", "<svg/>"),
    ] {
        let accept = ("accept-encoding", encoding);
        let whole = browser.ask(Method::GET, path, Body::empty(), &[accept]).await;
        assert_eq!((whole.status, whole.text.as_str()), (StatusCode::OK, content), "{path} {encoding}");
        let since = whole.header("last-modified").expect("a day and time").to_owned();
        let headers = [accept, ("if-modified-since", since.as_str())];
        let unchanged = browser.ask(Method::GET, path, Body::empty(), &headers).await;
        assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED, "{path} {encoding}");
        for answer in [whole, unchanged] {
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path} {encoding} {}", answer.status);
            assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path} {encoding} {}", answer.status);
        }
    }
    let headers = [("accept-encoding", "br"), ("range", "bytes=0-3")];
    let part = browser.ask(Method::GET, "/pkg/openbok.abc.js", Body::empty(), &headers).await;
    assert_eq!((part.status, part.text.as_str()), (StatusCode::PARTIAL_CONTENT, "comp"));
    assert_eq!(part.header("vary"), Some("accept-encoding"));
}

#[tokio::test]
async fn tells_balancers_how_it_is() {
    let portal = TestPortal::new().await;
    assert_eq!(portal.get("/healthz").await.text, "alive");
    let ready = portal.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text);
    assert!(ready.text.contains("\"mails_waiting\":0"), "{}", ready.text);
    let forwarded =
        portal.browser(HOST).ask(Method::GET, "/readyz", Body::empty(), &[("x-forwarded-for", "1.2.3.4")]).await;
    assert_eq!(forwarded.status, StatusCode::OK);
    assert!(!forwarded.text.contains("mails"), "numbers are not for everybody: {}", forwarded.text);
    portal.portal.leave();
    assert_eq!(portal.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(portal.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn metrics_are_not_for_callers_behind_a_proxy() {
    let portal = TestPortal::new().await;
    let answer =
        portal.browser(HOST).ask(Method::GET, "/metrics", Body::empty(), &[("x-forwarded-for", "1.2.3.4")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
