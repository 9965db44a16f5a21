//! Sessions: finding the caller, noting activity, listing and ending.

use std::sync::Arc;
use std::time::Duration;

use openbok_domain::{Fault, FieldErrors, Lang, Operator, SessionId, SessionView, Stage, Timestamp};
use openbok_storage::office::Scope;
use openbok_storage::sessions::{self, NewSession};
use openbok_storage::{Tx, accounts, sign_in, staff};

use crate::audit::{Actor, Event};
use crate::passwords::Verdict;
use crate::records::shown;
use crate::settings::{DAY, HOUR};
use crate::{Caller, ServiceError, Services, Token, Visit, boxed, session_idle};

/// How long a session that nobody uses is kept.
pub(crate) const IDLE_SESSIONS_KEPT: Duration = DAY;
/// Activity is written down at most this often: enough to be exact for people, rare enough to cost nothing.
const SEEN_STEP: Duration = Duration::from_secs(10);
/// Passwords a signed-in person may get wrong within an hour before having to wait.
const REAUTH_TRIES: i64 = 5;
/// Name of the event and of its limit.
const REAUTHENTICATION: &str = "reauthentication";

/// When a session ends, for the browser's countdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Without further activity.
    pub idle_ends_at: Timestamp,
    /// However active.
    pub ends_at: Timestamp,
}

impl Deadlines {
    /// Those of a session under an operator, that was active last at an instant and ends however active.
    pub(crate) fn of(operator: &Operator, seen_at: Timestamp, ends_at: Timestamp) -> Self {
        Self { idle_ends_at: seen_at.plus(session_idle(operator)).min(ends_at), ends_at }
    }
}

impl Services {
    /// Who a session cookie belongs to; nobody when it is unknown, idle for too long, ended, or of another operator.
    /// Looking does not count as activity; see [`Services::note_activity`].
    #[boxed]
    pub async fn find_caller(&self, operator: &Arc<Operator>, token: &Token) -> Result<Option<Caller>, ServiceError> {
        let now = self.now();
        let mut reader = self.db().read().await?;
        let idle_since = now.minus(session_idle(operator));
        let slug = operator.slug.as_str();
        let Some(session) = sessions::find_live(reader.conn(), slug, &token.hash(), idle_since, now).await? else {
            return Ok(None);
        };
        let Ok(stage) = session.stage.parse::<Stage>() else { return Ok(None) };
        Ok(Some(Caller {
            operator: operator.clone(),
            session: session.id,
            account: session.account_id,
            stage,
            scope: Scope { operator: slug.to_owned(), customers: session.customers },
            is_producer: session.is_producer,
            seen_at: session.seen_at,
            ends_at: session.ends_at,
        }))
    }

    /// Whether a session cookie that belongs to nobody any more, of a customer or of staff, belonged to a session that
    /// only idled away. Told from one that was ended for as long as idle sessions are kept.
    #[boxed]
    pub async fn has_idled(&self, operator: &Operator, token: &Token) -> Result<bool, ServiceError> {
        let (now, slug, hash) = (self.now(), operator.slug.as_str(), token.hash());
        let kept_since = now.minus(IDLE_SESSIONS_KEPT);
        let mut reader = self.db().read().await?;
        let of_customer = sessions::find_live(reader.conn(), slug, &hash, kept_since, now).await?;
        let of_staff = staff::find_session(reader.conn(), slug, &hash, kept_since, now).await?;
        Ok(of_customer.is_some() || of_staff.is_some())
    }

    /// What [`Services::note_activity`] would write down now, for a page that shows the countdown before it has succeeded.
    #[must_use]
    pub fn seen_if_active(&self, caller: &Caller) -> Timestamp {
        self.seen_now(caller.seen_at)
    }

    /// The activity to note now, after the last one: a step apart at least.
    pub(crate) fn seen_now(&self, before: Timestamp) -> Timestamp {
        let now = self.now();
        if now.since(before) >= SEEN_STEP { now } else { before }
    }

    /// Notes that the caller did something that succeeded. Polls, files and failed requests are not noted.
    #[boxed]
    pub async fn note_activity(&self, caller: &Caller) -> Result<Deadlines, ServiceError> {
        let seen_at = self.seen_if_active(caller);
        if seen_at != caller.seen_at {
            let mut tx = self.db().begin().await?;
            sessions::update_seen(tx.conn(), caller.operator.slug.as_str(), caller.session, seen_at).await?;
            tx.commit().await?;
        }
        Ok(Deadlines::of(&caller.operator, seen_at, caller.ends_at))
    }

    /// Keeps the session alive: the button under the idle warning.
    #[boxed]
    pub async fn extend_session(&self, caller: &Caller) -> Result<Deadlines, ServiceError> {
        self.note_activity(caller).await
    }

    /// Ends the caller's session.
    #[boxed]
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        sessions::delete(tx.conn(), caller.operator.slug.as_str(), caller.account, caller.session).await?;
        self.record(&mut tx, caller.event("sign_out", "ok")).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Live sessions of the caller's account, newest first, with their times in words of the language.
    #[boxed]
    pub async fn list_sessions(&self, caller: &Caller, lang: Lang) -> Result<Vec<SessionView>, ServiceError> {
        let now = self.now();
        let mut reader = self.db().read().await?;
        let idle_since = now.minus(session_idle(&caller.operator));
        let listed = sessions::list(reader.conn(), caller.account, idle_since, now).await?;
        let label = |at: Timestamp| shown(at, &caller.operator, lang);
        Ok(listed
            .into_iter()
            .map(|session| SessionView {
                id: session.id,
                is_current: session.id == caller.session,
                device: session.device,
                since: session.created_at,
                since_label: label(session.created_at),
                seen_label: label(session.seen_at),
            })
            .collect())
    }

    /// Ends another session of the caller's account, after the password was given once more.
    #[boxed]
    pub async fn end_session(&self, caller: &Caller, id: SessionId, password: &str) -> Result<(), ServiceError> {
        self.reauthenticate(caller, password, "password").await?;
        let mut tx = self.db().begin().await?;
        if !sessions::delete(tx.conn(), caller.operator.slug.as_str(), caller.account, id).await? {
            return Err(ServiceError::NotFound);
        }
        self.record(&mut tx, caller.event("end_session", "ok")).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Checks the caller's own password once more.
    ///
    /// # Errors
    /// A wrong password is the fault of the field that asked for it; see also [`Services::verify_own`].
    pub(crate) async fn reauthenticate(
        &self,
        caller: &Caller,
        password: &str,
        field: &str,
    ) -> Result<accounts::Account, ServiceError> {
        let mut reader = self.db().read().await?;
        let account = accounts::find(reader.conn(), caller.account).await?.ok_or(ServiceError::SignedOut)?;
        drop(reader);
        if self.verify_own(caller, account.password_hash.as_deref(), password).await? {
            Ok(account)
        } else {
            Err(FieldErrors::one(field, Fault::Wrong).into())
        }
    }

    /// Compares what the caller typed with a hash of the own account. A try is counted before it is made and given back
    /// when it was right.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] after a few wrong ones within an hour; [`ServiceError::Busy`], which is not counted.
    pub(crate) async fn verify_own(
        &self,
        caller: &Caller,
        stored: Option<&str>,
        typed: &str,
    ) -> Result<bool, ServiceError> {
        let subject = caller.account.to_string();
        let outcome = self.try_own(caller, &subject, stored, typed).await;
        self.note_stop(&subject, caller.event(REAUTHENTICATION, ""), outcome).await
    }

    async fn try_own(
        &self,
        caller: &Caller,
        subject: &str,
        stored: Option<&str>,
        typed: &str,
    ) -> Result<bool, ServiceError> {
        let turn = self.passwords().queue()?;
        let mut tx = self.db().begin().await?;
        self.take_try(&mut tx, REAUTHENTICATION, subject, REAUTH_TRIES, HOUR).await?;
        tx.commit().await?;
        let is_right = turn.verify(stored, typed).await != Verdict::Wrong;
        let mut tx = self.db().begin().await?;
        if is_right {
            self.give_try_back(&mut tx, REAUTHENTICATION, subject).await?;
        } else {
            self.record(&mut tx, caller.event(REAUTHENTICATION, "wrong")).await?;
        }
        tx.commit().await?;
        Ok(is_right)
    }

    /// Starts a session and ends the oldest beyond the operator's number.
    pub(crate) async fn start_session(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        account: openbok_domain::AccountId,
        stage: Stage,
    ) -> Result<Token, ServiceError> {
        let now = self.now();
        let token = Token::generate(self.entropy());
        let rules = &visit.operator.session;
        let new = NewSession {
            id: self.entropy().id(now),
            hash: &token.hash(),
            operator: visit.operator.slug.as_str(),
            account_id: account,
            stage: stage.as_str(),
            device: &visit.device_name(),
            now,
            ends_at: now.plus(HOUR * u32::from(rules.absolute_hours)),
        };
        sessions::insert(tx.conn(), &new).await?;
        sessions::delete_beyond(tx.conn(), new.operator, account, i64::from(rules.most)).await?;
        Ok(token)
    }

    /// Moves the caller's session to its next stage under a new cookie value, and remembers the browser once the sign-in
    /// is complete.
    pub(crate) async fn advance_session(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        caller: &Caller,
        to: Stage,
    ) -> Result<Token, ServiceError> {
        let now = self.now();
        let token = Token::generate(self.entropy());
        let (from, to_text) = (caller.stage.as_str(), to.as_str());
        let operator = caller.operator.slug.as_str();
        if !sessions::update_stage(tx.conn(), operator, caller.session, from, to_text, &token.hash(), now).await? {
            return Err(ServiceError::SignedOut);
        }
        if let (Stage::Full, Some(device)) = (to, &visit.device) {
            sign_in::insert_known_device(tx.conn(), &device.hash(), caller.account, now).await?;
        }
        Ok(token)
    }
}

impl Caller {
    /// An audit entry about what the caller did to their own account.
    pub(crate) fn event<'a>(&'a self, name: &'a str, outcome: &'a str) -> Event<'a> {
        Event {
            operator: self.operator.slug.as_str(),
            name,
            outcome,
            actor: Actor::Account(self.account),
            subject: Some(self.account),
            note: "",
        }
    }
}
