//! The letters, one function each. Their words are in the catalogue's area `mails`.

use std::time::Duration;

use openbok_domain::{Lang, LockoutScope, Operator};
use openbok_locales::mails;

use super::Letter;
use crate::activation::LINK_LIFE;
use crate::producers::INVITATION_LIFE;
use crate::recovery::RESET_LIFE;
use crate::staff::{ENROLMENT_LIFE, LOCK};

fn hours(life: Duration) -> i64 {
    minutes(life) / 60
}

fn minutes(life: Duration) -> i64 {
    i64::try_from(life.as_secs() / 60).expect("what works for days at most")
}

/// Link to confirm the e-mail address of a new account.
pub(crate) fn activation(operator: &Operator, lang: Lang, link: &str) -> Letter {
    Letter {
        kind: "activation",
        subject: mails::ACTIVATION_SUBJECT.get(lang).to_owned(),
        heading: mails::ACTIVATION_HEADING.get(lang).to_owned(),
        paragraphs: vec![
            mails::activation_text(lang, &operator.name),
            mails::activation_validity(lang, hours(LINK_LIFE)),
        ],
        code: None,
        items: Vec::new(),
        action: Some((mails::ACTIVATION_ACTION.get(lang).to_owned(), link.to_owned())),
        notes: vec![mails::ACTIVATION_NOTE.get(lang).to_owned(), mails::SPAM_HINT.get(lang).to_owned()],
    }
}

/// One-time password of an account that was just activated.
pub(crate) fn one_time_password(operator: &Operator, lang: Lang, code: &str, sign_in: &str) -> Letter {
    Letter {
        kind: "one_time_password",
        subject: mails::ONE_TIME_PASSWORD_SUBJECT.get(lang).to_owned(),
        heading: mails::ONE_TIME_PASSWORD_HEADING.get(lang).to_owned(),
        paragraphs: vec![
            mails::one_time_password_text(lang, &operator.name),
            mails::one_time_password_validity(lang, hours(LINK_LIFE)),
        ],
        code: Some(code.to_owned()),
        items: Vec::new(),
        action: Some((mails::ONE_TIME_PASSWORD_ACTION.get(lang).to_owned(), sign_in.to_owned())),
        notes: vec![mails::ONE_TIME_PASSWORD_NOTE.get(lang).to_owned(), mails::NEVER_ASKED.get(lang).to_owned()],
    }
}

/// One-time password for somebody who forgot the own one.
pub(crate) fn password_reset(operator: &Operator, lang: Lang, code: &str, sign_in: &str) -> Letter {
    Letter {
        kind: "password_reset",
        subject: mails::PASSWORD_RESET_SUBJECT.get(lang).to_owned(),
        heading: mails::PASSWORD_RESET_HEADING.get(lang).to_owned(),
        paragraphs: vec![
            mails::password_reset_text(lang, &operator.name),
            mails::password_reset_validity(lang, minutes(RESET_LIFE)),
        ],
        code: Some(code.to_owned()),
        items: Vec::new(),
        action: Some((mails::PASSWORD_RESET_ACTION.get(lang).to_owned(), sign_in.to_owned())),
        notes: vec![mails::PASSWORD_RESET_NOTE.get(lang).to_owned(), mails::NEVER_ASKED.get(lang).to_owned()],
    }
}

/// All logins of an address, tax numbers masked.
pub(crate) fn login_reminder(operator: &Operator, lang: Lang, logins: &[String], sign_in: &str) -> Letter {
    let count = i64::try_from(logins.len()).unwrap_or(i64::MAX);
    Letter {
        kind: "login_reminder",
        subject: mails::LOGIN_REMINDER_SUBJECT.get(lang).to_owned(),
        heading: mails::LOGIN_REMINDER_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::login_reminder_text(lang, count, &operator.name)],
        code: None,
        items: logins.to_vec(),
        action: Some((mails::LOGIN_REMINDER_ACTION.get(lang).to_owned(), sign_in.to_owned())),
        notes: vec![mails::LOGIN_REMINDER_MASKED.get(lang).to_owned(), mails::LOGIN_REMINDER_NOTE.get(lang).to_owned()],
    }
}

/// Five wrong passwords locked the account.
pub(crate) fn locked(operator: &Operator, lang: Lang) -> Letter {
    let text = match operator.lockout.scope {
        LockoutScope::Device => mails::locked_text_strangers(lang, &operator.name),
        LockoutScope::Account => mails::locked_text(lang, &operator.name),
    };
    Letter {
        kind: "locked",
        subject: mails::LOCKED_SUBJECT.get(lang).to_owned(),
        heading: mails::LOCKED_HEADING.get(lang).to_owned(),
        paragraphs: vec![text, mails::locked_unlock_staff(lang, &operator.contact.phone)],
        code: None,
        items: Vec::new(),
        action: None,
        notes: vec![mails::LOCKED_NOTE.get(lang).to_owned()],
    }
}

/// The staff unlocked the account.
pub(crate) fn unlocked(operator: &Operator, lang: Lang, sign_in: &str) -> Letter {
    Letter {
        kind: "unlocked",
        subject: mails::UNLOCKED_SUBJECT.get(lang).to_owned(),
        heading: mails::UNLOCKED_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::unlocked_text(lang, &operator.name)],
        code: None,
        items: Vec::new(),
        action: Some((mails::UNLOCKED_ACTION.get(lang).to_owned(), sign_in.to_owned())),
        notes: vec![mails::unlocked_note(lang, &operator.contact.phone)],
    }
}

/// The password was changed.
pub(crate) fn password_changed(operator: &Operator, lang: Lang, sign_in: &str) -> Letter {
    let recover = sign_in.replace("/sign-in", "/recover/password");
    Letter {
        kind: "password_changed",
        subject: mails::PASSWORD_CHANGED_SUBJECT.get(lang).to_owned(),
        heading: mails::PASSWORD_CHANGED_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::password_changed_text(lang, &operator.name)],
        code: None,
        items: Vec::new(),
        action: Some((mails::PASSWORD_CHANGED_ACTION.get(lang).to_owned(), recover)),
        notes: vec![mails::password_changed_note(lang, &operator.contact.phone)],
    }
}

/// Somebody registered with the data of a customer who has an account.
pub(crate) fn account_exists(operator: &Operator, lang: Lang, sign_in: &str) -> Letter {
    Letter {
        kind: "account_exists",
        subject: mails::ACCOUNT_EXISTS_SUBJECT.get(lang).to_owned(),
        heading: mails::ACCOUNT_EXISTS_HEADING.get(lang).to_owned(),
        paragraphs: vec![
            mails::account_exists_text(lang, &operator.name),
            mails::ACCOUNT_EXISTS_WHAT_NEXT.get(lang).to_owned(),
        ],
        code: None,
        items: Vec::new(),
        action: Some((mails::ACCOUNT_EXISTS_ACTION.get(lang).to_owned(), sign_in.to_owned())),
        notes: vec![mails::account_exists_note(lang, &operator.contact.phone)],
    }
}

/// A producer's way in: the token and the page that asks for it.
pub(crate) fn invitation(operator: &Operator, lang: Lang, company: &str, token: &str, link: &str) -> Letter {
    Letter {
        kind: "invitation",
        subject: mails::INVITATION_SUBJECT.get(lang).to_owned(),
        heading: mails::INVITATION_HEADING.get(lang).to_owned(),
        paragraphs: vec![
            mails::invitation_text(lang, company, &operator.name),
            mails::INVITATION_HAS_ACCOUNT.get(lang).to_owned(),
            mails::invitation_validity(lang, hours(INVITATION_LIFE) / 24),
        ],
        code: Some(token.to_owned()),
        items: Vec::new(),
        action: Some((mails::INVITATION_ACTION.get(lang).to_owned(), link.to_owned())),
        notes: vec![mails::INVITATION_NOTE.get(lang).to_owned()],
    }
}

/// Access was not granted.
pub(crate) fn access_refused(operator: &Operator, lang: Lang) -> Letter {
    Letter {
        kind: "access_refused",
        subject: mails::ACCESS_REFUSED_SUBJECT.get(lang).to_owned(),
        heading: mails::ACCESS_REFUSED_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::access_refused_text(lang, &operator.name)],
        code: None,
        items: Vec::new(),
        action: None,
        notes: vec![mails::access_refused_note(lang, &operator.contact.phone)],
    }
}

/// Access was granted, and is taken back.
pub(crate) fn access_withdrawn(operator: &Operator, lang: Lang, company: &str) -> Letter {
    Letter {
        kind: "access_withdrawn",
        subject: mails::access_withdrawn_subject(lang, company),
        heading: mails::ACCESS_WITHDRAWN_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::access_withdrawn_text(lang, company, &operator.name)],
        code: None,
        items: Vec::new(),
        action: None,
        notes: vec![mails::access_refused_note(lang, &operator.contact.phone)],
    }
}

/// A new member's way into the back office.
pub(crate) fn staff_enrolment(operator: &Operator, lang: Lang, link: &str) -> Letter {
    Letter {
        kind: "staff_enrolment",
        subject: mails::STAFF_ENROLMENT_SUBJECT.get(lang).to_owned(),
        heading: mails::STAFF_ENROLMENT_HEADING.get(lang).to_owned(),
        paragraphs: vec![
            mails::staff_enrolment_text(lang, &operator.name),
            mails::staff_enrolment_validity(lang, hours(ENROLMENT_LIFE) / 24),
        ],
        code: None,
        items: Vec::new(),
        action: Some((mails::STAFF_ENROLMENT_ACTION.get(lang).to_owned(), link.to_owned())),
        notes: vec![mails::STAFF_ENROLMENT_NOTE.get(lang).to_owned()],
    }
}

/// Five wrong passwords locked the sign-in of a member of staff.
pub(crate) fn staff_locked(operator: &Operator, lang: Lang) -> Letter {
    let mut paragraphs =
        vec![mails::staff_locked_text(lang, &operator.name), mails::staff_locked_validity(lang, minutes(LOCK))];
    if operator.lockout.scope == LockoutScope::Device {
        paragraphs.push(mails::STAFF_LOCKED_DEVICES.get(lang).to_owned());
    }
    Letter {
        kind: "staff_locked",
        subject: mails::STAFF_LOCKED_SUBJECT.get(lang).to_owned(),
        heading: mails::LOCKED_HEADING.get(lang).to_owned(),
        paragraphs,
        code: None,
        items: Vec::new(),
        action: None,
        notes: vec![mails::STAFF_LOCKED_NOTE.get(lang).to_owned()],
    }
}

/// The gate for a day closes soon and plans are missing.
pub(crate) fn plan_reminder(
    operator: &Operator,
    lang: Lang,
    day: &str,
    until: &str,
    units: &[String],
    link: &str,
) -> Letter {
    Letter {
        kind: "plan_reminder",
        subject: mails::plan_reminder_subject(lang, day),
        heading: mails::PLAN_REMINDER_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::plan_reminder_text(lang, day, &operator.name, until)],
        code: None,
        items: units.to_vec(),
        action: Some((mails::PLAN_REMINDER_ACTION.get(lang).to_owned(), link.to_owned())),
        notes: vec![mails::plan_reminder_note(lang, &operator.contact.phone)],
    }
}

/// The operator decided about a version.
pub(crate) fn plan_rejected(
    operator: &Operator,
    lang: Lang,
    unit: &str,
    day: &str,
    reasons: &[String],
    link: &str,
) -> Letter {
    Letter {
        kind: "plan_rejected",
        subject: mails::plan_rejected_subject(lang, day, unit),
        heading: mails::PLAN_REJECTED_HEADING.get(lang).to_owned(),
        paragraphs: vec![mails::plan_rejected_text(lang, day, &operator.name, unit)],
        code: None,
        items: reasons.to_vec(),
        action: Some((mails::PLAN_REJECTED_ACTION.get(lang).to_owned(), link.to_owned())),
        notes: vec![mails::plan_rejected_note(lang, &operator.contact.phone)],
    }
}
