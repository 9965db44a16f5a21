//! What the portal is told from outside: one TOML file, every key of which an environment variable may override.
//!
//! Reading never stops at the first mistake: [`Config::read`] returns every unknown key and every bad value, each with
//! its file, line, key and reason. No file is opened here but the configuration itself.

mod mail_url;
mod mailbox_url;
mod server_address;
mod source;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU16;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use openbok_domain::OperatorSlug;
use openbok_services::Limits as Tries;
use openbok_services::access_mail::ImapAddress;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

pub use mail_url::MailUrl;
use source::Places;
pub use source::{Fault, Source};

/// Everything the server can be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the rows are: `sqlite:FILE` or `postgres://…`.
    pub database_url: Secret,
    /// How the portal is reached.
    pub http: Http,
    /// How mails leave.
    pub mail: Mail,
    /// Where an operator's producers write for access.
    pub mailboxes: BTreeMap<OperatorSlug, ImapAddress>,
    /// Folder of documents that belong to rows, such as delivered PDFs. Several servers on one database share it.
    pub files_dir: PathBuf,
    /// Folder of the operator profiles, one TOML file each.
    pub operators_dir: PathBuf,
    /// Operator who answers under a host nobody claims; without one the chooser page does.
    pub default_operator: Option<OperatorSlug>,
    /// File with the keys that seal personal data and sign cookies.
    pub secrets_file: PathBuf,
    /// Bounds that keep one client from taking what belongs to all.
    pub limits: Limits,
    /// What is written about the server's own doings.
    pub log: Log,
    /// Own address of `/metrics`; without one, loopback callers find it beside the pages.
    pub metrics_listen: Option<SocketAddr>,
    places: Places,
}

/// How the portal is reached.
#[derive(Debug, Clone)]
pub struct Http {
    /// Address and port the server listens on.
    pub listen: SocketAddr,
    /// Scheme in the links of mails: `https`, or `http` on a developer's machine.
    pub scheme: Scheme,
    /// Port in the links of mails; absent where it is the scheme's own.
    pub public_port: Option<u16>,
    /// Networks of the proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Folder of the built front end.
    pub site: PathBuf,
    /// Whether pages are compressed while they are sent.
    pub is_compressing: bool,
    /// How long a stopping server still accepts connections, so that a balancer can notice.
    pub notice: Duration,
    /// How long requests under way may take to finish when the server stops.
    pub drain: Duration,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `smtp://…`, `smtps://…`, `file:DIR` or `mailbox`.
    pub url: Secret,
    /// Address in the From field; the operator's name goes before it.
    pub from: String,
}

/// Bounds that keep one client from taking what belongs to all.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest accepted request body.
    pub body_bytes: usize,
    /// The same where files are sent: a third more than the largest file, and what addresses cost on top.
    pub upload_bytes: usize,
    /// Largest accepted request head, address line included.
    pub head_bytes: usize,
    /// Longest time one answer may take.
    pub request: Duration,
    /// Longest time a client may take to send the head of a request.
    pub head: Duration,
    /// Connections open at once.
    pub connections: usize,
    /// Password hashes computed at once.
    pub hashes_at_once: usize,
    /// How often things may be tried.
    pub tries: Tries,
}

/// What is written about the server's own doings.
#[derive(Debug, Clone)]
pub struct Log {
    /// Shape of a line.
    pub format: LogFormat,
    /// Least severity, per module if wanted: `info,openbok=debug`.
    pub level: String,
}

/// Shape of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// One JSON object a line, for a collector.
    Json,
}

/// Scheme of public addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain; only for hosts on this machine.
    Http,
    /// With TLS, ended by the proxy in front.
    Https,
}

impl Scheme {
    /// As it stands in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// A value that may carry a password: it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value, for the one who needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// A range of addresses such as `10.0.0.0/8`; a single address is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        fn leading(bits: u128, width: u8, prefix: u8) -> u128 {
            bits.checked_shr(u32::from(width - prefix)).unwrap_or(0)
        }
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let bits = |a: std::net::Ipv4Addr| leading(u128::from(u32::from(a)), 32, self.prefix);
                bits(own) == bits(other)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                leading(own.into(), 128, self.prefix) == leading(other.into(), 128, self.prefix)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| format!("`{text}` is no address or network"))?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(width), str::parse).ok().filter(|bits| *bits <= width);
        prefix.map(|prefix| Self { address, prefix }).ok_or_else(|| format!("`{text}` has no valid prefix length"))
    }
}

impl Config {
    /// Reads the given file, or the usual one, and the environment.
    ///
    /// # Errors
    /// Every mistake found, in the order of the file.
    pub fn load(file: Option<&Path>) -> Result<Self, Vec<Fault>> {
        Self::read(Source::usual(file)?)
    }

    /// Takes every key out of the source; what remains there is unknown.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn read(mut source: Source) -> Result<Self, Vec<Fault>> {
        let s = &mut source;
        let database_url = s.text("database.url", "sqlite:openbok-data/openbok.db", database_url);
        let data_dir = data_dir(&database_url);
        let listen = s.parsed("http.listen", SocketAddr::from(([127, 0, 0, 1], 3000)));
        let config = Self {
            database_url: Secret(database_url),
            http: Http {
                listen,
                scheme: s.one_of("http.scheme", &[("https", Scheme::Https), ("http", Scheme::Http)], Scheme::Https),
                public_port: s.optional("http.public_port").map(NonZeroU16::get),
                trusted_proxies: s.list("http.trusted_proxies"),
                site: s.path("http.site").unwrap_or_else(site_folder),
                is_compressing: s.parsed("http.compress", true),
                notice: s.seconds("http.notice_seconds", 2),
                drain: s.seconds("http.drain_seconds", 30),
            },
            mail: Mail {
                url: Secret(s.text("mail.url", "smtp://localhost:25", mail_url)),
                from: s.text("mail.from", "no-reply@localhost", mail_from),
            },
            mailboxes: s.section("mailboxes", "SLUG", mailbox_url::parse),
            files_dir: s.optional("files.url").map_or_else(|| data_dir.join("files"), |Folder(folder)| folder),
            operators_dir: s.path("operators.dir").unwrap_or_else(|| data_dir.join("operators")),
            default_operator: s.optional("operators.default"),
            secrets_file: s.path("secrets.file").unwrap_or_else(|| data_dir.join("keys.toml")),
            limits: Limits {
                body_bytes: s.ranged("limits.body_bytes", 1 << 20, BODY_BYTES),
                upload_bytes: s.ranged("limits.upload_bytes", 6 << 20, BODY_BYTES),
                head_bytes: s.ranged("limits.head_bytes", 16 << 10, 8 << 10..=1 << 20),
                request: s.seconds("limits.request_seconds", 30),
                head: s.seconds("limits.head_seconds", 10),
                connections: s.ranged("limits.connections", 10_000, 1..=1_000_000),
                hashes_at_once: s.ranged("limits.hashes_at_once", processors(), 1..=1024),
                tries: tries(s),
            },
            log: Log {
                format: s.one_of(
                    "log.format",
                    &[("text", LogFormat::Text), ("json", LogFormat::Json)],
                    LogFormat::Text,
                ),
                level: s.text("log.level", "info", log_level),
            },
            metrics_listen: s.optional("metrics.listen"),
            places: Places::default(),
        };
        // Nothing sends SMS yet; the key is known so that a deployment may have it already.
        s.text("sms.url", "", sms_url);
        // Port 0 is another one each time.
        if listen.port() != 0 && config.metrics_listen == Some(listen) {
            s.refuse("metrics.listen", "is the address of http.listen; without it, /metrics is found there");
        }
        source.finish().map(|places| Self { places, ..config })
    }

    /// Whether a setting was given, and not left to its default.
    pub fn has(&self, key: &str) -> bool {
        self.places.has(key)
    }

    /// A mistake in a setting which is right by itself, with the place where it was given.
    pub fn fault(&self, key: &str, reason: impl Into<String>) -> Fault {
        self.places.fault(key, reason)
    }

    /// Folder for what the server keeps beside its database.
    pub fn data_dir(&self) -> PathBuf {
        data_dir(self.database_url.expose())
    }

    /// File of the SQLite database; `None` on PostgreSQL.
    pub fn sqlite_file(&self) -> Option<&Path> {
        sqlite_file(self.database_url.expose())
    }
}

/// What a largest body may be: any form fits in, and memory is not at risk.
const BODY_BYTES: RangeInclusive<usize> = 1 << 10..=1 << 30;

fn tries(s: &mut Source) -> Tries {
    let defaults = Tries::default();
    let mut times = |key, default| s.ranged(key, default, 1..=1_000_000);
    Tries {
        source_failures_per_hour: times("limits.source_failures_per_hour", defaults.source_failures_per_hour),
        source_logins_per_10_min: times("limits.source_logins_per_10_min", defaults.source_logins_per_10_min),
        registrations_per_hour: times("limits.registrations_per_hour", defaults.registrations_per_hour),
        mails_per_hour: times("limits.mails_per_hour", defaults.mails_per_hour),
        mail_requests_per_hour: times("limits.mail_requests_per_hour", defaults.mail_requests_per_hour),
        challenge_bits: s.ranged("limits.challenge_bits", defaults.challenge_bits, 1..=30),
    }
}

fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path).split('?').next().unwrap_or(path)))
}

fn data_dir(database_url: &str) -> PathBuf {
    sqlite_file(database_url)
        .and_then(Path::parent)
        .filter(|dir| !dir.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("openbok-data"), Path::to_path_buf)
}

/// The front end as the build leaves it, or as a package installs it beside the executable.
fn site_folder() -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|dir| dir.join("site")));
    let named = std::env::var_os("LEPTOS_SITE_ROOT").map(PathBuf::from);
    named.or_else(|| beside.filter(|dir| dir.is_dir())).unwrap_or_else(|| PathBuf::from("target/site"))
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A folder written as a path or as an address.
struct Folder(PathBuf);

impl FromStr for Folder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = text.strip_prefix("file:").unwrap_or(text);
        let path = path.strip_prefix("//").filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let is_path = !path.is_empty() && !path.contains("://") && !path.starts_with("s3:");
        if is_path { Ok(Self(path.into())) } else { Err("this release keeps files in a folder: a path, or file:DIR") }
    }
}

fn database_url(text: &str) -> Result<(), String> {
    openbok_storage::Db::check_address(text).map_err(|error| error.to_string())
}

fn sms_url(text: &str) -> Result<(), String> {
    let is_address = text.parse::<http::Uri>().is_ok_and(|address| address.scheme().is_some());
    if is_address { Ok(()) } else { Err("is no address".to_owned()) }
}

fn mail_url(text: &str) -> Result<(), String> {
    MailUrl::parse(text).map(drop)
}

fn mail_from(text: &str) -> Result<(), String> {
    openbok_domain::EmailAddress::parse(text).map(drop).map_err(|_| "is no mail address".to_owned())
}

/// A filter as it is documented for the log. A word alone must be a level: any other would be taken for a module's name, and
/// nothing else would be written.
fn log_level(text: &str) -> Result<(), String> {
    let is_word = |part: &&str| !part.is_empty() && !part.contains(['=', '[', ':']);
    let unknown = text.split(',').map(str::trim).filter(is_word).find(|word| word.parse::<LevelFilter>().is_err());
    if let Some(word) = unknown {
        return Err(format!(
            "`{word}` is not off, error, warn, info, debug or trace; a module's own is `openbok=debug`"
        ));
    }
    EnvFilter::try_new(text).map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<Fault>> {
        let environment = environment.iter().map(|(k, v)| ((*k).into(), (*v).into()));
        Config::read(Source::parse("openbok.toml", text, environment)?)
    }

    fn reasons(text: &str, environment: &[(&str, &str)]) -> Vec<String> {
        read(text, environment).expect_err("is faulty").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn works_without_any_setting() {
        let config = read("", &[]).unwrap();
        assert_eq!(config.http.listen.port(), 3000);
        assert_eq!(config.operators_dir, Path::new("openbok-data/operators"));
        assert_eq!(config.secrets_file, Path::new("openbok-data/keys.toml"));
    }

    #[test]
    fn keeps_files_in_a_folder_written_as_a_path_or_as_an_address() {
        for (url, folder) in
            [("/srv/files", "/srv/files"), ("file:files", "files"), ("file:///srv/files", "/srv/files")]
        {
            assert_eq!(read("", &[("OPENBOK_FILES__URL", url)]).unwrap().files_dir, Path::new(folder));
        }
        assert!(reasons("[files]\nurl = \"s3://bucket/files\"", &[])[0].contains("keeps files in a folder"));
    }

    #[test]
    fn knows_the_address_for_sms_and_does_not_print_it() {
        assert!(read("", &[("OPENBOK_SMS__URL", "https://key@sms.example/send")]).is_ok());
        assert_eq!(reasons("", &[("OPENBOK_SMS__URL", "hunter2")]), ["OPENBOK_SMS__URL: sms.url: is no address"]);
    }

    #[test]
    fn r69_refuses_a_database_on_another_machine_without_verified_tls() {
        let faults = reasons("[database]\nurl = \"postgres://u:hunter2@db.internal/openbok?sslmode=require\"", &[]);
        assert!(
            faults[0].starts_with("openbok.toml:2: database.url: ") && faults[0].contains("verify-full"),
            "{faults:?}"
        );
        assert!(!faults[0].contains("hunter2"));
        assert!(read("[database]\nurl = \"postgres://u@db.internal/openbok\"", &[]).is_ok(), "it is the default");
    }

    #[test]
    fn keeps_profiles_and_keys_beside_the_sqlite_file() {
        let config = read("[database]\nurl = \"sqlite:/var/lib/openbok/portal.db\"", &[]).unwrap();
        assert_eq!(config.operators_dir, Path::new("/var/lib/openbok/operators"));
        assert_eq!(config.sqlite_file(), Some(Path::new("/var/lib/openbok/portal.db")));
    }

    #[test]
    fn reads_a_mailbox_for_each_operator_that_has_one() {
        let text = "[mailboxes]\npgb = \"imaps://u:p@imap.example/Wnioski\"\ntwo-words = \"imaps://u:p@imap.example\"";
        let config = read(text, &[("OPENBOK_MAILBOXES__PGB", "imap://u:p@localhost:1143")]).unwrap();
        let found: Vec<_> = config.mailboxes.iter().map(|(slug, address)| (slug.as_str(), address.port)).collect();
        assert_eq!(found, [("pgb", 1143), ("two-words", 993)]);
        assert!(read("", &[]).unwrap().mailboxes.is_empty());
    }

    #[test]
    fn says_which_mailbox_is_wrong_without_quoting_it() {
        let text = "[mailboxes]\npgb = \"imaps://hunter2@imap.example\"\nNo = \"imaps://u:hunter2@imap.example\"\nx = [\"hunter2\"]";
        let faults = reasons(text, &[("OPENBOK_MAILBOXES__EBOK", "hunter2")]);
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(faults[0].starts_with("openbok.toml:2: mailboxes.pgb: "), "{faults:?}");
        assert!(faults[1].starts_with("openbok.toml:3: mailboxes.No: `No` does not fit"), "{faults:?}");
        assert!(faults[2].starts_with("openbok.toml:4: mailboxes.x: must be a single value"), "{faults:?}");
        assert!(faults[3].starts_with("OPENBOK_MAILBOXES__EBOK: mailboxes.ebok: must be imaps://"), "{faults:?}");
        assert!(!faults.iter().any(|fault| fault.contains("hunter2")), "{faults:?}");
    }

    #[test]
    fn lets_the_environment_override_the_file() {
        let config = read("[http]\nlisten = \"0.0.0.0:80\"", &[("OPENBOK_HTTP__LISTEN", "127.0.0.1:81")]).unwrap();
        assert_eq!(config.http.listen.to_string(), "127.0.0.1:81");
    }

    #[test]
    fn reads_lists_from_file_and_environment_alike() {
        let from_file = read("[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]", &[]).unwrap();
        let from_env = read("", &[("OPENBOK_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
        assert_eq!(from_file.http.trusted_proxies, from_env.http.trusted_proxies);
        assert_eq!(from_file.http.trusted_proxies.len(), 2);
    }

    #[test]
    fn reports_every_unknown_key_and_bad_value_with_its_line() {
        let faults = reasons("[http]\nlisten = \"somewhere\"\nlisen = \"x\"\n\n[limits]\nbody_bytes = \"many\"\n", &[]);
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].starts_with("openbok.toml:2: http.listen: "), "{faults:?}");
        assert!(faults[1].starts_with("openbok.toml:3: http.lisen: unknown key"), "{faults:?}");
        assert!(faults[2].starts_with("openbok.toml:6: limits.body_bytes: "), "{faults:?}");
    }

    #[test]
    fn names_the_environment_variable_that_is_wrong() {
        let faults = reasons("", &[("OPENBOK_HTTP__LISTEN", "x"), ("OPENBOK_HTPP__LISTEN", "y")]);
        assert!(faults.iter().any(|fault| fault.starts_with("OPENBOK_HTTP__LISTEN: http.listen: ")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("OPENBOK_HTPP__LISTEN")), "{faults:?}");
    }

    #[test]
    fn reports_broken_toml_with_its_line() {
        let faults = reasons("[http]\nlisten = \n", &[]);
        assert!(faults[0].starts_with("openbok.toml:2: "), "{faults:?}");
    }

    #[test]
    fn refuses_zero_where_it_would_shut_everybody_out() {
        let text = "[limits]\nconnections = 0\nbody_bytes = 0\nupload_bytes = 0\n[http]\npublic_port = 0";
        let faults = reasons(text, &[]);
        for (line, key) in
            [(2, "limits.connections"), (3, "limits.body_bytes"), (4, "limits.upload_bytes"), (6, "http.public_port")]
        {
            assert!(
                faults.iter().any(|fault| fault.starts_with(&format!("openbok.toml:{line}: {key}: "))),
                "{faults:?}"
            );
        }
    }

    #[test]
    fn refuses_an_empty_path() {
        let faults = reasons("[http]\nsite = \"\"\n[secrets]\nfile = \"\"\n[operators]\ndir = \"\"", &[]);
        assert_eq!(
            faults,
            [
                "openbok.toml:2: http.site: names no path",
                "openbok.toml:4: secrets.file: names no path",
                "openbok.toml:6: operators.dir: names no path"
            ]
        );
    }

    #[test]
    fn refuses_one_address_for_the_pages_and_the_counters() {
        let faults = reasons("[http]\nlisten = \"[::1]:80\"\n[metrics]\nlisten = \"[::1]:80\"", &[]);
        assert!(faults.len() == 1 && faults[0].starts_with("openbok.toml:4: metrics.listen: "), "{faults:?}");
    }

    #[test]
    fn takes_filters_of_the_log_and_refuses_a_word_that_is_no_level() {
        let level = |text: &str| read("", &[("OPENBOK_LOG__LEVEL", text)]).map(|config| config.log.level);
        for right in [
            "info",
            "WARN",
            "off",
            "info,openbok=debug",
            "warn,openbok::serve=trace",
            "[reading]=trace",
            "openbok::mail",
        ] {
            assert_eq!(level(right).unwrap(), right);
        }
        for wrong in ["warning", "loud", "trce", "info,loud", "openbok=loud"] {
            assert!(level(wrong).is_err(), "{wrong}");
        }
        assert!(reasons("[log]\nlevel = \"trce\"", &[])[0].starts_with("openbok.toml:2: log.level: `trce` is not off"));
    }

    #[test]
    fn notices_a_setting_whose_variable_lacks_an_underscore_and_leaves_other_variables_alone() {
        assert_eq!(
            reasons("", &[("OPENBOK_DATABASE_URL", "sqlite:hunter2"), ("OPENBOK_HTTP_PUBLIC_PORT", "80")]),
            [
                "OPENBOK_DATABASE_URL: database.url: is not read; write OPENBOK_DATABASE__URL",
                "OPENBOK_HTTP_PUBLIC_PORT: http.public_port: is not read; write OPENBOK_HTTP__PUBLIC_PORT"
            ]
        );
        assert!(read("", &[("OPENBOK_CONFIG", "x"), ("OPENBOK_HTTP_SERVICE_HOST", "10.0.0.1")]).is_ok());
    }

    #[test]
    fn hides_addresses_that_may_carry_passwords() {
        let config = read("[database]\nurl = \"postgres://u:hunter2@db/x\"", &[]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn tells_addresses_inside_a_network_from_those_outside() {
        let network: Network = "10.1.0.0/16".parse().unwrap();
        assert!(network.contains("10.1.255.1".parse().unwrap()));
        assert!(network.contains("::ffff:10.1.0.9".parse().unwrap()));
        assert!(!network.contains("10.2.0.1".parse().unwrap()));
        assert!(!network.contains("::1".parse().unwrap()));
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains("203.0.113.9".parse().unwrap()));
        let v6: Network = "2001:db8::/32".parse().unwrap();
        assert!(v6.contains("2001:db8:1::1".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<Network>().is_err());
    }
}
