//! The back office: the staff's own sign-in, and what dispatchers and administrators do.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use openbok_domain::access::AccessRequestForm;
use openbok_domain::access::{AccessRequestList, AccessRequestView};
use openbok_domain::plan::view::{BoardView, DayView, DecisionView, UnitView};
#[cfg(feature = "ssr")]
use openbok_domain::plan::view::{DaySearch, Reason};
use openbok_domain::staff::{EnrolmentForm, EnrolmentView, StaffView};
#[cfg(feature = "ssr")]
use openbok_domain::staff::{NewStaffForm, Role, Roles};
use openbok_domain::{AccessRequestId, SessionId, StaffId};
use serde::{Deserialize, Serialize};
use server_fn::codec::{GetUrl, Json, PostUrl};

use crate::error::PortalError;
use crate::portal::{Fields, Goto, Session};

#[cfg(feature = "ssr")]
use crate::{policy, ssr};
#[cfg(feature = "ssr")]
use openbok_domain::address::{escaped, segment, staff_plan_page};
#[cfg(feature = "ssr")]
use openbok_domain::{Date, Timestamp};

/// Signs a member of staff in as far as the second step. The fields are `login`, `password`, `next` and the proof.
#[server(StaffSignIn, prefix = "/api", endpoint = "staff_sign_in", input = PostUrl, output = Json)]
pub async fn staff_sign_in(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let credentials = openbok_services::Credentials {
        login: fields.text("login"),
        password: fields.text("password"),
        proof: fields.proof(),
    };
    let signed_in = ssr::answer(ssr::services().sign_in_staff(&ssr::visit(), credentials).await)?;
    ssr::cookies::set_staff_session(&signed_in.session);
    ssr::cookies::set_device(&signed_in.device);
    let next = fields.get("next");
    Ok(Goto::page(if next.is_empty() {
        "/staff/code".to_owned()
    } else {
        format!("/staff/code?next={}", escaped(next))
    }))
}

/// The second step: the code of the authenticator. `next` is the page of the back office to go on with.
#[server(StaffCode, prefix = "/api", endpoint = "staff_code", input = PostUrl, output = Json)]
pub async fn staff_code(code: String, next: Option<String>) -> Result<Goto, PortalError> {
    let token = ssr::answer(ssr::services().confirm_staff_code(&ssr::visit(), &ssr::staff()?, &code).await)?;
    ssr::cookies::set_staff_session(&token);
    let next = policy::safe_return(next.as_deref().unwrap_or_default());
    Ok(Goto::page(if policy::is_of_staff(next) { next } else { "/staff" }))
}

/// Ends the session of a member of staff, as [`sign_out`](super::session::sign_out) does that of a customer.
#[server(StaffSignOut, prefix = "/api", endpoint = "staff_sign_out", input = PostUrl, output = Json)]
pub async fn staff_sign_out(idle: Option<SessionId>) -> Result<Goto, PortalError> {
    let caller = ssr::staff()?;
    if idle.is_none_or(|session| session == caller.session) {
        ssr::answer(ssr::services().sign_out_staff(&caller).await)?;
    }
    if idle.is_none() {
        ssr::cookies::clear_staff_session();
    }
    Ok(Goto::page("/staff/sign-in?reason=signed_out"))
}

/// Keeps the session alive and returns how long it now lasts.
#[server(StaffExtend, prefix = "/api", endpoint = "staff_extend", input = PostUrl, output = Json)]
pub async fn staff_extend() -> Result<Session, PortalError> {
    let caller = ssr::staff()?;
    let deadlines = ssr::answer(ssr::services().note_staff_activity(&caller).await)?;
    Ok(ssr::staff_session(&caller, deadlines))
}

/// What an authenticator is set up with, for whoever has the one-shot link.
#[server(ReadEnrolment, prefix = "/api", endpoint = "staff_enrolment", input = GetUrl, output = Json)]
pub async fn read_enrolment() -> Result<EnrolmentView, PortalError> {
    ssr::answer(ssr::services().staff_enrolment(&ssr::visit(), &ssr::link()?).await)
}

/// The enrolment form out of the fields of its page.
pub fn enrolment(fields: &Fields) -> EnrolmentForm {
    EnrolmentForm {
        new_password: fields.text("new_password"),
        repeat_password: fields.text("repeat_password"),
        code: fields.text("code"),
    }
}

/// Takes the place that the one-shot link keeps.
#[server(StaffEnrol, prefix = "/api", endpoint = "staff_enrol", input = PostUrl, output = Json)]
pub async fn staff_enrol(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let token = ssr::link()?;
    ssr::answer(ssr::services().enrol_staff(&ssr::visit(), &token, &enrolment(&fields)).await)?;
    ssr::cookies::clear_link();
    Ok(Goto::page("/staff/sign-in?reason=enrolled"))
}

/// The board of all units.
#[server(StaffBoard, prefix = "/api", endpoint = "staff_board", input = GetUrl, output = Json)]
pub async fn staff_board(word: String, after: String) -> Result<BoardView, PortalError> {
    let viewer = ssr::answer(ssr::services().dispatcher(&ssr::staff()?))?;
    ssr::answer(ssr::services().plan_board(&viewer, word.trim(), &after, ssr::visit().lang).await)
}

/// The units of a day that a word and a status find; all of them where these are empty.
#[server(StaffDay, prefix = "/api", endpoint = "staff_day", input = GetUrl, output = Json)]
pub async fn staff_day(day: String, status: String, word: String, after: String) -> Result<DayView, PortalError> {
    let viewer = ssr::answer(ssr::services().dispatcher(&ssr::staff()?))?;
    let day = ssr::read(&day)?;
    let search = DaySearch { status: status.parse().ok(), word: word.trim().to_owned() };
    ssr::answer(ssr::services().plan_day(&viewer, day, search, &after, ssr::visit().lang).await)
}

/// One plan, to decide about.
#[server(StaffPlan, prefix = "/api", endpoint = "staff_plan", input = GetUrl, output = Json)]
pub async fn staff_plan(unit: String, day: String) -> Result<DecisionView, PortalError> {
    let day = ssr::read(&day)?;
    ssr::answer(ssr::services().find_decision(&ssr::staff()?, &unit, day, ssr::visit().lang).await)
}

/// Accepts the newest version of a plan.
#[server(StaffAccept, prefix = "/api", endpoint = "staff_accept", input = PostUrl, output = Json)]
pub async fn staff_accept(unit: String, day: String, number: u32) -> Result<Goto, PortalError> {
    let day = ssr::read(&day)?;
    ssr::answer(ssr::services().accept_plan(&ssr::staff()?, &unit, day, number).await)?;
    Ok(Goto::page(format!("{}?done=accepted", staff_plan_page(&unit, day))))
}

/// Accepts all approved plans of a day.
#[server(StaffAcceptDay, prefix = "/api", endpoint = "staff_accept_day", input = PostUrl, output = Json)]
pub async fn staff_accept_day(day: String, read_at: i64) -> Result<Goto, PortalError> {
    let (day, read_at): (Date, _) = (ssr::read(&day)?, Timestamp::from_micros(read_at));
    let accepted = ssr::answer(ssr::services().accept_day(&ssr::staff()?, day, read_at).await)?;
    Ok(Goto::page(format!("/staff/day/{day}?accepted={accepted}")))
}

/// Gives the newest version of a plan back, with reasons, each with the hour that it is about, if it is about one. The
/// fields are `unit`, `day`, `number` and those of [`Reason::FIELDS`](openbok_domain::plan::view::Reason::FIELDS).
#[server(StaffReject, prefix = "/api", endpoint = "staff_reject", input = PostUrl, output = Json)]
pub async fn staff_reject(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let rows = Reason::FIELDS.map(|(text, point)| {
        let point = fields.get(point).split_once(':');
        let point = point.and_then(|(series, index)| Some((series.parse().ok()?, index.parse().ok()?)));
        Reason { point, text: fields.get(text).trim().to_owned() }
    });
    let (day, number) = (ssr::read(fields.get("day"))?, ssr::read(fields.get("number"))?);
    let unit = fields.get("unit");
    ssr::answer(ssr::services().reject_plan(&ssr::staff()?, unit, day, number, &rows).await)?;
    Ok(Goto::page(format!("{}?done=rejected", staff_plan_page(unit, day))))
}

/// Lets a plan be changed after its gate has closed.
#[server(StaffConsent, prefix = "/api", endpoint = "staff_consent", input = PostUrl, output = Json)]
pub async fn staff_consent(unit: String, day: String, hours: String) -> Result<Goto, PortalError> {
    let hours = hours.trim().parse().unwrap_or_default();
    ssr::answer(ssr::services().consent_to_change(&ssr::staff()?, &unit, ssr::read(&day)?, hours).await)?;
    Ok(Goto::Here)
}

/// A page of requests for access that stand somewhere, before one of them; the newest of the new ones without a word.
#[server(StaffRequests, prefix = "/api", endpoint = "staff_requests", input = GetUrl, output = Json)]
pub async fn staff_requests(status: String, before: String) -> Result<AccessRequestList, PortalError> {
    let (status, before) = (status.parse().unwrap_or(openbok_domain::access::RequestStatus::New), before.parse().ok());
    let lang = ssr::visit().lang;
    ssr::answer(ssr::services().list_access_requests(&ssr::staff()?, status, before, lang).await)
}

/// One request for access.
#[server(StaffRequest, prefix = "/api", endpoint = "staff_request", input = GetUrl, output = Json)]
pub async fn staff_request(id: String) -> Result<AccessRequestView, PortalError> {
    let id = id.parse().map_err(|_| ssr::not_found())?;
    ssr::answer(ssr::services().find_access_request(&ssr::staff()?, id, ssr::visit().lang).await)
}

/// Completes or corrects a request, and where `approve` is said also approves it for a company: a TOKEN goes out. The fields
/// are `id`, `revision`, those of [`AccessRequestForm`], `company_number` and `sure_of`.
#[server(StaffDecideRequest, prefix = "/api", endpoint = "staff_decide_request", input = PostUrl, output = Json)]
pub async fn staff_decide_request(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let (services, staff) = (ssr::services(), ssr::staff()?);
    let (id, revision) = (ssr::read(fields.get("id"))?, ssr::read(fields.get("revision"))?);
    let form =
        AccessRequestForm { company: fields.text("company"), email: fields.text("email"), phone: fields.text("phone") };
    let number = fields.get("company_number");
    if fields.is_ticked("approve") {
        let sure_of = fields.get("sure_of");
        ssr::answer(services.approve_access_request(&staff, id, revision, &form, number, sure_of).await)?;
        return Ok(Goto::page(request_page(id, "approved")));
    }
    ssr::answer(services.complete_access_request(&staff, id, revision, form, number).await)?;
    Ok(Goto::page(request_page(id, "saved")))
}

/// The page of a request, which says what was done.
#[cfg(feature = "ssr")]
fn request_page(id: AccessRequestId, done: &str) -> String {
    format!("/staff/requests/{id}?done={done}")
}

/// Refuses a request.
#[server(StaffRefuseRequest, prefix = "/api", endpoint = "staff_refuse_request", input = PostUrl, output = Json)]
pub async fn staff_refuse_request(id: AccessRequestId, revision: i64) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().refuse_access_request(&ssr::staff()?, id, revision).await)?;
    Ok(Goto::page(request_page(id, "refused")))
}

/// Closes a request; nobody hears of it.
#[server(StaffCloseRequest, prefix = "/api", endpoint = "staff_close_request", input = PostUrl, output = Json)]
pub async fn staff_close_request(id: AccessRequestId, revision: i64) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().close_access_request(&ssr::staff()?, id, revision).await)?;
    Ok(Goto::page(request_page(id, "closed")))
}

/// Gives out a new TOKEN in place of the former one.
#[server(StaffReissueToken, prefix = "/api", endpoint = "staff_reissue_token", input = PostUrl, output = Json)]
pub async fn staff_reissue_token(id: AccessRequestId) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().reissue_token(&ssr::staff()?, id).await)?;
    Ok(Goto::page(request_page(id, "reissued")))
}

/// Takes a TOKEN back.
#[server(StaffRevokeToken, prefix = "/api", endpoint = "staff_revoke_token", input = PostUrl, output = Json)]
pub async fn staff_revoke_token(id: AccessRequestId) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().revoke_token(&ssr::staff()?, id).await)?;
    Ok(Goto::page(request_page(id, "revoked")))
}

/// Takes back the access that somebody came in with.
#[server(StaffWithdrawAccess, prefix = "/api", endpoint = "staff_withdraw_access", input = PostUrl, output = Json)]
pub async fn staff_withdraw_access(id: AccessRequestId) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().withdraw_access(&ssr::staff()?, id).await)?;
    Ok(Goto::page(request_page(id, "withdrawn")))
}

/// One page of units, and after which code the next one begins.
#[server(StaffUnits, prefix = "/api", endpoint = "staff_units", input = GetUrl, output = Json)]
pub async fn staff_units(word: String, after: String) -> Result<(Vec<UnitView>, Option<String>), PortalError> {
    ssr::answer(ssr::services().list_all_units(&ssr::staff()?, &word, &after).await)
}

/// One unit, with its identifier in market messages.
#[server(StaffUnit, prefix = "/api", endpoint = "staff_unit", input = GetUrl, output = Json)]
pub async fn staff_unit(code: String) -> Result<(UnitView, Option<String>), PortalError> {
    ssr::answer(ssr::services().find_unit(&ssr::staff()?, &code).await)
}

/// Changes a unit.
#[server(StaffChangeUnit, prefix = "/api", endpoint = "staff_change_unit", input = PostUrl, output = Json)]
pub async fn staff_change_unit(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let form = openbok_services::UnitForm {
        name: fields.text("name"),
        mrid: fields.text("mrid"),
        technology: fields.text("technology"),
        installed: fields.text("installed"),
        pmin: fields.text("pmin"),
        pmax: fields.text("pmax"),
        connection_point: fields.text("connection_point"),
    };
    let code = fields.get("code");
    ssr::answer(ssr::services().change_unit(&ssr::staff()?, code, &form).await)?;
    Ok(Goto::page(format!("/staff/units/{}?done=changed", segment(code))))
}

/// Everybody who works for the operator.
#[server(StaffPeople, prefix = "/api", endpoint = "staff_people", input = GetUrl, output = Json)]
pub async fn staff_people() -> Result<Vec<StaffView>, PortalError> {
    ssr::answer(ssr::services().list_staff(&ssr::staff()?).await)
}

/// One of them.
#[server(StaffPerson, prefix = "/api", endpoint = "staff_person", input = GetUrl, output = Json)]
pub async fn staff_person(id: String) -> Result<StaffView, PortalError> {
    let id = id.parse().map_err(|_| ssr::not_found())?;
    ssr::answer(ssr::services().find_staff(&ssr::staff()?, id).await)
}

/// The roles whose boxes are ticked.
#[cfg(feature = "ssr")]
fn roles(fields: &Fields) -> Roles {
    Roles::new(Role::ALL.iter().copied().filter(|role| fields.is_ticked(role.as_str())))
}

/// Adds a member of staff.
#[server(StaffInvite, prefix = "/api", endpoint = "staff_invite", input = PostUrl, output = Json)]
pub async fn staff_invite(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let form = NewStaffForm { name: fields.text("name"), email: fields.text("email"), roles: roles(&fields) };
    ssr::answer(ssr::services().invite_staff(&ssr::staff()?, &form).await)?;
    Ok(Goto::page("/staff/people?done=invited"))
}

/// Changes what a member may do, and whether they may sign in.
#[server(StaffChange, prefix = "/api", endpoint = "staff_change", input = PostUrl, output = Json)]
pub async fn staff_change(#[server(flatten)] fields: Fields) -> Result<Goto, PortalError> {
    let id: StaffId = ssr::read(fields.get("id"))?;
    let is_active = fields.is_ticked("active");
    ssr::answer(ssr::services().change_staff(&ssr::staff()?, id, &roles(&fields), is_active).await)?;
    Ok(Goto::page(format!("/staff/people/{id}?done=changed")))
}

/// Takes password and authenticator from a member and mails a new link.
#[server(StaffReset, prefix = "/api", endpoint = "staff_reset", input = PostUrl, output = Json)]
pub async fn staff_reset(id: StaffId) -> Result<Goto, PortalError> {
    ssr::answer(ssr::services().reset_staff(&ssr::staff()?, id).await)?;
    Ok(Goto::page(format!("/staff/people/{id}?done=reset")))
}

/// One entry of the record of acts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number.
    pub seq: i64,
    /// When, as the operator's clocks show it.
    pub at: String,
    /// What happened.
    pub event: String,
    /// How it ended.
    pub outcome: String,
    /// Who did it: a kind and an id.
    pub actor: String,
    /// What staff calls whoever did it; empty where there is no name.
    pub actor_name: String,
    /// Which account it concerns, if any.
    pub subject: String,
    /// Page, record or number that it was about.
    pub note: String,
    /// What staff calls the account or the record; empty where there is no name.
    pub about_name: String,
}

/// The newest entries of the operator's record of acts, before a number.
#[server(StaffAudit, prefix = "/api", endpoint = "staff_audit", input = GetUrl, output = Json)]
pub async fn staff_audit(before: String) -> Result<Vec<AuditRow>, PortalError> {
    let before = before.parse().unwrap_or(i64::MAX);
    let found = ssr::answer(ssr::services().list_audit(&ssr::staff()?, before, ssr::visit().lang).await)?;
    let row = |entry: openbok_services::AuditEntry| AuditRow {
        seq: entry.seq,
        at: entry.at,
        event: entry.event,
        outcome: entry.outcome,
        actor: entry.actor,
        actor_name: entry.actor_name,
        subject: entry.subject,
        note: entry.note,
        about_name: entry.about_name,
    };
    Ok(found.into_iter().map(row).collect())
}
