//! Who works for the operator: added by the command line for the first one, by administrators from then on.

use std::time::Duration;

use openbok_domain::staff::{NewStaffForm, Role, Roles, StaffView};
use openbok_domain::{EmailAddress, Fault, FieldErrors, Lang, Operator, Refusal, StaffId};
use openbok_storage::staff::{self as stored, Member, NewMember};
use openbok_storage::{Tx, audit, sign_in as guard};

use super::StaffCaller;
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::{StaffData, index, place};
use crate::{ServiceError, Services, Token, boxed};

/// How long the one-shot token of a new member works.
pub(crate) const ENROLMENT_LIFE: Duration = Duration::from_hours(72);
/// Path of the page that the token opens.
const ENROL: &str = "/staff/enrol";

impl Services {
    /// Adds a member from the command line, and gives back the one-shot address that makes the place theirs. A member who is
    /// there already gets a new one and loses password and authenticator: so nobody is locked out for good. Without roles, a
    /// new member has both, and one who is there already keeps theirs.
    #[boxed]
    pub async fn add_staff(
        &self,
        operator: &Operator,
        name: &str,
        email: &EmailAddress,
        roles: &Roles,
    ) -> Result<String, ServiceError> {
        let mut tx = self.db().begin().await?;
        let login_index = index::staff(self.vault(), operator.slug.as_str(), &email.normalized());
        let existing = stored::find_by_login(tx.conn(), operator.slug.as_str(), &login_index).await?;
        let roles = match &existing {
            _ if !roles.is_empty() => roles.clone(),
            Some(member) => member.roles.parse().unwrap_or_default(),
            None => Roles::new([Role::Dispatcher, Role::Administrator]),
        };
        let token = match existing {
            Some(member) => {
                stored::update_rights(tx.conn(), operator.slug.as_str(), member.id, &roles.to_string(), true).await?;
                (member.id, self.renew(&mut tx, operator, &member).await?)
            }
            None => self.insert_member(&mut tx, operator, name, email, &roles).await?.ok_or(ServiceError::NotFound)?,
        };
        let (id, token) = token;
        let event = Event {
            operator: operator.slug.as_str(),
            name: "staff_add",
            outcome: "ok",
            actor: Actor::CommandLine,
            subject: None,
            note: &format!("{id} {roles}"),
        };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        Ok(self.enrolment_link(operator, &token))
    }

    fn enrolment_link(&self, operator: &Operator, token: &Token) -> String {
        self.settings().public.link(operator, &format!("{ENROL}?token={}", token.to_text()))
    }

    /// Adds a member with a fresh token; nothing when the login is taken.
    async fn insert_member(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        name: &str,
        email: &EmailAddress,
        roles: &Roles,
    ) -> Result<Option<(StaffId, Token)>, ServiceError> {
        let now = self.now();
        let (id, token): (StaffId, _) = (self.entropy().id(now), Token::generate(self.entropy()));
        let data = StaffData { name: name.to_owned(), email: email.as_str().to_owned() };
        let new = NewMember {
            id,
            login_index: &index::staff(self.vault(), operator.slug.as_str(), &email.normalized()),
            sealed: &self.vault().seal(self.entropy(), &place::staff(id), &data),
            roles: &roles.to_string(),
            language: operator.default_language().code(),
            token_hash: &token.hash(),
            token_expires_at: now.plus(ENROLMENT_LIFE),
            now,
        };
        Ok(stored::insert(tx.conn(), operator.slug.as_str(), &new).await?.then_some((id, token)))
    }

    async fn renew(&self, tx: &mut Tx, operator: &Operator, member: &Member) -> Result<Token, ServiceError> {
        let token = Token::generate(self.entropy());
        let expires_at = self.now().plus(ENROLMENT_LIFE);
        stored::update_token(tx.conn(), operator.slug.as_str(), member.id, &token.hash(), expires_at).await?;
        stored::delete_sessions_of(tx.conn(), operator.slug.as_str(), member.id).await?;
        guard::delete_lanes(tx.conn(), operator.slug.as_str(), &member.login_index).await?;
        Ok(token)
    }

    /// Everybody who works for the operator.
    #[boxed]
    pub async fn list_staff(&self, caller: &StaffCaller) -> Result<Vec<StaffView>, ServiceError> {
        caller.demand(Role::Administrator)?;
        let mut reader = self.db().read().await?;
        let members = stored::list(reader.conn(), caller.operator.slug.as_str()).await?;
        members.into_iter().map(|member| self.staff_view(caller, &member)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for whoever does not work for the caller's operator.
    #[boxed]
    pub async fn find_staff(&self, caller: &StaffCaller, id: StaffId) -> Result<StaffView, ServiceError> {
        caller.demand(Role::Administrator)?;
        let mut reader = self.db().read().await?;
        let member = stored::find(reader.conn(), caller.operator.slug.as_str(), id).await?;
        self.staff_view(caller, &member.ok_or(ServiceError::NotFound)?)
    }

    fn staff_view(&self, caller: &StaffCaller, member: &Member) -> Result<StaffView, ServiceError> {
        let data = self.staff_data(member)?;
        Ok(StaffView {
            id: member.id,
            name: data.name,
            email: data.email,
            roles: member.roles.parse().unwrap_or_default(),
            is_active: member.is_active,
            is_enrolled: member.password_hash.is_some(),
            is_self: member.id == caller.staff,
        })
    }

    pub(crate) fn staff_data(&self, member: &Member) -> Result<StaffData, ServiceError> {
        Ok(self.vault().open(&place::staff(member.id), &member.sealed)?)
    }

    /// Adds a member and mails them the address that makes the place theirs.
    ///
    /// # Errors
    /// Field errors; a taken login among them.
    #[boxed]
    pub async fn invite_staff(&self, caller: &StaffCaller, form: &NewStaffForm) -> Result<(), ServiceError> {
        caller.demand(Role::Administrator)?;
        let valid = form.validate()?;
        let operator = &*caller.operator;
        let mut tx = self.db().begin().await?;
        let token = self.insert_member(&mut tx, operator, &valid.name, &valid.email, &valid.roles).await?;
        let (id, token) = token.ok_or_else(|| FieldErrors::one("email", Fault::Taken))?;
        self.mail_enrolment(&mut tx, operator, operator.default_language(), valid.email.as_str(), &token).await?;
        self.record(&mut tx, caller.event("staff_add", "ok", None, &format!("{id} {}", valid.roles))).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Takes password and authenticator from a member and mails them a new address to set both up.
    ///
    /// # Errors
    /// [`Refusal::MemberBlocked`]: the address would not work.
    #[boxed]
    pub async fn reset_staff(&self, caller: &StaffCaller, id: StaffId) -> Result<(), ServiceError> {
        caller.demand(Role::Administrator)?;
        let operator = &*caller.operator;
        let mut tx = self.db().begin().await?;
        let member = stored::find(tx.conn(), operator.slug.as_str(), id).await?.ok_or(ServiceError::NotFound)?;
        if !member.is_active {
            return Err(Refusal::MemberBlocked.into());
        }
        let token = self.renew(&mut tx, operator, &member).await?;
        let data = self.staff_data(&member)?;
        let lang = member.language.parse().unwrap_or_else(|_| operator.default_language());
        self.mail_enrolment(&mut tx, operator, lang, &data.email, &token).await?;
        self.record(&mut tx, caller.event("staff_reset", "ok", None, &id.to_string())).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    async fn mail_enrolment(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        lang: Lang,
        email: &str,
        token: &Token,
    ) -> Result<(), ServiceError> {
        let letter = letters::staff_enrolment(operator, lang, &self.enrolment_link(operator, token));
        self.send(tx, operator, lang, email, letter, Some(self.now().plus(ENROLMENT_LIFE))).await.map(drop)
    }

    /// Changes what a member may do, and whether they may sign in at all.
    ///
    /// # Errors
    /// [`Refusal::LastAdministrator`] when nobody would be left to undo it.
    #[boxed]
    pub async fn change_staff(
        &self,
        caller: &StaffCaller,
        id: StaffId,
        roles: &Roles,
        is_active: bool,
    ) -> Result<(), ServiceError> {
        caller.demand(Role::Administrator)?;
        if roles.is_empty() {
            return Err(FieldErrors::one("roles", Fault::Required).into());
        }
        let operator = caller.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        // Two who take each other's role away at once come one after the other.
        audit::lock_head(tx.conn()).await?;
        let members = stored::list(tx.conn(), operator).await?;
        if !members.iter().any(|member| member.id == id) {
            return Err(ServiceError::NotFound);
        }
        let is_administrator = |member: &Member| {
            member.is_active
                && member.password_hash.is_some()
                && member.roles.parse::<Roles>().is_ok_and(|roles| roles.has(Role::Administrator))
        };
        let others = members.iter().filter(|member| member.id != id).any(is_administrator);
        let stays_one = is_active && roles.has(Role::Administrator);
        if !others && !stays_one {
            return Err(Refusal::LastAdministrator.into());
        }
        stored::update_rights(tx.conn(), operator, id, &roles.to_string(), is_active).await?;
        if !is_active {
            stored::delete_sessions_of(tx.conn(), operator, id).await?;
        }
        let note = format!("{id} {roles} {}", if is_active { "active" } else { "blocked" });
        self.record(&mut tx, caller.event("staff_change", "ok", None, &note)).await?;
        Ok(tx.commit().await?)
    }
}
