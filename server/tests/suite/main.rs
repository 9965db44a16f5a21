//! The portal as browsers and operators meet it: its router, its connections, its program.
//!
//! One test program, because the compiler makes the code of every page anew for each program that uses it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
mod connections;
mod customers;
mod edge;
mod program;
mod staff;
