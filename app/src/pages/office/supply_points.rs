//! Places of supply and the meters in them.

use leptos::prelude::*;
use openbok_domain::Commodity;
use openbok_domain::office::{MeterView, SupplyPointView};
use openbok_locales::{format, labels, supply_points as words};

use crate::api::office::list_supply_points;
use crate::components::drawn::drawn;
use crate::components::icon::Icon;
use crate::components::page::{Empty, PageHead};
use crate::components::status::commodity_icon;
use crate::components::written;
use crate::portal::lang;

#[component]
pub fn SupplyPointsPage() -> impl IntoView {
    drawn(list_supply_points, content)
}

fn content(points: Vec<SupplyPointView>) -> AnyView {
    let lang = lang();
    view! {
        <PageHead title=words::TITLE.get(lang) lead=words::INTRO.get(lang)/>
        {list(points)}
    }
    .into_any()
}

fn list(points: Vec<SupplyPointView>) -> AnyView {
    if points.is_empty() {
        return view! { <Empty icon="map-pin" text=words::EMPTY/> }.into_any();
    }
    view! { <div class="cards">{points.into_iter().map(card).collect_view()}</div> }.into_any()
}

fn card(point: SupplyPointView) -> impl IntoView {
    let lang = lang();
    let code = if point.commodity == Commodity::Electricity { words::CODE_PPE } else { words::CODE };
    let payer = point
        .payer_number
        .map(|number| view! { <div><dt>{words::PAYER.get(lang)}</dt><dd class="code">{number}</dd></div> });
    let meters = if point.meters.is_empty() {
        view! { <p class="muted">{words::NO_METERS.get(lang)}</p> }.into_any()
    } else {
        view! { <ul class="meters">{point.meters.into_iter().map(meter).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel">
            <h2><Icon name=commodity_icon(point.commodity)/><span inner_html=written::address(&point.address)></span></h2>
            <dl class="facts">
                <div><dt>{code.get(lang)}</dt><dd class="code">{point.code}</dd></div>
                <div>
                    <dt>{words::COMMODITY.get(lang)}</dt>
                    <dd>{labels::commodity(point.commodity).get(lang)}</dd>
                </div>
                <div><dt>{words::CONTRACT.get(lang)}</dt><dd class="code">{point.contract_number}</dd></div>
                {payer}
            </dl>
            <h3>{words::METERS.get(lang)}</h3>
            {meters}
        </section>
    }
}

fn meter(meter: MeterView) -> impl IntoView {
    let lang = lang();
    let days = [(words::INSTALLED_ON, meter.installed_on), (words::REMOVED_ON, meter.removed_on)]
        .into_iter()
        .filter_map(|(name, day)| Some(format!("{} {}", name.get(lang), format::date_short(day?, lang))))
        .collect::<Vec<_>>()
        .join(", ");
    let unit = format::unit(&meter.unit);
    let registers = (!meter.registers.is_empty())
        .then(|| format!("{}: {} ({unit})", words::REGISTERS.get(lang), meter.registers.join(", ")));
    view! {
        <li>
            <Icon name="gauge"/>
            <span>{words::METER_NUMBER.get(lang)}" "<span class="code">{meter.number}</span></span>
            <span class="muted small">{registers}</span>
            <span class="muted small">{days}</span>
        </li>
    }
}
