//! IEC 62325-451-7, `PlannedResourceSchedule_MarketDocument`: the European market document. Versions 6.0 to 6.3 are read,
//! 6.0 is written.
//!
//! Convention: as in the grid company's XML, position 1 is the interval that *begins* at the start of its period, in UTC.
//! Production (`A01`) is net generation; consumption (`A04`) of the unit itself is its own use, for which the grid company's
//! `P01` is taken too.

use openbok_domain::plan::{FileFault, Series};

use super::faults::Faults;
use super::markup::Document;
use super::schedule::{self, Dialect, MEGAWATT};
use super::{FileMeta, FilePlan, Limits, ReadPlan, WriteError, by_unit, periods, text, values};

/// Name of the root.
pub(super) const ROOT: &str = "PlannedResourceSchedule_MarketDocument";

const NAMESPACES: [&str; 4] = [
    "urn:iec62325.351:tc57wg16:451-7:plannedresourcescheduledocument:6:0",
    "urn:iec62325.351:tc57wg16:451-7:plannedresourcescheduledocument:6:1",
    "urn:iec62325.351:tc57wg16:451-7:plannedresourcescheduledocument:6:2",
    "urn:iec62325.351:tc57wg16:451-7:plannedresourcescheduledocument:6:3",
];

/// Resource provider's schedule.
const TYPE: &str = "A14";
/// Day ahead.
const PROCESS: &str = "A01";
/// Active power.
const PRODUCT: &str = "8716867000016";

const DIALECT: Dialect = Dialect {
    root: ROOT,
    namespaces: &NAMESPACES,
    types: &[TYPE, "A71"],
    series: &[("A01", Series::Pplan), ("A04", Series::Pauto), ("P01", Series::Pauto)],
};

/// Reads a document.
pub(super) fn read(bytes: &[u8], zone: &str, limits: &Limits) -> Result<Vec<ReadPlan>, Vec<FileFault>> {
    match text::xml(bytes) {
        Ok(text) => schedule::read(&text, &DIALECT, zone, limits),
        Err((place, kind)) => Faults::default().stop(place, kind),
    }
}

/// Writes a document.
pub(super) fn write(plans: &[FilePlan], meta: &FileMeta) -> Result<Vec<u8>, WriteError> {
    let written = periods::written(&by_unit(plans, |unit| meta.mrid(unit))?, &meta.zone)?;
    let provider = |unit: &str| meta.providers.get(unit).unwrap_or(&meta.sender.code);
    if !written.iter().all(|series| values::is_code(provider(series.unit))) {
        return Err(WriteError::BadCode);
    }
    let mut document = Document::new("UTF-8", ROOT, Some(NAMESPACES[0]));
    document.leaf("mRID", &meta.document_id);
    document.leaf("revisionNumber", &meta.revision.to_string());
    document.leaf("type", TYPE);
    document.leaf("process.processType", PROCESS);
    document.coded("sender_MarketParticipant.mRID", &meta.sender.code);
    document.leaf("sender_MarketParticipant.marketRole.type", &meta.sender.role);
    document.coded("receiver_MarketParticipant.mRID", &meta.receiver.code);
    document.leaf("receiver_MarketParticipant.marketRole.type", &meta.receiver.role);
    document.leaf("createdDateTime", &values::seconds(meta.created_at));
    let (start, end) = periods::span(&written);
    schedule::write_interval(&mut document, "schedule_Period.timeInterval", start, end);
    for (series, number) in written.iter().zip(1_u32..) {
        let business_type = if series.series == Series::Pplan { "A01" } else { "A04" };
        document.group("PlannedResource_TimeSeries", |element| {
            element.leaf("mRID", &format!("TS{number}"));
            element.leaf("businessType", business_type);
            element.leaf("flowDirection.direction", schedule::direction(series.series));
            element.leaf("product", PRODUCT);
            element.coded("connecting_Domain.mRID", &meta.domain);
            element.coded("registeredResource.mRID", series.unit);
            element.coded("resourceProvider_MarketParticipant.mRID", provider(series.unit));
            element.leaf("measurement_Unit.name", MEGAWATT);
            element.leaf("curveType", "A01");
            schedule::write_periods(element, series);
        });
    }
    Ok(document.finish(ROOT).into_bytes())
}
