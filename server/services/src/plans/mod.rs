//! Production plans: what producers write and approve, and what the operator's dispatcher does with it.
//!
//! Every use case starts from a [`Viewer`]: a producer sees the units of the own companies, a dispatcher those of all.

mod approval;
mod board;
mod decisions;
mod drafts;
mod files;
mod reminders;
mod sheets;
mod sources;
mod units;

use std::sync::Arc;

use openbok_domain::plan::view::{Reason, UnitView};
use openbok_domain::plan::{Points, Resolution};
use openbok_domain::staff::Role;
use openbok_domain::{CustomerId, Date, Operator, Timestamp, UnitId, calendar};
use openbok_storage::units::{self as stored_units, Unit};
use openbok_storage::{Conn, access, plans as stored};

use crate::staff::StaffCaller;
use crate::{Caller, ServiceError, Services, boxed};

pub use drafts::DraftForm;
pub use files::{FileWish, PlanFile, TakenPlans};
pub use units::UnitForm;

/// How far back and on plans are shown and written: five years, two years.
const DAYS_BACK: i32 = 5 * 366;
const DAYS_ON: i32 = 2 * 366;

/// Who looks at plans.
#[derive(Debug, Clone)]
pub struct Viewer {
    operator: Arc<Operator>,
    /// Companies whose units are seen; none for all of the operator's.
    companies: Option<Vec<CustomerId>>,
}

impl Viewer {
    fn slug(&self) -> &str {
        self.operator.slug.as_str()
    }

    fn sees(&self, unit: &Unit) -> bool {
        self.companies.as_ref().is_none_or(|companies| companies.contains(&unit.customer_id))
    }

    /// The operator's rules of plans. Whoever offers planning has them: the profile was checked.
    fn rules(&self) -> &openbok_domain::operator::Plans {
        self.operator.plans.as_ref().expect("an operator with planning has its rules")
    }

    /// When the plan of a day may be changed last.
    fn gate(&self, day: Date) -> Timestamp {
        self.rules().gate(day, &self.operator.time_zone)
    }
}

impl Services {
    /// The caller as a producer.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for whoever writes plans for nobody.
    #[boxed]
    pub async fn producer(&self, caller: &Caller) -> Result<Viewer, ServiceError> {
        if !caller.is_producer || !caller.operator.has_planning() {
            return Err(ServiceError::Forbidden);
        }
        let mut reader = self.db().read().await?;
        let companies = access::list_producers(reader.conn(), caller.account).await?;
        if companies.is_empty() {
            return Err(ServiceError::Forbidden);
        }
        Ok(Viewer { operator: caller.operator.clone(), companies: Some(companies) })
    }

    /// The caller as a dispatcher.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] for other staff.
    pub fn dispatcher(&self, caller: &StaffCaller) -> Result<Viewer, ServiceError> {
        caller.demand(Role::Dispatcher)?;
        if !caller.operator.has_planning() {
            return Err(ServiceError::NotFound);
        }
        Ok(Viewer { operator: caller.operator.clone(), companies: None })
    }

    /// The unit of a code; somebody else's is as absent as one that does not exist.
    async fn find_unit_of(&self, conn: Conn<'_>, viewer: &Viewer, code: &str) -> Result<Unit, ServiceError> {
        let unit = stored_units::find(conn, viewer.slug(), code).await?;
        unit.filter(|unit| viewer.sees(unit)).ok_or(ServiceError::NotFound)
    }

    async fn company_name(&self, conn: Conn<'_>, viewer: &Viewer, company: CustomerId) -> Result<String, ServiceError> {
        let company = stored_units::find_company_by_id(conn, viewer.slug(), company).await?;
        let Some(company) = company else { return Ok(String::new()) };
        self.name_of_company(&viewer.operator, &company)
    }

    async fn unit_view(&self, conn: Conn<'_>, viewer: &Viewer, unit: &Unit) -> Result<UnitView, ServiceError> {
        unit_view(unit, self.company_name(conn, viewer, unit.customer_id).await?)
    }

    /// Whether a plan may be changed now: before its gate closes, or with the operator's consent.
    async fn is_open(&self, conn: Conn<'_>, viewer: &Viewer, unit: UnitId, day: Date) -> Result<bool, ServiceError> {
        let now = self.now();
        if now < viewer.gate(day) {
            return Ok(true);
        }
        Ok(stored::find_consent(conn, unit, day, now).await?.is_some())
    }

    /// Refuses days that nobody plans or looks back to. An address may name any day, and far ones are outside the calendar.
    fn check_day(&self, viewer: &Viewer, day: Date) -> Result<(), ServiceError> {
        let today = calendar::today(self.now(), &viewer.operator.time_zone);
        let is_near = (-DAYS_BACK..=DAYS_ON).contains(&today.days_until(day));
        if is_near { Ok(()) } else { Err(ServiceError::NotFound) }
    }
}

fn unit_view(unit: &Unit, company: String) -> Result<UnitView, ServiceError> {
    Ok(UnitView {
        code: unit.code.clone(),
        name: unit.name.clone(),
        company,
        technology: unit.technology.clone(),
        installed: unit.installed()?,
        limits: unit.limits()?,
        connection_point: unit.connection_point.clone(),
        has_mrid: unit.mrid.is_some(),
    })
}

/// Names of the intervals of a day.
fn labels(day: Date, operator: &Operator, resolution: Resolution) -> Vec<String> {
    let day = calendar::PlanningDay::new(day, &operator.time_zone, resolution);
    day.intervals.into_iter().map(|interval| interval.label).collect()
}

/// How many intervals a day has.
fn count(day: Date, operator: &Operator, resolution: Resolution) -> usize {
    calendar::PlanningDay::new(day, &operator.time_zone, resolution).intervals.len()
}

/// Packed points of the database, which this portal wrote.
fn unpack(packed: &str, day: Date, operator: &Operator, resolution: Resolution) -> Result<Points, ServiceError> {
    Points::unpack(packed, count(day, operator, resolution)).map_err(|_| unreadable("points of a plan"))
}

/// Whether a plan loses nothing when it is cut into these intervals.
fn survives(plan: &stored::Plan, operator: &Operator, to: Resolution) -> Result<bool, ServiceError> {
    let of = plan.resolution()?;
    Ok(of <= to || unpack(&plan.points, plan.day, operator, of)?.survives(of, to))
}

fn unreadable(what: &'static str) -> ServiceError {
    ServiceError::Storage(openbok_storage::StorageError::Unreadable { what })
}

fn reasons(stored: Option<&str>) -> Result<Vec<Reason>, ServiceError> {
    stored.map_or(Ok(Vec::new()), |text| serde_json::from_str(text).map_err(|_| unreadable("reasons of a decision")))
}
