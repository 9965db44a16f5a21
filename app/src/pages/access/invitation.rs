//! Registration with a TOKEN, in two steps: the TOKEN, then the invited address and an own password.

use leptos::prelude::*;
use openbok_domain::invitation::InvitationToken;
use openbok_domain::{FieldErrors, OperatorView, Refusal};
use openbok_locales::{invitation as words, password};
use server_fn::ServerFn;

use super::document::document_link;
use crate::api::access::{CheckToken, RedeemToken, invitation};
use crate::components::choices::Checkbox;
use crate::components::field::TextField;
use crate::components::form::{Form, FormContext, Labels, Submit};
use crate::components::page::{Notice, PageHead, StepList};
use crate::components::secret::SecretField;
use crate::pages::not_found::NotFound;
use crate::portal::{Fields, asked, has_planning, lang, operator};

/// The one field of every form that asks for a TOKEN.
pub const TOKEN: Labels = &[("token", words::FIELD_TOKEN)];

const ACCOUNT: Labels = &[
    TOKEN[0],
    ("email", words::FIELD_EMAIL),
    ("new_password", words::FIELD_NEW_PASSWORD),
    ("repeat_password", words::FIELD_REPEAT_PASSWORD),
    ("terms", words::FIELD_TERMS),
];

#[component]
pub fn TokenPage() -> impl IntoView {
    let lang = lang();
    if !has_planning() {
        return NotFound().into_any();
    }
    let is_gone = asked("reason").is_some();
    view! {
        {steps(0)}
        <PageHead title=words::TOKEN_TITLE.get(lang) lead=words::TOKEN_INTRO.get(lang)/>
        {is_gone.then(|| view! { <Notice tone="info">{words::TOKEN_GONE.get(lang)}</Notice> })}
        <Form function=CheckToken::PATH labels=TOKEN validate=check_token is_kept=true help=help>
            <TokenField/>
            <Submit label=words::NEXT/>
        </Form>
        <p><a href="/access-request">{openbok_locales::services::NO_TOKEN.get(lang)}</a></p>
    }
    .into_any()
}

/// The field of a TOKEN: typed or pasted in any form, shown in groups.
#[component]
pub fn TokenField() -> impl IntoView {
    view! {
        <TextField
            name="token" hint=words::HINT_TOKEN.get(lang()) autocomplete="one-time-code" autocapitalize="characters"
            input_class="input input--code"
            tidy=|typed, _| InvitationToken::parse(typed).ok().map(|token| token.display())
        />
    }
}

/// The check of a form that asks for a TOKEN.
pub fn check_token(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    InvitationToken::parse(fields.get("token")).map(|_| ()).map_err(|fault| FieldErrors::one("token", fault))
}

#[component]
pub fn AccountPage() -> impl IntoView {
    let lang = lang();
    if !has_planning() {
        return NotFound().into_any();
    }
    #[cfg(feature = "ssr")]
    if crate::ssr::cookies::invitation().is_none() && crate::portal::portal().form.is_none() {
        crate::ssr::lead_to("/invitation?reason=gone");
    }
    let policy = operator().password_policy;
    view! {
        {steps(1)}
        <PageHead title=words::ACCOUNT_TITLE.get(lang) lead=words::ACCOUNT_INTRO.get(lang)/>
        <Form function=RedeemToken::PATH labels=ACCOUNT validate=check_account is_kept=true help=help>
            <TokenAgain/>
            <TextField name="email" kind="email" autocomplete="username" inputmode="email"/>
            <SecretField name="new_password" autocomplete="new-password" policy hint=password::ADVICE.get(lang)/>
            <SecretField name="repeat_password" autocomplete="new-password"/>
            <Checkbox name="terms" text=words::TEXT_TERMS>{document_link("terms", words::MORE, "terms", lang)}</Checkbox>
            <Submit label=words::CONFIRM/>
        </Form>
        <p><a href="/invitation">{words::BACK.get(lang)}</a></p>
    }
    .into_any()
}

/// What to do about a TOKEN that does not work here.
fn help(refusal: &Refusal) -> Option<String> {
    let text = match refusal {
        Refusal::TokenUsed => words::HELP_USED,
        Refusal::TokenForeign => words::HELP_FOREIGN,
        _ => return None,
    };
    Some(text.get(lang()).to_owned())
}

/// Asks for the TOKEN beside what is typed already, once the browser that was to keep it does so no longer.
#[component]
fn TokenAgain() -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    let was_sent = form.sent("token").is_some();
    let is_gone = Memo::new(move |before| before == Some(&true) || was_sent || form.fault("token", lang).is_some());
    move || {
        is_gone.get().then(|| {
            view! {
                <Notice tone="info">{words::TOKEN_GONE.get(lang)}</Notice>
                <TokenField/>
            }
        })
    }
}

fn check_account(fields: &Fields, operator: &OperatorView) -> Result<(), FieldErrors> {
    if fields.0.contains_key("token") {
        check_token(fields, operator)?;
    }
    invitation(fields).validate(operator.password_policy).map(|_| ())
}

fn steps(at: usize) -> impl IntoView {
    view! { <StepList label=words::STEPS steps=&[words::STEP_TOKEN, words::STEP_ACCOUNT] at/> }
}
