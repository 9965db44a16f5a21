//! The audit log: who did what, when, how it ended. Ids and codes only, never personal data or secrets.
//!
//! Every entry carries a keyed hash over itself and the entry before it, so that an edit, a deletion or a swap shows. A cut
//! that takes the end along shows against an end that was kept elsewhere: the worker writes it to the server's log.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use openbok_domain::staff::Role;
use openbok_domain::{AccountId, InvoiceId, Lang, ParseError, Refusal, StaffId, Timestamp};
use openbok_locales::audit as words;
use openbok_storage::audit::{self, Entry, Named};
use openbok_storage::{Reader, Tx, office};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::records::{AccessData, AccountData, CustomerData, StaffData, place, shown};
use crate::settings::HOUR;
use crate::staff::StaffCaller;
use crate::vault::VaultError;
use crate::{Caller, ServiceError, Services, Visit, boxed, hex};

/// How often what strangers can cause at no cost is written down for one source within an hour.
const MOST_STOPS: i64 = 20;
const STOPS: &str = "stops on record";

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
    /// A member of the operator's staff.
    Staff(StaffId),
    /// Whoever works at the server's command line.
    CommandLine,
    /// The portal itself.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visitor => f.write_str("visitor"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::CommandLine => f.write_str("command-line"),
            Self::System => f.write_str("system"),
        }
    }
}

/// An entry as administrators read it.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// Its number.
    pub seq: i64,
    /// When, as the operator's clocks show it.
    pub at: String,
    /// What happened.
    pub event: String,
    /// How it ended.
    pub outcome: String,
    /// Who did it.
    pub actor: String,
    /// What staff calls whoever did it; empty where there is no name.
    pub actor_name: String,
    /// Which account it concerns; empty for none.
    pub subject: String,
    /// A reason or a number.
    pub note: String,
    /// What staff calls the account that it concerns, or the record that the note begins with; empty where there is no name.
    pub about_name: String,
}

/// What a check of the whole log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditState {
    /// Every entry is as it was written.
    Whole {
        /// How many entries there are.
        entries: i64,
    },
    /// The entry with this number is missing, changed, out of order, or behind the end of the log.
    Broken {
        /// Its number.
        seq: i64,
    },
}

/// An end of the log, in the form `NUMBER:HASH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    seq: i64,
    mac: Vec<u8>,
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.mac))
    }
}

impl FromStr for AuditHead {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (seq, hash) = text.trim().split_once(':').ok_or(ParseError::Malformed)?;
        let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let mac = hash.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>().ok_or(ParseError::Malformed)?;
        Ok(Self { seq: seq.parse().map_err(|_| ParseError::Malformed)?, mac })
    }
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

    /// Passes an outcome on, and writes down when it was the gate, a limit or a spent link that decided it. `subject` is
    /// whom the number of such entries is limited for.
    pub(crate) async fn note_stop<T>(
        &self,
        subject: &str,
        event: Event<'_>,
        outcome: Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        if let Some(outcome) = outcome.as_ref().err().and_then(stopped_by) {
            self.record_sparingly(subject, Event { outcome, ..event }).await?;
        }
        outcome
    }

    /// Writes down that somebody asked for what is not theirs to have. `target` names the page or function, as the table of
    /// rights does.
    #[boxed]
    pub async fn record_denial(
        &self,
        visit: &Visit,
        caller: Option<&Caller>,
        staff: Option<&StaffCaller>,
        target: &str,
    ) -> Result<(), ServiceError> {
        let customer = caller.map(|caller| Actor::Account(caller.account));
        let event = Event {
            operator: visit.operator.slug.as_str(),
            name: "access",
            outcome: "denied",
            actor: staff.map(|staff| Actor::Staff(staff.staff)).or(customer).unwrap_or(Actor::Visitor),
            subject: None,
            note: target,
        };
        self.record_sparingly(&visit.network(), event).await
    }

    /// Writes down that a customer asked for somebody else's invoice, though the answer was the same as for one that never
    /// was: that one is denied to nobody.
    #[boxed]
    pub async fn record_foreign_invoice(
        &self,
        visit: &Visit,
        caller: &Caller,
        id: InvoiceId,
    ) -> Result<(), ServiceError> {
        let mut reader = self.db().read().await?;
        let is_somebodys = office::has_invoice(reader.conn(), caller.operator.slug.as_str(), id).await?;
        drop(reader);
        if is_somebodys {
            self.record_denial(visit, Some(caller), None, "/invoices/:id").await?;
        }
        Ok(())
    }

    /// Writes down that a server starts, with what it was told: limits in plain words, profiles by their fingerprints.
    #[boxed]
    pub async fn record_start(&self, version: &str) -> Result<(), ServiceError> {
        let profiles = self.operators().iter().map(|operator| {
            let digest = Sha256::digest(format!("{operator:?}"));
            format!("{}#{}", operator.slug, hex(&digest[..4]))
        });
        let profiles = profiles.collect::<Vec<_>>().join(", ");
        let note = format!("version {version}; {:?}; profiles {profiles}", self.settings().limits);
        let event =
            Event { operator: "", name: "start", outcome: "ok", actor: Actor::System, subject: None, note: &note };
        let mut tx = self.db().begin().await?;
        self.record(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// Adds an entry that somebody could cause without end, unless there are many already.
    async fn record_sparingly(&self, subject: &str, event: Event<'_>) -> Result<(), ServiceError> {
        if self.check_limit(STOPS, subject, i64::MAX, HOUR).await? >= MOST_STOPS {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        self.count_limit(&mut tx, STOPS, subject, HOUR).await?;
        self.record(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// The newest entries of the caller's operator before a number, newest first, for administrators. The log has ids; the
    /// names that go with them are those of today.
    #[boxed]
    pub async fn list_audit(
        &self,
        caller: &StaffCaller,
        before: i64,
        lang: Lang,
    ) -> Result<Vec<AuditEntry>, ServiceError> {
        const PAGE_ROWS: i64 = 100;
        caller.demand(Role::Administrator)?;
        let mut reader = self.db().read().await?;
        let entries = audit::list_newest(reader.conn(), caller.operator.slug.as_str(), before, PAGE_ROWS).await?;
        let names = self.names(&mut reader, caller, &entries, lang).await?;
        let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        let shown = |entry: Entry| AuditEntry {
            seq: entry.seq,
            at: shown(entry.at, &caller.operator, lang),
            actor_name: name(actor_id(&entry)),
            about_name: name(about_id(&entry)),
            event: entry.event,
            outcome: entry.outcome,
            actor: entry.actor,
            subject: entry.subject,
            note: entry.note,
        };
        Ok(entries.into_iter().map(shown).collect())
    }

    /// What staff calls the people and things of some entries, by their ids: colleagues by name, accounts by their customer
    /// numbers, because a login may be a tax number. What producers have written of themselves is for dispatchers.
    async fn names(
        &self,
        reader: &mut Reader,
        caller: &StaffCaller,
        entries: &[Entry],
        lang: Lang,
    ) -> Result<HashMap<Uuid, String>, ServiceError> {
        let operator = caller.operator.slug.as_str();
        let mut ids: Vec<Uuid> =
            entries.iter().flat_map(|entry| [actor_id(entry), about_id(entry)]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let is_dispatcher = caller.roles.has(Role::Dispatcher);
        let mut names = HashMap::new();
        for named in audit::list_named(reader.conn(), operator, &ids).await? {
            match self.name(operator, &named, is_dispatcher, lang) {
                Ok(name) => drop(names.insert(named.id, name)),
                // The log itself can be read all the same.
                Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "a record cannot be opened"),
            }
        }
        Ok(names)
    }

    fn name(&self, operator: &str, named: &Named, is_dispatcher: bool, lang: Lang) -> Result<String, VaultError> {
        let Named { kind, id, number, sealed } = named;
        let id = *id;
        Ok(match kind.as_str() {
            "member" => {
                let data: StaffData = self.vault().open(&place::staff(id.into()), sealed)?;
                if data.name.is_empty() { data.email } else { data.name }
            }
            "company" if is_dispatcher => {
                let data: CustomerData = self.vault().open(&place::customer(operator, number), sealed)?;
                data.company_name.unwrap_or_else(|| words::customer(lang, number))
            }
            _ if !number.is_empty() => words::customer(lang, number),
            _ if !is_dispatcher => String::new(),
            "request" => self.vault().open::<AccessData>(&place::access_request(id.into()), sealed)?.company,
            _ => {
                let data: AccountData = self.vault().open(&place::account(id.into()), sealed)?;
                if data.login_is_tax_id { String::new() } else { data.login }
            }
        })
    }

    /// The end of the log as it is now.
    #[boxed]
    pub async fn audit_head(&self) -> Result<AuditHead, ServiceError> {
        let mut reader = self.db().read().await?;
        let head = audit::find_head(reader.conn()).await?;
        Ok(AuditHead { seq: head.seq, mac: head.mac })
    }

    /// Writes the end of the log where whoever can cut the log cannot reach it.
    pub(crate) async fn log_audit_head(&self) {
        match self.audit_head().await {
            Ok(head) => tracing::info!(%head, "end of the audit log"),
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the audit log has no end"),
        }
    }

    /// Reads the whole log and checks its chain, and that it ends where it should; with an end that was kept, also that this
    /// end is still in it.
    #[boxed]
    pub async fn verify_audit(&self, kept: Option<&AuditHead>) -> Result<AuditState, ServiceError> {
        const AT_ONCE: i64 = 1000;
        let mut reader = self.db().read().await?;
        // The head first: entries added meanwhile lie behind it.
        let head = audit::find_head(reader.conn()).await?;
        let head = AuditHead { seq: head.seq, mac: head.mac };
        let (mut seq, mut mac) = (0, Vec::new());
        loop {
            let entries = audit::list(reader.conn(), seq, AT_ONCE).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if entry.seq != seq + 1 || self.chain(&mac, &entry).as_slice() != entry.mac {
                    return Ok(AuditState::Broken { seq: seq + 1 });
                }
                (seq, mac) = (entry.seq, entry.mac);
                if [Some(&head), kept].into_iter().flatten().any(|end| end.seq == seq && end.mac != mac) {
                    return Ok(AuditState::Broken { seq });
                }
            }
        }
        let last = kept.map_or(head.seq, |kept| kept.seq.max(head.seq));
        // Whoever adds an entry moves the head along with it.
        let moved = audit::find_head(reader.conn()).await?.seq;
        Ok(if seq < last {
            AuditState::Broken { seq: seq + 1 }
        } else if moved < seq {
            AuditState::Broken { seq: moved + 1 }
        } else {
            AuditState::Whole { entries: seq }
        })
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

/// The id of whoever did it, if they have one.
fn actor_id(entry: &Entry) -> Option<Uuid> {
    let (_, id) = entry.actor.split_once(':')?;
    id.parse().ok()
}

/// The id of what it is about: of the account, else the one that the note begins with.
fn about_id(entry: &Entry) -> Option<Uuid> {
    let first = entry.note.split(' ').next().unwrap_or_default();
    let id = if entry.subject.is_empty() { first } else { entry.subject.as_str() };
    id.parse().ok()
}

/// The gate, the limit or the link that stopped a use case.
fn stopped_by(error: &ServiceError) -> Option<&'static str> {
    match error {
        ServiceError::TooMany { .. } => Some("limited"),
        ServiceError::Busy => Some("busy"),
        ServiceError::Refused(Refusal::Challenge(_)) => Some("challenged"),
        ServiceError::Refused(Refusal::ChallengeFailed(_)) => Some("challenge_failed"),
        ServiceError::Refused(Refusal::LinkUsed) => Some("link_used"),
        ServiceError::Refused(Refusal::LinkExpired) => Some("link_expired"),
        ServiceError::Refused(Refusal::LinkUnknown) => Some("link_unknown"),
        ServiceError::Refused(Refusal::TokenUsed) => Some("token_used"),
        ServiceError::Refused(Refusal::TokenExpired) => Some("token_expired"),
        ServiceError::Refused(Refusal::TokenRevoked) => Some("token_revoked"),
        ServiceError::Refused(Refusal::TokenUnknown) => Some("token_unknown"),
        _ => None,
    }
}
