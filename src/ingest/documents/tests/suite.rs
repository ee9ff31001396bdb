//! JSON by its rules: one small text for each class of fault, and a whole folder of them where an environment variable names one.

use std::fmt::Write as _;
use std::path::Path;

use expect_test::expect;

use super::{open, read, try_bytes};
use crate::data::{Dataset, IssueKind};
use crate::ingest::{Input, LoadError, Options};

/// Names the folder of a suite such as <https://github.com/nst/JSONTestSuite>, whose file names begin with `y_`, `n_` or `i_`.
const SUITE: &str = "DATELINE_JSON_SUITE";

/// Is it said against the JSON itself? `NaN` and its like are read as nothing, and said.
fn is_fault(kind: IssueKind) -> bool {
    matches!(kind, IssueKind::InvalidJson | IssueKind::Truncated | IssueKind::NotFinite)
}

fn faults(dataset: &Dataset) -> u64 {
    dataset.issues.counts.iter().filter(|(kind, _)| is_fault(**kind)).map(|(_, count)| count).sum()
}

fn has_places(dataset: &Dataset) -> bool {
    dataset.issues.list.iter().filter(|issue| is_fault(issue.kind)).all(|issue| issue.line.is_some() && issue.message.contains("column "))
}

#[test]
fn right_json_is_taken_without_a_word_against_it() {
    for text in [
        "[]",
        "{}",
        "\"text\"",
        "-0",
        "[1e999, -1.5E+3, 123123e100000, 0.4e006699999999999999]",
        " [null, true] \n",
        "[\"\\u0000\\uD834\\uDd1e\\/\"]",
        "{\"\":0}",
        "{\"a\":1,\"a\":2}",
        "[[[[[[[[[[]]]]]]]]]]",
        "[\"\u{7f}\"]",
        "\u{feff}[1]",
    ] {
        match try_bytes("t.json", text.as_bytes()) {
            Ok(dataset) => assert_eq!((faults(&dataset), dataset.origin.rejected), (0, 0), "{text} {:?}", dataset.issues.list),
            Err(error) => panic!("{text} {error}"),
        }
    }
}

#[test]
fn every_class_of_fault_is_placed_and_whole_records_before_it_are_kept() {
    let first = "[{\"date\":\"2024-01-01\",\"a\":1},\n";
    let mut told = String::new();
    for rest in [
        "{\"a\":1}",
        "{\"a\":1},]",
        "{\"a\":1 \"b\":2}]",
        "{\"a\":1,}]",
        "{a:1}]",
        "{'a':1}]",
        "{\"a\":01}]",
        "{\"a\":.5}]",
        "{\"a\":+1}]",
        "{\"a\":0x1}]",
        "{\"a\":tru}]",
        "{\"a\":\"\\x\"}]",
        "{\"a\":\"\\u12\"}]",
        "{\"a\":\"tab\there\"}]",
        "{\"a\":\"line\nbreak\"}]",
        "{\"a\":[1}]",
        "{\"a\":1}] x",
        "{\"a\":\"open",
        "/* no */ {\"a\":1}]",
        "{\"a\":NaN}]",
        "nul]",
        "\u{a0}]",
    ] {
        let dataset = read("t.json", &format!("{first}{rest}"));
        assert!(faults(&dataset) > 0 && has_places(&dataset), "{rest} {:?}", dataset.issues.list);
        assert_eq!(dataset.records.dated(), 1, "{rest}");
        let said: Vec<&str> = dataset.issues.list.iter().map(|issue| issue.message.as_str()).collect();
        writeln!(told, "{rest:?} {}", said.join(" & ")).unwrap();
    }
    expect![[r#"
        "{\"a\":1}" line 2, column 8: the file ends where a comma or the end of the list should come
        "{\"a\":1},]" line 2, column 9: a comma stands before the end of the list
        "{\"a\":1 \"b\":2}]" line 2, column 8: expected `,` or `}`
        "{\"a\":1,}]" line 2, column 8: trailing comma
        "{a:1}]" line 2, column 2: key must be a string
        "{'a':1}]" line 2, column 2: key must be a string
        "{\"a\":01}]" line 2, column 7: invalid number
        "{\"a\":.5}]" line 2, column 6: expected value
        "{\"a\":+1}]" line 2, column 6: expected value
        "{\"a\":0x1}]" line 2, column 7: expected `,` or `}`
        "{\"a\":tru}]" line 2, column 9: expected ident
        "{\"a\":\"\\x\"}]" line 2, column 8: invalid escape
        "{\"a\":\"\\u12\"}]" line 2, column 12: invalid escape
        "{\"a\":\"tab\there\"}]" line 2, column 10: control character (\u0000-\u001F) found while parsing a string
        "{\"a\":\"line\nbreak\"}]" line 2, column 11: a line break inside a text
        "{\"a\":[1}]" line 2, column 8: expected `,` or `]` & line 2, column 10: the file ends where a comma or the end of the list should come
        "{\"a\":1}] x" line 2, column 10: more text after the end of the document
        "{\"a\":\"open" line 2, column 11: the file ends where the end of a text should come
        "/* no */ {\"a\":1}]" line 2, column 1: expected value & line 2, column 4: expected a comma or the end of the list
        "{\"a\":NaN}]" line 2, column 6: NaN is not a finite number, and not JSON
        "nul]" line 2, column 3: EOF while parsing a value
        "\u{a0}]" line 2, column 1: expected value
    "#]].assert_eq(&told);
}

#[test]
fn nesting_without_end_is_refused_and_no_crash() {
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), format!("[{}1{}]", "[".repeat(5_000), "]".repeat(5_000))] {
        let dataset = read("t.json", &text);
        assert!(faults(&dataset) > 0 && has_places(&dataset), "{:?}", dataset.issues.list);
    }
}

#[test]
#[ignore = "reads the folder that DATELINE_JSON_SUITE names"]
fn a_suite_of_json_is_read_as_its_names_say() {
    let folder = std::env::var(SUITE).unwrap();
    let mut wrong = Vec::new();
    let mut counts = [0; 3];
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(class) = ["y_", "n_", "i_"].iter().position(|start| name.starts_with(start)) else { continue };
        counts[class] += 1;
        if let Some(complaint) = complaint(&path, class) {
            wrong.push(format!("{name}: {complaint}"));
        }
    }
    assert!(counts.iter().sum::<i32>() > 0, "the folder has no files of a suite");
    assert!(wrong.is_empty(), "of {counts:?}, {} are read wrongly:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with the way in which a file is read.
fn complaint(path: &Path, class: usize) -> Option<String> {
    match (class, open(&Input::Path(path.to_owned()), &Options::default())) {
        (0, Ok(dataset)) => (faults(&dataset) > 0).then(|| format!("{:?}", dataset.issues.list)),
        (0, Err(error)) => Some(error.to_string()),
        (1, Ok(dataset)) => (faults(&dataset) == 0 || !has_places(&dataset)).then(|| format!("taken: {:?}", dataset.issues.list)),
        (1, Err(LoadError::Io { reason, .. })) => Some(reason),
        _ => None,
    }
}
