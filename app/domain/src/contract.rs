//! Contracts and what they are about.

text_enum! {
    /// How far a contract has come. Ordered: a later status is greater.
    pub enum ContractStatus {
        /// Being written by the seller.
        Draft = "draft",
        /// With the customer, who has not answered.
        Sent = "sent",
        /// "Podpisana przez klienta": the customer has signed.
        SignedByCustomer = "signed_by_customer",
        /// The seller has signed too.
        SignedBySeller = "signed_by_seller",
        /// Energy is delivered under it.
        Active = "active",
        /// Delivery is over; invoices remain.
        Ended = "ended",
    }
}

impl ContractStatus {
    /// Whether the contract is enough to register an account with: from the customer's signature on, for ever.
    pub fn allows_registration(self) -> bool {
        self >= Self::SignedByCustomer
    }
}

text_enum! {
    /// What is delivered.
    pub enum Commodity {
        /// Electricity.
        Electricity = "electricity",
        /// Gas.
        Gas = "gas",
        /// District heat.
        Heat = "heat",
    }
}

impl Commodity {
    /// What its meters count in when nobody says otherwise.
    pub const fn meter_unit(self) -> &'static str {
        match self {
            Self::Electricity => "kWh",
            Self::Gas => "m3",
            Self::Heat => "GJ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_registration_from_the_customers_signature_on() {
        let allowed: Vec<_> = ContractStatus::ALL.iter().filter(|status| status.allows_registration()).collect();
        assert_eq!(
            allowed,
            [
                &ContractStatus::SignedByCustomer,
                &ContractStatus::SignedBySeller,
                &ContractStatus::Active,
                &ContractStatus::Ended
            ]
        );
    }

    #[test]
    fn every_status_reads_back_its_word() {
        for status in ContractStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
            assert_eq!(serde_json::to_string(status).unwrap(), format!("\"{status}\""));
        }
        assert!("Active".parse::<ContractStatus>().is_err());
    }
}
