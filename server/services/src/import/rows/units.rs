//! Generating units.

use openbok_domain::plan::{Limits, LimitsFault, Power};
use openbok_storage::units::NewUnit;

use super::Desk;
use crate::import::record::{Fault, Record};
use crate::import::report::Reason;
use crate::import::values::{key, power, unit_code, words};

/// Without limits of its own a unit runs at anything up to what is installed.
pub(super) fn generating_unit(desk: Desk<'_>, record: &Record) -> Result<NewUnit, Fault> {
    let code = record.required("unit_code", unit_code)?;
    let installed = record.required("installed_mw", power)?;
    let limits = Limits {
        pmin: record.optional("pmin_mw", power)?.unwrap_or(Power::ZERO),
        pmax: record.optional("pmax_mw", power)?.unwrap_or(installed),
    };
    if installed < Power::ZERO {
        return Err(Fault::at("installed_mw", Reason::OutOfRange));
    }
    limits.check(installed).map_err(|fault| match fault {
        LimitsFault::Negative => Fault::at("pmin_mw", Reason::OutOfRange),
        LimitsFault::AboveInstalled => Fault::at("pmax_mw", Reason::AboveInstalled),
        LimitsFault::Crossed => Fault::at("pmin_mw", Reason::LimitsCross),
    })?;
    Ok(NewUnit {
        id: desk.id(),
        mrid: record.optional("mrid", key)?,
        customer_number: record.required("customer_number", key)?,
        name: record.optional("name", words::<200>)?.unwrap_or_else(|| code.clone()),
        technology: record.optional("technology", words::<60>)?.unwrap_or_default(),
        connection_point: record.optional("connection_point", words::<120>)?.unwrap_or_default(),
        installed,
        limits,
        code,
    })
}
