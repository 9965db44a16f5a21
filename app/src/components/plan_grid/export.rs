//! What keeps plans from being written into a file, in words: for the grid, which looks before it asks for one, and for the
//! page that says why there is none.

use openbok_domain::Lang;
use openbok_domain::plan::sheet::{Place, Sheet};
use openbok_domain::plan::view::SheetView;
use openbok_domain::plan::{CellFault, PlanFormat, Series};
use openbok_locales::{faults, format, plan_files, plan_grid as words};

use super::face::{Face, lay_out};
use super::questions::count;

/// Most values or units that a sentence lists.
const MOST_LISTED: usize = 3;

/// The values that are no powers, which no file holds.
pub fn wrong_values(sheet: &Sheet) -> Vec<(Place, CellFault)> {
    let mut wrong = sheet.faults();
    wrong.retain(|(_, fault)| matches!(fault, CellFault::NotANumber | CellFault::TooFine));
    wrong
}

/// That they have to be corrected first.
pub fn correct_first(wrong: &[(Place, CellFault)], name: impl Fn(Place) -> String, lang: Lang) -> String {
    words::export_wrong(lang, &listed(wrong, name, lang))
}

fn listed(found: &[(Place, CellFault)], name: impl Fn(Place) -> String, lang: Lang) -> String {
    first_of(found.len(), found, name, lang)
}

/// The first values of `total`, and how many more there are.
fn first_of(total: usize, found: &[(Place, CellFault)], name: impl Fn(Place) -> String, lang: Lang) -> String {
    let word = |(place, fault): &(Place, CellFault)| format!("{}: {}", name(*place), faults::of_cell(*fault, lang));
    some_of(total, found.iter().map(word), lang)
}

fn some_of(total: usize, all: impl Iterator<Item = String>, lang: Lang) -> String {
    let mut listed: Vec<String> = all.take(MOST_LISTED).collect();
    if total > listed.len() {
        listed.push(words::faults_more(lang, count(total - listed.len())));
    }
    listed.join("; ")
}

/// A value by unit, day, hour and series.
fn full_name(view: &SheetView, face: &Face, place: Place) -> String {
    let plan = &view.plans[place.plan];
    let hour = face.labels(place.plan).get(place.index).map_or("", String::as_str);
    let (unit, day) = (&view.units[plan.unit].code, format::date_short(plan.day, face.lang));
    format!("{unit}, {day}, {hour} {}", place.series)
}

/// That values of a file break the rules, with unit, day and hour of the first ones, which stand in this sheet. Nothing when
/// all is well there by now.
pub fn broken_rules(total: usize, view: &SheetView, lang: Lang) -> Option<String> {
    let (sheet, face) = lay_out(view, Series::Pplan, lang).ok()?;
    let found = sheet.faults();
    let name = |place| full_name(view, &face, place);
    (!found.is_empty()).then(|| plan_files::taken_wrong(lang, count(total), &first_of(total, &found, name, lang)))
}

/// Why the plans of a sheet could not be written into a file, with unit, day and hour of the values that are wrong or, where
/// the format holds whole plans only, missing. Nothing when all is well by now, or no plan was begun.
pub fn why_unwritten(view: &SheetView, format: PlanFormat, lang: Lang) -> Option<String> {
    let (sheet, face) = lay_out(view, Series::Pplan, lang).ok()?;
    let name = |place| full_name(view, &face, place);
    let wrong = wrong_values(&sheet);
    if !wrong.is_empty() {
        return Some(correct_first(&wrong, name, lang));
    }
    let mut missing = sheet.gaps_and_faults();
    // A plan that nobody has begun is left out of a file.
    missing.retain(|(place, fault)| *fault == CellFault::Missing && view.plans[place.plan].revision > 0);
    let is_in_the_way = !format.may_have_gaps() && !missing.is_empty();
    is_in_the_way.then(|| format!("{} {}.", plan_files::INCOMPLETE.get(lang), listed(&missing, name, lang)))
}

/// That units whose plans were begun have no code of the market, by which a format names them. Nothing when all have one.
pub fn without_mrid(view: &SheetView, lang: Lang) -> Option<String> {
    let begun = view.plans.iter().filter(|plan| plan.revision > 0).map(|plan| &view.units[plan.unit]);
    let mut units: Vec<&str> = begun.filter(|unit| !unit.has_mrid).map(|unit| unit.code.as_str()).collect();
    units.dedup();
    let listed = some_of(units.len(), units.iter().map(|code| (*code).to_owned()), lang);
    (!units.is_empty()).then(|| plan_files::no_market_code_of(lang, &listed))
}

#[cfg(test)]
mod tests {
    use super::super::face::tests::view;
    use super::*;
    use openbok_domain::plan::view::Layout;

    #[test]
    fn names_values_that_are_no_numbers_whatever_the_format() {
        let view = view(Layout::Days, 2, &["00–01", "01–02"], "~abc;|0;", None);
        for format in [PlanFormat::Csv, PlanFormat::Xml] {
            assert_eq!(
                why_unwritten(&view, format, Lang::Pl).as_deref(),
                Some(
                    "Nie zapisaliśmy pliku. Popraw najpierw te wartości – U000, 25.11.2026, 00–01 PPLAN: to nie jest \
                     liczba; U000, 26.11.2026, 00–01 PPLAN: to nie jest liczba."
                )
            );
        }
    }

    #[test]
    fn names_what_is_missing_where_plans_have_to_be_whole() {
        let mut view = view(Layout::Units, 2, &["00–01", "01–02"], ";|1;", None);
        view.plans[0].revision = 0;
        let said = why_unwritten(&view, PlanFormat::Xml, Lang::Pl).unwrap();
        let missing = "U001, 25.11.2026, 00–01 PPLAN: brak wartości; U001, 25.11.2026, 01–02 PPLAN: brak wartości; \
             U001, 25.11.2026, 01–02 PAUTO: brak wartości.";
        assert!(
            said.starts_with("W tym formacie można zapisać tylko kompletny plan") && said.ends_with(missing),
            "{said}"
        );
        assert_eq!(why_unwritten(&view, PlanFormat::Csv, Lang::Pl), None);
        view.plans[1].revision = 0;
        assert_eq!(why_unwritten(&view, PlanFormat::Xml, Lang::Pl), None, "nothing is begun");
    }

    #[test]
    fn names_the_first_values_that_break_the_rules_and_counts_those_of_the_whole_file() {
        let wrong = view(Layout::Day, 1, &["00–01", "01–02"], "1000;2000|500;2001", None);
        assert_eq!(
            broken_rules(30, &wrong, Lang::En).as_deref(),
            Some(
                "30 values have to be corrected before approval: U000, 25 Nov 2026, 01–02 PAUTO: PAUTO greater than \
                 PPLAN; and 29 more."
            )
        );
        let right = view(Layout::Day, 1, &["00–01"], "1000|0", None);
        assert_eq!(broken_rules(30, &right, Lang::En), None, "corrected since");
    }

    #[test]
    fn names_units_that_the_market_does_not_know() {
        let mut days = view(Layout::Days, 3, &["00–01"], "1000|0", None);
        let said = without_mrid(&days, Lang::En).unwrap();
        assert!(said.contains("These units have none: U000. Choose"), "once for all its days: {said}");
        days.units[0].has_mrid = true;
        assert_eq!(without_mrid(&days, Lang::En), None, "it has one");
        let mut units = view(Layout::Units, 6, &["00–01"], "1000|0", None);
        (units.plans[1].revision, units.units[2].has_mrid) = (0, true);
        let said = without_mrid(&units, Lang::En).unwrap();
        assert!(said.contains(": U000; U003; U004; and 1 more."), "{said}");
    }

    #[test]
    fn lists_the_first_and_counts_the_others() {
        let view = view(Layout::Day, 1, &["00–01", "01–02", "02–03", "03–04", "04–05"], "~a;~b;~c;~d;~e|;;;;", None);
        let said = why_unwritten(&view, PlanFormat::Xlsx, Lang::En).unwrap();
        assert!(said.ends_with("02–03 PPLAN: not a number; and 2 more."), "{said}");
    }
}
