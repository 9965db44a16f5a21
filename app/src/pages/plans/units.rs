//! All units on one day, one series at a time.

use leptos::prelude::*;
use openbok_domain::plan::view::{Layout, SheetView};
use openbok_locales::plan_grid as words;

use super::head::{PlanNav, ResolutionSwitch, asked, lead, one_by_one};
use super::{SERVER, SOURCES};
use crate::api::plans::read_sheet;
use crate::components::drawn::handed;
use crate::components::page::PageHead;
use crate::components::plan_grid::{PlanGrid, lean};
use crate::portal::lang;

#[component]
pub fn PlanUnitsPage() -> impl IntoView {
    let (_, day, resolution) = asked();
    handed(
        move || async { read_sheet(Layout::Units.to_string(), String::new(), day, resolution).await.map(lean) },
        content,
    )
}

fn content(view: SheetView) -> AnyView {
    let lang = lang();
    let Some(plan) = view.plans.first() else { return ().into_any() };
    let (day, resolution, today) = (plan.day, plan.resolution, view.today);
    let unit = view.units.first().map(|unit| unit.code.clone()).unwrap_or_default();
    view! {
        <PageHead title=words::TITLE_UNITS.get(lang) lead=lead(&view, lang)/>
        <PlanNav layout=Layout::Units unit day today/>
        {one_by_one(&view)}
        <PlanGrid view server=SERVER sources=SOURCES>
            <ResolutionSwitch now=resolution/>
        </PlanGrid>
    }
    .into_any()
}
