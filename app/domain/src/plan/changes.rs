//! Two states of one plan beside each other, and three of them become one.

use super::Series;
use super::cells::{Cell, Points};

/// A value that is not the same in two states of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Series.
    pub series: Series,
    /// Interval, from 0.
    pub index: usize,
    /// What it was.
    pub before: Cell,
    /// What it is.
    pub after: Cell,
}

/// What differs between two states of the same day, in the order of time.
pub fn changes(before: &Points, after: &Points) -> Vec<Change> {
    places(before.len().max(after.len()))
        .filter(|(series, index)| before.get(*series, *index) != after.get(*series, *index))
        .map(|(series, index)| Change {
            series,
            index,
            before: before.get(series, index).clone(),
            after: after.get(series, index).clone(),
        })
        .collect()
}

/// Two people's work on one plan, put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Everybody's changes; where both changed a value differently, mine.
    pub points: Points,
    /// Values that both changed, each to another: `before` is theirs, `after` mine.
    pub conflicts: Vec<Change>,
}

/// Puts together what two people made of the same state of a plan. All three states are of one day in one resolution.
pub fn merge(base: &Points, mine: &Points, theirs: &Points) -> Merge {
    let mut points = theirs.clone();
    let mut conflicts = Vec::new();
    for (series, index) in places(mine.len().min(theirs.len())) {
        let (was, my, their) = (base.get(series, index), mine.get(series, index), theirs.get(series, index));
        if my == was || my == their {
            continue;
        }
        if their != was {
            conflicts.push(Change { series, index, before: their.clone(), after: my.clone() });
        }
        points.set(series, index, my.clone());
    }
    Merge { points, conflicts }
}

fn places(intervals: usize) -> impl Iterator<Item = (Series, usize)> {
    (0..intervals).flat_map(|index| Series::ALL.iter().map(move |series| (*series, index)))
}

#[cfg(test)]
mod tests {
    use super::super::cells::tests::any_points;
    use super::*;
    use proptest::prelude::*;

    fn three() -> impl Strategy<Value = (Points, Points, Points)> {
        (1_usize..30).prop_flat_map(|length| (any_points(length), any_points(length), any_points(length)))
    }

    proptest! {
        #[test]
        fn a_merge_never_loses_a_point((base, mine, theirs) in three()) {
            let merged = merge(&base, &mine, &theirs);
            for (series, index) in places(base.len()) {
                let [was, my, their, now] = [&base, &mine, &theirs, &merged.points].map(|points| points.get(series, index));
                let conflict = merged.conflicts.iter().find(|change| (change.series, change.index) == (series, index));
                let is_conflict = my != was && their != was && my != their;
                prop_assert_eq!(conflict.is_some(), is_conflict);
                if let Some(conflict) = conflict {
                    prop_assert_eq!((&conflict.before, &conflict.after), (their, my));
                }
                prop_assert_eq!(now, if my == was { their } else { my });
            }
        }

        #[test]
        fn who_changed_nothing_gets_the_others_work((base, mine, _) in three()) {
            prop_assert_eq!(merge(&base, &mine, &base).points, mine.clone());
            prop_assert_eq!(merge(&base, &base, &mine).points, mine);
        }

        #[test]
        fn the_changes_lead_from_one_state_to_the_other((before, after, _) in three()) {
            let mut state = before.clone();
            for change in changes(&before, &after) {
                let was = state.set(change.series, change.index, change.after);
                prop_assert_eq!(was, change.before);
            }
            prop_assert_eq!(state, after);
        }
    }
}
