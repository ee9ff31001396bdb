//! Reads JSON that is not the native format as a table: a list of objects, an object that holds such a list, or one object per line.

use std::io::Read;

use serde_json::{Map, Value};

use super::document::{broken, check_end, flatten, json_issue, parse_element, reject, text_of};
use super::documents::geojson;
use super::error::LoadError;
use super::feed::{Meter, drain};
use super::rows::{NamedOrder, Rows};
use super::run::Run;
use super::scan::{Fault, Scanner};
use super::taker::shown;
use crate::data::{Dataset, DatasetBuilder, Issue, IssueKind};

/// How many values of a further list are kept.
const LIST_VALUES_KEPT: usize = 10_000;
/// So many elements that are no objects make a list of others.
const HELD_MAX: usize = 1_000;
/// How deep lists of objects are looked for in a document that has none at its top.
const LIST_DEPTH_MAX: u32 = 4;
/// How many facts of the document itself are kept.
const NOTES_MAX: usize = 40;

/// Takes one element of a list as a row.
pub(super) fn element(rows: &mut Rows<'_>, line: u64, value: &Value) {
    rows.begin();
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                cells(rows, &format!("column {}", place + 1), item);
            }
        }
        Value::Object(fields) if geojson::row(rows, line, fields) => {}
        other => cells(rows, "", other),
    }
    rows.end(line);
}

/// Puts the parts of a value into cells named by their paths.
pub(super) fn cells(rows: &mut Rows<'_>, path: &str, value: &Value) {
    flatten(path, value, &mut |name, text| rows.set(name, text));
}

/// How a JSON text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Document,
    Lines,
}

/// How reading went.
pub(super) enum JsonEnd {
    Read(Box<Dataset>),
    /// To be read again, with another order of day and month in a column.
    Again(NamedOrder),
    /// It is the native format after all.
    Native,
}

/// Reads a JSON text as a table.
/// `wanted` is the list that becomes the table, where that is known; else it is the first list of objects.
pub(super) fn read<R: Read>(
    run: &mut Run<'_>,
    mut rows: Rows<'_>,
    (input, meter): (R, &Meter),
    form: Form,
    wanted: Option<&str>,
) -> Result<JsonEnd, LoadError> {
    let mut scanner = Scanner::new(input, form == Form::Lines);
    let mut walk = Walk {
        run,
        rows: &mut rows,
        meter,
        wanted,
        other: Map::new(),
        list: None,
        is_native: false,
        is_of_objects: None,
        held: Vec::new(),
    };
    let walked = match form {
        Form::Lines => walk.lines(&mut scanner),
        Form::Document => walk.document(&mut scanner),
    };
    walk.take_held();
    let is_native = walk.is_native;
    let (other, list) = (std::mem::take(&mut walk.other), walk.list.take());
    match walked {
        Ok(()) | Err(Stop::Own(Halt::Again | Halt::Enough)) => {}
        Err(Stop::Load(error)) => return Err(error),
        Err(Stop::Fault(fault)) => broken(fault, run, &mut rows.builder)?,
    }
    if is_native {
        return Ok(JsonEnd::Native);
    }
    if let Some(again) = rows.reorder.take() {
        return Ok(JsonEnd::Again(again));
    }
    if list.is_none() {
        take_other(&mut rows, &other);
    }
    keep_notes(&mut rows.builder, &other, list.as_deref());
    rows.finish();
    std::mem::take(&mut rows.centred).say(&mut rows.builder);
    if let Some(again) = rows.reorder.take() {
        return Ok(JsonEnd::Again(again));
    }
    run.understood = rows.understood.take();
    if !rows.is_enough() {
        let mut rest = scanner.into_input();
        drain(&mut rest).map_err(|error| run.failed(&error))?;
    }
    Ok(JsonEnd::Read(Box::new(run.finish(rows.builder, meter)?)))
}

type Stop = super::scan::Stop<Halt>;

enum Halt {
    Again,
    /// As many rows were taken as are wanted.
    Enough,
}

struct Walk<'w, 'r, 'o> {
    run: &'w mut Run<'r>,
    rows: &'w mut Rows<'o>,
    meter: &'w Meter,
    wanted: Option<&'w str>,
    /// What the document holds besides the list that became the table.
    other: Map<String, Value>,
    /// The key of that list; empty for the document itself.
    list: Option<String>,
    is_native: bool,
    /// Are the elements objects? Not known before the first object, or before many others.
    is_of_objects: Option<bool>,
    /// The elements before that, each with its line.
    held: Vec<(u64, Value)>,
}

/// Says that an element is no object like the others, and keeps its text.
fn reject_other(rows: &mut Rows<'_>, line: u64, value: &Value) {
    let text = value.to_string();
    let message = "no object, as the other elements are".to_owned();
    rows.builder.reject(line, &message, text.as_bytes());
    let action = "left out".to_owned();
    rows.builder.issue(Issue { line: Some(line), column: None, value: shown(&text), kind: IssueKind::RejectedRow, message, action });
}

impl Walk<'_, '_, '_> {
    fn take_element<R: Read>(&mut self, scanner: &Scanner<R>) -> Result<(), Stop> {
        match parse_element(scanner, &mut self.rows.builder) {
            Some(value) => self.sort_out(scanner.start.line, value),
            None => reject(scanner, &mut self.rows.builder, None),
        }
        if self.rows.reorder.is_some() {
            return Err(Stop::Own(Halt::Again));
        }
        self.rows.builder.origin.rows = u64::from(self.rows.taken) + self.rows.builder.origin.rejected;
        self.run.row(&self.rows.builder, self.meter)?;
        if self.rows.is_enough() { Err(Stop::Own(Halt::Enough)) } else { Ok(()) }
    }

    /// Takes an element, unless it is none of the objects that the others are.
    fn sort_out(&mut self, line: u64, value: Value) {
        match self.is_of_objects {
            Some(true) if !value.is_object() => reject_other(self.rows, line, &value),
            // An object without anything in it does not tell what the others are.
            None if value.as_object().is_some_and(|object| !object.is_empty()) => {
                self.is_of_objects = Some(true);
                for (line, value) in std::mem::take(&mut self.held) {
                    if value.is_object() { element(self.rows, line, &value) } else { reject_other(self.rows, line, &value) }
                }
                element(self.rows, line, &value);
            }
            None if self.held.len() < HELD_MAX => self.held.push((line, value)),
            None => {
                self.take_held();
                element(self.rows, line, &value);
            }
            Some(_) => element(self.rows, line, &value),
        }
    }

    /// There are no objects: whatever there is are the rows.
    fn take_held(&mut self) {
        self.is_of_objects.get_or_insert(false);
        for (line, value) in std::mem::take(&mut self.held) {
            element(self.rows, line, &value);
        }
    }

    fn lines<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        self.list = Some(String::new());
        while scanner.next_byte()?.is_some() {
            match scanner.value() {
                Ok(()) => {
                    self.take_element(scanner)?;
                    self.rest_of_line(scanner)?;
                }
                Err(Fault::Io(error)) => return Err(Fault::Io(error).into()),
                Err(fault @ Fault::Ends(..)) => {
                    reject(scanner, &mut self.rows.builder, Some(&fault));
                    return Err(fault.into());
                }
                Err(Fault::Syntax(place, message)) => {
                    let text = String::from_utf8_lossy(&scanner.element).into_owned();
                    self.rows.builder.issue(json_issue(place, &text, &message, "the line is left out"));
                    reject(scanner, &mut self.rows.builder, None);
                    scanner.pass_line()?;
                }
            }
        }
        Ok(())
    }

    fn rest_of_line<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        let line = scanner.place().line;
        if scanner.next_byte()?.is_some() && scanner.place().line == line && line > 0 {
            let place = scanner.place();
            self.rows.builder.issue(json_issue(place, "", "more text on the line after its value", "not read"));
            scanner.pass_line()?;
        }
        Ok(())
    }

    fn document<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        match scanner.next_byte()? {
            Some(b'[') => {
                self.list = Some(String::new());
                self.list(scanner)?;
            }
            Some(b'{') => self.object(scanner)?,
            _ => {
                scanner.value()?;
                if let Some(value) = parse_element(scanner, &mut self.rows.builder) {
                    self.other.insert("value".to_owned(), value);
                }
            }
        }
        if self.is_native {
            return Ok(());
        }
        Ok(check_end(scanner, self.run, &mut self.rows.builder)?)
    }

    fn list<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        scanner.expect(b'[', "a list")?;
        let mut is_first = true;
        while scanner.next_in_list(is_first)? {
            is_first = false;
            if let Err(fault) = scanner.value() {
                reject(scanner, &mut self.rows.builder, Some(&fault));
                return Err(fault.into());
            }
            self.take_element(scanner)?;
        }
        Ok(())
    }

    fn object<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        scanner.expect(b'{', "an object")?;
        if scanner.next_byte()? == Some(b'}') {
            scanner.pass();
            return Ok(());
        }
        loop {
            let Some(key) = key(scanner, &mut self.rows.builder)? else { return Ok(()) };
            if scanner.next_byte()? == Some(b'[') {
                self.list_of_key(scanner, &key)?;
            } else {
                scanner.value()?;
                if let Some(value) = parse_element(scanner, &mut self.rows.builder) {
                    if key == "format" && value == "dateline" {
                        self.is_native = true;
                        return Ok(());
                    }
                    self.other.insert(key, value);
                }
            }
            match scanner.next_byte()? {
                Some(b',') => scanner.pass(),
                _ => return Ok(scanner.expect(b'}', "a comma or the end of the object")?),
            }
        }
    }

    /// The first list of objects is the table; other lists are kept as they are, or counted.
    fn list_of_key<R: Read>(&mut self, scanner: &mut Scanner<R>, key: &str) -> Result<(), Stop> {
        scanner.expect(b'[', "a list")?;
        let mut is_first = true;
        let mut is_table = false;
        let mut kept = Vec::new();
        let (mut unread, line) = (0_u64, scanner.place().line);
        if self.wanted == Some(key) {
            self.list = Some(key.to_owned());
            is_table = true;
        }
        while scanner.next_in_list(is_first)? {
            let is_object = scanner.next_byte()? == Some(b'{');
            if is_first && is_object && self.list.is_none() && self.wanted.is_none_or(|wanted| wanted == key) {
                is_table = true;
                self.list = Some(key.to_owned());
            }
            is_first = false;
            if let Err(fault) = scanner.value() {
                if is_table {
                    reject(scanner, &mut self.rows.builder, Some(&fault));
                }
                return Err(fault.into());
            }
            if is_table {
                self.take_element(scanner)?;
            } else if is_object && self.list.is_some() {
                unread += 1;
            } else if let Some(value) = parse_element(scanner, &mut self.rows.builder) {
                if kept.len() < LIST_VALUES_KEPT { kept.push(value) } else { unread += 1 }
            }
        }
        if unread > 0 {
            self.rows.builder.issue(Issue {
                line: Some(line),
                column: Some(shown(key)),
                value: unread.to_string(),
                kind: IssueKind::RejectedRow,
                message: format!("a further list with {unread} elements"),
                action: "not read; one list becomes the table".to_owned(),
            });
        }
        if !kept.is_empty() {
            self.other.insert(key.to_owned(), Value::Array(kept));
        }
        Ok(())
    }
}

/// The next key of an object and the colon behind it.
pub(super) fn key<R: Read>(scanner: &mut Scanner<R>, builder: &mut DatasetBuilder) -> Result<Option<String>, Fault> {
    if !matches!(scanner.next_byte()?, Some(b'"') | None) {
        return Err(scanner.syntax("expected a key in quotes".to_owned()));
    }
    scanner.value()?;
    let Some(Value::String(key)) = parse_element(scanner, builder) else { return Ok(None) };
    scanner.expect(b':', "a colon")?;
    Ok(Some(key))
}

/// Takes rows from a document without a list at its top: a list deeper inside, the objects of a map, or the document as one row.
fn take_other(rows: &mut Rows<'_>, other: &Map<String, Value>) {
    let whole = Value::Object(other.clone());
    if geojson::is_row(other) {
        element(rows, 1, &whole);
    } else if let Some(list) = inner_list(&whole, 0) {
        for value in list {
            if value.is_object() { element(rows, 1, value) } else { reject_other(rows, 1, value) }
        }
    } else if other.len() > 1 && other.values().all(Value::is_object) {
        for (key, value) in other {
            let mut row = Map::new();
            row.insert("key".to_owned(), Value::String(key.clone()));
            if let Value::Object(fields) = value {
                row.extend(fields.clone());
            }
            element(rows, 1, &Value::Object(row));
        }
    } else if !other.is_empty() {
        element(rows, 1, &whole);
    }
}

fn inner_list(value: &Value, depth: u32) -> Option<&Vec<Value>> {
    if depth > LIST_DEPTH_MAX {
        return None;
    }
    match value {
        Value::Array(items) if items.first().is_some_and(Value::is_object) => Some(items),
        Value::Object(fields) => fields.values().filter(|value| !value.is_string()).find_map(|value| inner_list(value, depth + 1)),
        _ => None,
    }
}

/// Keeps the plain facts of the document itself.
fn keep_notes(builder: &mut DatasetBuilder, other: &Map<String, Value>, list: Option<&str>) {
    let Some(list) = list else { return };
    if !list.is_empty() {
        builder.origin.notes.push(("list".to_owned(), list.to_owned()));
    }
    for (key, value) in other.iter().take(NOTES_MAX) {
        builder.origin.notes.push((shown(key), shown(&text_of(value).unwrap_or_default())));
    }
}
