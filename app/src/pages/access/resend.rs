//! A new activation link.

use leptos::prelude::*;
use openbok_locales::activation as words;
use server_fn::ServerFn;

use crate::api::registration::ResendActivation;
use crate::components::sent::{MailRequest, ask, required, sent};
use crate::portal::{asked, lang};

const REQUEST: MailRequest = MailRequest {
    function: ResendActivation::PATH,
    labels: &[("login", words::FIELD_LOGIN)],
    validate: |fields, _| required(fields, "login"),
    title: words::RESEND_TITLE,
    intro: words::RESEND_INTRO,
    submit: words::RESEND_SUBMIT,
};

#[component]
pub fn ResendPage() -> impl IntoView {
    let is_done = asked("done").is_some();
    if is_done { sent(words::RESEND_DONE_TITLE, vec![words::RESEND_DONE.get(lang()).to_owned()]) } else { ask(REQUEST) }
}
