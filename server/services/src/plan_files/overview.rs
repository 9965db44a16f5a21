//! All units of a day in one table, for people and their spreadsheets: a row for each series of a unit, a column for each
//! hour or quarter, the sums below.

use openbok_domain::plan::view::UnitView;
use openbok_domain::plan::{Points, Power, Series};

use super::csv::unmistakable;
use super::text;

/// Names of the columns before those of the day, in the words of plan files.
const COLUMNS: [&str; 4] = ["KOD_MWE", "NAZWA", "FIRMA", "SZEREG"];
const SUM: &str = "SUMA";

/// Writes the table. A unit without a plan that counts has empty cells, and adds nothing to the sums.
///
/// # Panics
/// Never in practice: memory takes every row.
pub fn write_overview(labels: &[String], units: impl Iterator<Item = (UnitView, Option<Points>)>) -> Vec<u8> {
    let mut file = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(::csv::Terminator::CRLF)
        .from_writer(text::UTF_8_MARK.to_vec());
    let mut row = |heads: [String; 4], values: Vec<String>| {
        file.write_record(heads.iter().chain(&values)).expect("memory takes every row");
    };
    row(COLUMNS.map(str::to_owned), labels.to_vec());
    let mut sums = [vec![0_i64; labels.len()], vec![0_i64; labels.len()]];
    for (unit, points) in units {
        for series in Series::ALL {
            let power = |index| points.as_ref().and_then(|points| points.get(*series, index).power());
            let values: Vec<Option<Power>> = (0..labels.len()).map(power).collect();
            for (sum, power) in sums[series.index()].iter_mut().zip(&values) {
                *sum += power.map_or(0, |power| i64::from(power.kw()));
            }
            let heads = [&unit.code, &unit.name, &unit.company].map(|text| unmistakable(text));
            let [code, name, company] = heads;
            let values =
                values.into_iter().map(|power| power.map(|power| megawatts(power.kw().into())).unwrap_or_default());
            row([code, name, company, series.to_string()], values.collect());
        }
    }
    for series in Series::ALL {
        let values = sums[series.index()].iter().map(|kw| megawatts(*kw)).collect();
        row([SUM.to_owned(), String::new(), String::new(), series.to_string()], values);
    }
    file.into_inner().expect("memory takes every row")
}

/// Kilowatts as megawatts with three decimals and a comma.
fn megawatts(kw: i64) -> String {
    let sign = if kw < 0 { "-" } else { "" };
    format!("{sign}{},{:03}", kw.abs() / 1000, kw.abs() % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::plan::Limits;

    #[test]
    fn the_table_has_every_unit_and_the_sums_of_those_with_a_plan() {
        let unit = |code: &str| UnitView {
            code: code.to_owned(),
            name: "=HYPERLINK(1)".to_owned(),
            company: "Kłos".to_owned(),
            technology: String::new(),
            installed: Power::from_kw(5_000),
            limits: Limits { pmin: Power::from_kw(0), pmax: Power::from_kw(5_000) },
            connection_point: String::new(),
            has_mrid: false,
        };
        let plan = |packed| Points::unpack(packed, 2).ok();
        let units = [(unit("A"), plan("1500;250|10;0")), (unit("B"), None), (unit("C"), plan("500;0|;"))];
        let table = write_overview(&["00–01".to_owned(), "01–02".to_owned()], units.into_iter());
        let table = String::from_utf8(table).unwrap();
        let rows: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows[0], "KOD_MWE;NAZWA;FIRMA;SZEREG;00–01;01–02");
        assert_eq!(rows[1], "A;'=HYPERLINK(1);Kłos;PPLAN;1,500;0,250");
        assert_eq!(rows[3], "B;'=HYPERLINK(1);Kłos;PPLAN;;");
        assert_eq!(rows[7..], ["SUMA;;;PPLAN;2,000;0,250", "SUMA;;;PAUTO;0,010;0,000"]);
    }
}
