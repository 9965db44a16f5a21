//! One letter: who wrote it, whether a person wanted something, and what it says.
//!
//! A pure function of its bytes. It never fails: what cannot be understood is left for a person to read.

mod body;
mod company;
mod html;
mod labels;
mod phone;
mod sender;
#[cfg(test)]
mod tests;

use std::fmt;
use std::thread;

use mail_parser::{HeaderName, Message, MessageParser};
use openbok_domain::EmailAddress;
use sha2::{Digest as _, Sha256};

use body::Body;
use labels::LabelledEmail;

/// How much of a letter is read. Texts come before attachments, so a letter with a heavy drawing is still understood.
pub const MAX_LETTER_BYTES: u32 = 1 << 20;

/// How much of a text is kept.
const MAX_TEXT_CHARS: usize = 20_000;

/// How much of a subject or an identifier is kept.
const MAX_HEADER_CHARS: usize = 300;

/// A letter may hold letters that hold letters: 36,000 levels fit into the longest, and the parser's result is as deep. A
/// quarter of this was enough for them.
const STACK_BYTES: usize = 128 << 20;

/// What a letter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// Nobody asks for anything.
    Ignored(Ignored),
    /// A producer asks for access, or may: whatever is not surely something else.
    Request(Box<FoundRequest>),
}

impl Letter {
    /// A letter of which nothing could be understood, with whatever text it seems to have or staff is to read instead.
    pub(super) fn unreadable(fingerprint: Fingerprint, text: &str) -> Self {
        let (text, is_cut) = body::clean(text, MAX_TEXT_CHARS);
        Self::Request(Box::new(FoundRequest {
            fingerprint,
            company: None,
            email: None,
            phone: None,
            subject: String::new(),
            text,
            is_cut,
        }))
    }
}

/// Why a letter is not a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// A program wrote it: an answer of somebody on holiday, a notice.
    Automatic,
    /// It went to many.
    Bulk,
    /// A mail could not be delivered, or was.
    Bounce,
    /// The portal wrote it.
    Own,
}

impl Ignored {
    /// A short code for logs and counters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Bulk => "bulk",
            Self::Bounce => "bounce",
            Self::Own => "own",
        }
    }
}

/// What tells a letter from all others, however often and under whatever number a mailbox shows it: the hash of its
/// Message-ID and sender, or of its bytes where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of a letter without a Message-ID, or of whatever else stands for it.
    pub(super) fn of_bytes(kind: &str, bytes: &[u8]) -> Self {
        Self(Sha256::new().chain_update(kind).chain_update([0]).chain_update(bytes).finalize().into())
    }

    fn of_message_id(id: &str, from: Option<&EmailAddress>) -> Self {
        let from = from.map(EmailAddress::normalized).unwrap_or_default();
        Self::of_bytes("message-id", format!("{id}\0{from}").as_bytes())
    }
}

/// What a letter says, as far as it was understood. Staff sees it next to the text and completes it.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundRequest {
    /// Recognises the letter.
    pub fingerprint: Fingerprint,
    /// Name of the company.
    pub company: Option<String>,
    /// The future login; nothing proves whose it is.
    pub email: Option<EmailAddress>,
    /// Telephone number: a mobile number of Poland or Ukraine in its usual form, any other as it was typed.
    pub phone: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its text without what a screen cannot show, quoted letters included.
    pub text: String,
    /// Whether the letter was longer than what was read of it.
    pub is_cut: bool,
}

impl fmt::Debug for FoundRequest {
    /// What was found, not what it says: a letter is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundRequest")
            .field("has_company", &self.company.is_some())
            .field("has_email", &self.email.is_some())
            .field("has_phone", &self.phone.is_some())
            .field("is_cut", &self.is_cut)
            .finish_non_exhaustive()
    }
}

/// Reads a letter. `own` is the address the portal's mails come from: its own letters, and its address in others', mean
/// nothing. Blocks for some milliseconds.
#[must_use]
pub fn read_letter(raw: &[u8], own: &EmailAddress) -> Letter {
    let limit = usize::try_from(MAX_LETTER_BYTES).unwrap_or(usize::MAX);
    let (kept, is_long) = (&raw[..raw.len().min(limit)], raw.len() > limit);
    // A thread of its own has a stack for the deepest letter, and is all that a fault of the parser can take down.
    let outcome = thread::scope(|scope| {
        let reading = thread::Builder::new().name("letter".to_owned()).stack_size(STACK_BYTES);
        let reading = reading.spawn_scoped(scope, || parse(kept, own));
        reading.ok().and_then(|reading| reading.join().ok()).flatten()
    });
    let unreadable = || Letter::unreadable(Fingerprint::of_bytes("bytes", raw), &String::from_utf8_lossy(kept));
    let mut letter = outcome.unwrap_or_else(unreadable);
    if let Letter::Request(request) = &mut letter {
        request.is_cut |= is_long;
    }
    letter
}

/// `None` for what has no head of a letter.
fn parse(raw: &[u8], own: &EmailAddress) -> Option<Letter> {
    let message = parser().parse(raw)?;
    let from = sender::address(message.from());
    let has_head = message.from().is_some() || message.message_id().is_some() || message.subject().is_some();
    Some(match sender::ignored(&message, from.as_ref(), own) {
        Some(reason) => Letter::Ignored(reason),
        None if !has_head => return None,
        None => Letter::Request(Box::new(understand(&message, from, raw, own))),
    })
}

/// A parser of what is read here. Left to itself it would decode letters within letters and copy all of the outermost for
/// each: with hundreds of kilobytes of them, gigabytes. So it does not learn how parts are encoded; [`body`] decodes texts.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_minimal_headers()
        .header_address(HeaderName::Sender)
        .header_id(HeaderName::MessageId)
        .ignore_header(HeaderName::ContentTransferEncoding)
        .default_header_ignore()
}

fn understand(message: &Message<'_>, from: Option<EmailAddress>, raw: &[u8], own: &EmailAddress) -> FoundRequest {
    let header = |text: Option<&str>| body::clean(text.unwrap_or_default(), MAX_HEADER_CHARS).0.replace('\n', " ");
    let message_id = Some(header(message.message_id())).filter(|id| !id.is_empty());
    let subject = header(message.subject());
    let (text, is_cut) = body::text(message, MAX_TEXT_CHARS);
    let body = Body::of(&text, &subject);
    let fields = labels::Fields::of(&body);
    let writer = if body.is_forwarded { body.forwarded_from.clone() } else { from.clone() };
    // Whoever it was written to, or passed on by, is not the writer, even when the letter names the address.
    let passed_on_by = from.clone().filter(|_| body.is_forwarded && from != writer);
    let foreign: Vec<_> = sender::address(message.to()).into_iter().chain(passed_on_by).chain([own.clone()]).collect();
    FoundRequest {
        fingerprint: message_id
            .as_deref()
            .map_or_else(|| Fingerprint::of_bytes("bytes", raw), |id| Fingerprint::of_message_id(id, from.as_ref())),
        company: fields.company.or_else(|| company::find(body.lines().chain([subject.as_str()]))),
        email: match fields.email {
            LabelledEmail::None => sender::mentioned(&body, writer.as_ref(), &foreign),
            LabelledEmail::One(email) => Some(email),
            LabelledEmail::Several => None,
        },
        phone: fields.phone.or_else(|| phone::find(&body)),
        subject,
        text,
        is_cut,
    }
}
