//! "Wymagana zmiana hasła": the only thing a one-time password opens.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
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

pub struct RequiredPage;

#[lazy_route]
impl LazyRoute for RequiredPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let _ = this;
        let lang = lang();
        view! {
            <PageHead title=words::REQUIRED_TITLE.get(lang) lead=words::REQUIRED_INTRO.get(lang)/>
            <NewPassword
                function=ReplacePassword::PATH labels=LABELS hint=words::HINT_ONE_TIME_PASSWORD.get(lang)
                autocomplete="one-time-code"
            />
        }
        .into_any()
    }
}
