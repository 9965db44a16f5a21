//! Settings: the password, and where the account is open.

use leptos::prelude::*;
use openbok_domain::office::AccountView;
use openbok_domain::{Fault, FieldErrors, OperatorView, SessionView};
use openbok_locales::{password, services, settings as words};
use server_fn::ServerFn;

use crate::api::account::{ChangePassword, list_sessions, read_account};
use crate::api::session::EndSession;
use crate::components::drawn::{drawn, handed};
use crate::components::form::{Form, Labels};
use crate::components::icon::Icon;
use crate::components::new_password::NewPassword;
use crate::components::page::{Notice, PageHead};
use crate::components::problem::problem;
use crate::components::secret::SecretField;
use crate::portal::{Fields, asked, lang, operator};

const PASSWORD: Labels = &[
    ("current_password", password::FIELD_CURRENT_PASSWORD),
    ("new_password", password::FIELD_NEW_PASSWORD),
    ("repeat_password", password::FIELD_REPEAT_PASSWORD),
];

const SESSION: Labels = &[("password", words::FIELD_PASSWORD)];

#[component]
pub fn SettingsPage() -> impl IntoView {
    let lang = lang();
    let done = asked("done");
    let (is_changed, is_ended) = (done.as_deref() == Some("password"), done.as_deref() == Some("session"));
    view! {
        <PageHead title=words::TITLE.get(lang)/>
        <p><a class="button button--quiet" href="/services"><Icon name="menu"/>{services::TITLE.get(lang)}</a></p>
        <section class="panel" aria-labelledby="customer-data">
            <h2 id="customer-data">{words::CUSTOMER_DATA.get(lang)}</h2>
            {drawn(read_account, account)}
            <div class="stack stack--wide no-print">
                <h3>{password::CHANGE_TITLE.get(lang)}</h3>
                {is_changed.then(|| view! {
                    <Notice tone="positive">
                        {password::CHANGED.get(lang)}" "{password::CHANGED_OTHERS_SIGNED_OUT.get(lang)}
                    </Notice>
                })}
                <p class="muted">{password::CHANGE_INTRO.get(lang)}</p>
                <NewPassword function=ChangePassword::PATH labels=PASSWORD/>
            </div>
        </section>
        <section class="panel" id="sessions" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{words::SESSIONS.get(lang)}</h2>
            {is_ended.then(|| view! { <Notice tone="positive">{words::SESSION_ENDED.get(lang)}</Notice> })}
            <p class="muted">{words::SESSIONS_INTRO.get(lang)}</p>
            {handed(list_sessions, sessions, problem)}
        </section>
    }
}

fn account(account: AccountView) -> AnyView {
    let lang = lang();
    let facts = [(words::LOGIN, account.login), (words::EMAIL, account.email), (words::PHONE, account.phone)]
        .map(|(name, value)| view! { <div><dt>{name.get(lang)}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! {
        <p class="muted">{words::CUSTOMER_DATA_INTRO.get(lang)}</p>
        <dl class="facts">{facts}</dl>
        <p class="muted">{words::contact_change(lang, &operator().phone)}</p>
    }
    .into_any()
}

fn sessions(sessions: Vec<SessionView>) -> AnyView {
    let lang = lang();
    let has_others = sessions.iter().any(|session| !session.is_current);
    let rows = sessions.into_iter().map(row).collect_view();
    if !has_others {
        return view! { <ul class="rows">{rows}</ul> <p class="muted">{words::SESSIONS_ONLY_THIS.get(lang)}</p> }
            .into_any();
    }
    view! {
        <Form function=EndSession::PATH labels=SESSION validate=validate>
            // The first button is the one that Enter presses; none of the list may be pressed by accident.
            <button type="submit" disabled hidden></button>
            <SecretField name="password" autocomplete="current-password" hint=words::CONFIRM_INTRO.get(lang)/>
            <ul class="rows">{rows}</ul>
        </Form>
    }
    .into_any()
}

fn row(session: SessionView) -> impl IntoView {
    let lang = lang();
    let device =
        if session.device.is_empty() { words::SESSION_UNKNOWN_DEVICE.get(lang).to_owned() } else { session.device };
    let action = if session.is_current {
        view! { <span class="status status--positive"><Icon name="circle-check"/>{words::SESSION_CURRENT.get(lang)}</span> }
            .into_any()
    } else {
        view! {
            <button
                type="submit" class="button button--quiet button--small" name="session" value=session.id.to_string()
                aria-label=words::session_end_of(lang, &device)
            >
                {words::SESSION_END.get(lang)}
            </button>
        }
        .into_any()
    };
    view! {
        <li>
            <span>{device}</span>
            {action}
            <span class="muted small whole">
                {words::session_times(lang, &session.seen_label, &session.since_label)}
            </span>
        </li>
    }
}

fn validate(fields: &Fields, _: &OperatorView) -> Result<(), FieldErrors> {
    if fields.get("password").is_empty() { Err(FieldErrors::one("password", Fault::Required)) } else { Ok(()) }
}
