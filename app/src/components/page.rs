//! Head of a page and the small parts that stand on many pages.

use leptos::prelude::*;
use openbok_locales::{Text, common, registration};

use super::drawn::fixed;
use super::icon::Icon;
use crate::portal::{home, lang, portal};

/// Title in the tab and on the page, one sentence, the one primary action.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// One sentence or figure; an empty one is left out.
    #[prop(optional, into)]
    lead: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    set_title(&title);
    view! {
        <div class="head">
            <div class="head__words">
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="head__lead">{lead}</p> })}
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// Sets the title in the tab: page, then operator; before both, that a form came back with errors.
pub fn set_title(title: &str) {
    #[cfg(feature = "ssr")]
    {
        let portal = portal();
        let mut text = match &portal.operator {
            Some(operator) => common::page_title(portal.lang, &operator.name, title),
            None => title.to_owned(),
        };
        if portal.form.as_ref().is_some_and(|form| form.error.is_some()) {
            text = common::title_with_error(portal.lang, &text);
        }
        drop(view! { <leptos_meta::Title text/> });
    }
    // The document arrives with its title, and the browser leaves it as it is until a form is refused.
    #[cfg(not(feature = "ssr"))]
    let _ = title;
}

/// The ways to the other pages of a list, each by name and address; nothing where the list has no other pages.
pub fn pager<const N: usize>(ways: [(Text, Option<String>); N]) -> Option<impl IntoView + use<N>> {
    let lang = lang();
    let links: Vec<_> = ways
        .into_iter()
        .filter_map(|(name, href)| Some(view! { <a class="button button--quiet" href=href?>{name.get(lang)}</a> }))
        .collect();
    (!links.is_empty()).then(|| view! { <nav class="pager" aria-label=common::PAGER.get(lang)>{links}</nav> })
}

/// Where a page of the second level belongs.
#[component]
pub fn Crumbs(
    /// The page above: address and name.
    above: (&'static str, Text),
    #[prop(into)] here: String,
) -> impl IntoView {
    let lang = lang();
    let (start, name) = home();
    // The first page is not above itself.
    let is_above = above.0 != start && portal().path != start;
    view! {
        <nav class="crumbs" aria-label=common::BREADCRUMBS.get(lang)>
            <ol class="plain">
                {is_above.then(|| view! { <li><a href=start>{name.get(lang)}</a></li> })}
                <li><a href=above.0>{above.1.get(lang)}</a></li>
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
}

/// Where the customer stands on the way to an account: every step, the present one marked and those before it ticked.
#[component]
pub fn Steps(
    /// The present step, from 0.
    at: usize,
) -> impl IntoView {
    let steps = &[registration::STEP_DETAILS, registration::STEP_CONFIRM, registration::STEP_PASSWORD];
    view! { <StepList label=registration::STEPS steps at/> }
}

/// Steps of a way through the portal: every one, the present one marked and those before it ticked.
#[component]
pub fn StepList(
    /// What the steps lead to.
    label: Text,
    steps: &'static [Text],
    /// The present step, from 0.
    at: usize,
) -> impl IntoView {
    let lang = lang();
    let draw = move || {
        let step = |(number, step): (usize, &Text)| {
            let (is_done, is_current) = (number < at, number == at);
            let tick = is_done.then(|| view! { <Icon name="check"/> });
            let done = is_done.then(|| view! { <span class="unseen">", "{common::STEP_DONE.get(lang)}</span> });
            view! {
                <li class:is-done=is_done aria-current=is_current.then_some("step")>{tick}{step.get(lang)}{done}</li>
            }
        };
        steps.iter().enumerate().map(step).collect_view()
    };
    view! { <ol class="steps" aria-label=label.get(lang) inner_html=fixed(draw)></ol> }
}

/// One message in the flow of the page.
#[component]
pub fn Notice(
    /// `positive`, `caution`, `danger` or `info`.
    tone: &'static str,
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        "positive" => "circle-check",
        "info" => "info",
        _ => "triangle-alert",
    };
    view! {
        <div class=format!("notice notice--{tone}") role="status">
            <Icon name=icon/>
            <div>{children()}</div>
        </div>
    }
}

/// In place of an empty list: what it will show once there is something, and what to do meanwhile.
#[component]
pub fn Empty(icon: &'static str, text: Text, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! { <div class="empty"><Icon name=icon/><p>{text.get(lang())}</p>{children.map(|children| children())}</div> }
}
