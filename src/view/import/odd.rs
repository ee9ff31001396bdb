//! What is odd about the rows that are shown, row by row and cell by cell. Issues name lines; where several rows share a line, as in JSON
//! without line breaks, the text of the cell tells whose they are.

use std::collections::BTreeMap;

use crate::data::Issue;
use crate::ingest::{Examined, RawRow, RowKind};

/// The issues of the rows that are shown.
pub(super) struct Odd<'a> {
    seen: &'a Examined,
    by_line: BTreeMap<u64, Vec<&'a Issue>>,
    /// How many rows of data begin on a line.
    rows_of_line: BTreeMap<u64, usize>,
}

impl<'a> Odd<'a> {
    pub(super) fn of(seen: &'a Examined) -> Self {
        let mut rows_of_line: BTreeMap<u64, usize> = BTreeMap::new();
        for row in seen.rows.iter().filter(|row| row.kind == RowKind::Data) {
            *rows_of_line.entry(row.line).or_default() += 1;
        }
        let mut by_line: BTreeMap<u64, Vec<&Issue>> = BTreeMap::new();
        for issue in &seen.issues {
            if let Some(line) = issue.line.filter(|line| rows_of_line.contains_key(line)) {
                by_line.entry(line).or_default().push(issue);
            }
        }
        Self { seen, by_line, rows_of_line }
    }

    /// What is odd about a row of data and its cells.
    pub(super) fn in_row(&self, row: &RawRow) -> impl Iterator<Item = &'a Issue> {
        let is_shared = self.rows_of_line.get(&row.line).is_some_and(|rows| *rows > 1);
        let found = if row.kind == RowKind::Data { self.by_line.get(&row.line).map_or(&[][..], Vec::as_slice) } else { &[] };
        found.iter().copied().filter(move |issue| !is_shared || self.is_of(row, issue))
    }

    /// What is odd about a cell; about its row as a whole with `None`.
    pub(super) fn in_cell(&self, row: &RawRow, column: Option<usize>) -> Option<&'a Issue> {
        let name = column.and_then(|column| self.seen.mapping.columns.get(column)).map(|map| map.name.as_str());
        self.in_row(row).find(|issue| issue.column.as_deref() == name)
    }

    /// Has the row the cell that the issue speaks of? Long values are cut in issues.
    fn is_of(&self, row: &RawRow, issue: &Issue) -> bool {
        let Some(name) = &issue.column else { return false };
        let column = self.seen.mapping.columns.iter().position(|map| map.name == *name);
        let cell = column.and_then(|column| row.cells.get(column)).map_or("", |cell| cell.trim());
        match issue.value.strip_suffix('…') {
            Some(start) => cell.starts_with(start),
            None => cell == issue.value.trim(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::IssueKind;
    use crate::ingest::{ColumnMap, Mapping};

    #[test]
    fn rows_of_one_line_have_the_issues_of_their_own_cells() {
        let row = |cell: &str| RawRow { line: 1, kind: RowKind::Data, cells: vec![cell.to_owned()] };
        let issue = |value: &str| Issue {
            line: Some(1),
            column: Some("day".to_owned()),
            value: value.to_owned(),
            kind: IssueKind::InvalidDate,
            message: String::new(),
            action: String::new(),
        };
        let mapping = Mapping { columns: vec![ColumnMap { name: "day".to_owned(), ..ColumnMap::default() }], ..Mapping::default() };
        let seen = Examined {
            mapping,
            rows: vec![row("2024-01-02"), row("31 Feb"), row("long and longer")],
            issues: vec![issue("31 Feb"), issue("long and…")],
            ..Examined::default()
        };
        let odd = Odd::of(&seen);
        let found: Vec<Option<&str>> = seen.rows.iter().map(|row| odd.in_cell(row, Some(0)).map(|issue| issue.value.as_str())).collect();
        assert_eq!(found, [None, Some("31 Feb"), Some("long and…")]);
        assert_eq!(odd.in_row(&seen.rows[1]).count(), 1);
    }
}
