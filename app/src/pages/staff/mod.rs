//! The back office. Its pages only show and post plain forms, so they are drawn by the server and cost no download; only the
//! staff's sign-in and enrolment are awake.

pub mod audit;
pub mod board;
pub mod code;
pub mod day;
pub mod enrol;
pub mod people;
pub mod person;
pub mod plan;
pub mod request;
pub mod requests;
pub mod sign_in;
pub mod start;
pub mod unit;
pub mod units;
