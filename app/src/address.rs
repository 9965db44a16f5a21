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
    fn reads_what_it_escaped_and_leaves_the_rest() {
        assert_eq!(unescaped("P%2B1%262%20%23%C5%82%3D%25"), "P+1&2 #ł=%");
        for text in ["100%", "%zz", "%C5", "MWE-001"] {
            assert_eq!(unescaped(text), text);
        }
    }
}
