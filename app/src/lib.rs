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
use pages::access::sign_in::SignInPage;
use pages::{access, chooser, not_found, office};

#[cfg(feature = "ssr")]
pub use ssr::shell;

/// The whole of what a browser shows.
///
/// Every page is rendered completely before it is sent, so that it reads and works without scripts and has its status.
/// The sign-in page is part of the first download; the other pages come in two groups when they are needed.
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
                <Route path=path!("/") ssr=mode.clone() view={Lazy::<office::Home>::new()}/>
                <Route path=path!("/contracts") ssr=mode.clone() view={Lazy::<office::Contracts>::new()}/>
                <Route path=path!("/payers") ssr=mode.clone() view={Lazy::<office::Payers>::new()}/>
                <Route path=path!("/supply-points") ssr=mode.clone() view={Lazy::<office::SupplyPoints>::new()}/>
                <Route path=path!("/invoices") ssr=mode.clone() view={Lazy::<office::Invoices>::new()}/>
                <Route path=path!("/invoices/:id") ssr=mode.clone() view={Lazy::<office::Invoice>::new()}/>
                <Route path=path!("/settings") ssr=mode.clone() view={Lazy::<office::Settings>::new()}/>
                <Route path=path!("/more") ssr=mode.clone() view={Lazy::<office::More>::new()}/>
                <Route path=path!("/sign-in") ssr=mode.clone() view=SignInPage/>
                <Route path=path!("/register") ssr=mode.clone() view={Lazy::<access::Register>::new()}/>
                <Route path=path!("/register/done") ssr=mode.clone() view={Lazy::<access::Registered>::new()}/>
                <Route path=path!("/activate") ssr=mode.clone() view={Lazy::<access::Activate>::new()}/>
                <Route path=path!("/activate/resend") ssr=mode.clone() view={Lazy::<access::ResendActivation>::new()}/>
                <Route path=path!("/recover/password") ssr=mode.clone() view={Lazy::<access::RecoverPassword>::new()}/>
                <Route path=path!("/recover/login") ssr=mode.clone() view={Lazy::<access::RecoverLogin>::new()}/>
                <Route path=path!("/password-required") ssr=mode.clone() view={Lazy::<access::ReplacePassword>::new()}/>
                <Route path=path!("/accept-terms") ssr=mode.clone() view={Lazy::<access::AcceptTerms>::new()}/>
                <Route path=path!("/documents/:name") ssr=mode view={Lazy::<access::Document>::new()}/>
            </FlatRoutes>
        }
    };
    if is_listing_routes {
        return view! { <Router>{routes()}</Router> }.into_any();
    }
    view! { <Router><Frame>{routes()}</Frame></Router> }.into_any()
}
