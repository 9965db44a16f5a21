//! The worker: sends mails, answers requests that were written down, and keeps house.

use std::time::Duration;

use openbok_domain::{OperatorSlug, Timestamp};
use openbok_storage::outbox::{self, Outgoing};
use openbok_storage::{leases, links, sessions, sign_in};

use crate::records::{Job, place};
use crate::settings::{DAY, HOUR};
use crate::{ServiceError, Services, Transport, TransportError};

/// How long a worker may take for one mail before another takes it over.
const LEASE: Duration = Duration::from_secs(120);
/// Mails taken at once.
const BATCH: i64 = 16;
/// Tries before a mail is given up.
const MOST_TRIES: i64 = 12;
/// How long the worker sleeps when nothing wakes it.
const PAUSE: Duration = Duration::from_secs(1);

/// The worker of one server.
#[derive(Debug)]
pub struct Worker {
    services: Services,
    /// Tells workers of several servers apart.
    name: String,
}

impl Services {
    /// A worker for this server; run one in each.
    #[must_use]
    pub fn worker(&self) -> Worker {
        let name: String = self.entropy().bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect();
        Worker { services: self.clone(), name }
    }

    /// Tells the worker that there is something to do.
    pub(crate) fn wake_worker(&self) {
        self.0.work.notify_one();
    }

    /// Does everything that is due, until nothing is. For tests and the command line.
    pub async fn run_jobs(&self) -> Result<(), ServiceError> {
        while self.work_batch().await? > 0 {}
        Ok(())
    }

    /// Takes one batch and does it; how many jobs there were.
    async fn work_batch(&self) -> Result<usize, ServiceError> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let worthless = outbox::update_expired(tx.conn(), now).await?;
        tx.commit().await?;
        if worthless > 0 {
            tracing::info!(count = worthless, "mails expired before they could be sent");
        }
        let batch = outbox::lease(self.db(), now, now.plus(LEASE), BATCH).await?;
        let count = batch.len();
        let tasks: Vec<_> = batch
            .into_iter()
            .map(|job| {
                let services = self.clone();
                tokio::spawn(async move { services.work_one(job).await })
            })
            .collect();
        for task in tasks {
            if let Ok(Err(error)) = task.await {
                tracing::error!(error = %chain(&error), "a job failed; it comes up again");
            }
        }
        Ok(count)
    }

    async fn work_one(&self, outgoing: Outgoing) -> Result<(), ServiceError> {
        let job: Job = self.vault().open(&place::job(outgoing.id), &outgoing.sealed)?;
        let slug = outgoing.operator.parse::<OperatorSlug>().ok();
        let Some(operator) = slug.and_then(|slug| self.operators().find(&slug)) else {
            // The profile was taken away; nothing can be sent in its name.
            return self.give_up(&outgoing, "operator").await;
        };
        match job {
            Job::Mail(message) => {
                let outcome = self.transport().deliver(&self.settings().mail_from, outgoing.id, &message).await;
                if let Err(error) = outcome {
                    return self.note_transport_failure(&outgoing, &error).await;
                }
                let mut tx = self.db().begin().await?;
                if matches!(self.transport(), Transport::Mailbox) {
                    let sealed = self.vault().seal(self.entropy(), &place::kept(outgoing.id), &message);
                    outbox::insert_kept(tx.conn(), outgoing.id, &outgoing.operator, &sealed, self.now()).await?;
                }
                outbox::update_sent(tx.conn(), outgoing.id).await?;
                tx.commit().await?;
                metrics::counter!("mails_sent_total", "kind" => outgoing.kind).increment(1);
                return Ok(());
            }
            Job::RecoverPassword { login } => self.recover_password_now(&operator, &login).await?,
            Job::RemindLogin { email } => self.remind_login_now(&operator, &email).await?,
            Job::ResendActivation { login } => self.resend_activation_now(&operator, &login).await?,
        }
        let mut tx = self.db().begin().await?;
        outbox::update_sent(tx.conn(), outgoing.id).await?;
        Ok(tx.commit().await?)
    }

    async fn note_transport_failure(&self, outgoing: &Outgoing, error: &TransportError) -> Result<(), ServiceError> {
        tracing::warn!(
            mail = %outgoing.id, kind = outgoing.kind, attempt = outgoing.attempts, code = error.code(),
            "a mail was not accepted"
        );
        metrics::counter!("mails_failed_total", "kind" => outgoing.kind.clone()).increment(1);
        if error.is_permanent() || outgoing.attempts >= MOST_TRIES {
            return self.give_up(outgoing, &error.code()).await;
        }
        let [jitter] = self.entropy().bytes::<1>();
        let due = self.now().plus(retry_delay(outgoing.attempts, jitter));
        let mut tx = self.db().begin().await?;
        outbox::update_retry(tx.conn(), outgoing.id, due, &error.code()).await?;
        Ok(tx.commit().await?)
    }

    async fn give_up(&self, outgoing: &Outgoing, code: &str) -> Result<(), ServiceError> {
        tracing::error!(mail = %outgoing.id, kind = outgoing.kind, code, "a mail was given up");
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
        sessions::delete_idle(tx.conn(), now.minus(DAY)).await?;
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
    /// Works until `stop` resolves, then finishes what it has begun and gives its leases back.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        const HOUSEKEEPING: &str = "housekeeping";
        tokio::pin!(stop);
        let mut next_cleaning = Timestamp::from_micros(0);
        loop {
            let outcome = self.services.work_batch().await;
            let now = self.services.now();
            if now >= next_cleaning {
                next_cleaning = now.plus(HOUR);
                if let Err(error) = self.clean(HOUSEKEEPING, now).await {
                    tracing::error!(error = %chain(&error), "housekeeping failed; it is tried again in an hour");
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
        if let Err(error) = self.release().await {
            tracing::warn!(error = %chain(&error), "leases were not given back; they run out by themselves");
        }
    }

    async fn clean(&self, lease: &str, now: Timestamp) -> Result<(), ServiceError> {
        let mut tx = self.services.db().begin().await?;
        let is_ours = leases::update_held(tx.conn(), lease, &self.name, now, now.plus(HOUR)).await?;
        tx.commit().await?;
        if is_ours { self.services.keep_house().await } else { Ok(()) }
    }

    async fn release(&self) -> Result<(), ServiceError> {
        let mut tx = self.services.db().begin().await?;
        leases::delete_held(tx.conn(), &self.name).await?;
        Ok(tx.commit().await?)
    }
}

/// One minute after the first failure, doubling up to six hours, up to a quarter earlier by chance so that a mail server
/// that comes back is not met by everything at once.
fn retry_delay(attempt: i64, jitter: u8) -> Duration {
    let doublings = u32::try_from(attempt - 1).unwrap_or_default().min(16);
    let full = Duration::from_secs(60).saturating_mul(1 << doublings).min(HOUR * 6);
    full - full * u32::from(jitter) / 1024
}

/// An error with what caused it, for the log.
fn chain(error: &dyn std::error::Error) -> String {
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
        assert_eq!(retry_delay(1, 0), Duration::from_secs(60));
        assert_eq!(retry_delay(2, 0), Duration::from_secs(120));
        assert_eq!(retry_delay(12, 0), HOUR * 6);
        for attempt in 1..=MOST_TRIES {
            assert!(retry_delay(attempt, 255) >= retry_delay(attempt, 0) * 3 / 4);
        }
    }
}
