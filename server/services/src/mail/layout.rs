//! The one layout of all mails: heading, paragraphs, at most one code and one button, the operator's contact below.

use askama::Template;
use openbok_domain::{Lang, Operator};
use openbok_locales::mails;

use super::MailMessage;

/// What a mail says. One subject, one action.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// Which mail it is.
    pub kind: &'static str,
    /// Subject, without the operator's name.
    pub subject: String,
    /// First line of the body.
    pub heading: String,
    /// What it is about.
    pub paragraphs: Vec<String>,
    /// A code to copy, set apart and in large letters.
    pub code: Option<String>,
    /// Items of a list, such as logins.
    pub items: Vec<String>,
    /// Label and address of the button.
    pub action: Option<(String, String)>,
    /// What to do when something is wrong; below the button.
    pub notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    lang: &'static str,
    operator: &'a Operator,
    accent: String,
    accent_text: String,
    letter: &'a Letter,
    contact: &'a str,
    automatic: &'a str,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    operator: &'a Operator,
    letter: &'a Letter,
    contact: &'a str,
    automatic: &'a str,
}

/// Writes a letter as text and HTML.
///
/// # Panics
/// Never in practice: writing to a string does not fail.
pub(crate) fn render(operator: &Operator, lang: Lang, to: &str, letter: &Letter) -> MailMessage {
    let colours = operator.theme.light();
    let contact = mails::help(lang, &operator.contact.phone);
    let automatic = mails::automatic(lang, &operator.name);
    let html = Html {
        lang: lang.code(),
        operator,
        accent: colours.accent.to_string(),
        accent_text: colours.accent_text.to_string(),
        letter,
        contact: &contact,
        automatic: &automatic,
    };
    let text = Text { operator, letter, contact: &contact, automatic: &automatic };
    MailMessage {
        kind: letter.kind.to_owned(),
        from_name: one_line(&operator.name),
        to: to.to_owned(),
        subject: one_line(&letter.subject),
        text: text.render().expect("writing to a string does not fail"),
        html: html.render().expect("writing to a string does not fail"),
        lang,
    }
}

/// A header field holds one line, whatever it was made of.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
