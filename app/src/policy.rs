//! Who may open which page and call which server function. Whatever is not in these tables does not exist.
//!
//! The server enforces the tables before any page code runs; a census test keeps them equal to what is really there.

use openbok_domain::Stage;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody whose password was accepted, whatever is still to be done.
    SignedIn,
    /// Whoever stands at exactly this stage of signing in.
    Stage(Stage),
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
    /// Something else has to be done first, on this page.
    Elsewhere(&'static str),
}

const FULL: Access = Access::Stage(Stage::Full);
const MUST_CHANGE: Access = Access::Stage(Stage::MustChangePassword);
const MUST_ACCEPT: Access = Access::Stage(Stage::AcceptTerms);

/// Every page.
pub const PAGES: &[Page] = &[
    page("/", FULL, &[]),
    page("/contracts", FULL, &[]),
    page("/payers", FULL, &[]),
    page("/supply-points", FULL, &[]),
    page("/invoices", FULL, &[]),
    page("/invoices/:id", FULL, &[]),
    page("/settings", FULL, &["/api/change_password", "/api/end_session"]),
    page("/more", FULL, &[]),
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
];

/// Server functions whose forms are part of the frame of every page.
pub const ANYWHERE: &[&str] =
    &["/api/sign_out", "/api/extend_session", "/api/set_language", "/api/set_theme", "/api/set_text_size"];

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
    /// What a caller at `stage` gets to hear; no stage means no session.
    pub fn verdict(self, stage: Option<Stage>) -> Verdict {
        match (self, stage) {
            (Self::Public, _) | (Self::SignedIn, Some(_)) => Verdict::Allowed,
            (_, None) => Verdict::SignIn,
            (Self::Stage(needed), Some(stage)) if needed == stage => Verdict::Allowed,
            (_, Some(stage)) => Verdict::Elsewhere(stage_page(stage)),
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

    #[test]
    fn r21_a_stage_opens_only_its_own_page() {
        for stage in [Stage::SecondStep, Stage::MustChangePassword, Stage::AcceptTerms] {
            assert_eq!(FULL.verdict(Some(stage)), Verdict::Elsewhere(stage_page(stage)));
            assert_eq!(Access::Public.verdict(Some(stage)), Verdict::Allowed);
        }
        assert_eq!(MUST_CHANGE.verdict(Some(Stage::Full)), Verdict::Elsewhere("/"));
        assert_eq!(FULL.verdict(None), Verdict::SignIn);
        assert_eq!(Access::SignedIn.verdict(None), Verdict::SignIn);
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
