//! A customer of the CRM, and the way from registration to a full sign-in.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use openbok_domain::{
    Challenge, ContractRegistration, Lang, Operator, PasswordChange, Proof, Refusal, Stage, challenge,
};
use openbok_services::testing::TestPortal;
use openbok_services::{
    Caller, Credentials, Entropy, MailMessage, MailSecurity, Passwords, ServiceError, SignedIn, SmtpAddress, Token,
    Transport, Visit,
};

pub const PESEL: &str = "44051401359";
pub const OTHER_PESEL: &str = "02211307589";
pub const PASSWORD: &str = "Wiosna-nad-Wisła-26";

/// A portal that reaches no mail server: nothing listens on the port that it was told.
pub async fn without_mail_server(db: openbok_storage::Db) -> TestPortal {
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = SmtpAddress {
        host: "127.0.0.1".into(),
        port: nowhere,
        security: MailSecurity::LoopbackOnly,
        credentials: None,
        authority_pem: None,
    };
    TestPortal::with(db, |parts| parts.transport = Transport::smtp(&address).unwrap()).await
}

/// A portal with two individual customers and a business, imported as the CRM delivers them.
pub async fn portal(db: openbok_storage::Db) -> TestPortal {
    let portal = TestPortal::new(db).await;
    import_default(&portal).await;
    portal
}

/// Imports the customers of [`portal`] for both operators.
pub async fn import_default(portal: &TestPortal) {
    for slug in ["mojbok", "ebok"] {
        import_customers(portal, slug).await;
    }
}

/// Imports them for one operator.
pub async fn import_customers(portal: &TestPortal, slug: &str) {
    import(
        portal,
        slug,
        &[("customers", CUSTOMERS), ("contracts", CONTRACTS), ("payers", PAYERS), ("invoices", INVOICES)],
    )
    .await;
}

const CUSTOMERS: &str = "customer_number,kind,pesel,nip,rnokpp,edrpou,surname,given_name,patronymic,company_name,email,phone,street,postal_code,city,country
K1,individual,44051401359,,,,Żółć-Gęślą,Łucja,,,lucja@example.com,,ul. Lipowa 4,00-001,Warszawa,PL
K2,individual,02211307589,,,,Wrona,Adam,,,adam@example.com,,ul. Polna 1,00-001,Warszawa,PL
K3,business,,8567346215,,,,,,Piekarnia Kłos,klos@example.com,,ul. Młyńska 2,00-001,Warszawa,PL
";
const CONTRACTS: &str = "contract_number,customer_number,status,commodity,tariff,signed_on,starts_on,ends_on
U/1,K1,active,electricity,G11,2024-01-01,2024-02-01,
U/1B,K1,sent,gas,,,,
U/2,K2,signed_by_customer,electricity,G11,2024-01-01,,
U/3,K3,ended,electricity,C11,2020-01-01,2020-02-01,2026-01-31
";
const PAYERS: &str = "payer_number,customer_number,name,iban,opening_balance
P1,K1,Łucja Żółć-Gęślą,PL61109010140000071219812874,0.00
P2,K2,Adam Wrona,,10.00
";
const INVOICES: &str =
    "invoice_number,payer_number,kind,corrects,issued_on,period_from,period_to,due_on,gross,ksef_number,ksef_sha256,pdf
F/1,P1,settlement,,2026-10-01,2026-08-01,2026-09-30,2026-10-15,120.50,,,
F/2,P2,settlement,,2026-11-10,2026-10-01,2026-10-31,2026-11-24,80.00,,,
";

pub async fn import(portal: &TestPortal, slug: &str, files: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
    }
    let report = import_folder(portal, slug, folder.path()).await;
    assert_eq!(report.exit_status(), 0, "{:?}", report.problems);
}

pub async fn import_folder(portal: &TestPortal, slug: &str, folder: &Path) -> openbok_services::import::ImportReport {
    portal.services.import(&operator(portal, slug), folder, &mut |_| {}).await.unwrap()
}

pub fn operator(portal: &TestPortal, slug: &str) -> Arc<Operator> {
    portal.services.operators().find(&slug.parse().unwrap()).unwrap()
}

/// A browser nobody knows yet.
pub fn visit(portal: &TestPortal) -> Visit {
    visit_of(portal, "mojbok", 1)
}

pub fn visit_of(portal: &TestPortal, slug: &str, host: u8) -> Visit {
    Visit {
        operator: operator(portal, slug),
        lang: Lang::Pl,
        source: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)),
        device: None,
        user_agent: String::new(),
    }
}

pub fn form() -> ContractRegistration {
    ContractRegistration {
        customer_kind: "individual".into(),
        pesel: PESEL.into(),
        contract_number: "u/1".into(),
        phone: "600 700 800".into(),
        email: "Lucja@Example.com".into(),
        terms: true,
        cookies: true,
        ..ContractRegistration::default()
    }
}

pub fn other_form() -> ContractRegistration {
    ContractRegistration {
        pesel: OTHER_PESEL.into(),
        contract_number: "U/2".into(),
        email: "adam@example.com".into(),
        login: "adam".into(),
        login_repeat: "adam".into(),
        ..form()
    }
}

/// The only mail of a kind among those the worker has sent since the last look.
pub async fn mail(portal: &TestPortal, kind: &str) -> MailMessage {
    let mails = portal.mails().await.unwrap();
    let kinds: Vec<_> = mails.iter().map(|mail| mail.kind.clone()).collect();
    let mut found = mails.into_iter().filter(|mail| mail.kind == kind);
    let mail = found.next().unwrap_or_else(|| panic!("no mail {kind} among {kinds:?}"));
    assert!(found.next().is_none(), "more than one mail {kind}");
    mail
}

pub fn link_token(mail: &MailMessage) -> Token {
    let (_, rest) = mail.text.split_once("token=").expect("a link with a token");
    Token::parse(rest.split_whitespace().next().unwrap()).expect("a token")
}

/// The one-time password of a mail: the only line of the form XXXX-XXXX-XXXX-XXXX.
pub fn one_time(mail: &MailMessage) -> String {
    mail.text
        .lines()
        .map(str::trim)
        .find(|line| line.len() == 19 && line.matches('-').count() == 3)
        .expect("a one-time password")
        .to_owned()
}

pub fn credentials(login: &str, password: &str) -> Credentials {
    Credentials { login: login.into(), password: password.into(), proof: None }
}

pub fn solve(asked: &Challenge) -> Proof {
    let nonce = challenge::search(&asked.token, asked.bits, 0, u64::MAX).unwrap();
    Proof { token: asked.token.clone(), answer: nonce.to_string() }
}

/// Signs in, answering a challenge as a browser does.
pub async fn sign_in(
    portal: &TestPortal,
    visit: &Visit,
    login: &str,
    password: &str,
) -> Result<SignedIn, ServiceError> {
    match portal.services.sign_in(visit, credentials(login, password)).await {
        Err(ServiceError::Refused(Refusal::Challenge(asked))) => {
            let proof = Some(solve(&asked));
            portal.services.sign_in(visit, Credentials { proof, ..credentials(login, password) }).await
        }
        other => other,
    }
}

pub async fn caller(portal: &TestPortal, visit: &Visit, token: &Token) -> Option<Caller> {
    portal.services.find_caller(&visit.operator, token).await.unwrap()
}

/// Registers, activates and chooses [`PASSWORD`]; returns the full session and the browser that has it.
pub async fn enrol(portal: &TestPortal, mut visit: Visit, form: &ContractRegistration) -> (Visit, Token) {
    portal.services.register_by_contract(&visit, form, None).await.unwrap();
    let token = link_token(&mail(portal, "activation").await);
    portal.services.activate(&visit, &token).await.unwrap();
    let first = one_time(&mail(portal, "one_time_password").await);
    let login = if form.login.is_empty() { form.pesel.clone() + &form.nip } else { form.login.clone() };
    let signed_in = sign_in(portal, &visit, &login, &first).await.unwrap();
    assert_eq!(signed_in.stage, Stage::MustChangePassword);
    visit.device = Some(signed_in.device);
    let guest = caller(portal, &visit, &signed_in.session).await.unwrap();
    let change = PasswordChange { current: first, password: PASSWORD.into(), repeat: PASSWORD.into() };
    let (session, stage) = portal.services.replace_one_time_password(&visit, &guest, &change).await.unwrap();
    assert_eq!(stage, Stage::Full);
    portal.mails().await.unwrap();
    (visit, session)
}

pub fn is_bad_credentials<T>(outcome: &Result<T, ServiceError>) -> bool {
    matches!(outcome, Err(ServiceError::Refused(Refusal::BadCredentials)))
}

/// Keeps the only processor of a portal at work for a while: whoever chooses or gives a password meanwhile waits for its hash.
pub fn keep_busy(passwords: &Passwords, hashes: usize) {
    for _ in 0..hashes {
        let passwords = passwords.clone();
        tokio::spawn(async move { passwords.hash(&Entropy::system(), "x").await });
    }
}
