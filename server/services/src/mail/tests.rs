//! Every letter as its recipient gets it, in every language. A change of words or layout shows as a changed snapshot; look
//! at it, then accept it with `INSTA_UPDATE=always`.

use openbok_domain::{Date, Lang, LockoutScope, Operator};
use openbok_locales::format;

use super::letters::{
    access_refused, access_withdrawn, account_exists, activation, invitation, locked, login_reminder,
    one_time_password, password_changed, password_reset, plan_rejected, plan_reminder, staff_enrolment, staff_locked,
    unlocked,
};
use super::{Letter, render};
use crate::testing;

const CODE: &str = "K7QX-2M9D-HV4T-PB8R";
const SIGN_IN: &str = "https://mojbok.localhost/sign-in";

/// The operator of the tests, with an address below its letters.
fn operator() -> Operator {
    let mut operator = (*testing::operator("mojbok")).clone();
    operator.contact.address = Some("ul. Polna 7, 00-622 Warszawa".to_owned());
    operator
}

/// Compares a letter in every language, text and HTML, with what it was.
fn expect(name: &str, letter: impl Fn(Lang) -> Letter) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for &lang in Lang::ALL {
            let mail = render(&operator(), lang, "jan@example.com", &letter(lang));
            let head = format!("From: {}\nTo: {}\nSubject: {}", mail.from_name, mail.to, mail.subject);
            insta::assert_snapshot!(format!("{name}_{lang}.txt"), format!("{head}\n\n{}", mail.text));
            insta::assert_snapshot!(format!("{name}_{lang}.html"), mail.html);
        }
    });
}

#[test]
fn activation_says_where_to_confirm_the_address() {
    let link = "https://mojbok.localhost/activate?token=dG9rZW4";
    expect("activation", |lang| activation(&operator(), lang, link));
}

#[test]
fn one_time_password_says_what_to_sign_in_with_first() {
    expect("one_time_password", |lang| one_time_password(&operator(), lang, CODE, SIGN_IN));
}

#[test]
fn password_reset_says_what_to_sign_in_with_instead() {
    expect("password_reset", |lang| password_reset(&operator(), lang, CODE, SIGN_IN));
}

#[test]
fn login_reminder_lists_one_login_or_several() {
    let logins = ["anna".to_owned(), "440••••••59".to_owned()];
    expect("login_reminder", |lang| login_reminder(&operator(), lang, &logins, SIGN_IN));
    expect("login_reminder_of_one", |lang| login_reminder(&operator(), lang, &logins[..1], SIGN_IN));
}

#[test]
fn locked_says_what_is_locked_and_how_it_comes_back() {
    expect("locked", |lang| locked(&operator(), lang));
    let mut strict = operator();
    strict.lockout.scope = LockoutScope::Account;
    expect("locked_account", |lang| locked(&strict, lang));
}

#[test]
fn unlocked_leads_back_to_the_sign_in() {
    expect("unlocked", |lang| unlocked(&operator(), lang, SIGN_IN));
}

#[test]
fn password_changed_says_what_to_do_when_it_was_somebody_else() {
    expect("password_changed", |lang| password_changed(&operator(), lang, SIGN_IN));
}

#[test]
fn account_exists_says_that_there_is_an_account_already() {
    expect("account_exists", |lang| account_exists(&operator(), lang, SIGN_IN));
}

#[test]
fn invitation_says_the_token_and_both_ways_to_use_it() {
    let (token, link) = ("K7QX-2M9D-HV4T-PB8R-3N6W-YC5J", "https://pgb.localhost/invitation");
    expect("invitation", |lang| invitation(&operator(), lang, "Piekarnia Kłos", token, link));
}

#[test]
fn access_refused_says_whom_to_ask() {
    expect("access_refused", |lang| access_refused(&operator(), lang));
}

#[test]
fn access_withdrawn_says_for_which_company_and_whom_to_ask() {
    expect("access_withdrawn", |lang| access_withdrawn(&operator(), lang, "Piekarnia Kłos"));
}

#[test]
fn staff_enrolment_says_what_the_link_is_for() {
    let link = "https://pgb.localhost/staff/enrol?token=dG9rZW4";
    expect("staff_enrolment", |lang| staff_enrolment(&operator(), lang, link));
}

#[test]
fn staff_locked_says_that_it_opens_by_itself_and_where_it_is_open() {
    expect("staff_locked", |lang| staff_locked(&operator(), lang));
    let mut strict = operator();
    strict.lockout.scope = LockoutScope::Account;
    expect("staff_locked_account", |lang| staff_locked(&strict, lang));
}

/// A day as letters call it.
fn day(lang: Lang) -> String {
    format::date_long(Date::new(2026, 11, 22).unwrap(), lang)
}

#[test]
fn plan_reminder_lists_the_units_and_says_until_when() {
    let units = ["FW-1 Farma Łąki".to_owned(), "FW-2 Farma Zdrój".to_owned()];
    let link = "https://pgb.localhost/plans";
    expect("plan_reminder", |lang| plan_reminder(&operator(), lang, &day(lang), "21.11.2026 10:00", &units, link));
}

#[test]
fn plan_rejected_lists_the_reasons() {
    let reasons = ["PPLAN 12–13: ponad moc przyłącza".to_owned(), "Proszę o telefon".to_owned()];
    let link = "https://pgb.localhost/plans/FW-1/2026-11-22";
    expect("plan_rejected", |lang| plan_rejected(&operator(), lang, "FW-1", &day(lang), &reasons, link));
}

#[test]
fn what_somebody_typed_cannot_become_markup() {
    let logins = ["<script>alert(1)</script>".to_owned()];
    let mail =
        render(&operator(), Lang::Pl, "jan@example.com", &login_reminder(&operator(), Lang::Pl, &logins, SIGN_IN));
    assert!(!mail.html.contains("<script>") && mail.html.contains("alert(1)"), "{}", mail.html);
    assert!(mail.text.contains(&logins[0]), "plain text is plain");
}

#[test]
fn r61_names_and_subjects_are_one_line() {
    let evil = "Polana\r\nBcc: eve@example.com";
    let operator = Operator { name: evil.to_owned(), ..operator() };
    let letter = Letter { subject: evil.to_owned(), ..unlocked(&operator, Lang::Pl, SIGN_IN) };
    let mail = render(&operator, Lang::Pl, "jan@example.com", &letter);
    assert_eq!([mail.from_name, mail.subject], ["Polana Bcc: eve@example.com"; 2]);
}
