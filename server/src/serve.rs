//! A running portal, from the open socket to the orderly end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use openbok_domain::{EmailAddress, OperatorSlug};
use openbok_services::access_mail::{ImapAddress, MailboxReader, Pace};
use openbok_services::{RequestIntake, Services};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use crate::portal::Portal;
use crate::signals::{Stop, stop_requested};
use crate::{listen, router};

/// How long the worker may take to finish the mail in its hands.
const WORKER_PATIENCE: Duration = Duration::from_secs(25);
/// Connections that the system keeps until they are accepted.
const WAITING: u32 = 4096;

/// Listens, serves and works until the system asks to stop. Then: readiness turns to 503, a balancer gets time to notice,
/// requests under way finish, the worker hands its work back, the database is closed (which empties SQLite's journal).
///
/// # Errors
/// When an address cannot be listened on, or the start not be written to the audit log.
pub async fn run(portal: Portal, socket: TcpSocket) -> anyhow::Result<()> {
    let http = portal.config().http.clone();
    let limits = &portal.config().limits;
    let listener = listen_on(socket)?;
    portal.services().record_start(env!("CARGO_PKG_VERSION")).await?;
    let (stop, _) = watch::channel(false);
    let stopped = || {
        let mut stop = stop.subscribe();
        async move {
            stop.wait_for(|is_stopping| *is_stopping).await.ok();
        }
    };

    let worker = tokio::spawn(portal.services().worker().run(stopped()));
    for (slug, address) in &portal.config().mailboxes {
        let reader = mailbox(&portal, slug, address)?;
        let stopped = stopped();
        tokio::spawn(async move { reader.0.run(&reader.1, stopped).await });
    }
    if let Some(address) = portal.config().metrics_listen {
        let (listener, router) = (listen_on(bind(address)?)?, router::metrics_router(&portal));
        let (limits, stopped) = (limits.clone(), stopped());
        tokio::spawn(async move { listen::serve(listener, router, &limits, Duration::ZERO, stopped).await });
    }

    tracing::info!(address = %http.listen, "listening");
    let leaving = async {
        let how = stop_requested().await;
        portal.leave();
        tracing::info!(how = ?how, "stopping");
        if how == Stop::Terminate {
            tokio::time::sleep(http.notice).await;
        }
    };
    let all_finished = listen::serve(listener, router::router(&portal), limits, http.drain, leaving).await;
    if !all_finished {
        tracing::warn!("some requests were not finished in time");
    }
    stop.send(true).ok();
    end(worker, portal.services()).await;
    Ok(())
}

/// The reader of an operator's mailbox, and what takes its letters.
fn mailbox(
    portal: &Portal,
    slug: &OperatorSlug,
    address: &ImapAddress,
) -> anyhow::Result<(MailboxReader, RequestIntake)> {
    let services = portal.services();
    let operator =
        services.operators().find(slug).with_context(|| format!("mailboxes.{slug}: there is no such operator"))?;
    let own =
        EmailAddress::parse(&services.settings().mail_from).map_err(|fault| anyhow::anyhow!("mail.from is {fault}"))?;
    let lang = operator.default_language();
    let reader = MailboxReader::new(slug.clone(), address.clone(), own, lang, Pace::default());
    Ok((reader, services.request_intake(operator, address)))
}

/// Takes an address, before there is anybody to answer: until it is listened on, the system turns callers away.
///
/// # Errors
/// When it is not this machine's, or in use.
pub fn bind(address: SocketAddr) -> anyhow::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let bound = socket.and_then(|socket| {
        // What is left of the connections of a former start must not be in the way.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(socket)
    });
    bound.with_context(|| format!("cannot listen on {address}; name another address, or stop what listens there"))
}

fn listen_on(socket: TcpSocket) -> anyhow::Result<TcpListener> {
    socket.listen(WAITING).context("cannot listen")
}

async fn end(worker: tokio::task::JoinHandle<()>, services: &Services) {
    if tokio::time::timeout(WORKER_PATIENCE, worker).await.is_err() {
        tracing::warn!("the worker was not finished in time; its leases run out by themselves");
    }
    services.close().await;
    tracing::info!("stopped");
}
