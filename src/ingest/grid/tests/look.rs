//! What a person is shown of files with tables: the beginning, as it stands and as it becomes; what is chosen there is how it is read.

use super::*;
use crate::data::{Basis, Otherwise, Skip};
use crate::ingest::{Examined, HeaderRow, Role, RowKind, examine};
use crate::time::{DateOrder, format_iso_day};

fn look(name: &str, bytes: &[u8], options: &Options) -> Examined {
    let input = Input::Bytes { name: name.to_owned(), bytes: bytes.into() };
    examine(&input, options, &Cancel::default()).unwrap()
}

fn incidents() -> String {
    [
        sheet_row(1, &["Incidents of the north"]),
        sheet_row(3, &["day", "place", "deaths", "#note"]),
        sheet_row(4, &["#date", "#loc", "#n", "#note"]),
        sheet_row(5, &["01/02/2015", "Alpha", "0:3", "x"]),
        sheet_row(6, &["day", "place", "deaths", "#note"]),
        sheet_row(7, &["05/06/2015", "Beta", "0:4", "y"]),
    ]
    .concat()
}

#[test]
fn a_look_at_a_workbook_tells_its_sheets_its_rows_and_what_they_become() {
    let bytes = workbook(
        &[("Notes", "visible", &sheet_row(1, &["About"])), ("North", "visible", &incidents()), ("Days", "visible", &many_days(2))],
        "",
    );
    let seen = look("book.xlsx", &bytes, &Options { table: Some("North".to_owned()), ..Options::default() });
    assert_eq!((seen.tables.as_slice(), seen.table.as_deref()), (["Notes", "North", "Days"].map(str::to_owned).as_slice(), Some("North")));
    assert_eq!((seen.header, seen.delimiter, seen.is_fixed), (Some(HeaderRow::Row(1)), None, false));
    assert_eq!(
        seen.rows.iter().map(|row| (row.line, row.kind)).collect::<Vec<_>>(),
        [(1, RowKind::Preamble), (3, RowKind::Header), (4, RowKind::Tags), (5, RowKind::Data), (6, RowKind::Header), (7, RowKind::Data)]
    );
    let second = &seen.becomes[1];
    assert_eq!((second.row, second.place.as_deref(), second.value), (Some(5), Some("Beta"), Some(4.0)));
    let change = Otherwise::Order("day".to_owned(), DateOrder::MonthFirst);
    assert!(seen.is_whole && seen.assumptions.iter().any(|assumption| assumption.change == change), "{:?}", seen.assumptions);
    let options = Options { table: Some("North".to_owned()), ..Options::default() }.with(change);
    let dataset = try_read("book.xlsx", &bytes, &options).unwrap();
    assert!(dataset.origin.assumptions.iter().all(|assumption| !matches!(assumption.change, Otherwise::Order(..))));
    let when = dataset.records.when(crate::data::Field::WHEN, 0).map(|when| format_iso_day(when.span.start));
    assert_eq!(when.as_deref(), Some("2015-01-02"));
    assert_eq!(dataset.origin.columns, ["day", "place", "deaths", "#note"]);
    let skips = [(Skip::Preamble, 1), (Skip::RepeatedHeader, 1), (Skip::TagRow, 1), (Skip::Blank, 1)];
    assert_eq!((dataset.origin.skips.as_slice(), dataset.origin.skipped, dataset.origin.rows), (skips.as_slice(), 4, 2));
}

#[test]
fn a_header_and_a_mapping_of_a_sheet_are_as_they_are_chosen() {
    let bytes = workbook(&[("North", "visible", &incidents()), ("Days", "visible", &many_days(20))], "");
    let of_north = Options { table: Some("North".to_owned()), ..Options::default() };
    let absent = look("book.xlsx", &bytes, &Options { header: Some(HeaderRow::Absent), ..of_north.clone() });
    assert_eq!((absent.header, absent.header_names()[0].as_str()), (Some(HeaderRow::Absent), "column 1"));
    assert!(absent.assumptions.iter().all(|assumption| !matches!(assumption.change, Otherwise::Header(_))), "it was chosen");
    let mut mapping = look("book.xlsx", &bytes, &of_north).mapping;
    mapping.set_role(1, Role::Ignored);
    let options = Options { mapping: Some(mapping.clone()), ..of_north };
    let dataset = try_read("book.xlsx", &bytes, &options).unwrap();
    assert!(dataset.origin.notes.contains(&("columns left out".to_owned(), "place".to_owned())));
    assert!(dataset.records.fields().iter().all(|field| field.key != "place"));
    let error = try_read("book.xlsx", &bytes, &Options { table: Some("Days".to_owned()), ..options }).unwrap_err().to_string();
    assert!(error.starts_with("mapping: the file has no columns `day`"), "{error}");
    // A mapping that leaves out the dates of a sheet does not make another one the right one.
    let mut without = look("book.xlsx", &bytes, &Options::default());
    assert_eq!(without.table.as_deref(), Some("Days"));
    without.mapping.set_role(0, Role::Extra);
    let seen = look("book.xlsx", &bytes, &Options { mapping: Some(without.mapping), ..Options::default() });
    assert_eq!(seen.table.as_deref(), Some("Days"));
}

#[test]
fn only_the_beginning_of_large_tables_is_read() {
    let rows = 20_000_i32;
    let days: ArrayRef = Arc::new(Date32Array::from((0..rows).map(|row| Some(16_000 + row % 900)).collect::<Vec<_>>()));
    let numbers: ArrayRef = Arc::new(Float64Array::from((0..rows).map(|row| f64::from(row % 7) + 1.125).collect::<Vec<_>>()));
    let batch = RecordBatch::try_from_iter([("date", days), ("killed", numbers)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE small(a); CREATE TABLE events(date TEXT, killed INTEGER);
             WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < 19999)
             INSERT INTO events SELECT date('2015-01-01', x || ' days'), x % 7 FROM n;",
        )
        .unwrap();
    drop(connection);
    for (bytes, tables) in [
        (parquet_of(&batch, Compression::SNAPPY), 0),
        (arrow_of(&batch, None, true), 0),
        (arrow_of(&batch, None, false), 0),
        (std::fs::read(&path).unwrap(), 2),
    ] {
        let seen = look("x", &bytes, &Options::default());
        assert_eq!((seen.rows_read, seen.records, seen.is_whole, seen.tables.len()), (1_000, 1_000, false, tables), "{}", seen.format);
        assert_eq!((seen.header, seen.rows.len(), seen.rows[0].kind, seen.rows[0].line), (None, 60, RowKind::Data, 1));
        assert_eq!((seen.becomes[3].row, seen.header_names()), (Some(3), vec!["date".to_owned(), "killed".to_owned()]));
        let change = |assumption: &crate::data::Assumption| assumption.change.clone();
        assert!(!seen.assumptions.iter().map(change).any(|change| matches!(change, Otherwise::DecimalComma(..))), "a number has no comma");
        let mut mapping = seen.mapping.clone();
        mapping.measured[0].basis = Basis::Level;
        let dataset = try_read("x", &bytes, &Options { mapping: Some(mapping), ..Options::default() }).unwrap();
        assert_eq!((dataset.origin.rows, dataset.records.quantity(0).and_then(|quantity| quantity.basis)), (20_000, Some(Basis::Level)));
        assert_eq!(dataset.origin.columns, ["date", "killed"]);
    }
}
