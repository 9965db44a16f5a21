//! The address of a mail server, whatever it speaks.
//!
//! Without TLS only this machine is reached. Complaints never quote the address: it may hold a password.

use std::fs;

use http::Uri;
use openbok_services::MailSecurity;

/// A scheme in clear, or with TLS from the first byte, and its usual port.
pub type Scheme = (&'static str, u16);

/// What an address says.
pub struct ServerAddress {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// User and password.
    pub credentials: Option<(String, String)>,
    /// What follows the host, percent signs undone.
    pub path: String,
    /// A certificate authority to trust beside the public ones, in PEM.
    pub authority_pem: Option<Vec<u8>>,
}

/// What is wrong with an address.
#[derive(Debug)]
pub enum AddressFault {
    /// It has another scheme.
    Scheme,
    /// Anything else, in words.
    Other(String),
}

impl AddressFault {
    /// For the administrator; `schemes` are the ones that would do.
    pub fn in_words(self, schemes: &str) -> String {
        match self {
            Self::Scheme => format!("must be {schemes}"),
            Self::Other(words) => words,
        }
    }
}

impl From<&str> for AddressFault {
    fn from(words: &str) -> Self {
        Self::Other(words.to_owned())
    }
}

impl From<String> for AddressFault {
    fn from(words: String) -> Self {
        Self::Other(words)
    }
}

impl ServerAddress {
    /// Reads `SCHEME://USER:PASSWORD@HOST:PORT/PATH`. The first scheme demands STARTTLS, except to this machine where it is
    /// plain unless the query says `tls=starttls`; the second begins with TLS; `ca=FILE` names a certificate authority.
    ///
    /// # Errors
    /// What is wrong.
    pub fn parse(text: &str, [clear, with_tls]: [Scheme; 2]) -> Result<Self, AddressFault> {
        let uri: Uri = text.parse().map_err(|_| "is no address; spaces and @ in a password are written %20 and %40")?;
        let (uses_tls, default_port) = match uri.scheme_str() {
            Some(scheme) if scheme == clear.0 => (false, clear.1),
            Some(scheme) if scheme == with_tls.0 => (true, with_tls.1),
            _ => return Err(AddressFault::Scheme),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or("names no host")?.to_owned();
        let mut security = match (uses_tls, is_this_machine(&host)) {
            (true, _) => MailSecurity::Tls,
            (false, true) => MailSecurity::LoopbackOnly,
            (false, false) => MailSecurity::StartTls,
        };
        let mut authority_pem = None;
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("tls", "starttls")) if !uses_tls => security = MailSecurity::StartTls,
                Some(("ca", file)) => {
                    authority_pem =
                        Some(fs::read(file).map_err(|error| format!("names a ca that cannot be read: {error}"))?);
                }
                _ => return Err("has an unknown part behind its ?; known are tls=starttls and ca=FILE".into()),
            }
        }
        Ok(Self {
            port: port(&uri, &host)?.unwrap_or(default_port),
            credentials: credentials(&uri)?,
            path: decoded(uri.path())?,
            host,
            security,
            authority_pem,
        })
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The port behind the host, if one is written.
fn port(uri: &Uri, host: &str) -> Result<Option<u16>, &'static str> {
    let place = uri.authority().and_then(|authority| authority.as_str().rsplit('@').next()).unwrap_or_default();
    let Some(written) = place.strip_prefix(host).and_then(|rest| rest.strip_prefix(':')) else { return Ok(None) };
    match written.parse::<u16>() {
        Ok(port) if port > 0 => Ok(Some(port)),
        _ => Err("names a port that is not between 1 and 65535"),
    }
}

fn credentials(uri: &Uri) -> Result<Option<(String, String)>, String> {
    let Some((user_info, _)) = uri.authority().and_then(|authority| authority.as_str().rsplit_once('@')) else {
        return Ok(None);
    };
    let (user, password) = user_info.split_once(':').ok_or("names a user without a password")?;
    Ok(Some((decoded(user)?, decoded(password)?)))
}

/// Undoes percent encoding.
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        bytes.push(digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or("has a broken % sequence")?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8 after decoding".to_owned())
}
