//! What reading any JSON document needs: elements with their faults turned into issues, and values as texts.

use std::io::Read;

use serde_json::Value;

use super::error::LoadError;
use super::run::Run;
use super::scan::{ELEMENT_BYTES_MAX, Fault, Oddity, Place, Scanner};
use super::split::CELL_BYTES_MAX;
use super::taker::shown;
use crate::data::{DatasetBuilder, Issue, IssueKind};

/// An element as a value; `None` when it breaks the rules of JSON, which an issue says.
pub(super) fn parse_element<R: Read>(scanner: &Scanner<R>, builder: &mut DatasetBuilder) -> Option<Value> {
    for oddity in &scanner.oddities {
        builder.issue(oddity_issue(oddity));
    }
    let start = scanner.start;
    if scanner.is_too_long {
        builder.issue(Issue {
            line: Some(start.line),
            column: None,
            value: String::new(),
            kind: IssueKind::RejectedRow,
            message: format!("the element is longer than {ELEMENT_BYTES_MAX} bytes"),
            action: "left out".to_owned(),
        });
        return None;
    }
    match serde_json::from_slice(&scanner.element) {
        Ok(value) => Some(value),
        Err(error) => {
            let place = if error.line() <= 1 {
                Place { line: start.line, column: start.column + (error.column() as u64).saturating_sub(1) }
            } else {
                Place { line: start.line + error.line() as u64 - 1, column: error.column() as u64 }
            };
            let whole = error.to_string();
            let message = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
            builder.issue(json_issue(place, &String::from_utf8_lossy(&scanner.element), &message, "left out"));
            None
        }
    }
}

/// Counts the element as a rejected row and keeps its text: because of the fault in it, else of what the last issue says.
pub(super) fn reject<R: Read>(scanner: &Scanner<R>, builder: &mut DatasetBuilder, fault: Option<&Fault>) {
    let reason = match fault {
        Some(Fault::Io(error)) => error.to_string(),
        Some(Fault::Syntax(place, message)) => format!("line {}, column {}: {message}", place.line, place.column),
        Some(Fault::Ends(place, what)) => format!("line {}, column {}: the file ends where {what} should come", place.line, place.column),
        None => builder.issues().list.last().map_or_else(|| "left out".to_owned(), |issue| issue.message.clone()),
    };
    builder.reject(scanner.start.line, &reason, &scanner.element);
}

/// An issue about the rules of JSON, with line and column.
pub(super) fn json_issue(place: Place, text: &str, message: &str, action: &str) -> Issue {
    Issue {
        line: Some(place.line),
        column: None,
        value: shown(text),
        kind: IssueKind::InvalidJson,
        message: format!("line {}, column {}: {message}", place.line, place.column),
        action: action.to_owned(),
    }
}

fn oddity_issue(oddity: &Oddity) -> Issue {
    match oddity {
        Oddity::Cut(place, bytes) => Issue {
            line: Some(place.line),
            column: None,
            value: String::new(),
            kind: IssueKind::CellTooLong,
            message: format!("line {}, column {}: a text has {bytes} bytes; at most {CELL_BYTES_MAX} are kept", place.line, place.column),
            action: "cut; the rest of the row is kept".to_owned(),
        },
        Oddity::NotFinite(place, word) => Issue {
            line: Some(place.line),
            column: None,
            value: (*word).to_owned(),
            kind: IssueKind::NotFinite,
            message: format!("line {}, column {}: {word} is not a finite number, and not JSON", place.line, place.column),
            action: "left empty".to_owned(),
        },
    }
}

/// Turns the end of walking into an issue; only a failed read is an error.
pub(super) fn broken(fault: Fault, run: &Run<'_>, builder: &mut DatasetBuilder) -> Result<(), LoadError> {
    match fault {
        Fault::Io(error) => return Err(run.failed(&error)),
        Fault::Syntax(place, message) => {
            builder.issue(json_issue(place, "", &message, "reading stopped here; the records before are kept"));
        }
        Fault::Ends(place, what) => builder.issue(Issue {
            line: Some(place.line),
            column: None,
            value: String::new(),
            kind: IssueKind::Truncated,
            message: format!("line {}, column {}: the file ends where {what} should come", place.line, place.column),
            action: "the records before are kept".to_owned(),
        }),
    }
    Ok(())
}

/// Says that something stands behind the end of a document.
pub(super) fn check_end<R: Read>(scanner: &mut Scanner<R>, run: &Run<'_>, builder: &mut DatasetBuilder) -> Result<(), LoadError> {
    match scanner.next_byte() {
        Ok(None) => Ok(()),
        Ok(Some(_)) => {
            builder.issue(json_issue(scanner.place(), "", "more text after the end of the document", "not read"));
            Ok(())
        }
        Err(fault) => broken(fault, run, builder),
    }
}

/// A value as the text of a cell; `None` for null.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}

/// Hands out the parts of a value by their paths: objects part by part, lists of simple values as one text, other lists as JSON.
pub(super) fn flatten(path: &str, value: &Value, put: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&inner, value, put);
            }
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(is_simple_text) => {
            put(path, &items.iter().filter_map(text_of).collect::<Vec<_>>().join("; "));
        }
        Value::Object(_) | Value::Array(_) if path.is_empty() => {}
        other => {
            let text = text_of(other).unwrap_or_default();
            put(if path.is_empty() { "value" } else { path }, &text);
        }
    }
}

fn is_simple_text(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(';'),
        Value::Number(_) | Value::Bool(_) => true,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}
