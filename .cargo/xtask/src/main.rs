//! The commands of the README: what to run, and in which order. How each piece is done lives in the modules.

mod console;
mod demo;
mod lint;
mod machine;
mod portal;
mod postgres;
mod report;
mod rust;
mod setup;
mod test;

use std::process::ExitCode;

use console::{Done, Failure};
use machine::Machine;

const USAGE: &str = "\
Usage: cargo xtask <command>

  setup          install what is missing, and nothing else
  demo [ARGS]    set up, build, start the portal with invented operators and customers (ARGS go to `openbok demo`)
  test           everything that must pass: formatting, lints, tests on SQLite and PostgreSQL, the browser journeys
  test FILTER    only the Rust tests that match (anything `cargo nextest run` takes), with PostgreSQL running
  lint           formatting and clippy, for the server and for the browser
  dev [ARGS]     build in the debug profile, start, and rebuild on every change
  dist           build the portal as it is to be installed: slower to build, faster to answer
  soak [ROUNDS]  kill the server and imports without warning, so many times (1000), and look for what was lost
  bench          build, then measure speed, memory and download sizes
  bench grids    the grid of plans in a browser, beside grids from npm and one written by hand (50 minutes)";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    match dispatch(&command, &words.collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n✗ {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, arguments: &[String]) -> Done {
    match (command, arguments) {
        ("setup", []) => setup::provide(&mut Machine::find()?, setup::Scope::Everything),
        ("demo", _) => demo::demo(&mut Machine::find()?, arguments),
        ("dev", _) => demo::dev(&mut Machine::find()?, arguments),
        ("test", []) => test::everything(&mut Machine::find()?),
        ("test", _) => test::some(&mut Machine::find()?, arguments),
        ("lint", []) => lint::lint(&mut Machine::find()?),
        ("dist", []) => demo::dist(&mut Machine::find()?),
        ("soak", [] | [_]) => test::soak(&mut Machine::find()?, arguments.first().map_or("1000", String::as_str)),
        ("bench", [what]) if what == "grids" => demo::bench_grids(&mut Machine::find()?),
        ("bench", _) => demo::bench(&mut Machine::find()?, arguments),
        ("" | "help" | "-h" | "--help", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::new(format!("there is no such command as `{command}` with these arguments\n\n{USAGE}"))),
    }
}
