//! Walks through a JSON document twice and hands its parts to a reader: elements of its lists one by one, then what is beside them.

use std::io::Read;

use serde_json::{Map, Value};

use super::desk::Desk;
use super::{Document, Reader, Stop};
use crate::data::{Dataset, DatasetBuilder, IssueKind, Origin};
use crate::ingest::Input;
use crate::ingest::document::{broken, check_end, json_issue, parse_element, reject};
use crate::ingest::error::LoadError;
use crate::ingest::feed::{Meter, drain};
use crate::ingest::json::{Form, key};
use crate::ingest::run::Run;
use crate::ingest::scan::{Enough, Fault, Scanner};

/// The most values of one document that are kept beside its lists, in bytes of their text; the rest is said to be left out.
const HEAD_BYTES_MAX: usize = 64 << 20;

/// A document on its way: learnt first, then taken.
pub(in crate::ingest) struct Walked {
    document: &'static Document,
    reader: Box<dyn Reader>,
    is_learnt: bool,
    /// Stops after so many elements, each of the two times.
    elements_max: Option<u32>,
}

impl Walked {
    pub(in crate::ingest) fn new(document: &'static Document, input: &Input, elements_max: Option<u32>) -> Self {
        Self { document, reader: (document.reader)(input), is_learnt: false, elements_max }
    }
}

/// Walks through a document once: the first time it learns and has no dataset, the second time it takes.
pub(in crate::ingest) fn walk<R: Read>(
    walked: &mut Walked,
    run: &mut Run<'_>,
    origin: Origin,
    (input, meter): (R, &Meter),
    form: Form,
) -> Result<Option<Dataset>, LoadError> {
    let is_taking = walked.is_learnt;
    walked.is_learnt = true;
    let mut builder = DatasetBuilder::new(origin);
    builder.origin.preset = Some(walked.document.key.to_owned());
    let mut scanner = Scanner::new(input, form == Form::Lines);
    let reader = walked.reader.as_mut();
    let elements_left = walked.elements_max;
    let (head, path) = (Map::new(), Vec::new());
    let mut walk = Walk { run, reader, builder, meter, head, head_bytes: 0, path, has_list: false, is_taking, elements_left };
    let stopped = match form {
        Form::Document => walk.document(&mut scanner),
        Form::Lines => walk.lines(&mut scanner),
    };
    let Walk { mut builder, head, has_list, reader, run, .. } = walk;
    match stopped {
        Ok(()) => {}
        Err(Stop::Own(Enough)) => run.is_cut = true,
        Err(Stop::Load(error)) => return Err(error),
        Err(Stop::Fault(fault)) => broken(fault, run, &mut builder)?,
    }
    if !is_taking {
        reader.learn_head(&head);
        return Ok(None);
    }
    reader.take_head(&mut Desk { builder: &mut builder, line: 1 }, &head, !has_list);
    if run.is_cut {
        return Ok(Some(run.finish(builder, meter)?));
    }
    let mut rest = scanner.into_input();
    drain(&mut rest).map_err(|error| run.failed(&error))?;
    let has_faults = builder.origin.rejected > 0
        || [IssueKind::InvalidJson, IssueKind::Truncated].iter().any(|kind| builder.issues().counts.contains_key(kind));
    if builder.is_empty() && !has_faults {
        let reason = format!("the document has no {}", walked.document.records);
        let advice = "choose a file of this format that has some";
        return Err(LoadError::NoRecords { path: run.path.clone(), reason, advice });
    }
    Ok(Some(run.finish(builder, meter)?))
}

struct Walk<'w, 'r> {
    run: &'w mut Run<'r>,
    reader: &'w mut dyn Reader,
    builder: DatasetBuilder,
    meter: &'w Meter,
    /// What stands beside the lists.
    head: Map<String, Value>,
    head_bytes: usize,
    /// The keys of the objects around the present place.
    path: Vec<String>,
    has_list: bool,
    is_taking: bool,
    elements_left: Option<u32>,
}

impl Walk<'_, '_> {
    fn document<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        match scanner.next_byte()? {
            Some(b'[') => self.list(scanner, "")?,
            Some(b'{') => self.object(scanner)?,
            _ => {
                scanner.value()?;
                // A value that is neither has nothing to show, but it may be no JSON at all, which is said.
                drop(parse_element(scanner, &mut self.builder));
            }
        }
        Ok(check_end(scanner, self.run, &mut self.builder)?)
    }

    fn lines<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        self.has_list = true;
        while scanner.next_byte()?.is_some() {
            match scanner.value() {
                Ok(()) => self.element(scanner, "")?,
                Err(fault) => {
                    self.lose_row(scanner, Some(&fault));
                    let Fault::Syntax(place, message) = fault else { return Err(fault.into()) };
                    let text = String::from_utf8_lossy(&scanner.element).into_owned();
                    self.builder.issue(json_issue(place, &text, &message, "the line is left out"));
                    scanner.pass_line()?;
                }
            }
        }
        Ok(())
    }

    fn lose_row<R: Read>(&mut self, scanner: &Scanner<R>, fault: Option<&Fault>) {
        self.builder.origin.rows += 1;
        reject(scanner, &mut self.builder, fault);
    }

    fn list<R: Read>(&mut self, scanner: &mut Scanner<R>, list: &str) -> Result<(), Stop> {
        self.has_list = true;
        scanner.expect(b'[', "a list")?;
        let mut is_first = true;
        while scanner.next_in_list(is_first)? {
            is_first = false;
            if let Err(fault) = scanner.value() {
                self.lose_row(scanner, Some(&fault));
                return Err(fault.into());
            }
            self.element(scanner, list)?;
        }
        Ok(())
    }

    fn element<R: Read>(&mut self, scanner: &Scanner<R>, list: &str) -> Result<(), Stop> {
        match parse_element(scanner, &mut self.builder) {
            Some(value) if self.is_taking => {
                let mut desk = Desk { builder: &mut self.builder, line: scanner.start.line };
                self.reader.take(&mut desk, list, &value);
            }
            Some(value) => self.reader.learn(list, &value),
            None => self.lose_row(scanner, None),
        }
        self.run.row(&self.builder, self.meter)?;
        if let Some(left) = &mut self.elements_left {
            *left = left.saturating_sub(1);
        }
        if self.elements_left == Some(0) { Err(Stop::Own(Enough)) } else { Ok(()) }
    }

    fn object<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        scanner.expect(b'{', "an object")?;
        if scanner.next_byte()? == Some(b'}') {
            scanner.pass();
            return Ok(());
        }
        loop {
            let Some(key) = key(scanner, &mut self.builder)? else { return Ok(()) };
            self.path.push(key);
            self.value(scanner)?;
            self.path.pop();
            match scanner.next_byte()? {
                Some(b',') => scanner.pass(),
                _ => return Ok(scanner.expect(b'}', "a comma or the end of the object")?),
            }
        }
    }

    /// The value of the key that ends the path: a list to be read by its elements, an object with such a list, or a value.
    fn value<R: Read>(&mut self, scanner: &mut Scanner<R>) -> Result<(), Stop> {
        let path = self.path.join(".");
        let lists = self.reader.lists();
        let next = scanner.next_byte()?;
        if let (Some(list), Some(b'[')) = (lists.iter().find(|list| **list == path), next) {
            return self.list(scanner, list);
        }
        let leads_on = |list: &&str| list.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if next == Some(b'{') && lists.iter().any(leads_on) {
            self.keep(Value::Object(Map::new()));
            return self.object(scanner);
        }
        scanner.value()?;
        self.head_bytes += scanner.element.len();
        if self.head_bytes > HEAD_BYTES_MAX {
            let column = Some(path);
            let mut issue = json_issue(scanner.start, "", "too much stands beside the lists of the document", "not read");
            issue.kind = IssueKind::LimitReached;
            self.builder.issue(crate::data::Issue { column, ..issue });
        } else if let Some(value) = parse_element(scanner, &mut self.builder) {
            self.keep(value);
        }
        Ok(())
    }

    /// Puts a value where the path says.
    fn keep(&mut self, value: Value) {
        let Some((last, before)) = self.path.split_last() else { return };
        let mut place = &mut self.head;
        for key in before {
            match place.get_mut(key) {
                Some(Value::Object(_)) => {}
                _ => return,
            }
            let Some(Value::Object(inner)) = place.get_mut(key) else { return };
            place = inner;
        }
        place.insert(last.clone(), value);
    }
}
