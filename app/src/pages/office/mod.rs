//! The self-service office.

mod contracts;
mod home;
mod invoice;
mod invoices;
mod more;
mod payers;
mod settings;
mod supply_points;

lazy_group! {
    office_pages:
    Home => home::HomePage,
    Contracts => contracts::ContractsPage,
    Payers => payers::PayersPage,
    SupplyPoints => supply_points::SupplyPointsPage,
    Invoices => invoices::InvoicesPage,
    Invoice => invoice::InvoicePage,
    Settings => settings::SettingsPage,
    More => more::MorePage,
}
