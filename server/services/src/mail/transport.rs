//! Ways for a mail to leave: SMTP, a folder, the demo's mailbox, a list in memory for tests.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters, TlsVersion};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use openbok_domain::MailId;

use super::MailMessage;
use crate::files::make_private_folder;

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// What servers answer when a sign-in is missing, too weak, wrong or unencrypted (RFC 4954, 6).
const SIGN_IN_REFUSED: [u16; 4] = [530, 534, 535, 538];

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum Transport {
    /// A mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// A folder of `.eml` files.
    Folder(PathBuf),
    /// The demo's mailbox in the database.
    Mailbox,
    /// A list, for tests.
    Memory(Arc<Mutex<Vec<MailMessage>>>),
}

/// Address of a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpAddress {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Security of the connection.
    pub security: MailSecurity,
    /// User and password.
    pub credentials: Option<(String, String)>,
    /// A certificate authority to trust beside the public ones, in PEM.
    pub authority_pem: Option<Vec<u8>>,
}

impl std::fmt::Debug for SmtpAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpAddress").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// Security of the connection to a mail server. There is no falling back from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS begun by STARTTLS, without which nothing is sent.
    StartTls,
    /// None: only to a server on this machine.
    LoopbackOnly,
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The address of the recipient or the sender is not one that mail can carry.
    #[error("the mail has an address that cannot be written")]
    Address(#[from] lettre::address::AddressError),
    /// The mail could not be put together.
    #[error("the mail could not be put together")]
    Message(#[from] lettre::error::Error),
    /// The mail server refused or did not answer.
    #[error("the mail server refused or did not answer")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The folder could not be written.
    #[error("the mail folder could not be written")]
    Folder(#[from] io::Error),
}

impl TransportError {
    /// Whether trying again is useless: the server said no to this mail for good, or the mail itself is broken. A server
    /// that does not accept the portal's own sign-in says nothing about the mail.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Address(_) | Self::Message(_) => true,
            Self::Smtp(error) => {
                error.is_permanent() && error.status().is_none_or(|code| !SIGN_IN_REFUSED.contains(&u16::from(code)))
            }
            Self::Folder(_) => false,
        }
    }

    /// A short code for records, without addresses or server texts.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Address(_) => "address".to_owned(),
            Self::Message(_) => "message".to_owned(),
            Self::Smtp(error) => {
                error.status().map_or_else(|| "connection".to_owned(), |status| format!("smtp {status}"))
            }
            Self::Folder(_) => "folder".to_owned(),
        }
    }
}

impl Transport {
    /// Sends through a mail server, keeping a few connections open.
    pub fn smtp(address: &SmtpAddress) -> Result<Self, TransportError> {
        let tls = || {
            let mut parameters = TlsParameters::builder(address.host.clone()).set_min_tls_version(TlsVersion::Tlsv12);
            if let Some(pem) = &address.authority_pem {
                parameters = parameters.add_root_certificate(Certificate::from_pem(pem)?);
            }
            parameters.build()
        };
        let security = match address.security {
            MailSecurity::Tls => Tls::Wrapper(tls()?),
            MailSecurity::StartTls => Tls::Required(tls()?),
            MailSecurity::LoopbackOnly => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.host.clone())
            .port(address.port)
            .tls(security)
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(4));
        if let Some((user, password)) = &address.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self::Smtp(builder.build()))
    }

    /// Writes mails into a folder, which is made if it is missing. Nobody but its owner can read them.
    #[must_use]
    pub fn folder(path: PathBuf) -> Self {
        // Where that fails, the first mail says so.
        let _ = make_private_folder(&path);
        Self::Folder(path)
    }

    /// Keeps mails in a list.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Takes the mails a test has caused so far.
    #[must_use]
    pub fn take(&self) -> Vec<MailMessage> {
        match self {
            Self::Memory(list) => std::mem::take(&mut list.lock().unwrap_or_else(PoisonError::into_inner)),
            Self::Smtp(_) | Self::Folder(_) | Self::Mailbox => Vec::new(),
        }
    }

    /// Lets one mail leave. The id makes its Message-ID, so that a mail sent twice is recognised.
    pub(crate) async fn deliver(&self, from: &str, id: MailId, message: &MailMessage) -> Result<(), TransportError> {
        match self {
            Self::Smtp(server) => drop(server.send(compose(from, id, message)?).await?),
            Self::Folder(folder) => {
                let (file, mail) = (folder.join(format!("{id}.eml")), compose(from, id, message)?.formatted());
                tokio::task::spawn_blocking(move || write(&file, &mail)).await.map_err(io::Error::other)??;
            }
            Self::Memory(list) => list.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone()),
            // The worker keeps it: it has the database.
            Self::Mailbox => {}
        }
        Ok(())
    }
}

/// Writes a mail, over what an attempt to send it has left.
fn write(file: &Path, mail: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?.write_all(mail)
}

fn compose(from: &str, id: MailId, message: &MailMessage) -> Result<Message, TransportError> {
    let sender: Address = from.parse()?;
    let message_id = format!("<{id}@{}>", sender.domain());
    let language = HeaderValue::new(HeaderName::new_from_ascii_str("Content-Language"), message.lang.code().to_owned());
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Ok(Message::builder()
        .from(Mailbox::new(Some(message.from_name.clone()), sender))
        .to(Mailbox::new(None, message.to.parse()?))
        .subject(message.subject.clone())
        .message_id(Some(message_id))
        .raw_header(language)
        .raw_header(automatic)
        .multipart(
            MultiPart::alternative()
                .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone()))
                .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(message.html.clone())),
        )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::Lang;

    fn message() -> MailMessage {
        MailMessage {
            kind: "activation".to_owned(),
            from_name: "Polana Energia".to_owned(),
            to: "jan@example.com".to_owned(),
            subject: "Aktywacja".to_owned(),
            text: "Dzień dobry".to_owned(),
            html: "<p>Dzień dobry</p>".to_owned(),
            lang: Lang::Pl,
        }
    }

    #[tokio::test]
    async fn writes_a_mail_for_nobody_else_to_read_and_once_however_often_it_is_sent() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mails = folder.path().join("mails");
        let transport = Transport::folder(mails.clone());
        for _ in 0..2 {
            transport.deliver("bok@example.com", MailId::from(uuid::Uuid::from_u128(7)), &message()).await.unwrap();
        }
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let files: Vec<_> = std::fs::read_dir(&mails).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!((files.len(), mode(&mails), mode(&files[0])), (1, 0o700, 0o600));
        assert!(std::fs::read_to_string(&files[0]).unwrap().contains("Subject: Aktywacja"));
    }

    #[test]
    fn r61_no_field_of_a_letter_can_smuggle_a_header_in() {
        let id = MailId::from(uuid::Uuid::from_u128(7));
        let evil = "x\r\nBcc: eve@example.com\r\n\r\nbody";
        let mail = MailMessage { subject: evil.to_owned(), ..message() };
        let sent = String::from_utf8(compose("bok@example.com", id, &mail).unwrap().formatted()).unwrap();
        assert!(!sent.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{sent}");
        let to = MailMessage { to: "jan@example.com\r\nBcc: eve@example.com".to_owned(), ..message() };
        assert!(compose("bok@example.com", id, &to).is_err());
    }
}
