//! Signing in.

use leptos::prelude::*;
use openbok_domain::operator::{LoginKind, Wizard};
use openbok_domain::{Fault, FieldErrors, OperatorView, Refusal, UnlockBy};
use openbok_locales::{sign_in, staff};
use server_fn::ServerFn;

use crate::api::session::SignIn;
use crate::components::choices::Checkbox;
use crate::components::drawn::fixed;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Notice, set_title};
use crate::components::secret::SecretField;
use crate::portal::{Fields, asked, has_planning, lang, operator, portal};

const LABELS: Labels =
    &[("login", sign_in::FIELD_LOGIN), ("password", sign_in::FIELD_PASSWORD), ("remember", sign_in::REMEMBER_ME)];

#[component]
pub fn SignInPage() -> impl IntoView {
    let lang = lang();
    let operator = operator();
    let next = asked("next");
    let remembered = portal().remembered_login.clone();
    let has_remembered = remembered.is_some();
    let hint = operator.allow_tax_id_login.then(|| sign_in::HINT_LOGIN.get(lang));
    let has_newcomers = !operator.wizards.is_empty();
    let (autocomplete, inputmode) = match operator.login {
        LoginKind::Name => ("username", "text"),
        LoginKind::Email => ("username", "email"),
    };
    set_title(sign_in::TITLE.get(lang));
    view! {
        <div class="sign-in">
            <section class="form">
                <h1>{sign_in::TITLE.get(lang)}</h1>
                {reason(asked("reason").as_deref().or(next.as_ref().map(|_| "needed")))}
                <Form function=SignIn::PATH labels=LABELS validate=validate is_kept=true help=lockout_note>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
                    <TextField
                        name="login" autocomplete=autocomplete inputmode=inputmode hint=hint.unwrap_or_default()
                        initial=remembered.unwrap_or_default()
                    />
                    <SecretField name="password" autocomplete="current-password"/>
                    <Checkbox name="remember" text=sign_in::HINT_REMEMBER_ME is_optional=true is_ticked=has_remembered/>
                    <Submit label=sign_in::SUBMIT/>
                </Form>
                <p class="sign-in__links">
                    <a href="/recover/password">{sign_in::FORGOT_PASSWORD.get(lang)}</a>
                    <a href="/recover/login">{sign_in::FORGOT_LOGIN.get(lang)}</a>
                </p>
            </section>
            // A fixed part that is empty would leave nothing to wake up beside.
            {has_newcomers.then(|| view! { <div class="sign-in__ways" inner_html=fixed(newcomers)></div> })}
        </div>
    }
}

/// How those come in who have no account yet.
fn newcomers() -> impl IntoView {
    let operator = operator();
    let has = |wizard| operator.wizards.contains(&wizard);
    view! { {has(Wizard::Contract).then(first_time)} {has_planning().then(producers)} }
}

/// What a newcomer needs at hand.
fn first_time() -> impl IntoView {
    let lang = lang();
    let needs =
        [("id-card", sign_in::NEEDS_TAX_ID), ("file-text", sign_in::NEEDS_CONTRACT), ("mail", sign_in::NEEDS_EMAIL)];
    let needs = needs.map(|(icon, text)| view! { <li><Icon name=icon/>{text.get(lang)}</li> }).collect_view();
    view! {
        <section class="panel sign-in__new">
            <h2>{sign_in::FIRST_TIME.get(lang)}</h2>
            <p>{sign_in::FIRST_TIME_TEXT.get(lang)}</p>
            <ul class="sign-in__list">{needs}</ul>
            <p><a class="button button--quiet" href="/register">{sign_in::REGISTER.get(lang)}</a></p>
        </section>
    }
}

/// How a producer comes in.
fn producers() -> impl IntoView {
    let lang = lang();
    view! {
        <section class="panel sign-in__new">
            <h2>{sign_in::PRODUCER_TITLE.get(lang)}</h2>
            <p>{sign_in::PRODUCER_TEXT.get(lang)}</p>
            <div class="actions">
                <a class="button button--quiet" href="/access-request">{sign_in::ASK_ACCESS.get(lang)}</a>
                <a class="button button--quiet" href="/invitation">{sign_in::USE_TOKEN.get(lang)}</a>
            </div>
        </section>
    }
}

/// Why somebody is here again.
pub fn reason(reason: Option<&str>) -> Option<impl IntoView + use<>> {
    let lang = lang();
    let (tone, text) = match reason? {
        "idle" => ("info", sign_in::reason_idle(lang, i64::from(operator().idle_minutes))),
        "signed_out" => ("positive", sign_in::REASON_SIGNED_OUT.get(lang).to_owned()),
        "ended" => ("info", sign_in::REASON_SESSION_ENDED.get(lang).to_owned()),
        "enrolled" => ("positive", staff::REASON_ENROLLED.get(lang).to_owned()),
        "invited" => ("positive", sign_in::REASON_INVITED.get(lang).to_owned()),
        "needed" => ("info", sign_in::REASON_SIGN_IN_FIRST.get(lang).to_owned()),
        _ => return None,
    };
    Some(view! { <Notice tone>{text}</Notice> })
}

/// The same under every failure, whatever its reason.
fn lockout_note(refusal: &Refusal) -> Option<String> {
    let operator = operator();
    let (lang, phone) = (lang(), &operator.phone);
    (*refusal == Refusal::BadCredentials).then(|| match operator.unlock_by {
        UnlockBy::Staff => sign_in::lockout_staff(lang, phone),
        UnlockBy::Time { minutes } => sign_in::lockout_time(lang, i64::from(minutes), phone),
        UnlockBy::Mail => sign_in::lockout_mail(lang, phone),
    })
}

/// Login and password are there.
pub fn validate(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::default();
    for field in ["login", "password"] {
        if fields.get(field).trim().is_empty() {
            errors.push(field, Fault::Required);
        }
    }
    errors.into_result(())
}
