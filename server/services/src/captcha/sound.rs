//! The letters as a sound: their names, spoken one by one in the customer's language, over light noise.
//!
//! The names are recordings of about a third of a second each (µ-law, 8 kHz); where they come from stands beside them.

use openbok_domain::Lang;

use super::{ALPHABET, Dice, LENGTH};

const RATE_HZ: u16 = 8_000;
const HEADER_BYTES: usize = 44;

macro_rules! recordings {
    ($lang:literal: $($letter:literal)*) => {
        [$(include_bytes!(concat!("../../assets/letters/", $lang, "/", $letter, ".ulaw")).as_slice()),*]
    };
    ($lang:literal) => {
        recordings!($lang: "A" "B" "C" "D" "E" "F" "G" "H" "J" "K" "L" "M" "N" "P" "R" "S" "T" "U" "V" "W" "X" "Y" "Z")
    };
}

static PL: [&[u8]; ALPHABET.len()] = recordings!("pl");
static UK: [&[u8]; ALPHABET.len()] = recordings!("uk");
static EN: [&[u8]; ALPHABET.len()] = recordings!("en");

/// A WAV file (8 kHz, one channel, 16 bits) of about six seconds that spells the answer. Letters outside the alphabet are left
/// out. Pauses, pace and loudness differ from letter to letter; the same bytes of entropy give the same sound.
pub fn speak(answer: &str, lang: Lang, entropy: impl FnMut(&mut [u8])) -> Vec<u8> {
    let recordings = match lang {
        Lang::Pl => &PL,
        Lang::Uk => &UK,
        Lang::En => &EN,
    };
    let mut dice = Dice(entropy);
    let mut samples: Vec<i16> = vec![0; usize::from(RATE_HZ / 3)];
    for letter in answer.bytes().take(LENGTH) {
        if let Some(index) = ALPHABET.iter().position(|known| *known == letter) {
            let pace_percent = dice.whole(92, 106);
            let loudness_percent = dice.whole(80, 100);
            samples.extend(spoken(recordings[index], pace_percent, loudness_percent));
            samples.extend(std::iter::repeat_n(0, usize::from(dice.whole(RATE_HZ / 2, RATE_HZ * 3 / 4))));
        }
    }
    let mut noise = vec![0; samples.len()];
    (dice.0)(&mut noise);
    wav(samples.iter().zip(noise).map(|(sample, noise)| sample.saturating_add(i16::from(noise) * 4 - 512)))
}

/// A recording, played at this pace and loudness.
fn spoken(recording: &[u8], pace_percent: u16, loudness_percent: u16) -> impl Iterator<Item = i16> {
    let pace = usize::from(pace_percent);
    (0..).map_while(move |tick: usize| {
        let (index, part) = (tick * pace / 100, tick * pace % 100);
        let (this, next) = (recording.get(index)?, recording.get(index + 1)?);
        let part = i32::try_from(part).ok()?;
        let between = (i32::from(decode(*this)) * (100 - part) + i32::from(decode(*next)) * part) / 100;
        i16::try_from(between * i32::from(loudness_percent) / 100).ok()
    })
}

/// One sample of µ-law (ITU-T G.711): a sign, three bits of exponent, four of mantissa, all inverted.
fn decode(byte: u8) -> i16 {
    let byte = !byte;
    let size = (((i16::from(byte & 0x0f) << 3) + 0x84) << ((byte & 0x70) >> 4)) - 0x84;
    if byte & 0x80 == 0 { size } else { -size }
}

fn wav(samples: impl ExactSizeIterator<Item = i16>) -> Vec<u8> {
    let data_bytes = u32::try_from(samples.len() * 2).expect("some seconds of sound");
    let rate = u32::from(RATE_HZ);
    let mut file = Vec::with_capacity(HEADER_BYTES + samples.len() * 2);
    file.extend(b"RIFF");
    file.extend((data_bytes + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes()); // plain numbers
    file.extend(1_u16.to_le_bytes()); // one channel
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes()); // bytes a second
    file.extend(2_u16.to_le_bytes()); // bytes a sample
    file.extend(16_u16.to_le_bytes()); // bits a sample
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    file.extend(samples.flat_map(i16::to_le_bytes));
    file
}

#[cfg(test)]
mod tests {
    use super::super::tests::seeded;
    use super::*;

    fn samples(file: &[u8]) -> Vec<i16> {
        file[HEADER_BYTES..].as_chunks().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect()
    }

    #[test]
    fn decodes_mu_law_as_g711_does() {
        assert_eq!([0xff, 0x7f, 0x80, 0x00, 0xef, 0xf0].map(decode), [0, 0, 32_124, -32_124, 132, 120]);
    }

    #[test]
    fn is_a_wav_of_a_few_seconds_at_8_khz() {
        let file = speak("ABCDEF", Lang::Pl, seeded(1));
        assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!(u32::from_le_bytes(file[24..28].try_into().unwrap()), 8_000);
        assert_eq!(
            usize::try_from(u32::from_le_bytes(file[40..44].try_into().unwrap())),
            Ok(file.len() - HEADER_BYTES)
        );
        assert!((4 * 8_000..9 * 8_000).contains(&samples(&file).len()), "{}", samples(&file).len());
    }

    #[test]
    fn says_every_letter_loudly_in_every_language_and_no_two_alike() {
        for lang in Lang::ALL.iter().copied() {
            let mut sounds: Vec<Vec<u8>> = ALPHABET
                .iter()
                .map(|letter| speak(&char::from(*letter).to_string(), lang, seeded(1)))
                .inspect(|sound| assert!(samples(sound).iter().max() > Some(&12_000)))
                .collect();
            sounds.sort();
            sounds.dedup();
            assert_eq!(sounds.len(), ALPHABET.len());
        }
        assert_ne!(speak("A", Lang::Pl, seeded(1)), speak("A", Lang::En, seeded(1)));
    }

    #[test]
    fn fills_pauses_with_noise_and_says_nothing_for_unknown_letters() {
        let silence = samples(&speak("?", Lang::Uk, seeded(1)));
        assert!(silence.iter().all(|sample| (-512..=508).contains(sample)));
        assert!(silence.iter().any(|sample| *sample != 0));
    }

    #[test]
    fn never_says_a_letter_twice_in_the_same_way() {
        assert_ne!(speak("AAAAAA", Lang::Pl, seeded(1)), speak("AAAAAA", Lang::Pl, seeded(2)));
    }
}
