//! Data on their way: a skeleton in the shape of what comes, then the content, or what went wrong.

use leptos::prelude::*;
use openbok_locales::{common, errors};

use super::icon::Icon;
use super::page::set_title;
use super::words::{explain, headline};
use crate::browser;
use crate::error::PortalError;
use crate::portal::{home, lang};

/// What a page asked the server for.
pub type Answer<T> = Resource<Result<T, PortalError>>;

/// Shows what has been loaded, or why not.
pub fn loaded<T>(answer: Answer<T>, show: fn(T) -> AnyView) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    let lang = lang();
    view! {
        <Suspense fallback=move || view! {
            <div class="skeleton" role="status" aria-label=common::LOADING.get(lang)><span></span><span></span><span></span></div>
        }>
            {move || Suspend::new(async move {
                match answer.await {
                    Ok(content) => show(content),
                    Err(error) => part_problem(&error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// An error in place of a page: what happened, what to do, the reference.
pub fn problem(error: &PortalError) -> AnyView {
    let lang = lang();
    set_title(headline(error, lang));
    let heading = view! { <h1>{headline(error, lang)}</h1> };
    explained(error, heading.into_any())
}

/// An error in place of a part of a page.
fn part_problem(error: &PortalError) -> AnyView {
    if *error == PortalError::SignedOut {
        Effect::new(browser::sign_in_again);
    }
    let heading = view! { <h2>{headline(error, lang())}</h2> };
    explained(error, heading.into_any())
}

fn explained(error: &PortalError, heading: AnyView) -> AnyView {
    let lang = lang();
    let icon = if *error == PortalError::NotFound { "inbox" } else { "triangle-alert" };
    let may_pass = matches!(
        error,
        PortalError::Internal { .. } | PortalError::Busy { .. } | PortalError::TooMany { .. } | PortalError::Offline
    );
    // An empty address is the page's own.
    let again = may_pass.then(|| view! { <a class="button" href="">{errors::TRY_AGAIN.get(lang)}</a> });
    view! {
        <div class="empty" role="alert">
            <Icon name=icon/>
            {heading}
            <p>{explain(error, lang)}</p>
            <div class="actions">
                {again}
                <a class="button button--quiet" href=home().0>{errors::GO_HOME.get(lang)}</a>
            </div>
        </div>
    }
    .into_any()
}
