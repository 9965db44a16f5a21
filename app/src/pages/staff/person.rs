//! One member of staff: what they may do, and a new way in for who lost password or authenticator.

use leptos::prelude::*;
use openbok_domain::staff::{Role, StaffView};
use openbok_locales::staff as words;
use server_fn::ServerFn;

use super::people::{role_boxes, standing};
use crate::api::staff::{StaffChange, StaffReset, staff_person};
use crate::components::choices::Checkbox;
use crate::components::drawn::drawn;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::portal::{asked, lang, last_segment};

const CHANGE: Labels = &[
    (Role::Dispatcher.as_str(), words::ROLE_DISPATCHER),
    (Role::Administrator.as_str(), words::ROLE_ADMINISTRATOR),
    ("roles", words::ROLES),
    ("active", words::ACTIVE),
];

#[component]
pub fn PersonPage() -> impl IntoView {
    drawn(|| staff_person(last_segment()), content)
}

fn content(person: StaffView) -> AnyView {
    let lang = lang();
    let done = match asked("done").as_deref() {
        Some("changed") => Some(words::PEOPLE_DONE),
        Some("reset") => Some(words::PEOPLE_SENT),
        _ => None,
    };
    let lead = format!("{} · {}", person.email, standing(&person).get(lang));
    let (of_change, of_reset) = (person.id.to_string(), person.id.to_string());
    let is_active = person.is_active;
    // A link for somebody who may not sign in would not work.
    let reset = is_active.then(|| {
        view! {
            <section class="panel" aria-labelledby="reset">
                <h2 id="reset">{words::RESET_TITLE.get(lang)}</h2>
                <p class="muted">{words::RESET_INTRO.get(lang)}</p>
                <Form function=StaffReset::PATH>
                    <input type="hidden" name="id" value=of_reset/>
                    <Submit label=words::RESET_SUBMIT class="button button--quiet"/>
                </Form>
            </section>
        }
    });
    let roles = person.roles;
    view! {
        <Crumbs above=("/staff/people", words::NAV_PEOPLE) here=person.name.clone()/>
        <PageHead title=person.name lead/>
        {done.map(|text| view! { <Notice tone="positive">{text.get(lang)}</Notice> })}
        <div class="cards">
            <section class="panel" aria-labelledby="rights">
                <h2 id="rights">{words::RIGHTS_TITLE.get(lang)}</h2>
                <Form function=StaffChange::PATH labels=CHANGE>
                    <input type="hidden" name="id" value=of_change/>
                    {role_boxes(move |role| roles.has(role))}
                    <Checkbox name="active" text=words::ACTIVE_HINT is_optional=true is_ticked=is_active/>
                    <Submit label=words::CHANGE_SUBMIT/>
                </Form>
            </section>
            {reset}
        </div>
    }
    .into_any()
}
