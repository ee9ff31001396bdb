//! Input that nobody would write on purpose: each gets a clear message, nothing falls over or hangs, and the rest is kept.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/run.rs"]
mod run;

use run::{Run, dateline, written};

/// Exit status 0 or 1, and this many records.
#[track_caller]
fn keeps(run: &Run, records: u64) -> serde_json::Value {
    assert!(run.code < 2, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["records"], records, "{report:#}");
    report
}

#[track_caller]
fn counts(report: &serde_json::Value, kind: &str) -> u64 {
    report["issues"]["by_kind"][kind].as_u64().unwrap_or_else(|| panic!("no issue {kind}: {report:#}"))
}

fn check(folder: &tempfile::TempDir, name: &str, content: &[u8]) -> Run {
    dateline(&["check", "--json", &written(folder, name, content)])
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_file_that_is_not_there_is_named() {
    dateline(&["check", "no/such/file.csv"]).fails_with("no/such/file.csv");
}

#[test]
fn an_empty_file_says_so() {
    check(&folder(), "empty.csv", b"").fails_with("empty");
    check(&folder(), "blank.csv", b" \r\n\n ").fails_with("empty");
    check(&folder(), "empty.json", b"").fails_with("empty");
}

#[test]
fn a_header_without_rows_is_no_crash() {
    let run = check(&folder(), "head.csv", b"id,date,killed\n");
    assert!(run.code == 2 || run.json()["records"] == 0, "{}", run.stdout);
}

#[test]
fn a_folder_without_a_readable_file_says_so() {
    let folder = folder();
    written(&folder, "picture.png", b"x");
    dateline(&["check", &folder.path().display().to_string()]).fails_with("no file that can be read");
}

#[test]
fn binary_junk_is_refused() {
    let mut state = 1_u32;
    let junk: Vec<u8> = (0..100_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    for name in ["junk.bin", "junk.csv", "junk.json"] {
        check(&folder(), name, &junk).fails_with("junk");
    }
    check(&folder(), "zip.csv", b"PK\x03\x04\x14\x00\x00\x00\x08\x00").fails_with("zip.csv");
}

#[test]
fn a_million_columns_are_cut_off_and_said() {
    let names: Vec<String> = (0..1_000_000).map(|column| format!("c{column}")).collect();
    let text = format!("date,title,{}\n2024-01-01,first,1,2,3\n", names.join(","));
    let run = check(&folder(), "wide.csv", text.as_bytes());
    if run.code == 2 {
        run.fails_with("column");
    } else {
        let report = keeps(&run, 1);
        assert!(counts(&report, "too_many_columns") > 0);
    }
}

#[test]
fn a_cell_of_a_hundred_megabytes_is_cut_and_the_next_row_kept() {
    let mut text = b"date,title,killed\n2024-01-01,before it,1\n2024-01-01,".to_vec();
    text.resize(100 << 20, b'x');
    text.extend_from_slice(b",1\n2024-01-02,after it,1\n");
    let report = keeps(&check(&folder(), "long.csv", &text), 3);
    assert_eq!(counts(&report, "cell_too_long"), 1);
    assert_eq!(report["metrics"]["killed"]["value"], 3);
}

#[test]
fn a_table_that_ends_in_a_quote_keeps_what_came_before() {
    let run = check(&folder(), "cut.csv", b"id,date,title\n1,2024-01-01,whole\n2,2024-01-02,\"cut in the mid");
    let report = run.json();
    assert!(report["records"].as_u64() >= Some(1) && report["issues"]["total"].as_u64() >= Some(1), "{report:#}");
}

/// Nine rows without a fault, so that the columns show what they are.
fn sound_rows() -> String {
    let rows: Vec<String> = (1..=9).map(|day| format!("s{day},2024-05-0{day},1\n")).collect();
    rows.concat()
}

#[test]
fn impossible_dates_are_undated_and_said() {
    let sound = sound_rows();
    let text = format!("id,date,killed\n{sound}1,2024-02-30,1\n2,2024-13-01,2\n3,0000,3\n4,-13800000000,4\n5,Y-13800000000,5\n");
    let report = keeps(&check(&folder(), "dates.csv", text.as_bytes()), 14);
    assert!(counts(&report, "invalid_date") >= 2);
    assert!(counts(&report, "date_out_of_range") >= 1);
    assert_eq!(report["undated"], 4);
    assert_eq!(report["first"], "0000-01-01");
}

#[test]
fn numbers_that_are_not_finite_are_no_numbers() {
    let sound = sound_rows();
    let text = format!("id,date,killed\n{sound}1,2024-01-01,NaN\n2,2024-01-01,inf\n3,2024-01-01,-Infinity\n4,2024-01-01,1e999\n");
    let report = keeps(&check(&folder(), "numbers.csv", text.as_bytes()), 13);
    assert_eq!(report["metrics"]["killed"]["value"], 9);
    assert!(report["issues"]["total"].as_u64() >= Some(4), "{report:#}");
}

#[test]
fn json_of_endless_depth_is_refused_where_it_is_too_deep() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for text in [deep("[", "]"), deep("{\"a\":", "}"), "[".repeat(100_000)] {
        check(&folder(), "deep.json", text.as_bytes()).fails_with("deep.json: line 1");
    }
    let text = format!("[{{\"date\":\"2024-01-01\",\"title\":\"kept\"}},{{\"date\":\"2024-01-02\",\"a\":{}}}]", deep("[", "]"));
    let run = check(&folder(), "deep.json", text.as_bytes());
    let report = keeps(&run, 1);
    assert_eq!((run.code, counts(&report, "invalid_json")), (1, 1));
}

#[test]
fn a_document_that_ends_early_keeps_the_records_before() {
    let whole = std::fs::read(run::fixture("claims.dateline.json")).unwrap();
    let run = check(&folder(), "cut.dateline.json", &whole[..whole.len() - 500]);
    let report = run.json();
    assert_eq!(run.code, 1);
    assert!(report["records"].as_u64() >= Some(1), "{report:#}");
    assert_eq!(counts(&report, "truncated"), 1);
    check(&folder(), "cut.json", b"{\"format\": \"dateline\", \"vers").fails_with("cut.json");
}

#[test]
fn broken_json_is_refused_when_nothing_came_before_it() {
    check(&folder(), "broken.json", b"{\"a\": }").fails_with("line 1, column 7");
}

#[test]
fn tangled_documents_are_kept_and_every_knot_is_named() {
    let run = dateline(&["check", "--json", &run::fixture("tangled.dateline.json")]);
    assert_eq!(run.code, 1);
    let report = keeps(&run, 6);
    for kind in ["duplicate_id", "dangling_source", "dangling_article", "invalid_date", "date_out_of_range", "unknown_word", "wrong_type"] {
        assert!(counts(&report, kind) >= 1, "{kind}");
    }
    assert_eq!(report["rejected"], 1);
    assert_eq!(report["first"], "0000-01-01");
}

#[test]
fn a_circle_of_related_articles_is_walked_once() {
    let record = dateline(&["record", &run::fixture("tangled.dateline.json"), "t1"]).json();
    let related: Vec<&str> = record["related"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(related, ["a2", "a3"]);
    let second = dateline(&["record", &run::fixture("tangled.dateline.json"), "t1#2"]).json();
    assert_eq!(second["title"], "The same id");
}
