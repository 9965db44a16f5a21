//! A PostgreSQL of one's own for the length of a test run: fresh, on its own port, gone afterwards whatever happens.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::console::{Done, Failure};
use crate::machine::{Machine, read};

/// Where tests look for the server: an URL of its superuser. They make a database each.
pub const VARIABLE: &str = "OPENBOK_TEST_POSTGRES";

/// Starts the server ($1 programs, $2 folder, $3 port), says so, and stops it when its input ends: that happens when
/// this program ends in any way, even by `kill -9`. A test database may lose everything, so nothing waits for the disk.
const KEEPER: &str = r#"
umask 077
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 || { cat "$2/log" >&2; exit 1; }
"$1/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 -c max_connections=400 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c timezone=UTC >>"$2/log" 2>&1 &
server=$!
until "$1/pg_isready" -q -h 127.0.0.1 -p "$3"; do
    kill -0 $server 2>/dev/null || { cat "$2/log" >&2; rm -rf "$2"; exit 1; }
    sleep 0.1
done
echo ready
read -r _
kill -INT $server
wait $server
rm -rf "$2"
"#;

/// A running server; dropping it stops it and removes its data.
pub struct Cluster {
    /// What goes into [`VARIABLE`].
    pub url: String,
    keeper: Option<Child>,
}

/// Which server the tests would use.
pub fn find(machine: &Machine) -> Option<String> {
    if named().is_some() {
        return Some(format!("the one of {VARIABLE}"));
    }
    read(machine.command(programs(machine)?.join("postgres")).arg("--version"))
}

/// Starts a server, or takes the one that the caller named.
pub fn start(machine: &Machine) -> Done<Cluster> {
    if let Some(url) = named() {
        return Ok(Cluster { url, keeper: None });
    }
    let programs = programs(machine).ok_or_else(|| Failure::new("PostgreSQL is not installed: `cargo xtask setup`"))?;
    // Not under the target folder: that may lie in a home that the user postgres may not enter, and the path of a
    // socket must be short.
    let folder = std::env::temp_dir().join(format!("openbok-postgres-{}", std::process::id()));
    let making = "making the folder of the test database";
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing(making))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::while_doing(making))?;
    let port = free_port()?;

    let mut shell = machine.command("sh");
    shell.args(["-c", KEEPER, "keeper"]).args([&programs, &folder]).arg(port.to_string()).current_dir(&folder);
    if machine.is_root() {
        let id = |flag| read(machine.command("id").args([flag, "postgres"])).and_then(|id| id.parse::<u32>().ok());
        let (Some(user), Some(group)) = (id("-u"), id("-g")) else {
            return Err(Failure::new("PostgreSQL does not run as root, and there is no user postgres: make one"));
        };
        chown(&folder, Some(user), Some(group)).map_err(Failure::while_doing(making))?;
        shell.uid(user).gid(group);
    }
    // In a group of its own, so that Ctrl-C ends the tests first and the database after them.
    let keeper = shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut cluster = Cluster {
        url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
        keeper: Some(keeper.map_err(Failure::while_doing("starting PostgreSQL"))?),
    };
    cluster.wait_until_ready()?;
    println!("  PostgreSQL for the tests: {}", cluster.url);
    Ok(cluster)
}

impl Cluster {
    fn wait_until_ready(&mut self) -> Done {
        let output = self.keeper.as_mut().and_then(|keeper| keeper.stdout.take());
        let mut line = String::new();
        let answer = output.map(|output| BufReader::new(output).read_line(&mut line));
        if matches!(answer, Some(Ok(_))) && line.trim() == "ready" {
            return Ok(());
        }
        Err(Failure::new("PostgreSQL did not start; its own words are above"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            if let Err(reason) = keeper.wait() {
                eprintln!("the test database may still be running: {reason}");
            }
        }
    }
}

fn named() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|url| !url.is_empty())
}

/// The folder with the newest server's programs: Debian keeps them off the path, one folder a version.
fn programs(machine: &Machine) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort();
    let debian = found.into_iter().rev().map(|(_, folder)| folder);
    let on_path = machine.which("initdb").and_then(|program| program.parent().map(Path::to_owned));
    debian.chain(on_path).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn free_port() -> Done<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Failure::while_doing("looking for a free port"))?;
    Ok(listener.local_addr().map_err(Failure::while_doing("looking for a free port"))?.port())
}
