//! A form of one field that asks for a mail, and the constant answer after it.

use leptos::prelude::*;
use openbok_domain::{Fault, FieldErrors};
use openbok_locales::{Text, recovery};

use super::field::TextField;
use super::form::{Check, Form, Labels, Submit};
use super::icon::Icon;
use super::page::{PageHead, set_title};
use crate::portal::{Fields, lang, operator};

/// What a page that asks for a mail says.
#[derive(Clone, Copy)]
pub struct MailRequest {
    /// Path of the server function.
    pub function: &'static str,
    /// The one field.
    pub labels: Labels,
    /// Its check before sending.
    pub validate: Check,
    /// Title of the page.
    pub title: Text,
    /// What is to be typed.
    pub intro: Text,
    /// The button.
    pub submit: Text,
}

/// The form.
///
/// # Panics
/// For a request without its field.
pub fn ask(request: MailRequest) -> AnyView {
    let lang = lang();
    let name = request.labels.first().expect("one field").0;
    let (kind, autocomplete) = if name == "email" { ("email", "email") } else { ("text", "username") };
    view! {
        <PageHead title=request.title.get(lang) lead=request.intro.get(lang)/>
        <Form function=request.function labels=request.labels validate=request.validate is_kept=true>
            <TextField name kind autocomplete=autocomplete/>
            <Submit label=request.submit/>
        </Form>
        <p><a href="/sign-in">{recovery::BACK_TO_SIGN_IN.get(lang)}</a></p>
    }
    .into_any()
}

/// The answer, the same whether or not there is such an account.
pub fn sent(title: Text, texts: Vec<String>) -> AnyView {
    let lang = lang();
    let texts = texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
    set_title(title.get(lang));
    view! {
        <div class="success">
            <Icon name="mail"/>
            <h1>{title.get(lang)}</h1>
            {texts}
            <p class="muted">{recovery::DONE_SPAM.get(lang)}</p>
            <p class="muted">{recovery::done_help(lang, &operator().phone)}</p>
            <a class="button" href="/sign-in">{recovery::BACK_TO_SIGN_IN.get(lang)}</a>
        </div>
    }
    .into_any()
}

/// A check that one field is not empty.
pub fn required(fields: &Fields, name: &str) -> Result<(), FieldErrors> {
    if fields.get(name).trim().is_empty() { Err(FieldErrors::one(name, Fault::Required)) } else { Ok(()) }
}
