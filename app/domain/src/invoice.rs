//! Invoices: what they are and where their payment stands.

use crate::Date;

text_enum! {
    /// What an invoice is.
    pub enum InvoiceKind {
        /// From meter readings.
        Settlement = "settlement",
        /// From expected consumption, settled later.
        Forecast = "forecast",
        /// Replaces an earlier invoice.
        Correction = "correction",
        /// An interest note or another charge without energy.
        Note = "note",
    }
}

text_enum! {
    /// Where the payment of an invoice stands.
    pub enum InvoiceStatus {
        /// Nothing is left to pay.
        Paid = "paid",
        /// Something is paid, the rest is not yet late.
        PartPaid = "part_paid",
        /// Nothing is paid, and it is not yet late.
        Due = "due",
        /// The day to pay has passed and something is left.
        Overdue = "overdue",
        /// A correction has taken its place; what is left to pay stands there.
        Corrected = "corrected",
    }
}

/// Where the payment of an invoice stands on a day, the first that applies: a replaced invoice is corrected whatever was
/// paid; one with nothing left to pay (also a credit) is paid; one whose day to pay is before today is overdue, even when
/// partly paid; one with a payment is part paid; any other is due, on the very day to pay too. Without a day to pay it is
/// never overdue. Amounts in minor units.
pub fn status(
    gross_minor: i64,
    paid_minor: i64,
    due_on: Option<Date>,
    is_corrected: bool,
    today: Date,
) -> InvoiceStatus {
    if is_corrected {
        InvoiceStatus::Corrected
    } else if paid_minor >= gross_minor || gross_minor <= 0 {
        InvoiceStatus::Paid
    } else if due_on.is_some_and(|due_on| due_on < today) {
        InvoiceStatus::Overdue
    } else if paid_minor > 0 {
        InvoiceStatus::PartPaid
    } else {
        InvoiceStatus::Due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_day(gross_minor: i64, paid_minor: i64, days_after_due: i32) -> InvoiceStatus {
        let due_on = Date::new(2026, 11, 20).unwrap();
        status(gross_minor, paid_minor, Some(due_on), false, due_on.plus_days(days_after_due))
    }

    #[test]
    fn is_due_up_to_and_on_the_day_to_pay_and_overdue_after_it() {
        assert_eq!(on_day(100, 0, -1), InvoiceStatus::Due);
        assert_eq!(on_day(100, 0, 0), InvoiceStatus::Due);
        assert_eq!(on_day(100, 0, 1), InvoiceStatus::Overdue);
    }

    #[test]
    fn a_part_payment_does_not_stop_it_from_becoming_overdue() {
        assert_eq!(on_day(100, 99, 0), InvoiceStatus::PartPaid);
        assert_eq!(on_day(100, 99, 1), InvoiceStatus::Overdue);
    }

    #[test]
    fn is_never_overdue_without_a_day_to_pay() {
        let today = Date::new(2026, 11, 20).unwrap();
        assert_eq!(status(100, 0, None, false, today), InvoiceStatus::Due);
        assert_eq!(status(100, 99, None, false, today), InvoiceStatus::PartPaid);
    }

    #[test]
    fn is_paid_when_nothing_is_left() {
        assert_eq!(on_day(100, 100, 9), InvoiceStatus::Paid);
        assert_eq!(on_day(100, 120, 9), InvoiceStatus::Paid);
        assert_eq!(on_day(0, 0, 9), InvoiceStatus::Paid);
        assert_eq!(on_day(-50, -60, 9), InvoiceStatus::Paid, "a credit");
    }

    #[test]
    fn a_correction_takes_its_place_whatever_was_paid() {
        let day = Date::new(2026, 11, 20).unwrap();
        for paid in [0, 50, 100] {
            assert_eq!(status(100, paid, Some(day), true, day.plus_days(5)), InvoiceStatus::Corrected);
        }
    }
}
