//! A new activation link.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};
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

pub struct ResendPage {
    is_done: bool,
}

#[lazy_route]
impl LazyRoute for ResendPage {
    fn data() -> Self {
        Self { is_done: use_query_map().read_untracked().get_str("done").is_some() }
    }

    fn view(this: Self) -> AnyView {
        if this.is_done {
            sent(words::RESEND_DONE_TITLE, vec![words::RESEND_DONE.get(lang()).to_owned()])
        } else {
            ask(REQUEST)
        }
    }
}
