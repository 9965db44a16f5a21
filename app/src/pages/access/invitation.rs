//! Registration with a TOKEN, in two steps: the TOKEN, then the invited address and an own password.

use leptos::prelude::*;
use openbok_domain::invitation::InvitationToken;
use openbok_domain::operator::Wizard;
use openbok_domain::{FieldErrors, OperatorView};
use openbok_locales::{invitation as words, password};
use server_fn::ServerFn;

use super::document::document_link;
use crate::api::access::{CheckToken, RedeemToken, invitation};
use crate::components::choices::Checkbox;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{PageHead, StepList};
use crate::components::secret::SecretField;
use crate::pages::not_found::NotFound;
use crate::portal::{Fields, lang, operator};

/// The one field of every form that asks for a TOKEN.
pub const TOKEN: Labels = &[("token", words::FIELD_TOKEN)];

const ACCOUNT: Labels = &[
    ("email", words::FIELD_EMAIL),
    ("new_password", words::FIELD_NEW_PASSWORD),
    ("repeat_password", words::FIELD_REPEAT_PASSWORD),
    ("terms", words::FIELD_TERMS),
];

#[component]
pub fn TokenPage() -> impl IntoView {
    let lang = lang();
    if !operator().wizards.contains(&Wizard::Invitation) {
        return NotFound().into_any();
    }
    view! {
        {steps(0)}
        <PageHead title=words::TOKEN_TITLE.get(lang) lead=words::TOKEN_INTRO.get(lang)/>
        <Form function=CheckToken::PATH labels=TOKEN validate=check_token>
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
    let policy = operator().password_policy;
    view! {
        {steps(1)}
        <PageHead title=words::ACCOUNT_TITLE.get(lang) lead=words::ACCOUNT_INTRO.get(lang)/>
        <Form function=RedeemToken::PATH labels=ACCOUNT validate=check_account>
            <TextField name="email" kind="email" autocomplete="username" inputmode="email"/>
            <SecretField name="new_password" autocomplete="new-password" policy hint=password::ADVICE.get(lang)/>
            <SecretField name="repeat_password" autocomplete="new-password"/>
            <Checkbox name="terms" text=words::TEXT_TERMS>{document_link("terms", words::MORE, "terms", lang)}</Checkbox>
            <Submit label=words::CONFIRM/>
        </Form>
        <p><a href="/invitation">{words::BACK.get(lang)}</a></p>
    }
}

fn check_account(fields: &Fields, operator: &OperatorView) -> Result<(), FieldErrors> {
    invitation(fields).validate(operator.password_policy).map(|_| ())
}

fn steps(at: usize) -> impl IntoView {
    view! { <StepList label=words::STEPS steps=&[words::STEP_TOKEN, words::STEP_ACCOUNT] at/> }
}
