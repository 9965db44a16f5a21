//! Addresses that are not pages: documents, pictures, and what the operating staff and the demo need.
//! Like the pages' table this one is complete: the guard lets nobody through to anything else.

use openbok_app::policy::Access;
use openbok_domain::Stage;
use openbok_domain::address;
use openbok_domain::staff::Role;

struct Route {
    path: &'static str,
    access: Access,
    /// Whether it answers under any host, as balancers and collectors ask by address.
    is_for_any_host: bool,
}

const ROUTES: &[Route] = &[
    anywhere(HEALTHZ),
    anywhere(READYZ),
    anywhere(METRICS),
    under_operator(INVOICE_PDF, Access::Stage(Stage::Full)),
    under_operator(address::PLAN_FILE, Access::Producer),
    under_operator(address::PLAN_ANSWER, Access::Producer),
    under_operator(address::STAFF_PLAN_FILE, Access::Staff(Role::Dispatcher)),
    under_operator(address::STAFF_PLAN_ANSWER, Access::Staff(Role::Dispatcher)),
    under_operator(address::STAFF_PLAN_OVERVIEW, Access::Staff(Role::Dispatcher)),
    under_operator(CHALLENGE, Access::Public),
    under_operator(LOGO, Access::Public),
    under_operator(MANIFEST, Access::Public),
    anywhere(REPORTS),
    anywhere(MAILBOX),
    anywhere(MAILBOX_JSON),
    anywhere(MAIL),
    anywhere(CLOCK),
];

/// Where the scripts, styles and WASM of the pages are; anybody may have them.
pub const PACKAGE: &str = "/pkg/";
/// The process lives.
pub const HEALTHZ: &str = "/healthz";
/// Database, migrations and mail queue are in order.
pub const READYZ: &str = "/readyz";
/// Counters.
pub const METRICS: &str = "/metrics";
/// An invoice as a document.
pub const INVOICE_PDF: &str = "/invoices/{id}/pdf";
/// The letters of a challenge: `TOKEN.png` to see, `TOKEN.wav` to hear.
pub const CHALLENGE: &str = "/captcha/{file}";
/// The operator's logo.
pub const LOGO: &str = "/brand/logo";
/// How the portal is installed on a phone.
pub const MANIFEST: &str = "/manifest.webmanifest";
/// Where browsers report what the policy of a page has stopped.
pub const REPORTS: &str = "/csp-report";
/// Mails of the demo, for people.
pub const MAILBOX: &str = "/dev/mailbox";
/// One mail of the demo as its reader sees it.
pub const MAIL: &str = "/dev/mailbox/{id}";
/// Mails of the demo, for programs.
pub const MAILBOX_JSON: &str = "/dev/mailbox.json";
/// The clock of the demo.
pub const CLOCK: &str = "/dev/clock";

const fn anywhere(path: &'static str) -> Route {
    Route { path, access: Access::Public, is_for_any_host: true }
}

const fn under_operator(path: &'static str, access: Access) -> Route {
    Route { path, access, is_for_any_host: false }
}

/// Who may ask for the path, if it is one of these.
pub fn find(path: &str) -> Option<Access> {
    matching(path).map(|route| route.access)
}

/// Whether the path answers under any host.
pub fn is_for_any_host(path: &str) -> bool {
    matching(path).is_some_and(|route| route.is_for_any_host)
}

fn matching(path: &str) -> Option<&'static Route> {
    let given: Vec<&str> = path.split('/').collect();
    ROUTES.iter().find(|route| {
        let wanted: Vec<&str> = route.path.split('/').collect();
        let fits = |(name, segment): (&&str, &&str)| name == segment || name.starts_with('{') && !segment.is_empty();
        wanted.len() == given.len() && wanted.iter().zip(&given).all(fits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_routes_with_and_without_a_variable_segment() {
        assert_eq!(find("/healthz"), Some(Access::Public));
        assert_eq!(find("/invoices/7/pdf"), Some(Access::Stage(Stage::Full)));
        for path in ["/invoices/7", "/invoices//pdf", "/invoices/7/pdf/x", "/dev", "/"] {
            assert_eq!(find(path), None, "{path}");
        }
    }
}
