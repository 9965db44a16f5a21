//! The page behind the link of the activation mail. Opening it changes nothing; its button does.

use leptos::prelude::*;
use openbok_locales::{activation as words, refusals};
use server_fn::ServerFn;

use crate::api::registration::{Activate, check_activation};
use crate::components::drawn::handed;
use crate::components::form::{Form, Submit};
use crate::components::icon::Icon;
use crate::components::page::{PageHead, Steps, set_title};
use crate::components::problem::problem;
use crate::error::PortalError;
use crate::portal::{asked, lang};

#[component]
pub fn ActivatePage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(token) = asked("token") {
        crate::ssr::take_link(&token);
    }
    let is_done = asked("done").is_some();
    // With the token still in the address this answer only leads on, and must not say anything else.
    let is_settled = is_done || asked("token").is_some();
    let check = move || async move { if is_settled { Ok(()) } else { check_activation().await } };
    if is_done {
        return done();
    }
    set_title(words::TITLE.get(lang()));
    handed(check, |()| ready(), unusable).into_any()
}

fn ready() -> AnyView {
    let lang = lang();
    view! {
        <Steps at=1/>
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        <Form function=Activate::PATH><Submit label=words::SUBMIT/></Form>
    }
    .into_any()
}

fn unusable(error: &PortalError) -> AnyView {
    let PortalError::Refused(refusal) = error else { return problem(error) };
    let lang = lang();
    let why = refusals::message(refusal).get(lang);
    view! {
        <PageHead title=words::FAILED_TITLE.get(lang) lead=why/>
        <div class="actions">
            <a class="button" href="/activate/resend">{words::RESEND.get(lang)}</a>
            <a href="/sign-in">{words::DONE_SIGN_IN.get(lang)}</a>
        </div>
    }
    .into_any()
}

fn done() -> AnyView {
    let lang = lang();
    set_title(words::DONE_TITLE.get(lang));
    view! {
        <Steps at=2/>
        <div class="success">
            <Icon name="check"/>
            <h1>{words::DONE_TITLE.get(lang)}</h1>
            <p>{words::DONE_TEXT.get(lang)}</p>
            <p class="muted">{words::DONE_SPAM.get(lang)}</p>
            <div class="actions">
                <a class="button" href="/sign-in">{words::DONE_SIGN_IN.get(lang)}</a>
                <a href="/recover/password">{words::DONE_NO_MAIL.get(lang)}</a>
            </div>
        </div>
    }
    .into_any()
}
