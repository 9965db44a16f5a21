//! The operator's texts: terms, cookies, privacy, accessibility.

use leptos::prelude::*;
use openbok_domain::Lang;
use openbok_locales::{Text, common, terms};

use crate::api::documents::read_document;
use crate::components::drawn::drawn;
use crate::components::icon::Icon;
use crate::components::page::PageHead;
use crate::portal::{lang, last_segment, operator};

#[component]
pub fn DocumentPage() -> impl IntoView {
    drawn(|| read_document(last_segment()), |text| content(&text))
}

fn content(text: &str) -> AnyView {
    let lang = lang();
    let name = last_segment();
    let version = (name == "terms").then(|| terms::version(lang, &operator().terms_version));
    view! {
        {title(&name).map(|title| view! { <PageHead title=title.get(lang) lead=version.unwrap_or_default()/> })}
        <article class="prose">{prose(text)}</article>
    }
    .into_any()
}

fn title(name: &str) -> Option<Text> {
    match name {
        "terms" => Some(terms::DOCUMENT_TERMS),
        "cookies" => Some(terms::DOCUMENT_COOKIES),
        "privacy" => Some(terms::DOCUMENT_PRIVACY),
        "accessibility" => Some(terms::DOCUMENT_ACCESSIBILITY),
        _ => None,
    }
}

/// Paragraphs and headings of a profile's plain text.
pub fn prose(text: &str) -> impl IntoView + use<> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|block| !block.is_empty())
        .map(|block| match block.strip_prefix("# ") {
            Some(heading) => view! { <h2>{heading.to_owned()}</h2> }.into_any(),
            None => view! { <p>{block.to_owned()}</p> }.into_any(),
        })
        .collect_view()
}

/// A link to a text of the operator that keeps the page it stands on, with what was typed there.
pub fn document_link(name: &'static str, text: Text, field: &'static str, lang: Lang) -> impl IntoView {
    view! {
        <a
            class="opens" href=format!("/documents/{name}") target="_blank" rel="noopener"
            aria-describedby=format!("{field}-label {field}-opens")
        >
            {text.get(lang)}<Icon name="external-link"/>
        </a>
        <span hidden id=format!("{field}-opens")>{common::OPENS_IN_NEW_TAB.get(lang)}</span>
    }
}
