//! "Wymagana zmiana hasła": the only thing a one-time password opens.

use leptos::prelude::*;
use openbok_locales::password as words;
use server_fn::ServerFn;

use crate::api::account::ReplacePassword;
use crate::components::form::Labels;
use crate::components::new_password::NewPassword;
use crate::components::page::PageHead;
use crate::portal::lang;

const LABELS: Labels = &[
    ("current_password", words::FIELD_ONE_TIME_PASSWORD),
    ("new_password", words::FIELD_NEW_PASSWORD),
    ("repeat_password", words::FIELD_REPEAT_PASSWORD),
];

#[component]
pub fn RequiredPage() -> impl IntoView {
    let lang = lang();
    view! {
        <PageHead title=words::REQUIRED_TITLE.get(lang) lead=words::REQUIRED_INTRO.get(lang)/>
        <NewPassword
            function=ReplacePassword::PATH labels=LABELS hint=words::HINT_ONE_TIME_PASSWORD.get(lang)
            is_one_time=true
        />
    }
}
