//! The grid of plans: one unit on a day or on nine, or all units on a day.
//!
//! The server draws it, the browser takes over what it drew. What changes often, the cells, is painted into the document by
//! hand (`painter`), on top of a model that knows no screen (`openbok_domain::plan::sheet`); what stands around it, such as
//! the list of faults, is made of components that follow signals (`shown`). In between sits the `desk`. No request is made
//! here: whoever shows the grid hands over how its drafts are saved.

mod approve;
mod course;
mod desk;
mod drafts;
mod events;
mod export;
mod face;
mod import;
mod keys;
mod list;
mod painter;
mod questions;
mod saving;
mod shown;
mod standing;
mod status;
mod toolbar;
mod typing;
mod window;

pub use approve::Approve;
pub use drafts::Draft;
pub use export::{broken_rules, why_unwritten, without_mrid};
pub use face::lean;
pub use list::{APPROVES, field_name};
pub use standing::{badge, mark};

use leptos::html::Div;
use leptos::prelude::*;
use openbok_domain::Lang;
use openbok_domain::plan::Series;
use openbok_domain::plan::view::{FileView, Layout, Saved, SheetView, SourceView};
use openbok_locales::{Text, format, plan_grid as words};
use std::future::Future;
use std::pin::Pin;

use super::drawn::fixed_html;
use super::problem::problem;
use crate::error::PortalError;
use crate::portal::{FUNCTION_FIELD, lang, portal};
use questions::{EditsDialog, MergeDialog};
use shown::Shown;
use status::{FaultList, Gate, News, StatusBar};
use toolbar::Toolbar;

/// What a request gives.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, PortalError>>>>;

/// How the grid reaches the server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// Saves a draft.
    pub save: fn(Draft) -> Answer<Saved>,
    /// Fetches what a plan can be copied from.
    pub source: fn(Draft, Source) -> Answer<SourceView>,
    /// Keeps what stands in a plan as its unit's template.
    pub keep: fn(Draft) -> Answer<()>,
    /// Reads a plan file: its name, and its content in base64.
    pub read: fn(String, String) -> Answer<FileView>,
}

/// What a plan can be copied from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The day before.
    Yesterday,
    /// The same day of the week before.
    Week,
    /// The unit's template.
    Template,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Yesterday, Self::Week, Self::Template];

    /// The word for it on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yesterday => "yesterday",
            Self::Week => "week",
            Self::Template => "template",
        }
    }

    /// What it is called, in the case that follows "from".
    pub const fn name(self) -> Text {
        match self {
            Self::Yesterday => words::FROM_YESTERDAY,
            Self::Week => words::FROM_WEEK,
            Self::Template => words::FROM_TEMPLATE,
        }
    }
}

/// The grid with everything around it.
#[component]
pub fn PlanGrid(
    view: SheetView,
    server: Server,
    /// What plans can be copied from.
    #[prop(optional)]
    sources: &'static [Source],
    /// Path of the server function that takes the list as a form; for one unit on one day only.
    #[prop(optional)]
    form: Option<&'static str>,
    /// More for the toolbar: how finely the day is cut, import, export.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lang = lang();
    let series = Series::Pplan;
    let Ok((sheet, face)) = face::lay_out(&view, series, lang) else {
        return problem(&PortalError::Internal(String::new()));
    };
    let shown = Shown::new(&view, &sheet, &face);
    let (rows, columns, layout) = (sheet.rows() + 1, face.columns(&sheet) + 1, view.layout);
    let label = words::grid_of(lang, &what(&view, lang));
    // Of several days, the one whose gate closes next.
    let next = view.plans.iter().find(|plan| plan.is_open).or(view.plans.first());
    let gate = next.map(|plan| Gate::of(plan, view.now));
    let cells = fixed_html(|| face.grid(&sheet));
    let form = form.filter(|_| layout == Layout::Day);
    let list = form.map(|form| list(form, &view, &sheet, &face));
    let grid = NodeRef::<Div>::new();
    let is_open = view.plans.iter().any(|plan| plan.is_open);
    let resolution = view.plans.first().map(|plan| plan.resolution.as_str());
    let course = move || shown.course.with(|course| shown.day.with(|day| course::draw(course, day, lang)));
    let kept = StoredValue::new(Some((view, sheet, face)));
    Effect::new(move |_| {
        let Some(grid) = grid.get() else { return };
        let Some((view, sheet, face)) = kept.try_update_value(Option::take).flatten() else { return };
        if let Some(desk) = desk::Desk::new(&grid, &view, sheet, face, shown, server) {
            desk::open(desk);
            events::listen_to(&grid);
            desk::with(saving::restore);
        }
    });
    view! {
        <section class="plan" data-layout=layout.as_str() data-resolution=resolution>
            <Toolbar layout sources is_open>{children.map(|children| children())}</Toolbar>
            <News shown/>
            <div class="plan__work">
                <div class="plan__sheet" class:plan__sheet--listed=form.is_some()>
                    <div
                        class="plan-grid" role="grid" aria-label=label aria-rowcount=rows.to_string()
                        aria-colcount=columns.to_string() aria-multiselectable="true" tabindex="-1" node_ref=grid
                        inner_html=cells
                    ></div>
                    {list}
                    <StatusBar shown gate/>
                </div>
                <div class="plan__side">
                    <FaultList shown/>
                    <section class="plan-course" aria-labelledby="plan-course" inner_html=course></section>
                </div>
            </div>
            <EditsDialog shown/>
            <MergeDialog shown/>
        </section>
    }
    .into_any()
}

/// What the sheet is of.
fn what(view: &SheetView, lang: Lang) -> String {
    let unit = view.units.first().map_or("", |unit| unit.code.as_str());
    let day = view.plans.first().map(|plan| format::date_short(plan.day, lang)).unwrap_or_default();
    match view.layout {
        Layout::Day => format!("{unit}, {day}"),
        Layout::Days => format!("{unit}, {} {day}", words::VIEW_DAYS.get(lang)),
        Layout::Units => format!("{}, {day}", words::VIEW_UNITS.get(lang)),
    }
}

/// One day as a form of fields.
fn list(
    function: &'static str,
    view: &SheetView,
    sheet: &openbok_domain::plan::sheet::Sheet,
    face: &face::Face,
) -> impl IntoView + use<> {
    let lang = lang();
    let state = portal().form.clone().filter(|state| state.function == function);
    let plan = &view.plans[0];
    let hidden = [
        (FUNCTION_FIELD, function.to_owned()),
        ("unit", view.units[plan.unit].code.clone()),
        ("day", plan.day.to_string()),
        ("resolution", plan.resolution.to_string()),
        ("revision", plan.revision.to_string()),
        ("base", plan.points.clone()),
        ("version", plan.version.unwrap_or_default().to_string()),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let fields = fixed_html(|| {
        let sent = state.as_ref().and_then(|state| list::Sent::of(&state.fields, &sheet.plans()[0]));
        list::rows(face, sheet, sent.as_ref())
    });
    let is_open = plan.is_open;
    view! {
        <form method="post" class="plan-list" id=list::ID novalidate on:submit=|event| event.prevent_default()>
            {hidden.collect_view()}
            <div class="plan-list__body" inner_html=fields></div>
            {is_open.then(|| view! {
                <button type="submit" class="button button--quiet plan-list__save">{words::LIST_SAVE.get(lang)}</button>
            })}
        </form>
    }
}
