//! Several files through the reader: what unites, what stays apart, and what is said.

use std::path::Path;

use super::*;
use crate::data::{Field, Row, Skip, Status};
use crate::ingest;

fn options() -> Options {
    Options { without_snapshots: true, ..Options::default() }
}

fn read_with(files: &[(&str, &str)], options: &Options) -> Result<Dataset, LoadError> {
    let part = |(name, text): &(&str, &str)| {
        let input = Input::Bytes { name: (*name).to_owned(), bytes: text.as_bytes().into() };
        ((*name).to_owned(), input)
    };
    let input = Input::Several { name: "folder".to_owned(), parts: files.iter().map(part).collect(), said: Vec::new() };
    ingest::load(&input, options, &mut |_| {}, &Cancel::default(), &Progress::default())
}

fn read(files: &[(&str, &str)]) -> Dataset {
    read_with(files, &options()).unwrap()
}

fn of_folder(folder: &Path) -> Result<Dataset, LoadError> {
    ingest::load(&Input::Path(folder.to_owned()), &options(), &mut |_| {}, &Cancel::default(), &Progress::default())
}

/// The values of a field by row.
fn values(dataset: &Dataset, key: &str) -> Vec<Option<String>> {
    let field = Field::own(key).or_else(|| dataset.records.extra_fields().find(|info| info.key == key).map(|info| info.field)).unwrap();
    (0..dataset.records.len() as Row).map(|row| dataset.records.display(field, row)).collect()
}

fn words(dataset: &Dataset, key: &str) -> String {
    values(dataset, key).into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>().join(" ")
}

fn messages(dataset: &Dataset, kind: IssueKind) -> Vec<String> {
    let told = |issue: &crate::data::Listed| format!("{}: {}", issue.column.as_deref().unwrap_or_default(), issue.message);
    dataset.issues.list.iter().filter(|issue| issue.kind == kind).map(told).collect()
}

const JANUARY: &str = "id,date,place,killed\na1,2024-01-05,Alpha,3\na2,2024-01-06,Beta,4\n";
const FEBRUARY: &str = "id,date,place,killed\nb1,2024-02-05,Alpha,1\nb2,2024-02-30,Gamma,2\n";

#[test]
fn parts_of_one_table_are_one_dataset_with_a_field_for_the_file_and_one_counter() {
    let dataset = read(&[("2024/jan.csv", JANUARY), ("2024/feb.csv", FEBRUARY)]);
    assert_eq!(words(&dataset, "file"), "2024/jan.csv 2024/jan.csv 2024/feb.csv 2024/feb.csv");
    assert_eq!(words(&dataset, "id"), "a1 a2 b1 b2");
    assert_eq!(words(&dataset, "value"), "3 4 1 2");
    assert_eq!(dataset.origin.counter.as_deref(), Some("folder"), "parts of one table are no rivals");
    assert_eq!((dataset.origin.rows, dataset.origin.taken(), dataset.origin.format.as_str()), (4, 4, "csv"));
    let issue = dataset.issues.list.iter().find(|issue| issue.kind == IssueKind::InvalidDate).unwrap();
    assert_eq!((issue.file, issue.line, issue.row), (Some(1), Some(3), Some(3)));
    assert_eq!(dataset.origin.file_name_of(issue.file), "2024/feb.csv");
    let row = dataset.records.row_of_file_row(4).unwrap();
    assert_eq!(dataset.records.address(row), "b2");
}

#[test]
fn parts_that_are_packed_are_one_count_too() {
    let dataset = read(&[("jan.csv.gz", JANUARY), ("feb.csv.gz", FEBRUARY)]);
    assert_eq!(dataset.origin.counter.as_deref(), Some("folder"));
}

#[test]
fn files_of_different_shapes_unite_their_columns_and_keep_their_counters() {
    let json = "[{\"title\": \"a talk\", \"date\": \"2024-01-01\", \"speaker\": \"X\"}]";
    let dataset = read(&[("a.csv", JANUARY), ("b.json", json)]);
    assert_eq!(words(&dataset, "file"), "b.json a.csv a.csv");
    assert_eq!(words(&dataset, "speaker"), "X - -");
    assert_eq!((dataset.origin.format.as_str(), dataset.origin.counter.as_deref()), ("mixed", None));
    let counters: Vec<Option<&str>> = (0..3).map(|row| dataset.coded(row).and_then(|coded| dataset.coded_name(coded))).collect();
    assert_eq!(counters, [Some("b"), Some("a"), Some("a")], "each file counts for itself");
}

#[test]
fn tables_of_one_header_are_one_count_beside_files_of_another() {
    let other = "when,what,dead\n2024-01-01,x,9\n";
    let dataset = read(&[("jan.csv", JANUARY), ("feb.csv", FEBRUARY), ("c.csv", other)]);
    let counter = |name: &str| {
        let row = values(&dataset, "file").iter().position(|file| file.as_deref() == Some(name)).unwrap();
        dataset.coded(row as Row).and_then(|coded| dataset.coded_name(coded)).map(str::to_owned)
    };
    assert_eq!([counter("jan.csv"), counter("feb.csv"), counter("c.csv")].map(Option::unwrap), ["folder", "folder", "c"]);
    let numbers: Vec<Option<u32>> = (0..dataset.records.len() as Row).map(|row| dataset.coded(row)).collect();
    assert_eq!(numbers, [Some(2), Some(0), Some(0), Some(0), Some(0)], "by the first file that a counter has");
}

#[test]
fn a_column_of_dates_is_read_by_the_order_of_its_own_file() {
    let dataset = read(&[("us.csv", "day,event\n02/25/2024,a\n03/04/2024,b\n"), ("eu.csv", "day,event\n25/02/2024,c\n03/04/2024,d\n")]);
    let days: Vec<String> = (0..4).map(|row| crate::time::format_iso_day(dataset.records.span(Field::WHEN, row).unwrap().start)).collect();
    assert_eq!(days, ["2024-02-25", "2024-02-25", "2024-03-04", "2024-04-03"]);
    assert_eq!(words(&dataset, "title"), "a c b d");
}

#[test]
fn ids_that_stand_in_two_files_are_kept_and_addressed() {
    let dataset = read_with(&[("a.csv", JANUARY), ("b.csv", "id,date,what\na1,2024-03-01,else\nc,2024-03-02,x\n")], &options()).unwrap();
    let addresses: Vec<String> = (0..4).map(|row| dataset.records.address(row)).collect();
    assert_eq!(addresses, ["a1", "a2", "a1#2", "c"]);
    let issue = dataset.issues.list.iter().find(|issue| issue.kind == IssueKind::DuplicateId).unwrap();
    assert_eq!((issue.message.as_str(), issue.file), ("line 2 repeats the id a1", Some(1)));
    assert_eq!(dataset.issues.counts[&IssueKind::DuplicateId], 1);
}

fn native(source: &str, id: &str) -> String {
    format!(
        "{{\"format\": \"dateline\", \"version\": 1, \"sources\": [{source}, {{\"id\": \"un\", \"name\": \"United Nations\"}}], \
         \"articles\": [{{\"id\": \"1\", \"title\": \"{id}\", \"publisher\": \"nis\"}}], \
         \"records\": [{{\"id\": \"{id}\", \"kind\": \"claim\", \"when\": \"2024-01-01\", \"chain\": [\"un\", \"nis\"], \"article\": \"1\"}}]}}"
    )
}

#[test]
fn sources_of_one_id_and_different_content_are_not_mixed_and_equal_ones_unite() {
    let one = native("{\"id\": \"nis\", \"name\": \"National Intelligence Service\"}", "r1");
    let other = native("{\"id\": \"nis\", \"name\": \"Network of Independent Scholars\"}", "r2");
    let dataset = read(&[("a.dateline.json", &one), ("b.dateline.json", &other)]);
    let sources: Vec<(&str, &str)> = dataset.sources.iter().map(|source| (source.id.as_str(), source.name.as_str())).collect();
    assert_eq!(
        sources,
        [("nis", "National Intelligence Service"), ("un", "United Nations"), ("b.dateline.json/nis", "Network of Independent Scholars")]
    );
    let originators: Vec<&str> = (0..2).map(|row| dataset.sources[dataset.originator(row).unwrap().0 as usize].name.as_str()).collect();
    assert_eq!(originators, ["National Intelligence Service", "Network of Independent Scholars"]);
    let articles: Vec<&str> = dataset.articles.iter().map(|article| article.id.as_str()).collect();
    assert_eq!(articles, ["1", "b.dateline.json/1"]);
    let alike = read(&[("a.dateline.json", &one), ("b.dateline.json", &one.replace("\"r1\", \"kind\"", "\"r9\", \"kind\""))]);
    assert_eq!((alike.sources.len(), alike.articles.len(), alike.records.len()), (2, 1, 2));
}

#[test]
fn names_of_outlets_are_one_in_upper_and_lower_case_but_ids_of_sources_are_not() {
    let table = |id: &str, outlet: &str| format!("id,date,source\n{id},2024-03-01,{outlet}\n");
    let ids = |files: &[(&str, &str)]| {
        let sources = read(files).sources;
        sources.into_iter().map(|one| format!("{} {}", one.id, one.country.unwrap_or_default()).trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[("a.csv", &table("x", "Agency")), ("b.csv", &table("y", "AGENCY"))]), ["Agency"]);
    let one = native("{\"id\": \"nis\", \"country\": \"KR\"}", "r1");
    let other = native("{\"id\": \"NIS\", \"country\": \"US\"}", "r2").replace("\"nis\"", "\"NIS\"");
    assert_eq!(ids(&[("a.json", &one), ("b.json", &other)]), ["nis KR", "un", "NIS US"], "what is known of both is kept");
    let described = native("{\"id\": \"nis\", \"name\": \"National Intelligence Service\"}", "r1");
    assert_eq!(ids(&[("a.json", &described), ("b.csv", &table("y", "Nis"))]), ["nis", "un", "Nis"], "an outlet is not what has such an id");
    let apart = native("{\"id\": \"nis\"}, {\"id\": \"NIS\"}", "r1");
    assert_eq!(ids(&[("a.json", &apart), ("b.csv", &table("y", "Nis"))]), ["nis", "NIS", "un", "Nis"], "one file tells them apart");
}

#[test]
fn files_that_cannot_be_read_are_said_and_the_rest_opens() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    put("a.csv", JANUARY.as_bytes());
    put("deep/b.csv", FEBRUARY.as_bytes());
    put("empty.csv", b"");
    put("archive.csv", b"\x1f\x8b\x08\x00rest");
    put("readme.txt", b"About these files\nThey are invented.\n");
    put("picture.png", b"x");
    put(".hidden.csv", JANUARY.as_bytes());
    put("a.csv.meta.json", b"{}");
    let dataset = of_folder(folder.path()).unwrap();
    assert_eq!(words(&dataset, "file"), "a.csv a.csv deep/b.csv deep/b.csv");
    assert_eq!(
        messages(&dataset, IssueKind::FileNotRead),
        [
            "archive.csv: this is an archive, but a damaged one (after 0 bytes it cannot be unpacked: unexpected end of file); get it anew from where it came from",
            "empty.csv: the file is empty; choose one with records"
        ]
    );
    assert_eq!(
        messages(&dataset, IssueKind::FilePassedOver),
        [
            "readme.txt: no records were found: the text has no columns; choose a table with a header row, or JSON with a list of objects",
            ": a file is by its name no table: picture.png"
        ]
    );
    std::fs::remove_file(folder.path().join("a.csv")).unwrap();
    std::fs::remove_dir_all(folder.path().join("deep")).unwrap();
    let error = of_folder(folder.path()).unwrap_err().to_string();
    assert!(error.contains("none of 3 files could be read; the first: "), "{error}");
}

#[test]
fn a_folder_with_one_file_is_that_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("only.csv"), JANUARY).unwrap();
    std::fs::write(folder.path().join("notes.md"), "x").unwrap();
    let dataset = of_folder(folder.path()).unwrap();
    assert!(dataset.origin.path.ends_with("only.csv") && dataset.origin.files.is_empty());
    assert!(dataset.records.extra_fields().all(|info| info.key != "file"));
    assert_eq!(messages(&dataset, IssueKind::FilePassedOver), [": a file is by its name no table: notes.md"]);
    let own = Options { header: Some(ingest::HeaderRow::Absent), ..options() };
    let input = Input::Path(folder.path().to_owned());
    let options = options().with_file("only.csv", &own);
    let otherwise = ingest::load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    assert_eq!(otherwise.records.len(), dataset.records.len() + 1, "it is read in its own way where it has one");
}

#[test]
fn a_column_that_is_called_file_already_keeps_its_values() {
    let table = "date,event,file\n2024-01-01,a,x.log\n2024-01-02,b,y.log\n";
    let dataset = read(&[("one.csv", table), ("two.csv", &table.replace("2024", "2025"))]);
    assert_eq!(words(&dataset, "file"), "one.csv one.csv two.csv two.csv");
    assert_eq!(words(&dataset, "file_column"), "x.log y.log x.log y.log");
}

#[test]
fn skipped_lines_and_rejected_rows_of_all_files_are_counted() {
    let lines = "{\"date\": \"2024-01-01\", \"event\": \"a\"}\n{\"date\": \"2024-01-02\", \"event\": }\n{\"date\": \"2024-01-03\", \"event\": \"c\"}\n";
    let table = "Report,,\n\ndate,event,n\n2024-02-01,x,1\ndate,event,n\n\n2024-02-02,y,2\n";
    let dataset = read(&[("a.jsonl", lines), ("b.csv", table)]);
    let origin = &dataset.origin;
    assert_eq!((origin.rows, origin.rejected, origin.taken(), dataset.records.len()), (5, 1, 4, 4));
    assert_eq!(origin.skips, [(Skip::Preamble, 1), (Skip::RepeatedHeader, 1), (Skip::Blank, 2)]);
    assert_eq!(origin.skipped, 4);
    let [row] = dataset.issues.rejected.as_slice() else { panic!("{:?}", dataset.issues.rejected) };
    assert_eq!((row.line, row.file, row.text.as_str()), (2, Some(0), "{\"date\": \"2024-01-02\", \"event\": }"));
}

const OLD: &str = "id,date,place,killed,note\n1,2024-01-01,Alpha,3,\n2,2024-01-02,Beta,4,x\n3,2024-01-03,Gamma,5,\n4,2024-01-04,Delta,6,\n";
const NEW: &str =
    "id,date,place,killed,note\n2,2024-01-02,Beta,4,x\n3,2024-01-05,Gamma,7,late\n4,2024-01-04,Delta,6,\n5,2024-02-01,Alpha,1,\n";

#[test]
fn a_newer_release_shows_what_was_added_changed_and_removed_and_nothing_is_counted_twice() {
    let dataset = read(&[("v1.csv", OLD), ("v2.csv", NEW)]);
    assert_eq!(words(&dataset, "id"), "1 2 4 3 5");
    assert_eq!(words(&dataset, "release"), "removed same same changed added");
    assert_eq!(words(&dataset, "value"), "3 4 6 7 1", "the newer values are the record");
    assert_eq!(values(&dataset, "changes")[3].as_deref(), Some("title: nothing → late; when: 2024-01-03 → 2024-01-05; value: 5 → 7"));
    let releases = dataset.origin.releases.clone().unwrap();
    assert_eq!((releases.added, releases.changed, releases.removed, releases.same), (1, 1, 1, 2));
    assert_eq!((releases.older.as_str(), releases.newer.as_str()), ("v1.csv", "v2.csv"));
    let live: Vec<bool> = (0..5).map(|row| dataset.records.status(row) != Status::Removed).collect();
    assert_eq!(live, [false, true, true, true, true], "what was removed enters no sum");
    assert!(!dataset.issues.counts.contains_key(&IssueKind::DuplicateId));
}

#[test]
fn two_files_count_as_releases_only_where_most_ids_are_shared() {
    let apart = NEW.replace("2,2024", "12,2024").replace("3,2024", "13,2024").replace("4,2024", "14,2024");
    let unlike = read(&[("v1.csv", OLD), ("v2.csv", &apart)]);
    assert!(unlike.origin.releases.is_none() && messages(&unlike, IssueKind::Assumption).is_empty(), "{:?}", unlike.issues.list);
    let later_first = read(&[("new.csv", &apart), ("old.csv", OLD)]);
    assert_eq!(later_first.origin.files[0].name, "new.csv", "files that are no releases stand as they were named");
    let kept_apart = read_with(&[("v1.csv", OLD), ("v2.csv", NEW)], &Options { beside: Beside::Apart, ..options() }).unwrap();
    assert!(kept_apart.origin.releases.is_none());
    assert_eq!(kept_apart.records.len(), 8);
    let forced = read_with(&[("v1.csv", OLD), ("v2.csv", &apart)], &Options { beside: Beside::Releases, ..options() }).unwrap();
    let releases = forced.origin.releases.unwrap();
    assert_eq!((releases.added, releases.removed, releases.same), (4, 4, 0));
    let other_header = read(&[("v1.csv", OLD), ("v2.csv", &NEW.replace("note", "remark"))]);
    assert!(other_header.origin.releases.is_none(), "another header is another table");
}

#[test]
fn of_more_releases_the_newest_is_compared_with_the_one_before_it_and_older_ones_are_said() {
    let oldest = OLD.replace("4,2024-01-04,Delta,6,\n", "");
    for files in [
        [("v9.csv", &oldest), ("v10.csv", &OLD.to_owned()), ("v11.csv", &NEW.to_owned())],
        [("v11.csv", &NEW.to_owned()), ("v9.csv", &oldest), ("v10.csv", &OLD.to_owned())],
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let dataset = read(&files);
        let releases = dataset.origin.releases.clone().unwrap();
        assert_eq!((releases.older.as_str(), releases.newer.as_str()), ("v10.csv", "v11.csv"));
        assert_eq!((dataset.records.len(), releases.removed), (5, 1));
        let said = messages(&dataset, IssueKind::Assumption);
        assert!(said.iter().any(|message| message == ": older releases of the same dataset: v9.csv"), "{said:?}");
    }
}

#[test]
fn the_release_with_the_later_records_is_the_newer_one_where_names_do_not_tell() {
    let dataset = read(&[("current.csv", NEW), ("before.csv", OLD)]);
    let releases = dataset.origin.releases.clone().unwrap();
    assert_eq!((releases.older.as_str(), releases.newer.as_str()), ("before.csv", "current.csv"));
    let said = messages(&dataset, IssueKind::Assumption);
    assert!(said.iter().any(|message| message.ends_with("and its records go on for longer")), "{said:?}");
}

#[test]
fn parts_that_count_their_rows_alike_are_no_releases() {
    let part = |region: &str, head: &str, date: &str| {
        let row = |n: usize| format!("{n},{date},{region} {n},{}\n", n * 3 + region.len());
        std::iter::once(format!("id,{head},camp,held\n")).chain((1..=6).map(row)).collect::<String>()
    };
    for (head, date) in [("remark", "seen"), ("year", "2023"), ("date", "2024-02-01")] {
        let (north, south, west) = (part("North", head, date), part("South-East", head, date), part("West End", head, date));
        let dataset = read(&[("north.csv", &north), ("south.csv", &south), ("west.csv", &west)]);
        assert_eq!((dataset.records.len(), dataset.origin.releases.is_none()), (18, true), "{head}");
        assert!(read(&[("north.csv", &north), ("south.csv", &south)]).origin.releases.is_none(), "{head}");
    }
}

#[test]
fn releases_beside_another_table_are_not_compared_but_said() {
    let dataset = read(&[("v1.csv", OLD), ("v2.csv", NEW), ("other.csv", "when,what,dead\n2024-01-01,x,9\n")]);
    assert!(dataset.origin.releases.is_none());
    let said = messages(&dataset, IssueKind::Assumption);
    assert!(said.iter().any(|message| message.contains("look like releases") && message.ends_with("v1.csv, v2.csv")), "{said:?}");
}

#[test]
fn rows_that_became_several_records_are_compared_metric_by_metric() {
    let old = "id,date,killed,wounded\n1,2024-01-01,3,10\n2,2024-01-02,4,20\n";
    let new = "id,date,killed,wounded\n1,2024-01-01,3,11\n2,2024-01-02,4,20\n";
    let dataset = read(&[("a.csv", old), ("b.csv", new)]);
    let releases = dataset.origin.releases.clone().unwrap();
    assert_eq!((releases.changed, releases.same, releases.removed), (1, 3, 0));
    assert!(values(&dataset, "changes").contains(&Some("value: 10 → 11".to_owned())));
}

#[test]
fn parts_without_ids_or_with_ids_from_1_on_are_no_releases_and_lose_nothing() {
    let january = "date,killed,wounded\n2024-01-01,3,10\n2024-01-02,4,20\n";
    let february = "date,killed,wounded\n2024-02-01,1,5\n2024-02-02,2,6\n";
    let dataset = read(&[("jan.csv", january), ("feb.csv", february)]);
    assert!(dataset.origin.releases.is_none(), "the number of a row is no id");
    assert_eq!(words(&dataset, "value"), "3 10 4 20 1 5 2 6");
    assert_eq!(words(&dataset, "event_id"), "@1 @1 @2 @2 @3 @3 @4 @4", "no event is in two files");
    let addresses: Vec<String> = (0..8).map(|row| dataset.records.address(row)).collect();
    assert_eq!(addresses.join(" "), "@1 @1:wounded @2 @2:wounded @3 @3:wounded @4 @4:wounded");
    assert!(!dataset.issues.counts.contains_key(&IssueKind::DuplicateId));
    let numbered = |text: &str| {
        let lines =
            text.lines().enumerate().map(|(line, text)| format!("{},{text}\n", if line == 0 { "id".to_owned() } else { line.to_string() }));
        lines.collect::<String>()
    };
    let dataset = read(&[("jan.csv", &numbered(january)), ("feb.csv", &numbered(february))]);
    assert!(dataset.origin.releases.is_none(), "records of other dates are other records");
    assert_eq!(words(&dataset, "value"), "3 10 4 20 1 5 2 6");
    let forced = Options { beside: Beside::Releases, ..options() };
    let forced = read_with(&[("jan.csv", january), ("feb.csv", february)], &forced).unwrap();
    assert!(forced.origin.releases.is_none());
    let said = messages(&forced, IssueKind::Assumption);
    assert!(said.iter().any(|message| message.contains("records without ids cannot be compared")), "{said:?}");
}

#[test]
fn reading_several_files_can_be_cancelled() {
    let cancel = Cancel::default();
    cancel.cancel();
    let input = Input::Several {
        name: "x".to_owned(),
        parts: vec![
            ("a".to_owned(), Input::Bytes { name: "a.csv".to_owned(), bytes: JANUARY.as_bytes().into() }),
            ("b".to_owned(), Input::Bytes { name: "b.csv".to_owned(), bytes: FEBRUARY.as_bytes().into() }),
        ],
        said: Vec::new(),
    };
    let result = ingest::load(&input, &options(), &mut |_| {}, &cancel, &Progress::default());
    assert!(matches!(result, Err(LoadError::Cancelled)));
}

#[test]
fn names_tell_files_of_different_folders_apart() {
    let names = |paths: &[&str]| short_names(&paths.iter().map(std::path::PathBuf::from).collect::<Vec<_>>());
    assert_eq!(names(&["/d/a.csv", "/d/b.csv"]), ["a.csv", "b.csv"]);
    assert_eq!(names(&["/d/2023/a.csv", "/d/2024/a.csv"]), ["2023/a.csv", "2024/a.csv"]);
    assert_eq!(names(&["/d/a.csv", "/d/a.csv"]).len(), 2);
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn of_zip(files: &[(&str, &[u8])]) -> Result<Dataset, LoadError> {
    let input = Input::Bytes { name: "all.zip".to_owned(), bytes: zip(files).into() };
    ingest::load(&input, &options(), &mut |_| {}, &Cancel::default(), &Progress::default())
}

#[test]
fn an_archive_of_several_files_is_one_dataset_and_what_is_not_opened_is_said() {
    let inner = zip(&[("x.csv", JANUARY.as_bytes())]);
    let dataset = of_zip(&[
        ("data/", b""),
        ("data/v10.csv", FEBRUARY.as_bytes()),
        ("data/v9.csv", JANUARY.as_bytes()),
        ("data/more.zip", &inner),
        ("data/hidden.csv", &inner),
        ("data/notes.pdf", b"%PDF"),
        ("__MACOSX/data/._v9.csv", b"\0\x05"),
    ])
    .unwrap();
    assert_eq!(words(&dataset, "file"), "v9.csv v9.csv v10.csv v10.csv");
    assert_eq!((dataset.origin.path.as_str(), dataset.origin.files.len(), dataset.origin.counter.as_deref()), ("all.zip", 2, Some("all")));
    let file = &dataset.origin.files[0].origin;
    assert_eq!((file.bytes, file.rows), (JANUARY.len() as u64, 2));
    assert!(file.sha256.is_known());
    assert_eq!(
        messages(&dataset, IssueKind::FileNotRead),
        [
            "hidden.csv: this is an archive within an archive, which cannot be opened; save it as CSV, XLSX, Parquet or JSON first",
            ": archives within the archive: data/more.zip"
        ]
    );
    assert_eq!(
        messages(&dataset, IssueKind::FilePassedOver),
        [": files are by their names no tables: data/notes.pdf, __MACOSX/data/._v9.csv"]
    );
}

#[test]
fn a_file_of_an_archive_that_is_broken_or_packed_beyond_measure_spoils_no_other() {
    let zeros = vec![b'0'; 80 << 20];
    let mut bytes = zip(&[("a.csv", JANUARY.as_bytes()), ("bomb.csv", &zeros), ("c.csv", FEBRUARY.as_bytes())]);
    let dataset = |bytes: &[u8]| {
        let input = Input::Bytes { name: "all.zip".to_owned(), bytes: bytes.into() };
        ingest::load(&input, &options(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
    };
    let read = dataset(&bytes);
    assert_eq!(words(&read, "file"), "a.csv a.csv c.csv c.csv");
    let said = messages(&read, IssueKind::FileNotRead);
    assert!(said.len() == 1 && said[0].starts_with("bomb.csv: ") && said[0].contains("at most 500 times as much"), "{said:?}");
    // The checksum of the first file is another one now.
    let directory = bytes.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    bytes[directory + 16] ^= 1;
    let read = dataset(&bytes);
    assert_eq!(read.records.len(), 4);
    assert!(messages(&read, IssueKind::Truncated)[0].contains("checksum"), "{:?}", messages(&read, IssueKind::Truncated));
}

#[test]
fn a_single_table_beside_a_read_me_in_an_archive_is_read_as_itself_and_none_is_an_error() {
    let dataset = of_zip(&[("read me.md", b"# words"), ("a.csv", JANUARY.as_bytes())]).unwrap();
    assert_eq!((dataset.records.len(), dataset.origin.path.as_str(), dataset.origin.files.len()), (2, "all.zip/a.csv", 0));
    let error = of_zip(&[("a.png", b"x"), ("b.png", b"y")]).unwrap_err();
    assert!(matches!(error, LoadError::NoReadableFile { .. }), "{error}");
}
