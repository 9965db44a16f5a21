//! What stands in place of what could not be read.

use leptos::prelude::*;
use openbok_locales::errors;

use super::icon::Icon;
use super::page::set_title;
use super::words::{explain, headline};
use crate::error::PortalError;
use crate::portal::{home, lang};

/// What happened, what to do, the reference.
pub fn problem(error: &PortalError) -> AnyView {
    let lang = lang();
    set_title(headline(error, lang));
    let icon = if *error == PortalError::NotFound { "inbox" } else { "triangle-alert" };
    let may_pass = matches!(
        error,
        PortalError::Internal(_) | PortalError::Busy(_) | PortalError::TooMany(_) | PortalError::Offline
    );
    // An empty address is the page's own.
    let again = may_pass.then(|| view! { <a class="button" href="">{errors::TRY_AGAIN.get(lang)}</a> });
    view! {
        <div class="empty" role="alert">
            <Icon name=icon/>
            <h1>{headline(error, lang)}</h1>
            <p>{explain(error, lang)}</p>
            <div class="actions">
                {again}
                <a class="button button--quiet" href=home().0>{errors::GO_HOME.get(lang)}</a>
            </div>
        </div>
    }
    .into_any()
}
