//! What is wrong with a plan file, in words: the place first, as spreadsheets and editors count, then what to mend.

use openbok_domain::Lang;
use openbok_domain::plan::{FileFault, FileFaultKind, FilePlace};

use crate::{Text, plan_files};

/// The sentence for one fault, such as `Wiersz 7, kolumna 2: to nie jest liczba`.
#[must_use]
pub fn message(fault: &FileFault, lang: Lang) -> String {
    let what = kind(fault.kind).get(lang);
    let FilePlace { sheet, line, column } = fault.place;
    let [sheet, line, column] = [sheet, line, column].map(|number| number.map(|number| number.to_string()));
    match (sheet.as_deref(), line.as_deref(), column.as_deref()) {
        (None, None, _) => plan_files::in_file(lang, what),
        (None, Some(line), None) => plan_files::in_line(lang, line, what),
        (None, Some(line), Some(column)) => plan_files::in_column(lang, column, line, what),
        (Some(sheet), None, _) => plan_files::in_sheet(lang, sheet, what),
        (Some(sheet), Some(line), None) => plan_files::in_sheet_line(lang, line, sheet, what),
        (Some(sheet), Some(line), Some(column)) => plan_files::in_sheet_column(lang, column, line, sheet, what),
    }
}

/// What is wrong, without the place.
#[must_use]
pub const fn kind(kind: FileFaultKind) -> Text {
    match kind {
        FileFaultKind::Empty => plan_files::EMPTY,
        FileFaultKind::TooLarge => plan_files::TOO_LARGE,
        FileFaultKind::WrongEncoding => plan_files::WRONG_ENCODING,
        FileFaultKind::NotThisFormat => plan_files::NOT_THIS_FORMAT,
        FileFaultKind::Broken => plan_files::BROKEN,
        FileFaultKind::Entity => plan_files::ENTITY,
        FileFaultKind::Formula => plan_files::FORMULA,
        FileFaultKind::MissingField => plan_files::MISSING_FIELD,
        FileFaultKind::WrongValue => plan_files::WRONG_VALUE,
        FileFaultKind::MissingUnit => plan_files::MISSING_UNIT,
        FileFaultKind::UnknownUnit => plan_files::UNKNOWN_UNIT,
        FileFaultKind::NoSuchDay => plan_files::NO_SUCH_DAY,
        FileFaultKind::NoSuchHour => plan_files::NO_SUCH_HOUR,
        FileFaultKind::MissingInterval => plan_files::MISSING_INTERVAL,
        FileFaultKind::RepeatedInterval => plan_files::REPEATED_INTERVAL,
        FileFaultKind::RepeatedPlan => plan_files::REPEATED_PLAN,
        FileFaultKind::WrongResolution => plan_files::WRONG_RESOLUTION,
        FileFaultKind::WrongMeasure => plan_files::WRONG_MEASURE,
        FileFaultKind::WrongPeriod => plan_files::WRONG_PERIOD,
        FileFaultKind::WrongPosition => plan_files::WRONG_POSITION,
        FileFaultKind::NotANumber => plan_files::NOT_A_NUMBER,
        FileFaultKind::TooFine => plan_files::TOO_FINE,
        FileFaultKind::OutOfRange => plan_files::OUT_OF_RANGE,
        FileFaultKind::MissingPplan => plan_files::MISSING_PPLAN,
        FileFaultKind::MissingPauto => plan_files::MISSING_PAUTO,
        FileFaultKind::DayTooFar => plan_files::DAY_TOO_FAR,
        FileFaultKind::GateClosed => plan_files::GATE_CLOSED,
        FileFaultKind::Occupied => plan_files::OCCUPIED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_every_kind_differently_in_every_language() {
        for &lang in Lang::ALL {
            let words: BTreeSet<_> = FileFaultKind::ALL.iter().map(|fault| kind(*fault).get(lang)).collect();
            assert_eq!(words.len(), FileFaultKind::ALL.len(), "{lang}");
        }
    }

    #[test]
    fn names_the_place_as_far_as_it_is_known() {
        let at = |place| message(&FileFault { place, kind: FileFaultKind::NotANumber }, Lang::Pl);
        assert_eq!(at(FilePlace::default()), "Plik: to nie jest liczba");
        assert_eq!(at(FilePlace::line(7)), "Wiersz 7: to nie jest liczba");
        assert_eq!(at(FilePlace::new(7, 2)), "Wiersz 7, kolumna 2: to nie jest liczba");
        assert_eq!(at(FilePlace::new(7, 2).on_sheet(1)), "Arkusz 1, wiersz 7, kolumna 2: to nie jest liczba");
        assert_eq!(at(FilePlace::line(7).on_sheet(1)), "Arkusz 1, wiersz 7: to nie jest liczba");
        assert_eq!(at(FilePlace { sheet: Some(1), ..FilePlace::default() }), "Arkusz 1: to nie jest liczba");
    }
}
