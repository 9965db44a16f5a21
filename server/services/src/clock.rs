//! The one place that asks the operating system what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use openbok_domain::Timestamp;

/// Tells the time. Tests and the demo can move it; copies move together.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Stands still here when set; follows the system otherwise.
    fixed: Option<Timestamp>,
    moved_micros: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that follows the system's.
    #[must_use]
    pub fn system() -> Self {
        Self { fixed: None, moved_micros: Arc::default() }
    }

    /// A clock that stands at `start` until it is moved.
    #[must_use]
    pub fn fixed(start: Timestamp) -> Self {
        Self { fixed: Some(start), moved_micros: Arc::default() }
    }

    /// The time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let base = self.fixed.unwrap_or_else(system_now);
        Timestamp::from_micros(base.micros() + self.moved_micros.load(Ordering::Relaxed))
    }

    /// Moves the clock forward, for all its copies.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.moved_micros.fetch_add(micros, Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
fn system_now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}
