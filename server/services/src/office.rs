//! The self-service office: what a signed-in customer sees. Everything is read within the caller's scope.

use openbok_domain::{
    ContractStatus, ContractView, Date, Home, Iban, InvoiceDetail, InvoiceFilter, InvoiceId, InvoiceLineView,
    InvoiceLink, InvoicePage, InvoiceStatus, InvoiceSummary, Lang, MeterView, Money, OperatorSlug, PageKey, PagePlace,
    PayerView, PaymentView, SupplyPointId, SupplyPointView, invoice,
};
use openbok_storage::Reader;
use openbok_storage::office::{self, Customer, Invoice, InvoiceRest};

use crate::documents::{InvoiceDocument, InvoiceLine, Party, invoice_pdf};
use crate::records::{Address, CustomerData, PayerData, place};
use crate::{Caller, ServiceError, Services, boxed};

/// Rows of one page of invoices.
pub const PAGE_ROWS: u16 = 50;

/// An invoice as a file.
#[derive(Debug, Clone)]
pub struct InvoiceFile {
    /// Name for saving, made of the invoice number.
    pub name: String,
    /// The PDF.
    pub pdf: Vec<u8>,
}

impl Services {
    /// What the first page shows.
    #[boxed]
    pub async fn home(&self, caller: &Caller) -> Result<Home, ServiceError> {
        let today = self.today(&caller.operator);
        let mut reader = self.db().read().await?;
        let payers = office::list_payers(reader.conn(), &caller.scope).await?;
        let next_due = office::find_next_due(reader.conn(), &caller.scope).await?;
        let overdue = office::count_overdue(reader.conn(), &caller.scope, today).await?;
        let newest =
            office::list_invoices(reader.conn(), &caller.scope, InvoiceFilter::All, "", PagePlace::First, 3, today)
                .await?;
        Ok(Home {
            name: self.customer_name(&mut reader, caller).await?,
            balance: money(caller, payers.iter().map(|payer| payer.balance_minor).sum()),
            open: money(caller, payers.iter().map(|payer| payer.open_minor).sum()),
            next_due: next_due.map(|invoice| summary(caller, invoice, today)).transpose()?,
            overdue,
            newest: summaries(caller, newest.invoices, today)?,
            supply_points: self.supply_points(&mut reader, caller).await?,
            today,
        })
    }

    /// The customer's contracts: those in force, those that will be, those that were, each by number.
    #[boxed]
    pub async fn list_contracts(&self, caller: &Caller) -> Result<Vec<ContractView>, ServiceError> {
        let mut reader = self.db().read().await?;
        let contracts = office::list_contracts(reader.conn(), &caller.scope).await?;
        let mut contracts = contracts
            .into_iter()
            .map(|contract| {
                let [signed_on, starts_on, ends_on] = contract.days();
                Ok(ContractView {
                    status: contract.status()?,
                    commodity: contract.commodity()?,
                    number: contract.number,
                    tariff: contract.tariff,
                    signed_on,
                    starts_on,
                    ends_on,
                    supply_points: contract.supply_points,
                })
            })
            .collect::<Result<Vec<_>, ServiceError>>()?;
        contracts.sort_by_key(|contract| {
            (contract.status == ContractStatus::Ended, contract.status != ContractStatus::Active)
        });
        Ok(contracts)
    }

    /// The customer's payers with their balances.
    #[boxed]
    pub async fn list_payers(&self, caller: &Caller) -> Result<Vec<PayerView>, ServiceError> {
        let mut reader = self.db().read().await?;
        let payers = office::list_payers(reader.conn(), &caller.scope).await?;
        payers
            .into_iter()
            .map(|payer| {
                let data = self.payer_data(caller, &payer.number, &payer.sealed)?;
                Ok(PayerView {
                    number: payer.number,
                    iban: data.iban.as_deref().map(shown_iban),
                    name: data.name,
                    balance: money(caller, payer.balance_minor),
                    open: money(caller, payer.open_minor),
                })
            })
            .collect()
    }

    /// The customer's supply points with their meters.
    #[boxed]
    pub async fn list_supply_points(&self, caller: &Caller) -> Result<Vec<SupplyPointView>, ServiceError> {
        let mut reader = self.db().read().await?;
        self.supply_points(&mut reader, caller).await
    }

    /// One page of the customer's invoices, newest first: of the payer of a number, or of all when it is empty.
    #[boxed]
    pub async fn list_invoices(
        &self,
        caller: &Caller,
        filter: InvoiceFilter,
        payer: &str,
        place: PagePlace,
    ) -> Result<InvoicePage, ServiceError> {
        let today = self.today(&caller.operator);
        let most = i64::from(PAGE_ROWS);
        let mut reader = self.db().read().await?;
        let page = office::list_invoices(reader.conn(), &caller.scope, filter, payer, place, most + 1, today).await?;
        let (mut found, has_payers) = (page.invoices, page.payers > 1);
        // One row more than is shown says that the list goes on, on the far side of the page.
        let has_more = found.len() > usize::from(PAGE_ROWS);
        let (has_newer, has_older) = match place {
            PagePlace::First => (false, has_more),
            PagePlace::After(_) => (true, has_more),
            PagePlace::Before(_) => (has_more, true),
        };
        if has_more && matches!(place, PagePlace::Before(_)) {
            found.remove(0);
        }
        found.truncate(usize::from(PAGE_ROWS));
        let key = |invoice: &Invoice| PageKey { day: invoice.issued_on, id: invoice.id };
        let previous = found.first().filter(|_| has_newer).map(key);
        let next = found.last().filter(|_| has_older).map(key);
        Ok(InvoicePage { rows: summaries(caller, found, today)?, next, previous, has_payers, today })
    }

    /// One invoice.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none of this id, or when it is somebody else's.
    #[boxed]
    pub async fn find_invoice(&self, caller: &Caller, id: InvoiceId) -> Result<InvoiceDetail, ServiceError> {
        let mut reader = self.db().read().await?;
        Ok(self.read_invoice(&mut reader, caller, id).await?.0)
    }

    async fn read_invoice(
        &self,
        reader: &mut Reader,
        caller: &Caller,
        id: InvoiceId,
    ) -> Result<(InvoiceDetail, InvoiceRest), ServiceError> {
        let scope = &caller.scope;
        let found = office::find_invoice(reader.conn(), scope, id).await?.ok_or(ServiceError::NotFound)?;
        let rest = office::find_invoice_rest(reader.conn(), scope, id).await?.ok_or(ServiceError::NotFound)?;
        let payer = self.payer_data(caller, &found.payer_number, &rest.payer_sealed)?;
        let corrects = match &rest.corrects_number {
            Some(number) => office::find_invoice_by_number(reader.conn(), scope, number).await?.map(link),
            None => None,
        };
        let corrected_by =
            if found.is_corrected { office::find_correction(reader.conn(), scope, &found.number).await? } else { None };
        let lines = office::list_invoice_lines(reader.conn(), scope, id).await?;
        let takes_a_place = rest.corrects_number.is_some() && !found.is_corrected;
        let payments = if takes_a_place {
            office::list_payments_of_linked(reader.conn(), scope, &found.number).await?
        } else {
            office::list_payments(reader.conn(), scope, id).await?
        };
        let today = self.today(&caller.operator);
        let [period_from, period_to] = rest.period();
        let detail = InvoiceDetail {
            summary: summary(caller, found, today)?,
            payer_name: payer.name,
            iban: payer.iban.as_deref().map(shown_iban),
            period_from,
            period_to,
            ksef_number: rest.ksef_number.clone(),
            corrects,
            corrected_by: corrected_by.map(|(id, number)| InvoiceLink { id, number }),
            lines: lines.into_iter().map(|line| line_view(caller, line)).collect(),
            payments: payments
                .into_iter()
                .map(|payment| PaymentView { paid_on: payment.paid_on, amount: money(caller, payment.amount_minor) })
                .collect(),
            has_file: rest.pdf_file.is_some(),
            today,
        };
        Ok((detail, rest))
    }

    /// One invoice as PDF: the one billing delivered, or one drawn by the portal.
    ///
    /// # Errors
    /// As [`Services::find_invoice`].
    #[boxed]
    pub async fn invoice_pdf(&self, caller: &Caller, id: InvoiceId, lang: Lang) -> Result<InvoiceFile, ServiceError> {
        let mut reader = self.db().read().await?;
        let (detail, rest) = self.read_invoice(&mut reader, caller, id).await?;
        let name = format!("{}.pdf", file_name(&detail.summary.number));
        if let Some(file) = &rest.pdf_file {
            return Ok(InvoiceFile { name, pdf: self.read_file(file).await? });
        }
        let customers = office::list_customers(reader.conn(), &caller.scope).await?;
        drop(reader);
        let customer = customers.into_iter().find(|customer| customer.id == rest.customer_id);
        let customer = customer.ok_or(ServiceError::NotFound)?;
        let data = self.customer_data(&caller.operator.slug, &customer)?;
        let document = document(caller, detail, &customer.number, &data);
        let drawn = tokio::task::spawn_blocking(move || invoice_pdf(&document, lang)).await;
        let pdf = drawn.map_err(std::io::Error::other)??;
        Ok(InvoiceFile { name, pdf })
    }

    async fn customer_name(&self, reader: &mut Reader, caller: &Caller) -> Result<String, ServiceError> {
        let customers = office::list_customers(reader.conn(), &caller.scope).await?;
        let Some(first) = customers.first() else { return Ok(String::new()) };
        Ok(self.customer_data(&caller.operator.slug, first)?.name(&first.number))
    }

    /// Opens the data of a customer.
    pub(crate) fn customer_data(
        &self,
        operator: &OperatorSlug,
        customer: &Customer,
    ) -> Result<CustomerData, ServiceError> {
        Ok(self.vault().open(&place::customer(operator.as_str(), &customer.number), &customer.sealed)?)
    }

    async fn supply_points(&self, reader: &mut Reader, caller: &Caller) -> Result<Vec<SupplyPointView>, ServiceError> {
        let points = office::list_supply_points(reader.conn(), &caller.scope).await?;
        let mut meters: Vec<(SupplyPointId, MeterView)> = office::list_meters(reader.conn(), &caller.scope)
            .await?
            .into_iter()
            .map(|meter| {
                let [installed_on, removed_on] = meter.days();
                let registers = meter.registers.split(';').map(str::to_owned).collect();
                let view = MeterView { number: meter.number, registers, unit: meter.unit, installed_on, removed_on };
                (meter.supply_point_id, view)
            })
            .collect();
        points
            .into_iter()
            .map(|point| {
                let place = place::supply_point(caller.operator.slug.as_str(), &point.code);
                let address: Address = self.vault().open(&place, &point.sealed)?;
                let own = meters.extract_if(.., |(id, _)| *id == point.id).map(|(_, meter)| meter).collect();
                Ok(SupplyPointView {
                    commodity: point.commodity()?,
                    code: point.code,
                    contract_number: point.contract_number,
                    payer_number: point.payer_number,
                    address: address.line(),
                    meters: own,
                })
            })
            .collect()
    }

    fn payer_data(&self, caller: &Caller, number: &str, sealed: &[u8]) -> Result<PayerData, ServiceError> {
        Ok(self.vault().open(&place::payer(caller.operator.slug.as_str(), number), sealed)?)
    }
}

fn money(caller: &Caller, minor: i64) -> Money {
    Money { minor, currency: caller.operator.currency }
}

fn shown_iban(iban: &str) -> String {
    Iban::parse(iban).map_or_else(|_| iban.to_owned(), |iban| iban.display())
}

fn summaries(caller: &Caller, found: Vec<Invoice>, today: Date) -> Result<Vec<InvoiceSummary>, ServiceError> {
    found.into_iter().map(|invoice| summary(caller, invoice, today)).collect()
}

fn summary(caller: &Caller, found: Invoice, today: Date) -> Result<InvoiceSummary, ServiceError> {
    let due_on = found.due_on();
    let status = invoice::status(found.gross_minor, found.paid_minor, due_on, found.is_corrected, today);
    Ok(InvoiceSummary {
        id: found.id,
        kind: found.kind()?,
        number: found.number,
        payer_number: found.payer_number,
        issued_on: found.issued_on,
        due_on,
        gross: money(caller, found.gross_minor),
        remaining: money(caller, if found.is_corrected { 0 } else { (found.gross_minor - found.paid_minor).max(0) }),
        status,
    })
}

fn link(invoice: Invoice) -> InvoiceLink {
    InvoiceLink { id: invoice.id, number: invoice.number }
}

fn line_view(caller: &Caller, line: office::InvoiceLine) -> InvoiceLineView {
    let decimal = |text: Option<String>| text.and_then(|text| text.parse().ok());
    let vat_rate = line.vat_rate.and_then(|text| text.parse().ok());
    InvoiceLineView {
        description: line.description,
        quantity: decimal(line.quantity),
        unit: line.unit,
        unit_price: decimal(line.unit_price),
        net: money(caller, line.net_minor),
        vat_rate,
        gross: money(caller, line.gross_minor),
    }
}

/// An invoice number as a file name: whatever is not a letter, a digit, a point or a dash becomes a dash.
fn file_name(number: &str) -> String {
    number.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' }).collect()
}

/// The invoice as the portal draws it when billing delivered no file.
fn document(caller: &Caller, detail: InvoiceDetail, customer_number: &str, customer: &CustomerData) -> InvoiceDocument {
    let operator = &caller.operator;
    let accent = operator.theme.light().accent;
    let contact = &operator.contact;
    let lines = [Some(&contact.phone), Some(&contact.email), contact.website.as_ref()];
    InvoiceDocument {
        brand: operator.name.clone(),
        accent,
        contact: lines.into_iter().flatten().cloned().collect(),
        seller: Party { name: operator.name.clone(), address: contact.address.iter().cloned().collect(), tax_id: None },
        buyer: Party {
            name: customer.name(customer_number),
            address: vec![customer.address.line()],
            tax_id: customer.tax_id(),
        },
        corrects: detail.corrects.map(|former| former.number),
        issued_on: detail.summary.issued_on,
        period: detail.period_from.zip(detail.period_to),
        due_on: detail.summary.due_on,
        currency: detail.summary.gross.currency,
        gross_minor: detail.summary.gross.minor,
        kind: detail.summary.kind,
        lines: detail.lines.into_iter().map(document_line).collect(),
        to_pay_minor: asked_minor(&detail.summary),
        account: detail.iban,
        transfer_title: Some(detail.summary.number.clone()),
        ksef_number: detail.ksef_number,
        number: detail.summary.number,
    }
}

/// What is still to be paid, or to be returned, when the document is drawn: whoever pays by it must not pay twice. What is
/// left on a corrected invoice stands on its correction.
fn asked_minor(invoice: &InvoiceSummary) -> i64 {
    match invoice.status {
        InvoiceStatus::Corrected => 0,
        _ if invoice.gross.minor < 0 => invoice.gross.minor,
        _ => invoice.remaining.minor.max(0),
    }
}

fn document_line(line: InvoiceLineView) -> InvoiceLine {
    InvoiceLine {
        description: line.description,
        quantity: line.quantity,
        unit: line.unit,
        unit_price: line.unit_price,
        net_minor: line.net.minor,
        vat_rate: line.vat_rate,
        gross_minor: line.gross.minor,
    }
}
