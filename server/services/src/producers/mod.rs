//! How producers come to planning: they ask, staff approves and gives out a TOKEN, with which they come in.

mod intake;
mod invitations;
mod requests;
mod services;

pub use intake::RequestIntake;
pub use invitations::INVITATION_LIFE;
