//! Takes one record of the native format: what is of the wrong type or unknown is kept beside and said.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::document::text_of;
use super::taker::{field_name, shown};
use crate::data::{
    Article, ArticleId, Basis, ChainId, Credibility, DatasetBuilder, DateDraft, Draft, Field, Issue, IssueKind, Kind, Likelihood, Measure,
    Qualifier, Source, SourceId, Status, Vocabulary, implausible, measure_from_unit,
};
use crate::time::{EdtfError, When, edtf_from_when, parse_edtf};

/// Where the reader stands.
pub(super) struct Where<'b> {
    pub(super) builder: &'b mut DatasetBuilder,
    pub(super) line: u64,
    /// Unknown keys that were said already.
    pub(super) reported: &'b mut FxHashSet<String>,
}

/// A date that was read: its meaning, and its text where that must be kept.
type Dated = (Option<When>, Option<String>);

const KEYS: &[&str] = &[
    "id",
    "event_id",
    "kind",
    "title",
    "when",
    "as_of",
    "published",
    "quantity",
    "from",
    "to",
    "category",
    "place",
    "status",
    "hedge",
    "likelihood",
    "credibility",
    "chain",
    "article",
    "note",
    "fields",
];
pub(super) const QUANTITY_KEYS: &[&str] = &["metric", "item", "measure", "value", "low", "high", "qualifier", "basis", "unit"];

/// What a record has besides the model's own columns.
type Extra = Vec<(Field, String)>;

impl Where<'_> {
    pub(super) fn issue(&mut self, column: &str, value: &str, kind: IssueKind, message: String, action: &str) {
        self.builder.issue(Issue {
            line: Some(self.line),
            column: Some(column.to_owned()),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        });
    }

    /// The source of an id; one that nothing defines is shown by its id.
    pub(super) fn source(&mut self, id: &str, column: &str) -> SourceId {
        self.builder.find_source(id).unwrap_or_else(|| {
            self.issue(column, id, IssueKind::DanglingSource, "no source has this id".to_owned(), "shown by its id");
            let (id, name) = (id.to_owned(), id.to_owned());
            self.builder.source(Source { id, name, short: None, kind: None, country: None, reliability: None })
        })
    }

    /// The article of an id; one that nothing defines is shown by its id.
    pub(super) fn article(&mut self, id: &str, column: &str) -> ArticleId {
        self.builder.find_article(id).unwrap_or_else(|| {
            self.issue(column, id, IssueKind::DanglingArticle, "no article has this id".to_owned(), "shown by its id");
            self.builder.article(Article { id: id.to_owned(), ..Article::default() })
        })
    }

    /// The date of an article, with its text.
    pub(super) fn article_date(&mut self, fields: &Map<String, Value>, key: &str) -> Option<(String, Option<When>)> {
        let text = match fields.get(key)? {
            Value::Null => return None,
            value => text_of(value)?,
        };
        let when = self.date(key, &text);
        Some((text, when))
    }

    fn date(&mut self, column: &str, text: &str) -> Option<When> {
        // A year far back is often written without the `Y` that EDTF wants before more than four digits.
        let bare_year = text.trim().strip_prefix('-').filter(|digits| digits.len() > 4 && digits.bytes().all(|b| b.is_ascii_digit()));
        let read = bare_year.map_or_else(|| parse_edtf(text.trim()), |digits| parse_edtf(&format!("Y-{digits}")));
        let error = match read {
            Ok(when) => return Some(when),
            Err(error) => error,
        };
        let kind = if error == EdtfError::OutOfRange { IssueKind::DateOutOfRange } else { IssueKind::InvalidDate };
        self.issue(column, text, kind, error.to_string(), "undated; the text is kept");
        None
    }

    fn dated(&mut self, fields: &Map<String, Value>, key: &str, extra: &mut Extra) -> Dated {
        match fields.get(key) {
            None | Some(Value::Null) => (None, None),
            Some(value @ (Value::String(_) | Value::Number(_))) => {
                let text = text_of(value).unwrap_or_default();
                if text.trim().is_empty() {
                    return (None, None);
                }
                let when = self.date(key, &text);
                let keeps = when.as_ref().is_none_or(|when| edtf_from_when(when) != text);
                (when, keeps.then_some(text))
            }
            Some(other) => {
                self.wrong_type(key, other, "a date as text", extra);
                (None, None)
            }
        }
    }

    /// Says that a value is of the wrong type, and keeps it beside.
    fn wrong_type(&mut self, key: &str, value: &Value, wanted: &str, extra: &mut Extra) {
        let text = text_of(value).unwrap_or_default();
        self.issue(key, &text, IssueKind::WrongType, format!("not {wanted}"), "left empty; the value is kept beside");
        self.given(key, text, extra);
    }

    fn given(&mut self, key: &str, text: String, extra: &mut Extra) {
        let field = self.builder.extra_field(&format!("{key} (as given)"));
        extra.push((field, text));
    }

    fn text<'v>(&mut self, fields: &'v Map<String, Value>, key: &str, extra: &mut Extra) -> Option<&'v str> {
        match fields.get(key)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => {
                self.wrong_type(key, other, "a text", extra);
                None
            }
        }
    }

    /// An id may be a number too.
    fn id(&mut self, fields: &Map<String, Value>, key: &str, extra: &mut Extra) -> Option<String> {
        match fields.get(key)? {
            Value::Null => None,
            value @ (Value::String(_) | Value::Number(_)) => text_of(value),
            other => {
                self.wrong_type(key, other, "a text", extra);
                None
            }
        }
    }

    fn word<V: Vocabulary>(&mut self, fields: &Map<String, Value>, key: &str, extra: &mut Extra) -> Option<V> {
        let text = match fields.get(key)? {
            Value::Null => return None,
            value @ (Value::String(_) | Value::Number(_)) => text_of(value)?,
            other => {
                self.wrong_type(key, other, "a word", extra);
                return None;
            }
        };
        let word = V::parse(&text);
        if word.is_none() {
            let known = V::ALL.iter().map(|value| value.key()).collect::<Vec<_>>().join(", ");
            self.issue(key, &text, IssueKind::UnknownWord, format!("not one of {known}"), "left empty; the word is kept beside");
            self.given(key, text, extra);
        }
        word
    }

    fn number(&mut self, fields: &Map<String, Value>, key: &str, extra: &mut Extra) -> Option<f64> {
        let value = fields.get(key).filter(|value| !value.is_null())?;
        let text = match value {
            Value::Number(_) | Value::String(_) => text_of(value).unwrap_or_default(),
            other => {
                self.wrong_type(key, other, "a number", extra);
                return None;
            }
        };
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            Ok(_) => {
                self.issue(key, &text, IssueKind::NotFinite, "not a finite number".to_owned(), "left empty; the text is kept beside");
                self.given(key, text, extra);
                None
            }
            Err(_) => {
                self.issue(key, &text, IssueKind::InvalidNumber, "not a number".to_owned(), "left empty; the text is kept beside");
                self.given(key, text, extra);
                None
            }
        }
    }

    fn chain(&mut self, fields: &Map<String, Value>, extra: &mut Extra) -> Option<ChainId> {
        let ids: Vec<String> = match fields.get("chain")? {
            Value::Null => return None,
            Value::String(id) => vec![id.clone()],
            Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_number()) => {
                items.iter().filter_map(text_of).collect()
            }
            other => {
                self.wrong_type("chain", other, "a list of source ids", extra);
                return None;
            }
        };
        let sources: Vec<SourceId> = ids.iter().map(|id| self.source(id, "chain")).collect();
        self.builder.chain(&sources)
    }

    /// A value of a field that the model does not have.
    fn further(&mut self, name: &str, value: &Value, extra: &mut Extra) {
        if let Some(text) = text_of(value).filter(|text| !text.is_empty()) {
            let field = self.builder.extra_field(&field_name(name));
            extra.push((field, text));
        }
    }

    fn unknown(&mut self, name: &str, value: &Value, extra: &mut Extra) {
        if self.reported.insert(name.to_owned()) {
            let message = "records have no such key; further columns belong into `fields`".to_owned();
            self.issue(
                name,
                &text_of(value).unwrap_or_default(),
                IssueKind::UnknownField,
                message,
                "kept as a field, here and in every record",
            );
        }
        self.further(name, value, extra);
    }
}

/// Takes a record.
pub(super) fn take(place: &mut Where<'_>, fields: &Map<String, Value>) {
    let mut extra = Extra::new();
    let empty = Map::new();
    let (when, as_of, published) =
        (place.dated(fields, "when", &mut extra), place.dated(fields, "as_of", &mut extra), place.dated(fields, "published", &mut extra));
    let (id, event_id) = (place.id(fields, "id", &mut extra), place.id(fields, "event_id", &mut extra));
    let quantity = object(place, fields, "quantity", &mut extra).unwrap_or(&empty);
    let mut draft = Draft {
        id: id.as_deref(),
        event_id: event_id.as_deref(),
        kind: place.word::<Kind>(fields, "kind", &mut extra),
        title: place.text(fields, "title", &mut extra),
        when: DateDraft { when: when.0, keep: when.1.as_deref() },
        as_of: DateDraft { when: as_of.0, keep: as_of.1.as_deref() },
        published: DateDraft { when: published.0, keep: published.1.as_deref() },
        from: place.text(fields, "from", &mut extra),
        to: place.text(fields, "to", &mut extra),
        category: place.text(fields, "category", &mut extra),
        status: place.word::<Status>(fields, "status", &mut extra),
        hedge: place.text(fields, "hedge", &mut extra),
        likelihood: place.word::<Likelihood>(fields, "likelihood", &mut extra),
        credibility: place.word::<Credibility>(fields, "credibility", &mut extra),
        chain: place.chain(fields, &mut extra),
        note: place.text(fields, "note", &mut extra),
        ..Draft::default()
    };
    take_quantity(place, quantity, &mut draft, &mut extra);
    take_place(place, fields, &mut draft, &mut extra);
    let article = place.id(fields, "article", &mut extra);
    draft.article = article.map(|id| place.article(&id, "article"));
    for (name, value) in object(place, fields, "fields", &mut extra).unwrap_or(&empty) {
        place.further(name, value, &mut extra);
    }
    for (name, value) in fields.iter().filter(|(name, _)| !KEYS.contains(&name.as_str())) {
        place.unknown(name, value, &mut extra);
    }
    let extra: Vec<(Field, &str)> = extra.iter().map(|(field, text)| (*field, text.as_str())).collect();
    place.builder.push(&Draft { extra: &extra, ..draft });
}

fn object<'v>(place: &mut Where<'_>, fields: &'v Map<String, Value>, key: &str, extra: &mut Extra) -> Option<&'v Map<String, Value>> {
    match fields.get(key)? {
        Value::Null => None,
        Value::Object(inner) => Some(inner),
        other => {
            place.wrong_type(key, other, "an object", extra);
            None
        }
    }
}

fn take_quantity<'v>(place: &mut Where<'_>, quantity: &'v Map<String, Value>, draft: &mut Draft<'v>, extra: &mut Extra) {
    if quantity.is_empty() {
        return;
    }
    draft.metric = place.text(quantity, "metric", extra);
    draft.item = place.text(quantity, "item", extra);
    draft.unit = place.text(quantity, "unit", extra);
    draft.measure = place.word::<Measure>(quantity, "measure", extra).or_else(|| Some(measure_from_unit(draft.unit)));
    draft.value = place.number(quantity, "value", extra);
    draft.low = place.number(quantity, "low", extra);
    draft.high = place.number(quantity, "high", extra);
    for (key, number) in [("value", &mut draft.value), ("low", &mut draft.low), ("high", &mut draft.high)] {
        let (metric, unit, measure) = (draft.metric.unwrap_or_default(), draft.unit, draft.measure);
        let found = number.and_then(|own| Some((own, implausible(own, metric, unit, measure)?)));
        if let Some((own, reason)) = found {
            *number = None;
            place.issue(key, &own.to_string(), IssueKind::ImplausibleNumber, reason.to_owned(), "not counted; the text is kept beside");
            place.given(key, own.to_string(), extra);
        }
    }
    draft.qualifier = place.word::<Qualifier>(quantity, "qualifier", extra);
    draft.basis = place.word::<Basis>(quantity, "basis", extra);
    for (name, value) in quantity.iter().filter(|(name, _)| !QUANTITY_KEYS.contains(&name.as_str())) {
        place.unknown(&format!("quantity.{name}"), value, extra);
    }
    if draft.metric.is_none() {
        let text = Value::Object(quantity.clone()).to_string();
        place.issue("quantity", &text, IssueKind::WrongType, "a quantity without a metric".to_owned(), "its numbers count as nothing");
    }
    let above = |one: Option<f64>, other: Option<f64>| one.zip(other).is_some_and(|(one, other)| one > other);
    let kind = if above(draft.low, draft.value) {
        IssueKind::LowAboveValue
    } else if above(draft.value, draft.high) {
        IssueKind::ValueAboveHigh
    } else if above(draft.low, draft.high) {
        IssueKind::LowAboveHigh
    } else {
        return;
    };
    let text = Value::Object(quantity.clone()).to_string();
    place.issue("quantity", &text, kind, "low, value and high are out of order".to_owned(), "kept as given");
}

fn take_place<'v>(place: &mut Where<'_>, fields: &'v Map<String, Value>, draft: &mut Draft<'v>, extra: &mut Extra) {
    match fields.get("place") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) => draft.place = Some(name),
        Some(Value::Object(parts)) => {
            draft.place = place.text(parts, "name", extra);
            let mut degrees = |key: &str, most: f64| {
                let number = place.number(parts, key, extra)?;
                if number.abs() <= most {
                    return Some(number);
                }
                place.issue(
                    key,
                    &number.to_string(),
                    IssueKind::InvalidCoordinate,
                    format!("beyond {most} degrees"),
                    "left empty; kept beside",
                );
                place.given(key, number.to_string(), extra);
                None
            };
            (draft.lat, draft.lon) = (degrees("lat", 90.0), degrees("lon", 180.0));
            for (name, value) in parts.iter().filter(|(name, _)| !matches!(name.as_str(), "name" | "lat" | "lon")) {
                place.unknown(&format!("place.{name}"), value, extra);
            }
        }
        Some(other) => place.wrong_type("place", other, "a name or an object", extra),
    }
}
