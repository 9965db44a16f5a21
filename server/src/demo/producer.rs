//! A dispatcher and a producer ready to sign in, made like everybody's: the dispatcher enrols and approves a request, the
//! producer comes in with the TOKEN and approves a few plans.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::Context as _;
use openbok_domain::access::{AccessRequestForm, RequestStatus};
use openbok_domain::invitation::{InvitationForm, InvitationToken};
use openbok_domain::plan::view::Layout;
use openbok_domain::plan::{Cell, Points, Power};
use openbok_domain::staff::{EnrolmentForm, Role, Roles};
use openbok_domain::{Date, EmailAddress, Operator, calendar};
use openbok_services::{Clock, Credentials, DraftForm, Services, StaffCaller, Token, Transport, Visit, testing};

use super::account::PASSWORD;
use crate::assembly;
use crate::config::Config;

/// Logins of the two.
pub const DISPATCHER: &str = "dyspozytor@example.com";
pub const PRODUCER: &str = "wytworca@example.com";
/// Days from tomorrow on that have an approved plan.
const PLANNED_DAYS: i32 = 3;
const MINUTE: Duration = Duration::from_secs(60);

/// Makes both for a company; the key of the dispatcher's authenticator.
///
/// # Errors
/// Whatever the use cases refuse.
pub async fn make(config: &Config, operator: &Operator, company: &str) -> anyhow::Result<String> {
    let transport = Transport::memory();
    // A minute ago and standing still: the code that the dispatcher's authenticator shows next is not used up.
    let clock = Clock::fixed(Clock::system().now().minus(MINUTE));
    let aside = assembly::open_services_with(config, clock, true, transport.clone()).await?;
    let operator = aside.operators().find(&operator.slug).context("the operator is gone")?;
    let visit = Visit {
        lang: operator.default_language(),
        operator,
        source: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: None,
        user_agent: "OpenBOK demo".to_owned(),
    };
    let made = walk(&aside, &transport, &visit, company).await;
    aside.close().await;
    made.context("the demo's dispatcher and producer")
}

async fn walk(services: &Services, transport: &Transport, visit: &Visit, company: &str) -> anyhow::Result<String> {
    let (key, dispatcher) = enrol(services, visit).await?;
    let form = AccessRequestForm {
        company: "Zielona Energia".to_owned(),
        email: PRODUCER.to_owned(),
        phone: "600 700 800".to_owned(),
    };
    services.ask_access(visit, &form, None).await?;
    let rows = services.list_access_requests(&dispatcher, RequestStatus::New, None, visit.lang).await?.rows;
    let request = rows.first().context("the request is gone")?;
    services.approve_access_request(&dispatcher, request.id, 1, &form, company, company).await?;
    services.run_jobs().await?;
    let mail = transport.take().pop().context("no TOKEN came")?;
    let token = mail.text.split_whitespace().find_map(|word| InvitationToken::parse(word).ok());
    let form = InvitationForm {
        email: PRODUCER.to_owned(),
        new_password: PASSWORD.to_owned(),
        repeat_password: PASSWORD.to_owned(),
        terms: true,
    };
    services.redeem_without_account(visit, &token.context("the mail carries no TOKEN")?, &form).await?;
    plan(services, visit).await?;
    Ok(key)
}

async fn enrol(services: &Services, visit: &Visit) -> anyhow::Result<(String, StaffCaller)> {
    let email = EmailAddress::parse(DISPATCHER).context("an address")?;
    let roles = Roles::new([Role::Dispatcher, Role::Administrator]);
    let link = services.add_staff(&visit.operator, "Ewa Nowak", &email, &roles).await?;
    let token = link.rsplit('=').next().and_then(Token::parse).context("the link carries no token")?;
    let view = services.staff_enrolment(visit, &token).await?;
    let code = |services: &Services| testing::authenticator_code(&view.key, services.now());
    let form =
        EnrolmentForm { new_password: PASSWORD.to_owned(), repeat_password: PASSWORD.to_owned(), code: code(services) };
    services.enrol_staff(visit, &token, &form).await?;
    // Each code is accepted once: the sign-in takes the next one, which a clock that is a step ahead would show.
    let credentials = Credentials { login: DISPATCHER.to_owned(), password: PASSWORD.to_owned(), proof: None };
    let signed_in = services.sign_in_staff(visit, credentials).await?;
    let half = services.find_staff_caller(&visit.operator, &signed_in.session).await?.context("no session")?;
    let next = testing::authenticator_code(&view.key, services.now().plus(MINUTE / 2));
    let session = services.confirm_staff_code(visit, &half, &next).await?;
    let caller = services.find_staff_caller(&visit.operator, &session).await?;
    Ok((view.key, caller.context("the dispatcher's session is gone")?))
}

/// Approves plans of all units for a few days, and leaves a draft behind them.
async fn plan(services: &Services, visit: &Visit) -> anyhow::Result<()> {
    let credentials = Credentials { login: PRODUCER.to_owned(), password: PASSWORD.to_owned(), proof: None };
    let signed_in = services.sign_in(visit, credentials).await?;
    let caller = services.find_caller(&visit.operator, &signed_in.session).await?.context("no session")?;
    let viewer = services.producer(&caller).await?;
    let today = calendar::today(services.now(), &visit.operator.time_zone);
    for (number, unit) in services.list_units(&caller).await?.into_iter().enumerate() {
        for ahead in 1..=PLANNED_DAYS + 1 {
            let day: Date = today.plus_days(ahead);
            let sheet = services.read_sheet(&viewer, Layout::Day, &unit.code, day, None, visit.lang).await?;
            let Some(plan) = sheet.plans.first().filter(|plan| plan.is_open) else { continue };
            let points = typical(plan.labels.len(), unit.limits.pmax, number);
            let form = DraftForm {
                unit: unit.code.clone(),
                day,
                resolution: plan.resolution,
                revision: 0,
                points: points.pack(),
            };
            if ahead <= PLANNED_DAYS {
                services.approve_plan(&caller, &form).await?;
            } else {
                services.save_draft(&caller, &form).await?;
            }
        }
    }
    Ok(())
}

/// A day that rises to noon and falls.
fn typical(hours: usize, most: Power, shift: usize) -> Points {
    let share = |hour: usize| {
        let from_noon = i32::try_from((hour + shift % 3).abs_diff(12)).unwrap_or_default();
        (100 - from_noon * 5).max(40)
    };
    let net: Vec<i32> = (0..hours).map(|hour| most.kw() / 100 * share(hour)).collect();
    let cells = |divisor: i32| net.iter().map(|kw| Cell::Power(Power::from_kw(kw / divisor))).collect::<Vec<_>>();
    Points::new(cells(1), cells(40)).unwrap_or_default()
}
