//! Plans in files: written for whoever may see them, and read as drafts by whoever may write them.
//!
//! A file is taken as a whole or not at all, and nothing in it is approved by being taken.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use openbok_domain::plan::view::{FilePlanView, Layout, Saved};
use openbok_domain::plan::{
    Cell, FileFault, FileFaultKind, FilePlace, PlanFormat, PlanStatus, Points, Resolution, Series,
};
use openbok_domain::{CustomerId, Date, PlanId, Refusal, Timestamp};
use openbok_locales::staff as words;
use openbok_storage::Reader;
use openbok_storage::plans::{self as stored, Plan, Version};
use openbok_storage::units::{self as stored_units, Unit};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{DraftForm, Viewer, count, labels, reasons, survives, unpack};
use crate::audit::Event;
use crate::plan_files::{
    self, Acknowledgement, FileMeta, FilePlan, Party, ReadPlan, ReasonText, UnitRef, WriteError, write_overview,
};
use crate::settings::HOUR;
use crate::staff::StaffCaller;
use crate::{Caller, ServiceError, Services, boxed};

/// Files that one person reads or writes within an hour (R54).
const MOST_FILES: i64 = 300;
const FILES: &str = "plan files";
/// Name of the event.
const PLAN_EXPORT: &str = "plan_export";

/// Files that are read at once: each may take as much memory as a file may unpack to.
static READING: Semaphore = Semaphore::const_new(2);

/// Roles in the electricity market: resource provider, system operator.
const PROVIDER: &str = "A27";
const SYSTEM_OPERATOR: &str = "A04";

/// Most units that are read at once for a file of all of them.
const UNITS_AT_ONCE: i64 = 500;

/// Which plans are to be written, and how.
#[derive(Debug, Clone)]
pub struct FileWish {
    /// One unit on a day or on nine, or all units on a day.
    pub layout: Layout,
    /// Code of the unit; not looked at for all of them.
    pub unit: String,
    /// The day, or the first one.
    pub day: Date,
    /// The version of one plan; none for what stands in it now, which a dispatcher does not see.
    pub version: Option<u32>,
    /// The format.
    pub format: PlanFormat,
}

/// A file to be kept.
#[derive(Debug, Clone)]
pub struct PlanFile {
    /// Its name.
    pub name: String,
    /// What a server calls such files.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The plans of a file that were taken.
#[derive(Debug, Clone)]
pub struct TakenPlans {
    /// The plans.
    pub plans: Vec<FilePlanView>,
    /// How many values of each break the rules of its unit. A draft may have such values.
    pub wrong: Vec<usize>,
}

/// The plans that a file is made of, and what they are together.
struct Chosen {
    units: Vec<Unit>,
    plans: Vec<FilePlan>,
    document: Document,
}

/// What a file says of itself. That of a version is the same whenever it is written, so that an answer can name it.
struct Document {
    id: PlanId,
    revision: u32,
    created_at: Timestamp,
}

impl Services {
    /// Writes a producer's plans into a file.
    ///
    /// # Errors
    /// [`Refusal::PlanIncomplete`] for a value that is no power, and for gaps where the format holds whole plans only;
    /// [`Refusal::OneUnitOnly`]; [`Refusal::NothingCounts`]; [`Refusal::NoMarketCode`]; [`ServiceError::NotFound`];
    /// [`ServiceError::TooMany`].
    #[boxed]
    pub async fn export_plans(&self, caller: &Caller, wish: &FileWish) -> Result<PlanFile, ServiceError> {
        let viewer = self.producer(caller).await?;
        let event = caller.event(PLAN_EXPORT, "ok");
        self.hand_out(&caller.account.to_string(), event, self.write_plans(&viewer, wish)).await
    }

    /// The same for a dispatcher, who sees versions only: one of a unit, or of all units those that count.
    #[boxed]
    pub async fn export_plans_for_staff(
        &self,
        caller: &StaffCaller,
        wish: &FileWish,
    ) -> Result<PlanFile, ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let event = caller.event(PLAN_EXPORT, "ok", None, "");
        self.hand_out(&caller.staff.to_string(), event, self.write_plans(&viewer, wish)).await
    }

    /// All units of a day in one table for spreadsheets: a row for each series, and the sums.
    #[boxed]
    pub async fn export_overview(&self, caller: &StaffCaller, day: Date) -> Result<PlanFile, ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let event = caller.event(PLAN_EXPORT, "ok", None, "");
        self.hand_out(&caller.staff.to_string(), event, self.write_overview(&viewer, day)).await
    }

    /// Hands a file out: counts it against the limit of whoever asks, makes it, and puts it on record.
    async fn hand_out(
        &self,
        who: &str,
        event: Event<'_>,
        made: impl Future<Output = Result<PlanFile, ServiceError>>,
    ) -> Result<PlanFile, ServiceError> {
        self.take_file(who).await?;
        let file = made.await?;
        let mut tx = self.db().begin().await?;
        self.record(&mut tx, Event { note: &file.name, ..event }).await?;
        tx.commit().await?;
        Ok(file)
    }

    /// Counts a file against the limit of its reader or writer.
    async fn take_file(&self, who: &str) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        self.take_try(&mut tx, FILES, who, MOST_FILES, HOUR).await?;
        Ok(tx.commit().await?)
    }

    async fn write_overview(&self, viewer: &Viewer, day: Date) -> Result<PlanFile, ServiceError> {
        self.check_day(viewer, day)?;
        let mut reader = self.db().read().await?;
        let (units, plans) = self.counting_plans(&mut reader, viewer, day).await?;
        let views = self.unit_views(&mut reader, viewer, &units).await?;
        drop(reader);
        let operator = viewer.operator.clone();
        let written = tokio::task::spawn_blocking(move || {
            let resolution = plans.values().map(|plan| plan.resolution).max().unwrap_or(Resolution::Hour);
            let rows = units.iter().zip(views).map(|(unit, view)| {
                let plan = plans.get(&unit.id);
                (view, plan.map(|plan| plan.points.clone().converted(plan.resolution, resolution)))
            });
            write_overview(&labels(day, &operator, resolution), rows)
        });
        let bytes = written.await.map_err(std::io::Error::other)?;
        Ok(PlanFile { name: format!("plans-{day}.csv"), media_type: PlanFormat::Csv.media_type(), bytes })
    }

    async fn write_plans(&self, viewer: &Viewer, wish: &FileWish) -> Result<PlanFile, ServiceError> {
        self.check_day(viewer, wish.day)?;
        let is_offered = viewer.rules().formats().any(|format| format == wish.format);
        if !is_offered {
            return Err(ServiceError::NotFound);
        }
        if wish.layout == Layout::Units && !wish.format.has_many_units() {
            return Err(Refusal::OneUnitOnly.into());
        }
        let mut reader = self.db().read().await?;
        let chosen = self.choose(&mut reader, viewer, wish).await?;
        let meta = self.meta(&mut reader, viewer, &chosen).await?;
        drop(reader);
        let format = wish.format;
        let written = tokio::task::spawn_blocking(move || plan_files::write(format, &chosen.plans, &meta)).await;
        let bytes = written.map_err(std::io::Error::other)?.map_err(unwritable)?;
        Ok(PlanFile { name: name(wish), media_type: format.media_type(), bytes })
    }

    async fn choose(&self, reader: &mut Reader, viewer: &Viewer, wish: &FileWish) -> Result<Chosen, ServiceError> {
        let is_producer = viewer.companies.is_some();
        let now = self.now();
        let document = Document { id: self.entropy().id(now), revision: 1, created_at: now };
        match wish.layout {
            Layout::Day if wish.version.is_some() || !is_producer => {
                let found = self.find_version_of(reader, viewer, wish).await?;
                return chosen_version(viewer, wish, found);
            }
            Layout::Units if !is_producer => {
                let (units, mut plans) = self.counting_plans(reader, viewer, wish.day).await?;
                let plans: Vec<_> = units.iter().filter_map(|unit| plans.remove(&unit.id)).collect();
                if plans.is_empty() {
                    return Err(Refusal::NothingCounts.into());
                }
                return Ok(Chosen { units, plans, document });
            }
            // Drafts are the producer's own.
            Layout::Days if !is_producer => return Err(ServiceError::NotFound),
            _ => {}
        }
        let laid = self.lay_out(reader, viewer, wish.layout, &wish.unit, wish.day).await?;
        let mut plans = Vec::new();
        for unit in &laid.units {
            for day in &laid.days {
                let found = laid.plans.get(&(unit.id, *day));
                plans.extend(drafted(viewer, unit, *day, found, wish.format)?);
            }
        }
        Ok(Chosen { units: laid.units, plans, document })
    }

    /// One version of a plan: the one wished for, else the newest.
    async fn find_version_of(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        wish: &FileWish,
    ) -> Result<(Unit, PlanId, Version), ServiceError> {
        let unit = self.find_unit_of(reader.conn(), viewer, &wish.unit).await?;
        let plan = stored::find(reader.conn(), unit.id, wish.day).await?.ok_or(ServiceError::NotFound)?;
        let number = wish.version.map_or(plan.version, i64::from);
        let version = stored::find_version(reader.conn(), plan.id, number).await?.ok_or(ServiceError::NotFound)?;
        Ok((unit, plan.id, version))
    }

    /// All units, and the versions of a day that count.
    async fn counting_plans(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        day: Date,
    ) -> Result<(Vec<Unit>, HashMap<openbok_domain::UnitId, FilePlan>), ServiceError> {
        let mut units: Vec<Unit> = Vec::new();
        loop {
            let after = units.last().map_or("", |unit| unit.code.as_str()).to_owned();
            let page = stored_units::list(reader.conn(), viewer.slug(), "", &after, UNITS_AT_ONCE).await?;
            if page.is_empty() {
                break;
            }
            units.extend(page);
        }
        let codes: HashMap<_, _> = units.iter().map(|unit| (unit.id, unit.code.clone())).collect();
        let mut plans = HashMap::new();
        for version in stored::list_counting(reader.conn(), viewer.slug(), day).await? {
            let Some(code) = codes.get(&version.unit_id) else { continue };
            let resolution = version.resolution()?;
            let points = unpack(&version.points, day, &viewer.operator, resolution)?;
            plans.insert(version.unit_id, FilePlan { unit: UnitRef::Code(code.clone()), day, resolution, points });
        }
        Ok((units, plans))
    }

    async fn meta(&self, reader: &mut Reader, viewer: &Viewer, chosen: &Chosen) -> Result<FileMeta, ServiceError> {
        let companies = self.company_numbers(reader, viewer, &chosen.units).await?;
        let company = |unit: &Unit| companies.get(&unit.customer_id).cloned();
        // Plans of several companies are put together by the operator; who plans for several speaks as one of them.
        let is_put_together = companies.len() > 1 && viewer.companies.is_none();
        let sender = match chosen.units.first().and_then(company) {
            Some(code) if !is_put_together => Party { code, role: PROVIDER.to_owned() },
            _ => system_operator(viewer),
        };
        let mrid = |unit: &Unit| Some((unit.code.clone(), unit.mrid.clone()?));
        let provider = |unit: &Unit| Some((unit.mrid.clone()?, company(unit)?));
        let area = viewer.rules().market.as_ref().map(|market| market.area.display());
        Ok(FileMeta {
            sender,
            receiver: system_operator(viewer),
            domain: area.unwrap_or_else(|| viewer.slug().to_owned()),
            document_id: chosen.document.id.to_string(),
            revision: chosen.document.revision,
            created_at: chosen.document.created_at,
            zone: viewer.operator.time_zone.clone(),
            mrids: chosen.units.iter().filter_map(mrid).collect(),
            providers: chosen.units.iter().filter_map(provider).collect(),
        })
    }

    /// Numbers of the companies that run these units.
    async fn company_numbers(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        units: &[Unit],
    ) -> Result<BTreeMap<CustomerId, String>, ServiceError> {
        let ids: BTreeSet<CustomerId> = units.iter().map(|unit| unit.customer_id).collect();
        let companies = match ids.first() {
            Some(id) if ids.len() == 1 => {
                let company = stored_units::find_company_by_id(reader.conn(), viewer.slug(), *id).await?;
                company.into_iter().collect()
            }
            _ => stored_units::list_companies(reader.conn(), viewer.slug()).await?,
        };
        let found = companies.into_iter().filter(|company| ids.contains(&company.id));
        Ok(found.map(|company| (company.id, company.number)).collect())
    }

    /// The operator's answer to a version as a document: accepted, or given back and why. It answers to the document that the
    /// same version is exported as, and like that one it is the same whenever it is written.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the operator has decided, and for formats that have no answers; else those of the
    /// version's own file.
    #[boxed]
    pub async fn plan_answer(&self, caller: &Caller, wish: &FileWish) -> Result<PlanFile, ServiceError> {
        let viewer = self.producer(caller).await?;
        let event = caller.event(PLAN_EXPORT, "ok");
        self.hand_out(&caller.account.to_string(), event, self.write_answer(&viewer, wish)).await
    }

    /// The same for a dispatcher.
    #[boxed]
    pub async fn plan_answer_for_staff(&self, caller: &StaffCaller, wish: &FileWish) -> Result<PlanFile, ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let event = caller.event(PLAN_EXPORT, "ok", None, "");
        self.hand_out(&caller.staff.to_string(), event, self.write_answer(&viewer, wish)).await
    }

    async fn write_answer(&self, viewer: &Viewer, wish: &FileWish) -> Result<PlanFile, ServiceError> {
        if !matches!(wish.format, PlanFormat::Iec | PlanFormat::Json) {
            return Err(ServiceError::NotFound);
        }
        self.check_day(viewer, wish.day)?;
        let mut reader = self.db().read().await?;
        let (_, plan, version) = self.find_version_of(&mut reader, viewer, wish).await?;
        drop(reader);
        let status = version.status()?;
        let decided_at = version.decided_at().ok_or(ServiceError::NotFound)?;
        let number = super::approval::number(version.number)?;
        let wish = FileWish { layout: Layout::Day, version: Some(number), ..wish.clone() };
        let asked = self.write_plans(viewer, &wish).await?;
        let received = plan_files::received(wish.format, &asked.bytes);
        let hours = labels(wish.day, &viewer.operator, version.resolution()?);
        let is_accepted = status == PlanStatus::Accepted;
        let mut reasons: Vec<ReasonText> = reasons(version.reasons.as_deref())?
            .into_iter()
            .map(|reason| {
                let hour = reason.point.and_then(|(series, index)| Some(format!("{series} {}", hours.get(index)?)));
                ReasonText { code: "A02".to_owned(), field: hour.unwrap_or_default(), text: reason.text }
            })
            .collect();
        // A status says it with its own word; a document has a text for whoever reads it.
        if is_accepted && wish.format == PlanFormat::Iec {
            let text = words::PLAN_ACCEPTED.get(viewer.operator.default_language()).to_owned();
            reasons.push(ReasonText { code: "A01".to_owned(), field: String::new(), text });
        }
        let answer = Acknowledgement {
            received: &received,
            sender: &system_operator(viewer),
            document_id: &answer_id(plan, number, status).to_string(),
            received_at: version.approved_at,
            created_at: decided_at,
            is_accepted,
            reasons: &reasons,
        };
        let bytes = match wish.format {
            PlanFormat::Json => plan_files::acknowledge_json(&answer),
            _ => plan_files::acknowledge(&answer).map_err(unwritable)?,
        };
        Ok(PlanFile { name: format!("answer-{}", asked.name), media_type: asked.media_type, bytes })
    }

    /// The plans of a file, to be looked at before they are taken. Nothing is kept.
    ///
    /// # Errors
    /// [`Refusal::PlanFile`] with everything that is wrong; [`ServiceError::TooMany`].
    #[boxed]
    pub async fn read_plan_file(
        &self,
        caller: &Caller,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Vec<FilePlanView>, ServiceError> {
        let viewer = self.producer(caller).await?;
        self.take_file(&caller.account.to_string()).await?;
        let plans = self.open_file(&viewer, name, bytes).await?;
        Ok(plans.iter().map(|(unit, read)| file_plan_view(unit, &read.plan)).collect())
    }

    /// Takes all plans of a file as drafts, or none. Without `replaces` no value is lost: a plan in which others stand already
    /// is a fault.
    ///
    /// # Errors
    /// [`Refusal::PlanFile`] with everything that is wrong; [`Refusal::ChangedMeanwhile`]; [`ServiceError::TooMany`].
    #[boxed]
    pub async fn import_plans(
        &self,
        caller: &Caller,
        name: &str,
        bytes: Vec<u8>,
        replaces: bool,
    ) -> Result<TakenPlans, ServiceError> {
        let viewer = self.producer(caller).await?;
        self.take_file(&caller.account.to_string()).await?;
        let found = self.open_file(&viewer, name, bytes).await?;
        let mut tx = self.db().begin().await?;
        let (mut wrong, mut faults) = (Vec::with_capacity(found.len()), Vec::new());
        for (unit, read) in &found {
            let FilePlan { day, resolution, points, .. } = &read.plan;
            if !self.is_open(tx.conn(), &viewer, unit.id, *day).await? {
                faults.push(read.fault(FileFaultKind::GateClosed));
                continue;
            }
            let plan = stored::find(tx.conn(), unit.id, *day).await?;
            let standing = standing(&viewer, plan.as_ref(), *day, *resolution)?;
            let is_kept = match &plan {
                Some(plan) => survives(plan, &viewer.operator, *resolution)?,
                None => true,
            };
            if !replaces && (!is_kept || standing.as_ref().is_some_and(|standing| would_lose(standing, points))) {
                faults.push(read.fault(FileFaultKind::Occupied));
                continue;
            }
            let points = with_own_use(points, standing.as_ref());
            wrong.push(openbok_domain::plan::faults(&unit.limits()?, &points).len());
            let form = DraftForm {
                unit: unit.code.clone(),
                day: *day,
                resolution: *resolution,
                revision: plan.map_or(0, |plan| plan.revision),
                points: points.pack(),
            };
            if !matches!(self.write_draft(&mut tx, caller, &viewer, &form, true).await?, Saved::Kept { .. }) {
                return Err(Refusal::ChangedMeanwhile.into());
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::PlanFile(faults).into());
        }
        let note = found.len().to_string();
        self.record(&mut tx, Event { note: &note, ..caller.event("plan_import", "ok") }).await?;
        tx.commit().await?;
        let plans = found.iter().map(|(unit, read)| file_plan_view(unit, &read.plan)).collect();
        Ok(TakenPlans { plans, wrong })
    }

    /// Reads a file and finds the units of its plans among the viewer's.
    async fn open_file(
        &self,
        viewer: &Viewer,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Vec<(Unit, ReadPlan)>, ServiceError> {
        let whole = |kind| Refusal::PlanFile(vec![FileFault { place: FilePlace::default(), kind }]);
        let format = plan_files::detect(name, &bytes)
            .ok_or_else(|| whole(if bytes.is_empty() { FileFaultKind::Empty } else { FileFaultKind::NotThisFormat }))?;
        let zone = viewer.operator.time_zone.clone();
        let place = READING.acquire().await.map_err(std::io::Error::other)?;
        let read = tokio::task::spawn_blocking(move || plan_files::read(format, &bytes, &zone)).await;
        drop(place);
        let plans = read.map_err(std::io::Error::other)?.map_err(Refusal::PlanFile)?;
        let mut reader = self.db().read().await?;
        let units = self.visible_units(&mut reader, viewer).await?;
        drop(reader);
        let by_code: HashMap<&str, &Unit> = units.iter().map(|unit| (unit.code.as_str(), unit)).collect();
        let by_mrid: HashMap<&str, &Unit> =
            units.iter().filter_map(|unit| Some((unit.mrid.as_deref()?, unit))).collect();
        let (mut found, mut faults) = (Vec::with_capacity(plans.len()), Vec::new());
        // A unit may go by two names in one file.
        let mut seen = HashSet::with_capacity(plans.len());
        for read in plans {
            let unit = match &read.plan.unit {
                UnitRef::Code(code) => by_code.get(code.as_str()),
                UnitRef::Mrid(mrid) => by_mrid.get(mrid.as_str()).or_else(|| by_code.get(mrid.as_str())),
            };
            match unit {
                None => faults.push(read.unknown_unit()),
                Some(_) if self.check_day(viewer, read.plan.day).is_err() => {
                    faults.push(read.fault(FileFaultKind::DayTooFar));
                }
                Some(unit) if !seen.insert((unit.id, read.plan.day)) => {
                    faults.push(read.fault(FileFaultKind::RepeatedPlan));
                }
                Some(unit) => found.push(((*unit).clone(), read)),
            }
        }
        // A unit is named once for all its days.
        faults.dedup();
        if faults.is_empty() { Ok(found) } else { Err(Refusal::PlanFile(faults).into()) }
    }
}

/// The identification of the answer to a version: another one for every version and every answer.
fn answer_id(plan: PlanId, version: u32, status: PlanStatus) -> Uuid {
    id_of(&format!("answer\n{plan}\n{version}\n{status}"))
}

/// The identification of what is told by these words, always the same for the same (UUID version 8).
fn id_of(words: &str) -> Uuid {
    let hash: [u8; 32] = Sha256::digest(words).into();
    let (id, _) = hash.split_first_chunk().expect("a hash is longer than an id");
    uuid::Builder::from_custom_bytes(*id).into_uuid()
}

/// A version as the plan of a file, and what the file says of itself.
fn chosen_version(
    viewer: &Viewer,
    wish: &FileWish,
    (unit, id, version): (Unit, PlanId, Version),
) -> Result<Chosen, ServiceError> {
    let day = wish.day;
    let resolution = version.resolution()?;
    let points = unpack(&version.points, day, &viewer.operator, resolution)?;
    let revision = super::approval::number(version.number)?;
    // Messages in JSON have no revisions: each version is a message of its own.
    let is_message = wish.format == PlanFormat::Json;
    let id = if is_message { id_of(&format!("plan\n{id}\n{revision}")).into() } else { id };
    Ok(Chosen {
        plans: vec![FilePlan { unit: UnitRef::Code(unit.code.clone()), day, resolution, points }],
        units: vec![unit],
        document: Document { id, revision, created_at: version.approved_at },
    })
}

/// What stands in a plan as a file's plan; nothing where the format cannot hold that nothing stands there.
fn drafted(
    viewer: &Viewer,
    unit: &Unit,
    day: Date,
    plan: Option<&Plan>,
    format: PlanFormat,
) -> Result<Option<FilePlan>, ServiceError> {
    let (resolution, points) = match plan {
        Some(plan) => {
            let resolution = plan.resolution()?;
            (resolution, unpack(&plan.points, day, &viewer.operator, resolution)?)
        }
        None if format.may_have_gaps() => {
            (Resolution::Hour, Points::empty(count(day, &viewer.operator, Resolution::Hour)))
        }
        None => return Ok(None),
    };
    Ok(Some(FilePlan { unit: UnitRef::Code(unit.code.clone()), day, resolution, points }))
}

/// What stands in a plan, cut as finely as a file cuts it.
fn standing(
    viewer: &Viewer,
    plan: Option<&Plan>,
    day: Date,
    resolution: Resolution,
) -> Result<Option<Points>, ServiceError> {
    let Some(plan) = plan else { return Ok(None) };
    let of = plan.resolution()?;
    Ok(Some(unpack(&plan.points, day, &viewer.operator, of)?.converted(of, resolution)))
}

/// Whether a value stands there for which a file has another one.
fn would_lose(standing: &Points, points: &Points) -> bool {
    let differs = |(stands, new): (&Cell, &Cell)| *stands != Cell::Empty && *new != Cell::Empty && stands != new;
    Series::ALL.iter().any(|series| standing.series(*series).iter().zip(points.series(*series)).any(differs))
}

/// A file's points; its own use is what stands there already where the file does not state it.
fn with_own_use(points: &Points, standing: Option<&Points>) -> Points {
    let mut points = points.clone();
    if let (false, Some(standing)) = (points.states(Series::Pauto), standing) {
        for (index, cell) in standing.series(Series::Pauto).iter().enumerate() {
            points.set(Series::Pauto, index, cell.clone());
        }
    }
    points
}

fn file_plan_view(unit: &Unit, plan: &FilePlan) -> FilePlanView {
    FilePlanView { unit: unit.code.clone(), day: plan.day, resolution: plan.resolution, points: plan.points.pack() }
}

/// The operator as a party of the market.
fn system_operator(viewer: &Viewer) -> Party {
    let market = viewer.rules().market.as_ref();
    Party {
        code: market.map_or_else(|| viewer.slug().to_owned(), |market| market.party.display()),
        role: SYSTEM_OPERATOR.to_owned(),
    }
}

/// How a file is called.
fn name(wish: &FileWish) -> String {
    let FileWish { layout, unit, day, version, format } = wish;
    let version = version.map(|version| format!("-v{version}")).unwrap_or_default();
    let dialect = if *format == PlanFormat::Iec { "-iec" } else { "" };
    let what = if *layout == Layout::Units { "plans" } else { unit.as_str() };
    let days = if *layout == Layout::Days { "-days" } else { "" };
    format!("{what}-{day}{days}{version}{dialect}.{}", format.extension())
}

fn unwritable(error: WriteError) -> ServiceError {
    match error {
        WriteError::Empty | WriteError::Incomplete => Refusal::PlanIncomplete.into(),
        WriteError::UnknownUnit | WriteError::BadCode => Refusal::NoMarketCode.into(),
        WriteError::ManyUnits => ServiceError::NotFound,
        WriteError::Spreadsheet => ServiceError::File(std::io::Error::other(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(pplan: &str, pauto: &str) -> Points {
        Points::unpack(&format!("{pplan}|{pauto}"), 2).unwrap()
    }

    #[test]
    fn only_other_values_are_lost() {
        let standing = points("1000;", ";");
        assert!(would_lose(&standing, &points("2000;1", ";")));
        assert!(!would_lose(&standing, &points("1000;2000", "5;5")), "the same value, and gaps that are filled");
    }

    #[test]
    fn an_answer_has_an_identity_of_its_own_that_stays() {
        let plan = |number| PlanId::from(Uuid::from_u128(number));
        let ids = [
            answer_id(plan(1), 1, PlanStatus::Accepted),
            answer_id(plan(1), 1, PlanStatus::Rejected),
            answer_id(plan(1), 2, PlanStatus::Accepted),
            answer_id(plan(2), 1, PlanStatus::Accepted),
        ];
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len());
        assert_eq!(answer_id(plan(1), 1, PlanStatus::Accepted), ids[0]);
        assert_eq!(ids[0].to_string().len(), 36, "as long as a message of the transmission operator may be called");
    }

    #[test]
    fn own_use_that_a_file_does_not_state_stays() {
        let standing = points("1000;1000", "10;20");
        assert_eq!(with_own_use(&points("5;6", ";"), Some(&standing)), points("5;6", "10;20"));
        assert_eq!(with_own_use(&points("5;6", "1;2"), Some(&standing)), points("5;6", "1;2"));
        assert_eq!(with_own_use(&points("5;6", ";"), None), points("5;6", ";"));
    }
}
