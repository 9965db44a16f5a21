//! Forgotten passwords and logins.

use leptos::prelude::*;
use openbok_domain::operator::PasswordRecovery;
use openbok_domain::{EmailAddress, FieldErrors, OperatorView};
use openbok_locales::recovery as words;
use server_fn::ServerFn;

use crate::api::recovery::{RecoverLogin, RecoverPassword};
use crate::components::sent::{MailRequest, ask, required, sent};
use crate::portal::{Fields, asked, lang, operator};

const PASSWORD: MailRequest = MailRequest {
    function: RecoverPassword::PATH,
    labels: &[("login", words::FIELD_LOGIN)],
    validate: |fields, _| required(fields, "login"),
    title: words::PASSWORD_TITLE,
    intro: words::PASSWORD_INTRO,
    submit: words::PASSWORD_SUBMIT,
};

const LOGIN: MailRequest = MailRequest {
    function: RecoverLogin::PATH,
    labels: &[("email", words::FIELD_EMAIL)],
    validate: email,
    title: words::LOGIN_TITLE,
    intro: words::LOGIN_INTRO,
    submit: words::LOGIN_SUBMIT,
};

/// Minutes that a one-time password for a forgotten one works.
const ONE_TIME_MINUTES: i64 = 60;

#[component]
pub fn PasswordPage() -> impl IntoView {
    let is_done = is_done();
    let lang = lang();
    let is_link = operator().password_recovery == PasswordRecovery::Link;
    match (is_done, is_link) {
        (false, false) => ask(PASSWORD),
        (false, true) => {
            ask(MailRequest { intro: words::PASSWORD_INTRO_LINK, submit: words::PASSWORD_SUBMIT_LINK, ..PASSWORD })
        }
        (true, false) => {
            let texts =
                vec![words::PASSWORD_DONE.get(lang).to_owned(), words::password_done_validity(lang, ONE_TIME_MINUTES)];
            sent(words::DONE_TITLE, texts)
        }
        (true, true) => sent(words::DONE_TITLE, vec![words::PASSWORD_DONE_LINK.get(lang).to_owned()]),
    }
}

#[component]
pub fn LoginPage() -> impl IntoView {
    if is_done() { sent(words::DONE_TITLE, vec![words::LOGIN_DONE.get(lang()).to_owned()]) } else { ask(LOGIN) }
}

fn is_done() -> bool {
    asked("done").is_some()
}

fn email(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    EmailAddress::parse(fields.get("email")).map(|_| ()).map_err(|error| FieldErrors::one("email", error.into()))
}
