//! Sheets: the plans that a page lays out, read with as few questions as there are units.

use std::collections::HashMap;

use openbok_domain::plan::view::{Layout, PlanView, SheetView, UnitView};
use openbok_domain::plan::{DAYS_AHEAD, PlanStatus, Points, Resolution};
use openbok_domain::{CustomerId, Date, Lang, UnitId, calendar};
use openbok_storage::Reader;
use openbok_storage::plans::{self as stored, NewestVersion, Plan};
use openbok_storage::units::{self as stored_units, Unit};

use super::{Viewer, labels, reasons, survives, unit_view, unpack};
use crate::records::shown;
use crate::{Caller, ServiceError, Services, boxed};

/// Most units of one sheet.
const MOST_UNITS: i64 = 400;

/// What is laid out: the plans that are there, by unit and day.
pub(super) struct Laid {
    pub units: Vec<Unit>,
    pub days: Vec<Date>,
    pub plans: HashMap<(UnitId, Date), Plan>,
    newest: HashMap<openbok_domain::PlanId, NewestVersion>,
}

impl Services {
    /// The units that a producer plans for, by code.
    #[boxed]
    pub async fn list_units(&self, caller: &Caller) -> Result<Vec<UnitView>, ServiceError> {
        let viewer = self.producer(caller).await?;
        let mut reader = self.db().read().await?;
        let units = self.visible_units(&mut reader, &viewer).await?;
        self.unit_views(&mut reader, &viewer, &units).await
    }

    pub(super) async fn visible_units(&self, reader: &mut Reader, viewer: &Viewer) -> Result<Vec<Unit>, ServiceError> {
        Ok(match &viewer.companies {
            Some(companies) => stored_units::list_of(reader.conn(), viewer.slug(), companies).await?,
            None => stored_units::list(reader.conn(), viewer.slug(), "", "", MOST_UNITS).await?,
        })
    }

    /// Units with the names of their companies, each looked up once.
    pub(super) async fn unit_views(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        units: &[Unit],
    ) -> Result<Vec<UnitView>, ServiceError> {
        let mut companies: HashMap<CustomerId, String> = HashMap::new();
        let mut views = Vec::with_capacity(units.len());
        for unit in units {
            let company = match companies.get(&unit.customer_id) {
                Some(name) => name.clone(),
                None => self.company_name(reader.conn(), viewer, unit.customer_id).await?,
            };
            companies.insert(unit.customer_id, company.clone());
            views.push(unit_view(unit, company)?);
        }
        Ok(views)
    }

    /// A sheet of one unit on a day or on nine, or of all units on a day. Without a resolution it is the finest one of its
    /// plans, and hours where there is none; so it is where a plan that may be changed would lose values in the one asked
    /// for.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a unit that is not there or not the viewer's.
    #[boxed]
    pub async fn read_sheet(
        &self,
        viewer: &Viewer,
        layout: Layout,
        unit: &str,
        day: Date,
        resolution: Option<Resolution>,
        lang: Lang,
    ) -> Result<SheetView, ServiceError> {
        self.check_day(viewer, day)?;
        let mut reader = self.db().read().await?;
        let laid = self.lay_out(&mut reader, viewer, layout, unit, day).await?;
        let now = self.now();
        let consents = stored::list_consents(reader.conn(), viewer.slug(), now).await?;
        let consents: HashMap<_, _> = consents.into_iter().map(|(unit, day, until)| ((unit, day), until)).collect();
        let is_open = |unit: UnitId, day: Date| {
            viewer.companies.is_some() && (now < viewer.gate(day) || consents.contains_key(&(unit, day)))
        };
        let resolution = match resolution {
            Some(resolution) if is_lossless(&laid, viewer, resolution, is_open)? => resolution,
            _ => finest(&laid)?,
        };
        let per_day: Vec<Vec<String>> =
            laid.days.iter().map(|day| labels(*day, &viewer.operator, resolution)).collect();
        let rows = joined(&per_day);
        let mut plans = Vec::new();
        for (number, unit) in laid.units.iter().enumerate() {
            for (day, own) in laid.days.iter().zip(&per_day) {
                let plan = laid.plans.get(&(unit.id, *day));
                let newest = plan.and_then(|plan| laid.newest.get(&plan.id));
                let mut view = plan_view(viewer, number, *day, own, &rows, resolution, plan, newest)?;
                view.is_open = is_open(unit.id, *day);
                let consent = consents.get(&(unit.id, *day)).copied().filter(|_| now >= view.gate_closes_at);
                view.gate_label = shown(consent.unwrap_or(view.gate_closes_at), &viewer.operator, lang);
                plans.push(view);
            }
        }
        let today = calendar::today(now, &viewer.operator.time_zone);
        let strip = match (layout, laid.units.first()) {
            (Layout::Day | Layout::Days, Some(unit)) => strip(&mut reader, unit, today).await?,
            _ => Vec::new(),
        };
        Ok(SheetView {
            layout,
            units: self.unit_views(&mut reader, viewer, &laid.units).await?,
            plans,
            labels: rows,
            today,
            strip,
            now,
            writer: String::new(),
        })
    }

    pub(super) async fn lay_out(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        layout: Layout,
        unit: &str,
        day: Date,
    ) -> Result<Laid, ServiceError> {
        let (units, days): (Vec<Unit>, Vec<Date>) = match layout {
            Layout::Day => (vec![self.find_unit_of(reader.conn(), viewer, unit).await?], vec![day]),
            Layout::Days => {
                let days = (0..DAYS_AHEAD).map(|ahead| day.plus_days(ahead)).collect();
                (vec![self.find_unit_of(reader.conn(), viewer, unit).await?], days)
            }
            Layout::Units => (self.visible_units(reader, viewer).await?, vec![day]),
        };
        let (first, last) = (days[0], days[days.len() - 1]);
        let mut found = Vec::new();
        let mut newest = Vec::new();
        if layout == Layout::Units {
            let mut companies: Vec<_> = units.iter().map(|unit| unit.customer_id).collect();
            companies.sort_unstable();
            companies.dedup();
            for company in companies {
                found.extend(stored::list_of_company(reader.conn(), viewer.slug(), company, day).await?);
                newest.extend(stored::list_newest_of_company(reader.conn(), viewer.slug(), company, day).await?);
            }
        } else if let Some(unit) = units.first() {
            found = stored::list_of_unit(reader.conn(), unit.id, first, last).await?;
            newest = stored::list_newest_of_unit(reader.conn(), unit.id, first, last).await?;
        }
        Ok(Laid {
            units,
            days,
            plans: found.into_iter().map(|plan| ((plan.unit_id, plan.day), plan)).collect(),
            newest: newest.into_iter().map(|version| (version.plan_id, version)).collect(),
        })
    }
}

/// Where the plans of a unit stand, from today to the last day that is planned.
async fn strip(reader: &mut Reader, unit: &Unit, today: Date) -> Result<Vec<PlanStatus>, ServiceError> {
    let plans = stored::list_of_unit(reader.conn(), unit.id, today, today.plus_days(DAYS_AHEAD)).await?;
    let mut strip = Vec::new();
    for ahead in 0..=DAYS_AHEAD {
        let plan = plans.iter().find(|plan| plan.day == today.plus_days(ahead));
        strip.push(plan.map_or(Ok(PlanStatus::Missing), Plan::status)?);
    }
    Ok(strip)
}

fn finest(laid: &Laid) -> Result<Resolution, ServiceError> {
    let resolutions = laid.plans.values().map(Plan::resolution).collect::<Result<Vec<_>, _>>()?;
    Ok(resolutions.into_iter().max().unwrap_or(Resolution::Hour))
}

/// Whether no plan that may be changed loses anything when it is cut into these intervals.
fn is_lossless(
    laid: &Laid,
    viewer: &Viewer,
    to: Resolution,
    is_open: impl Fn(UnitId, Date) -> bool,
) -> Result<bool, ServiceError> {
    for plan in laid.plans.values().filter(|plan| is_open(plan.unit_id, plan.day)) {
        if !survives(plan, &viewer.operator, to)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The names of all rows in the order of time: those of days with a repeated or a skipped hour fall into their places.
fn joined(days: &[Vec<String>]) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for day in days {
        let mut place = 0;
        for label in day {
            if let Some(at) = rows.iter().position(|row| row == label) {
                place = at + 1;
            } else {
                rows.insert(place, label.clone());
                place += 1;
            }
        }
    }
    rows
}

#[expect(clippy::too_many_arguments, reason = "one plan and all that places it on its sheet")]
fn plan_view(
    viewer: &Viewer,
    unit: usize,
    day: Date,
    own: &[String],
    rows: &[String],
    resolution: Resolution,
    plan: Option<&Plan>,
    newest: Option<&NewestVersion>,
) -> Result<PlanView, ServiceError> {
    let operator = &viewer.operator;
    let points = match plan {
        Some(plan) => {
            let of = plan.resolution()?;
            unpack(&plan.points, day, operator, of)?.converted(of, resolution)
        }
        None => Points::empty(own.len()),
    };
    let earlier = match newest {
        Some(version) => {
            let of = version.resolution()?;
            Some(unpack(&version.points, day, operator, of)?.converted(of, resolution).pack())
        }
        None => None,
    };
    let mut reasons = reasons(newest.and_then(|version| version.reasons.as_deref()))?;
    if let Some(version) = newest {
        let of = version.resolution()?;
        for (_, index) in reasons.iter_mut().filter_map(|reason| reason.point.as_mut()) {
            *index = index_in(*index, of, resolution);
        }
    }
    Ok(PlanView {
        unit,
        day,
        resolution,
        labels: own.to_vec(),
        rows: rows.iter().map(|row| own.iter().position(|label| label == row)).collect(),
        points: points.pack(),
        earlier,
        revision: plan.map_or(0, |plan| plan.revision),
        status: plan.map_or(Ok(PlanStatus::Missing), Plan::status)?,
        version: plan.and_then(|plan| u32::try_from(plan.version).ok()).filter(|version| *version > 0),
        is_changed: plan.is_some_and(|plan| plan.is_changed),
        is_open: false,
        gate_closes_at: viewer.gate(day),
        gate_label: String::new(),
        reasons,
    })
}

/// The interval of another resolution that an interval begins with.
const fn index_in(index: usize, from: Resolution, to: Resolution) -> usize {
    match (from, to) {
        (Resolution::Hour, Resolution::Quarter) => index * 4,
        (Resolution::Quarter, Resolution::Hour) => index / 4,
        _ => index,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_days_with_changed_clocks_fall_into_place() {
        let day = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let usual = day(&["01–02", "02–03", "03–04"]);
        let long = day(&["01–02", "02–03", "02–03 A", "03–04"]);
        let short = day(&["01–02", "03–04"]);
        assert_eq!(joined(&[usual.clone(), long.clone()]), long);
        assert_eq!(joined(&[short.clone(), usual.clone()]), usual);
        assert_eq!(joined(&[short, long.clone(), usual]), long);
    }
}
