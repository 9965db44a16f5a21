//! The operator's texts: terms, cookies, privacy, accessibility.

use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

use crate::error::PortalError;

#[cfg(feature = "ssr")]
use crate::ssr;

/// One text in the language of the page: a blank line ends a paragraph, a leading `# ` makes a heading.
#[server(ReadDocument, prefix = "/api", endpoint = "document", input = GetUrl, output = Json)]
pub async fn read_document(name: String) -> Result<String, PortalError> {
    let visit = ssr::visit();
    let text = match name.as_str() {
        "terms" => &visit.operator.terms.text,
        "cookies" => &visit.operator.cookies.text,
        "privacy" => &visit.operator.privacy.text,
        "accessibility" => &visit.operator.accessibility.text,
        _ => return Err(ssr::not_found()),
    };
    Ok(text.get(visit.lang).to_owned())
}
