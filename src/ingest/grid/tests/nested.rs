//! Lists, maps and structures in cells, and types that few files have: what Parquet makes of them is what Arrow makes of them, whose arrays
//! have them as they are.

use ::parquet::file::metadata::{ParquetMetaDataReader, ParquetMetaDataWriter};
use ::parquet::file::properties::WriterVersion;
use arrow_array::builder::{FixedSizeBinaryBuilder, Int64Builder, MapBuilder, StructBuilder};
use arrow_array::{
    Date64Array, Decimal256Array, DurationMillisecondArray, Float16Array, IntervalDayTimeArray, Time64NanosecondArray,
    TimestampSecondArray, UInt8Array, UInt32Array, UInt64Array,
};
use arrow_buffer::{IntervalDayTime, i256};
use arrow_ipc::writer::DictionaryHandling;

use super::*;

const ROWS: i64 = 700;

/// Numbers without an order.
fn dice(row: i64, sides: i64) -> i64 {
    (row * 7_919 + row / 3 + sides * 31).rem_euclid(sides)
}

fn nested() -> RecordBatch {
    let mut lists = ListBuilder::new(ListBuilder::new(Int64Builder::new()));
    let parts = vec![Field::new("who", DataType::Utf8, true), Field::new_list("when", Field::new_list_field(DataType::Int64, true), true)];
    let mut structures = ListBuilder::new(StructBuilder::from_fields(parts, 0));
    let mut maps = MapBuilder::new(None, StringBuilder::new(), ListBuilder::new(Int64Builder::new()));
    for row in 0..ROWS {
        for list in 0..dice(row, 4) {
            for item in 0..dice(row + list, 3) {
                lists.values().values().append_option((item != 1).then_some(row));
            }
            lists.values().append(dice(row + list, 5) > 0);
        }
        lists.append(dice(row, 6) > 0);
        for item in 0..dice(row, 3) {
            let structure = structures.values();
            structure.field_builder::<StringBuilder>(0).unwrap().append_option((dice(row + item, 3) > 0).then(|| format!("w{row}")));
            let list: &mut ListBuilder<Box<dyn arrow_array::builder::ArrayBuilder>> = structure.field_builder(1).unwrap();
            for number in 0..dice(row + item, 4) {
                list.values().as_any_mut().downcast_mut::<Int64Builder>().unwrap().append_value(number);
            }
            list.append(dice(row + item, 4) > 1);
            structure.append(dice(row + item, 5) > 0);
        }
        structures.append(dice(row, 7) > 0);
        for key in 0..dice(row, 3) {
            maps.keys().append_value(format!("k{key}"));
            for number in 0..dice(row + key, 3) {
                maps.values().values().append_value(number);
            }
            maps.values().append(dice(row + key, 4) > 0);
        }
        maps.append(dice(row, 5) > 0).unwrap();
    }
    let titles: StringArray = (0..ROWS).map(|row| Some(format!("Event {row}"))).collect();
    let columns: [(&str, ArrayRef); 4] = [
        ("title", Arc::new(titles)),
        ("lists", Arc::new(lists.finish())),
        ("structures", Arc::new(structures.finish())),
        ("maps", Arc::new(maps.finish())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
}

fn rare() -> RecordBatch {
    let each = |make: &dyn Fn(i64) -> Option<i64>| (0..ROWS).map(make).collect::<Vec<_>>();
    let holes = each(&|row| (dice(row, 5) > 0).then_some(row * 86_400_123 - 5_000_000));
    let small: Vec<Option<u8>> = holes.iter().map(|hole| hole.map(|number| number as u8)).collect();
    let mut codes = FixedSizeBinaryBuilder::new(16);
    for hole in &holes {
        match hole {
            Some(number) => codes.append_value([number.to_be_bytes(), (!number).to_be_bytes()].concat()).unwrap(),
            None => codes.append_null(),
        }
    }
    let wide: Decimal256Array = holes.iter().map(|hole| hole.map(|number| i256::from_i128(i128::from(number) << 60))).collect();
    let half: Float16Array = holes.iter().map(|hole| hole.map(|number| half_of((number % 97) as f32 / 8.0))).collect();
    let interval = |number: i64| IntervalDayTime { days: (number % 40) as i32, milliseconds: (number % 1_000) as i32 };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("title", Arc::new((0..ROWS).map(|row| Some(format!("Event {row}"))).collect::<StringArray>())),
        ("seconds", Arc::new(TimestampSecondArray::from(holes.clone()))),
        ("midnight", Arc::new(Date64Array::from(each(&|row| Some(row * 86_400_000))))),
        ("lasted", Arc::new(DurationMillisecondArray::from(holes.clone()))),
        ("clock", Arc::new(Time64NanosecondArray::from(each(&|row| Some(row * 1_234_567_891 % 86_400_000_000_000))))),
        ("narrow", Arc::new(UInt8Array::from(small))),
        ("unsigned", Arc::new(holes.iter().map(|hole| hole.map(|number| number as u32)).collect::<UInt32Array>())),
        ("large", Arc::new(holes.iter().map(|hole| hole.map(|number| number as u64)).collect::<UInt64Array>())),
        ("wide", Arc::new(wide.with_precision_and_scale(60, 7).unwrap())),
        ("half", Arc::new(half)),
        ("code", Arc::new(codes.finish())),
        ("interval", Arc::new(holes.iter().map(|hole| hole.map(|number| interval(number.abs()))).collect::<IntervalDayTimeArray>())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn half_of(number: f32) -> <arrow_array::types::Float16Type as arrow_array::ArrowPrimitiveType>::Native {
    <arrow_array::types::Float16Type as arrow_array::ArrowPrimitiveType>::Native::from_f32(number)
}

/// In pages of a few values, of either version.
fn paged(batch: &RecordBatch, compression: Compression, version: WriterVersion) -> Vec<u8> {
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_writer_version(version)
        .set_data_page_row_count_limit(50)
        .set_write_batch_size(7)
        .set_max_row_group_row_count(Some(300));
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn what_is_nested_and_what_is_rare_is_the_same_in_either_format() {
    for (batch, has) in [(nested(), "structures=who: w19, when: 0; 1; 2; who: w19"), (rare(), "lasted=PT")] {
        let rows = |bytes: &[u8]| told(&read("x", bytes)).split_once('\n').unwrap().1.to_owned();
        let expected = rows(&arrow_of(&batch, None, true));
        assert!(expected.contains(has), "{}", &expected[..2_000]);
        assert_eq!(expected.lines().filter(|line| line.starts_with("title=")).count(), ROWS as usize);
        for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::BROTLI(BrotliLevel::default())] {
            for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
                let found = rows(&paged(&batch, compression, version));
                for (found, expected) in found.lines().zip(expected.lines()) {
                    assert_eq!(found, expected, "{compression:?} {version:?}");
                }
                assert_eq!(found.lines().count(), expected.lines().count());
            }
        }
    }
}

#[test]
fn text_that_is_none_costs_one_cell_and_is_said() {
    use ::parquet::data_type::{ByteArray, ByteArrayType};
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;
    let schema = parse_message_type("message m { OPTIONAL BYTE_ARRAY title (UTF8); }").unwrap();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let values = [ByteArray::from("Raid"), ByteArray::from(vec![0xc3, 0x28]), ByteArray::from("Fire")];
    column.typed::<ByteArrayType>().write_batch(&values, Some(&[1, 1, 0, 1]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let dataset = read("x", &bytes);
    assert_eq!(dataset.records.len(), 4);
    assert_eq!(dataset.issues.counts.get(&IssueKind::WrongType), Some(&1));
}

#[test]
fn a_dictionary_that_grows_has_all_its_words() {
    let options = IpcWriteOptions::default().with_dictionary_handling(DictionaryHandling::Delta);
    let batch = |words: &[&str]| {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        for word in ["shelling", "raid", "fire"].iter().take(words.len() - 1).chain(words) {
            builder.append_value(word);
        }
        RecordBatch::try_from_iter([("type", Arc::new(builder.finish()) as ArrayRef)]).unwrap()
    };
    let batches = [batch(&["shelling", "raid"]), batch(&["shelling", "raid", "fire"])];
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new_with_options(&mut bytes, &batches[0].schema(), options).unwrap();
    for batch in &batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
    assert_eq!(bytes.windows(4).filter(|window| window == b"raid").count(), 1, "only new words are written");
    let told = told(&read("x", &bytes));
    let words: Vec<&str> = told.lines().skip(1).filter_map(|line| line.split("category=").nth(1)).collect();
    assert_eq!(words, ["shelling", "shelling", "raid", "shelling", "raid", "shelling", "raid", "fire"]);
}

/// Written by another program: pages without a value, days counted in milliseconds, durations in maps, two columns of one name.
#[test]
fn odd_pages_and_notes_of_other_programs_are_understood() {
    let dataset = read("odd.parquet", include_bytes!("../../../../tests/fixtures/odd_pages.parquet"));
    let told = told(&dataset);
    assert_told_lines(
        &told,
        &[
            "when=2024-03-01 | squads=1; 2 | seen=2024-03-01 | watches=watch: PT90S | lasted=PT60S | lasted (2)=0",
            "when=2024-03-20 | seen=2024-03-20 | watches=watch: PT109S | lasted=PT79S | lasted (2)=19",
        ],
    );
    assert_eq!(dataset.records.len(), 20, "{told}");
}

fn assert_told_lines(told: &str, lines: &[&str]) {
    for line in lines {
        assert!(told.lines().any(|own| own == *line), "{line}\n in \n{told}");
    }
}

#[test]
fn levels_that_cannot_be_are_told() {
    let bytes = include_bytes!("../../../../tests/fixtures/levels_disagree.parquet");
    let error = try_read("x.parquet", bytes, &Options::default()).unwrap_err();
    assert!(matches!(&error, LoadError::Damaged { reason, .. } if reason.contains("levels of \"")), "{error}");
}

#[test]
fn a_footer_that_is_wrong_about_rows_loses_none() {
    let titles: StringArray = (0..1_000).map(|number| Some(format!("Raid number {number}"))).collect();
    let plain = RecordBatch::try_from_iter([("title", Arc::new(titles) as ArrayRef)]).unwrap();
    let bytes = bytes::Bytes::from(parquet_of(&plain, Compression::SNAPPY));
    for by in [-70, 70] {
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&bytes).unwrap();
        let groups = metadata.row_groups().iter();
        let groups = groups.map(|group| group.clone().into_builder().set_num_rows(group.num_rows() + by).build().unwrap()).collect();
        let changed = metadata.into_builder().set_row_groups(groups).build();
        let footer = u32::from_le_bytes(*bytes[bytes.len() - 8..].first_chunk().unwrap()) as usize;
        let mut wrong = bytes[..bytes.len() - 8 - footer].to_vec();
        ParquetMetaDataWriter::new(&mut wrong, &changed).finish().unwrap();
        let dataset = read("x", &wrong);
        assert_eq!(dataset.records.len(), 1_000, "{by}");
        assert_eq!(dataset.issues.list.last().unwrap().kind, IssueKind::Truncated, "{by}");
    }
}
