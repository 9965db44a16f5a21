//! An account ready to sign in, made like everybody's: registered, activated, the one-time password replaced.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use openbok_domain::{ContractRegistration, OneTimePassword, Operator, PasswordChange};
use openbok_services::demo_data::DemoCustomer;
use openbok_services::{Clock, Credentials, MailMessage, Services, Token, Transport, Visit};

use crate::assembly;
use crate::config::Config;

/// The password of every account made here.
pub const PASSWORD: &str = "Zielony-Rower-26";

/// Makes the account of a private customer. Its mails go nowhere: a portal beside the real one keeps them in memory,
/// for they carry the link and the one-time password.
///
/// # Errors
/// Whatever the use cases refuse.
pub async fn make(config: &Config, operator: &Operator, customer: &DemoCustomer, login: &str) -> anyhow::Result<()> {
    let transport = Transport::memory();
    let aside = assembly::open_services_with(config, Clock::system(), true, transport.clone()).await?;
    let operator = aside.operators().find(&operator.slug).context("the operator is gone")?;
    let made = walk(&aside, &transport, operator, customer, login).await;
    aside.close().await;
    made.with_context(|| format!("account of customer {}", customer.customer_number))
}

async fn walk(
    services: &Services,
    transport: &Transport,
    operator: Arc<Operator>,
    customer: &DemoCustomer,
    login: &str,
) -> anyhow::Result<()> {
    let visit = Visit {
        lang: operator.default_language(),
        operator,
        source: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: None,
        user_agent: "OpenBOK demo".to_owned(),
    };
    let form = ContractRegistration {
        customer_kind: customer.kind.as_str().to_owned(),
        pesel: customer.tax_id.clone(),
        contract_number: customer.contract_number.clone(),
        login: login.to_owned(),
        login_repeat: login.to_owned(),
        phone: customer.phone.clone(),
        email: customer.email.clone(),
        terms: true,
        cookies: true,
        ..ContractRegistration::default()
    };
    services.register_by_contract(&visit, &form, None).await?;
    let mail = last_mail(services, transport).await?.text;
    let mut words = mail.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let token = words.find_map(Token::parse).context("the mail carries no link")?;
    services.activate(&visit, &token).await?;

    let mail = last_mail(services, transport).await?.text;
    let one_time = mail.split_whitespace().find(|word| OneTimePassword::looks_like(word));
    let one_time = one_time.context("the mail carries no one-time password")?.to_owned();
    let credentials = Credentials { login: login.to_owned(), password: one_time.clone(), proof: None };
    let signed_in = services.sign_in(&visit, credentials).await?;
    let caller = services.find_caller(&visit.operator, &signed_in.session).await?.context("the session is gone")?;
    let form = PasswordChange { current: one_time, password: PASSWORD.to_owned(), repeat: PASSWORD.to_owned() };
    services.replace_one_time_password(&visit, &caller, &form).await?;
    services.run_jobs().await?;
    Ok(())
}

async fn last_mail(services: &Services, transport: &Transport) -> anyhow::Result<MailMessage> {
    services.run_jobs().await?;
    match transport.take().pop() {
        Some(mail) => Ok(mail),
        None => bail!("no mail came: the demo's data do not fit"),
    }
}
