//! Several plans at once: a unit on nine days, or all units on a day, one series at a time.

use leptos::prelude::*;
use openbok_domain::plan::view::{Layout, SheetView};
use openbok_locales::{plan_grid as words, plans};

use super::files::ExportMenu;
use super::head::{PlanNav, ResolutionSwitch, asked, kept_fine, lead, one_by_one};
use super::{SERVER, SOURCES};
use crate::api::plans::read_sheet;
use crate::components::drawn::handed;
use crate::components::page::{Empty, PageHead};
use crate::components::plan_grid::{PlanGrid, lean};
use crate::components::problem::problem;
use crate::portal::lang;

#[component]
pub fn PlanDaysPage() -> impl IntoView {
    let (unit, day, resolution) = asked();
    handed(
        move || async { read_sheet(Layout::Days.to_string(), unit, day, resolution).await.map(lean) },
        content,
        problem,
    )
}

#[component]
pub fn PlanUnitsPage() -> impl IntoView {
    let (_, day, resolution) = asked();
    let unit = String::new();
    handed(
        move || async { read_sheet(Layout::Units.to_string(), unit, day, resolution).await.map(lean) },
        content,
        problem,
    )
}

fn content(view: SheetView) -> AnyView {
    let lang = lang();
    let layout = view.layout;
    let title = if layout == Layout::Days { words::TITLE_DAYS } else { words::TITLE_UNITS };
    let (Some(plan), Some(unit)) = (view.plans.first(), view.units.first()) else {
        return view! { <PageHead title=title.get(lang)/> <Empty icon="zap" text=plans::EMPTY/> }.into_any();
    };
    let (day, resolution, today, unit) = (plan.day, plan.resolution, view.today, unit.code.clone());
    let (for_export, strip) = (unit.clone(), view.strip.clone());
    view! {
        <PageHead title=title.get(lang) lead=lead(&view, lang)/>
        <PlanNav layout unit day today strip/>
        {kept_fine(resolution)}
        {one_by_one(&view)}
        <PlanGrid view server=SERVER sources=SOURCES>
            <ExportMenu layout unit=for_export day/>
            <ResolutionSwitch now=resolution/>
        </PlanGrid>
    }
    .into_any()
}
