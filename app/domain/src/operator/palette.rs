//! The colours of a brand, made readable.

use super::Theme;
use crate::{Colour, accessible_accent};

/// The darkest ground that text in the accent stands on in the light theme; on white it only reads better.
pub const LIGHT_GROUND: Colour = Colour::new(0xee, 0xf0, 0xf3);

/// The lightest ground that text in the accent stands on in the dark theme; on the page's ground it only reads better.
pub const DARK_GROUND: Colour = Colour::new(0x2a, 0x30, 0x3a);

/// The operator's colours in one theme, all of them readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Links, the primary button's ground, the current entry.
    pub accent: Colour,
    /// Text on the accent.
    pub accent_text: Colour,
    /// The ring around what has the keyboard's focus.
    pub focus: Colour,
}

impl Palette {
    fn on(ground: Colour, brand: Colour) -> Self {
        let accent = accessible_accent(brand, ground);
        // The ring stands off from what it surrounds, so it needs contrast to the ground alone, which the accent has.
        Self { accent, accent_text: accent.readable_text(), focus: accent }
    }
}

impl Theme {
    /// The colours on light ground.
    pub fn light(&self) -> Palette {
        Palette::on(LIGHT_GROUND, self.accent)
    }

    /// The colours on dark ground.
    pub fn dark(&self) -> Palette {
        Palette::on(DARK_GROUND, self.accent)
    }
}
