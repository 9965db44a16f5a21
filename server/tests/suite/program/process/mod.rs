//! The program as a process of its own, spoken to over the network: what only shows when it is killed or listened to.
mod canary;
mod kill;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use openbok_app::portal::FUNCTION_FIELD;

const HOST: &str = "mojbok.localhost";

/// A server at work in a folder of its own.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts it with mails kept as files and everything it says in `said.txt`.
    fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let said = std::fs::File::options().create(true).append(true).open(folder.join("said.txt")).unwrap();
        let child = program(folder)
            .env("OPENBOK_HTTP__LISTEN", format!("127.0.0.1:{port}"))
            .env("OPENBOK_HTTP__TRUSTED_PROXIES", "127.0.0.1")
            .env("OPENBOK_HTTP__SCHEME", "http")
            .env("OPENBOK_LOG__LEVEL", "trace")
            .arg("serve")
            .stdout(Stdio::from(said.try_clone().unwrap()))
            .stderr(Stdio::from(said))
            .spawn()
            .unwrap();
        let server = Self { child, port };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not start")
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn program(folder: &Path) -> Command {
    let mut command = super::openbok(folder);
    command.env("OPENBOK_LOG__LEVEL", "warn");
    command
}

/// A browser without scripts, at an address of its own behind a proxy; with an empty one, at this machine.
struct Visitor {
    port: u16,
    address: String,
    cookies: BTreeMap<String, String>,
}

struct Answer {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Visitor {
    fn new(port: u16, number: usize) -> Self {
        let address = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
        Self { port, address, cookies: BTreeMap::new() }
    }

    /// Nothing when the server went away before it had answered.
    fn get(&mut self, path: &str) -> Option<Answer> {
        self.ask("GET", path, "")
    }

    fn submit(&mut self, page: &str, function: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let fields = fields.iter().copied().chain([(FUNCTION_FIELD, function)]);
        let body = fields.map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
        self.ask("POST", page, &body)
    }

    fn register(&mut self, pesel: &str, contract: &str, login: &str, email: &str, phone: &str) -> Option<Answer> {
        let fields = [
            ("customer_kind", "individual"),
            ("pesel", pesel),
            ("contract_number", contract),
            ("login", login),
            ("login_repeat", login),
            ("phone", phone),
            ("email", email),
            ("terms", "true"),
            ("cookies", "true"),
        ];
        self.submit("/register", "/api/register", &fields)
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Option<Answer> {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let forwarded =
            if self.address.is_empty() { String::new() } else { format!("X-Forwarded-For: {}\r\n", self.address) };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{forwarded}Accept: text/html\r\nCookie: {cookies}\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut location = None;
        for line in head.lines() {
            match line.split_once(": ") {
                Some(("location", target)) => location = Some(target.to_owned()),
                Some(("set-cookie", cookie)) => {
                    let (name, value) = cookie.split(';').next()?.split_once('=')?;
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        Some(Answer { status: head.split(' ').nth(1)?.parse().ok()?, location, body: body.to_owned() })
    }
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |escaped, byte| format!("{escaped}%{byte:02X}"))
}

/// The rows of a CSV file of ours, by the names of its columns. No value of theirs is quoted.
fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    lines.map(|line| names.iter().cloned().zip(line.split(',').map(str::to_owned)).collect()).collect()
}

/// The mails that the server has sent, each whole.
fn mails(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("mails")).into_iter().flatten();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}
