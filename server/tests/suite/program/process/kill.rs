//! R62: a process that is killed without warning loses nothing it has acknowledged and leaves nothing half done.
//!
//! `OPENBOK_KILL_ROUNDS` (3) is how often; `cargo xtask soak` asks for many.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use openbok_services::{demo_data, testing};

use super::{Server, Visitor, mails, program, rows};

/// Customers who register before one kill; more than the server can serve until then.
const CUSTOMERS_A_ROUND: usize = 400;

fn rounds() -> usize {
    std::env::var("OPENBOK_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// Moments that differ from round to round and are the same in every run.
fn moment(round: usize, longest: u64) -> Duration {
    Duration::from_millis(20 + (round as u64 * 2_654_435_761) % longest)
}

fn delivery(folder: &Path, customers: usize) -> PathBuf {
    let crm = folder.join("crm");
    demo_data::bulk(&testing::operator("mojbok"), &crm, customers as u64).unwrap();
    crm
}

fn import(folder: &Path, crm: &Path) {
    let output = program(folder).args(["import", "--operator", "mojbok", crm.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn r62_no_acknowledged_registration_is_lost_when_the_server_is_killed() {
    let folder = crate::program::deployment();
    let folder = folder.path();
    let rounds = rounds();
    let crm = delivery(folder, rounds * CUSTOMERS_A_ROUND);
    import(folder, &crm);
    // The first of several contracts counts.
    let mut contracts: HashMap<_, _> = rows(&crm.join("contracts.csv"))
        .into_iter()
        .rev()
        .map(|mut contract| (contract.remove("customer_number"), contract.remove("contract_number")))
        .collect();
    let customers: Vec<_> = rows(&crm.join("customers.csv"))
        .into_iter()
        .filter(|customer| !customer["pesel"].is_empty())
        .filter_map(|mut customer| {
            let contract = contracts.remove(&customer.remove("customer_number"))??;
            Some((customer.remove("pesel")?, contract))
        })
        .collect();

    let next = AtomicUsize::new(0);
    let acknowledged = Mutex::new(Vec::new());
    for round in 0..rounds {
        let server = Server::start(folder);
        let port = server.port;
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::SeqCst);
                        let Some((pesel, contract)) = customers.get(number) else { return };
                        let email = format!("k{number}@example.com");
                        let mut visitor = Visitor::new(port, number);
                        // Without an answer the server is gone, and nothing was promised.
                        let Some(answer) =
                            visitor.register(pesel, contract, &format!("login{number}"), &email, "600700800")
                        else {
                            return;
                        };
                        assert_eq!(answer.location.as_deref(), Some("/register/done"), "{}", answer.body);
                        acknowledged.lock().unwrap().push(email);
                    }
                });
            }
            thread::sleep(moment(round, 700));
            server.kill();
        });
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= rounds, "too few registrations to say anything: {}", acknowledged.len());

    let server = Server::start(folder);
    // Leases of mails that were under way when the server died run out after two minutes.
    let mut sent = HashMap::new();
    for _ in 0..240 {
        sent = letters(&mails(folder));
        if acknowledged.iter().all(|email| sent.contains_key(email)) {
            break;
        }
        thread::sleep(Duration::from_secs(1));
    }
    let lost: Vec<_> = acknowledged.iter().filter(|email| !sent.contains_key(*email)).collect();
    assert!(lost.is_empty(), "no mail for {lost:?}");
    let twice = acknowledged.iter().map(|email| sent[email] - 1).sum::<usize>();
    assert!(twice <= 4 * rounds, "{twice} mails went out twice after {rounds} kills");

    // Whoever got no answer tries again, and is neither refused nor stuck half way.
    for (number, (pesel, contract)) in customers.iter().enumerate().take(next.load(Ordering::SeqCst)) {
        let email = format!("k{number}@example.com");
        let mut visitor = Visitor::new(server.port, 1 << 20 | number);
        let answer = visitor.register(pesel, contract, &format!("login{number}"), &email, "600700800").unwrap();
        assert_eq!(answer.location.as_deref(), Some("/register/done"), "{}", answer.body);
    }
    drop(server);
    let verified = program(folder).args(["audit", "verify"]).status().unwrap();
    assert!(verified.success(), "the audit chain is whole");
}

/// How many of the mails each address got. One without an address is just being written, or the server died writing it.
fn letters(mails: &[String]) -> HashMap<String, usize> {
    let mut letters = HashMap::new();
    let address = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("To: ")).map(str::to_owned);
    for address in mails.iter().filter_map(address) {
        *letters.entry(address).or_default() += 1;
    }
    letters
}

#[test]
fn r62_an_import_that_was_killed_has_written_whole_rows_and_can_be_repeated() {
    let whole = crate::program::deployment();
    let crm = delivery(whole.path(), 2_000);
    import(whole.path(), &crm);
    let expected = export(whole.path());

    let folder = crate::program::deployment();
    for round in 0..rounds() {
        let mut child = program(folder.path())
            .args(["import", "--operator", "mojbok", crm.to_str().unwrap()])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(moment(round, 400));
        child.kill().unwrap();
        child.wait().unwrap();
        for (name, lines) in export(folder.path()) {
            let known = &expected.iter().find(|(other, _)| *other == name).unwrap().1;
            let strange = lines.iter().find(|line| known.binary_search(line).is_err());
            assert_eq!(strange, None, "{name} after the kill of round {round}");
        }
    }
    import(folder.path(), &crm);
    assert_eq!(export(folder.path()), expected);
}

/// Everything the database knows, as sorted lines by file.
fn export(folder: &Path) -> Vec<(String, Vec<String>)> {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().join("out");
    let output = program(folder).args(["export", "--operator", "mojbok", place.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files: Vec<_> = std::fs::read_dir(&place)
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            (file.file_name().to_string_lossy().into_owned(), lines)
        })
        .collect();
    files.sort();
    files
}
