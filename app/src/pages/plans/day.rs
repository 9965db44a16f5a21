//! One unit on one day: the page where a plan is written and approved.

use leptos::prelude::*;
use openbok_domain::plan::PlanStatus;
use openbok_domain::plan::view::{Layout, SheetView};
use openbok_locales::{plan_grid as words, plans};
use server_fn::ServerFn;

use super::head::{PlanNav, ResolutionSwitch, asked, lead};
use super::{SERVER, SOURCES};
use crate::address::escaped;
use crate::api::plans::{ApprovePlan, SavePlanForm, read_sheet};
use crate::components::drawn::handed;
use crate::components::page::{Notice, PageHead};
use crate::components::plan_grid::{Approve, PlanGrid, lean};
use crate::components::status::PlanBadge;
use crate::portal::lang;

#[component]
pub fn PlanDayPage() -> impl IntoView {
    let (unit, day, resolution) = asked();
    handed(move || async { read_sheet(Layout::Day.to_string(), unit, day, resolution).await.map(lean) }, content)
}

fn content(view: SheetView) -> AnyView {
    let lang = lang();
    let (unit, plan, today) = (view.units[0].clone(), view.plans[0].clone(), view.today);
    let (code, day, resolution, status) = (unit.code.clone(), plan.day, plan.resolution, plan.status);
    let is_open = plan.is_open;
    let returned = (status == PlanStatus::Rejected).then(|| {
        let reasons = plan.reasons.iter().map(|reason| view! { <li>{reason.text.clone()}</li> }).collect_view();
        let number = plan.version.unwrap_or_default().to_string();
        view! { <Notice tone="danger"><strong>{words::returned(lang, &number)}</strong><ul class="plain">{reasons}</ul></Notice> }
    });
    let versions = plan.version.map(|_| {
        let href = format!("/plans/{}/{day}/history", escaped(&code));
        view! { <a class="button button--plain button--small" href=href>{plans::HISTORY.get(lang)}</a> }
    });
    let title = words::TITLE.get(lang);
    view! {
        <PageHead title lead=lead(&view, lang)>
            <div class="plan-head">
                <PlanBadge status/>
                {versions}
                {is_open.then(|| view! { <Approve function=ApprovePlan::PATH unit plan/> })}
            </div>
        </PageHead>
        <PlanNav layout=Layout::Day unit=code day today/>
        {returned}
        <PlanGrid view server=SERVER sources=SOURCES form=SavePlanForm::PATH>
            <ResolutionSwitch now=resolution/>
        </PlanGrid>
    }
    .into_any()
}
