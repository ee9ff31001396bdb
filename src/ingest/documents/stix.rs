//! Reads bundles of STIX 2.1: reports, sightings, observed data, incidents and every other object that says something.
//!
//! The objects are those of <https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html>. Identities become sources, markings
//! are named by the objects that carry them; the date of an object is when it was seen or valid, its publication when it was
//! published or else created. Confidence is read by the table of the Admiralty scale in appendix A of the standard.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::desk::{Dated, Desk, Record};
use super::glimpse::Glimpse;
use super::html::plain_line;
use super::keys::Keys;
use super::{Document, Reader};
use crate::data::{Article, ArticleId, Credibility, IssueKind, Kind, Skip, SourceId, SourceKind, Status, Vocabulary as _};
use crate::time::DateOrder;

pub(super) const STIX: Document =
    Document { key: "stix", records: "objects", is_loose: false, fits, reader: |_| Box::new(Stix::default()) };

fn fits(seen: &Glimpse) -> bool {
    let is_object = |object: &Glimpse| {
        let id = object.text("id").unwrap_or("");
        object.text("type").is_some_and(|kind| id.strip_prefix(kind).is_some_and(|rest| rest.starts_with("--")))
    };
    let is_bundle = seen.text("type") == Some("bundle") && (seen.has("objects") || is_object(seen));
    is_bundle || is_object(seen.element()) || seen.first_of("objects").is_some_and(is_object)
}

/// Objects that say something about others only, and are no records of their own.
const ASIDE: &[&str] = &["identity", "marking-definition", "extension-definition", "language-content"];

/// The keys of the dates between which something was seen, happened or is valid, best first.
const SPANS: &[(&str, &str)] =
    &[("first_seen", "last_seen"), ("first_observed", "last_observed"), ("start_time", "stop_time"), ("valid_from", "valid_until")];

/// An object that others refer to.
struct Named {
    name: String,
    kind: Option<SourceKind>,
}

#[derive(Default)]
struct Stix {
    named: FxHashMap<String, Named>,
}

impl Reader for Stix {
    fn lists(&self) -> &'static [&'static str] {
        &["objects", ""]
    }

    fn learn(&mut self, _list: &str, element: &Value) {
        let Value::Object(fields) = element else { return };
        if let Some(Value::Array(objects)) = fields.get("objects") {
            for object in objects {
                self.learn("objects", object);
            }
        }
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        let Some(id) = text("id") else { return };
        let marking = fields.get("definition").and_then(Value::as_object).and_then(|definition| {
            let (kind, value) = definition.iter().next()?;
            Some(format!("{kind}:{}", value.as_str()?))
        });
        let name = text("name").map(str::to_owned).or(marking).or_else(|| text("value").map(str::to_owned));
        let Some(name) = name else { return };
        self.named.insert(id.to_owned(), Named { name, kind: identity_kind(fields) });
    }

    fn learn_head(&mut self, head: &Map<String, Value>) {
        if !head.contains_key("objects") {
            self.learn("", &Value::Object(head.clone()));
        }
    }

    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value) {
        match element {
            Value::Object(fields) => match fields.get("objects") {
                Some(Value::Array(objects)) => objects.iter().for_each(|object| self.take(desk, "objects", object)),
                _ => self.object(desk, fields),
            },
            other => desk.reject(list, &other.to_string(), "an object of a bundle must be a JSON object"),
        }
    }

    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, is_alone: bool) {
        if is_alone {
            if head.get("type").is_some_and(|kind| kind != "bundle") {
                self.object(desk, head);
            }
        } else if let Some(id) = head.get("id").and_then(Value::as_str) {
            desk.builder.origin.notes.push(("bundle".to_owned(), crate::ingest::taker::shown(id)));
        }
    }
}

/// What kind of source an identity is, where its class or sectors say so.
fn identity_kind(fields: &Map<String, Value>) -> Option<SourceKind> {
    let sectors = fields.get("sectors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_in = |sector: &str| sectors.iter().any(|known| known.as_str().is_some_and(|known| known.starts_with(sector)));
    match fields.get("identity_class").and_then(Value::as_str) {
        Some("individual") => Some(SourceKind::Person),
        _ if is_in("government") => Some(SourceKind::Government),
        _ if is_in("defense") => Some(SourceKind::Military),
        _ if is_in("non-profit") => Some(SourceKind::Ngo),
        _ => None,
    }
}

impl Stix {
    fn object(&self, desk: &mut Desk<'_>, fields: &Map<String, Value>) {
        let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
        if ASIDE.contains(&kind) {
            if kind == "identity" {
                self.identity(desk, fields.get("id").and_then(Value::as_str));
            }
            desk.builder.origin.skip(Skip::Aside, 1);
            return;
        }
        if kind.is_empty() {
            return desk.reject("type", &Value::Object(fields.clone()).to_string(), "an object without a type");
        }
        desk.next_row();
        let mut keys = Keys::new(fields);
        let mut record = Record {
            id: keys.text(desk, "id"),
            category: keys.text(desk, "type"),
            kind: matches!(kind, "sighting" | "opinion" | "note").then_some(Kind::Claim),
            ..Record::default()
        };
        let name = keys.text(desk, "name");
        record.note = keys.first_text(desk, &["description", "abstract", "content", "explanation"]);
        record.title = name.or_else(|| self.title(kind, fields)).or_else(|| record.note.as_deref().map(plain_line));
        dates(desk, &mut keys, &mut record, kind);
        count(&mut keys, &mut record, kind);
        if keys.peek("revoked") == Some(&Value::Bool(true)) {
            record.status = Some(Status::Retracted);
        }
        if let Some(confidence) = keys.peek("confidence") {
            record.credibility = confidence.as_f64().and_then(credibility);
            if record.credibility.is_none() {
                desk.issue("confidence", &confidence.to_string(), IssueKind::InvalidNumber, "not from 0 to 100", "kept as a field");
            }
        }
        if kind == "location" {
            let degree = |key: &str| fields.get(key).map(Value::to_string).unwrap_or_default();
            desk.coordinates(&mut record, &degree("latitude"), &degree("longitude"));
        }
        let creator = self.identity(desk, keys.take("created_by_ref").and_then(Value::as_str));
        // Who saw it said it; who made the object passed it on.
        let observer = self.observer(desk, keys.list("where_sighted_refs"), &mut record);
        record.chain = desk.chain(&[creator, observer]);
        record.article = references(desk, keys.list("external_references"), &mut record, creator);
        for marking in keys.list("object_marking_refs").iter().filter_map(Value::as_str) {
            let name = self.name(marking);
            desk.extra(&mut record, "marking", name);
        }
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    /// The name of an object, or its id.
    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.named.get(id).map_or(id, |named| named.name.as_str())
    }

    fn identity(&self, desk: &mut Desk<'_>, id: Option<&str>) -> Option<SourceId> {
        let id = id?;
        let known = self.named.get(id);
        if known.is_none() && desk.builder.find_source(id).is_none() {
            desk.issue("identity", id, IssueKind::DanglingSource, "no identity has this id", "shown by its id");
        }
        Some(desk.source(id, self.name(id), known.and_then(|known| known.kind), None))
    }

    /// Where and by whom it was seen: the first identity says so, the first location is the place, all are kept by name when there
    /// are several.
    fn observer(&self, desk: &mut Desk<'_>, refs: &[Value], record: &mut Record) -> Option<SourceId> {
        let refs: Vec<&str> = refs.iter().filter_map(Value::as_str).collect();
        let of = |kind: &str| refs.iter().copied().find(|id| id.starts_with(kind));
        record.place = of("location--").map(|id| self.name(id).to_owned());
        for id in refs.iter().filter(|_| refs.len() > 1) {
            desk.extra(record, "where_sighted", self.name(id));
        }
        self.identity(desk, of("identity--"))
    }

    /// What an object without a name is about.
    fn title(&self, kind: &str, fields: &Map<String, Value>) -> Option<String> {
        let named = |key: &str| fields.get(key).and_then(Value::as_str).map(|id| self.name(id));
        let all = |key: &str| {
            let refs = fields.get(key).and_then(Value::as_array)?;
            Some(refs.iter().filter_map(Value::as_str).map(|id| self.name(id)).collect::<Vec<_>>().join(", "))
        };
        match kind {
            "relationship" => {
                let verb = fields.get("relationship_type").and_then(Value::as_str).unwrap_or("related-to").replace('-', " ");
                Some(format!("{} {verb} {}", named("source_ref")?, named("target_ref")?))
            }
            "sighting" => Some(format!("Sighting of {}", named("sighting_of_ref")?)),
            "observed-data" => Some(format!("Observed: {}", all("object_refs")?)),
            "opinion" => Some(format!("Opinion ({}) on {}", fields.get("opinion").and_then(Value::as_str)?, all("object_refs")?)),
            _ => {
                let value = ["value", "path", "key", "subject", "pattern", "opinion", "region", "country"];
                value.iter().find_map(|key| fields.get(*key).and_then(Value::as_str)).map(str::to_owned)
            }
        }
    }
}

/// When it was seen or is valid, and when it was published. A report happens when it is published.
fn dates(desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record, kind: &str) {
    let mut date = |desk: &mut Desk<'_>, key: &str| {
        keys.text(desk, key).map_or_else(Dated::default, |text| desk.date(key, &text, DateOrder::YearFirst))
    };
    for (first, last) in SPANS {
        let (start, end) = (date(desk, first), date(desk, last));
        let when = desk.between(last, start, &end);
        if record.when.is_absent() {
            record.when = when;
        } else if let (Some(text), _) | (None, Some(text)) = (when.text, when.when.as_ref().map(crate::time::edtf_from_when)) {
            // A second pair of dates, such as the validity of something that was seen, stays readable.
            desk.extra(record, &format!("{first}/{last}"), &text);
        }
    }
    let published = date(desk, "published");
    let is_published = !published.is_absent();
    record.published = published.or(&date(desk, "created"));
    if record.when.is_absent() && (is_published || matches!(kind, "report" | "incident" | "note" | "opinion")) {
        record.when = record.published.clone();
    }
}

/// How often it was seen.
fn count(keys: &mut Keys<'_>, record: &mut Record, kind: &str) {
    let (metric, key) = match kind {
        "sighting" => ("sightings", "count"),
        "observed-data" => ("observations", "number_observed"),
        _ => return,
    };
    record.count = keys.number(key).map(|count| (metric, count));
}

/// The Admiralty grade of a confidence.
fn credibility(confidence: f64) -> Option<Credibility> {
    let grade = match confidence {
        80.0..=100.0 => "1",
        60.0..80.0 => "2",
        40.0..60.0 => "3",
        20.0..40.0 => "4",
        0.0..20.0 => "5",
        _ => return None,
    };
    Credibility::parse(grade)
}

/// The references with an address as articles, the first one that of the record, the others related to it. The others are kept as
/// a field by their names.
fn references(desk: &mut Desk<'_>, all: &[Value], record: &mut Record, publisher: Option<SourceId>) -> Option<ArticleId> {
    let mut first = None;
    let is_report = record.category.as_deref() == Some("report");
    for reference in all {
        let text = |key: &str| reference.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let is_known = |key: &String| matches!(key.as_str(), "source_name" | "description" | "url" | "external_id");
        if !reference.as_object().is_some_and(|fields| fields.keys().all(is_known)) {
            desk.extra(record, "external_references (as given)", &reference.to_string());
        }
        if let Some(external) = text("external_id") {
            desk.extra(record, "external_id", external);
        }
        let Some(url) = text("url") else {
            let words: Vec<&str> = ["source_name", "description"].iter().filter_map(|key| text(key)).collect();
            desk.extra(record, "external_references", &words.join(": "));
            continue;
        };
        let named = text("source_name").map(|name| desk.source(name, name, None, None));
        // The first reference of a report is the report itself.
        let published = if is_report && first.is_none() { record.published.of_article() } else { None };
        let article = desk.article(Article {
            title: text("description").map(plain_line),
            url: Some(url.to_owned()),
            publisher: named.or(publisher),
            published,
            ..Article::default()
        });
        match (first, article) {
            (None, _) => first = article,
            (Some(one), Some(other)) => desk.builder.relate(one, other, true),
            (Some(_), None) => {}
        }
    }
    first
}
