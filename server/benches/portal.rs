//! Measures the release build as customers and operators meet it, and prints the figures:
//! pages a second and their slowest hundredth, sign-ins against what argon2id allows, memory, bytes of a first visit,
//! import, and how the invoice list behaves as the database grows.
//!
//! `OPENBOK_BENCH_SECONDS` (5) is the length of each load; `OPENBOK_BENCH_CUSTOMERS` (100,000) and
//! `OPENBOK_BENCH_INVOICES` (1,000,000) are the size of the large database.
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod measure;

use std::time::Duration;

use measure::client::{self, BROTLI, Load, PLAIN};
use measure::server::Server;

/// Browsers that ask at once.
const CONNECTIONS: usize = 32;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn line(what: &str, figure: impl std::fmt::Display) {
    println!("{what:<58} {figure}");
}

fn show(what: &str, load: &Load) {
    let Load { per_second, p50, p99, .. } = load;
    let figures = format!("{per_second:>8.0}/s   p50 {:>6.2} ms   p99 {:>6.2} ms", ms(*p50), ms(*p99));
    line(what, figures);
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn mb(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn main() -> anyhow::Result<()> {
    // `cargo test` runs benches too, to see that they start; that would be a long wait for nothing.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let length = Duration::from_secs(setting("OPENBOK_BENCH_SECONDS", 5));
    let folder = tempfile::tempdir()?;
    let server = Server::prepare(folder.path())?;
    let reader = server.make_reader(1_000).await?;
    let people = server.make_people().await?;

    let running = server.start()?;
    let address = running.address();
    line("memory, idle", mb(running.memory()?.0));
    let session = client::session(address, &reader).await?;
    let show_page = async |name: &str, address, page: String| {
        let load = client::load(address, CONNECTIONS, length, |_| page.clone()).await?;
        show(name, &load);
        anyhow::Ok(load.p99)
    };
    let page = |encoding| client::get("/sign-in", None, encoding);
    show_page("sign-in page", address, page(PLAIN)).await?;
    show_page("sign-in page, brotli", address, page(BROTLI)).await?;
    let list = |encoding| client::get("/invoices", Some(&session), encoding);
    let small = show_page("list of 50 of 1,000 invoices", address, list(PLAIN)).await?;
    show_page("list of 50 of 1,000 invoices, brotli", address, list(BROTLI)).await?;
    line("memory, at its peak so far", mb(running.memory()?.1));

    let bare = measure::bare_argon2(length)?;
    let full = client::load(address, people.len(), length, |number| client::sign_in(&people[number])).await?;
    line("argon2id alone", format!("{bare:>8.1}/s"));
    line("full sign-ins", format!("{:>8.1}/s = {:.0} %", full.per_second, 100.0 * full.per_second / bare));
    line("memory, at its peak, every place for hashing in use", mb(running.memory()?.1));
    for (name, path, session) in [("sign-in page", "/sign-in", None), ("home page", "/", Some(session.as_str()))] {
        for (kind, bytes) in client::first_load(address, path, session).await? {
            line(&format!("first load of the {name}, {kind}, brotli"), format!("{bytes:>8} B"));
        }
    }
    drop(running);

    let customers = setting("OPENBOK_BENCH_CUSTOMERS", 100_000);
    let took = server.import_customers(customers)?;
    // Each comes with a contract, a payer and a supply point.
    let rows = 4 * customers;
    let speed = rows as f64 / took.as_secs_f64();
    line(
        &format!("import of {customers} customers, {rows} rows"),
        format!("{:>8.1} s = {speed:.0} rows/s", took.as_secs_f64()),
    );
    let invoices = setting("OPENBOK_BENCH_INVOICES", 1_000_000);
    server.import_invoices(invoices)?;
    let running = server.start()?;
    let address = running.address();
    let list = client::get("/invoices", Some(&client::session(address, &reader).await?), PLAIN);
    let grown = show_page(&format!("list of 50 of {invoices} invoices"), address, list).await?;
    line("its p99 against that of 1,000 invoices", format!("{:>8.2} ×", ms(grown) / ms(small)));
    Ok(())
}
