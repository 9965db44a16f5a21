//! The self-service office.

pub mod contracts;
pub mod home;
pub mod invoice;
pub mod invoices;
pub mod more;
pub mod payers;
pub mod services;
pub mod settings;
pub mod supply_points;
