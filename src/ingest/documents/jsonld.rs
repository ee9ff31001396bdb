//! Reads schema.org in JSON-LD: articles, reviews of claims, and events, one by one, in lists, in `@graph` or inside each other.
//!
//! The terms are those of <https://schema.org>. An article happens when it is published; a claim lies where it was made, and the
//! review of it is the article in which it stands; people and organisations become sources.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::desk::{Dated, Desk, Record};
use super::glimpse::Glimpse;
use super::html::{plain, plain_line};
use super::keys::Keys;
use super::{Document, Reader};
use crate::data::{Article, IssueKind, Kind, Skip, SourceId, SourceKind, Status};
use crate::ingest::document::text_of;
use crate::time::DateOrder;

pub(super) const JSON_LD: Document = Document {
    key: "jsonld",
    records: "articles, reviews of claims or events",
    is_loose: true,
    fits,
    reader: |_| Box::new(JsonLd::default()),
};

fn fits(seen: &Glimpse) -> bool {
    let is_schema = |node: &Glimpse| match node.get("@context") {
        Some(Glimpse::Text(context)) => context.contains("schema.org"),
        Some(context) => {
            let in_list = matches!(context.first(), Some(Glimpse::Text(context)) if context.contains("schema.org"));
            in_list || context.text("@vocab").is_some_and(|vocabulary| vocabulary.contains("schema.org")) || context.has("schema")
        }
        None => false,
    };
    let has_type = |node: &Glimpse| node.has("@type");
    is_schema(seen.element()) || (has_type(seen.element()) && !seen.has("objects")) || seen.first_of("@graph").is_some_and(has_type)
}

/// What a node is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Article,
    Review,
    Claim,
    Event,
    /// A list or a wrapper of other nodes.
    Holder,
    Other,
}

impl What {
    fn of(node: &Map<String, Value>) -> Self {
        types(node).map(|kind| Self::of_type(&kind)).find(|what| *what != Self::Other).unwrap_or(Self::Other)
    }

    fn of_type(kind: &str) -> Self {
        match kind {
            "ClaimReview" | "MediaReview" => Self::Review,
            "Claim" => Self::Claim,
            "BlogPosting" | "LiveBlogPosting" | "SocialMediaPosting" | "DiscussionForumPosting" | "Report" => Self::Article,
            "DataFeed" | "DataFeedItem" | "ItemList" | "ListItem" | "Dataset" | "Blog" => Self::Holder,
            // An event of a file of analysts is no sale and no way of broadcasting.
            "PublicationEvent" | "DeliveryEvent" => Self::Other,
            _ if kind.ends_with("Article") => Self::Article,
            _ if kind.ends_with("Event") || kind == "Festival" || kind == "Hackathon" => Self::Event,
            _ => Self::Other,
        }
    }
}

/// The names of the types of a node, without what says whose they are.
fn types(node: &Map<String, Value>) -> impl Iterator<Item = String> {
    let all = match node.get("@type") {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    all.iter().filter_map(Value::as_str).map(|kind| kind.rsplit(['/', '#', ':']).next().unwrap_or(kind).to_owned())
}

/// Keys under which other nodes stand that are records themselves.
const INSIDE: &[&str] = &["@graph", "dataFeedElement", "itemListElement", "item", "liveBlogUpdate", "subEvent", "blogPost"];

#[derive(Default)]
struct JsonLd {
    /// Nodes that others name by their `@id`.
    nodes: FxHashMap<String, Map<String, Value>>,
    /// How many nodes of each type are no records.
    others: BTreeMap<String, u64>,
}

impl Reader for JsonLd {
    fn lists(&self) -> &'static [&'static str] {
        &["", "@graph", "dataFeedElement", "itemListElement"]
    }

    fn learn(&mut self, _list: &str, element: &Value) {
        let Value::Object(node) = element else { return };
        for inner in INSIDE.iter().filter_map(|key| node.get(*key)) {
            match inner {
                Value::Array(all) => all.iter().for_each(|one| self.learn("", one)),
                one => self.learn("", one),
            }
        }
        // Only who says something is looked up by its id; articles may be long.
        let is_who = What::of(node) == What::Other && node.len() > 1;
        if let (true, Some(id)) = (is_who, node.get("@id").and_then(Value::as_str)) {
            self.nodes.entry(id.to_owned()).or_insert_with(|| node.clone());
        }
    }

    fn learn_head(&mut self, head: &Map<String, Value>) {
        self.learn("", &Value::Object(head.clone()));
    }

    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value) {
        match element {
            Value::Object(node) => self.node(desk, node, None),
            Value::Array(all) => all.iter().for_each(|one| self.take(desk, list, one)),
            other => desk.reject(list, &other.to_string(), "a node must be an object"),
        }
    }

    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, is_alone: bool) {
        if is_alone || What::of(head) != What::Holder && head.contains_key("@type") {
            self.node(desk, head, None);
        }
        if self.others.is_empty() {
            return;
        }
        let count: u64 = self.others.values().sum();
        let all: Vec<String> = std::mem::take(&mut self.others).into_iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        desk.line = 0;
        let message = "nodes that are neither articles nor claims nor events";
        desk.issue("@type", &all.join(", "), IssueKind::Assumption, message, "not shown as records");
        desk.builder.origin.skip(Skip::Aside, count);
    }
}

impl JsonLd {
    fn node(&mut self, desk: &mut Desk<'_>, node: &Map<String, Value>, around: Option<&str>) {
        let what = What::of(node);
        match what {
            What::Article | What::Event => self.record(desk, node, what, around),
            What::Review => self.review(desk, node),
            What::Claim => self.claim(desk, node),
            What::Holder => {}
            What::Other => {
                let name = types(node).next().unwrap_or_else(|| "without a type".to_owned());
                let is_wrapper = !node.contains_key("@type") && INSIDE.iter().any(|key| node.contains_key(*key));
                if !is_wrapper {
                    *self.others.entry(name).or_insert(0) += 1;
                }
            }
        }
        let own = node.get("@id").or_else(|| node.get("url")).and_then(Value::as_str);
        for inner in INSIDE.iter().filter_map(|key| node.get(*key)) {
            let all = match inner {
                Value::Array(all) => all.as_slice(),
                one => std::slice::from_ref(one),
            };
            for inner in all.iter().filter_map(Value::as_object) {
                self.node(desk, inner, own);
            }
        }
    }

    /// An article or an event.
    fn record(&self, desk: &mut Desk<'_>, node: &Map<String, Value>, what: What, around: Option<&str>) {
        desk.next_row();
        let mut keys = Keys::new(node);
        for key in INSIDE.iter().chain(&["@context"]) {
            keys.take(key);
        }
        forget_type(&mut keys);
        let mut record = Record {
            id: keys.text(desk, "@id"),
            event_id: around.map(str::to_owned),
            title: keys.first_text(desk, &["headline", "name"]).map(|title| plain_line(&title)),
            note: text_or_first(&mut keys, &["description", "articleBody", "abstract"]).map(|text| plain(&text).into_owned()),
            category: types(node).next(),
            ..Record::default()
        };
        let url = address(&mut keys);
        let published = date(desk, &mut keys, "datePublished").or(&date(desk, &mut keys, "dateCreated"));
        record.published = published.clone();
        let publisher = self.source(desk, &mut keys, "publisher", SourceKind::Outlet);
        let author = self.author(desk, &mut keys, &mut record, publisher);
        record.chain = desk.chain(&[publisher, author]);
        if what == What::Event {
            let (start, end) = (date(desk, &mut keys, "startDate"), date(desk, &mut keys, "endDate"));
            record.when = desk.between("endDate", start, &end);
            self.place(desk, &mut keys, &mut record);
        } else {
            let (start, end) = (date(desk, &mut keys, "coverageStartTime"), date(desk, &mut keys, "coverageEndTime"));
            record.when = published.clone().or(&desk.between("coverageEndTime", start, &end));
        }
        let language = keys.text(desk, "inLanguage");
        record.article = desk.article(Article {
            title: record.title.clone(),
            url,
            publisher: publisher.or(author),
            published: published.of_article(),
            language,
            ..Article::default()
        });
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    /// The review of a claim: a record of the claim, with the review as its article.
    fn review(&self, desk: &mut Desk<'_>, node: &Map<String, Value>) {
        desk.next_row();
        let mut keys = Keys::new(node);
        keys.take("@context");
        forget_type(&mut keys);
        let mut record = Record { id: keys.text(desk, "@id"), kind: Some(Kind::Claim), category: types(node).next(), ..Record::default() };
        let headline = keys.first_text(desk, &["headline", "name"]).map(|title| plain_line(&title));
        let claimed = keys.text(desk, "claimReviewed");
        record.note = text_or_first(&mut keys, &["reviewBody", "description"]).map(|text| plain(&text).into_owned());
        record.published = date(desk, &mut keys, "datePublished");
        let url = address(&mut keys);
        let publisher = self.source(desk, &mut keys, "publisher", SourceKind::Outlet);
        let reviewer = self.source(desk, &mut keys, "author", SourceKind::Outlet);
        let mut claimant = None;
        let mut appearances = Vec::new();
        let mut interpreted = None;
        if let Some(item) = keys.list("itemReviewed").first().and_then(Value::as_object) {
            let mut item = Keys::within("itemReviewed", item);
            claimant = self
                .source(desk, &mut item, "author", SourceKind::Person)
                .or_else(|| self.source(desk, &mut item, "creator", SourceKind::Person));
            record.when = date(desk, &mut item, "datePublished");
            for key in ["firstAppearance", "appearance"] {
                appearances.extend(item.list(key).iter().filter_map(|work| address_of(work).map(str::to_owned)));
            }
            appearances.extend(item.peek("url").and_then(Value::as_str).map(str::to_owned));
            interpreted =
                item.peek("interpretedAsClaim").and_then(|claim| claim.get("description")).and_then(Value::as_str).map(str::to_owned);
            item.rest(desk, &mut record);
        }
        record.title = claimed.or(interpreted).map(|claim| plain_line(&claim)).or_else(|| headline.clone());
        record.when = record.when.clone().or(&record.published);
        rating(desk, &mut keys, &mut record);
        let language = keys.text(desk, "inLanguage");
        record.chain = desk.chain(&[publisher.or(reviewer), claimant]);
        record.article = desk.article(Article {
            title: headline.or_else(|| record.title.clone()),
            url,
            publisher: publisher.or(reviewer),
            published: record.published.of_article(),
            language,
            ..Article::default()
        });
        for url in appearances {
            let other = desk.article(Article { url: Some(url), publisher: claimant, ..Article::default() });
            if let (Some(review), Some(other)) = (record.article, other) {
                desk.builder.relate(review, other, true);
            }
        }
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    /// A claim by itself.
    fn claim(&self, desk: &mut Desk<'_>, node: &Map<String, Value>) {
        desk.next_row();
        let mut keys = Keys::new(node);
        keys.take("@context");
        forget_type(&mut keys);
        let mut record = Record { id: keys.text(desk, "@id"), kind: Some(Kind::Claim), category: types(node).next(), ..Record::default() };
        record.title = keys.first_text(desk, &["text", "name", "description"]).map(|title| plain_line(&title));
        record.when = date(desk, &mut keys, "datePublished");
        record.published = record.when.clone();
        let claimant = self
            .source(desk, &mut keys, "claimant", SourceKind::Person)
            .or_else(|| self.source(desk, &mut keys, "author", SourceKind::Person));
        record.chain = desk.chain(&[claimant]);
        let url = address(&mut keys);
        record.article = desk.article(Article { url, publisher: claimant, published: record.published.of_article(), ..Article::default() });
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    /// The first person or organisation of a key, with what the document says of it elsewhere; several are kept by name.
    fn source(&self, desk: &mut Desk<'_>, keys: &mut Keys<'_>, key: &str, otherwise: SourceKind) -> Option<SourceId> {
        let who = match keys.peek(key)? {
            Value::Array(all) => all.first()?,
            one => one,
        };
        let (id, name, kind) = self.who(who)?;
        if keys.peek(key).is_some_and(|value| value.is_string() || value.is_object()) && who_is_plain(who) {
            keys.take(key);
        }
        Some(desk.source(&id, &name, Some(kind.unwrap_or(otherwise)), None))
    }

    /// The author, who is a source of their own when they are another organisation than the publisher, such as an agency, or when
    /// nobody else is named.
    fn author(&self, desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record, publisher: Option<SourceId>) -> Option<SourceId> {
        let all = match keys.peek("author")? {
            Value::Array(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut source = None;
        for who in all {
            let Some((id, name, kind)) = self.who(who) else { continue };
            desk.extra(record, "author", &name);
            if source.is_none() && (publisher.is_none() || kind.is_some_and(|kind| kind != SourceKind::Person)) {
                source = Some(desk.source(&id, &name, kind, None));
            }
        }
        if all.iter().all(who_is_plain) {
            keys.take("author");
        }
        source
    }

    /// The id, the name and the kind of somebody.
    fn who(&self, who: &Value) -> Option<(String, String, Option<SourceKind>)> {
        let Value::Object(fields) = who else {
            let name = who.as_str().map(str::trim).filter(|name| !name.is_empty())?;
            let known = self.nodes.get(name);
            let named = known.and_then(|node| node.get("name")).and_then(Value::as_str).unwrap_or(name);
            return Some((name.to_owned(), named.to_owned(), known.and_then(kind_of)));
        };
        let id = fields.get("@id").and_then(Value::as_str);
        let known = id.and_then(|id| self.nodes.get(id));
        let text = |key: &str| {
            let own = fields.get(key).or_else(|| known.and_then(|node| node.get(key)));
            own.and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let name = text("name").or_else(|| text("legalName")).or_else(|| text("url")).or_else(|| id.map(str::to_owned))?;
        let id = id.map_or_else(|| name.clone(), str::to_owned);
        Some((id, name, kind_of(fields).or_else(|| known.and_then(kind_of))))
    }

    /// Where an event takes place.
    fn place(&self, desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record) {
        let Some(place) = keys.list("location").first() else { return };
        let Value::Object(fields) = place else {
            record.place = text_of(place);
            return;
        };
        let known = fields.get("@id").and_then(Value::as_str).and_then(|id| self.nodes.get(id));
        let mut place = Keys::within("location", known.filter(|_| fields.len() < 3).unwrap_or(fields));
        record.place = place.text(desk, "name");
        if let (None, Some(address)) = (&record.place, place.peek("address")) {
            let parts = ["streetAddress", "addressLocality", "addressRegion", "addressCountry"];
            let text = |key: &&str| address.get(*key).and_then(text_of);
            record.place =
                address.as_str().map(str::to_owned).or_else(|| Some(parts.iter().filter_map(text).collect::<Vec<_>>().join(", ")));
        }
        let geo = place.object("geo");
        let degrees = |key: &str| geo.and_then(|geo| geo.get(key)).and_then(text_of).unwrap_or_default();
        desk.coordinates(record, &degrees("latitude"), &degrees("longitude"));
        place.rest(desk, record);
    }
}

/// Is there nothing about somebody but type, id, name and address, so that nothing is lost with the rest?
fn who_is_plain(who: &Value) -> bool {
    who.as_object().is_none_or(|fields| fields.keys().all(|key| matches!(key.as_str(), "@type" | "@id" | "name")))
}

fn kind_of(node: &Map<String, Value>) -> Option<SourceKind> {
    types(node).find_map(|kind| match kind.as_str() {
        "Person" => Some(SourceKind::Person),
        "GovernmentOrganization" => Some(SourceKind::Government),
        "NGO" => Some(SourceKind::Ngo),
        "Organization" | "NewsMediaOrganization" | "Corporation" => Some(SourceKind::Outlet),
        _ => None,
    })
}

/// Where it can be read.
fn address(keys: &mut Keys<'_>) -> Option<String> {
    let key = ["url", "mainEntityOfPage", "@id"].into_iter().find(|key| keys.peek(key).and_then(address_of).is_some())?;
    let url = keys.peek(key).and_then(address_of).map(str::to_owned);
    if keys.peek(key).is_some_and(Value::is_string) {
        keys.take(key);
    }
    url
}

/// The address of a work, which may be its text, its `@id` or its `url`.
fn address_of(work: &Value) -> Option<&str> {
    let url = match work {
        Value::String(url) => Some(url.as_str()),
        Value::Object(fields) => fields.get("url").or_else(|| fields.get("@id")).and_then(Value::as_str),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    url.map(str::trim).filter(|url| url.starts_with("http://") || url.starts_with("https://"))
}

/// A type that is the only one is the category of the record.
fn forget_type(keys: &mut Keys<'_>) {
    if keys.peek("@type").is_some_and(Value::is_string) {
        keys.take("@type");
    }
}

fn date(desk: &mut Desk<'_>, keys: &mut Keys<'_>, key: &str) -> Dated {
    keys.text(desk, key).map_or_else(Dated::default, |text| desk.date(key, &text, DateOrder::YearFirst))
}

/// The first of several keys with a text, or with a list that begins with one.
fn text_or_first(keys: &mut Keys<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let text = keys.peek(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())?.to_owned();
        keys.take(name);
        Some(text)
    })
}

/// The verdict of a review. A claim that is called true or false in so many words is confirmed or denied, unless the figure of the
/// rating says otherwise; any other verdict is kept as it stands.
fn rating(desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record) {
    let Some(rating) = keys.object("reviewRating") else { return };
    let mut rating = Keys::within("reviewRating", rating);
    let verdict = rating.first_text(desk, &["alternateName", "name"]);
    let figure = |key: &str| rating.peek(key).and_then(text_of).and_then(|text| text.trim().parse::<f64>().ok());
    let is_high = figure("ratingValue").zip(figure("bestRating")).map(|(value, best)| value * 2.0 > best);
    if let Some(verdict) = verdict {
        record.status = match verdict.to_lowercase().as_str() {
            "true" if is_high != Some(false) => Some(Status::Confirmed),
            "false" if is_high != Some(true) => Some(Status::Denied),
            _ => None,
        };
        desk.extra(record, "rating", &verdict);
    }
    rating.rest(desk, record);
}
