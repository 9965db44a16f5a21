//! Files of every format written by hand, as producers and operators write them, and what they mean.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use openbok_domain::plan::{Cell, FileFaultKind, PlanFormat, Power, Resolution, Series};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{ReadPlan, UnitRef, read};

const WARSAW: &str = "Europe/Warsaw";
const KYIV: &str = "Europe/Kyiv";

/// Sheet, line, column and kind of each fault.
type Found = Vec<(u32, u32, u32, FileFaultKind)>;

fn faults_in(format: PlanFormat, bytes: &[u8], zone: &str) -> Found {
    let faults = read(format, bytes, zone).expect_err("the file is wrong");
    let number = |number: Option<u32>| number.unwrap_or_default();
    let found = faults.iter().map(|fault| {
        let place = fault.place;
        (number(place.sheet), number(place.line), number(place.column), fault.kind)
    });
    found.collect()
}

fn only_plan(format: PlanFormat, bytes: &[u8], zone: &str) -> ReadPlan {
    let mut plans = read(format, bytes, zone).expect("the file is right");
    assert_eq!(plans.len(), 1);
    plans.remove(0)
}

/// Kilowatts of a series.
fn kw(plan: &ReadPlan, series: Series) -> Vec<Option<i32>> {
    plan.plan.points.series(series).iter().map(|cell| cell.power().map(Power::kw)).collect()
}

/// Labels of a day that skips an hour or has one twice, the second time by the label given.
fn labels(skipped: Option<u8>, twice: Option<(u8, [&str; 2])>) -> Vec<String> {
    let mut labels = Vec::new();
    for hour in (0..24).filter(|hour| Some(*hour) != skipped) {
        match twice {
            Some((repeated, both)) if repeated == hour => labels.extend(both.map(str::to_owned)),
            _ => labels.push(format!("{hour:02}:00")),
        }
    }
    labels
}

/// The same in quarters; the second pass carries an A.
fn quarters(skipped: Option<u8>, twice: Option<u8>) -> Vec<String> {
    let of_hour = |hour: u8, mark: &'static str| {
        ["00", "15", "30", "45"].into_iter().map(move |minute| format!("{hour:02}:{minute}{mark}"))
    };
    let hours = (0..24).filter(|hour| Some(*hour) != skipped);
    hours.flat_map(|hour| of_hour(hour, "").chain(of_hour(hour, "A").filter(move |_| twice == Some(hour)))).collect()
}

/// A file of the grid company: the n-th row states n kilowatts.
fn csv(date: &str, labels: &[String]) -> String {
    let mut text = "\u{feff}#KOD_MWE;MWE_0940000_33P0009\r\nDATA I CZAS OD;PPLAN;PAUTO\r\n".to_owned();
    for (label, kw) in labels.iter().zip(1..) {
        write!(text, "{date} {label};0,{kw:03};0,0\r\n").expect("a string takes every text");
    }
    text
}

#[test]
fn csv_an_ordinary_day() {
    let plan = only_plan(PlanFormat::Csv, csv("25-11-2026", &labels(None, None)).as_bytes(), WARSAW);
    assert_eq!(plan.plan.unit, UnitRef::Code("MWE_0940000_33P0009".into()));
    assert_eq!((plan.plan.day.to_string().as_str(), plan.plan.resolution), ("2026-11-25", Resolution::Hour));
    assert_eq!(kw(&plan, Series::Pplan), (1..=24).map(Some).collect::<Vec<_>>());
    assert_eq!(kw(&plan, Series::Pauto), [Some(0); 24]);
    assert_eq!(plan.place.line, Some(3));
}

#[test]
fn csv_with_other_line_ends_marks_dates_and_columns() {
    let text = csv("25-11-2026", &labels(None, None));
    let expected = only_plan(PlanFormat::Csv, text.as_bytes(), WARSAW).plan;
    for variant in [
        text.replace("\r\n", "\n"),
        text.replace('\u{feff}', ""),
        text.replace("\r\n", ";;\r\n"),
        text.replace("\r\n", "\r\n\r\n;;\r\n"),
        text.replace("25-11-2026", "2026-11-25"),
        text.replace("25-11-2026 0", "25.11.2026 "),
        text.replace("0,0\r", "\"0.000\"\r"),
        text.replace("#KOD_MWE", " #kod_mwe "),
    ] {
        assert_eq!(only_plan(PlanFormat::Csv, variant.as_bytes(), WARSAW).plan, expected, "{variant}");
    }
    let swapped = text.replace("PPLAN;PAUTO", "PAUTO;PPLAN");
    let swapped = only_plan(PlanFormat::Csv, swapped.as_bytes(), WARSAW);
    assert_eq!(kw(&swapped, Series::Pplan), [Some(0); 24]);
}

#[test]
fn csv_without_own_use_leaves_it_open() {
    let text = csv("25-11-2026", &labels(None, None));
    for text in [text.replace(";0,0\r", "\r").replace(";PAUTO", ""), text.replace(";0,0\r", ";\r")] {
        let plan = only_plan(PlanFormat::Csv, text.as_bytes(), WARSAW);
        assert!(plan.plan.points.series(Series::Pauto).iter().all(|cell| *cell == Cell::Empty));
    }
}

#[test]
fn r67_csv_days_of_25_hours_and_every_label_of_the_second_pass() {
    for (zone, hour) in [(WARSAW, 2), (KYIV, 3)] {
        for both in [["H:00", "H:00A"], ["H", "HA"], ["0H", "0Ha"], ["0H:00a", "0H:00b"], ["HA", "HB"], ["0HB", "0HA"]]
        {
            let [first, second] = both.map(|label| label.replace('H', &hour.to_string()));
            let day = labels(None, Some((hour, [&first, &second])));
            let plan = only_plan(PlanFormat::Csv, csv("25-10-2026", &day).as_bytes(), zone);
            let mut expected: Vec<_> = (1..=25).map(Some).collect();
            if first.contains('B') {
                expected.swap(usize::from(hour), usize::from(hour) + 1);
            }
            assert_eq!(kw(&plan, Series::Pplan), expected, "{first} {second} {zone}");
        }
        let plan = only_plan(PlanFormat::Csv, csv("25-10-2026", &quarters(None, Some(hour))).as_bytes(), zone);
        assert_eq!(plan.plan.resolution, Resolution::Quarter);
        assert_eq!(plan.plan.points.len(), 100);
        let at = usize::from(hour) * 4;
        assert_eq!(
            kw(&plan, Series::Pplan)[at..at + 8],
            (1..=8).map(|n| i32::try_from(at).ok().map(|at| at + n)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn r67_csv_days_of_23_hours_lack_the_skipped_one() {
    for (zone, hour, line) in [(WARSAW, 2, 5), (KYIV, 3, 6)] {
        let right = csv("29-03-2026", &labels(Some(hour), None));
        assert_eq!(kw(&only_plan(PlanFormat::Csv, right.as_bytes(), zone), Series::Pplan).len(), 23);
        let right = csv("29-03-2026", &quarters(Some(hour), None));
        assert_eq!(only_plan(PlanFormat::Csv, right.as_bytes(), zone).plan.points.len(), 92);
        let wrong = csv("29-03-2026", &labels(None, None));
        assert_eq!(faults_in(PlanFormat::Csv, wrong.as_bytes(), zone), [(0, line, 1, FileFaultKind::NoSuchHour)]);
        let once = csv("25-10-2026", &labels(None, None));
        assert_eq!(
            faults_in(PlanFormat::Csv, once.as_bytes(), zone),
            [(0, line + 1, 1, FileFaultKind::MissingInterval)]
        );
        let marked = csv("25-11-2026", &labels(None, Some((hour, ["2", "2A"]))));
        assert!(
            faults_in(PlanFormat::Csv, marked.as_bytes(), zone).iter().all(|fault| fault.3 != FileFaultKind::Broken)
        );
    }
}

#[test]
fn csv_says_what_is_wrong_and_where() {
    let right = csv("25-11-2026", &labels(None, None));
    let wrong = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        faults_in(PlanFormat::Csv, right.replacen(from, to, 1).as_bytes(), WARSAW)
    };
    assert_eq!(wrong("0,004", "0,0041"), [(0, 6, 2, FileFaultKind::TooFine)]);
    assert_eq!(wrong("0,004", "abc"), [(0, 6, 2, FileFaultKind::NotANumber)]);
    assert_eq!(wrong("0,004", "=A1"), [(0, 6, 2, FileFaultKind::Formula)]);
    assert_eq!(wrong("0,004", "100000"), [(0, 6, 2, FileFaultKind::OutOfRange)]);
    assert_eq!(wrong("0,004", ""), [(0, 6, 2, FileFaultKind::MissingPplan)]);
    assert_eq!(wrong("0,004;0,0", "0,004;"), [(0, 6, 3, FileFaultKind::MissingPauto)]);
    assert_eq!(wrong("0,004;0,0", "0,004;x"), [(0, 6, 3, FileFaultKind::NotANumber)]);
    assert_eq!(wrong("03:00", "02:00"), [(0, 6, 1, FileFaultKind::RepeatedInterval)]);
    assert_eq!(wrong("03:00", "02:00A"), [(0, 6, 1, FileFaultKind::NoSuchHour)]);
    assert_eq!(wrong("03:00", "24:00"), [(0, 6, 1, FileFaultKind::NoSuchHour)]);
    assert_eq!(wrong("03:00", "03:10"), [(0, 6, 1, FileFaultKind::WrongResolution)]);
    assert_eq!(wrong("25-11-2026 03:00", "31-11-2026 03:00")[0], (0, 6, 1, FileFaultKind::NoSuchDay));
    assert_eq!(wrong("25-11-2026 03:00;0,004;0,0\r\n", ""), [(0, 6, 1, FileFaultKind::MissingInterval)]);
    assert_eq!(wrong("25-11-2026 23:00;0,024;0,0\r\n", ""), [(0, 25, 1, FileFaultKind::MissingInterval)]);
    assert_eq!(wrong("#KOD_MWE", "KOD"), [(0, 1, 1, FileFaultKind::NotThisFormat)]);
    assert_eq!(wrong("MWE_0940000_33P0009", ""), [(0, 1, 2, FileFaultKind::MissingUnit)]);
    assert_eq!(wrong("PPLAN", "PLAN"), [(0, 2, 0, FileFaultKind::MissingField)]);
    let head = right.lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(faults_in(PlanFormat::Csv, head.as_bytes(), WARSAW), [(0, 0, 0, FileFaultKind::Empty)]);
    // One quarter in a day of hours: every hour lacks the other three.
    assert_eq!(
        wrong("03:00", "03:15")[..2],
        [(0, 4, 1, FileFaultKind::MissingInterval), (0, 5, 1, FileFaultKind::MissingInterval)]
    );
}

/// Line and column at which a text first has a part.
fn place_of(text: &str, part: &str) -> (u32, u32) {
    let before = &text[..text.find(part).expect("the part is there")];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let number = |count: usize| u32::try_from(count + 1).unwrap();
    (number(before.matches('\n').count()), number(line.chars().count()))
}

/// Points with their positions from 1; the n-th has n kilowatts.
fn xml_points(count: u32) -> String {
    let points: Vec<_> = (1..=count)
        .map(|n| format!("<Point><position>{n}</position>\n<quantity>0.{n:03}</quantity></Point>\n"))
        .collect();
    points.concat()
}

fn xml_series(business_type: &str, more: &str, [start, end]: [&str; 2], resolution: &str, points: &str) -> String {
    format!(
        "<PlannedResource_TimeSeries><mRID>1</mRID>\n<businessType>{business_type}</businessType>{more}\n\
         <measurement_Unit.name>MAW</measurement_Unit.name>\n\
         <registeredResource.mRID>_ebc8ffff-1beb-4e6c-881c-b950600836fb</registeredResource.mRID>\n<Series_Period>\n\
         <timeInterval><start>{start}</start><end>{end}</end></timeInterval><resolution>{resolution}</resolution>\n\
         {points}</Series_Period></PlannedResource_TimeSeries>\n"
    )
}

fn pgb(series: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-2\" standalone=\"yes\"?>\n<PlannedResourceSchedule>\n<type>A71</type>\n{}\
         </PlannedResourceSchedule>\n",
        series.concat()
    )
}

fn iec(version: &str, series: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<PlannedResourceSchedule_MarketDocument xmlns=\"urn:iec62325.351:tc57wg16:451-7:\
         plannedresourcescheduledocument:{version}\">\n<mRID>D1</mRID><revisionNumber>2</revisionNumber><type>A14</type>\n\
         <sender_MarketParticipant.mRID codingScheme=\"A01\">22XWATTPLUS----G</sender_MarketParticipant.mRID>\n{}\
         </PlannedResourceSchedule_MarketDocument>",
        series.concat()
    )
}

const WARSAW_AUTUMN: [&str; 2] = ["2026-10-24T22:00Z", "2026-10-25T23:00Z"];
const KYIV_SPRING: [&str; 2] = ["2026-03-28T22:00Z", "2026-03-29T21:00Z"];

#[test]
fn r67_xml_of_the_grid_company_on_a_day_of_25_hours() {
    let text = pgb(&[
        xml_series("A01", "", WARSAW_AUTUMN, "PT1H", &xml_points(25)),
        xml_series("P01", "", WARSAW_AUTUMN, "PT1H", &xml_points(25)),
    ]);
    // Who writes it signs with a letter that UTF-8 would have two bytes for.
    let bytes = [text.replace("</type>", "</type><!-- ").as_bytes(), b""].concat();
    let at = bytes.windows(4).position(|part| part == b"<!--").unwrap() + 5;
    let bytes = [&bytes[..at], b"\xb1 -->", &bytes[at..]].concat();
    let plan = only_plan(PlanFormat::Xml, &bytes, WARSAW);
    assert_eq!(plan.plan.unit, UnitRef::Mrid("_ebc8ffff-1beb-4e6c-881c-b950600836fb".into()));
    assert_eq!((plan.plan.day.to_string().as_str(), plan.plan.resolution), ("2026-10-25", Resolution::Hour));
    assert_eq!(kw(&plan, Series::Pplan), (1..=25).map(Some).collect::<Vec<_>>());
    assert_eq!(kw(&plan, Series::Pauto), kw(&plan, Series::Pplan));
}

#[test]
fn r67_market_documents_of_every_version_on_a_day_of_92_quarters() {
    for version in ["6:0", "6:1", "6:2", "6:3"] {
        let text = iec(version, &[xml_series("A01", "", KYIV_SPRING, "PT15M", &xml_points(92))]);
        let plan = only_plan(PlanFormat::Iec, text.as_bytes(), KYIV);
        assert_eq!((plan.plan.day.to_string().as_str(), plan.plan.points.len()), ("2026-03-29", 92));
        assert_eq!(kw(&plan, Series::Pplan), (1..=92).map(Some).collect::<Vec<_>>());
        assert_eq!(kw(&plan, Series::Pauto), [None; 92]);
    }
    let text = iec("5:0", &[xml_series("A01", "", KYIV_SPRING, "PT15M", &xml_points(92))]);
    assert_eq!(faults_in(PlanFormat::Iec, text.as_bytes(), KYIV), [(0, 2, 1, FileFaultKind::NotThisFormat)]);
}

#[test]
fn one_period_may_cover_days_of_different_lengths() {
    let bounds = ["2026-10-23T22:00Z", "2026-10-26T23:00Z"];
    let text = iec("6:0", &[xml_series("A01", "", bounds, "PT60M", &xml_points(73))]);
    let plans = read(PlanFormat::Iec, text.as_bytes(), WARSAW).unwrap();
    let lengths: Vec<_> = plans.iter().map(|plan| (plan.plan.day.day(), plan.plan.points.len())).collect();
    assert_eq!(lengths, [(24, 24), (25, 25), (26, 24)]);
    assert_eq!(plans[2].plan.points.get(Series::Pplan, 0).power(), Some(Power::from_kw(50)));
}

#[test]
fn a_curve_of_changes_holds_each_value_until_the_next() {
    let points = "<Point><position>1</position><quantity>1</quantity></Point>\
                  <Point><position>20</position><quantity>2</quantity></Point>";
    let curve = "<curveType>A03</curveType>";
    let text = iec("6:0", &[xml_series("A01", curve, WARSAW_AUTUMN, "PT1H", points)]);
    let mut expected = vec![Some(1000); 19];
    expected.extend([Some(2000); 6]);
    assert_eq!(kw(&only_plan(PlanFormat::Iec, text.as_bytes(), WARSAW), Series::Pplan), expected);
    let text = iec("6:0", &[xml_series("A01", "", WARSAW_AUTUMN, "PT1H", points)]);
    let kinds: Vec<_> = faults_in(PlanFormat::Iec, text.as_bytes(), WARSAW).iter().map(|fault| fault.3).collect();
    assert_eq!(kinds, [FileFaultKind::MissingInterval], "without it, every position is stated");
}

#[test]
fn xml_says_what_is_wrong_and_where() {
    let right = pgb(&[xml_series("A01", "", WARSAW_AUTUMN, "PT1H", &xml_points(25))]);
    assert!(read(PlanFormat::Xml, right.as_bytes(), WARSAW).is_ok());
    let wrong = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        faults_in(PlanFormat::Xml, right.replacen(from, to, 1).as_bytes(), WARSAW)
    };
    let at = |part: &str, kind: FileFaultKind| {
        let (line, column) = place_of(&right, part);
        vec![(0, line, column, kind)]
    };
    let third = "<Point><position>3<";
    assert_eq!(wrong("0.003", "0,003"), at("0.003", FileFaultKind::NotANumber));
    assert_eq!(wrong("0.003", "0.0035"), at("0.003", FileFaultKind::TooFine));
    assert_eq!(wrong("0.003", ""), at("0.003", FileFaultKind::NotANumber));
    assert_eq!(wrong("<quantity>0.003</quantity>", ""), at(third, FileFaultKind::MissingField));
    assert_eq!(wrong("<position>3</position>", ""), at(third, FileFaultKind::MissingField));
    assert_eq!(wrong("<position>3<", "<position>2<")[0], at(third, FileFaultKind::RepeatedInterval)[0]);
    assert_eq!(wrong("<position>3<", "<position>9<")[0], at(third, FileFaultKind::MissingInterval)[0]);
    assert_eq!(wrong("<position>3<", "<position>0<")[0], at(third, FileFaultKind::WrongPosition)[0]);
    assert_eq!(wrong("<position>3<", "<position>x<"), at("3</position>", FileFaultKind::WrongPosition));
    assert_eq!(wrong("<position>25<", "<position>26<")[1], at("<Point><position>25<", FileFaultKind::WrongPosition)[0]);
    assert_eq!(wrong("MAW", "KWT"), at("MAW", FileFaultKind::WrongMeasure));
    assert_eq!(wrong("PT1H", "PT5M"), at("PT1H", FileFaultKind::WrongResolution));
    assert_eq!(wrong("PT1H", "PT15M"), at("<Point><position>25<", FileFaultKind::MissingInterval));
    assert_eq!(wrong("2026-10-24T22:00Z", "2026-10-24T23:00Z")[0], at("<Series_Period", FileFaultKind::WrongPeriod)[0]);
    assert_eq!(wrong("2026-10-24T22:00Z", "24.10.2026"), at("2026-10-24T22:00Z", FileFaultKind::WrongPeriod));
    assert_eq!(wrong("A01", "A60"), at("A01", FileFaultKind::WrongValue));
    assert_eq!(wrong("A01", "P01"), at("<Series_Period", FileFaultKind::MissingPplan));
    assert_eq!(wrong("A71", "A95"), at("A71", FileFaultKind::WrongValue));
    assert_eq!(wrong("_ebc8ffff-1beb-4e6c-881c-b950600836fb", "")[0].3, FileFaultKind::MissingUnit);
    assert_eq!(wrong("<PlannedResourceSchedule>", "<Plan>")[0].3, FileFaultKind::NotThisFormat);
    let untyped = right.replace("<type>A71</type>", "");
    assert_eq!(faults_in(PlanFormat::Xml, untyped.as_bytes(), WARSAW), [(0, 2, 1, FileFaultKind::MissingField)]);
    let series = xml_series("A01", "", WARSAW_AUTUMN, "PT1H", &xml_points(25));
    let twice = pgb(&[series.clone(), series]);
    assert_eq!(faults_in(PlanFormat::Xml, twice.as_bytes(), WARSAW)[0].3, FileFaultKind::RepeatedPlan);
    let own = xml_series("P01", "", WARSAW_AUTUMN, "PT15M", &xml_points(100));
    let mixed = pgb(&[xml_series("A01", "", WARSAW_AUTUMN, "PT1H", &xml_points(25)), own]);
    assert_eq!(faults_in(PlanFormat::Xml, mixed.as_bytes(), WARSAW)[0].3, FileFaultKind::WrongResolution);
    assert_eq!(faults_in(PlanFormat::Xml, pgb(&[]).as_bytes(), WARSAW), [(0, 1, 1, FileFaultKind::Empty)]);
}

#[test]
fn market_documents_say_what_they_are_and_which_way_power_flows() {
    let flow = |direction: &str| format!("<flowDirection.direction>{direction}</flowDirection.direction>");
    let document = |net: &str, own: &str| {
        let series = |business_type, direction: &str| {
            xml_series(business_type, &flow(direction), WARSAW_AUTUMN, "PT1H", &xml_points(25))
        };
        iec("6:0", &[series("A01", net), series("A04", own)])
    };
    let right = document("A01", "A02");
    let own = kw(&only_plan(PlanFormat::Iec, right.as_bytes(), WARSAW), Series::Pauto);
    assert_eq!(own, (1..=25).map(Some).collect::<Vec<_>>());
    let refused = |text: &str, part: &str, kind: FileFaultKind| {
        let (line, column) = place_of(text, part);
        assert_eq!(faults_in(PlanFormat::Iec, text.as_bytes(), WARSAW), [(0, line, column, kind)], "{part}");
    };
    refused(&document("A02", "A02"), "A02", FileFaultKind::WrongValue);
    refused(&document("A03", "A02"), "A03", FileFaultKind::WrongValue);
    refused(&document("", "A02"), "</flowDirection.direction>", FileFaultKind::WrongValue);
    refused(&right.replace("A04", "A60"), "A60", FileFaultKind::WrongValue);
    refused(&right.replace("A14", "A95"), "A95", FileFaultKind::WrongValue);
    refused(
        &right.replace("<type>A14</type>", ""),
        "<PlannedResourceSchedule_MarketDocument",
        FileFaultKind::MissingField,
    );
}

fn json_series(business_type: &str, curve: &str, points: &str) -> String {
    format!(
        r#"{{ "tsId": 1, "businessType": "{business_type}", "direction": "GENERATION", "measurementUnit": "MAW",
  "resourceMrid": "_d8736017-d25d-4952-a3cf-0fa83560e16f", "curveType": "{curve}",
  "seriesPeriods": [{{ "timeInterval": {{ "start": "2026-10-24T22:00:00Z", "end": "2026-10-25T23:00:00Z" }},
    "resolution": "PT15M",
    {points} }}] }}"#
    )
}

fn json(series: &[String]) -> String {
    format!(
        r#"{{ "meta": {{ "senderId": 10999, "responsiblePartyId": 10111, "clientMsgId": "4bfa71da", "type": "PLP" }},
"data": {{ "mainResourceMrid": "_d8736017-d25d-4952-a3cf-0fa83560e16f",
  "dataPeriod": {{ "start": "2026-10-24T22:00:00Z", "end": "2026-10-25T23:00:00Z" }},
  "timeSeries": [{}] }} }}"#,
        series.join(",\n")
    )
}

fn every_value() -> String {
    let values: Vec<_> = (1..=100).map(|kw| format!("0.{kw:03}")).collect();
    format!("\"continuousSeriesPoints\": [{}]", values.join(", "))
}

#[test]
fn r67_json_of_the_transmission_operator_on_a_day_of_100_quarters() {
    let changes = r#""seriesPoints": [{ "position": 1, "quantity": 0 }, { "position": 9, "quantity": 1.5e-2 }]"#;
    let text = json(&[
        json_series("MCSR", "A01", &every_value()),
        json_series("MCKN", "A01", &every_value()),
        json_series("AGSR", "A03", changes),
    ]);
    let plan = only_plan(PlanFormat::Json, text.as_bytes(), WARSAW);
    assert_eq!(plan.plan.unit, UnitRef::Mrid("_d8736017-d25d-4952-a3cf-0fa83560e16f".into()));
    assert_eq!((plan.plan.day.to_string().as_str(), plan.plan.resolution), ("2026-10-25", Resolution::Quarter));
    assert_eq!(kw(&plan, Series::Pplan), (1..=100).map(Some).collect::<Vec<_>>());
    assert_eq!(kw(&plan, Series::Pauto)[7..9], [Some(0), Some(15)]);
    assert_eq!(kw(&plan, Series::Pauto)[99], Some(15));
}

#[test]
fn json_says_what_is_wrong_and_where() {
    let right = json(&[json_series("MCSR", "A01", &every_value())]);
    let wrong = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        faults_in(PlanFormat::Json, right.replacen(from, to, 1).as_bytes(), WARSAW)
    };
    let at = |part: &str, kind: FileFaultKind| {
        let (line, column) = place_of(&right, part);
        vec![(0, line, column, kind)]
    };
    assert_eq!(wrong("0.001", "0.0001"), at("0.001", FileFaultKind::TooFine));
    assert_eq!(wrong("0.001", "null"), at("0.001", FileFaultKind::MissingPplan));
    assert_eq!(wrong("0.001", "\"0,001\""), at("0.001", FileFaultKind::NotANumber));
    assert_eq!(wrong("0.001, ", "")[0].3, FileFaultKind::MissingInterval);
    assert_eq!(wrong("\"MAW\"", "\"MWH\""), at("\"MAW\"", FileFaultKind::WrongMeasure));
    assert_eq!(wrong("\"MCSR\"", "\"XXXX\""), at("\"MCSR\"", FileFaultKind::WrongValue));
    assert_eq!(wrong("\"GENERATION\"", "\"P\""), at("\"GENERATION\"", FileFaultKind::WrongValue));
    assert_eq!(wrong("\"A01\"", "\"A02\""), at("\"A01\"", FileFaultKind::WrongValue));
    assert_eq!(wrong("\"A01\"", "\"A03\"")[0].3, FileFaultKind::MissingField);
    assert_eq!(wrong("\"PT15M\"", "\"P1D\""), at("\"PT15M\"", FileFaultKind::WrongResolution));
    assert_eq!(wrong("\"PLP\"", "\"HRM\"")[0].3, FileFaultKind::NotThisFormat);
    assert_eq!(wrong("\"businessType\"", "\"business\"")[0].3, FileFaultKind::MissingField);
    assert_eq!(wrong("\"tsId\": 1,", "\"tsId\": 1,,")[0].3, FileFaultKind::Broken);
    assert_eq!(faults_in(PlanFormat::Json, b"[]", WARSAW)[0].3, FileFaultKind::NotThisFormat);
    assert_eq!(faults_in(PlanFormat::Json, json(&[]).as_bytes(), WARSAW), [(0, 1, 1, FileFaultKind::Empty)]);
}

/// A workbook of parts, as some program packs it.
pub(super) fn workbook(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub(super) const BOOK: (&str, &str) = (
    "xl/workbook.xml",
    "<workbook xmlns:r='x'><workbookPr/><sheets><sheet name='1' sheetId='1' r:id='rId1'/></sheets></workbook>",
);
pub(super) const RELATIONSHIPS: (&str, &str) = (
    "xl/_rels/workbook.xml.rels",
    "<Relationships><Relationship Id='rId1' Type='http://x/relationships/worksheet' Target='worksheets/sheet1.xml'/>\
     <Relationship Id='rId2' Type='http://x/relationships/styles' Target='/xl/styles.xml'/>\
     <Relationship Id='rId3' Type='http://x/relationships/sharedStrings' Target='sharedStrings.xml'/></Relationships>",
);
/// Format 1 is a date, 2 a time of somebody's own.
const STYLES: (&str, &str) = (
    "xl/styles.xml",
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='hh:mm'/></numFmts><cellStyleXfs><xf numFmtId='14'/>\
     </cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/></cellXfs></styleSheet>",
);
const STRINGS: (&str, &str) = (
    "xl/sharedStrings.xml",
    "<sst uniqueCount='99999999999999'><si><t>KOD_MWE</t></si><si><r><t>MWE_</t></r><r><rPr><b/></rPr><t>1&amp;2</t></r>\
     <rPh><t>x</t></rPh></si><si><t>DATA</t></si><si><t>CZAS OD</t></si><si><t>PPLAN</t></si><si><t>PAUTO</t></si></sst>",
);

/// A worksheet as somebody fills it in by hand: days and times are numbers, powers texts and binary numbers.
fn sheet(change: impl Fn(u32, &str) -> Option<String>) -> String {
    let mut rows = "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>\
                    <row><c t='s'><v>2</v></c><c t='s'><v>3</v></c><c t='s'><v>4</v></c><c t='s'><v>5</v></c></row>"
        .to_owned();
    for hour in 0_u32..24 {
        let row = hour + 3;
        let time = f64::from(hour) / 24.0;
        let cells = [
            ("A", "<c r='A' s='1'><v>46351</v></c>".to_owned()),
            ("B", format!("<c r='B' s='2'><v>{time:.15}</v></c>")),
            ("C", format!("<c r='C'><v>{:.17}</v></c>", 0.412 + f64::from(hour) / 1000.0)),
            ("D", "<c r='D' t='inlineStr'><is><t>0,001</t></is></c>".to_owned()),
        ];
        let cells = cells.map(|(name, cell)| {
            let cell = change(row, name).unwrap_or(cell);
            cell.replacen(&format!("r='{name}'"), &format!("r='{name}{row}'"), 1)
        });
        let cells = cells.concat();
        write!(rows, "<row r='{row}'>{cells}<c r='Z{row}'><f>1+1</f><v>2</v></c></row>")
            .expect("a string takes every text");
    }
    rows + "</sheetData></worksheet>"
}

fn filled_in(change: impl Fn(u32, &str) -> Option<String>) -> Vec<u8> {
    workbook(&[BOOK, RELATIONSHIPS, STYLES, STRINGS, ("xl/worksheets/sheet1.xml", &sheet(change))])
}

#[test]
fn a_spreadsheet_that_somebody_filled_in() {
    let plan = only_plan(PlanFormat::Xlsx, &filled_in(|_, _| None), WARSAW);
    assert_eq!(plan.plan.unit, UnitRef::Code("MWE_1&2".into()));
    assert_eq!((plan.plan.day.to_string().as_str(), plan.plan.resolution), ("2026-11-25", Resolution::Hour));
    assert_eq!(kw(&plan, Series::Pplan), (412..436).map(Some).collect::<Vec<_>>());
    assert_eq!(kw(&plan, Series::Pauto), [Some(1); 24]);
    let with_hours = |row: u32, name: &str| (name == "B").then(|| format!("<c r='B'><v>{}</v></c>", row - 3));
    assert_eq!(only_plan(PlanFormat::Xlsx, &filled_in(with_hours), WARSAW), plan);
}

#[test]
fn a_spreadsheet_says_what_is_wrong_and_in_which_cell() {
    let wrong = |row: u32, column: &str, cell: &str| {
        faults_in(
            PlanFormat::Xlsx,
            &filled_in(|at, name| ((at, name) == (row, column)).then(|| cell.to_owned())),
            WARSAW,
        )
    };
    let formula = "<c r='C'><f>SUM(A1:A2)</f><v>1</v></c>";
    assert_eq!(wrong(5, "C", formula), [(1, 5, 3, FileFaultKind::Formula)]);
    assert_eq!(wrong(5, "C", "<c r='C' t='str'><v>=1+1</v></c>"), [(1, 5, 3, FileFaultKind::Formula)]);
    assert_eq!(wrong(5, "C", "<c r='C' s='1'><v>46143</v></c>"), [(1, 5, 3, FileFaultKind::NotANumber)]);
    assert_eq!(wrong(5, "C", "<c r='C'><v>0.4125</v></c>"), [(1, 5, 3, FileFaultKind::TooFine)]);
    assert_eq!(wrong(5, "C", "<c r='C' t='e'><v>#DIV/0!</v></c>"), [(1, 5, 3, FileFaultKind::NotANumber)]);
    assert_eq!(wrong(5, "C", "<c r='C' t='b'><v>1</v></c>"), [(1, 5, 3, FileFaultKind::NotANumber)]);
    assert_eq!(wrong(5, "C", "<c r='C'/>"), [(1, 5, 3, FileFaultKind::MissingPplan)]);
    assert_eq!(wrong(5, "D", ""), [(1, 5, 4, FileFaultKind::MissingPauto)]);
    assert_eq!(wrong(5, "A", "<c r='A'><v>7</v></c>")[0], (1, 5, 1, FileFaultKind::NoSuchDay));
    assert_eq!(wrong(5, "B", "<c r='B'><v>0.5</v></c>"), [(1, 15, 2, FileFaultKind::RepeatedInterval)]);
    assert_eq!(wrong(5, "B", "<c r='B'><v>1.5</v></c>"), [(1, 5, 2, FileFaultKind::NoSuchHour)]);
    assert_eq!(wrong(5, "C", "<c r='C' t='s'><v>77</v></c>"), [(1, 0, 0, FileFaultKind::Broken)]);
    let other = "<worksheet><sheetData><row r='2'><c r='A2' t='inlineStr'><is><t>Notes</t></is></c></row></sheetData></worksheet>";
    let other = workbook(&[BOOK, RELATIONSHIPS, ("xl/worksheets/sheet1.xml", other)]);
    assert_eq!(faults_in(PlanFormat::Xlsx, &other, WARSAW), [(1, 2, 1, FileFaultKind::NotThisFormat)]);
    let empty = workbook(&[BOOK, RELATIONSHIPS, ("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>")]);
    assert_eq!(faults_in(PlanFormat::Xlsx, &empty, WARSAW), [(0, 0, 0, FileFaultKind::Empty)]);
}
