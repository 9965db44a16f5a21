//! Formatting and lints. The server's side and the browser's are looked at apart: features of both at once
//! (`--workspace --all-features`) would build a portal that exists nowhere.

use crate::console::{Done, step};
use crate::machine::{Machine, run};
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
    step("formatting", || formatting(machine))?;
    step("lints of the server", || server(machine))?;
    step("lints of the browser's side", || browser(machine))?;
    step("lints of these commands", || commands(machine))
}

pub fn formatting(machine: &Machine) -> Done {
    run(machine.command("cargo").args(["fmt", "--all", "--check"]))?;
    run(machine.command("cargo").args(["fmt", "--check"]).args(&OWN_MANIFEST[..2]))
}

pub fn server(machine: &Machine) -> Done {
    run(machine
        .command("cargo")
        .args(["clippy", "--release", "--all-targets"])
        .args(SERVER_SIDE)
        .args(["--", "-Dwarnings"]))
}

pub fn browser(machine: &Machine) -> Done {
    let arguments = ["clippy", "--release", "-p", "openbok-frontend", "--target", "wasm32-unknown-unknown"];
    run(machine.command("cargo").args(arguments).args(["--", "-Dwarnings"]))
}

pub fn commands(machine: &Machine) -> Done {
    let with = |command: &str, rest: &[&str]| {
        run(machine.command("cargo").args([command, "--quiet", "--release"]).args(OWN_MANIFEST).args(rest))
    };
    with("clippy", &["--all-targets", "--", "-Dwarnings"])?;
    with("test", &[])
}
