//! Nothing here.

use leptos::prelude::*;

use crate::components::loaded::problem;
use crate::components::page::set_title;
use crate::components::words::headline;
use crate::error::PortalError;
use crate::portal::lang;

#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(http::StatusCode::NOT_FOUND);
    set_title(headline(&PortalError::NotFound, lang()));
    view! {
        {problem(&PortalError::NotFound)}
    }
}
