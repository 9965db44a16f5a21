//! Profiles as an administrator writes them.

use super::*;
use crate::contrast_ratio;

const PROFILE: &str = r##"
slug = "mojbok"
name = "Polana Energia"
hosts = ["mojbok.localhost"]
languages = ["pl", "uk"]
time_zone = "Europe/Warsaw"
currency = "PLN"
country = "PL"
commodities = ["electricity", "gas"]
wizards = ["contract"]
modules = ["invoices"]

[contact]
phone = "+48 22 000 00 00"
hours = { pl = "pon.–pt. 8–18", uk = "пн–пт 8–18" }
email = "bok@polana.example"
outage_phone = "991"

[theme]
accent = "#0b57a4"
logo = "mojbok.svg"

[sign_in]
login = "name"
second_step = "off"
allow_tax_id_login = true

[lockout]
scope = "device"
unlock = "staff"

[password]
policy = "classic"

[recovery]
password = "one_time_password"

[session]
idle_minutes = 15
absolute_hours = 12
most = 5

[terms]
version = "2026-01"
[terms.text]
pl = "# Regulamin"
uk = "# Правила"

[cookies.text]
pl = "Ciasteczka"
uk = "Файли cookie"

[privacy.text]
pl = "Prywatność"
uk = "Приватність"

[accessibility.text]
pl = "Dostępność"
uk = "Доступність"
"##;

/// The profile with one piece of text replaced.
fn profile(from: &str, to: &str) -> Result<Operator, toml::de::Error> {
    assert!(PROFILE.contains(from), "{from}");
    toml::from_str(&PROFILE.replacen(from, to, 1))
}

/// The keys that are wrong after one piece of text is replaced.
fn wrong_keys(from: &str, to: &str) -> Vec<String> {
    let faults = profile(from, to).unwrap().validate().err().unwrap_or_default();
    faults.into_iter().map(|fault| fault.key).collect()
}

fn operator() -> Operator {
    toml::from_str(PROFILE).unwrap()
}

#[test]
fn reads_a_complete_profile() {
    let operator = operator();
    assert_eq!(operator.validate(), Ok(()));
    assert_eq!(operator.slug.as_str(), "mojbok");
    assert_eq!(operator.default_language(), Lang::Pl);
    assert_eq!(operator.terms.text.get(Lang::Uk), "# Правила");
    assert_eq!(operator.lockout.unlock_by(), UnlockBy::Staff);
}

#[test]
fn refuses_keys_and_words_it_does_not_know() {
    for (from, to) in [
        ("currency =", "curency ="),
        ("phone =", "fone ="),
        ("most = 5", "most = 5\nleast = 1"),
        ("wizards = [\"contract\"]", "wizards = [\"magic\"]"),
        ("policy = \"classic\"", "policy = \"lax\""),
        ("uk = \"# Правила\"", "ua = \"# Правила\""),
        ("slug = \"mojbok\"", "slug = \"Moj BOK\""),
        ("#0b57a4", "blue"),
    ] {
        assert!(profile(from, to).is_err(), "{to}");
    }
}

#[test]
fn names_the_key_of_every_mistake() {
    for (from, to, key) in [
        ("Polana Energia", " ", "name"),
        ("[\"mojbok.localhost\"]", "[]", "hosts"),
        ("mojbok.localhost", "Mojbok.localhost", "hosts"),
        ("mojbok.localhost", "mojbok.localhost:3000", "hosts"),
        ("[\"mojbok.localhost\"]", "[\"a.b\", \"a.b\"]", "hosts"),
        ("[\"pl\", \"uk\"]", "[]", "languages"),
        ("[\"pl\", \"uk\"]", "[\"pl\", \"pl\"]", "languages"),
        ("Europe/Warsaw", "Warsaw time", "time_zone"),
        ("[\"electricity\", \"gas\"]", "[]", "commodities"),
        ("+48 22 000 00 00", "call us", "contact.phone"),
        ("\"991\"", "\"\"", "contact.outage_phone"),
        ("bok@polana.example", "polana.example", "contact.email"),
        ("email =", "website = \"http://polana.example\"\nemail =", "contact.website"),
        ("mojbok.svg", "../mojbok.svg", "theme.logo"),
        ("mojbok.svg", "mojbok.html", "theme.logo"),
        ("unlock = \"staff\"", "unlock = \"staff\"\nminutes = 30", "lockout.minutes"),
        ("idle_minutes = 15", "idle_minutes = 2", "session.idle_minutes"),
        ("absolute_hours = 12", "absolute_hours = 0", "session.absolute_hours"),
        ("most = 5", "most = 0", "session.most"),
        ("2026-01", "", "terms.version"),
        ("uk = \"# Правила\"", "", "terms.text.uk"),
        ("pl = \"Prywatność\"", "pl = \" \"", "privacy.text.pl"),
        ("uk = \"пн–пт 8–18\"", "en = \"8–18\"", "contact.hours.uk"),
    ] {
        assert_eq!(wrong_keys(from, to), [key], "{to}");
    }
}

#[test]
fn refuses_what_this_release_would_promise_in_vain() {
    for (from, to, key) in [
        ("second_step = \"off\"", "second_step = \"optional\"", "sign_in.second_step"),
        ("second_step = \"off\"", "second_step = \"required\"", "sign_in.second_step"),
        ("unlock = \"staff\"", "unlock = \"mail\"", "lockout.unlock"),
        ("\"one_time_password\"", "\"link\"", "recovery.password"),
        ("[\"invoices\"]", "[\"invoices\", \"payments\"]", "modules"),
        ("[\"invoices\"]", "[]", "modules"),
        ("[terms]", "[readings]\nwindow_from_day = 28\nwindow_to_day = 3\n[terms]", "readings"),
        ("[terms]", "[plans]\ngate_closure = \"10:00\"\n[terms]", "plans"),
    ] {
        assert_eq!(wrong_keys(from, to), [key], "{to}");
    }
}

#[test]
fn reads_how_a_locked_account_comes_back() {
    let by_time = profile("unlock = \"staff\"", "unlock = \"time\"\nminutes = 30").unwrap();
    assert_eq!(by_time.lockout.unlock_by(), UnlockBy::Time { minutes: 30 });
    let by_mail = profile("unlock = \"staff\"", "unlock = \"mail\"").unwrap();
    assert_eq!(by_mail.lockout.unlock_by(), UnlockBy::Mail);
}

#[test]
fn r02_the_nist_policy_is_shorter_only_where_everybody_has_a_second_step() {
    for (second_step, is_enough) in
        [(SecondStep::Off, false), (SecondStep::Optional, false), (SecondStep::Required, true)]
    {
        let mut operator = operator();
        operator.password.policy = PolicyName::Nist;
        operator.sign_in.second_step = second_step;
        assert_eq!(operator.password_policy(), PasswordPolicy::Nist { second_step: is_enough });
    }
}

#[test]
fn the_gate_closes_at_a_time_of_the_day() {
    let operator = profile("[terms]", "[plans]\ngate_closure = \"10:00\"\n[terms]").unwrap();
    assert_eq!(operator.plans.unwrap().gate_closure.hour(), 10);
}

#[test]
fn the_view_survives_the_wire() {
    let view = OperatorView::from(&operator());
    let wire = serde_json::to_string(&view).unwrap();
    assert_eq!(serde_json::from_str::<OperatorView>(&wire).unwrap(), view);
    assert!(!wire.contains("Regulamin"), "long texts stay on the server");
}

#[test]
fn every_accent_can_be_read_in_both_themes() {
    for accent in ["#0b57a4", "#ffcc00", "#ffffff", "#000000", "#777777", "#d6006d"] {
        let theme = profile("#0b57a4", accent).unwrap().theme;
        for (palette, grounds) in
            [(theme.light(), [LIGHT_GROUND, Colour::WHITE]), (theme.dark(), [DARK_GROUND, Colour::BLACK])]
        {
            assert!(contrast_ratio(palette.accent_text, palette.accent) >= 4.5, "{accent}");
            for ground in grounds {
                assert!(contrast_ratio(palette.accent, ground) >= 4.5, "{accent} on {ground}");
            }
        }
    }
}
