//! The columns of quantities, looked up once for a loop over many rows; it decides nothing.

use crate::claims::Sum;
use crate::data::{Basis, Category, Dataset, Field, Measure, Number, Qualifier, Quantity, Status, Vocabulary as _};

/// The columns that sums need.
pub(super) struct Columns<'a> {
    pub(super) metric: Option<&'a Category>,
    pub(super) unit: Option<&'a Category>,
    measure: Option<&'a Category>,
    qualifier: Option<&'a Category>,
    basis: Option<&'a Category>,
    status: Option<&'a Category>,
    value: Option<&'a Number>,
    low: Option<&'a Number>,
    high: Option<&'a Number>,
}

/// The code of a row in a column that may not exist.
pub(super) fn code_in(column: Option<&Category>, row: usize) -> Option<u32> {
    column.and_then(|column| column.code(row))
}

impl<'a> Columns<'a> {
    pub(super) fn new(dataset: &'a Dataset) -> Self {
        let records = &dataset.records;
        Self {
            metric: records.category(Field::METRIC),
            unit: records.category(Field::UNIT),
            measure: records.category(Field::MEASURE),
            qualifier: records.category(Field::QUALIFIER),
            basis: records.category(Field::BASIS),
            status: records.category(Field::STATUS),
            value: records.number(Field::VALUE),
            low: records.number(Field::LOW),
            high: records.number(Field::HIGH),
        }
    }

    /// The quantity of a row, without its words.
    pub(super) fn quantity(&self, row: usize) -> Option<Quantity<'static>> {
        code_in(self.metric, row)?;
        let number = |column: Option<&Number>| column.and_then(|column| column.get(row));
        Some(Quantity {
            metric: "",
            item: None,
            measure: code_in(self.measure, row).and_then(Measure::from_code).unwrap_or(Measure::Count),
            value: number(self.value),
            low: number(self.low),
            high: number(self.high),
            qualifier: code_in(self.qualifier, row).and_then(Qualifier::from_code),
            basis: code_in(self.basis, row).and_then(Basis::from_code),
            unit: None,
        })
    }

    /// The sum of one row that has a quantity with a number.
    pub(super) fn sum(&self, row: usize) -> Sum {
        let number = |column: Option<&Number>| column.and_then(|column| column.get(row));
        Sum::of(&Quantity {
            metric: "",
            item: None,
            measure: Measure::Count,
            value: number(self.value),
            low: number(self.low),
            high: number(self.high),
            qualifier: code_in(self.qualifier, row).and_then(Qualifier::from_code),
            basis: None,
            unit: None,
        })
    }

    pub(super) fn status(&self, row: usize) -> Status {
        code_in(self.status, row).and_then(Status::from_code).unwrap_or(Status::Reported)
    }
}
