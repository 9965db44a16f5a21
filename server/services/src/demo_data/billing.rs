//! Two years of invoices of a supply point, with lines that add up, and what was paid on them.

use std::io;
use std::path::Path;

use openbok_domain::{Commodity, Country, Date, print_minor};

use super::numbers::Dice;
use crate::import::{Table, TableFile};

/// How far back invoices go.
const MONTHS: i32 = 24;
/// Days from the issue of an invoice to the day by which to pay.
const DAYS_TO_PAY: i32 = 14;

/// Who is billed for what, and how they pay.
pub(super) struct Account<'a> {
    pub payer_number: &'a str,
    pub commodity: Commodity,
    pub is_business: bool,
    /// Decides which invoices are open, overdue or corrected; see [`Ledger::bill`].
    pub manners: u64,
}

/// The three files of billing as they grow.
pub(super) struct Ledger<'a> {
    dice: &'a Dice,
    country: Country,
    today: Date,
    seller_nip: String,
    invoices: TableFile,
    lines: TableFile,
    payments: TableFile,
    invoice_count: u32,
    payment_count: u32,
}

/// One invoice before it is written.
struct Draft {
    number: String,
    kind: &'static str,
    corrects: String,
    issued_on: Date,
    from: Date,
    to: Date,
}

impl<'a> Ledger<'a> {
    pub fn create(folder: &Path, dice: &'a Dice, country: Country, today: Date) -> io::Result<Self> {
        Ok(Self {
            dice,
            country,
            today,
            seller_nip: dice.nip(),
            invoices: TableFile::create(folder, Table::Invoices)?,
            lines: TableFile::create(folder, Table::InvoiceLines)?,
            payments: TableFile::create(folder, Table::Payments)?,
            invoice_count: 0,
            payment_count: 0,
        })
    }

    /// Bills a supply point, every month for a business and every other month for a household. Of each three accounts one
    /// has paid half of its newest invoice, one nothing and one everything; one of four owes the invoice before it; one of
    /// five has an invoice that was corrected; one of seven paid a little that is not booked on any invoice.
    pub fn bill(&mut self, account: &Account<'_>) -> io::Result<()> {
        let step = if account.is_business { 1 } else { 2 };
        let issued = self.today.plus_days(-2 - days(self.dice.below(8)));
        for age in (0..MONTHS / step).rev() {
            let issued_on = months_before(issued, age * step);
            let draft = Draft {
                number: self.number(issued_on),
                kind: if !account.is_business && age % 3 == 1 { "forecast" } else { "settlement" },
                corrects: String::new(),
                issued_on,
                from: months_before(issued, (age + 1) * step),
                to: issued_on.plus_days(-1),
            };
            let units = self.consumption(account, issued_on.month(), step);
            let gross_minor = self.write_invoice(account, &draft, units)?;
            if age == 4 && account.manners % 5 == 2 {
                self.correct(account, draft, units)?;
                continue;
            }
            let paid_minor = match (age, account.manners % 3, account.manners % 4) {
                (0, 0, _) => gross_minor / 2,
                (0, 1, _) | (1, _, 1) => 0,
                _ => gross_minor,
            };
            self.pay(account, &draft.number, issued_on, paid_minor)?;
        }
        if account.manners % 7 == 3 {
            self.pay(account, "", issued, 1_500)?;
        }
        Ok(())
    }

    /// A correction three weeks later, for a tenth less, which is paid.
    fn correct(&mut self, account: &Account<'_>, wrong: Draft, units: i64) -> io::Result<()> {
        let issued_on = wrong.issued_on.plus_days(21);
        let number = self.number(issued_on);
        let draft = Draft { number, kind: "correction", corrects: wrong.number, issued_on, ..wrong };
        let gross_minor = self.write_invoice(account, &draft, units * 9 / 10)?;
        self.pay(account, &draft.number, issued_on, gross_minor)
    }

    fn number(&mut self, issued_on: Date) -> String {
        self.invoice_count += 1;
        let prefix = if self.country == Country::Ua { "РХ" } else { "FV" };
        format!("{prefix}/{}/{:02}/{:05}", issued_on.year(), issued_on.month(), self.invoice_count)
    }

    /// Units used in so many months up to this one: more in winter, and ten times more in a business.
    fn consumption(&self, account: &Account<'_>, month: u8, months: i32) -> i64 {
        let is_heating = matches!(month, 11 | 12 | 1..=4);
        let (base, winter, summer) = match account.commodity {
            Commodity::Electricity => (160, 120, 90),
            Commodity::Gas => (90, 180, 30),
            Commodity::Heat => (4, 200, 25),
        };
        let season = if is_heating { winter } else { summer };
        let size = if account.is_business { 10 } else { 1 };
        let spread = 80 + i64::try_from(self.dice.below(41)).expect("a small number");
        (base * i64::from(months) * season * spread * size / 10_000).max(1)
    }

    /// Writes an invoice with its lines and returns its gross amount in minor units.
    fn write_invoice(&mut self, account: &Account<'_>, draft: &Draft, units: i64) -> io::Result<i64> {
        let months = if account.is_business { 1 } else { 2 };
        let mut gross_minor = 0;
        for (position, charge) in (1..).zip(tariff(account.commodity, self.country)) {
            gross_minor += self.write_line(&draft.number, position, charge, units, months)?;
        }
        let is_national = account.is_business && self.country == Country::Pl;
        let (ksef_number, ksef_sha256) = if is_national {
            (self.dice.ksef(&self.seller_nip, draft.issued_on), self.dice.sha256())
        } else {
            (String::new(), String::new())
        };
        self.invoices.write([
            draft.number.as_str(),
            account.payer_number,
            draft.kind,
            &draft.corrects,
            &draft.issued_on.to_string(),
            &draft.from.to_string(),
            &draft.to.to_string(),
            &draft.issued_on.plus_days(DAYS_TO_PAY).to_string(),
            &print_minor(gross_minor),
            &ksef_number,
            &ksef_sha256,
            "",
        ])?;
        Ok(gross_minor)
    }

    fn write_line(
        &mut self,
        invoice_number: &str,
        position: u32,
        charge: &Charge,
        units: i64,
        months: i64,
    ) -> io::Result<i64> {
        let (quantity, unit) = match charge.per {
            Per::Unit(unit) => (units, unit),
            Per::Month => (months, if self.country == Country::Ua { "міс." } else { "mies." }),
        };
        let vat_percent = if self.country == Country::Ua { 20 } else { 23 };
        let net_minor = (quantity * charge.price + 50) / 100;
        let gross_minor = net_minor + (net_minor * vat_percent + 50) / 100;
        self.lines.write([
            invoice_number,
            &position.to_string(),
            charge.description,
            &quantity.to_string(),
            unit,
            &format!("{}.{:04}", charge.price / 10_000, charge.price % 10_000),
            &print_minor(net_minor),
            &vat_percent.to_string(),
            &print_minor(gross_minor),
        ])?;
        Ok(gross_minor)
    }

    /// Books an amount a few days before or after the day by which to pay, not later than today.
    fn pay(&mut self, account: &Account<'_>, invoice_number: &str, issued_on: Date, minor: i64) -> io::Result<()> {
        if minor == 0 {
            return Ok(());
        }
        self.payment_count += 1;
        let paid_on = issued_on.plus_days(DAYS_TO_PAY - 6 + days(self.dice.below(8))).min(self.today);
        self.payments.write([
            &format!("W/{:06}", self.payment_count),
            account.payer_number,
            invoice_number,
            &paid_on.to_string(),
            &print_minor(minor),
        ])
    }

    pub fn finish(self) -> io::Result<()> {
        self.invoices.finish()?;
        self.lines.finish()?;
        self.payments.finish()
    }
}

fn days(number: u64) -> i32 {
    i32::try_from(number).expect("a few days")
}

/// The same day so many months earlier; the 28th stands for later ones, which not every month has.
fn months_before(date: Date, months: i32) -> Date {
    let month = date.year() * 12 + i32::from(date.month()) - 1 - months;
    let number = u8::try_from(month.rem_euclid(12) + 1).expect("a month");
    Date::new(month.div_euclid(12), number, date.day().min(28)).expect("every month has 28 days")
}

/// What a line charges for.
struct Charge {
    description: &'static str,
    per: Per,
    /// In ten-thousandths of the currency.
    price: i64,
}

enum Per {
    Unit(&'static str),
    Month,
}

const fn charge(description: &'static str, per: Per, price: i64) -> Charge {
    Charge { description, per, price }
}

const fn tariff(commodity: Commodity, country: Country) -> &'static [Charge] {
    const ELECTRICITY: &[Charge] = &[
        charge("Energia elektryczna czynna", Per::Unit("kWh"), 5_050),
        charge("Akcyza od energii elektrycznej", Per::Unit("kWh"), 50),
        charge("Opłata sieciowa zmienna", Per::Unit("kWh"), 3_120),
        charge("Opłata sieciowa stała", Per::Month, 98_500),
        charge("Opłata mocowa", Per::Month, 114_400),
        charge("Opłata handlowa", Per::Month, 80_900),
    ];
    const GAS: &[Charge] = &[
        charge("Paliwo gazowe", Per::Unit("m3"), 23_900),
        charge("Opłata dystrybucyjna zmienna", Per::Unit("m3"), 5_730),
        charge("Opłata dystrybucyjna stała", Per::Month, 126_300),
        charge("Opłata abonamentowa", Per::Month, 67_400),
    ];
    const HEAT: &[Charge] = &[
        charge("Ciepło", Per::Unit("GJ"), 874_000),
        charge("Usługa przesyłowa", Per::Unit("GJ"), 211_500),
        charge("Opłata za moc zamówioną", Per::Month, 486_000),
    ];
    const HEAT_UA: &[Charge] = &[
        charge("Теплова енергія", Per::Unit("GJ"), 3_954_100),
        charge("Транспортування теплової енергії", Per::Unit("GJ"), 412_000),
        charge("Абонентське обслуговування", Per::Month, 414_000),
    ];
    match (commodity, country) {
        (Commodity::Electricity, _) => ELECTRICITY,
        (Commodity::Gas, _) => GAS,
        (Commodity::Heat, Country::Pl) => HEAT,
        (Commodity::Heat, Country::Ua) => HEAT_UA,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_back_by_months_across_years_and_month_ends() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(months_before(date("2026-01-15"), 1), date("2025-12-15"));
        assert_eq!(months_before(date("2026-03-31"), 1), date("2026-02-28"));
        assert_eq!(months_before(date("2026-11-20"), 24), date("2024-11-20"));
    }
}
