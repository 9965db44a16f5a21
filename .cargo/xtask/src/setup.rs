//! What the machine must have: each piece is looked for, and installed only where it is missing.

use std::fs;

use crate::console::{Done, Failure, step};
use crate::machine::{Machine, read, run};
use crate::{postgres, rust};

/// How much of the machine a command needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To build and start the portal.
    Portal,
    /// Also to lint it and to run the Rust tests.
    Rust,
    /// Also to drive it in a browser.
    Everything,
}

struct Piece {
    name: &'static str,
    scope: Scope,
    /// What is there, in a word or two; `None` when it is missing or too old.
    find: fn(&Machine) -> Option<String>,
    install: fn(&Machine) -> Done,
    /// What to do where it cannot be installed from here.
    advice: &'static str,
}

const CARGO_LEPTOS: &str = "0.3.11";
const SASS: &str = "1.108.2";
const BINARYEN: &str = "132.0.0";

/// Where systems put the mail server of the tests.
const DOVECOTS: [&str; 2] = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"];

/// What systems with a database of time zones have.
const ZONE_FILE: &str = "/usr/share/zoneinfo/Europe/Kyiv";

/// Older ones do not know what today's Rust writes; Debian's is one of them.
const OLDEST_WASM_OPT: u32 = 120;
const OLDEST_NODE: u32 = 18;

/// Chromium without windows: the journeys take two thirds of the time in it. Debian's name of the package and the program.
const HEADLESS_SHELL: &str = "chromium-headless-shell";

const PIECES: [Piece; 11] = [
    Piece {
        name: "C compiler",
        scope: Scope::Portal,
        find: |machine| first_line(machine, "cc", &["--version"]),
        install: |machine| machine.apt_install(&["gcc", "libc6-dev"]),
        advice: "install a C compiler that answers to `cc` (gcc or clang): SQLite and the TLS library need it",
    },
    Piece {
        name: "Node.js and npm",
        scope: Scope::Portal,
        find: find_node,
        install: |machine| machine.apt_install(&["nodejs", "npm"]),
        advice: "install Node.js 18 or newer with npm, from https://nodejs.org or your system",
    },
    Piece {
        name: "sass",
        scope: Scope::Portal,
        find: |machine| first_line(machine, "sass", &["--version"]),
        install: install_npm_tools,
        advice: "`npm install -g sass` by hand shows what npm lacks",
    },
    Piece {
        name: "wasm-opt",
        scope: Scope::Portal,
        find: |machine| first_line(machine, "wasm-opt", &["--version"]).filter(|line| is_new_wasm_opt(line)),
        install: install_npm_tools,
        advice: "`npm install -g binaryen` by hand shows what npm lacks",
    },
    Piece {
        name: "wasm-bindgen",
        scope: Scope::Portal,
        find: |machine| {
            let wanted = format!("wasm-bindgen {}", locked_wasm_bindgen(machine).ok()?);
            first_line(machine, "wasm-bindgen", &["--version"]).filter(|line| *line == wanted)
        },
        install: |machine| {
            // Its own lock file names a version that was withdrawn.
            install_cargo_tool(machine, "wasm-bindgen-cli", &locked_wasm_bindgen(machine)?, &[], "1")
        },
        advice: "`cargo install wasm-bindgen-cli` in the version that Cargo.lock names for wasm-bindgen",
    },
    Piece {
        name: "cargo-leptos",
        scope: Scope::Portal,
        find: |machine| {
            let wanted = format!("cargo-leptos {CARGO_LEPTOS}");
            first_line(machine, "cargo-leptos", &["--version"]).filter(|line| *line == wanted)
        },
        install: |machine| install_cargo_tool(machine, "cargo-leptos", CARGO_LEPTOS, &["--locked"], "0"),
        advice: "`cargo install --locked cargo-leptos@0.3.11` by hand shows what is missing",
    },
    Piece {
        name: "rustfmt and clippy",
        scope: Scope::Rust,
        find: |machine| {
            let formatter = first_line(machine, "cargo", &["fmt", "--version"])?;
            Some(format!("{formatter}, {}", first_line(machine, "cargo", &["clippy", "--version"])?))
        },
        install: |machine| run(machine.command("rustup").args(["component", "add", "rustfmt", "clippy"])),
        advice: "`rustup component add rustfmt clippy`, or Debian's packages rustfmt-web and rust-web-clippy",
    },
    Piece {
        name: "PostgreSQL",
        scope: Scope::Rust,
        find: postgres::find,
        install: |machine| machine.apt_install(&["postgresql"]),
        advice: "install PostgreSQL 15 or newer, or name a running server's superuser in OPENBOK_TEST_POSTGRES=postgres://…",
    },
    Piece {
        name: "poppler",
        scope: Scope::Rust,
        // It says its version on the error output.
        find: |machine| read(machine.command("pdftotext").arg("-v")).map(|_| "pdftotext".to_owned()),
        install: |machine| machine.apt_install(&["poppler-utils"]),
        advice: "install poppler's tools (Debian's poppler-utils): the tests read back the documents that the portal writes",
    },
    Piece {
        name: "dovecot",
        scope: Scope::Rust,
        // Its folder is on the path of root only.
        find: |machine| DOVECOTS.iter().find_map(|program| first_line(machine, program, &["--version"])),
        install: |machine| machine.apt_install(&["dovecot-imapd"]),
        advice: "install dovecot with IMAP (Debian's dovecot-imapd): the tests read letters from a mailbox of their own on it",
    },
    Piece {
        name: "time zones",
        scope: Scope::Rust,
        find: |_| fs::exists(ZONE_FILE).ok().filter(|is_there| *is_there).map(|_| ZONE_FILE.to_owned()),
        install: |machine| machine.apt_install(&["tzdata"]),
        advice: "install tzdata: the tests compare the portal's days with the system's",
    },
];

const BROWSER: Piece = Piece {
    name: "Chromium",
    scope: Scope::Everything,
    find: chromium,
    install: |machine| machine.apt_install(&["chromium"]),
    advice: "install Chromium or Google Chrome, or name its program in OPENBOK_CHROMIUM: the browser journeys need it",
};

/// Finds or installs everything that `scope` needs; may be interrupted and called again at any time.
pub fn provide(machine: &mut Machine, scope: Scope) -> Done {
    rust::provide(machine)?;
    for piece in PIECES.iter().filter(|piece| piece.scope <= scope) {
        provide_piece(machine, piece)?;
    }
    if scope == Scope::Everything {
        provide_browser(machine)?;
        provide_browser_tests(machine)?;
    }
    Ok(())
}

/// The quick browser where the system has it to offer, else any.
fn provide_browser(machine: &Machine) -> Done {
    let is_quick = named_browser().is_some() || machine.which(HEADLESS_SHELL).is_some();
    if !is_quick && read(machine.command("apt-cache").args(["show", HEADLESS_SHELL])).is_some() {
        let installed = step("installing Chromium's headless shell", || machine.apt_install(&[HEADLESS_SHELL]));
        if let Err(failure) = installed {
            println!("  {failure}; going on with any Chromium");
        }
    }
    provide_piece(machine, &BROWSER)
}

fn provide_piece(machine: &Machine, piece: &Piece) -> Done {
    let name = piece.name;
    if let Some(found) = (piece.find)(machine) {
        println!("✓ {name}: {found}");
        return Ok(());
    }
    step(&format!("installing {name}"), || {
        (piece.install)(machine)?;
        let found =
            (piece.find)(machine).ok_or_else(|| Failure::new(format!("{name} was installed but is not found")))?;
        println!("  {found}");
        Ok(())
    })
    .map_err(|failure| Failure::new(format!("{failure}\n  {name} is missing: {}", piece.advice)))
}

/// The packages of the browser journeys, exactly as their lock file names them.
fn provide_browser_tests(machine: &Machine) -> Done {
    let folder = machine.root.join("end2end");
    // npm does not say whether what it installed is still what the lock file wants: a copy of the file does.
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.installed-lock.json"));
    let wanted = fs::read(&lock).map_err(Failure::while_doing(format!("reading {}", lock.display())))?;
    if fs::read(&installed).is_ok_and(|present| present == wanted) {
        println!("✓ packages of the browser journeys");
        return Ok(());
    }
    step("packages of the browser journeys", || {
        let mut npm = machine.command("npm");
        npm.current_dir(&folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        run(npm.args(["ci", "--no-audit", "--no-fund"]))?;
        fs::write(&installed, wanted).map_err(Failure::while_doing("noting what was installed"))
    })
}

/// Whether the quicker test runner is there; `cargo test` does without.
pub fn has_nextest(machine: &Machine) -> bool {
    first_line(machine, "cargo", &["nextest", "--version"]).is_some()
}

/// The browser of the journeys.
pub fn chromium(machine: &Machine) -> Option<String> {
    let usual = [HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let find = || usual.iter().find_map(|name| machine.which(name)).map(|program| program.display().to_string());
    named_browser().or_else(find)
}

fn named_browser() -> Option<String> {
    std::env::var("OPENBOK_CHROMIUM").ok().filter(|program| !program.is_empty())
}

fn find_node(machine: &Machine) -> Option<String> {
    let node = first_line(machine, "node", &["--version"]).filter(|line| is_new_node(line))?;
    Some(format!("{node}, npm {}", first_line(machine, "npm", &["--version"])?))
}

fn is_new_node(line: &str) -> bool {
    let major = line.strip_prefix('v').and_then(|version| version.split('.').next());
    major.and_then(|major| major.parse().ok()).is_some_and(|major: u32| major >= OLDEST_NODE)
}

fn is_new_wasm_opt(line: &str) -> bool {
    let number = line.split(' ').nth(2);
    number.and_then(|number| number.parse().ok()).is_some_and(|number: u32| number >= OLDEST_WASM_OPT)
}

/// The version that the browser's part is linked with; the command must be of the same.
fn locked_wasm_bindgen(machine: &Machine) -> Done<String> {
    let file = machine.root.join("Cargo.lock");
    let lock = fs::read_to_string(&file).map_err(Failure::while_doing(format!("reading {}", file.display())))?;
    locked_version(&lock, "wasm-bindgen").ok_or_else(|| Failure::new("Cargo.lock names no version of wasm-bindgen"))
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let line = lock.lines().skip_while(|line| *line != name).nth(1)?;
    Some(line.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

fn first_line(machine: &Machine, program: &str, arguments: &[&str]) -> Option<String> {
    read(machine.command(program).args(arguments))?.lines().next().map(str::to_owned)
}

/// Both tools at once and in a folder of ours: no rights of root, and no other project's versions.
fn install_npm_tools(machine: &Machine) -> Done {
    let folder = machine.cache.join("npm");
    fs::create_dir_all(&folder).map_err(Failure::while_doing("making the folder of the npm tools"))?;
    let mut npm = machine.command("npm");
    npm.arg("install").arg("--prefix").arg(folder).args(["--no-audit", "--no-fund"]);
    run(npm.args([format!("sass@{SASS}"), format!("binaryen@{BINARYEN}")]))
}

/// Ready-made through cargo-binstall where that is installed, else compiled without optimisation: these tools wait
/// for the compiler, and their own release profiles would cost a quarter of an hour.
fn install_cargo_tool(machine: &Machine, name: &str, version: &str, options: &[&str], optimisation: &str) -> Done {
    let tools = machine.cache.join("tools");
    if machine.which("cargo-binstall").is_some() {
        let mut binstall = machine.command("cargo-binstall");
        binstall.args(["--no-confirm", "--disable-strategies", "compile", "--root"]).arg(&tools);
        if run(binstall.arg(format!("{name}@{version}"))).is_ok() {
            return Ok(());
        }
    }
    let build = tools.join("build");
    let mut cargo = machine.command("cargo");
    cargo.env("CARGO_TARGET_DIR", &build).env_remove("CARGO_INCREMENTAL").env_remove("RUSTFLAGS");
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimisation);
    cargo.args(["install", name, "--version", version, "--force"]).args(options);
    run(cargo.arg("--root").arg(&tools))?;
    fs::remove_dir_all(build).map_err(Failure::while_doing("tidying up"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_locked_version_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "sqlx"), None);
    }

    #[test]
    fn refuses_tools_that_are_too_old() {
        assert!(is_new_wasm_opt("wasm-opt version 132 (version_132)"));
        assert!(!is_new_wasm_opt("wasm-opt version 108"));
        assert!(!is_new_wasm_opt(""));
        assert!(is_new_node("v20.20.2"));
        assert!(!is_new_node("v16.1.0"));
    }
}
