//! Mails on their way through a mail server that wants TLS and a sign-in.

use std::io;
use std::sync::{Arc, Mutex};

use crate::common::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openbok_services::testing::TestPortal;
use openbok_services::{MailSecurity, SmtpAddress, Transport};
use openbok_storage::db_test;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const USER: &str = "portal@example.com";
const SECRET: &str = "zażółć-26";

/// What a mail server offers to a client that comes without TLS.
#[derive(Clone, Copy, PartialEq)]
enum Offer {
    StartTls,
    /// TLS from the first byte.
    Tls,
    Nothing,
}

/// What a mail server heard.
#[derive(Default)]
struct Heard {
    /// Lines that anybody on the way could have read.
    in_clear: Vec<String>,
    /// Mails with their recipients.
    mails: Vec<(String, String)>,
}

/// A mail server on this machine with a certificate of its own for the name given.
#[derive(Clone)]
struct MailServer {
    port: u16,
    certificate: String,
    heard: Arc<Mutex<Heard>>,
}

impl MailServer {
    async fn start(offer: Offer, name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, certificate: made.cert.pem(), heard: Arc::default() };
        let clone = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, acceptor) = (clone.clone(), acceptor.clone());
                // A client that breaks off is what some of the tests are about.
                tokio::spawn(async move { server.serve(stream, acceptor, offer).await.ok() });
            }
        });
        server
    }

    async fn serve(&self, stream: TcpStream, acceptor: TlsAcceptor, offer: Offer) -> io::Result<()> {
        if offer == Offer::Tls {
            let mut stream = BufStream::new(acceptor.accept(stream).await?);
            say(&mut stream, "220 mail.example").await?;
            return self.listen(&mut stream, None).await.map(drop);
        }
        let mut clear = BufStream::new(stream);
        say(&mut clear, "220 mail.example").await?;
        if self.listen(&mut clear, Some(offer)).await? {
            let mut stream = BufStream::new(acceptor.accept(clear.into_inner()).await?);
            self.listen(&mut stream, None).await?;
        }
        Ok(())
    }

    /// Answers a client; whether TLS is to begin. `clear` is what it offers to one without TLS.
    async fn listen<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufStream<S>,
        clear: Option<Offer>,
    ) -> io::Result<bool> {
        let (mut is_signed_in, mut recipient) = (false, String::new());
        loop {
            let line = hear(stream).await?;
            if clear.is_some() {
                self.heard.lock().unwrap().in_clear.push(line.clone());
            }
            let word = line.split(' ').next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "EHLO" if clear == Some(Offer::StartTls) => "250-mail.example\r\n250 STARTTLS",
                "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
                "STARTTLS" => {
                    say(stream, "220 begin").await?;
                    return Ok(true);
                }
                "AUTH" => {
                    is_signed_in = line == format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{USER}\0{SECRET}")));
                    if is_signed_in { "235 welcome" } else { "535 wrong user or password" }
                }
                "MAIL" if !is_signed_in => "530 sign in first",
                "RCPT" => {
                    recipient = line;
                    "250 known"
                }
                "DATA" => {
                    say(stream, "354 go on").await?;
                    let mut mail = String::new();
                    loop {
                        match hear(stream).await?.as_str() {
                            "." => break,
                            line => mail = mail + line + "\n",
                        }
                    }
                    self.heard.lock().unwrap().mails.push((recipient.clone(), mail));
                    "250 taken"
                }
                "QUIT" => {
                    say(stream, "221 bye").await?;
                    return Ok(false);
                }
                _ => "250 fine",
            };
            say(stream, answer).await?;
        }
    }

    /// A portal that sends its mails here.
    async fn portal(&self, db: openbok_storage::Db, change: impl FnOnce(&mut SmtpAddress)) -> TestPortal {
        let mut address = SmtpAddress {
            host: "localhost".into(),
            port: self.port,
            security: MailSecurity::StartTls,
            credentials: Some((USER.into(), SECRET.into())),
            authority_pem: Some(self.certificate.clone().into_bytes()),
        };
        change(&mut address);
        let portal = TestPortal::with(db, |parts| parts.transport = Transport::smtp(&address).unwrap()).await;
        import_default(&portal).await;
        portal
    }

    fn mails(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.heard.lock().unwrap().mails)
    }

    /// Fails when anything was said in the clear that is worth hearing.
    fn expect_nothing_in_clear(&self) {
        let heard = self.heard.lock().unwrap();
        let is_harmless = |line: &String| line.starts_with("EHLO ") || line == "STARTTLS" || line == "QUIT";
        assert!(heard.in_clear.iter().all(is_harmless), "{:?}", heard.in_clear);
    }
}

async fn say<S: AsyncWrite + AsyncRead + Unpin>(stream: &mut BufStream<S>, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

/// Causes one mail and lets the worker try to send it; how many mails wait afterwards.
async fn waiting_after_a_mail(portal: &TestPortal) -> i64 {
    portal.services.register_by_contract(&visit(portal), &form(), None).await.unwrap();
    portal.services.run_jobs().await.unwrap();
    let readiness = portal.services.readiness().await.unwrap();
    assert_eq!(readiness.mails_dead, 0);
    readiness.mails_waiting
}

db_test!(r69_a_mail_goes_through_a_server_with_tls_and_a_sign_in, |test| {
    for (offer, security) in [(Offer::StartTls, MailSecurity::StartTls), (Offer::Tls, MailSecurity::Tls)] {
        let server = MailServer::start(offer, "localhost").await;
        let portal = server.portal(test.db.clone(), |address| address.security = security).await;
        assert_eq!(waiting_after_a_mail(&portal).await, 0);
        let [(recipient, mail)] = server.mails().try_into().expect("one mail");
        assert!(recipient.contains("<Lucja@Example.com>"), "{recipient}");
        for header in ["From: ", "Subject: ", "Message-ID: <", "Content-Language: pl", "Auto-Submitted: auto-generated"]
        {
            assert!(mail.lines().any(|line| line.starts_with(header)), "{header} in {mail}");
        }
        server.expect_nothing_in_clear();
    }
});

db_test!(r69_refuses_a_certificate_that_nobody_vouches_for, |test| {
    for (offer, security) in [(Offer::StartTls, MailSecurity::StartTls), (Offer::Tls, MailSecurity::Tls)] {
        let server = MailServer::start(offer, "localhost").await;
        let change = |address: &mut SmtpAddress| (address.security, address.authority_pem) = (security, None);
        assert!(waiting_after_a_mail(&server.portal(test.db.clone(), change).await).await > 0);
        assert_eq!(server.mails(), []);
        server.expect_nothing_in_clear();
    }
});

db_test!(r69_refuses_the_certificate_of_another_host, |test| {
    let server = MailServer::start(Offer::StartTls, "mail.example").await;
    assert_eq!(waiting_after_a_mail(&server.portal(test.db.clone(), |_| {}).await).await, 1);
    assert_eq!(server.mails(), []);
    server.expect_nothing_in_clear();
});

db_test!(r69_sends_nothing_to_a_server_that_has_lost_its_tls, |test| {
    let server = MailServer::start(Offer::Nothing, "localhost").await;
    assert_eq!(waiting_after_a_mail(&server.portal(test.db.clone(), |_| {}).await).await, 1);
    assert_eq!(server.mails(), []);
    server.expect_nothing_in_clear();
});

db_test!(r60_a_wrong_password_for_the_mail_server_loses_no_mail, |test| {
    let server = MailServer::start(Offer::StartTls, "localhost").await;
    let wrong = |address: &mut SmtpAddress| address.credentials = Some((USER.into(), "former".into()));
    assert_eq!(waiting_after_a_mail(&server.portal(test.db.clone(), wrong).await).await, 1);
    assert_eq!(server.mails(), []);
    let later = server.portal(test.db.clone(), |_| {}).await;
    later.clock.advance(std::time::Duration::from_mins(2));
    later.services.run_jobs().await.unwrap();
    assert_eq!(server.mails().len(), 1);
});
