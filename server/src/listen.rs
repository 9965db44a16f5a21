//! The socket: connections with limits, and an end that loses no request.
//!
//! TLS and HTTP/2 belong to the proxy in front; here is HTTP/1.1 with bounded heads and bounded patience.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::config::Limits;

/// How long to wait after the system could not hand over a connection, usually for want of file handles.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then lets requests under way finish within `drain`.
/// Returns whether all of them did.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    drain: Duration,
    stop: impl Future<Output = ()>,
) -> bool {
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let builder = connection_rules(limits);
    let mut stop = std::pin::pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let accepted = async { (place.await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            both = accepted => both,
            () = &mut stop => break,
        };
        let (stream, client) = match accepted {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "connection not accepted");
                tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
                continue;
            }
        };
        let connection = serve_connection(&builder, stream, client, router.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is everyday business, not worth a line.
            connection.await.ok();
            drop(place);
        });
    }
    drop(listener);
    tokio::time::timeout(drain, graceful.shutdown()).await.is_ok()
}

fn connection_rules(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes)
        .max_headers(100);
    builder
}

fn serve_connection(
    builder: &Builder<TokioExecutor>,
    stream: TcpStream,
    client: SocketAddr,
    router: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Output: Send> + Send + use<> {
    // Small answers must not wait for a full packet.
    stream.set_nodelay(true).ok();
    let service = router.map_request(move |mut request: http::Request<_>| {
        request.extensions_mut().insert(ConnectInfo(client));
        request.map(Body::new)
    });
    let service = service.map_err(|never: Infallible| match never {});
    builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned()
}
