//! The way in: signing in, registering, activating, recovering, and what comes before the office opens.

mod activate;
mod document;
mod passwords;
mod recover;
mod register;
mod resend;
pub mod sign_in;
mod terms;

lazy_group! {
    access_pages:
    Register => register::RegisterPage,
    Registered => register::DonePage,
    Activate => activate::ActivatePage,
    ResendActivation => resend::ResendPage,
    RecoverPassword => recover::PasswordPage,
    RecoverLogin => recover::LoginPage,
    ReplacePassword => passwords::RequiredPage,
    AcceptTerms => terms::AcceptPage,
    Document => document::DocumentPage,
}
