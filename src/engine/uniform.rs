//! Records that all carry the same kind of quantity: one metric, one unit, one counter, no repeats, a number in each.
//! Tables of coded events are such files; what is the same of all records need not be looked at in each. It knows no filters.

use std::ops::Range;

use crate::claims::{Counter, Standing, Sum, counter, standing};
use crate::data::{Amount, Basis, Category, Codes, Dataset, Field, Measure, Number, Qualifier, Quantity, Status, Vocabulary};

/// What all records of a dataset have in common.
pub(super) struct Uniform<'a> {
    /// What is counted.
    pub(super) metric: u32,
    /// The unit.
    pub(super) unit: Option<u32>,
    /// Who counted.
    pub(super) counter: Counter,
    /// How each record stands to a sum of increments.
    pub(super) standing: Standing,
    /// Measure, basis, qualifier; of its numbers only whether they are there.
    pub(super) like: Quantity<'static>,
    /// The columns of values, low bounds and high bounds; no record of them is null. An open bound has none.
    pub(super) parts: [Option<&'a Number>; 3],
}

impl<'a> Uniform<'a> {
    /// What the records have in common; `None` when they do not.
    pub(super) fn of(dataset: &'a Dataset) -> Option<Self> {
        let records = &dataset.records;
        let has_one_counter = dataset.is_coded() || (dataset.chains.is_empty() && !dataset.has_coded_files());
        if records.is_empty() || !has_one_counter {
            return None;
        }
        let metric = same(records.category(Field::METRIC)?)?;
        let own = |field: Field| match records.category(field) {
            None => Some(None),
            Some(column) => same(column).map(Some),
        };
        let numbers = [Field::VALUE, Field::LOW, Field::HIGH].map(|field| records.number(field));
        if numbers.iter().flatten().any(|column| column.nulls() > 0) || numbers.iter().all(Option::is_none) {
            return None;
        }
        let there = |number: Option<&Number>| number.map(|_| 1.0);
        let like = Quantity {
            metric: "",
            item: None,
            measure: word(own(Field::MEASURE)?).unwrap_or(Measure::Count),
            value: there(numbers[0]),
            low: there(numbers[1]),
            high: there(numbers[2]),
            qualifier: word::<Qualifier>(own(Field::QUALIFIER)?),
            basis: word::<Basis>(own(Field::BASIS)?),
            unit: None,
        };
        let status = word(own(Field::STATUS)?).unwrap_or(Status::Reported);
        let [value, low, high] = numbers;
        let (low, high) = match like.qualifier {
            None | Some(Qualifier::Exact | Qualifier::About) => (low.or(value), high.or(value)),
            Some(Qualifier::AtLeast) => (low.or(value), high),
            Some(Qualifier::AtMost) => (low, high.or(value)),
            Some(Qualifier::Range) => (low, high),
        };
        Some(Self {
            metric,
            unit: own(Field::UNIT)?,
            counter: counter(dataset, 0),
            standing: standing(&like, status),
            like,
            parts: [value, low, high],
        })
    }

    /// The sum of one record.
    #[cfg(test)]
    pub(super) fn sum(&self, row: usize) -> Sum {
        let [value, low, high] = self.parts.map(|part| part.and_then(|part| part.get(row)).map(Amount::from_number));
        Sum { value, low, high, records: 1 }
    }
}

impl Uniform<'_> {
    /// The sum of a range of records.
    pub(super) fn sum_of(&self, rows: Range<usize>) -> Sum {
        let [value, low, high] = self.parts.map(|part| part.map(|part| column_sum(part, rows.clone())));
        Sum { value, low, high, records: rows.len() as u64 }
    }
}

/// Numbers of 32 bits of which so many add up to less than 2^53.
const ROWS_TOGETHER: usize = 1 << 20;

/// The sum of a range of numbers, none of which is null.
fn column_sum(column: &Number, rows: Range<usize>) -> Amount {
    let mut sum = Amount::ZERO;
    let mut start = rows.start;
    while start < rows.end {
        let own = start..(start + ROWS_TOGETHER).min(rows.end);
        start = own.end;
        let whole: i64 = match column {
            Number::U8(array) => array.values()[own].iter().map(|number| i64::from(*number)).sum(),
            Number::U16(array) => array.values()[own].iter().map(|number| i64::from(*number)).sum(),
            Number::I32(array) => array.values()[own].iter().map(|number| i64::from(*number)).sum(),
            Number::Decimal { .. } | Number::F64(_) => {
                sum += own.filter_map(|row| column.get(row)).map(Amount::from_number).sum();
                continue;
            }
        };
        sum += Amount::from_number(whole as f64);
    }
    sum
}

/// The code that every record has.
fn same(column: &Category) -> Option<u32> {
    match &column.codes {
        Codes::Same { code, .. } => Some(*code),
        Codes::U8(_) | Codes::U16(_) | Codes::U32(_) => None,
    }
}

fn word<V: Vocabulary>(code: Option<u32>) -> Option<V> {
    code.and_then(V::from_code)
}
