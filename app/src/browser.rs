//! What pages ask of the browser: send a form, go somewhere, wait, tell the time. Called from event handlers only.

use std::cell::{Cell, RefCell};

use js_sys::{Date, Function, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use openbok_domain::{Challenge, Lang};
use openbok_locales::common;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BroadcastChannel, Element, Event, EventTarget, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement,
    HtmlInputElement, KeyboardEvent, MessageEvent, RequestInit, Response, Storage, UrlSearchParams,
};

use crate::components::form::is_password;
use crate::error::PortalError;
use crate::policy;
use crate::portal::{FUNCTION_FIELD, Fields};
use openbok_domain::address::escaped;

/// Numbers tried before the page gets a chance to breathe: a few milliseconds of work.
const SLICE: u64 = 4_000;
/// Status of an answer to somebody who is not signed in.
const SIGNED_OUT: u16 = 401;

/// Calls a server function with the fields of a form.
pub async fn post<Answer: DeserializeOwned>(function: &str, fields: &Fields) -> Result<Answer, PortalError> {
    read_answer(send(function, fields).await).await
}

async fn read_answer<Answer: DeserializeOwned>(response: Result<Response, JsValue>) -> Result<Answer, PortalError> {
    let response = response.map_err(|_| PortalError::Offline)?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.map_err(|_| PortalError::Offline)?,
        Err(_) => return Err(PortalError::Offline),
    };
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        serde_json::from_str(&text).map_err(|_| PortalError::Internal(String::new()))
    } else {
        Err(serde_json::from_str(&text).unwrap_or_else(|_| error_by_status(&response)))
    }
}

/// The content of a file in base64; nothing when the browser cannot read it.
pub async fn read_base64(file: &web_sys::File) -> Option<String> {
    let reader = web_sys::FileReader::new().ok()?;
    let loaded = Promise::new(&mut |resolve: Function, _| {
        reader.set_onloadend(Some(&resolve));
        // A file that cannot even be begun is never read to its end.
        if reader.read_as_data_url(file).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(loaded).await.ok()?;
    let address = reader.result().ok()?.as_string()?;
    address.split_once("base64,").map(|(_, content)| content.to_owned())
}

/// Calls a server function that only reads.
pub async fn get<Answer: DeserializeOwned>(function: &str, fields: &Fields) -> Result<Answer, PortalError> {
    let query = fields.0.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&");
    let response = JsFuture::from(window().fetch_with_str(&format!("{function}?{query}"))).await;
    read_answer(response.and_then(JsCast::dyn_into)).await
}

/// Sends a form. Who is refused as signed out asks once more: another tab may have changed the password or signed in just
/// now. Whoever has no session changes nothing by asking again.
async fn send(function: &str, fields: &Fields) -> Result<Response, JsValue> {
    /// Until then the browser has the cookie that the other tab was given.
    const PAUSE_MS: i32 = 300;
    let mut has_asked = false;
    loop {
        let response = send_once(function, fields).await?;
        if has_asked || response.status() != SIGNED_OUT {
            return Ok(response);
        }
        has_asked = true;
        pause(PAUSE_MS).await;
    }
}

async fn send_once(function: &str, fields: &Fields) -> Result<Response, JsValue> {
    let body = UrlSearchParams::new()?;
    for (name, value) in &fields.0 {
        body.append(name, value);
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    let request = web_sys::Request::new_with_str_and_init(function, &init)?;
    request.headers().set("accept", "application/json")?;
    JsFuture::from(window().fetch_with_request(&request)).await?.dyn_into()
}

/// For answers that did not come from a server function but from a guard before it.
fn error_by_status(response: &Response) -> PortalError {
    let retry_after_s = || {
        let header = response.headers().get("retry-after").ok().flatten();
        header.and_then(|seconds| seconds.parse().ok()).unwrap_or(60)
    };
    match response.status() {
        SIGNED_OUT => PortalError::SignedOut,
        403 => PortalError::Forbidden,
        404 => PortalError::NotFound,
        400..=428 => PortalError::BadRequest,
        429 => PortalError::TooMany(retry_after_s()),
        503 => PortalError::Busy(retry_after_s()),
        _ => PortalError::Internal(String::new()),
    }
}

/// The fields of the form that an event happened in, and of the button that was pressed.
pub fn read_form(event: &Event, button: Option<HtmlElement>) -> Fields {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = target.and_then(|target| target.closest("form").ok().flatten());
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return Fields::default();
    };
    let Ok(data) = FormData::new_with_form(&form) else {
        return Fields::default();
    };
    let mut fields = Fields::default();
    for pair in js_sys::try_iter(&data).ok().flatten().into_iter().flatten() {
        let pair = pair.ok().and_then(|pair| pair.dyn_into::<js_sys::Array>().ok());
        // What is no text is a file, and travels in another way.
        let text = pair.and_then(|pair| pair.get(0).as_string().zip(pair.get(1).as_string()));
        if let Some((name, value)) = text {
            fields.set(&name, value);
        }
    }
    let button = button.and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        fields.set(&button.name(), button.value());
    }
    fields
}

/// Empties the password fields of the form that was sent, and tells them.
pub fn empty_passwords(event: &Event) {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(elements) = form.map(|form| form.elements()) else { return };
    let inputs = (0..elements.length()).filter_map(|place| elements.item(place)?.dyn_into::<HtmlInputElement>().ok());
    for input in inputs.filter(|input| is_password(&input.name())) {
        input.set_value("");
        if let Ok(event) = Event::new("input") {
            // A field that does not hear of it only shows what it knew before.
            let _ = input.dispatch_event(&event);
        }
    }
}

/// Says in the title in the tab that the form came back with errors, as the server does.
pub fn mark_title(lang: Lang) {
    let (document, mark) = (document(), common::title_with_error(lang, ""));
    let title = document.title();
    if !title.starts_with(&mark) {
        document.set_title(&(mark + &title));
    }
}

/// Whether the form that is being sent is for a server function.
pub fn is_sent_to(event: &Event, function: &str) -> bool {
    let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let mark = format!("[name={FUNCTION_FIELD}][value=\"{function}\"]");
    form.is_some_and(|form| form.query_selector(&mark).is_ok_and(|found| found.is_some()))
}

/// Whether an event happened in a list to choose from.
pub fn is_choice(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.tag_name() == "SELECT")
}

/// Opens a page as a fresh document, so that nothing of the former one is left.
pub fn go_to(path: &str) {
    // The only failure is a malformed address, and addresses here come from the portal itself.
    let _ = window().location().assign(path);
}

thread_local! {
    static IS_SESSION_OVER: Cell<bool> = const { Cell::new(false) };
}

/// Goes where somebody whose session has ended signs in again, to come back to this page.
pub fn sign_in_again() {
    sign_in_for(&here(), "ended");
}

/// Goes to the sign-in form, which says why, and leads to `next`.
pub fn sign_in_for(next: &str, reason: &str) {
    IS_SESSION_OVER.set(true);
    go_to(&policy::sign_in_for(next, Some(reason)));
}

/// Whether this page is being left because its session has ended.
pub fn is_session_over() -> bool {
    IS_SESSION_OVER.get()
}

/// Path of the page that is shown.
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Path and query of the page that is shown.
pub fn here() -> String {
    format!("{}{}", path(), window().location().search().unwrap_or_default())
}

/// The browser's clock in milliseconds.
pub fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and far below 2^53")]
    let now = Date::now() as i64;
    now
}

/// Lets the page breathe for a while.
pub async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve: Function, _| {
        // Without a timer the promise would never end; a missing one means the page is being closed.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}

/// Solves a challenge in slices; nothing when the customer gave up.
pub async fn solve(challenge: &Challenge, is_cancelled: impl Fn() -> bool) -> Option<u64> {
    let mut start = 0;
    while !is_cancelled() {
        let number = search(challenge.token.clone(), challenge.bits, start).await;
        if number.is_some() {
            return number;
        }
        start += SLICE;
        pause(0).await;
    }
    None
}

/// A slice of it. In a download of its own, because few customers ever meet a challenge.
#[leptos::lazy]
fn search(token: String, bits: u8, start: u64) -> Option<u64> {
    openbok_domain::challenge::search(&token, bits, start, SLICE)
}

/// Puts the focus on an element once the page has been drawn.
pub fn focus(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(id) {
            let element: web_sys::HtmlElement = element.unchecked_into();
            // An element that cannot take the focus leaves it where it is.
            let _ = element.focus();
        }
    });
}

/// Waits until the browser has read the whole page.
#[cfg(feature = "hydrate")]
pub async fn page_is_read() {
    let document = document();
    if document.ready_state() == "loading" {
        let promise = Promise::new(&mut |resolve: Function, _| {
            // Every document takes listeners.
            let _ = document.add_event_listener_with_callback("DOMContentLoaded", &resolve);
        });
        let _ = JsFuture::from(promise).await;
    }
}

/// Tells the style sheet that scripts run, and gives the buttons of drawn pages their work.
pub fn wake() {
    if let Some(root) = document().document_element() {
        // A class that cannot be set only leaves a button unseen.
        let _ = root.class_list().add_1("live");
    }
    let listener = window_event_listener_untyped("click", |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = target.and_then(|target| target.closest("[data-copy], [data-print]").ok().flatten()) else {
            return;
        };
        match button.get_attribute("data-copy") {
            Some(text) => spawn_local(copy(button, text)),
            // A browser without printing has nothing to tell the customer that they would not see.
            None => drop(window().print()),
        }
    });
    // It works as long as the page lives.
    drop(listener);
    for name in ["click", "keydown"] {
        listen::<Event>(&window(), name, leave_menu);
    }
}

/// Closes the open menu once somebody clicks elsewhere or presses Escape.
fn leave_menu(event: &Event) {
    // Every key of every page comes by here: whether a menu is open is looked for only where it matters.
    if event.dyn_ref::<KeyboardEvent>().is_some_and(|press| press.key() != "Escape") {
        return;
    }
    let Some(menu) = document().query_selector("details.menu[open]").ok().flatten() else { return };
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_inside = menu.contains(target.as_deref());
    if !is_inside || event.type_() == "keydown" {
        fold(&menu, is_inside);
    }
}

/// Closes a menu; the focus that was in it comes to its button.
fn fold(menu: &Element, has_focus: bool) {
    // A menu that stays open is in nobody's way.
    let _ = menu.remove_attribute("open");
    let button = menu.query_selector("summary").ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button.filter(|_| has_focus) {
        // A button that cannot take the focus leaves it where it is.
        let _ = button.focus();
    }
}

/// Puts a text on the clipboard, and lets its button say so for a moment. A browser that refuses leaves the text on the
/// page, where it can be marked.
async fn copy(button: Element, text: String) {
    if write_clipboard(&text).await {
        // A class that cannot be set only leaves the customer without the word for it.
        let _ = button.class_list().add_1("is-done");
        pause(3_000).await;
        let _ = button.class_list().remove_1("is-done");
    }
}

/// Puts a text on the clipboard; whether the browser allowed it.
pub async fn write_clipboard(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// What is on the clipboard, if the browser and the customer allow it.
pub async fn read_clipboard() -> Option<String> {
    JsFuture::from(window().navigator().clipboard().read_text()).await.ok()?.as_string()
}

/// The button that was pressed, where one listener hears of several.
pub fn button_of(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("button").ok().flatten()
}

/// Closes the menu that a button in it was pressed of.
pub fn close_menu(event: &web_sys::Event) {
    let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(menu) = button.and_then(|button| button.closest("details").ok().flatten()) {
        fold(&menu, true);
    }
}

/// Whether a box or a choice is ticked.
pub fn is_checked(id: &str) -> bool {
    let input = document().get_element_by_id(id).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.checked())
}

/// Listens to an element, as long as the page lives.
pub fn listen<E: JsCast + 'static>(target: &EventTarget, name: &str, handle: impl Fn(&E) + 'static) {
    attach(target, name, false, handle);
}

/// Listens to everything that happens in an element before what is in it hears of it, as long as the page lives.
pub fn listen_first<E: JsCast + 'static>(target: &EventTarget, name: &str, handle: impl Fn(&E) + 'static) {
    attach(target, name, true, handle);
}

fn attach<E: JsCast + 'static>(target: &EventTarget, name: &str, is_first: bool, handle: impl Fn(&E) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| handle(event.unchecked_ref()));
    let callback = listener.as_ref().unchecked_ref();
    // The only failure is a listener that is none.
    let _ = target.add_event_listener_with_callback_and_bool(name, callback, is_first);
    listener.forget();
}

/// Keeps a text in the browser across pages, until it is forgotten or the customer signs out.
pub fn keep(key: &str, text: &str) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing has no better place either.
        let _ = storage.set_item(key, text);
    }
}

/// What was kept.
pub fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Forgets it.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        // What is not there need not be removed.
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

thread_local! {
    /// What the tabs of this portal hear each other through.
    static TABS: RefCell<Vec<BroadcastChannel>> = const { RefCell::new(Vec::new()) };
}

fn with_tabs(channel: &'static str, act: impl FnOnce(&BroadcastChannel)) {
    TABS.with_borrow_mut(|tabs| {
        let known = tabs.iter().position(|tabs| tabs.name() == channel);
        let place = known.or_else(|| {
            // In a browser that has no such thing the tabs do not hear each other.
            tabs.push(BroadcastChannel::new(channel).ok()?);
            Some(tabs.len() - 1)
        });
        if let Some(place) = place {
            act(&tabs[place]);
        }
    });
}

/// Tells the other tabs a number.
pub fn tell_tabs(channel: &'static str, message: f64) {
    // A closed channel means the page is going away, and then nobody needs to hear.
    with_tabs(channel, |tabs| drop(tabs.post_message(&message.into())));
}

/// Hears the numbers that other tabs tell, as long as the page lives.
pub fn hear_tabs(channel: &'static str, listen: impl Fn(f64) + 'static) {
    with_tabs(channel, |tabs| {
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = event.data().as_f64() {
                listen(message);
            }
        });
        tabs.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        listener.forget();
    });
}
