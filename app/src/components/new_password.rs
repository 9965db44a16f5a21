//! The fields of a new password, on the two pages that set one.

use leptos::prelude::*;
use openbok_domain::{FieldErrors, OperatorView, PasswordChange};
use openbok_locales::password;

use super::field::TextField;
use super::form::{Form, Labels, Submit};
use super::secret::SecretField;
use crate::portal::{Fields, lang, operator};

/// Present password, new password with its checklist, the same again.
#[component]
pub fn NewPassword(
    /// Path of the server function.
    function: &'static str,
    /// Labels of the three fields.
    labels: Labels,
    /// Hint under the present password.
    #[prop(optional, into)]
    hint: String,
    /// Whether the present one is a one-time password: copied from a mail once, so shown as it is typed.
    #[prop(optional)]
    is_one_time: bool,
) -> impl IntoView {
    let policy = operator().password_policy;
    let current = move || {
        if is_one_time {
            view! {
                <TextField
                    name="current_password" hint autocomplete="one-time-code" input_class="input input--code"
                    autocapitalize="characters"
                />
            }
            .into_any()
        } else {
            view! { <SecretField name="current_password" autocomplete="current-password" hint/> }.into_any()
        }
    };
    view! {
        <Form function labels validate=validate>
            {current()}
            <SecretField name="new_password" autocomplete="new-password" policy hint=password::ADVICE.get(lang())/>
            <SecretField name="repeat_password" autocomplete="new-password"/>
            <Submit label=password::SUBMIT/>
        </Form>
    }
}

fn validate(fields: &Fields, operator: &OperatorView) -> Result<(), FieldErrors> {
    let form = PasswordChange {
        current: fields.text("current_password"),
        password: fields.text("new_password"),
        repeat: fields.text("repeat_password"),
    };
    form.validate(operator.password_policy)
}
