//! The number by which a tax office, and so the operator, knows a customer.

use super::{Edrpou, Nip, Pesel, Rnokpp};
use serde::{Deserialize, Serialize};

/// One of the tax numbers of Poland and Ukraine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "number")]
pub enum TaxId {
    /// A person in Poland.
    Pesel(Pesel),
    /// A business in Poland.
    Nip(Nip),
    /// A person in Ukraine.
    Rnokpp(Rnokpp),
    /// A company in Ukraine.
    Edrpou(Edrpou),
}

impl TaxId {
    /// The canonical digits, without their kind.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pesel(number) => number.as_str(),
            Self::Nip(number) => number.as_str(),
            Self::Rnokpp(number) => number.as_str(),
            Self::Edrpou(number) => number.as_str(),
        }
    }

    /// As people write it.
    pub fn display(&self) -> String {
        match self {
            Self::Pesel(number) => number.display(),
            Self::Nip(number) => number.display(),
            Self::Rnokpp(number) => number.display(),
            Self::Edrpou(number) => number.display(),
        }
    }

    /// Whether a text is this number, in whichever of its forms.
    pub fn is_written(&self, text: &str) -> bool {
        match self {
            Self::Pesel(number) => Pesel::parse(text).as_ref() == Ok(number),
            Self::Nip(number) => Nip::parse(text).as_ref() == Ok(number),
            Self::Rnokpp(number) => Rnokpp::parse(text).as_ref() == Ok(number),
            Self::Edrpou(number) => Edrpou::parse(text).as_ref() == Ok(number),
        }
    }

    /// For screens: the first three and the last two digits.
    pub fn masked(&self) -> String {
        match self {
            Self::Pesel(number) => number.masked(),
            Self::Nip(number) => number.masked(),
            Self::Rnokpp(number) => number.masked(),
            Self::Edrpou(number) => number.masked(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn travels_with_its_kind_and_never_prints_itself() {
        let tax_id = TaxId::Nip(Nip::parse("8567346215").unwrap());
        assert_eq!(format!("{tax_id:?}"), "Nip(Nip(•••))");
        let wire = serde_json::to_string(&tax_id).unwrap();
        assert_eq!(wire, r#"{"kind":"nip","number":"8567346215"}"#);
        assert_eq!(serde_json::from_str::<TaxId>(&wire).unwrap(), tax_id);
        assert!(serde_json::from_str::<TaxId>(r#"{"kind":"nip","number":"8567346216"}"#).is_err());
    }
}
