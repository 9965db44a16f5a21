//! One plan as the dispatcher decides about it.

use leptos::prelude::*;
use openbok_domain::plan::view::{DecisionView, Reason};
use openbok_domain::plan::{PlanStatus, Series};
use openbok_locales::{format, plans, staff as words};
use server_fn::ServerFn;

use crate::api::staff::{StaffAccept, StaffConsent, StaffReject, staff_plan};
use crate::components::drawn::drawn;
use crate::components::field::{TextField, described_by, error_line};
use crate::components::form::{Form, FormContext, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::components::status::PlanBadge;
use crate::pages::plans::history::{differences, versions};
use crate::portal::{asked, lang, segment};

const REJECT: Labels = &[
    ("point", words::FIELD_POINT),
    ("reason", words::FIELD_REASON),
    ("point_2", words::FIELD_POINT_2),
    ("reason_2", words::FIELD_REASON_2),
    ("point_3", words::FIELD_POINT_3),
    ("reason_3", words::FIELD_REASON_3),
    ("point_4", words::FIELD_POINT_4),
    ("reason_4", words::FIELD_REASON_4),
    ("point_5", words::FIELD_POINT_5),
    ("reason_5", words::FIELD_REASON_5),
];
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
    let status = view.status;
    let newest = view.versions.first().filter(|_| status == PlanStatus::Approved);
    let decision = newest.map(|version| decide(&view, version.number));
    let history = if view.versions.is_empty() {
        view! { <Notice tone="info">{words::PLAN_NONE.get(lang)}</Notice> }.into_any()
    } else {
        versions(&view.versions, true, &view.unit.code, view.day).into_any()
    };
    // A newer version may have come since.
    let done = match (asked("done").as_deref(), status) {
        (Some("accepted"), PlanStatus::Accepted) => Some(words::PLAN_ACCEPTED),
        (Some("rejected"), PlanStatus::Rejected) => Some(words::PLAN_REJECTED),
        _ => None,
    };
    view! {
        <Crumbs above=("/staff", words::NAV_BOARD) here=view.unit.code.clone()/>
        <PageHead title lead><PlanBadge status/></PageHead>
        {done.map(|text| view! { <Notice tone="positive">{text.get(lang)}</Notice> })}
        <p><a href=format!("/staff/day/{}", view.day)>{words::BACK_TO_DAY.get(lang)}</a></p>
        {facts(&view)}
        {decision}
        {view.is_closed.then(|| consent(&view))}
        {history}
        {differences(view.compared, &view.changes, lang)}
        {values(&view)}
    }
    .into_any()
}

/// What the values are measured by, and what they amount to.
fn facts(view: &DecisionView) -> impl IntoView + use<> {
    let lang = lang();
    let limits = &view.unit.limits;
    let limits = format!("{} – {}", format::power(limits.pmin, lang), format::power(limits.pmax, lang));
    let energies = view.versions.first().map(|version| [("PPLAN", version.pplan), ("PAUTO", version.pauto)]);
    let energies = energies.into_iter().flatten().map(|(series, energy)| (series, format::energy(energy, lang)));
    let facts =
        [(words::LIMITS.get(lang), limits), (words::INSTALLED.get(lang), format::power(view.unit.installed, lang))];
    let facts = facts
        .into_iter()
        .chain(energies)
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="facts">{facts}</dl> }
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
    let points: Vec<_> = view
        .points
        .iter()
        .enumerate()
        .flat_map(|(index, (label, ..))| {
            Series::ALL.iter().map(move |series| (format!("{series}:{index}"), format!("{label} {series}")))
        })
        .collect();
    let (accept, reject) = (hidden(view, Some(number)), hidden(view, Some(number)));
    view! {
        <div class="cards">
            <section class="panel">
                <h2>{words::ACCEPT_TITLE.get(lang)}</h2>
                <p>{words::accept_intro(lang, &number.to_string())}</p>
                <Form function=StaffAccept::PATH>{accept}<Submit label=words::ACCEPT icon="circle-check"/></Form>
            </section>
            <section class="panel">
                <h2>{words::REJECT_TITLE.get(lang)}</h2>
                <Form function=StaffReject::PATH labels=REJECT>
                    {reject}
                    {rows(&points)}
                    <Submit label=words::REJECT icon="circle-x" class="button button--danger"/>
                </Form>
            </section>
        </div>
    }
}

/// Rows for reasons: the first one, and those that a click opens.
fn rows(points: &[(String, String)]) -> impl IntoView + use<> {
    let form = expect_context::<FormContext>();
    let [(reason, point), further @ ..] = Reason::FIELDS;
    let is_typed = |name: &str| form.sent(name).is_some_and(|typed| !typed.is_empty());
    let is_open = further.iter().any(|(reason, point)| is_typed(reason) || is_typed(point));
    let further = further.map(|(reason, point)| {
        view! {
            {point_field(form, point, points)}
            <TextField name=reason is_optional=true autocapitalize="sentences"/>
        }
    });
    view! {
        {point_field(form, point, points)}
        <TextField name=reason autocapitalize="sentences"/>
        <details open=is_open>
            <summary class="button button--quiet button--small">
                {words::MORE_REASONS.get(lang())}<Icon name="chevron-down"/>
            </summary>
            <div class="form__group">{further.collect_view()}</div>
        </details>
    }
}

/// A list of the values that a reason may be about.
fn point_field(form: FormContext, name: &'static str, points: &[(String, String)]) -> impl IntoView + use<> {
    let lang = lang();
    let chosen = form.sent(name);
    let options = points
        .iter()
        .map(|(value, label)| {
            let is_chosen = chosen.as_ref() == Some(value);
            view! { <option value=value.clone() selected=is_chosen>{label.clone()}</option> }
        })
        .collect_view();
    let is_wrong = form.fault(name, lang).is_some();
    view! {
        <div class="field" class:field--wrong=is_wrong>
            <label for=name>{form.label(name).get(lang)}</label>
            <select
                class="input" id=name name=name
                aria-describedby=described_by(form, name, false, lang) aria-invalid=is_wrong.then_some("true")
            >
                <option value="">{words::POINT_ALL.get(lang)}</option>
                {options}
            </select>
            {error_line(form, name, lang)}
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
