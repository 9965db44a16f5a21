//! Who wrote a letter: a person, a program, the portal itself; and which of the addresses in it is the writer's.

use mail_parser::{Address, Message, MimeHeaders as _};
use openbok_domain::EmailAddress;

use super::Ignored;
use super::body::{Body, addresses};

/// Mailboxes that only programs write from.
const PROGRAMS: [&str; 2] = ["mailer-daemon", "postmaster"];

/// Headers that only programs write, whatever stands in them.
const PROGRAM_HEADERS: [&str; 2] = ["X-Autoreply", "X-Autorespond"];

/// The first well-formed address.
pub(super) fn address(addresses: Option<&Address<'_>>) -> Option<EmailAddress> {
    addresses?.iter().find_map(|one| EmailAddress::parse(one.address()?).ok())
}

/// Why a letter is surely not a request; `None` when it may be one.
pub(super) fn ignored(message: &Message<'_>, from: Option<&EmailAddress>, own: &EmailAddress) -> Option<Ignored> {
    let raw = |name: &'static str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    let is_same = |other: &EmailAddress| other.normalized() == own.normalized();
    if from.is_some_and(is_same) || address(message.sender()).as_ref().is_some_and(is_same) {
        return Some(Ignored::Own);
    }
    let is_report = message
        .content_type()
        .is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype().is_some_and(|subtype| subtype == "report"));
    let user = from.map(EmailAddress::normalized).and_then(|from| Some(from.split_once('@')?.0.to_owned()));
    let is_program = user.is_some_and(|user| PROGRAMS.contains(&user.as_str()));
    if is_report || is_program || raw("Return-Path").is_some_and(|path| path == "<>") {
        return Some(Ignored::Bounce);
    }
    // The value may be followed by parameters (RFC 3834, 5).
    let is_submitted_by_program =
        raw("Auto-Submitted").is_some_and(|value| value.split([';', ' ']).next() != Some("no"));
    let precedence = raw("Precedence").unwrap_or_default();
    if is_submitted_by_program
        || precedence == "auto_reply"
        || PROGRAM_HEADERS.iter().any(|name| message.header_raw(*name).is_some())
    {
        return Some(Ignored::Automatic);
    }
    // Not what a list says of itself: the operator's address may be a group, and its letters are people's.
    matches!(precedence.as_str(), "bulk" | "junk").then_some(Ignored::Bulk)
}

/// The one address that a letter without a label for it gives as its own: the only one in its text, or the sender's.
/// Where the text names several and none is the sender's, nobody can tell.
pub(super) fn mentioned(
    body: &Body<'_>,
    from: Option<&EmailAddress>,
    foreign: &[EmailAddress],
) -> Option<EmailAddress> {
    let in_lines = |lines: &[&str]| {
        let mut found = Vec::<EmailAddress>::new();
        for address in lines.iter().flat_map(|line| addresses(line)) {
            let is_same = |other: &EmailAddress| other.normalized() == address.normalized();
            if !foreign.iter().any(is_same) && !found.iter().any(is_same) {
                found.push(address);
            }
        }
        found
    };
    let mut found = in_lines(body.message());
    if found.is_empty() {
        found = in_lines(body.signature());
    }
    match found.len() {
        0 => from.cloned(),
        1 => found.pop(),
        _ => found.into_iter().find(|address| from.is_some_and(|from| from.normalized() == address.normalized())),
    }
}
