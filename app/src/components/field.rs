//! One field of a form: label, hint, input, error.

use leptos::ev::Event;
use leptos::prelude::*;
use openbok_domain::{Country, Lang};
use wasm_bindgen::JsCast;

use super::form::FormContext;
use super::icon::Icon;
use crate::portal::{lang, operator};

/// The label of a field, with a star where the form has them. The star is drawn by the style sheet, so that it is not
/// part of the name.
pub(super) fn label(form: FormContext, name: &'static str, is_optional: bool, lang: Lang) -> impl IntoView {
    view! { <label for=name class:is-required=form.has_stars && !is_optional>{form.label(name).get(lang)}</label> }
}

/// The error of a field, as soon as there is one.
pub(crate) fn error_line(form: FormContext, name: &'static str, lang: Lang) -> impl IntoView {
    move || {
        form.fault(name, lang).map(|message| {
            view! { <p class="field__error" id=format!("{name}-error")><Icon name="circle-x"/>{message}</p> }
        })
    }
}

/// Ids of the hint and the error, for `aria-describedby`.
pub(crate) fn described_by(form: FormContext, name: &'static str, has_hint: bool, lang: Lang) -> Option<String> {
    let hint = has_hint.then(|| format!("{name}-hint"));
    let error = form.fault(name, lang).map(|_| format!("{name}-error"));
    match (hint, error) {
        (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
        (hint, error) => hint.or(error),
    }
}

/// A field of one line.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(default = "text")] kind: &'static str,
    /// What helps to fill it in; empty for none.
    #[prop(optional, into)]
    hint: String,
    #[prop(optional)] is_optional: bool,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = "none")] autocapitalize: &'static str,
    /// Endings of the files that a field of the kind `file` takes.
    #[prop(optional)]
    accept: Option<&'static str>,
    /// Id of a list of proposals on the page.
    #[prop(optional)]
    list: Option<&'static str>,
    /// What stands in the field when the page opens.
    #[prop(optional, into)]
    initial: Option<String>,
    /// Rewrites a finished value as people write it; nothing leaves it as typed.
    #[prop(optional)]
    tidy: Option<fn(&str, Country) -> Option<String>>,
    #[prop(default = "input")] input_class: &'static str,
    #[prop(default = "")] field_class: &'static str,
) -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    let country = operator().country;
    let has_hint = !hint.is_empty();
    let is_wrong = move || form.fault(name, lang).is_some();
    let tidy_up = move |event: Event| {
        let input: web_sys::HtmlInputElement = event.target().expect("an event has a target").unchecked_into();
        if let Some(tidied) = tidy.and_then(|tidy| tidy(&input.value(), country)) {
            input.set_value(&tidied);
        }
    };
    view! {
        <div class=format!("field {field_class}") class:field--wrong=is_wrong>
            {label(form, name, is_optional, lang)}
            {has_hint.then(|| view! { <p class="field__hint" id=format!("{name}-hint")>{hint}</p> })}
            <input
                class=input_class id=name name=name type=kind accept=accept autocomplete=autocomplete inputmode=inputmode
                value=form.sent(name).or(initial) required=!is_optional spellcheck="false" autocapitalize=autocapitalize list=list
                aria-describedby=move || described_by(form, name, has_hint, lang)
                aria-invalid=move || is_wrong().then_some("true") on:change=tidy_up
            />
            {error_line(form, name, lang)}
        </div>
    }
}
