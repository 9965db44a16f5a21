//! The program itself: its commands and exit statuses, and its life from start to signal.

mod process;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use openbok_services::demo_data;

const START_PATIENCE: u32 = 600;

fn openbok(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openbok"));
    command.current_dir(folder).env_remove("OPENBOK_CONFIG").env("OPENBOK_MAIL__URL", "file:mails");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    openbok(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with the first operator's profile where the program looks for it.
fn deployment() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let operators = folder.path().join("openbok-data/operators");
    std::fs::create_dir_all(&operators).unwrap();
    std::fs::write(operators.join("mojbok.toml"), openbok::demo::PROFILES[0].1).unwrap();
    folder
}

#[test]
fn check_config_names_every_mistake_and_fails() {
    let folder = deployment();
    std::fs::write(folder.path().join("openbok.toml"), "[http]\nlisten = \"x\"\nlissten = \"y\"\n").unwrap();
    let output = run(folder.path(), &["check-config"]);
    assert_eq!(output.status.code(), Some(1));
    let complaints = text(&output.stderr);
    assert!(
        complaints.contains("openbok.toml:2: http.listen: ") && complaints.contains("openbok.toml:3: http.lissten: ")
    );

    std::fs::write(folder.path().join("openbok.toml"), "").unwrap();
    assert_eq!(run(folder.path(), &["check-config"]).status.code(), Some(0));
    let profile = openbok::demo::PROFILES[0].1.replace("accent =", "acent =");
    std::fs::write(folder.path().join("openbok-data/operators/mojbok.toml"), profile).unwrap();
    let output = run(folder.path(), &["check-config"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("mojbok.toml:"), "{}", text(&output.stderr));
}

#[test]
fn check_config_names_what_serve_would_refuse() {
    let folder = deployment();
    let complaints = |variables: &[(&str, &str)], command: &str| {
        let output = openbok(folder.path()).envs(variables.iter().copied()).arg(command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{variables:?}");
        text(&output.stderr)
    };
    let profile = folder.path().join("openbok-data/operators/mojbok.toml");
    let public = openbok::demo::PROFILES[0].1.replace("mojbok.localhost", "bok.polana.example");
    std::fs::write(profile, public).unwrap();
    std::fs::write(folder.path().join("keys.toml"), "master_key = \"changeme\"").unwrap();
    for command in ["check-config", "serve"] {
        assert!(complaints(&[("OPENBOK_MAIL__URL", "mailbox")], command).contains("mail.url: "));
        assert!(complaints(&[("OPENBOK_HTTP__SCHEME", "http")], command).contains("http.scheme: "));
        assert!(complaints(&[("OPENBOK_SECRETS__FILE", "keys.toml")], command).contains("secrets.file: "));
        let unknown = [("OPENBOK_MAILBOXES__PGB", "imaps://u:hunter2@imap.example")];
        let complaint = complaints(&unknown, command);
        assert!(complaint.contains("mailboxes.pgb: no profile") && !complaint.contains("hunter2"), "{complaint}");
    }
    assert_eq!(run(folder.path(), &["check-config"]).status.code(), Some(0));
}

#[test]
fn check_config_names_the_line_of_what_does_not_fit_folders_and_profiles() {
    let folder = deployment();
    for (settings, complaint) in [
        ("[operators]\ndefault = \"ebok\"", "openbok.toml:2: operators.default: no profile has the slug `ebok`"),
        ("[operators]\ndir = \"nowhere\"", "openbok.toml:2: operators.dir: nowhere cannot be read"),
        ("[mailboxes]\npgb = \"imaps://u:p@imap.example\"", "openbok.toml:2: mailboxes.pgb: no profile has this slug"),
        (
            "[mailboxes]\nmojbok = \"imaps://u:p@imap.example\"",
            "openbok.toml:2: mailboxes.mojbok: this operator has no planning",
        ),
        ("[http]\nsite = \"nowhere\"", "openbok.toml:2: http.site: nowhere is no folder"),
    ] {
        std::fs::write(folder.path().join("openbok.toml"), settings).unwrap();
        let output = run(folder.path(), &["check-config"]);
        assert_eq!(output.status.code(), Some(1), "{settings}");
        assert!(text(&output.stderr).contains(complaint), "{}", text(&output.stderr));
    }
    std::fs::write(folder.path().join("openbok.toml"), "[mailboxes]\npgb = \"imaps://u:p@imap.example\"").unwrap();
    let planning = openbok::demo::PROFILES.iter().find(|(name, _)| *name == "pgb.toml").unwrap();
    std::fs::write(folder.path().join("openbok-data/operators/pgb.toml"), planning.1).unwrap();
    assert_eq!(run(folder.path(), &["check-config"]).status.code(), Some(0), "producers write to this operator");
    std::fs::write(folder.path().join("openbok.toml"), "").unwrap();
    let other = folder.path().join("openbok-data/operators/other.toml");
    std::fs::write(other, openbok::demo::PROFILES[0].1).unwrap();
    let complaints = text(&run(folder.path(), &["check-config"]).stderr);
    assert!(complaints.contains("operators/other.toml:"), "{complaints}");
    assert!(complaints.contains("hosts: mojbok.localhost belongs to two operators"), "{complaints}");
}

#[test]
fn a_first_start_without_profiles_says_what_belongs_where() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("operators.dir: openbok-data/operators cannot be read"), "{complaint}");
    assert!(complaint.contains("a profile (*.toml) of each operator"), "{complaint}");
}

#[test]
fn an_unknown_operator_is_refused_before_anything_is_made() {
    let folder = deployment();
    for arguments in [
        &["import", "--operator", "nobody", "crm"][..],
        &["export", "--operator", "nobody", "crm"],
        &["staff", "add", "--operator", "nobody", "--email", "ewa@example.com"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(text(&output.stderr).contains("no operator `nobody`"), "{}", text(&output.stderr));
    }
    let made: Vec<_> = std::fs::read_dir(folder.path().join("openbok-data")).unwrap().collect();
    assert_eq!(made.len(), 1, "only the profiles: {made:?}");
}

#[test]
fn a_demo_that_cannot_listen_says_so_before_it_makes_or_offers_anything() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut demo = openbok(folder.path());
    demo.env("OPENBOK_MAIL__URL", "mailbox").env("OPENBOK_HTTP__LISTEN", &address).arg("demo");
    let output = demo.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains(&format!("cannot listen on {address}")), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "");
    assert!(!folder.path().join("openbok-data").exists());
}

#[test]
fn wrong_use_of_the_command_line_is_not_taken_for_refused_rows() {
    let folder = deployment();
    for arguments in [&["import"][..], &["import", "--operator", "mojbok", "crm", "more"], &["imprt"], &[]] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(1), "{arguments:?}");
    }
    assert_eq!(run(folder.path(), &["--help"]).status.code(), Some(0));
}

#[test]
fn import_tells_by_its_exit_status_what_became_of_the_rows() {
    let folder = deployment();
    let crm = folder.path().join("crm");
    let import = || run(folder.path(), &["import", "--operator", "mojbok", crm.to_str().unwrap()]);
    std::fs::create_dir(&crm).unwrap();
    assert_eq!(import().status.code(), Some(1), "nothing to read");
    let output = run(folder.path(), &["import", "--operator", "mojbok", "nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nowhere was not read"), "{}", text(&output.stderr));
    let operator = openbok_services::testing::operator("mojbok");
    let today = openbok_domain::Date::new(2026, 11, 20).unwrap();
    let right = demo_data::write(&operator, &crm, today, 1, 10).unwrap()[0].tax_id.clone();
    let output = import();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let last = if right.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{last}", &right[..10]);
    let customers = std::fs::read_to_string(crm.join("customers.csv")).unwrap().replace(&right, &wrong);
    std::fs::write(crm.join("customers.csv"), customers).unwrap();
    let output = import();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("customers.csv:2: pesel: "), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains(&wrong), "no personal data in complaints");

    let exported = folder.path().join("out");
    let output = run(folder.path(), &["export", "--operator", "mojbok", exported.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(exported.join("customers.csv").exists());
    let output = run(folder.path(), &["audit", "verify"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    let head = said.split_whitespace().last().unwrap().trim_end_matches('.');
    assert_eq!(run(folder.path(), &["audit", "verify", "--head", head]).status.code(), Some(0), "{said}");
    let other = format!("{head}00");
    assert_eq!(run(folder.path(), &["audit", "verify", "--head", &other]).status.code(), Some(1), "{said}");
    assert_eq!(run(folder.path(), &["backup", "copy.db"]).status.code(), Some(0));
    let mode = std::fs::metadata(folder.path().join("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "for nobody else to read");
    assert_eq!(run(folder.path(), &["backup", "copy.db"]).status.code(), Some(1), "never over an existing file");
}

#[test]
fn unlocking_an_unknown_login_fails_with_a_word() {
    let folder = deployment();
    let output =
        run(folder.path(), &["staff", "unlock", "--operator", "mojbok", "nobody", "--reason", "identity card"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no account with this login"), "{}", text(&output.stderr));
}

#[test]
fn serve_refuses_the_mailbox_that_everybody_can_read() {
    let folder = deployment();
    let output = openbok(folder.path()).env("OPENBOK_MAIL__URL", "mailbox").arg("serve").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("only the demo"), "{}", text(&output.stderr));
}

#[test]
fn backup_of_postgresql_names_the_tool() {
    let folder = deployment();
    let url = "postgres://u:hunter2@db.example/openbok";
    let output = openbok(folder.path()).env("OPENBOK_DATABASE__URL", url).args(["backup", "x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("pg_dump") && !complaint.contains("hunter2"), "{complaint}");
}

struct Demo {
    child: Child,
    port: u16,
}

impl Demo {
    fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = openbok(folder)
            .env("OPENBOK_MAIL__URL", "mailbox")
            .env("OPENBOK_HTTP__LISTEN", format!("127.0.0.1:{port}"))
            .env("OPENBOK_HTTP__NOTICE_SECONDS", "1")
            .arg("demo")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let demo = Self { child, port };
        for _ in 0..START_PATIENCE {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return demo;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the demo does not start");
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: mojbok.localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        text(&answer)
    }

    fn signal(&self, name: &str) {
        // Built into every shell, while the program of this name is not everywhere.
        let kill = format!("kill {name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.child.kill().ok();
    }
}

#[test]
fn r64_the_demo_starts_on_nothing_leaves_in_order_and_keeps_its_data() {
    let folder = tempfile::tempdir().unwrap();
    for round in ["first", "second"] {
        let mut demo = Demo::start(folder.path());
        let mode = std::fs::metadata(folder.path().join("openbok-data")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "for nobody else to look into");
        assert!(demo.get("/readyz").starts_with("HTTP/1.1 200"), "{round} start");
        assert!(demo.get("/sign-in").starts_with("HTTP/1.1 200"));
        demo.signal("-TERM");
        std::thread::sleep(Duration::from_millis(300));
        assert!(demo.get("/readyz").starts_with("HTTP/1.1 503"), "still answering, no longer ready");
        let status = demo.child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{round} end");
        let journal = folder.path().join("openbok-data/openbok.db-wal");
        assert!(std::fs::metadata(journal).map_or(0, |file| file.len()) == 0, "the journal is folded in");
        let mut said = String::new();
        demo.child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(said.contains("http://mojbok.localhost:") && said.contains("login demo"), "{said}");
    }

    let ask = |words: &[&str]| {
        let mut command = openbok(folder.path());
        command.env_remove("OPENBOK_MAIL__URL").env("OPENBOK_HTTP__LISTEN", "127.0.0.1:3456").args(words);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let link = ask(&["staff", "add", "--operator", "mojbok", "--email", "ewa@example.com"]);
    assert!(link.contains("http://mojbok.localhost:3456/staff/"), "as the demo's own links: {link}");
    let said = ask(&["staff", "unlock", "--operator", "mojbok", "demo", "--reason", "identity card"]);
    assert!(said.contains("not locked"), "{said}");
}
