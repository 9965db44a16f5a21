//! The program under measurement: its data, its accounts, its process.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use openbok::config::{Config, Source};
use openbok::demo::account;
use openbok_domain::{CustomerKind, Date, Operator};
use openbok_services::demo_data::{self, DemoCustomer, Story};
use openbok_services::testing;
use tokio::time::Instant;

use super::client::Person;

/// A deployment in a folder of its own.
pub struct Server {
    folder: PathBuf,
    operator: Arc<Operator>,
}

impl Server {
    pub fn prepare(folder: &Path) -> anyhow::Result<Self> {
        let operators = folder.join("openbok-data/operators");
        std::fs::create_dir_all(&operators)?;
        std::fs::write(operators.join("mojbok.toml"), testing::profile("mojbok"))?;
        Ok(Self { folder: folder.to_path_buf(), operator: testing::operator("mojbok") })
    }

    /// Brings in one customer with so many invoices; contract number and PESEL.
    pub fn import_invoices(&self, invoices: u64) -> anyhow::Result<(String, String)> {
        let delivery = self.folder.join("invoices");
        let customer = demo_data::bulk_invoices(&self.operator, &delivery, today()?, invoices)?;
        self.import(&delivery)?;
        Ok(customer)
    }

    /// Brings in so many customers with a contract each; how long that took.
    pub fn import_customers(&self, customers: u64) -> anyhow::Result<Duration> {
        let delivery = self.folder.join("customers");
        demo_data::bulk(&self.operator, &delivery, customers)?;
        let started = Instant::now();
        self.import(&delivery)?;
        Ok(started.elapsed())
    }

    fn import(&self, delivery: &Path) -> anyhow::Result<()> {
        let folder = delivery.to_str().context("the folder's name is UTF-8")?;
        let status = self.command().args(["import", "--operator", "mojbok", folder]).stdout(Stdio::null()).status()?;
        ensure!(status.success(), "the import ended with {status}");
        Ok(())
    }

    fn command(&self) -> Command {
        // As it is installed, where `cargo xtask bench` says so.
        let program = std::env::var_os("OPENBOK_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_openbok").into());
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        command
            .env("OPENBOK_LOG__LEVEL", "warn")
            .env("OPENBOK_MAIL__URL", "file:mails")
            .env("OPENBOK_HTTP__SCHEME", "http");
        if let Some(site) = std::env::var_os("OPENBOK_SITE") {
            command.env("OPENBOK_HTTP__SITE", site);
        }
        command
    }

    pub fn start(&self) -> anyhow::Result<Running> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = self.command();
        command.env("OPENBOK_HTTP__LISTEN", address.to_string()).env("OPENBOK_HTTP__NOTICE_SECONDS", "1");
        let running = Running { child: command.arg("serve").spawn()?, address };
        for _ in 0..100 {
            if TcpStream::connect(address).is_ok() {
                return Ok(running);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("the server does not start")
    }

    /// A customer with so many invoices who can sign in.
    pub async fn make_reader(&self, invoices: u64) -> anyhow::Result<Person> {
        let (contract_number, tax_id) = self.import_invoices(invoices)?;
        let customer = DemoCustomer {
            story: Story::ManyInvoices,
            customer_number: "reader".to_owned(),
            kind: CustomerKind::Individual,
            tax_id,
            name: String::new(),
            contract_number,
            personal_account: None,
            email: "reader@example.com".to_owned(),
            phone: "600700800".to_owned(),
        };
        self.make_account(&customer, "reader").await
    }

    /// A few customers who can sign in, more than there are processors to hash for them.
    pub async fn make_people(&self) -> anyhow::Result<Vec<Person>> {
        let delivery = self.folder.join("people");
        let customers = demo_data::write(&self.operator, &delivery, today()?, 1, 10)?;
        self.import(&delivery)?;
        let stories = [Story::Household, Story::SeveralContracts, Story::JustSigned];
        let mut people = Vec::new();
        for customer in customers.iter().filter(|customer| stories.contains(&customer.story)) {
            people.push(self.make_account(customer, &format!("person{}", people.len())).await?);
        }
        Ok(people)
    }

    async fn make_account(&self, customer: &DemoCustomer, login: &str) -> anyhow::Result<Person> {
        let database = self.folder.join("openbok-data/openbok.db");
        let settings = format!("[database]\nurl = \"sqlite:{}\"", database.display());
        let source = Source::parse("bench", &settings, std::iter::empty());
        let config = source.and_then(Config::read).map_err(|faults| anyhow!("{faults:?}"))?;
        account::make(&config, &self.operator, customer, login).await?;
        Ok((login.to_owned(), account::PASSWORD.to_owned()))
    }
}

fn today() -> anyhow::Result<Date> {
    Date::new(2026, 11, 20).context("a day of the calendar")
}

/// The server at work.
pub struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Resident memory in bytes: now, and at its highest.
    pub fn memory(&self) -> anyhow::Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let find = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
        };
        find("VmRSS:").zip(find("VmHWM:")).context("the system tells no memory")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
