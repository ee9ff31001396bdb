//! The numbers of a row: figures with their bounds, coordinates, and what is wrong with them.

use super::super::cells::{self, NumberFault, is_missing, trim};
use super::super::mapping::{Measured, Role};
use super::{Taker, Taking};
use crate::data::{Basis, Draft, Issue, IssueKind, Measure, Qualifier, measure_from_unit};

/// A number with its bounds, as one metric of a row has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Number {
    pub(super) value: Option<f64>,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) qualifier: Option<Qualifier>,
    pub(super) is_given: bool,
}

impl Taker {
    pub(super) fn number(&self, taking: &mut Taking<'_>, column: usize) -> Number {
        let cell = taking.row.get(column);
        if let Some(value) = cells::short_number(cell, self.mapping.columns[column].numbers).filter(|value| *value != -99.0) {
            return Number { value: Some(value), is_given: true, ..Number::default() };
        }
        let cell = trim(cell);
        if is_missing(cell) && !cell.eq_ignore_ascii_case("nan") {
            return Number::default();
        }
        let fault = match cells::figure(cell, self.mapping.columns[column].numbers) {
            Ok(figure) if figure.value == Some(-99.0) => return Number::default(),
            Ok(figure) => {
                return Number { value: figure.value, low: figure.low, high: figure.high, qualifier: figure.qualifier, is_given: true };
            }
            Err(fault) => fault,
        };
        self.number_issue(taking, column, fault);
        Number { is_given: true, ..Number::default() }
    }

    pub(super) fn number_issue(&self, taking: &mut Taking<'_>, column: usize, fault: NumberFault) {
        let (kind, message) = match fault {
            NumberFault::NotANumber => (IssueKind::InvalidNumber, "not a number"),
            NumberFault::NotFinite => (IssueKind::NotFinite, "not a finite number"),
        };
        taking.issue(self.name(column), taking.row.get(column), kind, message.to_owned(), "left empty; the text is kept beside");
        self.keep_given(taking, column);
    }

    /// The figure of a metric with columns of its own.
    pub(super) fn measured(&self, taking: &mut Taking<'_>, measured: &Measured) -> Number {
        let mut read = |column: Option<usize>| column.map(|column| self.number(taking, column)).unwrap_or_default();
        let (value, low, high) = (read(measured.value), read(measured.low), read(measured.high));
        let number = Number {
            value: value.value,
            low: low.value.or(value.low),
            high: high.value.or(value.high),
            qualifier: value.qualifier,
            is_given: value.is_given || low.is_given || high.is_given,
        };
        if let Some(kind) = bounds_issue(&number) {
            let culprit = if kind == IssueKind::ValueAboveHigh { measured.value } else { measured.low };
            let column = culprit.or(measured.high).unwrap_or(0);
            taking.notes.push((taking.place, bounds_remark(taking.row.line, self.name(column), &number, kind)));
        }
        number
    }

    pub(super) fn coordinate(&self, taking: &mut Taking<'_>, role: Role, most: f64) -> Option<f64> {
        let column = self.columns.get(role)?;
        let cell = taking.row.get(column);
        let style = self.mapping.columns[column].numbers;
        if let Some(number) = cells::short_number(cell, style).filter(|number| number.abs() <= most) {
            return Some(number);
        }
        let cell = trim(cell);
        if is_missing(cell) {
            return None;
        }
        match cells::number(cell, style) {
            Ok(number) if number.abs() <= most => Some(number),
            Ok(_) => {
                let message = format!("beyond {most} degrees");
                taking.issue(self.name(column), cell, IssueKind::InvalidCoordinate, message, "left empty; the text is kept beside");
                self.keep_given(taking, column);
                None
            }
            Err(fault) => {
                self.number_issue(taking, column, fault);
                None
            }
        }
    }

    /// The quantity of a table that has one column each for metric, value, unit …
    pub(super) fn tidy<'a: 'd, 'd>(&self, taking: &mut Taking<'a>, draft: &mut Draft<'d>) {
        let row = taking.row;
        draft.metric = self.word(row, Role::Metric);
        draft.item = self.word(row, Role::Item);
        draft.unit = self.word(row, Role::Unit);
        draft.measure = self.vocabulary::<Measure>(taking, Role::Measure).or_else(|| draft.metric.map(|_| measure_from_unit(draft.unit)));
        let mut read = |role: Role| self.columns.get(role).map(|column| self.number(taking, column)).unwrap_or_default();
        let (value, low, high) = (read(Role::Value), read(Role::Low), read(Role::High));
        (draft.value, draft.low, draft.high) = (value.value, low.value.or(value.low), high.value.or(value.high));
        draft.qualifier = self.vocabulary::<Qualifier>(taking, Role::Qualifier).or(value.qualifier);
        draft.basis = self.vocabulary::<Basis>(taking, Role::Basis);
        let number = Number { value: draft.value, low: draft.low, high: draft.high, ..Number::default() };
        if let Some(kind) = bounds_issue(&number) {
            let remark = bounds_remark(row.line, if kind == IssueKind::ValueAboveHigh { "value" } else { "low" }, &number, kind);
            taking.notes.push((taking.place, remark));
        }
    }
}

/// Which of the bounds are out of order.
pub(super) fn bounds_issue(number: &Number) -> Option<IssueKind> {
    let above = |one: Option<f64>, other: Option<f64>| one.zip(other).is_some_and(|(one, other)| one > other);
    if above(number.low, number.value) {
        Some(IssueKind::LowAboveValue)
    } else if above(number.value, number.high) {
        Some(IssueKind::ValueAboveHigh)
    } else if above(number.low, number.high) {
        Some(IssueKind::LowAboveHigh)
    } else {
        None
    }
}

pub(super) fn bounds_remark(line: u64, column: &str, number: &Number, kind: IssueKind) -> Issue {
    let text = |number: Option<f64>| number.map_or_else(|| "nothing".to_owned(), |number| number.to_string());
    let (value, low, high) = (text(number.value), text(number.low), text(number.high));
    Issue {
        line: Some(line),
        column: Some(column.to_owned()),
        value: match kind {
            IssueKind::ValueAboveHigh => value.clone(),
            _ => low.clone(),
        },
        kind,
        message: format!("low {low}, best {value}, high {high}"),
        action: "kept as given".to_owned(),
    }
}
