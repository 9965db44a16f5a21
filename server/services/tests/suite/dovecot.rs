//! A real mail server for the length of a test: Debian's dovecot (2.3), as one unprivileged user, on ports of its own.
//!
//! Letters are put into its mailbox as files, the way mail servers deliver; the mailbox is a folder (maildir).

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use openbok_services::MailSecurity;
use openbok_services::access_mail::ImapAddress;

pub const USER: &str = "pgb@pgb.example";
pub const PASSWORD: &str = "zażółć \"26\"";

/// Starts the server ($1 program, $2 settings) and ends it when its input ends: that happens when the test ends in any way.
const KEEPER: &str = r#"
"$1" -F -c "$2" &
server=$!
read -r _
kill $server
wait $server
"#;

/// What a server lets a client do.
#[derive(Clone, Copy, PartialEq)]
pub enum Abilities {
    All,
    /// Clients have to ask for new letters.
    NoIdle,
}

/// A running server; dropping it ends it and removes its mailbox.
pub struct Dovecot {
    folder: tempfile::TempDir,
    /// The user that it runs as where the tests run as root, who may not read mail.
    owner: Option<(u32, u32)>,
    port: u16,
    tls_port: u16,
    certificate: String,
    delivered: u32,
    keeper: Option<Child>,
}

impl Dovecot {
    pub fn start(abilities: Abilities) -> Self {
        let program = program();
        let folder = tempfile::Builder::new().prefix("openbok-dovecot-").tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (port, tls_port) = (free_port(), free_port());
        let is_root =
            fs::metadata("/proc/self").map(|process| std::os::unix::fs::MetadataExt::uid(&process)).unwrap() == 0;
        let owner = is_root.then(|| (id("-u", Some("dovecot")), id("-g", Some("dovecot"))));
        let path = folder.path();
        for part in ["run", "state", "mail", "mail/cur", "mail/new", "mail/tmp"] {
            fs::create_dir_all(path.join(part)).unwrap();
        }
        fs::write(path.join("certificate.pem"), made.cert.pem()).unwrap();
        fs::write(path.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let user = if is_root { "dovecot".to_owned() } else { name_of("-un") };
        let group = if is_root { "dovecot".to_owned() } else { name_of("-gn") };
        fs::write(path.join("dovecot.conf"), settings(path, &user, &group, port, tls_port, abilities)).unwrap();
        fs::write(path.join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        let mut server =
            Self { folder, owner, port, tls_port, certificate: made.cert.pem(), delivered: 0, keeper: None };
        server.give_away(server.folder.path());
        server.run(&program);
        server
    }

    /// The mailbox without TLS, as on this machine.
    pub fn plain(&self) -> ImapAddress {
        self.address(MailSecurity::LoopbackOnly, self.port)
    }

    /// The mailbox with TLS from the first byte.
    pub fn tls(&self) -> ImapAddress {
        self.address(MailSecurity::Tls, self.tls_port)
    }

    /// The mailbox with TLS begun by STARTTLS.
    pub fn starttls(&self) -> ImapAddress {
        self.address(MailSecurity::StartTls, self.port)
    }

    fn address(&self, security: MailSecurity, port: u16) -> ImapAddress {
        ImapAddress {
            host: "localhost".into(),
            port,
            security,
            user: USER.into(),
            password: PASSWORD.into(),
            mailbox: "INBOX".into(),
            authority_pem: Some(self.certificate.clone().into_bytes()),
        }
    }

    /// Puts a letter into the mailbox.
    pub fn deliver(&mut self, letter: &[u8]) {
        self.delivered += 1;
        let name = format!("{:010}.{}.localhost", self.delivered, std::process::id());
        let (draft, place) = (self.mail("tmp").join(&name), self.mail("new").join(&name));
        fs::write(&draft, letter).unwrap();
        self.give_away(&draft);
        fs::rename(draft, place).unwrap();
    }

    /// Removes the letters whose text contains this.
    pub fn remove(&self, text: &str) {
        for folder in ["new", "cur"] {
            for entry in fs::read_dir(self.mail(folder)).unwrap() {
                let path = entry.unwrap().path();
                if fs::read_to_string(&path).unwrap().contains(text) {
                    fs::remove_file(path).unwrap();
                }
            }
        }
    }

    /// Lets nobody read the letters whose text contains this, or everybody again.
    pub fn lock(&self, text: &str, is_locked: bool) {
        for folder in ["new", "cur"] {
            for entry in fs::read_dir(self.mail(folder)).unwrap() {
                let path = entry.unwrap().path();
                let set_mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
                set_mode(0o600);
                if is_locked && fs::read_to_string(&path).unwrap().contains(text) {
                    set_mode(0);
                }
            }
        }
    }

    /// How many letters the mailbox has, and how many of them somebody has seen.
    pub fn letters(&self) -> (usize, usize) {
        let names = |folder| {
            fs::read_dir(self.mail(folder))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        };
        let all: Vec<String> = names("new").chain(names("cur")).collect();
        (all.len(), all.iter().filter(|name| name.split(":2,").nth(1).is_some_and(|flags| flags.contains('S'))).count())
    }

    /// How often somebody has signed in.
    pub fn sign_ins(&self) -> usize {
        fs::read_to_string(self.folder.path().join("log")).unwrap().matches("Info: Login: ").count()
    }

    /// Ends the server, and with it every connection.
    pub fn stop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            keeper.wait().unwrap();
        }
    }

    pub fn restart(&mut self) {
        self.stop();
        self.run(&program());
    }

    /// Numbers all letters anew, as a server does that has lost its index.
    pub fn renumber(&mut self) {
        self.stop();
        for entry in fs::read_dir(self.folder.path().join("mail")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::remove_file(path).unwrap();
            }
        }
        // The new number of the numbering is the time in seconds.
        std::thread::sleep(Duration::from_millis(1_100));
        self.run(&program());
    }

    fn mail(&self, part: &str) -> PathBuf {
        self.folder.path().join("mail").join(part)
    }

    fn give_away(&self, path: &Path) {
        let Some((user, group)) = self.owner else { return };
        chown(path, Some(user), Some(group)).unwrap();
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                self.give_away(&entry.unwrap().path());
            }
        }
    }

    fn run(&mut self, program: &Path) {
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).args([program, &self.folder.path().join("dovecot.conf")]);
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        let log = File::create(self.folder.path().join("output")).unwrap();
        // It is there once the server listens: whoever answers before that is somebody else.
        let started = self.folder.path().join("run/master.pid");
        fs::remove_file(&started).ok();
        command.current_dir(self.folder.path()).stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        self.keeper = Some(command.spawn().unwrap());
        for _ in 0..200 {
            if started.exists() && TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let said = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        panic!("dovecot does not answer\n{}{}", said("output"), said("log"));
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A missing server is a failure: a test that did not run proves nothing.
fn program() -> PathBuf {
    let usual = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].map(PathBuf::from);
    usual
        .into_iter()
        .find(|path| path.is_file())
        .expect("dovecot is not installed: `cargo xtask setup`, or Debian's package dovecot-imapd")
}

fn settings(folder: &Path, user: &str, group: &str, port: u16, tls_port: u16, abilities: Abilities) -> String {
    let folder = folder.display();
    let capability = match abilities {
        Abilities::All => "",
        Abilities::NoIdle => "imap_capability = IMAP4rev1",
    };
    format!(
        r"
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap
listen = 127.0.0.1
{capability}
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
# Looks into the folder as seldom as it may; inotify tells it of new letters.
mailbox_idle_check_interval = 1 s
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"
    )
}

/// A port that stays free while the server is away: below those that the system gives out, and of another hundred for each
/// test process.
fn free_port() -> u16 {
    const FIRST: u32 = 10_000;
    const COUNT: u32 = 20_000;
    static TRIED: AtomicU32 = AtomicU32::new(0);
    let ports = (0..COUNT).map(|_| {
        let tried = TRIED.fetch_add(1, Ordering::Relaxed);
        u16::try_from(FIRST + std::process::id().wrapping_mul(100).wrapping_add(tried) % COUNT).unwrap()
    });
    let mut free = ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.next().expect("a port of twenty thousand is free")
}

fn id(flag: &str, user: Option<&str>) -> u32 {
    let output = Command::new("id").arg(flag).args(user).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().expect("dovecot's package makes a user dovecot")
}

fn name_of(flag: &str) -> String {
    String::from_utf8(Command::new("id").arg(flag).output().unwrap().stdout).unwrap().trim().to_owned()
}
