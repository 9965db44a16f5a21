//! Six letters that a person reads in a picture, or hears, and a simple program does not.
//!
//! Pure functions from an answer to a picture or a sound. Who is asked, how long an answer lives and that it works only
//! once is decided elsewhere; the way around for those who can neither see nor hear the letters is the proof of work
//! of [`openbok_domain::challenge`].

mod glyphs;
mod picture;
mod sound;

pub use picture::draw;
pub use sound::speak;

/// The letters in use: no I, O and Q, which are mistaken for others.
pub const ALPHABET: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// How many letters an answer has.
pub const LENGTH: usize = 6;

/// Letters for a new picture: upper case, each of the [`ALPHABET`] equally likely.
pub fn random_answer(mut entropy: impl FnMut(&mut [u8])) -> String {
    let mut answer = String::with_capacity(LENGTH);
    while answer.len() < LENGTH {
        let mut byte = [0];
        entropy(&mut byte);
        // The largest multiple of 23 in a byte is 253; what is above would favour the first letters.
        if byte[0] < 253 {
            answer.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    answer
}

/// Random numbers in a range, from the caller's source.
struct Dice<E>(E);

impl<E: FnMut(&mut [u8])> Dice<E> {
    /// A number from `low` to `high`.
    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * f32::from(self.number()) / f32::from(u16::MAX)
    }

    /// A number from `low` to `high`.
    fn whole(&mut self, low: u16, high: u16) -> u16 {
        low + self.number() % (high - low + 1)
    }

    fn number(&mut self) -> u16 {
        let mut bytes = [0; 2];
        (self.0)(&mut bytes);
        u16::from_le_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A source that repeats itself: the same seed gives the same bytes.
    pub(super) fn seeded(mut seed: u64) -> impl FnMut(&mut [u8]) {
        move |bytes| {
            for byte in bytes {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = seed.to_be_bytes()[0];
            }
        }
    }

    #[test]
    fn draws_six_letters_and_in_time_every_letter() {
        let mut entropy = seeded(1);
        let answers: Vec<String> = (0..200).map(|_| random_answer(&mut entropy)).collect();
        assert!(answers.iter().all(|answer| answer.len() == LENGTH));
        let letters: BTreeSet<u8> = answers.iter().flat_map(|answer| answer.bytes()).collect();
        assert_eq!(letters, ALPHABET.iter().copied().collect());
    }

    #[test]
    fn prefers_no_letter() {
        let mut bytes = (0..=255).cycle();
        let mut counts = [0; 256];
        for _ in 0..253 {
            for letter in random_answer(|buffer| buffer.fill_with(|| bytes.next().unwrap())).bytes() {
                counts[usize::from(letter)] += 1;
            }
        }
        assert!(ALPHABET.iter().all(|letter| counts[usize::from(*letter)] == 66), "{counts:?}");
    }
}
