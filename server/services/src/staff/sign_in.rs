//! The sign-in of staff: password, then the code of an authenticator. The same lanes and the same counting before looking as
//! for customers; a lane opens again by itself, because behind the password stands the second step.

use std::time::Duration;

use openbok_domain::lockout::{CHALLENGE_FROM, MAX_FAILURES};
use openbok_domain::staff::{self, StaffStage};
use openbok_domain::{EmailAddress, Fault, FieldErrors, LockoutScope, Operator, Refusal, StaffId};
use openbok_storage::sign_in::{self as guard, STRANGERS};
use openbok_storage::staff::{self as stored, Member, NewStaffSession};
use openbok_storage::{Conn, Tx};

use super::{StaffCaller, totp};
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::passwords::{Turn, Verdict};
use crate::records::{Job, StaffData, index, place};
use crate::registration::visitor_event;
use crate::settings::{DAY, HOUR};
use crate::sign_in::{SOURCE_FAILURES, check_filled, fits, to_its_end};
use crate::{Credentials, ServiceError, Services, Token, Visit, boxed};

/// Name of the event.
const STAFF_SIGN_IN: &str = "staff_sign_in";
const SECOND_STEP: &str = "staff_second_step";
/// How long five wrong passwords close a lane.
pub(crate) const LOCK: Duration = Duration::from_mins(15);
/// How long a session lasts however active (a working day).
const SHIFT: Duration = Duration::from_hours(10);
/// Codes that a member may get wrong within an hour, in one sign-in or in several.
const MOST_CODES: i64 = 5;
/// Sessions of one member; a further one ends the oldest.
const MOST_SESSIONS: i64 = 5;

/// A sign-in that went through the password.
#[derive(Debug)]
pub struct StaffSignedIn {
    /// For the session cookie.
    pub session: Token,
    /// For the browser's long-lived mark.
    pub device: Token,
}

/// One try, as far as it can be known before the password is looked at.
struct Try {
    login_index: Vec<u8>,
    lane: Vec<u8>,
    member: Option<Member>,
}

impl Services {
    /// Signs a member of staff in as far as the second step.
    ///
    /// # Errors
    /// As for customers: [`Services::sign_in`].
    #[boxed]
    pub async fn sign_in_staff(&self, visit: &Visit, credentials: Credentials) -> Result<StaffSignedIn, ServiceError> {
        let outcome = self.pass_staff_gate(visit, credentials).await;
        self.note_stop(&visit.network(), visitor_event(visit, STAFF_SIGN_IN, "", None), outcome).await
    }

    async fn pass_staff_gate(&self, visit: &Visit, credentials: Credentials) -> Result<StaffSignedIn, ServiceError> {
        check_filled(&credentials)?;
        self.check_source(visit).await?;
        let this = self.read_staff_try(visit, &credentials.login).await?;
        let operator = visit.operator.slug.as_str();
        let mut reader = self.db().read().await?;
        let failures = guard::find_failures(reader.conn(), operator, &this.login_index, &this.lane).await?;
        drop(reader);
        if failures + 1 >= i64::from(CHALLENGE_FROM) {
            self.demand_proof(credentials.proof.as_ref()).await?;
        }
        let turn = self.passwords().queue()?;
        let (services, visit) = (self.clone(), visit.clone());
        to_its_end(async move { services.try_staff(&visit, &this, &credentials.password, turn).await }).await
    }

    async fn read_staff_try(&self, visit: &Visit, login: &str) -> Result<Try, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let login_index = index::staff(self.vault(), operator, &normalize(login));
        let mut tx = self.db().begin().await?;
        guard::delete_lane_failed_before(tx.conn(), operator, &login_index, self.now().minus(LOCK)).await?;
        tx.commit().await?;
        let mut reader = self.db().read().await?;
        let member = stored::find_by_login(reader.conn(), operator, &login_index).await?;
        // Asked also for logins that do not exist, so that both take the same time.
        let id = member.as_ref().map_or_else(|| uuid::Uuid::nil().into(), |member| member.id);
        let lane = staff_lane(reader.conn(), visit, id).await?;
        Ok(Try { login_index, lane, member })
    }

    async fn try_staff(
        &self,
        visit: &Visit,
        this: &Try,
        password: &str,
        turn: Turn,
    ) -> Result<StaffSignedIn, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let (login_index, lane) = (this.login_index.as_slice(), this.lane.as_slice());
        let mut tx = self.db().begin().await?;
        let most = self.settings().limits.source_failures_per_hour;
        self.take_try(&mut tx, SOURCE_FAILURES, &visit.network(), most, HOUR).await?;
        let most = i64::from(MAX_FAILURES);
        let counted = guard::update_failures(tx.conn(), operator, login_index, lane, most, self.now()).await?;
        let is_shut = guard::is_shut_by_device(tx.conn(), operator, login_index, lane, most).await?;
        tx.commit().await?;
        let is_open = counted.is_some() && !is_shut && fits(password);
        let usable = this.member.as_ref().filter(|member| is_open && member.is_active);
        let stored = usable.and_then(|member| member.password_hash.as_deref());
        let verdict = turn.verify(stored, password).await;
        if let (Some(member), Some(hash), Verdict::Right | Verdict::RightButWeak) = (usable, stored, verdict)
            && let Some(signed_in) = self.let_staff_in(visit, member, hash).await?
        {
            return Ok(signed_in);
        }
        self.note_staff_failure(visit, this, counted).await?;
        Err(Refusal::BadCredentials.into())
    }

    /// Starts the session that waits for the code, unless the password was taken away while it was looked at: then nothing.
    async fn let_staff_in(
        &self,
        visit: &Visit,
        member: &Member,
        hash: &str,
    ) -> Result<Option<StaffSignedIn>, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        if !stored::lock_unchanged(tx.conn(), operator, member.id, hash).await? {
            return Ok(None);
        }
        self.give_try_back(&mut tx, SOURCE_FAILURES, &visit.network()).await?;
        let session = Token::generate(self.entropy());
        let now = self.now();
        let new = NewStaffSession {
            id: self.entropy().id(now),
            hash: &session.hash(),
            operator,
            staff: member.id,
            stage: StaffStage::SecondStep.as_str(),
            now,
            ends_at: now.plus(SHIFT),
        };
        stored::insert_session(tx.conn(), &new).await?;
        stored::delete_sessions_beyond(tx.conn(), operator, member.id, MOST_SESSIONS).await?;
        let (actor, note) = (Actor::Staff(member.id), new.stage);
        let event = Event { operator, name: STAFF_SIGN_IN, outcome: "ok", actor, subject: None, note };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        let device = visit.device.clone().unwrap_or_else(|| Token::generate(self.entropy()));
        Ok(Some(StaffSignedIn { session, device }))
    }

    /// Writes a failure down. The fifth closes the lane; whether there is a member to hear of it is found out by the worker,
    /// so that the answer takes as long for an invented login.
    async fn note_staff_failure(&self, visit: &Visit, this: &Try, counted: Option<i64>) -> Result<(), ServiceError> {
        let operator = visit.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        let source = self.vault().index("source", &visit.network());
        guard::insert_source_failure(tx.conn(), &source, &this.login_index, self.now()).await?;
        let is_fifth = counted == Some(i64::from(MAX_FAILURES));
        if is_fifth {
            let job = Job::NoteLock { login_index: this.login_index.clone() };
            self.enqueue(&mut tx, &visit.operator, "request", &job, None).await?;
        }
        let outcome = if is_fifth { "locked" } else { "refused" };
        let actor = this.member.as_ref().map_or(Actor::Visitor, |member| Actor::Staff(member.id));
        let event = Event { operator, name: STAFF_SIGN_IN, outcome, actor, subject: None, note: "" };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        if is_fifth {
            self.wake_worker();
        }
        Ok(())
    }

    /// The worker's part of a lock: the member whose login it is gets a letter, one a day at most.
    pub(crate) async fn tell_locked_staff(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        login_index: &[u8],
    ) -> Result<(), ServiceError> {
        let Some(member) = stored::find_by_login(tx.conn(), operator.slug.as_str(), login_index).await? else {
            return Ok(());
        };
        metrics::counter!("lockouts_total", "operator" => operator.slug.to_string()).increment(1);
        let has_password = member.is_active && member.password_hash.is_some();
        if has_password && self.count_limit(tx, "locked letters", &member.id.to_string(), DAY).await? == 1 {
            let data = self.staff_data(&member)?;
            let lang = member.language.parse().unwrap_or_else(|_| operator.default_language());
            self.send(tx, operator, lang, &data.email, letters::staff_locked(operator, lang), None).await?;
        }
        Ok(())
    }

    /// The second step: the code of the authenticator opens the back office, and makes the browser a known one.
    ///
    /// # Errors
    /// A wrong code is the fault of the field `code`; after several the sign-in starts over.
    #[boxed]
    pub async fn confirm_staff_code(
        &self,
        visit: &Visit,
        caller: &StaffCaller,
        typed: &str,
    ) -> Result<Token, ServiceError> {
        let member = caller.staff.to_string();
        let outcome = self.try_code(visit, caller, &member, typed).await;
        self.note_stop(&member, caller.event(SECOND_STEP, "", None, ""), outcome).await
    }

    async fn try_code(
        &self,
        visit: &Visit,
        caller: &StaffCaller,
        subject: &str,
        typed: &str,
    ) -> Result<Token, ServiceError> {
        let code = staff::code(typed).map_err(|fault| FieldErrors::one("code", fault))?;
        let operator = caller.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        let counted = stored::update_session_failures(tx.conn(), operator, caller.session, MOST_CODES).await?;
        if counted.is_none() {
            stored::delete_session(tx.conn(), operator, caller.session).await?;
            self.record(&mut tx, caller.event(SECOND_STEP, "given up", None, "")).await?;
            tx.commit().await?;
            return Err(ServiceError::SignedOut);
        }
        self.take_try(&mut tx, SECOND_STEP, subject, MOST_CODES, HOUR).await?;
        tx.commit().await?;
        let mut tx = self.db().begin().await?;
        let member = stored::find(tx.conn(), operator, caller.staff).await?;
        let member = member.ok_or(ServiceError::SignedOut)?;
        let step = self.matching_step(&caller.operator.name, &member, &code)?;
        let is_new = match step {
            Some(step) => stored::update_totp_step(tx.conn(), operator, member.id, step).await?,
            None => false,
        };
        if !is_new {
            drop(tx);
            let mut tx = self.db().begin().await?;
            self.record(&mut tx, caller.event(SECOND_STEP, "wrong", None, "")).await?;
            tx.commit().await?;
            return Err(FieldErrors::one("code", Fault::Wrong).into());
        }
        let token = Token::generate(self.entropy());
        let (from, to, now) = (caller.stage.as_str(), StaffStage::Full.as_str(), self.now());
        if !stored::update_session_stage(tx.conn(), operator, caller.session, from, to, &token.hash(), now).await? {
            return Err(ServiceError::SignedOut);
        }
        // Only now: the failures of whoever knows the password alone go on counting.
        let lane = staff_lane(tx.conn(), visit, member.id).await?;
        guard::delete_lane(tx.conn(), operator, &member.login_index, &lane).await?;
        if let Some(device) = &visit.device {
            stored::insert_known_device(tx.conn(), &device.hash(), member.id, now).await?;
        }
        self.give_try_back(&mut tx, SECOND_STEP, subject).await?;
        self.record(&mut tx, caller.event(STAFF_SIGN_IN, "ok", None, to)).await?;
        tx.commit().await?;
        Ok(token)
    }

    fn matching_step(&self, issuer: &str, member: &Member, code: &str) -> Result<Option<i64>, ServiceError> {
        let Some(sealed) = &member.totp_sealed else { return Ok(None) };
        let seed: Vec<u8> = self.vault().open(&place::totp(member.id), sealed)?;
        let data: StaffData = self.vault().open(&place::staff(member.id), &member.sealed)?;
        Ok(totp::matching_step(&totp::authenticator(&seed, issuer, &data.email), code, self.now()))
    }
}

/// The lane that a try for a member counts in: that of the browser when it once signed them in, else that of strangers.
async fn staff_lane(conn: Conn<'_>, visit: &Visit, member: StaffId) -> Result<Vec<u8>, ServiceError> {
    if let (LockoutScope::Device, Some(device)) = (visit.operator.lockout.scope, &visit.device)
        && stored::is_known_device(conn, &device.hash(), member).await?
    {
        return Ok(device.hash().to_vec());
    }
    Ok(STRANGERS.to_vec())
}

/// A login of staff as it is looked up.
pub(super) fn normalize(typed: &str) -> String {
    EmailAddress::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |email| email.normalized())
}
