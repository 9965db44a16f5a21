//! The program.

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;
use openbok::cli::Cli;
use openbok::commands;

/// Pages are made on one thread, read from the database on another, and freed on either; the system's allocator makes them
/// wait for each other.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => commands::run(cli),
        // The library would end with 2, which `import` keeps for refused rows.
        Err(usage) => {
            usage.print().ok();
            if usage.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
    }
}
