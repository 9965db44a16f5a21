//! Starting the built portal: to look at it, to work on it, to measure it.

use std::os::unix::process::CommandExt;

use crate::console::{Done, Failure};
use crate::lint::SERVER_SIDE;
use crate::machine::{Machine, run};
use crate::setup::{self, Scope};
use crate::{portal, postgres, test};

/// Becomes the portal with invented data, so that Ctrl-C and signals reach it directly.
pub fn demo(machine: &mut Machine, arguments: &[String]) -> Done {
    setup::provide(machine, Scope::Portal)?;
    let portal = portal::build(machine)?;
    println!();
    let reason = portal.command(machine).arg("demo").args(arguments).exec();
    Err(Failure::while_doing("starting the portal")(reason))
}

/// Rebuilds and restarts on every change, with the same invented data as the demo.
pub fn dev(machine: &mut Machine, arguments: &[String]) -> Done {
    setup::provide(machine, Scope::Portal)?;
    let mut watch = machine.command("cargo");
    watch.env("OPENBOK_HTTP__SITE", machine.root.join("target/site"));
    run(watch.args(["leptos", "watch", "--", "demo"]).args(arguments))
}

/// Builds the portal as it is to be installed.
pub fn dist(machine: &mut Machine) -> Done {
    setup::provide(machine, Scope::Portal)?;
    let portal = portal::build_to_install(machine)?;
    println!("\nThe server is {}, what browsers download {}.", portal.program.display(), portal.site.display());
    Ok(())
}

/// Speed, memory and download sizes of what is installed: of the server, of planning on both databases, then of a first
/// visit in a browser.
pub fn bench(machine: &mut Machine, arguments: &[String]) -> Done {
    setup::provide(machine, Scope::Everything)?;
    let portal = portal::build_to_install(machine)?;
    let mut bench = machine.command("cargo");
    let bench = bench.arg("bench").args(SERVER_SIDE).args(["--bench", "portal", "--"]).args(arguments);
    run(portal.describe_to(bench))?;
    let database = postgres::start(machine)?;
    let mut bench = machine.command("cargo");
    bench.env(postgres::VARIABLE, &database.url).arg("bench").args(SERVER_SIDE);
    run(bench.args(["--bench", "plans", "--bench", "sign_in", "--"]).args(arguments))?;
    run(&mut test::playwright(machine, &portal, &["--project=speed", "--workers=1", "--reporter=line"]))
}

/// The grid of plans in a browser, beside others of its kind.
pub fn bench_grids(machine: &mut Machine) -> Done {
    setup::provide(machine, Scope::Everything)?;
    let portal = portal::build(machine)?;
    run(&mut test::playwright(machine, &portal, &["--project=grids", "--workers=1", "--reporter=line"]))
}
