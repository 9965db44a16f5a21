//! Forms. One mechanism with and without scripts: the browser posts the fields to the page's own address; once the page
//! is awake, it sends the same fields to the server function itself and shows the same errors in place.

use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::{FieldErrors, Lang, OperatorView, Refusal};
use openbok_locales::{Text, challenge, common, faults};
use server_fn::ServerFn;

use super::challenge::{Letters, other_picture};
use super::drawn::fixed;
use super::icon::Icon;
use super::words::{explain, headline};
use crate::api::typed::KeepTyped;
use crate::browser;
use crate::error::PortalError;
use crate::portal::{FUNCTION_FIELD, Fields, Goto, lang, operator, portal};

/// The check of a form's fields under the operator's rules, the same that the server makes.
pub type Check = fn(&Fields, &OperatorView) -> Result<(), FieldErrors>;

/// Names and labels of a form's fields.
pub type Labels = &'static [(&'static str, Text)];

/// What a form is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Waiting for the customer.
    Idle,
    /// Waiting for the server.
    Sending,
    /// Proving that no machine is at work.
    Proving,
}

/// What fields know about the form around them.
#[derive(Clone, Copy)]
pub struct FormContext {
    pub labels: Labels,
    pub has_stars: bool,
    pub error: RwSignal<Option<PortalError>>,
    pub progress: RwSignal<Progress>,
    sent: StoredValue<Fields>,
}

impl FormContext {
    /// The label of a field.
    ///
    /// # Panics
    /// For a field that the form does not list.
    pub fn label(self, name: &str) -> Text {
        self.labels.iter().find(|(known, _)| *known == name).expect("a form lists its fields").1
    }

    /// Whether a password is asked for.
    fn has_password(self) -> bool {
        self.labels.iter().any(|(name, _)| is_password(name))
    }

    /// What was typed into a field before the page was made.
    pub fn sent(self, name: &str) -> Option<String> {
        self.sent.with_value(|fields| fields.0.get(name).cloned())
    }

    /// Whether the page shows the form again as somebody left it.
    pub fn came_back(self) -> bool {
        self.sent.with_value(|fields| !fields.0.is_empty())
    }

    /// What is wrong with a field, in words.
    pub fn fault(self, name: &str, lang: Lang) -> Option<String> {
        self.error.with(|error| match error {
            Some(PortalError::Invalid(errors)) => {
                errors.get(name).map(|fault| faults::message(fault, self.label(name).get(lang), lang))
            }
            _ => None,
        })
    }
}

/// A form for one server function.
#[component]
pub fn Form(
    /// Path of the server function: `SignIn::PATH`.
    function: &'static str,
    /// The fields, in the order of the page.
    #[prop(optional)]
    labels: Labels,
    /// The check of the server, made before anything is sent.
    #[prop(optional)]
    validate: Option<Check>,
    /// Whether required fields carry a star.
    #[prop(optional)]
    has_stars: bool,
    /// Whether what is typed survives a reload.
    #[prop(optional)]
    is_kept: bool,
    /// A sentence more for a refusal of this form.
    #[prop(optional)]
    help: Option<fn(&Refusal) -> Option<String>>,
    #[prop(default = "form")] class: &'static str,
    /// How the browser sends the fields where there is a file among them; only for forms that are not woken up.
    #[prop(optional)]
    enctype: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let lang = lang();
    // Event handlers have no context, so what they need is taken along.
    let operator = StoredValue::new(operator());
    let state = portal().form.clone().filter(|state| state.function == function);
    let (sent, error) = state.map_or_else(Default::default, |state| (state.fields, state.error));
    let came_back = error.is_some();
    let form = FormContext {
        labels,
        has_stars,
        error: RwSignal::new(error),
        progress: RwSignal::new(Progress::Idle),
        sent: StoredValue::new(sent),
    };
    provide_context(form);
    let summary_id = summary_id(function);

    let check = move |fields: &Fields| {
        let check = validate.map_or(Ok(()), |validate| operator.with_value(|operator| validate(fields, operator)));
        check.map_err(PortalError::Invalid)
    };
    let (is_newer, is_keeping) = (StoredValue::new(false), StoredValue::new(false));
    let keep = move |event: Event| {
        // A choice may decide which fields there are; what was wrong before is wrong no more.
        if browser::is_choice(&event)
            && form.error.with_untracked(|error| matches!(error, Some(PortalError::Invalid(_))))
        {
            form.error.set(check(&browser::read_form(&event, None)).err());
        }
        if !is_kept {
            return;
        }
        is_newer.set_value(true);
        if is_keeping.get_value() {
            return;
        }
        is_keeping.set_value(true);
        spawn_local(async move {
            while is_newer.get_value() {
                is_newer.set_value(false);
                let mut typed = browser::read_form(&event, None).without_secrets();
                typed.set(FUNCTION_FIELD, function.to_owned());
                // What could not be kept is still in the form.
                drop(browser::post::<()>(KeepTyped::PATH, &typed).await);
            }
            is_keeping.set_value(false);
        });
    };
    let fail = move |error| {
        form.error.set(Some(error));
        browser::mark_title(lang);
        browser::focus(summary_id);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if form.progress.get_untracked() != Progress::Idle {
            return;
        }
        is_newer.set_value(false);
        let fields = browser::read_form(&event, event.submitter());
        if let Err(error) = check(&fields) {
            fail(error);
            return;
        }
        form.progress.set(Progress::Sending);
        spawn_local(async move {
            match send(function, fields, form.progress).await {
                // The form stays busy until the next page has replaced this one.
                Ok(Goto::Here) => browser::go_to(&browser::here()),
                Ok(Goto::Page(path)) => browser::go_to(&path),
                Err(PortalError::SignedOut) => browser::sign_in_again(),
                Err(error) => {
                    if is_about_password(&error) {
                        browser::empty_passwords(&event);
                    }
                    fail(error);
                    form.progress.set(Progress::Idle);
                }
            }
        });
    };
    // A page that the browser kept and shows again with "Back" must not look busy.
    #[cfg(feature = "hydrate")]
    {
        let listener = window_event_listener_untyped("pageshow", move |_| form.progress.set(Progress::Idle));
        on_cleanup(move || listener.remove());
    }

    view! {
        <form method="post" class=class enctype=enctype novalidate on:submit=submit on:input=keep>
            <input type="hidden" name=FUNCTION_FIELD value=function/>
            {move || form.error.get().map(|error| summary(form, &error, help, summary_id, came_back, lang))}
            {children()}
            {move || (form.progress.get() == Progress::Proving).then(|| proving(form, lang))}
        </form>
    }
}

/// Sends the form; proves on the way, once or twice, that no machine is at work when the server asks for it.
async fn send(function: &str, mut fields: Fields, progress: RwSignal<Progress>) -> Result<Goto, PortalError> {
    let mut proofs_left = if fields.get("proof_answer").is_empty() { 2 } else { 0 };
    loop {
        let answer = browser::post(function, &fields).await;
        let Err(PortalError::Refused(Refusal::Challenge(challenge) | Refusal::ChallengeFailed(challenge))) = &answer
        else {
            return answer;
        };
        if proofs_left == 0 {
            return answer;
        }
        proofs_left -= 1;
        progress.set(Progress::Proving);
        let Some(number) = browser::solve(challenge, || progress.get_untracked() != Progress::Proving).await else {
            return answer;
        };
        progress.set(Progress::Sending);
        fields.set("proof_token", challenge.token.clone());
        fields.set("proof_answer", number.to_string());
    }
}

fn summary(
    form: FormContext,
    error: &PortalError,
    help: Option<fn(&Refusal) -> Option<String>>,
    id: &'static str,
    came_back: bool,
    lang: Lang,
) -> impl IntoView + use<> {
    let body = if let PortalError::Invalid(errors) = error {
        let rows = errors
            .iter()
            .map(|error| {
                let target = format!("#{}", error.field);
                let label = form.label(&error.field).get(lang);
                view! { <li><a href=target>{faults::message(&error.fault, label, lang)}</a></li> }
            })
            .collect_view();
        view! { <h2>{common::ERROR_SUMMARY_TITLE.get(lang)}</h2> <ul class="plain">{rows}</ul> }.into_any()
    } else {
        let more = match error {
            _ if is_challenge(error) => form.has_password().then(|| challenge::PASSWORD_TOO.get(lang).to_owned()),
            PortalError::Refused(refusal) => help.and_then(|help| help(refusal)),
            _ => None,
        };
        let headline = (!matches!(error, PortalError::Refused(_))).then(|| view! { <h2>{headline(error, lang)}</h2> });
        view! { {headline} <p>{explain(error, lang)}</p> {more.map(|more| view! { <p>{more}</p> })} }.into_any()
    };
    view! { <div class="summary" id=id role="alert" tabindex="-1" autofocus=came_back>{body}</div> }
}

/// Whether somebody is to prove that no machine is at work.
const fn is_challenge(error: &PortalError) -> bool {
    matches!(error, PortalError::Refused(Refusal::Challenge(_) | Refusal::ChallengeFailed(_)))
}

/// Whether the server refused a password, which then is not to stay in its field.
fn is_about_password(error: &PortalError) -> bool {
    match error {
        PortalError::Refused(Refusal::BadCredentials) => true,
        PortalError::Invalid(errors) => errors.iter().any(|error| is_password(&error.field)),
        _ => false,
    }
}

/// Whether the field of this name is for a password.
pub fn is_password(name: &str) -> bool {
    name.ends_with("password")
}

fn letters(error: Option<&PortalError>) -> Option<impl IntoView + use<>> {
    let (challenge, has_failed) = match error? {
        PortalError::Refused(Refusal::Challenge(challenge)) => (challenge, false),
        PortalError::Refused(Refusal::ChallengeFailed(challenge)) => (challenge, true),
        _ => return None,
    };
    Some(view! { <Letters token=challenge.token.clone() has_failed/> })
}

fn proving(form: FormContext, lang: Lang) -> impl IntoView {
    view! {
        <div class="proof" role="status">
            <span class="spinner"></span>
            {challenge::WORKING.get(lang)}
            <button type="button" class="button button--quiet button--small" on:click=move |_| form.progress.set(Progress::Sending)>
                {challenge::CANCEL.get(lang)}
            </button>
        </div>
    }
}

/// The button that sends the form, below the letters of a challenge. Enter presses the first button of a form, so that
/// the one for other letters comes after it.
#[component]
pub fn Submit(
    label: Text,
    /// Icon before the words.
    #[prop(optional)]
    icon: Option<&'static str>,
    #[prop(default = "button")] class: &'static str,
) -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    let is_busy = move || form.progress.get() != Progress::Idle;
    let has_letters = form.error.with_untracked(|error| error.as_ref().is_some_and(is_challenge));
    view! {
        {move || form.error.with(|error| letters(error.as_ref()))}
        <button type="submit" class=class class:is-busy=is_busy aria-disabled=move || is_busy().then_some("true")>
            {icon.map(|name| view! { <Icon name/> })}
            {label.get(lang)}
            <span class="spinner" aria-hidden="true"></span>
        </button>
        {has_letters.then(|| view! { <noscript inner_html=fixed(other_picture)></noscript> })}
    }
}

/// A question before what cannot be taken back: the first button opens it, and the one inside sends the form.
#[component]
pub fn Ask(
    label: Text,
    /// Icon before the words.
    #[prop(optional)]
    icon: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="ask">
            <summary class="button button--quiet">{icon.map(|name| view! { <Icon name/> })}{label.get(lang())}</summary>
            <div class="ask__body">{children()}</div>
        </details>
    }
}

fn summary_id(function: &'static str) -> &'static str {
    function.rsplit('/').next().unwrap_or(function)
}
