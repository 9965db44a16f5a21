//! Everything that must pass.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::console::{Done, Failure, step};
use crate::lint::SERVER_SIDE;
use crate::machine::{Machine, run};
use crate::portal::Portal;
use crate::report::{Counts, Report};
use crate::setup::{self, Scope};
use crate::{lint, portal, postgres};

pub fn everything(machine: &mut Machine) -> Done {
    let mut report = Report::default();
    report.note("set-up", || setup::provide(machine, Scope::Everything));
    if report.has_failed() {
        return report.close();
    }
    let machine = &*machine;
    // The compiler is busy with one crate for minutes here and there, which leaves the other core to this.
    thread::scope(|scope| {
        scope.spawn(|| portal::build_site_ahead(machine));
        lint::note_all(machine, &mut report);
    });
    report.note("types of the browser journeys", || run(npm(machine).args(["run", "--silent", "check"])));
    report.count("Rust tests", || rust_tests(machine, &[]));
    if let Some(portal) = report.note("build of the portal", || portal::build_as_tested(machine)) {
        report.count("browser journeys", || journeys(machine, &portal));
    }
    report.close()
}

/// The Rust tests that match, without the rest: for the work on one thing.
pub fn some(machine: &mut Machine, filter: &[String]) -> Done {
    setup::provide(machine, Scope::Rust)?;
    step("Rust tests", || rust_tests(machine, filter).1)
}

/// The tests that kill the program, with many more kills than the suite has time for.
pub fn soak(machine: &mut Machine, rounds: &str) -> Done {
    setup::provide(machine, Scope::Rust)?;
    let mut cargo = machine.command("cargo");
    cargo.env("OPENBOK_KILL_ROUNDS", rounds).args(["test", "--release"]).args(SERVER_SIDE);
    run(cargo.args(["--test", "suite", "r62", "--", "--nocapture"]))
}

fn rust_tests(machine: &Machine, filter: &[String]) -> (Counts, Done) {
    let database = match postgres::start(machine) {
        Ok(database) => database,
        Err(failure) => return (Counts::default(), Err(failure)),
    };
    // Who names packages wants to wait for those only.
    let selection = if filter.iter().any(|word| word == "-p") { &[][..] } else { &SERVER_SIDE };
    let mut cargo = machine.command("cargo");
    cargo.env(postgres::VARIABLE, &database.url);
    if !setup::has_nextest(machine) {
        cargo.args(["test", "--release", "--no-fail-fast"]).args(selection).args(filter);
        return run_and_count(&mut cargo);
    }
    // nextest keeps it in the project, wherever cargo writes.
    let summary = machine.root.join("target/nextest/ci/junit.xml");
    let done = without(&summary).and_then(|()| {
        run(cargo.args(["nextest", "run", "--release", "--profile", "ci"]).args(selection).args(filter))
    });
    (fs::read_to_string(summary).ok().and_then(|text| counts_of_junit(&text)).unwrap_or_default(), done)
}

fn journeys(machine: &Machine, portal: &Portal) -> (Counts, Done) {
    let summary = machine.root.join("target/journeys.json");
    let mut playwright = playwright(machine, portal, &["--reporter=list,json"]);
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &summary);
    let done = without(&summary).and_then(|()| run(&mut playwright));
    (fs::read_to_string(summary).ok().and_then(|text| counts_of_playwright(&text)).unwrap_or_default(), done)
}

/// Playwright against the built portal.
pub fn playwright(machine: &Machine, portal: &Portal, arguments: &[&str]) -> Command {
    let mut playwright = npm(machine);
    if let Some(browser) = setup::chromium(machine) {
        playwright.env("OPENBOK_CHROMIUM", browser);
    }
    portal.describe_to(&mut playwright).args(["exec", "--", "playwright", "test"]).args(arguments);
    playwright
}

fn npm(machine: &Machine) -> Command {
    let mut npm = machine.command("npm");
    npm.current_dir(machine.root.join("end2end"));
    npm
}

/// Removes the summary of an earlier run, which must not be taken for this one's.
fn without(summary: &Path) -> Done {
    if summary.exists() {
        fs::remove_file(summary).map_err(Failure::while_doing(format!("removing {}", summary.display())))?;
    }
    Ok(())
}

/// `cargo test` says its counts only on its output: shows it and adds them up.
fn run_and_count(command: &mut Command) -> (Counts, Done) {
    let mut counts = Counts::default();
    let ran = command.stdout(Stdio::piped()).spawn().and_then(|mut child| {
        for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
            let line = line?;
            println!("{line}");
            if let Some(found) = counts_of_cargo_test(&line) {
                counts = counts.and(found);
            }
        }
        child.wait()
    });
    let done = match ran {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("the tests ended with {status}"))),
        Err(reason) => Err(Failure::while_doing("running the tests")(reason)),
    };
    (counts, done)
}

/// From `test result: ok. 12 passed; 0 failed; …`.
fn counts_of_cargo_test(line: &str) -> Option<Counts> {
    let mut words = line.strip_prefix("test result: ")?.split_whitespace();
    let passed = words.nth(1)?.parse().ok()?;
    Some(Counts { passed, failed: words.nth(1)?.parse().ok()? })
}

/// From `<testsuites name="…" tests="12" failures="1" errors="0" …>`.
fn counts_of_junit(text: &str) -> Option<Counts> {
    let tag = text.split("<testsuites").nth(1)?.split('>').next()?;
    let value = |name: &str| tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse::<u32>().ok();
    let failed = value("failures")? + value("errors")?;
    Some(Counts { passed: value("tests")?.saturating_sub(failed), failed })
}

/// From `"stats": { "expected": 12, "skipped": 0, "unexpected": 1, "flaky": 0 }`. What passes only at the second
/// attempt has passed for Playwright.
fn counts_of_playwright(text: &str) -> Option<Counts> {
    let stats = text.rsplit("\"stats\"").next()?;
    let value = |name: &str| {
        let digits = stats.split(&format!("\"{name}\":")).nth(1)?.trim_start();
        digits.split(|character: char| !character.is_ascii_digit()).next()?.parse::<u32>().ok()
    };
    Some(Counts { passed: value("expected")? + value("flaky")?, failed: value("unexpected")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_nextest_wrote() {
        let text = "<?xml version=\"1.0\"?>\n<testsuites name=\"nextest-run\" tests=\"12\" failures=\"1\" errors=\"1\" uuid=\"x\">\n<testsuite name=\"a\" tests=\"3\"";
        assert_eq!(counts_of_junit(text), Some(Counts { passed: 10, failed: 2 }));
        assert_eq!(counts_of_junit("no summary"), None);
    }

    #[test]
    fn counts_what_playwright_wrote() {
        let text = "{\"suites\": [{\"stats\": 1}], \"stats\": {\n \"expected\": 7,\n \"skipped\": 2, \"unexpected\": 3, \"flaky\": 1 } }";
        assert_eq!(counts_of_playwright(text), Some(Counts { passed: 8, failed: 3 }));
        assert_eq!(counts_of_playwright(""), None);
    }

    #[test]
    fn counts_what_cargo_test_says() {
        let line = "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured";
        assert_eq!(counts_of_cargo_test(line), Some(Counts { passed: 12, failed: 2 }));
        assert_eq!(counts_of_cargo_test("test pages::works ... ok"), None);
    }
}
