//! Production plans: what is being written, the versions that were approved, and what the operator said to them.
//!
//! A plan's points are one packed text. Whoever saves names the revision that the work began with; a row that has moved on
//! is left as it is, and that the number of changed rows tells.

use openbok_domain::plan::{PlanStatus, Resolution};
use openbok_domain::{AccountId, CustomerId, Date, PlanId, StaffId, Timestamp, UnitId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{execute, fetch_all, fetch_optional};
use crate::error::read;
use crate::{Conn, Day, StorageError, Ts};

/// A plan as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Plan {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: PlanId,
    /// Its unit.
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    /// Its day.
    #[sqlx(try_from = "Day")]
    pub day: Date,
    resolution: String,
    /// What is being written, packed.
    pub points: String,
    /// Counts the changes.
    pub revision: i64,
    status: String,
    /// Number of the newest version; 0 without one.
    pub version: i64,
    /// Whether there are changes since that version.
    pub is_changed: bool,
    /// Who changed it last.
    #[sqlx(try_from = "Uuid")]
    pub changed_by: AccountId,
}

impl Plan {
    /// How finely the day is cut.
    pub fn resolution(&self) -> Result<Resolution, StorageError> {
        read(&self.resolution, "resolution")
    }

    /// Where the plan stands.
    pub fn status(&self) -> Result<PlanStatus, StorageError> {
        read(&self.status, "plan status")
    }
}

/// A version as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Version {
    /// Its number, from 1.
    pub number: i64,
    resolution: String,
    /// Its points, packed.
    pub points: String,
    /// Checksum over everything it says.
    pub checksum: String,
    /// Revision of the draft that was approved.
    pub revision: i64,
    /// Who approved it.
    #[sqlx(try_from = "Uuid")]
    pub approved_by: AccountId,
    /// When.
    #[sqlx(try_from = "Ts")]
    pub approved_at: Timestamp,
    decision: Option<String>,
    /// Reasons of the decision, as the services write them; nothing without one.
    pub reasons: Option<String>,
    decided_at: Option<Ts>,
}

impl Version {
    /// How finely the day is cut.
    pub fn resolution(&self) -> Result<Resolution, StorageError> {
        read(&self.resolution, "resolution")
    }

    /// Where the version stands: as approved, or as the operator decided.
    pub fn status(&self) -> Result<PlanStatus, StorageError> {
        self.decision.as_deref().map_or(Ok(PlanStatus::Approved), |decision| read(decision, "plan status"))
    }

    /// When the operator decided.
    #[must_use]
    pub fn decided_at(&self) -> Option<Timestamp> {
        self.decided_at.map(Into::into)
    }
}

/// What is written into a draft.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// How finely the day is cut.
    pub resolution: Resolution,
    /// Packed points.
    pub points: &'a str,
    /// Whether they differ from the newest version.
    pub is_changed: bool,
    /// Who writes.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// The columns of [`Plan`] before the rest of the query.
macro_rules! select_plans {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.unit_id, p.day, p.resolution, p.points, p.revision, p.status, p.version, p.is_changed, \
             p.changed_by FROM plans p ",
            $rest
        )
    };
}

/// The columns of [`Version`] before the rest of the query.
macro_rules! select_versions {
    ($rest:literal) => {
        concat!(
            "SELECT v.number, v.resolution, v.points, v.checksum, v.revision, v.approved_by, v.approved_at, \
             d.status AS decision, d.reasons, d.decided_at FROM plan_versions v \
             LEFT JOIN plan_decisions d ON d.plan_id = v.plan_id AND d.number = v.number WHERE v.plan_id = $1",
            $rest
        )
    };
}

/// The plan of a unit on a day.
pub async fn find(conn: Conn<'_>, unit: UnitId, day: Date) -> Result<Option<Plan>, StorageError> {
    fetch_optional!(conn, Plan, select_plans!("WHERE p.unit_id = $1 AND p.day = $2"), unit.uuid(), Day(day))
}

/// Plans of a unit from one day to another, by day.
pub async fn list_of_unit(conn: Conn<'_>, unit: UnitId, from: Date, to: Date) -> Result<Vec<Plan>, StorageError> {
    fetch_all!(
        conn,
        Plan,
        select_plans!("WHERE p.unit_id = $1 AND p.day BETWEEN $2 AND $3 ORDER BY p.day"),
        unit.uuid(),
        Day(from),
        Day(to)
    )
}

/// Plans of a company's units on a day.
pub async fn list_of_company(
    conn: Conn<'_>,
    operator: &str,
    company: CustomerId,
    day: Date,
) -> Result<Vec<Plan>, StorageError> {
    fetch_all!(
        conn,
        Plan,
        select_plans!(
            "JOIN generating_units u ON u.id = p.unit_id WHERE u.operator = $1 AND u.customer_id = $2 AND p.day = $3"
        ),
        operator,
        company.uuid(),
        Day(day)
    )
}

/// Begins a plan; `false` when somebody else has begun it meanwhile.
pub async fn insert(
    conn: Conn<'_>,
    id: PlanId,
    operator: &str,
    unit: UnitId,
    day: Date,
    draft: &Draft<'_>,
) -> Result<bool, StorageError> {
    let inserted = execute!(
        conn,
        "INSERT INTO plans (id, operator, unit_id, day, resolution, points, revision, status, version, is_changed, \
         changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, $8, $9, $10) ON CONFLICT (unit_id, day) DO NOTHING",
        id.uuid(),
        operator,
        unit.uuid(),
        Day(day),
        draft.resolution.as_str(),
        draft.points,
        PlanStatus::Draft.as_str(),
        draft.is_changed,
        draft.by.uuid(),
        Ts(draft.at)
    )?;
    Ok(inserted == 1)
}

/// Replaces what is being written, if the plan still stands at this revision; its new revision, or `None` when it has moved
/// on.
pub async fn update_draft(
    conn: Conn<'_>,
    operator: &str,
    id: PlanId,
    revision: i64,
    draft: &Draft<'_>,
) -> Result<Option<i64>, StorageError> {
    let row = fetch_optional!(
        conn,
        (i64,),
        "UPDATE plans SET resolution = $3, points = $4, is_changed = $5, changed_by = $6, changed_at = $7, \
         revision = revision + 1 WHERE id = $1 AND revision = $2 AND operator = $8 RETURNING revision",
        id.uuid(),
        revision,
        draft.resolution.as_str(),
        draft.points,
        draft.is_changed,
        draft.by.uuid(),
        Ts(draft.at),
        operator
    )?;
    Ok(row.map(|(revision,)| revision))
}

/// Makes what is being written the next version, if the plan still stands at this revision and version; `false` when it has
/// moved on.
pub async fn update_approved(
    conn: Conn<'_>,
    operator: &str,
    id: PlanId,
    revision: i64,
    version: i64,
    by: AccountId,
    at: Timestamp,
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn,
        "UPDATE plans SET status = $4, version = version + 1, is_changed = $5, changed_by = $6, changed_at = $7, \
         revision = revision + 1 WHERE id = $1 AND revision = $2 AND version = $3 AND operator = $8",
        id.uuid(),
        revision,
        version,
        PlanStatus::Approved.as_str(),
        false,
        by.uuid(),
        Ts(at),
        operator
    )?;
    Ok(changed == 1)
}

/// A version to add.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    /// Its number.
    pub number: i64,
    /// How finely the day is cut.
    pub resolution: Resolution,
    /// Packed points.
    pub points: &'a str,
    /// Checksum over everything it says.
    pub checksum: &'a str,
    /// Revision of the draft that was approved.
    pub revision: i64,
    /// Who approved it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// Adds a version.
pub async fn insert_version(conn: Conn<'_>, plan: PlanId, new: &NewVersion<'_>) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO plan_versions (plan_id, number, resolution, points, checksum, revision, approved_by, approved_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        plan.uuid(),
        new.number,
        new.resolution.as_str(),
        new.points,
        new.checksum,
        new.revision,
        new.by.uuid(),
        Ts(new.at)
    )
    .map(drop)
}

/// Versions of a plan, newest first.
pub async fn list_versions(conn: Conn<'_>, plan: PlanId) -> Result<Vec<Version>, StorageError> {
    fetch_all!(conn, Version, select_versions!(" ORDER BY v.number DESC"), plan.uuid())
}

/// One version of a plan.
pub async fn find_version(conn: Conn<'_>, plan: PlanId, number: i64) -> Result<Option<Version>, StorageError> {
    fetch_optional!(conn, Version, select_versions!(" AND v.number = $2"), plan.uuid(), number)
}

/// The newest version of a plan.
#[derive(Debug, Clone, FromRow)]
pub struct NewestVersion {
    /// Its plan.
    #[sqlx(try_from = "Uuid")]
    pub plan_id: PlanId,
    resolution: String,
    /// Its points, packed.
    pub points: String,
    /// Reasons of the operator's decision, if there is one.
    pub reasons: Option<String>,
}

impl NewestVersion {
    /// How finely the day is cut.
    pub fn resolution(&self) -> Result<Resolution, StorageError> {
        read(&self.resolution, "resolution")
    }
}

/// The columns of [`NewestVersion`] before the rest of the query.
macro_rules! select_newest {
    ($rest:literal) => {
        concat!(
            "SELECT v.plan_id, v.resolution, v.points, d.reasons FROM plans p \
             JOIN plan_versions v ON v.plan_id = p.id AND v.number = p.version \
             LEFT JOIN plan_decisions d ON d.plan_id = v.plan_id AND d.number = v.number ",
            $rest
        )
    };
}

/// The newest versions of a unit's plans from one day to another.
pub async fn list_newest_of_unit(
    conn: Conn<'_>,
    unit: UnitId,
    from: Date,
    to: Date,
) -> Result<Vec<NewestVersion>, StorageError> {
    fetch_all!(
        conn,
        NewestVersion,
        select_newest!("WHERE p.unit_id = $1 AND p.day BETWEEN $2 AND $3"),
        unit.uuid(),
        Day(from),
        Day(to)
    )
}

/// The newest versions of a company's plans on a day.
pub async fn list_newest_of_company(
    conn: Conn<'_>,
    operator: &str,
    company: CustomerId,
    day: Date,
) -> Result<Vec<NewestVersion>, StorageError> {
    fetch_all!(
        conn,
        NewestVersion,
        select_newest!(
            "JOIN generating_units u ON u.id = p.unit_id WHERE u.operator = $1 AND u.customer_id = $2 AND p.day = $3"
        ),
        operator,
        company.uuid(),
        Day(day)
    )
}

/// A version of a plan that counts: the newest that the operator did not give back. A correction that was given back leaves
/// the version before it in force.
#[derive(Debug, Clone, FromRow)]
pub struct CountingVersion {
    /// Its unit.
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    /// Its number.
    pub number: i64,
    resolution: String,
    /// Packed points.
    pub points: String,
}

impl CountingVersion {
    /// How finely the day is cut.
    pub fn resolution(&self) -> Result<Resolution, StorageError> {
        read(&self.resolution, "resolution")
    }
}

/// The versions of all plans of a day that count. Few were given back, so that only theirs are looked through.
pub async fn list_counting(conn: Conn<'_>, operator: &str, day: Date) -> Result<Vec<CountingVersion>, StorageError> {
    fetch_all!(
        conn,
        CountingVersion,
        "SELECT p.unit_id, v.number, v.resolution, v.points FROM plans p \
         JOIN plan_versions v ON v.plan_id = p.id AND v.number = p.version \
         WHERE p.operator = $1 AND p.day = $2 AND p.status IN ($3, $4) \
         UNION ALL \
         SELECT p.unit_id, v.number, v.resolution, v.points FROM plans p \
         JOIN plan_versions v ON v.plan_id = p.id \
         WHERE p.operator = $1 AND p.day = $2 AND p.status = $5 AND v.number = (\
         SELECT MAX(k.number) FROM plan_versions k LEFT JOIN plan_decisions d ON d.plan_id = k.plan_id AND d.number = k.number \
         WHERE k.plan_id = p.id AND (d.status IS NULL OR d.status <> $5))",
        operator,
        Day(day),
        PlanStatus::Approved.as_str(),
        PlanStatus::Accepted.as_str(),
        PlanStatus::Rejected.as_str()
    )
}

/// Notes what the operator says to the newest version of a plan. `false` when there is a newer one or it was decided already.
pub async fn insert_decision(
    mut conn: Conn<'_>,
    operator: &str,
    plan: PlanId,
    number: i64,
    status: PlanStatus,
    reasons: &str,
    (by, at): (StaffId, Timestamp),
) -> Result<bool, StorageError> {
    let changed = execute!(
        conn.again(),
        "UPDATE plans SET status = $3 WHERE id = $1 AND version = $2 AND status = $4 AND operator = $5",
        plan.uuid(),
        number,
        status.as_str(),
        PlanStatus::Approved.as_str(),
        operator
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let inserted = execute!(
        conn,
        "INSERT INTO plan_decisions (plan_id, number, status, reasons, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (plan_id, number) DO NOTHING",
        plan.uuid(),
        number,
        status.as_str(),
        reasons,
        by.uuid(),
        Ts(at)
    )?;
    Ok(inserted == 1)
}

/// Accepts the plans of a day that were approved until an instant; how many there were.
pub async fn accept_day(
    mut conn: Conn<'_>,
    operator: &str,
    day: Date,
    until: Timestamp,
    by: StaffId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    let (approved, accepted) = (PlanStatus::Approved.as_str(), PlanStatus::Accepted.as_str());
    execute!(
        conn.again(),
        "INSERT INTO plan_decisions (plan_id, number, status, reasons, decided_by, decided_at) \
         SELECT p.id, p.version, $4, '[]', $5, $6 FROM plans p \
         JOIN plan_versions v ON v.plan_id = p.id AND v.number = p.version \
         WHERE p.operator = $1 AND p.day = $2 AND p.status = $3 AND v.approved_at <= $7 \
         ON CONFLICT (plan_id, number) DO NOTHING",
        operator,
        Day(day),
        approved,
        accepted,
        by.uuid(),
        Ts(at),
        Ts(until)
    )?;
    execute!(
        conn,
        "UPDATE plans SET status = $4 WHERE operator = $1 AND day = $2 AND status = $3 AND EXISTS \
         (SELECT 1 FROM plan_decisions d WHERE d.plan_id = plans.id AND d.number = plans.version AND d.status = $4)",
        operator,
        Day(day),
        approved,
        accepted
    )
}

/// Lets a plan be changed after gate closure, until an instant.
pub async fn upsert_consent(
    conn: Conn<'_>,
    unit: UnitId,
    day: Date,
    until: Timestamp,
    by: StaffId,
    now: Timestamp,
) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO plan_consents (unit_id, day, until, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (unit_id, day) DO UPDATE SET until = $3, granted_by = $4, granted_at = $5",
        unit.uuid(),
        Day(day),
        Ts(until),
        by.uuid(),
        Ts(now)
    )
    .map(drop)
}

/// Until when a plan may be changed after gate closure; nothing without a consent that is in force.
pub async fn find_consent(
    conn: Conn<'_>,
    unit: UnitId,
    day: Date,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    let row = fetch_optional!(
        conn,
        (Ts,),
        "SELECT until FROM plan_consents WHERE unit_id = $1 AND day = $2 AND until > $3",
        unit.uuid(),
        Day(day),
        Ts(now)
    )?;
    Ok(row.map(|(until,)| until.into()))
}

#[derive(FromRow)]
struct ConsentRow {
    unit_id: Uuid,
    day: Day,
    until: Ts,
}

/// The operator's consents that are in force: unit, day, and until when.
pub async fn list_consents(
    conn: Conn<'_>,
    operator: &str,
    now: Timestamp,
) -> Result<Vec<(UnitId, Date, Timestamp)>, StorageError> {
    let rows = fetch_all!(
        conn,
        ConsentRow,
        "SELECT c.unit_id, c.day, c.until FROM plan_consents c JOIN generating_units u ON u.id = c.unit_id \
         WHERE u.operator = $1 AND c.until > $2",
        operator,
        Ts(now)
    )?;
    Ok(rows.into_iter().map(|row| (row.unit_id.into(), row.day.into(), row.until.into())).collect())
}

/// A day that a producer keeps to copy from.
#[derive(Debug, Clone, FromRow)]
pub struct Template {
    /// The day it was planned for, which its intervals are those of.
    #[sqlx(try_from = "Day")]
    pub day: Date,
    resolution: String,
    /// Packed points.
    pub points: String,
}

impl Template {
    /// How finely the day is cut.
    pub fn resolution(&self) -> Result<Resolution, StorageError> {
        read(&self.resolution, "resolution")
    }
}

/// The kept day of a unit.
pub async fn find_template(conn: Conn<'_>, unit: UnitId) -> Result<Option<Template>, StorageError> {
    fetch_optional!(
        conn,
        Template,
        "SELECT day, resolution, points FROM plan_templates WHERE unit_id = $1",
        unit.uuid()
    )
}

/// Keeps a day of a unit to copy from, in place of the one before.
pub async fn upsert_template(conn: Conn<'_>, unit: UnitId, day: Date, draft: &Draft<'_>) -> Result<(), StorageError> {
    execute!(
        conn,
        "INSERT INTO plan_templates (unit_id, day, resolution, points, kept_by, kept_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (unit_id) DO UPDATE SET day = $2, resolution = $3, points = $4, kept_by = $5, kept_at = $6",
        unit.uuid(),
        Day(day),
        draft.resolution.as_str(),
        draft.points,
        draft.by.uuid(),
        Ts(draft.at)
    )
    .map(drop)
}
