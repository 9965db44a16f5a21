//! What the browser may ask of the server: one function a verb, all of them listed in the [`policy`](crate::policy).
//!
//! Each one reads the caller, calls one service and maps the error; rules live in the services.

pub mod access;
pub mod account;
pub mod documents;
pub mod office;
pub mod plans;
pub mod preferences;
pub mod recovery;
pub mod registration;
pub mod session;
pub mod staff;
pub mod typed;
