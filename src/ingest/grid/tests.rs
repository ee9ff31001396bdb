//! What files with tables become.

mod beside;
mod broken;
mod look;
mod nested;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{Int32Builder, ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StructArray, Time32SecondArray, TimestampMicrosecondArray, TimestampNanosecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field};
use expect_test::{Expect, expect};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::ingest::load;

fn try_read(name: &str, bytes: &[u8], options: &Options) -> Result<Dataset, LoadError> {
    let input = Input::Bytes { name: name.to_owned(), bytes: bytes.into() };
    load(&input, options, &mut |_| {}, &Cancel::default(), &Progress::default())
}

fn read(name: &str, bytes: &[u8]) -> Dataset {
    try_read(name, bytes, &Options::default()).unwrap()
}

/// A dataset in words: the file, every record, every issue.
fn told(dataset: &Dataset) -> String {
    let origin = &dataset.origin;
    let mut text = format!("{}: {} rows, {} skipped, {} rejected", origin.format, origin.rows, origin.skipped, origin.rejected);
    for (name, note) in &origin.notes {
        write!(text, "; {name}: {note}").unwrap();
    }
    text.push('\n');
    for row in crate::ingest::rows_in_file_order(dataset) {
        let fields = dataset.records.fields();
        let shown = fields.iter().filter(|info| !matches!(info.key.as_str(), "kind" | "measure" | "basis" | "unit"));
        let cells = shown.filter_map(|info| Some(format!("{}={}", info.key, dataset.records.display(info.field, row)?)));
        writeln!(text, "{}", cells.collect::<Vec<_>>().join(" | ")).unwrap();
    }
    for issue in &dataset.issues.list {
        let place =
            format!("{} {}", issue.line.map_or_else(|| "-".to_owned(), |line| line.to_string()), issue.column.as_deref().unwrap_or("-"));
        writeln!(text, "! {place} {} [{}] {}; {}", issue.kind.key(), issue.value, issue.message, issue.action).unwrap();
    }
    text
}

#[track_caller]
fn assert_told(dataset: &Dataset, expected: &Expect) {
    expected.assert_eq(&told(dataset));
}

/// A ZIP archive with these files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook: for each sheet its name, its state and its rows as XML. Styles: 1 a day, 2 a day with a time, 3 a time, 4 a duration.
fn workbook(sheets: &[(&str, &str, &str)], properties: &str) -> Vec<u8> {
    let mut files: Vec<(String, String)> = Vec::new();
    let (mut list, mut links) = (String::new(), String::new());
    for (place, (name, state, rows)) in sheets.iter().enumerate() {
        let number = place + 1;
        write!(list, "<sheet name=\"{name}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"r{number}\"/>").unwrap();
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
        write!(links, "<Relationship Id=\"r{number}\" Type=\"{kind}\" Target=\"worksheets/sheet{number}.xml\"/>").unwrap();
        files.push((format!("xl/worksheets/sheet{number}.xml"), format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")));
    }
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy-mm-dd hh:mm\"/><numFmt numFmtId=\"171\" formatCode=\"hh:mm\"/>\
                  <numFmt numFmtId=\"172\" formatCode=\"[h]:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
                  <xf numFmtId=\"170\"/><xf numFmtId=\"171\"/><xf numFmtId=\"172\"/></cellXfs></styleSheet>";
    let strings = "<sst><si><t>id</t></si><si><t>Shared place</t></si></sst>";
    let spaces = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                  xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    files.push(("xl/workbook.xml".to_owned(), format!("<workbook {spaces}>{properties}<sheets>{list}</sheets></workbook>")));
    files.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{links}</Relationships>")));
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    let root = format!("<Relationships><Relationship Id=\"a\" Type=\"{kind}\" Target=\"xl/workbook.xml\"/></Relationships>");
    files.push(("_rels/.rels".to_owned(), root));
    files.push(("xl/styles.xml".to_owned(), styles.to_owned()));
    files.push(("xl/sharedStrings.xml".to_owned(), strings.to_owned()));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    archive(&files)
}

/// A row of a sheet; a cell is `text`, or `style:number`, or a whole element.
fn sheet_row(number: u32, cells: &[&str]) -> String {
    let cells = cells.iter().zip('A'..).map(|(cell, letter)| {
        let place = format!("{letter}{number}");
        match cell.split_once(':') {
            _ if cell.is_empty() => String::new(),
            _ if cell.starts_with('<') => cell.replace("<c", &format!("<c r=\"{place}\"")),
            Some((style, value)) if style.len() == 1 => format!("<c r=\"{place}\" s=\"{style}\"><v>{value}</v></c>"),
            _ => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        }
    });
    format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
}

fn events_sheet() -> String {
    [
        sheet_row(1, &["Losses of one week"]),
        sheet_row(3, &["<c t=\"s\"><v>0</v></c>", "date", "seen", "at", "lasted", "place", "killed", "sure", "share"]),
        sheet_row(
            4,
            &[
                "0:1.0",
                "1:45352",
                "2:45352.4375",
                "3:0.75",
                "4:1.5",
                "<c t=\"s\"><v>1</v></c>",
                "0:3",
                "<c t=\"b\"><v>1</v></c>",
                "<c><f>1/4</f><v>0.25</v></c>",
            ],
        ),
        sheet_row(
            5,
            &[
                "0:2",
                "1:45353",
                "2:45353",
                "3:0",
                "4:0.5",
                "Hill",
                "0:12",
                "<c t=\"b\"><v>0</v></c>",
                "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>",
            ],
        ),
        sheet_row(6, &["<c t=\"s\"><v>0</v></c>", "date", "seen", "at", "lasted", "place", "killed", "sure", "share"]),
        sheet_row(8, &["0:3", "1:45354", "", "", "", "Ford", "<c t=\"e\"><v>#N/A</v></c>"]),
    ]
    .concat()
}

#[test]
fn a_sheet_keeps_the_meaning_of_its_cells_and_its_header_is_found() {
    let bytes = workbook(&[("Read me", "visible", &sheet_row(1, &["About"])), ("Week", "visible", &events_sheet())], "");
    assert_told(
        &read("losses.xlsx", &bytes),
        &expect![[r"
        xlsx: 3 rows, 4 skipped, 0 rejected; table: Week; other tables: “Read me” (0 rows)
        id=1 | when=2024-03-01 | metric=killed | value=3 | place=Shared place | seen=2024-03-01T10:30:00 | at=18:00:00 | lasted=36:00:00 | sure=true | share=0.25
        id=2 | when=2024-03-02 | metric=killed | value=12 | place=Hill | seen=2024-03-02 | at=00:00:00 | lasted=12:00:00 | sure=false
        id=3 | when=2024-03-03 | place=Ford
        ! - - assumption [] the file has 2 tables; “Week” is read, not “Read me” (0 rows); another one can be chosen
        ! 5 share no_result [#DIV/0!] a formula that has no result; left empty
        ! 6 - repeated_header [] the header stands here once more; skipped
    "]],
    );
}

#[test]
fn a_workbook_that_counts_from_1904_gives_the_same_days() {
    let rows = [sheet_row(1, &["date", "title"]), sheet_row(2, &["1:43890", "First"]), sheet_row(3, &["1:43891", "Second"])].concat();
    let dataset = read("mac.xlsx", &workbook(&[("A", "visible", &rows)], "<workbookPr date1904=\"1\"/>"));
    assert_told(
        &dataset,
        &expect![[r"
        xlsx: 2 rows, 0 skipped, 0 rejected; table: A
        title=First | when=2024-03-01
        title=Second | when=2024-03-02
    "]],
    );
}

fn many_days(count: u32) -> String {
    let head = sheet_row(1, &["date", "title"]);
    std::iter::once(head).chain((0..count).map(|day| sheet_row(day + 2, &[&format!("1:{}", 45_000 + day), "Shelling"]))).collect()
}

#[test]
fn the_richest_visible_sheet_with_dates_is_read_and_any_other_can_be_asked_for() {
    let prose = (1..40).map(|row| sheet_row(row, &["Name", "Remark"])).collect::<String>();
    let (few, many, hidden) = (many_days(3), many_days(5), many_days(50));
    let sheets = [("Notes", "visible", prose.as_str()), ("Few", "visible", &few), ("Many", "visible", &many), ("Old", "hidden", &hidden)];
    let bytes = workbook(&sheets, "");
    let input = Input::Bytes { name: "book.xlsx".to_owned(), bytes: bytes.as_slice().into() };
    let infos = tables(&input).unwrap();
    let infos: Vec<_> = infos.iter().map(|info| (info.name.as_str(), info.rows, info.is_hidden, info.has_dates)).collect();
    assert_eq!(infos[1..], [("Few", Some(3), false, true), ("Many", Some(5), false, true), ("Old", Some(50), true, true)]);
    assert_eq!((infos[0].0, infos[0].3), ("Notes", false));
    let dataset = read("book.xlsx", &bytes);
    assert_eq!(dataset.records.len(), 5);
    assert!(dataset.issues.list[0].message.contains("“Many” is read, not “Notes”"), "{}", dataset.issues.list[0].message);
    let of = |table: &str| try_read("book.xlsx", &bytes, &Options { table: Some(table.to_owned()), ..Options::default() });
    assert_eq!(of("old").unwrap().records.len(), 50);
    let error = of("None").unwrap_err().to_string();
    assert!(error.contains("no table “None”") && error.contains("Notes, Few, Many, Old"), "{error}");
}

#[test]
fn a_cell_far_away_takes_no_memory_for_all_between() {
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let rows = format!("{}{far}", many_days(2));
    let dataset = read("far.xlsx", &workbook(&[("A", "visible", &rows)], ""));
    assert_eq!((dataset.records.len(), dataset.origin.skipped), (2, 1_048_573));
    assert_eq!(dataset.issues.list[0].kind, IssueKind::TooManyColumns);
}

#[test]
fn a_workbook_that_expands_beyond_measure_is_refused_with_a_number() {
    let blank = " ".repeat(66 << 20);
    let error = try_read("bomb.xlsx", &workbook(&[("A", "visible", &blank)], ""), &Options::default()).unwrap_err();
    assert!(matches!(&error, LoadError::Expands { reason, .. } if reason.contains("67 MB")), "{error}");
}

#[test]
fn a_spreadsheet_of_another_office_is_read_too() {
    let cell = |kind: &str, value: &str| format!("<table:table-cell office:value-type=\"{kind}\" {value}/>");
    let text = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let rows = [
        format!("<table:table-row>{}{}{}</table:table-row>", text("date"), text("title"), text("killed")),
        format!(
            "<table:table-row>{}{}{}</table:table-row>",
            cell("date", "office:date-value=\"2024-03-01\""),
            text("Raid"),
            cell("float", "office:value=\"4\"")
        ),
    ];
    let names = "xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"";
    let content = format!(
        "<office:document-content {names}><office:body><office:spreadsheet><table:table table:name=\"One\">{}</table:table></office:spreadsheet></office:body></office:document-content>",
        rows.concat()
    );
    let bytes = archive(&[
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ]);
    assert_told(
        &read("one.ods", &bytes),
        &expect![[r"
        ods: 1 rows, 0 skipped, 0 rejected; table: One
        title=Raid | when=2024-03-01 | metric=killed | value=4
    "]],
    );
}

/// Two rows of every kind of column that is common.
fn batch() -> RecordBatch {
    const DAY: i32 = 19_783;
    let mut words = StringDictionaryBuilder::<Int32Type>::new();
    words.append_value("shelling");
    words.append_value("raid");
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([Some("a"), None, Some("b")]);
    lists.append_null();
    let mut whole = Int32Builder::new();
    whole.append_value(7);
    whole.append_null();
    let inner: ArrayRef = Arc::new(Float64Array::from(vec![48.5, 49.0]));
    let point =
        StructArray::try_new(vec![Field::new("lat", DataType::Float64, true)].into(), vec![inner], Some(vec![true, false].into())).unwrap();
    let us = i64::from(DAY) * crate::time::DAY_US;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(LargeStringArray::from(vec!["e1", "e2"]))),
        ("date", Arc::new(Date32Array::from(vec![Some(DAY), Some(DAY + 1)]))),
        ("midnights", Arc::new(TimestampNanosecondArray::from(vec![us * 1_000, (us + crate::time::DAY_US) * 1_000]))),
        ("moment", Arc::new(TimestampMicrosecondArray::from(vec![us + 1_500_000, us]).with_timezone("Europe/Kyiv"))),
        ("clock", Arc::new(Time32SecondArray::from(vec![3_661, 0]))),
        ("share", Arc::new(Decimal128Array::from(vec![150, -25]).with_precision_and_scale(10, 2).unwrap())),
        ("killed", Arc::new(whole.finish())),
        ("large", Arc::new(Int64Array::from(vec![9_007_199_254_740_993, -1]))),
        ("part", Arc::new(Float64Array::from(vec![2.0, f64::NAN]))),
        ("sure", Arc::new(BooleanArray::from(vec![true, false]))),
        ("kind of event", Arc::new(words.finish())),
        ("parties", Arc::new(lists.finish())),
        ("point", Arc::new(point)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// The rows in two pieces, which become row groups or messages of their own.
fn halves(batch: &RecordBatch) -> [RecordBatch; 2] {
    let half = batch.num_rows() / 2;
    [batch.slice(0, half), batch.slice(half, batch.num_rows() - half)]
}

fn parquet_of(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    for part in halves(batch) {
        writer.write(&part).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn arrow_of(batch: &RecordBatch, compression: Option<CompressionType>, is_file: bool) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let mut bytes = Vec::new();
    if is_file {
        let mut writer = FileWriter::try_new_with_options(&mut bytes, &batch.schema(), options).unwrap();
        for part in &halves(batch) {
            writer.write(part).unwrap();
        }
        writer.finish().unwrap();
    } else {
        let mut writer = StreamWriter::try_new_with_options(&mut bytes, &batch.schema(), options).unwrap();
        for part in &halves(batch) {
            writer.write(part).unwrap();
        }
        writer.finish().unwrap();
    }
    bytes
}

#[test]
fn columns_of_all_types_keep_their_meaning() {
    assert_told(
        &read("events.parquet", &parquet_of(&batch(), Compression::UNCOMPRESSED)),
        &expect![[r"
            parquet: 2 rows, 0 skipped, 0 rejected
            id=e1 | when=2024-03-01 | metric=killed | value=7 | category=shelling | midnights=2024-03-01 | moment=2024-03-01T00:00:01.5Z | clock=01:01:01 | share=1.5 | large=9007199254740993 | part=2 | sure=true | parties=a; b | point.lat=48.5
            id=e2 | when=2024-03-02 | category=raid | midnights=2024-03-02 | moment=2024-03-01T00:00:00Z | clock=00:00:00 | share=-0.25 | large=-1 | sure=false
        "]],
    );
}

#[test]
fn every_compression_and_every_form_gives_the_same_records() {
    let compressions = [
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4_RAW,
    ];
    let without_head = |dataset: &Dataset| told(dataset).split_once('\n').unwrap().1.to_owned();
    let expected = without_head(&read("x", &parquet_of(&batch(), Compression::UNCOMPRESSED)));
    for compression in compressions {
        assert_eq!(without_head(&read("x", &parquet_of(&batch(), compression))), expected, "{compression:?}");
    }
    for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        for is_file in [true, false] {
            let dataset = read("x", &arrow_of(&batch(), compression, is_file));
            assert_eq!(dataset.origin.format, "arrow");
            assert_eq!(without_head(&dataset), expected, "{compression:?} {is_file}");
        }
    }
}

#[test]
fn what_stands_before_a_break_is_kept() {
    let titles: StringArray = (0..1_000).map(|number| Some(format!("Raid number {number}"))).collect();
    let plain = RecordBatch::try_from_iter([("title", Arc::new(titles) as ArrayRef)]).unwrap();
    for is_file in [true, false] {
        let bytes = arrow_of(&plain, None, is_file);
        let dataset = read("x", &bytes[..bytes.len() * 2 / 3]);
        assert_eq!(dataset.records.len(), 500, "{is_file}");
        assert_eq!(dataset.issues.list.last().unwrap().kind, IssueKind::Truncated);
    }
}

#[test]
fn a_message_that_names_more_bytes_than_can_be_takes_no_memory() {
    let text: StringArray = (0..100).map(|_| Some("the same text again and again")).collect();
    let plain = RecordBatch::try_from_iter([("title", Arc::new(text) as ArrayRef)]).unwrap();
    let mut bytes = arrow_of(&plain, Some(CompressionType::ZSTD), false);
    // The length of what comes out stands before each compressed array.
    let length = (29_i64 * 50).to_le_bytes();
    let at = bytes.windows(8).position(|window| window == length).unwrap();
    bytes[at..at + 8].copy_from_slice(&(1_i64 << 50).to_le_bytes());
    assert!(matches!(try_read("x", &bytes, &Options::default()), Err(LoadError::Damaged { .. })));
}

#[test]
fn a_later_row_that_tells_day_and_month_apart_is_heeded() {
    let mut days: Vec<String> = (0..5_000).map(|day| format!("0{}/0{}/2024", day % 9 + 1, day % 7 + 1)).collect();
    days.push("01/25/2024".to_owned());
    let plain = RecordBatch::try_from_iter([("date", Arc::new(StringArray::from(days)) as ArrayRef)]).unwrap();
    for bytes in [parquet_of(&plain, Compression::SNAPPY), arrow_of(&plain, None, true), arrow_of(&plain, None, false)] {
        let dataset = read("x", &bytes);
        assert_eq!(dataset.records.len(), 5_001);
        // Days come back, and the rows have nothing else.
        assert!(dataset.issues.counts.keys().all(|kind| *kind == IssueKind::DuplicateRow), "{:?}", dataset.issues.counts);
    }
}

fn database(path: &std::path::Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE remarks(text, number);
             INSERT INTO remarks VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 4);
             CREATE TABLE \"the \"\"events\"\"\"(id INTEGER PRIMARY KEY, date TEXT, place, killed, photo BLOB, share REAL);
             INSERT INTO \"the \"\"events\"\"\" VALUES
               (1, '2024-03-01', 'Hill', 3, x'00ff', 2.0), (2, '2024-03-02', CAST(x'c3e5' AS TEXT), 'about 4', 'text', 0.5), (3, NULL, 'Ford', NULL, NULL, NULL);
             CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, '2024-01-01' AS date FROM n;",
        )
        .unwrap();
}

#[test]
fn a_database_is_read_without_a_trace_and_a_log_beside_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd ?#%41 ім'я.db");
    database(&path);
    let bytes = std::fs::read(&path).unwrap();
    let load_path =
        || load(&Input::Path(path.clone()), &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    let dataset = load_path();
    assert_told(
        &dataset,
        &expect![[r#"
        sqlite: 3 rows, 0 skipped, 0 rejected; table: the "events"; other tables: “remarks” (4 rows), “endless” (rows not counted, hidden)
        id=1 | when=2024-03-01 | metric=killed | value=3 | place=Hill | share=2
        id=2 | when=2024-03-02 | metric=killed | value=4 | qualifier=about | place=�� | photo=text | share=0.5
        id=3 | place=Ford
        ! - - assumption [] the file has 3 tables; “the "events"” is read, not “remarks” (4 rows), “endless” (rows not counted, hidden); another one can be chosen
        ! 1 photo wrong_type [2 bytes] bytes that are no text; left empty
        ! 2 place invalid_text [��] bytes that are not UTF-8; shown as �
    "#]],
    );
    assert_eq!(told(&read("from memory.db", &bytes)), told(&dataset));
    assert!(dataset.origin.sha256.is_known() && dataset.origin.bytes == bytes.len() as u64);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written beside it");
    let mut name = path.file_name().unwrap().to_owned();
    name.push("-wal");
    std::fs::write(path.with_file_name(name), b"changes").unwrap();
    assert!(load_path().issues.list.iter().any(|issue| issue.message.contains("-wal beside the database holds changes")));
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_formula_without_a_stored_result_is_said_with_its_sheet_and_cell() {
    let rows = [
        sheet_row(1, &["date", "title", "killed"]),
        sheet_row(2, &["1:45000", "First", "<c><f>A1+1</f></c>"]),
        sheet_row(3, &["1:45001", "Second", "<c><f>A1+2</f><v>7</v></c>"]),
        sheet_row(4, &["1:45002", "Third", "<c><f t=\"shared\" si=\"0\"/><v></v></c>"]),
        sheet_row(5, &["1:45003", "Fourth", "<c s=\"1\"/>"]),
        sheet_row(6, &["1:45004", "Fifth", "<c t=\"str\"><f>\"\"</f><v></v></c>"]),
    ];
    let dataset = read("a.xlsx", &workbook(&[("Data", "visible", &rows.concat())], ""));
    let said: Vec<_> =
        dataset.issues.list.iter().map(|issue| (issue.kind, issue.line, issue.column.as_deref(), issue.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (IssueKind::NoResult, Some(2), Some("killed"), "the formula in Data!C2 has no stored result"),
            (IssueKind::NoResult, Some(4), Some("killed"), "the formula in Data!C4 has no stored result"),
        ]
    );
    let values: Vec<Option<f64>> = (0..5).map(|row| dataset.records.quantity(row).and_then(|quantity| quantity.value)).collect();
    assert_eq!(values, [None, Some(7.0), None, None, None]);
    assert_eq!(dataset.origin.line_words(4), "sheet “Data”, row 4");
}

#[test]
fn a_formula_that_breaks_its_rules_costs_no_cell() {
    let rows = [
        sheet_row(1, &["date", "title", "killed"]),
        sheet_row(2, &["1:45000", "First", "<c><f t=\"shared\">A1+1</f><v>3</v></c>"]),
        sheet_row(3, &["1:45001", "Second", "<c><f>A1+2</f><v>7</v></c>"]),
    ];
    let dataset = read("a.xlsx", &workbook(&[("Data", "visible", &rows.concat())], ""));
    let values: Vec<Option<f64>> = (0..2).map(|row| dataset.records.quantity(row).and_then(|quantity| quantity.value)).collect();
    assert_eq!((values, dataset.issues.total()), (vec![Some(3.0), Some(7.0)], 0));
}

#[test]
fn years_with_codes_are_the_same_intervals_in_a_sheet_and_in_a_text() {
    let sheet = [
        sheet_row(1, &["facility_name", "construction_start", "construction_end"]),
        sheet_row(2, &["Mill", "0:1986", "0:1992"]),
        sheet_row(3, &["Works", "0:1970", "0:9999"]),
        sheet_row(4, &["Plant", "0:-99", "0:7777"]),
        sheet_row(5, &["Store", "0:-99", "0:1991"]),
    ];
    let text = "facility_name,construction_start,construction_end\nMill,1986,1992\nWorks,1970,NA\nPlant,NA,NA\nStore,NA,1991\n";
    let whens = |dataset: &Dataset| -> Vec<Option<String>> {
        let field = crate::data::Field::WHEN;
        (0..4).map(|row| dataset.records.display(field, row)).collect()
    };
    let (one, other) = (read("a.xlsx", &workbook(&[("A", "visible", &sheet.concat())], "")), read("a.csv", text.as_bytes()));
    assert_eq!(whens(&one), whens(&other));
    assert_eq!(whens(&one).iter().flatten().count(), 3, "{:?}", whens(&one));
    assert_eq!(one.origin.assumptions.len(), 3, "{:?}", one.origin.assumptions);
}
