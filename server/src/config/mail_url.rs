//! How mail leaves, written as an address.

use std::path::PathBuf;

use openbok_services::{SmtpAddress, Transport, TransportError};

use super::server_address::ServerAddress;

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
        let address = ServerAddress::parse(text, [("smtp", 587), ("smtps", 465)])
            .map_err(|fault| fault.in_words("smtp://…, smtps://…, file:DIR or mailbox"))?;
        Ok(Self::Server(SmtpAddress {
            host: address.host,
            port: address.port,
            security: address.security,
            credentials: address.credentials,
            authority_pem: address.authority_pem,
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

#[cfg(test)]
mod tests {
    use openbok_services::MailSecurity;

    use super::*;

    fn server(text: &str) -> SmtpAddress {
        match MailUrl::parse(text) {
            Ok(MailUrl::Server(address)) => address,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn r69_demands_tls_of_every_server_but_this_machine() {
        assert_eq!(server("smtp://mail.example").security, MailSecurity::StartTls);
        assert_eq!(server("smtp://10.0.0.1:25").security, MailSecurity::StartTls);
        assert_eq!(server("smtps://mail.example").security, MailSecurity::Tls);
        assert_eq!(server("smtp://localhost:1025").security, MailSecurity::LoopbackOnly);
        assert_eq!(server("smtp://[::1]:1025").security, MailSecurity::LoopbackOnly);
        assert_eq!(server("smtp://127.0.0.1?tls=starttls").security, MailSecurity::StartTls);
        assert_eq!(server("smtp://localhost.evil.example").security, MailSecurity::StartTls);
        assert!(MailUrl::parse("smtp://mail.example?tls=none").is_err());
    }

    #[test]
    fn reads_user_and_password_with_escapes() {
        let address = server("smtp://portal%40example:p%3Aa%25ss@mail.example:2525");
        assert_eq!(address.credentials, Some(("portal@example".to_owned(), "p:a%ss".to_owned())));
        assert_eq!((address.host.as_str(), address.port), ("mail.example", 2525));
    }

    #[test]
    fn refuses_a_port_that_no_server_has() {
        for text in
            ["smtp://localhost:99999", "smtp://u:p@mail.example:0", "smtps://[::1]:", "smtp://mail.example:70000/"]
        {
            let complaint = MailUrl::parse(text).unwrap_err();
            assert!(complaint.contains("between 1 and 65535"), "{text}: {complaint}");
        }
        assert_eq!(server("smtp://[::1]:65535").port, 65535);
        assert_eq!(server("smtp://u:1@mail.example").port, 587);
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
