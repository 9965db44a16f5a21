//! Real sockets: slow clients, oversized heads, and an end that loses no request.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use openbok::config::{Config, Limits, Source};
use openbok::listen;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<bool>,
}

async fn start(change: impl FnOnce(&mut Limits)) -> Server {
    let source = Source::parse("", "", std::iter::empty()).unwrap();
    let mut limits = Config::read(source).unwrap().limits;
    change(&mut limits);
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        "done"
    };
    let router = Router::new().route("/", get(|| async { "hello" })).route("/slow", get(slow));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap() };
        listen::serve(listener, router, &limits, Duration::from_secs(5), stopped).await
    });
    Server { address, stop, ended }
}

async fn send(address: SocketAddr, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let reading = stream.read_to_end(&mut text);
    tokio::time::timeout(Duration::from_secs(5), reading).await.expect("the server closes").ok();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn r55_hangs_up_on_a_client_that_never_finishes_its_head() {
    let server = start(|limits| limits.head = Duration::from_millis(300)).await;
    let dripping = send(server.address, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await;
    let silent = send(server.address, "").await;
    for stream in [dripping, silent] {
        assert!(!answer(stream).await.contains("200 OK"));
    }
    let healthy = send(server.address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer(healthy).await.contains("hello"));
}

#[tokio::test]
async fn r55_refuses_a_head_above_the_limit() {
    let server = start(|limits| limits.head_bytes = 8 << 10).await;
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Large: {}\r\n\r\n", "x".repeat(16 << 10));
    let answer = answer(send(server.address, &head).await).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn r55_serves_no_more_connections_than_allowed_at_once() {
    let server = start(|limits| {
        limits.connections = 1;
        limits.head = Duration::from_millis(300);
    })
    .await;
    let holding = send(server.address, "GET / HTTP/1.1\r\n").await;
    let waiting = send(server.address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    let started = tokio::time::Instant::now();
    assert!(answer(waiting).await.contains("hello"));
    assert!(started.elapsed() > Duration::from_millis(200), "the second waited for the first to be thrown out");
    drop(holding);
}

#[tokio::test]
async fn r64_finishes_the_requests_under_way_and_takes_no_new_ones() {
    let server = start(|_| ()).await;
    let under_way = send(server.address, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    assert!(answer(under_way).await.contains("done"));
    assert!(server.ended.await.unwrap(), "everything was finished in time");
    assert!(TcpStream::connect(server.address).await.is_err());
}
