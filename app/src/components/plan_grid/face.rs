//! What a sheet looks like: the words of its rows and columns, and the HTML of every part of it. The server and the browser
//! draw with the same functions; nothing here touches a document.

use openbok_domain::plan::sheet::Place;
use openbok_domain::plan::sheet::{Column, Position, Sheet, SheetPlan};
use openbok_domain::plan::view::{Layout, PlanView, SheetView, UnitView};
use openbok_domain::plan::{Cell, Points, Resolution, Series};
use openbok_domain::{Date, Lang, ParseError};
use openbok_locales::{faults, format, plan_grid as words};
use std::ops::Range;

use super::window::Window;
use crate::components::written::Html;

/// The words around the cells of a sheet.
#[derive(Clone, Debug)]
pub struct Face {
    pub lang: Lang,
    pub layout: Layout,
    resolution: Resolution,
    hours: Vec<String>,
    plans: Vec<PlanFace>,
    asides: Vec<Aside>,
}

/// The words of one plan.
#[derive(Clone, Debug)]
struct PlanFace {
    unit: String,
    unit_name: String,
    day: Date,
    /// Names of its intervals.
    labels: Vec<String>,
    /// Why the operator gave values back.
    reasons: Vec<(Series, usize, String)>,
}

/// A column beside the plan that only shows, and is no part of what can be selected.
#[derive(Clone, Debug)]
struct Aside {
    title: String,
    texts: Vec<String>,
}

/// How the value of a cell looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub text: String,
    /// Attributes that few cells have.
    pub marks: [(&'static str, Option<String>); 2],
}

/// The sheet of a view, and how it looks. `series` is the one that a sheet of units shows.
///
/// # Errors
/// [`ParseError::Malformed`] for what no server of this release sends.
pub fn lay_out(view: &SheetView, series: Series, lang: Lang) -> Result<(Sheet, Face), ParseError> {
    let rows = view.labels.len();
    let mut plans = Vec::with_capacity(view.plans.len());
    let mut faces = Vec::with_capacity(view.plans.len());
    for plan in &view.plans {
        let unit = view.units.get(plan.unit).ok_or(ParseError::Malformed)?;
        // An ordinary day has every row of the sheet; then the rows need not be told.
        let own = if plan.rows.is_empty() { (0..rows).map(Some).collect() } else { plan.rows.clone() };
        let labels = labels(&view.labels, &own)?;
        plans.push(SheetPlan {
            limits: unit.limits,
            resolution: plan.resolution,
            points: Points::unpack(&plan.points, labels.len())?,
            rows: own,
            is_open: plan.is_open,
        });
        faces.push(plan_face(unit, plan, labels));
    }
    let columns = columns(view.layout, plans.len(), series);
    let asides = if view.layout == Layout::Day { asides(view, &plans, lang)? } else { Vec::new() };
    let resolution = view.plans.first().map_or(Resolution::Hour, |plan| plan.resolution);
    let face = Face { lang, layout: view.layout, resolution, hours: view.labels.clone(), plans: faces, asides };
    Ok((Sheet::new(plans, columns, rows), face))
}

/// The columns of a layout.
pub fn columns(layout: Layout, plans: usize, series: Series) -> Vec<Column> {
    let both = |plan| Series::ALL.iter().map(move |series| Column { plan, series: *series });
    match layout {
        Layout::Day | Layout::Days => (0..plans).flat_map(both).collect(),
        Layout::Units => (0..plans).map(|plan| Column { plan, series }).collect(),
    }
}

/// The names of a plan's intervals: those of the rows that it has.
fn labels(hours: &[String], rows: &[Option<usize>]) -> Result<Vec<String>, ParseError> {
    let named = rows.iter().zip(hours).filter_map(|(index, hour)| Some(((*index)?, hour)));
    let is_in_order = named.clone().enumerate().all(|(place, (index, _))| place == index);
    if rows.len() == hours.len() && is_in_order {
        Ok(named.map(|(_, hour)| hour.clone()).collect())
    } else {
        Err(ParseError::Malformed)
    }
}

/// The view without what follows from the rest of it, for a shorter way to the browser.
#[must_use]
pub fn lean(mut view: SheetView) -> SheetView {
    for plan in &mut view.plans {
        plan.labels.clear();
        if plan.rows.iter().enumerate().all(|(row, index)| *index == Some(row)) {
            plan.rows.clear();
        }
    }
    view
}

fn plan_face(unit: &UnitView, plan: &PlanView, labels: Vec<String>) -> PlanFace {
    let reasons = plan.reasons.iter().filter_map(|reason| {
        let (series, index) = reason.point?;
        Some((series, index, reason.text.clone()))
    });
    PlanFace {
        unit: unit.code.clone(),
        unit_name: unit.name.clone(),
        day: plan.day,
        labels,
        reasons: reasons.collect(),
    }
}

/// The version that was approved last, and what the unit can do.
fn asides(view: &SheetView, plans: &[SheetPlan], lang: Lang) -> Result<Vec<Aside>, ParseError> {
    let mut asides = Vec::new();
    for (plan, laid) in view.plans.iter().zip(plans) {
        if let (Some(earlier), Some(version)) = (&plan.earlier, plan.version) {
            let earlier = Points::unpack(earlier, laid.points.len())?;
            let text = |index: &Option<usize>| {
                let show = |series| index.map_or_else(String::new, |index| show(earlier.get(series, index), lang));
                format!("{} / {}", show(Series::Pplan), show(Series::Pauto))
            };
            let title = words::version(lang, &version.to_string());
            asides.push(Aside { title, texts: laid.rows.iter().map(text).collect() });
        }
        let limits = view.units[plan.unit].limits;
        let text = format!("{}–{}", format::power(limits.pmin, lang), format::power(limits.pmax, lang));
        asides.push(Aside { title: words::LIMITS.get(lang).to_owned(), texts: vec![text; view.labels.len()] });
    }
    Ok(asides)
}

/// A cell as the language writes it.
pub fn show(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Power(power) => format::power(*power, lang),
        Cell::Text(text) => text.to_string(),
    }
}

/// A cell as a spreadsheet of the language takes it: no groups, a plain minus.
pub fn show_plain(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Power(power) => format::plain_power(*power, lang),
        other => show(other, lang),
    }
}

impl Face {
    /// How many columns are drawn beside the hours, those that only show included.
    pub fn columns(&self, sheet: &Sheet) -> usize {
        sheet.columns().len() + self.asides.len()
    }

    /// What a value is called: its hour, its series, and where there are several, its day or unit.
    pub fn name(&self, place: Place) -> String {
        let plan = &self.plans[place.plan];
        let hour = plan.labels.get(place.index).map_or("", String::as_str);
        self.name_of(hour, Column { plan: place.plan, series: place.series })
    }

    fn name_of(&self, hour: &str, column: Column) -> String {
        let plan = &self.plans[column.plan];
        match self.layout {
            Layout::Day => [hour, " ", column.series.as_str()].concat(),
            Layout::Days => [hour, " ", column.series.as_str(), " ", &format::date_short(plan.day, self.lang)].concat(),
            Layout::Units => [hour, " ", column.series.as_str(), " ", &plan.unit].concat(),
        }
    }

    /// What a plan is called among the others.
    pub fn plan_name(&self, plan: usize) -> String {
        let plan = &self.plans[plan];
        match self.layout {
            Layout::Day | Layout::Days => format::date_short(plan.day, self.lang),
            Layout::Units => format!("{} {}", plan.unit, plan.unit_name),
        }
    }

    /// The names of a plan's intervals.
    pub fn labels(&self, plan: usize) -> &[String] {
        &self.plans[plan].labels
    }

    /// How the value of a cell looks.
    pub fn look(&self, sheet: &Sheet, at: Position) -> Look {
        let text = sheet.cell(at).map(|cell| show(cell, self.lang)).unwrap_or_default();
        let fault = sheet.fault(at).map(|fault| faults::of_cell(fault, self.lang));
        let reason = sheet.place(at).and_then(|place| self.reason(place));
        let is_wrong = fault.is_some();
        let title = fault.or(reason);
        Look { text, marks: [("aria-invalid", is_wrong.then(|| "true".to_owned())), ("title", title)] }
    }

    /// What a cell is called, with its value, which is this text.
    pub fn label(&self, sheet: &Sheet, at: Position, text: &str) -> String {
        match sheet.place(at) {
            None => {
                let name = self.name_of(&self.hours[at.row], sheet.columns()[at.column]);
                format!("{name}, {}", words::NO_SUCH_HOUR.get(self.lang))
            }
            Some(place) if text.is_empty() => format!("{}, {}", self.name(place), words::NO_VALUE.get(self.lang)),
            Some(place) => [&self.name(place), " ", text].concat(),
        }
    }

    /// Why the operator gave a value back.
    pub fn reason(&self, place: Place) -> Option<String> {
        let reasons = self.plans[place.plan].reasons.iter();
        let found = reasons.filter(|(series, index, _)| (*series, *index) == (place.series, place.index));
        let texts: Vec<_> = found.map(|(.., text)| text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    }

    fn push_cell(&self, html: &mut Html, sheet: &Sheet, at: Position) {
        let Look { text, marks } = self.look(sheet, at);
        html.markup("<div role=\"gridcell\" class=\"plan-grid__cell");
        if sheet.place(at).is_none() {
            html.markup(" plan-grid__cell--none");
        }
        html.markup("\"");
        let selection = sheet.selection();
        html.attribute("aria-colindex", &(at.column + 2).to_string());
        html.attribute("aria-selected", if selection.area().contains(at) { "true" } else { "false" });
        html.attribute("tabindex", if at == selection.focus { "0" } else { "-1" });
        if !sheet.is_open(at) {
            html.attribute("aria-readonly", "true");
        }
        html.attribute("aria-label", &self.label(sheet, at, &text));
        for (name, value) in marks {
            if let Some(value) = value {
                html.attribute(name, &value);
            }
        }
        html.markup(">").text(&text).markup("</div>");
    }

    fn push_aside(&self, html: &mut Html, row: usize, number: usize, column: usize) {
        let Aside { title, texts } = &self.asides[number];
        html.markup("<div role=\"gridcell\" class=\"plan-grid__aside\" aria-readonly=\"true\"");
        html.attribute("aria-colindex", &(column + 2).to_string());
        html.attribute("aria-label", &format!("{} {title} {}", self.hours[row], texts[row])).markup(">");
        html.text(&texts[row]).markup("</div>");
    }

    /// Some cells of a row.
    pub fn cells(&self, sheet: &Sheet, row: usize, columns: Range<usize>) -> String {
        let mut html = Html::with_capacity(columns.len() * 200);
        self.push_cells(&mut html, sheet, row, columns);
        html.finish()
    }

    fn push_cells(&self, html: &mut Html, sheet: &Sheet, row: usize, columns: Range<usize>) {
        let own = sheet.columns().len();
        for column in columns {
            match column.checked_sub(own) {
                None => self.push_cell(html, sheet, Position { row, column }),
                Some(number) => self.push_aside(html, row, number, column),
            }
        }
    }

    /// Some rows, each with its hour and some of its cells.
    pub fn rows(&self, sheet: &Sheet, window: &Window) -> String {
        let mut html = Html::with_capacity(window.rows.len() * (window.columns.len() + 1) * 200);
        for row in window.rows.clone() {
            html.markup("<div role=\"row\" class=\"plan-grid__row\"");
            html.attribute("aria-rowindex", &(row + 2).to_string());
            html.markup("><div role=\"rowheader\" class=\"plan-grid__hour\" aria-colindex=\"1\">");
            html.text(&self.hours[row]).markup("</div>");
            self.push_cells(&mut html, sheet, row, window.columns.clone());
            html.markup("</div>");
        }
        html.finish()
    }

    /// Hours as they stay in sight while the sheet is scrolled sideways. They lie over the heads of the rows, in one piece: if
    /// each of those stayed by itself, it would be a layer of its own to browsers.
    pub fn hours(&self, rows: Range<usize>) -> String {
        let mut html = Html::default();
        for hour in &self.hours[rows] {
            html.markup("<div class=\"plan-grid__hour\">").text(hour).markup("</div>");
        }
        html.finish()
    }

    /// The heads of some columns.
    pub fn heads(&self, sheet: &Sheet, columns: Range<usize>) -> String {
        let own = sheet.columns().len();
        let mut html = Html::default();
        for column in columns {
            html.markup("<div role=\"columnheader\"").attribute("aria-colindex", &(column + 2).to_string());
            match column.checked_sub(own) {
                None => self.push_head(&mut html, sheet.columns()[column]),
                Some(number) => {
                    html.markup(" class=\"plan-grid__head plan-grid__head--aside\"><span>");
                    html.text(&self.asides[number].title).markup("</span><small>");
                    html.text(words::MEGAWATTS.get(self.lang)).markup("</small>");
                }
            }
            html.markup("</div>");
        }
        html.finish()
    }

    fn push_head(&self, html: &mut Html, column: Column) {
        let plan = &self.plans[column.plan];
        html.markup(" class=\"plan-grid__head\"><span>");
        let (title, below) = match self.layout {
            Layout::Day => (column.series.as_str().to_owned(), words::MEGAWATTS.get(self.lang).to_owned()),
            Layout::Days => {
                let weekday = format::weekday_short(plan.day, self.lang);
                let day = format!("{weekday} {}", format::day_and_month(plan.day, self.lang));
                (column.series.as_str().to_owned(), day)
            }
            Layout::Units => (plan.unit.clone(), plan.unit_name.clone()),
        };
        html.text(&title).markup("</span><small>").text(&below).markup("</small>");
    }

    /// The whole of the grid as it stands in a document: the part of it that is drawn first, and how large it is in all.
    pub fn grid(&self, sheet: &Sheet) -> String {
        let columns = self.columns(sheet);
        let window = Window::first(sheet.rows(), columns);
        let corner = match self.resolution {
            Resolution::Hour => words::HOUR,
            Resolution::Quarter => words::QUARTER,
        };
        format!(
            "<div role=\"row\" class=\"plan-grid__heads\" aria-rowindex=\"1\"><div role=\"columnheader\" \
             class=\"plan-grid__corner\" aria-colindex=\"1\">{}</div>{}</div>\
             <div class=\"plan-grid__hours\" aria-hidden=\"true\">{}</div>\
             <div role=\"rowgroup\" class=\"plan-grid__rows\">{}</div>\
             <div class=\"plan-grid__frame\" aria-hidden=\"true\"><i></i><i></i></div>",
            corner.get(self.lang),
            self.heads(sheet, window.columns.clone()),
            self.hours(window.rows.clone()),
            self.rows(sheet, &window)
        )
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use openbok_domain::Timestamp;
    use openbok_domain::plan::view::Reason;
    use openbok_domain::plan::{Limits, PlanStatus, Power};

    fn unit(number: usize) -> UnitView {
        UnitView {
            code: format!("U{number:03}"),
            name: "Wiatr & <spółka>".to_owned(),
            company: String::new(),
            technology: String::new(),
            installed: Power::from_kw(60_000),
            limits: Limits { pmin: Power::from_kw(1_000), pmax: Power::from_kw(50_000) },
            connection_point: String::new(),
            has_mrid: false,
        }
    }

    /// A view of so many plans, each of which holds these points and lacks the given row.
    pub(crate) fn view(layout: Layout, plans: usize, labels: &[&str], packed: &str, lacks: Option<usize>) -> SheetView {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        let first = Date::new(2026, 11, 25).unwrap();
        let plan = |number: usize| {
            let mut own = labels.clone();
            if let Some(row) = lacks {
                own.remove(row);
            }
            let index_of = |row: usize| match lacks {
                Some(lacking) if row == lacking => None,
                Some(lacking) if row > lacking => Some(row - 1),
                _ => Some(row),
            };
            PlanView {
                unit: if layout == Layout::Units { number } else { 0 },
                day: if layout == Layout::Days { first.plus_days(i32::try_from(number).unwrap()) } else { first },
                resolution: Resolution::Hour,
                rows: (0..labels.len()).map(index_of).collect(),
                labels: own,
                points: packed.to_owned(),
                earlier: Some(packed.to_owned()),
                revision: 1,
                status: PlanStatus::Draft,
                version: Some(3),
                is_changed: true,
                is_open: true,
                gate_closes_at: Timestamp::from_micros(0),
                gate_label: String::new(),
                reasons: ["Za dużo", "Wiatr słabnie"]
                    .map(|text| Reason { point: Some((Series::Pplan, 0)), text: text.to_owned() })
                    .to_vec(),
            }
        };
        SheetView {
            layout,
            units: (0..plans).map(unit).collect(),
            plans: (0..plans).map(plan).collect(),
            labels,
            today: first,
            strip: Vec::new(),
            now: Timestamp::from_micros(0),
            writer: String::new(),
        }
    }

    fn mark(look: &Look, name: &str) -> Option<String> {
        look.marks.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.clone())
    }

    fn label(face: &Face, sheet: &Sheet, row: usize, column: usize) -> String {
        let at = Position { row, column };
        face.label(sheet, at, &face.look(sheet, at).text)
    }

    #[test]
    fn a_cell_is_called_by_its_hour_and_series_and_says_its_value() {
        let labels = ["02–03", "02–03 A"];
        let (sheet, face) =
            lay_out(&view(Layout::Day, 1, &labels, "12500;|400;99999", None), Series::Pplan, Lang::Pl).unwrap();
        let at = |row, column| face.look(&sheet, Position { row, column });
        assert_eq!(label(&face, &sheet, 0, 0), "02–03 PPLAN 12,500");
        assert_eq!(label(&face, &sheet, 1, 0), "02–03 A PPLAN, brak wartości");
        assert_eq!(at(1, 1).text, "99,999");
        assert_eq!(mark(&at(0, 0), "title").unwrap(), "Za dużo; Wiatr słabnie");
        assert_eq!(mark(&at(0, 0), "aria-invalid"), None);
    }

    #[test]
    fn several_days_and_units_are_told_apart() {
        let days = view(Layout::Days, 2, &["00–01"], "1000|0", None);
        let (sheet, face) = lay_out(&days, Series::Pplan, Lang::Pl).unwrap();
        assert_eq!(label(&face, &sheet, 0, 3), "00–01 PAUTO 26.11.2026 0,000");
        let units = view(Layout::Units, 2, &["00–01"], "1000|0", None);
        let (sheet, face) = lay_out(&units, Series::Pauto, Lang::Pl).unwrap();
        assert_eq!(label(&face, &sheet, 0, 1), "00–01 PAUTO U001 0,000");
        assert!(face.heads(&sheet, 0..2).contains("Wiatr &amp; &lt;spółka&gt;"));
    }

    #[test]
    fn an_hour_that_a_day_lacks_is_no_value_and_cannot_be_written() {
        let (sheet, face) =
            lay_out(&view(Layout::Days, 1, &["01–02", "02–03"], "1000|0", Some(1)), Series::Pplan, Lang::Pl).unwrap();
        assert!(label(&face, &sheet, 1, 0).starts_with("02–03 PPLAN 25.11.2026, "));
        assert_eq!(face.cells(&sheet, 1, 0..2).matches("aria-readonly=\"true\"").count(), 2);
    }

    #[test]
    fn what_is_wrong_is_marked_and_explained() {
        let (sheet, face) =
            lay_out(&view(Layout::Day, 1, &["00–01"], "~abc|0", None), Series::Pplan, Lang::Pl).unwrap();
        let look = face.look(&sheet, Position { row: 0, column: 0 });
        assert_eq!(mark(&look, "aria-invalid").unwrap(), "true");
        assert!(mark(&look, "title").is_some());
        assert_eq!(look.text, "abc");
    }

    #[test]
    fn the_grid_counts_its_rows_and_columns_from_its_heads() {
        let (sheet, face) =
            lay_out(&view(Layout::Day, 1, &["00–01"], "1000|0", None), Series::Pplan, Lang::Pl).unwrap();
        let html = face.grid(&sheet);
        assert!(html.contains("aria-rowindex=\"2\""));
        assert_eq!(html.matches("tabindex=\"0\"").count(), 1, "Tab comes to one cell");
        assert_eq!(html.matches("role=\"gridcell\"").count(), 4, "both series, the earlier version, the limits");
        assert_eq!(html.matches("role=\"columnheader\"").count(), 5);
    }

    #[test]
    fn a_view_that_does_not_fit_together_is_refused() {
        let mut view = view(Layout::Day, 1, &["00–01"], "1000|0", None);
        view.plans[0].rows = vec![Some(7)];
        assert!(lay_out(&view, Series::Pplan, Lang::Pl).is_err());
        view.plans[0].rows = vec![Some(0), None];
        assert!(lay_out(&view, Series::Pplan, Lang::Pl).is_err());
    }

    #[test]
    fn a_lean_view_shows_the_same() {
        for lacks in [None, Some(1)] {
            let packed = if lacks.is_some() { "1000;2000|0;0" } else { "1000;2000;3000|0;0;0" };
            let view = view(Layout::Days, 2, &["01–02", "02–03", "03–04"], packed, lacks);
            let (sheet, face) = lay_out(&view, Series::Pplan, Lang::Pl).unwrap();
            let (lean_sheet, lean_face) = lay_out(&lean(view), Series::Pplan, Lang::Pl).unwrap();
            assert_eq!(face.grid(&sheet), lean_face.grid(&lean_sheet));
        }
    }
}
