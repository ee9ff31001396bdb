//! Reads the native format, `*.dateline.json`: sources, articles and records, in any order, one element at a time.

mod loose;

use std::io::Read;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

pub(super) use self::loose::is_loose;
use super::document::{broken, check_end, parse_element, reject, text_of};
use super::error::LoadError;
use super::feed::{Meter, drain};
use super::json::key;
use super::record::{self, Where};
use super::run::Run;
use super::scan::{Fault, Scanner, Stop};
use super::taker::shown;
use crate::data::{Article, ArticleId, Dataset, DatasetBuilder, Issue, IssueKind, Reliability, Source, SourceKind, Vocabulary};

/// The name of the format and of its preset.
pub(super) const FORMAT: &str = "dateline";
/// The version that is understood.
const VERSION: u64 = 1;

/// The sections of the file, in the order in which they must be understood.
const SECTIONS: [&str; 3] = ["sources", "articles", "records"];

/// An article, its line, and the ids that it is related to, each listed by itself or not.
type Links = (ArticleId, u64, Vec<(String, bool)>);

/// What is to be read next, and what was read.
pub(super) struct Native {
    pub(super) builder: DatasetBuilder,
    is_done: [bool; 3],
    is_put_off: [bool; 3],
    related: Vec<Links>,
    /// Does it have other names for its keys?
    is_loose: bool,
    /// Articles that belong together, as a list of its own says.
    pairs: Vec<(u64, String, String)>,
    reported: FxHashSet<String>,
    is_first_pass: bool,
}

/// What a pass over the file came to.
pub(super) enum Pass {
    /// A section stands before one that it needs: once more.
    Again,
    Done,
}

impl Native {
    pub(super) fn new(mut builder: DatasetBuilder, is_loose: bool) -> Self {
        builder.origin.preset = Some(FORMAT.to_owned());
        if is_loose {
            builder.issue(Issue {
                line: None,
                column: None,
                value: String::new(),
                kind: IssueKind::Assumption,
                message: "no format is named, but there are sources and what refers to them".to_owned(),
                action: "read as Dateline JSON".to_owned(),
            });
        }
        Self {
            is_loose,
            pairs: Vec::new(),
            builder,
            is_done: [false; 3],
            is_put_off: [false; 3],
            related: Vec::new(),
            reported: FxHashSet::default(),
            is_first_pass: true,
        }
    }

    /// Walks over the file once; sections whose sections are not known yet are put off to the next pass.
    pub(super) fn pass<R: Read>(&mut self, run: &mut Run<'_>, input: R, meter: &Meter) -> Result<Pass, LoadError> {
        let mut scanner = Scanner::new(input, false);
        match self.document(run, &mut scanner, meter) {
            Ok(()) => {}
            Err(Stop::Load(error)) => return Err(error),
            Err(Stop::Fault(fault)) => {
                if self.is_first_pass || matches!(fault, Fault::Io(_)) {
                    broken(fault, run, &mut self.builder)?;
                }
            }
        }
        let mut rest = scanner.into_input();
        drain(&mut rest).map_err(|error| run.failed(&error))?;
        for section in 0..3 {
            // What did not come in a whole pass will not come.
            self.is_done[section] |= !self.is_put_off[section];
        }
        self.is_first_pass = false;
        if self.is_put_off.contains(&true) { Ok(Pass::Again) } else { Ok(Pass::Done) }
    }

    /// The whole dataset.
    pub(super) fn finish(mut self, run: &Run<'_>, meter: &Meter) -> Result<Dataset, LoadError> {
        self.relate();
        run.finish(self.builder, meter)
    }

    fn document<R: Read>(&mut self, run: &mut Run<'_>, scanner: &mut Scanner<R>, meter: &Meter) -> Result<(), Stop> {
        scanner.expect(b'{', "an object")?;
        if scanner.next_byte()? == Some(b'}') {
            scanner.pass();
            return Ok(());
        }
        loop {
            let Some(key) = key(scanner, &mut self.builder)? else { return Ok(()) };
            let section = SECTIONS.iter().position(|section| *section == key);
            if let (Some(section), Some(b'[')) = (section, scanner.next_byte()?) {
                self.section(run, scanner, meter, section)?;
            } else {
                scanner.value()?;
                if self.is_first_pass
                    && let Some(value) = parse_element(scanner, &mut self.builder)
                {
                    self.head(&key, &value, scanner.start.line);
                }
            }
            if scanner.next_byte()? != Some(b',') {
                scanner.expect(b'}', "a comma or the end of the object")?;
                break;
            }
            scanner.pass();
        }
        if self.is_first_pass { Ok(check_end(scanner, run, &mut self.builder)?) } else { Ok(()) }
    }

    /// A value beside the sections.
    fn head(&mut self, key: &str, value: &Value, line: u64) {
        if self.is_loose
            && key == "related"
            && let Some(pairs) = loose::pairs(value)
        {
            self.pairs.extend(pairs.into_iter().map(|(one, other)| (line, one, other)));
            return;
        }
        match (key, value) {
            ("format", _) | (_, Value::Null) => {}
            ("version", value) if value.as_u64() == Some(VERSION) => {}
            ("version", value) => self.issue(
                line,
                "version",
                &value.to_string(),
                IssueKind::Assumption,
                format!("only version {VERSION} of the format is known"),
                "read as that version",
            ),
            ("counter", Value::String(name)) => self.builder.origin.counter = Some(name.clone()),
            ("title" | "note", Value::String(text)) => self.builder.origin.notes.push((key.to_owned(), text.clone())),
            ("selection", value) => self.builder.origin.notes.push((key.to_owned(), value.to_string())),
            (key, value) if SECTIONS.contains(&key) || matches!(key, "counter" | "title" | "note") => {
                self.issue(line, key, &value.to_string(), IssueKind::WrongType, "not of the right type".to_owned(), "left out");
            }
            (key, value) => {
                self.issue(
                    line,
                    key,
                    &value.to_string(),
                    IssueKind::UnknownField,
                    "the format has no such key".to_owned(),
                    "kept as a fact of the file",
                );
                self.builder.origin.notes.push((key.to_owned(), text_of(value).unwrap_or_default()));
            }
        }
    }

    fn section<R: Read>(&mut self, run: &mut Run<'_>, scanner: &mut Scanner<R>, meter: &Meter, section: usize) -> Result<(), Stop> {
        let is_ready = self.is_done[..section].iter().all(|done| *done);
        let was_done = self.is_done[section] && !self.is_first_pass;
        let is_skipped = was_done || !is_ready;
        if !was_done {
            self.is_put_off[section] = !is_ready;
        }
        scanner.expect(b'[', "a list")?;
        let mut is_first = true;
        while scanner.next_in_list(is_first)? {
            is_first = false;
            let walked = scanner.value();
            if is_skipped {
                walked?;
                run.row(&self.builder, meter)?;
                continue;
            }
            let is_record = section == 2;
            if let Err(fault) = walked {
                if is_record {
                    self.builder.origin.rows += 1;
                    reject(scanner, &mut self.builder, Some(&fault));
                }
                return Err(fault.into());
            }
            self.element(scanner, section);
            run.row(&self.builder, meter)?;
        }
        self.is_done[section] |= !is_skipped;
        Ok(())
    }

    fn element<R: Read>(&mut self, scanner: &Scanner<R>, section: usize) {
        let line = scanner.start.line;
        let is_record = section == 2;
        self.builder.origin.rows += u64::from(is_record);
        let value = parse_element(scanner, &mut self.builder);
        match (section, value) {
            (_, None) if is_record => reject(scanner, &mut self.builder, None),
            (_, None) => {}
            (0, Some(Value::Object(fields))) => self.source(line, &fields),
            (1, Some(Value::Object(fields))) => {
                let fields = if self.is_loose { loose::renamed(fields) } else { fields };
                self.article(line, &fields);
            }
            (2, Some(Value::Object(fields))) => {
                let fields = if self.is_loose { loose::renamed(fields) } else { fields };
                let file_row = u32::try_from(self.builder.origin.rows - 1).unwrap_or(u32::MAX);
                self.builder.at_file_row(file_row);
                self.builder.at_line(file_row, line);
                record::take(&mut Where { builder: &mut self.builder, line, reported: &mut self.reported }, &fields);
            }
            (_, Some(other)) => {
                let message = format!("an element of `{}` must be an object", SECTIONS[section]);
                self.issue(line, SECTIONS[section], &other.to_string(), IssueKind::RejectedRow, message, "left out");
                if is_record {
                    reject(scanner, &mut self.builder, None);
                }
            }
        }
    }

    fn issue(&mut self, line: u64, column: &str, value: &str, kind: IssueKind, message: String, action: &str) {
        self.builder.issue(Issue {
            line: Some(line),
            column: Some(column.to_owned()),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        });
    }

    fn unknown_keys(&mut self, line: u64, what: &str, fields: &Map<String, Value>, known: &[&str]) {
        for (key, value) in fields.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            let message = format!("{what} have no such key");
            self.issue(line, key, &value.to_string(), IssueKind::WrongType, message, "left out");
        }
    }

    /// The id of a source or an article; without one it cannot be referred to and is left out.
    fn id(&mut self, line: u64, what: &str, fields: &Map<String, Value>) -> Option<String> {
        let id = fields.get("id").and_then(|id| if id.is_string() || id.is_number() { text_of(id) } else { None });
        if id.is_none() {
            let value = Value::Object(fields.clone()).to_string();
            self.issue(line, "id", &value, IssueKind::WrongType, format!("{what} without an id"), "left out");
        }
        id
    }

    fn source(&mut self, line: u64, fields: &Map<String, Value>) {
        let Some(id) = self.id(line, "a source", fields) else { return };
        self.unknown_keys(line, "sources", fields, &["id", "name", "short", "kind", "country", "reliability"]);
        if self.builder.find_source(&id).is_some() {
            let value = Value::Object(fields.clone()).to_string();
            self.issue(line, "id", &value, IssueKind::DuplicateId, format!("the source {id} stands twice"), "the first one is used");
            return;
        }
        let source = Source {
            name: self.text(line, fields, "name").unwrap_or_else(|| id.clone()),
            short: self.text(line, fields, "short"),
            kind: self.word::<SourceKind>(line, fields, "kind"),
            country: self.text(line, fields, "country"),
            reliability: self.word::<Reliability>(line, fields, "reliability"),
            id,
        };
        self.builder.source(source);
    }

    fn text(&mut self, line: u64, fields: &Map<String, Value>, key: &str) -> Option<String> {
        match fields.get(key)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => {
                self.issue(line, key, &other.to_string(), IssueKind::WrongType, "not a text".to_owned(), "left empty");
                None
            }
        }
    }

    fn word<V: Vocabulary>(&mut self, line: u64, fields: &Map<String, Value>, key: &str) -> Option<V> {
        let text = self.text(line, fields, key)?;
        let word = V::parse(&text);
        if word.is_none() {
            let known = V::ALL.iter().map(|value| value.key()).collect::<Vec<_>>().join(", ");
            self.issue(line, key, &text, IssueKind::UnknownWord, format!("not one of {known}"), "left empty");
        }
        word
    }

    fn article(&mut self, line: u64, fields: &Map<String, Value>) {
        const KNOWN: [&str; 9] = ["id", "title", "url", "archive_url", "publisher", "published", "retrieved", "language", "related"];
        let Some(id) = self.id(line, "an article", fields) else { return };
        self.unknown_keys(line, "articles", fields, &KNOWN);
        if self.builder.find_article(&id).is_some() {
            let value = Value::Object(fields.clone()).to_string();
            self.issue(line, "id", &value, IssueKind::DuplicateId, format!("the article {id} stands twice"), "the first one is used");
            return;
        }
        let publisher = self.text(line, fields, "publisher");
        let mut place = Where { builder: &mut self.builder, line, reported: &mut self.reported };
        let article = Article {
            publisher: publisher.map(|publisher| place.source(&publisher, "publisher")),
            published: place.article_date(fields, "published"),
            retrieved: place.article_date(fields, "retrieved"),
            title: self.text(line, fields, "title"),
            url: self.text(line, fields, "url"),
            archive_url: self.text(line, fields, "archive_url"),
            language: self.text(line, fields, "language"),
            related: Vec::new(),
            id,
        };
        let own = self.builder.article(article);
        let related = self.related_ids(line, fields);
        if !related.is_empty() {
            self.related.push((own, line, related));
        }
    }

    fn related_ids(&mut self, line: u64, fields: &Map<String, Value>) -> Vec<(String, bool)> {
        let Some(related) = fields.get("related").filter(|related| !related.is_null()) else { return Vec::new() };
        let Value::Array(items) = related else {
            self.issue(line, "related", &related.to_string(), IssueKind::WrongType, "not a list".to_owned(), "left empty");
            return Vec::new();
        };
        let mut ids = Vec::new();
        for item in items {
            match item {
                Value::String(id) => ids.push((id.clone(), false)),
                Value::Object(link) if link.get("id").is_some_and(Value::is_string) => {
                    let id = link.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                    ids.push((id, link.get("listed").and_then(Value::as_bool).unwrap_or(false)));
                }
                other => {
                    let message = "neither an id nor an object with one".to_owned();
                    self.issue(line, "related", &other.to_string(), IssueKind::WrongType, message, "left out");
                }
            }
        }
        ids
    }

    /// The article that is named as a related one.
    fn article_of(&mut self, id: &str, line: u64) -> ArticleId {
        match self.builder.find_article(id) {
            Some(article) => article,
            None => Where { builder: &mut self.builder, line, reported: &mut self.reported }.article(id, "related"),
        }
    }

    /// Ties related articles together: first what each one lists, in its order, then the way back.
    fn relate(&mut self) {
        let mut links = Vec::new();
        for (line, one, other) in std::mem::take(&mut self.pairs) {
            let (one, other) = (self.article_of(&one, line), self.article_of(&other, line));
            links.push((one, other, false));
        }
        for (own, line, ids) in std::mem::take(&mut self.related) {
            for (id, is_listed) in ids {
                let other = self.article_of(&id, line);
                self.builder.list_related(own, other, is_listed);
                links.push((own, other, is_listed));
            }
        }
        for (own, other, is_listed) in links {
            self.builder.relate(own, other, is_listed);
        }
    }
}
