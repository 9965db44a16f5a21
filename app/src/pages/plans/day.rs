//! One unit on one day: the page where a plan is written and approved.

use leptos::prelude::*;
use openbok_domain::plan::view::{Layout, PlanView, SheetView};
use openbok_domain::plan::{PlanStatus, PointFault};
use openbok_domain::{Lang, Refusal};
use openbok_locales::{faults, plan_grid as words, plans};
use server_fn::ServerFn;

use super::files::ExportMenu;
use super::head::{PlanNav, ResolutionSwitch, asked, lead};
use super::{SERVER, SOURCES};
use crate::api::plans::{ApprovePlan, SavePlanForm, read_sheet};
use crate::components::drawn::handed;
use crate::components::page::{Notice, PageHead};
use crate::components::plan_grid::{Approve, PlanGrid, lean};
use crate::components::problem::problem;
use crate::components::status::PlanBadge;
use crate::components::words::explain;
use crate::error::PortalError;
use crate::portal::{lang, portal};
use openbok_domain::address::plan_page;

#[component]
pub fn PlanDayPage() -> impl IntoView {
    let (unit, day, resolution) = asked();
    handed(
        move || async { read_sheet(Layout::Day.to_string(), unit, day, resolution).await.map(lean) },
        content,
        problem,
    )
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
        let href = format!("{}/history", plan_page(Layout::Day, &code, day));
        view! { <a class="button button--plain button--small" href=href>{plans::HISTORY.get(lang)}</a> }
    });
    let title = words::TITLE.get(lang);
    let (for_export, strip) = (code.clone(), view.strip.clone());
    let refused = refused(&plan, lang);
    view! {
        <PageHead title lead=lead(&view, lang)>
            <div class="plan-head">
                <PlanBadge status/>
                {versions}
                {is_open.then(|| view! { <Approve function=ApprovePlan::PATH unit plan/> })}
            </div>
        </PageHead>
        <PlanNav layout=Layout::Day unit=code day today strip/>
        {returned}
        {refused}
        <PlanGrid view server=SERVER sources=SOURCES form=SavePlanForm::PATH>
            <ExportMenu layout=Layout::Day unit=for_export day/>
            <ResolutionSwitch now=resolution/>
        </PlanGrid>
    }
    .into_any()
}

/// Why the plan could not be approved, where the form was sent without scripts.
fn refused(plan: &PlanView, lang: Lang) -> Option<impl IntoView + use<>> {
    let state = portal().form.clone().filter(|state| state.function == ApprovePlan::PATH)?;
    let faults = match &state.error {
        PortalError::Refused(Refusal::PlanFaults(faults)) => faults.as_slice(),
        _ => &[],
    };
    let name = |fault: &PointFault| {
        let hour = plan.labels.get(fault.index).map_or("", String::as_str);
        format!("{} {hour}: {}", fault.series, faults::of_cell(fault.fault, lang))
    };
    let faults = faults.iter().map(|fault| view! { <li>{name(fault)}</li> }).collect_view();
    Some(
        view! { <Notice tone="danger"><strong>{explain(&state.error, lang)}</strong><ul class="plain">{faults}</ul></Notice> },
    )
}
