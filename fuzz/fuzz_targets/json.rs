//! JSON: tables, documents of every kind, the native format.

#![no_main]

use dateline_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read("made.json", bytes));
