//! What the tests of the router share: a whole portal in process, and browsers that visit it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use http::{HeaderMap, Method, Request, StatusCode, header};
use openbok::config::{Config, Source};
use openbok::portal::Portal;
use openbok::router::router;
use openbok_domain::calendar;
use openbok_services::demo_data::{self, DemoCustomer, Story};
use openbok_services::{MailMessage, testing};
use openbok_storage::Db;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// Names the server function in a form without scripts.
pub const FUNCTION: &str = openbok_app::portal::FUNCTION_FIELD;
pub const HOST: &str = "mojbok.localhost";
pub const OTHER_HOST: &str = "ebok.localhost";
/// The operator with production planning.
pub const PLANNING_HOST: &str = "pgb.localhost";
pub const PASSWORD: &str = "Zielony-Rower-26";

/// A portal on a database of its own, with the customers of the demo and a clock that stands still.
pub struct TestPortal {
    pub back: testing::TestPortal,
    pub portal: Portal,
    router: Router,
    folder: TempDir,
    customers: Vec<DemoCustomer>,
}

impl TestPortal {
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// The same with settings, as in the configuration file.
    pub async fn with(settings: &str) -> Self {
        Self::build(settings, false).await
    }

    pub async fn demo() -> Self {
        Self::build("", true).await
    }

    async fn build(settings: &str, is_demo: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("test.db").display())).await.unwrap();
        db.migrate().await.unwrap();
        let back = testing::TestPortal::with(db, |parts| parts.settings.is_demo = is_demo).await;
        let environment = [("OPENBOK_HTTP__SITE", folder.path().join("site"))];
        let environment = environment.into_iter().map(|(key, value)| (key.into(), value.into()));
        let config = Config::read(Source::parse("test.toml", settings, environment).unwrap()).unwrap();
        let portal = Portal::new(back.services.clone(), config, None, is_demo);
        Self { router: router(&portal), back, portal, folder, customers: Vec::new() }
    }

    /// Brings in invented customers.
    pub async fn with_customers(mut self) -> Self {
        let operator = self.back.services.operators().find_by_host(HOST).unwrap();
        let files = self.folder.path().join("crm");
        let today = calendar::today(self.back.services.now(), &operator.time_zone);
        self.customers = demo_data::write(&operator, &files, today, 1, 10).unwrap();
        let report = self.back.services.import(&operator, &files, &mut |_| ()).await.unwrap();
        assert_eq!(report.exit_status(), 0, "{:?}", report.problems);
        self
    }

    /// A private customer with several contracts.
    pub fn anna(&self) -> DemoCustomer {
        self.customer(Story::SeveralContracts)
    }

    /// Another private customer.
    pub fn piotr(&self) -> DemoCustomer {
        self.customer(Story::Household)
    }

    fn customer(&self, story: Story) -> DemoCustomer {
        self.customers.iter().find(|customer| customer.story == story).expect("customers were brought in").clone()
    }

    /// Puts a file into the built front end.
    pub fn publish(&self, path: &str, content: &str) -> PathBuf {
        let file = self.folder.path().join("site").join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, content).unwrap();
        file
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.browser(HOST).get(path).await
    }

    pub fn browser(&self, host: &'static str) -> Browser {
        Browser { router: self.router.clone(), host, cookies: BTreeMap::new() }
    }

    /// The mails sent since the last look.
    pub async fn mails(&self) -> Vec<MailMessage> {
        self.back.mails().await.unwrap()
    }

    /// A browser in which the customer is signed in, all steps of the first sign-in done.
    pub async fn signed_in(&self, customer: &DemoCustomer, login: &str) -> Browser {
        let mut browser = self.browser(HOST);
        let answer = browser.register(customer, login).await;
        assert_eq!(answer.location(), Some("/register/done"), "{}", answer.text);
        let token = token_in(&self.mails().await.pop().expect("an activation mail").text);
        browser.get(&format!("/activate?token={token}")).await;
        let answer = browser.submit("/activate", "/api/activate", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let one_time = one_time_in(&self.mails().await.pop().expect("a one-time password").text);
        let answer = browser.sign_in(login, &one_time).await;
        assert_eq!(answer.location(), Some("/password-required"), "{}", answer.text);
        let fields =
            [("current_password", one_time.as_str()), ("new_password", PASSWORD), ("repeat_password", PASSWORD)];
        let answer = browser.submit("/password-required", "/api/replace_password", &fields).await;
        assert_eq!(answer.location(), Some("/"), "{}", answer.text);
        self.mails().await;
        browser
    }
}

pub async fn send(router: &Router, mut request: Request<Body>) -> Answer {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
    let response = router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, 32 << 20).await.unwrap().to_vec();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: head.status, headers: head.headers, bytes, text }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn location(&self) -> Option<&str> {
        self.header("location")
    }
}

/// A browser without scripts: cookies, pages, forms.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub host: &'static str,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, Body::empty(), &[]).await
    }

    /// Sends the form of a page to the page's own address.
    pub async fn submit(&mut self, page: &str, function: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().copied().chain([(FUNCTION, function)]).collect();
        self.post(page, &fields, &[]).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let length = body.len().to_string();
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", length.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        let headers: Vec<_> = form.into_iter().chain(headers.iter().copied()).collect();
        self.ask(Method::POST, path, Body::from(body), &headers).await
    }

    pub async fn ask(&mut self, method: Method, path: &str, body: Body, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, self.host);
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header(header::ACCEPT, "text/html");
        }
        if !self.cookies.is_empty() {
            let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            request = request.header(header::COOKIE, cookies.collect::<Vec<_>>().join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = send(&self.router, request.body(body).unwrap()).await;
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() || attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn register(&mut self, customer: &DemoCustomer, login: &str) -> Answer {
        let fields = [
            ("customer_kind", "individual"),
            ("pesel", customer.tax_id.as_str()),
            ("contract_number", customer.contract_number.as_str()),
            ("login", login),
            ("login_repeat", login),
            ("phone", "600700800"),
            ("email", "klient@example.com"),
            ("terms", "true"),
            ("cookies", "true"),
        ];
        self.submit("/register", "/api/register", &fields).await
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.submit("/sign-in", "/api/sign_in", &[("login", login), ("password", password)]).await
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The token of the link in a mail.
pub fn token_in(mail: &str) -> String {
    let start = mail.find("token=").expect("the mail has a link") + "token=".len();
    mail[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// The one-time password in a mail.
pub fn one_time_in(mail: &str) -> String {
    let mut words = mail.split_whitespace();
    words
        .find(|word| openbok_domain::OneTimePassword::looks_like(word))
        .expect("the mail has a one-time password")
        .to_owned()
}
