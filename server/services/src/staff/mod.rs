//! The operator's staff: their sign-in with a second step, and who may do what in the back office.

mod enrolment;
mod people;
mod sign_in;
mod totp;

use std::sync::Arc;

use openbok_domain::staff::{Role, Roles, StaffStage};
use openbok_domain::{AccountId, Operator, SessionId, StaffId, Timestamp};
use openbok_storage::staff as stored;

use crate::audit::{Actor, Event};
use crate::session::Deadlines;
use crate::{ServiceError, Services, Token, boxed, session_idle};

pub(crate) use people::ENROLMENT_LIFE;
pub(crate) use sign_in::LOCK;
pub use sign_in::StaffSignedIn;

/// The authenticator of a seed, for whoever stands in for its owner.
pub(crate) fn authenticator_for_tests(seed: &[u8]) -> totp_rs::Totp {
    totp::authenticator(seed, "", "test")
}

/// A live session of a member of staff. Built from its row at every request, like a customer's.
#[derive(Debug, Clone)]
pub struct StaffCaller {
    /// Operator they work for.
    pub operator: Arc<Operator>,
    /// The session.
    pub session: SessionId,
    /// Who it is.
    pub staff: StaffId,
    /// How far the sign-in has come.
    pub stage: StaffStage,
    /// What they may do.
    pub roles: Roles,
    /// Last noted activity.
    pub seen_at: Timestamp,
    /// When it ends however active.
    pub ends_at: Timestamp,
}

impl StaffCaller {
    /// When the session ends.
    #[must_use]
    pub fn deadlines(&self) -> Deadlines {
        Deadlines::of(&self.operator, self.seen_at, self.ends_at)
    }

    /// Refuses whoever lacks a role, or has not finished the sign-in.
    pub(crate) fn demand(&self, role: Role) -> Result<(), ServiceError> {
        let may = self.stage == StaffStage::Full && self.roles.has(role);
        if may { Ok(()) } else { Err(ServiceError::Forbidden) }
    }

    /// An audit entry about what they did, to an account or to nobody's.
    pub(crate) fn event<'a>(
        &'a self,
        name: &'a str,
        outcome: &'a str,
        subject: Option<AccountId>,
        note: &'a str,
    ) -> Event<'a> {
        Event { operator: self.operator.slug.as_str(), name, outcome, actor: Actor::Staff(self.staff), subject, note }
    }
}

impl Services {
    /// Which member of staff a session cookie belongs to; nobody when it is unknown, idle for too long or ended, or when the
    /// member may no longer sign in. Looking does not count as activity.
    #[boxed]
    pub async fn find_staff_caller(
        &self,
        operator: &Arc<Operator>,
        token: &Token,
    ) -> Result<Option<StaffCaller>, ServiceError> {
        let now = self.now();
        let idle_since = now.minus(session_idle(operator));
        let mut reader = self.db().read().await?;
        let slug = operator.slug.as_str();
        let Some(session) = stored::find_session(reader.conn(), slug, &token.hash(), idle_since, now).await? else {
            return Ok(None);
        };
        let (Ok(stage), Ok(roles)) = (session.stage.parse(), session.roles.parse()) else { return Ok(None) };
        Ok(Some(StaffCaller {
            operator: operator.clone(),
            session: session.id,
            staff: session.staff_id,
            stage,
            roles,
            seen_at: session.seen_at,
            ends_at: session.ends_at,
        }))
    }

    /// What [`Services::note_staff_activity`] would write down now, for a page that shows the countdown before it has
    /// succeeded.
    #[must_use]
    pub fn staff_seen_if_active(&self, caller: &StaffCaller) -> Timestamp {
        self.seen_now(caller.seen_at)
    }

    /// Notes that a member of staff did something that succeeded.
    #[boxed]
    pub async fn note_staff_activity(&self, caller: &StaffCaller) -> Result<Deadlines, ServiceError> {
        let seen_at = self.staff_seen_if_active(caller);
        if seen_at != caller.seen_at {
            let mut tx = self.db().begin().await?;
            stored::update_session_seen(tx.conn(), caller.operator.slug.as_str(), caller.session, seen_at).await?;
            tx.commit().await?;
        }
        Ok(Deadlines::of(&caller.operator, seen_at, caller.ends_at))
    }

    /// Ends the session of a member of staff.
    #[boxed]
    pub async fn sign_out_staff(&self, caller: &StaffCaller) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        stored::delete_session(tx.conn(), caller.operator.slug.as_str(), caller.session).await?;
        self.record(&mut tx, caller.event("staff_sign_out", "ok", None, "")).await?;
        Ok(tx.commit().await?)
    }
}
