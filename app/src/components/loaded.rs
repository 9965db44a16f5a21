//! Data on their way: a skeleton in the shape of what comes, then the content, or what went wrong.

use leptos::prelude::*;
use openbok_locales::{common, errors};

use super::icon::Icon;
use super::words::{explain, headline};
use crate::browser;
use crate::error::PortalError;
use crate::portal::lang;

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
                    Err(error) => problem(&error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// An error in place of content: what happened, what to do, the reference.
pub fn problem(error: &PortalError) -> AnyView {
    let lang = lang();
    if *error == PortalError::SignedOut {
        Effect::new(|| browser::go_to("/sign-in?reason=ended"));
    }
    let icon = if *error == PortalError::NotFound { "inbox" } else { "triangle-alert" };
    view! {
        <div class="empty" role="alert">
            <Icon name=icon/>
            <h2>{headline(error, lang)}</h2>
            <p>{explain(error, lang)}</p>
            <a class="button button--quiet" href="/">{errors::GO_HOME.get(lang)}</a>
        </div>
    }
    .into_any()
}
