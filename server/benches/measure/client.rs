//! Browsers by the dozen: kept-open connections that send one request after another.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// As browsers ask for an answer to be packed, and as a proxy does that packs pages itself.
pub const BROTLI: &str = "br";
pub const PLAIN: &str = "identity";

/// Login and password of an account of the first operator.
pub type Person = (String, String);

/// What a load showed.
pub struct Load {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub fn get(path: &str, session: Option<&str>, encoding: &str) -> String {
    let cookie = session.map(|session| format!("Cookie: __Host-sid={session}\r\n")).unwrap_or_default();
    format!(
        "GET {path} HTTP/1.1\r\nHost: mojbok.localhost\r\nAccept: text/html,*/*\r\n\
         Accept-Encoding: {encoding}\r\n{cookie}\r\n"
    )
}

pub fn sign_in((login, password): &Person) -> String {
    let body = format!("login={login}&password={password}");
    format!(
        "POST /api/sign_in HTTP/1.1\r\nHost: mojbok.localhost\r\nAccept: application/json\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends requests over as many connections until the time is up; every answer must be a success.
pub async fn load(
    address: SocketAddr,
    connections: usize,
    length: Duration,
    request: impl Fn(usize) -> String,
) -> anyhow::Result<Load> {
    let started = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            let request = request(number);
            tokio::spawn(async move {
                // A page in one piece: who measures should cost as little as possible.
                let mut stream = BufReader::with_capacity(64 << 10, TcpStream::connect(address).await?);
                let mut times = Vec::new();
                while started.elapsed() < length {
                    let before = Instant::now();
                    let answer = exchange(&mut stream, &request).await?;
                    ensure!(answer.status == 200, "answered {}", answer.status);
                    times.push(before.elapsed());
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let took = started.elapsed();
    times.sort();
    ensure!(!times.is_empty(), "nothing was answered in time");
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    Ok(Load { per_second: times.len() as f64 / took.as_secs_f64(), p50: at(50), p99: at(99) })
}

async fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> anyhow::Result<Answer> {
    stream.get_mut().write_all(request.as_bytes()).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let find = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if find("transfer-encoding") == Some("chunked") {
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim_end(), 16)?;
            let start = body.len();
            body.resize(start + size, 0);
            stream.read_exact(&mut body[start..]).await?;
            stream.read_exact(&mut [0; 2]).await?;
            if size == 0 {
                break;
            }
        }
    } else {
        body.resize(find("content-length").unwrap_or("0").parse()?, 0);
        stream.read_exact(&mut body).await?;
    }
    Ok(Answer { status, headers, body })
}

async fn ask(address: SocketAddr, request: &str) -> anyhow::Result<Answer> {
    exchange(&mut BufReader::new(TcpStream::connect(address).await?), request).await
}

/// Signs in; the cookie of the session.
pub async fn session(address: SocketAddr, person: &Person) -> anyhow::Result<String> {
    let answer = ask(address, &sign_in(person)).await?;
    let mut cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let session = cookies.find_map(|(_, value)| value.strip_prefix("__Host-sid="));
    Ok(session.and_then(|value| value.split(';').next()).context("sign-in failed")?.to_owned())
}

/// Bytes of a page and of everything that it names and a browser fetches at once, by kind, compressed as sent.
pub async fn first_load(
    address: SocketAddr,
    path: &str,
    session: Option<&str>,
) -> anyhow::Result<BTreeMap<&'static str, usize>> {
    let page = ask(address, &get(path, session, BROTLI)).await?;
    ensure!(page.status == 200, "{path} answered {}", page.status);
    let mut sizes = BTreeMap::from([("HTML", page.body.len())]);
    // The names stand in the page itself; asked for without compression it can be searched.
    let plain = ask(address, &get(path, session, PLAIN)).await?;
    let text = String::from_utf8_lossy(&plain.body).into_owned();
    let mut files: Vec<_> = text.split('"').filter(|part| part.starts_with("/pkg/")).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let kind = match file.rsplit('.').next() {
            Some("css") => "CSS",
            Some("js") => "JS",
            Some("wasm") => "WASM",
            _ => continue,
        };
        let answer = ask(address, &get(file, session, BROTLI)).await?;
        ensure!(answer.status == 200, "{file} answered {}", answer.status);
        *sizes.entry(kind).or_default() += answer.body.len();
    }
    Ok(sizes)
}
