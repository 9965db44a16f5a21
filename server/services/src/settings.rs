//! What the administrator decides for the whole deployment, ready to use. Reading it from files belongs to the server.

use std::path::PathBuf;
use std::time::Duration;

use openbok_domain::Operator;

/// Settings that use cases depend on.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How links in mails begin.
    pub public: PublicAddress,
    /// How often things may be tried.
    pub limits: Limits,
    /// Address in the From field of mails, such as `no-reply@example.com`.
    pub mail_from: String,
    /// Folder for files such as delivered PDFs.
    pub files: PathBuf,
    /// Whether this is the demo, which keeps its mails where everybody can read them.
    pub is_demo: bool,
}

/// Scheme and port under which the portal is reached from outside. The host is the operator's first one; never what a
/// request claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress {
    /// `https`, or `http` on a developer's machine.
    pub scheme: String,
    /// Port, when it is not the scheme's own.
    pub port: Option<u16>,
}

impl PublicAddress {
    /// The absolute address of a path of an operator's portal.
    #[must_use]
    pub fn link(&self, operator: &Operator, path: &str) -> String {
        let host = operator.hosts.first().map_or("localhost", String::as_str);
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}{path}", self.scheme)
    }
}

/// How often things may be tried before the portal asks for patience.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Failed sign-ins from one source within an hour.
    pub source_failures_per_hour: i64,
    /// Different logins that may fail from one source within ten minutes.
    pub source_logins_per_10_min: i64,
    /// Registrations from one source that were not right, or for one contract, right or wrong, within an hour.
    pub registrations_per_hour: i64,
    /// Mails of one kind to one address within an hour.
    pub mails_per_hour: i64,
    /// Requests for such mails from one source within an hour.
    pub mail_requests_per_hour: i64,
    /// Leading zero bits of the proof of work.
    pub challenge_bits: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_failures_per_hour: 10,
            source_logins_per_10_min: 5,
            registrations_per_hour: 20,
            mails_per_hour: 3,
            mail_requests_per_hour: 20,
            challenge_bits: 16,
        }
    }
}

/// One minute.
pub(crate) const MINUTE: Duration = Duration::from_mins(1);
/// One hour.
pub(crate) const HOUR: Duration = Duration::from_hours(1);
/// Ten minutes.
pub(crate) const TEN_MINUTES: Duration = Duration::from_mins(10);
/// One day.
pub(crate) const DAY: Duration = Duration::from_hours(24);
