//! What happens to every request around its handler, outermost first:
//! headers → record → problems → panic guard → body limit → forgery guards → operator → session and policy → time limit.

pub mod client;
pub mod forgery;
pub mod headers;
pub mod operator;
pub mod problem;
pub mod record;
pub mod session;
