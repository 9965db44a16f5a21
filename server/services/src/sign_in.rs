//! Signing in: the lanes that lock, the one answer for every failure, the stages after the password.

use openbok_domain::lockout::{CHALLENGE_FROM, MAX_FAILURES};
use openbok_domain::{
    EmailAddress, Fault, FieldErrors, LockoutScope, LoginName, MailId, Nip, OneTimePassword, Operator, Pending, Pesel,
    Proof, Refusal, Stage, password, sign_in::first_stage,
};
use openbok_storage::Tx;
use openbok_storage::accounts::{self, Account};
use openbok_storage::sign_in::{self as guard, STRANGERS};
use tracing::Instrument as _;

use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::passwords::{Turn, Verdict};
use crate::records::{Job, index};
use crate::registration::visitor_event;
use crate::settings::{DAY, HOUR, TEN_MINUTES};
use crate::{ServiceError, Services, Token, Visit, boxed};

/// What the sign-in form sends.
#[derive(Default)]
pub struct Credentials {
    /// Login, or the tax number that stands for it.
    pub login: String,
    /// Password, chosen or one-time.
    pub password: String,
    /// Answer to a challenge, when one was asked.
    pub proof: Option<Proof>,
}

/// A sign-in that went through the password.
#[derive(Debug)]
pub struct SignedIn {
    /// For the session cookie.
    pub session: Token,
    /// For the browser's long-lived mark.
    pub device: Token,
    /// What comes next.
    pub stage: Stage,
}

/// Name of the event and of the limit of failures from one source.
const SIGN_IN: &str = "sign_in";
pub(crate) const SOURCE_FAILURES: &str = "sign-in failures";

/// One try, as far as it can be known before the password is looked at.
struct Try {
    login_index: Vec<u8>,
    lane: Vec<u8>,
    account: Option<Account>,
}

impl Services {
    /// Signs in with login and password.
    ///
    /// The failure is counted and committed before the password is verified and taken back when it was right, so that
    /// parallel guesses cannot outrun the limit; and from there on the try goes to its end, so that whoever hangs up has
    /// failed like everybody else. Unknown login, wrong password, locked and not yet activated all take one hash and the
    /// same writes, and answer the same.
    ///
    /// # Errors
    /// Empty fields; [`Refusal::BadCredentials`] for every failure; a challenge from the third try on;
    /// [`ServiceError::TooMany`] for a source that fails a lot; [`ServiceError::Busy`], which is not counted.
    #[boxed]
    pub async fn sign_in(&self, visit: &Visit, credentials: Credentials) -> Result<SignedIn, ServiceError> {
        let outcome = self.pass_gate(visit, credentials).await;
        self.note_stop(&visit.network(), visitor_event(visit, SIGN_IN, "", None), outcome).await
    }

    async fn pass_gate(&self, visit: &Visit, credentials: Credentials) -> Result<SignedIn, ServiceError> {
        check_filled(&credentials)?;
        self.check_source(visit).await?;
        let this = self.read_try(visit, &credentials.login).await?;
        let operator = visit.operator.slug.as_str();
        let mut reader = self.db().read().await?;
        let failures = guard::find_failures(reader.conn(), operator, &this.login_index, &this.lane).await?;
        drop(reader);
        if failures + 1 >= i64::from(CHALLENGE_FROM) {
            self.demand_proof(credentials.proof.as_ref()).await?;
        }
        let turn = self.passwords().queue()?;
        let (services, visit) = (self.clone(), visit.clone());
        to_its_end(async move { services.try_password(&visit, &this, &credentials, turn).await }).await
    }

    async fn try_password(
        &self,
        visit: &Visit,
        this: &Try,
        credentials: &Credentials,
        turn: Turn,
    ) -> Result<SignedIn, ServiceError> {
        let counted = self.count_try(visit, this).await?;
        let usable = this.account.as_ref().filter(|account| {
            counted.is_some() && account.is_active() && !account.is_locked() && fits(&credentials.password)
        });
        let (stored, typed, is_one_time) = self.choose_hash(usable, &credentials.password);
        let verdict = turn.verify(stored, &typed).await;
        if let (Some(account), Some(hash), Verdict::Right | Verdict::RightButWeak) = (usable, stored, verdict)
            && let Some(signed_in) = self.let_in(visit, this, account, hash, is_one_time).await?
        {
            if verdict == Verdict::RightButWeak && !is_one_time {
                self.rehash(account, hash, &credentials.password).await?;
            }
            return Ok(signed_in);
        }
        self.note_failure(visit, this, counted).await?;
        Err(Refusal::BadCredentials.into())
    }

    /// Counts the try as a failure in advance, against its source and in its lane. How many there are in the lane, or
    /// `None` when it is closed.
    async fn count_try(&self, visit: &Visit, this: &Try) -> Result<Option<i64>, ServiceError> {
        let most = self.settings().limits.source_failures_per_hour;
        let mut tx = self.db().begin().await?;
        self.take_try(&mut tx, SOURCE_FAILURES, &visit.network(), most, HOUR).await?;
        let operator = visit.operator.slug.as_str();
        let most = i64::from(MAX_FAILURES);
        let counted =
            guard::update_failures(tx.conn(), operator, &this.login_index, &this.lane, most, self.now()).await?;
        tx.commit().await?;
        Ok(counted)
    }

    /// Refuses sources that fail too often, or with too many different logins.
    pub(crate) async fn check_source(&self, visit: &Visit) -> Result<(), ServiceError> {
        let limits = &self.settings().limits;
        let network = visit.network();
        self.check_limit(SOURCE_FAILURES, &network, limits.source_failures_per_hour, HOUR).await?;
        let mut reader = self.db().read().await?;
        let source = self.vault().index("source", &network);
        let since = self.now().minus(TEN_MINUTES);
        let logins = guard::count_source_failures(reader.conn(), &source, since).await?;
        if logins >= limits.source_logins_per_10_min {
            metrics::counter!("limits_reached_total", "limit" => "logins of one source").increment(1);
            return Err(ServiceError::TooMany { retry_after: TEN_MINUTES });
        }
        Ok(())
    }

    async fn read_try(&self, visit: &Visit, login: &str) -> Result<Try, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let login_index = index::login(self.vault(), operator, &normalize_login(login));
        let mut reader = self.db().read().await?;
        let account = accounts::find_by_login(reader.conn(), operator, &login_index).await?;
        let mut lane = STRANGERS.to_vec();
        if let (LockoutScope::Device, Some(device)) = (visit.operator.lockout.scope, &visit.device) {
            // Asked also for logins that do not exist, so that both take the same time.
            let id = account.as_ref().map_or_else(|| uuid::Uuid::nil().into(), |account| account.id);
            if guard::is_known_device(reader.conn(), &device.hash(), id).await? {
                lane = device.hash().to_vec();
            }
        }
        Ok(Try { login_index, lane, account })
    }

    /// The hash to compare with: the one-time password's when what was typed looks like one and one is out, the chosen
    /// password's otherwise. Never both: every try costs one hash.
    fn choose_hash<'a>(&self, account: Option<&'a Account>, typed: &str) -> (Option<&'a str>, String, bool) {
        let one_time = account.and_then(|account| {
            let hash = account.one_time_hash.as_deref()?;
            let is_fresh = account.one_time_expires_at().is_some_and(|end| end > self.now());
            Some((hash, OneTimePassword::normalized(typed).filter(|_| is_fresh)?))
        });
        match one_time {
            Some((hash, normalized)) => (Some(hash), normalized, true),
            None => (account.and_then(|account| account.password_hash.as_deref()), typed.to_owned(), false),
        }
    }

    /// Makes the hash of a right password as strong as today's. A busy machine leaves that to the next sign-in.
    async fn rehash(&self, account: &Account, old: &str, password: &str) -> Result<(), ServiceError> {
        let new = match self.passwords().hash(self.entropy(), password).await {
            Err(ServiceError::Busy) => return Ok(()),
            hash => hash?,
        };
        let mut tx = self.db().begin().await?;
        accounts::update_rehashed(tx.conn(), &account.operator, account.id, old, &new).await?;
        Ok(tx.commit().await?)
    }

    /// Starts the session, unless the account was locked or got another password since `hash` was read: then nothing.
    async fn let_in(
        &self,
        visit: &Visit,
        this: &Try,
        account: &Account,
        hash: &str,
        is_one_time: bool,
    ) -> Result<Option<SignedIn>, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        self.give_try_back(&mut tx, SOURCE_FAILURES, &visit.network()).await?;
        guard::delete_lane(tx.conn(), operator, &this.login_index, &this.lane).await?;
        if !accounts::lock_unchanged(tx.conn(), operator, account.id, hash).await? {
            return Ok(None);
        }
        let pending = Pending {
            second_step: false,
            must_change: is_one_time,
            terms: self.must_accept_terms(&mut tx, visit, account.id).await?,
        };
        let stage = first_stage(pending);
        let device = visit.device.clone().unwrap_or_else(|| Token::generate(self.entropy()));
        if stage == Stage::Full {
            guard::insert_known_device(tx.conn(), &device.hash(), account.id, self.now()).await?;
        }
        let session = self.start_session(&mut tx, visit, account.id, stage).await?;
        self.record(
            &mut tx,
            Event {
                operator,
                name: SIGN_IN,
                outcome: "ok",
                actor: Actor::Account(account.id),
                subject: Some(account.id),
                note: stage.as_str(),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(Some(SignedIn { session, device, stage }))
    }

    /// Whether the operator's terms changed since the account's owner accepted them.
    pub(crate) async fn must_accept_terms(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        account: openbok_domain::AccountId,
    ) -> Result<bool, ServiceError> {
        let version = &visit.operator.terms.version;
        Ok(!accounts::has_accepted(tx.conn(), account, crate::registration::TERMS, version).await?)
    }

    /// Writes a failure down. The fifth locks; whether there is an owner to hear of it is found out by the worker, so that
    /// the answer takes as long for an invented login.
    async fn note_failure(&self, visit: &Visit, this: &Try, counted: Option<i64>) -> Result<(), ServiceError> {
        let operator = visit.operator.slug.as_str();
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let source = self.vault().index("source", &visit.network());
        guard::insert_source_failure(tx.conn(), &source, &this.login_index, now).await?;
        let is_fifth = counted == Some(i64::from(MAX_FAILURES));
        if is_fifth {
            if let (true, Some(account)) = (this.lane != STRANGERS, &this.account) {
                accounts::update_locked(tx.conn(), operator, account.id, Some(now)).await?;
            }
            let job = Job::NoteLock { login_index: this.login_index.clone() };
            self.enqueue(&mut tx, &visit.operator, "request", &job, None).await?;
        }
        self.record(
            &mut tx,
            Event {
                operator,
                name: SIGN_IN,
                outcome: if is_fifth { "locked" } else { "refused" },
                actor: Actor::Visitor,
                subject: this.account.as_ref().map(|account| account.id),
                note: "",
            },
        )
        .await?;
        tx.commit().await?;
        if is_fifth {
            self.wake_worker();
        }
        Ok(())
    }

    /// The worker's part of a lock: the owner of the login, if there is one, gets a letter, one a day at most. Logins of
    /// customers and of staff have different keys.
    pub(crate) async fn note_lock_now(
        &self,
        operator: &Operator,
        login_index: &[u8],
        job: MailId,
    ) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        if let Some(account) = accounts::find_by_login(tx.conn(), operator.slug.as_str(), login_index).await? {
            metrics::counter!("lockouts_total", "operator" => operator.slug.to_string()).increment(1);
            let subject = account.id.to_string();
            if account.is_active() && self.count_limit(&mut tx, "locked letters", &subject, DAY).await? == 1 {
                let letter = |operator: &Operator, lang, _: &str| letters::locked(operator, lang);
                self.send_to_account(&mut tx, operator, &account, letter).await?;
            }
        } else {
            self.tell_locked_staff(&mut tx, operator, login_index).await?;
        }
        self.finish_job(tx, job).await
    }
}

/// Does something to its end, whether or not whoever asked for it hangs up.
pub(crate) async fn to_its_end<T: Send + 'static>(
    task: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> Result<T, ServiceError> {
    match tokio::spawn(task.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(ServiceError::Busy),
        },
    }
}

/// A login as it is looked up: a tax number in any of its written forms, or a name or an address in lower case.
pub(crate) fn normalize_login(typed: &str) -> String {
    if let Ok(pesel) = Pesel::parse(typed) {
        return pesel.as_str().to_owned();
    }
    if let Ok(nip) = Nip::parse(typed) {
        return nip.as_str().to_owned();
    }
    if let Ok(login) = LoginName::parse(typed) {
        return login.normalized();
    }
    // The login of a producer is the invited address, which may be no name that a customer could choose.
    EmailAddress::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |email| email.normalized())
}

pub(crate) fn check_filled(credentials: &Credentials) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::default();
    if credentials.login.trim().is_empty() {
        errors.push("login", Fault::Required);
    }
    if credentials.password.is_empty() {
        errors.push("password", Fault::Required);
    }
    Ok(errors.into_result(())?)
}

/// Longer passwords than anybody can have set are not worth hashing.
pub(crate) fn fits(password: &str) -> bool {
    password.chars().count() <= usize::from(password::MAX_LENGTH)
}
