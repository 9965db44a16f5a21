//! What tests of this crate and of the server share: operators, a portal on a database of the test's own.

use std::path::PathBuf;
use std::sync::Arc;

use openbok_domain::{Operator, Timestamp};
use openbok_storage::Db;

use crate::{
    Clock, Entropy, Limits, MailMessage, Operators, Parts, Passwords, PublicAddress, ServiceError, Services, Settings,
    Transport, Vault,
};

/// 20 November 2026, ten o'clock in Warsaw.
pub const START_MICROS: i64 = 1_795_165_200_000_000;

/// A profile in its shortest form, with rules to a test's liking.
///
/// # Panics
/// When the text is not a valid profile.
#[must_use]
pub fn operator(slug: &str) -> Arc<Operator> {
    Arc::new(crate::operators::parse(slug, &profile(slug)).expect("the test's own profile is valid"))
}

/// The text of an operator who also has production planning; the gate closes at ten.
#[must_use]
pub fn planning_profile(slug: &str) -> String {
    profile(slug)
        .replace(r#"wizards = ["contract"]"#, r#"wizards = ["contract", "invitation"]"#)
        .replace(r#"modules = ["invoices"]"#, r#"modules = ["invoices", "plans"]"#)
        + "plans = { gate_closure = \"10:00\" }\n"
}

/// What the authenticator of a key shows at an instant.
///
/// # Panics
/// When the key is none.
#[must_use]
pub fn authenticator_code(key: &str, now: Timestamp) -> String {
    let secret = totp_rs::Secret::try_from_base32(key.replace(' ', "")).expect("a key as the enrolment page shows it");
    let authenticator = crate::staff::authenticator_for_tests(secret.as_bytes());
    authenticator.generate(u64::try_from(now.micros() / 1_000_000).unwrap_or_default()).to_string()
}

/// The text of [`operator`].
#[must_use]
pub fn profile(slug: &str) -> String {
    format!(
        r##"
slug = "{slug}"
name = "Polana Energia"
hosts = ["{slug}.localhost"]
languages = ["pl", "uk", "en"]
time_zone = "Europe/Warsaw"
currency = "PLN"
country = "PL"
commodities = ["electricity", "gas"]
wizards = ["contract"]
modules = ["invoices"]
contact = {{ phone = "22 555 01 00", email = "bok@example.com", hours = {{ pl = "pn–pt 8–18", uk = "пн–пт 8–18", en = "Mon–Fri 8–18" }} }}
theme = {{ accent = "#0b57a4" }}
sign_in = {{ login = "name", second_step = "off", allow_tax_id_login = true }}
lockout = {{ scope = "device", unlock = "staff" }}
password = {{ policy = "classic" }}
recovery = {{ password = "one_time_password" }}
session = {{ idle_minutes = 15, absolute_hours = 12, most = 5 }}
terms = {{ version = "2026-01", text = {{ pl = "# Regulamin", uk = "# Правила", en = "# Terms" }} }}
cookies = {{ text = {{ pl = "Pliki", uk = "Файли", en = "Cookies" }} }}
privacy = {{ text = {{ pl = "Prywatność", uk = "Приватність", en = "Privacy" }} }}
accessibility = {{ text = {{ pl = "Dostępność", uk = "Доступність", en = "Accessibility" }} }}
"##
    )
}

/// A portal for one test.
#[derive(Debug)]
pub struct TestPortal {
    /// Its back end.
    pub services: Services,
    /// Its clock, standing still until moved.
    pub clock: Clock,
    transport: Transport,
}

impl TestPortal {
    /// A portal on a migrated database with three operators, cheap password hashes and wide limits: `mojbok`, `ebok`
    /// and, with production planning, `pgb`.
    ///
    /// # Panics
    /// When the portal cannot be put together.
    pub async fn new(db: Db) -> Self {
        Box::pin(Self::with(db, |_| {})).await
    }

    /// The same with some parts changed.
    ///
    /// # Panics
    /// When the portal cannot be put together.
    pub async fn with(db: Db, change: impl FnOnce(&mut Parts)) -> Self {
        let entropy = Entropy::system();
        let clock = Clock::fixed(Timestamp::from_micros(START_MICROS));
        let profiles = [("mojbok", profile("mojbok")), ("ebok", profile("ebok")), ("pgb", planning_profile("pgb"))];
        let list = profiles.map(|(slug, text)| crate::operators::parse(slug, &text).expect("a valid profile")).to_vec();
        let transport = Transport::memory();
        let mut parts = Parts {
            db,
            operators: Operators::new(list, PathBuf::new()).expect("different operators"),
            // One key for all test portals, so that two of them can share a database.
            vault: Vault::new(&Vault::generate_key(&Entropy::seeded(7))).expect("a random key"),
            clock: clock.clone(),
            passwords: Passwords::cheap(&entropy),
            entropy,
            settings: Settings {
                public: PublicAddress { scheme: "http".to_owned(), port: Some(3000) },
                limits: Limits {
                    source_failures_per_hour: 10_000,
                    source_logins_per_10_min: 10_000,
                    challenge_bits: 4,
                    ..Limits::default()
                },
                mail_from: "bok@example.com".to_owned(),
                files: std::env::temp_dir().join(format!("openbok-test-files-{}", std::process::id())),
                is_demo: false,
            },
            transport: transport.clone(),
        };
        change(&mut parts);
        let services = Box::pin(Services::open(parts)).await.expect("the portal opens");
        Self { services, clock, transport }
    }

    /// Lets the worker finish and takes the mails it sent.
    ///
    /// # Errors
    /// What the worker met.
    pub async fn mails(&self) -> Result<Vec<MailMessage>, ServiceError> {
        self.services.run_jobs().await?;
        Ok(self.transport.take())
    }
}
