//! The way in: signing in, registering, activating, recovering, and what comes before the office opens.

pub mod activate;
pub mod document;
pub mod invitation;
pub mod passwords;
pub mod recover;
pub mod register;
pub mod request;
pub mod resend;
pub mod sign_in;
pub mod terms;
