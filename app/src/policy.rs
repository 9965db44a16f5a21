//! Who may open which page and call which server function. Whatever is not in these tables does not exist.
//!
//! The server enforces the tables before any page code runs; a census test keeps them equal to what is really there.

use openbok_domain::Stage;
use openbok_domain::staff::{Role, Roles, StaffStage};

use openbok_domain::address::escaped;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody whose password was accepted, whatever is still to be done.
    SignedIn,
    /// Whoever stands at exactly this stage of signing in.
    Stage(Stage),
    /// The first page of the customer's office; who only writes plans starts with those.
    Home,
    /// Whoever is signed in and writes plans for a company.
    Producer,
    /// A member of staff whose password was accepted, whatever is still to be done.
    StaffSignedIn,
    /// A member of staff who has still to show the second step.
    StaffCode,
    /// Any member of staff who is signed in.
    AnyStaff,
    /// A member of staff with a role.
    Staff(Role),
}

/// Who is asking.
#[derive(Debug, Clone, Default)]
pub struct Principal {
    /// The customer's session: how far signing in has come.
    pub stage: Option<Stage>,
    /// Whether the account has customers of its own to look after.
    pub has_office: bool,
    /// Whether the account writes plans for a company.
    pub is_producer: bool,
    /// The session of a member of staff: how far signing in has come, and what they may do.
    pub staff: Option<(StaffStage, Roles)>,
}

/// What a server function does to the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing, so it may be called with GET.
    Reads,
    /// Changes something, so it is called with POST only.
    Writes,
}

/// One page.
#[derive(Debug)]
pub struct Page {
    /// Path; `:name` stands for one segment.
    pub path: &'static str,
    /// Who may open it.
    pub access: Access,
    /// Server functions whose forms stand on this page, besides [`ANYWHERE`].
    pub forms: &'static [&'static str],
}

/// One server function.
#[derive(Debug)]
pub struct Function {
    /// Path under which it is called.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Whether it changes anything.
    pub effect: Effect,
}

/// What follows from a rule for one caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Come in.
    Allowed,
    /// Sign in first.
    SignIn,
    /// Sign in first, as a member of staff.
    StaffSignIn,
    /// Signed in, but without the role.
    Forbidden,
    /// Something else has to be done first, on this page.
    Elsewhere(&'static str),
}

const FULL: Access = Access::Stage(Stage::Full);
const MUST_CHANGE: Access = Access::Stage(Stage::MustChangePassword);
const MUST_ACCEPT: Access = Access::Stage(Stage::AcceptTerms);
const DISPATCHER: Access = Access::Staff(Role::Dispatcher);
const ADMINISTRATOR: Access = Access::Staff(Role::Administrator);

/// Every page.
pub const PAGES: &[Page] = &[
    page("/", Access::Home, &[]),
    page("/contracts", FULL, &[]),
    page("/payers", FULL, &[]),
    page("/supply-points", FULL, &[]),
    page("/invoices", FULL, &[]),
    page("/invoices/:id", FULL, &[]),
    page("/settings", FULL, &["/api/change_password", "/api/end_session"]),
    page("/more", FULL, &[]),
    page("/services", FULL, &["/api/choose_default_service"]),
    page("/services/:name", FULL, &["/api/register_service"]),
    page("/plans", Access::Producer, &[]),
    page("/plans/files", Access::Producer, &["/api/import_plans"]),
    page("/plans/:unit/:day/history", Access::Producer, &[]),
    page("/access-request", Access::Public, &["/api/ask_access"]),
    page("/invitation", Access::Public, &["/api/check_token"]),
    page("/invitation/account", Access::Public, &["/api/redeem_token"]),
    page("/plans/units/:day", Access::Producer, &[]),
    page("/plans/:unit/:day", Access::Producer, &["/api/save_plan_form"]),
    page("/plans/:unit/:day/days", Access::Producer, &[]),
    page("/sign-in", Access::Public, &["/api/sign_in"]),
    page("/register", Access::Public, &["/api/register"]),
    page("/register/done", Access::Public, &[]),
    page("/activate", Access::Public, &["/api/activate"]),
    page("/activate/resend", Access::Public, &["/api/resend_activation"]),
    page("/recover/password", Access::Public, &["/api/recover_password"]),
    page("/recover/login", Access::Public, &["/api/recover_login"]),
    page("/password-required", MUST_CHANGE, &["/api/replace_password"]),
    page("/accept-terms", MUST_ACCEPT, &["/api/accept_terms"]),
    page("/documents/:name", Access::Public, &[]),
    page("/staff/sign-in", Access::Public, &["/api/staff_sign_in"]),
    page("/staff/enrol", Access::Public, &["/api/staff_enrol"]),
    page("/staff/code", Access::StaffCode, &["/api/staff_code"]),
    page("/staff", Access::AnyStaff, &[]),
    page("/staff/day/:day", DISPATCHER, &["/api/staff_accept_day"]),
    page("/staff/plans/:unit/:day", DISPATCHER, &["/api/staff_accept", "/api/staff_reject", "/api/staff_consent"]),
    page("/staff/requests", DISPATCHER, &[]),
    page(
        "/staff/requests/:id",
        DISPATCHER,
        &[
            "/api/staff_decide_request",
            "/api/staff_refuse_request",
            "/api/staff_close_request",
            "/api/staff_reissue_token",
            "/api/staff_revoke_token",
            "/api/staff_withdraw_access",
        ],
    ),
    page("/staff/units", DISPATCHER, &[]),
    page("/staff/units/:code", DISPATCHER, &["/api/staff_change_unit"]),
    page("/staff/people", ADMINISTRATOR, &["/api/staff_invite"]),
    page("/staff/people/:id", ADMINISTRATOR, &["/api/staff_change", "/api/staff_reset"]),
    page("/staff/audit", ADMINISTRATOR, &[]),
];

/// Every server function.
pub const FUNCTIONS: &[Function] = &[
    writes("/api/sign_in", Access::Public),
    writes("/api/sign_out", Access::SignedIn),
    writes("/api/extend_session", Access::SignedIn),
    writes("/api/register", Access::Public),
    writes("/api/activate", Access::Public),
    writes("/api/resend_activation", Access::Public),
    writes("/api/recover_password", Access::Public),
    writes("/api/recover_login", Access::Public),
    writes("/api/replace_password", MUST_CHANGE),
    writes("/api/accept_terms", MUST_ACCEPT),
    writes("/api/change_password", FULL),
    writes("/api/end_session", FULL),
    writes("/api/choose_default_service", FULL),
    writes("/api/register_service", FULL),
    writes("/api/ask_access", Access::Public),
    writes("/api/check_token", Access::Public),
    writes("/api/redeem_token", Access::Public),
    writes("/api/staff_sign_in", Access::Public),
    writes("/api/staff_enrol", Access::Public),
    writes("/api/staff_code", Access::StaffCode),
    writes("/api/staff_sign_out", Access::StaffSignedIn),
    writes("/api/staff_extend", Access::StaffSignedIn),
    writes("/api/staff_accept", DISPATCHER),
    writes("/api/staff_accept_day", DISPATCHER),
    writes("/api/staff_reject", DISPATCHER),
    writes("/api/staff_consent", DISPATCHER),
    writes("/api/staff_decide_request", DISPATCHER),
    writes("/api/staff_refuse_request", DISPATCHER),
    writes("/api/staff_close_request", DISPATCHER),
    writes("/api/staff_reissue_token", DISPATCHER),
    writes("/api/staff_revoke_token", DISPATCHER),
    writes("/api/staff_withdraw_access", DISPATCHER),
    writes("/api/staff_change_unit", DISPATCHER),
    writes("/api/staff_invite", ADMINISTRATOR),
    writes("/api/staff_change", ADMINISTRATOR),
    writes("/api/staff_reset", ADMINISTRATOR),
    writes("/api/save_draft", Access::Producer),
    writes("/api/save_plan_form", Access::Producer),
    writes("/api/approve_plan", Access::Producer),
    writes("/api/keep_template", Access::Producer),
    writes("/api/read_plan_file", Access::Producer),
    writes("/api/import_plans", Access::Producer),
    writes("/api/keep_typed", Access::Public),
    writes("/api/set_language", Access::Public),
    writes("/api/set_theme", Access::Public),
    writes("/api/set_text_size", Access::Public),
    reads("/api/document", Access::Public),
    reads("/api/activation", Access::Public),
    reads("/api/home", FULL),
    reads("/api/contracts", FULL),
    reads("/api/payers", FULL),
    reads("/api/supply_points", FULL),
    reads("/api/invoices", FULL),
    reads("/api/invoice", FULL),
    reads("/api/account", FULL),
    reads("/api/sessions", FULL),
    reads("/api/services", FULL),
    reads("/api/plan_board", Access::Producer),
    reads("/api/plan_history", Access::Producer),
    reads("/api/staff_enrolment", Access::Public),
    reads("/api/staff_board", DISPATCHER),
    reads("/api/staff_day", DISPATCHER),
    reads("/api/staff_plan", DISPATCHER),
    reads("/api/staff_requests", DISPATCHER),
    reads("/api/staff_request", DISPATCHER),
    reads("/api/staff_units", DISPATCHER),
    reads("/api/staff_unit", DISPATCHER),
    reads("/api/staff_people", ADMINISTRATOR),
    reads("/api/staff_person", ADMINISTRATOR),
    reads("/api/staff_audit", ADMINISTRATOR),
    reads("/api/units", Access::Producer),
    reads("/api/sheet", Access::Producer),
    reads("/api/plan_source", Access::Producer),
];

/// Server functions whose forms are part of the frame of every page.
pub const ANYWHERE: &[&str] = &[
    "/api/sign_out",
    "/api/extend_session",
    "/api/staff_sign_out",
    "/api/staff_extend",
    "/api/set_language",
    "/api/set_theme",
    "/api/set_text_size",
];

/// Addresses that take files, whose requests may be larger than those of forms.
pub const UPLOADS: &[&str] = &["/plans/files", "/api/read_plan_file", "/api/import_plans"];

/// Whether an address belongs to the back office, where sessions of staff count and those of customers do not.
pub fn is_of_staff(address: &str) -> bool {
    let path = path_of(address);
    path == "/staff" || path.starts_with("/staff/") || path.starts_with("/api/staff_")
}

/// The first page of what an address belongs to: the back office, or the customers' part.
pub fn first_page(address: &str) -> &'static str {
    if is_of_staff(address) { "/staff" } else { "/" }
}

/// Where whoever wants to be at `address` signs in: staff have a sign-in of their own. From there the way leads back,
/// except to pages that are open to everybody, belong to signing in, or come first anyway. `reason` says why there is no
/// session any more.
pub fn sign_in_for(address: &str, reason: Option<&str>) -> String {
    let first = first_page(address);
    let is_inside = find_page(path_of(address)).is_some_and(|page| match page.access {
        Access::Public | Access::SignedIn | Access::StaffSignedIn | Access::StaffCode => false,
        Access::Stage(stage) => stage == Stage::Full,
        Access::Home | Access::Producer | Access::AnyStaff | Access::Staff(_) => true,
    });
    let next = (is_inside && address != first).then(|| format!("next={}", escaped(address)));
    let query: Vec<_> = reason.map(|reason| format!("reason={reason}")).into_iter().chain(next).collect();
    let sign_in = if first == "/staff" { "/staff/sign-in" } else { "/sign-in" };
    if query.is_empty() { sign_in.to_owned() } else { format!("{sign_in}?{}", query.join("&")) }
}

/// Whether whoever opens the page at `address` in order to come in is in already. A reason in the address says that the
/// portal has led there itself, maybe before the session has quite ended. One may register for somebody else.
pub fn is_in_already(address: &str, principal: &Principal) -> bool {
    let is_customer = principal.stage == Some(Stage::Full);
    let is_in = match path_of(address) {
        "/sign-in" => is_customer,
        "/staff/sign-in" => matches!(principal.staff, Some((StaffStage::Full, _))),
        _ => false,
    };
    let query = address.split_once('?').map_or("", |(_, query)| query);
    is_in && !query.split('&').any(|pair| pair.starts_with("reason="))
}

/// The path of an address: what stands before the question mark.
fn path_of(address: &str) -> &str {
    address.split_once('?').map_or(address, |(path, _)| path)
}

const fn page(path: &'static str, access: Access, forms: &'static [&'static str]) -> Page {
    Page { path, access, forms }
}

const fn reads(path: &'static str, access: Access) -> Function {
    Function { path, access, effect: Effect::Reads }
}

const fn writes(path: &'static str, access: Access) -> Function {
    Function { path, access, effect: Effect::Writes }
}

/// The page that answers at `path`, if there is one.
pub fn find_page(path: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| matches(page.path, path))
}

/// The server function that answers at `path`, if there is one.
pub fn find_function(path: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.path == path)
}

/// The function that a form of the page at `path` names, if it may: one of the page's own, or one of the frame, which
/// stands even around the news that there is no page.
pub fn find_form(path: &str, function: &str) -> Option<&'static Function> {
    let is_own = find_page(path).is_some_and(|page| page.forms.contains(&function));
    if is_own || ANYWHERE.contains(&function) { find_function(function) } else { None }
}

impl Access {
    /// What a caller gets to hear.
    pub fn verdict(self, principal: &Principal) -> Verdict {
        match self {
            Self::Public => Verdict::Allowed,
            Self::SignedIn | Self::Stage(_) | Self::Home | Self::Producer => self.verdict_for_customer(principal),
            Self::StaffSignedIn | Self::StaffCode | Self::AnyStaff | Self::Staff(_) => {
                self.verdict_for_staff(principal.staff.as_ref())
            }
        }
    }

    fn verdict_for_customer(self, principal: &Principal) -> Verdict {
        let Some(stage) = principal.stage else { return Verdict::SignIn };
        let needed = match self {
            Self::SignedIn => return Verdict::Allowed,
            Self::Stage(needed) => needed,
            _ => Stage::Full,
        };
        match self {
            _ if stage != needed => Verdict::Elsewhere(stage_page(stage)),
            Self::Home if principal.has_office => Verdict::Allowed,
            Self::Home if principal.is_producer => Verdict::Elsewhere("/plans"),
            Self::Home => Verdict::Elsewhere("/services"),
            Self::Producer if !principal.is_producer => Verdict::Elsewhere("/services"),
            _ => Verdict::Allowed,
        }
    }

    fn verdict_for_staff(self, staff: Option<&(StaffStage, Roles)>) -> Verdict {
        match (self, staff) {
            (_, None) => Verdict::StaffSignIn,
            (Self::StaffSignedIn, Some(_)) | (Self::StaffCode, Some((StaffStage::SecondStep, _))) => Verdict::Allowed,
            (Self::StaffCode, Some(_)) => Verdict::Elsewhere("/staff"),
            (_, Some((StaffStage::SecondStep, _))) => Verdict::Elsewhere("/staff/code"),
            (Self::Staff(role), Some((_, roles))) if !roles.has(role) => Verdict::Forbidden,
            _ => Verdict::Allowed,
        }
    }
}

/// The page where somebody at `stage` goes on.
pub const fn stage_page(stage: Stage) -> &'static str {
    match stage {
        // The code's own page comes with the second step; until then nobody stands at that stage.
        Stage::SecondStep => "/sign-in",
        Stage::MustChangePassword => "/password-required",
        Stage::AcceptTerms => "/accept-terms",
        Stage::Full => "/",
    }
}

/// `target` if it is an address inside this portal, else the home page. Browsers read `\` as `/`, skip control
/// characters, and take `//host` for another site, so only the plainest form passes.
pub fn safe_return(target: &str) -> &str {
    let is_inside = target.starts_with('/')
        && !target.starts_with("//")
        && target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !target.starts_with("/api/");
    if is_inside { target } else { "/" }
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(name), Some(segment)) if name.starts_with(':') && !segment.is_empty() => {}
            (Some(name), Some(segment)) if name == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_pages_with_a_variable_segment() {
        assert_eq!(find_page("/invoices/7").map(|page| page.path), Some("/invoices/:id"));
        assert_eq!(find_page("/invoices").map(|page| page.path), Some("/invoices"));
        for path in ["/invoices/", "/invoices/7/lines", "//", "/unknown", ""] {
            assert!(find_page(path).is_none(), "{path}");
        }
    }

    #[test]
    fn every_form_of_a_page_is_a_writing_function_that_its_visitors_may_call() {
        for page in PAGES {
            for form in page.forms {
                let function = find_function(form).expect("listed");
                assert_eq!(function.effect, Effect::Writes, "{form}");
                assert_eq!(function.access, page.access, "{form}");
            }
        }
    }

    fn at(stage: Stage) -> Principal {
        Principal { stage: Some(stage), has_office: true, ..Principal::default() }
    }

    fn staff(stage: StaffStage, roles: &str) -> Principal {
        Principal { staff: Some((stage, roles.parse().expect("roles"))), ..Principal::default() }
    }

    #[test]
    fn r21_a_stage_opens_only_its_own_page() {
        for stage in [Stage::SecondStep, Stage::MustChangePassword, Stage::AcceptTerms] {
            for access in [FULL, Access::Home, Access::Producer] {
                assert_eq!(access.verdict(&at(stage)), Verdict::Elsewhere(stage_page(stage)));
            }
            assert_eq!(Access::Public.verdict(&at(stage)), Verdict::Allowed);
        }
        assert_eq!(MUST_CHANGE.verdict(&at(Stage::Full)), Verdict::Elsewhere("/"));
        assert_eq!(FULL.verdict(&Principal::default()), Verdict::SignIn);
        assert_eq!(Access::SignedIn.verdict(&Principal::default()), Verdict::SignIn);
    }

    #[test]
    fn plans_are_for_producers_and_who_has_nothing_else_starts_with_them() {
        let customer = at(Stage::Full);
        assert_eq!(Access::Producer.verdict(&customer), Verdict::Elsewhere("/services"));
        assert_eq!(Access::Home.verdict(&customer), Verdict::Allowed);
        let producer = Principal { is_producer: true, has_office: false, ..at(Stage::Full) };
        assert_eq!(Access::Producer.verdict(&producer), Verdict::Allowed);
        assert_eq!(Access::Home.verdict(&producer), Verdict::Elsewhere("/plans"));
        assert_eq!(FULL.verdict(&producer), Verdict::Allowed);
        let neither = Principal { has_office: false, ..at(Stage::Full) };
        assert_eq!(Access::Home.verdict(&neither), Verdict::Elsewhere("/services"), "access was taken back");
    }

    #[test]
    fn r32_the_back_office_needs_the_second_step_and_the_role() {
        let nobody = Principal::default();
        for access in [Access::AnyStaff, Access::StaffCode, Access::StaffSignedIn, DISPATCHER, ADMINISTRATOR] {
            assert_eq!(access.verdict(&nobody), Verdict::StaffSignIn);
            assert_eq!(access.verdict(&at(Stage::Full)), Verdict::StaffSignIn, "a customer is no staff");
        }
        let half = staff(StaffStage::SecondStep, "dispatcher,administrator");
        for access in [Access::AnyStaff, DISPATCHER, ADMINISTRATOR] {
            assert_eq!(access.verdict(&half), Verdict::Elsewhere("/staff/code"));
        }
        assert_eq!(Access::StaffCode.verdict(&half), Verdict::Allowed);
        let dispatcher = staff(StaffStage::Full, "dispatcher");
        assert_eq!(DISPATCHER.verdict(&dispatcher), Verdict::Allowed);
        assert_eq!(ADMINISTRATOR.verdict(&dispatcher), Verdict::Forbidden);
        assert_eq!(Access::StaffCode.verdict(&dispatcher), Verdict::Elsewhere("/staff"));
        assert_eq!(FULL.verdict(&dispatcher), Verdict::SignIn, "staff is no customer");
    }

    #[test]
    fn r36_the_back_office_is_told_by_its_addresses() {
        for page in PAGES {
            let is_staff = !matches!(page.access, Access::Public) && is_of_staff(page.path);
            let needs_staff = Access::verdict(page.access, &Principal::default()) == Verdict::StaffSignIn;
            assert_eq!(is_staff, needs_staff, "{}", page.path);
        }
        for function in FUNCTIONS {
            let needs_staff = Access::verdict(function.access, &Principal::default()) == Verdict::StaffSignIn;
            assert!(!needs_staff || is_of_staff(function.path), "{}", function.path);
        }
    }

    #[test]
    fn whoever_has_to_sign_in_comes_back_through_the_right_door() {
        let ended = Some("ended");
        for (address, reason, target) in [
            ("/", None, "/sign-in"),
            ("/invoices?show=paid", None, "/sign-in?next=/invoices%3Fshow%3Dpaid"),
            ("/settings", ended, "/sign-in?reason=ended&next=/settings"),
            ("/staff", ended, "/staff/sign-in?reason=ended"),
            ("/staff?word=FW", None, "/staff/sign-in?next=/staff%3Fword%3DFW"),
            ("/staff/requests/7", ended, "/staff/sign-in?reason=ended&next=/staff/requests/7"),
            ("/staff/code", ended, "/staff/sign-in?reason=ended"),
            ("/password-required", ended, "/sign-in?reason=ended"),
            ("/register", ended, "/sign-in?reason=ended"),
            ("/no-such-page", None, "/sign-in"),
        ] {
            assert_eq!(sign_in_for(address, reason), target);
        }
    }

    #[test]
    fn whoever_is_in_already_has_nothing_to_do_at_the_door() {
        let (customer, dispatcher) = (at(Stage::Full), staff(StaffStage::Full, "dispatcher"));
        let producer = Principal { is_producer: true, has_office: false, ..at(Stage::Full) };
        for (address, principal, is_in) in [
            ("/sign-in", &customer, true),
            ("/sign-in?next=/invoices", &customer, true),
            ("/sign-in?reason=signed_out", &customer, false),
            ("/sign-in?reason=idle&next=/invoices", &customer, false),
            ("/register", &customer, false),
            ("/sign-in", &producer, true),
            ("/register/done", &customer, false),
            ("/recover/password", &customer, false),
            ("/staff/sign-in", &customer, false),
            ("/staff/sign-in", &dispatcher, true),
            ("/staff/sign-in?reason=enrolled", &dispatcher, false),
            ("/sign-in", &dispatcher, false),
            ("/sign-in", &Principal::default(), false),
        ] {
            assert_eq!(is_in_already(address, principal), is_in, "{address}");
        }
        for stage in [Stage::SecondStep, Stage::MustChangePassword, Stage::AcceptTerms] {
            assert!(!is_in_already("/sign-in", &at(stage)));
        }
        assert!(!is_in_already("/staff/sign-in", &staff(StaffStage::SecondStep, "dispatcher")));
    }

    #[test]
    fn r47_a_return_address_stays_inside_the_portal() {
        for inside in ["/", "/invoices", "/invoices/0190?after=2026-01-01_x", "/settings#sessions"] {
            assert_eq!(safe_return(inside), inside);
        }
        let outside = [
            "",
            "//evil.example",
            "///evil.example",
            "////evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "http:evil.example",
            "HTTPS://evil.example",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "evil.example",
            "./x",
            "../x",
            "?next=/",
            "#x",
            " /x",
            "/ x",
            "/x\n",
            "/x\r\nSet-Cookie: a=b",
            "\t/x",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r/evil.example",
            "/\0/evil.example",
            "/x\\..\\..\\evil",
            "/\u{2028}/evil.example",
            "/\u{3002}evil.example",
            "/é",
            "//evil.example@openbok.org",
            "//openbok.org@evil.example",
            "https:/evil.example",
            "https:///evil.example",
            "https:\\\\evil.example",
            "ftp://evil.example",
            "mailto:a@evil.example",
            "blob:https://evil.example",
            "file:///etc/passwd",
            "//[::1]/",
            "//127.1/",
            "//%65vil.example",
            "/\u{FF0F}evil.example",
            "\u{FEFF}/x",
            "\u{a0}//evil.example",
            "/api/sign_out",
            "/api/x",
            "view-source:https://evil.example",
        ];
        assert!(outside.len() >= 50);
        for target in outside {
            assert_eq!(safe_return(target), "/", "{target:?}");
        }
    }
}
