//! What is typed into the forms before an account opens and not sent yet: it survives a reload, a look at another page
//! and a change of the language.

use leptos::prelude::*;
use server_fn::codec::{Json, PostUrl};

use crate::error::PortalError;
use crate::portal::Fields;

#[cfg(feature = "ssr")]
use crate::ssr;

/// Lets the browser keep what was typed, sealed, so that a tax number is nowhere to be read. Secrets are left out.
#[server(KeepTyped, prefix = "/api", endpoint = "keep_typed", input = PostUrl, output = Json)]
pub async fn keep_typed(#[server(flatten)] fields: Fields) -> Result<(), PortalError> {
    ssr::cookies::keep_typed(fields.text(crate::portal::FUNCTION_FIELD).as_str(), &fields.without_secrets());
    Ok(())
}
