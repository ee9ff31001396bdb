//! The command line as scripts see it: shapes of results, exit statuses, and what is said on standard error.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "cli/run.rs"]
mod run;

use run::{dateline, fixture, spawned};
use serde_json::json;

#[test]
fn check_prints_one_object_with_every_key_of_the_contract() {
    let run = dateline(&["check", &fixture("clashes.csv"), "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "file",
            "format",
            "preset",
            "encoding",
            "rows",
            "taken",
            "skipped",
            "skipped_by",
            "rejected",
            "records",
            "events",
            "claims",
            "undated",
            "first",
            "last",
            "metrics",
            "sources",
            "articles",
            "assumptions",
            "issues",
            "issue_list"
        ]
    );
    assert_eq!(report["format"], "csv");
    assert_eq!(report["preset"], json!(null));
    assert_eq!(report["rows"], 6);
    assert_eq!(report["rejected"], 0);
    assert_eq!(report["undated"], 1);
    assert_eq!((&report["first"], &report["last"]), (&json!("2024-01-03"), &json!("2024-03-15")));
    let killed = &report["metrics"]["killed"];
    assert_eq!(killed["increments"], 5);
    assert_eq!(killed["counters"], 1);
    assert_eq!(killed["value"], 23);
}

#[test]
fn a_remark_is_no_loss() {
    let report = dateline(&["check", &fixture("clashes.csv"), "--json"]).json();
    assert_eq!(report["issues"]["by_kind"]["low_above_value"], 1);
    let issue = &report["issue_list"][0];
    assert_eq!(issue["line"], 5);
    let keys: Vec<&str> = issue.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["line", "column", "value", "kind", "message", "action"]);
}

#[test]
fn a_preset_can_be_named_and_an_unknown_one_is_refused() {
    let plain = dateline(&["check", &fixture("clashes.csv"), "--preset", "table", "--json"]);
    assert_eq!((plain.code, &plain.json()["preset"]), (0, &json!(null)));
    dateline(&["check", &fixture("clashes.csv"), "--preset", "nonsense"]).fails_with("nonsense");
}

#[test]
fn check_tells_people_what_is_in_a_file() {
    let run = dateline(&["check", &fixture("clashes.csv")]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("6 events") && run.stdout.contains("killed") && run.stdout.contains("low above best"), "{}", run.stdout);
}

#[test]
fn a_dropped_cell_is_exit_status_one_and_its_row_is_kept() {
    let run = dateline(&["check", &fixture("broken.csv"), "--json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    assert_eq!((&report["rows"], &report["rejected"], &report["records"]), (&json!(8), &json!(0), &json!(8)));
    let kinds = &report["issues"]["by_kind"];
    assert_eq!(kinds["duplicate_id"], 1, "{kinds}");
    assert_eq!(kinds["not_finite"], 2, "{kinds}");
    assert!(kinds["invalid_date"].as_u64() >= Some(2), "{kinds}");
}

#[test]
fn series_prints_buckets_whose_sum_is_that_of_the_records() {
    let run = dateline(&["series", &fixture("clashes.csv"), "--metric", "killed"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "bucket,group,value,low,high,records\n2024-01-01,,14,11,16,2\n2024-02-01,,8,11,13,2\n");
    assert!(run.stderr.contains("1 undated"), "{}", run.stderr);
}

#[test]
fn series_shares_out_over_days_or_places_at_the_start() {
    let days = dateline(&["series", &fixture("clashes.csv"), "--metric", "killed", "--by", "day", "--where", "category:raid"]);
    assert_eq!(days.stdout.lines().count(), 30, "{}", days.stdout);
    let first =
        dateline(&["series", &fixture("clashes.csv"), "--metric", "killed", "--by", "day", "--where", "category:raid", "--no-spread"]);
    assert_eq!(first.stdout.lines().nth(1), Some("2024-02-01,,6,6,6,1"));
}

#[test]
fn series_groups_runs_up_and_speaks_json() {
    let by_side = dateline(&["series", &fixture("clashes.csv"), "--metric", "KILLED", "--by", "year", "--group", "Old key"]);
    assert_eq!(by_side.stdout, "bucket,group,value,low,high,records\n2024-01-01,Army,14,11,16,2\n2024-01-01,Militia,8,11,13,2\n");
    let running = dateline(&["series", &fixture("clashes.csv"), "--metric", "killed", "--mode", "cumulative", "--format", "json"]);
    let points = running.json();
    assert_eq!(points[1]["bucket"], "2024-02-01");
    assert_eq!(points[1]["value"], 22);
    assert_eq!(points[1]["group"], json!(null));
}

#[test]
fn rows_prints_chosen_records_in_order() {
    let run = dateline(&["rows", &fixture("clashes.csv"), "--where", "\"Old key\":army value>=4", "--sort", "-value", "--format", "jsonl"]);
    let rows: Vec<serde_json::Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.iter().map(|row| row["id"].as_str().unwrap()).collect::<Vec<_>>(), ["c2", "c1"]);
    assert_eq!(rows[0]["value"], 10);
    assert_eq!(rows[0]["place"], "Port, East");
    assert_eq!(rows[0].get("high"), None);
}

#[test]
fn rows_are_defused_for_spreadsheets_and_limited() {
    let run = dateline(&["rows", &fixture("clashes.csv"), "--where", "after:2024-02"]);
    assert!(run.stdout.contains("\"'=HYPERLINK(\"\"x\"\") quoted in a title\""), "{}", run.stdout);
    let limited = dateline(&["rows", &fixture("clashes.csv"), "--limit", "2"]);
    assert_eq!(limited.stdout.lines().count(), 3);
    assert!(limited.stdout.starts_with("id,"), "{}", limited.stdout);
}

#[test]
fn rows_by_a_repeated_id_have_an_address_each() {
    let run = dateline(&["rows", &fixture("broken.csv"), "--where", "after:2024-05-06", "--format", "jsonl"]);
    assert!(run.stdout.contains("{\"id\":\"b7\",") && run.stdout.contains("{\"id\":\"b7#2\","), "{}", run.stdout);
}

#[test]
fn a_record_is_found_by_its_id() {
    let run = dateline(&["record", &fixture("clashes.csv"), "c3"]);
    let record = run.json();
    assert_eq!(record["when"]["first"], "2024-02-01");
    assert_eq!(record["when"]["last"], "2024-02-29");
    assert_eq!(record["quantity"]["value"], 6);
    assert_eq!(record["fields"]["Old key"], "Militia");
    dateline(&["record", &fixture("clashes.csv"), "c33"]).fails_with("did you mean c3");
}

#[test]
fn a_broken_query_is_shown_at_its_place() {
    let run = dateline(&["rows", &fixture("clashes.csv"), "--where", "raid metrc:killed"]);
    run.fails_with("There is no field “metrc”. Did you mean metric? (at “metrc”, character 6)");
    dateline(&["rows", &fixture("clashes.csv"), "--sort", "valu"]).fails_with("--sort: there is no field “valu”. Did you mean value");
    dateline(&["series", &fixture("clashes.csv"), "--metric", "kiled"]).fails_with("Did you mean killed?");
    dateline(&["rows", &fixture("clashes.csv"), "--limit", "many"]).fails_with("--limit: “many” is not a whole number");
    dateline(&["series", &fixture("clashes.csv"), "--metric", "killed", "--date", "x"]).fails_with("--date");
}

#[test]
fn known_on_a_day_says_when_nothing_is_known_about_publication() {
    let run = dateline(&["rows", &fixture("clashes.csv"), "--known-on", "2024-01-31"]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 1), "{}", run.stderr);
    assert!(run.stderr.contains("nothing in this file has a date of publication"), "{}", run.stderr);
    dateline(&["rows", &fixture("clashes.csv"), "--known-on", "soon"]).fails_with("--known-on: “soon” is not a date");
}

#[test]
fn known_on_a_day_shows_what_had_been_published_by_its_end() {
    let file = fixture("claims.dateline.json");
    let run = dateline(&["rows", &file, "--known-on", "2030-01-11", "--format", "jsonl"]);
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    assert!(run.stderr.contains("1 record without a date of publication is left out"), "{}", run.stderr);
    let before = dateline(&["rows", &file, "--where", "known:2030-01-10", "--format", "jsonl"]);
    assert!(before.stdout.contains("\"id\":\"r1\"") && !before.stdout.contains("\"id\":\"r2\""), "{}", before.stdout);
}

#[test]
fn totals_are_readings_with_their_carriers_and_open_bounds_stay_empty() {
    let file = fixture("claims.dateline.json");
    let run = dateline(&["series", &file, "--metric", "killed", "--mode", "totals"]);
    assert_eq!(
        run.stdout,
        "date,counter,basis,value,low,high,qualifier,record,carriers\n\
         2030-01-09,Ministry of Defence of Eastland,total,300,300,,at_least,r1,2\n\
         2030-01-31,Coast Watch,total,,500,550,range,r3,1\n"
    );
    assert!(run.stderr.contains("1 repeats of a claim"), "{}", run.stderr);
    let ships = dateline(&["series", &file, "--metric", "ships"]);
    assert_eq!(ships.stdout, "bucket,group,value,low,high,records\n2030-01-01,,2,2,2,1\n");
    assert!(ships.stderr.contains("1 expected"), "{}", ships.stderr);
}

#[test]
fn a_record_comes_with_its_chain_repeats_and_related_articles() {
    let record = dateline(&["record", &fixture("claims.dateline.json"), "r1"]).json();
    let ids = |list: &serde_json::Value| list.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&record["chain"]), ["post", "wire", "mod"]);
    assert_eq!(record["quantity"]["high"], json!(null));
    assert_eq!(record["repeats"]["total"], 2);
    assert_eq!(ids(&record["repeats"]["records"]), ["r2"]);
    assert_eq!(ids(&record["related"]), ["a2", "a3"]);
    assert_eq!(record["related"][0]["listed"], true);
    assert_eq!(record["article"]["publisher"], "The Harbour Post");
}

#[test]
fn wrong_arguments_are_one_line_and_status_two() {
    dateline(&["series", &fixture("clashes.csv")]).fails_with("--metric");
    dateline(&["check", &fixture("clashes.csv"), "--jsn"]).fails_with("--json");
    dateline(&["series", "x.csv", "--metric", "killed", "--by", "fortnight"]).fails_with("fortnight");
}

#[test]
fn help_comes_from_the_table_and_is_no_failure() {
    let help = dateline(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    for command in ["check", "series", "record", "rows", "convert", "render"] {
        assert!(help.stdout.contains(command), "{}", help.stdout);
        let own = dateline(&[command, "--help"]);
        assert_eq!(own.code, 0);
        assert!(own.stdout.contains("FILE"), "{}", own.stdout);
    }
}

#[test]
fn chosen_records_become_native_json_with_how_they_were_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("part.dateline.json").display().to_string();
    let file = fixture("claims.dateline.json");
    let run = dateline(&["convert", &file, "--where", "metric:killed", "--known-on", "2030-01-11", "-o", &out]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let part: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(part["records"].as_array().unwrap().len(), 2);
    let selection = &part["selection"];
    assert_eq!((&selection["where"], &selection["records"], &selection["of"]), (&json!("metric:killed"), &json!(2), &json!(5)));
    assert_eq!(selection["known_on"], "2030-01-11");
    assert_eq!(selection["sha256"].as_str().map(str::len), Some(64));
    let report = dateline(&["check", &out, "--json"]).json();
    assert_eq!((&report["records"], &report["issues"]["total"]), (&json!(2), &json!(0)), "{report:#}");
}

#[test]
fn a_csv_has_its_selection_beside_it_and_jsonl_has_an_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).display().to_string();
    let file = fixture("clashes.csv");
    assert_eq!(dateline(&["convert", &file, "--where", "raid", "-o", &out("raids.csv")]).code, 0);
    let table = std::fs::read_to_string(out("raids.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");
    let meta: serde_json::Value = serde_json::from_slice(&std::fs::read(out("raids.csv.meta.json")).unwrap()).unwrap();
    assert_eq!(
        (&meta["selection"]["where"], &meta["selection"]["records"], &meta["selection"]["of"]),
        (&json!("raid"), &json!(3), &json!(6))
    );
    assert_eq!(dateline(&["convert", &file, "-o", &out("all.jsonl")]).code, 0);
    assert_eq!(std::fs::read_to_string(out("all.jsonl")).unwrap().lines().count(), 6);
}

#[test]
fn tables_for_other_programs_open_again_and_a_table_can_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).display().to_string();
    let file = fixture("clashes.csv");
    let records = |report: serde_json::Value| (report["records"].clone(), report["first"].clone(), report["metrics"].clone());
    let expected = records(dateline(&["check", &file, "--json"]).json());
    for (name, format) in [("a.parquet", "parquet"), ("a.arrow", "arrow"), ("a.geojson", "json")] {
        let run = dateline(&["convert", &file, "-o", &out(name)]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let report = dateline(&["check", &out(name), "--json"]).json();
        assert!(report["format"].as_str().is_some_and(|found| found.ends_with(format)), "{report:#}");
        assert_eq!(records(report), expected, "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left beside");
    let database = out("two.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.execute_batch("CREATE TABLE one(date, title); INSERT INTO one VALUES ('2024-01-01', 'A'); CREATE TABLE two(word); INSERT INTO two VALUES ('B'), ('C');").unwrap();
    drop(connection);
    assert_eq!(dateline(&["check", &database, "--json"]).json()["records"], 1);
    assert_eq!(dateline(&["check", &database, "--table", "two", "--json"]).json()["records"], 2);
    dateline(&["check", &database, "--table", "three"]).fails_with("there is no table “three” in it; there are one, two");
}

#[test]
fn a_file_is_never_written_over_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.csv").display().to_string();
    std::fs::copy(fixture("clashes.csv"), &file).unwrap();
    dateline(&["convert", &file, "-o", &file]).fails_with("own.csv");
    dateline(&["convert", &file, "-o", &format!("{}/./own.csv", folder.path().display())]).fails_with("own.csv");
    dateline(&["convert", &file, "-o", "x.xlsx"]).fails_with(".json, .csv, .jsonl, .parquet, .arrow or .geojson");
    // What is written beside a CSV is no less written, and so is a mapping.
    let beside = folder.path().join("x.csv.meta.json").display().to_string();
    std::fs::copy(&file, &beside).unwrap();
    dateline(&["convert", &beside, "-o", &folder.path().join("x.csv").display().to_string()]).fails_with("x.csv.meta.json");
    assert!(!folder.path().join("x.csv").exists());
    dateline(&["check", &folder.path().display().to_string(), "--mapping-out", &file]).fails_with("own.csv");
    dateline(&["check", &fixture("clashes.csv"), &file, "--mapping-out", &file]).fails_with("own.csv");
    let picture = folder.path().join("table.png").display().to_string();
    std::fs::copy(&file, &picture).unwrap();
    dateline(&["render", &picture, "--view", "timeline", "-o", &picture]).fails_with("table.png");
    for file in [file, beside, picture] {
        assert_eq!(std::fs::read(&file).unwrap(), std::fs::read(fixture("clashes.csv")).unwrap());
    }
}

#[test]
fn a_picture_is_drawn_without_a_display() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).display().to_string();
    let file = fixture("claims.dateline.json");
    let run = dateline(&["render", &file, "--view", "timeline", "--size", "640x400", "--scale", "2", "-o", &out("a.png")]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let png = std::fs::read(out("a.png")).unwrap();
    assert_eq!(png.get(16..24), Some([0, 0, 5, 0, 0, 0, 3, 32].as_slice()), "1280 by 800 in the header");
    let svg_args = ["render", &file, "--view", "board", "--title", "Imaginary & true", "--theme", "dark", "--from", "2030", "--to", "2030"];
    let run = dateline(&[svg_args.as_slice(), &["-o", &out("a.svg")]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(std::fs::read_to_string(out("a.svg")).unwrap().contains("Imaginary &amp; true"));
}

#[test]
fn a_picture_that_cannot_be_is_refused_in_a_line() {
    let file = fixture("clashes.csv");
    let refused = |more: &[&str], part: &str| {
        let args = ["render", file.as_str(), "--view", "timeline"];
        dateline(&[args.as_slice(), more].concat()).fails_with(part);
    };
    refused(&["-o", "x.gif"], ".png or .svg");
    refused(&["-o", "x.png", "--size", "big"], "--size: “big”");
    refused(&["-o", "x.png", "--size", "90000x90000"], "too large");
    refused(&["-o", "x.png", "--scale", "0"], "scale of 0");
    refused(&["-o", "no/such/folder/x.png"], "no/such/folder");
    refused(&["-o", "x.png", "--from", "2025", "--to", "2024"], "--from and --to");
    dateline(&["render", &file, "--view", "shipments", "-o", "x.png"]).fails_with("no shipments");
}

#[test]
fn without_a_display_the_sample_becomes_pictures() {
    let run = dateline(&[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("no display"), "{}", run.stderr);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("dateline-pictures");
    for view in ["timeline", "casualties", "shipments", "totals", "board"] {
        assert!(folder.join(format!("{view}.png")).is_file(), "{view}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let mut child = spawned(&["rows", &fixture("clashes.csv")]);
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("panicked"), "{:?} {said}", output.status);
}
