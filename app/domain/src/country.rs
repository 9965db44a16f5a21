//! The countries whose formats the portal knows.

text_enum! {
    /// A country: decides how a national phone number or account number is read.
    pub enum Country {
        /// Poland.
        Pl = "PL",
        /// Ukraine.
        Ua = "UA",
    }
}
