//! The numbers of a row: figures with their bounds, coordinates, and what is wrong with them.

use super::super::cells::{self, NumberFault, trim};
use super::super::mapping::{At, Measured, Role};
use super::block::all;
use super::{Row, Rows, Taker, Taking};
use crate::data::{Basis, Draft, Issue, IssueKind, Measure, Qualifier, Vocabulary as _, implausible, measure_from_unit};
use crate::time::{Time, When, parse_edtf, parse_ymd_fast};

/// What is fixed for all numbers of a metric.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fixed {
    /// The date that the column stands for.
    pub(super) date: Option<When>,
    /// From here on zero is no number: the series has ended.
    pub(super) ended: Option<Time>,
}

impl Fixed {
    pub(super) fn of(measured: &Measured) -> Self {
        let date = match &measured.at {
            At::Date(text) => parse_edtf(text).ok(),
            At::Row | At::Column(_) => None,
        };
        let last = measured.until.as_ref().and_then(|day| parse_ymd_fast(day.as_bytes()));
        Self { date, ended: last.map(|last| last.span.end) }
    }
}

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
    /// The number of a quantity: one that cannot be its number is none, so that no sum and no chart has it; the text is kept.
    fn plausible(&self, taking: &mut Taking<'_>, column: usize, of: (&str, Option<&str>, Option<Measure>)) -> Number {
        let number = self.number(taking, column);
        let (metric, unit, measure) = of;
        let all = [number.value, number.low, number.high];
        let Some(reason) = all.into_iter().flatten().find_map(|number| implausible(number, metric, unit, measure)) else { return number };
        let action = "not counted; the text is kept beside";
        taking.issue(self.name(column), taking.row.get(column), IssueKind::ImplausibleNumber, reason.to_owned(), action);
        self.keep_given(taking, column);
        Number { is_given: true, ..Number::default() }
    }

    pub(super) fn number(&self, taking: &mut Taking<'_>, column: usize) -> Number {
        let cell = taking.row.get(column);
        let map = &self.mapping.columns[column];
        if let Some(value) = cells::short_number(cell, map.numbers) {
            let is_given = !self.marks.has_number(value) && !self.is_code_number(column, value);
            return Number { value: Some(value).filter(|_| is_given), is_given, ..Number::default() };
        }
        let cell = trim(cell);
        if (self.marks.says_nothing(cell) && !cell.eq_ignore_ascii_case("nan")) || self.is_code(column, cell) {
            return Number::default();
        }
        let bracketed = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|_| map.has_estimates_in_brackets);
        if let Some(value) = bracketed.and_then(|inner| cells::number(inner, map.numbers).ok()) {
            return Number { value: Some(value), qualifier: Some(Qualifier::About), is_given: true, ..Number::default() };
        }
        let fault = match cells::figure(cell, map.numbers) {
            Ok(figure) if figure.value.is_some_and(|value| self.marks.has_number(value)) => return Number::default(),
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
        if let Some(number) = self.plain_figure(taking.row, measured) {
            return number;
        }
        let of = (measured.metric.as_str(), measured.unit.as_deref(), None);
        let mut read = |column: Option<usize>| column.map(|column| self.plausible(taking, column, of)).unwrap_or_default();
        let (value, low, high) = (read(measured.value), read(measured.low), read(measured.high));
        let number = Number {
            value: value.value,
            low: low.value.or(value.low),
            high: high.value.or(value.high),
            qualifier: value.qualifier.or_else(|| self.qualified(taking, measured)),
            is_given: value.is_given || low.is_given || high.is_given,
        };
        if let Some(kind) = bounds_issue(&number) {
            let culprit = if kind == IssueKind::ValueAboveHigh { measured.value } else { measured.low };
            let column = culprit.or(measured.high).unwrap_or(0);
            taking.notes.push((taking.place, bounds_remark(taking.row.line, self.name(column), &number, kind)));
        }
        number
    }

    /// The same in short, for most rows of most tables: numbers of few digits, of which nothing is to be said.
    fn plain_figure(&self, row: Row<'_>, measured: &Measured) -> Option<Number> {
        if measured.qualifier.is_some() {
            return None;
        }
        let plain =
            |column: Option<usize>| column.map_or(Some(None), |column| self.plain_number(row.bytes(column), column, measured).map(Some));
        let (value, low, high) = (plain(measured.value)?, plain(measured.low)?, plain(measured.high)?);
        let number = Number { value, low, high, qualifier: None, is_given: true };
        let is_given = value.or(low).or(high).is_some();
        (is_given && bounds_issue(&number).is_none()).then_some(number)
    }

    /// The same of many rows: value, low and high of each, where there is a column of it. `None` where one of them is not so plain.
    pub(super) fn plain_figures(&self, rows: Rows<'_>, measured: &Measured) -> Option<[Option<Vec<f64>>; 3]> {
        let columns = [measured.value, measured.low, measured.high];
        if measured.qualifier.is_some() || columns == [None; 3] {
            return None;
        }
        let mut figures = [const { None }; 3];
        for (column, numbers) in columns.into_iter().zip(&mut figures) {
            if let Some(column) = column {
                *numbers = Some(all(rows.column(column), |cell| self.plain_number(cell, column, measured))?);
            }
        }
        let are_in_order = |one: usize, other: usize| match (&figures[one], &figures[other]) {
            (Some(ones), Some(others)) => ones.iter().zip(others).all(|(one, other)| one <= other),
            _ => true,
        };
        (are_in_order(1, 0) && are_in_order(0, 2) && are_in_order(1, 2)).then_some(figures)
    }

    #[inline]
    fn plain_number(&self, cell: &[u8], column: usize, measured: &Measured) -> Option<f64> {
        let number = cells::few_digits(cell).map(f64::from).or_else(|| {
            let number = cells::short_number(cell, self.mapping.columns[column].numbers)?;
            implausible(number, &measured.metric, measured.unit.as_deref(), None).is_none().then_some(number)
        })?;
        (!self.stands_for_nothing(column, number)).then_some(number)
    }

    /// The word or mark beside a number that says how it is meant.
    fn qualified(&self, taking: &mut Taking<'_>, measured: &Measured) -> Option<Qualifier> {
        let column = measured.qualifier?;
        let word = self.cell(taking.row, column)?.to_owned();
        let qualifier = Qualifier::parse(&word);
        if qualifier.is_none() {
            let known = Qualifier::ALL.iter().map(|value| value.key()).collect::<Vec<_>>().join(", ");
            let message = format!("not one of {known}");
            taking.issue(self.name(column), &word, IssueKind::UnknownWord, message, "left empty; the text is kept beside");
            self.keep_given(taking, column);
        }
        qualifier
    }

    pub(super) fn coordinate(&self, taking: &mut Taking<'_>, role: Role, most: f64) -> Option<f64> {
        let column = self.columns.get(role)?;
        if let Some(number) = self.plain_coordinate(taking.row.bytes(column), column, most) {
            return Some(number);
        }
        let style = self.mapping.columns[column].numbers;
        let cell = trim(taking.row.get(column));
        if self.is_code(column, cell) || (self.marks.says_nothing(cell) && !self.is_real_longitude(taking, role)) {
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

    /// The same in short.
    pub(super) fn plain_coordinate(&self, cell: &[u8], column: usize, most: f64) -> Option<f64> {
        let number = cells::short_number(cell, self.mapping.columns[column].numbers)?;
        (number.abs() <= most && !self.stands_for_nothing(column, number)).then_some(number)
    }

    #[inline]
    fn stands_for_nothing(&self, column: usize, number: f64) -> bool {
        !self.is_plain[column] && (self.marks.has_number(number) || self.is_code_number(column, number))
    }

    /// A number that stands for a missing value elsewhere is a longitude where the latitude is given.
    fn is_real_longitude(&self, taking: &Taking<'_>, role: Role) -> bool {
        let number = |role: Role| cells::number(trim(taking.row.get(self.columns.get(role)?)), cells::NumberStyle::Point).ok();
        role == Role::Lon && number(Role::Lon).is_some() && number(Role::Lat).is_some_and(|lat| !self.marks.has_number(lat))
    }

    /// The metric of numbers whose column names it.
    fn named_metric(&self) -> Option<&str> {
        self.mapping.names_metric().map(|column| self.name(column))
    }

    /// The quantity of a table that has one column each for metric, value, unit …
    pub(super) fn tidy<'a: 'd, 's: 'd, 'd>(&'s self, taking: &mut Taking<'a>, draft: &mut Draft<'d>) {
        let row = taking.row;
        draft.metric = self.named_metric().or_else(|| self.word(row, Role::Metric));
        draft.unit = self.word(row, Role::Unit);
        draft.measure = self.vocabulary::<Measure>(taking, Role::Measure).or_else(|| draft.metric.map(|_| measure_from_unit(draft.unit)));
        let of = (draft.metric.unwrap_or_default(), draft.unit, draft.measure);
        let mut read = |role: Role| self.columns.get(role).map(|column| self.plausible(taking, column, of)).unwrap_or_default();
        let (value, low, high) = (read(Role::Value), read(Role::Low), read(Role::High));
        (draft.value, draft.low, draft.high) = (value.value, low.value.or(value.low), high.value.or(value.high));
        draft.qualifier = self.vocabulary::<Qualifier>(taking, Role::Qualifier).or(value.qualifier);
        draft.basis = self.vocabulary::<Basis>(taking, Role::Basis);
        let has_number = draft.value.or(draft.low).or(draft.high).is_some();
        if let Some(metric) = draft.metric.filter(|_| has_number && self.columns.get(Role::Basis).is_none()) {
            draft.basis = Some(self.mapping.bases.of(metric));
            // A total without an as-of date was counted up to its date.
            if draft.basis == Some(Basis::Total) && draft.as_of.when.is_none() {
                draft.as_of = draft.when;
            }
        }
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
