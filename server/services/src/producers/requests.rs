//! Requests for access, through the public form or as letters, and what staff does with them.

use openbok_domain::access::{
    AccessRequestForm, AccessRequestList, AccessRequestRow, AccessRequestView, Delivery, RequestSource, RequestStatus,
    TokenState, TokenView,
};
use openbok_domain::staff::Role;
use openbok_domain::{AccessRequestId, Country, Lang, Operator, Proof, Refusal, Timestamp};
use openbok_storage::access::{self, AccessRequest, Invitation, NewAccessRequest};
use openbok_storage::outbox::{self, Fate};
use openbok_storage::{Tx, units};

use crate::access_mail::FoundRequest;
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::{AccessData, index, place, shown};
use crate::registration::visitor_event;
use crate::settings::HOUR;
use crate::staff::StaffCaller;
use crate::{ServiceError, Services, Visit, boxed, hex};

/// Name of the event and of its limit.
const ASK_ACCESS: &str = "ask_access";
/// Requests from one source within an hour without a proof.
const FREE_REQUESTS: i64 = 2;
/// Requests from one source within an hour.
const MOST_REQUESTS: i64 = 20;
/// Rows of one page of the list.
const PAGE_ROWS: i64 = 50;

impl Services {
    /// Takes a request of the public form. The answer tells nothing about who has access already.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where nobody comes in by invitation. Field errors; a challenge from the third request of a
    /// source on; [`ServiceError::TooMany`].
    #[boxed]
    pub async fn ask_access(
        &self,
        visit: &Visit,
        form: &AccessRequestForm,
        proof: Option<&Proof>,
    ) -> Result<(), ServiceError> {
        if !visit.operator.has_planning() {
            return Err(ServiceError::NotFound);
        }
        let valid = form.validate(visit.operator.country)?;
        let data = AccessData {
            company: valid.company,
            email: valid.email.as_str().to_owned(),
            phone: valid.phone,
            lang: Some(visit.lang),
            ..AccessData::default()
        };
        let outcome = self.try_request(visit, &data, proof).await;
        self.note_stop(&visit.network(), visitor_event(visit, ASK_ACCESS, "", None), outcome).await
    }

    async fn try_request(&self, visit: &Visit, data: &AccessData, proof: Option<&Proof>) -> Result<(), ServiceError> {
        let network = visit.network();
        if self.check_limit(ASK_ACCESS, &network, MOST_REQUESTS, HOUR).await? >= FREE_REQUESTS {
            self.demand_proof(proof).await?;
        }
        let mut tx = self.db().begin().await?;
        self.take_try(&mut tx, ASK_ACCESS, &network, MOST_REQUESTS, HOUR).await?;
        // Sent twice, as by two clicks, it is one request.
        let text = format!("{}\n{}\n{}", data.company, data.email, data.phone);
        let hash = index::request(self.vault(), visit.operator.slug.as_str(), &text);
        if self.insert_request(&mut tx, &visit.operator, RequestSource::Form, RequestStatus::New, &hash, data).await? {
            self.record(&mut tx, visitor_event(visit, ASK_ACCESS, "ok", None)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes a request that came as a letter, within the transaction that notes how far the mailbox was read. A letter that was
    /// taken before is not taken again. What could not be read is for staff to complete.
    pub(super) async fn take_letter(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        letter: &FoundRequest,
    ) -> Result<(), ServiceError> {
        let form = AccessRequestForm {
            company: letter.company.clone().unwrap_or_default(),
            // Whoever sent the letter is not always who asks: what the letter does not tell, staff completes.
            email: letter.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
            phone: letter.phone.clone().unwrap_or_default(),
        };
        let more = if letter.is_cut { "\n[…]" } else { "" };
        let text = format!("{}\n\n{}{more}", letter.subject, letter.text);
        let mut data = AccessData { letter: Some(text.trim().to_owned()), ..AccessData::default() };
        let status = complete(&mut data, form, operator.country);
        let hash = index::letter(self.vault(), operator.slug.as_str(), &hex(&letter.fingerprint.0));
        let is_new = self.insert_request(tx, operator, RequestSource::Mail, status, &hash, &data).await?;
        if is_new {
            let event = Event {
                operator: operator.slug.as_str(),
                name: ASK_ACCESS,
                outcome: "letter",
                actor: Actor::System,
                subject: None,
                note: status.as_str(),
            };
            self.record(tx, event).await?;
        }
        Ok(())
    }

    async fn insert_request(
        &self,
        tx: &mut Tx,
        operator: &Operator,
        source: RequestSource,
        status: RequestStatus,
        letter_hash: &[u8],
        data: &AccessData,
    ) -> Result<bool, ServiceError> {
        let now = self.now();
        let id: AccessRequestId = self.entropy().id(now);
        let new = NewAccessRequest {
            id,
            source: source.as_str(),
            status: status.as_str(),
            letter_hash,
            sealed: &self.vault().seal(self.entropy(), &place::access_request(id), data),
            now,
        };
        Ok(access::insert_request(tx.conn(), operator.slug.as_str(), &new).await?)
    }

    /// A page of requests that stand somewhere, newest first: those before one of them, from the newest on without it. The log
    /// says who read it.
    #[boxed]
    pub async fn list_access_requests(
        &self,
        caller: &StaffCaller,
        status: RequestStatus,
        before: Option<AccessRequestId>,
        lang: Lang,
    ) -> Result<AccessRequestList, ServiceError> {
        caller.demand(Role::Dispatcher)?;
        let operator = caller.operator.slug.as_str();
        let mut reader = self.db().read().await?;
        let before = match before {
            Some(id) => access::find_request(reader.conn(), operator, id).await?.map(|before| (before.created_at, id)),
            None => None,
        };
        let before = before.unwrap_or((Timestamp::from_micros(i64::MAX / 2), uuid::Uuid::max().into()));
        let mut found = access::list_requests(reader.conn(), operator, status.as_str(), before, PAGE_ROWS + 1).await?;
        let most = usize::try_from(PAGE_ROWS).unwrap_or_default();
        let has_more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| has_more).map(|request| request.id);
        let counts = access::count_requests(reader.conn(), operator).await?;
        let counts = counts.into_iter().filter_map(|(status, count)| Some((status.parse().ok()?, count))).collect();
        let rows = found.iter().map(|request| {
            let data = self.access_data(request)?;
            row(request, &data, &caller.operator, lang)
        });
        let rows = rows.collect::<Result<_, ServiceError>>()?;
        drop(reader);
        self.record_reading(caller, "access_list", status.as_str()).await?;
        Ok(AccessRequestList { status, rows, next, counts })
    }

    async fn record_reading(&self, caller: &StaffCaller, event: &str, note: &str) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        self.record(&mut tx, caller.event(event, "ok", None, note)).await?;
        Ok(tx.commit().await?)
    }

    pub(super) fn access_data(&self, request: &AccessRequest) -> Result<AccessData, ServiceError> {
        Ok(self.vault().open(&place::access_request(request.id), &request.sealed)?)
    }

    /// One request with everything that staff decides by. The log says who read it.
    #[boxed]
    pub async fn find_access_request(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        lang: Lang,
    ) -> Result<AccessRequestView, ServiceError> {
        caller.demand(Role::Dispatcher)?;
        let operator = &*caller.operator;
        let slug = operator.slug.as_str();
        let mut reader = self.db().read().await?;
        let request = access::find_request(reader.conn(), slug, id).await?.ok_or(ServiceError::NotFound)?;
        let data = self.access_data(&request)?;
        let token = match access::find_newest_invitation(reader.conn(), slug, id).await? {
            Some(token) => {
                let fate = match token.mail() {
                    Some(mail) => outbox::find_fate(reader.conn(), slug, mail).await?,
                    None => None,
                };
                Some(token_view(&token, fate, self.now(), operator, lang))
            }
            None => None,
        };
        let companies = units::list_companies(reader.conn(), slug).await?;
        let companies = companies.into_iter().map(|company| {
            let name = self.name_of_company(operator, &company)?;
            Ok((company.number, name, company.units))
        });
        let companies = companies.collect::<Result<_, ServiceError>>()?;
        drop(reader);
        self.record_reading(caller, "access_read", &id.to_string()).await?;
        Ok(AccessRequestView {
            row: row(&request, &data, operator, lang)?,
            phone: data.phone,
            letter: data.letter,
            revision: request.revision,
            company_number: data.company_number,
            companies,
            token,
        })
    }

    /// Completes or corrects what a request says, and keeps the number of the company that it is to be approved for, if one was
    /// typed.
    ///
    /// # Errors
    /// Field errors; [`Refusal::ChangedMeanwhile`]; [`Refusal::AlreadyDecided`].
    #[boxed]
    pub async fn complete_access_request(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        revision: i64,
        form: AccessRequestForm,
        company_number: &str,
    ) -> Result<(), ServiceError> {
        form.validate(caller.operator.country)?;
        let number = company_number.trim();
        let change = |data: &mut AccessData, operator: &Operator| {
            data.company_number = (!number.is_empty()).then(|| number.to_owned());
            Ok((complete(data, form, operator.country), false))
        };
        let (tx, _) = self.change_request(caller, id, revision, "access_complete", None, change).await?;
        Ok(tx.commit().await?)
    }

    /// Refuses a request and says so to whoever asked.
    ///
    /// # Errors
    /// [`Refusal::ChangedMeanwhile`]; [`Refusal::AlreadyDecided`].
    #[boxed]
    pub async fn refuse_access_request(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        revision: i64,
    ) -> Result<(), ServiceError> {
        let (mut tx, data) = self.refuse(caller, id, revision, "access_refuse").await?;
        // A letter without an address cannot be answered.
        if !data.email.is_empty() {
            let operator = &*caller.operator;
            let lang = data.lang.unwrap_or_else(|| operator.default_language());
            self.send(&mut tx, operator, lang, &data.email, letters::access_refused(operator, lang), None).await?;
        }
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }

    /// Refuses a request that nobody waits for: spam, or one that came twice. Nobody hears of it.
    ///
    /// # Errors
    /// As [`Services::refuse_access_request`].
    #[boxed]
    pub async fn close_access_request(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        revision: i64,
    ) -> Result<(), ServiceError> {
        let (tx, _) = self.refuse(caller, id, revision, "access_close").await?;
        Ok(tx.commit().await?)
    }

    async fn refuse(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        revision: i64,
        event: &str,
    ) -> Result<(Tx, AccessData), ServiceError> {
        self.change_request(caller, id, revision, event, None, |_, _| Ok((RequestStatus::Refused, true))).await
    }

    /// Changes an undecided request; `change` tells where it stands from then on, and whether that is a decision. The
    /// transaction is the caller's to go on with and to commit. The log also gets the number of the company it is about, if any.
    pub(super) async fn change_request(
        &self,
        caller: &StaffCaller,
        id: AccessRequestId,
        revision: i64,
        event: &str,
        company_number: Option<&str>,
        change: impl FnOnce(&mut AccessData, &Operator) -> Result<(RequestStatus, bool), ServiceError>,
    ) -> Result<(Tx, AccessData), ServiceError> {
        caller.demand(Role::Dispatcher)?;
        let operator = &*caller.operator;
        let slug = operator.slug.as_str();
        let mut tx = self.db().begin().await?;
        let request = access::find_request(tx.conn(), slug, id).await?.ok_or(ServiceError::NotFound)?;
        if matches!(request.status.as_str(), "approved" | "refused") {
            return Err(Refusal::AlreadyDecided.into());
        }
        let mut data = self.access_data(&request)?;
        let (status, is_decided) = change(&mut data, operator)?;
        let sealed = self.vault().seal(self.entropy(), &place::access_request(id), &data);
        let decision = is_decided.then(|| (caller.staff, self.now()));
        let status = status.as_str();
        if !access::update_request(tx.conn(), slug, id, revision, status, &sealed, decision).await? {
            return Err(Refusal::ChangedMeanwhile.into());
        }
        let note = company_number.map_or_else(|| id.to_string(), |number| format!("{id} {number}"));
        self.record(&mut tx, caller.event(event, "ok", None, &note)).await?;
        Ok((tx, data))
    }
}

/// Fills a request in and tells whether anything is missing.
fn complete(data: &mut AccessData, form: AccessRequestForm, country: Country) -> RequestStatus {
    if let Ok(valid) = form.validate(country) {
        (data.company, data.email, data.phone) = (valid.company, valid.email.into(), valid.phone);
        RequestStatus::New
    } else {
        (data.company, data.email, data.phone) = (form.company, form.email, form.phone);
        RequestStatus::Incomplete
    }
}

fn row(
    request: &AccessRequest,
    data: &AccessData,
    operator: &Operator,
    lang: Lang,
) -> Result<AccessRequestRow, ServiceError> {
    let unreadable = |_| ServiceError::NotFound;
    Ok(AccessRequestRow {
        id: request.id,
        company: data.company.clone(),
        email: data.email.clone(),
        source: request.source.parse().map_err(unreadable)?,
        status: request.status.parse().map_err(unreadable)?,
        received: shown(request.created_at, operator, lang),
    })
}

fn token_view(token: &Invitation, fate: Option<Fate>, now: Timestamp, operator: &Operator, lang: Lang) -> TokenView {
    let (state, at) = match (token.used_at(), token.revoked_at()) {
        (Some(_), Some(withdrawn_at)) => (TokenState::Withdrawn, withdrawn_at),
        (Some(used_at), None) => (TokenState::Used, used_at),
        (None, Some(revoked_at)) => (TokenState::Revoked, revoked_at),
        (None, None) if token.expires_at <= now => (TokenState::Expired, token.expires_at),
        (None, None) => (TokenState::Open, token.expires_at),
    };
    let delivery = match fate {
        Some(Fate::Delayed) => Delivery::Delayed,
        Some(Fate::Failed) => Delivery::Failed,
        Some(Fate::Waiting | Fate::Sent) | None => Delivery::Well,
    };
    TokenView { state, at: shown(at, operator, lang), delivery }
}
