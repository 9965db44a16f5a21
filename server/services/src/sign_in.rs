//! Signing in: the lanes that lock, the one answer for every failure, the stages after the password.

use openbok_domain::lockout::{CHALLENGE_FROM, MAX_FAILURES};
use openbok_domain::{
    Fault, FieldErrors, LockoutScope, LoginName, OneTimePassword, Nip, Pending, Pesel, Proof, Refusal, Stage, password,
    sign_in::first_stage,
};
use openbok_storage::accounts::{self, Account};
use openbok_storage::sign_in::{self as guard, STRANGERS};
use openbok_storage::Tx;

use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::passwords::Verdict;
use crate::records::index;
use crate::settings::{DAY, HOUR, TEN_MINUTES};
use crate::{ServiceError, Services, Token, Visit};

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
    /// parallel guesses cannot outrun the limit. Unknown login, wrong password, locked and not yet activated all take one
    /// hash and the same writes, and answer the same.
    ///
    /// # Errors
    /// Empty fields; [`Refusal::BadCredentials`] for every failure; a challenge from the third try on;
    /// [`ServiceError::TooMany`] for a source that fails a lot.
    pub async fn sign_in(&self, visit: &Visit, credentials: Credentials) -> Result<SignedIn, ServiceError> {
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

        let mut tx = self.db().begin().await?;
        let most = i64::from(MAX_FAILURES);
        let counted =
            guard::update_failures(tx.conn(), operator, &this.login_index, &this.lane, most, self.now()).await?;
        tx.commit().await?;

        let usable = this.account.as_ref().filter(|account| {
            counted.is_some() && account.is_active() && !account.is_locked() && fits(&credentials.password)
        });
        let (stored, typed, is_one_time) = self.choose_hash(usable, &credentials.password);
        let verdict = self.passwords().verify(stored, &typed).await?;
        match (usable, verdict) {
            (Some(account), Verdict::Right | Verdict::RightButWeak) => {
                if verdict == Verdict::RightButWeak && !is_one_time {
                    self.rehash(account, &credentials.password).await?;
                }
                self.let_in(visit, &this, account, is_one_time).await
            }
            _ => {
                self.note_failure(visit, &this, counted).await?;
                Err(Refusal::BadCredentials.into())
            }
        }
    }

    /// Refuses sources that fail too often, or with too many different logins.
    async fn check_source(&self, visit: &Visit) -> Result<(), ServiceError> {
        let limits = &self.settings().limits;
        let network = visit.network();
        self.check_limit("sign-in failures", &network, limits.source_failures_per_hour, HOUR).await?;
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

    async fn rehash(&self, account: &Account, password: &str) -> Result<(), ServiceError> {
        let Some(old) = account.password_hash.as_deref() else { return Ok(()) };
        let new = self.passwords().hash(self.entropy(), password).await?;
        let mut tx = self.db().begin().await?;
        accounts::update_rehashed(tx.conn(), account.id, old, &new).await?;
        Ok(tx.commit().await?)
    }

    async fn let_in(
        &self,
        visit: &Visit,
        this: &Try,
        account: &Account,
        is_one_time: bool,
    ) -> Result<SignedIn, ServiceError> {
        let operator = visit.operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        guard::delete_lane(tx.conn(), operator, &this.login_index, &this.lane).await?;
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
                name: "sign_in",
                outcome: "ok",
                actor: Actor::Account(account.id),
                subject: Some(account.id),
                note: stage.as_str(),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(SignedIn { session, device, stage })
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

    /// Writes a failure down; the fifth locks, and the owner hears of it.
    async fn note_failure(&self, visit: &Visit, this: &Try, counted: Option<i64>) -> Result<(), ServiceError> {
        let operator = visit.operator.slug.as_str();
        let network = visit.network();
        let now = self.now();
        let mut tx = self.db().begin().await?;
        self.count_limit(tx.conn(), "sign-in failures", &network, HOUR, now).await?;
        let source = self.vault().index("source", &network);
        guard::insert_source_failure(tx.conn(), &source, &this.login_index, now).await?;
        let is_fifth = counted == Some(i64::from(MAX_FAILURES));
        if let (true, Some(account)) = (is_fifth, &this.account) {
            if this.lane != STRANGERS {
                accounts::update_locked(tx.conn(), account.id, Some(now)).await?;
            }
            metrics::counter!("lockouts_total", "operator" => operator.to_owned()).increment(1);
            let letter_of_today =
                self.count_limit(tx.conn(), "locked letters", &account.id.to_string(), DAY, now).await? == 1;
            if account.is_active() && letter_of_today {
                self.send_to_account(&mut tx, &visit.operator, account, letters::locked).await?;
            }
        }
        self.record(
            &mut tx,
            Event {
                operator,
                name: "sign_in",
                outcome: if is_fifth { "locked" } else { "refused" },
                actor: Actor::Visitor,
                subject: this.account.as_ref().map(|account| account.id),
                note: "",
            },
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

/// A login as it is looked up: a tax number in any of its written forms, or a name in lower case.
pub(crate) fn normalize_login(typed: &str) -> String {
    if let Ok(pesel) = Pesel::parse(typed) {
        return pesel.as_str().to_owned();
    }
    if let Ok(nip) = Nip::parse(typed) {
        return nip.as_str().to_owned();
    }
    LoginName::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |login| login.normalized())
}

fn check_filled(credentials: &Credentials) -> Result<(), ServiceError> {
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
fn fits(password: &str) -> bool {
    password.chars().count() <= usize::from(password::MAX_LENGTH)
}
