//! What every target does with its bytes: read them as a file of some name, and hold what was read to its own word.

use std::sync::{Arc, LazyLock};

use dateline::data::Dataset;
use dateline::engine::memory::Memory;
use dateline::engine::{Ask, Engine as _};
use dateline::ingest::{Input, Options, load, rows_in_file_order, write_native};
use dateline::query::{Answer, Query, Schema, parse_filter};
use dateline::sample;
use dateline::work::{Cancel, Progress};

/// Longer inputs find nothing that shorter ones do not.
const BYTES_MAX: usize = 256 << 10;

/// Reads bytes as a file of this name. Whatever is in them, there is a dataset or an error, and the dataset holds together.
pub fn read(name: &str, bytes: &[u8]) {
    read_with(name, bytes, &Options::default());
}

/// The same, with choices of how to read.
pub fn read_with(name: &str, bytes: &[u8], options: &Options) {
    if bytes.len() > BYTES_MAX {
        return;
    }
    let Some(dataset) = loaded(name, bytes, options) else { return };
    let origin = &dataset.origin;
    assert!(origin.rejected <= origin.rows, "more rows rejected than there are: {origin:?}");
    // A row may give several records, but none that was taken gives none. What two releases have in common is one record.
    let is_whole = dataset.records.len() as u64 + origin.rejected >= origin.rows;
    assert!(is_whole || origin.releases.is_some(), "{} records of {origin:?}", dataset.records.len());
    let rows = rows_in_file_order(&dataset);
    let mut written = Vec::new();
    write_native(&dataset, &rows, None, &mut written).expect("memory takes every byte");
    let again = loaded("again.json", &written, &Options::default());
    let records = again.as_ref().map_or(0, |again| again.records.len());
    assert_eq!(records, dataset.records.len(), "records written and read again");
}

fn loaded(name: &str, bytes: &[u8], options: &Options) -> Option<Dataset> {
    let input = Input::Bytes { name: name.to_owned(), bytes: Arc::from(bytes) };
    load(&input, options, &mut |_| {}, &Cancel::default(), &Progress::default()).ok()
}

/// Reads a text as a query over the bundled sample; what can be read means the same when it is written and read again.
pub fn query(text: &str) {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(sample_schema);
    if let Ok(filter) = parse_filter(text, &SCHEMA) {
        let written = filter.to_text(&SCHEMA);
        assert_eq!(parse_filter(&written, &SCHEMA).as_ref(), Ok(&filter), "{text:?} was written as {written:?}");
    }
}

fn sample_schema() -> Schema {
    let dataset = loaded(sample::SAMPLE_NAME, sample::bytes(), &Options::default()).expect("the sample opens");
    let Ok(engine) = Memory::build(Arc::new(dataset), &Cancel::default()) else { unreachable!("nobody cancels") };
    match engine.answer(&Query::Schema, &Ask::plainly()) {
        Ok(Answer::Schema(schema)) => *schema,
        other => unreachable!("{other:?}"),
    }
}
