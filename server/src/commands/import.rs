//! `import`: progress while it runs, then what was taken and what was not.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use openbok_domain::Operator;
use openbok_services::Services;
use openbok_services::import::{ImportReport, Progress};

/// Rows between two signs of life where nobody watches a terminal.
const ROWS_BETWEEN_LINES: u64 = 50_000;

/// Keeps every thread of this program on the processor where it runs now. An import and the thread of its SQLite file take
/// turns, statement by statement; on two processors each turn has to wake the other one up, and half a million turns took 73
/// seconds on a machine where they take 16 on one.
pub fn stay_on_one_processor() {
    #[cfg(target_os = "linux")]
    {
        let mut here = rustix::thread::CpuSet::new();
        here.set(rustix::thread::sched_getcpu());
        // Whoever may not choose imports all the same.
        let _ = rustix::thread::sched_setaffinity(None, &here);
    }
}

/// Reads the folder and prints the outcome; bad rows go to standard error, one a line.
///
/// # Errors
/// When the folder cannot be read or the database fails.
pub async fn run(services: &Services, operator: &Operator, delivery: &Path) -> anyhow::Result<ExitCode> {
    let report = folder(services, operator, delivery).await?;
    for problem in &report.problems {
        eprintln!("{problem}");
    }
    if report.more_problems > 0 {
        eprintln!("… and {} more problems", report.more_problems);
    }
    for file in &report.files {
        println!("{:<20} {:>9} taken {:>9} refused", file.name, file.accepted, file.refused);
    }
    if report.is_nothing_read() {
        eprintln!("{}: nothing could be read", delivery.display());
    }
    Ok(ExitCode::from(report.exit_status()))
}

/// Reads the folder, showing progress.
///
/// # Errors
/// When the folder cannot be read or the database fails.
pub async fn folder(services: &Services, operator: &Operator, folder: &Path) -> anyhow::Result<ImportReport> {
    let is_watched = std::io::stderr().is_terminal();
    // Where nobody watches: up to which file and count of rows it has been told already.
    let mut told = (String::new(), 0);
    let mut show = |progress: Progress<'_>| {
        let Progress { file, done, refused } = progress;
        if told.0 != file {
            told = (file.to_owned(), 0);
        }
        if is_watched {
            eprint!("\r{file:<20} {done:>9} rows, {refused} refused ");
            std::io::stderr().flush().ok();
        } else if done / ROWS_BETWEEN_LINES > told.1 {
            told.1 = done / ROWS_BETWEEN_LINES;
            eprintln!("{file}: {done} rows, {refused} refused");
        }
    };
    let report = services.import(operator, folder, &mut show).await;
    if is_watched {
        eprintln!();
    }
    report.with_context(|| format!("{} was not read to its end", folder.display()))
}
