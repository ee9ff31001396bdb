//! Reads JSON Feed, as <https://www.jsonfeed.org/version/1.1/> has it: items as articles, and as events at their publication.

use serde_json::{Map, Value};

use super::desk::{Dated, Desk, Record};
use super::glimpse::Glimpse;
use super::html::{plain, plain_line};
use super::keys::Keys;
use super::{Document, Reader};
use crate::data::{Article, SourceId, SourceKind};
use crate::ingest::document::text_of;
use crate::ingest::taker::shown;
use crate::time::DateOrder;

pub(super) const JSON_FEED: Document =
    Document { key: super::feed::KEY, records: "items", is_loose: false, fits, reader: |_| Box::new(JsonFeed::default()) };

fn fits(seen: &Glimpse) -> bool {
    seen.text("version").is_some_and(|version| version.contains("jsonfeed.org/version/"))
}

/// What all items share.
#[derive(Default)]
struct JsonFeed {
    title: Option<String>,
    home: Option<String>,
    language: Option<String>,
    authors: Vec<String>,
}

impl Reader for JsonFeed {
    fn lists(&self) -> &'static [&'static str] {
        &["items"]
    }

    fn learn(&mut self, _list: &str, _element: &Value) {}

    fn learn_head(&mut self, head: &Map<String, Value>) {
        let text = |key: &str| head.get(key).and_then(text_of).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self.title = text("title");
        self.home = text("home_page_url").or_else(|| text("feed_url"));
        self.language = text("language");
        self.authors = names(head);
    }

    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value) {
        let Value::Object(fields) = element else {
            return desk.reject(list, &element.to_string(), "an item must be an object");
        };
        desk.next_row();
        let mut keys = Keys::new(fields);
        let mut record =
            Record { id: keys.text(desk, "id"), title: keys.text(desk, "title").map(|title| plain_line(&title)), ..Record::default() };
        let text = keys.text(desk, "summary").or_else(|| keys.text(desk, "content_text"));
        record.note = text.or_else(|| keys.text(desk, "content_html").map(|html| plain(&html).into_owned()));
        let mut date = |desk: &mut Desk<'_>, key: &str| {
            keys.text(desk, key).map_or_else(Dated::default, |text| desk.date(key, &text, DateOrder::YearFirst))
        };
        let published = date(desk, "date_published");
        record.published = if published.is_absent() { date(desk, "date_modified") } else { published };
        record.when = record.published.clone();
        let tags = keys.list("tags");
        record.category = tags.first().and_then(text_of);
        for tag in tags.iter().filter_map(text_of).filter(|_| tags.len() > 1) {
            desk.extra(&mut record, "tags", &tag);
        }
        let own = names(fields);
        for name in if own.is_empty() { &self.authors } else { &own } {
            desk.extra(&mut record, "author", name);
        }
        let publisher = self.publisher(desk);
        record.chain = desk.chain(&[publisher]);
        let url = keys.first_text(desk, &["url", "external_url"]);
        let language = keys.text(desk, "language").or_else(|| self.language.clone());
        let (title, published) = (record.title.clone(), record.published.of_article());
        record.article = desk.article(Article { title, url, publisher, published, language, ..Article::default() });
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, _is_alone: bool) {
        for (key, value) in head {
            desk.builder.origin.notes.push((shown(key), shown(&text_of(value).unwrap_or_default())));
        }
    }
}

impl JsonFeed {
    fn publisher(&self, desk: &mut Desk<'_>) -> Option<SourceId> {
        let name = self.title.as_deref().or(self.home.as_deref())?;
        Some(desk.source(self.home.as_deref().unwrap_or(name), name, Some(SourceKind::Outlet), None))
    }
}

/// The names of the authors of a feed or an item, in the way of either version.
fn names(fields: &Map<String, Value>) -> Vec<String> {
    let all = fields.get("authors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().chain(fields.get("author")).filter_map(|author| author.get("name")).filter_map(text_of).collect()
}
