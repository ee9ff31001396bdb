//! Several workers that take columns give what one gives that takes row after row.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::data::{Dataset, DatasetBuilder, Field, Origin, Row as Place};
use crate::ingest::mapping::Role;
use crate::ingest::split::Splitter;
use crate::ingest::taker::{Row, Taker};
use crate::ingest::{Input, load};
use crate::work::{Cancel, Progress};

/// Everything in a dataset as text: columns, records, sources, chains, articles, issues.
fn dump(dataset: &Dataset) -> String {
    let mut text = String::new();
    let records = &dataset.records;
    let fields = records.fields();
    for info in &fields {
        writeln!(text, "{} {:?} {} {:?}", info.key, info.kind, info.present, info.distinct).unwrap();
    }
    for row in 0..records.len() as Place {
        write!(text, "{} {} {:?} {:?}", records.address(row), records.file_row(row), records.chain(row), records.article(row)).unwrap();
        for info in &fields {
            write!(text, "|{}", records.display(info.field, row).unwrap_or_default()).unwrap();
        }
        text.push('\n');
    }
    writeln!(text, "{:#?}\n{:#?}\n{:#?}", dataset.sources, dataset.chains, dataset.articles).unwrap();
    let mut issues: Vec<String> = dataset.issues.list.iter().map(|issue| format!("{:?} {issue:?}", issue.line)).collect();
    issues.sort();
    writeln!(text, "{:?}\n{}", dataset.issues.counts, issues.join("\n")).unwrap();
    text
}

/// The table read row after row by one taker, by a mapping or as it is guessed.
fn slowly(text: &str, mapping: Option<&Mapping>) -> Option<Dataset> {
    let layout = dialect::layout(text.as_bytes(), "csv", (None, None), true);
    let mut columns = Plan::for_tests(&layout)?;
    if let Some(mapping) = mapping {
        columns.mapping = mapping.clone();
    }
    for _ in 0..8 {
        let mut builder = DatasetBuilder::new(Origin { counter: Some("made".to_owned()), ..Origin::default() });
        let mut taker = Taker::new(columns.mapping.clone(), &mut builder);
        let mut splitter = Splitter::new(text.as_bytes(), layout.dialect);
        let mut record = Record::default();
        let mut passed = 0;
        let mut taken = 0;
        while splitter.next(&mut record).unwrap() {
            passed += 1;
            if passed <= layout.preamble + usize::from(layout.has_header) {
                continue;
            }
            let (bytes, ends) = record.parts();
            let mut start = 0;
            let mut cells = Vec::new();
            for end in ends {
                cells.push((start, *end));
                start = *end;
            }
            taker.take(&mut builder, taken, Row { line: record.line, text: std::str::from_utf8(bytes).unwrap(), cells: &cells });
            taken += 1;
        }
        if let Some(reorder) = Taker::reorder(&[&taker]) {
            columns.learn(Again::Order(reorder));
            continue;
        }
        Taker::finish(&[&taker], &mut builder);
        return Some(builder.snapshot(1, true));
    }
    None
}

fn quickly(text: &str) -> Dataset {
    mapped(text, None)
}

fn mapped(text: &str, mapping: Option<&Mapping>) -> Dataset {
    let input = Input::Bytes { name: "made.csv".to_owned(), bytes: text.as_bytes().into() };
    let options = Options { mapping: mapping.cloned(), ..Options::default() };
    load(&input, &options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

/// What was guessed, with lists of sources, an originator, a region whose codes stand for words, and marks of missing values.
fn fuller(text: &str) -> Option<Mapping> {
    let mut mapping = Plan::for_tests(&dialect::layout(text.as_bytes(), "csv", (None, None), true))?.mapping;
    for column in &mut mapping.columns {
        match column.name.as_str() {
            "source" => (column.role, column.separator) = (Role::Source, Some(';')),
            "url" => (column.role, column.separator) = (Role::Link, Some('|')),
            "title" => (column.role, column.words) = (Role::Region, vec![("7.5".to_owned(), "Seven and a half".to_owned())]),
            "remark" => column.role = Role::Originator,
            _ => {}
        }
    }
    mapping.missing.extend(["12".to_owned(), "not a date".to_owned(), "2023-12-01".to_owned()]);
    Some(mapping)
}

fn cell() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        3 => Just("2024-01-31"), 2 => Just("2023-12-01"), 1 => Just("03/04/2024"), 1 => Just("25/12/2023"), 1 => Just("12/25/2023"),
        1 => Just("not a date"), 1 => Just("2024-02-30"), 2 => Just("12"), 2 => Just("7.5"), 1 => Just("-7.250"), 1 => Just("1,234"),
        1 => Just("~300"), 1 => Just("n/a"), 1 => Just("-"), 2 => Just(""), 1 => Just(" spaced "), 1 => Just("say \"it\""),
        1 => Just("two\nlines"), 1 => Just("Київ"), 1 => Just("https://a.example/1"), 1 => Just("https://a.example/2; and more"),
        1 => Just("Agency A"), 1 => Just("AGENCY a"), 1 => Just("Agency B; Agency C"), 1 => Just("999"), 1 => Just("95.5"),
    ]
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn columns_by_several_workers_are_rows_by_one(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 9), 30..90),
        dates in proptest::collection::vec(0_u32..28, 90),
    ) {
        let mut text = String::from("id,date,date_end,killed,latitude,source,url,title,published,remark\n");
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            writeln!(text, "{},2024-02-{:02},{}", number % 60, dates[number] + 1, cells[1..].join(",")).unwrap();
        }
        if let Some(slow) = slowly(&text, None) {
            prop_assert_eq!(dump(&quickly(&text)), dump(&slow));
        }
        if let Some(mapping) = fuller(&text)
            && let Some(slow) = slowly(&text, Some(&mapping))
        {
            prop_assert_eq!(dump(&mapped(&text, Some(&mapping))), dump(&slow));
        }
    }
}

#[test]
fn a_file_is_read_alike_however_often() {
    let mut text = String::from("id,date,killed,source,url,place\n");
    for row in 0..600 {
        writeln!(
            text,
            "{},2024-01-{:02},{},{} {},https://a.example/{},Place {}",
            row % 590,
            row % 28 + 1,
            row % 7,
            if row % 3 == 0 { "AGENCY" } else { "Agency" },
            row % 13,
            row % 50,
            row % 40
        )
        .unwrap();
    }
    let first = dump(&quickly(&text));
    assert!((0..20).all(|_| dump(&quickly(&text)) == first));
}

#[test]
fn a_year_of_the_end_beside_a_whole_date_is_its_end() {
    let text = "title,date,until\nBridge,2024-01-05,2026\nMill,2024-01-05,\n";
    let mut mapping = Plan::for_tests(&dialect::layout(text.as_bytes(), "csv", (None, None), true)).unwrap().mapping;
    (mapping.columns[1].role, mapping.columns[2].role) = (Role::When, Role::EndYear);
    let dataset = mapped(text, Some(&mapping));
    let mut lasted: Vec<_> = (0..2).map(|row| (dataset.records.title(row), dataset.records.display(Field::WHEN, row))).collect();
    lasted.sort();
    let expected = [("Bridge", "2024-01-05/2026"), ("Mill", "2024-01-05")];
    assert_eq!(lasted, expected.map(|(title, when)| (Some(title), Some(when.to_owned()))));
}

#[test]
fn text_that_is_not_utf8_far_down_is_found_and_read_in_its_encoding() {
    // Further down than what is looked at beforehand.
    let rows = crate::ingest::sniff::HEAD_BYTES / 30 + 100;
    let mut bytes = b"date,title\n".to_vec();
    for _ in 0..rows {
        bytes.extend_from_slice(b"2024-01-01,plain text of a row\n");
    }
    bytes.extend_from_slice(b"2024-01-02,Bogot\xe1 y Medell\xedn\n");
    let input = Input::Bytes { name: "made.csv".to_owned(), bytes: bytes.into() };
    let dataset = load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    assert_eq!(dataset.records.title(rows as Place), Some("Bogotá y Medellín"));
    assert_ne!(dataset.origin.encoding, "utf-8");
    let issue = dataset.issues.list.iter().find(|issue| issue.kind == crate::data::IssueKind::Assumption);
    assert_eq!(issue.and_then(|issue| issue.line), Some(rows as u64 + 2));
}
