//! The text of a letter, and which lines of it are the writer's own words.

use std::borrow::Cow;
use std::iter;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders as _, PartType};
use openbok_domain::EmailAddress;
use openbok_domain::identifiers::is_hidden;

use super::{html, sender};

/// How mail programs begin a letter that is passed on; also put before one that came as an attachment.
const FORWARD: &str = "---------- Forwarded message ---------";

/// The same in other programs, in lower case and without the dashes around.
const FORWARDS: [&str; 9] = [
    "forwarded message",
    "begin forwarded message",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "wiadomość przekazana dalej",
    "treść przekazanej wiadomości",
    "переслане повідомлення",
    "переадресоване повідомлення",
    "початок переадресованого повідомлення",
];

/// How Outlook begins the letter that is answered, in lower case and without the dashes around.
const ORIGINALS: [&str; 6] = [
    "original message",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "wiadomość pierwotna",
    "оригінальне повідомлення",
    "вихідне повідомлення",
];

/// Verbs of the line before a quoted letter: "On Monday Jan wrote:".
const WROTE: [&str; 8] = ["wrote", "pisze", "napisał", "napisała", "napisał(a)", "написав", "написала", "пише"];

/// Lines at the head of a quoted or forwarded letter.
const HEAD_FROM: [&str; 3] = ["from:", "od:", "від:"];
const HEAD_SENT: [&str; 7] = ["sent:", "date:", "wysłano:", "wysłane:", "data:", "надіслано:", "дата:"];
const HEAD_OTHER: [&str; 9] = ["to:", "cc:", "subject:", "do:", "dw:", "temat:", "кому:", "копія:", "тема:"];

/// Subjects of letters that were passed on, in lower case.
const FORWARD_SUBJECTS: [&str; 7] = ["fw:", "fwd:", "pd:", "przek:", "fw ", "пер:", "переслано:"];

/// The text without what a screen cannot show, at most so many characters; whether it was longer.
pub(super) fn clean(text: &str, max_chars: usize) -> (String, bool) {
    let mut kept = String::new();
    let (mut count, mut blank_lines) = (0, 0);
    for line in text.lines().map(str::trim_end) {
        blank_lines = if line.is_empty() { blank_lines + 1 } else { 0 };
        if blank_lines > 1 || kept.is_empty() && line.is_empty() {
            continue;
        }
        let shown = line.chars().filter(|c| !is_hidden(*c));
        let shown = shown.map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control());
        for character in shown.chain(iter::once('\n')) {
            if count == max_chars {
                return (kept.trim_end().to_owned(), true);
            }
            kept.push(character);
            count += 1;
        }
    }
    (kept.trim_end().to_owned(), false)
}

/// What a person would read of the letter, and whether that was longer. A letter that came as an attachment follows, with
/// a head as if it had been passed on in the text.
pub(super) fn text(message: &Message<'_>, max_chars: usize) -> (String, bool) {
    let mut text = inline_text(message);
    let attached = message.attachments().find_map(|part| part.message());
    if let Some(attached) = attached {
        let from = sender::address(attached.from());
        let from = from.as_ref().map(EmailAddress::as_str).unwrap_or_default();
        text = format!("{text}\n\n{FORWARD}\nFrom: {from}\n\n{}", inline_text(attached));
    }
    clean(&text, max_chars)
}

fn inline_text(message: &Message<'_>) -> String {
    let joined = |parts: &[u32]| {
        let parts = parts.iter().filter_map(|id| message.part(*id)).filter_map(|part| match &part.body {
            PartType::Text(text) => Some(decoded(message, part, text).into_owned()),
            PartType::Html(html) => Some(html::to_text(&decoded(message, part, html))),
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => None,
        });
        parts.collect::<Vec<_>>().join("\n\n")
    };
    // Some programs add an empty text to what they only write as HTML.
    Some(joined(&message.text_body))
        .filter(|text| !text.trim().is_empty())
        .unwrap_or_else(|| joined(&message.html_body))
}

/// The text of a part that may be encoded for its way; as it is where that cannot be undone.
fn decoded<'a>(message: &Message<'_>, part: &MessagePart<'_>, text: &'a str) -> Cow<'a, str> {
    let header = part.headers.iter().rfind(|header| header.name == HeaderName::ContentTransferEncoding);
    let encoding = header.and_then(|header| {
        let (start, end) = (usize::try_from(header.offset_start).ok()?, usize::try_from(header.offset_end).ok()?);
        Some(message.raw_message.get(start..end)?.trim_ascii().to_ascii_lowercase())
    });
    let bytes = match encoding.as_deref() {
        Some(b"base64") => base64_decode(text.as_bytes()),
        Some(b"quoted-printable") => quoted_printable_decode(text.as_bytes()),
        _ => None,
    };
    let charset = part.content_type().and_then(|kind| charset_decoder(kind.attribute("charset")?.as_bytes()));
    match (bytes, charset) {
        (None, _) => Cow::Borrowed(text),
        (Some(bytes), Some(charset)) => Cow::Owned(charset(&bytes)),
        (Some(bytes), None) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// The well-formed addresses in a line, in its order.
pub(super) fn addresses(line: &str) -> impl Iterator<Item = EmailAddress> {
    line.split(|c: char| c.is_whitespace() || "<>()[]{},;:\"'«»„”“|/\\".contains(c))
        .filter(|word| word.contains('@'))
        .filter_map(|word| EmailAddress::parse(word.trim_matches(['.', '-', '_', '*'])).ok())
}

/// The writer's own lines, without the letters that are quoted below them. Of a letter that is passed on, the lines of whoever
/// wrote it, without those of whoever passes it on.
pub(super) struct Body<'a> {
    lines: Vec<&'a str>,
    /// The line after the one of two dashes that ends the message.
    signature: usize,
    /// Whether the letter passes on somebody else's, whose words then are the ones that count.
    pub(super) is_forwarded: bool,
    /// Who wrote the letter that is passed on.
    pub(super) forwarded_from: Option<EmailAddress>,
}

impl<'a> Body<'a> {
    /// Of a clean text.
    pub(super) fn of(text: &'a str, subject: &str) -> Self {
        let subject = subject.to_lowercase();
        let is_passed_on = FORWARD_SUBJECTS.iter().any(|start| subject.starts_with(start));
        let all: Vec<&str> = text.lines().map(str::trim).collect();
        let mut body = Self { lines: Vec::new(), signature: usize::MAX, is_forwarded: false, forwarded_from: None };
        let mut is_head = false;
        for (at, line) in all.iter().copied().enumerate() {
            let lower = line.to_lowercase();
            let begins = |starts: &[&str]| starts.iter().any(|start| lower.starts_with(start));
            if is_head {
                is_head = begins(&HEAD_SENT) || begins(&HEAD_OTHER) || begins(&HEAD_FROM) || line.is_empty();
                if is_head {
                    body.note_head(line, begins(&HEAD_FROM));
                    // An empty line ends a head, but not one that has yet to begin.
                    is_head = !line.is_empty() || body.forwarded_from.is_none();
                    continue;
                }
            }
            let banner = lower.trim_matches(|c: char| c == '-' || c == ':' || c == ' ' || c == '*');
            let is_outlook = begins(&HEAD_FROM)
                && all[at..].iter().take(5).any(|next| HEAD_SENT.iter().any(|s| next.to_lowercase().starts_with(s)));
            let is_original = line.starts_with('-') && ORIGINALS.contains(&banner);
            if FORWARDS.contains(&banner) || (is_passed_on && !body.is_forwarded && (is_outlook || is_original)) {
                body.begin_forwarded();
                body.note_head(line, begins(&HEAD_FROM));
                is_head = true;
            } else if is_original || is_outlook {
                break;
            } else if is_before_quote(&lower, body.lines.last().copied()) {
                if !lower.contains(|c: char| c.is_ascii_digit()) {
                    body.lines.pop();
                }
                break;
            } else if line == "--" && body.signature == usize::MAX {
                body.signature = body.lines.len();
            } else if !line.starts_with('>') {
                body.lines.push(line);
            }
        }
        body.signature = body.signature.min(body.lines.len());
        body
    }

    /// What stood above is of whoever passes the letter on, with a signature that is not the writer's.
    fn begin_forwarded(&mut self) {
        *self = Self { lines: Vec::new(), signature: usize::MAX, is_forwarded: true, forwarded_from: None };
    }

    fn note_head(&mut self, line: &str, is_from: bool) {
        if is_from && self.forwarded_from.is_none() {
            self.forwarded_from = addresses(line).next();
        }
    }

    /// All own lines, the signature last.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a str> {
        self.lines.iter().copied()
    }

    /// What stands before the signature.
    pub(super) fn message(&self) -> &[&'a str] {
        &self.lines[..self.signature]
    }

    /// What stands after two dashes.
    pub(super) fn signature(&self) -> &[&'a str] {
        &self.lines[self.signature..]
    }

    /// Whether it is written in the letters of Ukrainian.
    pub(super) fn is_cyrillic(&self) -> bool {
        self.lines().any(|line| line.contains(|c| matches!(c, '\u{400}'..='\u{4FF}')))
    }
}

/// "On 24 November Jan wrote:", also when the program has broken the line before the verb.
fn is_before_quote(lower: &str, previous: Option<&str>) -> bool {
    let Some(sentence) = lower.strip_suffix(':') else { return false };
    let last = sentence.split_whitespace().last().unwrap_or_default();
    let has_date = |line: &str| line.contains(|c: char| c.is_ascii_digit());
    WROTE.contains(&last) && (has_date(lower) || previous.is_some_and(has_date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own_lines(text: &str, subject: &str) -> Vec<String> {
        let body = Body::of(text, subject);
        body.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn leaves_out_the_letter_that_is_answered() {
        for quote in [
            "> Firma: Obca",
            "W dniu 24.11.2026 o 15:00, BOK pisze:\nFirma: Obca",
            "wt., 24 lis 2026 o 15:00 BOK <bok@example.com> napisał(a):\n\nFirma: Obca",
            "On Tue, Nov 24, 2026 at 3:00 PM BOK <bok@example.com>\nwrote:\nFirma: Obca",
            "вт, 24 лист. 2026 р. о 15:00 BOK <bok@example.com> пише:\nFirma: Obca",
            "-----Original Message-----\nFirma: Obca",
            "________\nOd: BOK <bok@example.com>\nWysłano: wtorek, 24 listopada 2026\nDo: Jan\n\nFirma: Obca",
            "Від: BOK\nНадіслано: вівторок\nКому: Іван\n\nFirma: Obca",
        ] {
            let lines = own_lines(&format!("Firma: Moja\n\n{quote}"), "Re: Dostęp");
            assert_eq!(lines[0], "Firma: Moja", "{quote}");
            assert!(!lines.iter().any(|line| line.contains("Obca") || line.contains("BOK")), "{quote}: {lines:?}");
        }
    }

    #[test]
    fn takes_a_verb_without_a_date_for_a_sentence() {
        assert_eq!(own_lines("Kolega pisze:\nFirma: Moja", "").len(), 2);
    }

    #[test]
    fn reads_the_letter_that_is_passed_on_and_who_wrote_it() {
        for (text, subject) in [
            (
                "Proszę o obsługę\n\n---------- Forwarded message ---------\nOd: Ewa <ewa@example.com>\nDate: wt., 24 lis 2026\nTo: <pgb@example.com>\n\nFirma: Jej",
                "Fwd: Dostęp",
            ),
            (
                "-------- Treść przekazanej wiadomości --------\nTemat: Dostęp\nOd: Ewa <ewa@example.com>\n\nFirma: Jej",
                "Dostęp",
            ),
            ("Begin forwarded message:\n\nFrom: Ewa <ewa@example.com>\nDate: 24 November 2026\n\nFirma: Jej", ""),
            ("Do obsługi\nFrom: Ewa <ewa@example.com>\nSent: Tuesday\nTo: BOK\nSubject: x\n\nFirma: Jej", "FW: Dostęp"),
            ("-----Original Message-----\nFrom: Ewa <ewa@example.com>\nSent: Tuesday\n\nFirma: Jej", "PD: Dostęp"),
        ] {
            let body = Body::of(text, subject);
            assert_eq!(body.forwarded_from.as_ref().unwrap().as_str(), "ewa@example.com", "{text}");
            assert!(body.lines().any(|line| line == "Firma: Jej"), "{text}");
        }
    }

    #[test]
    fn leaves_out_what_stands_above_the_letter_that_is_passed_on() {
        let above = "Do obsługi\n--\nFirma: Obca\nbok@example.com";
        for above in [above.to_owned(), above.replace("--\n", "")] {
            for (banner, subject) in [
                ("---------- Forwarded message ---------\nFrom: Ewa <ewa@example.com>\n", "Dostęp"),
                ("-------- Wiadomość przekazana --------\nOd: Ewa <ewa@example.com>\n", "Dostęp"),
                ("---------- Переслане повідомлення ---------\nВід: Ewa <ewa@example.com>\n", "Dostęp"),
                ("-----Original Message-----\nFrom: Ewa <ewa@example.com>\nSent: Tuesday\n", "FW: Dostęp"),
                ("Від: Ewa <ewa@example.com>\nНадіслано: вівторок\nКому: БОК\n", "Пер: Dostęp"),
            ] {
                let text = format!("{above}\n\n{banner}\nFirma: Jej\n--\nEwa");
                let body = Body::of(&text, subject);
                assert_eq!((body.message(), body.signature()), (&["Firma: Jej"][..], &["Ewa"][..]), "{text}");
                assert_eq!(body.forwarded_from.as_ref().map(EmailAddress::as_str), Some("ewa@example.com"), "{text}");
            }
        }
    }

    #[test]
    fn reads_the_innermost_of_letters_that_were_passed_on_more_than_once() {
        let text = "---------- Forwarded message ---------\nOd: BOK <bok@example.com>\n\nFirma: Obca\n\n\
                    ---------- Forwarded message ---------\nOd: Ewa <ewa@example.com>\n\nFirma: Jej";
        let body = Body::of(text, "");
        assert_eq!(body.message(), ["Firma: Jej"]);
        assert_eq!(body.forwarded_from.as_ref().map(EmailAddress::as_str), Some("ewa@example.com"));
    }

    #[test]
    fn tells_the_signature_from_the_message() {
        let body = Body::of("Proszę o dostęp\n-- \nJan\n--\nWiatrak", "");
        assert_eq!((body.message(), body.signature()), (&["Proszę o dostęp"][..], &["Jan", "--", "Wiatrak"][..]));
        assert_eq!(Body::of("Bez podpisu", "").signature(), [""; 0]);
    }

    #[test]
    fn cleans_and_cuts() {
        assert_eq!(clean("\n\na\u{7}\tb\u{202E}\r\n\n\n\nc\u{A0}d  \n", 100), ("a b\n\nc d".to_owned(), false));
        assert_eq!(clean("żółw żółw", 4), ("żółw".to_owned(), true));
        assert_eq!(clean("żółw", 5), ("żółw".to_owned(), false));
    }

    #[test]
    fn finds_addresses_among_words_and_brackets() {
        let found: Vec<_> = addresses("Jan <jan@example.com>, mailto:ewa@example.com. x@y (a@b.pl)").collect();
        assert_eq!(
            found.iter().map(EmailAddress::as_str).collect::<Vec<_>>(),
            ["jan@example.com", "ewa@example.com", "a@b.pl"]
        );
    }
}
