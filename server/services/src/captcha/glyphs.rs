//! The shapes of the letters as strokes of a pen, in a box 14 units high with its origin at the top left.

/// A point, or a vector: right and down.
pub(super) type Point = (f32, f32);

/// Height of every letter in units.
pub(super) const HEIGHT: f32 = 14.0;

enum Stroke {
    /// Straight lines from point to point.
    Path(&'static [Point]),
    /// Part of an ellipse: centre, radii, first and last angle in degrees (0 is right, 90 is down).
    Arc(Point, Point, f32, f32),
}

use Stroke::{Arc, Path};

const STEM: Stroke = Path(&[(1.0, 0.0), (1.0, 14.0)]);

fn strokes(letter: u8) -> &'static [Stroke] {
    match letter {
        b'A' => &[Path(&[(0.0, 14.0), (5.0, 0.0), (10.0, 14.0)]), Path(&[(1.8, 9.4), (8.2, 9.4)])],
        b'B' => &[
            Path(&[(5.5, 0.0), (1.0, 0.0), (1.0, 14.0), (6.0, 14.0)]),
            Path(&[(1.0, 6.6), (6.0, 6.6)]),
            Arc((5.5, 3.3), (3.3, 3.3), -90.0, 90.0),
            Arc((6.0, 10.3), (3.7, 3.7), -90.0, 90.0),
        ],
        b'C' => &[Arc((5.5, 7.0), (5.0, 7.0), 48.0, 312.0)],
        b'D' => &[Path(&[(4.0, 0.0), (1.0, 0.0), (1.0, 14.0), (4.0, 14.0)]), Arc((4.0, 7.0), (5.5, 7.0), -90.0, 90.0)],
        b'E' => &[Path(&[(9.0, 0.0), (1.0, 0.0), (1.0, 14.0), (9.0, 14.0)]), Path(&[(1.0, 6.8), (7.5, 6.8)])],
        b'F' => &[Path(&[(9.0, 0.0), (1.0, 0.0), (1.0, 14.0)]), Path(&[(1.0, 6.8), (7.5, 6.8)])],
        b'G' => &[Arc((5.5, 7.0), (5.0, 7.0), 30.0, 312.0), Path(&[(5.8, 7.6), (10.0, 7.6), (10.0, 13.6)])],
        b'H' => &[STEM, Path(&[(9.0, 0.0), (9.0, 14.0)]), Path(&[(1.0, 6.8), (9.0, 6.8)])],
        b'J' => &[Path(&[(4.0, 0.0), (8.0, 0.0), (8.0, 9.5)]), Arc((4.5, 9.5), (3.5, 4.5), 0.0, 165.0)],
        b'K' => &[STEM, Path(&[(9.0, 0.0), (1.0, 8.5)]), Path(&[(3.9, 5.4), (9.5, 14.0)])],
        b'L' => &[Path(&[(1.0, 0.0), (1.0, 14.0), (9.0, 14.0)])],
        b'M' => &[Path(&[(0.5, 14.0), (0.5, 0.0), (5.5, 9.0), (10.5, 0.0), (10.5, 14.0)])],
        b'N' => &[Path(&[(1.0, 14.0), (1.0, 0.0), (9.0, 14.0), (9.0, 0.0)])],
        b'P' => &[
            STEM,
            Path(&[(1.0, 0.0), (5.5, 0.0)]),
            Path(&[(1.0, 7.6), (5.5, 7.6)]),
            Arc((5.5, 3.8), (3.8, 3.8), -90.0, 90.0),
        ],
        b'R' => &[
            STEM,
            Path(&[(1.0, 0.0), (5.5, 0.0)]),
            Path(&[(1.0, 7.6), (5.5, 7.6), (9.5, 14.0)]),
            Arc((5.5, 3.8), (3.8, 3.8), -90.0, 90.0),
        ],
        b'S' => &[Arc((5.0, 3.5), (4.1, 3.5), -25.0, -270.0), Arc((5.0, 10.5), (4.5, 3.5), -90.0, 155.0)],
        b'T' => &[Path(&[(0.5, 0.0), (10.0, 0.0)]), Path(&[(5.2, 0.0), (5.2, 14.0)])],
        b'U' => {
            &[Path(&[(1.0, 0.0), (1.0, 9.5)]), Path(&[(9.0, 0.0), (9.0, 9.5)]), Arc((5.0, 9.5), (4.0, 4.5), 0.0, 180.0)]
        }
        b'V' => &[Path(&[(0.5, 0.0), (5.0, 14.0), (9.5, 0.0)])],
        b'W' => &[Path(&[(0.0, 0.0), (3.0, 14.0), (5.75, 3.0), (8.5, 14.0), (11.5, 0.0)])],
        b'X' => &[Path(&[(1.0, 0.0), (9.5, 14.0)]), Path(&[(9.5, 0.0), (1.0, 14.0)])],
        b'Y' => &[Path(&[(0.5, 0.0), (5.0, 7.2), (9.5, 0.0)]), Path(&[(5.0, 7.2), (5.0, 14.0)])],
        b'Z' => &[Path(&[(1.0, 0.0), (9.0, 0.0), (1.0, 14.0), (9.0, 14.0)])],
        _ => &[],
    }
}

/// The strokes of a letter as runs of close points, moved so that the middle of the letter is at the origin.
/// Nothing for what is not in the alphabet.
pub(super) fn outline(letter: u8) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = strokes(letter)
        .iter()
        .map(|stroke| match stroke {
            Path(points) => {
                let steps = points.windows(2).flat_map(|ends| between(|part| mix(ends[0], ends[1], part)));
                steps.collect()
            }
            Arc(centre, radii, first, last) => between(|part| {
                let angle = (first + (last - first) * part).to_radians();
                (centre.0 + radii.0 * angle.cos(), centre.1 + radii.1 * angle.sin())
            })
            .collect(),
        })
        .collect();
    let across = || strokes_x(&runs);
    let (left, right) = (across().fold(f32::INFINITY, f32::min), across().fold(f32::NEG_INFINITY, f32::max));
    for (x, y) in runs.iter_mut().flatten() {
        *x -= f32::midpoint(left, right);
        *y -= HEIGHT / 2.0;
    }
    runs
}

fn strokes_x(runs: &[Vec<Point>]) -> impl Iterator<Item = f32> {
    runs.iter().flatten().map(|(x, _)| *x)
}

fn between(at: impl Fn(f32) -> Point) -> impl Iterator<Item = Point> {
    const STEPS: u8 = 10;
    (0..=STEPS).map(move |step| at(f32::from(step) / f32::from(STEPS)))
}

fn mix(from: Point, to: Point, part: f32) -> Point {
    (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
}

#[cfg(test)]
mod tests {
    use super::super::ALPHABET;
    use super::*;

    #[test]
    fn every_letter_fills_the_height_and_no_more_than_its_place() {
        for letter in ALPHABET {
            let points: Vec<Point> = outline(*letter).into_iter().flatten().collect();
            let reach = |of: fn(&Point) -> f32| points.iter().map(of).fold(0.0, f32::max);
            assert!((reach(|point| point.1.abs()) - HEIGHT / 2.0).abs() < 0.3, "{}", char::from(*letter));
            assert!((3.2..6.0).contains(&reach(|point| point.0.abs())), "{}", char::from(*letter));
        }
        assert_eq!(outline(b'Q'), [] as [std::vec::Vec<(f32, f32)>; 0]);
    }
}
