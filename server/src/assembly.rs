//! Puts the portal together from its configuration.

use std::fs;

use anyhow::{Context as _, anyhow, bail};
use openbok_services::{
    Clock, Entropy, Operators, Parts, Passwords, PublicAddress, Services, Settings, Transport, make_private_folder,
};
use openbok_storage::Db;

use crate::config::{Config, MailUrl, Scheme};
use crate::secrets;

/// Opens the database and brings it to this release's shape.
///
/// # Errors
/// When it cannot be opened, or its migrations are not those of this release.
pub async fn open_database(config: &Config) -> anyhow::Result<Db> {
    if let Some(folder) = config.sqlite_file().and_then(std::path::Path::parent) {
        make_private_folder(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    let db = connect(config).await?;
    let migrated = db.migrate().await;
    migrated.with_context(|| format!("{} cannot be brought to this version's shape", database_name(config)))?;
    Ok(db)
}

/// Opens the database in whatever shape it is.
///
/// # Errors
/// When it cannot be opened.
pub async fn connect(config: &Config) -> anyhow::Result<Db> {
    let opened = Db::open(config.database_url.expose()).await;
    opened.with_context(|| format!("{} cannot be opened", database_name(config)))
}

/// What complaints call the database. The address of a server may hold a password.
fn database_name(config: &Config) -> String {
    let file = config.sqlite_file().map(|file| format!("the database {}", file.display()));
    file.unwrap_or_else(|| "the database".to_owned())
}

/// Reads the operator profiles.
///
/// # Errors
/// Every mistake, one a line.
pub fn read_operators(config: &Config) -> Result<Operators, Vec<String>> {
    let folder = &config.operators_dir;
    let fault = |key, reason: String| vec![config.fault(key, reason).to_string()];
    let shown = folder.display();
    if let Err(error) = fs::read_dir(folder) {
        let reason = format!("{shown} cannot be read ({error}); a profile (*.toml) of each operator belongs there");
        return Err(fault("operators.dir", reason));
    }
    let operators =
        Operators::read(folder).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    if operators.iter().next().is_none() {
        return Err(fault("operators.dir", format!("there is no operator profile (*.toml) in {shown}")));
    }
    match &config.default_operator {
        Some(slug) if operators.find(slug).is_none() => {
            Err(fault("operators.default", format!("no profile has the slug `{slug}`")))
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
    let fault = |key: &str, reason: String| config.fault(key, reason).to_string();
    if config.mail.url.expose() == "mailbox" {
        faults.push(fault("mail.url", NO_MAILBOX.to_owned()));
    }
    // Where none is named, a portal can be tried out before its front end is built.
    if config.has("http.site") && !config.http.site.is_dir() {
        faults.push(fault("http.site", format!("{} is no folder", config.http.site.display())));
    }
    match config.secrets_file.try_exists() {
        Ok(true) => {
            let wrong = secrets::open(&config.secrets_file, &Entropy::system()).err();
            faults.extend(wrong.map(|error| fault("secrets.file", format!("{error:#}"))));
        }
        Ok(false) => {}
        Err(error) => faults.push(fault("secrets.file", format!("{}: {error}", config.secrets_file.display()))),
    }
    match read_operators(config) {
        Ok(operators) => {
            let useless = config.mailboxes.keys().filter_map(|slug| {
                let reason = match operators.find(slug) {
                    None => "no profile has this slug",
                    Some(operator) if !operator.has_planning() => NO_PLANNING,
                    Some(_) => return None,
                };
                Some(fault(&format!("mailboxes.{slug}"), reason.to_owned()))
            });
            faults.extend(useless);
            let hosts = operators.iter().flat_map(|operator| &operator.hosts);
            let in_clear = hosts.filter(|host| config.http.scheme == Scheme::Http && !is_this_machine(host));
            faults.extend(
                in_clear
                    .map(|host| fault("http.scheme", format!("`http` is for hosts on this machine, not for {host}"))),
            );
        }
        Err(errors) => faults.extend(errors),
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

const NO_PLANNING: &str = "this operator has no planning (its wizards lack `invitation`), so nobody writes for access";

const NO_MAILBOX: &str = "`mailbox` lets everybody read all mails, so only the demo has it";

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
        bail!("{}", config.fault("mail.url", NO_MAILBOX));
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
    Services::open(parts).await.with_context(|| format!("{} cannot be used", database_name(config)))
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
