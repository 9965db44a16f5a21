//! Requests for access from a real mailbox: each letter once, whatever happens to server, connection or portal.

use std::collections::HashSet;
use std::future::ready;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::dovecot::{Abilities, Dovecot};
use openbok_domain::{EmailAddress, Lang, OperatorSlug};
use openbok_services::ServiceError;
use openbok_services::access_mail::{
    Fingerprint, FoundRequest, ImapAddress, Intake, Letter, MailboxReader, Pace, Progress,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits to see that nothing comes.
const QUIET: Duration = Duration::from_millis(700);

const PACE: Pace = Pace {
    poll: Duration::from_millis(100),
    // Longer than any test: what arrives meanwhile, the server told of.
    idle: Duration::from_mins(5),
    first_retry: Duration::from_millis(50),
    longest_retry: Duration::from_millis(200),
    patience: Duration::from_secs(3),
};

/// The storage of a portal as far as it matters here: one transaction is one lock.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Rows>>);

#[derive(Default)]
struct Rows {
    progress: Option<Progress>,
    requests: Vec<FoundRequest>,
    fingerprints: HashSet<Fingerprint>,
    /// Letters handed over, ignored ones and known ones included.
    calls: usize,
    /// How many of the next transactions fail.
    failures: usize,
}

impl Intake for Kept {
    fn progress(&self) -> impl Future<Output = Result<Option<Progress>, ServiceError>> + Send {
        ready(Ok(self.0.lock().unwrap().progress))
    }

    fn take(&self, progress: Progress, letter: Letter) -> impl Future<Output = Result<(), ServiceError>> + Send {
        ready(self.0.lock().unwrap().take(progress, letter))
    }
}

impl Rows {
    fn take(&mut self, progress: Progress, letter: Letter) -> Result<(), ServiceError> {
        self.calls += 1;
        if self.failures > 0 {
            self.failures -= 1;
            return Err(io::Error::other("the disk is full").into());
        }
        if let Letter::Request(request) = letter
            && self.fingerprints.insert(request.fingerprint)
        {
            self.requests.push(*request);
        }
        self.progress = Some(progress);
        Ok(())
    }
}

impl Kept {
    fn companies(&self) -> Vec<String> {
        self.0.lock().unwrap().requests.iter().map(|request| request.company.clone().unwrap_or_default()).collect()
    }

    fn calls(&self) -> usize {
        self.0.lock().unwrap().calls
    }

    fn fail(&self, times: usize) {
        self.0.lock().unwrap().failures = times;
    }

    async fn expect(&self, companies: &[&str]) {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if self.companies() == companies {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(self.companies(), companies, "after {PATIENCE:?}");
    }

    /// Fails when anything more is taken than these.
    async fn expect_only(&self, companies: &[&str]) {
        self.expect(companies).await;
        tokio::time::sleep(QUIET).await;
        assert_eq!(self.companies(), companies);
    }
}

/// A reader at work.
struct Reading {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Reading {
    fn start(address: ImapAddress, kept: &Kept) -> Self {
        Self::start_at(PACE, address, kept)
    }

    fn start_at(pace: Pace, address: ImapAddress, kept: &Kept) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let own = EmailAddress::parse("portal@pgb.example").unwrap();
        let reader = MailboxReader::new("pgb".parse::<OperatorSlug>().unwrap(), address, own, Lang::Pl, pace);
        let kept = kept.clone();
        let task = tokio::spawn(async move { reader.run(&kept, async { drop(stopped.await) }).await });
        Self { task, stop }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(1), self.task).await.expect("stops at once").unwrap();
    }

    /// As if the power went: nothing gets a chance to finish.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

fn letter(company: &str) -> Vec<u8> {
    format!(
        "From: Ewa <ewa@wiatrak.example>\r\nMessage-ID: <{company}@wiatrak.example>\r\nSubject: Dostep\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nFirma: {company}\r\ntel. 600 700 800\r\n"
    )
    .into_bytes()
}

/// A letter without anything that tells it from another like it but its bytes.
fn anonymous_letter(company: &str) -> Vec<u8> {
    format!("From: ewa@wiatrak.example\r\nSubject: Dostep\r\n\r\nFirma: {company}\r\n").into_bytes()
}

#[tokio::test]
async fn takes_old_letters_first_and_new_ones_as_the_server_tells_of_them() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(&letter("Jeden"));
    server.deliver(&anonymous_letter("Dwa"));
    let reading = Reading::start(server.plain(), &kept);
    kept.expect(&["Jeden", "Dwa"]).await;
    server.deliver(&letter("Trzy"));
    kept.expect(&["Jeden", "Dwa", "Trzy"]).await;
    server.deliver(&letter("Cztery"));
    server.deliver(&letter("Pięć"));
    kept.expect_only(&["Jeden", "Dwa", "Trzy", "Cztery", "Pięć"]).await;
    assert_eq!(kept.calls(), 5);
    reading.stop().await;
    assert_eq!(server.letters(), (5, 0), "the mailbox is as it was, nothing is marked as seen");
}

#[tokio::test]
async fn asks_a_server_that_does_not_tell_of_new_letters() {
    let (mut server, kept) = (Dovecot::start(Abilities::NoIdle), Kept::default());
    let reading = Reading::start(server.plain(), &kept);
    server.deliver(&letter("Jeden"));
    kept.expect(&["Jeden"]).await;
    server.deliver(&letter("Dwa"));
    kept.expect_only(&["Jeden", "Dwa"]).await;
    assert_eq!((kept.calls(), server.sign_ins()), (2, 1));
    reading.stop().await;
}

#[tokio::test]
async fn listens_anew_from_time_to_time_over_the_same_connection() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    let pace = Pace { idle: Duration::from_millis(50), ..PACE };
    let reading = Reading::start_at(pace, server.plain(), &kept);
    for companies in [&["Jeden"][..], &["Jeden", "Dwa"], &["Jeden", "Dwa", "Trzy"]] {
        tokio::time::sleep(QUIET).await;
        server.deliver(&letter(companies.last().unwrap()));
        kept.expect(companies).await;
    }
    assert_eq!((kept.calls(), server.sign_ins()), (3, 1));
    reading.stop().await;
}

#[tokio::test]
async fn goes_on_where_it_stopped() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(&letter("Jeden"));
    let reading = Reading::start(server.plain(), &kept);
    kept.expect(&["Jeden"]).await;
    reading.stop().await;
    server.deliver(&letter("Dwa"));
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["Jeden", "Dwa"]).await;
    assert_eq!(kept.calls(), 2);
    reading.stop().await;
}

#[tokio::test]
async fn comes_back_when_the_mail_server_does() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    let reading = Reading::start(server.plain(), &kept);
    server.deliver(&letter("Jeden"));
    kept.expect(&["Jeden"]).await;
    server.stop();
    server.deliver(&letter("Dwa"));
    tokio::time::sleep(QUIET).await;
    server.restart();
    kept.expect(&["Jeden", "Dwa"]).await;
    server.restart();
    server.deliver(&letter("Trzy"));
    kept.expect_only(&["Jeden", "Dwa", "Trzy"]).await;
    assert_eq!(kept.calls(), 3);
    reading.stop().await;
}

#[tokio::test]
async fn takes_nothing_twice_when_the_server_numbers_its_letters_anew() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(&letter("Jeden"));
    server.deliver(&anonymous_letter("Dwa"));
    let reading = Reading::start(server.plain(), &kept);
    kept.expect(&["Jeden", "Dwa"]).await;
    let before = kept.0.lock().unwrap().progress.unwrap();
    server.renumber();
    server.deliver(&letter("Trzy"));
    kept.expect_only(&["Jeden", "Dwa", "Trzy"]).await;
    let after = kept.0.lock().unwrap().progress.unwrap();
    assert_ne!(before.uid_validity, after.uid_validity);
    assert_eq!(kept.calls(), 5, "all letters were shown to the intake again");
    reading.stop().await;
}

#[tokio::test]
async fn a_letter_that_could_not_be_taken_comes_again_before_those_after_it() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    for company in ["Jeden", "Dwa", "Trzy"] {
        server.deliver(&letter(company));
    }
    kept.fail(2);
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["Jeden", "Dwa", "Trzy"]).await;
    assert_eq!(kept.calls(), 5);
    reading.stop().await;
}

#[tokio::test]
async fn loses_nothing_and_takes_nothing_twice_however_often_the_portal_dies() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    let names: Vec<String> = (0..60).map(|number| format!("Nr {number}")).collect();
    for (number, name) in names.iter().enumerate() {
        server.deliver(&letter(name));
        if number % 3 == 0 {
            let reading = Reading::start(server.plain(), &kept);
            tokio::time::sleep(Duration::from_millis(5 * u64::try_from(number).unwrap())).await;
            reading.kill().await;
        }
    }
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(kept.calls(), names.len());
    reading.stop().await;
}

#[tokio::test]
async fn two_portals_on_one_mailbox_take_each_letter_once() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    let readings = [Reading::start(server.plain(), &kept), Reading::start(server.tls(), &kept)];
    let mut names: Vec<String> = (0..20).map(|number| format!("Nr {number:02}")).collect();
    for name in &names {
        server.deliver(&letter(name));
    }
    for _ in 0..PATIENCE.as_millis() / 20 {
        if kept.companies().len() == names.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(QUIET).await;
    let mut taken = kept.companies();
    taken.sort_unstable();
    names.sort_unstable();
    assert_eq!(taken, names);
    for reading in readings {
        reading.stop().await;
    }
}

#[tokio::test]
async fn ignores_automatic_letters_and_does_not_look_at_them_again() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(&[b"Auto-Submitted: auto-replied\r\n", &letter("Urlop")[..]].concat());
    server.deliver(&[b"Return-Path: <>\r\n", &letter("Zwrot")[..]].concat());
    server.deliver(b"From: Portal <portal@pgb.example>\r\nSubject: x\r\n\r\nFirma: Obieg\r\n");
    server.deliver(&letter("Jeden"));
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["Jeden"]).await;
    reading.stop().await;
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["Jeden"]).await;
    assert_eq!(kept.calls(), 4);
    reading.stop().await;
}

#[tokio::test]
async fn what_cannot_be_understood_becomes_a_request_to_be_completed_by_hand() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(b"\xFF\xFE\0nothing like a letter");
    server.deliver(b"");
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["", ""]).await;
    assert!(kept.0.lock().unwrap().requests.iter().all(|request| request.email.is_none()));
    reading.stop().await;
}

#[tokio::test]
async fn reads_only_the_beginning_of_a_letter_that_is_too_long() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    let body = format!(
        "From: ewa@wiatrak.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nFirma: Jeden\r\n--b\r\n\
         Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--b--\r\n",
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\r\n".repeat(100_000)
    );
    server.deliver(body.as_bytes());
    server.deliver(&letter("Dwa"));
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["Jeden", "Dwa"]).await;
    let cut: Vec<bool> = kept.0.lock().unwrap().requests.iter().map(|request| request.is_cut).collect();
    assert_eq!(cut, [true, false]);
    reading.stop().await;
}

#[tokio::test]
async fn a_letter_that_the_server_cannot_give_out_does_not_hold_up_the_others() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    for company in ["Jeden", "Zepsuty", "Trzy"] {
        server.deliver(&letter(company));
    }
    server.lock("Zepsuty", true);
    let reading = Reading::start(server.plain(), &kept);
    kept.expect(&["Jeden", "Trzy"]).await;
    server.deliver(&letter("Cztery"));
    kept.expect_only(&["Jeden", "Trzy", "Cztery", ""]).await;
    server.lock("Zepsuty", false);
    server.deliver(&letter("Pięć"));
    kept.expect_only(&["Jeden", "Trzy", "Cztery", "", "Pięć"]).await;
    assert_eq!(kept.calls(), 5, "what was given up is not asked for again");
    let note = kept.0.lock().unwrap().requests[3].text.clone();
    for told in ["nie udało się odczytać", "skrzynce pgb@pgb.example", "folder INBOX", "(UID) 2,"] {
        assert!(note.contains(told), "staff learns where the letter is: {note}");
    }
    reading.stop().await;
}

#[tokio::test]
async fn no_letter_is_given_up_while_the_server_gives_out_none() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(&letter("Jeden"));
    let pace = Pace { patience: Duration::from_millis(300), ..PACE };
    let reading = Reading::start_at(pace, server.plain(), &kept);
    kept.expect(&["Jeden"]).await;
    reading.stop().await;
    server.deliver(&letter("Dwa"));
    server.deliver(&letter("Trzy"));
    server.lock("", true);
    let reading = Reading::start_at(pace, server.plain(), &kept);
    tokio::time::sleep(10 * pace.patience).await;
    kept.expect(&["Jeden"]).await;
    server.lock("", false);
    kept.expect_only(&["Jeden", "Dwa", "Trzy"]).await;
    reading.stop().await;
}

#[tokio::test]
async fn the_only_new_letter_is_given_up_when_old_ones_can_still_be_read() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    server.deliver(&letter("Jeden"));
    server.deliver(&letter("Zepsuty"));
    server.lock("Zepsuty", true);
    let pace = Pace { patience: Duration::from_millis(300), ..PACE };
    let reading = Reading::start_at(pace, server.plain(), &kept);
    kept.expect_only(&["Jeden", ""]).await;
    reading.stop().await;
}

#[tokio::test]
async fn a_letter_that_the_server_gives_out_after_all_is_taken_though_others_came_first() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    for company in ["Jeden", "Zepsuty", "Trzy"] {
        server.deliver(&letter(company));
    }
    server.lock("Zepsuty", true);
    let pace = Pace { patience: Duration::from_hours(1), ..PACE };
    let reading = Reading::start_at(pace, server.plain(), &kept);
    kept.expect_only(&["Jeden", "Trzy"]).await;
    reading.kill().await;
    server.lock("Zepsuty", false);
    let reading = Reading::start_at(pace, server.plain(), &kept);
    kept.expect(&["Jeden", "Trzy", "Zepsuty"]).await;
    server.deliver(&letter("Cztery"));
    kept.expect_only(&["Jeden", "Trzy", "Zepsuty", "Cztery"]).await;
    reading.stop().await;
}

#[tokio::test]
async fn a_letter_that_somebody_removed_is_no_reason_to_stop() {
    let (mut server, kept) = (Dovecot::start(Abilities::All), Kept::default());
    for company in ["Jeden", "Usunięty", "Trzy"] {
        server.deliver(&letter(company));
    }
    kept.fail(1);
    server.remove("Usunięty");
    let reading = Reading::start(server.plain(), &kept);
    kept.expect_only(&["Jeden", "Trzy"]).await;
    reading.stop().await;
}

#[tokio::test]
async fn r69_signs_in_over_tls_from_the_first_byte_or_begun_by_starttls() {
    let mut server = Dovecot::start(Abilities::All);
    server.deliver(&letter("Jeden"));
    for address in [server.tls(), server.starttls()] {
        let kept = Kept::default();
        let reading = Reading::start(address, &kept);
        kept.expect(&["Jeden"]).await;
        reading.stop().await;
    }
}

#[tokio::test]
async fn r69_reads_nothing_without_a_certificate_that_is_vouched_for_or_a_password_that_is_right() {
    let mut server = Dovecot::start(Abilities::All);
    server.deliver(&letter("Jeden"));
    let changes: [fn(&mut ImapAddress); 5] = [
        |address| address.authority_pem = None,
        |address| address.host = "127.0.0.1".into(),
        |address| {
            address.authority_pem = Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".into());
        },
        |address| address.password = "inne".into(),
        |address| address.mailbox = "Nie ma".into(),
    ];
    for address in [server.tls(), server.starttls()] {
        for change in changes {
            let mut address = address.clone();
            change(&mut address);
            let kept = Kept::default();
            let reading = Reading::start(address, &kept);
            tokio::time::sleep(QUIET).await;
            assert_eq!(kept.calls(), 0);
            reading.stop().await;
        }
    }
}
