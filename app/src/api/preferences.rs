//! How the customer wants to see the pages: kept in cookies, so that the server draws them right at once.

use leptos::prelude::*;
use openbok_domain::Lang;
use server_fn::codec::{Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Goto, Theme};

#[cfg(feature = "ssr")]
use crate::ssr;

/// Chooses the language.
#[server(SetLanguage, prefix = "/api", endpoint = "set_language", input = PostUrl, output = Json)]
pub async fn set_language(lang: Lang) -> Result<Goto, PortalError> {
    ssr::cookies::set_preference("lang", lang.code());
    Ok(Goto::Here)
}

/// Chooses the colours.
#[server(SetTheme, prefix = "/api", endpoint = "set_theme", input = PostUrl, output = Json)]
pub async fn set_theme(theme: Theme) -> Result<Goto, PortalError> {
    ssr::cookies::set_preference("theme", theme.code());
    Ok(Goto::Here)
}

/// Chooses the size of the text: `normal` or `larger`.
#[server(SetTextSize, prefix = "/api", endpoint = "set_text_size", input = PostUrl, output = Json)]
pub async fn set_text_size(size: String) -> Result<Goto, PortalError> {
    ssr::cookies::set_preference("text", if size == "larger" { "larger" } else { "normal" });
    Ok(Goto::Here)
}
