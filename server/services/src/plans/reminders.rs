//! Letters before a gate closes, to companies whose plans are missing.

use std::collections::HashSet;
use std::time::Duration;

use openbok_domain::{CustomerId, Date, Operator, UnitId, calendar};
use openbok_locales::format;
use openbok_storage::plan_board as stored;
use openbok_storage::{access, accounts, units as stored_units};

use super::Viewer;
use crate::audit::{Actor, Event};
use crate::mail::letters;
use crate::records::shown;
use crate::{ServiceError, Services, boxed};

impl Services {
    /// Reminds every company whose plans of the next day are missing, once a day, as soon as the operator's time for it has
    /// come and until the gate closes.
    #[boxed]
    pub async fn remind_of_plans(&self) -> Result<(), ServiceError> {
        let operators: Vec<_> = self.operators().iter().filter(|operator| operator.has_planning()).cloned().collect();
        for operator in operators {
            let viewer = Viewer { operator: operator.clone(), companies: None };
            let now = self.now();
            let day = calendar::today(now, &operator.time_zone).plus_days(1);
            let gate = viewer.gate(day);
            let minutes = operator.plans.as_ref().map_or(0, |plans| u64::from(plans.reminder_minutes));
            if now >= gate || now < gate.minus(Duration::from_mins(minutes)) {
                continue;
            }
            let mut reader = self.db().read().await?;
            let companies = stored::list_to_remind(reader.conn(), viewer.slug(), day).await?;
            drop(reader);
            for company in companies {
                // One company's trouble must not keep the letters of the others.
                if let Err(error) = self.remind_company(&operator, &viewer, company, day).await {
                    tracing::error!(%company, %day, %error, "a company was not reminded of its plans");
                }
            }
        }
        Ok(())
    }

    async fn remind_company(
        &self,
        operator: &Operator,
        viewer: &Viewer,
        company: CustomerId,
        day: Date,
    ) -> Result<(), ServiceError> {
        let mut tx = self.db().begin().await?;
        if !stored::insert_reminder(tx.conn(), company, day, self.now()).await? {
            return Ok(());
        }
        let plans = stored::list_board_of(tx.conn(), viewer.slug(), company, day, day).await?;
        let planned: HashSet<UnitId> = plans.iter().filter(|row| row.counts).map(|row| row.unit_id).collect();
        let units = stored_units::list_of(tx.conn(), viewer.slug(), &[company]).await?;
        let missing = units.iter().filter(|unit| !planned.contains(&unit.id));
        let missing: Vec<String> = missing.map(|unit| format!("{} {}", unit.code, unit.name)).collect();
        let accounts = access::list_accounts_of(tx.conn(), company).await?;
        if missing.is_empty() || accounts.is_empty() {
            // Approved in the meantime, or nobody there to write to; who comes in later is reminded.
            return Ok(());
        }
        let link = self.settings().public.link(operator, "/plans");
        for account in accounts {
            let Some(account) = accounts::find(tx.conn(), account).await? else { continue };
            let owner = self.open_owner(account)?;
            let lang = owner.lang(operator);
            let until = shown(viewer.gate(day), operator, lang);
            let letter = letters::plan_reminder(operator, lang, &format::date_long(day, lang), &until, &missing, &link);
            self.send(&mut tx, operator, lang, &owner.data.email, letter, Some(viewer.gate(day))).await?;
        }
        let event = Event {
            operator: viewer.slug(),
            name: "plan_reminder",
            outcome: "ok",
            actor: Actor::System,
            subject: None,
            note: &format!("{company} {day}"),
        };
        self.record(&mut tx, event).await?;
        tx.commit().await?;
        self.wake_worker();
        Ok(())
    }
}
