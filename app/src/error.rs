//! The only error on the wire: codes that pages turn into words. Never text, never personal data.

use openbok_domain::{FieldErrors, Refusal};
use serde::{Deserialize, Serialize};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};

/// Why a request of the browser was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalError {
    /// Fields to be corrected.
    Invalid(FieldErrors),
    /// Well-formed, but the portal's rules say no.
    Refused(Refusal),
    /// There is no live session.
    SignedOut,
    /// There is a session, but it may not do this.
    Forbidden,
    /// Nothing here that the caller may see.
    NotFound,
    /// Too many requests of this kind; seconds until another try makes sense.
    TooMany(u32),
    /// The server has no capacity right now; seconds until another try makes sense.
    Busy(u32),
    /// The request could not be understood.
    BadRequest,
    /// The portal failed; the log knows more under this reference, a number that the customer can quote.
    Internal(String),
    /// The server could not be reached. Only the browser says so.
    Offline,
}

impl FromServerFnError for PortalError {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                #[cfg(feature = "ssr")]
                crate::ssr::set_status(http::StatusCode::BAD_REQUEST);
                Self::BadRequest
            }
            _ => Self::Internal(String::new()),
        }
    }
}

/// JSON, read from text like everything else that the browser reads: the code that reads from bytes would be as large once
/// more.
pub struct Json;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<PortalError> for Json {
    type Error = serde_json::Error;

    fn encode(error: &PortalError) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(error).map(Bytes::from)
    }
}

impl Decodes<PortalError> for Json {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<PortalError, Self::Error> {
        // What is no text is no JSON either.
        serde_json::from_str(std::str::from_utf8(&bytes).unwrap_or_default())
    }
}
