//! What tests of planning share: two operators with production plans, their staff, and the producers' way in.

use std::path::PathBuf;
use std::time::Duration;

use openbok_domain::access::{AccessRequestForm, RequestStatus};
use openbok_domain::invitation::{InvitationForm, InvitationToken};
use openbok_domain::staff::{EnrolmentForm, Role, Roles};
use openbok_domain::{AccessRequestId, EmailAddress, Lang, Operator, Refusal};
use openbok_services::testing::{TestPortal, authenticator_code};
use openbok_services::{Caller, Credentials, Operators, ServiceError, StaffCaller, Token, Visit};
use openbok_storage::Db;

use crate::common::{PASSWORD, caller, credentials, import, import_customers, mail, sign_in, solve, visit_of};

/// Units of `pgb`: two of K3, one of K2.
const UNITS: &str =
    "unit_code,customer_number,installed_mw,pmin_mw,pmax_mw\nFW-1,K3,50,0,50\nFW-2,K3,50,0,50\nFW-9,K2,50,0,50\n";
/// Units of the other one, where a code of the first one means another unit.
const UNITS_ABROAD: &str = "unit_code,customer_number,installed_mw,pmin_mw,pmax_mw\nFW-1,K3,50,0,50\n";
/// The other operator with production plans. Its clocks are Kyiv's.
pub const ABROAD: &str = "pgk";
/// Who writes plans for K3.
pub const PRODUCER: &str = "grafik@example.com";

/// A portal with two operators who have production plans, their customers and units.
pub async fn planners(db: Db) -> TestPortal {
    planners_with(db, |_| ()).await
}

/// The same with a change to both operators.
pub async fn planners_with(db: Db, change: impl FnOnce(&mut Operator)) -> TestPortal {
    let portal = TestPortal::with(db, |parts| {
        let mut list: Vec<Operator> = parts.operators.iter().map(|operator| (**operator).clone()).collect();
        let own = list.iter_mut().find(|operator| operator.has_planning()).unwrap();
        change(own);
        let own = own.clone();
        list.push(Operator {
            slug: ABROAD.parse().unwrap(),
            hosts: vec!["pgk.localhost".into()],
            time_zone: "Europe/Kyiv".into(),
            ..own
        });
        parts.operators = Operators::new(list, PathBuf::new()).unwrap();
    })
    .await;
    for (slug, units) in [("pgb", UNITS), (ABROAD, UNITS_ABROAD)] {
        import_customers(&portal, slug).await;
        import(&portal, slug, &[("generating_units", units)]).await;
    }
    portal
}

/// A member of staff who has taken their place.
pub struct Member {
    pub email: String,
    key: String,
}

impl Member {
    /// What the authenticator shows now.
    pub fn code(&self, portal: &TestPortal) -> String {
        authenticator_code(&self.key, portal.clock.now())
    }
}

/// A member whom the command line added.
pub async fn member(portal: &TestPortal, slug: &str, email: &str, roles: &[Role]) -> Member {
    let visit = visit_of(portal, slug, 9);
    let (address, roles) = (EmailAddress::parse(email).unwrap(), Roles::new(roles.iter().copied()));
    let link = portal.services.add_staff(&visit.operator, "Ewa Nowak", &address, &roles).await.unwrap();
    take_place(portal, slug, &Token::parse(link.split_once("token=").unwrap().1).unwrap()).await
}

/// Sets up password and authenticator with a one-shot token.
pub async fn take_place(portal: &TestPortal, slug: &str, token: &Token) -> Member {
    let visit = visit_of(portal, slug, 9);
    let view = portal.services.staff_enrolment(&visit, token).await.unwrap();
    let member = Member { email: view.email, key: view.key };
    let form =
        EnrolmentForm { new_password: PASSWORD.into(), repeat_password: PASSWORD.into(), code: member.code(portal) };
    portal.services.enrol_staff(&visit, token, &form).await.unwrap();
    member
}

/// Signs in as far as the second step, answering a challenge as a browser does. The browser gets its mark.
pub async fn type_password(
    portal: &TestPortal,
    visit: &mut Visit,
    login: &str,
    password: &str,
) -> Result<StaffCaller, ServiceError> {
    let services = &portal.services;
    let signed_in = match services.sign_in_staff(visit, credentials(login, password)).await {
        Err(ServiceError::Refused(Refusal::Challenge(asked))) => {
            let proof = Some(solve(&asked));
            services.sign_in_staff(visit, Credentials { proof, ..credentials(login, password) }).await?
        }
        outcome => outcome?,
    };
    visit.device = Some(signed_in.device);
    Ok(staff_caller(portal, visit, &signed_in.session).await.unwrap())
}

/// Signs in all the way, with the next code of the authenticator.
pub async fn sign_in_member(portal: &TestPortal, visit: &mut Visit, member: &Member) -> Result<Token, ServiceError> {
    portal.clock.advance(Duration::from_secs(30));
    let half = type_password(portal, visit, &member.email, PASSWORD).await?;
    portal.services.confirm_staff_code(visit, &half, &member.code(portal)).await
}

pub async fn staff_caller(portal: &TestPortal, visit: &Visit, session: &Token) -> Option<StaffCaller> {
    portal.services.find_staff_caller(&visit.operator, session).await.unwrap()
}

/// A new member, signed in.
pub async fn staff(portal: &TestPortal, slug: &str, email: &str, roles: &[Role]) -> StaffCaller {
    let member = member(portal, slug, email, roles).await;
    let mut visit = visit_of(portal, slug, 9);
    let session = sign_in_member(portal, &mut visit, &member).await.unwrap();
    staff_caller(portal, &visit, &session).await.unwrap()
}

/// What a request for access says.
pub fn access_form(email: &str) -> AccessRequestForm {
    AccessRequestForm { company: "Kłos".into(), email: email.into(), phone: "600 700 800".into() }
}

/// Asks for access through the public form.
pub async fn ask(portal: &TestPortal, slug: &str, email: &str) {
    let form = access_form(email);
    let visit = visit_of(portal, slug, 1);
    match portal.services.ask_access(&visit, &form, None).await {
        Err(ServiceError::Refused(Refusal::Challenge(asked))) => {
            portal.services.ask_access(&visit, &form, Some(&solve(&asked))).await.unwrap();
        }
        outcome => outcome.unwrap(),
    }
}

/// Asks and is granted access to the units of K3: the request and its TOKEN.
pub async fn invited(portal: &TestPortal, staff: &StaffCaller, email: &str) -> (AccessRequestId, InvitationToken) {
    invited_for(portal, staff, email, "K3").await
}

/// The same for the units of a company.
async fn invited_for(
    portal: &TestPortal,
    staff: &StaffCaller,
    email: &str,
    company: &str,
) -> (AccessRequestId, InvitationToken) {
    ask(portal, staff.operator.slug.as_str(), email).await;
    let rows = portal.services.list_access_requests(staff, RequestStatus::New, None, Lang::Pl).await.unwrap().rows;
    let id = rows.iter().find(|row| row.email == email).unwrap().id;
    portal.services.approve_access_request(staff, id, 1, &access_form(email), company, "").await.unwrap();
    (id, mailed_token(portal).await)
}

/// The TOKEN of the only invitation that went out.
pub async fn mailed_token(portal: &TestPortal) -> InvitationToken {
    let text = mail(portal, "invitation").await.text;
    text.split_whitespace().find_map(|word| InvitationToken::parse(word).ok()).unwrap()
}

/// The form of who comes in without an account.
pub fn account(email: &str) -> InvitationForm {
    InvitationForm { email: email.into(), new_password: PASSWORD.into(), repeat_password: PASSWORD.into(), terms: true }
}

/// Whoever writes plans for K3, signed in.
pub async fn producer(portal: &TestPortal, staff: &StaffCaller) -> Caller {
    producer_of(portal, staff, PRODUCER, "K3").await
}

/// Whoever writes plans for a company, signed in.
pub async fn producer_of(portal: &TestPortal, staff: &StaffCaller, email: &str, company: &str) -> Caller {
    let (_, token) = invited_for(portal, staff, email, company).await;
    let visit = visit_of(portal, staff.operator.slug.as_str(), 1);
    portal.services.redeem_without_account(&visit, &token, &account(email)).await.unwrap();
    let signed_in = sign_in(portal, &visit, email, PASSWORD).await.unwrap();
    caller(portal, &visit, &signed_in.session).await.unwrap()
}

/// What the portal's rules say no with.
pub fn refusal<T>(outcome: Result<T, ServiceError>) -> Refusal {
    match outcome {
        Err(ServiceError::Refused(refusal)) => refusal,
        Err(other) => panic!("not refused: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// Whether exactly one field is wrong, and which and how.
pub fn fault<T>(outcome: Result<T, ServiceError>) -> (String, openbok_domain::Fault) {
    match outcome {
        Err(ServiceError::Invalid(errors)) => {
            let errors: Vec<_> = errors.iter().map(|error| (error.field.clone(), error.fault.clone())).collect();
            assert_eq!(errors.len(), 1, "{errors:?}");
            errors.into_iter().next().unwrap()
        }
        Err(other) => panic!("no field is wrong: {other}"),
        Ok(_) => panic!("no field is wrong"),
    }
}

pub fn is_absent<T>(outcome: &Result<T, ServiceError>) -> bool {
    matches!(outcome, Err(ServiceError::NotFound))
}
