//! What a use case can answer instead of a result.

use std::time::Duration;

use openbok_domain::{FieldErrors, Refusal};
use openbok_storage::StorageError;

use crate::TransportError;
use crate::documents::DocumentError;
use crate::vault::VaultError;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Some fields of the form are wrong.
    #[error("some fields are wrong")]
    Invalid(FieldErrors),
    /// The portal's rules say no.
    #[error("refused")]
    Refused(Refusal),
    /// There is such a thing, but it is not the caller's to do.
    #[error("not allowed")]
    Forbidden,
    /// Nothing of that name exists for this caller. Somebody else's is as absent as what never was.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or no longer.
    #[error("signed out")]
    SignedOut,
    /// Too many tries from one source, or for one account.
    #[error("too many tries")]
    TooMany {
        /// When the next one is allowed.
        retry_after: Duration,
    },
    /// More people are signing in than the machine can serve right now.
    #[error("busy")]
    Busy,
    /// The database failed.
    #[error("the database failed")]
    Storage(#[from] StorageError),
    /// A sealed value does not open.
    #[error("a sealed value does not open")]
    Vault(#[from] VaultError),
    /// A document could not be drawn.
    #[error("a document could not be drawn")]
    Document(#[from] DocumentError),
    /// A mail did not leave.
    #[error("a mail did not leave")]
    Transport(#[from] TransportError),
    /// A file could not be read or written.
    #[error("a file could not be read or written")]
    File(#[from] std::io::Error),
}

impl From<FieldErrors> for ServiceError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
