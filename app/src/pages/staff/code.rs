//! The second step of the staff's sign-in.

use leptos::prelude::*;
use openbok_domain::staff;
use openbok_domain::{FieldErrors, OperatorView};
use openbok_locales::staff as words;
use server_fn::ServerFn;

use crate::api::staff::StaffCode;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::PageHead;
use crate::portal::{Fields, asked, lang};

const LABELS: Labels = &[("code", words::FIELD_CODE)];

#[component]
pub fn StaffCodePage() -> impl IntoView {
    let lang = lang();
    view! {
        <section class="form">
            <PageHead title=words::CODE_TITLE.get(lang) lead=words::CODE_INTRO.get(lang)/>
            <Form function=StaffCode::PATH labels=LABELS validate=validate>
                {asked("next").map(|next| view! { <input type="hidden" name="next" value=next/> })}
                <TextField name="code" autocomplete="one-time-code" inputmode="numeric" input_class="input input--code"/>
                <Submit label=words::CONFIRM/>
            </Form>
        </section>
    }
}

fn validate(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    staff::code(fields.get("code")).map(|_| ()).map_err(|fault| FieldErrors::one("code", fault))
}
