//! Puts the portal together from its configuration.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;

use anyhow::{Context as _, anyhow, bail};
use openbok_services::{Clock, Entropy, Operators, Parts, Passwords, PublicAddress, Services, Settings, Transport};
use openbok_storage::Db;

use crate::config::{Config, MailUrl, Scheme};
use crate::secrets;

/// Opens the database and brings it to this release's shape.
///
/// # Errors
/// When it cannot be opened, or its migrations are not those of this release.
pub async fn open_database(config: &Config) -> anyhow::Result<Db> {
    if let Some(folder) = config.sqlite_file().and_then(std::path::Path::parent) {
        let for_its_owner = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        for_its_owner.with_context(|| folder.display().to_string())?;
    }
    let db = Db::open(config.database_url.expose()).await.context("the database cannot be opened")?;
    db.migrate().await.context("the database cannot be brought to this version's shape")?;
    Ok(db)
}

/// Reads the operator profiles.
///
/// # Errors
/// Every mistake, one a line.
pub fn read_operators(config: &Config) -> Result<Operators, Vec<String>> {
    let folder = &config.operators_dir;
    let operators =
        Operators::read(folder).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    if operators.iter().next().is_none() {
        return Err(vec![format!("{}: there is no operator profile (*.toml) in this folder", folder.display())]);
    }
    match &config.default_operator {
        Some(slug) if operators.find(slug).is_none() => {
            Err(vec![format!("operators.default: no profile has the slug `{slug}`")])
        }
        _ => Ok(operators),
    }
}

/// What keeps `serve` from starting, or from being safe, although each setting by itself is right; one a line.
///
/// # Errors
/// Every mistake in configuration, keys and profiles.
pub fn check(config: &Config) -> Result<(), Vec<String>> {
    let mut faults = Vec::new();
    if config.mail.url.expose() == "mailbox" {
        faults.push(NO_MAILBOX.to_owned());
    }
    match config.secrets_file.try_exists() {
        Ok(true) => faults.extend(
            secrets::open(&config.secrets_file, &Entropy::system())
                .err()
                .map(|error| format!("secrets.file: {error:#}")),
        ),
        Ok(false) => {}
        Err(error) => faults.push(format!("secrets.file: {}: {error}", config.secrets_file.display())),
    }
    match read_operators(config) {
        Ok(operators) => {
            let unknown = config.mailboxes.keys().filter(|slug| operators.find(slug).is_none());
            faults.extend(unknown.map(|slug| format!("mailboxes.{slug}: no profile has this slug")));
            let hosts = operators.iter().flat_map(|operator| &operator.hosts);
            let in_clear = hosts.filter(|host| config.http.scheme == Scheme::Http && !is_this_machine(host));
            faults.extend(
                in_clear.map(|host| format!("http.scheme: `http` is for hosts on this machine, not for {host}")),
            );
        }
        Err(errors) => faults.extend(errors),
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

const NO_MAILBOX: &str = "mail.url: `mailbox` lets everybody read all mails, so only the demo has it";

/// Whether a host's name leads to this machine wherever it is looked up.
fn is_this_machine(host: &str) -> bool {
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || is_loopback
}

/// The use cases on everything they need.
///
/// # Errors
/// Whatever stands in the way, in words for the administrator.
pub async fn open_services(config: &Config, clock: Clock, is_demo: bool) -> anyhow::Result<Services> {
    let mail = MailUrl::parse(config.mail.url.expose()).map_err(|reason| anyhow!("mail.url: {reason}"))?;
    if mail == MailUrl::Mailbox && !is_demo {
        bail!(NO_MAILBOX);
    }
    // The only TLS provider in the program; a second start in one process finds it in place.
    rustls::crypto::ring::default_provider().install_default().ok();
    let transport = mail.transport().context("mail.url")?;
    open_services_with(config, clock, is_demo, transport).await
}

/// The same with another way out for mail.
///
/// # Errors
/// Whatever stands in the way, in words for the administrator.
pub async fn open_services_with(
    config: &Config,
    clock: Clock,
    is_demo: bool,
    transport: Transport,
) -> anyhow::Result<Services> {
    let entropy = Entropy::system();
    let operators = read_operators(config).map_err(|errors| anyhow!(errors.join("\n")))?;
    let vault = secrets::open(&config.secrets_file, &entropy)?;
    let parts = Parts {
        db: open_database(config).await?,
        operators,
        vault,
        clock,
        passwords: Passwords::new(config.limits.hashes_at_once, &entropy),
        entropy,
        settings: settings(config, is_demo),
        transport,
    };
    Ok(Services::open(parts).await?)
}

fn settings(config: &Config, is_demo: bool) -> Settings {
    Settings {
        public: PublicAddress { scheme: config.http.scheme.as_str().to_owned(), port: config.http.public_port },
        limits: config.limits.tries.clone(),
        mail_from: config.mail.from.clone(),
        files: config.files_dir.clone(),
        is_demo,
    }
}
