//! Password hashing: argon2id, as many at once as there are processors, and countable.
//!
//! More verifications at once than processors lose throughput, and each takes 19 MiB; so a fixed number of workers holds
//! one block of memory each and uses it again, until nobody has needed any for a while. Beyond a short queue the answer is
//! "busy" instead of a growing delay. Whoever goes away while waiting leaves the queue; a hash that was begun keeps its
//! worker until it is done.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use openbok_domain::{Fault, FieldErrors, OneTimePassword, PasswordRule, password};
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Entropy, ServiceError};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_LENGTH: usize = 32;
/// How long after the last hash memory is kept for the next. New memory takes some milliseconds, which matter only where
/// many sign in.
const MEMORY_KEPT: Duration = Duration::from_secs(2);
/// How many may wait for a worker before others are told to come back.
const MOST_WAITING: usize = 64;

/// Refuses a new password that everybody tries first, that has a word of the context in it (what a stranger may know of its
/// owner), or that the sign-in would take for one of the portal's own.
pub(crate) fn check_chosen(chosen: &str, context: &[&str]) -> Result<(), FieldErrors> {
    let own = OneTimePassword::looks_like(chosen).then_some(PasswordRule::NotOneTime);
    match password::refused(chosen, context).or(own) {
        Some(rule) => Err(FieldErrors::one("new_password", Fault::Weak(vec![rule]))),
        None => Ok(()),
    }
}

/// Hashes and verifies passwords. Cheap to clone; clones share the workers.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    params: Params,
    queue: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    memory: Mutex<Vec<Vec<Block>>>,
    hashed: AtomicU64,
    compared: AtomicU64,
    /// Hash of nothing anybody knows, for logins that do not exist.
    dummy: String,
}

/// A place in the queue. Whoever holds one gets a hash and is not told to come back.
#[derive(Debug)]
pub struct Turn {
    inner: Arc<Inner>,
    place: OwnedSemaphorePermit,
}

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The password is the right one.
    Right,
    /// The right one, but its hash is weaker than today's and should be made again.
    RightButWeak,
    /// Another password, or a hash that cannot be read.
    Wrong,
}

impl Passwords {
    /// Hashing at the portal's full cost.
    ///
    /// # Panics
    /// Never: the parameters are argon2's own.
    #[must_use]
    pub fn new(workers: usize, entropy: &Entropy) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_LENGTH)).expect("the portal's own parameters");
        Self::with_params(params, workers, entropy)
    }

    /// Hashing at almost no cost, for tests whose subject is something else.
    ///
    /// # Panics
    /// Never: the parameters are argon2's least.
    #[must_use]
    pub fn cheap(entropy: &Entropy) -> Self {
        let params = Params::new(Params::MIN_M_COST, 1, 1, Some(OUTPUT_LENGTH)).expect("the least parameters");
        Self::with_params(params, 4, entropy)
    }

    fn with_params(params: Params, workers: usize, entropy: &Entropy) -> Self {
        let salt: [u8; 16] = entropy.bytes();
        let dummy = encode(&params, &salt, &entropy.bytes::<OUTPUT_LENGTH>());
        Self(Arc::new(Inner {
            params,
            queue: Arc::new(Semaphore::new(MOST_WAITING)),
            workers: Arc::new(Semaphore::new(workers.max(1))),
            memory: Mutex::default(),
            hashed: AtomicU64::new(0),
            compared: AtomicU64::new(0),
            dummy,
        }))
    }

    /// How many hashes were computed since the start.
    #[must_use]
    pub fn hashed(&self) -> u64 {
        self.0.hashed.load(Ordering::Relaxed)
    }

    /// How many passwords were compared with a stored hash since the start; the others met a hash of nothing.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.0.compared.load(Ordering::Relaxed)
    }

    /// Takes a place in the queue, before anything is written that a refusal would have to take back.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] when too many wait already.
    pub fn queue(&self) -> Result<Turn, ServiceError> {
        let place = self.0.queue.clone().try_acquire_owned().map_err(|_| ServiceError::Busy)?;
        Ok(Turn { inner: self.0.clone(), place })
    }

    /// Hashes a new password into a PHC string.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] when too many wait already.
    pub async fn hash(&self, entropy: &Entropy, password: &str) -> Result<String, ServiceError> {
        let salt: [u8; 16] = entropy.bytes();
        let params = self.0.params.clone();
        let output = self.queue()?.compute(params.clone(), salt.to_vec(), password.to_owned()).await;
        Ok(encode(&params, &salt, &output))
    }
}

impl Turn {
    /// Compares a password with a stored hash, or with a hash nobody can match when there is none, at the same cost.
    pub async fn verify(self, stored: Option<&str>, password: &str) -> Verdict {
        let readable = stored.and_then(decode);
        let is_real = readable.is_some();
        let (params, salt, expected) =
            readable.or_else(|| decode(&self.inner.dummy)).expect("the dummy hash is well-formed");
        let today = &self.inner.params;
        let is_weak = params.m_cost() < today.m_cost() || params.t_cost() < today.t_cost();
        self.inner.compared.fetch_add(u64::from(is_real), Ordering::Relaxed);
        let output = self.compute(params, salt, password.to_owned()).await;
        let is_right = is_real && bool::from(output.as_slice().ct_eq(expected.as_slice()));
        match (is_right, is_weak) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButWeak,
        }
    }

    async fn compute(self, params: Params, salt: Vec<u8>, password: String) -> Vec<u8> {
        let Self { inner, place } = self;
        let worker = inner.workers.clone().acquire_owned().await.expect("the workers are never sent home");
        drop(place);
        let task = tokio::task::spawn_blocking(move || {
            let output = inner.compute_now(params, &salt, password.as_bytes());
            let number = inner.hashed.fetch_add(1, Ordering::Relaxed) + 1;
            metrics::counter!("password_hashes_total").increment(1);
            drop(worker);
            tokio::spawn(async move {
                tokio::time::sleep(MEMORY_KEPT).await;
                if inner.hashed.load(Ordering::Relaxed) == number {
                    inner.memory().clear();
                }
            });
            output
        });
        task.await.expect("argon2 does not panic on checked parameters")
    }
}

impl Inner {
    fn compute_now(&self, params: Params, salt: &[u8], password: &[u8]) -> Vec<u8> {
        let mut memory = self.memory().pop().unwrap_or_default();
        memory.resize(memory.len().max(params.block_count()), Block::new());
        let mut output = vec![0; params.output_len().unwrap_or(OUTPUT_LENGTH)];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password, salt, &mut output, &mut memory)
            .expect("length of password and salt are within argon2's bounds");
        self.memory().push(memory);
        output
    }

    /// The blocks that nobody hashes in.
    fn memory(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn encode(params: &Params, salt: &[u8], output: &[u8]) -> String {
    PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into().expect("argon2 parameters have a PHC form"),
        salt: Some(Salt::new(salt).expect("sixteen bytes are a salt")),
        hash: Some(Output::new(output).expect("32 bytes are an output")),
    }
    .to_string()
}

fn decode(phc: &str) -> Option<(Params, Vec<u8>, Vec<u8>)> {
    let hash = PasswordHash::new(phc).ok().filter(|hash| hash.algorithm == Algorithm::Argon2id.ident())?;
    let params = Params::try_from(&hash).ok()?;
    Some((params, hash.salt?.as_ref().to_vec(), hash.hash?.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn verify(passwords: &Passwords, stored: Option<&str>, typed: &str) -> Verdict {
        passwords.queue().unwrap().verify(stored, typed).await
    }

    #[test]
    fn what_signing_in_would_take_for_a_one_time_password_is_refused_by_that_name() {
        let refused = |chosen| check_chosen(chosen, &["Polana"]).err();
        let named = |rule| Some(FieldErrors::one("new_password", Fault::Weak(vec![rule])));
        assert_eq!(refused("zielony-rower-park"), named(PasswordRule::NotOneTime), "sixteen letters between dashes");
        assert_eq!(refused("zielony-rower-park-7"), None);
        assert_eq!(refused("Qwerty123"), named(PasswordRule::NotCommon));
    }

    #[tokio::test]
    async fn r01_hashes_are_argon2id_at_full_cost_and_take_long_passwords_whole() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::new(2, &entropy);
        let long = "ż".repeat(200);
        let hash = passwords.hash(&entropy, &long).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify(&passwords, Some(&hash), &long).await, Verdict::Right);
        assert_eq!(verify(&passwords, Some(&hash), &long[..long.len() - 2]).await, Verdict::Wrong);
        assert_eq!(verify(&passwords, Some(&hash), &long.to_uppercase()).await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn r01_notices_a_hash_weaker_than_todays() {
        let entropy = Entropy::seeded(1);
        let weak = Passwords::cheap(&entropy).hash(&entropy, "Zima2026!").await.unwrap();
        let today = Passwords::new(1, &entropy);
        assert_eq!(verify(&today, Some(&weak), "Zima2026!").await, Verdict::RightButWeak);
        assert_eq!(verify(&today, Some(&weak), "Zima2027!").await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn costs_one_hash_whether_or_not_there_is_anything_to_compare_with() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::cheap(&entropy);
        for stored in [None, Some("not a hash")] {
            let before = passwords.hashed();
            assert_eq!(verify(&passwords, stored, "x").await, Verdict::Wrong);
            assert_eq!(passwords.hashed() - before, 1);
        }
    }

    #[tokio::test]
    async fn uses_its_memory_again_and_gives_it_back_when_nobody_needs_it() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::cheap(&entropy);
        for _ in 0..3 {
            verify(&passwords, None, "x").await;
            assert_eq!(passwords.0.memory().len(), 1);
        }
        tokio::time::sleep(MEMORY_KEPT + Duration::from_millis(200)).await;
        assert_eq!(passwords.0.memory().len(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn refuses_instead_of_queueing_without_end() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::cheap(&entropy);
        let turns: Vec<_> = (0..200).map(|_| passwords.queue()).collect();
        assert_eq!(turns.iter().filter(|turn| matches!(turn, Err(ServiceError::Busy))).count(), 200 - MOST_WAITING);
        for turn in turns.into_iter().flatten() {
            assert_eq!(turn.verify(None, "x").await, Verdict::Wrong, "whoever waits gets a turn");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn goes_on_when_those_who_wait_go_away() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::new(1, &entropy);
        for _ in 0..200 {
            let task = tokio::spawn({
                let passwords = passwords.clone();
                async move { passwords.queue().unwrap().verify(None, "x").await }
            });
            tokio::task::yield_now().await;
            task.abort();
            drop(task.await);
        }
        assert_eq!(verify(&passwords, None, "x").await, Verdict::Wrong);
        assert_eq!(passwords.0.queue.available_permits(), MOST_WAITING);
        assert_eq!(passwords.0.workers.available_permits(), 1, "no hash runs beside the permitted one");
    }
}
