//! Registration by contract number, and the page after it.

use leptos::prelude::*;
use openbok_domain::operator::Wizard;
use openbok_domain::{FieldErrors, MobilePhone, Nip, OperatorView, Pesel, Refusal};
use openbok_locales::registration as words;
use server_fn::ServerFn;

use super::document::document_link;
use crate::api::registration::{Register, registration};
use crate::components::choices::{Checkbox, Select};
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{PageHead, Steps, set_title};
use crate::pages::not_found::NotFound;
use crate::portal::{Fields, lang, operator};

const LABELS: Labels = &[
    ("customer_kind", words::FIELD_CUSTOMER_KIND),
    ("pesel", words::FIELD_PESEL),
    ("nip", words::FIELD_NIP),
    ("contract_number", words::FIELD_CONTRACT_NUMBER),
    ("login", words::FIELD_LOGIN),
    ("login_repeat", words::FIELD_LOGIN_REPEAT),
    ("phone", words::FIELD_PHONE),
    ("email", words::FIELD_EMAIL),
    ("terms", words::FIELD_TERMS),
    ("cookies", words::FIELD_COOKIES),
];

/// Hours that an activation link works.
const LINK_HOURS: i64 = 24;

#[component]
pub fn RegisterPage() -> impl IntoView {
    let lang = lang();
    if !operator().wizards.contains(&Wizard::Contract) {
        return NotFound().into_any();
    }
    let may_be_tax_id = operator().allow_tax_id_login;
    let login_hint = if may_be_tax_id { words::HINT_LOGIN } else { words::HINT_OWN_LOGIN };
    view! {
        <Steps at=0/>
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        <p class="muted">{openbok_locales::common::REQUIRED_NOTE.get(lang)}</p>
        <Form function=Register::PATH labels=LABELS validate=validate has_stars=true is_kept=true help=help>
            <fieldset class="form__group">
                <legend>{words::SECTION_CUSTOMER.get(lang)}</legend>
                <Select
                    name="customer_kind"
                    options=&[("individual", words::KIND_INDIVIDUAL), ("business", words::KIND_BUSINESS)]
                />
                <TextField
                    name="pesel" field_class="for-individual" hint=words::HINT_PESEL.get(lang) inputmode="numeric"
                    tidy=|typed, _| Pesel::parse(typed).ok().map(|pesel| pesel.display())
                />
                <TextField
                    name="nip" field_class="for-business" hint=words::HINT_NIP.get(lang) inputmode="numeric"
                    tidy=|typed, _| Nip::parse(typed).ok().map(|nip| nip.display())
                />
                <TextField name="contract_number" hint=words::HINT_CONTRACT_NUMBER.get(lang) autocapitalize="characters"/>
            </fieldset>
            <fieldset class="form__group">
                <legend>{words::SECTION_ACCOUNT.get(lang)}</legend>
                <TextField name="login" hint=login_hint.get(lang) autocomplete="username" is_optional=may_be_tax_id/>
                <TextField name="login_repeat" is_optional=may_be_tax_id/>
                <TextField
                    name="phone" kind="tel" hint=words::HINT_PHONE.get(lang) autocomplete="tel" inputmode="tel"
                    tidy=|typed, country| MobilePhone::parse(typed, country).ok().map(|phone| phone.display())
                />
                <TextField
                    name="email" kind="email" hint=words::HINT_EMAIL.get(lang) autocomplete="email" inputmode="email"
                />
            </fieldset>
            <fieldset class="form__group">
                <legend>{words::SECTION_CONSENTS.get(lang)}</legend>
                <Checkbox name="terms" text=words::TEXT_TERMS>{document_link("terms", words::MORE, "terms", lang)}</Checkbox>
                <Checkbox name="cookies" text=words::TEXT_COOKIES>
                    {document_link("cookies", words::MORE, "cookies", lang)}
                </Checkbox>
            </fieldset>
            <Submit label=words::SUBMIT/>
        </Form>
        <p>{words::HAVE_ACCOUNT.get(lang)}" "<a href="/sign-in">{words::SIGN_IN.get(lang)}</a></p>
    }
    .into_any()
}

fn validate(fields: &Fields, operator: &OperatorView) -> Result<(), FieldErrors> {
    registration(fields).validate(operator.country).map(|_| ())
}

fn help(refusal: &Refusal) -> Option<String> {
    (*refusal == Refusal::NoMatch).then(|| words::no_match_help(lang(), &operator().phone))
}

/// "Udało się!"
#[component]
pub fn DonePage() -> impl IntoView {
    let lang = lang();
    set_title(words::DONE_TITLE.get(lang));
    view! {
        <Steps at=1/>
        <div class="success">
            <Icon name="mail"/>
            <h1>{words::DONE_TITLE.get(lang)}</h1>
            <p>{words::DONE_TEXT.get(lang)}</p>
            <p>{words::done_validity(lang, LINK_HOURS)}</p>
            <p class="muted">{words::DONE_SPAM.get(lang)}</p>
            <div class="actions">
                <a class="button" href="/sign-in">{words::DONE_SIGN_IN.get(lang)}</a>
                <a href="/activate/resend">{words::DONE_RESEND.get(lang)}</a>
            </div>
        </div>
    }
}
