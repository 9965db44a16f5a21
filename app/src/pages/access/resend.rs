//! A new activation link.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use openbok_locales::activation as words;
use server_fn::ServerFn;

use crate::api::registration::ResendActivation;
use crate::components::sent::{MailRequest, ask, required, sent};
use crate::portal::lang;

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
    let is_done = use_query_map().read_untracked().get_str("done").is_some();
    if is_done { sent(words::RESEND_DONE_TITLE, vec![words::RESEND_DONE.get(lang()).to_owned()]) } else { ask(REQUEST) }
}
