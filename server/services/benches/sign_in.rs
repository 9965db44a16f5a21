//! Measures whether the time of a refused sign-in tells if its login exists: the same wrong password with a known and an
//! invented login in turn, at the full cost of hashing. Such a difference belongs into no test of the suite, whose machine
//! has other things to do.
//!
//! `OPENBOK_BENCH_PAIRS` (2,000) is how many pairs are compared.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[expect(dead_code, reason = "tests need more of it")]
#[path = "../tests/suite/common.rs"]
mod common;

use std::time::Duration;

use common::{PESEL, enrol, form, import_default, is_bad_credentials, sign_in, visit, visit_of};
use openbok_services::testing::TestPortal;
use openbok_services::{Entropy, Passwords};
use openbok_storage::testing;
use tokio::time::Instant;

const WRONG: &str = "Nie-to-hasło-1";

fn main() {
    // `cargo test` runs benches too, to see that they start; that would be a long wait for nothing.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(run());
}

async fn run() {
    let pairs = std::env::var("OPENBOK_BENCH_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let test = testing::sqlite().await;
    let passwords = Passwords::new(1, &Entropy::system());
    let portal = TestPortal::with(test.db.clone(), |parts| parts.passwords = passwords.clone()).await;
    import_default(&portal).await;
    enrol(&portal, visit(&portal), &form()).await;
    let stranger = visit_of(&portal, "mojbok", 9);

    let (mut known, mut invented, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..pairs {
        // Each finds the other's place in the order every second time.
        let logins = if number % 2 == 0 { [PESEL, "nikt"] } else { ["nikt", PESEL] };
        for login in logins {
            let started = Instant::now();
            let outcome = sign_in(&portal, &stranger, login, WRONG).await;
            let took = started.elapsed();
            assert!(is_bad_credentials(&outcome));
            if login == PESEL { &mut known } else { &mut invented }.push(took);
        }
        let started = Instant::now();
        passwords.hash(&Entropy::system(), WRONG).await.unwrap();
        hashes.push(started.elapsed());
        // Nobody gets as far as being locked, asked for a proof or slowed down.
        for table in ["lanes", "source_failures", "limits"] {
            test.run(&format!("DELETE FROM {table}")).await.unwrap();
        }
    }
    let (known, invented, hash) = (median(known), median(invented), median(hashes));
    let difference = known.abs_diff(invented);
    println!("refused sign-in, known login, median of {pairs}            {:>9.3} ms", ms(known));
    println!("refused sign-in, invented login, median of {pairs}         {:>9.3} ms", ms(invented));
    println!(
        "their difference, as a share of one hash ({:.3} ms)       {:>9.2} %",
        ms(hash),
        100.0 * difference.as_secs_f64() / hash.as_secs_f64()
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
