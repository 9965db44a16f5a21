//! One request for access: complete it, approve it for a company, refuse it; its TOKEN.

use leptos::prelude::*;
use openbok_domain::access::{AccessRequestView, RequestStatus, TokenState, TokenView};
use openbok_locales::staff as words;
use server_fn::ServerFn;

use super::requests::{source_name, status_name};
use crate::api::staff::{
    StaffApproveRequest, StaffCompleteRequest, StaffRefuseRequest, StaffReissueToken, StaffRevokeToken, staff_request,
};
use crate::components::drawn::drawn;
use crate::components::field::TextField;
use crate::components::form::{Ask, Form, Labels, Submit};
use crate::components::page::{Crumbs, PageHead};
use crate::portal::{lang, last_segment};

const COMPLETE: Labels =
    &[("company", words::FIELD_COMPANY), ("email", words::FIELD_EMAIL), ("phone", words::FIELD_PHONE)];
const APPROVE: Labels = &[
    ("company_number", words::FIELD_COMPANY_NUMBER),
    ("company", words::FIELD_COMPANY),
    ("email", words::FIELD_EMAIL),
    ("phone", words::FIELD_PHONE),
];

#[component]
pub fn RequestPage() -> impl IntoView {
    drawn(|| staff_request(last_segment()), content)
}

fn content(request: AccessRequestView) -> AnyView {
    let lang = lang();
    let is_decided = matches!(request.row.status, RequestStatus::Approved | RequestStatus::Refused);
    let title = if request.row.company.is_empty() {
        words::REQUEST_TITLE.get(lang).to_owned()
    } else {
        request.row.company.clone()
    };
    let lead = format!(
        "{} · {} · {}",
        status_name(request.row.status).get(lang),
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
    let named = || {
        view! {
            <input type="hidden" name="id" value=request.row.id.to_string()/>
            <input type="hidden" name="revision" value=request.revision.to_string()/>
        }
    };
    let (complete, approve, refuse) = (named(), named(), named());
    let companies = request
        .companies
        .iter()
        .map(|(number, name, units)| {
            let text = format!("{name} ({})", words::units_count(lang, *units));
            view! { <option value=number.clone()>{text}</option> }
        })
        .collect_view();
    let (company, email, phone) = (request.row.company.clone(), request.row.email.clone(), request.phone.clone());
    view! {
        <div class="cards">
            <section class="panel" aria-labelledby="approve">
                <h2 id="approve">{words::APPROVE_TITLE.get(lang)}</h2>
                <p class="muted">{words::APPROVE_INTRO.get(lang)}</p>
                <Form function=StaffApproveRequest::PATH labels=APPROVE>
                    {approve}
                    <TextField name="company_number" list="companies"/>
                    <datalist id="companies">{companies}</datalist>
                    <Submit label=words::APPROVE_SUBMIT icon="circle-check"/>
                </Form>
                <Form function=StaffRefuseRequest::PATH class="form form--apart">
                    {refuse}
                    <Ask label=words::REFUSE_SUBMIT>
                        <p>{words::REFUSE_INTRO.get(lang)}</p>
                        <Submit label=words::REFUSE_CONFIRM class="button button--danger"/>
                    </Ask>
                </Form>
            </section>
            <section class="panel" aria-labelledby="complete">
                <h2 id="complete">{words::COMPLETE_TITLE.get(lang)}</h2>
                <Form function=StaffCompleteRequest::PATH labels=COMPLETE>
                    {complete}
                    <TextField name="company" initial=company autocapitalize="words"/>
                    <TextField name="email" kind="email" initial=email/>
                    <TextField name="phone" kind="tel" initial=phone/>
                    <Submit label=words::COMPLETE_SUBMIT class="button button--quiet"/>
                </Form>
            </section>
        </div>
    }
}

fn token_panel(request: &AccessRequestView, token: &TokenView) -> impl IntoView + use<> {
    let lang = lang();
    let text = match token.state {
        TokenState::Open => words::token_open(lang, &token.at),
        TokenState::Used => words::token_used(lang, &token.at),
        TokenState::Expired => words::token_expired(lang, &token.at),
        TokenState::Revoked => words::token_revoked(lang, &token.at),
    };
    let warning =
        (token.state == TokenState::Open).then(|| view! { <p class="muted">{words::TOKEN_REVOKE_INTRO.get(lang)}</p> });
    let (of_revoke, of_reissue) = (request.row.id.to_string(), request.row.id.to_string());
    let revoke = (token.state == TokenState::Open).then(|| {
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
    view! {
        <section class="panel" aria-labelledby="token">
            <h2 id="token">{words::TOKEN_TITLE.get(lang)}</h2>
            <p>{text}</p>
            {warning}
            <div class="actions">{reissue}{revoke}</div>
        </section>
    }
}
