//! What a profile that can be read may still have wrong.

use super::{LocalText, Module, Operator, PasswordRecovery, SecondStep, Unlock, Wizard};
use crate::EmailAddress;
use std::{collections::BTreeSet, fmt};

/// One mistake in a profile, for whoever runs the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorFault {
    /// The key with its table, e.g. `lockout.minutes`.
    pub key: String,
    /// What is wrong with it, in English like the rest of the command line.
    pub reason: &'static str,
}

impl fmt::Display for OperatorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.reason)
    }
}

/// The mistakes found so far.
#[derive(Default)]
struct Faults(Vec<OperatorFault>);

impl Faults {
    fn expect(&mut self, is_right: bool, key: &str, reason: &'static str) {
        if !is_right {
            self.0.push(OperatorFault { key: key.to_owned(), reason });
        }
    }
}

impl Operator {
    /// Every mistake at once. What one key's form can tell (the slug, colours, words of a list) is refused already while
    /// the file is read, with its line.
    pub fn validate(&self) -> Result<(), Vec<OperatorFault>> {
        let mut faults = Faults::default();
        self.check_identity(&mut faults);
        self.check_contact_and_theme(&mut faults);
        self.check_rules(&mut faults);
        self.check_promises(&mut faults);
        self.check_texts(&mut faults);
        if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
    }

    fn check_identity(&self, faults: &mut Faults) {
        faults.expect(!self.name.trim().is_empty(), "name", "is empty");
        faults.expect(!self.hosts.is_empty(), "hosts", "names no host");
        faults.expect(
            self.hosts.iter().all(|host| is_host(host)),
            "hosts",
            "has one that is not a lower-case host name without a port",
        );
        faults.expect(is_each_once(&self.hosts), "hosts", "names one twice");
        faults.expect(!self.languages.is_empty(), "languages", "names no language");
        faults.expect(is_each_once(&self.languages), "languages", "names one twice");
        faults.expect(is_zone(&self.time_zone), "time_zone", "is not an IANA time zone");
        faults.expect(!self.commodities.is_empty(), "commodities", "names no commodity");
        faults.expect(is_each_once(&self.commodities), "commodities", "names one twice");
        faults.expect(is_each_once(&self.wizards), "wizards", "names one twice");
    }

    fn check_contact_and_theme(&self, faults: &mut Faults) {
        let contact = &self.contact;
        faults.expect(is_phone(&contact.phone), "contact.phone", "is not a telephone number");
        faults.expect(
            contact.outage_phone.as_deref().is_none_or(is_phone),
            "contact.outage_phone",
            "is not a telephone number",
        );
        faults.expect(EmailAddress::parse(&contact.email).is_ok(), "contact.email", "is not an e-mail address");
        let is_https = |website: &str| website.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        faults.expect(
            contact.website.as_deref().is_none_or(is_https),
            "contact.website",
            "does not start with https://",
        );
        faults.expect(
            self.theme.logo.as_deref().is_none_or(is_logo),
            "theme.logo",
            "is not the name of an .svg or .png file beside the profile",
        );
    }

    fn check_rules(&self, faults: &mut Faults) {
        faults.expect(self.lockout.minutes.is_none(), "lockout.minutes", "means something only with unlock = \"time\"");
        let session = &self.session;
        // The warning stands for the last two minutes.
        faults.expect((3..=60).contains(&session.idle_minutes), "session.idle_minutes", "is not 3 to 60");
        faults.expect((1..=24).contains(&session.absolute_hours), "session.absolute_hours", "is not 1 to 24");
        faults.expect(session.most > 0, "session.most", "allows no session");
    }

    /// What profiles have words for, but this release does not do: a portal must not promise it.
    fn check_promises(&self, faults: &mut Faults) {
        let sign_in = &self.sign_in;
        faults.expect(
            sign_in.second_step == SecondStep::Off,
            "sign_in.second_step",
            "is not in this release; it has only \"off\"",
        );
        faults.expect(
            self.lockout.unlock == Unlock::Staff,
            "lockout.unlock",
            "is not in this release; it has only \"staff\"",
        );
        faults.expect(
            self.recovery.password == PasswordRecovery::OneTimePassword,
            "recovery.password",
            "is not in this release; it has only \"one_time_password\"",
        );
        faults.expect(!self.modules.is_empty(), "modules", "names none");
        faults.expect(is_each_once(&self.modules), "modules", "names one twice");
        faults.expect(
            self.modules.iter().all(|module| matches!(module, Module::Invoices | Module::Plans)),
            "modules",
            "has one that is not in this release; it has \"invoices\" and \"plans\"",
        );
        faults.expect(
            self.has_planning() == self.plans.is_some(),
            "plans",
            "belongs to the module \"plans\", and that needs it",
        );
        if let Some(plans) = &self.plans {
            let gate = u16::from(plans.gate_closure.hour()) * 60 + u16::from(plans.gate_closure.minute());
            faults.expect(
                (1..=gate).contains(&plans.reminder_minutes),
                "plans.reminder_minutes",
                "is not between 1 and the minutes from midnight to gate closure",
            );
        }
        faults.expect(
            self.wizards.contains(&Wizard::Invitation) == self.has_planning(),
            "wizards",
            "has \"invitation\" without the module \"plans\", or lacks it beside that module",
        );
        faults.expect(self.readings.is_none(), "readings", "is not in this release");
    }

    fn check_texts(&self, faults: &mut Faults) {
        faults.expect(!self.terms.version.trim().is_empty(), "terms.version", "is empty");
        let texts: [(&str, &LocalText); 5] = [
            ("contact.hours", &self.contact.hours),
            ("terms.text", &self.terms.text),
            ("cookies.text", &self.cookies.text),
            ("privacy.text", &self.privacy.text),
            ("accessibility.text", &self.accessibility.text),
        ];
        for (key, text) in texts {
            for lang in &self.languages {
                faults.expect(text.has(*lang), &format!("{key}.{lang}"), "is missing or empty");
            }
        }
    }
}

fn is_each_once<T: Ord>(values: &[T]) -> bool {
    values.iter().collect::<BTreeSet<_>>().len() == values.len()
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Where the zones themselves are known, the name must be one of them; elsewhere it must only look like one.
fn is_zone(name: &str) -> bool {
    #[cfg(feature = "calendar")]
    return crate::calendar::is_known_zone(name);
    #[cfg(not(feature = "calendar"))]
    return name.split('/').count() > 1 && !name.contains(char::is_whitespace);
}

fn is_phone(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+ -()".contains(&byte))
}

fn is_logo(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    name.rsplit_once('.')
        .is_some_and(|(stem, kind)| !stem.is_empty() && stem.bytes().all(is_plain) && matches!(kind, "svg" | "png"))
}
