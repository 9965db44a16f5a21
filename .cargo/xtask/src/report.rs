//! The summary of a command with many steps: what ran, how long, what failed.

use std::time::Duration;

use crate::console::{Done, Failure, human, step, timed};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

/// The steps that ran. A failed one does not stop the others: one run says everything that is broken.
#[derive(Default)]
pub struct Report {
    steps: Vec<(&'static str, Duration, Option<Counts>, Option<Failure>)>,
}

impl Counts {
    pub fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Report {
    pub fn note<T>(&mut self, name: &'static str, work: impl FnOnce() -> Done<T>) -> Option<T> {
        let (result, time) = timed(|| step(name, work));
        let (value, failure) = match result {
            Ok(value) => (Some(value), None),
            Err(failure) => {
                eprintln!("  {failure}");
                (None, Some(failure))
            }
        };
        self.steps.push((name, time, None, failure));
        value
    }

    pub fn count(&mut self, name: &'static str, work: impl FnOnce() -> (Counts, Done)) {
        let mut counts = Counts::default();
        self.note(name, || {
            let (found, done) = work();
            counts = found;
            done
        });
        if let Some(last) = self.steps.last_mut() {
            last.2 = Some(counts);
        }
    }

    pub fn has_failed(&self) -> bool {
        self.steps.iter().any(|(.., failure)| failure.is_some())
    }

    /// Prints the table, then the line that counts.
    pub fn close(self) -> Done {
        println!("\n{:─<72}", "");
        let mut total = Counts::default();
        for (name, time, counts, failure) in &self.steps {
            let mark = if failure.is_some() { '✗' } else { '✓' };
            let tests = counts.map(|counts| format!("{} passed, {} failed", counts.passed, counts.failed));
            println!("{mark} {name:<36}{:>12}   {}", human(*time), tests.unwrap_or_default());
            // A step that failed without naming a failed test (it did not compile, say) counts as one.
            let unnamed = u32::from(failure.is_some() && counts.is_none_or(|counts| counts.failed == 0));
            total = total.and(counts.unwrap_or_default()).and(Counts { passed: 0, failed: unnamed });
        }
        println!("{:─<72}", "");
        for (name, .., failure) in &self.steps {
            if let Some(failure) = failure {
                println!("✗ {name}: {failure}");
            }
        }
        if self.steps.iter().any(|(_, _, counts, _)| counts.is_some()) {
            println!("{} passed, {} failed", total.passed, total.failed);
        }
        if total.failed == 0 { Ok(()) } else { Err(Failure::new("not everything passed; the table above says what")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_without_a_failed_test_still_counts_as_failed() {
        let mut report = Report::default();
        report.count("tests", || (Counts { passed: 3, failed: 0 }, Ok(())));
        assert!(!report.has_failed());
        report.note("lints", || Err::<(), _>(Failure::new("a warning")));
        assert!(report.has_failed());
        assert!(report.close().is_err());
    }
}
