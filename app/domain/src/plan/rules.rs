//! What a plan's values must obey: the technical limits of the unit, and own use within net generation.

use super::Series;
use super::cells::{Cell, Points};
use super::power::Power;
use crate::ParseError;
use serde::{Deserialize, Serialize};

/// What a generating unit can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The least it can run at; below it, it can only stand still.
    pub pmin: Power,
    /// The most it can run at.
    pub pmax: Power,
}

/// Why a unit cannot have its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitsFault {
    /// A power below zero.
    Negative,
    /// The most is more than what is installed.
    AboveInstalled,
    /// The least is more than the most.
    Crossed,
}

impl Limits {
    /// Whether a unit with this power installed can have these limits.
    ///
    /// # Errors
    /// The first thing that is wrong: [`LimitsFault::AboveInstalled`] with the most, the others with the least.
    pub fn check(&self, installed: Power) -> Result<(), LimitsFault> {
        if self.pmin < Power::ZERO {
            return Err(LimitsFault::Negative);
        }
        if self.pmax > installed {
            return Err(LimitsFault::AboveInstalled);
        }
        if self.pmin > self.pmax { Err(LimitsFault::Crossed) } else { Ok(()) }
    }
}

/// What is wrong with a value of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellFault {
    /// Not a number.
    NotANumber,
    /// More decimals than kilowatts have.
    TooFine,
    /// No value. Only approving minds.
    Missing,
    /// Less than the unit can run at, and not standing still.
    BelowMin(Power),
    /// More than the unit can run at.
    AboveMax(Power),
    /// Own use above net generation.
    AbovePplan,
    /// Own use below zero.
    Negative,
}

/// A value that is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointFault {
    /// Series.
    pub series: Series,
    /// Interval, from 0.
    pub index: usize,
    /// What is wrong.
    pub fault: CellFault,
}

/// What is wrong with one value while it is being written; an empty one is not wrong yet.
pub fn fault(limits: &Limits, points: &Points, series: Series, index: usize) -> Option<CellFault> {
    let power = match points.get(series, index) {
        Cell::Empty => return None,
        Cell::Text(text) => return Some(fault_of_text(text)),
        Cell::Power(power) => *power,
    };
    match series {
        // A unit that stands still plans nothing, whatever its technical minimum is.
        Series::Pplan if power < limits.pmin && power != Power::ZERO => Some(CellFault::BelowMin(limits.pmin)),
        Series::Pplan if power > limits.pmax => Some(CellFault::AboveMax(limits.pmax)),
        Series::Pplan => None,
        Series::Pauto if power < Power::ZERO => Some(CellFault::Negative),
        Series::Pauto => {
            let net = points.get(Series::Pplan, index).power();
            net.filter(|net| power > *net).map(|_| CellFault::AbovePplan)
        }
    }
}

/// Why a text is no power.
pub(super) fn fault_of_text(text: &str) -> CellFault {
    match Power::typed(text) {
        Err(ParseError::TooFine { .. }) => CellFault::TooFine,
        _ => CellFault::NotANumber,
    }
}

/// Everything that is wrong while a plan is being written, in the order of time.
pub fn faults(limits: &Limits, points: &Points) -> Vec<PointFault> {
    find(points, |series, index| fault(limits, points, series, index))
}

/// The plan as it can be approved: without a single fault and without a gap. Own use that nobody stated at all is none.
///
/// # Errors
/// Everything that is wrong or missing, in the order of time.
pub fn approvable(limits: &Limits, points: &Points) -> Result<Points, Vec<PointFault>> {
    let mut whole = points.clone();
    if whole.series(Series::Pauto).iter().all(|cell| *cell == Cell::Empty) {
        for index in 0..whole.len() {
            whole.set(Series::Pauto, index, Cell::Power(Power::ZERO));
        }
    }
    let found = find(&whole, |series, index| match whole.get(series, index) {
        Cell::Empty => Some(CellFault::Missing),
        _ => fault(limits, &whole, series, index),
    });
    if found.is_empty() { Ok(whole) } else { Err(found) }
}

fn find(points: &Points, fault: impl Fn(Series, usize) -> Option<CellFault>) -> Vec<PointFault> {
    let all = (0..points.len()).flat_map(|index| Series::ALL.iter().map(move |series| (*series, index)));
    all.filter_map(|(series, index)| Some(PointFault { series, index, fault: fault(series, index)? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { pmin: Power::from_kw(1_000), pmax: Power::from_kw(5_000) };

    fn points(pairs: &[(&str, &str)]) -> Points {
        let (pplan, pauto) = pairs.iter().map(|(net, own)| (Cell::typed(net), Cell::typed(own))).unzip();
        Points::new(pplan, pauto).unwrap()
    }

    fn fault_of(net: &str, own: &str, series: Series) -> Option<CellFault> {
        fault(&LIMITS, &points(&[(net, own)]), series, 0)
    }

    #[test]
    fn limits_lie_between_zero_and_what_is_installed_and_do_not_cross() {
        let check =
            |pmin, pmax| Limits { pmin: Power::from_kw(pmin), pmax: Power::from_kw(pmax) }.check(Power::from_kw(5_000));
        assert_eq!(check(0, 5_000), Ok(()));
        assert_eq!(check(3_000, 3_000), Ok(()));
        assert_eq!(check(-1, 5_000), Err(LimitsFault::Negative));
        assert_eq!(check(0, 5_001), Err(LimitsFault::AboveInstalled));
        assert_eq!(check(3_001, 3_000), Err(LimitsFault::Crossed));
    }

    #[test]
    fn net_generation_stays_within_the_limits_of_the_unit() {
        assert_eq!(fault_of("5", "", Series::Pplan), None);
        assert_eq!(fault_of("5,001", "", Series::Pplan), Some(CellFault::AboveMax(LIMITS.pmax)));
        assert_eq!(fault_of("1", "", Series::Pplan), None);
        assert_eq!(fault_of("0,999", "", Series::Pplan), Some(CellFault::BelowMin(LIMITS.pmin)));
        assert_eq!(fault_of("0", "", Series::Pplan), None, "a unit may stand still");
        assert_eq!(fault_of("-1", "", Series::Pplan), Some(CellFault::BelowMin(LIMITS.pmin)));
    }

    #[test]
    fn own_use_is_part_of_net_generation() {
        assert_eq!(fault_of("2", "2", Series::Pauto), None);
        assert_eq!(fault_of("2", "2,001", Series::Pauto), Some(CellFault::AbovePplan));
        assert_eq!(fault_of("", "9", Series::Pauto), None, "nothing to compare with yet");
        assert_eq!(fault_of("2", "-0,001", Series::Pauto), Some(CellFault::Negative));
    }

    #[test]
    fn tells_a_text_from_a_number_that_is_too_fine() {
        assert_eq!(fault_of("abc", "", Series::Pplan), Some(CellFault::NotANumber));
        assert_eq!(fault_of("2,0001", "", Series::Pplan), Some(CellFault::TooFine));
    }

    #[test]
    fn approves_only_what_is_whole_and_right() {
        let whole = approvable(&LIMITS, &points(&[("2", "1"), ("3", "0")])).unwrap();
        assert_eq!(whole, points(&[("2", "1"), ("3", "0")]));
        let gaps = approvable(&LIMITS, &points(&[("2", "1"), ("", "0"), ("9", "")])).unwrap_err();
        let found: Vec<_> = gaps.iter().map(|fault| (fault.index, fault.series, fault.fault)).collect();
        assert_eq!(
            found,
            [
                (1, Series::Pplan, CellFault::Missing),
                (2, Series::Pplan, CellFault::AboveMax(LIMITS.pmax)),
                (2, Series::Pauto, CellFault::Missing),
            ]
        );
    }

    #[test]
    fn own_use_that_nobody_stated_is_none() {
        let whole = approvable(&LIMITS, &points(&[("2", ""), ("3", "")])).unwrap();
        assert_eq!(whole, points(&[("2", "0"), ("3", "0")]));
    }
}
