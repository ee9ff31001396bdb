//! What a mapping takes for granted about a whole table, said as issues.

use super::mapping::{Mapping, Measured, Role};
use crate::data::{Basis, Issue, IssueKind};

/// What is to be said before the first row.
pub(super) fn assumed(mapping: &Mapping) -> Vec<Issue> {
    let name = |column: Option<usize>| column.and_then(|column| mapping.columns.get(column)).map(|map| map.name.clone());
    let issue = |column: Option<String>, message: String, action: &str| Issue {
        line: None,
        column,
        value: String::new(),
        kind: IssueKind::Assumption,
        message,
        action: action.to_owned(),
    };
    let mut issues = Vec::new();
    if let Some(column) = mapping.column(Role::Published).filter(|_| !mapping.has_date()) {
        let message = "no column says when it happened, only when it was published or recorded".to_owned();
        issues.push(issue(name(Some(column)), message, "records stand at that date"));
    }
    let total = |measured: &&Measured| measured.basis == Basis::Total;
    for measured in mapping.measured.iter().filter(total) {
        let message = "the numbers hardly ever fall from day to day".to_owned();
        issues.push(issue(name(measured.value), message, "taken as running totals, which are not added up"));
        if let Some(until) = &measured.until {
            let message = format!("the total falls to 0 after {until} and stays there");
            issues.push(issue(name(measured.value), message, "taken as the end of the series; the zeros are no numbers"));
        }
    }
    issues
}
