//! The letters as a picture: turned, slanted and waved, with thin lines through them, dark on white.

use super::glyphs::{HEIGHT, Point, outline};
use super::{Dice, LENGTH};

const WIDTH_PX: u16 = 260;
const HEIGHT_PX: u16 = 96;
const MARGIN_PX: f32 = 10.0;
const LETTER_PX: f32 = 49.0;
const LETTER_INK: f32 = 0.92;
const LINE_INK: f32 = 0.62;

/// A PNG of 260 × 96 pixels with the letters of the answer. Letters outside the alphabet are left out. The same bytes
/// of entropy give the same picture.
pub fn draw(answer: &str, entropy: impl FnMut(&mut [u8])) -> Vec<u8> {
    let mut dice = Dice(entropy);
    let mut paper = Paper::new();
    let wave = Wave::throw(&mut dice);
    for (place, letter) in (0_u8..).zip(answer.bytes().take(LENGTH)) {
        let strokes = letter_strokes(letter, place, &wave, &mut dice);
        paper.pen(&strokes, dice.between(2.7, 3.2), LETTER_INK);
    }
    for _ in 0..3 {
        let line = line_across(&mut dice);
        paper.pen(&[line], dice.between(0.7, 1.0), LINE_INK);
    }
    paper.into_png()
}

/// A slow wave over the whole picture, so that no two letters of a kind are alike.
struct Wave {
    phase: Point,
    depth: Point,
}

impl Wave {
    fn throw(dice: &mut Dice<impl FnMut(&mut [u8])>) -> Self {
        let mut phase = || dice.between(0.0, std::f32::consts::TAU);
        let phase = (phase(), phase());
        Self { phase, depth: (dice.between(1.0, 2.2), dice.between(1.5, 3.0)) }
    }

    fn bend(&self, (x, y): Point) -> Point {
        (x + self.depth.0 * (y / 15.0 + self.phase.0).sin(), y + self.depth.1 * (x / 36.0 + self.phase.1).sin())
    }
}

fn letter_strokes(letter: u8, place: u8, wave: &Wave, dice: &mut Dice<impl FnMut(&mut [u8])>) -> Vec<Vec<Point>> {
    let step_px = (f32::from(WIDTH_PX) - 2.0 * MARGIN_PX) / 6.0;
    let centre_x = MARGIN_PX + step_px * (f32::from(place) + 0.5) + dice.between(-1.5, 1.5);
    let centre_y = f32::from(HEIGHT_PX) / 2.0 + dice.between(-8.0, 8.0);
    let scale_y = LETTER_PX / HEIGHT * dice.between(0.9, 1.1);
    let scale_x = scale_y * dice.between(0.72, 0.82);
    let slant = dice.between(-0.1, 0.1);
    let (sin, cos) = dice.between(-0.21, 0.21).sin_cos();
    let move_point = |(x, y): Point| {
        let (x, y) = ((x - slant * y) * scale_x, y * scale_y);
        wave.bend((centre_x + x * cos - y * sin, centre_y + x * sin + y * cos))
    };
    outline(letter).into_iter().map(|run| run.into_iter().map(move_point).collect()).collect()
}

fn line_across(dice: &mut Dice<impl FnMut(&mut [u8])>) -> Vec<Point> {
    let middle = f32::from(HEIGHT_PX) * dice.between(0.25, 0.75);
    let (depth, phase, length) = (dice.between(6.0, 20.0), dice.between(0.0, 6.3), dice.between(25.0, 60.0));
    let slope = dice.between(-0.12, 0.12);
    (0..=WIDTH_PX)
        .step_by(6)
        .map(f32::from)
        .map(|x| (x, middle + slope * (x - f32::from(WIDTH_PX) / 2.0) + depth * (x / length + phase).sin()))
        .collect()
}

/// How dark each pixel is, from 0 (white) to 1, row by row.
struct Paper(Vec<f32>);

impl Paper {
    fn new() -> Self {
        Self(vec![0.0; usize::from(WIDTH_PX) * usize::from(HEIGHT_PX)])
    }

    /// Draws along the runs of points with a round pen of this radius.
    fn pen(&mut self, runs: &[Vec<Point>], radius_px: f32, ink: f32) {
        let reach = radius_px + 1.0;
        let edge = |of: fn(&Point) -> f32, pick: fn(f32, f32) -> f32| {
            runs.iter().flatten().map(of).reduce(pick).unwrap_or_default()
        };
        let across = edge(|point| point.0, f32::min) - reach..edge(|point| point.0, f32::max) + reach;
        let down = edge(|point| point.1, f32::min) - reach..edge(|point| point.1, f32::max) + reach;
        let pixels = (0..HEIGHT_PX).flat_map(|y| (0..WIDTH_PX).map(move |x| (f32::from(x), f32::from(y))));
        for (pixel, darkness) in pixels.zip(&mut self.0) {
            if across.contains(&pixel.0) && down.contains(&pixel.1) {
                let segments = runs.iter().flat_map(|run| run.windows(2));
                let distance =
                    segments.map(|ends| squared_distance(pixel, ends[0], ends[1])).fold(f32::INFINITY, f32::min).sqrt();
                *darkness = darkness.max(ink * (radius_px + 0.5 - distance).clamp(0.0, 1.0));
            }
        }
    }

    fn into_png(self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, WIDTH_PX.into(), HEIGHT_PX.into());
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let pixels: Vec<u8> = self.0.into_iter().map(grey).collect();
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&pixels))
            .expect("a picture of the announced size goes into memory");
        file
    }
}

fn squared_distance(point: Point, from: Point, to: Point) -> f32 {
    let along = (to.0 - from.0, to.1 - from.1);
    let away = (point.0 - from.0, point.1 - from.1);
    let length = along.0 * along.0 + along.1 * along.1;
    let part = if length > 0.0 { ((away.0 * along.0 + away.1 * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
    let gap = (away.0 - along.0 * part, away.1 - along.1 * part);
    gap.0 * gap.0 + gap.1 * gap.1
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "darkness from 0 to 1 is a grey from 0 to 255"
)]
fn grey(darkness: f32) -> u8 {
    (255.0 * (1.0 - darkness)).round() as u8
}

#[cfg(test)]
mod tests {
    use super::super::ALPHABET;
    use super::super::tests::seeded;
    use super::*;

    fn pixels(file: &[u8]) -> (png::OutputInfo, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info, pixels)
    }

    fn dark(pixels: &[u8]) -> usize {
        pixels.iter().filter(|pixel| **pixel < 64).count()
    }

    #[test]
    fn is_a_grey_picture_of_260_by_96_pixels() {
        let (info, pixels) = pixels(&draw("ABCDEF", seeded(1)));
        assert_eq!((info.width, info.height, info.color_type), (260, 96, png::ColorType::Grayscale));
        assert!(pixels.iter().filter(|pixel| **pixel > 250).count() > pixels.len() * 7 / 10, "mostly white");
    }

    #[test]
    fn draws_every_letter_dark_whole_and_apart_from_the_edge() {
        for letter in ALPHABET {
            for seed in 0..20 {
                let answer = String::from_utf8(vec![*letter; LENGTH]).unwrap();
                let (_, pixels) = pixels(&draw(&answer, seeded(seed)));
                assert!(dark(&pixels) > 6 * 250, "{answer}");
                let rows = pixels.chunks(usize::from(WIDTH_PX));
                let edges = rows.clone().take(1).chain(rows.clone().rev().take(1)).flatten();
                let sides = rows.flat_map(|row| [&row[0], &row[row.len() - 1]]);
                assert!(edges.chain(sides).all(|pixel| *pixel > 64), "{answer} {seed}");
            }
        }
    }

    #[test]
    fn never_draws_a_letter_twice_in_the_same_way() {
        assert_eq!(draw("ABCDEF", seeded(1)), draw("ABCDEF", seeded(1)));
        assert_ne!(draw("ABCDEF", seeded(1)), draw("ABCDEF", seeded(2)));
        assert_ne!(draw("ABCDEF", seeded(1)), draw("ABCDEG", seeded(1)));
    }

    #[test]
    fn leaves_out_what_is_not_a_letter() {
        assert_eq!(dark(&pixels(&draw("?1Ł", seeded(1))).1), 0);
    }
}
