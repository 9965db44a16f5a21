//! Where a mailbox is, and who may read it.

use std::fmt;

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

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

impl ImapAddress {
    /// What tells the mailbox from others, whatever port, security or password it is read with: the hash of host, user and
    /// mailbox.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let host = self.host.to_ascii_lowercase();
        Sha256::digest([host.as_str(), &self.user, &self.mailbox].join("\0").as_bytes()).into()
    }
}

impl fmt::Debug for ImapAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImapAddress").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_stays_the_same_whatever_it_is_read_with() {
        let address = ImapAddress {
            host: "imap.example".into(),
            port: 993,
            security: MailSecurity::Tls,
            user: "u".into(),
            password: "p".into(),
            mailbox: "INBOX".into(),
            authority_pem: None,
        };
        let key = |change: fn(&mut ImapAddress)| {
            let mut changed = address.clone();
            change(&mut changed);
            changed.key()
        };
        let same: [fn(&mut ImapAddress); 4] = [
            |address| address.port = 143,
            |address| address.security = MailSecurity::StartTls,
            |address| address.password = "q".into(),
            |address| address.host = "IMAP.example".into(),
        ];
        let others: [fn(&mut ImapAddress); 3] = [
            |address| address.host = "mail.example".into(),
            |address| address.user = "v".into(),
            |address| address.mailbox = "Wnioski".into(),
        ];
        assert!(same.into_iter().all(|change| key(change) == address.key()));
        assert!(others.into_iter().all(|change| key(change) != address.key()));
    }
}
