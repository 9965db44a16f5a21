//! The points of one plan as they are being written: cells that may still be empty or hold what is no number.

use super::power::{Energy, Power};
use super::{Resolution, Series};
use crate::ParseError;
use std::fmt;

/// Longest text kept in a cell that is no number.
const MAX_TEXT: usize = 40;
/// Between cells of a packed series, and between the series.
const CELL_END: char = ';';
const SERIES_END: char = '|';
/// Before a text that is no number.
const TEXT_MARK: char = '~';

/// One value of a plan that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Nothing yet.
    #[default]
    Empty,
    /// A power.
    Power(Power),
    /// What was typed and is no power. Kept, so that it can be corrected.
    Text(Box<str>),
}

impl Cell {
    /// What somebody typed or pasted.
    pub fn typed(text: &str) -> Self {
        match Power::typed(text) {
            Ok(power) => Self::Power(power),
            Err(ParseError::Empty) => Self::Empty,
            Err(_) => {
                let kept = text.trim().chars().filter(|character| !character.is_control()).take(MAX_TEXT);
                Self::Text(kept.collect::<String>().into())
            }
        }
    }

    /// The power, if there is one.
    pub const fn power(&self) -> Option<Power> {
        match self {
            Self::Power(power) => Some(*power),
            Self::Empty | Self::Text(_) => None,
        }
    }

    fn pack(&self, packed: &mut String) {
        use fmt::Write as _;
        match self {
            Self::Empty => {}
            Self::Power(power) => write!(packed, "{}", power.kw()).expect("a string takes every text"),
            Self::Text(text) => {
                packed.push(TEXT_MARK);
                for character in text.chars() {
                    if matches!(character, CELL_END | SERIES_END | '%') {
                        write!(packed, "%{:02X}", u32::from(character)).expect("a string takes every text");
                    } else {
                        packed.push(character);
                    }
                }
            }
        }
    }

    fn unpack(packed: &str) -> Result<Self, ParseError> {
        if packed.is_empty() {
            return Ok(Self::Empty);
        }
        let Some(text) = packed.strip_prefix(TEXT_MARK) else {
            return packed.parse().map(|kw| Self::Power(Power::from_kw(kw))).map_err(|_| ParseError::Malformed);
        };
        let text = text.replace("%3B", ";").replace("%7C", "|").replace("%25", "%");
        if text.chars().count() > MAX_TEXT {
            return Err(ParseError::TooLong { max: 40 });
        }
        Ok(Self::Text(text.into()))
    }
}

impl From<Power> for Cell {
    fn from(power: Power) -> Self {
        Self::Power(power)
    }
}

/// Both series of a plan; always equally long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points {
    series: [Vec<Cell>; 2],
}

impl Points {
    /// The same plan cut into other intervals. Hours hold for their quarters; from quarters to hours, what stood in them
    /// one by one is lost.
    #[must_use]
    pub fn converted(self, from: Resolution, to: Resolution) -> Self {
        match (from, to) {
            (Resolution::Hour, Resolution::Quarter) => self.to_quarters(),
            (Resolution::Quarter, Resolution::Hour) => self.to_hours(),
            (Resolution::Hour, Resolution::Hour) | (Resolution::Quarter, Resolution::Quarter) => self,
        }
    }

    /// Whether nothing is lost when the same plan is cut into other intervals.
    pub fn survives(&self, from: Resolution, to: Resolution) -> bool {
        self.clone().converted(from, to).converted(to, from) == *self
    }

    /// So many intervals without values.
    pub fn empty(intervals: usize) -> Self {
        Self { series: [vec![Cell::Empty; intervals], vec![Cell::Empty; intervals]] }
    }

    /// Both series.
    ///
    /// # Errors
    /// [`ParseError::Malformed`] when they are not equally long.
    pub fn new(pplan: Vec<Cell>, pauto: Vec<Cell>) -> Result<Self, ParseError> {
        if pplan.len() == pauto.len() { Ok(Self { series: [pplan, pauto] }) } else { Err(ParseError::Malformed) }
    }

    /// How many intervals there are.
    pub fn len(&self) -> usize {
        self.series[0].len()
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.series.iter().flatten().all(|cell| *cell == Cell::Empty)
    }

    /// Whether anything is said of a series: a file may leave own use out, and then what stands in the plan stays.
    pub fn states(&self, series: Series) -> bool {
        self.series(series).iter().any(|cell| *cell != Cell::Empty)
    }

    /// One series.
    pub fn series(&self, series: Series) -> &[Cell] {
        &self.series[series.index()]
    }

    /// One value; empty beyond the end.
    pub fn get(&self, series: Series, index: usize) -> &Cell {
        self.series[series.index()].get(index).unwrap_or(&Cell::Empty)
    }

    /// Replaces a value; what it was before.
    ///
    /// # Panics
    /// Beyond the end.
    pub fn set(&mut self, series: Series, index: usize, cell: Cell) -> Cell {
        std::mem::replace(&mut self.series[series.index()][index], cell)
    }

    /// The energy of one series; cells without a power count nothing.
    pub fn energy(&self, series: Series, resolution: Resolution) -> Energy {
        self.series(series).iter().filter_map(Cell::power).map(|power| Energy::of(power, resolution.minutes())).sum()
    }

    /// The points in one line, for the database and the wire: kilowatts between semicolons, the series between bars.
    pub fn pack(&self) -> String {
        let mut packed = String::with_capacity(self.len() * 12);
        for (number, series) in self.series.iter().enumerate() {
            if number > 0 {
                packed.push(SERIES_END);
            }
            for (index, cell) in series.iter().enumerate() {
                if index > 0 {
                    packed.push(CELL_END);
                }
                cell.pack(&mut packed);
            }
        }
        packed
    }

    /// Reads [`Points::pack`] of so many intervals.
    ///
    /// # Errors
    /// [`ParseError::Malformed`] for anything else, another number of intervals included.
    pub fn unpack(packed: &str, intervals: usize) -> Result<Self, ParseError> {
        let (pplan, pauto) = packed.split_once(SERIES_END).ok_or(ParseError::Malformed)?;
        let unpack = |packed: &str| {
            let cells = packed.split(CELL_END).take(intervals + 1).map(Cell::unpack).collect::<Result<Vec<_>, _>>()?;
            if cells.len() == intervals { Ok(cells) } else { Err(ParseError::Malformed) }
        };
        Self::new(unpack(pplan)?, unpack(pauto)?)
    }

    /// The same plan cut into quarters: each hour's power holds for its four quarters.
    fn to_quarters(&self) -> Self {
        let quarters = |cells: &[Cell]| cells.iter().flat_map(|cell| std::iter::repeat_n(cell.clone(), 4)).collect();
        Self { series: [quarters(&self.series[0]), quarters(&self.series[1])] }
    }

    /// The same plan in hours: each hour's power is the mean of its quarters, rounded to a kilowatt. An hour with a quarter
    /// that has no power has none either.
    fn to_hours(&self) -> Self {
        let hours = |cells: &[Cell]| cells.chunks(4).map(mean).collect();
        Self { series: [hours(&self.series[0]), hours(&self.series[1])] }
    }
}

fn mean(quarters: &[Cell]) -> Cell {
    let powers: Option<Vec<i32>> = quarters.iter().map(|cell| cell.power().map(Power::kw)).collect();
    let Some(powers) = powers.filter(|powers| !powers.is_empty()) else { return Cell::Empty };
    let sum: i64 = powers.iter().copied().map(i64::from).sum();
    let count = i64::try_from(powers.len()).expect("four quarters");
    let half = if sum < 0 { -count / 2 } else { count / 2 };
    Cell::Power(Power::from_kw(i32::try_from((sum + half) / count).expect("a mean of powers is a power")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any cell that people can leave behind.
    pub(crate) fn any_cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            1 => Just(Cell::Empty),
            4 => (-99_999_999_i32..=99_999_999).prop_map(|kw| Cell::Power(Power::from_kw(kw))),
            1 => "[a-ż;|%~ ]{1,12}".prop_map(|text| Cell::typed(&text)),
        ]
    }

    /// Any points of a length.
    pub(crate) fn any_points(intervals: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Points> {
        proptest::collection::vec((any_cell(), any_cell()), intervals).prop_map(|cells| {
            let (pplan, pauto) = cells.into_iter().unzip();
            Points::new(pplan, pauto).expect("equally long")
        })
    }

    #[test]
    fn keeps_what_is_no_number_so_that_it_can_be_corrected() {
        assert_eq!(Cell::typed(" abc\t"), Cell::Text("abc".into()));
        assert_eq!(Cell::typed(""), Cell::Empty);
        assert_eq!(Cell::typed("0,5"), Cell::Power(Power::from_kw(500)));
    }

    #[test]
    fn hours_and_quarters_mean_the_same_power() {
        let hours = Points::new(vec![Cell::Power(Power::from_kw(7))], vec![Cell::Empty]).unwrap();
        let quarters = hours.to_quarters();
        assert_eq!(quarters.len(), 4);
        assert_eq!(quarters.to_hours(), hours);
        assert_eq!(quarters.energy(Series::Pplan, Resolution::Quarter), hours.energy(Series::Pplan, Resolution::Hour));
        let uneven = [1, 2, 2, 2].map(|kw| Cell::Power(Power::from_kw(kw))).to_vec();
        let uneven = Points::new(uneven, vec![Cell::Empty; 4]).unwrap();
        assert_eq!(uneven.to_hours().get(Series::Pplan, 0), &Cell::Power(Power::from_kw(2)));
    }

    #[test]
    fn quarters_that_differ_are_lost_in_hours() {
        let survives = |packed| {
            let points = Points::unpack(packed, 4).unwrap();
            points.survives(Resolution::Quarter, Resolution::Hour)
        };
        assert!(survives("7;7;7;7|;;;"));
        assert!(!survives("7;7;7;8|;;;"));
        assert!(!survives("7;7;7;7|1;;;"));
        assert!(!survives("~x;~x;~x;~x|;;;"), "what was typed would be gone");
        assert!(Points::unpack("7;8|;", 2).unwrap().survives(Resolution::Hour, Resolution::Quarter));
    }

    #[test]
    fn refuses_points_of_another_length() {
        let packed = Points::empty(24).pack();
        assert!(Points::unpack(&packed, 24).is_ok());
        assert!(Points::unpack(&packed, 23).is_err());
        assert!(Points::unpack(&packed, 25).is_err());
        assert!(Points::unpack("1;2", 2).is_err());
        assert!(Points::unpack("1;x|;", 2).is_err());
    }

    proptest! {
        #[test]
        fn unpacks_what_it_packs(points in any_points(1..100)) {
            prop_assert_eq!(Points::unpack(&points.pack(), points.len()), Ok(points));
        }
    }
}
