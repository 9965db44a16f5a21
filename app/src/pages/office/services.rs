//! "Moje serwisy": the parts of the portal that the account is registered for, and registering for another.

use leptos::prelude::*;
use openbok_domain::Refusal;
use openbok_domain::access::{Service, ServiceView};
use openbok_domain::operator::Wizard;
use openbok_locales::{Text, services as words};
use server_fn::ServerFn;

use crate::api::access::{ChooseDefaultService, RegisterService, list_services};
use crate::components::choices::Group;
use crate::components::drawn::drawn;
use crate::components::form::{Form, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::pages::access::invitation::{TOKEN, TokenField, check_token};
use crate::pages::not_found::NotFound;
use crate::portal::{asked, has_planning, lang, last_segment, operator};

const DEFAULT: Labels = &[("service", words::DEFAULT)];

#[component]
pub fn ServicesPage() -> impl IntoView {
    drawn(list_services, content)
}

fn content(services: Vec<ServiceView>) -> AnyView {
    let lang = lang();
    let done = match asked("done").as_deref() {
        Some("registered") => Some(words::REGISTERED_NOW),
        Some("default") => Some(words::DEFAULT_SAVED),
        _ => None,
    };
    let registered: Vec<_> = services.iter().filter(|view| view.is_registered).cloned().collect();
    let choice = (registered.len() > 1).then(|| default_choice(&registered));
    view! {
        <Crumbs above=("/settings", openbok_locales::common::EDIT_ACCOUNT) here=words::TITLE.get(lang)/>
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        {done.map(|text| view! { <Notice tone="positive">{text.get(lang)}</Notice> })}
        <div class="cards">{services.into_iter().map(card).collect_view()}</div>
        {choice}
    }
    .into_any()
}

/// What a service is called, what it is for, and where it begins.
const fn about(service: Service) -> (Text, Text, &'static str, &'static str) {
    match service {
        Service::Office => (words::NAME_BOK, words::ABOUT_BOK, "/", "house"),
        Service::Planning => (words::NAME_PGB, words::ABOUT_PGB, "/plans", "zap"),
    }
}

/// Where an account comes to a service, if it can, and what is to be known before.
fn way_in(service: Service) -> Option<(String, Option<Text>)> {
    match service {
        Service::Office => {
            let by_contract = operator().wizards.contains(&Wizard::Contract);
            by_contract.then(|| ("/register".to_owned(), Some(words::REGISTER_BOK)))
        }
        Service::Planning => has_planning().then(|| (format!("/services/{service}"), None)),
    }
}

fn card(view: ServiceView) -> impl IntoView {
    let lang = lang();
    let (name, text, path, icon) = about(view.service);
    let companies = (!view.companies.is_empty()).then(|| {
        view! {
            <dl class="facts"><div><dt>{words::COMPANIES.get(lang)}</dt><dd>{view.companies.join(", ")}</dd></div></dl>
        }
    });
    let another = (view.service == Service::Planning).then(|| {
        let register = format!("/services/{}", view.service);
        view! { <p class="small">{words::ANOTHER_TOKEN.get(lang)}" "<a href=register>{words::REGISTER.get(lang)}</a></p> }
    });
    let register = way_in(view.service).map(|(register, note)| {
        view! {
            {note.map(|note| view! { <p class="muted">{note.get(lang)}</p> })}
            <p><a class="button" href=register>{words::REGISTER.get(lang)}</a></p>
        }
    });
    let action = if view.is_registered {
        view! {
            <p><span class="status status--positive"><Icon name="circle-check"/>{words::REGISTERED.get(lang)}</span></p>
            {companies}
            <p><a class="button button--quiet" href=path>{words::OPEN.get(lang)}</a></p>
            {another}
        }
        .into_any()
    } else {
        view! {
            <p><span class="status status--neutral"><Icon name="circle-dashed"/>{words::NOT_REGISTERED.get(lang)}</span></p>
            {register}
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-label=name.get(lang)>
            <h2><Icon name=icon/>{name.get(lang)}</h2>
            <p>{text.get(lang)}</p>
            {action}
        </section>
    }
}

fn default_choice(registered: &[ServiceView]) -> impl IntoView + use<> {
    let lang = lang();
    let has_choice = registered.iter().any(|view| view.is_default);
    let options = registered
        .iter()
        .enumerate()
        .map(|(number, view)| {
            let is_chosen = view.is_default || !has_choice && number == 0;
            view! {
                <label class="choice">
                    <input type="radio" name="service" value=view.service.as_str() checked=is_chosen/>
                    <span>{about(view.service).0.get(lang)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="default-service">
            <h2 id="default-service">{words::DEFAULT.get(lang)}</h2>
            <p class="muted">{words::DEFAULT_INTRO.get(lang)}</p>
            <Form function=ChooseDefaultService::PATH labels=DEFAULT>
                <Group name="service" legend_class="unseen">{options}</Group>
                <Submit label=words::DEFAULT_SAVE/>
            </Form>
        </section>
    }
}

/// Registration for planning with a TOKEN, for who has an account.
#[component]
pub fn RegisterServicePage() -> impl IntoView {
    let lang = lang();
    if !has_planning() || last_segment() != Service::Planning.as_str() {
        return NotFound().into_any();
    }
    let title = words::register_title(lang, words::NAME_PGB.get(lang));
    view! {
        <Crumbs above=("/services", words::TITLE) here=words::NAME_PGB.get(lang)/>
        <PageHead title lead=words::REGISTER_INTRO.get(lang)/>
        <Form function=RegisterService::PATH labels=TOKEN validate=check_token help=help>
            <TokenField/>
            <Submit label=words::REGISTER/>
        </Form>
        <p><a href="/access-request">{words::NO_TOKEN.get(lang)}</a></p>
    }
    .into_any()
}

/// What to do about a TOKEN that does not work for whoever is signed in.
fn help(refusal: &Refusal) -> Option<String> {
    let text = match refusal {
        Refusal::TokenUsed => words::HELP_USED,
        Refusal::TokenForeign => words::HELP_FOREIGN,
        _ => return None,
    };
    Some(text.get(lang()).to_owned())
}
