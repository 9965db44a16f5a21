//! The answer to a plan file: an acknowledgement document for market documents, a status for JSON. Reasons are in the
//! words of whoever answers.

use openbok_domain::Timestamp;
use openbok_domain::plan::PlanFormat;
use serde::{Deserialize, Serialize};

use super::markup::{Document, Markup, Step};
use super::{LIMITS, Party, WriteError, iec, json, text, values};

const ROOT: &str = "Acknowledgement_MarketDocument";
const NAMESPACE: &str = "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:8:1";
/// More characters than a reason has room for.
const MOST_REASON: usize = 512;

/// What a file says of itself. Whatever is missing or too strange to repeat is empty, so that even a file that makes no
/// sense can be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Identification of the document or the message.
    pub document_id: String,
    /// Number of the revision.
    pub revision: String,
    /// Type.
    pub kind: String,
    /// When it was written, in its own words.
    pub created_at: String,
    /// Code of who sent it.
    pub sender: String,
    /// Role of who sent it.
    pub sender_role: String,
}

/// A reason for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonText {
    /// Its code, for programs.
    pub code: String,
    /// What it is about: a line, a field.
    pub field: String,
    /// Its words.
    pub text: String,
}

/// An answer to a file.
#[derive(Clone, Debug)]
pub struct Acknowledgement<'a> {
    /// What the file said of itself.
    pub received: &'a Received,
    /// Who answers.
    pub sender: &'a Party,
    /// Identification of the answer.
    pub document_id: &'a str,
    /// When the file came in.
    pub received_at: Timestamp,
    /// When it was answered.
    pub created_at: Timestamp,
    /// Whether the plans were taken.
    pub is_accepted: bool,
    /// Why not, or what to mind.
    pub reasons: &'a [ReasonText],
}

/// What a file says of itself, as far as it can be read; nothing for formats without a header.
pub fn received(format: PlanFormat, bytes: &[u8]) -> Received {
    let mut received = match format {
        PlanFormat::Iec if bytes.len() <= LIMITS.bytes => received_document(bytes),
        PlanFormat::Json if bytes.len() <= LIMITS.bytes => received_message(bytes),
        _ => Received::default(),
    };
    let Received { document_id, revision, kind, created_at, sender, sender_role } = &mut received;
    for field in [document_id, revision, kind, created_at, sender, sender_role] {
        if !values::is_code(field) {
            field.clear();
        }
    }
    received
}

fn received_document(bytes: &[u8]) -> Received {
    let mut received = Received::default();
    let Ok(text) = text::xml(bytes) else { return received };
    let mut markup = Markup::new(&text, LIMITS.depth);
    while let Ok(step) = markup.step() {
        match step {
            Step::Open { name, .. } if markup.depth() == 1 && name != iec::ROOT => break,
            Step::Open { name, .. } if name == "PlannedResource_TimeSeries" => break,
            Step::Close { name, text, .. } if markup.depth() == 1 => {
                let field = match name.as_str() {
                    "mRID" => &mut received.document_id,
                    "revisionNumber" => &mut received.revision,
                    "type" => &mut received.kind,
                    "createdDateTime" => &mut received.created_at,
                    "sender_MarketParticipant.mRID" => &mut received.sender,
                    "sender_MarketParticipant.marketRole.type" => &mut received.sender_role,
                    _ => continue,
                };
                *field = text;
            }
            Step::Open { .. } | Step::Close { .. } => {}
            Step::End => break,
        }
    }
    received
}

fn received_message(bytes: &[u8]) -> Received {
    let message = text::utf_8(bytes).ok().and_then(|text| serde_json::from_str::<Message<'_>>(text).ok());
    let Some(Message { meta }) = message else { return Received::default() };
    let word = |raw: Option<json::Raw<'_>>| raw.map(json::word).unwrap_or_default();
    Received {
        document_id: word(meta.client_msg_id),
        revision: String::new(),
        kind: word(meta.kind),
        created_at: word(meta.created_at),
        sender: word(meta.sender_id),
        sender_role: String::new(),
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    meta: MessageMeta<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageMeta<'a> {
    #[serde(borrow)]
    client_msg_id: Option<json::Raw<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<json::Raw<'a>>,
    #[serde(borrow)]
    created_at: Option<json::Raw<'a>>,
    #[serde(borrow)]
    sender_id: Option<json::Raw<'a>>,
}

/// The acknowledgement document: reason A01 when the plans were taken, A02 when not, each text a reason of its own.
///
/// # Errors
/// [`WriteError::BadCode`] when a code of whoever answers cannot be written.
pub fn acknowledge(answer: &Acknowledgement<'_>) -> Result<Vec<u8>, WriteError> {
    let own = [answer.sender.code.as_str(), &answer.sender.role, answer.document_id];
    if !own.into_iter().all(values::is_code) {
        return Err(WriteError::BadCode);
    }
    let received = answer.received;
    let mut document = Document::new("UTF-8", ROOT, Some(NAMESPACE));
    document.leaf("mRID", answer.document_id);
    document.leaf("createdDateTime", &values::seconds(answer.created_at));
    document.coded("sender_MarketParticipant.mRID", &answer.sender.code);
    document.leaf("sender_MarketParticipant.marketRole.type", &answer.sender.role);
    if !received.sender.is_empty() {
        document.coded("receiver_MarketParticipant.mRID", &received.sender);
    }
    for (name, text) in [
        ("receiver_MarketParticipant.marketRole.type", &received.sender_role),
        ("received_MarketDocument.mRID", &received.document_id),
        ("received_MarketDocument.revisionNumber", &received.revision),
        ("received_MarketDocument.type", &received.kind),
        ("received_MarketDocument.createdDateTime", &received.created_at),
    ] {
        if !text.is_empty() {
            document.leaf(name, text);
        }
    }
    let code = if answer.is_accepted { "A01" } else { "A02" };
    let reason = |document: &mut Document, text: &str| {
        document.group("Reason", |reason| {
            reason.leaf("code", code);
            if !text.is_empty() {
                reason.leaf("text", text);
            }
        });
    };
    for ReasonText { field, text, .. } in answer.reasons {
        let whole = if field.is_empty() { text.clone() } else { format!("{field}: {text}") };
        reason(&mut document, &shortened(&whole));
    }
    if answer.reasons.is_empty() {
        reason(&mut document, "");
    }
    Ok(document.finish(ROOT).into_bytes())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Submission<'a> {
    server_msg_id: &'a str,
    client_msg_id: &'a str,
    received_time: String,
    status: &'a str,
    response_details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    severity: &'a str,
    code: &'a str,
    field: &'a str,
    message: String,
}

/// The status of a submission in JSON, `APPROVED` or `REJECTED`, with the reasons as its details.
pub fn acknowledge_json<'a>(answer: &Acknowledgement<'a>) -> Vec<u8> {
    let severity = if answer.is_accepted { "WARN" } else { "ERROR" };
    let detail = |reason: &'a ReasonText| Detail {
        severity,
        code: &reason.code,
        field: &reason.field,
        message: shortened(&reason.text),
    };
    let submission = Submission {
        server_msg_id: answer.document_id,
        client_msg_id: &answer.received.document_id,
        received_time: values::seconds(answer.received_at),
        status: if answer.is_accepted { "APPROVED" } else { "REJECTED" },
        response_details: answer.reasons.iter().map(detail).collect(),
    };
    json::pretty(&submission)
}

/// A reason without characters that a document cannot hold, cut to the room there is.
fn shortened(text: &str) -> String {
    let is_writable = |character: &char| !character.is_control() && !matches!(character, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(is_writable).take(MOST_REASON).collect()
}
