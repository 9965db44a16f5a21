//! How a member takes the place that a one-shot token keeps: the token opens a page, there they set up an authenticator and
//! choose a password. Looking at the page uses nothing up.

use openbok_domain::staff::{EnrolmentForm, EnrolmentView};
use openbok_domain::{Fault, FieldErrors, Refusal};
use openbok_storage::sign_in as guard;
use openbok_storage::staff::{self as stored, Member};

use super::totp::{self, SEED_LENGTH};
use crate::audit::{Actor, Event};
use crate::passwords::check_chosen;
use crate::records::{StaffData, place};
use crate::{ServiceError, Services, Token, Visit, boxed};

impl Services {
    /// What the authenticator is set up with.
    ///
    /// # Errors
    /// [`Refusal::LinkUnknown`] for a token that is not out, was used, or is too old.
    #[boxed]
    pub async fn staff_enrolment(&self, visit: &Visit, token: &Token) -> Result<EnrolmentView, ServiceError> {
        let (_, data) = self.find_enrolling(visit, token).await?;
        let seed = self.seed(token);
        let authenticator = totp::authenticator(&seed, &visit.operator.name, &data.email);
        Ok(EnrolmentView { email: data.email, key: totp::spelled(&seed), picture: totp::picture(&authenticator) })
    }

    /// The seed that a one-shot token stands for. It follows from the token and the portal's key: looking writes nothing, and
    /// every look shows the same.
    fn seed(&self, token: &Token) -> Vec<u8> {
        let mut seed = self.vault().index("staff_seed", &token.to_text());
        seed.truncate(SEED_LENGTH);
        seed
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
    #[boxed]
    pub async fn enrol_staff(&self, visit: &Visit, token: &Token, form: &EnrolmentForm) -> Result<(), ServiceError> {
        form.validate()?;
        let (member, data) = self.find_enrolling(visit, token).await?;
        let seed = self.seed(token);
        let authenticator = totp::authenticator(&seed, &visit.operator.name, &data.email);
        let code = openbok_domain::staff::code(&form.code).map_err(|fault| FieldErrors::one("code", fault))?;
        let Some(step) = totp::matching_step(&authenticator, &code, self.now()) else {
            return Err(FieldErrors::one("code", Fault::Wrong).into());
        };
        check_chosen(&form.new_password, &[&visit.operator.name, &data.email, &data.name])?;
        let hash = self.passwords().hash(self.entropy(), &form.new_password).await?;
        let sealed = self.vault().seal(self.entropy(), &place::totp(member.id), &seed);
        let operator = visit.operator.slug.as_str();
        let (hashed, totp) = (token.hash(), (sealed.as_slice(), step));
        let mut tx = self.db().begin().await?;
        if !stored::update_enrolled(tx.conn(), operator, member.id, &hashed, &hash, totp, self.now()).await? {
            return Err(Refusal::LinkUsed.into());
        }
        stored::delete_sessions_of(tx.conn(), operator, member.id).await?;
        guard::delete_lanes(tx.conn(), operator, &member.login_index).await?;
        let event = Event {
            operator,
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
