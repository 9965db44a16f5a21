//! The words of the business: validated values, entities and their rules, and the forms with their validation.
//!
//! The same code decides in the browser and on the server, so a form can never be right in one place and wrong in the
//! other. Nothing here does I/O, reads a clock, draws random numbers or writes text for people: values are parameters,
//! mistakes are codes ([`ParseError`], [`Fault`]).
#![deny(missing_docs)]

#[macro_use]
mod text_enum;

mod colour;
mod country;
mod customer;
mod date;
mod decimal;
mod error;
mod lang;
mod money;
mod one_time_password;
mod spoken_code;
mod timestamp;
mod vat_rate;

pub mod access;
pub mod address;
#[cfg(feature = "calendar")]
pub mod calendar;
pub mod challenge;
pub mod contract;
pub mod identifiers;
pub mod ids;
pub mod invitation;
pub mod invoice;
pub mod lockout;
pub mod office;
pub mod operator;
pub mod password;
pub mod password_change;
pub mod plan;
pub mod refusal;
pub mod registration;
pub mod sign_in;
pub mod staff;

pub use challenge::{Challenge, Proof};
pub use colour::{Colour, accessible_accent, contrast_ratio};
pub use contract::{Commodity, ContractStatus};
pub use country::Country;
pub use customer::CustomerKind;
pub use date::Date;
pub use decimal::Decimal;
pub use error::{Fault, FieldError, FieldErrors, ParseError};
pub use identifiers::{
    ContractNumber, Edrpou, Eic, EmailAddress, Iban, KsefNumber, LoginName, MobilePhone, Nip, PersonalAccount, Pesel,
    PostalCode, Ppe, Regon, Rnokpp, TaxId,
};
pub use ids::{
    AccessRequestId, AccountId, ContractId, CustomerId, DeviceId, InvitationId, InvoiceId, MailId, MeterId, PayerId,
    PaymentId, PlanId, SessionId, StaffId, SupplyPointId, UnitId,
};
pub use invoice::{InvoiceKind, InvoiceStatus};
pub use lang::Lang;
pub use lockout::{LockoutScope, UnlockBy};
pub use money::{Currency, Money, parse_minor, print_minor};
pub use office::{
    ContractView, Home, InvoiceDetail, InvoiceFilter, InvoiceLineView, InvoiceLink, InvoicePage, InvoiceSummary,
    MeterView, PageKey, PagePlace, PayerView, PaymentView, SessionView, SupplyPointView,
};
pub use one_time_password::OneTimePassword;
pub use operator::{Operator, OperatorFault, OperatorSlug, OperatorView};
pub use password::{PasswordPolicy, PasswordRule};
pub use password_change::PasswordChange;
pub use refusal::Refusal;
pub use registration::{ContractRegistration, ValidContractRegistration};
pub use sign_in::{Pending, Stage};
pub use timestamp::Timestamp;
pub use vat_rate::VatRate;
