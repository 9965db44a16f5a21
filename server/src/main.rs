//! The program.

use std::process::ExitCode;

use clap::Parser as _;
use openbok::cli::Cli;
use openbok::commands;

fn main() -> ExitCode {
    commands::run(Cli::parse())
}
