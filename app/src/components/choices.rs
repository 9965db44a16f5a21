//! Fields that are chosen or ticked instead of typed.

use leptos::prelude::*;
use openbok_locales::Text;

use super::field::{described_by, error_line, label};
use super::form::FormContext;
use crate::portal::{TICKED, lang};

/// A list of which one entry is chosen; the first one unless the customer chose before.
#[component]
pub fn Select(name: &'static str, options: &'static [(&'static str, Text)]) -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    let chosen = form.sent(name);
    let is_wrong = move || form.fault(name, lang).is_some();
    let options = options
        .iter()
        .map(|(value, text)| {
            let is_chosen = chosen.as_deref() == Some(*value);
            view! { <option value=*value selected=is_chosen>{text.get(lang)}</option> }
        })
        .collect_view();
    view! {
        <div class="field" class:field--wrong=is_wrong>
            {label(form, name, false, lang)}
            <select
                class="input" id=name name=name required=true
                aria-describedby=move || described_by(form, name, false, lang)
                aria-invalid=move || is_wrong().then_some("true")
            >
                {options}
            </select>
            {error_line(form, name, lang)}
        </div>
    }
}

/// A box to tick.
#[component]
pub fn Checkbox(
    name: &'static str,
    /// What ticking means, in a sentence under the label.
    #[prop(optional)]
    text: Option<Text>,
    #[prop(optional)] is_optional: bool,
    #[prop(optional)] is_ticked: bool,
    /// A link beside the label.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    let is_wrong = move || form.fault(name, lang).is_some();
    let has_text = text.is_some();
    let is_ticked = if form.came_back() { form.sent(name).as_deref() == Some(TICKED) } else { is_ticked };
    view! {
        <div class="check" class:check--wrong=is_wrong>
            <div class="check__row">
                <label for=name id=format!("{name}-label")>
                    <input
                        type="checkbox" id=name name=name value=TICKED required=!is_optional
                        checked=is_ticked
                        aria-describedby=move || described_by(form, name, has_text, lang)
                        aria-invalid=move || is_wrong().then_some("true")
                    />
                    <span class:is-required=form.has_stars && !is_optional>{form.label(name).get(lang)}</span>
                </label>
                {children.map(|children| children())}
            </div>
            {text.map(|text| view! { <p class="field__hint" id=format!("{name}-hint")>{text.get(lang)}</p> })}
            {error_line(form, name, lang)}
        </div>
    }
}

/// Boxes or choices that answer one question together: its label as the legend, its error above them.
#[component]
pub fn Group(
    name: &'static str,
    /// Class of the legend, for one that a heading says already.
    #[prop(default = "")]
    legend_class: &'static str,
    children: Children,
) -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    view! {
        <fieldset class="form__group" id=name aria-describedby=move || described_by(form, name, false, lang)>
            <legend class=legend_class>{form.label(name).get(lang)}</legend>
            {error_line(form, name, lang)}
            {children()}
        </fieldset>
    }
}
