//! One request for access: complete it, approve it for a company, refuse it; its TOKEN.

use leptos::prelude::*;
use openbok_domain::access::{AccessRequestView, Delivery, RequestStatus, TokenState, TokenView};
use openbok_domain::{AccessRequestId, Lang, Refusal};
use openbok_locales::{labels, staff as words};
use server_fn::ServerFn;

use super::requests::source_name;
use crate::api::staff::{
    StaffCloseRequest, StaffDecideRequest, StaffRefuseRequest, StaffReissueToken, StaffRevokeToken,
    StaffWithdrawAccess, staff_request,
};
use crate::components::drawn::drawn;
use crate::components::field::TextField;
use crate::components::form::{Ask, Form, FormContext, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::error::PortalError;
use crate::portal::{TICKED, asked, lang, last_segment};

const LABELS: Labels = &[
    ("company", words::FIELD_COMPANY),
    ("email", words::FIELD_EMAIL),
    ("phone", words::FIELD_PHONE),
    ("company_number", words::FIELD_COMPANY_NUMBER),
];

#[component]
pub fn RequestPage() -> impl IntoView {
    drawn(|| staff_request(last_segment()), content)
}

fn content(request: AccessRequestView) -> AnyView {
    let lang = lang();
    let done = match asked("done").as_deref() {
        Some("saved") => Some(words::COMPLETE_DONE),
        Some("approved") => Some(words::APPROVE_DONE),
        Some("refused") => Some(words::REFUSE_DONE),
        Some("closed") => Some(words::CLOSE_DONE),
        Some("reissued") => Some(words::TOKEN_REISSUED),
        Some("revoked") => Some(words::TOKEN_TAKEN_BACK),
        Some("withdrawn") => Some(words::ACCESS_WITHDRAWN),
        _ => None,
    };
    let is_decided = matches!(request.row.status, RequestStatus::Approved | RequestStatus::Refused);
    let title = if request.row.company.is_empty() {
        words::REQUEST_TITLE.get(lang).to_owned()
    } else {
        request.row.company.clone()
    };
    let lead = format!(
        "{} · {} · {}",
        labels::request_status(request.row.status).get(lang),
        source_name(request.row.source).get(lang),
        request.row.received
    );
    let letter = request.letter.clone().map(|letter| {
        view! {
            <section class="panel" aria-labelledby="letter">
                <h2 id="letter">{words::LETTER.get(lang)}</h2>
                <pre class="letter">{letter}</pre>
            </section>
        }
    });
    let body = if is_decided { facts(&request).into_any() } else { forms(&request).into_any() };
    let token = request.token.clone().map(|token| token_panel(&request, &token));
    view! {
        <Crumbs above=("/staff/requests", words::NAV_REQUESTS) here=title.clone()/>
        <PageHead title lead/>
        {done.map(|text| view! { <Notice tone="positive">{text.get(lang)}</Notice> })}
        {token}
        {body}
        {letter}
    }
    .into_any()
}

fn facts(request: &AccessRequestView) -> impl IntoView + use<> {
    let lang = lang();
    let facts = [
        (words::FIELD_COMPANY, request.row.company.clone()),
        (words::FIELD_EMAIL, request.row.email.clone()),
        (words::FIELD_PHONE, request.phone.clone()),
        (words::FIELD_COMPANY_NUMBER, request.company_number.clone().unwrap_or_default()),
        (words::COMPANY, known_company(request)),
    ];
    let facts = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name.get(lang)}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <section class="panel"><dl class="facts">{facts}</dl></section> }
}

fn forms(request: &AccessRequestView) -> impl IntoView + use<> {
    let lang = lang();
    let (id, revision) = (request.row.id, request.revision);
    let companies = request
        .companies
        .iter()
        .map(|(number, name, units)| {
            view! { <option value=number.clone()>{company_and_units(name, *units, lang)}</option> }
        })
        .collect_view();
    let (company, email, phone) = (request.row.company.clone(), request.row.email.clone(), request.phone.clone());
    let (number, hint) = (request.company_number.clone().unwrap_or_default(), known_company(request));
    view! {
        <Form function=StaffDecideRequest::PATH labels=LABELS help=company_in_doubt>
            <Named id revision/>
            <div class="cards">
                <section class="panel" aria-labelledby="complete">
                    <h2 id="complete">{words::COMPLETE_TITLE.get(lang)}</h2>
                    <div class="form">
                        <TextField name="company" initial=company autocapitalize="words"/>
                        <TextField name="email" kind="email" initial=email/>
                        <TextField name="phone" kind="tel" initial=phone/>
                        <Submit label=words::COMPLETE_SUBMIT class="button button--quiet"/>
                    </div>
                </section>
                <section class="panel" aria-labelledby="approve">
                    <h2 id="approve">{words::APPROVE_TITLE.get(lang)}</h2>
                    <p class="muted">{words::APPROVE_INTRO.get(lang)}</p>
                    <div class="form">
                        <TextField name="company_number" hint initial=number list="companies" is_optional=true/>
                        <datalist id="companies">{companies}</datalist>
                        <SureOf/>
                        // Of several buttons only the pressed one is sent along.
                        <button type="submit" class="button" name="approve" value=TICKED>
                            <Icon name="circle-check"/>
                            {words::APPROVE_SUBMIT.get(lang)}
                        </button>
                    </div>
                </section>
            </div>
        </Form>
        <section class="panel" aria-labelledby="refuse">
            <h2 id="refuse">{words::REFUSE_TITLE.get(lang)}</h2>
            <Form function=StaffRefuseRequest::PATH>
                <Named id revision/>
                <Ask label=words::REFUSE_SUBMIT>
                    <p>{words::REFUSE_INTRO.get(lang)}</p>
                    <Submit label=words::REFUSE_CONFIRM class="button button--danger"/>
                </Ask>
            </Form>
            <Form function=StaffCloseRequest::PATH>
                <Named id revision/>
                <Ask label=words::CLOSE_SUBMIT>
                    <p>{words::CLOSE_INTRO.get(lang)}</p>
                    <Submit label=words::CLOSE_CONFIRM class="button button--danger"/>
                </Ask>
            </Form>
        </section>
    }
}

/// A company as it is told apart from others.
fn company_and_units(name: &str, units: i64, lang: Lang) -> String {
    format!("{name} ({})", words::units_count(lang, units))
}

/// The company whose number was stored or used; empty for none that runs units.
fn known_company(request: &AccessRequestView) -> String {
    let known = request.companies.iter().find(|(number, ..)| Some(number) == request.company_number.as_ref());
    known.map(|(_, name, units)| company_and_units(name, *units, lang())).unwrap_or_default()
}

/// Which customer the typed number is of.
fn company_in_doubt(refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::UnlikelyCompany(name) => Some(name.clone()),
        _ => None,
    }
}

/// Which request a form is about, as it was read. Whoever gets a form back has still read the former state: only the page read
/// anew has the new one.
#[component]
fn Named(id: AccessRequestId, revision: i64) -> impl IntoView {
    let form = expect_context::<FormContext>();
    let is_outdated =
        form.error.with_untracked(|error| matches!(error, Some(PortalError::Refused(Refusal::ChangedMeanwhile))));
    let anew = is_outdated.then(|| {
        view! { <p><a href=format!("/staff/requests/{id}")>{words::REQUEST_RELOAD.get(lang())}</a></p> }
    });
    let revision = form.sent("revision").unwrap_or_else(|| revision.to_string());
    view! {
        {anew}
        <input type="hidden" name="id" value=id.to_string()/>
        <input type="hidden" name="revision" value=revision/>
    }
}

/// The number that staff was asked about: pressing once more is the answer. About another one it is asked again.
#[component]
fn SureOf() -> impl IntoView {
    let form = expect_context::<FormContext>();
    let is_asked =
        form.error.with_untracked(|error| matches!(error, Some(PortalError::Refused(Refusal::UnlikelyCompany(..)))));
    let number = is_asked.then(|| form.sent("company_number")).flatten();
    number.map(|number| view! { <input type="hidden" name="sure_of" value=number/> })
}

fn token_panel(request: &AccessRequestView, token: &TokenView) -> impl IntoView + use<> {
    let lang = lang();
    let text = match token.state {
        TokenState::Open => words::token_open(lang, &token.at),
        TokenState::Used => words::token_used(lang, &token.at),
        TokenState::Expired => words::token_expired(lang, &token.at),
        TokenState::Revoked => words::token_revoked(lang, &token.at),
        TokenState::Withdrawn => words::token_withdrawn(lang, &token.at),
    };
    let is_open = token.state == TokenState::Open;
    let delivery = match token.delivery {
        Delivery::Delayed if is_open => Some(("caution", words::TOKEN_DELAYED)),
        Delivery::Failed if is_open => Some(("danger", words::TOKEN_UNDELIVERED)),
        _ => None,
    };
    let delivery = delivery.map(|(tone, text)| view! { <Notice tone>{text.get(lang)}</Notice> });
    let warning = is_open.then(|| view! { <p class="muted">{words::TOKEN_REVOKE_INTRO.get(lang)}</p> });
    let [of_revoke, of_reissue, of_withdraw] = [(); 3].map(|()| request.row.id.to_string());
    let revoke = is_open.then(|| {
        view! {
            <Form function=StaffRevokeToken::PATH class="actions">
                <input type="hidden" name="id" value=of_revoke/>
                <Submit label=words::TOKEN_REVOKE class="button button--quiet"/>
            </Form>
        }
    });
    let reissue = (token.state != TokenState::Used).then(|| {
        view! {
            <Form function=StaffReissueToken::PATH class="actions">
                <input type="hidden" name="id" value=of_reissue/>
                <Submit label=words::TOKEN_REISSUE class="button button--quiet"/>
            </Form>
        }
    });
    let withdraw = (token.state == TokenState::Used).then(|| {
        view! {
            <Form function=StaffWithdrawAccess::PATH>
                <input type="hidden" name="id" value=of_withdraw/>
                <Ask label=words::ACCESS_WITHDRAW>
                    <p>{words::ACCESS_WITHDRAW_INTRO.get(lang)}</p>
                    <Submit label=words::ACCESS_WITHDRAW_CONFIRM class="button button--danger"/>
                </Ask>
            </Form>
        }
    });
    view! {
        <section class="panel" aria-labelledby="token">
            <h2 id="token">{words::TOKEN_TITLE.get(lang)}</h2>
            <p>{text}</p>
            {delivery}
            {warning}
            <div class="actions">{reissue}{revoke}</div>
            {withdraw}
        </section>
    }
}
