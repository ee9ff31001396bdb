//! What the values of a Parquet column mean, from its types and from what an Arrow program noted about them, and how they are written as text.

use std::fmt::Write as _;

use arrow_array::types::{ArrowPrimitiveType, Decimal128Type, Decimal256Type, DecimalType as _, Float16Type};
use arrow_buffer::i256;
use arrow_schema::{DataType, TimeUnit as ArrowUnit};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::ColumnDescriptor;

use super::super::values::{
    Oddity, Style, per_second, trimmed_decimal, write_bytes, write_clock, write_code, write_day, write_moment, write_narrow, write_seconds,
    write_text,
};
use crate::time::{DAY_US, SECOND_US};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: a column without a single value.
    Nothing,
    /// What their physical type says.
    Plain,
    /// Whole numbers from 0 on of so many bits.
    Unsigned(u32),
    Decimal(i8),
    Half,
    /// Days since 1970.
    Day,
    /// Moments that are days, counted in milliseconds.
    Midnight,
    /// A time of day, counted in parts of a second.
    Clock(i64),
    Moment {
        per_second: i64,
        is_utc: bool,
    },
    /// So many parts of a second.
    Duration(i64),
    Interval,
    Text,
}

impl Kind {
    /// What a column holds, and what an Arrow program says of it where Parquet has no word for it.
    pub(super) fn of(column: &ColumnDescriptor, noted: Option<&DataType>) -> Self {
        match (Self::told(column), noted) {
            (Self::Plain, Some(noted)) => Self::noted(column.physical_type(), noted).unwrap_or(Self::Plain),
            (Self::Moment { per_second, .. }, Some(DataType::Timestamp(_, Some(_)))) => Self::Moment { per_second, is_utc: true },
            (told, _) => told,
        }
    }

    fn told(column: &ColumnDescriptor) -> Self {
        let scale = |scale: i32| Self::Decimal(scale.clamp(i8::MIN.into(), i8::MAX.into()) as i8);
        let unsigned = |bits: i8| Self::Unsigned(u32::from(bits.unsigned_abs()));
        match column.logical_type_ref() {
            Some(LogicalType::Unknown) => return Self::Nothing,
            Some(LogicalType::String | LogicalType::Json) => return Self::Text,
            Some(LogicalType::Decimal(decimal)) => return scale(decimal.scale),
            Some(LogicalType::Date) => return Self::Day,
            Some(LogicalType::Time(time)) => return Self::Clock(parts(time.unit)),
            Some(LogicalType::Timestamp(time)) => {
                return Self::Moment { per_second: parts(time.unit), is_utc: time.is_adjusted_to_u_t_c };
            }
            Some(LogicalType::Integer(int)) if !int.is_signed => return unsigned(int.bit_width),
            Some(LogicalType::Float16) => return Self::Half,
            Some(_) => return Self::Plain,
            None => {}
        }
        if column.physical_type() == Physical::INT96 {
            return Self::Moment { per_second: 1_000_000, is_utc: false };
        }
        match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::JSON => Self::Text,
            ConvertedType::DECIMAL => scale(column.type_scale()),
            ConvertedType::DATE => Self::Day,
            ConvertedType::TIME_MILLIS => Self::Clock(1_000),
            ConvertedType::TIME_MICROS => Self::Clock(1_000_000),
            ConvertedType::TIMESTAMP_MILLIS => Self::Moment { per_second: 1_000, is_utc: true },
            ConvertedType::TIMESTAMP_MICROS => Self::Moment { per_second: 1_000_000, is_utc: true },
            ConvertedType::UINT_8 => unsigned(8),
            ConvertedType::UINT_16 => unsigned(16),
            ConvertedType::UINT_32 => unsigned(32),
            ConvertedType::UINT_64 => unsigned(64),
            ConvertedType::INTERVAL => Self::Interval,
            _ => Self::Plain,
        }
    }

    /// Types of Arrow that Parquet keeps as plain numbers and bytes.
    fn noted(physical: Physical, noted: &DataType) -> Option<Self> {
        let is_number = matches!(physical, Physical::INT32 | Physical::INT64);
        match noted {
            DataType::Timestamp(unit, zone) if is_number => Some(Self::Moment { per_second: per_second(*unit), is_utc: zone.is_some() }),
            DataType::Time32(ArrowUnit::Second) if is_number => Some(Self::Clock(1)),
            DataType::Duration(unit) if is_number => Some(Self::Duration(per_second(*unit))),
            DataType::Date64 if is_number => Some(Self::Midnight),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if physical == Physical::BYTE_ARRAY => Some(Self::Text),
            DataType::Dictionary(_, words) => Self::noted(physical, words),
            _ => None,
        }
    }

    /// Writes a whole number.
    pub(super) fn write_number(self, number: i64, style: Style, out: &mut String) {
        match self {
            Self::Nothing => {}
            Self::Unsigned(bits @ 1..64) => put(number as u64 & ((1 << bits) - 1), out),
            Self::Unsigned(_) => put(number as u64, out),
            Self::Decimal(scale) => {
                let text = Decimal128Type::format_decimal(number.into(), Decimal128Type::MAX_PRECISION, scale);
                out.push_str(trimmed_decimal(&text));
            }
            Self::Day => write_day(number, out),
            Self::Midnight => write_moment(number, 1_000, false, Style { has_days: true }, out),
            Self::Clock(per_second) => {
                let us = i128::from(number) * i128::from(SECOND_US) / i128::from(per_second);
                write_clock(us.clamp(0, DAY_US.into()) as i64, out);
            }
            Self::Moment { per_second, is_utc } => write_moment(number, per_second, is_utc, style, out),
            Self::Duration(per_second) => write_seconds(number as f64 / per_second as f64, out),
            Self::Plain | Self::Half | Self::Interval | Self::Text => put(number, out),
        }
    }

    /// Writes bytes of any number.
    pub(super) fn write_bytes(self, bytes: &[u8], out: &mut String) -> Result<(), Oddity> {
        match self {
            Self::Nothing => Ok(()),
            Self::Text => match std::str::from_utf8(bytes) {
                Ok(text) => {
                    write_text(text, out);
                    Ok(())
                }
                Err(_) => Err(Oddity::Bytes(bytes.len())),
            },
            Self::Decimal(scale) => write_decimal(bytes, scale, out),
            _ => write_bytes(bytes, out),
        }
    }

    /// Writes bytes of which all values have as many.
    pub(super) fn write_fixed(self, bytes: &[u8], out: &mut String) -> Result<(), Oddity> {
        match (self, bytes) {
            (Self::Nothing, _) => Ok(()),
            (Self::Decimal(scale), _) => write_decimal(bytes, scale, out),
            (Self::Half, [low, high]) => {
                write_narrow(<Float16Type as ArrowPrimitiveType>::Native::from_le_bytes([*low, *high]).to_f32(), out);
                Ok(())
            }
            (Self::Interval, _) if bytes.len() == 12 => {
                write_interval(bytes, out);
                Ok(())
            }
            _ => {
                write_code(bytes, out);
                Ok(())
            }
        }
    }

    /// Is it a moment that may be a day, and is the number one?
    pub(super) fn is_midnight(self, number: i64) -> Option<bool> {
        let Self::Moment { per_second, .. } = self else { return None };
        Some(number.rem_euclid(86_400 * per_second) == 0)
    }
}

fn put(number: impl std::fmt::Display, out: &mut String) {
    // Writing to a string cannot fail.
    write!(out, "{number}").unwrap_or_default();
}

fn parts(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// A decimal number kept as the bytes of a whole one, the highest first.
fn write_decimal(bytes: &[u8], scale: i8, out: &mut String) -> Result<(), Oddity> {
    const WIDE: usize = 16;
    const WIDEST: usize = 32;
    if bytes.len() > WIDEST {
        return Err(Oddity::Bytes(bytes.len()));
    }
    let fill = if bytes.first().is_some_and(|first| first >> 7 == 1) { 0xff } else { 0 };
    let text = if bytes.len() <= WIDE {
        let mut whole = [fill; WIDE];
        whole[WIDE - bytes.len()..].copy_from_slice(bytes);
        Decimal128Type::format_decimal(i128::from_be_bytes(whole), Decimal128Type::MAX_PRECISION, scale)
    } else {
        let mut whole = [fill; WIDEST];
        whole[WIDEST - bytes.len()..].copy_from_slice(bytes);
        Decimal256Type::format_decimal(i256::from_be_bytes(whole), Decimal256Type::MAX_PRECISION, scale)
    };
    out.push_str(trimmed_decimal(&text));
    Ok(())
}

/// An interval of months, days and milliseconds, each in four bytes.
fn write_interval(bytes: &[u8], out: &mut String) {
    let mut parts = bytes.as_chunks::<4>().0.iter().map(|part| u32::from_le_bytes(*part));
    let (months, days, ms) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    out.push('P');
    if months > 0 {
        write!(out, "{months}M").unwrap_or_default();
    }
    if months == 0 || days > 0 || ms > 0 {
        write!(out, "{days}DT{}S", f64::from(ms) / 1e3).unwrap_or_default();
    }
}
