//! Pages, one a file: what is asked of the server, and how it looks. No rules.
//!
//! Every page is a document of its own: links and forms lead from one to the next as the browser does it, and the server
//! draws each whole. Only what the customer works with is woken up, so the browser downloads the sign-in form at once,
//! registration and the other forms when the first of each is opened, the grid of plans with the first plan, and of pages
//! that only show, nothing.

pub mod access;
pub mod chooser;
pub mod not_found;
pub mod office;
pub mod plans;
pub mod staff;

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
        "/services" => || office::services::ServicesPage().into_any(),
        "/plans" => || plans::board::BoardPage().into_any(),
        "/plans/files" => || plans::files::FilesPage().into_any(),
        "/plans/:unit/:day/history" => || plans::history::HistoryPage().into_any(),
        "/staff" => || staff::start::StaffStartPage().into_any(),
        "/staff/day/:day" => || staff::day::StaffDayPage().into_any(),
        "/staff/plans/:unit/:day" => || staff::plan::StaffPlanPage().into_any(),
        "/staff/requests" => || staff::requests::RequestsPage().into_any(),
        "/staff/requests/:id" => || staff::request::RequestPage().into_any(),
        "/staff/units" => || staff::units::UnitsPage().into_any(),
        "/staff/units/:code" => || staff::unit::UnitPage().into_any(),
        "/staff/people" => || staff::people::PeoplePage().into_any(),
        "/staff/people/:id" => || staff::person::PersonPage().into_any(),
        "/staff/audit" => || staff::audit::AuditPage().into_any(),
        path if path.starts_with("/plans/") => find_plan(path).await,
        path if path.starts_with("/register") || path.starts_with("/activate") => find_registration(path).await,
        path => find_form(path).await,
    }
}

/// The grid of plans, in a download of its own.
#[leptos::lazy]
fn find_plan(path: &'static str) -> Draw {
    match path {
        "/plans/units/:day" => || plans::many::PlanUnitsPage().into_any(),
        "/plans/:unit/:day" => || plans::day::PlanDayPage().into_any(),
        "/plans/:unit/:day/days" => || plans::many::PlanDaysPage().into_any(),
        _ => nothing,
    }
}

/// Registration and its activation: often the first that somebody sees of the portal, so they wait for nothing else.
#[leptos::lazy]
fn find_registration(path: &'static str) -> Draw {
    match path {
        "/register" => || access::register::RegisterPage().into_any(),
        "/register/done" => || access::register::DonePage().into_any(),
        "/activate" => || access::activate::ActivatePage().into_any(),
        "/activate/resend" => || access::resend::ResendPage().into_any(),
        _ => nothing,
    }
}

/// The other pages with forms, in one download.
#[leptos::lazy]
fn find_form(path: &'static str) -> Draw {
    match path {
        "/settings" => || office::settings::SettingsPage().into_any(),
        "/recover/password" => || access::recover::PasswordPage().into_any(),
        "/recover/login" => || access::recover::LoginPage().into_any(),
        "/services/:name" => || office::services::RegisterServicePage().into_any(),
        "/access-request" => || access::request::RequestPage().into_any(),
        "/invitation" => || access::invitation::TokenPage().into_any(),
        "/invitation/account" => || access::invitation::AccountPage().into_any(),
        "/staff/sign-in" => || staff::sign_in::StaffSignInPage().into_any(),
        "/staff/code" => || staff::code::StaffCodePage().into_any(),
        "/staff/enrol" => || staff::enrol::EnrolPage().into_any(),
        "/password-required" => || access::passwords::RequiredPage().into_any(),
        "/accept-terms" => || access::terms::AcceptPage().into_any(),
        _ => nothing,
    }
}

/// Where there is no page.
pub fn nothing() -> AnyView {
    not_found::NotFound().into_any()
}
