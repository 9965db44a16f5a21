//! Parts that pages are made of, each used twice or more. No data of their own, no rules of the business.

pub mod challenge;
pub mod choices;
pub mod copy;
pub mod day_chart;
pub mod drawn;
pub mod field;
pub mod form;
pub mod frame;
pub mod icon;
pub mod idle;
pub mod navigation;
pub mod new_password;
pub mod page;
pub mod plan_grid;
pub mod problem;
pub mod secret;
pub mod sent;
pub mod status;
pub mod words;
pub mod written;
