//! New terms: nothing else opens until they are accepted.

use leptos::prelude::*;
use openbok_domain::{Fault, FieldErrors, OperatorView};
use openbok_locales::terms as words;
use server_fn::ServerFn;

use super::document::prose;
use crate::api::account::AcceptTerms;
use crate::api::documents::read_document;
use crate::api::session::SignOut;
use crate::components::choices::Checkbox;
use crate::components::drawn::drawn;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::PageHead;
use crate::portal::{Fields, lang, operator};

const LABELS: Labels = &[("terms", words::FIELD_TERMS)];

#[component]
pub fn AcceptPage() -> impl IntoView {
    let lang = lang();
    let version = operator().terms_version;
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        <section class="panel">
            <h2>{words::version(lang, &version)}</h2>
            {drawn(|| read_document("terms".to_owned()), |text| view! { <div class="prose">{prose(&text)}</div> }.into_any())}
        </section>
        <Form function=AcceptTerms::PATH labels=LABELS validate=validate>
            <input type="hidden" name="version" value=version.clone()/>
            <Checkbox name="terms" text=words::TEXT_TERMS/>
            <Submit label=words::SUBMIT/>
        </Form>
        <p class="muted">{words::DECLINE_HINT.get(lang)}</p>
        <Form function=SignOut::PATH><Submit label=words::DECLINE class="button button--quiet"/></Form>
    }
}

fn validate(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    if fields.is_ticked("terms") { Ok(()) } else { Err(FieldErrors::one("terms", Fault::NotAccepted)) }
}
