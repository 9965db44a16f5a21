//! Unlocking by staff: after the caller has been identified, never by setting a password.

use openbok_domain::Operator;
use openbok_domain::lockout::MAX_FAILURES;
use openbok_storage::{accounts, sign_in};

use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::index;
use crate::sign_in::normalize_login;
use crate::{ServiceError, Services, boxed};

impl Services {
    /// Lets a locked account sign in again and tells its owner. The reason goes to the audit log. `false` for one that is
    /// not locked: then nothing changes, and nobody hears of it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such login.
    #[boxed]
    pub async fn unlock(
        &self,
        operator: &Operator,
        login: &str,
        actor: Actor,
        reason: &str,
    ) -> Result<bool, ServiceError> {
        let slug = operator.slug.as_str();
        let login_index = index::login(self.vault(), slug, &normalize_login(login));
        let mut tx = self.db().begin().await?;
        let account = accounts::find_by_login(tx.conn(), slug, &login_index).await?.ok_or(ServiceError::NotFound)?;
        let most = i64::from(MAX_FAILURES);
        let strangers = sign_in::STRANGERS;
        let is_shut = account.is_locked()
            || sign_in::find_failures(tx.conn(), slug, &login_index, strangers).await? >= most
            || sign_in::is_shut_by_device(tx.conn(), slug, &login_index, strangers, most).await?;
        if !is_shut {
            return Ok(false);
        }
        sign_in::delete_lanes(tx.conn(), slug, &login_index).await?;
        accounts::update_locked(tx.conn(), slug, account.id, None).await?;
        self.send_to_account(&mut tx, operator, &account, letters::unlocked).await?;
        let subject = Some(account.id);
        self.record(&mut tx, Event { operator: slug, name: "unlock", outcome: "ok", actor, subject, note: reason })
            .await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(true)
    }
}
