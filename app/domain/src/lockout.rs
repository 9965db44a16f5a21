//! When guessing passwords ends, and how an account comes back.

use serde::{Deserialize, Serialize};

/// So many wrong passwords lock; the next one is not even looked at.
pub const MAX_FAILURES: u32 = 5;

/// From so many wrong passwords on, a sign-in must pass a challenge before it is looked at.
pub const CHALLENGE_FROM: u32 = 3;

text_enum! {
    /// What five wrong passwords lock.
    pub enum LockoutScope {
        /// Where they came from: a browser known to the account locks the whole account, strangers only lock out strangers.
        Device = "device",
        /// The account, whoever guessed.
        Account = "account",
    }
}

/// How a locked account comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnlockBy {
    /// The operator's staff unlocks it.
    Staff,
    /// By itself.
    Time {
        /// After so many minutes.
        minutes: u32,
    },
    /// By a link mailed to the owner.
    Mail,
}
