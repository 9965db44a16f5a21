//! The portal's own build: what the browser downloads by cargo-leptos, the server by cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::console::{Done, Failure, step};
use crate::lint::SERVER_SIDE;
use crate::machine::{Machine, run};

/// The built portal. It lies in the project, so that a build elsewhere into the same target folder does not replace it
/// while it runs.
pub struct Portal {
    /// The server, with the file of the download names' hashes beside it.
    pub program: PathBuf,
    /// The folder of what browsers download.
    pub site: PathBuf,
}

impl Portal {
    fn of(machine: &Machine) -> Self {
        let folder = machine.root.join("target");
        Self { program: folder.join("portal/openbok"), site: folder.join("site") }
    }

    fn hashes(&self) -> PathBuf {
        self.program.with_file_name("hash.txt")
    }

    /// Tells a program that starts the portal where it is.
    pub fn describe_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("OPENBOK_BIN", &self.program).env("OPENBOK_SITE", &self.site)
    }

    /// A command of the portal itself.
    pub fn command(&self, machine: &Machine) -> Command {
        let mut command = machine.command(&self.program);
        command.env("OPENBOK_HTTP__SITE", &self.site);
        command
    }
}

/// Builds what changed, in the release profile.
pub fn build(machine: &Machine) -> Done<Portal> {
    build_with(machine, "release", &["-p", "openbok"])
}

/// Builds it as it is to be installed: minutes longer, for a server that answers faster.
pub fn build_to_install(machine: &Machine) -> Done<Portal> {
    build_with(machine, "dist", &["-p", "openbok"])
}

/// The same after the Rust tests, which started the very program: asked for in the same words, nothing of it is compiled
/// again.
pub fn build_as_tested(machine: &Machine) -> Done<Portal> {
    build_with(machine, "release", &[&["--tests"][..], &SERVER_SIDE].concat())
}

fn build_with(machine: &Machine, profile: &str, what: &[&str]) -> Done<Portal> {
    let portal = Portal::of(machine);
    step("building what the browser downloads", || build_site(machine, &portal))?;
    step("building the server", || {
        run(machine.command("cargo").args(["build", "--profile", profile]).args(what))?;
        take(&machine.target.join(profile).join("openbok"), &portal.program)
    })?;
    Ok(portal)
}

/// Builds what the browser downloads beside other work, silently: should it fail, the build that comes later says why.
pub fn build_site_ahead(machine: &Machine) {
    let portal = Portal::of(machine);
    if !is_site_new(machine, &portal) && site_build(machine).output().is_ok_and(|output| output.status.success()) {
        // Without its hashes the site is built again, too.
        let _ = take_hashes(machine, &portal);
    }
}

fn build_site(machine: &Machine, portal: &Portal) -> Done {
    if is_site_new(machine, portal) {
        println!("  nothing changed since it was built");
        return Ok(());
    }
    run(&mut site_build(machine))?;
    take_hashes(machine, portal)
}

fn site_build(machine: &Machine) -> Command {
    let mut cargo = machine.command("cargo");
    cargo.args(["leptos", "build", "--release", "--split", "--precompress", "--frontend-only"]);
    cargo
}

/// cargo-leptos writes them beside the server that it would have built.
fn take_hashes(machine: &Machine, portal: &Portal) -> Done {
    take(&machine.target.join("release/hash.txt"), &portal.hashes())
}

/// Whether nothing changed since it was built.
fn is_site_new(machine: &Machine, portal: &Portal) -> bool {
    let built = modified(&portal.hashes()).filter(|_| portal.site.join("pkg").is_dir());
    built.is_some_and(|built| newest_source(machine) < Some(built))
}

/// When anything changed that can end up in the browser.
fn newest_source(machine: &Machine) -> Option<SystemTime> {
    ["Cargo.toml", "Cargo.lock", "app", "frontend", "style"]
        .iter()
        .filter_map(|name| newest(&machine.root.join(name)))
        .max()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| newest(&entry.path())).chain(modified(path)).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|facts| facts.modified()).ok()
}

/// Copies a built file to its place in one moment: a server that runs from there keeps the file it was started from.
fn take(built: &Path, place: &Path) -> Done {
    let doing = || Failure::while_doing(format!("copying {} to {}", built.display(), place.display()));
    let new = place.with_extension("new");
    fs::create_dir_all(place.parent().unwrap_or(place)).map_err(doing())?;
    fs::copy(built, &new).map_err(doing())?;
    fs::rename(&new, place).map_err(doing())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_a_change_in_a_folder_within_a_folder() {
        let folder = std::env::temp_dir().join(format!("openbok-newest-{}", std::process::id()));
        fs::create_dir_all(folder.join("a/b")).unwrap();
        fs::write(folder.join("a/b/file"), "x").unwrap();
        let later = SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(1_000_000);
        fs::File::options().write(true).open(folder.join("a/b/file")).unwrap().set_modified(later).unwrap();
        assert_eq!(newest(&folder), Some(later));
        assert_eq!(newest(&folder.join("nothing")), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
