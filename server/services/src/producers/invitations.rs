//! The TOKEN: given out for a request, and how somebody comes in with it.

use std::time::Duration;

use openbok_domain::access::{AccessRequestForm, RequestStatus};
use openbok_domain::invitation::{InvitationForm, InvitationToken};
use openbok_domain::staff::Role;
use openbok_domain::{
    AccessRequestId, AccountId, CustomerId, EmailAddress, Fault, FieldErrors, InvitationId, Operator, Refusal,
};
use openbok_storage::access::{self, Invitation, NewInvitation};
use openbok_storage::accounts::{self, NewAccount};
use openbok_storage::units::{self, Company};
use openbok_storage::{Conn, Tx};
use sha2::{Digest, Sha256};

use crate::audit::Event;
use crate::mail::letters;
use crate::passwords::check_chosen;
use crate::records::{AccessData, AccountData, CustomerData, index, place};
use crate::registration::{TERMS, visitor_event};
use crate::settings::HOUR;
use crate::staff::StaffCaller;
use crate::{Caller, ServiceError, Services, Visit, boxed};

/// How long a token works.
pub const INVITATION_LIFE: Duration = Duration::from_hours(14 * 24);
/// Name of the event and of its limit.
const REDEEM: &str = "redeem_token";
/// Tokens that one source may try within an hour.
const MOST_TRIES: i64 = 30;

impl Services {
    /// Approves a request, with what it says as it was completed or corrected last, for a company: a token and the way to use
    /// it go out by mail. `sure_of` is the number of a company that staff was asked about before.
    ///
    /// # Errors
    /// A request that is not complete, or an unknown company, is the fault of its field; [`Refusal::UnlikelyCompany`] before
    /// staff is sure of it; [`Refusal::ChangedMeanwhile`]; [`Refusal::AlreadyDecided`].
    #[boxed]
    pub async fn approve_access_request(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        revision: i64,
        form: &AccessRequestForm,
        company_number: &str,
        sure_of: &str,
    ) -> Result<(), ServiceError> {
        caller.demand(Role::Dispatcher)?;
        let operator = &*caller.operator;
        let mut errors = FieldErrors::default();
        let valid = form.validate(operator.country).map_err(|wrong| errors = wrong).ok();
        let company = errors.check("company_number", self.find_company(operator, company_number).await?);
        let (Some(valid), Some(company)) = (valid, company) else { return Err(errors.into()) };
        if sure_of.trim() != company.number {
            self.refuse_unlikely(operator, &company)?;
        }
        let number = company.number.clone();
        let change = |data: &mut AccessData, _: &Operator| {
            (data.company, data.email, data.phone) = (valid.company, valid.email.into(), valid.phone);
            data.company_number = Some(number);
            Ok((RequestStatus::Approved, true))
        };
        let about = Some(company.number.as_str());
        let (mut tx, data) = self.change_request(caller, id, revision, "access_approve", about, change).await?;
        self.send_invitation(&mut tx, caller, id, company.id, &data).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    async fn find_company(&self, operator: &Operator, number: &str) -> Result<Result<Company, Fault>, ServiceError> {
        let number = number.trim();
        if number.is_empty() {
            return Ok(Err(Fault::Required));
        }
        let mut reader = self.db().read().await?;
        let company = units::find_company(reader.conn(), operator.slug.as_str(), number).await?;
        Ok(company.ok_or(Fault::Wrong))
    }

    /// A number that was mistyped is often that of a person. A company may have units that are not imported yet.
    fn refuse_unlikely(&self, operator: &Operator, company: &Company) -> Result<(), ServiceError> {
        let data = self.company_data(operator, company)?;
        if company.units > 0 || data.company_name.is_some() {
            return Ok(());
        }
        Err(Refusal::UnlikelyCompany(data.name(&company.number)).into())
    }

    fn company_data(&self, operator: &Operator, company: &Company) -> Result<CustomerData, ServiceError> {
        Ok(self.vault().open(&place::customer(operator.slug.as_str(), &company.number), &company.sealed)?)
    }

    /// What a company is called.
    pub(crate) fn name_of_company(&self, operator: &Operator, company: &Company) -> Result<String, ServiceError> {
        Ok(self.company_data(operator, company)?.name(&company.number))
    }

    async fn send_invitation(
        &self,
        tx: &mut Tx,
        caller: &StaffCaller,
        request: AccessRequestId,
        company: CustomerId,
        data: &AccessData,
    ) -> Result<(), ServiceError> {
        let operator = &*caller.operator;
        let now = self.now();
        let token = InvitationToken::from_bytes(self.entropy().bytes());
        let expires_at = now.plus(INVITATION_LIFE);
        let lang = data.lang.unwrap_or_else(|| operator.default_language());
        let link = self.settings().public.link(operator, "/invitation");
        let letter = letters::invitation(operator, lang, &data.company, &token.display(), &link);
        let mail = self.send(tx, operator, lang, &data.email, letter, Some(expires_at)).await?;
        let id: InvitationId = self.entropy().id(now);
        let new = NewInvitation {
            id,
            request,
            company,
            email_index: &self.email_index(operator, &data.email),
            hash: &hash(&token),
            mail,
            by: caller.staff,
            now,
            expires_at,
        };
        Ok(access::insert_invitation(tx.conn(), operator.slug.as_str(), &new).await?)
    }

    fn email_index(&self, operator: &Operator, email: &str) -> Vec<u8> {
        let normalized = EmailAddress::parse(email).map_or_else(|_| email.to_owned(), |email| email.normalized());
        index::email(self.vault(), operator.slug.as_str(), &normalized)
    }

    /// Gives out a new token for an approved request; the former one no longer works.
    ///
    /// # Errors
    /// [`Refusal::TokenUsed`] when somebody came in already and still has the access; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn reissue_token(&self, caller: &StaffCaller, id: AccessRequestId) -> Result<(), ServiceError> {
        let (mut tx, invitation) = self.newest_invitation(caller, id).await?;
        if invitation.used_at().is_some() && invitation.revoked_at().is_none() {
            return Err(Refusal::TokenUsed.into());
        }
        let operator = caller.operator.slug.as_str();
        let request = access::find_request(tx.conn(), operator, id).await?.ok_or(ServiceError::NotFound)?;
        let data = self.access_data(&request)?;
        self.send_invitation(&mut tx, caller, id, invitation.customer_id, &data).await?;
        self.record(&mut tx, caller.event("token_reissue", "ok", None, &id.to_string())).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Takes the token of a request back.
    ///
    /// # Errors
    /// [`Refusal::TokenUsed`] when somebody came in already; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn revoke_token(&self, caller: &StaffCaller, id: AccessRequestId) -> Result<(), ServiceError> {
        let (mut tx, invitation) = self.newest_invitation(caller, id).await?;
        if invitation.used_at().is_some() {
            return Err(Refusal::TokenUsed.into());
        }
        access::update_revoked(tx.conn(), caller.operator.slug.as_str(), id, self.now()).await?;
        self.record(&mut tx, caller.event("token_revoke", "ok", None, &id.to_string())).await?;
        Ok(tx.commit().await?)
    }

    /// Takes back the access to a company that somebody came in with, and tells them by mail. What they approved stays. A second
    /// time changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a request that nobody came in with.
    #[boxed]
    pub async fn withdraw_access(&self, caller: &StaffCaller, id: AccessRequestId) -> Result<(), ServiceError> {
        let (mut tx, invitation) = self.newest_invitation(caller, id).await?;
        if invitation.used_at().is_none() {
            return Err(ServiceError::NotFound);
        }
        let operator = &*caller.operator;
        let slug = operator.slug.as_str();
        let Some(account) = access::update_withdrawn(tx.conn(), slug, invitation.id, self.now()).await? else {
            return Ok(());
        };
        let owner = self.account(tx.conn(), account).await?;
        let company = self.invited_company(tx.conn(), operator, &invitation).await?;
        let name = self.name_of_company(operator, &company)?;
        let lang = owner.lang(operator);
        let letter = letters::access_withdrawn(operator, lang, &name);
        self.send(&mut tx, operator, lang, &owner.data.email, letter, None).await?;
        let note = format!("{id} {}", company.number);
        self.record(&mut tx, caller.event("access_withdraw", "ok", Some(account), &note)).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// The newest invitation of a request, which nobody else changes until the transaction ends.
    async fn newest_invitation(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
    ) -> Result<(Tx, Invitation), ServiceError> {
        caller.demand(Role::Dispatcher)?;
        let mut tx = self.db().begin().await?;
        access::lock_request(tx.conn(), caller.operator.slug.as_str(), id).await?;
        let newest = access::find_newest_invitation(tx.conn(), caller.operator.slug.as_str(), id).await?;
        Ok((tx, newest.ok_or(ServiceError::NotFound)?))
    }

    /// Whether a token can be used. Looking uses nothing up.
    ///
    /// # Errors
    /// [`Refusal::TokenUnknown`], [`Refusal::TokenUsed`], [`Refusal::TokenExpired`], [`Refusal::TokenRevoked`];
    /// [`ServiceError::TooMany`].
    #[boxed]
    pub async fn check_token(&self, visit: &Visit, token: &InvitationToken) -> Result<(), ServiceError> {
        let outcome = self.try_token(visit, token).await.map(drop);
        self.note_stop(&visit.network(), visitor_event(visit, REDEEM, "", None), outcome).await
    }

    async fn try_token(&self, visit: &Visit, token: &InvitationToken) -> Result<Invitation, ServiceError> {
        let mut tx = self.db().begin().await?;
        self.take_try(&mut tx, REDEEM, &visit.network(), MOST_TRIES, HOUR).await?;
        tx.commit().await?;
        let mut reader = self.db().read().await?;
        let found = access::find_invitation(reader.conn(), visit.operator.slug.as_str(), &hash(token)).await?;
        let invitation = found.ok_or(Refusal::TokenUnknown)?;
        self.refuse_closed(&invitation)?;
        Ok(invitation)
    }

    fn refuse_closed(&self, invitation: &Invitation) -> Result<(), ServiceError> {
        // Of a used one it is the access that was taken back.
        let refusal = if invitation.revoked_at().is_some() {
            Refusal::TokenRevoked
        } else if invitation.used_at().is_some() {
            Refusal::TokenUsed
        } else if invitation.expires_at <= self.now() {
            Refusal::TokenExpired
        } else {
            return Ok(());
        };
        Err(refusal.into())
    }

    /// Comes in with a token and without an account: makes one with the invited address as its login.
    ///
    /// # Errors
    /// Field errors; [`Refusal::TokenForeign`] for another address than the invited one; [`Refusal::HasAccount`]; and as
    /// [`Services::check_token`].
    #[boxed]
    pub async fn redeem_without_account(
        &self,
        visit: &Visit,
        token: &InvitationToken,
        form: &InvitationForm,
    ) -> Result<(), ServiceError> {
        let operator = &*visit.operator;
        let email = form.validate(operator.password_policy())?;
        let outcome = self.try_token(visit, token).await;
        let invitation = self.note_stop(&visit.network(), visitor_event(visit, REDEEM, "", None), outcome).await?;
        if invitation.email_index != self.email_index(operator, email.as_str()) {
            let mut tx = self.db().begin().await?;
            self.record(&mut tx, visitor_event(visit, REDEEM, "foreign", None)).await?;
            tx.commit().await?;
            return Err(Refusal::TokenForeign.into());
        }
        let mut reader = self.db().read().await?;
        let request = access::find_request(reader.conn(), operator.slug.as_str(), invitation.request_id).await?;
        let asked = request.map(|request| self.access_data(&request)).transpose()?.unwrap_or_default();
        let company = self.invited_company(reader.conn(), operator, &invitation).await?;
        let name = self.name_of_company(operator, &company)?;
        check_chosen(&form.new_password, &[&operator.name, email.as_str(), &asked.company, &asked.phone, &name])?;
        let login_index = index::login(self.vault(), operator.slug.as_str(), &email.normalized());
        if accounts::find_by_login(reader.conn(), operator.slug.as_str(), &login_index).await?.is_some() {
            return Err(Refusal::HasAccount.into());
        }
        drop(reader);
        let password_hash = self.passwords().hash(self.entropy(), &form.new_password).await?;
        let now = self.now();
        let id = self.entropy().id(now);
        let record = AccountData {
            login: email.as_str().to_owned(),
            login_is_tax_id: false,
            email: email.as_str().to_owned(),
            phone: asked.phone,
        };
        let new = NewAccount {
            login_index: &login_index,
            email_index: &index::email(self.vault(), operator.slug.as_str(), &email.normalized()),
            sealed: &self.vault().seal(self.entropy(), &place::account(id), &record),
            language: visit.lang.code(),
        };
        let mut tx = self.db().begin().await?;
        if !accounts::insert(tx.conn(), id, operator.slug.as_str(), &new, now).await? {
            return Err(Refusal::HasAccount.into());
        }
        accounts::update_invited(tx.conn(), operator.slug.as_str(), id, &password_hash, now).await?;
        self.accept(&mut tx, operator, id, TERMS, operator.terms.text.get(visit.lang)).await?;
        self.use_up(&mut tx, operator, token, &invitation, id).await?;
        let note = company.number.as_str();
        self.record(&mut tx, Event { note, ..visitor_event(visit, REDEEM, "ok", Some(id)) }).await?;
        Ok(tx.commit().await?)
    }

    async fn invited_company(
        &self,
        conn: Conn<'_>,
        operator: &Operator,
        invitation: &Invitation,
    ) -> Result<Company, ServiceError> {
        let company = units::find_company_by_id(conn, operator.slug.as_str(), invitation.customer_id).await?;
        company.ok_or(ServiceError::NotFound)
    }

    /// Uses an invitation up: the account writes plans for its company from now on. Whoever came too late hears what the
    /// others have done.
    async fn use_up(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        token: &InvitationToken,
        invitation: &Invitation,
        account: AccountId,
    ) -> Result<(), ServiceError> {
        let (operator, now) = (operator.slug.as_str(), self.now());
        if access::update_used(tx.conn(), operator, invitation.id, account, now).await? {
            return Ok(access::insert_producer(tx.conn(), account, invitation.customer_id, now).await?);
        }
        if let Some(closed) = access::find_invitation(tx.conn(), operator, &hash(token)).await? {
            self.refuse_closed(&closed)?;
        }
        Err(Refusal::TokenUsed.into())
    }

    /// Comes in with a token and an account: the account writes plans for the company from now on.
    ///
    /// # Errors
    /// A text that is no token is the fault of the field `token`; [`Refusal::TokenForeign`] when the account's address is not
    /// the invited one; and as [`Services::check_token`].
    #[boxed]
    pub async fn redeem_with_account(&self, visit: &Visit, caller: &Caller, typed: &str) -> Result<(), ServiceError> {
        let token = InvitationToken::parse(typed).map_err(|fault| FieldErrors::one("token", fault))?;
        let outcome = self.try_token(visit, &token).await;
        let invitation = self.note_stop(&visit.network(), caller.event(REDEEM, ""), outcome).await?;
        let mut tx = self.db().begin().await?;
        let owner = self.account(tx.conn(), caller.account).await?;
        if invitation.email_index != self.email_index(&visit.operator, &owner.data.email) {
            self.record(&mut tx, caller.event(REDEEM, "foreign")).await?;
            tx.commit().await?;
            return Err(Refusal::TokenForeign.into());
        }
        self.use_up(&mut tx, &visit.operator, &token, &invitation, caller.account).await?;
        let company = self.invited_company(tx.conn(), &visit.operator, &invitation).await?;
        self.record(&mut tx, Event { note: &company.number, ..caller.event(REDEEM, "ok") }).await?;
        Ok(tx.commit().await?)
    }
}

fn hash(token: &InvitationToken) -> [u8; 32] {
    Sha256::digest(token.as_str().as_bytes()).into()
}
