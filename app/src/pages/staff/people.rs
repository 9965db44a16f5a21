//! Who works in the back office, and how somebody is added.

use leptos::prelude::*;
use openbok_domain::staff::{Role, StaffView};
use openbok_locales::{Text, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffInvite, staff_people};
use crate::components::choices::{Checkbox, Group};
use crate::components::drawn::drawn;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{Notice, PageHead};
use crate::portal::{asked, lang};

const INVITE: Labels = &[
    ("name", words::PERSON_NAME),
    ("email", words::FIELD_EMAIL),
    (Role::Dispatcher.as_str(), words::ROLE_DISPATCHER),
    (Role::Administrator.as_str(), words::ROLE_ADMINISTRATOR),
    ("roles", words::ROLES),
];

#[component]
pub fn PeoplePage() -> impl IntoView {
    drawn(staff_people, content)
}

fn content(people: Vec<StaffView>) -> AnyView {
    let lang = lang();
    let is_invited = asked("done").is_some();
    view! {
        <PageHead title=words::NAV_PEOPLE.get(lang) lead=words::PEOPLE_INTRO.get(lang)/>
        {is_invited.then(|| view! { <Notice tone="positive">{words::PEOPLE_SENT.get(lang)}</Notice> })}
        {table(people)}
        <section class="panel" aria-labelledby="invite">
            <h2 id="invite">{words::PEOPLE_INVITE.get(lang)}</h2>
            <Form function=StaffInvite::PATH labels=INVITE>
                <TextField name="name" autocapitalize="words"/>
                <TextField name="email" kind="email"/>
                {role_boxes(|_| false)}
                <Submit label=words::INVITE_SUBMIT/>
            </Form>
        </section>
    }
    .into_any()
}

fn table(people: Vec<StaffView>) -> impl IntoView {
    let lang = lang();
    let rows = people
        .into_iter()
        .map(|person| {
            let roles: Vec<_> = person.roles.iter().map(|role| role_name(role).get(lang)).collect();
            view! {
                <tr>
                    <th scope="row" class="card-wide">
                        <a class="row-link" href=format!("/staff/people/{}", person.id)>{person.name.clone()}</a>
                        <div class="muted small">{person.email.clone()}</div>
                    </th>
                    <td class="card-wide" data-label=words::ROLES.get(lang)>{roles.join(", ")}</td>
                    <td class="card-wide" data-label=words::STATUS.get(lang)>{standing(&person).get(lang)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table--dense">
            <thead>
                <tr>
                    <th scope="col">{words::PERSON_NAME.get(lang)}</th>
                    <th scope="col">{words::ROLES.get(lang)}</th>
                    <th scope="col">{words::STATUS.get(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// What a role is called.
pub const fn role_name(role: Role) -> Text {
    match role {
        Role::Dispatcher => words::ROLE_DISPATCHER,
        Role::Administrator => words::ROLE_ADMINISTRATOR,
    }
}

/// How somebody stands to the back office.
pub const fn standing(person: &StaffView) -> Text {
    match person {
        StaffView { is_self: true, .. } => words::IT_IS_YOU,
        StaffView { is_active: false, .. } => words::BLOCKED,
        StaffView { is_enrolled: false, .. } => words::NOT_ENROLLED,
        _ => words::ACTIVE,
    }
}

/// A box to tick for every role: the field `roles` of a form.
pub fn role_boxes(is_ticked: impl Fn(Role) -> bool) -> impl IntoView {
    let boxes = Role::ALL
        .iter()
        .map(|role| view! { <Checkbox name=role.as_str() is_optional=true is_ticked=is_ticked(*role)/> })
        .collect_view();
    view! {
        <Group name="roles">{boxes}</Group>
    }
}
