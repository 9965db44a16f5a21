//! What the portal does for people, on both databases: everything that can be said without pages.
//!
//! One program, because the compiler makes the code of every use case anew for each program that uses it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access_mail;
mod back_office;
mod common;
mod dovecot;
mod mail_server;
mod plan_exchange;
mod planning;
mod producers;
mod registration;
mod safeguards;
mod sign_in;
mod staff;
