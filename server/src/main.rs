//! The program.

use std::process::ExitCode;

use clap::Parser as _;
use openbok::cli::Cli;
use openbok::commands;

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
