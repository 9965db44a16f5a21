//! Plans of production: one unit on a day, on nine days, all units on a day.

pub mod board;
pub mod day;
pub mod files;
mod head;
pub mod history;
pub mod many;

use openbok_domain::plan::view::{FileView, Saved, SourceView};
use server_fn::ServerFn;

use crate::api::plans::{KeepTemplate, ReadPlanFile, ReadSource, SaveDraft};
use crate::browser;
use crate::components::plan_grid::{Answer, Draft, Server, Source};
use crate::portal::Fields;

/// What plans can be copied from.
const SOURCES: &[Source] = &Source::ALL;

/// How grids reach the server.
const SERVER: Server = Server { save, source, keep, read };

fn save(draft: Draft) -> Answer<Saved> {
    Box::pin(async move { browser::post(SaveDraft::PATH, &draft.fields()).await })
}

fn source(draft: Draft, from: Source) -> Answer<SourceView> {
    let mut fields = Fields::default();
    fields.set("unit", draft.unit);
    fields.set("day", draft.day.to_string());
    fields.set("resolution", draft.resolution.to_string());
    fields.set("from", from.code().to_owned());
    Box::pin(async move { browser::get(ReadSource::PATH, &fields).await })
}

fn keep(draft: Draft) -> Answer<()> {
    Box::pin(async move { browser::post(KeepTemplate::PATH, &draft.fields()).await })
}

fn read(name: String, content: String) -> Answer<FileView> {
    let mut fields = Fields::default();
    fields.set("file_name", name);
    fields.set("file", content);
    Box::pin(async move { browser::post(ReadPlanFile::PATH, &fields).await })
}
