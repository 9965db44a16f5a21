//! The public form of a producer who wants access to planning, and the page after it.

use leptos::prelude::*;
use openbok_domain::{FieldErrors, OperatorView};
use openbok_locales::invitation as words;
use server_fn::ServerFn;

use crate::api::access::{AskAccess, request};
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{PageHead, set_title};
use crate::pages::not_found::NotFound;
use crate::portal::{Fields, asked, has_planning, lang};

const LABELS: Labels =
    &[("company", words::FIELD_COMPANY), ("email", words::FIELD_EMAIL), ("phone", words::FIELD_PHONE)];

#[component]
pub fn RequestPage() -> impl IntoView {
    let lang = lang();
    if !has_planning() {
        return NotFound().into_any();
    }
    if asked("done").is_some() {
        return done();
    }
    view! {
        <PageHead title=words::REQUEST_TITLE.get(lang) lead=words::REQUEST_INTRO.get(lang)/>
        <Form function=AskAccess::PATH labels=LABELS validate=validate is_kept=true>
            <TextField name="company" hint=words::HINT_COMPANY.get(lang) autocomplete="organization" autocapitalize="words"/>
            <TextField name="email" kind="email" hint=words::HINT_EMAIL.get(lang) autocomplete="email" inputmode="email"/>
            <TextField name="phone" kind="tel" hint=words::HINT_PHONE.get(lang) autocomplete="tel" inputmode="tel"/>
            <Submit label=words::REQUEST_SUBMIT/>
        </Form>
        <p>{words::REQUEST_HAVE_TOKEN.get(lang)}" "<a href="/invitation">{words::REQUEST_ENTER_TOKEN.get(lang)}</a></p>
    }
    .into_any()
}

fn validate(fields: &Fields, operator: &OperatorView) -> Result<(), FieldErrors> {
    request(fields).validate(operator.country).map(|_| ())
}

fn done() -> AnyView {
    let lang = lang();
    set_title(words::REQUEST_DONE_TITLE.get(lang));
    view! {
        <div class="success">
            <Icon name="mail"/>
            <h1>{words::REQUEST_DONE_TITLE.get(lang)}</h1>
            <p>{words::REQUEST_DONE_TEXT.get(lang)}</p>
            <div class="actions"><a class="button" href="/sign-in">{openbok_locales::recovery::BACK_TO_SIGN_IN.get(lang)}</a></div>
        </div>
    }
    .into_any()
}
