//! Behind the one-shot link of a new member: an authenticator is set up and a password chosen. Opening it uses nothing up.

use leptos::prelude::*;
use openbok_domain::staff::{EnrolmentView, STAFF_PASSWORDS};
use openbok_domain::{FieldErrors, OperatorView};
use openbok_locales::{activation, password, refusals, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffEnrol, enrolment, read_enrolment};
use crate::components::drawn::handed;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{PageHead, set_title};
use crate::components::problem::problem;
use crate::components::secret::SecretField;
use crate::error::PortalError;
use crate::portal::{Fields, asked, lang};

const LABELS: Labels = &[
    ("new_password", words::FIELD_NEW_PASSWORD),
    ("repeat_password", words::FIELD_REPEAT_PASSWORD),
    ("code", words::FIELD_CODE),
];

#[component]
pub fn EnrolPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(token) = asked("token") {
        crate::ssr::take_link(&token);
    }
    // With the token still in the address this answer only leads on.
    let is_leading_on = asked("token").is_some();
    let read = move || async move { if is_leading_on { Err(PortalError::NotFound) } else { read_enrolment().await } };
    set_title(words::ENROL_TITLE.get(lang()));
    handed(read, ready, unusable)
}

fn unusable(error: &PortalError) -> AnyView {
    let PortalError::Refused(refusal) = error else { return problem(error) };
    let lang = lang();
    let why = refusals::message(refusal).get(lang);
    view! {
        <PageHead title=activation::FAILED_TITLE.get(lang) lead=why/>
        <p>{words::ENROL_ASK.get(lang)}</p>
        <div class="actions"><a class="button button--quiet" href="/staff/sign-in">{words::SIGN_IN_TITLE.get(lang)}</a></div>
    }
    .into_any()
}

fn ready(view: EnrolmentView) -> AnyView {
    let lang = lang();
    view! {
        <section class="form">
            <PageHead title=words::ENROL_TITLE.get(lang) lead=words::enrol_for(lang, &view.email)/>
            <p>{words::ENROL_SCAN.get(lang)}</p>
            <div class="scan" role="img" aria-label=words::ENROL_PICTURE.get(lang) inner_html=view.picture></div>
            <p class="code scan__key">{view.key}</p>
            <Form function=StaffEnrol::PATH labels=LABELS validate=validate>
                <SecretField
                    name="new_password" autocomplete="new-password" policy=STAFF_PASSWORDS hint=password::ADVICE.get(lang)
                />
                <SecretField name="repeat_password" autocomplete="new-password"/>
                <TextField
                    name="code" hint=words::HINT_CODE.get(lang) autocomplete="one-time-code" inputmode="numeric"
                    input_class="input input--code"
                />
                <Submit label=words::ENROL_SUBMIT/>
            </Form>
        </section>
    }
    .into_any()
}

fn validate(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    enrolment(fields).validate()
}
