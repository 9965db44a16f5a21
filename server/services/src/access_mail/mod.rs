//! Requests for access that producers write as e-mail: a mailbox is read, and each letter in it becomes a request in the
//! back office, complete where the letter says everything, otherwise to be completed by hand.
//!
//! [`read_letter`] knows nothing of mailboxes, [`MailboxReader`] nothing of what becomes of a letter: that is decided by
//! the [`Intake`] it is given. Nothing here writes to the mailbox; letters stay as they are, unread.

mod address;
mod connection;
mod letter;
mod reader;

pub use address::ImapAddress;
pub use letter::{Fingerprint, FoundRequest, Ignored, Letter, MAX_LETTER_BYTES, read_letter};
pub use reader::{Intake, MailboxReader, Pace, Progress};
