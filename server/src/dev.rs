//! What only the demo has: mails that everybody may read, and a clock that can be moved.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use openbok_domain::{Lang, MailId, Timestamp, calendar};
use openbok_locales::mailbox;
use openbok_services::{ReceivedMail, Visit};
use serde::{Deserialize, Serialize};
use std::time::Duration;

use crate::middleware::operator::spoken;
use crate::middleware::problem::bare;
use crate::plain::{self, escaped};
use crate::portal::Portal;

/// A mail may be styled and its links followed; nothing in it runs or loads.
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; \
     default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
);

/// The newest mails: the operator's under its host, everybody's elsewhere.
pub async fn mailbox(State(portal): State<Portal>, visit: Option<Extension<Visit>>, headers: HeaderMap) -> Response {
    let lang = visit.as_ref().map_or_else(|| spoken(&headers, Lang::ALL), |visit| visit.lang);
    let zone = visit.as_ref().map_or("Europe/Warsaw", |visit| visit.operator.time_zone.as_str());
    let Some(mails) = list(&portal, visit.as_ref()).await else { return bare(StatusCode::NOT_FOUND) };
    let mut body = format!("<p>{}</p>", mailbox::INTRO.get(lang));
    if mails.is_empty() {
        body = format!("{body}<p>{}</p>", mailbox::EMPTY.get(lang));
    }
    for mail in &mails {
        body.push_str(&entry(mail, lang, zone));
    }
    plain::page(lang, mailbox::TITLE.get(lang), &body)
}

fn entry(mail: &ReceivedMail, lang: Lang, zone: &str) -> String {
    let message = &mail.message;
    let (day, hour, minute) = calendar::local(mail.received_at, zone);
    let (subject, to) = (escaped(&message.subject), escaped(&message.to));
    let (from, text) = (escaped(&message.from_name), with_links(&message.text));
    let (as_text, as_page) = (mailbox::AS_TEXT.get(lang), mailbox::AS_PAGE.get(lang));
    format!(
        "<article><h2>{subject}</h2><small>{from} → {to}, {day} {hour:02}:{minute:02}</small>\
         <details><summary>{as_text}</summary><pre>{text}</pre></details>\
         <a href=\"/dev/mailbox/{}\">{as_page}</a></article>",
        mail.id
    )
}

fn with_links(text: &str) -> String {
    let word = |word: &str| {
        let shown = escaped(word);
        let is_address = word.starts_with("http://") || word.starts_with("https://");
        if is_address { format!("<a href=\"{shown}\">{shown}</a>") } else { shown }
    };
    text.split('\n').map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

/// One mail as its reader sees it.
pub async fn mail(State(portal): State<Portal>, visit: Option<Extension<Visit>>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<MailId>() else { return bare(StatusCode::NOT_FOUND) };
    let mails = list(&portal, visit.as_ref()).await.unwrap_or_default();
    let Some(mail) = mails.into_iter().find(|mail| mail.id == id) else { return bare(StatusCode::NOT_FOUND) };
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, MAIL_POLICY)], mail.message.html).into_response()
}

#[derive(Serialize)]
struct MailJson {
    received_at: String,
    kind: String,
    to: String,
    subject: String,
    text: String,
    html: String,
}

/// The same mails for programs, newest first.
pub async fn mailbox_json(State(portal): State<Portal>, visit: Option<Extension<Visit>>) -> Response {
    let Some(mails) = list(&portal, visit.as_ref()).await else { return bare(StatusCode::NOT_FOUND) };
    let mails = mails.into_iter().map(|ReceivedMail { received_at, message, .. }| MailJson {
        received_at: received_at.to_string(),
        kind: message.kind,
        to: message.to,
        subject: message.subject,
        text: message.text,
        html: message.html,
    });
    Json(mails.collect::<Vec<_>>()).into_response()
}

async fn list(portal: &Portal, visit: Option<&Extension<Visit>>) -> Option<Vec<ReceivedMail>> {
    let operator = visit.map(|visit| visit.operator.as_ref());
    let mails = portal.services().list_mailbox(operator).await;
    mails.inspect_err(|error| tracing::error!(error = error as &dyn std::error::Error, "mailbox not read")).ok()
}

/// How far to move the clock.
#[derive(Deserialize)]
pub struct Move {
    offset_seconds: u64,
}

#[derive(Serialize)]
struct Moved {
    now: Timestamp,
}

/// Moves the portal's clock forward.
pub async fn move_clock(State(portal): State<Portal>, Json(how): Json<Move>) -> Response {
    portal.services().clock().advance(Duration::from_secs(how.offset_seconds));
    Json(Moved { now: portal.services().now() }).into_response()
}
