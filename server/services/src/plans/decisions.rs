//! What the operator's dispatcher does with approved plans: accept, give back with reasons, consent to a late change.

use std::time::Duration;

use openbok_domain::address::plan_page;
use openbok_domain::plan::view::{DecisionView, Layout, Reason};
use openbok_domain::plan::{PlanStatus, Series};
use openbok_domain::{Date, Fault, FieldErrors, Lang, Refusal, Timestamp};
use openbok_locales::format;
use openbok_storage::Tx;
use openbok_storage::plans::Version;
use openbok_storage::units::Unit;
use openbok_storage::{access, accounts, plans as stored};

use super::approval::{differing, two_newest};
use super::{labels, unpack};
use crate::mail::letters;
use crate::records::shown;
use crate::staff::StaffCaller;
use crate::{ServiceError, Services, boxed};

/// Longest reason.
const MAX_REASON: u16 = 500;
/// How long a consent may last.
const MOST_CONSENT_HOURS: u16 = 48;

impl Services {
    /// One plan as the dispatcher decides about it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    #[boxed]
    pub async fn find_decision(
        &self,
        caller: &StaffCaller,
        unit: &str,
        day: Date,
        lang: Lang,
    ) -> Result<DecisionView, ServiceError> {
        let viewer = self.dispatcher(caller)?;
        self.check_day(&viewer, day)?;
        let operator = &*viewer.operator;
        let mut reader = self.db().read().await?;
        let unit = self.find_unit_of(reader.conn(), &viewer, unit).await?;
        let view = self.unit_view(reader.conn(), &viewer, &unit).await?;
        let (status, versions) = match stored::find(reader.conn(), unit.id, day).await? {
            Some(plan) => (plan.status()?, stored::list_versions(reader.conn(), plan.id).await?),
            None => (PlanStatus::Missing, Vec::new()),
        };
        let points = match versions.first() {
            Some(newest) => {
                let resolution = newest.resolution()?;
                let points = unpack(&newest.points, day, operator, resolution)?;
                let power = |series, index| points.get(series, index).power().unwrap_or_default();
                let named = labels(day, operator, resolution).into_iter().enumerate();
                named.map(|(index, name)| (name, power(Series::Pplan, index), power(Series::Pauto, index))).collect()
            }
            None => Vec::new(),
        };
        let compared = two_newest(&versions);
        let changes = match compared {
            Some((earlier, later)) => differing(operator, day, &versions, earlier, later)?,
            None => Vec::new(),
        };
        let now = self.now();
        let consent = stored::find_consent(reader.conn(), unit.id, day, now).await?;
        let gate = viewer.gate(day);
        Ok(DecisionView {
            unit: view,
            day,
            status,
            versions: self.version_views(&mut reader, &viewer, day, &versions, lang).await?,
            compared,
            changes,
            points,
            gate_label: shown(gate, operator, lang),
            is_closed: now >= gate,
            consent_until: consent.map(|until| shown(until, operator, lang)),
        })
    }

    /// Accepts the newest version of a plan.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDecided`]; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn accept_plan(
        &self,
        caller: &StaffCaller,
        unit: &str,
        day: Date,
        number: u32,
    ) -> Result<(), ServiceError> {
        let (tx, ..) = self.decide(caller, unit, day, number, PlanStatus::Accepted, &[]).await?;
        Ok(tx.commit().await?)
    }

    /// Accepts the plans of a day that were approved when its page was read; how many there were. What came later nobody has
    /// seen yet.
    #[boxed]
    pub async fn accept_day(&self, caller: &StaffCaller, day: Date, read_at: Timestamp) -> Result<u64, ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let mut tx = self.db().begin().await?;
        let accepted = stored::accept_day(tx.conn(), viewer.slug(), day, read_at, caller.staff, self.now()).await?;
        let note = format!("{day}: {accepted}");
        self.record(&mut tx, caller.event("plan_accept_day", "ok", None, &note)).await?;
        tx.commit().await?;
        Ok(accepted)
    }

    /// Gives the newest version of a plan back, and tells those who write plans for the company why. The rows are those
    /// of [`Reason::FIELDS`]; all but the first may be left empty.
    ///
    /// # Errors
    /// A row without a reason, with too long a one, or about a value that the day does not have is the fault of its
    /// field; [`Refusal::AlreadyDecided`]; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn reject_plan(
        &self,
        caller: &StaffCaller,
        unit_code: &str,
        day: Date,
        number: u32,
        rows: &[Reason],
    ) -> Result<(), ServiceError> {
        let reasons = given(rows)?;
        let (mut tx, unit, version) =
            self.decide(caller, unit_code, day, number, PlanStatus::Rejected, &reasons).await?;
        let viewer = self.dispatcher(caller)?;
        let operator = &*viewer.operator;
        let hours = labels(day, operator, version.resolution()?);
        for (row, (_, field)) in rows.iter().zip(Reason::FIELDS) {
            if row.point.is_some_and(|(_, index)| index >= hours.len()) {
                return Err(FieldErrors::one(field, Fault::OutOfRange).into());
            }
        }
        let said: Vec<String> = reasons.iter().map(|reason| reason.said(&hours)).collect();
        let link = self.settings().public.link(operator, &plan_page(Layout::Day, unit_code, day));
        for account in access::list_accounts_of(tx.conn(), unit.customer_id).await? {
            let Some(account) = accounts::find(tx.conn(), account).await? else { continue };
            let owner = self.open_owner(account)?;
            let lang = owner.lang(operator);
            let letter =
                letters::plan_rejected(operator, lang, &unit.code, &format::date_long(day, lang), &said, &link);
            self.send(&mut tx, operator, lang, &owner.data.email, letter, None).await?;
        }
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    async fn decide(
        &self,
        caller: &StaffCaller,
        unit: &str,
        day: Date,
        number: u32,
        status: PlanStatus,
        reasons: &[Reason],
    ) -> Result<(Tx, Unit, Version), ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let mut tx = self.db().begin().await?;
        let unit = self.find_unit_of(tx.conn(), &viewer, unit).await?;
        let plan = stored::find(tx.conn(), unit.id, day).await?.ok_or(ServiceError::NotFound)?;
        let text = serde_json::to_string(reasons).map_err(|_| super::unreadable("reasons of a decision"))?;
        let number = i64::from(number);
        let version = stored::find_version(tx.conn(), plan.id, number).await?.ok_or(Refusal::AlreadyDecided)?;
        let decided = (caller.staff, self.now());
        let is_decided =
            stored::insert_decision(tx.conn(), viewer.slug(), plan.id, number, status, &text, decided).await?;
        if !is_decided {
            return Err(Refusal::AlreadyDecided.into());
        }
        let note = format!("{} {day} v{number}", unit.code);
        let name = if status == PlanStatus::Accepted { "plan_accept" } else { "plan_reject" };
        self.record(&mut tx, caller.event(name, "ok", None, &note)).await?;
        Ok((tx, unit, version))
    }

    /// Lets a plan be changed after its gate has closed, for some hours.
    ///
    /// # Errors
    /// An impossible number of hours is the fault of the field `hours`.
    #[boxed]
    pub async fn consent_to_change(
        &self,
        caller: &StaffCaller,
        unit: &str,
        day: Date,
        hours: u16,
    ) -> Result<(), ServiceError> {
        if !(1..=MOST_CONSENT_HOURS).contains(&hours) {
            return Err(FieldErrors::one("hours", Fault::OutOfRange).into());
        }
        let viewer = self.dispatcher(caller)?;
        self.check_day(&viewer, day)?;
        let now = self.now();
        let until = now.plus(Duration::from_hours(u64::from(hours)));
        let mut tx = self.db().begin().await?;
        let unit = self.find_unit_of(tx.conn(), &viewer, unit).await?;
        stored::upsert_consent(tx.conn(), unit.id, day, until, caller.staff, now).await?;
        let note = format!("{} {day} {hours} h", unit.code);
        self.record(&mut tx, caller.event("plan_consent", "ok", None, &note)).await?;
        Ok(tx.commit().await?)
    }
}

/// The reasons that stand in the rows of a form.
fn given(rows: &[Reason]) -> Result<Vec<Reason>, FieldErrors> {
    let (mut given, mut errors) = (Vec::new(), FieldErrors::default());
    for (number, (field, _)) in Reason::FIELDS.into_iter().enumerate() {
        let row = rows.get(number);
        let is_asked_for = number == 0 || row.is_some_and(|row| row.point.is_some());
        match row.filter(|row| !row.text.trim().is_empty()) {
            Some(row) if row.text.chars().count() > usize::from(MAX_REASON) => {
                errors.push(field, Fault::TooLong(MAX_REASON));
            }
            Some(row) => given.push(row.clone()),
            None if is_asked_for => errors.push(field, Fault::Required),
            None => {}
        }
    }
    errors.into_result(given)
}
