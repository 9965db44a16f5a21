//! Proof that somebody spends effort on a request: a small computation in the browser, or letters read from a picture.
//!
//! The server signs every challenge and accepts each one once; see the services' `gate`.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the browser gets to solve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The server's signed note; it goes back with the answer, and names the picture and the sound of the letters.
    pub token: String,
    /// How many leading zero bits the hash must have.
    pub bits: u8,
}

/// The answer to a challenge, as it travels with a form: the token, and either the number found or the letters read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Token of the challenge.
    pub token: String,
    /// The number found, in decimal, or the letters.
    pub answer: String,
}

impl Proof {
    /// The answer of a form whose fields may be absent: nothing when no challenge was asked.
    #[must_use]
    pub fn from_fields(token: Option<String>, answer: Option<String>) -> Option<Self> {
        let token = token.filter(|token| !token.is_empty())?;
        Some(Self { token, answer: answer.unwrap_or_default() })
    }
}

/// Whether `nonce` solves the challenge: SHA-256 of the token followed by the nonce (eight bytes, little endian)
/// starts with `bits` zero bits.
#[must_use]
pub fn solves(token: &str, bits: u8, nonce: u64) -> bool {
    let digest = Sha256::new().chain_update(token.as_bytes()).chain_update(nonce.to_le_bytes()).finalize();
    let zeros = digest
        .iter()
        .scan(true, |still_zero, byte| {
            still_zero.then(|| {
                *still_zero = *byte == 0;
                byte.leading_zeros()
            })
        })
        .sum::<u32>();
    zeros >= u32::from(bits)
}

/// Searches `count` numbers from `start`: the one that solves the challenge, if it is among them.
/// The browser calls it in slices to stay responsive.
#[must_use]
pub fn search(token: &str, bits: u8, start: u64, count: u64) -> Option<u64> {
    (start..start.saturating_add(count)).find(|nonce| solves(token, bits, *nonce))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_number_that_the_check_accepts() {
        let nonce = search("token", 10, 0, 1 << 16).expect("one in 1024 fits");
        assert!(solves("token", 10, nonce));
        assert!(!solves("other", 24, nonce));
    }

    #[test]
    fn counts_zero_bits_across_bytes() {
        let nonce = search("token", 9, 0, 1 << 16).expect("one in 512 fits");
        let digest = Sha256::new().chain_update(b"token").chain_update(nonce.to_le_bytes()).finalize();
        assert_eq!(digest[0], 0);
        assert!(digest[1] < 128);
    }
}
