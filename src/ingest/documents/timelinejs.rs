//! Reads timelines of `TimelineJS`: `events` and `eras` of version 3, and the older `timeline.date`.
//!
//! The shapes are those of <https://timeline.knightlab.com/docs/json-format.html>. Months count from 1; a time has no zone, and is
//! taken as UTC.

use serde_json::{Map, Value};

use super::desk::{Dated, Desk, Record};
use super::glimpse::Glimpse;
use super::html::{plain, plain_line};
use super::keys::Keys;
use super::{Document, Reader};
use crate::data::{Article, ArticleId, SourceId};
use crate::ingest::document::text_of;
use crate::ingest::taker::shown;

pub(super) const TIMELINEJS: Document =
    Document { key: "timelinejs", records: "events with a start date", is_loose: false, fits, reader: |_| Box::new(TimelineJs) };

fn fits(seen: &Glimpse) -> bool {
    let is_new = seen.first_of("events").is_some_and(|event| event.has("start_date"));
    let is_old = seen.get("timeline").and_then(|timeline| timeline.first_of("date")).is_some_and(|event| event.has("startDate"));
    is_new || is_old
}

struct TimelineJs;

impl Reader for TimelineJs {
    fn lists(&self) -> &'static [&'static str] {
        &["events", "eras", "timeline.date", "timeline.era"]
    }

    fn learn(&mut self, _list: &str, _element: &Value) {}

    fn learn_head(&mut self, _head: &Map<String, Value>) {}

    fn take(&mut self, desk: &mut Desk<'_>, list: &str, element: &Value) {
        let Value::Object(fields) = element else {
            return desk.reject(list, &element.to_string(), "an element of the timeline must be an object");
        };
        desk.next_row();
        let mut keys = Keys::new(fields);
        let mut record = Record { id: keys.first_text(desk, &["unique_id", "id"]), ..Record::default() };
        if list.starts_with("timeline.") {
            old(desk, &mut keys, &mut record);
        } else {
            new(desk, &mut keys, &mut record);
        }
        if list.contains("era") {
            record.category.get_or_insert_with(|| "era".to_owned());
        }
        keys.rest(desk, &mut record);
        desk.push(&record);
    }

    fn take_head(&mut self, desk: &mut Desk<'_>, head: &Map<String, Value>, _is_alone: bool) {
        let title = head.get("title").or_else(|| head.get("timeline"));
        let text = title.and_then(|title| title.get("text")).filter(|text| text.is_object()).or(title);
        for (name, key) in [("title", "headline"), ("text", "text")] {
            if let Some(words) = text.and_then(|text| text.get(key)).and_then(Value::as_str).filter(|words| !words.is_empty()) {
                desk.builder.origin.notes.push((name.to_owned(), shown(&plain_line(words))));
            }
        }
        if let Some(scale) = head.get("scale").and_then(Value::as_str) {
            desk.builder.origin.notes.push(("scale".to_owned(), shown(scale)));
        }
    }
}

/// An event of version 3.
fn new(desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record) {
    if let Some(text) = keys.object("text") {
        words(desk, Keys::within("text", text), record);
    }
    record.category = keys.text(desk, "group");
    if let Some(media) = keys.object("media") {
        record.article = article(desk, Keys::within("media", media), "url", record);
    }
    let start = date(desk, keys, record, "start_date");
    let end = date(desk, keys, record, "end_date");
    record.when = desk.between("end_date", start, &end);
}

/// An event of the older version.
fn old(desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record) {
    let mut text = Map::new();
    for key in ["headline", "text"] {
        if let Some(words) = keys.text(desk, key) {
            text.insert(key.to_owned(), Value::String(words));
        }
    }
    words(desk, Keys::new(&text), record);
    record.category = keys.first_text(desk, &["tag", "tags", "category"]);
    if let Some(asset) = keys.object("asset") {
        record.article = article(desk, Keys::within("asset", asset), "media", record);
    }
    let mut parts = |desk: &mut Desk<'_>, column: &str| {
        let Some(text) = keys.text(desk, column) else { return Dated::default() };
        // `2011,3,23,14,30`; other texts are dates as tables write them.
        let numbers: Vec<&str> = text.split([',', '/', '-', ' ', ':']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let are_parts = text.contains(',') && numbers.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if are_parts {
            let sign = if text.trim_start().starts_with('-') { "-" } else { "" };
            let mut all: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
            all[0].insert_str(0, sign);
            return from_parts(desk, column, &all, &text);
        }
        desk.date(column, &text, crate::time::DateOrder::MonthFirst)
    };
    let start = parts(desk, "startDate");
    let end = parts(desk, "endDate");
    record.when = desk.between("endDate", start, &end);
}

/// Headline and text, which are HTML. What is lost with the markup, such as links, is kept beside.
fn words(desk: &mut Desk<'_>, mut keys: Keys<'_>, record: &mut Record) {
    let (headline, text) = (keys.text(desk, "headline"), keys.text(desk, "text"));
    record.title = headline.as_deref().map(plain_line).filter(|line| !line.is_empty());
    record.note = text.as_deref().map(|text| plain(text).into_owned()).filter(|text| !text.is_empty());
    for (name, html) in [("headline", headline), ("text", text)] {
        if let Some(html) = html.filter(|html| html.contains(['<'])) {
            desk.extra(record, &format!("{name} (as given)"), &html);
        }
    }
    keys.rest(desk, record);
}

/// The medium that is shown beside an event, as an article: its address, and who is credited.
fn article(desk: &mut Desk<'_>, mut keys: Keys<'_>, address: &str, record: &mut Record) -> Option<ArticleId> {
    let url = keys.peek(address).and_then(Value::as_str).map(str::trim).filter(|url| url.starts_with("http") || url.starts_with("//"));
    let article = url.and_then(|url| {
        keys.take(address);
        let credit = keys.peek("credit").and_then(Value::as_str).map(plain_line).filter(|credit| !credit.is_empty());
        let caption = keys.peek("caption").and_then(Value::as_str).map(plain_line).filter(|caption| !caption.is_empty());
        let publisher: Option<SourceId> = credit.map(|credit| desk.source(&credit, &credit, None, None));
        let url = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
        desk.article(Article { title: caption, url: Some(url), publisher, ..Article::default() })
    });
    keys.rest(desk, record);
    article
}

/// The parts of a date, from the coarsest on.
const PARTS: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "millisecond"];

fn date(desk: &mut Desk<'_>, keys: &mut Keys<'_>, record: &mut Record, column: &str) -> Dated {
    let Some(Value::Object(fields)) = keys.peek(column) else {
        // Some exports write the date as one text.
        return keys.text(desk, column).map_or_else(Dated::default, |text| desk.date(column, &text, crate::time::DateOrder::MonthFirst));
    };
    keys.take(column);
    let part = |key: &str| fields.get(key).and_then(text_of).map(|text| text.trim().to_owned()).unwrap_or_default();
    let mut parts: Vec<String> = PARTS.iter().map(|key| part(key)).collect();
    while parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    let rest: Map<String, Value> =
        fields.iter().filter(|(key, _)| !PARTS.contains(&key.as_str())).map(|(key, value)| (key.clone(), value.clone())).collect();
    Keys::within(column, &rest).rest(desk, record);
    if parts.is_empty() {
        return Dated::default();
    }
    let text = parts.join("-");
    from_parts(desk, column, &parts, &text)
}

/// A date of year, month, day, hour, minute, second and millisecond, as many as there are.
fn from_parts(desk: &mut Desk<'_>, column: &str, parts: &[String], text: &str) -> Dated {
    const MARKS: [&str; 7] = ["", "-", "-", "T", ":", ":", "."];
    let mut edtf = String::new();
    for (place, (part, mark)) in parts.iter().zip(MARKS).enumerate() {
        let digits = part.strip_prefix('-').unwrap_or(part);
        // A number may come as `5.0` out of a spreadsheet.
        let digits = digits.strip_suffix(".0").unwrap_or(digits);
        let width: usize = match place {
            0 => 4,
            6 => 3,
            _ => 2,
        };
        edtf.push_str(mark);
        if place == 0 && digits.len() > 4 {
            edtf.push('Y');
        }
        if place == 0 && part.starts_with('-') {
            edtf.push('-');
        }
        edtf.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
        edtf.push_str(digits);
    }
    desk.edtf(column, &edtf, text)
}
