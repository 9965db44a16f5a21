//! What an invoice states, ready to be set in type. Plain records: no layout, no database.

use openbok_domain::{Colour, Currency, Date, Decimal, InvoiceKind, Money, TaxId, VatRate};

/// Everything that stands on one invoice. Holds personal data; lives only as long as the document is being made.
#[derive(Clone)]
pub struct InvoiceDocument {
    /// The operator's name as customers know it.
    pub brand: String,
    /// The operator's accent colour; darkened on paper until text in it is readable.
    pub accent: Colour,
    /// How to reach the seller, a line each: phone and hours, e-mail, address of the portal.
    pub contact: Vec<String>,
    /// Who sells.
    pub seller: Party,
    /// Who buys.
    pub buyer: Party,
    /// Number of the document.
    pub number: String,
    /// Kind of document.
    pub kind: InvoiceKind,
    /// Number of the invoice that this one corrects.
    pub corrects: Option<String>,
    /// Day of issue.
    pub issued_on: Date,
    /// First and last day billed.
    pub period: Option<(Date, Date)>,
    /// Last day for the payment, if there is one.
    pub due_on: Option<Date>,
    /// Currency of every amount.
    pub currency: Currency,
    /// What is charged. Sums and the VAT summary are made from it.
    pub lines: Vec<InvoiceLine>,
    /// Amount of the document, in minor units.
    pub gross_minor: i64,
    /// What is to be paid when the document is drawn, in minor units; negative when the seller owes the buyer.
    pub to_pay_minor: i64,
    /// Bank account for the transfer, as people write it.
    pub account: Option<String>,
    /// Title of the transfer.
    pub transfer_title: Option<String>,
    /// Number in the national e-invoice system.
    pub ksef_number: Option<String>,
}

/// Seller or buyer.
#[derive(Clone)]
pub struct Party {
    /// Company, or given name and surname.
    pub name: String,
    /// Postal address, a line each.
    pub address: Vec<String>,
    /// Tax number.
    pub tax_id: Option<TaxId>,
}

/// One line of an invoice; amounts in minor units of the invoice's currency.
#[derive(Debug, Clone)]
pub struct InvoiceLine {
    /// What is charged.
    pub description: String,
    /// How much of it.
    pub quantity: Option<Decimal>,
    /// Unit of the quantity.
    pub unit: Option<String>,
    /// Price per unit, net, in major units.
    pub unit_price: Option<Decimal>,
    /// Net amount.
    pub net_minor: i64,
    /// VAT rate; absent where the invoice states none.
    pub vat_rate: Option<VatRate>,
    /// Gross amount.
    pub gross_minor: i64,
}

/// Net and gross of the lines with one VAT rate, or of all lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Net, in minor units.
    pub net_minor: i64,
    /// Gross, in minor units.
    pub gross_minor: i64,
}

impl Sums {
    /// The tax between net and gross, in minor units.
    pub fn vat_minor(self) -> i64 {
        self.gross_minor.saturating_sub(self.net_minor)
    }

    fn of<'l>(lines: impl Iterator<Item = &'l InvoiceLine>) -> Self {
        lines.fold(Self::default(), |sums, line| Self {
            net_minor: sums.net_minor.saturating_add(line.net_minor),
            gross_minor: sums.gross_minor.saturating_add(line.gross_minor),
        })
    }
}

impl InvoiceDocument {
    /// The amount asked for.
    pub(super) fn to_pay(&self) -> Money {
        Money { minor: self.to_pay_minor, currency: self.currency }
    }

    /// The amount of the document.
    pub(super) fn gross(&self) -> Money {
        Money { minor: self.gross_minor, currency: self.currency }
    }

    /// Sums of all lines.
    pub(super) fn total(&self) -> Sums {
        Sums::of(self.lines.iter())
    }

    /// Sums by VAT rate, in the order in which the rates first appear; `23` and `23.00` are one rate.
    pub(super) fn sums_by_rate(&self) -> Vec<(Option<VatRate>, Sums)> {
        let mut rates: Vec<Option<VatRate>> = Vec::new();
        for rate in self.lines.iter().map(InvoiceLine::rate) {
            if !rates.contains(&rate) {
                rates.push(rate);
            }
        }
        let sums = |rate: &Option<VatRate>| Sums::of(self.lines.iter().filter(|line| line.rate() == *rate));
        rates.into_iter().map(|rate| (rate.clone(), sums(&rate))).collect()
    }
}

impl InvoiceLine {
    /// The VAT rate without zeros at the end.
    pub(super) fn rate(&self) -> Option<VatRate> {
        let Some(VatRate::Percent(mut rate)) = self.vat_rate else { return self.vat_rate.clone() };
        while rate.scale > 0 && rate.units % 10 == 0 {
            rate = Decimal { units: rate.units / 10, scale: rate.scale - 1 };
        }
        Some(VatRate::Percent(rate))
    }
}
