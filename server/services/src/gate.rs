//! The gate before everything that can be guessed: limits by source and by subject, and challenges.
//!
//! What the gate stops is neither verified nor counted, so that locking somebody out costs an attacker real effort.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbok_domain::{Challenge, Proof, Refusal, Timestamp, challenge};
use openbok_storage::{Conn, Tx, sign_in};
use sha2::{Digest, Sha256};

use crate::{ServiceError, Services};

/// How long a challenge can be answered.
const CHALLENGE_LIFE: Duration = Duration::from_mins(5);
/// Random bytes, expiry in seconds, signature.
const SALT_LENGTH: usize = 16;
const BODY_LENGTH: usize = SALT_LENGTH + 8;
const SIGNATURE_LENGTH: usize = 16;

impl Services {
    /// A new challenge, signed so that nothing need be remembered until it is answered.
    #[must_use]
    pub fn new_challenge(&self) -> Challenge {
        let expires = self.now().plus(CHALLENGE_LIFE).micros() / 1_000_000;
        let mut token = [self.entropy().bytes::<SALT_LENGTH>().as_slice(), &expires.to_le_bytes()].concat();
        let signature = self.vault().sign(&[b"challenge", &token]);
        token.extend_from_slice(&signature[..SIGNATURE_LENGTH]);
        Challenge { token: URL_SAFE_NO_PAD.encode(token), bits: self.settings().limits.challenge_bits }
    }

    /// The letters of a challenge's picture; nothing when the token is not ours or too old.
    #[must_use]
    pub fn challenge_letters(&self, token: &str) -> Option<String> {
        let body = self.challenge_body(token)?;
        // The letters follow from the token and the key: nobody else can compute them and nothing is stored.
        let mut stream = self.vault().sign(&[b"letters", &body]).into_iter().cycle();
        Some(crate::captcha::random_answer(|buffer: &mut [u8]| {
            for (byte, drawn) in buffer.iter_mut().zip(&mut stream) {
                *byte = drawn;
            }
        }))
    }

    fn challenge_body(&self, token: &str) -> Option<Vec<u8>> {
        let mut body = URL_SAFE_NO_PAD.decode(token).ok().filter(|raw| raw.len() == BODY_LENGTH + SIGNATURE_LENGTH)?;
        let signature = body.split_off(BODY_LENGTH);
        let expected = self.vault().sign(&[b"challenge", &body]);
        if !bool::from(subtle::ConstantTimeEq::ct_eq(&expected[..SIGNATURE_LENGTH], signature.as_slice())) {
            return None;
        }
        let expires = i64::from_le_bytes(body[SALT_LENGTH..].try_into().ok()?);
        (expires >= self.now().micros() / 1_000_000).then_some(body)
    }

    /// Demands the answer to a challenge, and spends it: right or wrong, it works once.
    ///
    /// # Errors
    /// [`Refusal::Challenge`] when there was no answer, [`Refusal::ChallengeFailed`] when it was wrong, late or used.
    pub(crate) async fn demand_proof(&self, proof: Option<&Proof>) -> Result<(), ServiceError> {
        let Some(proof) = proof else {
            return Err(Refusal::Challenge(self.new_challenge()).into());
        };
        if self.spend_proof(proof).await? { Ok(()) } else { Err(Refusal::ChallengeFailed(self.new_challenge()).into()) }
    }

    async fn spend_proof(&self, proof: &Proof) -> Result<bool, ServiceError> {
        let Some(letters) = self.challenge_letters(&proof.token) else { return Ok(false) };
        let bits = self.settings().limits.challenge_bits;
        let answer = proof.answer.trim();
        let is_right = answer.eq_ignore_ascii_case(&letters)
            || answer.parse().is_ok_and(|nonce| challenge::solves(&proof.token, bits, nonce));
        let mut tx = self.db().begin().await?;
        let expires = self.now().plus(CHALLENGE_LIFE);
        let is_first =
            sign_in::insert_spent_challenge(tx.conn(), &Sha256::digest(proof.token.as_bytes()), expires).await?;
        tx.commit().await?;
        Ok(is_right && is_first)
    }

    /// Refuses when a limit was reached in the window that now runs; otherwise how many hits there were.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] with the time until the window ends.
    pub(crate) async fn check_limit(
        &self,
        name: &str,
        subject: &str,
        most: i64,
        window: Duration,
    ) -> Result<i64, ServiceError> {
        let mut reader = self.db().read().await?;
        let found = self.find_limit(reader.conn(), name, subject, window).await?;
        match found {
            Some((hits, started)) if hits >= most => Err(self.too_many(name, started, window)),
            found => Ok(found.map_or(0, |(hits, _)| hits)),
        }
    }

    /// Takes one of `most` tries of the window that now runs, before the try is made, so that parallel ones cannot outrun
    /// the limit. Counts once the transaction is committed; a try that was right is given back.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] with the time until the window ends.
    pub(crate) async fn take_try(
        &self,
        tx: &mut Tx,
        name: &str,
        subject: &str,
        most: i64,
        window: Duration,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let key = self.limit_key(name, subject);
        if sign_in::update_limit(tx.conn(), &key, most, now.minus(window), now).await?.is_some() {
            return Ok(());
        }
        let started = self.find_limit(tx.conn(), name, subject, window).await?.map_or(now, |(_, started)| started);
        Err(self.too_many(name, started, window))
    }

    /// Gives a try back that [`Services::take_try`] took.
    pub(crate) async fn give_try_back(&self, tx: &mut Tx, name: &str, subject: &str) -> Result<(), ServiceError> {
        Ok(sign_in::update_limit_less(tx.conn(), &self.limit_key(name, subject)).await?)
    }

    /// Counts a hit on a limit and returns how many there are in its window.
    pub(crate) async fn count_limit(
        &self,
        tx: &mut Tx,
        name: &str,
        subject: &str,
        window: Duration,
    ) -> Result<i64, ServiceError> {
        let now = self.now();
        let key = self.limit_key(name, subject);
        let hits = sign_in::update_limit(tx.conn(), &key, i64::MAX, now.minus(window), now).await?;
        Ok(hits.unwrap_or(i64::MAX))
    }

    async fn find_limit(
        &self,
        conn: Conn<'_>,
        name: &str,
        subject: &str,
        window: Duration,
    ) -> Result<Option<(i64, Timestamp)>, ServiceError> {
        Ok(sign_in::find_limit(conn, &self.limit_key(name, subject), self.now().minus(window)).await?)
    }

    fn too_many(&self, name: &str, started: Timestamp, window: Duration) -> ServiceError {
        metrics::counter!("limits_reached_total", "limit" => name.to_owned()).increment(1);
        ServiceError::TooMany { retry_after: started.plus(window).since(self.now()) }
    }

    fn limit_key(&self, name: &str, subject: &str) -> Vec<u8> {
        self.vault().index(name, subject)
    }
}
