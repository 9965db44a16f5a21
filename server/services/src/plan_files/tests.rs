//! What holds for every format: what is written is read back, and no file, however hostile, does harm.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use openbok_domain::Date;
use openbok_domain::plan::{Cell, FileFaultKind, FilePlace, PlanFormat, Points, Power, Resolution, Series};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::day::Day;
use super::examples::{BOOK, RELATIONSHIPS, workbook};
use super::faults::MOST_FAULTS;
use super::text::Places;
use super::{
    Acknowledgement, FileMeta, FilePlan, LIMITS, Limits, Party, ReasonText, UnitRef, WriteError, acknowledge,
    acknowledge_json, detect, read, read_within, received, write,
};

const WARSAW: &str = "Europe/Warsaw";

fn meta(zone: &str, units: &[(String, String)]) -> FileMeta {
    FileMeta {
        sender: Party { code: "22XWATTPLUS----G".into(), role: "A27".into() },
        receiver: Party { code: "10XPL-TSO------P".into(), role: "A04".into() },
        domain: "10YPL-AREA-----S".into(),
        document_id: "4bfa71da-146b-4df9-b972-6a5ce18f2342".into(),
        revision: 3,
        created_at: "2026-11-24T09:15:07.5Z".parse().unwrap(),
        zone: zone.into(),
        mrids: units.iter().cloned().collect(),
        providers: units.iter().map(|(code, mrid)| (mrid.clone(), format!("22X-{code}"))).collect(),
    }
}

fn holds_one_unit(format: PlanFormat) -> bool {
    matches!(format, PlanFormat::Csv | PlanFormat::Json)
}

fn names_codes(format: PlanFormat) -> bool {
    matches!(format, PlanFormat::Csv | PlanFormat::Xlsx)
}

/// One unit's plan of an ordinary day and the day after.
fn some_plans() -> (Vec<FilePlan>, FileMeta) {
    let code = "MWE_0940000_33P0009".to_owned();
    let plan = |day: &str, resolution| {
        let day = Day::new(day.parse().unwrap(), WARSAW, resolution);
        let cells =
            |most: i32| (0..day.len()).map(move |index| Power::from_kw(most - i32::try_from(index).unwrap()).into());
        let points = Points::new(cells(2_345).collect(), cells(123).collect()).unwrap();
        FilePlan { unit: UnitRef::Code(code.clone()), day: day.planning.date, resolution, points }
    };
    let plans = vec![plan("2026-10-25", Resolution::Quarter), plan("2026-10-26", Resolution::Hour)];
    (plans, meta(WARSAW, &[(code.clone(), "_ebc8ffff-1beb-4e6c-881c-b950600836fb".into())]))
}

/// Days that are long, short and neither, by the number of the day.
fn any_day() -> impl Strategy<Value = Date> {
    let changes = ["2026-03-29", "2026-10-25", "2027-03-28"].map(|day| day.parse().unwrap());
    prop_oneof![proptest::sample::select(changes.to_vec()), (15_000_i32..45_000).prop_map(Date::from_days)]
}

fn any_cells(length: usize) -> impl Strategy<Value = Vec<Cell>> {
    let power = prop_oneof![-99_999_999_i32..=99_999_999, -10_i32..10];
    proptest::collection::vec(power.prop_map(|kw| Power::from_kw(kw).into()), length)
}

fn any_points(length: usize) -> impl Strategy<Value = Points> {
    let own = prop_oneof![any_cells(length), Just(vec![Cell::Empty; length])];
    (any_cells(length), own).prop_map(|(pplan, pauto)| Points::new(pplan, pauto).unwrap())
}

fn any_plan(zone: &'static str) -> impl Strategy<Value = (Date, Resolution, Points)> {
    let resolution = proptest::sample::select(Resolution::ALL.to_vec());
    (any_day(), resolution).prop_flat_map(move |(day, resolution)| {
        let length = Day::new(day, zone, resolution).len();
        any_points(length).prop_map(move |points| (day, resolution, points))
    })
}

type Units = BTreeMap<String, (String, BTreeMap<Date, (Resolution, Points)>)>;

/// A zone and units with codes, mRIDs and plans by day.
fn any_units(most: usize) -> impl Strategy<Value = (&'static str, Units)> {
    let code = "[A-Z_=+@'\";<&0-9ąЖ#-]{1,24}";
    proptest::sample::select(vec![WARSAW, "Europe/Kyiv"]).prop_flat_map(move |zone| {
        let plans = proptest::collection::vec(any_plan(zone), 1..3);
        let unit = ("[A-Za-z0-9_<&\"ł-]{1,20}", plans).prop_map(|(mrid, plans)| {
            (mrid, plans.into_iter().map(|(day, resolution, points)| (day, (resolution, points))).collect())
        });
        (Just(zone), proptest::collection::btree_map(code, unit, 1..=most))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_format_reads_back_exactly_what_it_writes((zone, units) in any_units(3)) {
        // mRIDs are as unique as codes.
        let names: Vec<_> =
            units.iter().zip(1..).map(|((code, (mrid, _)), number)| (code.clone(), format!("{mrid}-{number}"))).collect();
        let meta = meta(zone, &names);
        for format in PlanFormat::ALL.iter().copied() {
            let mut expected = Vec::new();
            for ((code, (_, plans)), (_, mrid)) in units.iter().zip(&names) {
                for (day, (resolution, points)) in plans {
                    let unit = if names_codes(format) { UnitRef::Code(code.clone()) } else { UnitRef::Mrid(mrid.clone()) };
                    expected.push(FilePlan { unit, day: *day, resolution: *resolution, points: points.clone() });
                }
            }
            if holds_one_unit(format) {
                let first = expected[0].unit.clone();
                expected.retain(|plan| plan.unit == first);
            }
            let bytes = write(format, &expected, &meta).unwrap();
            prop_assert_eq!(detect("plan", &bytes), Some(format));
            let read = read(format, &bytes, zone);
            let plans: Vec<_> = read.unwrap_or_else(|faults| panic!("{format}: {faults:?}")).into_iter().map(|read| read.plan).collect();
            prop_assert_eq!(plans, expected, "{}", format);
        }
    }

    #[test]
    fn no_bytes_at_all_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in 0_usize..7) {
        let starts: [&[u8]; 7] = [
            b"", b"#KOD_MWE;U\nDATA I CZAS OD;PPLAN\n", b"<PlannedResourceSchedule><", b"{\"meta\":{\"type\":", b"PK\x03\x04",
            b"\xef\xbb\xbf", b"<?xml version='1.0' encoding='ISO-8859-2'?>",
        ];
        let bytes = [starts[start], &bytes].concat();
        for format in PlanFormat::ALL.iter().copied() {
            let _ = (read(format, &bytes, WARSAW), received(format, &bytes));
        }
        let _ = detect("plan.csv", &bytes);
    }

    #[test]
    fn no_change_of_a_right_file_does_harm(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(),
    ) {
        let (plans, meta) = some_plans();
        for format in PlanFormat::ALL.iter().copied() {
            let mut bytes = write(format, &plans, &meta).unwrap();
            for (index, byte) in &changes {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
            let _ = (read(format, &bytes, WARSAW), received(format, &bytes));
            let _ = read(format, &bytes[..cut.index(bytes.len())], WARSAW);
        }
    }

    #[test]
    fn no_worksheet_does_harm(markup in "(<(row|c|v|f|is|t|sheetData|si)( (r|s|t)='[A-Z0-9sn]{0,3}')?/?>|</(row|c|v|is|t)>|[0-9A-Z.:;&]{1,3}){0,40}") {
        for name in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"] {
            let bytes = workbook(&[BOOK, RELATIONSHIPS, (name, &markup)]);
            let _ = read(PlanFormat::Xlsx, &bytes, WARSAW);
        }
    }

    #[test]
    fn no_document_does_harm(markup in "(<(PlannedResource_TimeSeries|Series_Period|Point|position|quantity|start|end)/?>|</(PlannedResource_TimeSeries|Series_Period|Point|position|quantity|start|end)>|[0-9A-Z.:;&-]{1,3}){0,40}") {
        let text = format!("<PlannedResourceSchedule>{markup}</PlannedResourceSchedule>");
        let _ = read(PlanFormat::Xml, text.as_bytes(), WARSAW);
    }
}

#[test]
fn a_file_that_breaks_off_anywhere_is_refused_or_at_least_does_no_harm() {
    let (plans, meta) = some_plans();
    for format in PlanFormat::ALL.iter().copied() {
        let bytes = write(format, &plans, &meta).unwrap();
        for length in (0..bytes.trim_ascii_end().len()).step_by(97) {
            let outcome = read(format, &bytes[..length], WARSAW);
            // A row of CSV that breaks off within its last number looks like a whole one.
            assert!(outcome.is_err() || format == PlanFormat::Csv, "{format} {length}");
        }
    }
}

#[test]
fn templates_without_values_can_be_written_where_people_fill_them_in() {
    let (mut plans, meta) = some_plans();
    for plan in &mut plans {
        plan.points = Points::empty(plan.points.len());
    }
    for format in PlanFormat::ALL.iter().copied() {
        let written = write(format, &plans, &meta);
        if names_codes(format) {
            let faults = read(format, &written.unwrap(), WARSAW).unwrap_err();
            assert_eq!(faults.len(), MOST_FAULTS, "124 hours and quarters");
            assert!(faults.iter().all(|fault| fault.kind == FileFaultKind::MissingPplan));
        } else {
            assert_eq!(written, Err(WriteError::Incomplete));
        }
    }
}

#[test]
fn refuses_to_write_what_a_format_cannot_hold() {
    let (plans, meta) = some_plans();
    for format in PlanFormat::ALL.iter().copied() {
        let changed = |change: &dyn Fn(&mut Vec<FilePlan>, &mut FileMeta)| {
            let (mut plans, mut meta) = (plans.clone(), meta.clone());
            change(&mut plans, &mut meta);
            write(format, &plans, &meta)
        };
        assert_eq!(changed(&|plans, _| plans.clear()), Err(WriteError::Empty));
        assert_eq!(changed(&|_, meta| meta.document_id.push('\n')), Err(WriteError::BadCode));
        assert_eq!(changed(&|plans, _| plans[0].points = Points::empty(24)), Err(WriteError::Incomplete));
        let text = Cell::typed("abc");
        assert_eq!(
            changed(&|plans, _| drop(plans[0].points.set(Series::Pauto, 3, text.clone()))),
            Err(WriteError::Incomplete)
        );
        let other =
            |name: &str| if names_codes(format) { UnitRef::Mrid(name.into()) } else { UnitRef::Code(name.into()) };
        assert_eq!(changed(&|plans, _| plans[0].unit = other("?")), Err(WriteError::UnknownUnit));
        let own =
            |name: &str| if names_codes(format) { UnitRef::Code(name.into()) } else { UnitRef::Mrid(name.into()) };
        assert_eq!(changed(&|plans, _| plans[0].unit = own("a\u{1}")), Err(WriteError::BadCode));
        if holds_one_unit(format) {
            assert_eq!(changed(&|plans, _| plans[0].unit = own("other")), Err(WriteError::ManyUnits));
        }
    }
}

#[test]
fn r52_no_cell_of_csv_begins_a_formula() {
    let (mut plans, meta) = some_plans();
    for code in ["=1+1", "+1", "-1", "@x", "'=1"] {
        for plan in &mut plans {
            plan.unit = UnitRef::Code(code.into());
        }
        let bytes = write(PlanFormat::Csv, &plans, &meta).unwrap();
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(text.contains(&format!(";'{code}\r\n")), "{text}");
        assert_eq!(read(PlanFormat::Csv, &bytes, WARSAW).unwrap()[0].plan.unit, UnitRef::Code(code.into()));
    }
}

#[test]
fn csv_is_written_as_the_grid_company_reads_it() {
    let (mut plans, meta) = some_plans();
    plans.remove(1);
    let bytes = write(PlanFormat::Csv, &plans, &meta).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(
        lines[..3],
        ["\u{feff}#KOD_MWE;MWE_0940000_33P0009", "DATA I CZAS OD;PPLAN;PAUTO", "25-10-2026 00:00;2,345;0,123"]
    );
    assert_eq!(lines[14], "25-10-2026 02:00A;2,333;0,111");
    assert_eq!(lines[102..], [""]);
}

#[test]
fn market_documents_are_written_with_their_header_and_bounds_in_utc() {
    let (plans, meta) = some_plans();
    let text = String::from_utf8(write(PlanFormat::Iec, &plans, &meta).unwrap()).unwrap();
    let text: String = text.lines().map(str::trim).collect();
    for part in [
        "<revisionNumber>3</revisionNumber>",
        "<createdDateTime>2026-11-24T09:15:07Z</createdDateTime>",
        "<receiver_MarketParticipant.mRID codingScheme=\"A01\">10XPL-TSO------P</receiver_MarketParticipant.mRID>",
        "<start>2026-10-24T22:00Z</start><end>2026-10-26T23:00Z</end>",
        "<product>8716867000016</product>",
        "<start>2026-10-25T23:00Z</start><end>2026-10-26T23:00Z</end>",
        "<position>100</position><quantity>2.246</quantity>",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let bytes = write(PlanFormat::Xml, &plans, &meta).unwrap();
    assert!(bytes.starts_with(
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?>\n<PlannedResourceSchedule>\n  <type>A71</type>\n"
    ));
}

#[test]
fn json_is_written_with_exact_numbers() {
    let (plans, meta) = some_plans();
    let text = String::from_utf8(write(PlanFormat::Json, &plans, &meta).unwrap()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let series = &json["data"]["timeSeries"];
    assert_eq!(series[0]["businessType"], "MCSR");
    assert_eq!(series[1]["businessType"], "AGSR");
    assert_eq!(json["data"]["dataPeriod"]["end"], "2026-10-26T23:00:00Z");
    assert_eq!(series[0]["seriesPeriods"][1]["continuousSeriesPoints"][0].to_string(), "2.345");
    assert_eq!(json["meta"]["clientMsgId"], meta.document_id.as_str());
}

#[test]
fn tells_formats_by_their_content_and_then_by_their_names() {
    assert_eq!(detect("plan.CSV", b"\xff\xfe#"), Some(PlanFormat::Csv));
    assert_eq!(detect("plan.xml", b"<a/>"), Some(PlanFormat::Xml));
    assert_eq!(detect("plan.csv", b"\xef\xbb\xbf\n {"), Some(PlanFormat::Json));
    assert_eq!(detect("plan.txt", b"abc"), None);
    assert_eq!(detect("", b""), None);
}

fn only_kind(format: PlanFormat, bytes: &[u8]) -> FileFaultKind {
    let faults = read(format, bytes, WARSAW).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].kind
}

#[test]
fn an_entity_bomb_never_goes_off() {
    let entities: Vec<_> = (1..30).map(|n| format!("<!ENTITY e{n} '&e{};&e{};'>", n - 1, n - 1)).collect();
    let entities = entities.concat();
    for (format, root) in
        [(PlanFormat::Xml, "PlannedResourceSchedule"), (PlanFormat::Iec, "PlannedResourceSchedule_MarketDocument")]
    {
        let bomb = format!("<!DOCTYPE x [<!ENTITY e0 'x'>{entities}]><{root}><type>&e29;</type></{root}>");
        assert_eq!(only_kind(format, bomb.as_bytes()), FileFaultKind::Entity);
        let outside = format!(
            "<{root} xmlns='urn:iec62325.351:tc57wg16:451-7:plannedresourcescheduledocument:6:0'>&e29;</{root}>"
        );
        assert_eq!(only_kind(format, outside.as_bytes()), FileFaultKind::Entity);
    }
    let sheet = format!("<!DOCTYPE x [<!ENTITY e0 'x'>{entities}]><worksheet>&e29;</worksheet>");
    let book = workbook(&[BOOK, RELATIONSHIPS, ("xl/worksheets/sheet1.xml", &sheet)]);
    assert_eq!(only_kind(PlanFormat::Xlsx, &book), FileFaultKind::Entity);
}

/// A workbook whose worksheet is so many blanks, and whose directory says it is so many.
fn blank_workbook(blanks: usize, said: u32) -> Vec<u8> {
    const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [BOOK, RELATIONSHIPS] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    for _ in 0..blanks / 1024 {
        archive.write_all(&[b' '; 1024]).unwrap();
    }
    let mut bytes = archive.finish().unwrap().into_inner();
    let last = bytes.windows(4).rposition(|part| part == DIRECTORY_ENTRY).unwrap();
    bytes[last + 24..last + 28].copy_from_slice(&said.to_le_bytes());
    bytes
}

#[test]
fn a_spreadsheet_never_unpacks_to_more_than_it_may_or_says() {
    const MIB: usize = 1 << 20;
    assert_eq!(only_kind(PlanFormat::Xlsx, &blank_workbook(MIB, 1 << 30)), FileFaultKind::TooLarge);
    assert_eq!(only_kind(PlanFormat::Xlsx, &blank_workbook(65 * MIB, 65 << 20)), FileFaultKind::TooLarge);
    assert!(read(PlanFormat::Xlsx, &blank_workbook(65 * MIB, 10), WARSAW).is_err());
}

/// A workbook with so many worksheets, all of them the same part.
fn repeated_workbook(sheets: usize, relationships: &str, sheet: &str) -> Vec<u8> {
    let book = format!("<workbook xmlns:r='x'><sheets>{}</sheets></workbook>", "<sheet r:id='rId1'/>".repeat(sheets));
    workbook(&[(BOOK.0, &book), (RELATIONSHIPS.0, relationships), ("xl/worksheets/sheet1.xml", sheet)])
}

#[test]
fn a_part_that_many_worksheets_name_is_not_unpacked_again_and_again() {
    let blank = format!("<worksheet>{}</worksheet>", " ".repeat(1 << 20));
    assert_eq!(only_kind(PlanFormat::Xlsx, &repeated_workbook(40, RELATIONSHIPS.1, &blank)), FileFaultKind::Empty);
    assert_eq!(only_kind(PlanFormat::Xlsx, &repeated_workbook(50, RELATIONSHIPS.1, &blank)), FileFaultKind::TooLarge);
}

#[test]
fn a_long_name_of_a_part_is_kept_once_however_many_worksheets_have_it() {
    // A copy for each worksheet would be a hundred gigabytes.
    let relationships = format!(
        "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='{}'/></Relationships>",
        "x".repeat(1 << 20)
    );
    let bytes = repeated_workbook(100_000, &relationships, "");
    assert_eq!(only_kind(PlanFormat::Xlsx, &bytes), FileFaultKind::Broken);
    assert_eq!(only_kind(PlanFormat::Xlsx, &repeated_workbook(100_001, &relationships, "")), FileFaultKind::TooLarge);
}

#[test]
fn the_parts_of_a_spreadsheet_have_their_limits() {
    let part = |name: &str, text: &str| only_kind(PlanFormat::Xlsx, &workbook(&[BOOK, RELATIONSHIPS, (name, text)]));
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(500_001));
    assert_eq!(part("xl/sharedStrings.xml", &strings), FileFaultKind::TooLarge);
    let formats = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(100_001));
    assert_eq!(part("xl/styles.xml", &formats), FileFaultKind::TooLarge);
    for name in ["xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"] {
        assert_eq!(part(name, &"<a>".repeat(1_000_000)), FileFaultKind::TooLarge, "{name}");
    }
    let empty = "<worksheet><row r='4294967295'/><row/></worksheet>";
    assert_eq!(part("xl/worksheets/sheet1.xml", empty), FileFaultKind::Broken, "there is no row behind the last");
}

#[test]
fn files_rows_and_nesting_have_their_limits() {
    let large = vec![b' '; LIMITS.bytes + 1];
    let deep = "<a>".repeat(1_000_000);
    let row = format!("#KOD_MWE;U\nDATA I CZAS OD;PPLAN\n25-11-2026 00:00;{}\n", "1".repeat(1 << 20));
    let fields = format!("#KOD_MWE;U\nDATA I CZAS OD;PPLAN\n{}\n", ";".repeat(1 << 20));
    for format in PlanFormat::ALL.iter().copied() {
        assert_eq!(only_kind(format, &large), FileFaultKind::TooLarge);
        assert_eq!(only_kind(format, b" \r\n\t"), FileFaultKind::Empty);
    }
    let root = format!("<PlannedResourceSchedule>{deep}");
    assert_eq!(only_kind(PlanFormat::Xml, root.as_bytes()), FileFaultKind::TooLarge);
    for text in [row, fields] {
        let faults = read(PlanFormat::Csv, text.as_bytes(), WARSAW).unwrap_err();
        assert_eq!((faults[0].place, faults[0].kind), (FilePlace::line(3), FileFaultKind::TooLarge));
    }
    let nested = format!("{{\"meta\":{{\"type\":{}", "[".repeat(3_000_000));
    assert_eq!(only_kind(PlanFormat::Json, nested.as_bytes()), FileFaultKind::Broken);
    let closed = format!("{{\"x\":{}{},\"meta\":1}}", "[".repeat(500_000), "]".repeat(500_000));
    assert!(read(PlanFormat::Json, closed.as_bytes(), WARSAW).is_err());
}

#[test]
fn a_period_takes_no_memory_for_a_length_that_it_only_states() {
    let text = format!(
        "<PlannedResourceSchedule>{}</PlannedResourceSchedule>",
        "<PlannedResource_TimeSeries><businessType>A01</businessType><measurement_Unit.name>MAW</measurement_Unit.name>\
         <registeredResource.mRID>U</registeredResource.mRID><curveType>A03</curveType><Series_Period><timeInterval>\
         <start>2000-01-01T23:00Z</start><end>2099-12-31T23:00Z</end></timeInterval><resolution>PT15M</resolution><Point>\
         <position>1</position><quantity>1</quantity></Point></Series_Period></PlannedResource_TimeSeries>"
            .repeat(1_000)
    );
    assert_eq!(only_kind(PlanFormat::Xml, text.as_bytes()), FileFaultKind::TooLarge);
}

#[test]
fn more_plans_than_the_limit_are_refused() {
    let (plans, meta) = some_plans();
    for format in PlanFormat::ALL.iter().copied() {
        let bytes = write(format, &plans, &meta).unwrap();
        assert!(read_within(format, &bytes, WARSAW, &Limits { intervals: 124, ..LIMITS }).is_ok());
        let faults = read_within(format, &bytes, WARSAW, &Limits { intervals: 123, ..LIMITS }).unwrap_err();
        assert_eq!(faults[0].kind, FileFaultKind::TooLarge, "{format}");
    }
}

#[test]
fn rows_that_cannot_be_read_count_too() {
    let text = format!("#KOD_MWE;U\nDATA I CZAS OD;PPLAN\n{}", "25-11-2026 x;1\n".repeat(4));
    let faults = read_within(PlanFormat::Csv, text.as_bytes(), WARSAW, &Limits { intervals: 3, ..LIMITS }).unwrap_err();
    let found: Vec<_> = faults.iter().map(|fault| (fault.place.line, fault.kind)).collect();
    assert!(found.contains(&(Some(6), FileFaultKind::TooLarge)), "{found:?}");
}

#[test]
fn an_open_quotation_mark_is_told_at_its_row_however_much_it_swallows() {
    let head = "#KOD_MWE;U\nDATA I CZAS OD;PPLAN\n25-11-2026 00:00;1\n";
    for rest in [1, 1_000] {
        let text = format!("{head}25-11-2026 01:00;\"1\n{}", "25-11-2026 02:00;1\n".repeat(rest));
        let faults = read(PlanFormat::Csv, text.as_bytes(), WARSAW).unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.place, fault.kind)).collect();
        assert_eq!(found, [(FilePlace::line(4), FileFaultKind::Broken)], "{rest} rows behind it");
    }
    for closed in ["\"1\"", "\"1\"\n"] {
        let text = format!("{head}25-11-2026 01:00;{closed}");
        let faults = read(PlanFormat::Csv, text.as_bytes(), WARSAW).unwrap_err();
        assert!(faults.iter().all(|fault| fault.kind == FileFaultKind::MissingInterval), "{faults:?}");
    }
}

#[test]
fn a_plan_knows_where_its_unit_is_named() {
    let (plans, meta) = some_plans();
    for format in PlanFormat::ALL.iter().copied() {
        let bytes = write(format, &plans, &meta).unwrap();
        let expected = match format {
            PlanFormat::Csv => FilePlace::new(1, 2),
            PlanFormat::Xlsx => FilePlace::new(1, 2).on_sheet(1),
            PlanFormat::Xml | PlanFormat::Iec | PlanFormat::Json => {
                let text = std::str::from_utf8(&bytes).unwrap();
                let quote = if format == PlanFormat::Json { "\"" } else { "" };
                let name = format!("{quote}{}", meta.mrids.values().next().unwrap());
                // The second of two in JSON: the first one is of the main resource.
                let nth = usize::from(format == PlanFormat::Json);
                let (at, _) = text.match_indices(&name).nth(nth).unwrap();
                Places::new(text).at(at)
            }
        };
        for read in read(format, &bytes, WARSAW).unwrap() {
            assert_eq!(read.unit_place, expected, "{format}");
            assert_eq!(read.unknown_unit().place, expected, "{format}");
        }
    }
}

#[test]
fn encodings_that_plan_files_do_not_have_are_refused() {
    let (plans, meta) = some_plans();
    for format in [PlanFormat::Csv, PlanFormat::Xml, PlanFormat::Iec, PlanFormat::Json] {
        let bytes = write(format, &plans, &meta).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let wide = text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect::<Vec<_>>();
        let with_mark = format!("\u{feff}{text}");
        let cut = text.replacen("2026", "20\u{0}26", 1).into_bytes();
        for wrong in [little(text), big(text), little(&with_mark), big(&with_mark), wide, cut] {
            assert_eq!(only_kind(format, &wrong), FileFaultKind::WrongEncoding, "{format}");
        }
        assert!(read(format, with_mark.as_bytes(), WARSAW).is_ok(), "{format}");
    }
}

#[test]
fn at_most_a_hundred_faults_are_listed() {
    let rows: String = (0..5_000).map(|_| "x;y;z\n").collect();
    let text = format!("#KOD_MWE;U\nDATA I CZAS OD;PPLAN;PAUTO\n{rows}");
    assert_eq!(read(PlanFormat::Csv, text.as_bytes(), WARSAW).unwrap_err().len(), MOST_FAULTS);
}

#[test]
fn a_place_in_a_long_line_costs_no_more_than_one_in_a_short_line() {
    // Each of these would take hours if a place cost its distance from the beginning of the line.
    let points = "<Point><position>1</position><quantity>x</quantity></Point>".repeat(60_000);
    let xml = format!(
        "<PlannedResourceSchedule><PlannedResource_TimeSeries><Series_Period>{points}</Series_Period>\
         </PlannedResource_TimeSeries></PlannedResourceSchedule>"
    );
    let numbers = "0.0001,".repeat(500_000);
    let json = format!(
        r#"{{"meta":{{"type":"PLP"}},"data":{{"timeSeries":[{{"businessType":"MCSR","measurementUnit":"MAW","resourceMrid":"U",
        "curveType":"A01","seriesPeriods":[{{"timeInterval":{{"start":"2026-10-24T22:00Z","end":"2026-10-25T23:00Z"}},
        "resolution":"PT1H","continuousSeriesPoints":[{numbers}0]}}]}}]}}}}"#
    );
    assert!(read(PlanFormat::Xml, xml.as_bytes(), WARSAW).is_err());
    assert!(read(PlanFormat::Json, json.as_bytes(), WARSAW).is_err());
}

const RECEIVED_AT: &str = "2026-11-24T09:30:00.5Z";
const ANSWERED_AT: &str = "2026-11-24T10:00:00.25Z";

fn reasons() -> Vec<ReasonText> {
    let reason =
        |field: &str, text: &str| ReasonText { code: "too_fine".into(), field: field.into(), text: text.into() };
    vec![reason("7:2", "za dużo miejsc <po> przecinku\u{1}"), reason("", &"x".repeat(600))]
}

#[test]
fn an_acknowledgement_repeats_what_the_document_says_of_itself() {
    let (plans, meta) = some_plans();
    let document = write(PlanFormat::Iec, &plans, &meta).unwrap();
    let received = received(PlanFormat::Iec, &document);
    assert_eq!((received.document_id.as_str(), received.revision.as_str()), (meta.document_id.as_str(), "3"));
    assert_eq!((received.sender.as_str(), received.sender_role.as_str()), ("22XWATTPLUS----G", "A27"));
    let reasons = reasons();
    let mut answer = Acknowledgement {
        received: &received,
        sender: &meta.receiver,
        document_id: "ACK-1",
        received_at: RECEIVED_AT.parse().unwrap(),
        created_at: ANSWERED_AT.parse().unwrap(),
        is_accepted: false,
        reasons: &reasons,
    };
    let text = String::from_utf8(acknowledge(&answer).unwrap()).unwrap();
    for part in [
        "<mRID>ACK-1</mRID>\n  <createdDateTime>2026-11-24T10:00:00Z</createdDateTime>",
        "<receiver_MarketParticipant.mRID codingScheme=\"A01\">22XWATTPLUS----G</receiver_MarketParticipant.mRID>",
        "<received_MarketDocument.revisionNumber>3</received_MarketDocument.revisionNumber>",
        "<code>A02</code>\n    <text>7:2: za dużo miejsc &lt;po&gt; przecinku</text>",
        &format!("<text>{}</text>", "x".repeat(512)),
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    answer.is_accepted = true;
    answer.reasons = &[];
    let text = String::from_utf8(acknowledge(&answer).unwrap()).unwrap();
    assert!(
        text.ends_with("  <Reason>\n    <code>A01</code>\n  </Reason>\n</Acknowledgement_MarketDocument>\n"),
        "{text}"
    );
    answer.document_id = "";
    assert_eq!(acknowledge(&answer), Err(WriteError::BadCode));
}

#[test]
fn a_status_in_json_repeats_the_number_of_the_message() {
    let (plans, meta) = some_plans();
    let message = write(PlanFormat::Json, &plans, &meta).unwrap();
    let received = received(PlanFormat::Json, &message);
    let reasons = reasons();
    let answer = Acknowledgement {
        received: &received,
        sender: &meta.receiver,
        document_id: "S-1",
        received_at: RECEIVED_AT.parse().unwrap(),
        created_at: ANSWERED_AT.parse().unwrap(),
        is_accepted: false,
        reasons: &reasons,
    };
    let status: serde_json::Value = serde_json::from_slice(&acknowledge_json(&answer)).unwrap();
    assert_eq!(status["clientMsgId"], meta.document_id.as_str());
    assert_eq!(status["receivedTime"], "2026-11-24T09:30:00Z");
    assert_eq!(status["status"], "REJECTED");
    assert_eq!(status["responseDetails"][0]["severity"], "ERROR");
    assert_eq!(status["responseDetails"][0]["field"], "7:2");
}

#[test]
fn even_a_file_that_makes_no_sense_can_be_answered() {
    for (format, bytes) in [
        (PlanFormat::Iec, "<PlannedResourceSchedule_MarketDocument><mRID>D1</mRID><revisionNumber>\u{7}".as_bytes()),
        (PlanFormat::Iec, b"<a>"),
        (PlanFormat::Json, b"{\"meta\":{\"clientMsgId\":[1,2"),
        (PlanFormat::Csv, b"#KOD_MWE;U"),
    ] {
        let received = received(format, bytes);
        assert_eq!(received.document_id == "D1", bytes.starts_with(b"<Planned"));
        assert_eq!(received.revision, "");
    }
}
