//! Packed files, and that broken files of any kind do no harm.

use proptest::prelude::*;

use super::*;

fn packed(bytes: &[u8], packing: &str) -> Vec<u8> {
    match packing {
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        "zstd" => zstd::encode_all(bytes, 3).unwrap(),
        _ => archive(&[("folder/events.csv", bytes), ("__MACOSX/._events.csv", b"x")]),
    }
}

fn csv() -> Vec<u8> {
    let mut text = "id,date,title,killed\n".to_owned();
    (0..900)
        .for_each(|day| writeln!(text, "{day},2024-{:02}-{:02},Raid number {day},{}", day % 12 + 1, day % 28 + 1, day * 7 % 11).unwrap());
    text.into_bytes()
}

#[test]
fn packed_files_are_what_is_in_them_and_are_named_as_they_are() {
    let plain = read("events.csv", &csv());
    for (packing, name) in [("gzip", "events.csv.gz"), ("zstd", "events.csv.zst"), ("zip", "events.zip")] {
        let bytes = packed(&csv(), packing);
        let dataset = read(name, &bytes);
        assert_eq!(dataset.origin.format, "csv");
        assert_eq!(dataset.origin.bytes, bytes.len() as u64, "{packing}");
        let mut sha256 = sha2::Sha256::default();
        sha2::Digest::update(&mut sha256, &bytes);
        assert_eq!(dataset.origin.sha256.get(), crate::ingest::feed::in_hexadecimal(sha256), "{packing}");
        assert_eq!(dataset.origin.counter.as_deref(), Some("events"));
        assert_eq!(dataset.records.len(), plain.records.len());
        assert_eq!(dataset.origin.notes[0], ("packed".to_owned(), packing.to_owned()));
        let parquet = read("x.parquet.gz", &packed(&parquet_of(&batch(), Compression::SNAPPY), packing));
        assert_eq!((parquet.origin.format.as_str(), parquet.records.len()), ("parquet", 2));
    }
    let twice: Vec<u8> = csv().chunks(10_000).flat_map(|part| packed(part, "gzip")).collect();
    assert_eq!(read("members.gz", &twice).records.len(), 900);
}

#[test]
fn of_a_broken_archive_the_beginning_is_kept() {
    for packing in ["gzip", "zip"] {
        let bytes = packed(&csv(), packing);
        let dataset = read("events.csv.gz", &bytes[..bytes.len() * 2 / 3]);
        assert!(dataset.records.len() > 100, "{packing}");
        assert!(dataset.issues.counts.contains_key(&IssueKind::Truncated), "{packing}");
    }
    let mut changed = packed(&csv(), "gzip");
    let checksum = changed.len() - 6;
    changed[checksum] ^= 1;
    let dataset = read("events.csv.gz", &changed);
    assert_eq!((dataset.records.len(), dataset.issues.counts.get(&IssueKind::Truncated)), (900, Some(&1)));
}

#[test]
fn bombs_are_refused_with_a_number() {
    let zeros = vec![b'0'; 80 << 20];
    for packing in ["gzip", "zstd", "zip"] {
        let error = try_read("x.csv", &packed(&zeros, packing), &Options::default()).unwrap_err();
        assert!(matches!(&error, LoadError::Expands { reason, .. } if reason.contains("at most 500 times as much")), "{packing}: {error}");
    }
}

#[test]
fn archives_that_cannot_be_read_say_why() {
    let error = |bytes: &[u8]| try_read("x.zip", bytes, &Options::default()).unwrap_err().to_string();
    assert!(error(&archive(&[])).contains("empty"));
    assert!(error(&archive(&[("word/document.xml", b"<w/>")])).contains("a Word document"));
    assert!(error(&packed(&packed(&csv(), "gzip"), "gzip")).contains("an archive within an archive"));
    let mut locked = archive(&[("a.csv", &csv())]);
    let directory = locked.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    assert!(error(&locked).contains("protected by a password"));
}

#[test]
fn a_very_long_text_that_stands_in_every_row_is_cut_in_every_row() {
    let mut words = StringDictionaryBuilder::<Int32Type>::new();
    let long = "x".repeat(3 << 20);
    (0..200).for_each(|_| words.append_value(&long));
    let batch = RecordBatch::try_from_iter([("title", Arc::new(words.finish()) as ArrayRef)]).unwrap();
    let dataset = read("x", &parquet_of(&batch, Compression::SNAPPY));
    assert_eq!((dataset.records.len(), dataset.issues.counts.get(&IssueKind::CellTooLong)), (200, Some(&200)));
}

#[test]
fn reading_stops_when_somebody_asks() {
    let cancel = Cancel::default();
    cancel.cancel();
    for bytes in fixtures() {
        let input = Input::Bytes { name: "x".to_owned(), bytes: bytes.into() };
        let result = load(&input, &Options::default(), &mut |_| {}, &cancel, &Progress::default());
        assert_eq!(result.unwrap_err(), LoadError::Cancelled);
    }
}

/// Either there are as many records as rows were taken, or one line says why there are none.
#[track_caller]
fn assert_sound(result: Result<Dataset, LoadError>) {
    match result {
        Ok(dataset) => assert!(dataset.records.len() as u64 >= dataset.origin.rows - dataset.origin.rejected),
        Err(error) => assert!(!error.to_string().contains('\n'), "{error:?}"),
    }
}

/// Small files of every kind.
fn fixtures() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    database(&path);
    vec![
        workbook(&[("A", "visible", &events_sheet()), ("B", "visible", &many_days(3))], ""),
        parquet_of(&batch(), Compression::UNCOMPRESSED),
        parquet_of(&batch(), Compression::ZSTD(ZstdLevel::default())),
        parquet_of(&batch(), Compression::LZ4_RAW),
        arrow_of(&batch(), None, true),
        arrow_of(&batch(), Some(CompressionType::LZ4_FRAME), true),
        arrow_of(&batch(), Some(CompressionType::ZSTD), false),
        std::fs::read(&path).unwrap(),
        packed(&csv()[..2_000], "gzip"),
        packed(&csv()[..2_000], "zstd"),
        packed(&csv()[..2_000], "zip"),
    ]
}

#[test]
fn a_file_that_is_cut_anywhere_gives_records_or_an_error() {
    for bytes in fixtures() {
        let step = (bytes.len() / 60).max(1);
        for end in (0..bytes.len()).step_by(step) {
            assert_sound(try_read("cut", &bytes[..end], &Options::default()));
        }
    }
}

proptest! {
    // Each case is one of every kind of file; PROPTEST_CASES asks for more.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 8, ..ProptestConfig::default() })]
    #[test]
    fn a_file_that_is_changed_anywhere_gives_records_or_an_error(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        thread_local! { static FIXTURES: Vec<Vec<u8>> = fixtures(); }
        FIXTURES.with(|fixtures| {
            for bytes in fixtures {
                let mut bytes = bytes.clone();
                for (place, byte) in &places {
                    let at = place.index(bytes.len());
                    bytes[at] = *byte;
                }
                assert_sound(try_read("changed", &bytes, &Options::default()));
            }
        });
    }
}
