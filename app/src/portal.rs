//! What a page knows about the visit: operator, language, appearance, session, and the form that came back with errors.
//!
//! The server fills it in once per page and the browser wakes up with the very same values. Everything here can be read
//! in the page's source.

use leptos::prelude::*;
use openbok_domain::operator::Wizard;
use openbok_domain::staff::{Role, Roles, StaffStage};
use openbok_domain::{Lang, OperatorView, Proof, Stage};
use openbok_locales::{Text, common, plans, services, staff};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::PortalError;
use crate::policy;
use openbok_domain::address::unescaped;

/// The visit as pages see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Portal {
    /// Whose portal it is; absent on a host that belongs to nobody.
    pub operator: Option<OperatorView>,
    /// Path of the page.
    pub path: String,
    /// What stands in its address behind the question mark.
    pub query: Fields,
    /// Language of the page.
    pub lang: Lang,
    /// How the customer wants to see the page.
    pub appearance: Appearance,
    /// The session, if there is one.
    pub session: Option<Session>,
    /// Login name that the customer asked to remember.
    pub remembered_login: Option<String>,
    /// A form that stands on the page as somebody left it.
    pub form: Option<FormState>,
}

impl Default for Portal {
    fn default() -> Self {
        Self {
            operator: None,
            path: String::new(),
            query: Fields::default(),
            lang: Lang::Pl,
            appearance: Appearance::default(),
            session: None,
            remembered_login: None,
            form: None,
        }
    }
}

/// One portal of this server, to choose from on a host that belongs to nobody.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Name of the operator.
    pub name: String,
    /// Address of its portal.
    pub url: String,
}

/// How the customer wants to see the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    /// Colours.
    pub theme: Theme,
    /// Text a quarter larger.
    pub larger_text: bool,
}

/// Colours to choose from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device is set.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// The strongest contrast.
    Contrast,
}

impl Theme {
    /// Every theme in the order of the menu.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// The word for it in cookies, forms and style sheets.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// Reads that word; anything unknown means the device decides.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }
}

/// Who is signed in, and how long that lasts, in milliseconds from the moment the page was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which session of theirs, for pages that outlive it.
    pub id: String,
    /// Who it is.
    pub who: Who,
    /// Until the session ends, unless somebody does something.
    pub idle_ms: i64,
    /// Until it ends whatever anybody does.
    pub absolute_ms: i64,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A customer, a producer, or both.
    Customer {
        /// Where the customer stands in signing in.
        stage: Stage,
        /// Whether the account has customers of its own to look after.
        has_office: bool,
        /// Whether the account writes plans for a company.
        is_producer: bool,
    },
    /// A member of the operator's staff.
    Staff {
        /// Where they stand in signing in.
        stage: StaffStage,
        /// What they may do.
        roles: Roles,
    },
}

impl Who {
    /// Whether nothing is left to be done before the portal opens.
    pub fn is_in(&self) -> bool {
        match self {
            Self::Customer { stage, .. } => *stage == Stage::Full,
            Self::Staff { stage, .. } => *stage == StaffStage::Full,
        }
    }

    /// Whether it is a member of staff.
    pub const fn is_staff(&self) -> bool {
        matches!(self, Self::Staff { .. })
    }

    /// Whether it is a member of staff with a role.
    pub fn has_role(&self, role: Role) -> bool {
        matches!(self, Self::Staff { roles, .. } if roles.has(role))
    }
}

/// A form as somebody left it: sent without scripts and refused, or not sent yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormState {
    /// Path of the server function.
    pub function: String,
    /// What was typed, without secrets.
    pub fields: Fields,
    /// What was wrong, if it was sent.
    pub error: Option<PortalError>,
}

/// Name of the hidden field that says which server function a form is for, where its address does not say it.
pub const FUNCTION_FIELD: &str = "_function";

/// Fields that never come back to a page.
const SECRETS: [&str; 9] = [
    "password",
    "current_password",
    "new_password",
    "repeat_password",
    "proof_token",
    "proof_answer",
    "file",
    "file_name",
    FUNCTION_FIELD,
];

/// What a ticked box sends; a box that is not ticked sends nothing.
pub const TICKED: &str = "true";

/// Names and values of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, String>);

impl Fields {
    /// The value of a field; an absent one is empty.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The value of a field as a new text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// Whether a box is ticked. `on` is what a box without a value sends; whatever no box sends is no consent to anything.
    pub fn is_ticked(&self, name: &str) -> bool {
        matches!(self.get(name), TICKED | "on")
    }

    /// Replaces or adds a value.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// All but what is not to be seen or kept again.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        self.0.retain(|name, _| !SECRETS.contains(&name.as_str()));
        self
    }

    /// The answer to a challenge, if there is one.
    pub fn proof(&self) -> Option<Proof> {
        Proof::from_fields(self.0.get("proof_token").cloned(), self.0.get("proof_answer").cloned())
    }
}

/// Where a form leads after success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goto {
    /// The same page, made anew.
    Here,
    /// Another page of this portal.
    Page(String),
}

impl Goto {
    /// Another page of this portal.
    pub fn page(path: impl Into<String>) -> Self {
        Self::Page(path.into())
    }
}

/// Takes the visit over from the server and hands it to every page below.
pub fn provide_portal() -> Arc<Portal> {
    let portal = Arc::new(SharedValue::new(read_portal).into_inner());
    provide_context(portal.clone());
    portal
}

#[cfg(feature = "ssr")]
fn read_portal() -> Portal {
    crate::ssr::portal()
}

#[cfg(not(feature = "ssr"))]
fn read_portal() -> Portal {
    Portal::default()
}

/// The visit.
pub fn portal() -> Arc<Portal> {
    expect_context()
}

/// Whose portal it is.
///
/// # Panics
/// On a host without an operator, where only the chooser is shown.
pub fn operator() -> OperatorView {
    portal().operator.clone().expect("pages are shown under an operator's host only")
}

/// Whether producers hand in their plans here: they, and nobody else, come in by invitation.
pub fn has_planning() -> bool {
    operator().wizards.contains(&Wizard::Invitation)
}

/// Who is signed in.
pub fn who() -> Option<Who> {
    portal().session.as_ref().map(|session| session.who.clone())
}

/// Where the portal begins for whoever looks, and what that page is called: the customer's first page, the board of a
/// producer who has nothing else, the first page of the back office.
pub fn home() -> (&'static str, Text) {
    let portal = portal();
    match portal.session.as_ref().map(|session| &session.who) {
        Some(Who::Customer { has_office: false, is_producer: true, .. }) => ("/plans", plans::NAV),
        Some(Who::Customer { has_office: false, .. }) => ("/services", services::TITLE),
        Some(who) if who.is_staff() => ("/staff", staff::TITLE),
        None if policy::is_of_staff(&portal.path) => ("/staff", staff::TITLE),
        _ => ("/", common::NAV_HOME),
    }
}

/// A value of the page's address; nothing when it is not there.
pub fn asked(name: &str) -> Option<String> {
    portal().query.0.get(name).cloned()
}

/// The last segment of the page's path, such as the id in `/invoices/:id`.
pub fn last_segment() -> String {
    segment(portal().path.matches('/').count())
}

/// A segment of the page's path by its place, from 1: the unit in `/plans/:unit/:day` is the second.
pub fn segment(place: usize) -> String {
    unescaped(portal().path.split('/').nth(place).unwrap_or_default())
}

/// Language of the page. It never changes while a page lives.
pub fn lang() -> Lang {
    portal().lang
}
