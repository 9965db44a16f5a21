//! Plans of production: one unit on a day, on nine days, all units on a day.

pub mod board;
pub mod day;
pub mod days;
mod head;
pub mod history;
pub mod units;

use openbok_domain::plan::view::{Saved, SourceView};
use server_fn::ServerFn;

use crate::api::plans::{ReadSource, SaveDraft};
use crate::browser;
use crate::components::plan_grid::{Answer, Draft, Server, Source};
use crate::portal::Fields;

/// What plans can be copied from.
const SOURCES: &[Source] = &[Source::Yesterday, Source::Week];

/// How grids reach the server.
const SERVER: Server = Server { save, source };

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
