//! The audit log: who did what, when, how it ended. Ids and codes only, never personal data or secrets.
//!
//! Every entry carries a keyed hash over itself and the entry before it, so that an edit, a deletion, a swap or a cut
//! at the end shows.

use openbok_domain::{AccountId, Timestamp};
use openbok_storage::audit::{self, Entry};
use openbok_storage::{Conn, Tx};

use crate::{Services, ServiceError};

/// Something worth remembering.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Operator it belongs to.
    pub operator: &'a str,
    /// What happened, such as `sign_in`.
    pub name: &'a str,
    /// How it ended, such as `ok` or `refused`.
    pub outcome: &'a str,
    /// Who did it.
    pub actor: Actor,
    /// Which account it concerns, if any.
    pub subject: Option<AccountId>,
    /// A reason or a number; never personal data.
    pub note: &'a str,
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub enum Actor {
    /// Somebody not signed in.
    Visitor,
    /// The owner of an account.
    Account(AccountId),
    /// Whoever works at the server's command line.
    CommandLine,
    /// The portal itself.
    System,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Visitor => f.write_str("visitor"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::CommandLine => f.write_str("command-line"),
            Self::System => f.write_str("system"),
        }
    }
}

/// What a check of the whole log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditState {
    /// Every entry is as it was written.
    Whole {
        /// How many entries there are.
        entries: i64,
    },
    /// The entry with this number is missing, changed or out of order.
    Broken {
        /// Its number.
        seq: i64,
    },
}

impl Services {
    /// Adds an entry within the transaction that it tells about.
    pub(crate) async fn record(&self, tx: &mut Tx, event: Event<'_>) -> Result<(), ServiceError> {
        let head = audit::lock_head(tx.conn()).await?;
        let mut entry = Entry {
            seq: head.seq + 1,
            at: self.now(),
            operator: event.operator.to_owned(),
            event: event.name.to_owned(),
            outcome: event.outcome.to_owned(),
            actor: event.actor.to_string(),
            subject: event.subject.map(|id| id.to_string()).unwrap_or_default(),
            note: event.note.to_owned(),
            mac: Vec::new(),
        };
        entry.mac = self.chain(&head.mac, &entry).to_vec();
        audit::insert(tx.conn(), &entry).await?;
        metrics::counter!("audit_events_total", "event" => entry.event, "outcome" => entry.outcome).increment(1);
        Ok(())
    }

    /// Reads the whole log and checks its chain.
    pub async fn verify_audit(&self) -> Result<AuditState, ServiceError> {
        const AT_ONCE: i64 = 1000;
        let mut reader = self.db().read().await?;
        // The head first: entries added meanwhile lie behind it.
        let head = audit::find_head(reader.conn()).await?;
        let (mut seq, mut mac) = (0, Vec::new());
        loop {
            let entries = list(reader.conn(), seq, AT_ONCE).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if entry.seq != seq + 1 || self.chain(&mac, &entry).as_slice() != entry.mac {
                    return Ok(AuditState::Broken { seq: seq + 1 });
                }
                if entry.seq == head.seq && entry.mac != head.mac {
                    return Ok(AuditState::Broken { seq: head.seq });
                }
                (seq, mac) = (entry.seq, entry.mac);
            }
        }
        Ok(if seq < head.seq { AuditState::Broken { seq: seq + 1 } } else { AuditState::Whole { entries: seq } })
    }

    fn chain(&self, before: &[u8], entry: &Entry) -> [u8; 32] {
        let Entry { seq, at, operator, event, outcome, actor, subject, note, mac: _ } = entry;
        let at: Timestamp = *at;
        self.vault().sign(&[
            b"audit",
            before,
            &seq.to_le_bytes(),
            &at.micros().to_le_bytes(),
            operator.as_bytes(),
            event.as_bytes(),
            outcome.as_bytes(),
            actor.as_bytes(),
            subject.as_bytes(),
            note.as_bytes(),
        ])
    }
}

async fn list(conn: Conn<'_>, after: i64, most: i64) -> Result<Vec<Entry>, ServiceError> {
    Ok(audit::list(conn, after, most).await?)
}
