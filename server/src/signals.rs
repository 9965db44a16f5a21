//! When the operating system asks the server to leave.

use tokio::signal::unix::{SignalKind, signal};

/// How the server was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// By the service manager: a balancer may still send requests for a moment.
    Terminate,
    /// By a person at the terminal, who waits.
    Interrupt,
}

/// Waits for the first request to stop.
///
/// # Panics
/// When the system offers no signals at all.
pub async fn stop_requested() -> Stop {
    let mut terminate = signal(SignalKind::terminate()).expect("a Unix system delivers SIGTERM");
    let mut interrupt = signal(SignalKind::interrupt()).expect("a Unix system delivers SIGINT");
    tokio::select! {
        _ = terminate.recv() => Stop::Terminate,
        _ = interrupt.recv() => Stop::Interrupt,
    }
}
