//! The sign-in of staff: password, then the code of an authenticator. The same counting before looking as for customers;
//! the lane opens again by itself, because behind the password stands the second step.

use std::time::Duration;

use openbok_domain::lockout::{CHALLENGE_FROM, MAX_FAILURES};
use openbok_domain::staff::{self, StaffStage};
use openbok_domain::{EmailAddress, Fault, FieldErrors, Refusal};
use openbok_storage::sign_in::{self as guard, STRANGERS};
use openbok_storage::staff::{self as stored, Member, NewStaffSession};

use super::{StaffCaller, totp};
use crate::audit::{Actor, Event};
use crate::passwords::{Turn, Verdict};
use crate::records::{StaffData, index, place};
use crate::registration::visitor_event;
use crate::settings::HOUR;
use crate::sign_in::{SOURCE_FAILURES, check_filled, fits, to_its_end};
use crate::{Credentials, ServiceError, Services, Token, Visit};

/// Name of the event.
const STAFF_SIGN_IN: &str = "staff_sign_in";
const SECOND_STEP: &str = "staff_second_step";
/// How long five wrong passwords close the lane.
const LOCK: Duration = Duration::from_mins(15);
/// How long a session lasts however active (a working day).
const SHIFT: Duration = Duration::from_hours(10);
/// Codes that one sign-in may get wrong.
const MOST_CODES: i64 = 5;

/// A sign-in that went through the password.
#[derive(Debug)]
pub struct StaffSignedIn {
    /// For the session cookie.
    pub session: Token,
}

impl Services {
    /// Signs a member of staff in as far as the second step.
    ///
    /// # Errors
    /// As for customers: [`Services::sign_in`].
    pub async fn sign_in_staff(&self, visit: &Visit, credentials: Credentials) -> Result<StaffSignedIn, ServiceError> {
        let outcome = self.pass_staff_gate(visit, credentials).await;
        self.note_stop(&visit.network(), visitor_event(visit, STAFF_SIGN_IN, "", None), outcome).await
    }

    async fn pass_staff_gate(&self, visit: &Visit, credentials: Credentials) -> Result<StaffSignedIn, ServiceError> {
        check_filled(&credentials)?;
        self.check_source(visit).await?;
        let operator = visit.operator.slug.as_str();
        let login_index = index::staff(self.vault(), operator, &normalize(&credentials.login));
        let mut tx = self.db().begin().await?;
        guard::delete_lane_failed_before(tx.conn(), operator, &login_index, self.now().minus(LOCK)).await?;
        tx.commit().await?;
        let mut reader = self.db().read().await?;
        let failures = guard::find_failures(reader.conn(), operator, &login_index, STRANGERS).await?;
        let member = stored::find_by_login(reader.conn(), operator, &login_index).await?;
        drop(reader);
        if failures + 1 >= i64::from(CHALLENGE_FROM) {
            self.demand_proof(credentials.proof.as_ref()).await?;
        }
        let turn = self.passwords().queue()?;
        let (services, visit) = (self.clone(), visit.clone());
        let task = async move { services.try_staff(&visit, &login_index, member, &credentials.password, turn).await };
        to_its_end(task).await
    }

    async fn try_staff(
        &self,
        visit: &Visit,
        login_index: &[u8],
        member: Option<Member>,
        password: &str,
        turn: Turn,
    ) -> Result<StaffSignedIn, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        let most = self.settings().limits.source_failures_per_hour;
        self.take_try(&mut tx, SOURCE_FAILURES, &visit.network(), most, HOUR).await?;
        let most = i64::from(MAX_FAILURES);
        let counted = guard::update_failures(tx.conn(), operator, login_index, STRANGERS, most, self.now()).await?;
        tx.commit().await?;
        let usable = member.as_ref().filter(|member| counted.is_some() && member.is_active && fits(password));
        let stored = usable.and_then(|member| member.password_hash.as_deref());
        let verdict = turn.verify(stored, password).await;
        let mut tx = self.db().begin().await?;
        if let (Some(member), Verdict::Right | Verdict::RightButWeak) = (usable, verdict) {
            self.give_try_back(&mut tx, SOURCE_FAILURES, &visit.network()).await?;
            guard::delete_lane(tx.conn(), operator, login_index, STRANGERS).await?;
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
            tx.commit().await?;
            return Ok(StaffSignedIn { session });
        }
        let source = self.vault().index("source", &visit.network());
        guard::insert_source_failure(tx.conn(), &source, login_index, self.now()).await?;
        let outcome = if counted == Some(most) { "locked" } else { "refused" };
        let actor = member.as_ref().map_or(Actor::Visitor, |member| Actor::Staff(member.id));
        let event = Event { operator, name: STAFF_SIGN_IN, outcome, actor, subject: None, note: "" };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        Err(Refusal::BadCredentials.into())
    }

    /// The second step: the code of the authenticator opens the back office.
    ///
    /// # Errors
    /// A wrong code is the fault of the field `code`; after several the sign-in starts over.
    pub async fn confirm_staff_code(&self, caller: &StaffCaller, typed: &str) -> Result<Token, ServiceError> {
        let code = staff::code(typed).map_err(|fault| FieldErrors::one("code", fault))?;
        let operator = &*caller.operator;
        let mut tx = self.db().begin().await?;
        let counted = stored::update_session_failures(tx.conn(), caller.session, MOST_CODES).await?;
        if counted.is_none() {
            stored::delete_session(tx.conn(), caller.session).await?;
            self.record(&mut tx, caller.event(SECOND_STEP, "given up", None, "")).await?;
            tx.commit().await?;
            return Err(ServiceError::SignedOut);
        }
        tx.commit().await?;
        let mut tx = self.db().begin().await?;
        let member = stored::find(tx.conn(), operator.slug.as_str(), caller.staff).await?;
        let member = member.ok_or(ServiceError::SignedOut)?;
        let step = self.matching_step(&caller.operator.name, &member, &code)?;
        let is_new = match step {
            Some(step) => stored::update_totp_step(tx.conn(), member.id, step).await?,
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
        let (from, to) = (caller.stage.as_str(), StaffStage::Full.as_str());
        if !stored::update_session_stage(tx.conn(), caller.session, from, to, &token.hash(), self.now()).await? {
            return Err(ServiceError::SignedOut);
        }
        self.record(&mut tx, caller.event(STAFF_SIGN_IN, "ok", None, "")).await?;
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

/// A login of staff as it is looked up.
pub(super) fn normalize(typed: &str) -> String {
    EmailAddress::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |email| email.normalized())
}
