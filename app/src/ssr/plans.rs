//! Drafts of plans out of the fields of their forms.

use openbok_domain::plan::{Cell, Points, Resolution, Series};
use openbok_services::DraftForm;

use super::read;
use crate::components::plan_grid::field_name;
use crate::error::PortalError;
use crate::portal::Fields;

/// A draft with its points packed, as a page that is awake sends it.
pub fn draft(fields: &Fields) -> Result<DraftForm, PortalError> {
    Ok(DraftForm {
        unit: fields.text("unit"),
        day: read(fields.get("day"))?,
        resolution: read(fields.get("resolution"))?,
        revision: read(fields.get("revision"))?,
        points: fields.text("points"),
    })
}

/// A draft with a field for each value, as a form without scripts sends it.
pub fn typed_draft(fields: &Fields) -> Result<DraftForm, PortalError> {
    let mut draft = draft(fields)?;
    let most = match draft.resolution {
        Resolution::Hour => 25,
        Resolution::Quarter => 100,
    };
    let cells = |series| -> Vec<Cell> {
        (0..most).map_while(|index| fields.0.get(&field_name(series, index))).map(|typed| Cell::typed(typed)).collect()
    };
    // Series of different lengths are no plan; the service says so.
    draft.points = Points::new(cells(Series::Pplan), cells(Series::Pauto)).unwrap_or_default().pack();
    Ok(draft)
}
