//! Passwords: a button that shows them, a hint about Caps Lock, the live list of what a new one must be.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use openbok_domain::{Lang, PasswordPolicy, PasswordRule};
use openbok_locales::{common, faults, password};

use super::field::{error_line, label};
use super::form::FormContext;
use super::icon::Icon;
use crate::portal::lang;

/// A password field. What was typed never comes back from the server.
#[component]
pub fn SecretField(
    name: &'static str,
    /// `current-password`, `new-password` or `one-time-code`.
    autocomplete: &'static str,
    /// What helps to fill it in; empty for none.
    #[prop(optional, into)]
    hint: String,
    /// Shows the list of what the policy asks for.
    #[prop(optional)]
    policy: Option<PasswordPolicy>,
) -> impl IntoView {
    let lang = lang();
    let form = expect_context::<FormContext>();
    let shown = RwSignal::new(false);
    let caps = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let has_hint = !hint.is_empty();
    let is_wrong = move || form.fault(name, lang).is_some();
    let watch_caps = move |event: KeyboardEvent| caps.set(event.get_modifier_state("CapsLock"));
    let described_by = move || {
        let ids = [
            has_hint.then(|| format!("{name}-hint")),
            policy.map(|_| format!("{name}-rules")),
            is_wrong().then(|| format!("{name}-error")),
            caps.get().then(|| format!("{name}-caps")),
        ];
        let ids = ids.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!ids.is_empty()).then_some(ids)
    };
    view! {
        <div class="field" class:field--wrong=is_wrong>
            {label(form, name, false, lang)}
            {has_hint.then(|| view! { <p class="field__hint" id=format!("{name}-hint")>{hint}</p> })}
            <div class="secret">
                <input
                    class="input" id=name name=name type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete required=true spellcheck="false" autocapitalize="none"
                    aria-describedby=described_by aria-invalid=move || is_wrong().then_some("true")
                    on:keydown=watch_caps on:keyup=watch_caps on:blur=move |_| caps.set(false)
                    on:input=move |event| if policy.is_some() { typed.set(event_target_value(&event)) }
                />
                <button type="button" class="secret__show needs-script" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    {move || if shown.get() {
                        view! { <Icon name="eye-off"/><span class="unseen">{common::HIDE_PASSWORD.get(lang)}</span> }
                    } else {
                        view! { <Icon name="eye"/><span class="unseen">{common::SHOW_PASSWORD.get(lang)}</span> }
                    }}
                </button>
            </div>
            {error_line(form, name, lang)}
            <p class="caps" id=format!("{name}-caps") role="status">
                {move || caps.get().then(|| view! { <Icon name="triangle-alert"/>{common::CAPS_LOCK.get(lang)} })}
            </p>
            {policy.map(|policy| checklist(name, policy, typed, lang))}
        </div>
    }
}

fn checklist(name: &'static str, policy: PasswordPolicy, typed: RwSignal<String>, lang: Lang) -> impl IntoView {
    let unmet = Memo::new(move |_| policy.unmet(&typed.read()));
    let line = move |rule: PasswordRule| {
        let is_met = move || !unmet.read().contains(&rule);
        view! {
            <li class:is-met=is_met>
                {move || if is_met() { view! { <Icon name="circle-check"/> } } else { view! { <Icon name="circle-dashed"/> } }}
                <span>
                    {faults::password_rule(&rule, lang)}
                    <span class="unseen">
                        ", "
                        {move || if is_met() { password::RULE_MET } else { password::RULE_UNMET }.get(lang)}
                    </span>
                </span>
            </li>
        }
    };
    view! {
        <ul class="rules" id=format!("{name}-rules") aria-label=password::RULES_TITLE.get(lang)>
            {policy.rules().into_iter().map(line).collect_view()}
        </ul>
    }
}
