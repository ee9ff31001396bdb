//! One column of several builders: put one behind the other and brought into the order of the records, as narrow as it allows.

use std::sync::Arc;

use arrow_array::{BinaryArray, Int32Array, PrimitiveArray, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, ScalarBuffer};

use crate::data::column::{Bytes, NULL_CODE, Spans};
use crate::data::growing::{Auto, AutoKind, Dictionary, Growing, GrowingCodes, GrowingDates, NUMBER_CODES_MAX, Numbers, Texts, Words};
use crate::data::growing::{DICTIONARY_FREE, plain_number};
use crate::data::{Category, Codes, Column, Dates, Number, Text};
use crate::time::When;

/// How many records each builder has, and the place of each row; without one, rows are places.
pub(super) struct Shape {
    pub(super) lens: Vec<usize>,
    pub(super) order: Option<ScalarBuffer<u32>>,
}

impl Shape {
    fn len(&self) -> usize {
        self.lens.iter().sum()
    }

    /// Brings values from places to rows.
    fn to_rows<T: Copy>(&self, places: Vec<T>) -> Vec<T> {
        match &self.order {
            Some(order) => order.iter().map(|place| places[*place as usize]).collect(),
            None => places,
        }
    }

    fn bits_to_rows(&self, places: Vec<bool>) -> Option<NullBuffer> {
        let bits: BooleanBuffer = match &self.order {
            Some(order) => order.iter().map(|place| places[*place as usize]).collect(),
            None => BooleanBuffer::from(places),
        };
        Some(NullBuffer::new(bits)).filter(|nulls| nulls.null_count() > 0)
    }
}

/// The parts of one kind; a builder without the column has none.
fn parts_of<'a, T>(parts: &[Option<&'a Growing>], pick: fn(&'a Growing) -> Option<&'a T>) -> Vec<Option<&'a T>> {
    parts.iter().map(|part| part.and_then(pick)).collect()
}

/// A column of the model; `None` when no record has a value in it.
pub(super) fn gather_own(parts: &[Option<&Growing>], shape: &Shape) -> Option<Column> {
    let column = match parts.iter().flatten().next()? {
        Growing::Words(_) => Column::Category(gather_words(
            &parts_of(parts, |part| if let Growing::Words(words) = part { Some(words) } else { None }),
            shape,
        )),
        Growing::Texts(_) => {
            let texts = parts_of(parts, |part| if let Growing::Texts(texts) = part { Some(texts) } else { None });
            Column::Text(gather_texts(&texts, shape))
        }
        Growing::Numbers(_) => {
            let numbers = parts_of(parts, |part| if let Growing::Numbers(numbers) = part { Some(numbers) } else { None });
            Column::Number(gather_numbers(&numbers, shape))
        }
        Growing::Dates(_) => {
            let dates = parts_of(parts, |part| if let Growing::Dates(dates) = part { Some(dates) } else { None });
            Column::Dates(gather_dates(&dates, shape))
        }
    };
    let has_texts = matches!(&column, Column::Dates(dates) if dates.texts.is_some());
    (has_texts || column.present() > 0).then_some(column)
}

fn gather_words(parts: &[Option<&Words>], shape: &Shape) -> Category {
    let dictionaries: Vec<&Dictionary> = parts.iter().flatten().map(|words| &words.dictionary).collect();
    let (values, maps) = Dictionary::join(&dictionaries);
    let mut maps = maps.iter();
    let parts: Vec<Option<(&GrowingCodes, &[u32])>> =
        parts.iter().map(|part| part.and_then(|words| Some((&words.codes, maps.next()?.as_slice())))).collect();
    let most = (arrow_array::Array::len(&values) as u32).saturating_sub(1);
    Category { codes: gather_codes(&parts, shape, most), values: Arc::new(values) }
}

/// Codes with their new numbers, of which `most` is the largest.
pub(super) fn gather_codes(parts: &[Option<(&GrowingCodes, &[u32])>], shape: &Shape, most: u32) -> Codes {
    // The largest value of a width stands for "none" on the way.
    if most < u32::from(u8::MAX) {
        let (values, nulls) = gather_narrow(parts, shape, u8::MAX, |code| code as u8);
        match same(&values, nulls.as_ref()) {
            Some(code) => Codes::Same { code: u32::from(code), len: values.len() },
            None => Codes::U8(UInt8Array::new(values.into(), nulls)),
        }
    } else if most < u32::from(u16::MAX) {
        let (values, nulls) = gather_narrow(parts, shape, u16::MAX, |code| code as u16);
        match same(&values, nulls.as_ref()) {
            Some(code) => Codes::Same { code: u32::from(code), len: values.len() },
            None => Codes::U16(UInt16Array::new(values.into(), nulls)),
        }
    } else {
        let (values, nulls) = gather_narrow(parts, shape, u32::MAX, |code| code);
        Codes::U32(UInt32Array::new(values.into(), nulls))
    }
}

fn same<T: Copy + PartialEq>(values: &[T], nulls: Option<&NullBuffer>) -> Option<T> {
    let first = *values.first()?;
    (nulls.is_none() && values.iter().all(|value| *value == first)).then_some(first)
}

fn gather_narrow<T: Copy + PartialEq + Default>(
    parts: &[Option<(&GrowingCodes, &[u32])>],
    shape: &Shape,
    none: T,
    narrow: fn(u32) -> T,
) -> (Vec<T>, Option<NullBuffer>) {
    let mut places: Vec<T> = Vec::with_capacity(shape.len());
    let mut has_nulls = false;
    for (part, len) in parts.iter().zip(&shape.lens) {
        let Some((codes, map)) = part else {
            has_nulls |= *len > 0;
            places.resize(places.len() + len, none);
            continue;
        };
        codes.for_each(*len, |code| {
            let value = if code == NULL_CODE { none } else { narrow(map[code as usize]) };
            has_nulls |= code == NULL_CODE;
            places.push(value);
        });
    }
    let mut rows = shape.to_rows(places);
    if !has_nulls {
        return (rows, None);
    }
    let nulls = NullBuffer::new(rows.iter().map(|value| *value != none).collect());
    for value in &mut rows {
        if *value == none {
            *value = T::default();
        }
    }
    (rows, Some(nulls))
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

fn gather_numbers(parts: &[Option<&Numbers>], shape: &Shape) -> Number {
    let blocks: Vec<Vec<Number>> = parts.iter().map(|part| part.map(|numbers| numbers.blocks()).unwrap_or_default()).collect();
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
            0 => Number::U8(whole(&blocks, shape, |n| n as u8)),
            1 => Number::U16(whole(&blocks, shape, |n| n as u16)),
            _ => Number::I32(whole(&blocks, shape, |n| n as i32)),
        };
    }
    if is_decimal {
        return Number::Decimal { unscaled: unscaled(&blocks, shape), places };
    }
    let mut all: Vec<f64> = Vec::with_capacity(shape.len());
    for_each_number(&blocks, shape, |number| all.push(number.unwrap_or(f64::NAN)));
    Number::new(&shape.to_rows(all))
}

fn for_each_number(blocks: &[Vec<Number>], shape: &Shape, mut take: impl FnMut(Option<f64>)) {
    for (blocks, len) in blocks.iter().zip(&shape.lens) {
        let mut left = *len;
        for block in blocks {
            let rows = left.min(block.len());
            block.for_each(0..rows, |_, number| take(number));
            left -= rows;
        }
        (0..left).for_each(|_| take(None));
    }
}

fn whole<T>(blocks: &[Vec<Number>], shape: &Shape, narrow: fn(f64) -> T::Native) -> PrimitiveArray<T>
where
    T: arrow_array::ArrowPrimitiveType,
{
    let mut all: Vec<T::Native> = Vec::with_capacity(shape.len());
    let mut nulls = Vec::new();
    for_each_number(blocks, shape, |number| {
        if number.is_none() && nulls.is_empty() {
            nulls.resize(all.len(), true);
        }
        if number.is_none() || !nulls.is_empty() {
            nulls.push(number.is_some());
        }
        all.push(number.map_or(T::Native::usize_as(0), narrow));
    });
    nulls_and_rows(all, nulls, shape)
}

fn nulls_and_rows<T: arrow_array::ArrowPrimitiveType>(all: Vec<T::Native>, nulls: Vec<bool>, shape: &Shape) -> PrimitiveArray<T> {
    let nulls = if nulls.is_empty() { None } else { shape.bits_to_rows(nulls) };
    PrimitiveArray::new(ScalarBuffer::from(shape.to_rows(all)), nulls)
}

/// Decimals that have the same number of digits everywhere, without going through floats.
fn unscaled(blocks: &[Vec<Number>], shape: &Shape) -> Int32Array {
    let mut all: Vec<i32> = Vec::with_capacity(shape.len());
    let mut nulls: Vec<bool> = Vec::new();
    for (blocks, len) in blocks.iter().zip(&shape.lens) {
        let mut left = *len;
        for block in blocks {
            let Number::Decimal { unscaled, .. } = block else { continue };
            let rows = left.min(block.len());
            let own = arrow_array::Array::nulls(unscaled);
            if own.is_some() && nulls.is_empty() {
                nulls.resize(all.len(), true);
            }
            all.extend_from_slice(&unscaled.values()[..rows]);
            match own {
                Some(own) => nulls.extend((0..rows).map(|row| own.is_valid(row))),
                None if !nulls.is_empty() => nulls.resize(all.len(), true),
                None => {}
            }
            left -= rows;
        }
        if left > 0 {
            nulls.resize(all.len(), true);
            all.resize(all.len() + left, 0);
            nulls.resize(all.len(), false);
        }
    }
    nulls_and_rows(all, nulls, shape)
}

fn gather_dates(parts: &[Option<&GrowingDates>], shape: &Shape) -> Dates {
    let blocks: Vec<Vec<Dates>> = parts.iter().map(|part| part.map(|dates| dates.blocks()).unwrap_or_default()).collect();
    let is_in_days = blocks.iter().flatten().all(|block| matches!(block.spans, Spans::Days { .. }));
    let mut valid: Vec<bool> = Vec::new();
    let (mut precisions, mut flags) = (Vec::with_capacity(shape.len()), Vec::with_capacity(shape.len()));
    let mut days = (Vec::new(), Vec::new());
    let mut moments = (Vec::new(), Vec::new());
    let mut len = 0;
    let mut take = |when: Option<When>| {
        if when.is_none() && valid.is_empty() {
            valid.resize(len, true);
        }
        if when.is_none() || !valid.is_empty() {
            valid.push(when.is_some());
        }
        len += 1;
        precisions.push(when.map_or(0, |when| when.precision as u8));
        flags.push(when.map_or(0, |when| when.flags.0));
        if is_in_days {
            let (start, length) = when.and_then(|when| crate::data::column::whole_days(when.span)).unwrap_or_default();
            days.0.push(start);
            days.1.push(length);
        } else {
            moments.0.push(when.map_or(0, |when| when.span.start.0));
            moments.1.push(when.map_or(0, |when| when.span.end.0));
        }
    };
    for (blocks, len) in blocks.iter().zip(&shape.lens) {
        let mut left = *len;
        for block in blocks {
            let rows = left.min(block.len());
            (0..rows).for_each(|row| take(block.when(row)));
            left -= rows;
        }
        (0..left).for_each(|_| take(None));
    }
    let spans = if is_in_days {
        Spans::Days { starts: shape.to_rows(days.0).into(), lengths: shape.to_rows(days.1).into() }
    } else {
        Spans::Moments { starts: shape.to_rows(moments.0).into(), ends: shape.to_rows(moments.1).into() }
    };
    let bytes = |bytes: Vec<u8>| match Bytes::new(bytes) {
        Bytes::Each(bytes) => Bytes::Each(shape.to_rows(bytes.to_vec()).into()),
        same => same,
    };
    let has_texts = parts.iter().flatten().any(|dates| !dates.texts.codes.is_empty());
    let texts: Vec<Option<&Words>> = parts.iter().map(|part| part.map(|dates| &dates.texts)).collect();
    Dates {
        spans,
        precisions: bytes(precisions),
        flags: bytes(flags),
        valid: if valid.is_empty() { None } else { shape.bits_to_rows(valid) },
        texts: has_texts.then(|| gather_words(&texts, shape)),
    }
}

/// A column of the file, of the kind that its values show.
pub(super) fn gather_auto(parts: &[Option<&Auto>], shape: &Shape) -> Column {
    let autos: Vec<&Auto> = parts.iter().copied().flatten().collect();
    let filled: usize = autos.iter().map(|auto| auto.filled).sum();
    let has_only_numbers = filled > 0 && autos.iter().all(|auto| auto.has_only_numbers);
    if autos.iter().any(|auto| auto.kind == AutoKind::Numbers) {
        let numbers: Vec<Numbers> = parts.iter().map(|part| part.map_or_else(Numbers::default, |auto| auto.to_numbers())).collect();
        return Column::Number(gather_numbers(&numbers.iter().map(Some).collect::<Vec<_>>(), shape));
    }
    if autos.iter().any(|auto| auto.kind == AutoKind::Texts) {
        if has_only_numbers {
            return Column::Number(numbers_of_texts(parts, shape));
        }
        let texts: Vec<Option<Texts>> = parts.iter().map(|part| part.map(Auto::to_texts)).collect();
        return Column::Text(gather_texts(&texts.iter().map(Option::as_ref).collect::<Vec<_>>(), shape));
    }
    let category = gather_words(&parts.iter().map(|part| part.map(|auto| &auto.words)).collect::<Vec<_>>(), shape);
    let distinct = category.words() as usize;
    if has_only_numbers && distinct > NUMBER_CODES_MAX {
        let values: Vec<f64> = category.values.iter().map(|word| word.and_then(plain_number).unwrap_or(f64::NAN)).collect();
        let mut numbers = Vec::with_capacity(category.len());
        category.for_each_code(0..category.len(), |_, code| numbers.push(code.map_or(f64::NAN, |code| values[code as usize])));
        return Column::Number(Number::new(&numbers));
    }
    if distinct > DICTIONARY_FREE && distinct * 2 > filled {
        return Column::Text(Text::from_rows((0..category.len()).map(|row| category.get(row))));
    }
    Column::Category(category)
}

fn numbers_of_texts(parts: &[Option<&Auto>], shape: &Shape) -> Number {
    let mut all: Vec<f64> = Vec::with_capacity(shape.len());
    for (part, len) in parts.iter().zip(&shape.lens) {
        match part {
            Some(auto) => auto.to_texts().for_each(*len, |text| all.push(text.and_then(plain_number).unwrap_or(f64::NAN))),
            None => all.resize(all.len() + len, f64::NAN),
        }
    }
    Number::new(&shape.to_rows(all))
}
