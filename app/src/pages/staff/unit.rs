//! One generating unit, to be changed.

use leptos::prelude::*;
use openbok_domain::plan::view::UnitView;
use openbok_locales::{format, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffChangeUnit, staff_unit};
use crate::components::drawn::drawn;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::portal::{asked, lang, last_segment};

const LABELS: Labels = &[
    ("name", words::FIELD_NAME),
    ("mrid", words::FIELD_MRID),
    ("technology", words::FIELD_TECHNOLOGY),
    ("installed", words::FIELD_INSTALLED),
    ("pmin", words::FIELD_PMIN),
    ("pmax", words::FIELD_PMAX),
    ("connection_point", words::FIELD_CONNECTION_POINT),
];

#[component]
pub fn UnitPage() -> impl IntoView {
    drawn(|| staff_unit(last_segment()), content)
}

fn content((unit, mrid): (UnitView, Option<String>)) -> AnyView {
    let lang = lang();
    let power = |power| format::plain_power(power, lang);
    let (installed, pmin, pmax) = (power(unit.installed), power(unit.limits.pmin), power(unit.limits.pmax));
    let is_saved = asked("done").is_some();
    view! {
        <Crumbs above=("/staff/units", words::NAV_UNITS) here=unit.code.clone()/>
        <PageHead title=words::unit_title(lang, &unit.code) lead=unit.company/>
        {is_saved.then(|| view! { <Notice tone="positive">{words::UNIT_SAVED.get(lang)}</Notice> })}
        <Form function=StaffChangeUnit::PATH labels=LABELS>
            <input type="hidden" name="code" value=unit.code.clone()/>
            <TextField name="name" initial=unit.name autocapitalize="words"/>
            <TextField name="technology" initial=unit.technology is_optional=true/>
            <TextField name="installed" initial=installed inputmode="decimal" field_class="field--short"/>
            <TextField name="pmin" initial=pmin inputmode="decimal" field_class="field--short"/>
            <TextField name="pmax" initial=pmax inputmode="decimal" field_class="field--short"/>
            <TextField name="connection_point" initial=unit.connection_point is_optional=true/>
            <TextField name="mrid" initial=mrid.unwrap_or_default() is_optional=true/>
            <Submit label=words::UNIT_SAVE/>
        </Form>
    }
    .into_any()
}
