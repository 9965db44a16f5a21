//! Formatting and lints. The server's side and the browser's are looked at apart: features of both at once
//! (`--workspace --all-features`) would build a portal that exists nowhere.

use crate::console::Done;
use crate::machine::{Machine, run};
use crate::report::Report;
use crate::setup::{self, Scope};

/// Everything that runs on the server, with the features it runs with.
pub const SERVER_SIDE: [&str; 14] = [
    "-p",
    "openbok-domain",
    "-p",
    "openbok-locales",
    "-p",
    "openbok-storage",
    "-p",
    "openbok-services",
    "-p",
    "openbok-app",
    "-p",
    "openbok",
    "--features",
    "openbok-domain/calendar,openbok-domain/blocklist,openbok-app/ssr",
];

const OWN_MANIFEST: [&str; 4] = ["--manifest-path", ".cargo/xtask/Cargo.toml", "--target-dir", "target/xtask"];

pub fn lint(machine: &mut Machine) -> Done {
    setup::provide(machine, Scope::Rust)?;
    let mut report = Report::default();
    note_all(machine, &mut report);
    report.close()
}

/// All lints, as steps of a longer run.
pub fn note_all(machine: &Machine, report: &mut Report) {
    report.note("formatting", || formatting(machine));
    report.note("lints of the server", || server(machine));
    report.note("lints of the browser's side", || browser(machine));
    report.note("lints and tests of these commands", || commands(machine));
}

fn formatting(machine: &Machine) -> Done {
    run(machine.command("cargo").args(["fmt", "--all", "--check"]))?;
    run(machine.command("cargo").args(["fmt", "--check"]).args(&OWN_MANIFEST[..2]))
}

fn server(machine: &Machine) -> Done {
    run(machine
        .command("cargo")
        .args(["clippy", "--release", "--all-targets"])
        .args(SERVER_SIDE)
        .args(["--", "-Dwarnings"]))
}

fn browser(machine: &Machine) -> Done {
    let arguments = ["clippy", "--release", "-p", "openbok-frontend", "--target", "wasm32-unknown-unknown"];
    run(machine.command("cargo").args(arguments).args(["--", "-Dwarnings"]))
}

fn commands(machine: &Machine) -> Done {
    let with = |command: &str, rest: &[&str]| {
        run(machine.command("cargo").args([command, "--quiet", "--release"]).args(OWN_MANIFEST).args(rest))
    };
    with("clippy", &["--all-targets", "--", "-Dwarnings"])?;
    with("test", &[])
}
