//! One plan as the dispatcher decides about it.

use leptos::prelude::*;
use openbok_domain::plan::view::DecisionView;
use openbok_domain::plan::{PlanStatus, Series};
use openbok_locales::{format, plans, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffAccept, StaffConsent, StaffReject, staff_plan};
use crate::components::drawn::drawn;
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::components::status::PlanBadge;
use crate::pages::plans::history::versions;
use crate::portal::{lang, segment};

const REJECT: Labels = &[("reason", words::FIELD_REASON)];
const CONSENT: Labels = &[("hours", words::FIELD_HOURS)];

#[component]
pub fn StaffPlanPage() -> impl IntoView {
    drawn(|| staff_plan(segment(3), segment(4)), content)
}

fn content(view: DecisionView) -> AnyView {
    let lang = lang();
    let day = format::date_long(view.day, lang);
    let title = words::plan_title(lang, &day, &view.unit.code);
    let lead = format!("{} · {}", view.unit.name, view.unit.company);
    let newest = view.versions.first().map(|version| (version.number, version.status));
    let decision =
        newest.filter(|(_, status)| *status == PlanStatus::Approved).map(|(number, _)| decide(&view, number));
    let status = newest.map_or(PlanStatus::Missing, |(_, status)| status);
    let history = if view.versions.is_empty() {
        view! { <Notice tone="info">{words::PLAN_NONE.get(lang)}</Notice> }.into_any()
    } else {
        versions(&view.versions, true, &view.unit.code, view.day).into_any()
    };
    view! {
        <Crumbs above=("/staff", words::NAV_BOARD) here=view.unit.code.clone()/>
        <PageHead title lead><PlanBadge status/></PageHead>
        <p><a href=format!("/staff/day/{}", view.day)>{words::BACK_TO_DAY.get(lang)}</a></p>
        {decision}
        {view.is_closed.then(|| consent(&view))}
        {history}
        {values(&view)}
    }
    .into_any()
}

fn hidden(view: &DecisionView, number: Option<u32>) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="unit" value=view.unit.code.clone()/>
        <input type="hidden" name="day" value=view.day.to_string()/>
        {number.map(|number| view! { <input type="hidden" name="number" value=number.to_string()/> })}
    }
}

fn decide(view: &DecisionView, number: u32) -> impl IntoView + use<> {
    let lang = lang();
    let options = view
        .points
        .iter()
        .enumerate()
        .flat_map(|(index, (label, ..))| {
            Series::ALL.iter().map(move |series| {
                view! { <option value=format!("{series}:{index}")>{label.clone()}" "{series.as_str()}</option> }
            })
        })
        .collect_view();
    let (accept, reject) = (hidden(view, Some(number)), hidden(view, Some(number)));
    view! {
        <div class="cards">
            <section class="panel">
                <h2>{words::ACCEPT.get(lang)}</h2>
                <Form function=StaffAccept::PATH>{accept}<Submit label=words::ACCEPT icon="circle-check"/></Form>
            </section>
            <section class="panel">
                <h2>{words::REJECT_TITLE.get(lang)}</h2>
                <Form function=StaffReject::PATH labels=REJECT>
                    {reject}
                    <div class="field">
                        <label for="point">{words::FIELD_POINT.get(lang)}</label>
                        <select class="input" id="point" name="point">
                            <option value="">{words::POINT_ALL.get(lang)}</option>
                            {options}
                        </select>
                    </div>
                    <TextField name="reason" autocapitalize="sentences"/>
                    <Submit label=words::REJECT icon="circle-x" class="button button--danger"/>
                </Form>
            </section>
        </div>
    }
}

fn consent(view: &DecisionView) -> impl IntoView + use<> {
    let lang = lang();
    let until = view.consent_until.clone().map(|at| view! { <p>{words::consent_until(lang, &at)}</p> });
    let fields = hidden(view, None);
    view! {
        <section class="panel">
            <h2>{words::CONSENT_TITLE.get(lang)}</h2>
            {until}
            <Form function=StaffConsent::PATH labels=CONSENT>
                {fields}
                <TextField name="hours" inputmode="numeric" initial="2" field_class="field--short"/>
                <Submit label=words::CONSENT_SUBMIT class="button button--quiet"/>
            </Form>
        </section>
    }
}

fn values(view: &DecisionView) -> Option<impl IntoView + use<>> {
    let lang = lang();
    let rows = view
        .points
        .iter()
        .map(|(label, pplan, pauto)| {
            view! {
                <tr>
                    <th scope="row">{label.clone()}</th>
                    <td class="number">{format::power(*pplan, lang)}</td>
                    <td class="number">{format::power(*pauto, lang)}</td>
                </tr>
            }
        })
        .collect_view();
    (!view.points.is_empty()).then(|| {
        view! {
            <table class="table table--dense table--narrow">
                <thead>
                    <tr>
                        <th scope="col">{plans::INTERVAL.get(lang)}</th>
                        <th scope="col" class="number">"PPLAN (MW)"</th>
                        <th scope="col" class="number">"PAUTO (MW)"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}
