//! Addresses of the portal.

use std::fmt::Write as _;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_would_cut_or_change_a_value() {
        assert_eq!(escaped("/invoices/7"), "/invoices/7");
        assert_eq!(escaped("P+1&2 #ł=%"), "P%2B1%262%20%23%C5%82%3D%25");
    }
}
