//! Mapping files and assumptions on the command line: written, changed, given back, and refused with a reason.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/run.rs"]
mod run;

use std::path::Path;

use run::dateline;
use serde_json::json;

const EVENTS: &str = "day,dead,spot,remarks\n03/04/2024,3,Alpha,a\n05/06/2024,1,Beta,b\n";

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn check_says_what_was_assumed_and_what_else_it_could_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "events.csv", EVENTS);
    let report = dateline(&["check", &file, "--json"]).json();
    let expected = json!([{
        "column": "day",
        "assumed": "day first",
        "why": "none of its dates tells day and month apart; 2 could be either",
        "other": "month first",
    }]);
    assert_eq!(report["assumptions"], expected);
    assert_eq!(report["issues"]["by_kind"]["ambiguous_date"], 1);
    let told = dateline(&["check", &file]).stdout;
    assert!(told.contains("  assumed day: day first; none of its dates tells"), "{told}");
}

#[test]
fn a_mapping_that_was_written_and_changed_is_what_every_command_reads_by() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "events.csv", EVENTS);
    let mapping = folder.path().join("mine.json").display().to_string();
    assert_eq!(dateline(&["check", &file, "--mapping-out", &mapping]).code, 0);
    let text = std::fs::read_to_string(&mapping).unwrap();
    let changed = text
        .replace("\"name\": \"spot\",\n      \"role\": \"field\"", "\"name\": \"spot\",\n      \"role\": \"place\"")
        .replace("\"dates\": \"day_first\"", "\"dates\": \"month_first\",\n      \"is_order_known\": true")
        .replace("\"metric\": \"killed\"", "\"metric\": \"wounded\"");
    assert_eq!(changed.matches("place").count(), 1, "{changed}");
    std::fs::write(&mapping, changed).unwrap();
    let report = dateline(&["check", &file, "--mapping", &mapping, "--json"]).json();
    assert_eq!((&report["first"], &report["assumptions"]), (&json!("2024-03-04"), &json!([])));
    assert_eq!(report["metrics"]["wounded"]["value"], 4);
    // Columns go by their names, in whatever order they stand.
    let other = write(folder.path(), "other.csv", "spot,remarks,dead,day\nGamma,,7,01/02/2023\n");
    let rows = dateline(&["rows", &other, "--mapping", &mapping, "--format", "jsonl"]).stdout;
    assert!(rows.contains("\"place\":\"Gamma\""), "{rows}");
    let series = dateline(&["series", &other, "--mapping", &mapping, "--metric", "wounded"]).stdout;
    assert!(series.contains("2023-01-01,,7"), "{series}");
}

#[test]
fn a_mapping_that_cannot_be_used_says_what_is_wrong_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "events.csv", EVENTS);
    let fails = |text: &str, part: &str| {
        let mapping = write(folder.path(), "bad.json", text);
        dateline(&["check", &file, "--mapping", &mapping]).fails_with(part);
    };
    fails("{", "bad.json: line 1, column 1");
    fails("{\"a\": 1}", "this is no mapping file");
    fails("{\"dateline_mapping\": 9, \"columns\": []}", "version 9");
    fails("{\"dateline_mapping\": 1, \"columns\": [{\"name\": \"day\", \"role\": \"dat\"}]}", "did you mean `date`?");
    fails("{\"dateline_mapping\": 1, \"columns\": [{\"name\": \"days\", \"role\": \"date\"}]}", "no column `days` (did you mean `day`?)");
    dateline(&["check", &file, "--mapping", "no/such.json"]).fails_with("--mapping: no/such.json");
    dateline(&["check", &file, "--mapping-out", &file]).fails_with("never written to");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), EVENTS);
}
