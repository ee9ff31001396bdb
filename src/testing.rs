//! Small datasets for tests, written as sentences; it knows no file format.

use std::sync::Arc;

use crate::data::{
    Article, Basis, Dataset, DatasetBuilder, DateDraft, Draft, Kind, Likelihood, Measure, Origin, Qualifier, Source, SourceId, Status,
};
use crate::query::MetricInfo;
use crate::time::{Flags, Precision, Span, Time, When};

/// What is known of a metric that one record counts.
pub(crate) fn metric_info(metric: &str) -> MetricInfo {
    MetricInfo {
        metric: metric.to_owned(),
        unit: None,
        units: 0,
        measure: Measure::Count,
        records: 1,
        increments: 1,
        totals: 0,
        levels: 0,
        without_figure: 0,
        between_actors: 0,
        counters: 1,
        value: None,
        low: None,
        high: None,
    }
}

/// A date from `2025`, `2025-01`, `2025-01-13`, `a/b`, `../b`, `a/..` or `../..`.
pub(crate) fn when(text: &str) -> When {
    if let Some((from, to)) = text.split_once('/') {
        let start = if from == ".." { Time::OPEN_START } else { when(from).span.start };
        let end = if to == ".." { Time::OPEN_END } else { when(to).span.end };
        let precision = [from, to].iter().filter(|part| **part != "..").map(|part| when(part).precision).min();
        return When { span: Span::new(start, end), precision: precision.unwrap_or(Precision::Day), flags: Flags::INTERVAL };
    }
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    let at = |year: i32, month: i32, day: i32| Time::from_ymd(year, month as u32, day as u32).unwrap();
    let (start, end, precision) = match *parts.as_slice() {
        [year] => (at(year, 1, 1), at(year + 1, 1, 1), Precision::Year),
        [year, 12] => (at(year, 12, 1), at(year + 1, 1, 1), Precision::Month),
        [year, month] => (at(year, month, 1), at(year, month + 1, 1), Precision::Month),
        [year, month, day] => (at(year, month, day), at(year, month, day).plus_us(crate::time::DAY_US), Precision::Day),
        _ => panic!("not a date of a test: {text}"),
    };
    When { span: Span::new(start, end), precision, flags: Flags::default() }
}

/// The span of a date of a test.
pub(crate) fn span(text: &str) -> Span {
    when(text).span
}

/// The start of a date of a test.
pub(crate) fn time(text: &str) -> Time {
    when(text).span.start
}

/// A record of a test. Every method sets one thing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    id: Option<String>,
    kind: Option<Kind>,
    title: Option<String>,
    when: Option<String>,
    as_of: Option<String>,
    published: Option<String>,
    metric: Option<String>,
    item: Option<String>,
    measure: Option<Measure>,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    qualifier: Option<Qualifier>,
    basis: Option<Basis>,
    unit: Option<String>,
    from: Option<String>,
    to: Option<String>,
    category: Option<String>,
    place: Option<String>,
    status: Option<Status>,
    hedge: Option<String>,
    likelihood: Option<Likelihood>,
    note: Option<String>,
    chain: Vec<String>,
    article: Option<String>,
    extra: Vec<(String, String)>,
}

/// A claim with an id.
pub(crate) fn claim(id: &str) -> Sheet {
    Sheet { id: Some(id.to_owned()), kind: Some(Kind::Claim), ..Sheet::default() }
}

/// An event with an id.
pub(crate) fn event(id: &str) -> Sheet {
    Sheet { id: Some(id.to_owned()), kind: Some(Kind::Event), ..Sheet::default() }
}

macro_rules! setters {
    ($($name:ident)+) => {
        $(#[must_use] #[allow(clippy::wrong_self_convention, reason = "named after the field")] pub(crate) fn $name(mut self, text: &str) -> Self { self.$name = Some(text.to_owned()); self })+
    };
}

#[allow(dead_code, reason = "the vocabulary of tests")]
impl Sheet {
    setters! { id title when as_of published item unit from to category place hedge note article }

    /// An event after all.
    #[must_use]
    pub(crate) fn happened(mut self) -> Self {
        self.kind = Some(Kind::Event);
        self
    }

    /// Without an id.
    #[must_use]
    pub(crate) fn nameless(mut self) -> Self {
        self.id = None;
        self
    }

    /// So many of a metric.
    #[must_use]
    pub(crate) fn counts(mut self, metric: &str, value: f64) -> Self {
        self.metric = Some(metric.to_owned());
        self.value = Some(value);
        self
    }

    /// From low to high of a metric, without a value.
    #[must_use]
    pub(crate) fn ranges(mut self, metric: &str, low: f64, high: f64) -> Self {
        self.metric = Some(metric.to_owned());
        (self.low, self.high, self.qualifier) = (Some(low), Some(high), Some(Qualifier::Range));
        self
    }

    /// A metric without a number.
    #[must_use]
    pub(crate) fn names(mut self, metric: &str) -> Self {
        self.metric = Some(metric.to_owned());
        self
    }

    /// With explicit bounds.
    #[must_use]
    pub(crate) fn bounds(mut self, low: Option<f64>, high: Option<f64>) -> Self {
        (self.low, self.high) = (low, high);
        self
    }

    /// As qualified.
    #[must_use]
    pub(crate) fn qualified(mut self, qualifier: Qualifier) -> Self {
        self.qualifier = Some(qualifier);
        self
    }

    /// An increment.
    #[must_use]
    pub(crate) fn increment(mut self) -> Self {
        self.basis = Some(Basis::Increment);
        self
    }

    /// A total up to a date.
    #[must_use]
    pub(crate) fn total(mut self, as_of: &str) -> Self {
        self.basis = Some(Basis::Total);
        self.as_of(as_of)
    }

    /// On a basis.
    #[must_use]
    pub(crate) fn basis(mut self, basis: Basis) -> Self {
        self.basis = Some(basis);
        self
    }

    /// Of a measure.
    #[must_use]
    pub(crate) fn measure(mut self, measure: Measure) -> Self {
        self.measure = Some(measure);
        self
    }

    /// Stands so.
    #[must_use]
    pub(crate) fn status(mut self, status: Status) -> Self {
        self.status = Some(status);
        self
    }

    /// Said by these sources, publisher first; unknown ids become sources of that name.
    #[must_use]
    pub(crate) fn said_by(mut self, chain: &[&str]) -> Self {
        self.chain = chain.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    /// With a cell of a further column.
    #[must_use]
    pub(crate) fn cell(mut self, column: &str, text: &str) -> Self {
        self.extra.push((column.to_owned(), text.to_owned()));
        self
    }
}

/// A dataset to be.
pub(crate) struct World {
    builder: DatasetBuilder,
}

#[allow(dead_code, reason = "the vocabulary of tests")]
impl World {
    /// Claims and events of many counters.
    pub(crate) fn new() -> Self {
        Self { builder: DatasetBuilder::new(Origin { path: "test.dateline.json".to_owned(), ..Origin::default() }) }
    }

    /// Rows that are distinct coded events, counted by a dataset.
    pub(crate) fn coded(counter: &str) -> Self {
        let mut world = Self::new();
        world.builder.origin.counter = Some(counter.to_owned());
        world
    }

    /// Adds a source with a short name and a country.
    #[must_use]
    pub(crate) fn source(mut self, id: &str, name: &str, short: Option<&str>, country: Option<&str>) -> Self {
        self.builder.source(Source { short: short.map(str::to_owned), country: country.map(str::to_owned), ..named(id, name) });
        self
    }

    /// Adds an article of a day.
    #[must_use]
    pub(crate) fn article(mut self, id: &str, title: &str, published: Option<&str>) -> Self {
        self.builder.article(Article {
            id: id.to_owned(),
            title: Some(title.to_owned()),
            url: Some(format!("https://example.org/{id}")),
            published: published.map(|text| (text.to_owned(), Some(when(text)))),
            ..Article::default()
        });
        self
    }

    /// Makes two articles related; the first one lists the second.
    #[must_use]
    pub(crate) fn related(mut self, one: &str, other: &str) -> Self {
        let find = |id: &str| self.builder.find_article(id).unwrap();
        let (one, other) = (find(one), find(other));
        self.builder.relate(one, other, true);
        self
    }

    /// Adds a record.
    #[must_use]
    pub(crate) fn with(mut self, sheet: &Sheet) -> Self {
        self.push(sheet);
        self
    }

    /// Adds records.
    #[must_use]
    pub(crate) fn with_all(mut self, sheets: &[Sheet]) -> Self {
        for sheet in sheets {
            self.push(sheet);
        }
        self
    }

    fn push(&mut self, sheet: &Sheet) {
        let sources: Vec<SourceId> = sheet.chain.iter().map(|id| self.builder.source(named(id, id))).collect();
        let chain = self.builder.chain(&sources);
        let article = sheet.article.as_ref().map(|id| self.builder.article(Article { id: id.clone(), ..Article::default() }));
        let extra: Vec<_> = sheet.extra.iter().map(|(name, text)| (self.builder.extra_field(name), text.as_str())).collect();
        let date = |text: &'_ Option<String>| DateDraft { when: text.as_deref().map(when), keep: None };
        self.builder.push(&Draft {
            id: sheet.id.as_deref(),
            event_id: None,
            kind: sheet.kind,
            title: sheet.title.as_deref(),
            when: date(&sheet.when),
            as_of: date(&sheet.as_of),
            published: date(&sheet.published),
            metric: sheet.metric.as_deref(),
            item: sheet.item.as_deref(),
            measure: sheet.measure,
            value: sheet.value,
            low: sheet.low,
            high: sheet.high,
            qualifier: sheet.qualifier,
            basis: sheet.basis,
            unit: sheet.unit.as_deref(),
            from: sheet.from.as_deref(),
            to: sheet.to.as_deref(),
            category: sheet.category.as_deref(),
            place: sheet.place.as_deref(),
            lat: None,
            lon: None,
            status: sheet.status,
            hedge: sheet.hedge.as_deref(),
            likelihood: sheet.likelihood,
            credibility: None,
            note: sheet.note.as_deref(),
            chain,
            article,
            extra: &extra,
        });
    }

    /// The dataset.
    pub(crate) fn build(self) -> Arc<Dataset> {
        Arc::new(self.builder.snapshot(1, true))
    }
}

fn named(id: &str, name: &str) -> Source {
    Source { id: id.to_owned(), name: name.to_owned(), short: None, kind: None, country: None, reliability: None }
}
