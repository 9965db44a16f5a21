//! Forgotten password, forgotten login. Whoever asks gets one answer; the owner of a matching account gets a mail.
//!
//! The request is only written down. The worker looks for the account later, so that the answer takes the same time
//! whether there is one or not.

use openbok_domain::{EmailAddress, Fault, FieldErrors, MailId, Nip, Operator, Pesel, TaxId};
use openbok_storage::{Conn, Tx, accounts};

use crate::account::Owner;
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::{Job, index};
use crate::registration::visitor_event;
use crate::settings::HOUR;
use crate::sign_in::normalize_login;
use crate::{ServiceError, Services, Visit, boxed};

/// Names of the events.
const RECOVER_PASSWORD: &str = "recover_password";
const REMIND_LOGIN: &str = "remind_login";
/// How long a one-time password for a forgotten one works.
pub(crate) const RESET_LIFE: std::time::Duration = HOUR;

impl Services {
    /// Asks for a one-time password for a login. The present password goes on working until the new one is used.
    #[boxed]
    pub async fn recover_password(&self, visit: &Visit, login: &str) -> Result<(), ServiceError> {
        self.request_mail(visit, RECOVER_PASSWORD, "login", login, |login| Job::RecoverPassword { login }).await
    }

    /// Asks for a mail with all logins of an address.
    #[boxed]
    pub async fn remind_login(&self, visit: &Visit, email: &str) -> Result<(), ServiceError> {
        if !email.trim().is_empty()
            && let Err(error) = EmailAddress::parse(email)
        {
            return Err(FieldErrors::one("email", Fault::from(error)).into());
        }
        self.request_mail(visit, REMIND_LOGIN, "email", email, |email| Job::RemindLogin { email }).await
    }

    /// Writes a request down that the worker will answer by mail.
    pub(crate) async fn request_mail(
        &self,
        visit: &Visit,
        event: &str,
        field: &str,
        value: &str,
        job: impl FnOnce(String) -> Job,
    ) -> Result<(), ServiceError> {
        if value.trim().is_empty() {
            return Err(FieldErrors::one(field, Fault::Required).into());
        }
        let outcome = self.write_request(visit, event, &job(value.to_owned())).await;
        self.note_stop(&visit.network(), visitor_event(visit, event, "", None), outcome).await
    }

    async fn write_request(&self, visit: &Visit, event: &str, job: &Job) -> Result<(), ServiceError> {
        let most = self.settings().limits.mail_requests_per_hour;
        let mut tx = self.db().begin().await?;
        self.take_try(&mut tx, "mail requests", &visit.network(), most, HOUR).await?;
        self.enqueue(&mut tx, &visit.operator, "request", job, None).await?;
        self.record(&mut tx, visitor_event(visit, event, "requested", None)).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// The worker's part of [`Services::recover_password`].
    pub(crate) async fn recover_password_now(
        &self,
        operator: &Operator,
        login: &str,
        job: MailId,
    ) -> Result<(), ServiceError> {
        let mut reader = self.db().read().await?;
        let owner = self.owner_of_login(reader.conn(), operator, login).await?;
        drop(reader);
        let owner = owner.filter(|owner| owner.account.is_active());
        let prepared = match owner {
            Some(owner) => Some((owner, self.new_one_time_password().await?)),
            None => None,
        };
        let mut tx = self.db().begin().await?;
        if let Some((owner, (one_time, hash))) = prepared
            && self.may_mail(&mut tx, operator, "password letters", &owner.data.email).await?
        {
            let expires_at = self.now().plus(RESET_LIFE);
            accounts::update_one_time(tx.conn(), operator.slug.as_str(), owner.account.id, &hash, expires_at).await?;
            let lang = owner.lang(operator);
            let sign_in = self.settings().public.link(operator, "/sign-in");
            let letter = letters::password_reset(operator, lang, &one_time.display(), &sign_in);
            self.send(&mut tx, operator, lang, &owner.data.email, letter, Some(expires_at)).await?;
            self.record(&mut tx, system_event(operator, RECOVER_PASSWORD, &owner)).await?;
        }
        self.finish_job(tx, job).await
    }

    /// The worker's part of [`Services::remind_login`].
    pub(crate) async fn remind_login_now(
        &self,
        operator: &Operator,
        email: &str,
        job: MailId,
    ) -> Result<(), ServiceError> {
        let normalized = EmailAddress::parse(email).map_or_else(|_| email.to_owned(), |email| email.normalized());
        let email_index = index::email(self.vault(), operator.slug.as_str(), &normalized);
        let mut tx = self.db().begin().await?;
        let found = accounts::list_by_email(tx.conn(), operator.slug.as_str(), &email_index).await?;
        let mut owners = Vec::new();
        for account in found.into_iter().filter(accounts::Account::is_active) {
            owners.push(self.open_owner(account)?);
        }
        if let Some(first) = owners.first()
            && self.may_mail(&mut tx, operator, "login letters", &first.data.email).await?
        {
            let lang = first.lang(operator);
            let logins: Vec<_> = owners.iter().map(Owner::shown_login).collect();
            let sign_in = self.settings().public.link(operator, "/sign-in");
            let letter = letters::login_reminder(operator, lang, &logins, &sign_in);
            self.send(&mut tx, operator, lang, &first.data.email, letter, None).await?;
            self.record(&mut tx, system_event(operator, REMIND_LOGIN, first)).await?;
        }
        self.finish_job(tx, job).await
    }

    /// The account of a login as somebody typed it, with its opened data.
    pub(crate) async fn owner_of_login(
        &self,
        conn: Conn<'_>,
        operator: &Operator,
        login: &str,
    ) -> Result<Option<Owner>, ServiceError> {
        let login_index = index::login(self.vault(), operator.slug.as_str(), &normalize_login(login));
        let account = accounts::find_by_login(conn, operator.slug.as_str(), &login_index).await?;
        account.map(|account| self.open_owner(account)).transpose()
    }

    /// Whether one more mail of this kind may go to an address within the hour; counts it.
    pub(crate) async fn may_mail(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        kind: &str,
        email: &str,
    ) -> Result<bool, ServiceError> {
        let subject = format!("{}|{}", operator.slug.as_str(), email.to_lowercase());
        let sent = self.count_limit(tx, kind, &subject, HOUR).await?;
        Ok(sent <= self.settings().limits.mails_per_hour)
    }
}

impl Owner {
    /// The login as mails and pages may show it: tax numbers are masked.
    pub(crate) fn shown_login(&self) -> String {
        let login = &self.data.login;
        if !self.data.login_is_tax_id {
            return login.clone();
        }
        let pesel = Pesel::parse(login).map(TaxId::Pesel);
        let tax_id = pesel.or_else(|_| Nip::parse(login).map(TaxId::Nip));
        tax_id.map(|tax_id| tax_id.masked()).unwrap_or_default()
    }
}

fn system_event<'a>(operator: &'a Operator, name: &'a str, owner: &Owner) -> Event<'a> {
    Event {
        operator: operator.slug.as_str(),
        name,
        outcome: "ok",
        actor: Actor::System,
        subject: Some(owner.account.id),
        note: "",
    }
}
