//! How mail leaves, written as an address.

use std::fs;
use std::path::PathBuf;

use http::Uri;
use openbok_services::mail::{SmtpAddress, SmtpSecurity};
use openbok_services::{Transport, TransportError};

/// A way for mail to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// `smtp://` or `smtps://`.
    Server(SmtpAddress),
    /// `file:DIR`.
    Folder(PathBuf),
    /// `mailbox`: kept for everybody to read; only in the demo.
    Mailbox,
}

impl MailUrl {
    /// Reads the address. `smtp://` demands STARTTLS, except to this machine where it is plain unless the query says
    /// `tls=starttls`; `smtps://` begins with TLS; `ca=FILE` names a certificate authority to trust beside the public ones.
    ///
    /// # Errors
    /// What is wrong, without quoting the address: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "mailbox" {
            return Ok(Self::Mailbox);
        }
        if let Some(folder) = text.strip_prefix("file:") {
            let is_named = !folder.is_empty();
            return if is_named {
                Ok(Self::Folder(folder.into()))
            } else {
                Err("`file:` must name a folder".to_owned())
            };
        }
        let uri: Uri = text.parse().map_err(|_| "is no address; spaces and @ in a password are written %20 and %40")?;
        let (uses_tls, default_port) = match uri.scheme_str() {
            Some("smtp") => (false, 587),
            Some("smtps") => (true, 465),
            _ => return Err("must be smtp://…, smtps://…, file:DIR or mailbox".to_owned()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or("names no host")?.to_owned();
        let mut security = match (uses_tls, is_this_machine(&host)) {
            (true, _) => SmtpSecurity::Tls,
            (false, true) => SmtpSecurity::LoopbackOnly,
            (false, false) => SmtpSecurity::StartTls,
        };
        let mut authority_pem = None;
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("tls", "starttls")) if !uses_tls => security = SmtpSecurity::StartTls,
                Some(("ca", file)) => {
                    authority_pem = Some(fs::read(file).map_err(|error| format!("ca={file}: {error}"))?);
                }
                _ => return Err(format!("has an unknown part `{pair}`; known are tls=starttls and ca=FILE")),
            }
        }
        Ok(Self::Server(SmtpAddress {
            port: uri.port_u16().unwrap_or(default_port),
            credentials: credentials(&uri)?,
            host,
            security,
            authority_pem,
        }))
    }

    /// The way itself.
    ///
    /// # Errors
    /// When the certificate authority is none.
    pub fn transport(self) -> Result<Transport, TransportError> {
        match self {
            Self::Server(address) => Transport::smtp(&address),
            Self::Folder(folder) => Ok(Transport::folder(folder)),
            Self::Mailbox => Ok(Transport::Mailbox),
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> SmtpAddress {
        match MailUrl::parse(text) {
            Ok(MailUrl::Server(address)) => address,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn r69_demands_tls_of_every_server_but_this_machine() {
        assert_eq!(server("smtp://mail.example").security, SmtpSecurity::StartTls);
        assert_eq!(server("smtp://10.0.0.1:25").security, SmtpSecurity::StartTls);
        assert_eq!(server("smtps://mail.example").security, SmtpSecurity::Tls);
        assert_eq!(server("smtp://localhost:1025").security, SmtpSecurity::LoopbackOnly);
        assert_eq!(server("smtp://[::1]:1025").security, SmtpSecurity::LoopbackOnly);
        assert_eq!(server("smtp://127.0.0.1?tls=starttls").security, SmtpSecurity::StartTls);
        assert_eq!(server("smtp://localhost.evil.example").security, SmtpSecurity::StartTls);
        assert!(MailUrl::parse("smtp://mail.example?tls=none").is_err());
    }

    #[test]
    fn reads_user_and_password_with_escapes() {
        let address = server("smtp://portal%40example:p%3Aa%25ss@mail.example:2525");
        assert_eq!(address.credentials, Some(("portal@example".to_owned(), "p:a%ss".to_owned())));
        assert_eq!((address.host.as_str(), address.port), ("mail.example", 2525));
    }

    #[test]
    fn never_quotes_a_password_in_a_complaint() {
        for text in
            ["http://u:hunter2@host", "smtp://u:hunter2%@host", "smtp://u:hunter2@host?x=1", "smtp://u:hun ter2@h"]
        {
            let complaint = MailUrl::parse(text).unwrap_err();
            assert!(!complaint.contains("hunter2"), "{complaint}");
        }
    }

    #[test]
    fn reads_folder_and_mailbox() {
        assert_eq!(MailUrl::parse("file:/tmp/mails"), Ok(MailUrl::Folder("/tmp/mails".into())));
        assert_eq!(MailUrl::parse("mailbox"), Ok(MailUrl::Mailbox));
        assert!(MailUrl::parse("file:").is_err());
    }
}
