//! The demo: invented operators and customers on an empty machine, brought in through the same doors as real ones.

pub mod account;
mod producer;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use openbok_domain::operator::Wizard;
use openbok_domain::{CustomerKind, Operator, calendar};
use openbok_services::demo_data::{self, DemoCustomer, Story};
use openbok_services::{Clock, Services, make_private_folder};

use crate::commands::import;
use crate::config::{Config, Fault, Source};
use crate::portal::Portal;
use crate::{assembly, serve, telemetry};

/// The profiles of the demo: file names and texts.
pub const PROFILES: [(&str, &str); 5] = [
    ("mojbok.toml", include_str!("../deploy/operators/mojbok.toml")),
    ("ebok.toml", include_str!("../deploy/operators/ebok.toml")),
    ("teplo.toml", include_str!("../deploy/operators/teplo.toml")),
    ("pgb.toml", include_str!("../deploy/operators/pgb.toml")),
    ("panel.toml", include_str!("../deploy/operators/panel.toml")),
];

/// Login of the ready account of each operator that has one.
const LOGIN: &str = "demo";
/// Customers of each operator.
const CUSTOMERS: u64 = 40;

/// The configuration with the demo's own defaults: mails are kept for everybody to read, links lead to this machine.
///
/// # Errors
/// Every mistake found in file and environment.
pub fn config(file: Option<&Path>) -> Result<Config, Vec<Fault>> {
    let mut source = Source::usual(file)?;
    source.set_default("mail.url", "mailbox");
    source.set_default("http.scheme", "http");
    let mut config = Config::read(source)?;
    let port = config.http.listen.port();
    config.http.public_port = config.http.public_port.or(Some(port).filter(|port| *port != 80));
    Ok(config)
}

/// Whether what is configured is the data of a demo: it was made by one, and mails have no other way out. Links that a
/// command writes there lead where the demo is.
pub fn is_its_data(file: Option<&Path>) -> bool {
    config(file).is_ok_and(|config| config.mail.url.expose() == "mailbox" && folder(&config).is_dir())
}

/// Where the demo keeps what it has invented.
fn folder(config: &Config) -> PathBuf {
    config.data_dir().join("demo")
}

/// Prepares what is not there yet, says what there is to try, and serves.
///
/// # Errors
/// Whatever stands in the way.
pub async fn run(config: Config) -> anyhow::Result<()> {
    // Before anything is made or said.
    let socket = serve::bind(config.http.listen)?;
    write_profiles(&config.operators_dir)?;
    let services = assembly::open_services(&config, Clock::system(), true).await?;
    let mut offers = Vec::new();
    for (seed, operator) in (1..).zip(services.operators().iter()) {
        offers.push(prepare(&services, &config, operator, seed).await?);
    }
    println!("{}", welcome(&services, &offers));
    let portal = Portal::new(services, config, Some(telemetry::start_metrics()?), true);
    serve::run(portal, socket).await
}

/// The five profiles, unless the folder has profiles already.
fn write_profiles(folder: &Path) -> anyhow::Result<()> {
    make_private_folder(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let is_toml = |entry: fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == "toml");
    if fs::read_dir(folder)?.filter_map(Result::ok).any(is_toml) {
        return Ok(());
    }
    for (name, text) in PROFILES {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Invents an operator's customers and brings them in, at the first start only, so that later changes stay. Returns what
/// there is to try with this operator.
async fn prepare(services: &Services, config: &Config, operator: &Operator, seed: u64) -> anyhow::Result<String> {
    let folder = folder(config).join(operator.slug.as_str());
    let kept = folder.join("offer.txt");
    if kept.exists() {
        return Ok(fs::read_to_string(kept)?);
    }
    let today = calendar::today(services.now(), &operator.time_zone);
    let customers =
        demo_data::write(operator, &folder, today, seed, CUSTOMERS).with_context(|| folder.display().to_string())?;
    let companies: Vec<String> = customers
        .iter()
        .filter(|customer| customer.kind == CustomerKind::Business)
        .map(|customer| customer.customer_number.clone())
        .collect();
    if operator.has_planning() {
        demo_data::units(&folder, seed, &companies)?;
    }
    import::folder(services, operator, &folder).await?;
    let mut offer = String::new();
    if operator.wizards.contains(&Wizard::Contract) {
        for customer in &customers {
            let line = match customer.story {
                Story::SeveralContracts => {
                    account::make(config, operator, customer, LOGIN).await?;
                    format!("    to sign in     login {LOGIN}  password {}  ({})\n", account::PASSWORD, customer.name)
                }
                Story::Household | Story::ManyInvoices | Story::JustSigned => candidate(customer),
                Story::NotSigned | Story::Former => continue,
            };
            offer.push_str(&line);
        }
    }
    if let (true, Some(company)) = (operator.has_planning(), companies.first()) {
        let key = producer::make(config, operator, company).await?;
        let password = account::PASSWORD;
        writeln!(offer, "    to plan        login {}  password {password}", producer::PRODUCER)?;
        writeln!(offer, "    back office    /staff  login {}  password {password}", producer::DISPATCHER)?;
        writeln!(offer, "                   key of its authenticator {key}")?;
    }
    fs::write(kept, &offer)?;
    Ok(offer)
}

/// What somebody needs to register.
fn candidate(customer: &DemoCustomer) -> String {
    let DemoCustomer { tax_id, contract_number, name, .. } = customer;
    let id = match customer.kind {
        CustomerKind::Individual => "PESEL",
        CustomerKind::Business => "NIP",
    };
    format!("    to register    {id:<5} {tax_id:<12} contract {contract_number:<16} ({name})\n")
}

/// What there is to try.
fn welcome(services: &Services, offers: &[String]) -> String {
    let public = &services.settings().public;
    let mut lines = vec![String::new(), "OpenBOK demo. Stop it with Ctrl+C; its data stay.".to_owned()];
    for (operator, offer) in services.operators().iter().zip(offers) {
        lines.push(format!("\n  {:<32} {}\n{offer}", public.link(operator, "/"), operator.name).trim_end().to_owned());
    }
    lines.push("\n  Mails are kept at /dev/mailbox of each address.\n".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_services::Operators;

    #[test]
    fn writes_profiles_that_are_right_into_an_empty_folder_only() {
        let folder = tempfile::tempdir().unwrap();
        write_profiles(folder.path()).unwrap();
        assert_eq!(Operators::read(folder.path()).unwrap().iter().count(), 5);
        fs::remove_file(folder.path().join("ebok.toml")).unwrap();
        write_profiles(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "what the administrator removed stays removed");
    }
}
