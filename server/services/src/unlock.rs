//! Unlocking by staff: after the caller has been identified, never by setting a password.

use openbok_domain::Operator;
use openbok_storage::{accounts, sign_in};

use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::index;
use crate::sign_in::normalize_login;
use crate::{ServiceError, Services};

impl Services {
    /// Lets an account sign in again and tells its owner. The reason goes to the audit log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such login.
    pub async fn unlock(
        &self,
        operator: &Operator,
        login: &str,
        actor: Actor,
        reason: &str,
    ) -> Result<(), ServiceError> {
        let slug = operator.slug.as_str();
        let login_index = index::login(self.vault(), slug, &normalize_login(login));
        let mut tx = self.db().begin().await?;
        let account = accounts::find_by_login(tx.conn(), slug, &login_index).await?.ok_or(ServiceError::NotFound)?;
        sign_in::delete_lanes(tx.conn(), slug, &login_index).await?;
        accounts::update_locked(tx.conn(), slug, account.id, None).await?;
        self.send_to_account(&mut tx, operator, &account, letters::unlocked).await?;
        let subject = Some(account.id);
        self.record(&mut tx, Event { operator: slug, name: "unlock", outcome: "ok", actor, subject, note: reason })
            .await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }
}
