//! The portal's pages: the document, the route table, nothing else.
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
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, SsrMode, path};

use components::frame::Frame;
use pages::access::{activate, passwords, recover, register, resend, sign_in, terms};
use pages::office::{contracts, home, invoice, invoices, more, payers, settings, supply_points};
use pages::{chooser, document, not_found};

#[cfg(feature = "ssr")]
pub use ssr::shell;

/// The whole of what a browser shows.
///
/// Every page is rendered completely before it is sent, so that it reads and works without scripts and has its status.
/// The sign-in page is part of the first download; every other page brings its own code when it is opened.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let portal = portal::provide_portal();
    #[cfg(feature = "ssr")]
    let is_listing_routes = leptos_router::RouteList::is_generating();
    #[cfg(not(feature = "ssr"))]
    let is_listing_routes = false;
    Effect::new(browser::mark_live);
    if portal.operator.is_none() && !is_listing_routes {
        return view! { <chooser::Chooser/> }.into_any();
    }
    let mode = SsrMode::Async;
    let routes = move || {
        view! {
            <FlatRoutes fallback=not_found::NotFound>
                <Route path=path!("/") ssr=mode.clone() view={Lazy::<home::HomePage>::new()}/>
                <Route path=path!("/contracts") ssr=mode.clone() view={Lazy::<contracts::ContractsPage>::new()}/>
                <Route path=path!("/payers") ssr=mode.clone() view={Lazy::<payers::PayersPage>::new()}/>
                <Route path=path!("/supply-points") ssr=mode.clone() view={Lazy::<supply_points::SupplyPointsPage>::new()}/>
                <Route path=path!("/invoices") ssr=mode.clone() view={Lazy::<invoices::InvoicesPage>::new()}/>
                <Route path=path!("/invoices/:id") ssr=mode.clone() view={Lazy::<invoice::InvoicePage>::new()}/>
                <Route path=path!("/settings") ssr=mode.clone() view={Lazy::<settings::SettingsPage>::new()}/>
                <Route path=path!("/more") ssr=mode.clone() view={Lazy::<more::MorePage>::new()}/>
                <Route path=path!("/sign-in") ssr=mode.clone() view=sign_in::SignInPage/>
                <Route path=path!("/register") ssr=mode.clone() view={Lazy::<register::RegisterPage>::new()}/>
                <Route path=path!("/register/done") ssr=mode.clone() view={Lazy::<register::DonePage>::new()}/>
                <Route path=path!("/activate") ssr=mode.clone() view={Lazy::<activate::ActivatePage>::new()}/>
                <Route path=path!("/activate/resend") ssr=mode.clone() view={Lazy::<resend::ResendPage>::new()}/>
                <Route path=path!("/recover/password") ssr=mode.clone() view={Lazy::<recover::PasswordPage>::new()}/>
                <Route path=path!("/recover/login") ssr=mode.clone() view={Lazy::<recover::LoginPage>::new()}/>
                <Route path=path!("/password-required") ssr=mode.clone() view={Lazy::<passwords::RequiredPage>::new()}/>
                <Route path=path!("/accept-terms") ssr=mode.clone() view={Lazy::<terms::AcceptPage>::new()}/>
                <Route path=path!("/documents/:name") ssr=mode view={Lazy::<document::DocumentPage>::new()}/>
            </FlatRoutes>
        }
    };
    if is_listing_routes {
        return view! { <Router>{routes()}</Router> }.into_any();
    }
    view! { <Router><Frame>{routes()}</Frame></Router> }.into_any()
}
