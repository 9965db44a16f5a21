//! "Zapamiętaj mnie": the login name, sealed for the cookie that brings it back. It opens nothing and prolongs nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Services, Visit};

/// Longest login that is worth remembering, in bytes; whatever is longer is no login.
const LONGEST_LOGIN: usize = 256;

impl Services {
    /// The value of the cookie that remembers a login for this operator's portal; empty for what cannot be a login.
    #[must_use]
    pub fn seal_login(&self, visit: &Visit, login: &str) -> String {
        let login = login.trim();
        if login.len() > LONGEST_LOGIN {
            return String::new();
        }
        URL_SAFE_NO_PAD.encode(self.vault().seal(self.entropy(), &place(visit), &login))
    }

    /// The login that such a cookie remembers; nothing when it is not this operator's or was tampered with.
    #[must_use]
    pub fn open_login(&self, visit: &Visit, cookie: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        self.vault().open(&place(visit), &sealed).ok()
    }
}

fn place(visit: &Visit) -> String {
    format!("remembered login|{}", visit.operator.slug)
}
