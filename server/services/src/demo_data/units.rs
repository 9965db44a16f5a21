//! Generating units of invented companies.

use std::io;
use std::path::Path;

use super::numbers::{Dice, eic};
use crate::import::{Table, TableFile};

/// Units of one company.
const UNITS_EACH: u64 = 6;

/// Kinds of units: technology, name, installed power and technical minimum in kilowatts.
const KINDS: [(&str, &str, u64, u64); 4] = [
    ("wiatr", "Farma wiatrowa", 24_000, 0),
    ("fotowoltaika", "Farma fotowoltaiczna", 8_500, 0),
    ("biogaz", "Biogazownia", 2_400, 800),
    ("woda", "Elektrownia wodna", 5_200, 500),
];

const PLACES: [&str; 8] = ["Dobrzyń", "Kłodno", "Łeba", "Świdwin", "Połczyn", "Barwice", "Karlino", "Gościno"];

/// Writes the units of companies, given by their customer numbers.
///
/// # Errors
/// When the folder cannot be written.
pub fn units(folder: &Path, seed: u64, companies: &[String]) -> io::Result<()> {
    let dice = Dice::new(seed);
    let mut file = TableFile::create(folder, Table::GeneratingUnits)?;
    for (number, company) in (0..).zip(companies) {
        for unit in 0..UNITS_EACH {
            let serial = number * UNITS_EACH + unit + 1;
            let (technology, name, installed_kw, pmin_kw) = *dice.pick(&KINDS);
            let place = dice.pick(&PLACES);
            let mw = |kw: u64| format!("{}.{:03}", kw / 1000, kw % 1000);
            file.write([
                format!("MWE-{serial:03}"),
                eic(serial),
                company.clone(),
                format!("{name} {place}"),
                technology.to_owned(),
                mw(installed_kw),
                mw(pmin_kw),
                mw(installed_kw - installed_kw / 20),
                format!("GPZ {place}"),
            ])?;
        }
    }
    file.finish()
}
