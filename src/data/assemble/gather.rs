//! One column of several builders: one behind the other, as narrow as it allows. Its values are by place; it becomes a column when they
//! have been brought into the order of the records.

use std::sync::Arc;

use arrow_array::types::{Int32Type, UInt8Type, UInt16Type};
use arrow_array::{Array as _, ArrowPrimitiveType, BinaryArray, Int32Array, PrimitiveArray, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{ArrowNativeType, NullBuffer, ScalarBuffer};

use super::rows::ByPlace;

use crate::data::column::{Bytes, Spans};
use crate::data::growing::{Auto, AutoKind, Dictionary, Growing, GrowingCodes, GrowingDates, NUMBER_CODES_MAX, Numbers, Texts, Words};
use crate::data::growing::{DICTIONARY_FREE, plain_number};
use crate::data::{Category, Codes, Column, Dates, Number, Text};
use crate::time::DAY_US;

/// How many records each builder has, and the place of each row; without one, rows are places.
pub(super) struct Shape {
    lens: Vec<usize>,
    order: Option<ScalarBuffer<u32>>,
}

impl Shape {
    pub(super) fn new(lens: Vec<usize>, order: Option<Vec<u32>>) -> Self {
        Self { lens, order: order.map(Into::into) }
    }

    /// The place of each row; `None` when rows are places.
    pub(super) fn order(&self) -> Option<&ScalarBuffer<u32>> {
        self.order.as_ref()
    }

    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.lens.iter().sum()
    }

    /// Room for one value a record.
    fn room<T>(&self) -> Vec<T> {
        Vec::with_capacity(self.len())
    }
}

/// The parts of one kind; a builder without the column has none.
fn parts_of<'a, T>(parts: &[Option<&'a Growing>], pick: fn(&'a Growing) -> Option<&'a T>) -> Vec<Option<&'a T>> {
    parts.iter().map(|part| part.and_then(pick)).collect()
}

/// A column of the model; `None` when no record has a value in it.
pub(super) fn gather_own(parts: &[Option<&Growing>], shape: &Shape) -> ByPlace<Option<Column>> {
    let column = match parts.iter().flatten().next() {
        None => return ByPlace::ready(None),
        Some(Growing::Words(_)) => {
            let words = parts_of(parts, |part| if let Growing::Words(words) = part { Some(words) } else { None });
            gather_words(&words, shape).map(Column::Category)
        }
        Some(Growing::Texts(_)) => {
            let texts = parts_of(parts, |part| if let Growing::Texts(texts) = part { Some(texts) } else { None });
            ByPlace::ready(Column::Text(gather_texts(&texts, shape)))
        }
        Some(Growing::Numbers(_)) => {
            let numbers = parts_of(parts, |part| if let Growing::Numbers(numbers) = part { Some(numbers) } else { None });
            gather_numbers(&numbers, shape).map(Column::Number)
        }
        Some(Growing::Dates(_)) => {
            let dates = parts_of(parts, |part| if let Growing::Dates(dates) = part { Some(dates) } else { None });
            gather_dates(&dates, shape).map(Column::Dates)
        }
    };
    column.map(|column| {
        let has_texts = matches!(&column, Column::Dates(dates) if dates.texts.is_some());
        (has_texts || column.present() > 0).then_some(column)
    })
}

fn gather_words(parts: &[Option<&Words>], shape: &Shape) -> ByPlace<Category> {
    let dictionaries: Vec<&Dictionary> = parts.iter().flatten().map(|words| &words.dictionary).collect();
    let (values, maps) = Dictionary::join(&dictionaries);
    let mut maps = maps.iter();
    let parts: Vec<Option<(&GrowingCodes, &[u32])>> =
        parts.iter().map(|part| part.and_then(|words| Some((&words.codes, maps.next()?.as_slice())))).collect();
    let most = (values.len() as u32).saturating_sub(1);
    let values = Arc::new(values);
    gather_codes(&parts, shape, most).map(|codes| Category { codes, values })
}

/// Codes with their new numbers, of which `most` is the largest.
pub(super) fn gather_codes(parts: &[Option<(&GrowingCodes, &[u32])>], shape: &Shape, most: u32) -> ByPlace<Codes> {
    // The largest value of a width stands for "none" on the way.
    if most < u32::from(u8::MAX) {
        gather_narrow(parts, shape, u8::MAX, |code| code as u8, |codes, nulls| Codes::U8(UInt8Array::new(codes, nulls)))
    } else if most < u32::from(u16::MAX) {
        gather_narrow(parts, shape, u16::MAX, |code| code as u16, |codes, nulls| Codes::U16(UInt16Array::new(codes, nulls)))
    } else {
        gather_narrow(parts, shape, u32::MAX, |code| code, |codes, nulls| Codes::U32(UInt32Array::new(codes, nulls)))
    }
}

fn gather_narrow<T: ArrowNativeType + PartialEq + Into<u32>>(
    parts: &[Option<(&GrowingCodes, &[u32])>],
    shape: &Shape,
    none: T,
    narrow: fn(u32) -> T,
    codes_of: fn(ScalarBuffer<T>, Option<NullBuffer>) -> Codes,
) -> ByPlace<Codes> {
    let mut places: Vec<T> = shape.room();
    let mut has_nulls = false;
    for (part, len) in parts.iter().zip(&shape.lens) {
        let Some((codes, map)) = part else {
            has_nulls |= *len > 0;
            places.resize(places.len() + len, none);
            continue;
        };
        let map: Vec<T> = map.iter().copied().map(narrow).collect();
        has_nulls |= codes.append_mapped(*len, &map, none, &mut places);
    }
    if let Some(first) = places.first().filter(|_| !has_nulls)
        && places.iter().all(|code| code == first)
    {
        return ByPlace::ready(Codes::Same { code: (*first).into(), len: places.len() });
    }
    ByPlace::of(places).map(move |rows| {
        if !has_nulls {
            return codes_of(rows, None);
        }
        let nulls = NullBuffer::new(rows.iter().map(|value| *value != none).collect());
        codes_of(rows.iter().map(|value| if *value == none { T::default() } else { *value }).collect(), Some(nulls))
    })
}

fn gather_texts(parts: &[Option<&Texts>], shape: &Shape) -> Text {
    let mut pieces: Vec<BinaryArray> = Vec::new();
    for (part, len) in parts.iter().zip(&shape.lens) {
        match part {
            Some(texts) => pieces.extend(texts.parts(*len)),
            None if *len > 0 => pieces.push(BinaryArray::new_null(*len)),
            None => {}
        }
    }
    Text::new(pieces, shape.order.clone())
}

fn gather_numbers(parts: &[Option<&Numbers>], shape: &Shape) -> ByPlace<Number> {
    let blocks: Vec<Vec<Number>> = parts.iter().map(|part| part.map(Numbers::blocks).unwrap_or_default()).collect();
    let (mut width, mut places, mut is_decimal, mut is_whole) = (0, 0, true, true);
    for block in blocks.iter().flatten() {
        match block {
            Number::U8(_) => is_decimal = false,
            Number::U16(_) => (width, is_decimal) = (width.max(1), false),
            Number::I32(_) => (width, is_decimal) = (2, false),
            Number::Decimal { places: own, .. } => {
                is_decimal &= places == 0 || places == *own;
                (places, is_whole) = (*own, false);
            }
            Number::F64(_) => (is_decimal, is_whole) = (false, false),
        }
    }
    if is_whole {
        return match width {
            0 => whole::<UInt8Type>(&blocks, shape).map(Number::U8),
            1 => whole::<UInt16Type>(&blocks, shape).map(Number::U16),
            _ => whole::<Int32Type>(&blocks, shape).map(Number::I32),
        };
    }
    if is_decimal {
        return unscaled(&blocks, shape).map(move |unscaled| Number::Decimal { unscaled, places });
    }
    let mut all: Vec<f64> = shape.room();
    for (blocks, len) in blocks.iter().zip(&shape.lens) {
        let end = all.len() + len;
        for block in blocks {
            block.for_each(0..block.len(), |_, number| all.push(number.unwrap_or(f64::NAN)));
        }
        all.resize(end, f64::NAN);
    }
    ByPlace::of(all).map(|numbers| Number::new(&numbers))
}

/// Which of the values are there; nothing is kept while all are.
#[derive(Default)]
struct Valid(Vec<u8>);

impl Valid {
    /// Adds some behind the `before` that were added already.
    fn append(&mut self, before: usize, count: usize, nulls: Option<&NullBuffer>) {
        match nulls {
            Some(nulls) => {
                self.0.resize(before, 1);
                self.0.extend((0..count).map(|row| u8::from(nulls.is_valid(row))));
            }
            None if !self.0.is_empty() => self.0.resize(before + count, 1),
            None => {}
        }
    }

    /// Adds some that are missing.
    fn append_nothing(&mut self, before: usize, count: usize) {
        if count > 0 {
            self.0.resize(before, 1);
            self.0.resize(before + count, 0);
        }
    }

    fn by_place(self) -> ByPlace<Option<NullBuffer>> {
        if self.0.is_empty() {
            return ByPlace::ready(None);
        }
        let nulls = |valid: ScalarBuffer<u8>| NullBuffer::new(valid.iter().map(|valid| *valid != 0).collect());
        ByPlace::of(self.0).map(move |valid| Some(nulls(valid)).filter(|nulls| nulls.null_count() > 0))
    }
}

/// Whole numbers, which all fit into the width.
fn whole<T>(blocks: &[Vec<Number>], shape: &Shape) -> ByPlace<PrimitiveArray<T>>
where
    T: ArrowPrimitiveType,
    T::Native: TryFrom<i32>,
{
    let mut all: Vec<T::Native> = shape.room();
    let mut valid = Valid::default();
    let narrow = |number: i32| T::Native::try_from(number).unwrap_or_default();
    for (blocks, len) in blocks.iter().zip(&shape.lens) {
        let end = all.len() + len;
        for block in blocks {
            let before = all.len();
            let nulls = match block {
                Number::U8(array) => {
                    all.extend(array.values().iter().map(|number| narrow(i32::from(*number))));
                    array.nulls()
                }
                Number::U16(array) => {
                    all.extend(array.values().iter().map(|number| narrow(i32::from(*number))));
                    array.nulls()
                }
                Number::I32(array) => {
                    all.extend(array.values().iter().map(|number| narrow(*number)));
                    array.nulls()
                }
                Number::Decimal { .. } | Number::F64(_) => None,
            };
            valid.append(before, all.len() - before, nulls);
        }
        valid.append_nothing(all.len(), end - all.len());
        all.resize(end, T::Native::default());
    }
    ByPlace::of(all).and(valid.by_place()).map(|(values, nulls)| PrimitiveArray::new(values, nulls))
}

/// Decimals that have the same number of digits everywhere, without going through floats.
fn unscaled(blocks: &[Vec<Number>], shape: &Shape) -> ByPlace<Int32Array> {
    let mut all: Vec<i32> = shape.room();
    let mut valid = Valid::default();
    for (blocks, len) in blocks.iter().zip(&shape.lens) {
        let end = all.len() + len;
        for block in blocks {
            if let Number::Decimal { unscaled, .. } = block {
                valid.append(all.len(), unscaled.len(), unscaled.nulls());
                all.extend_from_slice(unscaled.values());
            }
        }
        valid.append_nothing(all.len(), end - all.len());
        all.resize(end, 0);
    }
    ByPlace::of(all).and(valid.by_place()).map(|(values, nulls)| Int32Array::new(values, nulls))
}

fn gather_dates(parts: &[Option<&GrowingDates>], shape: &Shape) -> ByPlace<Dates> {
    let mut places = DatesByPlace::new(shape);
    for (part, len) in parts.iter().zip(&shape.lens) {
        let blocks = part.map(GrowingDates::blocks).unwrap_or_default();
        let mut left = *len;
        for block in &blocks {
            left -= places.append(block);
        }
        places.append_nothing(left);
    }
    let bytes = |bytes: Vec<u8>| match bytes.first() {
        Some(first) if bytes.iter().any(|byte| byte != first) => ByPlace::of(bytes).map(Bytes::Each),
        first => ByPlace::ready(Bytes::Same(first.copied().unwrap_or(0))),
    };
    let has_texts = parts.iter().flatten().any(|dates| !dates.texts.codes.is_empty());
    let texts: Vec<Option<&Words>> = parts.iter().map(|part| part.map(|dates| &dates.texts)).collect();
    let texts = if has_texts { gather_words(&texts, shape).map(Some) } else { ByPlace::ready(None) };
    let spans = match places.spans {
        PlacedSpans::Days(starts, lengths) => {
            ByPlace::of(starts).and(ByPlace::of(lengths)).map(|(starts, lengths)| Spans::Days { starts, lengths })
        }
        PlacedSpans::Moments(starts, ends) => {
            ByPlace::of(starts).and(ByPlace::of(ends)).map(|(starts, ends)| Spans::Moments { starts, ends })
        }
    };
    let marks = bytes(places.precisions).and(bytes(places.flags));
    spans.and(marks).and(places.valid.by_place()).and(texts).map(|(((spans, (precisions, flags)), valid), texts)| Dates {
        spans,
        precisions,
        flags,
        valid,
        texts,
    })
}

/// Dates by place.
struct DatesByPlace {
    spans: PlacedSpans,
    precisions: Vec<u8>,
    flags: Vec<u8>,
    valid: Valid,
}

enum PlacedSpans {
    Days(Vec<i32>, Vec<u16>),
    Moments(Vec<i64>, Vec<i64>),
}

impl DatesByPlace {
    fn new(shape: &Shape) -> Self {
        Self {
            spans: PlacedSpans::Days(shape.room(), shape.room()),
            precisions: shape.room(),
            flags: shape.room(),
            valid: Valid::default(),
        }
    }

    /// Adds a block; how many dates it has.
    fn append(&mut self, block: &Dates) -> usize {
        let (before, rows) = (self.flags.len(), block.len());
        for (own, bytes) in [(&mut self.precisions, &block.precisions), (&mut self.flags, &block.flags)] {
            match bytes {
                Bytes::Same(byte) => own.resize(before + rows, *byte),
                Bytes::Each(bytes) => own.extend_from_slice(bytes),
            }
        }
        if let (PlacedSpans::Days(own_starts, own_lengths), Spans::Days { starts, lengths }) = (&mut self.spans, &block.spans) {
            own_starts.extend_from_slice(starts);
            own_lengths.extend_from_slice(lengths);
        } else {
            let (starts, ends) = self.moments();
            (0..rows).for_each(|row| {
                let span = block.spans.get(row);
                starts.push(span.start.0);
                ends.push(span.end.0);
            });
        }
        self.valid.append(before, rows, block.valid.as_ref());
        rows
    }

    fn append_nothing(&mut self, rows: usize) {
        let len = self.flags.len() + rows;
        self.valid.append_nothing(len - rows, rows);
        self.precisions.resize(len, 0);
        self.flags.resize(len, 0);
        match &mut self.spans {
            PlacedSpans::Days(starts, lengths) => {
                starts.resize(len, 0);
                lengths.resize(len, 0);
            }
            PlacedSpans::Moments(starts, ends) => {
                starts.resize(len, 0);
                ends.resize(len, 0);
            }
        }
    }

    /// The spans in microseconds, from now on.
    fn moments(&mut self) -> (&mut Vec<i64>, &mut Vec<i64>) {
        if let PlacedSpans::Days(days, lengths) = &self.spans {
            let starts: Vec<i64> = days.iter().map(|day| i64::from(*day) * DAY_US).collect();
            let ends = starts.iter().zip(lengths).map(|(start, length)| start + i64::from(*length) * DAY_US).collect();
            self.spans = PlacedSpans::Moments(starts, ends);
        }
        match &mut self.spans {
            PlacedSpans::Moments(starts, ends) => (starts, ends),
            PlacedSpans::Days(..) => unreachable!("made moments just before"),
        }
    }
}

/// A column of the file, of the kind that its values show.
pub(super) fn gather_auto(parts: &[Option<&Auto>], shape: &Shape) -> ByPlace<Column> {
    let autos: Vec<&Auto> = parts.iter().copied().flatten().collect();
    let filled: usize = autos.iter().map(|auto| auto.filled).sum();
    let has_only_numbers = filled > 0 && autos.iter().all(|auto| auto.has_only_numbers);
    if autos.iter().any(|auto| auto.kind == AutoKind::Numbers) {
        let numbers: Vec<Numbers> = parts.iter().map(|part| part.map_or_else(Numbers::default, Auto::to_numbers)).collect();
        return gather_numbers(&numbers.iter().map(Some).collect::<Vec<_>>(), shape).map(Column::Number);
    }
    if autos.iter().any(|auto| auto.kind == AutoKind::Texts) {
        if has_only_numbers {
            return numbers_of_texts(parts, shape).map(Column::Number);
        }
        let texts: Vec<Option<Texts>> = parts.iter().map(|part| part.map(Auto::to_texts)).collect();
        return ByPlace::ready(Column::Text(gather_texts(&texts.iter().map(Option::as_ref).collect::<Vec<_>>(), shape)));
    }
    let words = gather_words(&parts.iter().map(|part| part.map(|auto| &auto.words)).collect::<Vec<_>>(), shape);
    let order = shape.order().cloned();
    words.map(move |category| {
        let distinct = category.words() as usize;
        if has_only_numbers && distinct > NUMBER_CODES_MAX {
            let values: Vec<f64> = category.values.iter().map(|word| word.and_then(plain_number).unwrap_or(f64::NAN)).collect();
            let mut numbers = Vec::with_capacity(category.len());
            category.for_each_code(0..category.len(), |_, code| numbers.push(code.map_or(f64::NAN, |code| values[code as usize])));
            return Column::Number(Number::new(&numbers));
        }
        if distinct > DICTIONARY_FREE && distinct * 2 > filled {
            return Column::Text(text_of_words(&category, order));
        }
        Column::Category(category)
    })
}

/// Words as free text: back at their places, because all text columns of a dataset share one order.
fn text_of_words(category: &Category, order: Option<ScalarBuffer<u32>>) -> Text {
    let Some(order) = order else { return Text::from_rows((0..category.len()).map(|row| category.get(row))) };
    let mut rows = vec![0_usize; category.len()];
    for (row, place) in order.iter().enumerate() {
        rows[*place as usize] = row;
    }
    let text = Text::from_rows(rows.into_iter().map(|row| category.get(row)));
    Text::new(text.parts().to_vec(), Some(order))
}

fn numbers_of_texts(parts: &[Option<&Auto>], shape: &Shape) -> ByPlace<Number> {
    let mut all: Vec<f64> = shape.room();
    for (part, len) in parts.iter().zip(&shape.lens) {
        match part {
            Some(auto) => auto.to_texts().for_each(*len, |text| all.push(text.and_then(plain_number).unwrap_or(f64::NAN))),
            None => all.resize(all.len() + len, f64::NAN),
        }
    }
    ByPlace::of(all).map(|numbers| Number::new(&numbers))
}
