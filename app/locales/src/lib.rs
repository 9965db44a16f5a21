//! What the portal says: one catalogue of messages in Polish, Ukrainian and English for pages, errors and mails, and
//! the way each language writes numbers, money and days.
//!
//! The words live in `messages/<language>/<area>.json` (i18next JSON, version 4), which translators' tools read. The
//! build compiles every file into a module of this crate, checked and typed:
//!
//! - a plain message is a constant: `sign_in::TITLE.get(lang)`;
//! - a message with placeholders is a function with an argument for each, in alphabetical order:
//!   `errors::reference(lang, reference)`;
//! - a message with plural forms takes the number `count` first: `dates::minutes(lang, 5)`.
//!
//! A message nobody uses costs nothing: it does not reach the browser.
//!
//! No rules of the business live here, nothing depends on a clock, a time zone or the environment.
#![deny(missing_docs)]

pub mod faults;
pub mod file_faults;
pub mod format;
pub mod labels;
pub mod refusals;
mod text;

pub use text::Text;

include!(concat!(env!("OUT_DIR"), "/areas.rs"));

#[cfg(test)]
#[path = "../build/catalogue.rs"]
mod catalogue;
