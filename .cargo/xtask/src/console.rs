//! What the person at the terminal reads: steps with their times, and failures that say what to do.

use std::fmt;
use std::time::{Duration, Instant};

/// Why a command stopped, in words that say what to do next.
#[derive(Debug)]
pub struct Failure(String);

/// What a step gives: nothing, or why it failed.
pub type Done<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// For files and processes: what was being done, and the system's reason.
    pub fn while_doing(what: impl fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |reason| Self(format!("{what}: {reason}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs one step under its heading and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Done<T>) -> Done<T> {
    println!("\n▶ {what}");
    let (result, time) = timed(work);
    match &result {
        Ok(_) => println!("✓ {what}: {}", human(time)),
        Err(_) => println!("✗ {what}: failed after {}", human(time)),
    }
    result
}

/// Runs `work` and measures it.
#[expect(
    clippy::disallowed_methods,
    reason = "the time shown to the person who waits, not one the portal reckons with"
)]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_time_as_people_say_it() {
        assert_eq!(human(Duration::from_millis(420)), "0.4 s");
        assert_eq!(human(Duration::from_secs(12)), "12 s");
        assert_eq!(human(Duration::from_secs(185)), "3 min 05 s");
    }
}
