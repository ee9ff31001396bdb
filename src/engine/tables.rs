//! How cells, rows of the table, bins and pages of issues are made, the same for both engines; it chooses no records.

use super::Stop;
use super::facts::Facts;
use super::place::point;
use crate::data::{Column, Dataset, Field, FieldKind, IssueKind, Listed, Records, Row};
use crate::query::{IssuesAnswer, TableRow};
use crate::time::Time;

/// A value by which the table can be sorted.
pub(super) enum TableCell<'a> {
    /// A word or text, by its letters.
    Word(&'a str),
    /// A number.
    Number(f64),
    /// A date, by the moment that stands for it, then by its end.
    Date((Time, Time)),
}

/// The value of a row.
pub(super) fn cell(records: &Records, field: Field, row: Row) -> Option<TableCell<'_>> {
    match records.column(field)? {
        Column::Category(column) => column.get(row as usize).map(TableCell::Word),
        Column::Text(column) => column.get(row as usize).map(TableCell::Word),
        Column::Number(column) => column.get(row as usize).map(TableCell::Number),
        Column::Dates(column) => column.span(row as usize).map(|span| TableCell::Date((point(span).unwrap_or(span.start), span.end))),
    }
}

/// The number of a row on the axis of a histogram: a number, or the microseconds of a date.
pub(super) fn number_on_axis(records: &Records, field: Field, row: Row) -> Option<f64> {
    match records.column(field)? {
        Column::Number(column) => column.get(row as usize),
        Column::Dates(column) => column.span(row as usize).and_then(point).map(|time| time.0 as f64),
        Column::Category(_) | Column::Text(_) => None,
    }
}

impl Facts {
    /// Refuses a histogram of anything but numbers and dates.
    pub(super) fn axis_kind(&self, field: Field) -> Result<(), Stop> {
        let kind = self.fields.iter().find(|info| info.field == field).map(|info| (info.kind, info.key.as_str()));
        let own = Field::OWN.iter().find(|own| own.0 == field).map(|own| (own.3, own.1));
        match kind.or(own) {
            Some((FieldKind::Number | FieldKind::Date, _)) => Ok(()),
            Some((_, key)) => Err(Stop::Refused(format!("{key} has no axis: choose a field of numbers or dates"))),
            None => Err(Stop::Refused("there is no such field in this file".to_owned())),
        }
    }

    /// A row of the table.
    pub(super) fn table_row(&self, row: Row, fields: &[Field]) -> TableRow {
        let records = &self.dataset.records;
        TableRow { row, id: records.address(row), cells: fields.iter().map(|field| records.display(*field, row)).collect() }
    }

    /// A page of the issues.
    pub(super) fn issues(&self, kind: Option<IssueKind>, text: &str, (offset, limit): (u64, u32)) -> IssuesAnswer {
        let Dataset { issues, origin, .. } = &*self.dataset;
        let wanted = text.to_lowercase();
        let has_text = |issue: &Listed| {
            let file = issue.file.map(|file| origin.file_name_of(Some(file))).unwrap_or_default();
            let line = issue.line.map(|line| line.to_string()).unwrap_or_default();
            let cells = [file, &line, issue.column.as_deref().unwrap_or_default(), &issue.value, &issue.message, &issue.action];
            cells.iter().any(|cell| cell.to_lowercase().contains(&wanted))
        };
        let found = issues.list.iter().filter(|issue| kind.is_none_or(|kind| issue.kind == kind) && (wanted.is_empty() || has_text(issue)));
        let total = if wanted.is_empty() {
            issues.counts.iter().filter(|(own, _)| kind.is_none_or(|kind| **own == kind)).map(|(_, count)| *count).sum()
        } else {
            found.clone().count() as u64
        };
        IssuesAnswer { list: found.skip(offset as usize).take(limit as usize).cloned().collect(), total }
    }
}
