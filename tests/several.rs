//! Several files, folders and releases on the command line, and the rows that could not be read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/run.rs"]
mod run;

use std::path::Path;

use run::{Run, dateline, written};
use serde_json::json;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn path(folder: &tempfile::TempDir) -> String {
    folder.path().display().to_string()
}

fn report(args: &[&str]) -> serde_json::Value {
    let run: Run = dateline(args);
    assert!(run.code < 2, "{}", run.stderr);
    run.json()
}

const JANUARY: &str = "id,date,place,killed\na1,2024-01-05,Alpha,3\na2,2024-01-06,Beta,4\n";
const FEBRUARY: &str = "id,date,place,killed\nb1,2024-02-05,Alpha,1\nb2,2024-02-30,Gamma,2\n";

#[test]
fn a_folder_is_one_dataset_and_issues_name_their_file() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    written(&folder, "jan.csv", JANUARY.as_bytes());
    written(&folder, "deep/feb.csv", FEBRUARY.as_bytes());
    written(&folder, "empty.csv", b"");
    written(&folder, "picture.png", b"x");
    let report = report(&["check", "--json", &path(&folder)]);
    assert_eq!((&report["records"], &report["rows"], &report["rejected"]), (&json!(4), &json!(4), &json!(0)));
    assert_eq!(report["metrics"]["killed"]["value"], 10, "the files are parts of one table");
    let files: Vec<&str> = report["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["deep/feb.csv", "jan.csv"]);
    let issues = report["issue_list"].as_array().unwrap();
    let date = issues.iter().find(|issue| issue["kind"] == "invalid_date").unwrap();
    assert_eq!((&date["file"], &date["line"]), (&json!("deep/feb.csv"), &json!(3)));
    assert_eq!(report["issues"]["by_kind"]["file_not_read"], 1);
    let empty = issues.iter().find(|issue| issue["kind"] == "file_not_read").unwrap();
    assert_eq!(empty["file"], "empty.csv");
    assert_eq!(report["issues"]["by_kind"]["file_passed_over"], 1);
}

#[test]
fn several_files_are_named_one_by_one_and_can_be_filtered_by_file() {
    let folder = folder();
    let (one, other) = (written(&folder, "jan.csv", JANUARY.as_bytes()), written(&folder, "feb.csv", FEBRUARY.as_bytes()));
    let run = dateline(&["rows", &one, &other, "--where", "file:feb.csv", "--format", "jsonl"]);
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stderr);
    assert!(run.stdout.lines().all(|line| line.contains("\"file\":\"feb.csv\"")), "{}", run.stdout);
    assert_eq!(report(&["check", "--json", &one])["files"], json!(null), "one file has no list of files");
    assert!(report(&["check", "--json", &one])["issue_list"].as_array().unwrap().iter().all(|issue| issue.get("file").is_none()));
}

#[test]
fn what_several_datasets_have_counted_is_never_added_up() {
    let folder = folder();
    let one = written(&folder, "a.csv", JANUARY.as_bytes());
    let other = written(&folder, "b.csv", b"day,what,deaths\n2024-01-05,x,9\n");
    let report = report(&["check", "--json", &one, &other]);
    assert_eq!((&report["metrics"]["killed"]["counters"], &report["metrics"]["killed"]["value"]), (&json!(2), &json!(null)));
    let run = dateline(&["series", &one, &other, "--metric", "killed"]);
    assert!(run.stdout.contains("2024-01-01,a,7") && run.stdout.contains("2024-01-01,b,9"), "{}{}", run.stdout, run.stderr);
    let out = folder.path().join("out.json").display().to_string();
    dateline(&["convert", &one, &other, "-o", &out]).fails_with("cannot keep apart");
}

#[test]
fn a_newer_release_is_compared_and_its_sums_count_nothing_twice() {
    let folder = folder();
    let old = written(&folder, "v1.csv", b"id,date,killed\n1,2024-01-01,3\n2,2024-01-02,4\n3,2024-01-03,5\n");
    let new = written(&folder, "v2.csv", b"id,date,killed\n2,2024-01-02,4\n3,2024-01-03,7\n4,2024-01-04,1\n");
    let compared = report(&["check", "--json", &old, &new]);
    let releases = &compared["releases"];
    let counts: Vec<u64> = ["added", "changed", "removed", "same"].iter().map(|key| releases[key].as_u64().unwrap()).collect();
    assert_eq!(counts, [1, 1, 1, 1]);
    assert_eq!((&releases["older"], &releases["newer"]), (&json!("v1.csv"), &json!("v2.csv")));
    assert_eq!(compared["metrics"]["killed"]["value"], 12, "4 + 7 + 1: neither the 5 that was corrected nor the 3 that was taken back");
    let changed = dateline(&["rows", &old, &new, "--where", "release:changed", "--format", "jsonl"]);
    assert!(changed.stdout.contains("\"changes\":\"value: 5 → 7\""), "{}", changed.stdout);
    assert_eq!(report(&["check", "--json", "--releases", "no", &old, &new])["metrics"]["killed"]["value"], 24);
    let told = dateline(&["check", &old, &new]);
    assert!(told.stdout.contains("v2.csv after v1.csv: 1 added, 1 changed, 1 removed, 1 the same"), "{}", told.stdout);
}

#[test]
fn rejected_rows_are_saved_with_their_reason_but_never_over_the_data() {
    let folder = folder();
    let text =
        "{\"date\": \"2024-01-01\", \"event\": \"a\"}\n{\"date\": \"2024-01-02\", event}\n{\"date\": \"2024-01-03\", \"event\": \"c\"}\n";
    let file = written(&folder, "a.jsonl", text.as_bytes());
    let out = folder.path().join("rejected.csv").display().to_string();
    let run = dateline(&["check", &file, "--rejected", &out]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let saved = std::fs::read_to_string(&out).unwrap();
    assert!(saved.starts_with("file,line,reason,text\na.jsonl,2,"), "{saved}");
    assert!(saved.contains("{\"\"date\"\": \"\"2024-01-02\"\", "), "{saved}");
    dateline(&["check", &file, "--rejected", &file]).fails_with("this is a data file, which is never written to");
    assert_eq!(std::fs::read_to_string(Path::new(&file)).unwrap(), text);
    dateline(&["check", &path(&folder), "--rejected", &file]).fails_with("this is a data file, which is never written to");
    dateline(&["convert", &path(&folder), "-o", &out]).fails_with("this is a data file, which is never written to");
}

#[test]
fn what_was_skipped_is_said_by_what_it_was() {
    let folder = folder();
    let file = written(&folder, "a.csv", b"Report,,\n\ndate,event,n\n#date,#event,#n\n2024-02-01,x,1\ndate,event,n\n2024-02-02,y,2\n");
    let report = report(&["check", "--json", &file]);
    assert_eq!(report["skipped_by"], json!({"preamble": 1, "repeated_headers": 1, "tag_rows": 1, "blank_lines": 1}));
    assert_eq!((&report["rows"], &report["taken"], &report["skipped"]), (&json!(2), &json!(2), &json!(4)));
    let told = dateline(&["check", &file]).stdout;
    assert!(told.contains("2 = 2 taken + 0 rejected"), "{told}");
    assert!(told.contains("1 line before the header, 1 repeated header, 1 row of tags, 1 blank line"), "{told}");
}
