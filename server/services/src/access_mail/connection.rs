//! A conversation with an IMAP server (RFC 3501, IDLE of RFC 2177), reduced to what reading letters takes.
//!
//! The mailbox is examined, not selected: nothing that is done here changes anything there. Server texts and letters never
//! get into a [`Fault`], so a fault may be logged.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::imap_proto::{AttributeValue, Capability, MailboxDatum, RequestId, Response, ResponseCode, Status};
use async_imap::{Authenticator, Client, Session};
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::ImapAddress;
use crate::ServiceError;
use crate::mail::MailSecurity;

/// How long the server may take for one step.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why a mailbox cannot be read at the moment.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("the mail server cannot be reached")]
    Unreachable(#[source] io::Error),
    #[error("the mail server's TLS or certificate is not to be trusted")]
    Tls(#[source] io::Error),
    #[error("the mail server does not begin TLS")]
    NoTls,
    #[error("a connection without TLS would leave this machine")]
    Exposed,
    #[error("the certificate authority is none")]
    Authority,
    #[error("the mail server does not greet")]
    Greeting,
    #[error("the mail server does not accept user and password")]
    SignIn,
    #[error("there is no such mailbox")]
    Mailbox,
    #[error("the mail server refused")]
    Refused,
    #[error("the mail server said something that is not understood")]
    Protocol,
    #[error("the connection was lost")]
    Lost,
    #[error("the mail server did not answer in time")]
    Slow,
    #[error("a letter could not be taken")]
    Intake(#[source] ServiceError),
}

impl Fault {
    /// A short code for logs and counters.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Tls(_) => "tls",
            Self::NoTls => "no tls",
            Self::Exposed => "exposed",
            Self::Authority => "authority",
            Self::Greeting => "greeting",
            Self::SignIn => "sign-in",
            Self::Mailbox => "mailbox",
            Self::Refused => "refused",
            Self::Protocol => "protocol",
            Self::Lost => "lost",
            Self::Slow => "slow",
            Self::Intake(_) => "intake",
        }
    }

    /// Whether the connection is none the worse for it.
    pub(super) const fn leaves_connection(&self) -> bool {
        matches!(self, Self::Refused)
    }

    /// The same, or what the server's refusal means at this step.
    fn unless_refused(self, meaning: Self) -> Self {
        if matches!(self, Self::Refused) { meaning } else { self }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::No(_) | Error::Bad(_) => Self::Refused,
            Error::Io(error) => error.into(),
            Error::ConnectionLost => Self::Lost,
            _ => Self::Protocol,
        }
    }
}

impl From<io::Error> for Fault {
    /// The client reports what it cannot parse as an error of no particular kind, and quotes it there.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::Other { Self::Protocol } else { Self::Lost }
    }
}

/// A connection with TLS or without.
trait Wire: AsyncRead + AsyncWrite + fmt::Debug + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + fmt::Debug + Unpin + Send> Wire for T {}

/// A mailbox that is open.
pub(super) struct Connection {
    session: Session<Box<dyn Wire>>,
    /// Changes with the mailbox's numbering: letters have other numbers then.
    pub(super) uid_validity: u32,
    can_idle: bool,
    /// Whether the server told of letters that were not listed since.
    has_news: bool,
}

impl Connection {
    /// Signs in and opens the mailbox.
    pub(super) async fn open(address: &ImapAddress) -> Result<Self, Fault> {
        let session = within(PATIENCE, sign_in(address)).await?;
        let mut connection = Self { session, uid_validity: 0, can_idle: false, has_news: false };
        let mut can_idle = false;
        connection
            .run("CAPABILITY", |response| {
                if let Response::Capabilities(capabilities) = response {
                    let is_idle = |one: &Capability<'_>| matches!(one, Capability::Atom(name) if name.eq_ignore_ascii_case("IDLE"));
                    can_idle |= capabilities.iter().any(is_idle);
                }
            })
            .await?;
        connection.can_idle = can_idle;
        connection.examine(&address.mailbox).await?;
        Ok(connection)
    }

    async fn examine(&mut self, mailbox: &str) -> Result<(), Fault> {
        let quoted = mailbox.replace('\\', "\\\\").replace('"', "\\\"");
        let mut uid_validity = None;
        self.run(&format!("EXAMINE \"{quoted}\""), |response| {
            if let Response::Data { outcome, .. } = response
                && let Some(ResponseCode::UidValidity(number)) = &outcome.code
            {
                uid_validity = Some(*number);
            }
        })
        .await
        .map_err(|fault| fault.unless_refused(Fault::Mailbox))?;
        self.uid_validity = uid_validity.ok_or(Fault::Mailbox)?;
        Ok(())
    }

    /// The numbers of the letters from this one on, in their order.
    pub(super) async fn uids_from(&mut self, first: u32) -> Result<Vec<u32>, Fault> {
        let had_news = std::mem::take(&mut self.has_news);
        let found = self.search(first).await;
        self.has_news |= had_news && found.is_err();
        found
    }

    /// The numbers of all letters, in their order. What is new among them is still new to [`wait`](Self::wait).
    pub(super) async fn uids(&mut self) -> Result<Vec<u32>, Fault> {
        self.search(1).await
    }

    async fn search(&mut self, first: u32) -> Result<Vec<u32>, Fault> {
        // The server may show what came and went only after it was asked for nothing in particular.
        self.run("NOOP", |_| {}).await?;
        let mut uids = Vec::new();
        self.run(&format!("UID SEARCH UID {first}:*"), |response| {
            if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                uids.extend(found);
            }
        })
        .await?;
        // Where there is none so high, `*` is the highest there is.
        uids.retain(|uid| *uid >= first);
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// The first bytes of a letter; `None` when it is there no longer. A fault may be the letter's: when servers cannot read
    /// one, some refuse, some hang up, some say nothing.
    pub(super) async fn letter(&mut self, uid: u32, max_bytes: u32) -> Result<Option<Vec<u8>>, Fault> {
        let mut letter = None;
        self.run(&format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{max_bytes}>)"), |response| {
            let Response::Fetch(_, attributes) = response else { return };
            let is_asked = attributes.iter().any(|one| matches!(one, AttributeValue::Uid(number) if *number == uid));
            let body = attributes.iter().find_map(|one| match one {
                AttributeValue::BodySection { section: None, data: Some(data), .. } => Some(data.to_vec()),
                _ => None,
            });
            if is_asked && body.is_some() {
                letter = body;
            }
        })
        .await?;
        if letter.is_some() {
            return Ok(letter);
        }
        // A server may leave out what it cannot read just now, as well as what somebody has removed.
        let is_there = self.search(uid).await?.contains(&uid);
        if is_there { Err(Fault::Refused) } else { Ok(None) }
    }

    /// Waits until the server tells of something new, at most so long: `idle` where it does tell, otherwise `poll`.
    pub(super) async fn wait(&mut self, idle: Duration, poll: Duration) -> Result<(), Fault> {
        if self.has_news {
            return Ok(());
        }
        if self.can_idle {
            match self.idle(idle).await {
                Err(Fault::Refused) => self.can_idle = false,
                other => return other,
            }
        }
        tokio::time::sleep(poll).await;
        Ok(())
    }

    async fn idle(&mut self, longest: Duration) -> Result<(), Fault> {
        let Self { session, has_news, .. } = self;
        let tag = within(PATIENCE, async { Ok(session.run_command("IDLE").await?) }).await?;
        let mut is_idling = false;
        let listening = timeout(longest, async {
            while !(is_idling && *has_news) {
                let response = session.read_response().await?.ok_or(Fault::Lost)?;
                match response.parsed() {
                    Response::Continue(_) => is_idling = true,
                    Response::Done { .. } => return Err(Fault::Refused),
                    Response::Data { status: Status::Bye, .. } => return Err(Fault::Lost),
                    other => *has_news |= is_news(other),
                }
            }
            Ok(())
        });
        match listening.await {
            Ok(heard) => heard?,
            Err(_) if is_idling => {}
            Err(_) => return Err(Fault::Slow),
        }
        within(PATIENCE, async {
            session.run_command_untagged("DONE").await?;
            finish(session, &tag, has_news, |_| {}).await
        })
        .await
    }

    /// Runs a command to its end and lets `hear` have every other response meanwhile.
    async fn run(&mut self, command: &str, hear: impl FnMut(&Response<'_>)) -> Result<(), Fault> {
        let Self { session, has_news, .. } = self;
        within(PATIENCE, async {
            let tag = session.run_command(command).await?;
            finish(session, &tag, has_news, hear).await
        })
        .await
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("uid_validity", &self.uid_validity).finish_non_exhaustive()
    }
}

async fn finish(
    session: &mut Session<Box<dyn Wire>>,
    tag: &RequestId,
    has_news: &mut bool,
    mut hear: impl FnMut(&Response<'_>),
) -> Result<(), Fault> {
    loop {
        let response = session.read_response().await?.ok_or(Fault::Lost)?;
        match response.parsed() {
            Response::Done { tag: done, status, .. } if done == tag => {
                return if *status == Status::Ok { Ok(()) } else { Err(Fault::Refused) };
            }
            Response::Data { status: Status::Bye, .. } => return Err(Fault::Lost),
            other => {
                *has_news |= is_news(other);
                hear(other);
            }
        }
    }
}

fn is_news(response: &Response<'_>) -> bool {
    matches!(response, Response::MailboxData(MailboxDatum::Exists(_) | MailboxDatum::Recent(_)))
}

async fn within<T>(longest: Duration, step: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(longest, step).await.unwrap_or(Err(Fault::Slow))
}

async fn sign_in(address: &ImapAddress) -> Result<Session<Box<dyn Wire>>, Fault> {
    let host = address.host.trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, address.port)).await.map_err(Fault::Unreachable)?;
    let client = match address.security {
        MailSecurity::Tls => greeted(encrypted(address, stream).await?).await?,
        MailSecurity::StartTls => {
            let mut clear = greeted(stream).await?;
            let begun = clear.run_command_and_check_ok("STARTTLS", None).await;
            begun.map_err(|error| Fault::from(error).unless_refused(Fault::NoTls))?;
            // Whatever was said in the clear after that is forgotten with the client: it could be anybody's.
            Client::new(encrypted(address, clear.into_inner()).await?)
        }
        MailSecurity::LoopbackOnly => {
            expect_this_machine(stream.peer_addr().map_err(Fault::Unreachable)?)?;
            greeted(Box::new(stream) as Box<dyn Wire>).await?
        }
    };
    let signed_in = client.authenticate("PLAIN", Plain(address)).await;
    signed_in.map_err(|(error, _)| Fault::from(error).unless_refused(Fault::SignIn))
}

/// A host's name is looked up anew each time, so what it led to when the settings were read does not matter.
fn expect_this_machine(peer: SocketAddr) -> Result<(), Fault> {
    if peer.ip().to_canonical().is_loopback() { Ok(()) } else { Err(Fault::Exposed) }
}

async fn greeted<S: Wire>(stream: S) -> Result<Client<S>, Fault> {
    let mut client = Client::new(stream);
    let greeting = client.read_response().await?.ok_or(Fault::Lost)?;
    let is_welcome = matches!(greeting.parsed(), Response::Data { status: Status::Ok, .. });
    if is_welcome { Ok(client) } else { Err(Fault::Greeting) }
}

async fn encrypted(address: &ImapAddress, stream: TcpStream) -> Result<Box<dyn Wire>, Fault> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(address.authority_pem.as_deref().unwrap_or_default()) {
        roots.add(certificate.map_err(|_| Fault::Authority)?).map_err(|_| Fault::Authority)?;
    }
    let refused = |error| Fault::Tls(io::Error::other(error));
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = address.host.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|error| Fault::Tls(io::Error::other(error)))?;
    Ok(Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(Fault::Tls)?))
}

/// User and password in one answer (RFC 4616): unlike LOGIN, in any letters.
struct Plain<'a>(&'a ImapAddress);

impl Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        format!("\0{}\0{}", self.0.user, self.0.password.expose_secret())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::TcpListener;

    /// A server with one letter that it does not give out; while it is asked for it, a second one comes.
    async fn reluctant_server() -> ImapAddress {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let mut stream = BufReader::new(listener.accept().await.unwrap().0);
            stream.write_all(b"* OK ready\r\n").await.unwrap();
            let (mut line, mut tag) = (String::new(), String::new());
            while stream.read_line(&mut line).await.unwrap() > 0 {
                let said = std::mem::take(&mut line);
                // User and password are one word.
                let (first, command) = said.trim_end().split_once(' ').unwrap_or((&tag, ""));
                let command = command.to_owned();
                tag = first.to_owned();
                let before = match command.split(' ').take(2).collect::<Vec<_>>()[..] {
                    ["AUTHENTICATE", ..] => {
                        stream.write_all(b"+ \r\n").await.unwrap();
                        continue;
                    }
                    ["CAPABILITY"] => "* CAPABILITY IMAP4rev1\r\n",
                    ["EXAMINE", ..] => "* OK [UIDVALIDITY 7] valid\r\n",
                    ["UID", "SEARCH"] => "* SEARCH 1\r\n",
                    ["UID", "FETCH"] => "* 2 EXISTS\r\n",
                    _ => "",
                };
                stream.write_all(format!("{before}{tag} OK done\r\n").as_bytes()).await.unwrap();
            }
        });
        ImapAddress {
            host: "127.0.0.1".into(),
            port,
            security: MailSecurity::LoopbackOnly,
            user: "u".into(),
            password: "p".into(),
            mailbox: "INBOX".into(),
            authority_pem: None,
        }
    }

    #[tokio::test]
    async fn news_that_come_while_a_letter_is_refused_are_not_forgotten() {
        let mut connection = Connection::open(&reluctant_server().await).await.unwrap();
        assert_eq!(connection.uids_from(1).await.unwrap(), [1]);
        assert!(matches!(connection.letter(1, 100).await, Err(Fault::Refused)));
        let waiting = connection.wait(PATIENCE, PATIENCE);
        timeout(Duration::from_secs(5), waiting).await.expect("there are news").unwrap();
    }

    #[test]
    fn r69_sends_no_password_to_another_machine_without_tls() {
        for (peer, is_here) in [
            ("127.0.0.1:143", true),
            ("127.8.0.1:143", true),
            ("[::1]:143", true),
            ("[::ffff:127.0.0.1]:143", true),
            ("10.0.0.1:143", false),
            ("0.0.0.0:143", false),
            ("[::ffff:10.0.0.1]:143", false),
            ("[fe80::1]:143", false),
        ] {
            assert_eq!(expect_this_machine(peer.parse().unwrap()).is_ok(), is_here, "{peer}");
        }
    }

    #[test]
    fn never_quotes_the_server_in_a_fault() {
        let quoted = "\"hunter2\" during parsing";
        let errors = [
            Error::No(quoted.into()),
            Error::Bad(quoted.into()),
            Error::Io(io::Error::other(quoted)),
            Error::Io(io::Error::new(io::ErrorKind::UnexpectedEof, quoted)),
            Error::Parse(async_imap::error::ParseError::Unexpected(quoted.into())),
        ];
        for error in errors {
            let fault = Fault::from(error);
            assert!(!format!("{fault:?} {}", crate::jobs::chain(&fault)).contains("hunter2"), "{}", fault.code());
        }
    }
}
