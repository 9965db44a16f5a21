//! Plan files: loading plans of any units and days at once, and saving them.

use leptos::prelude::*;
use openbok_domain::operator::Plans;
use openbok_domain::plan::view::{Layout, SheetView, UnitView, VersionView};
use openbok_domain::plan::{FileFaultKind, PLAN_FILE_BYTES, PLAN_FILE_ENDINGS, PlanFormat, PlanStatus};
use openbok_domain::{Date, Lang, Refusal};
use openbok_locales::{Text, file_faults, labels, plan_files as words, plan_grid, plans};
use server_fn::ServerFn;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::api::plans::{ImportPlans, list_units, read_sheet};
use crate::browser;
use crate::components::choices::Checkbox;
use crate::components::drawn::{drawn, fixed, profile};
use crate::components::field::TextField;
use crate::components::form::{Form, Labels, Submit};
use crate::components::icon::Icon;
use crate::components::page::{Crumbs, Notice, PageHead};
use crate::components::plan_grid::{broken_rules, why_unwritten, without_mrid};
use crate::components::words::explain;
use crate::error::PortalError;
use crate::policy::safe_return;
use crate::portal::{asked, lang, portal};
use openbok_domain::address::{
    PLAN_ANSWER, PLAN_FILE, STAFF_PLAN_ANSWER, STAFF_PLAN_FILE, STAFF_PLAN_OVERVIEW, escaped,
};

/// The element that says that a file is too large.
const TOO_LARGE: &str = "too-large";

const IMPORT: Labels = &[("file", words::FILE), ("replaces", words::REPLACES)];

#[component]
pub fn FilesPage() -> impl IntoView {
    let value = |name| asked(name).unwrap_or_default();
    let (layout, unit, day) = (value("layout"), value("unit"), value("day"));
    Effect::new(|_| watch_size());
    drawn(move || read(layout, unit, day), content)
}

/// Says that a file is too large before it is sent, and gives it back.
fn watch_size() {
    let find = |id| document().get_element_by_id(id);
    let (Some(field), Some(news)) = (find("file"), find(TOO_LARGE)) else { return };
    browser::listen(&field, "change", move |event: &Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(field) = field else { return };
        let file = field.files().and_then(|files| files.get(0));
        let is_large = file.is_some_and(|file| file.size() > f64::from(PLAN_FILE_BYTES));
        if is_large {
            field.set_value("");
        }
        // An attribute that cannot be set only leaves the customer to the server, which says the same.
        let _ = news.toggle_attribute_with_force("hidden", !is_large);
    });
}

/// The units, and the plans of a file that could not be saved, or the first one of a file with wrong values: then the
/// address says which.
async fn read(layout: String, unit: String, day: String) -> Result<(Vec<UnitView>, Option<SheetView>), PortalError> {
    let units = list_units().await?;
    if layout.is_empty() {
        return Ok((units, None));
    }
    Ok((units, Some(read_sheet(layout, unit, day, String::new()).await?)))
}

fn content((units, sheet): (Vec<UnitView>, Option<SheetView>)) -> AnyView {
    let lang = lang();
    view! {
        <Crumbs above=("/plans", plans::TITLE) here=words::TITLE.get(lang)/>
        <PageHead title=words::TITLE.get(lang) lead=words::LEAD.get(lang)/>
        {taken(lang)}
        {wrong(sheet.as_ref(), lang)}
        {refused(sheet.as_ref(), lang)}
        <div class="cards">
            {import(lang)}
            {export(&units, lang)}
        </div>
    }
    .into_any()
}

/// How many plans a file had, and the way to them.
fn taken(lang: Lang) -> Option<impl IntoView> {
    let count: i64 = asked("taken")?.parse().ok()?;
    let place = safe_return(&asked("place").unwrap_or_default()).to_owned();
    Some(view! {
        <Notice tone="positive">
            {words::taken(lang, count)}" "<a href=place>{words::SEE.get(lang)}</a>
        </Notice>
    })
}

/// How many values of a file that was taken break the rules, and the first ones.
fn wrong(first: Option<&SheetView>, lang: Lang) -> Option<impl IntoView + use<>> {
    let total = asked("wrong")?.parse().ok()?;
    let said = broken_rules(total, first?, lang)?;
    Some(view! { <Notice tone="caution">{said}</Notice> })
}

/// Why a file could not be saved, and what can be done about it: with the values that are in the way, where its plans are
/// known.
pub fn refused(plans: Option<&SheetView>, lang: Lang) -> Option<impl IntoView + use<>> {
    let refusal: Refusal = serde_json::from_value(asked("refused")?.into()).ok()?;
    let format = asked("format").and_then(|format| format.parse::<PlanFormat>().ok());
    let begun = plans.filter(|plans| plans.plans.iter().any(|plan| plan.revision > 0));
    let known = match (&refusal, begun, format) {
        // They may have been corrected since.
        (Refusal::PlanIncomplete, Some(plans), Some(format)) => Some(why_unwritten(plans, format, lang)?),
        // Or else it is the code of a company.
        (Refusal::NoMarketCode, Some(plans), _) => without_mrid(plans, lang),
        _ => None,
    };
    let said = known.unwrap_or_else(|| explain(&PortalError::Refused(refusal), lang));
    Some(view! { <Notice tone="danger">{said}</Notice> })
}

fn import(lang: Lang) -> impl IntoView {
    let state = portal().form.clone().filter(|state| state.function == ImportPlans::PATH);
    let faults = match state.and_then(|state| state.error) {
        Some(PortalError::Refused(Refusal::PlanFile(faults))) => faults,
        _ => Vec::new(),
    };
    let is_occupied = faults.iter().any(|fault| fault.kind == FileFaultKind::Occupied);
    let rows = faults.iter().map(|fault| view! { <li>{file_faults::message(fault, lang)}</li> }).collect_view();
    view! {
        <section class="panel" aria-labelledby="import">
            <h2 id="import">{words::IMPORT_TITLE.get(lang)}</h2>
            <Form function=ImportPlans::PATH labels=IMPORT enctype="multipart/form-data">
                {(!faults.is_empty()).then(|| view! { <ul class="plain plan-faults">{rows}</ul> })}
                {is_occupied.then(|| view! { <p>{words::REPLACES_HINT.get(lang)}</p> })}
                <TextField name="file" kind="file" hint=words::IMPORT_HINT.get(lang) accept=PLAN_FILE_ENDINGS/>
                <p class="field__error" id=TOO_LARGE role="alert" hidden>
                    <Icon name="triangle-alert"/>{words::FILE_TOO_LARGE.get(lang)}
                </p>
                <Checkbox name="replaces" is_optional=true/>
                <Submit label=words::TAKE icon="upload"/>
            </Form>
        </section>
    }
}

fn export(units: &[UnitView], lang: Lang) -> impl IntoView + use<> {
    // After a refusal the address knows what was wanted.
    let option = |field: &'static str, value: String, name: String| {
        let is_chosen = asked(field).as_ref() == Some(&value);
        view! { <option value=value selected=is_chosen>{name}</option> }
    };
    let layouts = [
        (Layout::Day, plan_grid::VIEW_DAY),
        (Layout::Days, plan_grid::VIEW_DAYS),
        (Layout::Units, plan_grid::VIEW_UNITS),
    ];
    let layouts = layouts
        .map(|(layout, name): (Layout, Text)| option("layout", layout.to_string(), name.get(lang).to_owned()))
        .collect_view();
    let units = units
        .iter()
        .map(|unit| option("unit", unit.code.clone(), format!("{} {}", unit.code, unit.name)))
        .collect_view();
    let formats = formats()
        .map(|format| option("format", format.to_string(), labels::plan_format(format).to_owned()))
        .collect_view();
    let day = asked("day").unwrap_or_else(|| today().plus_days(1).to_string());
    view! {
        <section class="panel" aria-labelledby="export">
            <h2 id="export">{words::EXPORT_TITLE.get(lang)}</h2>
            <form method="get" action=PLAN_FILE class="form">
                {picker("layout", words::WHAT, layouts.into_any(), lang)}
                {picker("unit", words::UNIT, units.into_any(), lang)}
                <div class="field">
                    <label for="day">{words::DAY.get(lang)}</label>
                    <input class="input" type="date" id="day" name="day" value=day required=true/>
                </div>
                {picker("format", words::FORMAT, formats.into_any(), lang)}
                <p class="muted small">{words::EXPORT_HINT.get(lang)}</p>
                <button type="submit" class="button button--quiet"><Icon name="download"/>{words::EXPORT.get(lang)}</button>
            </form>
        </section>
    }
}

fn picker(name: &'static str, label: Text, options: AnyView, lang: Lang) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name>{label.get(lang)}</label>
            <select class="input" id=name name=name>{options}</select>
        </div>
    }
}

/// The formats that the operator's plans are written in.
fn formats() -> impl Iterator<Item = PlanFormat> {
    profile().plans.as_ref().map(Plans::formats).into_iter().flatten()
}

/// Address of a file of plans, or of an answer.
fn address(base: &str, layout: Layout, unit: &str, day: Date, version: Option<u32>, format: PlanFormat) -> String {
    let version = version.map(|version| format!("&version={version}")).unwrap_or_default();
    format!("{base}?layout={layout}&unit={}&day={day}&format={format}{version}", escaped(unit))
}

/// The formats to save a sheet in, as a menu of its toolbar.
#[component]
pub fn ExportMenu(layout: Layout, unit: String, day: Date) -> impl IntoView {
    let draw = move || menu(PLAN_FILE, layout, &unit, day);
    view! { <div class="drawn" inner_html=fixed(draw)></div> }
}

/// The same for dispatchers, for all units of a day.
pub fn staff_menu(day: Date) -> impl IntoView {
    let overview =
        view! { <li><a href=format!("{STAFF_PLAN_OVERVIEW}?day={day}")>{words::OVERVIEW.get(lang())}</a></li> };
    menu_of(view! { {overview} {entries(STAFF_PLAN_FILE, Layout::Units, "", day)} }.into_any())
}

fn menu(base: &'static str, layout: Layout, unit: &str, day: Date) -> impl IntoView + use<> {
    menu_of(entries(base, layout, unit, day).into_any())
}

fn menu_of(entries: AnyView) -> impl IntoView {
    view! {
        <details class="menu plan-tools__menu">
            <summary class="button button--plain button--small"><Icon name="download"/>{plan_grid::EXPORT.get(lang())}</summary>
            <div class="menu__panel"><ul class="choices">{entries}</ul></div>
        </details>
    }
}

fn entries(base: &'static str, layout: Layout, unit: &str, day: Date) -> impl IntoView + use<> {
    formats()
        .filter(|format| layout != Layout::Units || format.has_many_units())
        .map(|format| {
            let href = address(base, layout, unit, day, None, format);
            view! { <li><a href=href data-export="">{labels::plan_format(format)}</a></li> }
        })
        .collect_view()
}

/// The files of one version, and the operator's answers to it once there are any.
pub fn version_files(is_staff: bool, unit: &str, day: Date, version: &VersionView) -> impl IntoView + use<> {
    let lang = lang();
    let (file, answer) = if is_staff { (STAFF_PLAN_FILE, STAFF_PLAN_ANSWER) } else { (PLAN_FILE, PLAN_ANSWER) };
    let number = version.number;
    let link = |base: &str, format: PlanFormat, name: String| {
        let href = address(base, Layout::Day, unit, day, Some(number), format);
        view! { <li><a href=href>{name}</a></li> }
    };
    let files: Vec<_> = formats()
        .map(|format| link(file, format, words::version_file(lang, labels::plan_format(format), &number.to_string())))
        .collect();
    let is_decided = matches!(version.status, PlanStatus::Accepted | PlanStatus::Rejected);
    let answers: Vec<_> = formats()
        .filter(|format| is_decided && matches!(format, PlanFormat::Iec | PlanFormat::Json))
        .map(|format| link(answer, format, words::answer(lang, labels::plan_format(format))))
        .collect();
    view! {
        <details class="menu">
            <summary class="button button--plain button--small"><Icon name="download"/>{words::FILES.get(lang)}</summary>
            <div class="menu__panel menu__panel--end"><ul class="choices">{files}{answers}</ul></div>
        </details>
    }
}

fn today() -> Date {
    #[cfg(feature = "ssr")]
    return crate::ssr::services().today(&profile());
    #[cfg(not(feature = "ssr"))]
    unreachable!("only the server draws this")
}
