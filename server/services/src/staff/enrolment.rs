//! How a member takes the place that a one-shot token keeps: the token opens a page, there they set up an authenticator and
//! choose a password. Looking at the page uses nothing up.

use openbok_domain::staff::{EnrolmentForm, EnrolmentView};
use openbok_domain::{Fault, FieldErrors, PasswordRule, Refusal, password};
use openbok_storage::staff::{self as stored, Member};

use super::totp::{self, SEED_LENGTH};
use crate::audit::{Actor, Event};
use crate::records::{StaffData, place};
use crate::{ServiceError, Services, Token, Visit};

impl Services {
    /// What the authenticator is set up with. The seed is made at the first look and stays until the token is used.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`] for a token that is not out, was used, or is too old.
    pub async fn staff_enrolment(&self, visit: &Visit, token: &Token) -> Result<EnrolmentView, ServiceError> {
        let (member, data) = self.find_enrolling(visit, token).await?;
        let seed = match &member.totp_sealed {
            Some(sealed) => self.vault().open(&place::totp(member.id), sealed)?,
            None => self.make_seed(&member, token).await?,
        };
        let authenticator = totp::authenticator(&seed, &visit.operator.name, &data.email);
        Ok(EnrolmentView { email: data.email, key: totp::spelled(&seed), picture: totp::picture(&authenticator) })
    }

    async fn make_seed(&self, member: &Member, token: &Token) -> Result<Vec<u8>, ServiceError> {
        let seed = self.entropy().bytes::<SEED_LENGTH>().to_vec();
        let sealed = self.vault().seal(self.entropy(), &place::totp(member.id), &seed);
        let mut tx = self.db().begin().await?;
        if !stored::update_totp(tx.conn(), member.id, &token.hash(), &sealed).await? {
            return Err(Refusal::LinkUnknown.into());
        }
        tx.commit().await?;
        Ok(seed)
    }

    async fn find_enrolling(&self, visit: &Visit, token: &Token) -> Result<(Member, StaffData), ServiceError> {
        let mut reader = self.db().read().await?;
        let operator = visit.operator.slug.as_str();
        let member = stored::find_by_token(reader.conn(), operator, &token.hash(), self.now()).await?;
        let member = member.filter(|member| member.is_active).ok_or(Refusal::LinkUnknown)?;
        let data = self.vault().open(&place::staff(member.id), &member.sealed)?;
        Ok((member, data))
    }

    /// Uses the one-shot token up: from now on the member signs in with the chosen password and the authenticator.
    ///
    /// # Errors
    /// Field errors, a wrong code among them; [`Refusal::LinkUnknown`].
    pub async fn enrol_staff(&self, visit: &Visit, token: &Token, form: &EnrolmentForm) -> Result<(), ServiceError> {
        form.validate()?;
        let (member, data) = self.find_enrolling(visit, token).await?;
        let sealed = member.totp_sealed.as_ref().ok_or(Refusal::LinkUnknown)?;
        let seed: Vec<u8> = self.vault().open(&place::totp(member.id), sealed)?;
        let authenticator = totp::authenticator(&seed, &visit.operator.name, &data.email);
        let code = openbok_domain::staff::code(&form.code).map_err(|fault| FieldErrors::one("code", fault))?;
        let Some(step) = totp::matching_step(&authenticator, &code, self.now()) else {
            return Err(FieldErrors::one("code", Fault::Wrong).into());
        };
        let context = [visit.operator.name.as_str(), &data.email, &data.name];
        if password::refused(&form.new_password, &context).is_some() {
            return Err(FieldErrors::one("new_password", Fault::Weak(vec![PasswordRule::NotCommon])).into());
        }
        let hash = self.passwords().hash(self.entropy(), &form.new_password).await?;
        let mut tx = self.db().begin().await?;
        if !stored::update_enrolled(tx.conn(), member.id, &token.hash(), &hash, step).await? {
            return Err(Refusal::LinkUsed.into());
        }
        let event = Event {
            operator: visit.operator.slug.as_str(),
            name: "staff_enrol",
            outcome: "ok",
            actor: Actor::Staff(member.id),
            subject: None,
            note: "",
        };
        self.record(&mut tx, event).await?;
        Ok(tx.commit().await?)
    }
}
