//! Answers that are neither pages nor functions: documents, the letters of a challenge, the operator's logo.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use http::{HeaderValue, StatusCode, header};
use openbok_domain::address::escaped;
use openbok_domain::plan::PlanFormat;
use openbok_domain::plan::view::Layout;
use openbok_domain::{Date, InvoiceId};
use openbok_services::{Caller, FileWish, PlanFile, ServiceError, StaffCaller, Visit, captcha};
use serde::Deserialize;
use serde_json::json;

use crate::middleware::problem::bare;
use crate::portal::Portal;

/// An invoice as PDF; somebody else's is as absent as one that never was.
pub async fn invoice_pdf(
    State(portal): State<Portal>,
    Extension(visit): Extension<Visit>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse::<InvoiceId>() else { return bare(StatusCode::NOT_FOUND) };
    let services = portal.services();
    match services.invoice_pdf(&caller, id, visit.lang).await {
        Ok(file) => attachment(&file.name, "application/pdf", file.pdf),
        Err(ServiceError::NotFound) => {
            if let Err(error) = services.record_foreign_invoice(&visit, &caller, id).await {
                tracing::error!(error = &error as &dyn std::error::Error, "denial not written down");
            }
            bare(StatusCode::NOT_FOUND)
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "invoice not drawn");
            bare(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// Which plans a file is asked for.
#[derive(Debug, Deserialize)]
pub struct PlanQuery {
    layout: Layout,
    #[serde(default)]
    unit: String,
    day: Date,
    format: PlanFormat,
    version: Option<u32>,
}

impl From<PlanQuery> for FileWish {
    fn from(query: PlanQuery) -> Self {
        let PlanQuery { layout, unit, day, format, version } = query;
        Self { layout, unit, day, version, format }
    }
}

/// The day that a table is asked for.
#[derive(Debug, Deserialize)]
pub struct DayQuery {
    day: Date,
}

/// A producer's plans as a file.
pub async fn plan_file(
    State(portal): State<Portal>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<PlanQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else { return bare(StatusCode::NOT_FOUND) };
    let wish = FileWish::from(query);
    handed_out(portal.services().export_plans(&caller, &wish).await, &files_page(&wish))
}

/// The page of plan files, which looks at the same plans as the file.
fn files_page(wish: &FileWish) -> String {
    let FileWish { layout, unit, day, format, .. } = wish;
    format!("/plans/files?layout={layout}&unit={}&day={day}&format={format}", escaped(unit))
}

/// The operator's answer to a producer's version.
pub async fn plan_answer(
    State(portal): State<Portal>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<PlanQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else { return bare(StatusCode::NOT_FOUND) };
    handed_out(portal.services().plan_answer(&caller, &query.into()).await, "/plans/files")
}

/// Versions as a file, for dispatchers.
pub async fn staff_plan_file(
    State(portal): State<Portal>,
    Extension(staff): Extension<StaffCaller>,
    query: Result<Query<PlanQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else { return bare(StatusCode::NOT_FOUND) };
    let page = format!("/staff/day/{}", query.day);
    handed_out(portal.services().export_plans_for_staff(&staff, &query.into()).await, &page)
}

/// The operator's answer to a version, for dispatchers.
pub async fn staff_plan_answer(
    State(portal): State<Portal>,
    Extension(staff): Extension<StaffCaller>,
    query: Result<Query<PlanQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else { return bare(StatusCode::NOT_FOUND) };
    let page = format!("/staff/day/{}", query.day);
    handed_out(portal.services().plan_answer_for_staff(&staff, &query.into()).await, &page)
}

/// All units of a day in one table.
pub async fn staff_overview(
    State(portal): State<Portal>,
    Extension(staff): Extension<StaffCaller>,
    query: Result<Query<DayQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(DayQuery { day })) = query else { return bare(StatusCode::NOT_FOUND) };
    handed_out(portal.services().export_overview(&staff, day).await, &format!("/staff/day/{day}"))
}

/// A file of plans; a refusal leads to the page that explains it.
fn handed_out(file: Result<PlanFile, ServiceError>, page: &str) -> Response {
    match file {
        Ok(file) => attachment(&file.name, file.media_type, file.bytes),
        Err(ServiceError::Refused(refusal)) => {
            let word = serde_json::to_value(&refusal).ok();
            let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
            let mark = if page.contains('?') { '&' } else { '?' };
            Redirect::to(&format!("{page}{mark}refused={word}")).into_response()
        }
        Err(ServiceError::NotFound) => bare(StatusCode::NOT_FOUND),
        Err(ServiceError::Forbidden) => bare(StatusCode::FORBIDDEN),
        Err(ServiceError::TooMany { .. }) => bare(StatusCode::TOO_MANY_REQUESTS),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "plans not written");
            bare(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// The letters of a challenge, to see or to hear.
pub async fn challenge(
    State(portal): State<Portal>,
    Extension(visit): Extension<Visit>,
    Path(file): Path<String>,
) -> Response {
    let Some((token, kind)) = file.split_once('.') else { return bare(StatusCode::NOT_FOUND) };
    let Some(letters) = portal.services().challenge_letters(token) else { return bare(StatusCode::NOT_FOUND) };
    let entropy = portal.entropy().clone();
    let noise = move |buffer: &mut [u8]| entropy.fill(buffer);
    let lang = visit.lang;
    // Drawing and speaking take milliseconds of computing, which must not hold up other requests.
    let (kind, made) = match kind {
        "png" => ("image/png", tokio::task::spawn_blocking(move || captcha::draw(&letters, noise)).await),
        "wav" => ("audio/wav", tokio::task::spawn_blocking(move || captcha::speak(&letters, lang, noise)).await),
        _ => return bare(StatusCode::NOT_FOUND),
    };
    match made {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The operator's logo, which lies beside its profile.
pub async fn logo(State(portal): State<Portal>, Extension(visit): Extension<Visit>) -> Response {
    let Some(file) = portal.services().operators().logo(&visit.operator) else { return bare(StatusCode::NOT_FOUND) };
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => return bare(StatusCode::NOT_FOUND),
    };
    match tokio::fs::read(file).await {
        Ok(bytes) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")], bytes).into_response()
        }
        Err(_) => bare(StatusCode::NOT_FOUND),
    }
}

/// How the portal looks when it is installed on a phone.
pub async fn manifest(Extension(visit): Extension<Visit>) -> Response {
    let operator = &visit.operator;
    let manifest = json!({
        "name": operator.name,
        "short_name": operator.name,
        "lang": visit.lang.code(),
        "start_url": "/",
        "display": "standalone",
        "theme_color": operator.theme.light().accent.to_string(),
        "background_color": "#ffffff",
        "icons": [{ "src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    let headers =
        [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, Json(manifest)).into_response()
}

/// A file to keep, under a name that cannot smuggle a header, a path or a reversed extension. A name with letters of other
/// alphabets is given twice: as it is, and without them for programs that read nothing else.
fn attachment(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let with = |is_letter: fn(char) -> bool| -> String {
        name.chars().map(|c| if is_letter(c) || "._-".contains(c) { c } else { '_' }).collect()
    };
    let (plain, whole) = (with(|c| c.is_ascii_alphanumeric()), with(char::is_alphanumeric));
    let mut disposition = format!("attachment; filename=\"{plain}\"");
    if whole != plain {
        disposition = format!("{disposition}; filename*=UTF-8''{}", escaped(&whole));
    }
    let disposition = HeaderValue::from_str(&disposition).expect("letters, digits, dots and dashes fit a header");
    let sandbox = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, sandbox),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::Refusal;

    fn location(page: &str) -> String {
        let answer = handed_out(Err(Refusal::PlanIncomplete.into()), page);
        answer.headers()[header::LOCATION].to_str().expect("an address").to_owned()
    }

    #[test]
    fn r51_a_file_keeps_its_name_in_every_alphabet_and_no_trick_in_it() {
        let disposition = |name| {
            let file = attachment(name, "application/pdf", Vec::new());
            file.headers()[header::CONTENT_DISPOSITION].to_str().expect("ASCII").to_owned()
        };
        assert_eq!(disposition("FV-1-2026.pdf"), "attachment; filename=\"FV-1-2026.pdf\"");
        assert_eq!(
            disposition("Рах-1.pdf"),
            "attachment; filename=\"___-1.pdf\"; filename*=UTF-8''%D0%A0%D0%B0%D1%85-1.pdf"
        );
        assert_eq!(disposition("a\"\r\n/\u{202e}fdp.exe"), "attachment; filename=\"a_____fdp.exe\"");
    }

    #[test]
    fn a_refused_file_leads_to_the_page_that_can_look_at_its_plans() {
        let day: Date = "2026-11-25".parse().expect("a day");
        let wish = FileWish { layout: Layout::Day, unit: "PV 1&2".into(), day, version: None, format: PlanFormat::Xml };
        assert_eq!(
            location(&files_page(&wish)),
            "/plans/files?layout=day&unit=PV%201%262&day=2026-11-25&format=xml&refused=plan_incomplete"
        );
        assert_eq!(location("/staff/day/2026-11-25"), "/staff/day/2026-11-25?refused=plan_incomplete");
    }
}
