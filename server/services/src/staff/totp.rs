//! The second step of staff: six digits of an authenticator (RFC 6238: SHA-1, thirty seconds), each accepted once.

use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};
use openbok_domain::Timestamp;
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a seed: as many as the hash has.
pub(super) const SEED_LENGTH: usize = 20;
/// Seconds of one step.
const STEP_S: u64 = 30;
/// Characters of a key between blanks.
const GROUP: usize = 4;

/// An authenticator of a seed. Its clock may be one step off.
///
/// # Panics
/// Never: issuer and account have no colon, and the seed has the length of the standard.
pub(super) fn authenticator(seed: &[u8], issuer: &str, email: &str) -> Totp {
    let without_colon = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(Secret::new(seed.to_vec().into_boxed_slice()))
        .with_skew(1)
        .with_step_duration(STEP_S)
        .with_issuer(Some(without_colon(issuer)))
        .with_account_name(without_colon(email))
        .build()
        .expect("a seed of the standard's length, and names without colons")
}

/// The step whose code this is, if it is one of the present ones.
pub(super) fn matching_step(authenticator: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.micros() / 1_000_000).ok()?;
    authenticator.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// The key as people type it, in groups.
pub(super) fn spelled(seed: &[u8]) -> String {
    let key = Secret::new(seed.to_vec().into_boxed_slice()).to_base32();
    key.as_bytes().chunks(GROUP).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// The picture that an authenticator scans: SVG.
///
/// # Panics
/// Never: an address of an authenticator fits a code.
pub(super) fn picture(authenticator: &Totp) -> String {
    let address = authenticator.to_url().expect("an authenticator with its names has an address");
    let code = QRBuilder::new(address).ecl(ECL::M).build().expect("an address fits a code");
    SvgBuilder::default().margin(2).to_str(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and a value of RFC 6238, appendix B; the last six of its eight digits.
    const SEED: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn r29_knows_the_codes_of_the_standard() {
        let authenticator = authenticator(SEED, "Operator: one", "ewa@example.com");
        assert_eq!(matching_step(&authenticator, "287082", at(59)), Some(1));
        assert_eq!(matching_step(&authenticator, "081804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(matching_step(&authenticator, "081805", at(1_111_111_109)), None);
    }

    #[test]
    fn r29_forgives_a_clock_that_is_one_step_off_and_no_more() {
        let authenticator = authenticator(SEED, "Operator", "ewa@example.com");
        assert_eq!(matching_step(&authenticator, "287082", at(29)), Some(1));
        assert_eq!(matching_step(&authenticator, "287082", at(89)), Some(1));
        assert_eq!(matching_step(&authenticator, "287082", at(120)), None);
    }

    #[test]
    fn shows_the_key_and_a_picture_of_it() {
        assert_eq!(spelled(SEED), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let picture = picture(&authenticator(SEED, "Sieć Zachód", "ewa@example.com"));
        assert!(picture.starts_with("<svg"), "{picture}");
    }
}
