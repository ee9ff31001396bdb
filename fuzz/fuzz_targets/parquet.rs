//! Parquet files.

#![no_main]

use dateline_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read("made.parquet", bytes));
