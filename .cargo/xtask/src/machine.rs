//! This machine: where the project, its artefacts and our own tools are, and how programs are started on it.

use std::env;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::console::{Done, Failure};

/// Folders and the search path that every started program gets.
pub struct Machine {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo writes: `CARGO_TARGET_DIR`, or `target` of the workspace.
    pub target: PathBuf,
    /// Tools installed by the set-up, kept between clones: `OPENBOK_CACHE`, or `~/.cache/openbok`.
    pub cache: PathBuf,
    /// The folder whose Rust wins over the others, where one was chosen.
    rust: Option<PathBuf>,
}

impl Machine {
    pub fn find() -> Done<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().map_err(Failure::while_doing("looking for the project's folder"))?;
        let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(|value| root.join(value));
        let target = folder("CARGO_TARGET_DIR").unwrap_or_else(|| root.join("target"));
        let cache = folder("OPENBOK_CACHE")
            .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("openbok")))
            .or_else(|| folder("HOME").map(|home| home.join(".cache/openbok")))
            .ok_or_else(|| Failure::new("neither OPENBOK_CACHE nor HOME is set: set one, the tools are kept there"))?;
        Ok(Self { root, target, cache, rust: None })
    }

    /// From now on the compiler and cargo are those of `folder`.
    pub fn use_rust_of(&mut self, folder: &Path) {
        self.rust = Some(folder.to_owned());
    }

    /// Folders searched for programs: our own tools, the chosen Rust, then those of the person who called.
    fn path(&self) -> Vec<PathBuf> {
        let mut path = vec![self.cache.join("tools/bin"), self.cache.join("npm/node_modules/.bin")];
        path.extend(self.rust.clone());
        path.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
        path
    }

    /// The first program of this name on the search path.
    pub fn which(&self, program: &str) -> Option<PathBuf> {
        self.path().iter().map(|folder| folder.join(program)).find(|file| file.is_file())
    }

    /// A program that will run in the project's folder, without what cargo told this one about itself.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        if let Ok(path) = env::join_paths(self.path()) {
            command.env("PATH", path);
        }
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_about_this_program) {
                command.env_remove(&name);
            }
        }
        command
    }

    /// The same with the rights of root: apt and the compiler's own folder need them.
    pub fn command_as_root(&self, program: &str) -> Done<Command> {
        if self.is_root() {
            return Ok(self.command(program));
        }
        let sudo =
            self.which("sudo").ok_or_else(|| Failure::new("this needs root, and there is no sudo: run it as root"))?;
        let mut command = self.command(sudo);
        if !std::io::stdin().is_terminal() {
            command.arg("-n");
        }
        command.arg(program);
        Ok(command)
    }

    pub fn is_root(&self) -> bool {
        read(self.command("id").arg("-u")).is_some_and(|id| id == "0")
    }

    /// Installs packages where there is apt; says what to do where there is none.
    pub fn apt_install(&self, packages: &[&str]) -> Done {
        if self.which("apt-get").is_none() {
            return Err(Failure::new(format!(
                "there is no apt-get here; install it by your system's means (Debian calls it {})",
                packages.join(", ")
            )));
        }
        // A source that does not answer (somebody's private one) must not stop the others.
        if let Err(failure) = run(self.command_as_root("apt-get")?.args(["update", "-q"])) {
            println!("  {failure}; going on with the package lists at hand");
        }
        let mut install = self.command_as_root("env")?;
        install.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y", "--no-install-recommends"]);
        run(install.args(packages))
    }
}

/// `cargo run` describes the started program in variables that build scripts of the portal would take for theirs.
fn is_about_this_program(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_MANIFEST_")
        || matches!(variable, "CARGO" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE")
}

/// Shows the command, runs it with its output visible, and fails when it fails.
pub fn run(command: &mut Command) -> Done {
    let line = shown(command);
    println!("  $ {line}");
    let status = command.status().map_err(Failure::while_doing(format!("starting `{line}`")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` ended with {status}"))) }
}

/// Runs a question to the system quietly: its output without the last line break, or `None` when it failed.
pub fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_cargo_says_about_this_program_from_the_portals_build() {
        for own in ["CARGO", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO_BIN_NAME"] {
            assert!(is_about_this_program(own), "{own}");
        }
        for wanted in ["CARGO_TARGET_DIR", "CARGO_HOME", "CARGO_INCREMENTAL", "CARGO_NET_OFFLINE", "PATH"] {
            assert!(!is_about_this_program(wanted), "{wanted}");
        }
    }

    #[test]
    fn reads_nothing_from_a_command_that_fails() {
        assert_eq!(read(Command::new("sh").args(["-c", "echo one; exit 0"])).as_deref(), Some("one"));
        assert_eq!(read(Command::new("sh").args(["-c", "echo one; exit 1"])), None);
        assert_eq!(read(&mut Command::new("/nowhere/at-all")), None);
    }
}
