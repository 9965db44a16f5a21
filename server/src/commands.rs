//! What the commands do, each with its exit status.

pub mod import;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use openbok_domain::staff::Roles;
use openbok_domain::{EmailAddress, Operator, OperatorSlug};
use openbok_services::{Actor, AuditHead, AuditState, Clock, ServiceError, Services, make_private_file};

use crate::cli::{Audit, Cli, Command, Staff};
use crate::config::Config;
use crate::portal::Portal;
use crate::{assembly, demo, serve, telemetry};

/// Reads the configuration and does what was asked.
pub fn run(cli: Cli) -> ExitCode {
    let is_demo = matches!(cli.command, Command::Demo);
    let config = match load(&cli, is_demo) {
        Ok(config) => config,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::FAILURE;
        }
    };
    if matches!(cli.command, Command::CheckConfig) {
        println!("The configuration and the operator profiles are right.");
        return ExitCode::SUCCESS;
    }
    if matches!(cli.command, Command::Import(_)) {
        import::stay_on_one_processor();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.context("the runtime does not start").and_then(|runtime| {
        telemetry::start_log(&config.log)?;
        runtime.block_on(execute(cli.command, config))
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("openbok: {}", told(&error));
        ExitCode::FAILURE
    })
}

/// An error with its causes, without those that the one before them quotes.
fn told(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.last().is_none_or(|last| !last.contains(&cause)) {
            told.push(cause);
        }
    }
    told.join(": ")
}

/// The configuration; the demo has defaults of its own, which also hold for commands on its data. What serves customers
/// must also be right as a whole, and `check-config` says whether it is.
fn load(cli: &Cli, is_demo: bool) -> Result<Config, Vec<String>> {
    let words = |faults: Vec<crate::config::Fault>| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    let is_for_customers = matches!(cli.command, Command::CheckConfig | Command::Serve);
    let file = cli.config.as_deref();
    let is_of_demo = !is_for_customers && demo::is_its_data(file);
    if is_of_demo && !is_demo {
        eprintln!("These are the data of a demo: its settings hold, unless others are configured.");
    }
    let has_demo_defaults = is_demo || is_of_demo;
    let config = if has_demo_defaults { demo::config(file) } else { Config::load(file) };
    let config = config.map_err(words)?;
    if is_for_customers {
        assembly::check(&config)?;
    }
    Ok(config)
}

async fn execute(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => {
            let socket = serve::bind(config.http.listen)?;
            let services = assembly::open_services(&config, Clock::system(), false).await?;
            serve::run(Portal::new(services, config, Some(telemetry::start_metrics()?), false), socket).await?;
        }
        Command::Demo => demo::run(config).await?,
        Command::Import(exchange) => {
            let (services, operator) = open_for(&config, &exchange.operator).await?;
            let status = import::run(&services, &operator, &exchange.folder).await;
            services.close().await;
            return status;
        }
        Command::Export(exchange) => {
            let (services, operator) = open_for(&config, &exchange.operator).await?;
            let folder = exchange.folder.display();
            let written = services.export(&operator, &exchange.folder).await;
            services.close().await;
            written.with_context(|| format!("not everything was written to {folder}"))?;
            println!("Written to {folder}.");
        }
        Command::Staff(Staff::Add { operator, email, name, role }) => {
            let (services, operator) = open_for(&config, &operator).await?;
            add_staff(&services, &operator, &email, &name, &role).await?;
            services.close().await;
        }
        Command::Staff(Staff::Unlock { operator, login, reason }) => {
            let (services, operator) = open_for(&config, &operator).await?;
            unlock(&services, &operator, &login, &reason).await?;
            services.close().await;
        }
        Command::Migrate => assembly::open_database(&config).await?.close().await,
        Command::CheckConfig => {}
        Command::Backup { file } => backup(&config, &file).await?,
        Command::Audit(Audit::Verify { head }) => return verify_audit(&open(&config).await?, head.as_ref()).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// The services for one command. Nothing but the worker of a server sends mail, so the demo's database is welcome too.
async fn open(config: &Config) -> anyhow::Result<Services> {
    let is_demo = config.mail.url.expose() == "mailbox";
    assembly::open_services(config, Clock::system(), is_demo).await
}

/// The same for one operator, who must be known before anything is made.
async fn open_for(config: &Config, slug: &OperatorSlug) -> anyhow::Result<(Services, Arc<Operator>)> {
    let operators = assembly::read_operators(config).map_err(|faults| anyhow!(faults.join("\n")))?;
    let operator = operators.find(slug).with_context(|| format!("there is no operator `{slug}`"))?;
    Ok((open(config).await?, operator))
}

async fn add_staff(
    services: &Services,
    operator: &Operator,
    email: &str,
    name: &str,
    roles: &[String],
) -> anyhow::Result<()> {
    let email = EmailAddress::parse(email).map_err(|fault| anyhow!("--email is {fault}"))?;
    let roles = roles.join(",").parse::<Roles>().map_err(|fault| anyhow!("--role is {fault}"))?;
    let name = if name.trim().is_empty() { email.as_str() } else { name.trim() };
    let link = services.add_staff(operator, name, &email, &roles).await?;
    println!("{link}");
    Ok(())
}

async fn unlock(services: &Services, operator: &Operator, login: &str, reason: &str) -> anyhow::Result<()> {
    if reason.trim().is_empty() {
        bail!("--reason must say why, and how the caller was identified");
    }
    match services.unlock(operator, login, Actor::CommandLine, reason).await {
        Ok(true) => println!("Unlocked. The customer gets a mail; the password is as it was."),
        Ok(false) => println!("This account is not locked. Nothing was changed, and no mail is sent."),
        Err(ServiceError::NotFound) => bail!("{} has no account with this login", operator.slug),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn backup(config: &Config, file: &Path) -> anyhow::Result<()> {
    if config.sqlite_file().is_none() {
        bail!(
            "PostgreSQL has its own tool. Run:\n  pg_dump --format=custom --file={} \"$OPENBOK_DATABASE__URL\"",
            file.display()
        );
    }
    let name = file.to_str().context("the file's name is not UTF-8")?;
    let db = assembly::connect(config).await?;
    // For nobody else to read, whatever the shell would allow.
    match make_private_file(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!("{} exists already", file.display()),
        opened => drop(opened.with_context(|| format!("{} cannot be written", file.display()))?),
    }
    let copied = db.copy_to(name).await;
    db.close().await;
    if let Err(error) = copied {
        // Half a copy must not pass for one.
        fs::remove_file(file)?;
        return Err(anyhow!(error).context("the database cannot be copied"));
    }
    println!(
        "{} is a complete copy of the database. It is unreadable without {}; delivered documents lie in {}.",
        file.display(),
        config.secrets_file.display(),
        config.files_dir.display()
    );
    Ok(())
}

async fn verify_audit(services: &Services, kept: Option<&AuditHead>) -> anyhow::Result<ExitCode> {
    let head = services.audit_head().await?;
    Ok(match services.verify_audit(kept).await? {
        AuditState::Whole { entries } => {
            println!("The audit log is whole: {entries} entries, the end is {head}.");
            ExitCode::SUCCESS
        }
        AuditState::Broken { seq } => {
            println!("Entry {seq} of the audit log is missing, changed, out of order or behind the log's end.");
            ExitCode::FAILURE
        }
    })
}
