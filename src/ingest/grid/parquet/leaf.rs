//! One column of values as Parquet keeps it: some records at a time, each value with its levels, walked through from the first to the last.

use parquet::basic::Type as Physical;
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
    Int96, Int96Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescPtr;

use super::super::page::write_float;
use super::super::values::{Oddity, Style, write_narrow};
use super::kind::Kind;
use crate::time::DAY_US;

/// What became of writing a value.
type Written = std::result::Result<(), Oddity>;

/// A column of values.
pub(super) struct Leaf {
    /// Its number among those of the file.
    pub(super) number: usize,
    descriptor: ColumnDescPtr,
    kind: Kind,
    /// The level at which there is a value.
    there: i16,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    values: Box<dyn Values>,
    /// How many places, with and without a value, were read.
    places: usize,
    at: Mark,
}

/// How far a column was walked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    place: usize,
    value: usize,
    record: usize,
}

impl Leaf {
    pub(super) fn new(number: usize, descriptor: ColumnDescPtr, kind: Kind) -> Self {
        let there = descriptor.max_def_level();
        let values = Box::new(Nothing);
        Self { number, descriptor, kind, there, definitions: Vec::new(), repetitions: Vec::new(), values, places: 0, at: Mark::default() }
    }

    /// Goes on with the pages of another group of rows.
    pub(super) fn begin(&mut self, pages: Box<dyn PageReader>) {
        let column = ColumnDescPtr::clone(&self.descriptor);
        self.values = match self.descriptor.physical_type() {
            Physical::BOOLEAN => boxed::<BoolType>(column, pages),
            Physical::INT32 => boxed::<Int32Type>(column, pages),
            Physical::INT64 => boxed::<Int64Type>(column, pages),
            Physical::INT96 => boxed::<Int96Type>(column, pages),
            Physical::FLOAT => boxed::<FloatType>(column, pages),
            Physical::DOUBLE => boxed::<DoubleType>(column, pages),
            Physical::BYTE_ARRAY => boxed::<ByteArrayType>(column, pages),
            Physical::FIXED_LEN_BYTE_ARRAY => boxed::<FixedLenByteArrayType>(column, pages),
        };
    }

    /// Reads so many records, and says how many there were.
    pub(super) fn read(&mut self, records: usize) -> Result<usize> {
        self.definitions.clear();
        self.repetitions.clear();
        self.at = Mark::default();
        let (records, places) = self.values.read(records, &mut self.definitions, &mut self.repetitions)?;
        self.places = places;
        // Without a branch for each, all of them at once.
        let is_beyond = |levels: &[i16], most: i16| {
            let (low, high) = levels.iter().fold((0, 0), |(low, high): (i16, i16), level| (low.min(*level), high.max(*level)));
            low < 0 || high > most
        };
        if is_beyond(&self.definitions, self.there) || is_beyond(&self.repetitions, self.descriptor.max_rep_level()) {
            return Err(ParquetError::General(format!("levels of {} that its schema does not have", self.descriptor.path())));
        }
        Ok(records)
    }

    /// How many places were read.
    pub(super) fn places(&self) -> usize {
        self.places
    }

    pub(super) fn mark(&self) -> Mark {
        self.at
    }

    /// Goes back.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.at = mark;
    }

    /// How much of the way down to the value there is at this place; -1 behind the last place.
    pub(super) fn definition(&self) -> i16 {
        if self.at.place >= self.places { -1 } else { self.definitions.get(self.at.place).copied().unwrap_or(self.there) }
    }

    /// Which list goes on at this place: 0 where a record begins, and behind the last one.
    pub(super) fn repetition(&self) -> i16 {
        if self.at.place >= self.places { 0 } else { self.repetitions.get(self.at.place).copied().unwrap_or(0) }
    }

    /// Is there a value at this place?
    pub(super) fn is_there(&self) -> bool {
        self.definition() == self.there
    }

    pub(super) fn go_on(&mut self) {
        self.at.value += usize::from(self.is_there());
        self.at.place += 1;
        self.at.record += usize::from(self.repetition() == 0);
    }

    /// Goes on to the record behind the one that began at a mark. Was it there already?
    pub(super) fn end_record(&mut self, began: Mark) -> bool {
        let next = began.record + 1;
        let is_there = self.at.record == next;
        while self.at.record < next {
            self.go_on();
        }
        is_there
    }

    /// Writes the value at this place.
    pub(super) fn write(&self, style: Style, out: &mut String) -> Written {
        self.values.write(self.at.value, self.kind, style, out)
    }

    /// Are all moments from this place on midnights, and is there one?
    pub(super) fn are_midnights(&self) -> Option<bool> {
        let mut all = None;
        for number in (self.at.value..).map_while(|value| self.values.number(value)) {
            if !self.kind.is_midnight(number)? {
                return Some(false);
            }
            all = Some(true);
        }
        all
    }
}

/// The values of a column, whatever their type.
trait Values {
    /// Reads so many records with their levels; says how many records and how many places.
    fn read(&mut self, records: usize, definitions: &mut Vec<i16>, repetitions: &mut Vec<i16>) -> Result<(usize, usize)>;

    /// Writes a value.
    fn write(&self, value: usize, kind: Kind, style: Style, out: &mut String) -> Written;

    /// A value that is a whole number.
    fn number(&self, value: usize) -> Option<i64>;
}

/// Before the first group of rows.
struct Nothing;

impl Values for Nothing {
    fn read(&mut self, _: usize, _: &mut Vec<i16>, _: &mut Vec<i16>) -> Result<(usize, usize)> {
        Ok((0, 0))
    }

    fn write(&self, _: usize, _: Kind, _: Style, _: &mut String) -> Written {
        Ok(())
    }

    fn number(&self, _: usize) -> Option<i64> {
        None
    }
}

struct Typed<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
}

fn boxed<T: DataType<T: Native>>(column: ColumnDescPtr, pages: Box<dyn PageReader>) -> Box<dyn Values> {
    Box::new(Typed::<T> { reader: ColumnReaderImpl::new(column, pages), values: Vec::new() })
}

impl<T: DataType<T: Native>> Values for Typed<T> {
    fn read(&mut self, records: usize, definitions: &mut Vec<i16>, repetitions: &mut Vec<i16>) -> Result<(usize, usize)> {
        self.values.clear();
        let (records, _, places) = self.reader.read_records(records, Some(definitions), Some(repetitions), &mut self.values)?;
        Ok((records, places))
    }

    fn write(&self, value: usize, kind: Kind, style: Style, out: &mut String) -> Written {
        self.values.get(value).map_or(Ok(()), |value| value.write(kind, style, out))
    }

    fn number(&self, value: usize) -> Option<i64> {
        self.values.get(value)?.number()
    }
}

/// A value as Parquet keeps it.
trait Native {
    fn write(&self, kind: Kind, style: Style, out: &mut String) -> Written;

    fn number(&self) -> Option<i64> {
        None
    }
}

impl Native for bool {
    fn write(&self, _: Kind, _: Style, out: &mut String) -> Written {
        out.push_str(if *self { "true" } else { "false" });
        Ok(())
    }
}

impl Native for i64 {
    fn write(&self, kind: Kind, style: Style, out: &mut String) -> Written {
        kind.write_number(*self, style, out);
        Ok(())
    }

    fn number(&self) -> Option<i64> {
        Some(*self)
    }
}

impl Native for i32 {
    fn write(&self, kind: Kind, style: Style, out: &mut String) -> Written {
        i64::from(*self).write(kind, style, out)
    }

    fn number(&self) -> Option<i64> {
        Some((*self).into())
    }
}

/// A time of day and a day, as old programs wrote moments.
impl Native for Int96 {
    fn write(&self, kind: Kind, style: Style, out: &mut String) -> Written {
        legacy_moment(self).write(kind, style, out)
    }

    fn number(&self) -> Option<i64> {
        Some(legacy_moment(self))
    }
}

/// In microseconds since 1970; one that these cannot count is the first or last of them, which no calendar has.
fn legacy_moment(moment: &Int96) -> i64 {
    const DAY_OF_1970: i64 = 2_440_588;
    let [low, high, day] = moment.data() else { return 0 };
    let of_day = ((u64::from(*high) << 32 | u64::from(*low)) as i64) / 1_000;
    (i64::from(*day as i32) - DAY_OF_1970).saturating_mul(DAY_US).saturating_add(of_day)
}

impl Native for f32 {
    fn write(&self, _: Kind, _: Style, out: &mut String) -> Written {
        write_narrow(*self, out);
        Ok(())
    }
}

impl Native for f64 {
    fn write(&self, _: Kind, _: Style, out: &mut String) -> Written {
        write_float(*self, out);
        Ok(())
    }
}

impl Native for ByteArray {
    fn write(&self, kind: Kind, _: Style, out: &mut String) -> Written {
        kind.write_bytes(self.data(), out)
    }
}

impl Native for FixedLenByteArray {
    fn write(&self, kind: Kind, _: Style, out: &mut String) -> Written {
        kind.write_fixed(self.data(), out)
    }
}
