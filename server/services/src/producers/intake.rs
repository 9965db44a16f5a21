//! Letters of the operator's mailbox become requests for access, each in one transaction with how far the mailbox is read.

use std::sync::Arc;

use openbok_domain::Operator;
use openbok_storage::access;

use crate::access_mail::{ImapAddress, Intake, Letter, Progress};
use crate::{ServiceError, Services};

/// Takes the letters of one operator's mailbox.
#[derive(Debug)]
pub struct RequestIntake {
    services: Services,
    operator: Arc<Operator>,
    mailbox: [u8; 32],
}

impl Services {
    /// What takes the letters of an operator's mailbox. Another mailbox is read from its beginning.
    #[must_use]
    pub fn request_intake(&self, operator: Arc<Operator>, address: &ImapAddress) -> RequestIntake {
        RequestIntake { services: self.clone(), operator, mailbox: address.key() }
    }
}

impl Intake for RequestIntake {
    async fn progress(&self) -> Result<Option<Progress>, ServiceError> {
        let mut reader = self.services.db().read().await?;
        let found = access::find_mailbox(reader.conn(), self.operator.slug.as_str(), &self.mailbox).await?;
        let number = |stored: i64| u32::try_from(stored).unwrap_or_default();
        Ok(found.map(|(validity, uid)| Progress { uid_validity: number(validity), last_uid: number(uid) }))
    }

    async fn take(&self, progress: Progress, letter: Letter) -> Result<(), ServiceError> {
        let mut tx = self.services.db().begin().await?;
        if let Letter::Request(request) = &letter {
            self.services.take_letter(&mut tx, &self.operator, request).await?;
        }
        let (validity, uid) = (i64::from(progress.uid_validity), i64::from(progress.last_uid));
        access::upsert_mailbox(tx.conn(), self.operator.slug.as_str(), &self.mailbox, validity, uid).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use openbok_domain::EmailAddress;
    use openbok_storage::db_test;

    use super::*;
    use crate::access_mail::read_letter;
    use crate::mail::MailSecurity;
    use crate::testing::TestPortal;

    db_test!(each_mailbox_has_its_own_progress_and_a_letter_in_several_is_taken_once, |test| {
        let portal = TestPortal::new(test.db.clone()).await;
        let operator = portal.services.operators().find(&"pgb".parse().unwrap()).unwrap();
        let intake = |mailbox: &str, password: &str| {
            let address = ImapAddress {
                host: "imap.example".into(),
                port: 993,
                security: MailSecurity::Tls,
                user: "pgb".into(),
                password: password.into(),
                mailbox: mailbox.into(),
                authority_pem: None,
            };
            portal.services.request_intake(Arc::clone(&operator), &address)
        };
        let own = EmailAddress::parse("portal@pgb.example").unwrap();
        let letter = || read_letter(b"From: ewa@wiatrak.example\r\nMessage-ID: <1@x>\r\n\r\nFirma: Wiatrak\r\n", &own);
        let at = |last_uid| Progress { uid_validity: 1, last_uid };
        assert_eq!(intake("INBOX", "p").progress().await.unwrap(), None);
        intake("INBOX", "p").take(at(7), letter()).await.unwrap();
        assert_eq!(intake("INBOX", "another").progress().await.unwrap(), Some(at(7)));
        assert_eq!(intake("Wnioski", "p").progress().await.unwrap(), None, "numbers of another mailbox say nothing");
        intake("Wnioski", "p").take(at(2), letter()).await.unwrap();
        assert_eq!(intake("INBOX", "p").progress().await.unwrap(), Some(at(7)));
        let mut reader = test.db.read().await.unwrap();
        let counts = access::count_requests(reader.conn(), "pgb").await.unwrap();
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<i64>(), 1);
    });
}
