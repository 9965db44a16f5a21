//! The owner's side of an account: passwords, terms.

use openbok_domain::office::AccountView;
use openbok_domain::{
    Fault, FieldErrors, Lang, MobilePhone, OneTimePassword, Operator, PasswordChange, Pending, Refusal, Stage,
};
use openbok_storage::accounts::{self, Account};
use openbok_storage::{Tx, office, sessions};

use crate::mail::letters;
use crate::passwords::{Verdict, check_chosen};
use crate::records::{AccountData, place};
use crate::registration::TERMS;
use crate::{Caller, ServiceError, Services, Token, Visit, boxed};

/// An account with its opened data.
pub(crate) struct Owner {
    pub account: Account,
    pub data: AccountData,
}

impl Owner {
    /// The language of its mails.
    pub fn lang(&self, operator: &Operator) -> Lang {
        self.account.language.parse().unwrap_or_else(|_| operator.default_language())
    }
}

impl Services {
    /// Replaces the one-time password by one of the owner's choice: "Wymagana zmiana hasła". The one-time password is used
    /// up by this and by nothing before.
    ///
    /// # Errors
    /// Field errors, the former password chosen again among them; [`Refusal::LinkExpired`] when the one-time password was
    /// used or became too old meanwhile; [`ServiceError::TooMany`] after several wrong ones.
    #[boxed]
    pub async fn replace_one_time_password(
        &self,
        visit: &Visit,
        caller: &Caller,
        form: &PasswordChange,
    ) -> Result<(Token, Stage), ServiceError> {
        form.validate(visit.operator.password_policy())?;
        let mut reader = self.db().read().await?;
        let owner = self.account(reader.conn(), caller.account).await?;
        drop(reader);
        let one_time_hash = owner.account.one_time_hash.as_deref().ok_or(Refusal::LinkExpired)?;
        let typed = OneTimePassword::normalized(&form.current).unwrap_or_default();
        if !self.verify_own(caller, Some(one_time_hash), &typed).await? {
            return Err(FieldErrors::one("current_password", Fault::Wrong).into());
        }
        self.check_choice(&visit.operator, caller, &owner, &form.password).await?;
        if let Some(former) = owner.account.password_hash.as_deref()
            && self.passwords().queue()?.verify(Some(former), &form.password).await != Verdict::Wrong
        {
            return Err(FieldErrors::one("new_password", Fault::SameAsOld).into());
        }
        let hash = self.passwords().hash(self.entropy(), &form.password).await?;

        let mut tx = self.db().begin().await?;
        let operator = visit.operator.slug.as_str();
        if !accounts::update_one_time_used(tx.conn(), operator, caller.account, one_time_hash, self.now()).await? {
            return Err(Refusal::LinkExpired.into());
        }
        let pending = Pending {
            second_step: false,
            must_change: false,
            terms: self.must_accept_terms(&mut tx, visit, caller.account).await?,
        };
        let next = caller.stage.after(pending);
        let token = self.set_password(&mut tx, visit, caller, &owner, &hash, next).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok((token, next))
    }

    /// What the account's owner sees of it.
    #[boxed]
    pub async fn read_account(&self, caller: &Caller) -> Result<AccountView, ServiceError> {
        let mut reader = self.db().read().await?;
        let owner = self.account(reader.conn(), caller.account).await?;
        let phone = MobilePhone::parse(&owner.data.phone, caller.operator.country);
        Ok(AccountView {
            login: owner.shown_login(),
            phone: phone.map_or_else(|_| owner.data.phone.clone(), |phone| phone.display()),
            email: owner.data.email,
        })
    }

    /// Changes the password: "Zmień hasło". Ends all other sessions.
    ///
    /// # Errors
    /// Field errors, a wrong current password among them; [`ServiceError::TooMany`] after several of those.
    #[boxed]
    pub async fn change_password(
        &self,
        visit: &Visit,
        caller: &Caller,
        form: &PasswordChange,
    ) -> Result<Token, ServiceError> {
        form.validate(visit.operator.password_policy())?;
        let account = self.reauthenticate(caller, &form.current, "current_password").await?;
        let owner = self.open_owner(account)?;
        self.check_choice(&visit.operator, caller, &owner, &form.password).await?;
        let hash = self.passwords().hash(self.entropy(), &form.password).await?;
        let mut tx = self.db().begin().await?;
        let token = self.set_password(&mut tx, visit, caller, &owner, &hash, caller.stage).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(token)
    }

    async fn set_password(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        caller: &Caller,
        owner: &Owner,
        hash: &str,
        next: Stage,
    ) -> Result<Token, ServiceError> {
        let operator = visit.operator.slug.as_str();
        accounts::update_password(tx.conn(), operator, caller.account, hash).await?;
        let token = self.advance_session(tx, visit, caller, next).await?;
        sessions::delete_others(tx.conn(), operator, caller.account, Some(caller.session)).await?;
        self.send_to_account(tx, &visit.operator, &owner.account, letters::password_changed).await?;
        self.record(tx, caller.event("change_password", "ok")).await?;
        Ok(token)
    }

    /// Refuses passwords that everybody tries first, and those made of what a stranger may know of the customer.
    async fn check_choice(
        &self,
        operator: &Operator,
        caller: &Caller,
        owner: &Owner,
        chosen: &str,
    ) -> Result<(), ServiceError> {
        let mut context = vec![operator.name.clone(), owner.data.login.clone(), owner.data.email.clone()];
        context.push(owner.data.phone.clone());
        let mut reader = self.db().read().await?;
        for customer in office::list_customers(reader.conn(), &caller.scope).await? {
            let data = self.customer_data(&operator.slug, &customer)?;
            let fields = [data.pesel, data.nip, data.rnokpp, data.edrpou, data.surname, data.given_name];
            context.extend(fields.into_iter().flatten());
            context.extend([data.company_name, data.address.street, data.address.city].into_iter().flatten());
        }
        context.extend(self.planned_companies(&mut reader, caller).await?);
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        Ok(check_chosen(chosen, &context)?)
    }

    /// Accepts the operator's present terms, which the caller has read in the version named.
    ///
    /// # Errors
    /// [`Refusal::TermsChanged`] when they changed while the page was open.
    #[boxed]
    pub async fn accept_terms(
        &self,
        visit: &Visit,
        caller: &Caller,
        version: &str,
    ) -> Result<(Token, Stage), ServiceError> {
        let terms = &visit.operator.terms;
        if terms.version != version {
            return Err(Refusal::TermsChanged.into());
        }
        let mut tx = self.db().begin().await?;
        self.accept(&mut tx, &visit.operator, caller.account, TERMS, terms.text.get(visit.lang)).await?;
        let next = caller.stage.after(Pending { second_step: false, must_change: false, terms: false });
        let token = self.advance_session(&mut tx, visit, caller, next).await?;
        self.record(&mut tx, caller.event("accept_terms", "ok")).await?;
        tx.commit().await?;
        Ok((token, next))
    }

    /// Opens the data of an account.
    pub(crate) fn open_owner(&self, account: Account) -> Result<Owner, ServiceError> {
        let data = self.vault().open(&place::account(account.id), &account.sealed)?;
        Ok(Owner { account, data })
    }
}
