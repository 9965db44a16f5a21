//! Letters of the operator's mailbox become requests for access, each in one transaction with how far the mailbox is read.

use std::sync::Arc;

use openbok_domain::Operator;
use openbok_storage::access;

use crate::access_mail::{Intake, Letter, Progress};
use crate::{ServiceError, Services};

/// Takes the letters of one operator's mailbox.
#[derive(Debug)]
pub struct RequestIntake {
    services: Services,
    operator: Arc<Operator>,
}

impl Services {
    /// What takes the letters of an operator's mailbox.
    #[must_use]
    pub fn request_intake(&self, operator: Arc<Operator>) -> RequestIntake {
        RequestIntake { services: self.clone(), operator }
    }
}

impl Intake for RequestIntake {
    async fn progress(&self) -> Result<Option<Progress>, ServiceError> {
        let mut reader = self.services.db().read().await?;
        let found = access::find_mailbox(reader.conn(), self.operator.slug.as_str()).await?;
        let number = |stored: i64| u32::try_from(stored).unwrap_or_default();
        Ok(found.map(|(validity, uid)| Progress { uid_validity: number(validity), last_uid: number(uid) }))
    }

    async fn take(&self, progress: Progress, letter: Letter) -> Result<(), ServiceError> {
        let mut tx = self.services.db().begin().await?;
        if let Letter::Request(request) = &letter {
            self.services.take_letter(&mut tx, &self.operator, request).await?;
        }
        let (validity, uid) = (i64::from(progress.uid_validity), i64::from(progress.last_uid));
        access::upsert_mailbox(tx.conn(), self.operator.slug.as_str(), validity, uid).await?;
        Ok(tx.commit().await?)
    }
}
