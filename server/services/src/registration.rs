//! Registration by contract: data proven against the CRM, an account that waits for its e-mail to be confirmed.

use openbok_domain::{
    AccountId, ContractRegistration, CustomerId, Fault, FieldErrors, Nip, Operator, Pesel, Proof, Refusal,
    ValidContractRegistration,
};
use openbok_storage::accounts::{self, Acceptance, NewAccount};
use openbok_storage::crm::{self, ContractForRegistration};
use openbok_storage::{Tx, links};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::activation::{ACTIVATION, LINK_LIFE};
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::{AccountData, index, place};
use crate::settings::HOUR;
use crate::{ServiceError, Services, Token, Visit};

/// Name under which acceptance of the terms is recorded.
pub(crate) const TERMS: &str = "terms";
/// Name under which acceptance of cookies is recorded.
const COOKIES: &str = "cookies";
/// Failures from one source or for one contract after which a challenge comes first.
const FREE_TRIES: i64 = 2;

impl Services {
    /// Registers a customer by contract. A right set of data makes an account that waits for activation and mails the link;
    /// a right set whose customer has an account already answers the same, and the owner gets a mail instead.
    ///
    /// # Errors
    /// Field errors; a taken login; [`Refusal::NoMatch`] without saying which part does not match; a challenge from the
    /// third failure on; [`ServiceError::TooMany`].
    pub async fn register_by_contract(
        &self,
        visit: &Visit,
        form: &ContractRegistration,
        proof: Option<&Proof>,
    ) -> Result<(), ServiceError> {
        let data = form.validate(visit.operator.country)?;
        let number = data.contract_number.normalized();
        let subjects = [("registration source", visit.network()), ("registration contract", number.clone())];
        let mut failures = 0;
        for (name, subject) in &subjects {
            let most = self.settings().limits.registration_failures_per_hour;
            failures = failures.max(self.check_limit(name, subject, most, HOUR).await?);
        }
        if failures >= FREE_TRIES {
            self.demand_proof(proof).await?;
        }

        let mut tx = self.db().begin().await?;
        let contracts = crm::list_contracts_by_key(tx.conn(), visit.operator.slug.as_str(), &number).await?;
        let Some(contract) = contracts.into_iter().find(|contract| self.matches(visit, contract, &data)) else {
            for (name, subject) in &subjects {
                self.count_limit(tx.conn(), name, subject, HOUR, self.now()).await?;
            }
            self.record(&mut tx, visitor_event(visit, "register", "no_match", None)).await?;
            tx.commit().await?;
            return Err(Refusal::NoMatch.into());
        };
        if is_foreign_tax_number(&data) {
            return Err(FieldErrors::one("login", Fault::Taken).into());
        }
        self.open_account(&mut tx, visit, contract.customer_id, &data).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Whether the contract stands far enough and belongs to the customer with this tax number.
    fn matches(&self, visit: &Visit, contract: &ContractForRegistration, data: &ValidContractRegistration) -> bool {
        let expected = index::tax(self.vault(), visit.operator.slug.as_str(), &data.tax_id);
        let is_theirs = contract.tax_index.as_deref().is_some_and(|found| bool::from(found.ct_eq(&expected)));
        is_theirs && contract.status().is_ok_and(|status| status.allows_registration())
    }

    async fn open_account(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        customer: CustomerId,
        data: &ValidContractRegistration,
    ) -> Result<(), ServiceError> {
        let existing = accounts::find_by_customer(tx.conn(), customer).await?;
        if let Some(owner) = existing.as_ref().filter(|account| account.is_active()) {
            self.record(tx, visitor_event(visit, "register", "exists", Some(owner.id))).await?;
            return self.send_to_account(tx, &visit.operator, owner, letters::account_exists).await;
        }
        let operator = visit.operator.slug.as_str();
        let id = existing.as_ref().map_or_else(|| self.entropy().id(self.now()), |account| account.id);
        let record = AccountData {
            login: data.login.as_str().to_owned(),
            login_is_tax_id: data.login_is_tax_id,
            email: data.email.as_str().to_owned(),
            phone: data.phone.as_e164().to_owned(),
        };
        let login = if data.login_is_tax_id { data.tax_id.as_str().to_owned() } else { data.login.normalized() };
        let new = NewAccount {
            login_index: &index::login(self.vault(), operator, &login),
            email_index: &index::email(self.vault(), operator, &data.email.normalized()),
            sealed: &self.vault().seal(self.entropy(), &place::account(id), &record),
            language: visit.lang.code(),
        };
        let is_free = if existing.is_some() {
            accounts::update_pending(tx.conn(), id, &new).await?
        } else {
            accounts::insert(tx.conn(), id, operator, &new, self.now()).await?
                && accounts::insert_customer(tx.conn(), id, customer).await?
        };
        if !is_free {
            return Err(FieldErrors::one("login", Fault::Taken).into());
        }
        for (document, text) in [
            (TERMS, visit.operator.terms.text.get(visit.lang)),
            (COOKIES, visit.operator.cookies.text.get(visit.lang)),
        ] {
            self.accept(tx, &visit.operator, id, document, text).await?;
        }
        self.send_activation(tx, &visit.operator, id, &record.email, visit.lang).await?;
        self.record(tx, visitor_event(visit, "register", "ok", Some(id))).await
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
        self.send(tx, operator, lang, email, letter, Some(expires_at)).await
    }
}

/// A login that is somebody else's tax number would keep its owner from registering with it.
fn is_foreign_tax_number(data: &ValidContractRegistration) -> bool {
    let login = data.login.as_str();
    let is_tax_number = Pesel::parse(login).is_ok() || Nip::parse(login).is_ok();
    is_tax_number && login != data.tax_id.as_str()
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
