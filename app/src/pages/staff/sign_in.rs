//! The staff's sign-in.

use leptos::prelude::*;
use openbok_domain::{Fault, FieldErrors, OperatorView, Refusal};
use openbok_locales::{sign_in, staff as words};
use server_fn::ServerFn;

use crate::api::staff::StaffSignIn;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{Notice, PageHead};
use crate::components::secret::SecretField;
use crate::portal::{Fields, asked, lang, operator};

const LABELS: Labels = &[("login", words::FIELD_LOGIN), ("password", words::FIELD_PASSWORD)];

#[component]
pub fn StaffSignInPage() -> impl IntoView {
    let lang = lang();
    view! {
        <section class="form">
            <PageHead title=words::SIGN_IN_TITLE.get(lang) lead=words::SIGN_IN_INTRO.get(lang)/>
            {reason(asked("reason").as_deref())}
            <Form function=StaffSignIn::PATH labels=LABELS validate=validate help=lockout_note>
                <TextField name="login" kind="email" autocomplete="username" inputmode="email"/>
                <SecretField name="password" autocomplete="current-password"/>
                <Submit label=words::SIGN_IN/>
            </Form>
        </section>
    }
}

fn reason(reason: Option<&str>) -> Option<impl IntoView + use<>> {
    let lang = lang();
    let (tone, text) = match reason? {
        "idle" => ("info", sign_in::reason_idle(lang, i64::from(operator().idle_minutes))),
        "signed_out" => ("positive", sign_in::REASON_SIGNED_OUT.get(lang).to_owned()),
        "ended" => ("info", sign_in::REASON_SESSION_ENDED.get(lang).to_owned()),
        "enrolled" => ("positive", words::REASON_ENROLLED.get(lang).to_owned()),
        _ => return None,
    };
    Some(view! { <Notice tone>{text}</Notice> })
}

fn lockout_note(refusal: &Refusal) -> Option<String> {
    (*refusal == Refusal::BadCredentials).then(|| words::LOCKOUT.get(lang()).to_owned())
}

fn validate(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::default();
    for field in ["login", "password"] {
        if fields.get(field).trim().is_empty() {
            errors.push(field, Fault::Required);
        }
    }
    errors.into_result(())
}
