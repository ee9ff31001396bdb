//! Reads exports of `TimeMap`: events that name their sources and associations by id, in the same document or in files beside it.
//!
//! Each source is a publication and somebody who says something; its `parent` is where that source has it from, so that a chain
//! runs from the first source of an event up to the last parent. Dates are `MM/DD/YYYY`; the time `00:00` means unknown.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::beside::{self, Beside};
use super::desk::{Dated, Desk, Record};
use super::glimpse::Glimpse;
use super::keys::Keys;
use super::{Document, Reader};
use crate::data::{Article, ArticleId, Issue, IssueKind, SourceId};
use crate::ingest::Input;
use crate::ingest::document::text_of;
use crate::time::DateOrder;

pub(super) const TIMEMAP: Document =
    Document { key: "timemap", records: "events", is_loose: false, fits, reader: |input| Box::new(TimeMap::beside(input)) };

/// A chain of more parents goes round in a circle, or is none that anybody would follow.
const PARENTS_MAX: usize = 32;

fn fits(seen: &Glimpse) -> bool {
    let is_event = |event: &Glimpse| {
        let is_list = |key: &str| matches!(event.get(key), Some(Glimpse::List(_)));
        let is_dated = event.has_any(&["date", "datetime"]);
        is_dated && is_list("sources") && (is_list("associations") || is_list("filters") || event.has_any(&["location", "latitude"]))
    };
    let has_events = seen.first_of("events").is_some_and(|event| is_event(event) || seen.has_any(&["sources", "associations"]));
    has_events || seen.first().is_some_and(is_event)
}

/// What an event refers to by its id.
#[derive(Default)]
struct TimeMap {
    sources: FxHashMap<String, Map<String, Value>>,
    associations: FxHashMap<String, Map<String, Value>>,
    /// The files beside that were read, and what they hold.
    read: Vec<(String, String)>,
    /// What is to be said of the others.
    notes: Vec<Issue>,
    is_source_missing: bool,
    input: Option<Input>,
}

impl TimeMap {
    fn beside(input: &Input) -> Self {
        Self { input: Some(input.clone()), ..Self::default() }
    }

    /// Takes a list of objects with ids, or an object of them by id.
    fn register(&mut self, what: &str, value: &Value) {
        let named = if what == beside::SOURCES { &mut self.sources } else { &mut self.associations };
        let mut add = |id: Option<String>, fields: &Map<String, Value>| {
            if let Some(id) = fields.get("id").and_then(text_of).or(id).filter(|id| !id.is_empty()) {
                named.entry(id).or_insert_with(|| fields.clone());
            }
        };
        match value {
            Value::Array(items) => items.iter().filter_map(Value::as_object).for_each(|fields| add(None, fields)),
            Value::Object(items) => match items.get(what) {
                Some(inner @ (Value::Array(_) | Value::Object(_))) => self.register(what, inner),
                _ => items
                    .iter()
                    .filter_map(|(id, fields)| Some((id, fields.as_object()?)))
                    .for_each(|(id, fields)| add(Some(id.clone()), fields)),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Reads what the document itself does not hold from the files beside it.
    fn look_beside(&mut self) {
        let Some(input) = self.input.take() else { return };
        for what in [beside::SOURCES, beside::ASSOCIATIONS] {
            let is_known = if what == beside::SOURCES { !self.sources.is_empty() } else { !self.associations.is_empty() };
            if is_known {
                continue;
            }
            let (value, message) = match beside::read(&input, what) {
                Beside::Read(name, value) => {
                    self.read.push((format!("{what} from"), name));
                    self.register(what, &value);
                    continue;
                }
                // Not every export has associations; sources are missed only when an event names one.
                Beside::None => continue,
                Beside::Several(names) => (names.join(", "), format!("several files beside this one could hold its {what}")),
                Beside::Unread(name, reason) => (name, format!("the file with its {what} cannot be read: {reason}")),
            };
            let action = format!("its {what} are shown by their ids");
            self.notes.push(Issue { line: None, column: Some(what.to_owned()), value, kind: IssueKind::DanglingSource, message, action });
            self.is_source_missing |= what == beside::SOURCES;
        }
    }
}

impl Reader for TimeMap {
    fn lists(&self) -> &'static [&'static str] {
        &["", "events", "sources", "associations"]
    }

    fn learn(&mut self, list: &str, element: &Value) {
        if list == beside::SOURCES || list == beside::ASSOCIATIONS {
            self.register(list, &Value::Array(vec![element.clone()]));
        }
    }

    fn learn_head(&mut self, head: &Map<String, Value>) {
        for what in [beside::SOURCES, beside::ASSOCIATIONS] {
            if let Some(value) = head.get(what) {
                self.register(what, value);
            }
        }
        self.look_beside();
    }

    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value) {
        if list == beside::SOURCES || list == beside::ASSOCIATIONS {
            return;
        }
        for note in std::mem::take(&mut self.notes) {
            desk.builder.issue(note);
        }
        let Value::Object(fields) = element else {
            return desk.reject(list, &element.to_string(), "an event must be an object");
        };
        desk.next_row();
        let mut keys = Keys::new(fields);
        let mut record = Record { id: keys.text(desk, "id"), title: keys.text(desk, "title"), ..Record::default() };
        let description = keys.first_text(desk, &["description", "desc"]);
        if record.title.is_none() {
            record.title = description;
        } else {
            record.note = description;
        }
        record.place = keys.first_text(desk, &["location", "place"]);
        record.when = when(desk, &mut keys);
        let lat = keys.first_text(desk, &["latitude", "lat"]).unwrap_or_default();
        let lon = keys.first_text(desk, &["longitude", "lng", "lon"]).unwrap_or_default();
        desk.coordinates(&mut record, &lat, &lon);
        record.category = keys.text(desk, "category");
        self.associate(desk, &mut keys, &mut record);
        let named = keys.list("sources");
        self.attribute(desk, named, &mut record);
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, _is_alone: bool) {
        desk.builder.origin.notes.append(&mut self.read);
        for (key, value) in head.iter().filter(|(key, _)| *key != beside::SOURCES && *key != beside::ASSOCIATIONS) {
            let text = text_of(value).unwrap_or_default();
            desk.builder.origin.notes.push((crate::ingest::taker::shown(key), crate::ingest::taker::shown(&text)));
        }
    }
}

fn when(desk: &mut Desk<'_>, keys: &mut Keys<'_>) -> Dated {
    if let Some(text) = keys.text(desk, "datetime") {
        return desk.date("datetime", &text, DateOrder::MonthFirst);
    }
    let Some(date) = keys.text(desk, "date") else { return Dated::default() };
    let time = keys.text(desk, "time").unwrap_or_default();
    let is_known = !time.bytes().all(|byte| matches!(byte, b'0' | b':' | b' '));
    if is_known && crate::ingest::cells::time_of_day(&time).is_some() {
        return desk.date("date", &format!("{date} {time}"), DateOrder::MonthFirst);
    }
    if is_known {
        desk.issue("time", &time, IssueKind::InvalidDate, "not a time of day", "the day is used");
    }
    desk.date("date", &date, DateOrder::MonthFirst)
}

impl TimeMap {
    /// The names of what an event is associated with; the first category among them is its category.
    fn associate(&self, desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record) {
        for key in ["associations", "filters"] {
            for item in keys.list(key) {
                let name = match item {
                    Value::Object(fields) => {
                        let part = |key: &str| fields.get(key).and_then(text_of);
                        let (name, value) = (part("key").or_else(|| part("title")), part("value"));
                        match (name, value) {
                            (Some(name), Some(value)) => {
                                desk.extra(record, &name, &value);
                                continue;
                            }
                            (name, value) => name.or(value).unwrap_or_else(|| item.to_string()),
                        }
                    }
                    other => {
                        let id = text_of(other).unwrap_or_default();
                        let known = self.associations.get(&id);
                        let name = known.and_then(|fields| fields.get("title").and_then(text_of)).unwrap_or(id);
                        let mode = known.and_then(|fields| fields.get("mode")).and_then(Value::as_str).unwrap_or("");
                        if mode.eq_ignore_ascii_case("category") && record.category.is_none() {
                            record.category = Some(name.clone());
                        }
                        name
                    }
                };
                desk.extra(record, key, &name);
            }
        }
    }

    /// The chain from the first source up its parents, the first publication as the article, the others related to it.
    fn attribute(&mut self, desk: &mut Desk<'_>, named: &[Value], record: &mut Record) {
        for item in named {
            let (found, parents) = match item {
                Value::Object(fields) => {
                    let key = ["id", "path", "url", "title"].iter().find_map(|key| fields.get(*key).and_then(text_of)).unwrap_or_default();
                    (publication(desk, &key, fields), self.parents(desk, fields))
                }
                other => {
                    let id = text_of(other).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
                    let Some(id) = id else { continue };
                    match self.sources.get(&id) {
                        None if id.starts_with("http://") || id.starts_with("https://") => {
                            let fields = Map::from_iter([("url".to_owned(), Value::String(id.clone()))]);
                            (publication(desk, &id, &fields), Vec::new())
                        }
                        Some(fields) => (publication(desk, &id, fields), self.parents(desk, fields)),
                        None => (Some(self.missing(desk, &id)), Vec::new()),
                    }
                }
            };
            let Some(Publication { source, article, name }) = found else { continue };
            if record.chain.is_none() {
                let chain: Vec<Option<SourceId>> = std::iter::once(source).chain(parents).map(Some).collect();
                record.chain = desk.chain(&chain);
            } else {
                desk.extra(record, "further_sources", &name);
            }
            match (record.article, article) {
                (None, _) => record.article = article,
                (Some(first), Some(other)) => desk.builder.relate(first, other, false),
                (Some(_), None) => {}
            }
        }
    }

    /// The sources that a source has it from, one after another.
    fn parents(&self, desk: &mut Desk<'_>, fields: &Map<String, Value>) -> Vec<SourceId> {
        let mut seen: Vec<String> = Vec::new();
        let mut parents = Vec::new();
        let mut next = fields.get("parent").and_then(text_of);
        while let Some(id) = next.take().filter(|id| !id.is_empty() && !seen.contains(id)) {
            let Some(fields) = self.sources.get(&id) else {
                parents.push(desk.source(&id, &id, None, None));
                break;
            };
            parents.extend(publication(desk, &id, fields).map(|parent| parent.source));
            next = fields.get("parent").and_then(text_of);
            seen.push(id);
            if parents.len() >= PARENTS_MAX {
                desk.issue("parent", &seen.join(" "), IssueKind::LimitReached, "a very long chain of parents", "cut");
                break;
            }
        }
        parents
    }

    /// A source that nothing defines. When there is no file of sources at all, that is said once.
    fn missing(&mut self, desk: &mut Desk<'_>, id: &str) -> Publication {
        if !self.sources.is_empty() {
            desk.issue("sources", id, IssueKind::DanglingSource, "no source has this id", "shown by its id");
        } else if !std::mem::replace(&mut self.is_source_missing, true) {
            let message = "there is no file with the sources beside this one, such as `sources.json`";
            desk.issue("sources", id, IssueKind::DanglingSource, message, "sources are shown by their ids");
        }
        Publication { source: desk.source(id, id, None, None), article: None, name: id.to_owned() }
    }
}

/// A source of an event: who says it, and where it can be read.
struct Publication {
    source: SourceId,
    article: Option<ArticleId>,
    name: String,
}

/// A source as somebody who says something, and as a publication with an address.
fn publication(desk: &mut Desk<'_>, id: &str, fields: &Map<String, Value>) -> Option<Publication> {
    let text = |keys: &[&str]| {
        keys.iter().find_map(|key| fields.get(*key).and_then(text_of).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    };
    let address = |text: &String| text.starts_with("http://") || text.starts_with("https://");
    let paths = fields.get("paths").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let url = text(&["url", "path"]).filter(address).or_else(|| paths.iter().filter_map(text_of).find(address));
    let said = text(&["title", "description"]);
    let name = text(&["publisher", "author", "title", "description"]).or_else(|| url.as_deref().map(host)).unwrap_or_else(|| id.to_owned());
    if name.is_empty() {
        return None;
    }
    // Publications of one publisher are one source.
    let key =
        if text(&["publisher", "author"]).is_some() || id.is_empty() || url.as_deref() == Some(id) { name.clone() } else { id.to_owned() };
    let source = desk.source(&key, &name, None, None);
    let is_known = desk.builder.find_article(id).is_some();
    let published = text(&["date", "published", "pubDate"]).filter(|_| !is_known);
    let published = published.and_then(|text| desk.date("sources.date", &text, DateOrder::MonthFirst).of_article());
    let article = desk.article(Article { id: id.to_owned(), title: said, url, publisher: Some(source), published, ..Article::default() });
    Some(Publication { source, article, name })
}

/// The host of an address, which says who publishes there.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.trim_start_matches("www.").to_owned()
}
