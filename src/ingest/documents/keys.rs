//! The keys of a JSON object that is being read: each one that is taken is marked, and the others are kept as fields.

use serde_json::{Map, Value};

use super::desk::{Desk, Record};
use crate::data::IssueKind;
use crate::ingest::document::{flatten, text_of};

/// An object and which of its keys were taken.
pub(super) struct Keys<'v> {
    fields: &'v Map<String, Value>,
    /// What stands before the names of its fields, with a point at its end.
    prefix: String,
    taken: Vec<&'v str>,
}

impl<'v> Keys<'v> {
    pub(super) fn new(fields: &'v Map<String, Value>) -> Self {
        Self { fields, prefix: String::new(), taken: Vec::new() }
    }

    /// An object inside another; its further keys are kept under the name of the object.
    pub(super) fn within(prefix: &str, fields: &'v Map<String, Value>) -> Self {
        Self { fields, prefix: format!("{prefix}."), taken: Vec::new() }
    }

    /// A value, without taking it; `None` for null.
    pub(super) fn peek(&self, key: &str) -> Option<&'v Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    /// Marks a key as taken.
    pub(super) fn take(&mut self, key: &str) -> Option<&'v Value> {
        let (name, value) = self.fields.get_key_value(key)?;
        self.taken.push(name);
        Some(value).filter(|value| !value.is_null())
    }

    /// A text, or a number as text; anything else is said and kept as a field.
    pub(super) fn text(&mut self, desk: &mut Desk<'_>, key: &str) -> Option<String> {
        let value = self.peek(key)?;
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(_) => text_of(value)?,
            Value::Array(items) if items.is_empty() => String::new(),
            other => {
                let column = format!("{}{key}", self.prefix);
                desk.issue(&column, &other.to_string(), IssueKind::WrongType, "not a text", "kept as a field");
                return None;
            }
        };
        self.take(key);
        (!text.is_empty()).then_some(text)
    }

    /// The first of several keys that has a text; the others stay.
    pub(super) fn first_text(&mut self, desk: &mut Desk<'_>, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.text(desk, key))
    }

    /// A number, or a text that is one.
    pub(super) fn number(&mut self, key: &str) -> Option<f64> {
        let number = text_of(self.peek(key)?)?.trim().parse::<f64>().ok().filter(|number| number.is_finite())?;
        self.take(key);
        Some(number)
    }

    /// An object.
    pub(super) fn object(&mut self, key: &str) -> Option<&'v Map<String, Value>> {
        let Value::Object(fields) = self.peek(key)? else { return None };
        self.take(key);
        Some(fields)
    }

    /// The elements of a list; a single value is a list of one.
    pub(super) fn list(&mut self, key: &str) -> &'v [Value] {
        match self.take(key) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(value) => std::slice::from_ref(value),
        }
    }

    /// Keeps every key that was not taken as a field, flattened with points.
    pub(super) fn rest(self, desk: &mut Desk<'_>, record: &mut Record) {
        for (key, value) in self.fields.iter().filter(|(key, _)| !self.taken.contains(&key.as_str())) {
            flatten(&format!("{}{key}", self.prefix), value, &mut |name, text| desk.extra(record, name, text));
        }
    }
}
