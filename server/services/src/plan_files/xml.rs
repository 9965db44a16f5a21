//! The grid company's XML, `PlannedResourceSchedule`: the older form of the market document without header and namespace.
//!
//! Convention: a period is a local day with its bounds in UTC; position 1 is the hour that *begins* at the period's start, so
//! that positions go to 23, 24 or 25. Megawatts with a point and three decimals. Written in ISO-8859-2, read in UTF-8 too.

use openbok_domain::plan::{FileFault, Series};

use super::faults::Faults;
use super::markup::Document;
use super::schedule::{self, Dialect, MEGAWATT};
use super::{FileMeta, FilePlan, Limits, ReadPlan, WriteError, by_unit, periods, text};

/// Name of the root.
pub(super) const ROOT: &str = "PlannedResourceSchedule";

/// Generation forecast.
const TYPE: &str = "A71";

const DIALECT: Dialect =
    Dialect { root: ROOT, namespaces: &[], types: &[TYPE], series: &[("A01", Series::Pplan), ("P01", Series::Pauto)] };

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
    let mut document = Document::new("ISO-8859-2", ROOT, None);
    document.leaf("type", TYPE);
    let (start, end) = periods::span(&written);
    schedule::write_interval(&mut document, "schedule_Period.timeInterval", start, end);
    for (series, number) in written.iter().zip(1_u32..) {
        document.group("PlannedResource_TimeSeries", |element| {
            element.leaf("mRID", &number.to_string());
            element.leaf("businessType", if series.series == Series::Pplan { "A01" } else { "P01" });
            element.leaf("measurement_Unit.name", MEGAWATT);
            element.leaf("registeredResource.mRID", series.unit);
            schedule::write_periods(element, series);
        });
    }
    // Characters that the encoding lacks become references to them, which XML allows.
    let text = document.finish(ROOT);
    let (bytes, _, _) = encoding_rs::ISO_8859_2.encode(&text);
    Ok(bytes.into_owned())
}
