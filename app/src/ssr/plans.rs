//! Drafts of plans and plan files out of the fields of their forms.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openbok_domain::plan::view::{FilePlanView, FileView, Layout};
use openbok_domain::plan::{Cell, Points, Resolution, Series};
use openbok_domain::{Fault, FieldErrors, Refusal};
use openbok_locales::file_faults;
use openbok_services::{Caller, DraftForm, ServiceError, TakenPlans};

use super::{answer, read, services, visit};
use crate::components::plan_grid::field_name;
use crate::error::PortalError;
use crate::portal::{Fields, Goto};
use openbok_domain::address::{escaped, plan_page};

/// A draft with its points packed, as a page that is awake sends it.
pub fn draft(fields: &Fields) -> Result<DraftForm, PortalError> {
    Ok(DraftForm {
        unit: fields.text("unit"),
        day: read(fields.get("day"))?,
        resolution: read(fields.get("resolution"))?,
        revision: read(fields.get("revision"))?,
        points: fields.text("points"),
    })
}

/// A draft with a field for each value, as a form without scripts sends it.
pub fn typed_draft(fields: &Fields) -> Result<DraftForm, PortalError> {
    let mut draft = draft(fields)?;
    let most = match draft.resolution {
        Resolution::Hour => 25,
        Resolution::Quarter => 100,
    };
    let cells = |series| -> Vec<Cell> {
        (0..most).map_while(|index| fields.0.get(&field_name(series, index))).map(|typed| Cell::typed(typed)).collect()
    };
    // Series of different lengths are no plan; the service says so.
    draft.points = Points::new(cells(Series::Pplan), cells(Series::Pauto)).unwrap_or_default().pack();
    Ok(draft)
}

/// Approves a draft, and leads to the plan's page, which says so; `seen` is the newest version that whoever approves has seen.
pub async fn approve(caller: &Caller, draft: &DraftForm, seen: &str) -> Result<Goto, PortalError> {
    let number = answer(services().approve_plan(caller, draft).await)?.to_string();
    let word = if seen == number { "unchanged" } else { "approved" };
    Ok(Goto::page(format!("{}?{word}={number}", plan_page(Layout::Day, &draft.unit, draft.day))))
}

/// Name and content of a file among the fields of a form.
///
/// # Errors
/// Without a file the field `file` is wrong.
pub fn file(fields: &Fields) -> Result<(String, Vec<u8>), ServiceError> {
    let fault = |fault| ServiceError::from(FieldErrors::one("file", fault));
    let (name, content) = (fields.text("file_name"), fields.get("file"));
    if name.is_empty() && content.is_empty() {
        return Err(fault(Fault::Required));
    }
    Ok((name, STANDARD.decode(content).map_err(|_| fault(Fault::Malformed))?))
}

/// What is in a file, or what is wrong with it in the visitor's language.
pub fn file_view(plans: Result<Vec<FilePlanView>, ServiceError>) -> Result<FileView, PortalError> {
    match plans {
        Err(ServiceError::Refused(Refusal::PlanFile(faults))) => {
            let lang = visit().lang;
            Ok(FileView::Faults(faults.iter().map(|fault| file_faults::message(fault, lang)).collect()))
        }
        plans => answer(plans).map(FileView::Plans),
    }
}

/// Where a file that was taken leads: the page of plan files, which says how many plans there were and where to see them;
/// and how many values break the rules, with the first plan that has some.
pub fn taken(taken: &TakenPlans) -> String {
    let TakenPlans { plans, wrong } = taken;
    let (mut units, mut days): (Vec<_>, Vec<_>) = plans.iter().map(|plan| (plan.unit.as_str(), plan.day)).unzip();
    units.sort_unstable();
    units.dedup();
    days.sort_unstable();
    days.dedup();
    let place = match (units.as_slice(), days.as_slice()) {
        ([unit], [day]) => plan_page(Layout::Day, unit, *day),
        ([unit], [first, ..]) => plan_page(Layout::Days, unit, *first),
        (_, [day]) => plan_page(Layout::Units, "", *day),
        _ => "/plans".to_owned(),
    };
    let first = plans.iter().zip(wrong).find(|(_, wrong)| **wrong > 0);
    let first = first.map(|(plan, _)| {
        let wrong: usize = wrong.iter().sum();
        format!("&wrong={wrong}&layout={}&unit={}&day={}", Layout::Day, escaped(&plan.unit), plan.day)
    });
    format!("/plans/files?taken={}&place={}{}", plans.len(), escaped(&place), first.unwrap_or_default())
}
