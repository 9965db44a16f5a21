//! Mail: letters in the customer's language with the operator's name and colour, queued in the transaction that caused
//! them and sent by the worker.

mod layout;
pub(crate) mod letters;
#[cfg(test)]
mod tests;
mod transport;

use openbok_domain::{Lang, MailId, Operator, Timestamp};
use openbok_storage::Tx;
use openbok_storage::accounts::Account;
use openbok_storage::outbox::{self, NewMail};
use serde::{Deserialize, Serialize};

use crate::records::{Job, place};
use crate::{ServiceError, Services, boxed};

pub(crate) use layout::{Letter, render};
pub use transport::{MailSecurity, SmtpAddress, Transport, TransportError};

/// A mail ready to go.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailMessage {
    /// Which mail it is, such as `activation`.
    pub kind: String,
    /// Name in the From field: the operator's.
    pub from_name: String,
    /// Recipient's address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The mail as HTML.
    pub html: String,
    /// Language of both.
    pub lang: Lang,
}

impl std::fmt::Debug for MailMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailMessage").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A mail in the demo's mailbox.
#[derive(Debug, Clone)]
pub struct ReceivedMail {
    /// Its id.
    pub id: MailId,
    /// When it would have gone out.
    pub received_at: Timestamp,
    /// The mail.
    pub message: MailMessage,
}

impl Services {
    /// Queues a letter to an address within the transaction that causes it. After `expires_at` it is worthless and will
    /// not be sent.
    pub(crate) async fn send(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        lang: Lang,
        to: &str,
        letter: Letter,
        expires_at: Option<Timestamp>,
    ) -> Result<MailId, ServiceError> {
        let kind = letter.kind;
        let message = render(operator, lang, to, &letter);
        self.enqueue(tx, operator, kind, &Job::Mail(message), expires_at).await
    }

    /// Queues a letter to the owner of an account, in the owner's language.
    pub(crate) async fn send_to_account(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        account: &Account,
        letter: impl FnOnce(&Operator, Lang, &str) -> Letter,
    ) -> Result<MailId, ServiceError> {
        let owner = self.open_owner(account.clone())?;
        let lang = owner.lang(operator);
        let sign_in = self.settings().public.link(operator, "/sign-in");
        self.send(tx, operator, lang, &owner.data.email, letter(operator, lang, &sign_in), None).await
    }

    /// Queues work for the worker.
    pub(crate) async fn enqueue(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        kind: &str,
        job: &Job,
        expires_at: Option<Timestamp>,
    ) -> Result<MailId, ServiceError> {
        let now = self.now();
        let id: MailId = self.entropy().id(now);
        let sealed = self.vault().seal(self.entropy(), &place::job(id), job);
        let mail = NewMail { id, operator: operator.slug.as_str(), kind, sealed: &sealed, expires_at };
        outbox::insert(tx.conn(), &mail, now).await?;
        Ok(id)
    }

    /// The newest mails of the demo's mailbox, of all operators or of one. Outside the demo there is none.
    #[boxed]
    pub async fn list_mailbox(&self, operator: Option<&Operator>) -> Result<Vec<ReceivedMail>, ServiceError> {
        if !self.settings().is_demo {
            return Err(ServiceError::NotFound);
        }
        let mut reader = self.db().read().await?;
        let kept = outbox::list_kept(reader.conn(), operator.map(|operator| operator.slug.as_str()), 100).await?;
        kept.into_iter()
            .map(|mail| {
                let message = self.vault().open(&place::kept(mail.id), &mail.sealed)?;
                Ok(ReceivedMail { id: mail.id, received_at: mail.received_at, message })
            })
            .collect()
    }
}
