//! Forgotten password, forgotten login. Whoever asks gets one answer; the owner of a matching account gets a mail.
//!
//! The request is only written down. The worker looks for the account later, so that the answer takes the same time
//! whether there is one or not.

use openbok_domain::{EmailAddress, Fault, FieldErrors, Operator, TaxId};
use openbok_storage::{Conn, Tx, accounts};

use crate::account::Owner;
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::{Job, index};
use crate::settings::HOUR;
use crate::sign_in::normalize_login;
use crate::{ServiceError, Services, Visit};

/// How long a one-time password for a forgotten one works.
const RESET_LIFE: std::time::Duration = HOUR;

impl Services {
    /// Asks for a one-time password for a login. The present password goes on working until the new one is used.
    pub async fn recover_password(&self, visit: &Visit, login: &str) -> Result<(), ServiceError> {
        self.request_mail(visit, "login", login, |login| Job::RecoverPassword { login }).await
    }

    /// Asks for a mail with all logins of an address.
    pub async fn remind_login(&self, visit: &Visit, email: &str) -> Result<(), ServiceError> {
        if !email.trim().is_empty()
            && let Err(error) = EmailAddress::parse(email)
        {
            return Err(FieldErrors::one("email", Fault::from(error)).into());
        }
        self.request_mail(visit, "email", email, |email| Job::RemindLogin { email }).await
    }

    /// Writes a request down that the worker will answer by mail.
    pub(crate) async fn request_mail(
        &self,
        visit: &Visit,
        field: &str,
        value: &str,
        job: impl FnOnce(String) -> Job,
    ) -> Result<(), ServiceError> {
        if value.trim().is_empty() {
            return Err(FieldErrors::one(field, Fault::Required).into());
        }
        let (network, most) = (visit.network(), self.settings().limits.mail_requests_per_hour);
        self.check_limit("mail requests", &network, most, HOUR).await?;
        let mut tx = self.db().begin().await?;
        self.count_limit(tx.conn(), "mail requests", &network, HOUR, self.now()).await?;
        self.enqueue(&mut tx, &visit.operator, "request", &job(value.to_owned()), None).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// The worker's part of [`Services::recover_password`].
    pub(crate) async fn recover_password_now(&self, operator: &Operator, login: &str) -> Result<(), ServiceError> {
        let mut reader = self.db().read().await?;
        let owner = self.owner_of_login(reader.conn(), operator, login).await?;
        drop(reader);
        let Some(owner) = owner.filter(|owner| owner.account.is_active()) else { return Ok(()) };
        let (one_time, hash) = self.new_one_time_password().await?;
        let mut tx = self.db().begin().await?;
        if self.may_mail(&mut tx, operator, "password letters", &owner.data.email).await? {
            let expires_at = self.now().plus(RESET_LIFE);
            accounts::update_one_time(tx.conn(), owner.account.id, &hash, expires_at).await?;
            let lang = owner.lang(operator);
            let sign_in = self.settings().public.link(operator, "/sign-in");
            let letter = letters::password_reset(operator, lang, &one_time.display(), &sign_in);
            self.send(&mut tx, operator, lang, &owner.data.email, letter, Some(expires_at)).await?;
            self.record(&mut tx, system_event(operator, "recover_password", &owner)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The worker's part of [`Services::remind_login`].
    pub(crate) async fn remind_login_now(&self, operator: &Operator, email: &str) -> Result<(), ServiceError> {
        let Ok(email) = EmailAddress::parse(email) else { return Ok(()) };
        let email_index = index::email(self.vault(), operator.slug.as_str(), &email.normalized());
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
            self.record(&mut tx, system_event(operator, "remind_login", first)).await?;
        }
        Ok(tx.commit().await?)
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
        let sent = self.count_limit(tx.conn(), kind, &subject, HOUR, self.now()).await?;
        Ok(sent <= self.settings().limits.mails_per_hour)
    }
}

impl Owner {
    /// The login as a mail may show it: tax numbers are masked.
    fn shown_login(&self) -> String {
        if self.data.login_is_tax_id {
            openbok_domain::Pesel::parse(&self.data.login).map(|pesel| TaxId::Pesel(pesel).masked()).unwrap_or_else(|_| {
                openbok_domain::Nip::parse(&self.data.login).map(|nip| TaxId::Nip(nip).masked()).unwrap_or_default()
            })
        } else {
            self.data.login.clone()
        }
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
