//! What a plan can be copied from: yesterday, the same weekday a week before, the unit's template.

use openbok_domain::Date;
use openbok_domain::plan::view::SourceView;
use openbok_domain::plan::{Points, Resolution};
use openbok_storage::plans as stored;

use super::{converted, labels, unpack};
use crate::{Caller, ServiceError, Services};

impl Services {
    /// The points of another day, in the resolution asked for: `from` is `yesterday`, `week` or `template`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is nothing to copy, or the unit is not the caller's.
    pub async fn read_source(
        &self,
        caller: &Caller,
        unit: &str,
        day: Date,
        resolution: Resolution,
        from: &str,
    ) -> Result<SourceView, ServiceError> {
        let viewer = self.producer(caller).await?;
        let mut reader = self.db().read().await?;
        let unit = self.find_unit_of(reader.conn(), &viewer, unit).await?;
        let days_before = match from {
            "yesterday" => 1,
            "week" => 7,
            "template" => {
                let kept = stored::find_template(reader.conn(), unit.id).await?.ok_or(ServiceError::NotFound)?;
                return template(&kept, resolution);
            }
            _ => return Err(ServiceError::NotFound),
        };
        let source = day.plus_days(-days_before);
        let plan = stored::find(reader.conn(), unit.id, source).await?.ok_or(ServiceError::NotFound)?;
        let of = plan.resolution()?;
        let points = converted(unpack(&plan.points, source, &viewer.operator, of)?, of, resolution);
        Ok(SourceView { labels: labels(source, &viewer.operator, resolution), points: points.pack() })
    }
}

fn template(kept: &stored::Template, resolution: Resolution) -> Result<SourceView, ServiceError> {
    let names: Vec<String> = kept.labels.lines().map(str::to_owned).collect();
    let of = kept.resolution()?;
    let points = Points::unpack(&kept.points, names.len()).map_err(|_| super::unreadable("points of a template"))?;
    let names = match (of, resolution) {
        (Resolution::Hour, Resolution::Quarter) => names.iter().flat_map(|name| quarters(name)).collect(),
        (Resolution::Quarter, Resolution::Hour) => names.chunks(4).filter_map(hour).collect(),
        _ => names,
    };
    Ok(SourceView { labels: names, points: converted(points, of, resolution).pack() })
}

/// What the quarters of an hour are called: `02–03 A` has `02:00–02:15 A` and so on.
fn quarters(hour: &str) -> Vec<String> {
    let (name, mark) = hour.split_once(' ').map_or((hour, String::new()), |(name, mark)| (name, format!(" {mark}")));
    let begins = name.split('–').next().and_then(|begin| begin.parse::<u8>().ok()).unwrap_or_default();
    let minute = |quarter: u8| (begins + quarter / 4, quarter % 4 * 15);
    (0..4)
        .map(|quarter| {
            let ((from, from_minute), (to, to_minute)) = (minute(quarter), minute(quarter + 1));
            format!("{from:02}:{from_minute:02}–{to:02}:{to_minute:02}{mark}")
        })
        .collect()
}

/// What the hour of four quarters is called.
fn hour(quarters: &[String]) -> Option<String> {
    let first = quarters.first()?;
    let (name, mark) =
        first.split_once(' ').map_or((first.as_str(), String::new()), |(name, mark)| (name, format!(" {mark}")));
    let begins: u8 = name.split(':').next()?.parse().ok()?;
    Some(format!("{begins:02}–{:02}{mark}", begins + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_template_is_called_alike_in_both_resolutions() {
        for day in ["2026-10-25", "2026-03-29", "2026-11-25"] {
            let day: Date = day.parse().unwrap();
            let operator = testing::operator("mojbok");
            let [hours, fine] =
                [Resolution::Hour, Resolution::Quarter].map(|resolution| labels(day, &operator, resolution));
            let from_hours: Vec<String> = hours.iter().flat_map(|name| quarters(name)).collect();
            assert_eq!(from_hours, fine, "{day}");
            let from_quarters: Vec<String> = fine.chunks(4).filter_map(hour).collect();
            assert_eq!(from_quarters, hours, "{day}");
        }
    }
}
