//! Cookies. Those that open anything carry the `__Host-` prefix, which ties them to this host and to TLS.

use http::HeaderValue;
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use openbok_domain::invitation::InvitationToken;
use openbok_services::{TYPED_LASTS_S, Token};

use super::{services, visit};
use crate::policy::{self, Access};
use crate::portal::{Appearance, Fields, Theme};

/// The session. No lifetime: it ends with the browser, or earlier on the server.
pub const SESSION: &str = "__Host-sid";
/// The browser's long-lived mark.
pub const DEVICE: &str = "__Host-dev";
/// The login that the customer asked to remember, sealed.
pub const LOGIN: &str = "__Host-login";
/// The session of a member of staff.
pub const STAFF_SESSION: &str = "__Host-staff";
/// What was typed into the form of a server function, sealed; the function's name follows.
const TYPED: &str = "__Host-typed-";
/// The TOKEN of an invitation, on its way from one step of registration to the next.
pub const INVITATION: &str = "__Host-invitation";
/// What was done just now in the settings, for the page that comes next.
const DONE: &str = "__Host-done";
/// The token of a mailed link, on its way from the address bar to the button.
pub const LINK: &str = "__Host-link";

const YEAR_S: u32 = 365 * 24 * 3600;
const TEN_MINUTES_S: u32 = 600;
const MINUTE_S: u32 = 60;
const HALF_AN_HOUR_S: u32 = 1800;

/// The value of a cookie in a request, or nothing.
pub fn find<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let headers = parts.headers.get_all(COOKIE).into_iter();
    let mut pairs = headers.filter_map(|header| header.to_str().ok()).flat_map(|header| header.split(';'));
    pairs.find_map(|pair| pair.trim().split_once('=').filter(|(known, _)| *known == name).map(|(_, value)| value))
}

fn read(name: &str) -> Option<String> {
    with_context::<Parts, _>(|parts| find(parts, name).map(str::to_owned))?
}

fn write(name: &str, value: &str, lifetime_s: Option<u32>) {
    let lifetime = lifetime_s.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{lifetime}");
    let response = expect_context::<ResponseOptions>();
    response.append_header(SET_COOKIE, HeaderValue::try_from(cookie).expect("cookie values are plain ASCII"));
}

/// Starts or renews the session in the browser.
pub fn set_session(token: &Token) {
    write(SESSION, &token.to_text(), None);
}

/// Starts or renews the session of a member of staff in the browser.
pub fn set_staff_session(token: &Token) {
    write(STAFF_SESSION, &token.to_text(), None);
}

/// Ends the session of a member of staff in the browser.
pub fn clear_staff_session() {
    write(STAFF_SESSION, "", Some(0));
    wipe();
}

/// Ends the session in the browser, and wipes what it kept of the pages.
pub fn clear_session() {
    write(SESSION, "", Some(0));
    wipe();
}

fn wipe() {
    let wipe = HeaderValue::from_static("\"cache\", \"storage\"");
    expect_context::<ResponseOptions>().insert_header(http::HeaderName::from_static("clear-site-data"), wipe);
}

/// Marks the browser.
pub fn set_device(token: &Token) {
    write(DEVICE, &token.to_text(), Some(YEAR_S));
}

/// Remembers a login, or forgets it.
pub fn remember_login(login: Option<&str>) {
    match login {
        Some(login) => write(LOGIN, &services().seal_login(&visit(), login), Some(YEAR_S)),
        None => write(LOGIN, "", Some(0)),
    }
}

/// The remembered login.
pub fn remembered_login() -> Option<String> {
    services().open_login(&visit(), &read(LOGIN)?)
}

/// Keeps what was typed into the form of a function that is open to everybody, or forgets what is too much for a cookie.
pub fn keep_typed(function: &str, fields: &Fields) {
    if policy::find_function(function).is_some_and(|function| function.access == Access::Public) {
        match services().seal_typed(&visit(), function, &fields.0) {
            Some(sealed) => write(&typed_in(function), &sealed, Some(TYPED_LASTS_S)),
            None => forget_typed(function),
        }
    }
}

/// What was typed into the form of a function and not sent.
pub fn typed(function: &str) -> Option<Fields> {
    services().open_typed(&visit(), function, &read(&typed_in(function))?).map(Fields)
}

/// Forgets it, now that it has been sent.
pub fn forget_typed(function: &str) {
    write(&typed_in(function), "", Some(0));
}

fn typed_in(function: &str) -> String {
    format!("{TYPED}{}", function.rsplit('/').next().unwrap_or_default())
}

/// Notes what was done just now in the settings. The address of the next page says it, too, but anybody can send a link
/// with such an address.
pub fn set_done(what: &str) {
    write(DONE, what, Some(MINUTE_S));
}

/// What was done just now in the settings.
pub fn done() -> Option<String> {
    read(DONE)
}

/// Takes the token of a mailed link out of the address bar.
pub fn set_link(token: &str) {
    let is_token =
        token.len() <= 128 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    write(LINK, if is_token { token } else { "" }, Some(TEN_MINUTES_S));
}

/// The token of the mailed link that was opened last; empty when there is none.
pub fn link() -> String {
    read(LINK).unwrap_or_default()
}

/// Forgets the token of a mailed link.
pub fn clear_link() {
    write(LINK, "", Some(0));
}

/// Keeps the TOKEN of an invitation for the next step.
pub fn set_invitation(token: &InvitationToken) {
    write(INVITATION, token.as_str(), Some(HALF_AN_HOUR_S));
}

/// The TOKEN of an invitation that was typed in the step before.
pub fn invitation() -> Option<InvitationToken> {
    InvitationToken::parse(&read(INVITATION)?).ok()
}

/// Forgets the TOKEN of an invitation.
pub fn clear_invitation() {
    write(INVITATION, "", Some(0));
}

/// Keeps a preference for a year. Nothing here is worth stealing, but scripts need not read it either.
pub fn set_preference(name: &str, value: &str) {
    write(name, value, Some(YEAR_S));
}

/// How the customer wants to see the pages.
pub fn appearance() -> Appearance {
    Appearance {
        theme: read("theme").map(|theme| Theme::from_code(&theme)).unwrap_or_default(),
        larger_text: read("text").as_deref() == Some("larger"),
    }
}
