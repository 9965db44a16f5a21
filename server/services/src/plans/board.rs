//! The board: which unit and day is missing, draft, approved; and the dispatcher's view of one day.

use std::collections::HashMap;

use openbok_domain::plan::view::{BoardCell, BoardDay, BoardRow, BoardView, DayRow, DaySearch, DayView};
use openbok_domain::plan::{DAYS_AHEAD, Energy, PlanStatus, Points, Resolution, Series};
use openbok_domain::{Date, Lang, UnitId, calendar};
use openbok_locales::format;
use openbok_storage::plan_board as stored;
use openbok_storage::units::{self as stored_units, Unit};
use openbok_storage::{Reader, plans as stored_plans};

use super::{Viewer, labels, unreadable};
use crate::{ServiceError, Services, boxed};

/// Units of one page.
const PAGE_UNITS: i64 = 50;

impl Services {
    /// The board of the viewer's units, from today on: those after a code, and those that a word finds, unless it is empty.
    #[boxed]
    pub async fn plan_board(
        &self,
        viewer: &Viewer,
        word: &str,
        after: &str,
        lang: Lang,
    ) -> Result<BoardView, ServiceError> {
        let today = calendar::today(self.now(), &viewer.operator.time_zone);
        let last = today.plus_days(DAYS_AHEAD);
        let mut reader = self.db().read().await?;
        let (units, next) = self.page_of_units(&mut reader, viewer, word, after).await?;
        let plans = board(&mut reader, viewer, &units, (word, None), (today, last)).await?;
        let mut cells: HashMap<(UnitId, Date), (BoardCell, bool)> = HashMap::new();
        for row in &plans {
            let cell = BoardCell { status: row.status()?, is_changed: row.is_changed };
            cells.insert((row.unit_id, row.day), (cell, row.counts));
        }
        let days: Vec<Date> = (0..=DAYS_AHEAD).map(|ahead| today.plus_days(ahead)).collect();
        let rows: Vec<BoardRow> = units.iter().map(|unit| board_row(unit, &days, &cells)).collect();
        let counts = self.board_counts(&mut reader, viewer, today, last, &plans).await?;
        let days = days.into_iter().map(|day| self.board_day(viewer, day, &counts, lang)).collect();
        Ok(BoardView { days, rows, next, word: word.to_owned() })
    }

    /// The viewer's units after a code that a word finds, one page, and after which code the next one begins.
    pub(super) async fn page_of_units(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        word: &str,
        after: &str,
    ) -> Result<(Vec<Unit>, Option<String>), ServiceError> {
        let units = match &viewer.companies {
            Some(companies) => {
                let mut units = stored_units::list_of(reader.conn(), viewer.slug(), companies).await?;
                let word = word.to_lowercase();
                units.retain(|unit| {
                    unit.code.as_str() > after && format!("{} {}", unit.code, unit.name).to_lowercase().contains(&word)
                });
                units
            }
            None => stored_units::list(reader.conn(), viewer.slug(), word, after, PAGE_UNITS + 1).await?,
        };
        Ok(cut(units))
    }

    /// How many plans stand where on each day: a dispatcher's of all units, a producer's of the own ones.
    async fn board_counts(
        &self,
        reader: &mut Reader,
        viewer: &Viewer,
        from: Date,
        to: Date,
        plans: &[stored::BoardRow],
    ) -> Result<HashMap<(Date, PlanStatus), i64>, ServiceError> {
        let mut counts: HashMap<(Date, PlanStatus), i64> = HashMap::new();
        let total = if let Some(companies) = &viewer.companies {
            for plan in plans {
                *counts.entry((plan.day, plan.status()?)).or_default() += 1;
            }
            let units = stored_units::list_of(reader.conn(), viewer.slug(), companies).await?;
            i64::try_from(units.len()).unwrap_or_default()
        } else {
            for (day, status, plans) in stored::count_board(reader.conn(), viewer.slug(), from, to).await? {
                counts.insert((day, status), plans);
            }
            stored_units::count(reader.conn(), viewer.slug()).await?
        };
        for ahead in 0..=from.days_until(to) {
            let day = from.plus_days(ahead);
            let begun: i64 = PlanStatus::ALL.iter().filter_map(|status| counts.get(&(day, *status))).sum();
            counts.insert((day, PlanStatus::Missing), total - begun);
        }
        Ok(counts)
    }

    fn board_day(&self, viewer: &Viewer, day: Date, counts: &HashMap<(Date, PlanStatus), i64>, lang: Lang) -> BoardDay {
        let gate = viewer.gate(day);
        let (gate_day, hour, minute) = calendar::local(gate, &viewer.operator.time_zone);
        let of = |status: &PlanStatus| counts.get(&(day, *status)).map(|count| (*status, *count));
        BoardDay {
            day,
            is_closed: self.now() >= gate,
            gate_label: format!("{}, {hour:02}:{minute:02}", format::day_and_month(gate_day, lang)),
            counts: PlanStatus::ALL.iter().filter_map(of).filter(|(_, count)| *count > 0).collect(),
        }
    }

    /// The units of a day that a search finds, those after a code, with what their newest versions amount to; and the sums of
    /// all that count. Not for producers.
    #[boxed]
    pub async fn plan_day(
        &self,
        viewer: &Viewer,
        day: Date,
        search: DaySearch,
        after: &str,
        lang: Lang,
    ) -> Result<DayView, ServiceError> {
        if viewer.companies.is_some() {
            return Err(ServiceError::Forbidden);
        }
        self.check_day(viewer, day)?;
        let read_at = self.now();
        let operator = &*viewer.operator;
        let mut reader = self.db().read().await?;
        let DaySearch { status, word } = &search;
        let (units, next) = match status {
            Some(status) => {
                let of = (day, *status);
                cut(stored_units::list_of_day(reader.conn(), viewer.slug(), of, word, after, PAGE_UNITS + 1).await?)
            }
            None => self.page_of_units(&mut reader, viewer, word, after).await?,
        };
        let plans = board(&mut reader, viewer, &units, (word, *status), (day, day)).await?;
        let plans: HashMap<UnitId, stored::BoardRow> = plans.into_iter().map(|row| (row.unit_id, row)).collect();
        let mut counting: HashMap<UnitId, (i64, Energy, Energy)> = HashMap::new();
        let names = labels(day, operator, Resolution::Hour);
        let mut sums: Vec<[Energy; 2]> = vec![[Energy::default(); 2]; names.len()];
        let quarters = names.len() * 4;
        for version in stored_plans::list_counting(reader.conn(), viewer.slug(), day).await? {
            let resolution = version.resolution()?;
            let intervals = if resolution == Resolution::Hour { names.len() } else { quarters };
            let points = Points::unpack(&version.points, intervals).map_err(|_| unreadable("points of a plan"))?;
            add(&mut sums, &points, resolution);
            let [pplan, pauto] = [Series::Pplan, Series::Pauto].map(|series| points.energy(series, resolution));
            counting.insert(version.unit_id, (version.number, pplan, pauto));
        }
        let mut rows = Vec::with_capacity(units.len());
        for (unit, view) in units.iter().zip(self.unit_views(&mut reader, viewer, &units).await?) {
            let found = plans.get(&unit.id);
            // Somebody may have decided about it since the units were found.
            if found.is_none() && status.is_some_and(|status| status != PlanStatus::Missing) {
                continue;
            }
            let newest = (found.map_or(0, |plan| plan.version), Energy::default(), Energy::default());
            let (number, pplan, pauto) = counting.get(&unit.id).copied().unwrap_or(newest);
            rows.push(DayRow {
                code: view.code,
                name: view.name,
                company: view.company,
                status: found.map_or(Ok(PlanStatus::Missing), stored::BoardRow::status)?,
                version: u32::try_from(number).ok().filter(|number| *number > 0),
                pplan,
                pauto,
            });
        }
        let counts = self.board_counts(&mut reader, viewer, day, day, &[]).await?;
        let BoardDay { is_closed, gate_label, .. } = self.board_day(viewer, day, &counts, lang);
        let to_accept = counts.get(&(day, PlanStatus::Approved)).copied().unwrap_or_default();
        let found: HashMap<PlanStatus, i64> = if word.is_empty() {
            counts.into_iter().map(|((_, status), plans)| (status, plans)).collect()
        } else {
            stored::count_day(reader.conn(), viewer.slug(), day, word).await?.into_iter().collect()
        };
        let counts = PlanStatus::ALL.iter().map(|status| (*status, found.get(status).copied().unwrap_or_default()));
        let counts = counts.collect();
        let sums = names.into_iter().zip(sums).map(|(name, [pplan, pauto])| (name, pplan, pauto)).collect();
        Ok(DayView { day, read_at, gate_label, is_closed, search, rows, next, counts, to_accept, sums })
    }
}

/// One page of units, and after which code the next one begins: there is one where a unit more was found than a page has.
fn cut(mut units: Vec<Unit>) -> (Vec<Unit>, Option<String>) {
    let most = usize::try_from(PAGE_UNITS).unwrap_or_default();
    let has_more = units.len() > most;
    units.truncate(most);
    let next = units.last().filter(|_| has_more).map(|unit| unit.code.clone());
    (units, next)
}

/// Where the plans of a page of units stand, which a word and a status find: asked by the companies of a producer, by the
/// range of codes of all units.
async fn board(
    reader: &mut Reader,
    viewer: &Viewer,
    units: &[Unit],
    (word, status): (&str, Option<PlanStatus>),
    (from, to): (Date, Date),
) -> Result<Vec<stored::BoardRow>, ServiceError> {
    let Some(companies) = &viewer.companies else {
        let (Some(first), Some(last)) = (units.first(), units.last()) else { return Ok(Vec::new()) };
        let codes = (first.code.as_str(), last.code.as_str());
        return Ok(stored::list_board(reader.conn(), viewer.slug(), codes, word, status, (from, to)).await?);
    };
    let mut rows = Vec::new();
    for company in companies {
        rows.extend(stored::list_board_of(reader.conn(), viewer.slug(), *company, from, to).await?);
    }
    Ok(rows)
}

/// Adds a plan to the sums of the day's hours.
fn add(sums: &mut [[Energy; 2]], points: &Points, resolution: Resolution) {
    let per_hour = usize::from(60 / resolution.minutes());
    for series in Series::ALL {
        for (index, cell) in points.series(*series).iter().enumerate() {
            let energy = cell.power().map_or(Energy::default(), |power| Energy::of(power, resolution.minutes()));
            let sum = &mut sums[index / per_hour][series.index()];
            *sum = Energy::from_wh(sum.wh() + energy.wh());
        }
    }
}

fn board_row(unit: &Unit, days: &[Date], cells: &HashMap<(UnitId, Date), (BoardCell, bool)>) -> BoardRow {
    let missing = (BoardCell { status: PlanStatus::Missing, is_changed: false }, false);
    let found = days.iter().map(|day| cells.get(&(unit.id, *day)).copied().unwrap_or(missing));
    let (cells, counting): (Vec<_>, Vec<_>) = found.unzip();
    BoardRow {
        code: unit.code.clone(),
        name: unit.name.clone(),
        is_incomplete: counting.iter().skip(1).any(|counts| !counts),
        cells,
    }
}
