//! Numbers and names that the outside world gives out: each a type that holds only a well-formed value.
//!
//! `parse` takes what people paste (blanks, dashes, a country prefix, what does not show), `as_str` is the one canonical
//! form that is stored and compared, `display` is how people write it. Values that lead to a person hide in `Debug` and
//! have no `Display`; tax numbers offer `masked` for screens. Being well-formed says nothing about belonging to anybody.

/// Declares a text type that is made only by its parser. A `personal` one does not print itself.
macro_rules! identifier {
    ($(#[$meta:meta])* $secrecy:ident $name:ident by $parse:ident) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The canonical form: what is stored and compared.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::$parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::ParseError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::$parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        identifier!(@debug $secrecy $name);
    };
    (@debug personal $name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(•••)"))
            }
        }
    };
    (@debug public $name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }
    };
}

mod contract_number;
mod edrpou;
mod eic;
mod email_address;
mod iban;
mod ksef_number;
mod login_name;
mod mobile_phone;
mod nip;
mod personal_account;
mod pesel;
mod postal_code;
mod ppe;
mod regon;
mod rnokpp;
mod tax_id;
pub(crate) mod text;

pub use contract_number::ContractNumber;
pub use edrpou::Edrpou;
pub use eic::Eic;
pub use email_address::EmailAddress;
pub use iban::Iban;
pub use ksef_number::KsefNumber;
pub use login_name::LoginName;
pub use mobile_phone::MobilePhone;
pub use nip::Nip;
pub use personal_account::PersonalAccount;
pub use pesel::Pesel;
pub use postal_code::PostalCode;
pub use ppe::Ppe;
pub use regon::Regon;
pub use rnokpp::Rnokpp;
pub use tax_id::TaxId;
pub use text::is_hidden;

#[cfg(test)]
mod generated;
