//! Registration by contract: data proven against the CRM, an account that waits for its e-mail to be confirmed.

use openbok_domain::{
    AccountId, ContractRegistration, ContractStatus, Fault, FieldErrors, Nip, Operator, Pesel, Proof, Refusal,
    ValidContractRegistration, operator::Wizard,
};
use openbok_storage::accounts::{self, Acceptance, Account, NewAccount};
use openbok_storage::crm::{self, ContractForRegistration};
use openbok_storage::{Tx, links};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::activation::{ACTIVATION, ACTIVATION_LETTERS, LINK_LIFE};
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::{AccountData, index, place};
use crate::settings::HOUR;
use crate::{ServiceError, Services, Token, Visit, boxed};

/// Name of the event.
const REGISTER: &str = "register";
/// Name under which acceptance of the terms is recorded.
pub(crate) const TERMS: &str = "terms";
/// Name under which acceptance of cookies is recorded.
const COOKIES: &str = "cookies";
/// Failures from one source or for one contract after which a challenge comes first.
const FREE_TRIES: i64 = 2;
/// Limits by source and by contract: of tries, and of those that did not match. A right try leaves the source as many as
/// before, because a whole household or office may register behind one address.
const TRIES: &str = "registrations";
const FAILURES: &str = "registration failures";

impl Services {
    /// Registers a customer by contract. A right set of data makes an account that waits for activation and mails the link;
    /// a right set whose customer has an account already answers the same, and the owner gets a mail instead. Either
    /// account is from then on for all customers of this tax number.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the operator registers in other ways. Field errors; a taken login;
    /// [`Refusal::NoMatch`] without saying which part does not match; a challenge from the third failure on;
    /// [`ServiceError::TooMany`].
    #[boxed]
    pub async fn register_by_contract(
        &self,
        visit: &Visit,
        form: &ContractRegistration,
        proof: Option<&Proof>,
    ) -> Result<(), ServiceError> {
        if !visit.operator.wizards.contains(&Wizard::Contract) {
            return Err(ServiceError::NotFound);
        }
        let data = form.validate(visit.operator.country)?;
        if data.login_is_tax_id && !visit.operator.sign_in.allow_tax_id_login {
            return Err(FieldErrors::one("login", Fault::Required).into());
        }
        let outcome = self.try_registration(visit, &data, proof).await;
        self.note_stop(&visit.network(), visitor_event(visit, REGISTER, "", None), outcome).await
    }

    async fn try_registration(
        &self,
        visit: &Visit,
        data: &ValidContractRegistration,
        proof: Option<&Proof>,
    ) -> Result<(), ServiceError> {
        let (source, contract) =
            (visit.network(), format!("{}|{}", visit.operator.slug, data.contract_number.normalized()));
        let subjects = [&source, &contract];
        let most = self.settings().limits.registrations_per_hour;
        let mut failures = 0;
        for subject in subjects {
            self.check_limit(TRIES, subject, most, HOUR).await?;
            failures = failures.max(self.check_limit(FAILURES, subject, i64::MAX, HOUR).await?);
        }
        if failures >= FREE_TRIES {
            self.demand_proof(proof).await?;
        }
        let mut tx = self.db().begin().await?;
        for subject in subjects {
            self.take_try(&mut tx, TRIES, subject, most, HOUR).await?;
        }
        tx.commit().await?;

        let mut tx = self.db().begin().await?;
        let outcome = self.register(&mut tx, visit, data).await;
        let failure = match &outcome {
            Ok(()) => {
                self.give_try_back(&mut tx, TRIES, &source).await?;
                tx.commit().await?;
                self.wake_worker();
                return outcome;
            }
            Err(ServiceError::Refused(Refusal::NoMatch)) => "no_match",
            Err(ServiceError::Invalid(_)) => "taken",
            Err(_) => return outcome,
        };
        drop(tx);
        let mut tx = self.db().begin().await?;
        for subject in subjects {
            self.count_limit(&mut tx, FAILURES, subject, HOUR).await?;
        }
        self.record(&mut tx, visitor_event(visit, REGISTER, failure, None)).await?;
        tx.commit().await?;
        outcome
    }

    /// Registers within a transaction that is given up when the data are refused.
    async fn register(&self, tx: &mut Tx, visit: &Visit, data: &ValidContractRegistration) -> Result<(), ServiceError> {
        let operator = visit.operator.slug.as_str();
        let tax_index = index::tax(self.vault(), operator, &data.tax_id);
        let key = data.contract_number.normalized();
        let contracts = crm::list_contracts_by_key(tx.conn(), operator, &key).await?;
        if !contracts.iter().any(|contract| matches(contract, &tax_index)) {
            return Err(Refusal::NoMatch.into());
        }
        self.open_account(tx, visit, &tax_index, data).await
    }

    async fn open_account(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        tax_index: &[u8],
        data: &ValidContractRegistration,
    ) -> Result<(), ServiceError> {
        let operator = visit.operator.slug.as_str();
        // A form sent twice at once: the second comes to an account that is there.
        accounts::lock_customers(tx.conn(), operator, tax_index).await?;
        let existing = accounts::find_by_tax_index(tx.conn(), operator, tax_index).await?;
        if let Some(owner) = existing.as_ref().filter(|account| account.is_active()) {
            accounts::insert_customers(tx.conn(), owner.id, operator, tax_index).await?;
            self.tell_owner(tx, visit, owner).await?;
            return self.record(tx, visitor_event(visit, REGISTER, "exists", Some(owner.id))).await;
        }
        if is_foreign_tax_number(data) {
            return Err(FieldErrors::one("login", Fault::Taken).into());
        }
        let email = data.email.as_str();
        let may_mail = self.may_mail(tx, &visit.operator, ACTIVATION_LETTERS, email).await?;
        let id = existing.as_ref().map_or_else(|| self.entropy().id(self.now()), |account| account.id);
        let record = AccountData {
            login: data.login.as_str().to_owned(),
            login_is_tax_id: data.login_is_tax_id,
            email: email.to_owned(),
            phone: data.phone.as_e164().to_owned(),
        };
        let new = NewAccount {
            login_index: &index::login(self.vault(), operator, &data.login.normalized()),
            email_index: &index::email(self.vault(), operator, &data.email.normalized()),
            sealed: &self.vault().seal(self.entropy(), &place::account(id), &record),
            language: visit.lang.code(),
        };
        let is_free = if existing.is_some() {
            accounts::update_pending(tx.conn(), operator, id, &new).await?
        } else {
            accounts::insert(tx.conn(), id, operator, &new, self.now()).await?
        };
        if !is_free {
            return Err(FieldErrors::one("login", Fault::Taken).into());
        }
        accounts::insert_customers(tx.conn(), id, operator, tax_index).await?;
        for (document, text) in
            [(TERMS, visit.operator.terms.text.get(visit.lang)), (COOKIES, visit.operator.cookies.text.get(visit.lang))]
        {
            self.accept(tx, &visit.operator, id, document, text).await?;
        }
        if may_mail {
            self.send_activation(tx, &visit.operator, id, email, visit.lang).await?;
        }
        self.record(tx, visitor_event(visit, REGISTER, "ok", Some(id))).await
    }

    /// Tells the owner of an account that somebody registered with the same data, a few times an hour at most.
    async fn tell_owner(&self, tx: &mut Tx, visit: &Visit, account: &Account) -> Result<(), ServiceError> {
        let owner = self.open_owner(account.clone())?;
        if self.may_mail(tx, &visit.operator, "existing account letters", &owner.data.email).await? {
            self.send_to_account(tx, &visit.operator, account, letters::account_exists).await?;
        }
        Ok(())
    }

    /// Records that the account's owner accepted a document in its present version.
    pub(crate) async fn accept(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        account: AccountId,
        document: &str,
        text: &str,
    ) -> Result<(), ServiceError> {
        let text_hash = Sha256::digest(text.as_bytes());
        let acceptance = Acceptance { document, version: &operator.terms.version, text_hash: &text_hash };
        Ok(accounts::insert_acceptance(tx.conn(), account, &acceptance, self.now()).await?)
    }

    /// Makes a new activation link, lets the former ones expire, and mails it.
    pub(crate) async fn send_activation(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        account: AccountId,
        email: &str,
        lang: openbok_domain::Lang,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let token = Token::generate(self.entropy());
        let expires_at = now.plus(LINK_LIFE);
        links::update_expired(tx.conn(), account, ACTIVATION, now).await?;
        links::insert(tx.conn(), &token.hash(), account, ACTIVATION, now, expires_at).await?;
        let link = self.settings().public.link(operator, &format!("/activate?token={}", token.to_text()));
        let letter = letters::activation(operator, lang, &link);
        self.send(tx, operator, lang, email, letter, Some(expires_at)).await.map(drop)
    }
}

/// Whether the contract stands far enough and belongs to whoever has this tax number.
fn matches(contract: &ContractForRegistration, tax_index: &[u8]) -> bool {
    let is_theirs = contract.tax_index.as_deref().is_some_and(|found| bool::from(found.ct_eq(tax_index)));
    is_theirs && contract.status().is_ok_and(ContractStatus::allows_registration)
}

/// A login that is somebody else's tax number would keep its owner from registering with it.
fn is_foreign_tax_number(data: &ValidContractRegistration) -> bool {
    let login = data.login.as_str();
    !data.login_is_tax_id && (Pesel::parse(login).is_ok() || Nip::parse(login).is_ok())
}

/// An audit entry about what somebody not signed in did.
pub(crate) fn visitor_event<'a>(
    visit: &'a Visit,
    name: &'a str,
    outcome: &'a str,
    subject: Option<AccountId>,
) -> Event<'a> {
    Event { operator: visit.operator.slug.as_str(), name, outcome, actor: Actor::Visitor, subject, note: "" }
}
