//! Activation: the link of the mail, which looking at never uses up, and the one-time password that follows.

use std::time::Duration;

use openbok_domain::{AccountId, MailId, OneTimePassword, Operator, Refusal};
use openbok_storage::{Conn, accounts, links};

use crate::account::Owner;
use crate::mail::letters;
use crate::records::Job;
use crate::registration::visitor_event;
use crate::settings::DAY;
use crate::{ServiceError, Services, Token, Visit, boxed};

/// Purpose under which activation links are stored.
pub(crate) const ACTIVATION: &str = "activation";
/// Kind of mail, for the limit by address.
pub(crate) const ACTIVATION_LETTERS: &str = "activation letters";
/// How long an activation link and the one-time password after it work.
pub(crate) const LINK_LIFE: Duration = DAY;

/// What a link can still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It works.
    Ready,
    /// It was used.
    Used,
    /// It is too old, or a newer one was sent.
    Expired,
    /// It is none of this operator's.
    Unknown,
}

impl Services {
    /// What an activation link can still do. Looking changes nothing: mail scanners open links too.
    #[boxed]
    pub async fn activation_state(&self, visit: &Visit, token: &Token) -> Result<LinkState, ServiceError> {
        let mut reader = self.db().read().await?;
        self.link_state(reader.conn(), &visit.operator, token).await
    }

    async fn link_state(&self, conn: Conn<'_>, operator: &Operator, token: &Token) -> Result<LinkState, ServiceError> {
        let link = links::find(conn, operator.slug.as_str(), &token.hash(), ACTIVATION).await?;
        Ok(match link {
            None => LinkState::Unknown,
            Some(link) if link.is_used() => LinkState::Used,
            Some(link) if link.expires_at <= self.now() => LinkState::Expired,
            Some(_) => LinkState::Ready,
        })
    }

    /// Uses the activation link: the account becomes active and a one-time password goes out.
    ///
    /// # Errors
    /// [`Refusal::LinkUsed`], [`Refusal::LinkExpired`], [`Refusal::LinkUnknown`].
    #[boxed]
    pub async fn activate(&self, visit: &Visit, token: &Token) -> Result<(), ServiceError> {
        let outcome = self.use_link(visit, token).await;
        self.note_stop(&visit.network(), visitor_event(visit, "activate", "", None), outcome).await
    }

    async fn use_link(&self, visit: &Visit, token: &Token) -> Result<(), ServiceError> {
        // Before the hash is computed, so that invented links cost nothing.
        refuse_unless_ready(self.activation_state(visit, token).await?)?;
        let (one_time, hash) = self.new_one_time_password().await?;
        let operator = &*visit.operator;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let used = links::update_used(tx.conn(), operator.slug.as_str(), &token.hash(), ACTIVATION, now).await?;
        let Some(account) = used else {
            refuse_unless_ready(self.link_state(tx.conn(), operator, token).await?)?;
            return Err(Refusal::LinkUsed.into());
        };
        let slug = operator.slug.as_str();
        accounts::update_activated(tx.conn(), slug, account, &hash, now.plus(LINK_LIFE), now).await?;
        let owner = self.account(tx.conn(), account).await?;
        let lang = owner.lang(operator);
        let sign_in = self.settings().public.link(operator, "/sign-in");
        let letter = letters::one_time_password(operator, lang, &one_time.display(), &sign_in);
        self.send(&mut tx, operator, lang, &owner.data.email, letter, Some(now.plus(LINK_LIFE))).await?;
        self.record(&mut tx, visitor_event(visit, "activate", "ok", Some(account))).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Asks for the activation link again. The answer is the same whether or not such an account waits: the work itself
    /// is done later by the worker.
    #[boxed]
    pub async fn resend_activation(&self, visit: &Visit, login: &str) -> Result<(), ServiceError> {
        let job = |login| Job::ResendActivation { login };
        self.request_mail(visit, "resend_activation", "login", login, job).await
    }

    /// The worker's part of [`Services::resend_activation`].
    pub(crate) async fn resend_activation_now(
        &self,
        operator: &Operator,
        login: &str,
        job: MailId,
    ) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        if let Some(owner) = self.owner_of_login(tx.conn(), operator, login).await?
            && !owner.account.is_active()
            && self.may_mail(&mut tx, operator, ACTIVATION_LETTERS, &owner.data.email).await?
        {
            let lang = owner.lang(operator);
            self.send_activation(&mut tx, operator, owner.account.id, &owner.data.email, lang).await?;
        }
        self.finish_job(tx, job).await
    }

    /// A one-time password of 80 random bits and its hash.
    pub(crate) async fn new_one_time_password(&self) -> Result<(OneTimePassword, String), ServiceError> {
        let one_time = OneTimePassword::from_bytes(self.entropy().bytes());
        let normalized = OneTimePassword::normalized(&one_time.display()).unwrap_or_default();
        let hash = self.passwords().hash(self.entropy(), &normalized).await?;
        Ok((one_time, hash))
    }

    /// An account with its opened data.
    pub(crate) async fn account(&self, conn: Conn<'_>, id: AccountId) -> Result<Owner, ServiceError> {
        let account = accounts::find(conn, id).await?.ok_or(ServiceError::NotFound)?;
        self.open_owner(account)
    }
}

fn refuse_unless_ready(state: LinkState) -> Result<(), ServiceError> {
    match state {
        LinkState::Ready => Ok(()),
        LinkState::Used => Err(Refusal::LinkUsed.into()),
        LinkState::Expired => Err(Refusal::LinkExpired.into()),
        LinkState::Unknown => Err(Refusal::LinkUnknown.into()),
    }
}
