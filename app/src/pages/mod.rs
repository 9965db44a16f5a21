//! Pages, one a file: what is asked of the server, and how it looks. No rules.

pub mod access;
pub mod chooser;
pub mod document;
pub mod not_found;
pub mod office;
