//! Reads a mailbox for as long as the portal runs.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::Duration;

use openbok_domain::{EmailAddress, Lang, OperatorSlug};
use openbok_locales::staff as words;
use tokio::time::Instant;

use super::ImapAddress;
use super::connection::{Connection, Fault};
use super::letter::{Fingerprint, Letter, MAX_LETTER_BYTES, read_letter};
use crate::ServiceError;
use crate::jobs::chain;

/// A letter is not given up before it was refused so many times, each time while another could be read: a server that was
/// away for long, or whose store of letters was, has not refused it all the while.
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
    /// How long a letter is asked for that the server does not give out, though it does others. Those are read meanwhile.
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
    lang: Lang,
    pace: Pace,
    held: Held,
}

impl MailboxReader {
    /// A reader for an operator's mailbox; `own` is the address the portal's mails come from, `lang` what staff is told in
    /// where a letter cannot be read.
    #[must_use]
    pub fn new(operator: OperatorSlug, address: ImapAddress, own: EmailAddress, lang: Lang, pace: Pace) -> Self {
        Self { operator, address, own, lang, pace, held: Held::default() }
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
        self.take_each(others, connection, intake).await?;
        self.find_witness(connection).await?;
        self.take_each(refused, connection, intake).await
    }

    async fn take_each(
        &mut self,
        uids: Vec<u32>,
        connection: &mut Connection,
        intake: &impl Intake,
    ) -> Result<(), Fault> {
        for uid in uids {
            if self.held.settled.contains(&uid) {
                continue;
            }
            // One byte more than is read shows that there is more.
            match connection.letter(uid, MAX_LETTER_BYTES + 1).await {
                Ok(Some(raw)) => {
                    self.held.witness();
                    let letter = self.read(uid, raw).await;
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

    /// Asks for a byte of a letter that was not refused, where one was and no other could be read since.
    async fn find_witness(&mut self, connection: &mut Connection) -> Result<(), Fault> {
        if self.held.has_witnesses() {
            return Ok(());
        }
        let uids = connection.uids().await?;
        let Some(uid) = self.held.next_witness(&uids) else { return Ok(()) };
        match connection.letter(uid, 1).await {
            Ok(Some(_)) => {
                self.held.silent.remove(&uid);
                self.held.witness();
            }
            Ok(None) => {}
            Err(fault) if fault.leaves_connection() => {}
            Err(fault) => return Err(fault),
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
    async fn read(&self, uid: u32, raw: Vec<u8>) -> Letter {
        let (own, fingerprint) = (self.own.clone(), Fingerprint::of_bytes("bytes", &raw));
        let reading = tokio::task::spawn_blocking(move || read_letter(&raw, &own));
        reading.await.unwrap_or_else(|_| Letter::unreadable(fingerprint, &self.note(uid)))
    }

    /// A letter that the server shows but does not give out: somebody has to look into the mailbox.
    fn unreadable(&self, uid: u32) -> Letter {
        let place = [&self.address.key()[..], &self.held.uid_validity.to_be_bytes(), &uid.to_be_bytes()].concat();
        Letter::unreadable(Fingerprint::of_bytes("mailbox", &place), &self.note(uid))
    }

    /// What staff reads instead of a letter: where it is.
    fn note(&self, uid: u32) -> String {
        words::letter_unreadable(self.lang, &self.address.mailbox, &uid.to_string(), &self.address.user)
    }
}

/// What the server has refused of a letter.
#[derive(Debug, Clone, Copy)]
struct Refusals {
    /// When it began.
    since: Instant,
    /// How many times it was while another letter could be read.
    witnessed: u32,
    /// Whether another letter could be read since the last time.
    has_witness: bool,
}

/// Letters that the server shows but does not give out, and what was done behind the first of them.
#[derive(Debug, Default)]
struct Held {
    uid_validity: u32,
    refusals: BTreeMap<u32, Refusals>,
    /// Letters beyond the progress that were taken or are there no longer.
    settled: BTreeSet<u32>,
    /// Other letters that could not be read either when they were asked for as witnesses.
    silent: BTreeSet<u32>,
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

    /// Notes a refusal; whether the letter is to be given up. Where no other could be read since the refusal before, that one
    /// says nothing of the letter, and it is as if this were the first.
    fn refuse(&mut self, uid: u32, patience: Duration) -> bool {
        let known = self.refusals.get(&uid).filter(|known| known.has_witness);
        let (since, witnessed) = known.map_or_else(|| (Instant::now(), 0), |known| (known.since, known.witnessed));
        self.refusals.insert(uid, Refusals { since, witnessed, has_witness: false });
        witnessed + 1 >= LEAST_REFUSALS && since.elapsed() >= patience
    }

    /// Notes that a letter could be read: what was refused before was refused for its own sake.
    fn witness(&mut self) {
        for refusals in self.refusals.values_mut().filter(|refusals| !refusals.has_witness) {
            (refusals.witnessed, refusals.has_witness) = (refusals.witnessed + 1, true);
        }
    }

    fn has_witnesses(&self) -> bool {
        self.refusals.values().all(|refusals| refusals.has_witness)
    }

    /// The newest letter that was not refused, each in its turn: one may be there that can never be read. It counts as
    /// silent until it is read.
    fn next_witness(&mut self, uids: &[u32]) -> Option<u32> {
        let others = || uids.iter().rev().filter(|uid| !self.refusals.contains_key(uid));
        let next = others().find(|uid| !self.silent.contains(uid)).copied();
        if next.is_none() {
            self.silent.clear();
        }
        self.silent.extend(next);
        next
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
        let mut held = Held { uid_validity: 7, settled: settled.iter().copied().collect(), ..Held::default() };
        for uid in refused {
            held.refuse(*uid, Duration::ZERO);
        }
        held
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
        let refuse = |held: &mut Held, patience| {
            [(); 4].map(|()| {
                let is_given_up = held.refuse(5, patience);
                held.witness();
                is_given_up
            })
        };
        assert_eq!(refuse(&mut Held::default(), Duration::ZERO), [false, false, true, true]);
        assert_eq!(refuse(&mut Held::default(), Duration::from_mins(1)), [false; 4]);
    }

    #[test]
    fn gives_no_letter_up_while_no_other_can_be_read() {
        let mut held = Held::default();
        let refused_alone = |held: &mut Held| [(); 9].iter().any(|()| held.refuse(5, Duration::ZERO));
        assert!(!refused_alone(&mut held), "the store of letters is away");
        let refused = [(); 2].map(|()| {
            held.witness();
            held.refuse(5, Duration::ZERO)
        });
        assert_eq!(refused, [false, true], "it is back, but for this letter");
        assert!(!refused_alone(&mut held), "what was before it went away again does not count");
    }

    #[test]
    fn asks_other_letters_in_turn_whether_they_can_be_read() {
        let mut held = held(&[5], &[]);
        let mut next = || held.next_witness(&[2, 3, 5, 7]);
        assert_eq!([(); 6].map(|()| next()), [Some(7), Some(3), Some(2), None, Some(7), Some(3)]);
        assert_eq!(held.next_witness(&[5]), None);
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
