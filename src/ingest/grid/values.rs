//! Writes the values of Arrow arrays as the text of cells, so that their meaning stays: dates as ISO 8601, whole numbers without a point.

use std::fmt::Write as _;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType, Float16Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType,
    RunEndIndexType, Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, UnionArray};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};

use super::page::write_float;
use crate::ingest::split::CELL_BYTES_MAX;
use crate::time::{DAY_US, HOUR_US, MINUTE_US, SECOND_US, Time};

/// How deep values are looked into; deeper ones are said by their type.
pub(super) const DEPTH_MAX: u32 = 16;
/// A cell of a list stops to grow soon after so many bytes: longer ones are cut anyway.
pub(super) const LIST_BYTES_MAX: usize = 2 << 20;

/// What there is to say about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// Bytes that are no text: how many.
    Bytes(usize),
    /// A type that is not known here.
    Unknown,
    /// A list of so many items, where all of its column have another number.
    Length(usize, i32),
}

/// How the values of one column are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Are moments at midnight days? So they are where every moment of the column's beginning is one.
    pub(super) has_days: bool,
}

/// Are all moments of the array midnights, and is there one?
pub(super) fn are_midnights(array: &dyn Array) -> Option<bool> {
    let DataType::Timestamp(unit, _) = array.data_type() else { return None };
    let per_day = 86_400 * per_second(*unit);
    let mut all = None;
    for row in 0..array.len() {
        if let Some(count) = timestamp(array, *unit, row) {
            if count.rem_euclid(per_day) != 0 {
                return Some(false);
            }
            all = Some(true);
        }
    }
    all
}

/// Writes a value; a null writes nothing.
pub(super) fn write_value(array: &dyn Array, row: usize, style: Style, out: &mut String) -> Result<(), Oddity> {
    write_at(array, row, style, out, 0)
}

fn plain<T: ArrowPrimitiveType>(array: &dyn Array, row: usize, out: &mut String)
where
    T::Native: std::fmt::Display,
{
    // Writing to a string cannot fail.
    write!(out, "{}", array.as_primitive::<T>().value(row)).unwrap_or_default();
}

fn whole<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> i64
where
    T::Native: Into<i64>,
{
    array.as_primitive::<T>().value(row).into()
}

fn write_at(array: &dyn Array, row: usize, style: Style, out: &mut String, depth: u32) -> Result<(), Oddity> {
    if array.is_null(row) {
        return Ok(());
    }
    match array.data_type() {
        DataType::Null => {}
        DataType::Boolean => out.push_str(if array.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Int8 => plain::<Int8Type>(array, row, out),
        DataType::Int16 => plain::<Int16Type>(array, row, out),
        DataType::Int32 => plain::<Int32Type>(array, row, out),
        DataType::Int64 => plain::<Int64Type>(array, row, out),
        DataType::UInt8 => plain::<UInt8Type>(array, row, out),
        DataType::UInt16 => plain::<UInt16Type>(array, row, out),
        DataType::UInt32 => plain::<UInt32Type>(array, row, out),
        DataType::UInt64 => plain::<UInt64Type>(array, row, out),
        DataType::Float16 => write_narrow(array.as_primitive::<Float16Type>().value(row).to_f32(), out),
        DataType::Float32 => write_narrow(array.as_primitive::<Float32Type>().value(row), out),
        DataType::Float64 => write_float(array.as_primitive::<Float64Type>().value(row), out),
        DataType::Decimal32(_, scale) => write_decimal::<Decimal32Type>(array, row, *scale, out),
        DataType::Decimal64(_, scale) => write_decimal::<Decimal64Type>(array, row, *scale, out),
        DataType::Decimal128(_, scale) => write_decimal::<Decimal128Type>(array, row, *scale, out),
        DataType::Decimal256(_, scale) => write_decimal::<Decimal256Type>(array, row, *scale, out),
        DataType::Utf8 => write_text(array.as_string::<i32>().value(row), out),
        DataType::LargeUtf8 => write_text(array.as_string::<i64>().value(row), out),
        DataType::Utf8View => write_text(array.as_string_view().value(row), out),
        DataType::Binary => return write_bytes(array.as_binary::<i32>().value(row), out),
        DataType::LargeBinary => return write_bytes(array.as_binary::<i64>().value(row), out),
        DataType::BinaryView => return write_bytes(array.as_binary_view().value(row), out),
        DataType::FixedSizeBinary(_) => write_code(array.as_fixed_size_binary().value(row), out),
        DataType::Date32 => write_day(whole::<Date32Type>(array, row), out),
        DataType::Date64 => write_moment(array.as_primitive::<Date64Type>().value(row), 1_000, false, Style { has_days: true }, out),
        DataType::Timestamp(unit, zone) => {
            let count = timestamp(array, *unit, row).unwrap_or_default();
            write_moment(count, per_second(*unit), zone.is_some(), style, out);
        }
        DataType::Time32(_) | DataType::Time64(_) => write_time(array, row, out),
        DataType::Duration(_) => write_duration(array, row, out),
        DataType::Interval(unit) => write_interval(array, row, *unit, out),
        DataType::Struct(_) | DataType::Map(..) | DataType::Union(..) if depth >= DEPTH_MAX => return Err(Oddity::Unknown),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..)
        | DataType::Struct(_)
        | DataType::Map(..)
        | DataType::Union(..)
        | DataType::Dictionary(..)
        | DataType::RunEndEncoded(..) => return write_nested(array, row, style, out, depth + 1),
    }
    Ok(())
}

fn write_nested(array: &dyn Array, row: usize, style: Style, out: &mut String, depth: u32) -> Result<(), Oddity> {
    if depth > DEPTH_MAX {
        return Err(Oddity::Unknown);
    }
    match array.data_type() {
        DataType::List(_) => write_list(&array.as_list::<i32>().value(row), style, out, depth),
        DataType::LargeList(_) => write_list(&array.as_list::<i64>().value(row), style, out, depth),
        DataType::ListView(_) => write_list(&array.as_list_view::<i32>().value(row), style, out, depth),
        DataType::LargeListView(_) => write_list(&array.as_list_view::<i64>().value(row), style, out, depth),
        DataType::FixedSizeList(..) => write_list(&array.as_fixed_size_list().value(row), style, out, depth),
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let start = out.len();
            for entry in 0..entries.len() {
                if out.len() - start >= LIST_BYTES_MAX {
                    break;
                }
                separate(entry, out);
                write_at(entries.column(0), entry, style, out, depth)?;
                out.push_str(": ");
                write_at(entries.column(1), entry, style, out, depth)?;
            }
            Ok(())
        }
        DataType::Struct(fields) => {
            let array = array.as_struct();
            let mut place = 0;
            for (field, column) in fields.iter().zip(array.columns()) {
                if column.is_valid(row) {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    place += 1;
                    out.push_str(field.name());
                    out.push_str(": ");
                    write_at(column, row, style, out, depth)?;
                }
            }
            Ok(())
        }
        DataType::Union(..) => {
            let Some(union) = array.as_any().downcast_ref::<UnionArray>() else { return Err(Oddity::Unknown) };
            let value = union.value(row);
            if value.is_empty() { Ok(()) } else { write_at(&value, 0, style, out, depth) }
        }
        DataType::Dictionary(key, _) => match **key {
            DataType::Int8 => write_word::<Int8Type>(array, row, style, out, depth),
            DataType::Int16 => write_word::<Int16Type>(array, row, style, out, depth),
            DataType::Int32 => write_word::<Int32Type>(array, row, style, out, depth),
            DataType::Int64 => write_word::<Int64Type>(array, row, style, out, depth),
            DataType::UInt8 => write_word::<UInt8Type>(array, row, style, out, depth),
            DataType::UInt16 => write_word::<UInt16Type>(array, row, style, out, depth),
            DataType::UInt32 => write_word::<UInt32Type>(array, row, style, out, depth),
            DataType::UInt64 => write_word::<UInt64Type>(array, row, style, out, depth),
            _ => Err(Oddity::Unknown),
        },
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => write_run::<Int16Type>(array, row, style, out, depth),
            DataType::Int32 => write_run::<Int32Type>(array, row, style, out, depth),
            DataType::Int64 => write_run::<Int64Type>(array, row, style, out, depth),
            _ => Err(Oddity::Unknown),
        },
        _ => Err(Oddity::Unknown),
    }
}

pub(super) fn separate(place: usize, out: &mut String) {
    if place > 0 {
        out.push_str("; ");
    }
}

fn write_list(items: &ArrayRef, style: Style, out: &mut String, depth: u32) -> Result<(), Oddity> {
    let (start, mut place) = (out.len(), 0);
    for item in 0..items.len() {
        if items.is_valid(item) && out.len() - start < LIST_BYTES_MAX {
            separate(place, out);
            place += 1;
            write_at(items, item, style, out, depth)?;
        }
    }
    Ok(())
}

fn write_word<K: ArrowDictionaryKeyType>(array: &dyn Array, row: usize, style: Style, out: &mut String, depth: u32) -> Result<(), Oddity> {
    let words = array.as_dictionary::<K>();
    match words.key(row) {
        Some(key) if key < words.values().len() => write_at(words.values(), key, style, out, depth),
        _ => Ok(()),
    }
}

fn write_run<R: RunEndIndexType>(array: &dyn Array, row: usize, style: Style, out: &mut String, depth: u32) -> Result<(), Oddity> {
    let runs = array.as_run::<R>();
    write_at(runs.values(), runs.get_physical_index(row), style, out, depth)
}

/// A number of single precision by its own digits: 0.1, not 0.10000000149011612.
pub(super) fn write_narrow(number: f32, out: &mut String) {
    match number.to_string().parse() {
        Ok(number) => write_float(number, out),
        Err(_) => write_float(f64::from(number), out),
    }
}

fn write_decimal<T: DecimalType + ArrowPrimitiveType>(array: &dyn Array, row: usize, scale: i8, out: &mut String) {
    let number = array.as_primitive::<T>().value(row);
    out.push_str(trimmed_decimal(&T::format_decimal(number, T::MAX_PRECISION, scale)));
}

/// A decimal number without the zeros at its end.
pub(super) fn trimmed_decimal(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A text; of one that is too long only so much that this can be seen, because it may stand in every row at the cost of one.
pub(super) fn write_text(text: &str, out: &mut String) {
    const ENOUGH: usize = CELL_BYTES_MAX + 4;
    out.push_str(if text.len() > ENOUGH { &text[..text.floor_char_boundary(ENOUGH)] } else { text });
}

/// Bytes that are text are text; what else they are is for the reader to say.
pub(super) fn write_bytes(bytes: &[u8], out: &mut String) -> Result<(), Oddity> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(|char: char| char.is_control() && !char.is_whitespace()) => {
            write_text(text, out);
            Ok(())
        }
        _ => Err(Oddity::Bytes(bytes.len())),
    }
}

/// Bytes of a fixed number, which are codes: as text where they are, else in hexadecimal, sixteen of them as an UUID.
pub(super) fn write_code(bytes: &[u8], out: &mut String) {
    let is_text = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    if let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| is_text) {
        return out.push_str(text);
    }
    for (place, byte) in bytes.iter().enumerate() {
        if bytes.len() == 16 && matches!(place, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        write!(out, "{byte:02x}").unwrap_or_default();
    }
}

pub(super) fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

fn timestamp(array: &dyn Array, unit: TimeUnit, row: usize) -> Option<i64> {
    let count = match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
    };
    array.is_valid(row).then_some(count)
}

/// A day, counted from 1970-01-01, as `2024-01-31`. A year of more than four digits is written as EDTF writes it.
pub(super) fn write_day(days: i64, out: &mut String) {
    match days.checked_mul(DAY_US).map(Time).filter(|time| time.is_in_range()) {
        Some(time) => write_date(time, out),
        None => {
            write!(out, "{days} days since 1970").unwrap_or_default();
        }
    }
}

fn write_date(time: Time, out: &mut String) {
    let (year, month, day) = time.ymd();
    let written = match year {
        0..=9_999 => write!(out, "{year:04}-{month:02}-{day:02}"),
        -9_999..0 => write!(out, "-{:04}-{month:02}-{day:02}", -year),
        _ => write!(out, "Y{year}-{month:02}-{day:02}"),
    };
    written.unwrap_or_default();
}

/// A moment, counted since 1970, as `2024-01-31T10:05:00`, with `Z` where it is one of UTC.
pub(super) fn write_moment(count: i64, per_second: i64, is_utc: bool, style: Style, out: &mut String) {
    let time = match per_second {
        1 => Time::from_epoch_s(count),
        1_000 => Time::from_epoch_ms(count),
        1_000_000 => Time::from_epoch_us(count),
        _ => Some(Time::from_epoch_ns(count)),
    };
    let Some(time) = time.filter(|time| time.is_in_range()) else {
        write!(out, "{count} since 1970, {per_second} a second").unwrap_or_default();
        return;
    };
    write_date(time, out);
    let of_day = time.0.rem_euclid(DAY_US);
    if style.has_days && of_day == 0 {
        return;
    }
    out.push('T');
    write_clock(of_day, out);
    if is_utc {
        out.push('Z');
    }
}

/// A time of day in microseconds, as `10:05:00`, with a fraction where there is one.
pub(super) fn write_clock(us: i64, out: &mut String) {
    let (hours, minutes, seconds, rest) = (us / HOUR_US, us / MINUTE_US % 60, us / SECOND_US % 60, us % SECOND_US);
    write!(out, "{hours:02}:{minutes:02}:{seconds:02}").unwrap_or_default();
    if rest != 0 {
        write!(out, ".{rest:06}").unwrap_or_default();
        out.truncate(out.trim_end_matches('0').len());
    }
}

fn write_time(array: &dyn Array, row: usize, out: &mut String) {
    let us = match array.data_type() {
        DataType::Time32(TimeUnit::Second) => whole::<Time32SecondType>(array, row).saturating_mul(SECOND_US),
        DataType::Time32(_) => whole::<Time32MillisecondType>(array, row).saturating_mul(1_000),
        DataType::Time64(TimeUnit::Microsecond) => array.as_primitive::<Time64MicrosecondType>().value(row),
        _ => array.as_primitive::<Time64NanosecondType>().value(row) / 1_000,
    };
    write_clock(us.clamp(0, DAY_US), out);
}

fn write_duration(array: &dyn Array, row: usize, out: &mut String) {
    let (count, unit) = match array.data_type() {
        DataType::Duration(TimeUnit::Second) => (array.as_primitive::<DurationSecondType>().value(row), TimeUnit::Second),
        DataType::Duration(TimeUnit::Millisecond) => (array.as_primitive::<DurationMillisecondType>().value(row), TimeUnit::Millisecond),
        DataType::Duration(TimeUnit::Microsecond) => (array.as_primitive::<DurationMicrosecondType>().value(row), TimeUnit::Microsecond),
        _ => (array.as_primitive::<DurationNanosecondType>().value(row), TimeUnit::Nanosecond),
    };
    write_seconds(count as f64 / per_second(unit) as f64, out);
}

/// A duration as ISO 8601 writes one of seconds: `PT90S`.
pub(super) fn write_seconds(seconds: f64, out: &mut String) {
    out.push_str("PT");
    write_float(seconds, out);
    out.push('S');
}

fn write_interval(array: &dyn Array, row: usize, unit: IntervalUnit, out: &mut String) {
    let written = match unit {
        IntervalUnit::YearMonth => write!(out, "P{}M", array.as_primitive::<IntervalYearMonthType>().value(row)),
        IntervalUnit::DayTime => {
            let value = array.as_primitive::<IntervalDayTimeType>().value(row);
            write!(out, "P{}DT{}S", value.days, f64::from(value.milliseconds) / 1e3)
        }
        IntervalUnit::MonthDayNano => {
            let value = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            write!(out, "P{}M{}DT{}S", value.months, value.days, value.nanoseconds as f64 / 1e9)
        }
    };
    written.unwrap_or_default();
}
