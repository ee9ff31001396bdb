//! What is written as Parquet, Arrow and `GeoJSON`, and that it reads back as it was.

use std::fmt::Write as _;

use serde_json::Value;

use super::*;
use crate::data::{Field, FieldKind};
use crate::ingest::{Input, Options, load};
use crate::work::{Cancel, Progress};

fn read(name: &str, bytes: &[u8]) -> Dataset {
    let input = Input::Bytes { name: name.to_owned(), bytes: bytes.into() };
    load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

const EVENTS: &[u8] = b"id,date_start,date_end,title,place,latitude,longitude,killed,killed_low,killed_high,balance,remark of mine\n\
    1,2024-01-01,2024-01-03,=cmd|' /C calc'!A0,Hill,48.5,37.25,3,2,5,-5.5,\"a, \"\"b\"\"\"\n\
    2,2024-02,,Raid,Ford,,,,,,7,\n\
    3,,,Undated,Hill,49,38,0,0,0,,x\n";

const CLAIMS: &[u8] = br#"{"format":"dateline","version":1,"sources":[{"id":"s","name":"S"}],"records":[
    {"id":"r1","kind":"claim","title":"T","when":"2024-11/..","as_of":"2025-01-13","quantity":{"metric":"killed","value":300,"qualifier":"at_least","basis":"total","unit":"persons"},"from":"A","chain":["s"]},
    {"id":"r2","kind":"event","title":"U","when":"-0044-03-15?","quantity":{"metric":"killed","low":-1,"high":2.5,"basis":"increment"}}]}"#;

/// What follows from sources and articles.
const FROM_SOURCES: [&str; 4] = ["outlet", "originator", "chain", "article"];

/// All fields of all records, apart from those of sources and articles, which only the native format has.
fn fields(dataset: &Dataset) -> Vec<Vec<(String, String)>> {
    let infos = dataset.records.fields();
    let own = |row: Row| {
        let of = infos.iter().filter(|info| !FROM_SOURCES.iter().any(|name| info.key.starts_with(name)));
        of.filter_map(|info| Some((info.key.clone(), dataset.records.display(info.field, row)?))).collect()
    };
    rows_in_file_order(dataset).into_iter().map(own).collect()
}

fn written(dataset: &Dataset, ending: &str) -> Vec<u8> {
    let (rows, selection) = (rows_in_file_order(dataset), Selection { filter: Some("place:Hill".to_owned()), known_on: None });
    let mut bytes = Vec::new();
    match ending {
        "parquet" => write_parquet(dataset, &rows, &selection, &mut bytes).unwrap(),
        "arrow" => write_arrow(dataset, &rows, &selection, &mut bytes).unwrap(),
        _ => drop(write_geojson(dataset, &rows, &selection, &mut bytes).unwrap()),
    }
    bytes
}

#[test]
fn what_is_written_reads_back_as_it_was() {
    for source in [read("events.csv", EVENTS), read("claims.dateline.json", CLAIMS)] {
        for ending in ["parquet", "arrow", "geojson"] {
            let again = read(&format!("again.{ending}"), &written(&source, ending));
            assert_eq!(fields(&again), fields(&source), "{ending}");
            assert_eq!(again.issues.list, [], "{ending}");
            if ending != "geojson" {
                assert_eq!(again.origin.counter, source.origin.counter);
                assert!(again.origin.notes.iter().any(|(name, note)| name == "selection" && note.contains("place:Hill")), "{ending}");
            }
        }
    }
}

#[test]
fn columns_are_typed_and_dates_have_their_moments_beside() {
    use arrow_schema::{DataType, TimeUnit};
    let bytes = bytes::Bytes::from(written(&read("events.csv", EVENTS), "parquet"));
    let builder = ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    let schema = builder.schema();
    let kind = |name: &str| schema.field_with_name(name).unwrap().data_type().clone();
    assert_eq!(kind("when"), DataType::Utf8);
    assert_eq!(kind("when_start"), DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
    assert_eq!(kind("value"), DataType::Float64);
    assert!(matches!(kind("place"), DataType::Dictionary(..)));
    let about = builder.metadata().file_metadata().key_value_metadata().unwrap().iter().find(|pair| pair.key == "dateline").unwrap();
    let about: Value = serde_json::from_str(about.value.as_deref().unwrap()).unwrap();
    assert_eq!(
        (&about["selection"]["where"], &about["selection"]["of"], &about["counter"]),
        (&json!("place:Hill"), &json!(3), &json!("events"))
    );
    assert_eq!(about["selection"]["sha256"].as_str().unwrap().len(), 64);
    let batch = builder.build().unwrap().next().unwrap().unwrap();
    let ends = batch.column_by_name("when_end").unwrap();
    let ends = arrow_array::cast::AsArray::as_primitive::<arrow_array::types::TimestampMicrosecondType>(ends);
    assert_eq!(ends.value(0), crate::time::Time::from_ymd(2024, 1, 4).unwrap().0);
    assert!(arrow_array::Array::is_null(ends, 2));
}

#[test]
fn a_record_without_coordinates_has_no_geometry_and_is_counted() {
    let dataset = read("events.csv", EVENTS);
    let mut bytes = Vec::new();
    let placeless = write_geojson(&dataset, &rows_in_file_order(&dataset), &Selection::default(), &mut bytes).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(placeless, 1);
    assert_eq!(value["features"][0]["geometry"], json!({"type": "Point", "coordinates": [37.25, 48.5]}));
    assert_eq!(value["features"][1]["geometry"], Value::Null);
    assert!(value["features"][0]["properties"].get("lat").is_none());
    assert_eq!(value["features"][0]["properties"]["value"], 3);
}

#[test]
fn many_records_are_written_in_batches_that_share_their_words() {
    let mut text = "id,date,place,note\n".to_owned();
    (0..70_000).for_each(|row| writeln!(text, "{row},2024-01-{:02},P{},note {row}", row % 28 + 1, row % 50).unwrap());
    let source = read("many.csv", text.as_bytes());
    for ending in ["parquet", "arrow"] {
        let again = read("again", &written(&source, ending));
        assert_eq!(again.records.len(), 70_000);
        assert_eq!(again.records.category(Field::PLACE).unwrap().words(), 50);
        assert_eq!(again.records.fields().iter().filter(|info| info.kind == FieldKind::Date).count(), 1);
    }
}
