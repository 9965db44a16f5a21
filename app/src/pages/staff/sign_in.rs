//! The staff's sign-in.

use leptos::prelude::*;
use openbok_domain::Refusal;
use openbok_locales::staff as words;
use server_fn::ServerFn;

use crate::api::staff::StaffSignIn;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::PageHead;
use crate::components::secret::SecretField;
use crate::pages::access::sign_in::{reason, validate};
use crate::portal::{asked, lang};

const LABELS: Labels = &[("login", words::FIELD_LOGIN), ("password", words::FIELD_PASSWORD)];

#[component]
pub fn StaffSignInPage() -> impl IntoView {
    let lang = lang();
    let next = asked("next");
    view! {
        <section class="form">
            <PageHead title=words::SIGN_IN_TITLE.get(lang) lead=words::SIGN_IN_INTRO.get(lang)/>
            {reason(asked("reason").as_deref().or(next.as_ref().map(|_| "needed")))}
            <Form function=StaffSignIn::PATH labels=LABELS validate=validate help=lockout_note>
                {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
                <TextField name="login" kind="email" autocomplete="username" inputmode="email"/>
                <SecretField name="password" autocomplete="current-password"/>
                <Submit label=words::SIGN_IN/>
            </Form>
        </section>
    }
}

fn lockout_note(refusal: &Refusal) -> Option<String> {
    (*refusal == Refusal::BadCredentials).then(|| words::LOCKOUT.get(lang()).to_owned())
}
