//! Generating units as staff sees and changes them.

use openbok_domain::plan::view::UnitView;
use openbok_domain::plan::{Limits, LimitsFault, Power};
use openbok_domain::{Eic, Fault, FieldErrors};
use openbok_storage::units::{self as stored, UnitChange};

use crate::staff::StaffCaller;
use crate::{ServiceError, Services, boxed};

/// Longest texts.
const MAX_NAME: u16 = 200;
const MAX_TECHNOLOGY: u16 = 60;
const MAX_POINT: u16 = 120;
const MAX_MRID: u16 = 64;

/// A unit as it was typed.
#[derive(Debug, Clone, Default)]
pub struct UnitForm {
    /// Name.
    pub name: String,
    /// Identifier in market messages.
    pub mrid: String,
    /// How it generates.
    pub technology: String,
    /// Power installed, in megawatts.
    pub installed: String,
    /// The least it can run at, in megawatts.
    pub pmin: String,
    /// The most it can run at, in megawatts.
    pub pmax: String,
    /// Where it feeds in.
    pub connection_point: String,
}

impl UnitForm {
    /// Reads what was typed for a unit that goes by this mRID. What the CRM delivered stays as it is.
    fn validate(&self, standing: Option<&str>) -> Result<UnitChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut text = |field: &str, typed: &str, max: u16, is_required: bool| {
            let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
            if is_required && text.is_empty() {
                errors.push(field, Fault::Required);
            }
            if text.chars().count() > usize::from(max) {
                errors.push(field, Fault::TooLong(max));
            }
            text
        };
        let name = text("name", &self.name, MAX_NAME, true);
        let mrid = text("mrid", &self.mrid, MAX_MRID, false);
        let technology = text("technology", &self.technology, MAX_TECHNOLOGY, false);
        let connection_point = text("connection_point", &self.connection_point, MAX_POINT, false);
        if standing != Some(&mrid)
            && Eic::is_like(&mrid)
            && let Err(fault) = Eic::parse(&mrid)
        {
            errors.push("mrid", fault);
        }
        let installed = errors.check("installed", Power::typed(&self.installed));
        let pmin = errors.check("pmin", Power::typed(&self.pmin));
        let pmax = errors.check("pmax", Power::typed(&self.pmax));
        let (Some(installed), Some(pmin), Some(pmax)) = (installed, pmin, pmax) else { return Err(errors) };
        let limits = Limits { pmin, pmax };
        if installed < Power::ZERO {
            errors.push("installed", Fault::Limits(LimitsFault::Negative));
        } else if let Err(fault) = limits.check(installed) {
            let field = if fault == LimitsFault::AboveInstalled { "pmax" } else { "pmin" };
            errors.push(field, Fault::Limits(fault));
        }
        let mrid = Some(mrid).filter(|mrid| !mrid.is_empty());
        errors.into_result(UnitChange { name, mrid, technology, installed, limits, connection_point })
    }
}

impl Services {
    /// One page of the operator's units: those after a code, and those that a word finds, unless it is empty; and after which
    /// code the next page begins.
    #[boxed]
    pub async fn list_all_units(
        &self,
        caller: &StaffCaller,
        word: &str,
        after: &str,
    ) -> Result<(Vec<UnitView>, Option<String>), ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let mut reader = self.db().read().await?;
        let (units, next) = self.page_of_units(&mut reader, &viewer, word.trim(), after).await?;
        Ok((self.unit_views(&mut reader, &viewer, &units).await?, next))
    }

    /// One unit, with its identifier in market messages.
    #[boxed]
    pub async fn find_unit(
        &self,
        caller: &StaffCaller,
        code: &str,
    ) -> Result<(UnitView, Option<String>), ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let mut reader = self.db().read().await?;
        let unit = self.find_unit_of(reader.conn(), &viewer, code).await?;
        Ok((self.unit_view(reader.conn(), &viewer, &unit).await?, unit.mrid))
    }

    /// Changes a unit. A later delivery of the CRM may change it again.
    ///
    /// # Errors
    /// Field errors, also for the market code of another unit; [`ServiceError::NotFound`].
    #[boxed]
    pub async fn change_unit(&self, caller: &StaffCaller, code: &str, form: &UnitForm) -> Result<(), ServiceError> {
        let viewer = self.dispatcher(caller)?;
        let mut tx = self.db().begin().await?;
        let unit = self.find_unit_of(tx.conn(), &viewer, code).await?;
        let change = form.validate(unit.mrid.as_deref())?;
        if let Some(mrid) = &change.mrid
            && let Some(other) = stored::find_by_mrid(tx.conn(), viewer.slug(), mrid).await?
            && other.id != unit.id
        {
            return Err(FieldErrors::one("mrid", Fault::Taken).into());
        }
        stored::update(tx.conn(), viewer.slug(), &unit, &change, self.now()).await?;
        self.record(&mut tx, caller.event("unit_change", "ok", None, &unit.code)).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(installed: &str, pmin: &str, pmax: &str) -> UnitForm {
        let [installed, pmin, pmax] = [installed, pmin, pmax].map(str::to_owned);
        UnitForm { name: "Farma".into(), installed, pmin, pmax, ..UnitForm::default() }
    }

    #[test]
    fn limits_are_powers_and_do_not_cross() {
        assert!(form("10", "1,5", "9.5").validate(None).is_ok());
        let wrong = |form: UnitForm| {
            let errors = form.validate(None).err().unwrap_or_default();
            errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>()
        };
        assert_eq!(wrong(form("10", "5", "4")), ["pmin"]);
        assert_eq!(wrong(form("10", "-1", "4")), ["pmin"]);
        assert_eq!(wrong(form("10", "0", "10,001")), ["pmax"]);
        assert_eq!(wrong(form("-1", "0", "4")), ["installed"]);
        assert_eq!(wrong(form("", "x", "1,2345")), ["installed", "pmin", "pmax"]);
        assert_eq!(wrong(UnitForm { name: " ".into(), ..form("1", "0", "1") }), ["name"]);
        assert_eq!(wrong(UnitForm { mrid: "10YPL-AREA-----T".into(), ..form("1", "0", "1") }), ["mrid"]);
        let called = |mrid: &str| UnitForm { mrid: mrid.into(), ..form("1", "0", "1") };
        assert!(called("MWE-042").validate(None).is_ok(), "not every code is an EIC");
        assert!(called("10YPL-AREA-----T").validate(Some("10YPL-AREA-----T")).is_ok(), "as it was delivered");
    }
}
