//! What a signed-in customer reads.

use leptos::prelude::*;
use openbok_domain::office::{ContractView, Home, InvoiceDetail, InvoicePage, PayerView, SupplyPointView};
use server_fn::codec::{GetUrl, Json};

use crate::error::PortalError;

#[cfg(feature = "ssr")]
use crate::ssr;

/// What is owed, and for which places.
#[server(ReadHome, prefix = "/api", endpoint = "home", input = GetUrl, output = Json)]
pub async fn read_home() -> Result<Home, PortalError> {
    ssr::answer(ssr::services().home(&ssr::caller()?).await)
}

/// All contracts.
#[server(ListContracts, prefix = "/api", endpoint = "contracts", input = GetUrl, output = Json)]
pub async fn list_contracts() -> Result<Vec<ContractView>, PortalError> {
    ssr::answer(ssr::services().list_contracts(&ssr::caller()?).await)
}

/// All payers.
#[server(ListPayers, prefix = "/api", endpoint = "payers", input = GetUrl, output = Json)]
pub async fn list_payers() -> Result<Vec<PayerView>, PortalError> {
    ssr::answer(ssr::services().list_payers(&ssr::caller()?).await)
}

/// All supply points with their meters.
#[server(ListSupplyPoints, prefix = "/api", endpoint = "supply_points", input = GetUrl, output = Json)]
pub async fn list_supply_points() -> Result<Vec<SupplyPointView>, PortalError> {
    ssr::answer(ssr::services().list_supply_points(&ssr::caller()?).await)
}

/// One page of invoices: `show` is the word of a filter, `payer` a payer's number or empty, `after` the row after which the
/// page starts, `before` the one before which it ends.
#[server(ListInvoices, prefix = "/api", endpoint = "invoices", input = GetUrl, output = Json)]
pub async fn list_invoices(
    show: String,
    payer: String,
    after: String,
    before: String,
) -> Result<InvoicePage, PortalError> {
    let filter = openbok_domain::InvoiceFilter::from_code(&show);
    let place = openbok_domain::PagePlace::from_keys(&after, &before);
    ssr::answer(ssr::services().list_invoices(&ssr::caller()?, filter, &payer, place).await)
}

/// One invoice. An id that is no id is as unknown as somebody else's.
#[server(ReadInvoice, prefix = "/api", endpoint = "invoice", input = GetUrl, output = Json)]
pub async fn read_invoice(id: String) -> Result<InvoiceDetail, PortalError> {
    let id = id.parse().map_err(|_| ssr::not_found())?;
    let (services, caller) = (ssr::services(), ssr::caller()?);
    let found = services.find_invoice(&caller, id).await;
    if matches!(found, Err(openbok_services::ServiceError::NotFound)) {
        ssr::answer(services.record_foreign_invoice(&ssr::visit(), &caller, id).await)?;
    }
    ssr::answer(found)
}
