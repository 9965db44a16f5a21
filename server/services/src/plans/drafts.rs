//! What is being written. A draft is kept as it stands, faults and all; who saves names the revision that the work began with,
//! and nothing that somebody else wrote meanwhile is lost.

use openbok_domain::plan::view::Saved;
use openbok_domain::plan::{PlanStatus, Points, Resolution};
use openbok_domain::{AccountId, Date, Fault, FieldErrors, PlanId, Refusal, calendar};
use openbok_storage::plans::{self as stored, Draft, Plan};
use openbok_storage::{Conn, Tx};

use super::{Viewer, count, survives};
use crate::{Caller, ServiceError, Services, boxed};

/// A draft as it comes from the page.
#[derive(Debug, Clone)]
pub struct DraftForm {
    /// Code of the unit.
    pub unit: String,
    /// The day.
    pub day: Date,
    /// How finely it is cut.
    pub resolution: Resolution,
    /// State of the plan that the work began with; 0 for one that nobody has begun.
    pub revision: i64,
    /// Packed points.
    pub points: String,
}

impl Services {
    /// Keeps a draft, unless the plan was changed elsewhere since the work began, or holds quarters that hours would flatten.
    /// Sent again, it is kept once.
    ///
    /// # Errors
    /// Points that are none are the fault of the field `points`; [`Refusal::GateClosed`]; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn save_draft(&self, caller: &Caller, form: &DraftForm) -> Result<Saved, ServiceError> {
        let viewer = self.producer(caller).await?;
        let mut tx = self.db().begin().await?;
        let saved = self.write_draft(&mut tx, caller, &viewer, form, false).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// `flattens` where somebody chose to put hours in the place of quarters.
    pub(super) async fn write_draft(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        viewer: &Viewer,
        form: &DraftForm,
        flattens: bool,
    ) -> Result<Saved, ServiceError> {
        let unit = self.find_unit_of(tx.conn(), viewer, &form.unit).await?;
        let points = self.typed_points(viewer, form)?.pack();
        if !self.is_open(tx.conn(), viewer, unit.id, form.day).await? {
            return Err(Refusal::GateClosed.into());
        }
        let now = self.now();
        let (_, hour, minute) = calendar::local(now, &viewer.operator.time_zone);
        let at = format!("{hour:02}:{minute:02}");
        let plan = stored::find(tx.conn(), unit.id, form.day).await?;
        if let Some(plan) = plan.as_ref().filter(|_| !flattens)
            && !survives(plan, &viewer.operator, form.resolution)?
        {
            return self.changed(tx.conn(), caller, plan).await;
        }
        let is_changed = match &plan {
            Some(plan) if plan.version > 0 => {
                let newest = stored::find_version(tx.conn(), plan.id, plan.version).await?;
                newest.is_none_or(|newest| newest.points != points || newest.resolution().ok() != Some(form.resolution))
            }
            _ => true,
        };
        let status = plan.as_ref().map_or(Ok(PlanStatus::Draft), Plan::status)?;
        let draft = Draft { resolution: form.resolution, points: &points, is_changed, by: caller.account, at: now };
        let is_same = |plan: &Plan| plan.points == points && plan.resolution().ok() == Some(form.resolution);
        let revision = match &plan {
            // Sent a second time, because the first answer was lost.
            Some(plan) if is_same(plan) => Some(plan.revision),
            Some(plan) => stored::update_draft(tx.conn(), viewer.slug(), plan.id, form.revision, &draft).await?,
            None if form.revision == 0 => {
                let id: PlanId = self.entropy().id(now);
                let is_first = stored::insert(tx.conn(), id, viewer.slug(), unit.id, form.day, &draft).await?;
                is_first.then_some(1)
            }
            None => None,
        };
        if let Some(revision) = revision {
            return Ok(Saved::Kept { revision, at, status, is_changed });
        }
        let plan = stored::find(tx.conn(), unit.id, form.day).await?.ok_or(ServiceError::NotFound)?;
        // The second of two that are under way at once.
        if is_same(&plan) {
            let (status, is_changed) = (plan.status()?, plan.is_changed);
            return Ok(Saved::Kept { revision: plan.revision, at, status, is_changed });
        }
        self.changed(tx.conn(), caller, &plan).await
    }

    /// The points of a form, one for every interval of its day.
    pub(super) fn typed_points(&self, viewer: &Viewer, form: &DraftForm) -> Result<Points, ServiceError> {
        self.check_day(viewer, form.day)?;
        let intervals = count(form.day, &viewer.operator, form.resolution);
        Points::unpack(&form.points, intervals).map_err(|_| FieldErrors::one("points", Fault::Malformed).into())
    }

    async fn changed(&self, conn: Conn<'_>, caller: &Caller, plan: &Plan) -> Result<Saved, ServiceError> {
        let is_own = plan.changed_by == caller.account;
        Ok(Saved::Changed {
            revision: plan.revision,
            resolution: plan.resolution()?,
            points: plan.points.clone(),
            by: if is_own { String::new() } else { self.author(conn, plan.changed_by).await? },
        })
    }

    /// How colleagues call whoever wrote something.
    pub(super) async fn author(&self, conn: Conn<'_>, account: AccountId) -> Result<String, ServiceError> {
        Ok(self.account(conn, account).await?.shown_login())
    }

    /// Keeps what stands in a plan as the day that its unit can be copied from: the template.
    #[boxed]
    pub async fn keep_template(&self, caller: &Caller, form: &DraftForm) -> Result<(), ServiceError> {
        let viewer = self.producer(caller).await?;
        let mut tx = self.db().begin().await?;
        let unit = self.find_unit_of(tx.conn(), &viewer, &form.unit).await?;
        let points = self.typed_points(&viewer, form)?.pack();
        let draft = Draft {
            resolution: form.resolution,
            points: &points,
            is_changed: false,
            by: caller.account,
            at: self.now(),
        };
        stored::upsert_template(tx.conn(), unit.id, form.day, &draft).await?;
        Ok(tx.commit().await?)
    }
}
