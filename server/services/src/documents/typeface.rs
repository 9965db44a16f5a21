//! The typeface of documents: measuring, wrapping and cleaning text for one family with Latin and Cyrillic.
//!
//! Knows nothing of pages or invoices. `DejaVu` Sans has figures of equal width, so columns of amounts line up.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use openbok_domain::identifiers::is_hidden;
use rustybuzz::{Direction, Face, UnicodeBuffer};

/// Shown in place of a character that the typeface lacks; PDF/UA refuses a file with an empty glyph.
const REPLACEMENT: char = '\u{fffd}';

/// Thickness of the strokes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Running text.
    Regular,
    /// Headings and the figures that matter.
    Bold,
}

/// Weight and size of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Thickness.
    pub weight: Weight,
    /// Height of the type in points.
    pub size_pt: f32,
}

impl Style {
    /// Running text of this size.
    pub const fn regular(size_pt: f32) -> Self {
        Self { weight: Weight::Regular, size_pt }
    }

    /// Emphasised text of this size.
    pub const fn bold(size_pt: f32) -> Self {
        Self { weight: Weight::Bold, size_pt }
    }

    /// Distance between the baselines of two lines, in points.
    pub fn leading_pt(self) -> f32 {
        self.size_pt * 1.4
    }
}

/// One line of text, shaped and ready to be drawn.
pub(super) struct Line {
    /// Weight and size.
    pub style: Style,
    /// The characters, cleaned of everything that cannot be drawn.
    pub text: String,
    /// What is drawn for them.
    pub glyphs: Vec<KrillaGlyph>,
    /// Width in points.
    pub width_pt: f32,
}

impl Line {
    /// Width in points up to the last visible character.
    pub fn visible_width_pt(&self) -> f32 {
        let blanks = self.text.bytes().rev().take_while(|byte| *byte == b' ').count();
        self.width_pt
            - self.glyphs.iter().rev().take(blanks).map(|glyph| glyph.x_advance).sum::<f32>() * self.style.size_pt
    }
}

struct Loaded {
    face: Face<'static>,
    font: Font,
}

impl Loaded {
    fn new(bytes: &'static [u8]) -> Self {
        Self {
            face: Face::from_slice(bytes, 0).expect("the embedded typeface is readable"),
            font: Font::new(bytes.into(), 0).expect("the embedded typeface is readable"),
        }
    }
}

static REGULAR: LazyLock<Loaded> = LazyLock::new(|| Loaded::new(include_bytes!("../../assets/fonts/DejaVuSans.ttf")));
static BOLD: LazyLock<Loaded> = LazyLock::new(|| Loaded::new(include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf")));

impl Weight {
    fn loaded(self) -> &'static Loaded {
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }

    /// The embedded font file of this weight.
    pub fn font(self) -> Font {
        self.loaded().font.clone()
    }
}

/// Shapes a text into one line, however wide it gets.
pub(super) fn line(text: &str, style: Style) -> Line {
    shape(drawable(text, style.weight), style)
}

/// Shapes a text into one line, smaller than asked for if it would be wider than `width_pt`. For figures, which must
/// never be broken.
pub(super) fn fit(text: &str, style: Style, width_pt: f32) -> Line {
    let line = line(text, style);
    if line.width_pt <= width_pt {
        return line;
    }
    let size_pt = style.size_pt * width_pt / line.width_pt;
    shape(line.text, Style { size_pt, ..style })
}

/// Breaks a text into lines no wider than `width_pt`, at blanks where possible, inside a word where not.
/// Every line but the last keeps the blank at its end, so that a screen reader does not glue words together.
pub(super) fn wrap(text: &str, style: Style, width_pt: f32) -> Vec<Line> {
    let whole = line(text, style);
    if whole.width_pt <= width_pt {
        return vec![whole];
    }
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut current_width = 0.0;
    for word in whole.text.split_inclusive(' ') {
        let width = advance(word, style);
        if current_width + advance(word.trim_end(), style) > width_pt && !current.is_empty() {
            lines.push(std::mem::take(&mut current));
            current_width = 0.0;
        }
        if width <= width_pt {
            current.push_str(word);
            current_width += width;
            continue;
        }
        for letter in word.chars() {
            let step = advance(letter.encode_utf8(&mut [0; 4]), style);
            if current_width + step > width_pt && !current.is_empty() {
                lines.push(std::mem::take(&mut current));
                current_width = 0.0;
            }
            current.push(letter);
            current_width += step;
        }
    }
    lines.push(current);
    lines.into_iter().map(|text| shape(text, style)).collect()
}

fn advance(text: &str, style: Style) -> f32 {
    shape(text.to_owned(), style).width_pt
}

/// Blanks of every kind become a space (the no-break ones stay), marks that show nothing disappear,
/// characters that the typeface lacks are replaced.
fn drawable(text: &str, weight: Weight) -> String {
    let face = &weight.loaded().face;
    text.chars()
        .filter(|letter| !is_hidden(*letter))
        .map(|letter| match letter {
            '\u{a0}' | '\u{202f}' => '\u{a0}',
            letter if letter.is_whitespace() || letter.is_control() => ' ',
            '\u{e000}'..='\u{f8ff}' => REPLACEMENT,
            letter if face.glyph_index(letter).is_none() => REPLACEMENT,
            letter => letter,
        })
        .collect()
}

fn shape(text: String, style: Style) -> Line {
    let Loaded { face, .. } = style.weight.loaded();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.guess_segment_properties();
    buffer.set_direction(Direction::LeftToRight);
    let shaped = rustybuzz::shape(face, &[], buffer);

    let infos = shaped.glyph_infos();
    let per_em = em_units(face.units_per_em());
    let glyphs: Vec<_> = infos
        .iter()
        .zip(shaped.glyph_positions())
        .enumerate()
        .map(|(index, (info, position))| {
            let start = info.cluster as usize;
            let end = infos[index..]
                .iter()
                .map(|later| later.cluster as usize)
                .find(|cluster| *cluster != start)
                .unwrap_or(text.len());
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em_units(position.x_advance) / per_em,
                em_units(position.x_offset) / per_em,
                em_units(position.y_offset) / per_em,
                em_units(position.y_advance) / per_em,
                start..end,
                None,
            )
        })
        .collect();
    let width_pt = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * style.size_pt;
    Line { style, text, glyphs, width_pt }
}

#[expect(clippy::cast_precision_loss, reason = "font units are small integers, exact as f32")]
fn em_units(units: i32) -> f32 {
    units as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Style = Style::regular(8.0);

    fn texts(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn gives_every_figure_the_same_width_in_both_weights() {
        for style in [BODY, Style::bold(8.0)] {
            let zero = advance("0", style);
            for figure in "123456789".chars() {
                assert!((advance(&figure.to_string(), style) - zero).abs() < 0.001, "{figure}");
            }
        }
    }

    #[test]
    fn breaks_lines_at_blanks_and_keeps_them_within_the_width() {
        let lines = wrap("Energia elektryczna czynna całodobowa", BODY, 70.0);
        assert_eq!(texts(&lines), ["Energia ", "elektryczna ", "czynna ", "całodobowa"]);
        assert!(lines.iter().all(|line| advance(line.text.trim_end(), BODY) <= 70.0));
    }

    #[test]
    fn breaks_inside_a_word_that_is_wider_than_the_column() {
        let lines = wrap(&"Ґ".repeat(60), BODY, 70.0);
        assert!(lines.len() > 3);
        assert!(lines.iter().all(|line| line.width_pt <= 70.0));
        assert_eq!(texts(&lines).concat(), "Ґ".repeat(60));
    }

    #[test]
    fn shrinks_a_figure_instead_of_breaking_it() {
        assert!((fit("1,00", BODY, 70.0).style.size_pt - 8.0).abs() < 0.001);
        let long = fit("−92\u{a0}233\u{a0}720\u{a0}368\u{a0}547\u{a0}758,08", BODY, 70.0);
        assert!(long.style.size_pt < 8.0 && long.width_pt < 70.01);
    }

    #[test]
    fn replaces_what_it_cannot_draw_and_drops_what_shows_nothing() {
        assert_eq!(line("a\u{feff}b\u{ad}c\td\u{a0}e漢", BODY).text, "abc d\u{a0}e\u{fffd}");
        assert!(
            line("Łucja Żółć-Gęślą Їжакевич Ґалаґан ₴", BODY)
                .glyphs
                .iter()
                .all(|glyph| glyph.glyph_id != GlyphId::new(0))
        );
    }
}
