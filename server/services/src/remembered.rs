//! What browsers keep for people, sealed in cookies that nobody else can read: the login name of "Zapamiętaj mnie", which
//! opens nothing and prolongs nothing, and what is typed into a form of registration until it is sent.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use openbok_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Services, Visit};

/// Longest login that is worth remembering, in bytes; whatever is longer is no login.
const LONGEST_LOGIN: usize = 256;

/// How long what is typed is kept after the last key, in seconds: as long as a session may be idle, because the next
/// person at the same computer sees it.
pub const TYPED_LASTS_S: u32 = 15 * 60;

/// Longest cookie that every browser keeps, in bytes, less its name and attributes.
const LONGEST_COOKIE: usize = 3800;

#[derive(Serialize, Deserialize)]
struct Typed {
    until: Timestamp,
    fields: BTreeMap<String, String>,
}

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

    /// The value of the cookie that keeps what was typed into a form of this operator's portal; nothing when it is too
    /// much for a cookie.
    #[must_use]
    pub fn seal_typed(&self, visit: &Visit, form: &str, fields: &BTreeMap<String, String>) -> Option<String> {
        let until = self.now().plus(Duration::from_secs(TYPED_LASTS_S.into()));
        let typed = Typed { until, fields: fields.clone() };
        let cookie = URL_SAFE_NO_PAD.encode(self.vault().seal(self.entropy(), &place_of_form(visit, form), &typed));
        (cookie.len() <= LONGEST_COOKIE).then_some(cookie)
    }

    /// What such a cookie keeps; nothing when it is another form's or operator's, too old, or was tampered with.
    #[must_use]
    pub fn open_typed(&self, visit: &Visit, form: &str, cookie: &str) -> Option<BTreeMap<String, String>> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let typed: Typed = self.vault().open(&place_of_form(visit, form), &sealed).ok()?;
        (typed.until > self.now()).then_some(typed.fields)
    }
}

fn place(visit: &Visit) -> String {
    format!("remembered login|{}", visit.operator.slug)
}

fn place_of_form(visit: &Visit, form: &str) -> String {
    format!("typed|{}|{form}", visit.operator.slug)
}
