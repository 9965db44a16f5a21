//! Use cases of the portal, one verb each: registration, sign-in, recovery, the office, import, mail.
//!
//! They own transactions, passwords, tokens, mail and jobs, and know neither HTTP nor pages. Whatever the clock or chance
//! decides comes in through [`Clock`] and [`Entropy`]. Everything is reached through [`Services`].
#![deny(missing_docs)]

pub mod access_mail;
mod account;
mod activation;
mod audit;
pub mod captcha;
mod clock;
pub mod demo_data;
pub mod documents;
mod entropy;
mod error;
mod files;
mod gate;
pub mod import;
mod jobs;
pub mod mail;
mod office;
mod operators;
mod passwords;
pub mod plan_files;
mod plans;
mod producers;
mod records;
mod recovery;
mod registration;
mod remembered;
mod session;
mod settings;
mod sign_in;
mod staff;
pub mod testing;
mod unlock;
mod vault;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use openbok_domain::{Date, Operator, Timestamp, calendar};
use openbok_storage::{Db, MigrationState, settings as stored};
use tokio::sync::Notify;

pub use activation::LinkState;
pub use audit::{Actor, AuditEntry, AuditHead, AuditState};
pub use clock::Clock;
pub use entropy::Entropy;
pub use error::ServiceError;
pub use files::{make_private_file, make_private_folder};
pub use jobs::Worker;
pub use mail::{MailMessage, MailSecurity, ReceivedMail, SmtpAddress, Transport, TransportError};
pub use office::InvoiceFile;
pub use office::PAGE_ROWS;
pub use operators::{OperatorError, Operators, parse as parse_operator};
pub use passwords::Passwords;
pub use plans::{DraftForm, FileWish, PlanFile, TakenPlans, UnitForm, Viewer};
pub use producers::{INVITATION_LIFE, RequestIntake};
pub use remembered::TYPED_LASTS_S;
pub use session::Deadlines;
pub use settings::{Limits, PublicAddress, Settings};
pub use sign_in::{Credentials, SignedIn};
pub use staff::{StaffCaller, StaffSignedIn};
pub use vault::{Token, Vault, VaultError};
pub use visit::{Caller, Visit};

/// Boxes the future of a use case, which only then is compiled here: the code of a plain `async fn` is made anew in every
/// crate and test program that awaits it, SQL and all (decision 7).
use async_recursion::async_recursion as boxed;

/// The portal's back end. Cheap to clone; clones share everything.
#[derive(Debug, Clone)]
pub struct Services(Arc<Inner>);

/// What a portal is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where everything is kept; migrated.
    pub db: Db,
    /// The brands it serves.
    pub operators: Operators,
    /// Its keys.
    pub vault: Vault,
    /// What time it is.
    pub clock: Clock,
    /// Where randomness comes from.
    pub entropy: Entropy,
    /// Password hashing.
    pub passwords: Passwords,
    /// The administrator's decisions.
    pub settings: Settings,
    /// How mail goes out.
    pub transport: Transport,
}

#[derive(Debug)]
struct Inner {
    parts: Parts,
    /// Wakes the worker when there is something to do.
    work: Notify,
}

/// Why a portal could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database holds data sealed with another key.
    #[error("this database was sealed with another key ({expected}); the configured one is {found}")]
    OtherKey {
        /// Fingerprint of the key that sealed the database.
        expected: String,
        /// Fingerprint of the configured key.
        found: String,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] openbok_storage::StorageError),
}

impl Services {
    /// Puts the portal together. The first start marks the database with the key's fingerprint; a later start with another
    /// key stops here, before it could write what nobody can read.
    #[boxed]
    pub async fn open(parts: Parts) -> Result<Self, OpenError> {
        const MARK: &str = "key fingerprint";
        let mut tx = parts.db.begin().await?;
        stored::insert(tx.conn(), MARK, parts.vault.fingerprint()).await?;
        let marked = stored::find(tx.conn(), MARK).await?.unwrap_or_default();
        tx.commit().await?;
        if marked != parts.vault.fingerprint() {
            let expected = hex(&marked);
            return Err(OpenError::OtherKey { expected, found: hex(parts.vault.fingerprint()) });
        }
        Ok(Self(Arc::new(Inner { parts, work: Notify::new() })))
    }

    /// The brands.
    #[must_use]
    pub fn operators(&self) -> &Operators {
        &self.0.parts.operators
    }

    /// The administrator's decisions.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// The time it is for the portal.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// The day that it is for an operator's customers.
    #[must_use]
    pub fn today(&self, operator: &Operator) -> Date {
        calendar::today(self.now(), &operator.time_zone)
    }

    /// The portal's clock, which the demo and tests may move.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.parts.clock
    }

    /// How many password hashes were computed since the start.
    #[must_use]
    pub fn hashed(&self) -> u64 {
        self.0.parts.passwords.hashed()
    }

    /// How many of them were compared with the hash of an account.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.0.parts.passwords.compared()
    }

    /// Whether the portal can work: the database answers and its schema is this release's. The length of the mail queue
    /// comes along for whoever watches.
    #[boxed]
    pub async fn readiness(&self) -> Result<Readiness, ServiceError> {
        let schema = self.db().migration_state().await?;
        let mut reader = self.db().read().await?;
        let depth = openbok_storage::outbox::depth(reader.conn()).await?;
        Ok(Readiness {
            is_migrated: schema == MigrationState::Current,
            mails_waiting: depth.waiting,
            mails_dead: depth.dead,
        })
    }

    /// Ends all connections to the database.
    #[boxed]
    pub async fn close(&self) {
        self.db().close().await;
    }

    fn db(&self) -> &Db {
        &self.0.parts.db
    }

    fn vault(&self) -> &Vault {
        &self.0.parts.vault
    }

    fn entropy(&self) -> &Entropy {
        &self.0.parts.entropy
    }

    fn passwords(&self) -> &Passwords {
        &self.0.parts.passwords
    }

    fn transport(&self) -> &Transport {
        &self.0.parts.transport
    }
}

/// How ready the portal is to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// Whether the schema is this release's.
    pub is_migrated: bool,
    /// Mails waiting to go out.
    pub mails_waiting: i64,
    /// Mails given up.
    pub mails_dead: i64,
}

/// Bytes as people read them out.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every text");
        text
    })
}

/// How long a session of an operator lives without activity.
pub(crate) fn session_idle(operator: &Operator) -> Duration {
    Duration::from_secs(u64::from(operator.session.idle_minutes) * 60)
}
