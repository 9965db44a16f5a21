//! Reads a mailbox for as long as the portal runs.

use std::convert::Infallible;
use std::time::Duration;

use openbok_domain::{EmailAddress, OperatorSlug};

use super::ImapAddress;
use super::connection::{Connection, Fault};
use super::letter::{Fingerprint, Letter, MAX_LETTER_BYTES, read_letter};
use crate::ServiceError;
use crate::jobs::chain;

/// After so many refusals of one letter, each over a connection of its own, the mailbox is read on without it.
const MOST_REFUSALS: u32 = 3;

/// How far a mailbox was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The numbering that `last_uid` belongs to; a server changes it when it must number its letters anew.
    pub uid_validity: u32,
    /// The highest number taken. Numbers only grow.
    pub last_uid: u32,
}

/// What becomes of the letters of one mailbox.
///
/// Letters are never lost and never taken twice as long as [`take`](Intake::take) does what it does in one transaction:
/// whenever the portal dies, either both letter and progress are kept or neither. Then the next reader, be it of this
/// server or of another, goes on where that transaction left it.
pub trait Intake: Send + Sync {
    /// How far the mailbox was read; `None` before its first letter.
    fn progress(&self) -> impl Future<Output = Result<Option<Progress>, ServiceError>> + Send;

    /// Keeps a letter and how far the mailbox is read with it, both or neither. A request whose fingerprint is known was
    /// taken before, under another number or by another server: then only the progress is kept, and that is no error. An
    /// ignored letter leaves nothing but progress. Until this succeeds the letter comes again.
    fn take(&self, progress: Progress, letter: Letter) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// How often a mailbox is asked.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two looks at a server that does not tell of new letters by itself.
    pub poll: Duration,
    /// How long one that does is listened to at a time. Servers may hang up after 29 minutes, and what lies between often
    /// forgets a silent connection long before.
    pub idle: Duration,
    /// After a first failure; doubles with each further one.
    pub first_retry: Duration,
    /// The longest after a failure.
    pub longest_retry: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_mins(1),
            idle: Duration::from_mins(9),
            first_retry: Duration::from_secs(5),
            longest_retry: Duration::from_mins(5),
        }
    }
}

/// The reader of one operator's mailbox.
#[derive(Debug)]
pub struct MailboxReader {
    operator: OperatorSlug,
    address: ImapAddress,
    own: EmailAddress,
    pace: Pace,
    /// The letter the server last refused, and how often.
    refused: Option<(Progress, u32)>,
}

impl MailboxReader {
    /// A reader for an operator's mailbox; `own` is the address the portal's mails come from.
    #[must_use]
    pub fn new(operator: OperatorSlug, address: ImapAddress, own: EmailAddress, pace: Pace) -> Self {
        Self { operator, address, own, pace, refused: None }
    }

    /// Hands every letter of the mailbox to the intake, old ones first and then new ones as they come, until `stop`
    /// resolves. Whatever fails is tried again over increasing waits.
    pub async fn run(mut self, intake: &impl Intake, stop: impl Future<Output = ()>) {
        let operator = self.operator.to_string();
        let reading = async {
            let mut pause = self.pace.first_retry;
            loop {
                let mut has_read = false;
                let Err(fault) = self.attend(intake, &mut has_read).await;
                if has_read {
                    pause = self.pace.first_retry;
                }
                let (code, cause, seconds) = (fault.code(), chain(&fault), pause.as_secs());
                tracing::warn!(operator, code, cause, seconds, "the mailbox cannot be read; it is tried again");
                metrics::counter!("access_mailbox_failures_total", "operator" => operator.clone(), "code" => code)
                    .increment(1);
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(self.pace.longest_retry);
            }
        };
        tokio::select! {
            biased;
            () = stop => {}
            () = reading => {}
        }
    }

    /// Reads over one connection until it fails. `has_read` says whether the mailbox was read to its end in between.
    async fn attend(&mut self, intake: &impl Intake, has_read: &mut bool) -> Result<Infallible, Fault> {
        let mut connection = Connection::open(&self.address).await?;
        tracing::debug!(operator = %self.operator, "the mailbox is open");
        loop {
            self.take_new(&mut connection, intake).await?;
            *has_read = true;
            connection.wait(self.pace.idle, self.pace.poll).await?;
        }
    }

    async fn take_new(&mut self, connection: &mut Connection, intake: &impl Intake) -> Result<(), Fault> {
        let uid_validity = connection.uid_validity;
        let taken = intake.progress().await.map_err(Fault::Intake)?;
        let last_uid = taken.filter(|taken| taken.uid_validity == uid_validity).map_or(0, |taken| taken.last_uid);
        for uid in connection.uids_from(last_uid.saturating_add(1)).await? {
            let progress = Progress { uid_validity, last_uid: uid };
            // One byte more than is read shows that there is more.
            let letter = match connection.letter(uid, MAX_LETTER_BYTES + 1).await {
                Ok(Some(raw)) => self.read(raw).await,
                Ok(None) => continue,
                Err(fault) if fault.may_be_of_letter() && self.is_refused_for_good(progress) => {
                    self.unreadable(progress)
                }
                Err(fault) => return Err(fault),
            };
            let kind = match &letter {
                Letter::Request(_) => "request",
                Letter::Ignored(reason) => reason.code(),
            };
            intake.take(progress, letter).await.map_err(Fault::Intake)?;
            let operator = self.operator.to_string();
            tracing::info!(operator, kind, uid, "a letter was taken from the mailbox");
            metrics::counter!("access_letters_total", "operator" => operator, "kind" => kind).increment(1);
        }
        Ok(())
    }

    /// Understands a letter away from the threads that serve pages.
    async fn read(&self, raw: Vec<u8>) -> Letter {
        let (own, fingerprint) = (self.own.clone(), Fingerprint::of_bytes("bytes", &raw));
        let reading = tokio::task::spawn_blocking(move || read_letter(&raw, &own));
        reading.await.unwrap_or_else(|_| Letter::unreadable(fingerprint, &[]))
    }

    /// Counts the refusals of a letter; whether it was the last one that matters.
    fn is_refused_for_good(&mut self, letter: Progress) -> bool {
        let times = self.refused.filter(|(refused, _)| *refused == letter).map_or(0, |(_, times)| times) + 1;
        self.refused = Some((letter, times));
        times >= MOST_REFUSALS
    }

    /// A letter that the server shows but does not give out: somebody has to look into the mailbox.
    fn unreadable(&self, letter: Progress) -> Letter {
        let place = format!("{}/{}/{}", self.operator, letter.uid_validity, letter.last_uid);
        Letter::unreadable(Fingerprint::of_bytes("mailbox", place.as_bytes()), &[])
    }
}
