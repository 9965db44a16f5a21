//! One unit on one day: the page where a plan is written and approved.

use leptos::prelude::*;
use openbok_domain::plan::view::{HistoryView, Layout, PlanView, SheetView};
use openbok_domain::plan::{PlanStatus, PointFault};
use openbok_domain::{Lang, Refusal};
use openbok_locales::{faults, plan_grid as words, plans};
use server_fn::ServerFn;

use super::files::ExportMenu;
use super::head::{PlanNav, ResolutionSwitch, asked, kept_fine, lead};
use super::history::checksum;
use super::{SERVER, SOURCES};
use crate::api::plans::{ApprovePlan, SavePlanForm, read_history, read_sheet};
use crate::components::drawn::{drawn, fixed_html, handed};
use crate::components::page::{Notice, PageHead};
use crate::components::plan_grid::{Approve, PlanGrid, badge, lean};
use crate::components::problem::problem;
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
        let reasons = plan.reasons.iter().map(|reason| view! { <li>{reason.said(&view.labels)}</li> }).collect_view();
        let number = plan.version.unwrap_or_default().to_string();
        view! { <Notice tone="danger"><strong>{words::returned(lang, &number)}</strong><ul class="plain">{reasons}</ul></Notice> }
    });
    let versions = plan.version.map(|_| {
        let href = format!("{}/history", plan_page(Layout::Day, &code, day));
        view! { <a class="button button--plain button--small" href=href>{plans::HISTORY.get(lang)}</a> }
    });
    let title = words::TITLE.get(lang);
    let (for_export, strip) = (code.clone(), view.strip.clone());
    let refused = refused(&view.labels, lang);
    let approved = approved(&code, &plan);
    let standing = fixed_html(|| badge(status, plan.is_changed, lang));
    view! {
        <PageHead title lead=lead(&view, lang)>
            <div class="plan-head">
                <span class="plan-head__standing" data-badge=day.to_string() inner_html=standing></span>
                {versions}
                {is_open.then(|| view! { <Approve function=ApprovePlan::PATH version=plan.version/> })}
            </div>
        </PageHead>
        <PlanNav layout=Layout::Day unit=code day today strip/>
        {kept_fine(resolution)}
        {approved}
        {returned}
        {refused}
        <PlanGrid view server=SERVER sources=SOURCES form=SavePlanForm::PATH>
            <ExportMenu layout=Layout::Day unit=for_export day/>
            <ResolutionSwitch now=resolution/>
        </PlanGrid>
    }
    .into_any()
}

/// What was approved just now, or that nothing was left to approve, as long as it is so. Approving leads here with the
/// number of the version.
fn approved(unit: &str, plan: &PlanView) -> Option<impl IntoView + use<>> {
    let number = plan.version.filter(|_| !plan.is_changed && plan.status != PlanStatus::Rejected)?.to_string();
    let portal = portal();
    if portal.query.get("approved") != number && portal.query.get("unchanged") != number {
        return None;
    }
    let (unit, day) = (unit.to_owned(), plan.day.to_string());
    Some(drawn(move || read_history(unit, day, String::new(), String::new()), approval))
}

fn approval(history: HistoryView) -> AnyView {
    let lang = lang();
    let Some(version) = history.versions.first() else { return ().into_any() };
    let number = version.number.to_string();
    let (tone, title) = if portal().query.get("unchanged") == number {
        ("info", words::approved_already(lang, &number))
    } else {
        ("positive", words::approved(lang, &number))
    };
    let (at, by, sum) = (version.approved.clone(), version.by.clone(), checksum(version));
    view! {
        <Notice tone>
            <strong>{title}</strong>
            <p>{at}" · "{by}" · "{plans::CHECKSUM.get(lang)}": "{sum}</p>
        </Notice>
    }
    .into_any()
}

/// Why the plan could not be kept or approved, where the list was sent without scripts.
fn refused(labels: &[String], lang: Lang) -> Option<impl IntoView + use<>> {
    let state = portal().form.clone().filter(|state| state.function == SavePlanForm::PATH)?;
    let error = state.error?;
    let faults = match &error {
        PortalError::Refused(Refusal::PlanFaults(faults)) => faults.as_slice(),
        _ => &[],
    };
    let name = |fault: &PointFault| {
        let hour = labels.get(fault.index).map_or("", String::as_str);
        format!("{} {hour}: {}", fault.series, faults::of_cell(fault.fault, lang))
    };
    let faults = faults.iter().map(|fault| view! { <li>{name(fault)}</li> }).collect_view();
    Some(
        view! { <Notice tone="danger"><strong>{explain(&error, lang)}</strong><ul class="plain">{faults}</ul></Notice> },
    )
}
