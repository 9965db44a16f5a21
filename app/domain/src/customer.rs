//! What a customer is to the operator.

text_enum! {
    /// Whether the customer is a person or a business; decides which tax number identifies them.
    pub enum CustomerKind {
        /// A person in a household.
        Individual = "individual",
        /// A company, or a person acting as one.
        Business = "business",
    }
}
