//! Colours and whether text in them can be read (WCAG 2.2, 1.4.3).

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A colour of the screen, written `#0b57a4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self::new(255, 255, 255);
    /// Black.
    pub const BLACK: Self = Self::new(0, 0, 0);

    /// The colour of three parts of light.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The parts of red, green and blue light.
    pub const fn rgb(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    /// Relative luminance, 0 for black to 1 for white.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The colour so many hundredths of the way to another.
    fn towards(self, other: Self, hundredths: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (100 - hundredths) + u16::from(to) * hundredths) / 100;
            u8::try_from(mixed).expect("between two parts of light")
        };
        Self::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    /// Black or white, whichever can be read better on this colour; one of them always passes 4.5 : 1.
    #[must_use]
    pub fn readable_text(self) -> Self {
        if contrast_ratio(self, Self::WHITE) >= contrast_ratio(self, Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }
}

/// The contrast of two colours, 1 (none) to 21 (black and white), whichever is in front.
pub fn contrast_ratio(one: Colour, other: Colour) -> f64 {
    let (one, other) = (one.luminance() + 0.05, other.luminance() + 0.05);
    if one > other { one / other } else { other / one }
}

/// The contrast that text needs on its ground (WCAG level AA).
pub const TEXT_CONTRAST: f64 = 4.5;

/// The accent as it may be used for text on a ground: itself when its contrast is at least 4.5 : 1, otherwise darkened (on
/// a light ground) or lightened (on a dark one) just until it is.
pub fn accessible_accent(accent: Colour, ground: Colour) -> Colour {
    let target = ground.readable_text();
    (0..=100)
        .map(|hundredths| accent.towards(target, hundredths))
        .find(|colour| contrast_ratio(*colour, ground) >= TEXT_CONTRAST)
        .unwrap_or(target)
}

impl FromStr for Colour {
    type Err = ParseError;

    /// Reads `#` and six hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let digits = text.strip_prefix('#').ok_or(ParseError::Malformed)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseError::Malformed);
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| ParseError::Malformed);
        Ok(Self::new(part(0)?, part(2)?, part(4)?))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl TryFrom<String> for Colour {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    fn any_colour() -> impl Strategy<Value = Colour> {
        any::<[u8; 3]>().prop_map(|[red, green, blue]| Colour::new(red, green, blue))
    }

    #[test]
    fn computes_the_contrasts_of_the_standard() {
        assert!((contrast_ratio(Colour::BLACK, Colour::WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast_ratio(colour("#777777"), Colour::WHITE) - 4.48).abs() < 0.005);
        assert!((contrast_ratio(Colour::WHITE, colour("#767676")) - 4.54).abs() < 0.005);
    }

    #[test]
    fn leaves_an_accent_alone_that_can_be_read() {
        assert_eq!(accessible_accent(colour("#0b57a4"), Colour::WHITE), colour("#0b57a4"));
    }

    #[test]
    fn darkens_on_a_light_ground_and_lightens_on_a_dark_one() {
        let light = accessible_accent(colour("#ffcc00"), Colour::WHITE);
        assert!(light.luminance() < colour("#ffcc00").luminance());
        let dark = accessible_accent(colour("#0b57a4"), colour("#16191f"));
        assert!(dark.luminance() > colour("#0b57a4").luminance());
    }

    #[test]
    fn reads_only_six_hexadecimal_digits() {
        assert_eq!(colour("#0B57A4").to_string(), "#0b57a4");
        assert_eq!("".parse::<Colour>(), Err(ParseError::Empty));
        for text in ["0b57a4", "#0b57a", "#0b57a44", "#fff", "#0b57ag", "red", "#+1+1+1", "#ąąą"] {
            assert_eq!(text.parse::<Colour>(), Err(ParseError::Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_accent_can_be_read_on_every_ground(accent in any_colour(), ground in any_colour()) {
            prop_assert!(contrast_ratio(accessible_accent(accent, ground), ground) >= TEXT_CONTRAST);
        }

        #[test]
        fn black_or_white_can_be_read_on_every_colour(colour in any_colour()) {
            prop_assert!(contrast_ratio(colour.readable_text(), colour) >= TEXT_CONTRAST);
        }

        #[test]
        fn reads_back_what_it_prints(colour in any_colour()) {
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        }
    }
}
