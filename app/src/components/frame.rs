//! The frame around every page: skip link, header, navigation, footer.

use leptos::prelude::*;
use openbok_domain::Stage;
use openbok_locales::{Text, common, labels};
use server_fn::ServerFn;

use super::drawn::{fixed, profile};
use super::form::{Form, Submit};
use super::icon::Icon;
use super::idle::IdleGuard;
use crate::api::preferences::{SetLanguage, SetTextSize, SetTheme};
use crate::api::session::SignOut;
use crate::portal::{Theme, lang, portal};

/// One entry of the navigation.
struct Entry {
    path: &'static str,
    icon: &'static str,
    name: Text,
    /// What is written where room is scarce.
    short: Text,
    /// Pages that belong to it without being below it.
    also: &'static [&'static str],
}

const fn entry(path: &'static str, icon: &'static str, name: Text) -> Entry {
    Entry { path, icon, name, short: name, also: &[] }
}

const SIDE: [Entry; 6] = [
    entry("/", "house", common::NAV_HOME),
    entry("/invoices", "receipt-text", common::NAV_INVOICES),
    entry("/contracts", "file-signature", common::NAV_CONTRACTS),
    entry("/payers", "wallet", common::NAV_PAYERS),
    entry("/supply-points", "map-pin", common::NAV_SUPPLY_POINTS),
    entry("/settings", "settings", common::NAV_SETTINGS),
];

const TABS: [Entry; 5] = [
    entry("/", "house", common::NAV_HOME),
    entry("/invoices", "receipt-text", common::NAV_INVOICES),
    entry("/contracts", "file-signature", common::NAV_CONTRACTS),
    Entry { short: common::TAB_SUPPLY_POINTS, ..entry("/supply-points", "map-pin", common::NAV_SUPPLY_POINTS) },
    Entry { also: &["/payers", "/settings"], ..entry("/more", "menu", common::NAV_MORE) },
];

/// The frame with a page inside.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let lang = lang();
    let stage = portal().session.map(|session| session.stage);
    let is_office = stage == Some(Stage::Full);
    view! {
        <a class="skip" href="#content">{common::SKIP_TO_CONTENT.get(lang)}</a>
        <div class="frame" class:frame--public=!is_office>
            <header class="header" inner_html=fixed(move || header(stage))></header>
            <div class="body" class:body--office=is_office>
                {is_office.then(|| view! { <nav class="side" aria-label=common::MAIN_NAVIGATION.get(lang) inner_html=fixed(|| links(&SIDE))></nav> })}
                <main class="main" id="content" tabindex="-1">{children()}</main>
            </div>
            <footer class="footer" inner_html=fixed(footer)></footer>
            {is_office.then(|| view! { <nav class="tabs" aria-label=common::MAIN_NAVIGATION.get(lang) inner_html=fixed(|| links(&TABS))></nav> })}
        </div>
        {portal().session.map(|session| view! { <IdleGuard session/> })}
    }
}

fn links(entries: &'static [Entry]) -> impl IntoView {
    let lang = lang();
    let portal = portal();
    let entries = entries
        .iter()
        .map(|entry| {
            let is_here = portal.path == entry.path
                || (entry.path != "/" && portal.path.starts_with(entry.path))
                || entry.also.contains(&portal.path.as_str());
            let current = is_here.then_some("page");
            let (name, short) = (entry.name.get(lang), entry.short.get(lang));
            let label = (short != name).then_some(name);
            view! { <li><a href=entry.path aria-current=current aria-label=label><Icon name=entry.icon/>{short}</a></li> }
        })
        .collect_view();
    view! { <ul class="plain">{entries}</ul> }
}

fn header(stage: Option<Stage>) -> impl IntoView {
    let operator = profile();
    let initial = operator.name.chars().next().map(String::from);
    let mark = if operator.theme.logo.is_some() {
        view! { <img src="/logo" alt="" height="36"/> }.into_any()
    } else {
        view! { <span class="brand__mark" aria-hidden="true">{initial}</span> }.into_any()
    };
    view! {
            <div class="header__row">
                <a class="brand" href="/">{mark}<span>{operator.name.clone()}</span></a>
                <div class="header__tools">
                    <Display/>
                    {stage.map(|stage| view! { <Account is_office=stage == Stage::Full/> })}
                </div>
            </div>
    }
}

/// Language and appearance. Plain disclosure and plain forms, so it works before and without scripts.
#[component]
fn Display() -> impl IntoView {
    let lang = lang();
    let portal = portal();
    let appearance = portal.appearance;
    let languages = profile()
        .languages
        .iter()
        .map(|&offered| {
            choice("lang", offered.code(), labels::language(offered), offered == lang, Some(offered.code()))
        })
        .collect_view();
    let themes = Theme::ALL
        .into_iter()
        .map(|theme| choice("theme", theme.code(), theme_name(theme).get(lang), theme == appearance.theme, None))
        .collect_view();
    let sizes = [("normal", common::TEXT_NORMAL, false), ("larger", common::TEXT_LARGER, true)]
        .into_iter()
        .map(|(code, name, is_larger)| choice("size", code, name.get(lang), is_larger == appearance.larger_text, None))
        .collect_view();
    view! {
        <details class="menu">
            <summary>
                <Icon name="languages"/>
                <span class="menu__word">{common::DISPLAY_OPTIONS.get(lang)}</span>
            </summary>
            <div class="menu__panel">
                <p class="menu__title" id="menu-language">{common::LANGUAGE.get(lang)}</p>
                <Form function=SetLanguage::PATH class="choices">{languages}</Form>
                <p class="menu__title">{common::THEME.get(lang)}</p>
                <Form function=SetTheme::PATH class="choices">{themes}</Form>
                <p class="menu__title">{common::TEXT_SIZE.get(lang)}</p>
                <Form function=SetTextSize::PATH class="choices">{sizes}</Form>
            </div>
        </details>
    }
}

fn choice(
    field: &'static str,
    value: &'static str,
    name: &'static str,
    is_chosen: bool,
    language: Option<&'static str>,
) -> impl IntoView {
    view! {
        <button type="submit" name=field value=value aria-pressed=if is_chosen { "true" } else { "false" } lang=language>
            <Icon name="check"/>{name}
        </button>
    }
}

const fn theme_name(theme: Theme) -> Text {
    match theme {
        Theme::System => common::THEME_SYSTEM,
        Theme::Light => common::THEME_LIGHT,
        Theme::Dark => common::THEME_DARK,
        Theme::Contrast => common::THEME_CONTRAST,
    }
}

/// "Edytuj konto" beside "Wyloguj"; on a phone both are under "Więcej".
#[component]
fn Account(is_office: bool) -> impl IntoView {
    let lang = lang();
    let edit = is_office.then(|| {
        view! { <a class="button button--plain" href="/settings"><Icon name="user"/>{common::EDIT_ACCOUNT.get(lang)}</a> }
    });
    view! {
        <div class="account" class:account--wide=is_office>
            {edit}
            <Form function=SignOut::PATH class="account">
                <Submit label=common::SIGN_OUT icon="log-out" class="button button--quiet"/>
            </Form>
        </div>
    }
}

fn footer() -> impl IntoView {
    let lang = lang();
    let operator = profile();
    let contact = operator.contact.clone();
    let outage = contact.outage_phone.map(|phone| {
        view! { <li>{common::FOOTER_OUTAGE_PHONE.get(lang)}": "<a href=call(&phone)>{phone.clone()}</a></li> }
    });
    let website = contact.website.map(|address| {
        view! { <li><a href=address rel="noopener">{common::FOOTER_WEBSITE.get(lang)}</a></li> }
    });
    view! {
            <div class="footer__row">
                <section>
                    <h2>{common::FOOTER_CONTACT.get(lang)}</h2>
                    <ul class="plain">
                        <li>{common::FOOTER_PHONE.get(lang)}": "<a href=call(&contact.phone)>{contact.phone.clone()}</a></li>
                        <li>{common::FOOTER_HOURS.get(lang)}": "{contact.hours.get(lang).to_owned()}</li>
                        {outage}
                        <li><a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a></li>
                    </ul>
                </section>
                <section>
                    <h2>{operator.name.clone()}</h2>
                    <ul class="plain">
                        {contact.address.map(|address| view! { <li>{address}</li> })}
                        {website}
                    </ul>
                </section>
                <section>
                    <h2>{common::FOOTER_DOCUMENTS.get(lang)}</h2>
                    <ul class="plain">
                        <li><a href="/documents/accessibility">{common::FOOTER_ACCESSIBILITY.get(lang)}</a></li>
                        <li><a href="/documents/privacy">{common::FOOTER_PRIVACY.get(lang)}</a></li>
                        <li><a href="/documents/cookies">{common::FOOTER_COOKIES.get(lang)}</a></li>
                        <li>
                            <a href="/documents/terms">
                                {common::footer_terms_version(lang, &operator.terms.version)}
                            </a>
                        </li>
                    </ul>
                </section>
            </div>
    }
}

/// A link that a phone dials.
fn call(phone: &str) -> String {
    let digits: String = phone.chars().filter(|character| character.is_ascii_digit() || *character == '+').collect();
    format!("tel:{digits}")
}
