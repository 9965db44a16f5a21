//! The buttons of the grid. Each does what a key does, too. The server draws them; in the browser one listener hears all.

use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::plan::sheet::Copied;
use openbok_domain::plan::view::Layout;
use openbok_domain::plan::{PLAN_FILE_ENDINGS, Points, Series};
use openbok_domain::{Date, Lang};
use openbok_locales::{Text, format, plan_grid as words};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::desk::{self, Desk};
use super::keys::Wish;
use super::questions::count;
use super::{Source, import, saving};
use crate::browser;
use crate::components::drawn::fixed;
use crate::components::icon::Icon;
use crate::components::words::explain;
use crate::error::PortalError;
use crate::portal::lang;

/// Most plans without anything to copy from that a notice names.
const MOST_ABSENT: usize = 3;

/// The toolbar's element.
pub const ID: &str = "plan-tools";

/// What a button does, by the word that it carries.
const TOOLS: [&str; 9] = ["undo", "redo", "cut", "copy", "paste", "fill-down", "fill-right", "keep-template", "import"];

/// The toolbar; what belongs to the page goes to its end.
#[component]
pub fn Toolbar(
    layout: Layout,
    sources: &'static [Source],
    /// Whether there is a plan that may be changed.
    is_open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="plan-tools needs-script no-print" id=ID role="toolbar" aria-label=words::TOOLBAR.get(lang())>
            <div class="drawn" inner_html=fixed(move || buttons(layout, sources, is_open))></div>
            {children()}
        </div>
    }
}

fn buttons(layout: Layout, sources: &'static [Source], is_open: bool) -> impl IntoView {
    let [undo, redo, cut, copy, paste, fill_down, fill_right, keep_template, import] = TOOLS;
    let copies = button(copy, "copy", words::COPY, "Ctrl+C", false);
    let tools = if is_open {
        view! {
            <div class="plan-tools__group">
                {button(undo, "undo-2", words::UNDO, "Ctrl+Z", true)}
                {button(redo, "redo-2", words::REDO, "Ctrl+Y", true)}
            </div>
            <div class="plan-tools__group plan-tools__group--cells">
                {button(cut, "scissors", words::CUT, "Ctrl+X", false)}
                {copies}
                {button(paste, "clipboard", words::PASTE, "Ctrl+V", false)}
            </div>
            <div class="plan-tools__group plan-tools__group--cells">
                {button(fill_down, "arrow-down-to-line", words::FILL_DOWN, "Ctrl+D", false)}
                {button(fill_right, "arrow-right-to-line", words::FILL_RIGHT, "Ctrl+R", false)}
            </div>
            {(!sources.is_empty()).then(|| copy_menu(sources, keep_template))}
            <button type="button" class="button button--plain button--small" data-tool=import>
                <Icon name="upload"/>{words::IMPORT.get(lang())}
            </button>
            <input type="file" id=import::ID accept=PLAN_FILE_ENDINGS hidden=true/>
        }
        .into_any()
    } else {
        view! { <div class="plan-tools__group plan-tools__group--cells">{copies}</div> }.into_any()
    };
    view! {
        {tools}
        {(layout == Layout::Units).then(series_switch)}
    }
}

fn button(tool: &'static str, icon: &'static str, name: Text, key: &'static str, is_disabled: bool) -> impl IntoView {
    let name = name.get(lang());
    view! {
        <button
            type="button" class="button button--plain button--small plan-tools__tool" data-tool=tool aria-label=name
            title=format!("{name} ({key})") aria-keyshortcuts=key.replace("Ctrl", "Control")
            aria-disabled=is_disabled.then_some("true")
        >
            <Icon name=icon/>
        </button>
    }
}

fn copy_menu(sources: &'static [Source], keep_template: &'static str) -> impl IntoView {
    let lang = lang();
    let entries = sources
        .iter()
        .map(|source| view! { <li><button type="button" data-source=source.code()>{source.name().get(lang)}</button></li> })
        .collect_view();
    view! {
        <details class="menu plan-tools__menu">
            <summary class="button button--plain button--small"><Icon name="history"/>{words::COPY_FROM.get(lang)}</summary>
            <div class="menu__panel">
                <ul class="choices">
                    {entries}
                    <li><button type="button" data-tool=keep_template>{words::KEEP_TEMPLATE.get(lang)}</button></li>
                </ul>
            </div>
        </details>
    }
}

fn series_switch() -> impl IntoView {
    let choices = Series::ALL
        .iter()
        .map(|series| {
            let is_shown = (*series == Series::Pplan).to_string();
            view! { <button type="button" data-series=series.as_str() aria-pressed=is_shown>{series.as_str()}</button> }
        })
        .collect_view();
    view! { <div class="switch" role="group" aria-label=words::SERIES.get(lang())>{choices}</div> }
}

/// Does what the pressed button says.
pub fn on_click(event: &Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if let Some(link) = target.closest("a[data-export]").ok().flatten() {
        event.prevent_default();
        browser::close_menu(event);
        let address = link.get_attribute("href").unwrap_or_default();
        return spawn_local(async move {
            // A file is made of what the server has; who is offline gets what it had.
            saving::save_now().await;
            let is_ready = desk::with(|desk| {
                // Of two people's values it is not known yet which ones are to be written.
                let is_settled = desk.drafts.overtaken().is_none();
                if !is_settled {
                    saving::ask_to_merge(desk);
                }
                is_settled && desk.is_writable()
            });
            if is_ready == Some(true) {
                browser::go_to(&address);
            }
        });
    }
    let Some(button) = browser::button_of(event) else { return };
    if button.get_attribute("aria-disabled").is_some() {
        return;
    }
    if let Some(tool) = button.get_attribute("data-tool") {
        browser::close_menu(event);
        use_tool(&tool);
    } else if let Some(code) = button.get_attribute("data-source") {
        browser::close_menu(event);
        if let Some(source) = Source::ALL.into_iter().find(|source| source.code() == code) {
            spawn_local(copy_from(source));
        }
    } else if let Some(series) = button.get_attribute("data-series").and_then(|series| series.parse().ok()) {
        desk::run(|desk| desk.show_series(series));
    }
}

fn use_tool(tool: &str) {
    let wish = match tool {
        "undo" => Wish::Undo,
        "redo" => Wish::Redo,
        "fill-down" => Wish::FillDown,
        "fill-right" => Wish::FillRight,
        "paste" => return spawn_local(paste()),
        "keep-template" => return spawn_local(keep_template()),
        "import" => return import::choose(),
        copy => return spawn_local(copy_out(copy == "cut")),
    };
    desk::with(|desk| {
        desk.keep_typing();
        desk.do_wish(wish)
    });
}

/// Shows which buttons have something to do, and which series is shown.
pub fn follow(steps: (bool, bool), series: Option<Series>) {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let [undo, redo, ..] = TOOLS;
    for (tool, is_possible) in [(undo, steps.0), (redo, steps.1)] {
        if let Some(button) = find(&format!("[data-tool={tool}]")) {
            // These names are fit for attributes.
            let _ = if is_possible {
                button.remove_attribute("aria-disabled")
            } else {
                button.set_attribute("aria-disabled", "true")
            };
        }
    }
    for each in Series::ALL {
        if let (Some(shown), Some(button)) = (series, find(&format!("[data-series={each}]"))) {
            let _ = button.set_attribute("aria-pressed", if shown == *each { "true" } else { "false" });
        }
    }
}

async fn copy_out(is_cut: bool) {
    let Some(text) = desk::with(|desk| {
        desk.keep_typing();
        desk.copy()
    }) else {
        return;
    };
    let is_copied = browser::write_clipboard(&text).await;
    desk::run(|desk| {
        if !is_copied {
            desk.tell_no_clipboard();
        } else if is_cut {
            desk.do_wish(Wish::Clear);
        }
    });
}

async fn paste() {
    let text = browser::read_clipboard().await;
    desk::run(|desk| match text {
        Some(text) => desk.paste(&text),
        None => desk.tell_no_clipboard(),
    });
}

/// Keeps what stands in the plan that the selection begins in as the template of its unit.
async fn keep_template() {
    let Some((server, draft)) = desk::with(|desk| {
        desk.keep_typing();
        (desk.server, desk.drafts.draft(desk.current_plan(), &desk.sheet))
    }) else {
        return;
    };
    let unit = draft.unit.clone();
    let answer = (server.keep)(draft).await;
    desk::run(|desk| {
        let lang = desk.face.lang;
        desk.tell(match answer {
            Ok(()) => words::kept_template(lang, &unit),
            Err(error) => explain(&error, lang),
        });
    });
}

/// Fetches what a plan can be copied from for every plan that the selection touches, and writes it as one step. Plans for which
/// there is nothing stay as they are, and are named.
async fn copy_from(source: Source) {
    let Some((server, drafts)) = desk::with(|desk| {
        desk.keep_typing();
        let drafts = desk.selected_plans().into_iter().map(|plan| (plan, desk.drafts.draft(plan, &desk.sheet)));
        (desk.server, drafts.collect::<Vec<_>>())
    }) else {
        return;
    };
    let (mut found, mut absent) = (Vec::new(), Vec::new());
    for (plan, draft) in drafts {
        let (unit, day) = (draft.unit.clone(), draft.day);
        match (server.source)(draft, source).await {
            Ok(view) => {
                if let Ok(points) = Points::unpack(&view.points, view.labels.len()) {
                    found.push((plan, Copied { labels: view.labels, points }));
                }
            }
            Err(PortalError::NotFound) => absent.push((unit, day)),
            Err(error) => return desk::run(|desk| desk.tell(explain(&error, desk.face.lang))),
        }
    }
    desk::run(|desk: &mut Desk| {
        let lang = desk.face.lang;
        let has_changed = desk.copy_from(&found);
        let mut said = Vec::new();
        if has_changed {
            said.push(words::copied_from(lang, source.name().get(lang)));
        } else if !found.is_empty() {
            said.push(words::COPIED_NOTHING.get(lang).to_owned());
        }
        said.extend(nothing_for(source, &absent, lang));
        desk.tell(said.join(" "));
        desk.painter.focus(desk.sheet.selection().focus);
    });
}

/// That there is nothing for these plans, of a unit and a day each, to be copied from; the first ones by name.
fn nothing_for(source: Source, absent: &[(String, Date)], lang: Lang) -> Vec<String> {
    let named = absent.iter().take(MOST_ABSENT).map(|(unit, day)| nothing_there(source, unit, *day, lang));
    let others = absent.len().checked_sub(MOST_ABSENT).filter(|others| *others > 0);
    named.chain(others.map(|others| words::copied_more_absent(lang, count(others)))).collect()
}

/// That there is nothing for the plan of a unit on a day to be copied from.
fn nothing_there(source: Source, unit: &str, day: Date, lang: Lang) -> String {
    let days = match source {
        Source::Yesterday => 1,
        Source::Week => 7,
        Source::Template => return words::copied_no_template(lang, unit),
    };
    words::copied_no_plan(lang, &format::date_long(day.plus_days(-days), lang), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_plan_to_copy_is_named() {
        let day = "2026-12-01".parse().unwrap();
        let said = |source| nothing_there(source, "FW-1", day, Lang::Pl);
        assert!(said(Source::Yesterday).contains("30 listopada 2026"), "{}", said(Source::Yesterday));
        assert!(said(Source::Week).contains("24 listopada 2026"), "{}", said(Source::Week));
        assert!(said(Source::Template).contains("FW-1"), "{}", said(Source::Template));
    }

    #[test]
    fn the_first_plans_that_have_nothing_to_copy_are_named_and_the_others_counted() {
        let day = "2026-12-01".parse().unwrap();
        let absent: Vec<(String, Date)> = (1..=5).map(|unit| (format!("FW-{unit}"), day)).collect();
        let said = nothing_for(Source::Yesterday, &absent, Lang::En);
        assert!(
            said.len() == 4 && said[2].contains("FW-3") && said[3] == "The same goes for 2 more plans.",
            "{said:?}"
        );
        assert_eq!(nothing_for(Source::Yesterday, &absent[..3], Lang::En).len(), 3);
    }
}
