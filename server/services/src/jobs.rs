//! The worker: sends mails, answers requests that were written down, and keeps house.

use std::collections::HashMap;
use std::time::Duration;

use openbok_domain::{MailId, OperatorSlug, Timestamp};
use openbok_storage::outbox::{self, Outgoing};
use openbok_storage::{Tx, leases, links, sessions, sign_in, staff};
use tokio::task::{self, JoinSet};

use crate::records::{Job, place};
use crate::session::IDLE_SESSIONS_KEPT;
use crate::settings::{DAY, HOUR, MINUTE};
use crate::{ServiceError, Services, Transport, boxed};

/// How long a worker may take for one mail before another takes it over.
const LEASE: Duration = Duration::from_mins(2);
/// Mails taken at once.
const BATCH: i64 = 16;
/// Tries before a job is given up.
const MOST_TRIES: i64 = 12;
/// How long a stopping worker waits for the jobs in its hands.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// How long the worker sleeps when nothing wakes it.
const PAUSE: Duration = Duration::from_secs(1);

/// The worker of one server.
#[derive(Debug)]
pub struct Worker {
    services: Services,
    /// Tells workers of several servers apart.
    name: String,
}

/// Jobs that are being done.
#[derive(Debug, Default)]
struct Batch {
    tasks: JoinSet<Result<(), ServiceError>>,
    jobs: HashMap<task::Id, Outgoing>,
}

impl Services {
    /// A worker for this server; run one in each.
    #[must_use]
    pub fn worker(&self) -> Worker {
        let name = u64::from_be_bytes(self.entropy().bytes());
        Worker { services: self.clone(), name: format!("{name:016x}") }
    }

    /// Tells the worker that there is something to do.
    pub(crate) fn wake_worker(&self) {
        self.0.work.notify_one();
    }

    /// Does everything that is due, until nothing is. For tests and the command line.
    #[boxed]
    pub async fn run_jobs(&self) -> Result<(), ServiceError> {
        let mut batch = Batch::default();
        while self.work_batch(&mut batch).await? > 0 {}
        Ok(())
    }

    /// Takes one batch and does it; how many jobs there were.
    #[boxed]
    async fn work_batch(&self, batch: &mut Batch) -> Result<usize, ServiceError> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let worthless = outbox::update_expired(tx.conn(), now).await?;
        tx.commit().await?;
        if worthless > 0 {
            tracing::info!(count = worthless, "mails expired before they could be sent");
        }
        for job in outbox::lease(self.db(), now, now.plus(LEASE), BATCH).await? {
            let (services, outgoing) = (self.clone(), job.clone());
            let task = batch.tasks.spawn(async move { services.work_one(&outgoing).await });
            batch.jobs.insert(task.id(), job);
        }
        let count = batch.jobs.len();
        self.finish(batch).await?;
        Ok(count)
    }

    /// Waits until every job of the batch is done, or has failed and its next try is set.
    async fn finish(&self, batch: &mut Batch) -> Result<(), ServiceError> {
        while let Some(done) = batch.tasks.join_next_with_id().await {
            let (id, failure) = match done {
                Ok((id, outcome)) => (id, outcome.err().map(Failure::from)),
                Err(panic) => (panic.id(), Some(Failure::panic())),
            };
            if let (Some(job), Some(failure)) = (batch.jobs.remove(&id), failure) {
                self.note_job_failure(&job, &failure).await?;
            }
        }
        Ok(())
    }

    async fn work_one(&self, outgoing: &Outgoing) -> Result<(), ServiceError> {
        let job: Job = self.vault().open(&place::job(outgoing.id), &outgoing.sealed)?;
        let slug = outgoing.operator.parse::<OperatorSlug>().ok();
        let Some(operator) = slug.and_then(|slug| self.operators().find(&slug)) else {
            // The profile was taken away; nothing can be sent in its name.
            return self.give_up(outgoing, "operator").await;
        };
        match job {
            Job::Mail(message) => {
                self.transport().deliver(&self.settings().mail_from, outgoing.id, &message).await?;
                let mut tx = self.db().begin().await?;
                if matches!(self.transport(), Transport::Mailbox) {
                    let sealed = self.vault().seal(self.entropy(), &place::kept(outgoing.id), &message);
                    outbox::insert_kept(tx.conn(), outgoing.id, &outgoing.operator, &sealed, self.now()).await?;
                }
                self.finish_job(tx, outgoing.id).await?;
                metrics::counter!("mails_sent_total", "kind" => outgoing.kind.clone()).increment(1);
                Ok(())
            }
            Job::RecoverPassword { login } => self.recover_password_now(&operator, &login, outgoing.id).await,
            Job::RemindLogin { email } => self.remind_login_now(&operator, &email, outgoing.id).await,
            Job::ResendActivation { login } => self.resend_activation_now(&operator, &login, outgoing.id).await,
            Job::NoteLock { login_index } => self.note_lock_now(&operator, &login_index, outgoing.id).await,
        }
    }

    /// Commits what a job did, together with the record that it is done. Nothing of it happens when another worker, which
    /// had to take this one for dead, has done it meanwhile.
    pub(crate) async fn finish_job(&self, mut tx: Tx, job: MailId) -> Result<(), ServiceError> {
        if outbox::update_sent(tx.conn(), job).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    async fn note_job_failure(&self, outgoing: &Outgoing, failure: &Failure) -> Result<(), ServiceError> {
        let Failure { code, cause, is_permanent } = failure;
        tracing::warn!(job = %outgoing.id, kind = outgoing.kind, attempt = outgoing.attempts, code, cause, "a job failed");
        metrics::counter!("mails_failed_total", "kind" => outgoing.kind.clone()).increment(1);
        if *is_permanent || outgoing.attempts >= MOST_TRIES {
            return self.give_up(outgoing, code).await;
        }
        let [jitter] = self.entropy().bytes::<1>();
        let due = self.now().plus(retry_delay(outgoing.attempts, jitter));
        let mut tx = self.db().begin().await?;
        outbox::update_retry(tx.conn(), outgoing.id, due, code).await?;
        Ok(tx.commit().await?)
    }

    async fn give_up(&self, outgoing: &Outgoing, code: &str) -> Result<(), ServiceError> {
        tracing::error!(job = %outgoing.id, kind = outgoing.kind, code, "a job was given up");
        metrics::counter!("mails_dead_total", "kind" => outgoing.kind.clone()).increment(1);
        let mut tx = self.db().begin().await?;
        outbox::update_dead(tx.conn(), outgoing.id, code).await?;
        Ok(tx.commit().await?)
    }

    /// Removes what no longer means anything.
    async fn keep_house(&self) -> Result<(), ServiceError> {
        let now = self.now();
        let month = DAY * 30;
        let mut tx = self.db().begin().await?;
        sessions::delete_idle(tx.conn(), now.minus(IDLE_SESSIONS_KEPT)).await?;
        staff::delete_idle_sessions(tx.conn(), now.minus(IDLE_SESSIONS_KEPT)).await?;
        links::delete_expired(tx.conn(), now.minus(month)).await?;
        sign_in::delete_source_failures(tx.conn(), now.minus(HOUR)).await?;
        sign_in::delete_limits(tx.conn(), now.minus(DAY)).await?;
        sign_in::delete_spent_challenges(tx.conn(), now.minus(HOUR)).await?;
        sign_in::delete_orphan_lanes(tx.conn(), now.minus(month)).await?;
        outbox::delete_done(tx.conn(), now.minus(month)).await?;
        tx.commit().await?;
        self.sweep_files().await
    }
}

impl Worker {
    /// Works until `stop` resolves. Then it waits a little for what it has begun, makes the rest due at once for the next
    /// worker, and gives its leases back.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        const HOUSEKEEPING: &str = "housekeeping";
        const REMINDERS: &str = "reminders";
        tokio::pin!(stop);
        let mut batch = Batch::default();
        let (mut next_cleaning, mut next_reminders) = (Timestamp::from_micros(0), Timestamp::from_micros(0));
        loop {
            let outcome = tokio::select! {
                biased;
                () = &mut stop => break,
                outcome = self.services.work_batch(&mut batch) => outcome,
            };
            let now = self.services.now();
            if now >= next_cleaning {
                next_cleaning = now.plus(HOUR);
                if let Err(error) = self.clean(HOUSEKEEPING, now).await {
                    tracing::error!(error = %chain(&error), "housekeeping failed; it is tried again in an hour");
                }
                self.services.log_audit_head().await;
            }
            if now >= next_reminders {
                next_reminders = now.plus(MINUTE);
                if let Err(error) = self.remind(REMINDERS, now).await {
                    tracing::error!(error = %chain(&error), "reminders failed; they are tried again in a minute");
                }
            }
            match outcome {
                Ok(done) if done > 0 => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(error = %chain(&error), "the worker could not read its work"),
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.services.0.work.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        if let Err(error) = self.hand_back(batch).await {
            tracing::warn!(error = %chain(&error), "leases were not given back; they run out by themselves");
        }
        self.services.log_audit_head().await;
    }

    #[boxed]
    async fn hand_back(&self, mut batch: Batch) -> Result<(), ServiceError> {
        if let Ok(finished) = tokio::time::timeout(STOP_PATIENCE, self.services.finish(&mut batch)).await {
            finished?;
        }
        batch.tasks.shutdown().await;
        let now = self.services.now();
        let mut tx = self.services.db().begin().await?;
        for job in batch.jobs.values() {
            outbox::update_released(tx.conn(), job.id, now).await?;
        }
        leases::delete_held(tx.conn(), &self.name).await?;
        Ok(tx.commit().await?)
    }

    #[boxed]
    async fn clean(&self, lease: &str, now: Timestamp) -> Result<(), ServiceError> {
        if self.holds(lease, now, HOUR).await? { self.services.keep_house().await } else { Ok(()) }
    }

    #[boxed]
    async fn remind(&self, lease: &str, now: Timestamp) -> Result<(), ServiceError> {
        if self.holds(lease, now, MINUTE).await? { self.services.remind_of_plans().await } else { Ok(()) }
    }

    /// Whether this server is the one that does something at regular times.
    async fn holds(&self, lease: &str, now: Timestamp, length: Duration) -> Result<bool, ServiceError> {
        let mut tx = self.services.db().begin().await?;
        let is_ours = leases::update_held(tx.conn(), lease, &self.name, now, now.plus(length)).await?;
        tx.commit().await?;
        Ok(is_ours)
    }
}

/// Why a job was not done.
struct Failure {
    /// For records: short, without addresses or texts of others.
    code: String,
    /// For the log, where it is the portal's own.
    cause: String,
    /// Whether trying again is useless.
    is_permanent: bool,
}

impl Failure {
    fn panic() -> Self {
        Self { code: "panic".to_owned(), cause: String::new(), is_permanent: false }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Transport(error) => {
                Self { code: error.code(), cause: String::new(), is_permanent: error.is_permanent() }
            }
            error => Self { code: "internal".to_owned(), cause: chain(&error), is_permanent: false },
        }
    }
}

/// One minute after the first failure, doubling up to six hours, up to a quarter earlier by chance so that a mail server
/// that comes back is not met by everything at once.
fn retry_delay(attempt: i64, jitter: u8) -> Duration {
    let doublings = u32::try_from(attempt - 1).unwrap_or_default().min(16);
    let full = Duration::from_mins(1).saturating_mul(1 << doublings).min(HOUR * 6);
    full.saturating_sub(full * u32::from(jitter) / 1024)
}

/// An error with what caused it, for the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r60_waits_from_a_minute_to_six_hours_between_tries() {
        assert_eq!(retry_delay(1, 0), Duration::from_mins(1));
        assert_eq!(retry_delay(2, 0), Duration::from_mins(2));
        assert_eq!(retry_delay(12, 0), HOUR * 6);
        for attempt in 1..=MOST_TRIES {
            assert!(retry_delay(attempt, 255) >= retry_delay(attempt, 0) * 3 / 4);
        }
    }
}
