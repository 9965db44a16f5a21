//! How each language writes numbers, money and days. The same on the server, in the browser, in mails and on paper.
//!
//! Figures and their units are tied by no-break spaces, a year and the Ukrainian "р." after it, too; otherwise days
//! contain ordinary ones. Nothing here knows a clock or a time zone: "today" is an argument.

use openbok_domain::plan::{Energy, POWER_DECIMALS, Power};
use openbok_domain::{Currency, Date, Decimal, Lang, Money, print_minor};

use crate::dates;

/// Keeps a figure and its unit, or the groups of a figure, on one line.
const NO_BREAK_SPACE: char = '\u{a0}';

/// Minus sign of the width of a digit.
const MINUS: char = '\u{2212}';

/// Names of the months as they stand in a date: genitive in Polish and Ukrainian.
const MONTHS: [crate::Text; 12] = [
    crate::Text(&["stycznia", "січня", "January"]),
    crate::Text(&["lutego", "лютого", "February"]),
    crate::Text(&["marca", "березня", "March"]),
    crate::Text(&["kwietnia", "квітня", "April"]),
    crate::Text(&["maja", "травня", "May"]),
    crate::Text(&["czerwca", "червня", "June"]),
    crate::Text(&["lipca", "липня", "July"]),
    crate::Text(&["sierpnia", "серпня", "August"]),
    crate::Text(&["września", "вересня", "September"]),
    crate::Text(&["października", "жовтня", "October"]),
    crate::Text(&["listopada", "листопада", "November"]),
    crate::Text(&["grudnia", "грудня", "December"]),
];

/// Short names of the days of a week that begins on Monday.
const WEEKDAYS: [crate::Text; 7] = [
    crate::Text(&["pon.", "пн", "Mon"]),
    crate::Text(&["wt.", "вт", "Tue"]),
    crate::Text(&["śr.", "ср", "Wed"]),
    crate::Text(&["czw.", "чт", "Thu"]),
    crate::Text(&["pt.", "пт", "Fri"]),
    crate::Text(&["sob.", "сб", "Sat"]),
    crate::Text(&["niedz.", "нд", "Sun"]),
];

/// A whole number with its thousands apart: `1 234`, in English `1,234`.
#[must_use]
pub fn number(number: i64, lang: Lang) -> String {
    decimal(Decimal { units: number, scale: 0 }, lang)
}

/// A decimal number with every decimal place it has: `1 234,500`, in English `1,234.500`. Written digit by digit from its end:
/// the grid writes hundreds of them between two frames.
#[must_use]
pub fn decimal(Decimal { units, scale }: Decimal, lang: Lang) -> String {
    let (group, point) = match lang {
        Lang::Pl | Lang::Uk => (NO_BREAK_SPACE, ','),
        Lang::En => (',', '.'),
    };
    let scale = usize::from(scale);
    let mut reversed = Vec::with_capacity(32);
    let (mut rest, mut place) = (units.unsigned_abs(), 0);
    while rest > 0 || place <= scale {
        if place == scale && scale > 0 {
            reversed.push(point);
        } else if place > scale && (place - scale).is_multiple_of(3) {
            reversed.push(group);
        }
        reversed.extend(u32::try_from(rest % 10).ok().and_then(|digit| char::from_digit(digit, 10)));
        rest /= 10;
        place += 1;
    }
    if units < 0 {
        reversed.push(MINUS);
    }
    reversed.into_iter().rev().collect()
}

/// A power in megawatts without the unit: `1 234,500`, in English `1,234.500`.
#[must_use]
pub fn power(power: Power, lang: Lang) -> String {
    decimal(Decimal { units: i64::from(power.kw()), scale: POWER_DECIMALS }, lang)
}

/// A sum of powers in megawatts without the unit.
#[must_use]
pub fn sum_of_power(kw: i64, lang: Lang) -> String {
    decimal(Decimal { units: kw, scale: POWER_DECIMALS }, lang)
}

/// A power in megawatts as spreadsheets take it, without groups: `-1234,500`, in English `-1234.500`.
#[must_use]
pub fn plain_power(power: Power, lang: Lang) -> String {
    match lang {
        Lang::Pl | Lang::Uk => power.to_string().replace('.', ","),
        Lang::En => power.to_string(),
    }
}

/// An energy in megawatt-hours with its unit: `1 234,500 MWh`.
#[must_use]
pub fn energy(energy: Energy, lang: Lang) -> String {
    format!("{}{NO_BREAK_SPACE}{}", megawatt_hours(energy, lang), megawatt_hours_sign(lang))
}

/// The sign of megawatt-hours.
#[must_use]
pub const fn megawatt_hours_sign(lang: Lang) -> &'static str {
    match lang {
        Lang::Pl | Lang::En => "MWh",
        Lang::Uk => "МВт·год",
    }
}

/// The head of a column of energies in megawatt-hours: `PPLAN (MWh)`.
#[must_use]
pub fn energies_of(series: &str, lang: Lang) -> String {
    format!("{series} ({})", megawatt_hours_sign(lang))
}

/// An energy in megawatt-hours without the unit, for columns whose head names it.
#[must_use]
pub fn megawatt_hours(energy: Energy, lang: Lang) -> String {
    decimal(Decimal { units: energy.kwh(), scale: POWER_DECIMALS }, lang)
}

/// An amount with two decimal places: `1 234,56 zł`, `1 234,50 ₴`, in English `PLN 1,234.56`.
#[must_use]
pub fn money(money: Money, lang: Lang) -> String {
    let amount = amount(money, lang);
    match (lang, money.currency) {
        (Lang::En, currency) => match amount.strip_prefix(MINUS) {
            Some(amount) => format!("{MINUS}{}{NO_BREAK_SPACE}{amount}", currency.code()),
            None => format!("{}{NO_BREAK_SPACE}{amount}", currency.code()),
        },
        (Lang::Pl | Lang::Uk, Currency::Pln) => format!("{amount}{NO_BREAK_SPACE}zł"),
        (Lang::Pl | Lang::Uk, Currency::Uah) => format!("{amount}{NO_BREAK_SPACE}₴"),
    }
}

/// An amount without its currency, for columns whose head names it.
#[must_use]
pub fn amount(money: Money, lang: Lang) -> String {
    decimal(Decimal { units: money.minor, scale: 2 }, lang)
}

/// A day with the month in words: `20 listopada 2026`, `20 листопада 2026 р.`, `20 November 2026`.
#[must_use]
pub fn date_long(date: Date, lang: Lang) -> String {
    let (day, month, year) = (date.day(), month(date, lang), date.year());
    match lang {
        Lang::Pl | Lang::En => format!("{day} {month} {year}"),
        Lang::Uk => format!("{day} {month} {year}{NO_BREAK_SPACE}р."),
    }
}

/// A day for tables: `20.11.2026`, in English `20 Nov 2026`.
#[must_use]
pub fn date_short(date: Date, lang: Lang) -> String {
    let (year, number, day) = date.civil();
    match lang {
        Lang::Pl | Lang::Uk => format!("{day:02}.{number:02}.{year}"),
        Lang::En => format!("{day} {} {year}", &month(date, lang)[..3]),
    }
}

/// A day of the week in short: `śr.`, `ср`, `Wed`.
///
/// # Panics
/// Never: a week has seven days.
#[must_use]
pub fn weekday_short(date: Date, lang: Lang) -> &'static str {
    // 1970-01-01 was a Thursday.
    let number = (date.days_since_epoch() + 3).rem_euclid(7);
    usize::try_from(number).map_or("", |number| WEEKDAYS[number].get(lang))
}

/// A day without its year, for heads of columns: `25.11`, in English `25 Nov`.
#[must_use]
pub fn day_and_month(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Pl | Lang::Uk => format!("{:02}.{:02}", date.day(), date.month()),
        Lang::En => format!("{} {}", date.day(), &month(date, lang)[..3]),
    }
}

/// First and last day billed: `01.10.2026 – 31.10.2026`.
#[must_use]
pub fn period(from: Date, to: Date, lang: Lang) -> String {
    format!("{} – {}", date_short(from, lang), date_short(to, lang))
}

/// A text whose ranges, such as `8:00–18:00`, are not broken at the end of a line.
#[must_use]
pub fn unbroken(text: &str) -> String {
    text.replace(" – ", "\u{a0}–\u{a0}").replace('–', "–\u{2060}")
}

/// A unit as people write it: `m³`, where deliveries say `m3`.
#[must_use]
pub fn unit(delivered: &str) -> String {
    delivered.replace("m3", "m³")
}

/// When something unpaid is due, seen from today: `do 20 listopada (za 5 dni)`, `do 16 listopada (jutro)`, `dzisiaj`,
/// `10 listopada (5 dni po terminie)`. The year is named when it is another than today's or that of the day of issue.
#[must_use]
pub fn due(issued_on: Date, due_on: Date, today: Date, lang: Lang) -> String {
    let date = if [issued_on, today].iter().all(|day| day.year() == due_on.year()) {
        format!("{} {}", due_on.day(), month(due_on, lang))
    } else {
        date_long(due_on, lang)
    };
    match i64::from(today.days_until(due_on)) {
        0 => dates::DUE_TODAY.get(lang).to_owned(),
        1 => dates::due_tomorrow(lang, &date),
        days if days > 1 => dates::due_in(lang, days, &date),
        days => dates::overdue_by(lang, -days, &date),
    }
}

/// A duration in hours and minutes, from two days on in days and hours, in the case that follows "przez", "za", "через",
/// "for": `15 minut`, `1 godzinę`, `1 godzinę 30 minut`, `3 dni 5 godzin`. Less than a minute counts as `0 minut`.
#[must_use]
pub fn duration_minutes(minutes: i64, lang: Lang) -> String {
    let hours = minutes / 60;
    match (hours / 24, hours, minutes % 60) {
        (days @ 2.., hours, _) if hours % 24 == 0 => dates::days(lang, days),
        (days @ 2.., hours, _) => format!("{} {}", dates::days(lang, days), dates::hours(lang, hours % 24)),
        (_, 0, minutes) => dates::minutes(lang, minutes),
        (_, hours, 0) => dates::hours(lang, hours),
        (_, hours, minutes) => format!("{} {}", dates::hours(lang, hours), dates::minutes(lang, minutes)),
    }
}

fn month(date: Date, lang: Lang) -> &'static str {
    MONTHS[usize::from(date.month()) - 1].get(lang)
}

/// An amount for the form of a bank: no unit, no grouping, always two decimals: `1234,50`, in English `1234.50`.
#[must_use]
pub fn plain_amount(money: Money, lang: Lang) -> String {
    let plain = print_minor(money.minor);
    match lang {
        Lang::Pl | Lang::Uk => plain.replace('.', ","),
        Lang::En => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    const fn pln(minor: i64) -> Money {
        Money { minor, currency: Currency::Pln }
    }

    #[test]
    fn writes_money_as_each_language_does() {
        let hryvnia = Money { minor: 123_450, currency: Currency::Uah };
        assert_eq!(money(pln(23_456), Lang::Pl), "234,56\u{a0}zł");
        assert_eq!(money(pln(123_456_789), Lang::Pl), "1\u{a0}234\u{a0}567,89\u{a0}zł");
        assert_eq!(money(hryvnia, Lang::Uk), "1\u{a0}234,50\u{a0}₴");
        assert_eq!(money(hryvnia, Lang::Pl), "1\u{a0}234,50\u{a0}₴");
        assert_eq!(money(pln(123_456), Lang::Uk), "1\u{a0}234,56\u{a0}zł");
        assert_eq!(money(pln(123_456), Lang::En), "PLN\u{a0}1,234.56");
        assert_eq!(money(hryvnia, Lang::En), "UAH\u{a0}1,234.50");
        assert_eq!(amount(hryvnia, Lang::Uk), "1\u{a0}234,50");
    }

    #[test]
    fn writes_small_and_negative_amounts() {
        assert_eq!(money(pln(0), Lang::Pl), "0,00\u{a0}zł");
        assert_eq!(money(pln(-5), Lang::Pl), "\u{2212}0,05\u{a0}zł");
        assert_eq!(money(pln(-123_456), Lang::Pl), "\u{2212}1\u{a0}234,56\u{a0}zł");
        assert_eq!(money(pln(-123_456), Lang::En), "\u{2212}PLN\u{a0}1,234.56");
        assert!(money(pln(i64::MIN), Lang::Pl).ends_with("547\u{a0}758,08\u{a0}zł"));
    }

    #[test]
    fn groups_thousands() {
        assert_eq!(number(999, Lang::Pl), "999");
        assert_eq!(number(1_000, Lang::Pl), "1\u{a0}000");
        assert_eq!(number(-1_234_567, Lang::En), "\u{2212}1,234,567");
        assert_eq!(decimal(Decimal { units: 1_234_500, scale: 3 }, Lang::Uk), "1\u{a0}234,500");
        assert_eq!(decimal(Decimal { units: 5, scale: 4 }, Lang::En), "0.0005");
    }

    #[test]
    fn writes_days_as_each_language_does() {
        let date = day("2026-11-20");
        assert_eq!(date_long(date, Lang::Pl), "20 listopada 2026");
        assert_eq!(date_long(date, Lang::Uk), "20 листопада 2026\u{a0}р.");
        assert_eq!(date_long(date, Lang::En), "20 November 2026");
        assert_eq!(date_short(date, Lang::Pl), "20.11.2026");
        assert_eq!(date_short(day("2026-03-01"), Lang::Uk), "01.03.2026");
        assert_eq!(date_short(date, Lang::En), "20 Nov 2026");
        assert_eq!(period(day("2026-10-01"), day("2026-10-31"), Lang::Pl), "01.10.2026 – 31.10.2026");
    }

    #[test]
    fn writes_power_and_energy() {
        let power_of = |kw, lang| power(Power::from_kw(kw), lang);
        assert_eq!(power_of(412, Lang::Pl), "0,412");
        assert_eq!(power_of(-1_234_500, Lang::Uk), "\u{2212}1\u{a0}234,500");
        assert_eq!(power_of(12_500, Lang::En), "12.500");
        assert_eq!(plain_power(Power::from_kw(-1_234_500), Lang::Pl), "-1234,500");
        assert_eq!(energy(Energy::from_wh(1_234_500_000), Lang::Pl), "1\u{a0}234,500\u{a0}MWh");
        assert_eq!(energy(Energy::from_wh(1_500_000), Lang::Uk), "1,500\u{a0}МВт·год");
    }

    #[test]
    fn names_days_of_the_week() {
        assert_eq!(weekday_short(day("2026-11-25"), Lang::Pl), "śr.");
        assert_eq!(weekday_short(day("2026-11-29"), Lang::Uk), "нд");
        assert_eq!(weekday_short(day("1969-12-29"), Lang::En), "Mon");
        assert_eq!(day_and_month(day("2026-03-01"), Lang::Pl), "01.03");
        assert_eq!(day_and_month(day("2026-11-25"), Lang::En), "25 Nov");
    }

    #[test]
    fn names_every_month() {
        for &lang in Lang::ALL {
            let names: std::collections::BTreeSet<_> = MONTHS.iter().map(|month| month.get(lang)).collect();
            assert_eq!(names.len(), 12, "{lang:?}");
        }
    }

    #[test]
    fn keeps_ranges_together() {
        let hours = unbroken("poniedziałek–piątek, 8:00 – 18:00");
        assert_eq!(hours, "poniedziałek–\u{2060}piątek, 8:00\u{a0}–\u{2060}\u{a0}18:00");
    }

    #[test]
    fn writes_cubic_metres_as_people_do() {
        assert_eq!(["m3", "m3/h", "m³", "kWh", "GJ"].map(unit), ["m³", "m³/h", "m³", "kWh", "GJ"]);
    }

    #[test]
    fn says_when_a_payment_is_due() {
        let today = day("2026-11-15");
        let due = |due_on, today, lang| due(day("2026-10-01"), due_on, today, lang);
        assert_eq!(due(day("2026-11-20"), today, Lang::Pl), "do 20 listopada (za 5 dni)");
        assert_eq!(due(day("2026-11-20"), today, Lang::Uk), "до 20 листопада (через 5 днів)");
        assert_eq!(due(day("2026-11-20"), today, Lang::En), "by 20 November (in 5 days)");
        assert_eq!(due(day("2026-11-16"), today, Lang::Pl), "do 16 listopada (jutro)");
        assert_eq!(due(today, today, Lang::Pl), "dzisiaj");
        assert_eq!(due(day("2026-11-10"), today, Lang::Pl), "10 listopada (5 dni po terminie)");
        assert_eq!(due(day("2026-11-14"), today, Lang::Pl), "14 listopada (1 dzień po terminie)");
        assert_eq!(due(day("2026-10-25"), today, Lang::Uk), "25 жовтня (прострочено на 21 день)");
        assert_eq!(due(day("2027-01-05"), today, Lang::Pl), "do 5 stycznia 2027 (za 51 dni)");
        assert_eq!(due(day("2027-01-05"), today, Lang::Uk), "до 5 січня 2027\u{a0}р. (через 51 день)");
    }

    #[test]
    fn names_the_year_of_a_payment_that_is_due_in_another_than_it_was_asked_for() {
        let due = due(day("2025-12-20"), day("2026-01-05"), day("2026-01-02"), Lang::Pl);
        assert_eq!(due, "do 5 stycznia 2026 (za 3 dni)");
    }

    #[test]
    fn writes_durations() {
        assert_eq!(duration_minutes(15, Lang::Pl), "15 minut");
        assert_eq!(duration_minutes(1, Lang::Pl), "1 minutę");
        assert_eq!(duration_minutes(22, Lang::Uk), "22 хвилини");
        assert_eq!(duration_minutes(60, Lang::Pl), "1 godzinę");
        assert_eq!(duration_minutes(90, Lang::Uk), "1 годину 30 хвилин");
        assert_eq!(duration_minutes(1_440, Lang::En), "24 hours");
        assert_eq!(duration_minutes(2_880, Lang::En), "2 days");
        assert_eq!(duration_minutes(2_838 * 60 + 31, Lang::Pl), "118 dni 6 godzin");
        assert_eq!(duration_minutes(21 * 1_440 + 60, Lang::Uk), "21 день 1 годину");
    }
}
