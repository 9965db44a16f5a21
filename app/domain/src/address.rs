//! Addresses of the portal, as its pages and its letters have them.

use std::fmt::Write as _;

use crate::Date;
use crate::plan::view::Layout;

/// Where producers get files of plans; the query says which.
pub const PLAN_FILE: &str = "/plans/file";
/// Where dispatchers get them.
pub const STAFF_PLAN_FILE: &str = "/staff/plans/file";
/// Where producers get the operator's answers to versions.
pub const PLAN_ANSWER: &str = "/plans/answer";
/// Where dispatchers get them.
pub const STAFF_PLAN_ANSWER: &str = "/staff/plans/answer";
/// Where dispatchers get the table of a day.
pub const STAFF_PLAN_OVERVIEW: &str = "/staff/plans/overview";

/// A text as a value of an address or of a form's body: everything that could mean something there as `%` and two digits.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// A text as one segment of an address, whatever is in it.
pub fn segment(text: &str) -> String {
    escaped(text).replace('/', "%2F")
}

/// The page of a plan: a unit on a day or on nine, or all units on a day, for which the unit is not looked at.
pub fn plan_page(layout: Layout, unit: &str, day: Date) -> String {
    /// The word in place of a unit for all of them; a unit of that name is written otherwise.
    const ALL: &str = "units";
    let unit = if unit == ALL { "%75nits".to_owned() } else { segment(unit) };
    match layout {
        Layout::Day => format!("/plans/{unit}/{day}"),
        Layout::Days => format!("/plans/{unit}/{day}/days"),
        Layout::Units => format!("/plans/{ALL}/{day}"),
    }
}

/// The page where a dispatcher decides about a plan.
pub fn staff_plan_page(unit: &str, day: Date) -> String {
    format!("/staff/plans/{}/{day}", segment(unit))
}

/// The text of such a value. What is no escape stays as it is, and so does what would be no text.
pub fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        let hexadecimal = |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (first, after) {
            (b'%', [high, low, after @ ..]) if hexadecimal(high).is_some() && hexadecimal(low).is_some() => {
                bytes.push(hexadecimal(high).unwrap_or_default() * 16 + hexadecimal(low).unwrap_or_default());
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_would_cut_or_change_a_value() {
        assert_eq!(escaped("/invoices/7"), "/invoices/7");
        assert_eq!(escaped("P+1&2 #ł=%"), "P%2B1%262%20%23%C5%82%3D%25");
    }

    #[test]
    fn a_plans_page_is_that_of_its_unit_whatever_the_unit_is_called() {
        let day = "2026-11-28".parse().unwrap();
        assert_eq!(plan_page(Layout::Day, "PV/1 a", day), "/plans/PV%2F1%20a/2026-11-28");
        let named_like_all = plan_page(Layout::Days, "units", day);
        assert_eq!(named_like_all, "/plans/%75nits/2026-11-28/days");
        assert_eq!(unescaped(named_like_all.split('/').nth(2).unwrap()), "units");
        assert_eq!(plan_page(Layout::Units, "", day), "/plans/units/2026-11-28");
    }

    #[test]
    fn reads_what_it_escaped_and_leaves_the_rest() {
        assert_eq!(unescaped("P%2B1%262%20%23%C5%82%3D%25"), "P+1&2 #ł=%");
        for text in ["100%", "%zz", "%C5", "MWE-001"] {
            assert_eq!(unescaped(text), text);
        }
    }
}
