//! Where a mailbox is, and who may read it.

use std::fmt;

use secrecy::SecretString;

use crate::mail::MailSecurity;

/// Address of a mailbox on an IMAP server.
#[derive(Clone)]
pub struct ImapAddress {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Security of the connection.
    pub security: MailSecurity,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub password: SecretString,
    /// The mailbox as the server calls it, usually `INBOX`.
    pub mailbox: String,
    /// A certificate authority to trust beside the public ones, in PEM.
    pub authority_pem: Option<Vec<u8>>,
}

impl fmt::Debug for ImapAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImapAddress").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}
