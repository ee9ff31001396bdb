//! Small texts that people write: dates, and queries of the search box.

#![no_main]

use dateline::ingest::is_missing;
use dateline::time::{DateOrder, edtf_from_when, parse_edtf, parse_loose};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(when) = parse_edtf(text) {
        let written = edtf_from_when(&when);
        let again = parse_edtf(&written).unwrap_or_else(|error| panic!("{text:?} was written as {written:?}: {error}"));
        assert_eq!(again.span, when.span, "{text:?} was written as {written:?}");
    }
    for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
        let _read = parse_loose(text, order);
    }
    let _missing = is_missing(text);
    dateline_fuzz::query(text);
});
