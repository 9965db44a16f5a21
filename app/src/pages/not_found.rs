//! Nothing here.

use leptos::prelude::*;

use crate::components::problem::problem;
use crate::error::PortalError;

#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(http::StatusCode::NOT_FOUND);
    problem(&PortalError::NotFound)
}
