//! Reads a mailbox for as long as the portal runs.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::Duration;

use openbok_domain::{EmailAddress, OperatorSlug};
use tokio::time::Instant;

use super::ImapAddress;
use super::connection::{Connection, Fault};
use super::letter::{Fingerprint, Letter, MAX_LETTER_BYTES, read_letter};
use crate::ServiceError;
use crate::jobs::chain;

/// A letter is not given up before it was refused so many times: a server that was away for long has not refused it all the
/// while.
const LEAST_REFUSALS: u32 = 3;

/// How far a mailbox was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The numbering that `last_uid` belongs to; a server changes it when it must number its letters anew.
    pub uid_validity: u32,
    /// The number up to which every letter was taken, or is there no longer. Numbers only grow.
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
    /// ignored letter leaves nothing but progress. Until this succeeds the letter comes again. The progress stays behind the
    /// letter as long as the server does not give out one that came before it.
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
    /// How long a letter is asked for that the server does not give out. The others are read meanwhile.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_mins(1),
            idle: Duration::from_mins(9),
            first_retry: Duration::from_secs(5),
            longest_retry: Duration::from_mins(5),
            patience: Duration::from_hours(1),
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
    held: Held,
}

impl MailboxReader {
    /// A reader for an operator's mailbox; `own` is the address the portal's mails come from.
    #[must_use]
    pub fn new(operator: OperatorSlug, address: ImapAddress, own: EmailAddress, pace: Pace) -> Self {
        Self { operator, address, own, pace, held: Held::default() }
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
            let Pace { idle, poll, .. } = self.pace;
            let longest = if self.held.refusals.is_empty() { idle } else { idle.min(poll) };
            connection.wait(longest, poll).await?;
        }
    }

    async fn take_new(&mut self, connection: &mut Connection, intake: &impl Intake) -> Result<(), Fault> {
        let uid_validity = connection.uid_validity;
        let taken = intake.progress().await.map_err(Fault::Intake)?;
        let last_uid = taken.filter(|taken| taken.uid_validity == uid_validity).map_or(0, |taken| taken.last_uid);
        self.held.forget_up_to(uid_validity, last_uid);
        let uids = connection.uids_from(last_uid.saturating_add(1)).await?;
        let (refused, others): (Vec<u32>, Vec<u32>) = uids.into_iter().partition(|uid| self.held.is_refused(*uid));
        for uid in others.into_iter().chain(refused) {
            if self.held.settled.contains(&uid) {
                continue;
            }
            // One byte more than is read shows that there is more.
            match connection.letter(uid, MAX_LETTER_BYTES + 1).await {
                Ok(Some(raw)) => {
                    let letter = self.read(raw).await;
                    self.take(uid, letter, intake).await?;
                }
                Ok(None) => self.held.settle(uid),
                Err(fault) => {
                    let (operator, code) = (self.operator.to_string(), fault.code());
                    tracing::warn!(operator, uid, code, "a letter cannot be read");
                    if self.held.refuse(uid, self.pace.patience) {
                        self.take(uid, self.unreadable(uid), intake).await?;
                    }
                    if !fault.leaves_connection() {
                        return Err(fault);
                    }
                }
            }
        }
        Ok(())
    }

    async fn take(&mut self, uid: u32, letter: Letter, intake: &impl Intake) -> Result<(), Fault> {
        let kind = match &letter {
            Letter::Request(_) => "request",
            Letter::Ignored(reason) => reason.code(),
        };
        intake.take(self.held.progress_with(uid), letter).await.map_err(Fault::Intake)?;
        self.held.settle(uid);
        let operator = self.operator.to_string();
        tracing::info!(operator, kind, uid, "a letter was taken from the mailbox");
        metrics::counter!("access_letters_total", "operator" => operator, "kind" => kind).increment(1);
        Ok(())
    }

    /// Understands a letter away from the threads that serve pages.
    async fn read(&self, raw: Vec<u8>) -> Letter {
        let (own, fingerprint) = (self.own.clone(), Fingerprint::of_bytes("bytes", &raw));
        let reading = tokio::task::spawn_blocking(move || read_letter(&raw, &own));
        reading.await.unwrap_or_else(|_| Letter::unreadable(fingerprint, &[]))
    }

    /// A letter that the server shows but does not give out: somebody has to look into the mailbox.
    fn unreadable(&self, uid: u32) -> Letter {
        let place = [&self.address.key()[..], &self.held.uid_validity.to_be_bytes(), &uid.to_be_bytes()].concat();
        Letter::unreadable(Fingerprint::of_bytes("mailbox", &place), &[])
    }
}

/// Letters that the server shows but does not give out, and what was done behind the first of them.
#[derive(Debug, Default)]
struct Held {
    uid_validity: u32,
    /// Since when each was refused, and how many times.
    refusals: BTreeMap<u32, (Instant, u32)>,
    /// Letters beyond the progress that were taken or are there no longer.
    settled: BTreeSet<u32>,
}

impl Held {
    /// Leaves out what lies within the progress, and everything when the mailbox is numbered anew.
    fn forget_up_to(&mut self, uid_validity: u32, last_uid: u32) {
        if self.uid_validity != uid_validity {
            *self = Self { uid_validity, ..Self::default() };
        }
        self.refusals.retain(|uid, _| *uid > last_uid);
        self.settled.retain(|uid| *uid > last_uid);
    }

    fn is_refused(&self, uid: u32) -> bool {
        self.refusals.contains_key(&uid)
    }

    /// Notes a refusal; whether the letter is to be given up.
    fn refuse(&mut self, uid: u32, patience: Duration) -> bool {
        let (since, times) = self.refusals.entry(uid).or_insert_with(|| (Instant::now(), 0));
        *times += 1;
        *times >= LEAST_REFUSALS && since.elapsed() >= patience
    }

    /// How far the mailbox is read once this letter is taken.
    fn progress_with(&self, uid: u32) -> Progress {
        let highest = self.settled.last().map_or(uid, |settled| uid.max(*settled));
        let first_refused = self.refusals.keys().find(|refused| **refused != uid);
        let last_uid = first_refused.map_or(highest, |refused| highest.min(refused - 1));
        Progress { uid_validity: self.uid_validity, last_uid }
    }

    fn settle(&mut self, uid: u32) {
        self.refusals.remove(&uid);
        self.settled.insert(uid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(refused: &[u32], settled: &[u32]) -> Held {
        let refusals = refused.iter().map(|uid| (*uid, (Instant::now(), 1))).collect();
        Held { uid_validity: 7, refusals, settled: settled.iter().copied().collect() }
    }

    #[test]
    fn the_progress_never_passes_a_letter_that_was_not_taken() {
        let with = |refused: &[u32], settled: &[u32], uid| held(refused, settled).progress_with(uid).last_uid;
        assert_eq!(with(&[], &[], 9), 9);
        assert_eq!(with(&[5], &[], 6), 4);
        assert_eq!(with(&[5], &[6, 9], 10), 4);
        assert_eq!(with(&[5], &[6, 9], 5), 9);
        assert_eq!(with(&[5, 8], &[6, 9], 5), 7);
        assert_eq!(with(&[5, 8], &[6, 9], 8), 4);
        assert_eq!(with(&[1], &[], 2), 0);
    }

    #[test]
    fn gives_a_letter_up_only_after_the_span_and_several_refusals() {
        let refuse = |held: &mut Held, patience| [(); 4].map(|()| held.refuse(5, patience));
        assert_eq!(refuse(&mut Held::default(), Duration::ZERO), [false, false, true, true]);
        assert_eq!(refuse(&mut Held::default(), Duration::from_mins(1)), [false; 4]);
    }

    #[test]
    fn forgets_what_another_reader_took_and_what_is_numbered_anew() {
        let mut held = held(&[5, 8], &[6, 9]);
        held.forget_up_to(7, 6);
        assert_eq!((held.is_refused(5), held.is_refused(8), held.settled.len()), (false, true, 1));
        held.forget_up_to(8, 0);
        assert_eq!((held.uid_validity, held.is_refused(8), held.settled.len()), (8, false, 0));
    }
}
