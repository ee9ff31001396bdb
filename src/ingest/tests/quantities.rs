//! Numbers of whole files: which metric they have, what they cover, and what is said where the file does not tell.

use std::fmt::Write as _;

use super::{issue, read};
use crate::data::{Basis, Dataset, IssueKind, Otherwise};
use crate::ingest::{Input, Options, SavedMapping, load};
use crate::work::{Cancel, Progress};

fn read_with(text: &str, options: &Options) -> Dataset {
    let input = Input::Bytes { name: "made.csv".to_owned(), bytes: text.as_bytes().into() };
    load(&input, options, &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

fn basis_of(dataset: &Dataset, metric: &str) -> Vec<Option<Basis>> {
    let quantities = (0..dataset.records.len() as u32).filter_map(|row| dataset.records.quantity(row));
    let mut found: Vec<_> = quantities.filter(|quantity| quantity.metric == metric).map(|quantity| quantity.basis).collect();
    found.dedup();
    found
}

#[test]
fn metrics_without_a_basis_are_increments_or_totals_and_it_is_said() {
    let mut text = "date,metric,value\n".to_owned();
    for day in 1..=28 {
        writeln!(text, "2024-02-{day:02},killed,{}\n2024-02-{day:02},sent,{}", day * 7 % 5, day * day).unwrap();
    }
    let dataset = read("made.csv", &text);
    assert_eq!(basis_of(&dataset, "killed"), [Some(Basis::Increment)]);
    assert_eq!(basis_of(&dataset, "sent"), [Some(Basis::Total)]);
    let changes: Vec<&Otherwise> = dataset.origin.assumptions.iter().map(|assumption| &assumption.change).collect();
    assert_eq!(changes, [&Otherwise::Basis("sent".to_owned(), Basis::Increment), &Otherwise::OtherBases(Basis::Total)]);
    assert_eq!(
        dataset.origin.assumptions[1].why,
        "no column says whether the numbers of its other metrics are increments or running totals"
    );
    assert_eq!(issue(&dataset, IssueKind::Assumption).column.as_deref(), Some("value"));
    let chosen = changes.into_iter().fold(Options::default(), |options, change| options.with(change.clone()));
    let other = read_with(&text, &chosen);
    assert_eq!((basis_of(&other, "killed"), basis_of(&other, "sent")), (vec![Some(Basis::Total)], vec![Some(Basis::Increment)]));
    assert!(other.origin.assumptions.is_empty(), "what was chosen is no assumption");
}

#[test]
fn a_basis_that_the_table_gives_stands_and_a_row_without_a_number_has_none() {
    let dataset = read("made.csv", "date,metric,value,basis\n2024-01-01,killed,3,level\n2024-01-02,killed,4,\n");
    assert_eq!(basis_of(&dataset, "killed"), [Some(Basis::Level), None]);
    assert!(dataset.origin.assumptions.is_empty());
    let dataset = read("made.csv", "date,metric,value\n2024-01-01,killed,3\n2024-01-02,killed,\n");
    assert_eq!(basis_of(&dataset, "killed"), [Some(Basis::Increment), None]);
}

#[test]
fn a_number_without_a_metric_counts_by_the_name_of_its_column() {
    let quantity = |dataset: &Dataset| {
        let quantity = dataset.records.quantity(0).unwrap();
        (quantity.metric.to_owned(), quantity.value, quantity.unit.map(str::to_owned), quantity.basis)
    };
    let text = "date,title,value,unit\n2024-01-01,a,5,t\n2024-01-02,b,7,t\n";
    let dataset = read("made.csv", text);
    assert_eq!(quantity(&dataset), ("value".to_owned(), Some(5.0), Some("t".to_owned()), Some(Basis::Increment)));
    assert_eq!(dataset.origin.assumptions[0].change, Otherwise::OtherBases(Basis::Total));
    let given = |column: &str, more: &str| {
        let text = format!(
            "{{\"dateline_mapping\": 1, \"columns\": [{{\"name\": \"Datum\", \"role\": \"date\"}}, {{\"name\": \"Menge\", \"role\": \
             \"{column}\", \"has_decimal_comma\": true}}{more}}}"
        );
        SavedMapping::of_text(&text).unwrap().options
    };
    let table = "Datum;Menge;Tote\n01.03.2024;1.037,15;3\n02.03.2024;2.074,25;4\n";
    let dataset = read_with(table, &given("value", "]"));
    assert_eq!(quantity(&dataset), ("Menge".to_owned(), Some(1037.15), None, Some(Basis::Increment)));
    assert!(dataset.origin.assumptions.is_empty());
    let beside = ", {\"name\": \"Tote\", \"role\": \"quantity\"}], \"quantities\": [{\"metric\": \"killed\", \"basis\": \"increment\", \
                  \"value\": \"Tote\"}]";
    let dataset = read_with(table, &given("value", beside));
    assert_eq!((basis_of(&dataset, "Menge").len(), basis_of(&dataset, "killed").len(), dataset.records.len()), (1, 1, 4));
    assert_eq!(read_with(table, &given("high", "]")).records.quantity(0).and_then(|quantity| quantity.high), Some(1037.15));
}

#[test]
fn figures_with_words_and_signs_are_numbers_of_a_metric_and_what_is_none_is_said() {
    let dataset = read(
        "made.csv",
        "date,title,killed\n2024-01-01,a,about 300\n2024-01-02,b,at least 50\n2024-01-03,c,10-20\n2024-01-04,d,~5\n2024-01-05,e,dozens\n",
    );
    let values: Vec<_> = (0..5).map(|row| dataset.records.quantity(row).and_then(|quantity| quantity.value.or(quantity.low))).collect();
    assert_eq!(values, [Some(300.0), Some(50.0), Some(10.0), Some(5.0), None]);
    let said = issue(&dataset, IssueKind::InvalidNumber);
    assert_eq!((said.line, said.value.as_str()), (Some(6), "dozens"));
}

#[test]
fn a_point_groups_thousands_where_the_rest_of_the_file_is_written_so() {
    let first = |text: &str| {
        let dataset = read("made.csv", text);
        let changes: Vec<Otherwise> = dataset.origin.assumptions.iter().map(|assumption| assumption.change.clone()).collect();
        (dataset.records.quantity(0).unwrap().value, changes.contains(&Otherwise::DecimalComma("killed".to_owned(), false)))
    };
    assert_eq!(first("date;title;killed\n2024-02-13;a;1.234\n2024-02-14;b;2.500\n"), (Some(1234.0), true));
    assert_eq!(first("date,title,killed\n13.02.2024,a,1.234\n14.02.2024,b,2.500\n"), (Some(1234.0), true));
    assert_eq!(first("date\ttitle\tkilled\ttons\n2024-02-13\ta\t1.234\t3,5\n2024-02-14\tb\t2.500\t4,25\n"), (Some(1234.0), true));
    assert_eq!(first("date,title,killed\n2024-02-13,a,1.234\n2024-02-14,b,2.500\n"), (Some(1.234), false));
    assert_eq!(first("date;title;killed\n2024-02-13;a;1.234\n2024-02-14;b;2.5\n"), (Some(1.234), false));
}

#[test]
fn rows_that_a_stray_quote_has_made_part_of_a_cell_are_told() {
    let text = "date,title,category,killed\n2024-01-09,\"Nine, in\ntwo lines\",B,1\n2024-01-10,\"Ten,A,7\n2024-01-11,Eleven,B,8\n\
                2024-01-12,Twelve,\"A\",9\n2024-01-13,Last,A,1\n";
    let dataset = read("made.csv", text);
    assert_eq!(dataset.issues.counts.get(&IssueKind::SwallowedRows), Some(&1));
    let said = issue(&dataset, IssueKind::SwallowedRows);
    assert_eq!((said.line, said.column.as_deref()), (Some(4), Some("title")));
    assert!(said.message.contains("closes 2 lines further down"), "{}", said.message);
}

#[test]
fn elements_that_are_no_objects_are_rejected_among_objects_and_rows_where_there_are_none() {
    let good = "{\"date\":\"2024-01-01\",\"killed\":3}";
    for (name, text, lines) in
        [("made.jsonl", format!("{good}\n[1,2]\n7\n{good}\n"), [2, 3]), ("made.json", format!("[[0],\n{good},\n[1,2],\n{good}]"), [1, 3])]
    {
        let dataset = read(name, &text);
        let rejected: Vec<u64> = dataset.issues.rejected.iter().map(|row| row.line).collect();
        assert_eq!((dataset.records.len(), dataset.origin.rejected, rejected), (2, 2, lines.to_vec()), "{name}");
        assert_eq!(dataset.issues.counts.get(&IssueKind::RejectedRow), Some(&2), "{name}");
    }
    assert_eq!(read("made.jsonl", "[1,2]\n[3,4]\n").records.len(), 2);
    let mixed = read("made.json", "[null, 1, \"1\", {}]");
    assert_eq!((mixed.records.len(), mixed.origin.rejected), (4, 0), "an empty object makes no list of objects");
    let huge = read("made.json", "[1E22]");
    assert_eq!((huge.records.len(), huge.issues.counts.get(&IssueKind::ImplausibleNumber)), (1, None), "a bare number counts nothing");
}
