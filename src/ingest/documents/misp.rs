//! Reads events of MISP: the event itself, its attributes and those of its objects, and their sightings are records of one event.
//!
//! The shapes are those of <https://www.misp-standard.org/rfc/misp-standard-core.html>: an event bare or in `Event`, lists of them,
//! and what the search gives back in `response`. An attribute lies where it was first seen; without that, where it was last edited.

use serde_json::{Map, Value};

use super::desk::{Dated, Desk, Record};
use super::glimpse::Glimpse;
use super::keys::Keys;
use super::{Document, Reader};
use crate::data::{Article, ArticleId, ChainId, Credibility, IssueKind, Kind, Likelihood, Reliability, SourceId, Status, Vocabulary as _};
use crate::ingest::document::text_of;
use crate::ingest::taker::shown;
use crate::time::DateOrder;

pub(super) const MISP: Document = Document { key: "misp", records: "events", is_loose: false, fits, reader: |_| Box::new(Misp::default()) };

fn fits(seen: &Glimpse) -> bool {
    let is_attribute =
        |attribute: &Glimpse| attribute.has_any(&["uuid", "event_id", "to_ids"]) && attribute.has("type") && attribute.has("value");
    let is_event = |event: &Glimpse| {
        let has_parts =
            event.first_of("Attribute").is_some_and(is_attribute) || event.first_of("Object").is_some_and(|one| one.has("Attribute"));
        has_parts || (event.has("info") && event.has_any(&["threat_level_id", "Orgc", "analysis", "distribution"]))
    };
    let holds_event = |value: &Glimpse| value.get("Event").is_some_and(is_event) || is_event(value);
    let response = seen.get("response");
    holds_event(seen.element())
        || response.is_some_and(|response| holds_event(response.element()))
        || (!seen.has("Event") && seen.first_value().is_some_and(|first| first.has("Orgc") && is_event(first)))
}

/// What the attributes of an event share.
#[derive(Default)]
struct Around {
    id: Option<String>,
    date: Dated,
    chain: Option<ChainId>,
    likelihood: Option<Likelihood>,
    hedge: Option<String>,
    credibility: Option<Credibility>,
    /// The first publication that the event names, to which the others are related.
    article: Option<ArticleId>,
}

#[derive(Default)]
struct Misp {
    /// The head of the only event of the document, whose lists come one element at a time.
    head: Map<String, Value>,
    /// The addresses of publications among its attributes.
    links: Vec<String>,
    around: Option<Around>,
    has_said_timestamps: bool,
}

/// Codes of an event, the fields that have them in words, and the words from code 0 on.
const CODES: &[(&str, &str, &[&str])] = &[
    ("threat_level_id", "threat_level", &["", "high", "medium", "low", "undefined"]),
    ("analysis", "analysis_stage", &["initial", "ongoing", "completed"]),
];

/// The lists of a single event, as they stand in the document.
const PARTS: &[&str] = &["Event.Attribute", "Event.Object", "Attribute", "Object"];

impl Reader for Misp {
    fn lists(&self) -> &'static [&'static str] {
        &["", "response", "response.Attribute", "Event.Attribute", "Event.Object", "Attribute", "Object"]
    }

    fn learn(&mut self, list: &str, element: &Value) {
        if PARTS.contains(&list) {
            self.links.extend(publication(element).map(str::to_owned));
        }
    }

    fn learn_head(&mut self, head: &Map<String, Value>) {
        self.head = match head.get("Event") {
            Some(Value::Object(event)) => event.clone(),
            _ => head.clone(),
        };
    }

    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value) {
        if !PARTS.contains(&list) {
            return self.any(desk, list, element);
        }
        let around = match self.around.take() {
            Some(around) => around,
            None => self.begin(desk),
        };
        let is_object = list.ends_with("Object");
        if is_object {
            self.object(desk, &around, element);
        } else {
            self.attribute(desk, &around, element, None);
        }
        self.around = Some(around);
    }

    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, is_alone: bool) {
        if self.around.is_some() {
            return;
        }
        let is_event = |value: &Value| value.get("Orgc").is_some() && value.get("info").is_some();
        let is_single = ["info", "date", "uuid"].iter().any(|key| self.head.contains_key(*key));
        if let Some(response) = head.get("response").filter(|response| response.get("Attribute").is_none()) {
            self.any(desk, "response", response);
        } else if is_single {
            self.begin(desk);
        } else if is_alone && head.values().any(is_event) {
            // The index of a feed: events by their ids.
            for (id, event) in head {
                if let Value::Object(fields) = event {
                    let mut fields = fields.clone();
                    fields.entry("uuid").or_insert_with(|| Value::String(id.clone()));
                    self.event(desk, &fields);
                }
            }
        }
    }
}

impl Misp {
    /// Takes the head of the only event of the document.
    fn begin(&mut self, desk: &mut Desk<'_>) -> Around {
        let head = std::mem::take(&mut self.head);
        self.head_of_event(desk, &head)
    }

    /// An event, bare or wrapped, an attribute that a search found, or a list of them.
    fn any(&mut self, desk: &mut Desk<'_>, list: &str, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.any(desk, list, item)),
            Value::Object(fields) => match (fields.get("Event"), fields.get("response"), fields.get("type").zip(fields.get("value"))) {
                (_, _, Some(_)) => {
                    // Each attribute of a search brings the head of its event with it.
                    let event = fields.get("Event").and_then(Value::as_object);
                    let id = event.and_then(|event| event.get("uuid")).or_else(|| fields.get("event_id")).and_then(text_of);
                    let org = event.and_then(|event| source(desk, event, "Orgc", None));
                    let around = Around { id, chain: desk.chain(&[org]), ..Around::default() };
                    self.attribute(desk, &around, value, None);
                }
                (Some(Value::Object(event)), _, None) => self.event(desk, event),
                (None, Some(inner), None) => self.any(desk, list, inner),
                _ => self.event(desk, fields),
            },
            other => desk.reject(list, &other.to_string(), "an event must be an object"),
        }
    }

    /// A whole event.
    fn event(&mut self, desk: &mut Desk<'_>, fields: &Map<String, Value>) {
        let around = self.head_of_event(desk, fields);
        let list = |key: &str| fields.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for attribute in list("Attribute") {
            self.attribute(desk, &around, attribute, None);
        }
        for object in list("Object") {
            self.object(desk, &around, object);
        }
    }

    /// The event itself as a record, when it says what it is about.
    fn head_of_event(&mut self, desk: &mut Desk<'_>, fields: &Map<String, Value>) -> Around {
        let mut keys = Keys::new(fields);
        keys.take("Attribute");
        keys.take("Object");
        let mut record = Record { id: keys.first_text(desk, &["uuid", "id"]), title: keys.text(desk, "info"), ..Record::default() };
        record.event_id.clone_from(&record.id);
        let date = keys.text(desk, "date").map_or_else(Dated::default, |text| desk.date("date", &text, DateOrder::YearFirst));
        record.when = date.clone();
        record.published = epoch(desk, &mut keys, "publish_timestamp");
        if record.published.is_absent() {
            record.published = epoch(desk, &mut keys, "timestamp");
        }
        let tags = Tags::of(desk, &mut keys, &mut record);
        record.chain = chain(desk, &mut keys, &tags);
        for (key, name, words) in CODES {
            let code = fields.get(*key).and_then(text_of).and_then(|code| code.parse::<usize>().ok());
            if let Some(word) = code.and_then(|code| words.get(code)) {
                desk.extra(&mut record, name, word);
            }
        }
        let around = Around {
            id: record.id.clone(),
            date,
            chain: record.chain,
            likelihood: tags.likelihood,
            hedge: tags.hedge.clone(),
            credibility: tags.credibility,
            article: self.articles(desk, fields),
        };
        record.article = around.article;
        keys.rest(desk, &mut record);
        if record.title.is_some() || !record.when.is_absent() {
            desk.next_row();
            record.category = Some("event".to_owned());
            desk.push(&record);
        }
        around
    }

    /// The publications that an event names: the first one, with the others related to it.
    fn articles(&mut self, desk: &mut Desk<'_>, fields: &Map<String, Value>) -> Option<ArticleId> {
        let attributes = fields.get("Attribute").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let links = std::mem::take(&mut self.links);
        let mut first = None;
        for url in attributes.iter().filter_map(publication).chain(links.iter().map(String::as_str)) {
            let article = desk.article(Article { url: Some(url.to_owned()), ..Article::default() });
            match (first, article) {
                (None, _) => first = article,
                (Some(one), Some(other)) => desk.builder.relate(one, other, true),
                (Some(_), None) => {}
            }
        }
        first
    }

    fn object(&mut self, desk: &mut Desk<'_>, around: &Around, value: &Value) {
        let Value::Object(fields) = value else { return desk.reject("Object", &value.to_string(), "an object must be a JSON object") };
        let attributes = fields.get("Attribute").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for attribute in attributes {
            self.attribute(desk, around, attribute, Some(fields));
        }
        if attributes.is_empty() {
            // An object of nothing but its own keys is still something that was entered.
            self.attribute(desk, around, value, None);
        }
    }

    fn attribute(&mut self, desk: &mut Desk<'_>, around: &Around, value: &Value, object: Option<&Map<String, Value>>) {
        let Value::Object(fields) = value else { return desk.reject("Attribute", &value.to_string(), "an attribute must be an object") };
        desk.next_row();
        let mut keys = Keys::new(fields);
        keys.take("Event");
        let mut record = Record {
            id: keys.first_text(desk, &["uuid", "id"]),
            event_id: around.id.clone(),
            category: keys.text(desk, "category"),
            note: keys.text(desk, "comment"),
            ..Record::default()
        };
        let whole = keys.text(desk, "value").or_else(|| keys.text(desk, "name"));
        record.title = whole.as_deref().map(shown);
        if let Some(whole) = whole.filter(|whole| record.title.as_ref() != Some(whole)) {
            desk.extra(&mut record, "value", &whole);
        }
        let tags = Tags::of(desk, &mut keys, &mut record);
        record.likelihood = tags.likelihood.or(around.likelihood);
        record.hedge = tags.hedge.clone().or_else(|| around.hedge.clone());
        record.credibility = tags.credibility.or(around.credibility);
        record.chain = around.chain;
        record.article = publication(value).and_then(|url| desk.builder.find_article(url)).or(around.article);
        self.attribute_dates(desk, &mut keys, &mut record, around, object);
        if let Some(object) = object {
            let mut of_object = Keys::within("object", object);
            of_object.take("Attribute");
            of_object.rest(desk, &mut record);
        }
        let sightings = keys.list("Sighting");
        keys.rest(desk, &mut record);
        desk.push(&record);
        for sighting in sightings {
            self::sighting(desk, &record, sighting);
        }
    }

    fn attribute_dates(
        &mut self,
        desk: &mut Desk<'_>,
        keys: &mut Keys<'_>,
        record: &mut Record,
        around: &Around,
        object: Option<&Map<String, Value>>,
    ) {
        let seen = |desk: &mut Desk<'_>, keys: &mut Keys<'_>| {
            let mut date =
                |desk: &mut Desk<'_>, key: &str| keys.text(desk, key).map_or_else(Dated::default, |text| moment(desk, key, &text));
            let (first, last) = (date(desk, "first_seen"), date(desk, "last_seen"));
            desk.between("last_seen", first, &last)
        };
        record.when = seen(desk, keys);
        if let (true, Some(object)) = (record.when.is_absent(), object) {
            record.when = seen(desk, &mut Keys::new(object));
        }
        record.published = epoch(desk, keys, "timestamp");
        if !record.when.is_absent() {
            return;
        }
        if record.published.when.is_none() {
            record.when = around.date.clone();
            return;
        }
        record.when = record.published.clone();
        if !std::mem::replace(&mut self.has_said_timestamps, true) {
            let message = "attributes without `first_seen` have only a timestamp, of when they were last edited";
            desk.issue("timestamp", "", IssueKind::Assumption, message, "taken as their date");
        }
    }
}

/// A moment in ISO 8601, or in seconds since 1970.
fn moment(desk: &mut Desk<'_>, column: &str, text: &str) -> Dated {
    if text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() > 8 {
        // Older servers give microseconds.
        let seconds = if text.len() > 13 { &text[..text.len() - 6] } else { text };
        return desk.epoch(column, seconds);
    }
    desk.date(column, text, DateOrder::YearFirst)
}

/// Seconds since 1970 in a key; zero stands for never.
fn epoch(desk: &mut Desk<'_>, keys: &mut Keys<'_>, key: &str) -> Dated {
    let Some(text) = keys.text(desk, key) else { return Dated::default() };
    if text == "0" { Dated::default() } else { desk.epoch(key, &text) }
}

/// Somebody's sighting of an attribute.
fn sighting(desk: &mut Desk<'_>, of: &Record, value: &Value) {
    let Value::Object(fields) = value else {
        return desk.reject("Sighting", &value.to_string(), "a sighting must be a JSON object");
    };
    desk.next_row();
    let mut keys = Keys::new(fields);
    let mut record = Record {
        id: keys.first_text(desk, &["uuid", "id"]),
        event_id: of.event_id.clone(),
        kind: Some(Kind::Claim),
        category: Some("sighting".to_owned()),
        count: Some(("sightings", 1.0)),
        ..Record::default()
    };
    let title = of.title.as_deref().unwrap_or_default();
    let is_false = fields.get("type").and_then(text_of).as_deref() == Some("1");
    record.status = is_false.then_some(Status::Denied);
    record.title = Some(if is_false { format!("False positive: {title}") } else { format!("Sighting of {title}") });
    record.when = epoch(desk, &mut keys, "date_sighting");
    record.published = record.when.clone();
    let by = source(desk, fields, "Organisation", None);
    keys.take("Organisation");
    record.chain = desk.chain(&[by]);
    keys.rest(desk, &mut record);
    desk.push(&record);
}

/// What the tags say: grades, likelihood, and all of them by name in a field.
#[derive(Default)]
struct Tags {
    likelihood: Option<Likelihood>,
    hedge: Option<String>,
    credibility: Option<Credibility>,
    reliability: Option<Reliability>,
}

impl Tags {
    fn of(desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record) -> Self {
        let mut tags = Self::default();
        for tag in keys.list("Tag") {
            let Some(name) = tag.get("name").and_then(Value::as_str).or_else(|| tag.as_str()) else { continue };
            desk.extra(record, "tags", name);
            let Some((predicate, value)) = name.split_once('=') else { continue };
            let value = value.trim_matches('"');
            let is_known = match predicate {
                "admiralty-scale:source-reliability" => {
                    tags.reliability = Reliability::parse(value);
                    tags.reliability.is_some()
                }
                "admiralty-scale:information-credibility" => {
                    tags.credibility = Credibility::parse(value);
                    tags.credibility.is_some()
                }
                "estimative-language:likelihood-probability" => {
                    let hedge = value.replace('-', " ");
                    tags.likelihood = Likelihood::from_hedge(&hedge);
                    tags.hedge = Some(hedge);
                    tags.likelihood.is_some()
                }
                _ => true,
            };
            if !is_known {
                desk.issue("Tag", name, IssueKind::UnknownWord, "not a word of its scale", "kept among the tags");
            }
        }
        record.likelihood = tags.likelihood;
        record.hedge.clone_from(&tags.hedge);
        record.credibility = tags.credibility;
        tags
    }
}

/// Who runs the server, and who made the event.
fn chain(desk: &mut Desk<'_>, keys: &mut Keys<'_>, tags: &Tags) -> Option<ChainId> {
    let server = keys.object("Org").and_then(|org| organisation(desk, org, None));
    let creator = keys.object("Orgc").and_then(|org| organisation(desk, org, tags.reliability));
    desk.chain(&[server, creator])
}

fn source(desk: &mut Desk<'_>, fields: &Map<String, Value>, key: &str, reliability: Option<Reliability>) -> Option<SourceId> {
    fields.get(key).and_then(Value::as_object).and_then(|org| organisation(desk, org, reliability))
}

/// An organisation as a source. One that was rated is another source than the same one without or with another rating, because the
/// rating is of what it said there.
fn organisation(desk: &mut Desk<'_>, org: &Map<String, Value>, reliability: Option<Reliability>) -> Option<SourceId> {
    let text = |key: &str| org.get(key).and_then(text_of).filter(|text| !text.is_empty());
    let id = text("uuid").or_else(|| text("name"))?;
    let name = text("name").unwrap_or_else(|| id.clone());
    let id = reliability.map_or_else(|| id.clone(), |grade| format!("{id} ({})", grade.key().to_uppercase()));
    Some(desk.source(&id, &name, None, reliability))
}

/// The address of a publication, if an attribute is one.
fn publication(attribute: &Value) -> Option<&str> {
    let text = |key: &str| attribute.get(key).and_then(Value::as_str);
    let is_link = text("category") == Some("External analysis") && matches!(text("type"), Some("link" | "url"));
    text("value").filter(|url| is_link && url.starts_with("http"))
}
