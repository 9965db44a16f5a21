//! Pages, one a file: what is asked of the server, and how it looks. No rules.
//!
//! Every page is a document of its own: links and forms lead from one to the next as the browser does it, and the server
//! draws each whole. Only what the customer works with is woken up, so the browser downloads the sign-in form at once, the
//! other forms when the first of them is opened, and of pages that only show, nothing.

pub mod access;
pub mod chooser;
pub mod not_found;
pub mod office;

use leptos::prelude::*;

use crate::policy;

/// What draws a page.
pub type Draw = fn() -> AnyView;

/// Finds what draws the page at `path`; in the browser its code is fetched first.
pub async fn find(path: &str) -> Draw {
    let Some(page) = policy::find_page(path) else { return nothing };
    match page.path {
        "/" => || office::home::HomePage().into_any(),
        "/contracts" => || office::contracts::ContractsPage().into_any(),
        "/payers" => || office::payers::PayersPage().into_any(),
        "/supply-points" => || office::supply_points::SupplyPointsPage().into_any(),
        "/invoices" => || office::invoices::InvoicesPage().into_any(),
        "/invoices/:id" => || office::invoice::InvoicePage().into_any(),
        "/more" => || office::more::MorePage().into_any(),
        "/documents/:name" => || access::document::DocumentPage().into_any(),
        "/sign-in" => || access::sign_in::SignInPage().into_any(),
        path => find_form(path).await,
    }
}

/// The pages with forms, in one download.
#[leptos::lazy]
fn find_form(path: &'static str) -> Draw {
    match path {
        "/settings" => || office::settings::SettingsPage().into_any(),
        "/register" => || access::register::RegisterPage().into_any(),
        "/register/done" => || access::register::DonePage().into_any(),
        "/activate" => || access::activate::ActivatePage().into_any(),
        "/activate/resend" => || access::resend::ResendPage().into_any(),
        "/recover/password" => || access::recover::PasswordPage().into_any(),
        "/recover/login" => || access::recover::LoginPage().into_any(),
        "/password-required" => || access::passwords::RequiredPage().into_any(),
        "/accept-terms" => || access::terms::AcceptPage().into_any(),
        _ => nothing,
    }
}

/// Where there is no page.
pub fn nothing() -> AnyView {
    not_found::NotFound().into_any()
}
