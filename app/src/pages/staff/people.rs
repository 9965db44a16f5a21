//! Who works in the back office.

use leptos::prelude::*;
use openbok_domain::staff::{Role, StaffView};
use openbok_locales::{Text, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffChange, StaffInvite, StaffReset, staff_people};
use crate::components::choices::Checkbox;
use crate::components::drawn::drawn;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{Notice, PageHead};
use crate::portal::{asked, lang};

const INVITE: Labels = &[
    ("name", words::PERSON_NAME),
    ("email", words::FIELD_EMAIL),
    ("dispatcher", words::ROLE_DISPATCHER),
    ("administrator", words::ROLE_ADMINISTRATOR),
    ("roles", words::ROLES),
];
const CHANGE: Labels = &[("roles", words::ROLES)];

#[component]
pub fn PeoplePage() -> impl IntoView {
    drawn(staff_people, content)
}

fn content(people: Vec<StaffView>) -> AnyView {
    let lang = lang();
    let done = match asked("done").as_deref() {
        Some("changed") => Some(words::PEOPLE_DONE),
        Some("invited" | "reset") => Some(words::PEOPLE_SENT),
        _ => None,
    };
    view! {
        <PageHead title=words::NAV_PEOPLE.get(lang) lead=words::PEOPLE_INTRO.get(lang)/>
        {done.map(|text| view! { <Notice tone="positive">{text.get(lang)}</Notice> })}
        <div class="cards">{people.into_iter().map(person).collect_view()}</div>
        <section class="panel" aria-labelledby="invite">
            <h2 id="invite">{words::PEOPLE_INVITE.get(lang)}</h2>
            <Form function=StaffInvite::PATH labels=INVITE>
                <TextField name="name" autocapitalize="words"/>
                <TextField name="email" kind="email"/>
                <fieldset class="form__group" id="roles">
                    <legend>{words::ROLES.get(lang)}</legend>
                    <Checkbox name="dispatcher" is_optional=true/>
                    <Checkbox name="administrator" is_optional=true/>
                </fieldset>
                <Submit label=words::INVITE_SUBMIT/>
            </Form>
        </section>
    }
    .into_any()
}

/// What a role is called.
const fn role_name(role: Role) -> Text {
    match role {
        Role::Consultant => words::ROLE_CONSULTANT,
        Role::Dispatcher => words::ROLE_DISPATCHER,
        Role::Administrator => words::ROLE_ADMINISTRATOR,
    }
}

fn person(person: StaffView) -> impl IntoView {
    let lang = lang();
    let (of_change, of_reset) = (person.id.to_string(), person.id.to_string());
    let name = person.name.clone();
    let mark =
        if person.is_self { Some(words::IT_IS_YOU) } else { (!person.is_enrolled).then_some(words::NOT_ENROLLED) };
    let boxes = [
        ("dispatcher", role_name(Role::Dispatcher), person.roles.has(Role::Dispatcher)),
        ("administrator", role_name(Role::Administrator), person.roles.has(Role::Administrator)),
        ("active", words::ACTIVE, person.is_active),
    ]
    .map(|(name, text, is_ticked)| {
        view! {
            <label class="choice">
                <input type="checkbox" name=name value="true" checked=is_ticked/>
                <span>{text.get(lang)}</span>
            </label>
        }
    });
    view! {
        <section class="panel" aria-label=name>
            <h2>{person.name}</h2>
            <p class="muted">{person.email}{mark.map(|mark| format!(" · {}", mark.get(lang)))}</p>
            <Form function=StaffChange::PATH labels=CHANGE>
                <input type="hidden" name="id" value=of_change/>
                {boxes.collect_view()}
                <Submit label=words::CHANGE_SUBMIT class="button button--quiet button--small"/>
            </Form>
            <Form function=StaffReset::PATH>
                <input type="hidden" name="id" value=of_reset/>
                <Submit label=words::RESET_SUBMIT class="button button--quiet button--small"/>
            </Form>
        </section>
    }
}
