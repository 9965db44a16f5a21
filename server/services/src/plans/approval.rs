//! Approving: what stands in a plan becomes a version that never changes, numbered and with a checksum.

use openbok_domain::plan::view::{HistoryView, Saved, VersionView};
use openbok_domain::plan::{PlanStatus, Points, Power, Series, approvable, changes, checksum};
use openbok_domain::{Date, Lang, Operator, Refusal};
use openbok_storage::Reader;
use openbok_storage::plans::{self as stored, NewVersion, Plan, Version};

use super::{DraftForm, Viewer, labels, reasons, unpack};
use crate::records::shown;
use crate::{Caller, ServiceError, Services, boxed};

/// Mistakes that are listed at most; more help nobody.
const MOST_FAULTS: usize = 400;

impl Services {
    /// Keeps a draft and approves it as the plan's next version. Sent again, it is approved once.
    ///
    /// # Errors
    /// [`Refusal::PlanFaults`] with everything that is wrong or missing, in which case the draft is kept;
    /// [`Refusal::ChangedMeanwhile`]; [`Refusal::GateClosed`]; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn approve_plan(&self, caller: &Caller, form: &DraftForm) -> Result<u32, ServiceError> {
        let viewer = self.producer(caller).await?;
        let mut tx = self.db().begin().await?;
        let unit = self.find_unit_of(tx.conn(), &viewer, &form.unit).await?;
        let typed = self.typed_points(&viewer, form)?;
        let (points, faults) = match approvable(&unit.limits()?, &typed) {
            Ok(whole) => (whole, Vec::new()),
            Err(faults) => (typed, faults),
        };
        // What is kept is what will be approved, gaps filled, so that the same form sent again is the same draft.
        let form = &DraftForm { points: points.pack(), ..form.clone() };
        let Saved::Kept { revision, .. } = self.write_draft(&mut tx, caller, &viewer, form, false).await? else {
            return Err(Refusal::ChangedMeanwhile.into());
        };
        if !faults.is_empty() {
            tx.commit().await?;
            return Err(Refusal::PlanFaults(faults.into_iter().take(MOST_FAULTS).collect()).into());
        }
        let plan = stored::find(tx.conn(), unit.id, form.day).await?.ok_or(ServiceError::NotFound)?;
        if is_approved(&plan)? {
            tx.commit().await?;
            return number(plan.version);
        }
        let (now, by) = (self.now(), caller.account);
        if !stored::update_approved(tx.conn(), viewer.slug(), plan.id, revision, plan.version, by, now).await? {
            let plan = stored::find(tx.conn(), unit.id, form.day).await?.ok_or(ServiceError::NotFound)?;
            // The same form came twice, and the other one was quicker.
            let is_same = plan.points == form.points && plan.resolution()? == form.resolution && is_approved(&plan)?;
            return if is_same { number(plan.version) } else { Err(Refusal::ChangedMeanwhile.into()) };
        }
        let version = plan.version + 1;
        let checksum = checksum(&unit.code, form.day, form.resolution, number(version)?, &points);
        let new = NewVersion {
            number: version,
            resolution: form.resolution,
            points: &form.points,
            checksum: &checksum,
            revision,
            by,
            at: now,
        };
        stored::insert_version(tx.conn(), plan.id, &new).await?;
        let note = format!("{} {} v{version} {}", unit.code, form.day, &checksum[..12]);
        let event = crate::audit::Event { note: &note, ..caller.event("plan_approve", "ok") };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        metrics::counter!("plans_approved_total", "operator" => viewer.slug().to_owned()).increment(1);
        number(version)
    }

    /// All versions of a plan, and what differs between two of them: those named, else the two newest.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a plan that nobody has begun, or that is not the viewer's.
    #[boxed]
    pub async fn plan_history(
        &self,
        viewer: &Viewer,
        unit: &str,
        day: Date,
        compared: Option<(u32, u32)>,
        lang: Lang,
    ) -> Result<HistoryView, ServiceError> {
        self.check_day(viewer, day)?;
        let mut reader = self.db().read().await?;
        let unit = self.find_unit_of(reader.conn(), viewer, unit).await?;
        let view = self.unit_view(reader.conn(), viewer, &unit).await?;
        let plan = stored::find(reader.conn(), unit.id, day).await?.ok_or(ServiceError::NotFound)?;
        let versions = stored::list_versions(reader.conn(), plan.id).await?;
        let compared = compared.or_else(|| two_newest(&versions));
        let differing = match compared {
            Some((earlier, later)) => differing(&viewer.operator, day, &versions, earlier, later)?,
            None => Vec::new(),
        };
        Ok(HistoryView {
            unit: view,
            day,
            versions: self.version_views(&mut reader, viewer, day, &versions, lang).await?,
            compared,
            changes: differing,
        })
    }

    pub(super) async fn version_views(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        day: Date,
        versions: &[Version],
        lang: Lang,
    ) -> Result<Vec<VersionView>, ServiceError> {
        let mut views = Vec::with_capacity(versions.len());
        for version in versions {
            let resolution = version.resolution()?;
            let points = unpack(&version.points, day, &viewer.operator, resolution)?;
            let hours = labels(day, &viewer.operator, resolution);
            views.push(VersionView {
                number: number(version.number)?,
                approved: shown(version.approved_at, &viewer.operator, lang),
                by: self.author(reader.conn(), version.approved_by).await?,
                checksum: version.checksum.clone(),
                status: version.status()?,
                reasons: reasons(version.reasons.as_deref())?.iter().map(|reason| reason.said(&hours)).collect(),
                pplan: points.energy(Series::Pplan, resolution),
                pauto: points.energy(Series::Pauto, resolution),
            });
        }
        Ok(views)
    }
}

/// Whether what stands in a plan is approved and was not given back since.
fn is_approved(plan: &Plan) -> Result<bool, ServiceError> {
    Ok(plan.version > 0 && !plan.is_changed && plan.status()? != PlanStatus::Rejected)
}

/// A version's number on the wire.
pub(super) fn number(stored: i64) -> Result<u32, ServiceError> {
    u32::try_from(stored).map_err(|_| super::unreadable("number of a version"))
}

/// The two newest of all versions: the earlier and the later one.
pub(super) fn two_newest(versions: &[Version]) -> Option<(u32, u32)> {
    let [newest, before, ..] = versions else { return None };
    Some((number(before.number).ok()?, number(newest.number).ok()?))
}

/// What differs between two versions, in the finer of their resolutions.
pub(super) fn differing(
    operator: &Operator,
    day: Date,
    versions: &[Version],
    earlier: u32,
    later: u32,
) -> Result<Vec<(String, Series, Power, Power)>, ServiceError> {
    let find = |wanted: u32| {
        let found = versions.iter().find(|version| version.number == i64::from(wanted));
        found.ok_or(ServiceError::NotFound)
    };
    let (earlier, later) = (find(earlier)?, find(later)?);
    let resolution = earlier.resolution()?.max(later.resolution()?);
    let points = |version: &Version| -> Result<Points, ServiceError> {
        let of = version.resolution()?;
        Ok(unpack(&version.points, day, operator, of)?.converted(of, resolution))
    };
    let names = labels(day, operator, resolution);
    let power = |cell: &openbok_domain::plan::Cell| cell.power().unwrap_or_default();
    Ok(changes(&points(earlier)?, &points(later)?)
        .iter()
        .map(|change| (names[change.index].clone(), change.series, power(&change.before), power(&change.after)))
        .collect())
}
