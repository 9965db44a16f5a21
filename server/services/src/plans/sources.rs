//! What a plan can be copied from: yesterday, the same weekday a week before, the unit's template.

use openbok_domain::Date;
use openbok_domain::plan::Resolution;
use openbok_domain::plan::view::SourceView;
use openbok_storage::plans as stored;

use super::{labels, unpack};
use crate::{Caller, ServiceError, Services, boxed};

impl Services {
    /// The points of another day, in the resolution asked for: `from` is `yesterday`, `week` or `template`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is nothing to copy, or the unit is not the caller's.
    #[boxed]
    pub async fn read_source(
        &self,
        caller: &Caller,
        unit: &str,
        day: Date,
        resolution: Resolution,
        from: &str,
    ) -> Result<SourceView, ServiceError> {
        let viewer = self.producer(caller).await?;
        self.check_day(&viewer, day)?;
        let mut reader = self.db().read().await?;
        let unit = self.find_unit_of(reader.conn(), &viewer, unit).await?;
        let days_before = match from {
            "yesterday" => Some(1),
            "week" => Some(7),
            "template" => None,
            _ => return Err(ServiceError::NotFound),
        };
        let (source, of, packed) = if let Some(days) = days_before {
            let source = day.plus_days(-days);
            let plan = stored::find(reader.conn(), unit.id, source).await?.ok_or(ServiceError::NotFound)?;
            (source, plan.resolution()?, plan.points)
        } else {
            let kept = stored::find_template(reader.conn(), unit.id).await?.ok_or(ServiceError::NotFound)?;
            (kept.day, kept.resolution()?, kept.points)
        };
        let points = unpack(&packed, source, &viewer.operator, of)?.converted(of, resolution);
        Ok(SourceView { labels: labels(source, &viewer.operator, resolution), points: points.pack() })
    }
}
