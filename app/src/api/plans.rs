//! Plans as producers work on them.

use leptos::prelude::*;
use openbok_domain::plan::view::{BoardView, FileView, HistoryView, Saved, SheetView, SourceView, UnitView};
use server_fn::codec::{GetUrl, Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Fields, Goto};

#[cfg(feature = "ssr")]
use crate::components::plan_grid::APPROVES;
#[cfg(feature = "ssr")]
use crate::ssr;
#[cfg(feature = "ssr")]
use openbok_domain::Date;
#[cfg(feature = "ssr")]
use openbok_services::DraftForm;

/// The day in the address of a page. One that no calendar has is as absent as a page that does not exist.
#[cfg(feature = "ssr")]
fn day_of_page(day: &str) -> Result<Date, PortalError> {
    day.parse().map_err(|_| ssr::not_found())
}

/// The units that the caller plans for.
#[server(ListUnits, prefix = "/api", endpoint = "units", input = GetUrl, output = Json)]
pub async fn list_units() -> Result<Vec<UnitView>, PortalError> {
    ssr::answer(ssr::services().list_units(&ssr::caller()?).await)
}

/// The board from today on: units after a code, and those that a word finds.
#[server(ReadBoard, prefix = "/api", endpoint = "plan_board", input = GetUrl, output = Json)]
pub async fn read_board(word: String, after: String) -> Result<BoardView, PortalError> {
    let viewer = ssr::answer(ssr::services().producer(&ssr::caller()?).await)?;
    ssr::answer(ssr::services().plan_board(&viewer, word.trim(), &after, ssr::visit().lang).await)
}

/// A sheet: `layout` is the word of a layout, `unit` a code, or nothing for all of them, `resolution` a word, or nothing for
/// the one in which the plan stands.
#[server(ReadSheet, prefix = "/api", endpoint = "sheet", input = GetUrl, output = Json)]
pub async fn read_sheet(
    layout: String,
    unit: String,
    day: String,
    resolution: String,
) -> Result<SheetView, PortalError> {
    let (layout, day) = (ssr::read(&layout)?, day_of_page(&day)?);
    let caller = ssr::caller()?;
    let viewer = ssr::answer(ssr::services().producer(&caller).await)?;
    let lang = ssr::visit().lang;
    let sheet = ssr::services().read_sheet(&viewer, layout, &unit, day, resolution.parse().ok(), lang).await;
    Ok(SheetView { writer: caller.account.to_string(), ..ssr::answer(sheet)? })
}

/// Versions of a plan, and what differs between two of them; those named, else the two newest.
#[server(ReadHistory, prefix = "/api", endpoint = "plan_history", input = GetUrl, output = Json)]
pub async fn read_history(
    unit: String,
    day: String,
    earlier: String,
    later: String,
) -> Result<HistoryView, PortalError> {
    let compared = earlier.parse().ok().zip(later.parse().ok());
    let viewer = ssr::answer(ssr::services().producer(&ssr::caller()?).await)?;
    let day = day_of_page(&day)?;
    ssr::answer(ssr::services().plan_history(&viewer, &unit, day, compared, ssr::visit().lang).await)
}

/// Keeps a draft. The fields are `unit`, `day`, `resolution`, `revision` and the packed `points`.
#[server(SaveDraft, prefix = "/api", endpoint = "save_draft", input = PostUrl, output = Json)]
pub async fn save_draft(#[server(flatten)] fields: Fields) -> Result<Saved, PortalError> {
    ssr::answer(ssr::services().save_draft(&ssr::caller()?, &ssr::plans::draft(&fields)?).await)
}

/// The same from a form without scripts, which has a field for each value instead of the packed points; where its button asks
/// for it, what was kept is approved at once.
#[server(SavePlanForm, prefix = "/api", endpoint = "save_plan_form", input = PostUrl, output = Json)]
pub async fn save_plan_form(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let (caller, draft) = (ssr::caller()?, ssr::plans::typed_draft(&fields)?);
    match ssr::answer(ssr::services().save_draft(&caller, &draft).await)? {
        Saved::Kept { revision, .. } if fields.is_ticked(APPROVES) => {
            ssr::plans::approve(&caller, &DraftForm { revision, ..draft }, fields.get("version")).await
        }
        Saved::Kept { .. } => Ok(Goto::Here),
        Saved::Changed { .. } => ssr::answer(Err(openbok_domain::Refusal::ChangedMeanwhile.into())),
    }
}

/// What a plan can be copied from: `from` is `yesterday`, `week` or `template`.
#[server(ReadSource, prefix = "/api", endpoint = "plan_source", input = GetUrl, output = Json)]
pub async fn read_source(
    unit: String,
    day: String,
    resolution: String,
    from: String,
) -> Result<SourceView, PortalError> {
    let (day, resolution) = (ssr::read(&day)?, ssr::read(&resolution)?);
    ssr::answer(ssr::services().read_source(&ssr::caller()?, &unit, day, resolution, &from).await)
}

/// Keeps what stands in a plan as the template of its unit. The fields are those of a draft.
#[server(KeepTemplate, prefix = "/api", endpoint = "keep_template", input = PostUrl, output = Json)]
pub async fn keep_template(#[server(flatten)] fields: Fields) -> Result<(), PortalError> {
    ssr::answer(ssr::services().keep_template(&ssr::caller()?, &ssr::plans::draft(&fields)?).await)
}

/// Approves what stands in a plan as its next version, and leads to the plan's page, which says so. The fields are those of
/// a draft, and `version`: the newest one that whoever approves has seen. Where that is still the newest one, there was
/// nothing to approve.
#[server(ApprovePlan, prefix = "/api", endpoint = "approve_plan", input = PostUrl, output = Json)]
pub async fn approve_plan(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    ssr::plans::approve(&ssr::caller()?, &ssr::plans::draft(&fields)?, fields.get("version")).await
}

/// What is in a plan file, before anything is done with it. The fields are those of a file.
#[server(ReadPlanFile, prefix = "/api", endpoint = "read_plan_file", input = PostUrl, output = Json)]
pub async fn read_plan_file(#[server(flatten)] fields: Fields) -> Result<FileView, PortalError> {
    let (name, bytes) = ssr::answer(ssr::plans::file(&fields))?;
    ssr::plans::file_view(ssr::services().read_plan_file(&ssr::caller()?, &name, bytes).await)
}

/// Takes all plans of a file as drafts, or none. The fields are those of a file, and `replaces` where values may be replaced.
#[server(ImportPlans, prefix = "/api", endpoint = "import_plans", input = PostUrl, output = Json)]
pub async fn import_plans(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let (name, bytes) = ssr::answer(ssr::plans::file(&fields))?;
    let replaces = fields.is_ticked("replaces");
    let taken = ssr::answer(ssr::services().import_plans(&ssr::caller()?, &name, bytes, replaces).await)?;
    Ok(Goto::page(ssr::plans::taken(&taken)))
}
