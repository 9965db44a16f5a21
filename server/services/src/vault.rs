//! Sealing of personal data, keyed hashes for looking it up, and keyed signatures.
//!
//! A sealed value is `key id (1) ‖ nonce (12) ‖ AES-256-GCM ciphertext`. The place it belongs to (`table|row`) is bound
//! in, so that a value copied to another row does not open. All working keys are derived from one master key.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::Entropy;

const NONCE_LENGTH: usize = 12;
/// Number of the key that seals; a later one will be added beside it when keys are rotated.
const KEY_ID: u8 = 1;

/// Why a vault could not be made or a sealed value not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key is not 32 bytes in base64, or one that nobody should use.
    #[error("the secret key must be 32 random bytes in base64; `openssl rand -base64 32` makes one")]
    BadKey,
    /// The value was sealed with a key this server does not have.
    #[error("the value was sealed with key {key_id}, which this server does not have")]
    KeyMissing {
        /// Number of the missing key.
        key_id: u8,
    },
    /// The value was damaged, moved to another row, or sealed with another key.
    #[error("the sealed value does not open")]
    Damaged,
}

/// The portal's keys. Cheap to make, never printed.
pub struct Vault {
    cipher: Aes256Gcm,
    index_key: SecretSlice<u8>,
    signing_key: SecretSlice<u8>,
    fingerprint: [u8; 8],
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault on a master key of 32 bytes written in base64.
    ///
    /// # Errors
    /// [`VaultError::BadKey`] when the key has another length or is an obvious placeholder.
    pub fn new(master_key_base64: &str) -> Result<Self, VaultError> {
        let master = STANDARD.decode(master_key_base64.trim()).map_err(|_| VaultError::BadKey)?;
        let distinct = master.iter().collect::<std::collections::BTreeSet<_>>().len();
        if master.len() != 32 || distinct < 12 {
            return Err(VaultError::BadKey);
        }
        let derive = |label: &str| keyed_hash(&master, &[label.as_bytes()]);
        let cipher = Aes256Gcm::new_from_slice(&derive("openbok seal 1")).map_err(|_| VaultError::BadKey)?;
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&derive("openbok fingerprint")[..8]);
        Ok(Self {
            cipher,
            index_key: derive("openbok index").to_vec().into(),
            signing_key: derive("openbok sign").to_vec().into(),
            fingerprint,
        })
    }

    /// A new random master key in the form that [`Vault::new`] reads.
    #[must_use]
    pub fn generate_key(entropy: &Entropy) -> String {
        STANDARD.encode(entropy.bytes::<32>())
    }

    /// Names the key without telling it, so that a database and a key that do not belong together are noticed.
    #[must_use]
    pub const fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    /// Seals a value for one place, such as `accounts|<id>`.
    ///
    /// # Panics
    /// Never in practice: plain records always serialize, and AES-GCM takes any short message.
    pub fn seal<T: Serialize>(&self, entropy: &Entropy, place: &str, value: &T) -> Vec<u8> {
        let plain = serde_json::to_vec(value).expect("plain records serialize");
        let nonce: [u8; NONCE_LENGTH] = entropy.bytes();
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: &plain, aad: place.as_bytes() })
            .expect("a short message encrypts");
        [&[KEY_ID], nonce.as_slice(), &sealed].concat()
    }

    /// Opens a value sealed for the same place.
    pub fn open<T: DeserializeOwned>(&self, place: &str, sealed: &[u8]) -> Result<T, VaultError> {
        let (&key_id, rest) = sealed.split_first().ok_or(VaultError::Damaged)?;
        if key_id != KEY_ID {
            return Err(VaultError::KeyMissing { key_id });
        }
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or(VaultError::Damaged)?;
        let plain = self
            .cipher
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: place.as_bytes() })
            .map_err(|_| VaultError::Damaged)?;
        serde_json::from_slice(&plain).map_err(|_| VaultError::Damaged)
    }

    /// A keyed hash to look a value up by, without storing it. `kind` keeps equal values of different kinds apart.
    #[must_use]
    pub fn index(&self, kind: &str, value: &str) -> Vec<u8> {
        keyed_hash(self.index_key.expose_secret(), &[kind.as_bytes(), value.as_bytes()]).to_vec()
    }

    /// A keyed hash over several parts, for chains and signatures of the server's own notes.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed_hash(self.signing_key.expose_secret(), parts)
    }
}

/// HMAC-SHA-256 over parts, each preceded by its length so that no two lists of parts collide.
fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A secret that travels in a cookie or a link: 256 random bits. Only [`Token::hash`] is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &Entropy) -> Self {
        Self(entropy.bytes())
    }

    /// Reads one from a cookie or a link; nothing that is not exactly one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// How it is stored. The token has full entropy, so that a plain hash is enough.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// How it travels.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (Vault, Entropy) {
        let entropy = Entropy::seeded(1);
        (Vault::new(&Vault::generate_key(&entropy)).unwrap(), entropy)
    }

    #[test]
    fn opens_what_it_sealed_in_the_same_place_only() {
        let (vault, entropy) = vault();
        let sealed = vault.seal(&entropy, "accounts|1", &"Łucja");
        assert_eq!(vault.open::<String>("accounts|1", &sealed), Ok("Łucja".to_owned()));
        assert_eq!(vault.open::<String>("accounts|2", &sealed), Err(VaultError::Damaged));
    }

    #[test]
    fn notices_every_changed_byte() {
        let (vault, entropy) = vault();
        let sealed = vault.seal(&entropy, "p", &"x");
        for position in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[position] ^= 1;
            assert!(vault.open::<String>("p", &damaged).is_err(), "byte {position}");
        }
    }

    #[test]
    fn names_a_key_it_does_not_have() {
        let (vault, entropy) = vault();
        let mut sealed = vault.seal(&entropy, "p", &"x");
        sealed[0] = 9;
        assert_eq!(vault.open::<String>("p", &sealed), Err(VaultError::KeyMissing { key_id: 9 }));
    }

    #[test]
    fn r06_refuses_placeholder_keys() {
        for bad in ["", "changeme", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "c2VjcmV0"] {
            assert_eq!(Vault::new(bad).err(), Some(VaultError::BadKey), "{bad}");
        }
    }

    #[test]
    fn keeps_equal_values_of_different_kinds_apart() {
        let (vault, _) = vault();
        assert_ne!(vault.index("login", "1"), vault.index("email", "1"));
        assert_eq!(vault.index("login", "1"), vault.index("login", "1"));
    }

    #[test]
    fn reads_back_a_token_and_nothing_else() {
        let token = Token::generate(&Entropy::seeded(2));
        assert_eq!(Token::parse(&token.to_text()), Some(token.clone()));
        let longer = format!("{}AA", token.to_text());
        for bad in ["", "abc", "ż", longer.as_str()] {
            assert_eq!(Token::parse(bad), None, "{bad}");
        }
    }
}
