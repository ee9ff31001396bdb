//! Whole files through the reader: what comes out, and what is said about it.

mod quantities;

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::data::{Basis, Field, Issue, IssueKind, Row};
use crate::time::format_iso_day;
use crate::work::{Cancel, Progress};

fn try_read(name: &str, bytes: &[u8]) -> Result<Dataset, LoadError> {
    let input = Input::Bytes { name: name.to_owned(), bytes: bytes.into() };
    load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default())
}

fn read(name: &str, text: &str) -> Dataset {
    try_read(name, text.as_bytes()).unwrap()
}

fn days(dataset: &Dataset, row: Row) -> (String, String) {
    let span = dataset.records.span(Field::WHEN, row).unwrap();
    (format_iso_day(span.start), format_iso_day(span.end))
}

fn issue(dataset: &Dataset, kind: IssueKind) -> Issue {
    dataset
        .issues
        .list
        .iter()
        .find(|issue| issue.kind == kind)
        .unwrap_or_else(|| panic!("no {kind:?} in {:?}", dataset.issues.list))
        .issue
        .clone()
}

fn extra(dataset: &Dataset, name: &str, row: Row) -> Option<String> {
    let field = dataset.records.extra_fields().find(|info| info.key == name)?.field;
    dataset.records.display(field, row)
}

#[test]
fn the_end_day_of_a_table_is_inclusive_and_the_rows_are_counted_by_the_table() {
    let dataset = read(
        "events.csv",
        "id,date_start,date_end,country,side_a,side_b,deaths_best,deaths_low,deaths_high,source_article,source_office,source_date\n\
         7,2020-01-01,2020-01-03,Mali,Army,Rebels,3,2,5,\"Clash, \"\"three\"\" dead\",Agency,2020-01-04\n\
         8,2020-02-01,2020-02-01,Mali,Army,Rebels,0,0,0,Quiet,Agency,2020-02-02\n",
    );
    assert_eq!(days(&dataset, 0), ("2020-01-01".to_owned(), "2020-01-04".to_owned()));
    assert_eq!(days(&dataset, 1), ("2020-02-01".to_owned(), "2020-02-02".to_owned()));
    let quantity = dataset.records.quantity(0).unwrap();
    assert_eq!((quantity.metric, quantity.value, quantity.low, quantity.high), ("killed", Some(3.0), Some(2.0), Some(5.0)));
    assert_eq!(quantity.basis, Some(Basis::Increment));
    assert_eq!(dataset.records.title(0), Some("Clash, \"three\" dead"));
    assert_eq!(dataset.records.str(Field::FROM, 0), Some("Army"));
    assert_eq!(dataset.records.str(Field::OUTLET, 0), Some("Agency"));
    assert_eq!(extra(&dataset, "country", 0).as_deref(), Some("Mali"));
    assert_eq!(dataset.origin.counter.as_deref(), Some("events"));
    assert_eq!(dataset.origin.preset, None);
    assert_eq!(dataset.issues.total(), 0, "{:?}", dataset.issues.list);
}

#[test]
fn the_conflict_dataset_is_known_by_its_header_and_its_tag_row_is_skipped() {
    let dataset = read(
        "ged.csv",
        "id,year,type_of_violence,dyad_name,side_a,side_b,source_article,source_office,source_original,where_coordinates,adm_1,latitude,longitude,country,date_prec,date_start,date_end,low,best,high\r\n\
         ,#date+year,,,#group+name+first,,#meta+source,,,#loc+name,,#geo+lat,#geo+lon,#country+name,,#date+start,#date+end,,#affected+killed,\r\n\
         11.0,2017,1,A - B,A,B,\"\"\"Agency,2017-01-30,Two; dead\"\";\"\"Wire,2017-02-02,More\ndead\"\"\",Agency;Wire,Army spokesman,Town,Province,48.1,37.7,Land,1,2017-01-29,2017-01-30,5,4,6\r\n\
         12.0,2017,3,A - C,A,C,,,,,Province,48.1,37.7,Land,4,2017-03-01,2017-03-31,1,1,1\r\n",
    );
    assert_eq!(dataset.origin.preset.as_deref(), Some("ucdp_ged"));
    assert_eq!(dataset.origin.counter.as_deref(), Some("UCDP GED"));
    assert_eq!((dataset.origin.rows, dataset.origin.skipped), (2, 1));
    assert_eq!(dataset.records.address(0), "11.0");
    assert_eq!(dataset.records.str(Field::CATEGORY, 0), Some("state-based"));
    assert_eq!(dataset.records.title(0), Some("A – B, Town"));
    let names: Vec<&str> = dataset.chain_sources(0).iter().map(|id| dataset.sources[id.0 as usize].name.as_str()).collect();
    assert_eq!(names, ["Agency", "Army spokesman"]);
    assert_eq!(dataset.articles.len(), 2);
    assert_eq!(dataset.articles[1].title.as_deref(), Some("More\ndead"));
    assert_eq!(format_iso_day(dataset.records.span(Field::PUBLISHED, 0).unwrap().start), "2017-02-02");
    assert_eq!(dataset.records.when(Field::WHEN, 1), crate::time::parse_edtf("2017-03").ok());
    assert_eq!(dataset.records.str(Field::PLACE, 1), Some("Province"));
    let remark = issue(&dataset, IssueKind::LowAboveValue);
    assert_eq!((remark.line, remark.column.as_deref(), remark.value.as_str()), (Some(3), Some("low"), "5"));
}

#[test]
fn a_bad_cell_never_rejects_its_row_and_its_text_is_kept() {
    let dataset =
        read("t.csv", "id,date,killed,lat,lon\n1,2025-02-30,many,95,10\n2,2025-02-11,NaN,50,10\n3,,NA,50,10\n4,2025-02-12,-99,50,10\n");
    assert_eq!((dataset.records.len(), dataset.origin.rejected), (4, 0));
    let row = dataset.row_of_id("1").unwrap();
    assert_eq!(dataset.records.dates(Field::WHEN).unwrap().kept_text(row as usize), Some("2025-02-30"));
    assert_eq!(extra(&dataset, "killed (as given)", row).as_deref(), Some("many"));
    assert_eq!(extra(&dataset, "lat (as given)", row).as_deref(), Some("95"));
    assert_eq!(issue(&dataset, IssueKind::InvalidDate).line, Some(2));
    assert_eq!(issue(&dataset, IssueKind::InvalidNumber).column.as_deref(), Some("killed"));
    assert_eq!(issue(&dataset, IssueKind::InvalidCoordinate).value, "95");
    assert_eq!(issue(&dataset, IssueKind::NotFinite).line, Some(3));
    let odd = issue(&dataset, IssueKind::ImplausibleNumber);
    assert_eq!((odd.line, odd.column.as_deref(), odd.value.as_str()), (Some(5), Some("killed"), "-99"), "one alone is no code");
    assert_eq!(dataset.issues.total(), 5, "missing marks are no issues: {:?}", dataset.issues.list);
    let row = dataset.row_of_id("4").unwrap();
    assert_eq!((dataset.records.quantity(row).unwrap().value, extra(&dataset, "killed (as given)", row).as_deref()), (None, Some("-99")));
}

#[test]
fn killed_and_wounded_of_a_row_are_records_of_one_event() {
    let dataset = read("t.csv", "id,date,killed,wounded\n1,2024-01-01,3,5\n2,2024-01-02,1,\n");
    assert_eq!((dataset.origin.rows, dataset.records.len()), (2, 3));
    let wounded = dataset.row_of_id("1:wounded").unwrap();
    assert_eq!(dataset.records.quantity(wounded).unwrap().value, Some(5.0));
    assert_eq!(dataset.records.str(Field::EVENT_ID, wounded), Some("1"));
    assert_eq!(dataset.issues.total(), 0);
}

#[test]
fn the_whole_column_decides_day_first_even_when_the_telling_date_comes_last() {
    let mut text = String::from("id,date,note\n");
    for row in 0..60_000 {
        writeln!(text, "{row},01/02/2015,\"some words to make the file longer than its head\"").unwrap();
    }
    text.push_str("last,01/31/2015,x\n");
    let dataset = read("t.csv", &text);
    assert_eq!(days(&dataset, dataset.row_of_id("0").unwrap()).0, "2015-01-02");
    assert_eq!(dataset.issues.total(), 0, "{:?}", dataset.issues.list.first());
    assert_eq!(dataset.records.len(), 60_001);
}

#[test]
fn an_order_that_nothing_tells_is_assumed_aloud() {
    let dataset = read("t.csv", "id,date\n1,01/02/2015\n2,03/04/2015\n");
    assert_eq!(days(&dataset, 0).0, "2015-02-01");
    assert!(issue(&dataset, IssueKind::AmbiguousDate).action.contains("day first"));
}

#[test]
fn repeated_headers_preamble_and_blank_lines_are_counted_apart() {
    let dataset = read("t.csv", "A report\n\ndate,type,city\n2024-01-01,a,X\ndate,type,city\n\n2024-01-02,b,Y\n,Attack Type,City\n");
    assert_eq!((dataset.origin.rows, dataset.origin.skipped, dataset.origin.rejected), (2, 5, 0));
    assert_eq!(issue(&dataset, IssueKind::RepeatedHeader).line, Some(5));
    assert_eq!(dataset.issues.counts[&IssueKind::RepeatedHeader], 2);
}

#[test]
fn surplus_cells_are_kept_and_missing_ones_are_empty() {
    let dataset = read("t.csv", "id,date,title\n1,2024-01-01,a,more\n2,2024-01-02\n");
    assert_eq!(extra(&dataset, "extra 1", 0).as_deref(), Some("more"));
    assert_eq!(dataset.issues.counts[&IssueKind::RaggedRow], 2);
    assert!(!dataset.issues.has_losses());
}

#[test]
fn texts_in_other_encodings_are_read_and_named() {
    let text = "дата;место;погибло\n2024-01-02;Донецк и окрестности города;3\n2024-01-03;Харьков;4\n";
    for label in ["windows-1251", "koi8-u"] {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let dataset = try_read("t.csv", &encoding.encode(text).0).unwrap();
        assert_eq!(extra(&dataset, "место", 0).as_deref(), Some("Донецк и окрестности города"), "{label}");
    }
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let dataset = try_read("t.csv", &wide).unwrap();
    assert_eq!(dataset.origin.encoding, "utf-16le");
    assert_eq!(dataset.records.dated(), 2);
}

#[test]
fn a_column_of_dates_of_any_name_is_found_by_its_content() {
    let dataset = read("t.csv", "quand,quoi\n2024-01-02,un\n2024-01-03,deux\n");
    assert_eq!(dataset.records.dated(), 2);
}

#[test]
fn year_month_and_day_make_a_date() {
    let dataset = read("t.csv", "year,month,day,title\n1999,5,,a\n1999,,,b\n2001,Feb,30,c\n");
    assert_eq!(dataset.records.when(Field::WHEN, 1), crate::time::parse_edtf("1999-05").ok());
    assert_eq!(dataset.records.when(Field::WHEN, 0), crate::time::parse_edtf("1999").ok());
    assert_eq!(issue(&dataset, IssueKind::InvalidDate).value, "2001-Feb-30");
}

#[test]
fn a_huge_cell_is_cut_and_its_row_kept() {
    let text = format!("id,date,note,killed\n1,2024-01-01,\"{}\",4\n", "x".repeat(3 << 20));
    let dataset = read("t.csv", &text);
    assert_eq!(dataset.records.quantity(0).unwrap().value, Some(4.0));
    assert_eq!(issue(&dataset, IssueKind::CellTooLong).column.as_deref(), Some("note"));
}

#[test]
fn a_million_columns_make_one_issue() {
    let names: Vec<String> = (0..1_000_000).map(|place| format!("c{place}")).collect();
    let text = format!("date,{}\n2024-01-01{}\n", names.join(","), ",".repeat(1_000_000));
    let dataset = read("t.csv", &text);
    assert_eq!(dataset.issues.counts[&IssueKind::TooManyColumns], 1);
    assert_eq!(dataset.records.dated(), 1);
}

#[test]
fn a_list_of_objects_is_a_table_with_nested_names() {
    let dataset = read(
        "t.json",
        "[{\"date\":\"2024-01-01\",\"deaths\":2,\"where\":{\"x\":\"A\"}},\n{\"date\":\"2024-01-02\",\"tags\":[\"a\",\"b\"]}]",
    );
    assert_eq!(dataset.records.quantity(0).unwrap().value, Some(2.0));
    assert_eq!(extra(&dataset, "where.x", 0).as_deref(), Some("A"));
    assert_eq!(extra(&dataset, "tags", 1).as_deref(), Some("a; b"));
    let inside = read("t.json", "{\"name\":\"N\",\"events\":[{\"date\":\"2024-01-01\"}]}");
    assert_eq!(inside.records.dated(), 1);
    assert!(inside.origin.notes.contains(&("name".to_owned(), "N".to_owned())));
}

#[test]
fn whole_records_before_a_fault_in_json_are_kept() {
    let dataset = read("t.json", "[{\"date\":\"2024-01-01\"},\n{\"date\":\"2024-01-02\"},\n{\"date\":\"2024-01");
    assert_eq!((dataset.records.len(), dataset.origin.rows, dataset.origin.rejected), (2, 3, 1));
    let issue = issue(&dataset, IssueKind::Truncated);
    assert_eq!(issue.line, Some(3));
    assert!(issue.message.contains("line 3, column 17"), "{}", issue.message);
}

#[test]
fn a_bad_line_of_json_lines_is_left_out_alone() {
    let dataset = read("t.jsonl", "{\"date\":\"2024-01-01\"}\n{\"date\": nope}\n{\"date\":\"2024-01-02\"\n{\"date\":\"2024-01-03\"}\n");
    assert_eq!((dataset.records.len(), dataset.origin.rejected), (2, 2));
    assert_eq!(dataset.issues.counts[&IssueKind::InvalidJson], 2);
}

const NATIVE: &str = r#"{"records":[
 {"id":"r1","kind":"claim","when":"2024-11/2025-01","as_of":"2025-02-30","chain":["s1","s9"],"article":"a1","colour":"red",
  "quantity":{"metric":"killed","value":"x","low":3,"high":2,"qualifier":"roughly"},"place":{"name":"P","lat":99},"status":"sure"},
 {"id":"r1","when":-13800000000,"title":5,"fields":{"n":1.5,"b":true}}, 7],
"articles":[{"id":"a1","publisher":"s1","related":["a1","a2",{"id":"a3","listed":true}],"published":"2025-01-02"},{"id":"a2","related":["a1"]}],
"sources":[{"id":"s1","name":"One","kind":"agency","reliability":"B"},{"id":"s1","name":"Again"}],
"format":"dateline","version":1,"counter":"Me","novel":1}"#;

#[test]
fn native_sections_may_come_in_any_order_and_every_oddity_is_said() {
    let dataset = read("t.dateline.json", NATIVE);
    assert_eq!((dataset.records.len(), dataset.origin.rows, dataset.origin.rejected), (2, 3, 1));
    assert_eq!(dataset.origin.counter.as_deref(), Some("Me"));
    assert_eq!(dataset.sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["One", "s9"]);
    let row = dataset.row_of_id("r1").unwrap();
    assert_eq!(dataset.chain_sources(row).len(), 2);
    assert_eq!(dataset.articles[0].related.len(), 2);
    assert!(dataset.articles[0].related.iter().any(|related| related.is_listed));
    assert_eq!(extra(&dataset, "colour", row).as_deref(), Some("red"));
    assert_eq!(extra(&dataset, "qualifier (as given)", row).as_deref(), Some("roughly"));
    assert_eq!(extra(&dataset, "title (as given)", dataset.row_of_id("r1#2").unwrap()).as_deref(), Some("5"));
    for kind in [
        IssueKind::InvalidDate,
        IssueKind::DateOutOfRange,
        IssueKind::InvalidNumber,
        IssueKind::LowAboveHigh,
        IssueKind::InvalidCoordinate,
        IssueKind::UnknownWord,
        IssueKind::UnknownField,
        IssueKind::WrongType,
        IssueKind::DanglingSource,
        IssueKind::DanglingArticle,
        IssueKind::DuplicateId,
        IssueKind::RejectedRow,
    ] {
        assert!(dataset.issues.counts.contains_key(&kind), "{kind:?} is missing");
    }
    assert_eq!(issue(&dataset, IssueKind::InvalidDate).line, Some(2));
}

#[test]
fn a_native_file_is_known_by_a_word_that_comes_late_or_is_escaped() {
    let text = r#"{"version":1,"f\u006frmat":"dateline","records":[{"id":"r1","when":"2024"}]}"#;
    let dataset = read("t.json", text);
    assert_eq!((dataset.origin.preset.as_deref(), dataset.records.dated()), (Some("dateline"), 1));
    assert_eq!(dataset.issues.counts.get(&IssueKind::InvalidJson), None, "{:?}", dataset.issues.list);
}

#[test]
fn a_native_file_that_ends_early_keeps_its_whole_records() {
    let text = r#"{"format":"dateline","version":1,"sources":[{"id":"s1","name":"One"}],"records":[{"id":"r1","when":"2024","chain":["s1"]},{"id":"r2","wh"#;
    let dataset = read("t.json", text);
    assert_eq!((dataset.records.len(), dataset.origin.rejected), (1, 1));
    assert!(dataset.issues.counts.contains_key(&IssueKind::Truncated));
}

#[test]
fn what_cannot_be_opened_says_so_in_one_line() {
    assert!(matches!(try_read("x.csv", b" \n"), Err(LoadError::Empty { .. })));
    assert!(matches!(try_read("x", b"\x1f\x8b\x08\0"), Err(LoadError::Damaged { .. })));
    assert!(matches!(try_read("x", b"BZh91AY"), Err(LoadError::Unsupported { .. })));
    assert!(matches!(try_read("x.txt", b"Some prose, with a comma.\nAnd a line.\nAnd more of it.\n"), Err(LoadError::NoRecords { .. })));
    let folder = tempfile::tempdir().unwrap();
    let open = || load(&Input::Path(folder.path().into()), &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default());
    assert!(matches!(open(), Err(LoadError::NoReadableFile { .. })));
    std::fs::write(folder.path().join("a.csv"), "date\n2024-01-01\n").unwrap();
    assert_eq!(open().unwrap().records.len(), 1);
    std::fs::write(folder.path().join("b.json"), "[]").unwrap();
    let both = open().unwrap();
    assert_eq!((both.records.len(), both.origin.files.len()), (1, 2));
    std::fs::write(folder.path().join("a.csv"), "").unwrap();
    std::fs::write(folder.path().join("b.json"), "").unwrap();
    let error = open().unwrap_err().to_string();
    assert!(error.contains("none of 2 files could be read") && !error.contains('\n'), "{error}");
}

#[test]
fn a_preset_that_is_not_known_is_refused_and_a_table_can_be_asked_for() {
    let input = Input::Bytes {
        name: "t.csv".to_owned(),
        bytes: (*b"date_start,type_of_violence,date_prec,best,low,high\n2024-01-01,1,1,3,2,4\n").into(),
    };
    let with = |preset: &str| {
        let options = Options { preset: Some(preset.to_owned()), ..Options::default() };
        load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default())
    };
    assert!(with("nonsense").unwrap_err().to_string().contains("ucdp_ged"));
    assert_eq!(with("table").unwrap().origin.preset, None);
    assert_eq!(with("ucdp_ged").unwrap().origin.counter.as_deref(), Some("UCDP GED"));
}

#[test]
fn a_request_to_stop_is_noticed_before_the_next_block_even_of_a_huge_cell() {
    let text = format!("id,date,note\n1,2024-01-01,\"{}", "x".repeat(40 << 20));
    let cancel = Cancel::default();
    cancel.cancel();
    let input = Input::Bytes { name: "t.csv".to_owned(), bytes: text.into_bytes().into() };
    let start = std::time::Instant::now();
    let stopped = load(&input, &Options::default(), &mut |_| {}, &cancel, &Progress::default());
    assert!(matches!(stopped, Err(LoadError::Cancelled)));
    assert!(start.elapsed() < std::time::Duration::from_secs(1));
}

#[test]
fn the_hash_is_that_of_the_bytes() {
    let dataset = read("t.csv", "date\n2024-01-01\n");
    assert_eq!(dataset.origin.sha256.get(), "a52afdbcd88ee4a894c06521beaee4a2cd53e74f0bfa7ca33f09a0bd475ebdcc");
    assert_eq!(dataset.origin.bytes, 16);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn json_is_taken_without_a_word_exactly_when_it_is_json(text in "[\\[\\]{}\",:0-9eE.\\- \\\\truefalsn]{0,24}") {
        let text = format!("[{text}");
        let is_json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        if let Ok(dataset) = try_read("t.json", text.as_bytes()) {
            let faults = [IssueKind::InvalidJson, IssueKind::Truncated].iter().filter(|kind| dataset.issues.counts.contains_key(kind)).count();
            // A number beyond what 64 bits hold is right JSON that serde refuses; it is kept as text here.
            let is_refused_number = !is_json && faults == 0 && text.contains(['e', 'E']);
            prop_assert!(is_refused_number || (faults == 0) == is_json, "{text:?} {:?}", dataset.issues.list);
        }
    }

    #[test]
    fn no_change_of_bytes_makes_it_fall(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), which in 0..3_usize) {
        const TABLE: &str = "id,date,date_end,killed,wounded,lat,url,source\n1,01/02/2015,2015-02-03,\"1,200\",~3,50.5,https://a.example/x,A;B\n2,2015-13-01,,-,x,é,,\n";
        const LINES: &str = "{\"date\":\"2024-01-01\",\"a\":{\"b\":[1,{\"c\":null}]}}\n{\"date\":20240102,\"n\":1e5}\n";
        let (name, text) = [("t.csv", TABLE), ("t.jsonl", LINES), ("t.dateline.json", NATIVE)][which];
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(dataset) = try_read(name, &bytes) {
            prop_assert!(dataset.is_complete);
        }
    }
}

/// Every row of data became a record or was rejected, and what was skipped adds up.
#[track_caller]
fn is_accounted_for(dataset: &Dataset, rows: u64, rejected: u64, skipped: u64) {
    let origin = &dataset.origin;
    let mut taken: Vec<u64> = (0..dataset.records.len() as Row).map(|row| dataset.records.file_row(row)).collect();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!((origin.rows, origin.rejected, origin.skipped), (rows, rejected, skipped));
    assert_eq!(taken.len() as u64 + origin.rejected, origin.rows, "rows = taken + rejected");
    assert_eq!(origin.skips.iter().map(|(_, count)| count).sum::<u64>(), origin.skipped);
    assert_eq!(dataset.issues.rejected.len() as u64, origin.rejected, "each rejected row is kept with its reason");
}

#[test]
fn every_row_of_every_kind_of_file_is_accounted_for() {
    is_accounted_for(&read("plain.csv", "date,event\n2024-01-01,a\n2024-01-02,b\n"), 2, 0, 0);
    is_accounted_for(&read("ragged.csv", "date,event,n\n2024-01-01,a\n2024-01-02,b,1,2\n\n2024-02-30,c,x\n"), 3, 0, 1);
    is_accounted_for(&read("tags.csv", "date,event\n#date+start,#event\n2024-01-01,a\ndate,event\n2024-01-02,b\n"), 2, 0, 2);
    is_accounted_for(&read("before.csv", "A report\n\nby us\ndate,event,n\n2024-01-01,a,1\n2024-01-02,b,2\n"), 2, 0, 3);
    is_accounted_for(&read("wide.csv", "date,killed,wounded\n2024-01-01,1,2\n2024-01-02,,3\n2024-01-03,,\n"), 3, 0, 0);
    is_accounted_for(&read("open.csv", "date,event\n2024-01-01,a\n2024-01-02,\"b\n2024-01-03,c\n"), 2, 0, 0);
    is_accounted_for(&read("list.json", "[{\"date\": \"2024-01-01\"}, {\"date\": \"2024-01-02\"}]"), 2, 0, 0);
    is_accounted_for(&read("cut.json", "[{\"date\": \"2024-01-01\"}, {\"date\": \"2024-"), 2, 1, 0);
    is_accounted_for(&read("wrong.json", "[{\"date\": \"2024-01-01\"}, {\"date\": nothing}, {}]"), 3, 1, 0);
    is_accounted_for(&read("lines.jsonl", "{\"date\": \"2024-01-01\"}\n{\"date\": }\n{\"date\": \"2024-01-03\"}\n{\"a\""), 4, 2, 0);
    is_accounted_for(
        &read("inner.json", "{\"about\": \"x\", \"rows\": [{\"date\": \"2024-01-01\"}, {\"date\": \"2024-01-02\"}]}"),
        2,
        0,
        0,
    );
    let native = "{\"format\": \"dateline\", \"version\": 1, \"records\": [{\"id\": \"1\", \"when\": \"2024\"}, 7, {\"id\": \"2\"}]}";
    is_accounted_for(&read("a.dateline.json", native), 3, 1, 0);
}

#[test]
fn an_issue_knows_the_row_that_it_is_about() {
    let dataset = read("a.csv", "id,date,killed\n1,2024-01-01,1\n2,2024-01-02,1\n3,2024-13-01,1\n4,2024-01-04\n");
    let rows = |kind: IssueKind| dataset.issues.list.iter().find(|issue| issue.kind == kind).map(|issue| (issue.line, issue.row));
    assert_eq!(rows(IssueKind::InvalidDate), Some((Some(4), Some(2))));
    assert_eq!(rows(IssueKind::RaggedRow), Some((Some(5), Some(3))));
    let row = dataset.records.row_of_file_row(3).unwrap();
    assert_eq!(dataset.records.address(row), "3");
    let native = "{\"format\": \"dateline\", \"version\": 1, \"records\": [{\"id\": \"1\"}, {\"id\": \"2\", \"when\": \"2024-13\"}]}";
    let dataset = read("a.dateline.json", native);
    assert_eq!(dataset.issues.list[0].row, Some(1));
}

#[test]
fn rows_that_stand_twice_are_kept_and_said() {
    let dataset = read("a.csv", "date,place,killed\n2024-01-01,X,3\n2024-01-01,Y,3\n2024-01-01,X,3\n2024-01-02,X,3\n2024-01-01,X,3\n");
    assert_eq!(dataset.records.len(), 5);
    assert_eq!(dataset.issues.counts[&IssueKind::DuplicateRow], 2);
    let listed: Vec<(&str, Option<u32>)> = dataset
        .issues
        .list
        .iter()
        .filter(|issue| issue.kind == IssueKind::DuplicateRow)
        .map(|issue| (issue.message.as_str(), issue.row))
        .collect();
    assert_eq!(
        listed,
        [("line 4 is the same in every column as line 2", Some(2)), ("line 6 is the same in every column as line 2", Some(4))]
    );
    let with_ids = read("b.csv", "id,date,killed\n1,2024-01-01,3\n1,2024-01-01,3\n1,2024-01-01,4\n2,2024-01-01,3\n");
    assert_eq!(with_ids.issues.counts[&IssueKind::DuplicateRow], 1);
    let wide = read("c.csv", "date,killed,wounded\n2024-01-01,1,2\n2024-01-01,1,2\n2024-01-01,1,3\n");
    assert_eq!((wide.records.len(), wide.issues.counts[&IssueKind::DuplicateRow]), (6, 1), "the row counts, not its records");
    let undated = read("d.csv", "event,n\na,1\nb,1\na,1\n");
    assert_eq!(undated.issues.counts[&IssueKind::DuplicateRow], 1);
    let texts = read("e.csv", "date,note\n2024-01-01,one\n2024-01-01,two\n2024-01-01,one\n");
    assert_eq!(texts.issues.counts[&IssueKind::DuplicateRow], 1);
    let apart = read("f.csv", "date,event,url\n2024-01-01,a,https://x.org/1\n2024-01-01,a,https://x.org/2\n");
    assert!(!apart.issues.counts.contains_key(&IssueKind::DuplicateRow));
}

#[test]
fn a_code_that_its_column_shows_to_be_none_of_its_numbers_is_no_value_and_said() {
    let text = "date,killed,start,east\n2024-01-01,3,1986,4\n2024-01-02,-99,9999,-99\n2024-01-03,-99,2001,-7\n2024-01-04,5,9999,-99\n";
    let dataset = read("t.csv", text);
    let values: Vec<Option<f64>> = (0..4).map(|row| dataset.records.quantity(row).and_then(|quantity| quantity.value)).collect();
    assert_eq!(values, [Some(3.0), None, None, Some(5.0)]);
    assert_eq!([1, 2].map(|row| extra(&dataset, "east", row)), [Some("-99".to_owned()), Some("-7".to_owned())]);
    assert_eq!(extra(&dataset, "start", 1), None);
    let assumed: Vec<_> = dataset.origin.assumptions.iter().map(|own| (own.column.as_deref(), own.assumed.as_str())).collect();
    assert_eq!(assumed, [(Some("killed"), "-99 stands for no value"), (Some("start"), "9999 stands for no value")]);
    let options = Options::default().with(dataset.origin.assumptions[1].change.clone());
    let input = Input::Bytes { name: "t.csv".to_owned(), bytes: text.as_bytes().into() };
    let other = load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    assert_eq!((extra(&other, "start", 1).as_deref(), other.origin.assumptions.len()), (Some("9999"), 1));
}

#[test]
fn numbers_that_cannot_have_been_counted_are_kept_as_text_and_enter_no_chart() {
    let dataset = read("t.csv", "date,killed,note\n2024-01-01,3,a\n2024-01-02,1e22,b\n2024-01-03,-5,c\n2024-01-04,8000000000,d\n");
    let values: Vec<Option<f64>> = (0..4).map(|row| dataset.records.quantity(row).unwrap().value).collect();
    assert_eq!(values, [Some(3.0), None, None, Some(8e9)]);
    let odd: Vec<_> = dataset.issues.list.iter().map(|issue| (issue.kind, issue.line, issue.value.as_str())).collect();
    assert_eq!(odd, [(IssueKind::ImplausibleNumber, Some(3), "1e22"), (IssueKind::ImplausibleNumber, Some(4), "-5")]);
    assert_eq!(extra(&dataset, "killed (as given)", 1).as_deref(), Some("1e22"));
    let native =
        r#"{"format": "dateline", "version": 1, "records": [{"id": "a", "quantity": {"metric": "shells", "value": -3, "high": 5}}]}"#;
    let dataset = read("a.dateline.json", native);
    let quantity = dataset.records.quantity(0).unwrap();
    assert_eq!((quantity.value, quantity.high), (None, Some(5.0)));
    assert_eq!(
        (issue(&dataset, IssueKind::ImplausibleNumber).value.as_str(), extra(&dataset, "value (as given)", 0).as_deref()),
        ("-3", Some("-3"))
    );
}

#[test]
fn rows_that_differ_in_columns_that_were_not_kept_are_not_the_same() {
    let row = |last: &str| format!("2024-01-01,{}{last}\n", "x,".repeat(split::COLUMNS_MAX));
    let header: String = std::iter::once("date".to_owned()).chain((0..=split::COLUMNS_MAX).map(|place| format!(",c{place}"))).collect();
    let dataset = read("t.csv", &format!("{header}\n{}{}", row("a"), row("b")));
    assert!(dataset.issues.counts.contains_key(&IssueKind::TooManyColumns), "{:?}", dataset.issues.counts);
    assert!(!dataset.issues.counts.contains_key(&IssueKind::DuplicateRow));
}

#[test]
fn rows_are_named_by_the_lines_on_which_they_start() {
    let text = "A report\n\nid,date,note\n1,2024-01-01,\"a\nb\"\n2,2024-01-02,c\n2,2024-01-02,c\n";
    let dataset = read("t.csv", text);
    let alike = issue(&dataset, IssueKind::DuplicateRow);
    assert_eq!((alike.line, alike.message.as_str()), (Some(7), "line 7 is the same in every column as line 6"));
    assert_eq!(issue(&dataset, IssueKind::DuplicateId).line, Some(7));
    let dataset = read("t.jsonl", "{\"date\": \"2024-01-01\", \"a\": 1}\n\n{\"date\": \"2024-01-01\", \"a\": 1}\n");
    assert_eq!(issue(&dataset, IssueKind::DuplicateRow).message, "line 3 is the same in every column as line 1");
}

#[test]
fn an_error_about_no_records_says_what_to_do_in_its_own_format() {
    let error = |name: &str, text: &str| try_read(name, text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error("f.xml", "<rss><channel><title>O</title></channel></rss>"),
        "f.xml: no records were found: the feed has no items; fetch it again when something was published, or choose another feed"
    );
    assert_eq!(
        error("words.txt", "Some prose, with a comma.\nAnd a line.\nAnd more of it.\n"),
        "words.txt: no records were found: the text has no columns; choose a table with a header row, or JSON with a list of objects"
    );
    assert_eq!(
        error("b.json", "{\"type\": \"bundle\", \"id\": \"bundle--1\", \"objects\": []}"),
        "b.json: no records were found: the document has no objects; choose a file of this format that has some"
    );
}

#[test]
fn what_is_shown_by_its_id_is_no_loss() {
    let native =
        r#"{"format": "dateline", "version": 1, "records": [{"id": "a", "when": "2024", "chain": ["nobody"], "article": "none"}]}"#;
    let dataset = read("a.dateline.json", native);
    assert_eq!(issue(&dataset, IssueKind::DanglingSource).value, "nobody");
    assert_eq!(issue(&dataset, IssueKind::DanglingArticle).value, "none");
    assert!(!dataset.issues.has_losses());
}

#[test]
fn a_list_between_commas_is_a_list() {
    let dataset = read("t.csv", "date,event,source\n2024-01-01,a,\",ci,nc,\"\n2024-01-02,b,\",ak,\"\n");
    let names: Vec<&str> = dataset.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["ci", "nc", "ak"]);
}

#[test]
fn a_row_of_delimiters_without_anything_is_a_blank_line() {
    let dataset = read("t.csv", "date,place,killed\n2024-01-01,Hill,3\n,,\n2024-01-02,Ford,4\n , ,\n");
    assert_eq!((dataset.origin.rows, dataset.records.len()), (2, 2));
    assert_eq!(dataset.origin.skips, [(crate::data::Skip::Blank, 2)]);
    assert_eq!(dataset.issues.total(), 0, "{:?}", dataset.issues.list);
}
