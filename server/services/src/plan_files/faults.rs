//! What is wrong with a file, collected while it is read.

use openbok_domain::plan::{FileFault, FileFaultKind, FilePlace};

/// More than anybody corrects before trying again.
pub(super) const MOST_FAULTS: usize = 100;

/// Faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<FileFault>,
}

impl Faults {
    /// Notes a fault. Past the hundredth they are not kept.
    pub fn push(&mut self, place: FilePlace, kind: FileFaultKind) {
        if self.found.len() < MOST_FAULTS {
            self.found.push(FileFault { place, kind });
        }
    }

    /// Notes a fault after which nothing can be read.
    pub fn stop<T>(mut self, place: FilePlace, kind: FileFaultKind) -> Result<T, Vec<FileFault>> {
        self.found.truncate(MOST_FAULTS - 1);
        self.push(place, kind);
        self.finish(()).map(|()| unreachable!("there is a fault"))
    }

    /// Whether there is a fault.
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether there are as many as are kept.
    pub const fn is_full(&self) -> bool {
        self.found.len() >= MOST_FAULTS
    }

    /// The value when there is no fault; otherwise the faults by place.
    pub fn finish<T>(mut self, value: T) -> Result<T, Vec<FileFault>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort();
        self.found.dedup();
        Err(self.found)
    }
}

/// A fault that ends reading.
pub(super) type Stop = (FilePlace, FileFaultKind);
