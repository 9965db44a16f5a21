//! The frame around every page: skip link, header, navigation, footer.

use leptos::prelude::*;
use openbok_locales::{Text, common, format, labels};
use server_fn::ServerFn;

use super::drawn::{fixed_by, profile};
use super::form::{Form, Submit};
use super::icon::Icon;
use super::idle::IdleGuard;
use super::navigation::{Entry, links, present, side, tabs};
use super::written;
use crate::api::preferences::{SetLanguage, SetTextSize, SetTheme};
use crate::api::session::SignOut;
use crate::api::staff::StaffSignOut;
use crate::policy;
use crate::portal::{Theme, Who, home, lang, portal};

/// The frame with a page inside.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let lang = lang();
    let session = portal().session.clone();
    let who = session.as_ref().map(|session| session.who.clone());
    let inside = who.clone().filter(Who::is_in);
    let is_inside = inside.is_some();
    let side = inside.clone().map(|who| menu("side", side, who));
    let tabs = inside.map(|who| menu("tabs", tabs, who));
    let of_header = || {
        let (portal, of_staff) = (portal(), policy::is_of_staff(&portal().path));
        format!("header {:?} {:?} {of_staff}", portal.session.as_ref().map(|session| &session.who), portal.appearance)
    };
    view! {
        <a class="skip" href="#content">{common::SKIP_TO_CONTENT.get(lang)}</a>
        <div class="frame" class:frame--public=!is_inside>
            <header class="header" inner_html=fixed_by(of_header, move || header(who))></header>
            <div class="body" class:body--office=is_inside>
                {side}
                <main class="main" id="content" tabindex="-1">{children()}</main>
            </div>
            <footer class="footer" inner_html=fixed_by(|| "footer".to_owned(), footer)></footer>
            {tabs}
        </div>
        {session.map(|session| view! { <IdleGuard session/> })}
    }
}

/// The navigation at the side, or the tab bar of a phone.
fn menu(place: &'static str, entries: fn(&Who) -> Vec<Entry>, who: Who) -> impl IntoView {
    let of = who.clone();
    let key = move || format!("{place} {of:?} {:?}", present(&entries(&of)));
    let draw = move || links(entries(&who), place == "tabs");
    view! { <nav class=place aria-label=common::MAIN_NAVIGATION.get(lang()) inner_html=fixed_by(key, draw)></nav> }
}

fn header(who: Option<Who>) -> impl IntoView {
    let operator = profile();
    let initial = operator.name.chars().next().map(String::from);
    let mark = if operator.theme.logo.is_some() {
        view! { <img src="/brand/logo" alt="" height="36"/> }.into_any()
    } else {
        view! { <span class="brand__mark" aria-hidden="true">{initial}</span> }.into_any()
    };
    view! {
            <div class="header__row">
                <a class="brand" href=home().0>{mark}<span>{operator.name.clone()}</span></a>
                <div class="header__tools">
                    {(operator.languages.len() > 1).then(|| view! { <div class="languages">{languages()}</div> })}
                    <Display/>
                    {who.map(|who| view! { <Account who/> })}
                </div>
            </div>
    }
}

/// The languages, each by its own name: who does not read the page's one finds theirs.
fn languages() -> impl IntoView {
    let lang = lang();
    let choices = profile()
        .languages
        .iter()
        .map(|&offered| {
            choice("lang", offered.code(), labels::language(offered), offered == lang, Some(offered.code()))
        })
        .collect_view();
    view! { <Form function=SetLanguage::PATH class="choices">{choices}</Form> }
}

/// Appearance, and where the header has no room for them the languages. Plain disclosure and plain forms, so it works
/// before and without scripts.
#[component]
fn Display() -> impl IntoView {
    let lang = lang();
    let appearance = portal().appearance;
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
                <span class="narrow"><Icon name="languages"/></span>
                <span class="menu__word narrow">{common::DISPLAY_OPTIONS.get(lang)}</span>
                <span class="wide"><Icon name="eye"/></span>
                <span class="wide">{common::THEME.get(lang)}</span>
            </summary>
            <div class="menu__panel">
                <div class="menu__part narrow">
                    <p class="menu__title">{common::LANGUAGE.get(lang)}</p>
                    {languages()}
                </div>
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

/// "Edytuj konto" beside "Wyloguj"; on a phone both are under "Więcej". Staff has an account that others edit.
#[component]
fn Account(who: Who) -> impl IntoView {
    let lang = lang();
    let (is_staff, is_in) = (who.is_staff(), who.is_in());
    let edit = (is_in && !is_staff).then(|| {
        view! { <a class="button button--plain" href="/settings"><Icon name="user"/>{common::EDIT_ACCOUNT.get(lang)}</a> }
    });
    let sign_out = if is_staff { StaffSignOut::PATH } else { SignOut::PATH };
    view! {
        <div class="account" class:account--wide=is_in && !is_staff>
            {edit}
            <Form function=sign_out class="account">
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
                        <li>{common::FOOTER_HOURS.get(lang)}": "{format::unbroken(contact.hours.get(lang))}</li>
                        {outage}
                        <li><a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a></li>
                    </ul>
                </section>
                <section>
                    <h2>{operator.name.clone()}</h2>
                    <ul class="plain">
                        {contact.address.map(|address| view! { <li inner_html=written::address(&address)></li> })}
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
