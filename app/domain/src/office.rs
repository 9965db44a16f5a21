//! What a signed-in customer sees: flat, ready-to-show records that travel from the services to the pages.
//!
//! Only fields that a page shows belong here, for everything here can be read in the page's source.

use serde::{Deserialize, Serialize};

use crate::{
    Commodity, ContractStatus, Date, Decimal, InvoiceId, InvoiceKind, InvoiceStatus, Money, SessionId, Timestamp,
    VatRate,
};

/// What the portal knows of the account itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// The login; a tax number is masked.
    pub login: String,
    /// Where mails go.
    pub email: String,
    /// The mobile phone, grouped for reading.
    pub phone: String,
}

/// The first page after sign-in: what is owed, and for which places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// How the customer is addressed: given name and surname, or the company's name.
    pub name: String,
    /// What all payers owe together; negative when they have paid too much.
    pub balance: Money,
    /// What the unpaid invoices ask for. The balance differs from it by what was paid on none of them.
    pub open: Money,
    /// The unpaid invoice that is due first.
    pub next_due: Option<InvoiceSummary>,
    /// How many unpaid invoices are past their due date.
    pub overdue: i64,
    /// The newest invoices, at most three.
    pub newest: Vec<InvoiceSummary>,
    /// Places of supply, in the order of their numbers.
    pub supply_points: Vec<SupplyPointView>,
    /// The day it is for the operator.
    pub today: Date,
}

/// One contract of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractView {
    /// Number as printed on the contract.
    pub number: String,
    /// Where the contract stands.
    pub status: ContractStatus,
    /// What is supplied.
    pub commodity: Commodity,
    /// Tariff group, as the operator names it.
    pub tariff: Option<String>,
    /// Day of the last signature.
    pub signed_on: Option<Date>,
    /// First day of supply.
    pub starts_on: Option<Date>,
    /// Last day of supply.
    pub ends_on: Option<Date>,
    /// How many supply points it covers.
    pub supply_points: i64,
}

/// One payer: an account that invoices are booked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerView {
    /// Payer number.
    pub number: String,
    /// Name on the invoices.
    pub name: String,
    /// Bank account for transfers, grouped for reading.
    pub iban: Option<String>,
    /// What this payer owes; negative when overpaid.
    pub balance: Money,
    /// What the unpaid invoices ask for.
    pub open: Money,
}

/// One supply point with its meters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyPointView {
    /// PPE, EIC or the operator's own number.
    pub code: String,
    /// Contract under which it is supplied.
    pub contract_number: String,
    /// What is supplied.
    pub commodity: Commodity,
    /// Payer who gets the invoices.
    pub payer_number: Option<String>,
    /// Address in one line.
    pub address: String,
    /// Meters mounted now or before.
    pub meters: Vec<MeterView>,
}

/// One meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterView {
    /// Number on the meter's plate.
    pub number: String,
    /// Registers it counts, such as `T1`.
    pub registers: Vec<String>,
    /// Unit of its registers: `kWh`, `m3` or `GJ`.
    pub unit: String,
    /// Day of installation.
    pub installed_on: Option<Date>,
    /// Day of removal; absent while mounted.
    pub removed_on: Option<Date>,
}

/// One row of the invoice list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSummary {
    /// Address of the detail page.
    pub id: InvoiceId,
    /// Number as printed.
    pub number: String,
    /// Kind of document.
    pub kind: InvoiceKind,
    /// Payer it is booked on.
    pub payer_number: String,
    /// Day of issue.
    pub issued_on: Date,
    /// Day by which it is to be paid, if there is one.
    pub due_on: Option<Date>,
    /// Amount of the document.
    pub gross: Money,
    /// What of it is still to be paid.
    pub remaining: Money,
    /// Where the payment stands today.
    pub status: InvoiceStatus,
}

/// Which invoices a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceFilter {
    /// Everything.
    #[default]
    All,
    /// Whatever still has to be paid, overdue or not.
    Unpaid,
    /// Unpaid and past the due date.
    Overdue,
    /// Paid in full.
    Paid,
}

impl InvoiceFilter {
    /// Every filter, in the order the page offers them.
    pub const ALL: [Self; 4] = [Self::All, Self::Unpaid, Self::Overdue, Self::Paid];

    /// The word for it in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unpaid => "unpaid",
            Self::Overdue => "overdue",
            Self::Paid => "paid",
        }
    }

    /// Reads the word of an address; anything unknown means everything.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.code() == code).unwrap_or_default()
    }
}

/// One page of the invoice list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePage {
    /// Rows of this page.
    pub rows: Vec<InvoiceSummary>,
    /// The row after which the page of older ones starts; absent on the last page.
    pub next: Option<PageKey>,
    /// The row before which the page of newer ones ends; absent on the first page.
    pub previous: Option<PageKey>,
    /// Whether the customer has several payers, so that rows have to say whose they are.
    pub has_payers: bool,
    /// The day it is for the operator.
    pub today: Date,
}

/// Position in a list ordered by day and id, newest first: a row already shown, at the edge of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageKey {
    /// Day of the row.
    pub day: Date,
    /// Id of the row.
    pub id: InvoiceId,
}

/// Which page of such a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagePlace {
    /// The first one.
    First,
    /// The one of the rows after this.
    After(PageKey),
    /// The one of the rows before this.
    Before(PageKey),
}

impl PagePlace {
    /// Reads the two values of an address, of which one is there at most. What is no key means the first page.
    #[must_use]
    pub fn from_keys(after: &str, before: &str) -> Self {
        match (after.parse::<PageKey>(), before.parse::<PageKey>()) {
            (Ok(key), _) => Self::After(key),
            (_, Ok(key)) => Self::Before(key),
            _ => Self::First,
        }
    }
}

impl std::fmt::Display for PageKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.day, self.id)
    }
}

impl std::str::FromStr for PageKey {
    type Err = crate::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (day, id) = text.split_once('_').ok_or(crate::ParseError::Malformed)?;
        Ok(Self { day: day.parse()?, id: id.parse()? })
    }
}

/// One invoice with everything its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDetail {
    /// Head of the document.
    pub summary: InvoiceSummary,
    /// Name of the payer.
    pub payer_name: String,
    /// Bank account for the transfer, grouped for reading.
    pub iban: Option<String>,
    /// First day billed.
    pub period_from: Option<Date>,
    /// Last day billed.
    pub period_to: Option<Date>,
    /// Number in the national e-invoice system.
    pub ksef_number: Option<String>,
    /// The invoice that this one corrects.
    pub corrects: Option<InvoiceLink>,
    /// The correction that stands in its place.
    pub corrected_by: Option<InvoiceLink>,
    /// What is charged.
    pub lines: Vec<InvoiceLineView>,
    /// Payments booked on this invoice or on those in whose place it stands, newest first.
    pub payments: Vec<PaymentView>,
    /// Whether billing delivered it as a file; otherwise the portal draws one.
    pub has_file: bool,
    /// The day it is for the operator.
    pub today: Date,
}

/// Another invoice, by number and address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLink {
    /// Address.
    pub id: InvoiceId,
    /// Number as printed.
    pub number: String,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLineView {
    /// What is charged.
    pub description: String,
    /// How much of it.
    pub quantity: Option<Decimal>,
    /// Unit of the quantity.
    pub unit: Option<String>,
    /// Price per unit, net.
    pub unit_price: Option<Decimal>,
    /// Net amount.
    pub net: Money,
    /// VAT rate; absent where the invoice states none.
    pub vat_rate: Option<VatRate>,
    /// Gross amount.
    pub gross: Money,
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentView {
    /// Day of booking.
    pub paid_on: Date,
    /// Amount received.
    pub amount: Money,
}

/// One live session of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Handle for ending it.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// Browser and system in a few words.
    pub device: String,
    /// Time of sign-in.
    pub since: Timestamp,
    /// Time of sign-in as the operator's clock shows it.
    pub since_label: String,
    /// Time of the last activity as the operator's clock shows it.
    pub seen_label: String,
}
