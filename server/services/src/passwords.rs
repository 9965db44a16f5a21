//! Password hashing: argon2id, as many at once as there are processors, and countable.
//!
//! More verifications at once than processors lose throughput, and each takes 19 MiB; so a fixed number of workers holds
//! one block of memory each and uses it again. Beyond a short queue the answer is "busy" instead of a growing delay.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::{Entropy, ServiceError};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_LENGTH: usize = 32;
/// How many may wait for a worker before others are told to come back.
const MOST_WAITING: usize = 64;

/// Hashes and verifies passwords. Cheap to clone; clones share the workers.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    params: Params,
    workers: Semaphore,
    waiting: AtomicUsize,
    memory: Mutex<Vec<Vec<Block>>>,
    hashed: AtomicU64,
    /// Hash of nothing anybody knows, for logins that do not exist.
    dummy: String,
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
    #[must_use]
    pub fn new(workers: usize, entropy: &Entropy) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_LENGTH)).expect("the portal's own parameters");
        Self::with_params(params, workers, entropy)
    }

    /// Hashing at almost no cost, for tests whose subject is something else.
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
            workers: Semaphore::new(workers.max(1)),
            waiting: AtomicUsize::new(0),
            memory: Mutex::default(),
            hashed: AtomicU64::new(0),
            dummy,
        }))
    }

    /// How many hashes were computed since the start.
    #[must_use]
    pub fn hashed(&self) -> u64 {
        self.0.hashed.load(Ordering::Relaxed)
    }

    /// Hashes a new password into a PHC string.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] when too many wait already.
    pub async fn hash(&self, entropy: &Entropy, password: &str) -> Result<String, ServiceError> {
        let salt: [u8; 16] = entropy.bytes();
        let params = self.0.params.clone();
        let output = self.compute(params.clone(), salt.to_vec(), password.to_owned()).await?;
        Ok(encode(&params, &salt, &output))
    }

    /// Compares a password with a stored hash, or with a hash nobody can match when there is none, at the same cost.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] when too many wait already.
    pub async fn verify(&self, stored: Option<&str>, password: &str) -> Result<Verdict, ServiceError> {
        let readable = stored.and_then(decode);
        let is_real = readable.is_some();
        let (params, salt, expected) =
            readable.or_else(|| decode(&self.0.dummy)).expect("the dummy hash is well-formed");
        let is_weak = params.m_cost() < self.0.params.m_cost() || params.t_cost() < self.0.params.t_cost();
        let output = self.compute(params, salt, password.to_owned()).await?;
        let is_right = is_real && bool::from(output.as_slice().ct_eq(expected.as_slice()));
        Ok(match (is_right, is_weak) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButWeak,
        })
    }

    async fn compute(&self, params: Params, salt: Vec<u8>, password: String) -> Result<Vec<u8>, ServiceError> {
        if self.0.waiting.fetch_add(1, Ordering::AcqRel) >= MOST_WAITING {
            self.0.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(ServiceError::Busy);
        }
        let inner = self.0.clone();
        let permit = inner.workers.acquire().await;
        inner.waiting.fetch_sub(1, Ordering::AcqRel);
        let _permit = permit.map_err(|_| ServiceError::Busy)?;
        let task = inner.clone();
        let output = tokio::task::spawn_blocking(move || task.compute_now(params, &salt, password.as_bytes())).await;
        inner.hashed.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("password_hashes_total").increment(1);
        Ok(output.expect("argon2 does not panic on checked parameters"))
    }
}

impl Inner {
    fn compute_now(&self, params: Params, salt: &[u8], password: &[u8]) -> Vec<u8> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        memory.resize(memory.len().max(params.block_count()), Block::new());
        let mut output = vec![0; params.output_len().unwrap_or(OUTPUT_LENGTH)];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password, salt, &mut output, &mut memory)
            .expect("length of password and salt are within argon2's bounds");
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        output
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

    #[tokio::test]
    async fn r01_hashes_are_argon2id_at_full_cost_and_take_long_passwords_whole() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::new(2, &entropy);
        let long = "ż".repeat(200);
        let hash = passwords.hash(&entropy, &long).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify(Some(&hash), &long).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.verify(Some(&hash), &long[..long.len() - 2]).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.verify(Some(&hash), &long.to_uppercase()).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn r01_notices_a_hash_weaker_than_todays() {
        let entropy = Entropy::seeded(1);
        let weak = Passwords::cheap(&entropy).hash(&entropy, "Zima2026!").await.unwrap();
        let today = Passwords::new(1, &entropy);
        assert_eq!(today.verify(Some(&weak), "Zima2026!").await.unwrap(), Verdict::RightButWeak);
        assert_eq!(today.verify(Some(&weak), "Zima2027!").await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn costs_one_hash_whether_or_not_there_is_anything_to_compare_with() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::cheap(&entropy);
        for stored in [None, Some("not a hash")] {
            let before = passwords.hashed();
            assert_eq!(passwords.verify(stored, "x").await.unwrap(), Verdict::Wrong);
            assert_eq!(passwords.hashed() - before, 1);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn refuses_instead_of_queueing_without_end() {
        let entropy = Entropy::seeded(1);
        let passwords = Passwords::new(1, &entropy);
        let tries: Vec<_> = (0..200)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.verify(None, "x").await })
            })
            .collect();
        let mut busy = 0;
        for outcome in tries {
            busy += usize::from(matches!(outcome.await.unwrap(), Err(ServiceError::Busy)));
        }
        assert!(busy > 0 && busy < 200, "{busy} of 200 were told to come back");
    }
}
