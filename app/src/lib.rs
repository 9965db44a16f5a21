//! The portal's pages: the document and what is in it, nothing else.
//!
//! Rooms: `pages` are what customers open, `components` what pages are made of, `api` what the browser asks the server,
//! `ssr` the only code that knows the server.
#![recursion_limit = "256"]

pub mod api;
mod browser;
#[cfg(all(test, feature = "ssr"))]
mod census;
pub mod components;
pub mod error;
mod pages;
pub mod policy;
pub mod portal;
#[cfg(feature = "ssr")]
pub mod ssr;

use leptos::prelude::*;

use components::frame::Frame;
use pages::{Draw, chooser};

#[cfg(feature = "ssr")]
pub use ssr::shell;

/// The whole of what a browser shows: the frame, and in it the page that `draw` draws.
#[component]
pub fn App(draw: Draw) -> impl IntoView {
    let portal = portal::provide_portal();
    Effect::new(browser::wake);
    if portal.operator.is_none() {
        return view! { <chooser::Chooser/> }.into_any();
    }
    view! { <Frame>{draw()}</Frame> }.into_any()
}

/// Wakes the page up in the browser, once all of it and its code are there.
#[cfg(feature = "hydrate")]
pub fn wake() {
    wasm_bindgen_futures::spawn_local(async {
        let draw = pages::find(&browser::path()).await;
        browser::page_is_read().await;
        leptos::mount::hydrate_body(move || view! { <App draw/> });
    });
}
