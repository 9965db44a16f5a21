//! A Rust that builds for WebAssembly with link-time optimisation: the one on the path, the one rustup completes,
//! or Debian's, whose standard library for WebAssembly is built here once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use crate::console::{Done, Failure, step};
use crate::machine::{Machine, read, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// cargo-leptos asks for it.
const OLDEST: (u32, u32) = (1, 96);

/// Debian's compiler for browser packages, kept at a recent version in its stable releases too.
const DEBIAN: [&str; 7] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22", "rust-web-clippy", "rustfmt-web"];

const ADVICE: &str = "\
  without a Rust that builds for WebAssembly nothing can go on. With a network: install rustup from https://rustup.rs,
  then `rustup update stable` and `rustup target add wasm32-unknown-unknown`";

/// How long rustup may take: a standard library on a slow line, but not a server that never answers.
const RUSTUP_LIMIT: Duration = Duration::from_mins(5);

/// Chooses the Rust for everything that follows and completes it where something is missing.
pub fn provide(machine: &mut Machine) -> Done {
    step("Rust with WebAssembly", || {
        if let Some(missing) = missing_in(machine) {
            println!("  {missing}");
            if debian_is_complete(machine) || !completed_by_rustup(machine) {
                complete_by_debian(machine).map_err(|failure| Failure::new(format!("{failure}\n{ADVICE}")))?;
            }
        }
        println!("  {}", version_line(machine));
        Ok(())
    })
}

/// What the Rust on the path lacks, or `None` when it can build the whole portal.
fn missing_in(machine: &Machine) -> Option<String> {
    let line = version_line(machine);
    match version(&line) {
        None => Some("there is no Rust on the path".to_owned()),
        Some(found) if found < OLDEST => Some(format!("{line} is older than {}.{}", OLDEST.0, OLDEST.1)),
        Some(_) if !builds_wasm(machine) => Some(format!("{line} cannot build for WebAssembly yet")),
        Some(_) => None,
    }
}

fn version_line(machine: &Machine) -> String {
    read(machine.command("rustc").arg("--version")).unwrap_or_default()
}

/// `rustc 1.96.0 (…)` is (1, 96).
fn version(line: &str) -> Option<(u32, u32)> {
    let mut parts = line.strip_prefix("rustc ")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Builds the smallest browser library the way the portal's is built: only this shows that the standard library is
/// there, belongs to this compiler, holds the bitcode for link-time optimisation, and that the linker works.
fn builds_wasm(machine: &Machine) -> bool {
    let folder = std::env::temp_dir().join(format!("openbok-probe-{}", std::process::id()));
    let source = folder.join("probe.rs");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&source, "pub fn probe() -> String { format!(\"{:?}\", std::env::args()) }"));
    let mut compiler = machine.command("rustc");
    compiler.args(["--edition", "2024", "--crate-type", "cdylib", "--target", TARGET, "-Clto=fat", "-o"]);
    let works = written.is_ok() && read(compiler.arg(folder.join("probe.wasm")).arg(source)).is_some();
    // A leftover in the folder for temporary files harms nobody.
    let _ = fs::remove_dir_all(folder);
    works
}

fn completed_by_rustup(machine: &Machine) -> bool {
    if machine.which("rustup").is_none() {
        return false;
    }
    let rustup = |arguments: &[&str]| run_within(RUSTUP_LIMIT, machine.command("rustup").args(arguments));
    let is_old = version(&version_line(machine)).is_none_or(|found| found < OLDEST);
    let newest = if is_old { rustup(&["update", "stable", "--no-self-update"]) } else { Ok(()) };
    let missing = match newest.and_then(|()| rustup(&["target", "add", TARGET])) {
        Ok(()) => missing_in(machine),
        Err(failure) => Some(failure.to_string()),
    };
    if let Some(missing) = &missing {
        println!("  rustup could not complete it: {missing}");
    }
    missing.is_none()
}

fn complete_by_debian(machine: &mut Machine) -> Done {
    if !debian_is_complete(machine) {
        step("Debian's Rust (about 20 s)", || machine.apt_install(&DEBIAN))?;
    }
    machine.use_rust_of(Path::new("/usr/bin"));
    if !builds_wasm(machine) {
        step("standard library for WebAssembly (about 45 s)", || build_std(machine))?;
    }
    missing_in(machine).map_or(Ok(()), |missing| Err(Failure::new(missing)))
}

/// Debian's packages are there and new enough. What they lack for WebAssembly is built by [`build_std`].
fn debian_is_complete(machine: &Machine) -> bool {
    let programs = ["rustc", "cargo", "cargo-clippy", "rustfmt", "rust-lld"];
    let line = read(machine.command("/usr/bin/rustc").arg("--version"));
    programs.iter().all(|program| Path::new("/usr/bin").join(program).is_file())
        && Path::new("/usr/lib/rustlib/src/rust/library").is_dir()
        && line.and_then(|line| version(&line)).is_some_and(|found| found >= OLDEST)
}

/// Builds Rust's standard library from its sources and puts it where the compiler looks for it. The bitcode is for
/// link-time optimisation of the browser's part.
fn build_std(machine: &Machine) -> Done {
    let work = machine.cache.join("wasm-std");
    let written = "writing the library that pulls in the standard one";
    // Libraries of an earlier compiler must not be taken for this one's.
    if work.exists() {
        fs::remove_dir_all(&work).map_err(Failure::while_doing(written))?;
    }
    fs::create_dir_all(work.join("src")).map_err(Failure::while_doing(written))?;
    let manifest = "[package]\nname = \"wasm-std\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(work.join("Cargo.toml"), manifest).map_err(Failure::while_doing(written))?;
    fs::write(work.join("src/lib.rs"), "").map_err(Failure::while_doing(written))?;

    let mut cargo = machine.command("cargo");
    cargo.current_dir(&work).env("CARGO_TARGET_DIR", work.join("target")).env_remove("CARGO_INCREMENTAL");
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes -Cdebuginfo=0");
    run(cargo
        .args(["build", "--release", "--target", TARGET])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro"))?;

    let libraries = work.join("lib");
    let copied = "gathering the built libraries";
    fs::create_dir(&libraries).map_err(Failure::while_doing(copied))?;
    for library in built_libraries(&work.join("target").join(TARGET).join("release/deps"))? {
        fs::copy(&library, libraries.join(library.file_name().unwrap_or_default()))
            .map_err(Failure::while_doing(copied))?;
    }
    let sysroot = read(machine.command("rustc").args(["--print", "sysroot"]))
        .ok_or_else(|| Failure::new("rustc does not say where its libraries are"))?;
    let place = Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib");
    // Renaming is one moment: an interruption leaves the old folder or the new one, never half of it.
    let put = "set -e; mkdir -p \"$2\"; rm -rf \"$2.new\" \"$2.old\"; cp -r \"$1\" \"$2.new\"; mv \"$2\" \"$2.old\"; mv \"$2.new\" \"$2\"; rm -rf \"$2.old\"";
    run(machine.command_as_root("sh")?.args(["-c", put, "put"]).args([&libraries, &place]))?;

    // cargo does not notice that the standard library is another one now.
    for stale in [machine.target.join("front"), machine.target.join(TARGET)] {
        if stale.exists() {
            fs::remove_dir_all(&stale).map_err(Failure::while_doing("removing artefacts of the former library"))?;
        }
    }
    fs::remove_dir_all(&work).map_err(Failure::while_doing("tidying up"))
}

fn built_libraries(folder: &Path) -> Done<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Failure::while_doing("looking for the built libraries"))?;
    Ok(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|file| is_of_std(file)).collect())
}

/// All libraries but the empty one they were built for.
fn is_of_std(file: &Path) -> bool {
    let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    file.extension().is_some_and(|extension| extension == "rlib") && !name.starts_with("libwasm_std-")
}

/// Like [`run`], ended when it takes longer than `limit`.
fn run_within(limit: Duration, command: &mut Command) -> Done {
    let (pause, what) = (Duration::from_millis(200), "running rustup");
    let mut child: Child = command.spawn().map_err(Failure::while_doing(what))?;
    for _ in 0..limit.as_millis() / pause.as_millis() {
        match child.try_wait().map_err(Failure::while_doing(what))? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(Failure::new(format!("it ended with {status}"))),
            None => sleep(pause),
        }
    }
    child.kill().and_then(|()| child.wait()).map_err(Failure::while_doing(what))?;
    Err(Failure::new(format!("no answer within {} minutes", limit.as_secs() / 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_compilers_version() {
        assert_eq!(version("rustc 1.96.0 (ac68faa20 2026-05-25)"), Some((1, 96)));
        assert_eq!(version("rustc 1.101.0-nightly (x)"), Some((1, 101)));
        assert_eq!(version(""), None);
        assert!(version("rustc 1.100.0") > Some(OLDEST), "compared as numbers, not as text");
    }

    #[test]
    fn takes_every_library_of_the_standard_library_and_not_its_carrier() {
        assert!(is_of_std(Path::new("libcore-999600244a22837e.rlib")));
        assert!(!is_of_std(Path::new("libwasm_std-0c8d.rlib")));
        assert!(!is_of_std(Path::new("libcore-999600244a22837e.rmeta")));
    }

    #[test]
    fn ends_a_program_that_takes_too_long() {
        assert!(run_within(Duration::from_secs(5), &mut Command::new("true")).is_ok());
        assert!(run_within(Duration::from_secs(5), &mut Command::new("false")).is_err());
        assert!(run_within(Duration::from_millis(400), Command::new("sleep").arg("20")).is_err());
    }
}
