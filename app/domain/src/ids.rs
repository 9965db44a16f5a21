//! Identifiers of records. Each kind is its own type, so that an invoice cannot be asked for by a customer's id.
//! Values are made by the services (UUID version 7, which sorts by creation time), never here.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The bare identifier.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                match text {
                    "" => Err(ParseError::Empty),
                    _ => Uuid::from_str(text).map(Self).map_err(|_| ParseError::Malformed),
                }
            }
        }
    )+};
}

ids! {
    /// A portal account: who signs in.
    AccountId,
    /// A customer of the operator: who has contracts.
    CustomerId,
    /// A contract of a customer.
    ContractId,
    /// A payer: who an invoice is addressed to.
    PayerId,
    /// A supply point: where energy is delivered.
    SupplyPointId,
    /// A meter at a supply point.
    MeterId,
    /// An invoice.
    InvoiceId,
    /// A payment.
    PaymentId,
    /// A signed-in browser.
    SessionId,
    /// A mail in the outgoing queue.
    MailId,
    /// A browser that the account has signed in from before.
    DeviceId,
    /// A generating unit.
    UnitId,
    /// A production plan: a unit on a day.
    PlanId,
    /// A request for access by a producer.
    AccessRequestId,
    /// An invitation with its token.
    InvitationId,
    /// A member of the operator's staff.
    StaffId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = AccountId::from(Uuid::from_u128(0x0193_4f2a_1c00_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
        assert_eq!(Uuid::from(id), id.uuid());
    }

    #[test]
    fn refuses_what_is_not_an_id() {
        assert_eq!("".parse::<InvoiceId>(), Err(ParseError::Empty));
        assert_eq!("17".parse::<InvoiceId>(), Err(ParseError::Malformed));
    }
}
