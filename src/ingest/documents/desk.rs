//! Where readers of documents put a record together: dates with their issues, sources, articles, and further fields.

use crate::data::{
    Article, ArticleId, ChainId, Credibility, DatasetBuilder, DateDraft, Draft, Field, Issue, IssueKind, Kind, Likelihood, Source,
    SourceId, SourceKind, Status, implausible, measure_from_unit,
};
use crate::data::{Basis, Reliability};
use crate::ingest::cells::{self, DateFault, DateStyle};
use crate::ingest::taker::{field_name, shown};
use crate::time::{DateOrder, EdtfError, When, edtf_from_when, parse_edtf};

/// A date: what it means, and its text where that says more.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dated {
    pub(super) when: Option<When>,
    pub(super) text: Option<String>,
}

impl Dated {
    /// Is there neither a meaning nor a text?
    pub(super) fn is_absent(&self) -> bool {
        self.when.is_none() && self.text.is_none()
    }

    /// This one, or the other where there is none.
    pub(super) fn or(self, other: &Self) -> Self {
        if self.is_absent() { other.clone() } else { self }
    }

    /// As an article keeps it.
    pub(super) fn of_article(&self) -> Option<(String, Option<When>)> {
        let text = self.text.clone().or_else(|| self.when.as_ref().map(edtf_from_when))?;
        Some((text, self.when))
    }

    fn draft(&self) -> DateDraft<'_> {
        DateDraft { when: self.when, keep: self.text.as_deref() }
    }
}

/// A record to be.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) id: Option<String>,
    pub(super) event_id: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) title: Option<String>,
    pub(super) note: Option<String>,
    pub(super) category: Option<String>,
    pub(super) place: Option<String>,
    pub(super) when: Dated,
    pub(super) published: Dated,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) status: Option<Status>,
    pub(super) hedge: Option<String>,
    pub(super) likelihood: Option<Likelihood>,
    pub(super) credibility: Option<Credibility>,
    /// How often it was seen or met with: what is counted, and how many.
    pub(super) count: Option<(&'static str, f64)>,
    pub(super) chain: Option<ChainId>,
    pub(super) article: Option<ArticleId>,
    pub(super) extra: Vec<(Field, String)>,
}

/// The place where one row of the file is taken.
pub(super) struct Desk<'b> {
    pub(super) builder: &'b mut DatasetBuilder,
    pub(super) line: u64,
}

impl Desk<'_> {
    /// Begins the next row of the file.
    pub(super) fn next_row(&mut self) {
        self.builder.origin.rows += 1;
    }

    /// Says that the next row cannot be taken.
    pub(super) fn reject(&mut self, column: &str, value: &str, message: &str) {
        self.builder.origin.rows += 1;
        self.builder.reject(self.line, message, value.as_bytes());
        self.issue(column, value, IssueKind::RejectedRow, message, "left out");
    }

    pub(super) fn issue(&mut self, column: &str, value: &str, kind: IssueKind, message: &str, action: &str) {
        self.builder.issue(Issue {
            line: (self.line > 0).then_some(self.line),
            column: (!column.is_empty()).then(|| column.to_owned()),
            value: shown(value),
            kind,
            message: message.to_owned(),
            action: action.to_owned(),
        });
    }

    /// Keeps a text in a field of its own.
    pub(super) fn extra(&mut self, record: &mut Record, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let field = self.builder.extra_field(&field_name(name));
        match record.extra.iter_mut().find(|extra| extra.0 == field) {
            Some((_, kept)) if kept != text => {
                kept.push_str("; ");
                kept.push_str(text);
            }
            Some(_) => {}
            None => record.extra.push((field, text.to_owned())),
        }
    }

    /// A date in any form in which documents write them.
    pub(super) fn date(&mut self, column: &str, text: &str, order: DateOrder) -> Dated {
        let text = text.trim();
        if text.is_empty() {
            return Dated::default();
        }
        match cells::date(text, DateStyle::Text(order)) {
            Ok(read) => Dated { when: Some(read.when), text: read.keeps_text.then(|| text.to_owned()) },
            Err(DateFault::OutOfRange) => self.undated(column, text, IssueKind::DateOutOfRange, &EdtfError::OutOfRange.to_string()),
            Err(DateFault::Invalid(message)) => self.undated(column, text, IssueKind::InvalidDate, &message),
        }
    }

    /// A date in EDTF that was put together from parts; `text` is how the file writes it.
    pub(super) fn edtf(&mut self, column: &str, edtf: &str, text: &str) -> Dated {
        match parse_edtf(edtf) {
            Ok(when) => Dated { when: Some(when), text: None },
            Err(EdtfError::OutOfRange) => self.undated(column, text, IssueKind::DateOutOfRange, &EdtfError::OutOfRange.to_string()),
            Err(error) => self.undated(column, text, IssueKind::InvalidDate, &error.to_string()),
        }
    }

    /// Seconds since 1970. Their text says no more than the moment that they mean.
    pub(super) fn epoch(&mut self, column: &str, text: &str) -> Dated {
        let text = text.trim();
        match cells::date(text, DateStyle::Epoch(1)) {
            Ok(read) => Dated { when: Some(read.when), text: None },
            Err(_) => self.undated(column, text, IssueKind::InvalidDate, "not a count of seconds since 1970"),
        }
    }

    fn undated(&mut self, column: &str, text: &str, kind: IssueKind, message: &str) -> Dated {
        self.issue(column, text, kind, message, "undated; the text is kept");
        Dated { when: None, text: Some(text.to_owned()) }
    }

    /// The time from one date up to the end of another.
    pub(super) fn between(&mut self, column: &str, first: Dated, last: &Dated) -> Dated {
        let (Some(start), Some(end)) = (first.when, last.when) else { return first.or(last) };
        if start == end {
            return first;
        }
        let written = |dated: &Dated, when: &When| dated.text.clone().unwrap_or_else(|| edtf_from_when(when));
        let (from, to) = (written(&first, &start), written(last, &end));
        if end.span.end <= start.span.start {
            let text = format!("{from}/{to}");
            self.issue(column, &text, IssueKind::ReversedDates, "the end lies before the start", "the start is used; the text is kept");
            return Dated { when: Some(start), text: Some(text) };
        }
        let when = When {
            span: crate::time::Span::new(start.span.start, end.span.end),
            precision: start.precision.min(end.precision),
            flags: start.flags.with(end.flags).with(crate::time::Flags::INTERVAL),
        };
        let is_kept = first.text.is_some() || last.text.is_some();
        Dated { when: Some(when), text: is_kept.then(|| format!("{from}/{to}")) }
    }

    /// A source by its id.
    pub(super) fn source(&mut self, id: &str, name: &str, kind: Option<SourceKind>, reliability: Option<Reliability>) -> SourceId {
        self.builder.source(Source { id: id.to_owned(), name: name.to_owned(), short: None, kind, country: None, reliability })
    }

    /// A chain of sources, publisher first, each one once.
    pub(super) fn chain(&mut self, sources: &[Option<SourceId>]) -> Option<ChainId> {
        let mut chain: Vec<SourceId> = Vec::new();
        for source in sources.iter().flatten() {
            if !chain.contains(source) {
                chain.push(*source);
            }
        }
        self.builder.chain(&chain)
    }

    /// An article; without an id it has that of its address.
    pub(super) fn article(&mut self, article: Article) -> Option<ArticleId> {
        let id = if article.id.is_empty() { article.url.clone()? } else { article.id.clone() };
        Some(self.builder.article(Article { id, ..article }))
    }

    /// Adds a record of the present row.
    pub(super) fn push(&mut self, record: &Record) {
        let row = self.builder.origin.rows.saturating_sub(1);
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.builder.at_file_row(row);
        if self.line > 0 {
            self.builder.at_line(row, self.line);
        }
        let implausible = |(metric, value): (&'static str, f64)| Some((metric, value, implausible(value, metric, None, None)?));
        let odd = record.count.and_then(implausible);
        if let Some((metric, value, reason)) = odd {
            self.issue(metric, &value.to_string(), IssueKind::ImplausibleNumber, reason, "not counted");
        }
        let extra: Vec<(Field, &str)> = record.extra.iter().map(|(field, text)| (*field, text.as_str())).collect();
        let counted = |_| measure_from_unit(None);
        self.builder.push(&Draft {
            id: record.id.as_deref(),
            event_id: record.event_id.as_deref(),
            kind: record.kind,
            title: record.title.as_deref(),
            note: record.note.as_deref(),
            category: record.category.as_deref(),
            place: record.place.as_deref(),
            when: record.when.draft(),
            published: record.published.draft(),
            lat: record.lat,
            lon: record.lon,
            status: record.status,
            hedge: record.hedge.as_deref(),
            likelihood: record.likelihood,
            credibility: record.credibility,
            metric: record.count.map(|(metric, _)| metric),
            value: record.count.map(|(_, value)| value).filter(|_| odd.is_none()),
            measure: record.count.map(counted),
            basis: record.count.map(|_| Basis::Increment),
            chain: record.chain,
            article: record.article,
            extra: &extra,
            ..Draft::default()
        });
    }

    /// Puts coordinates in degrees into a record; what lies beyond the globe is said and kept as a field.
    pub(super) fn coordinates(&mut self, record: &mut Record, lat: &str, lon: &str) {
        for (name, text, most) in [("lat", lat.trim(), 90.0), ("lon", lon.trim(), 180.0)] {
            if text.is_empty() {
                continue;
            }
            match text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most) {
                Some(degrees) if name == "lat" => record.lat = Some(degrees),
                Some(degrees) => record.lon = Some(degrees),
                None => {
                    self.issue(name, text, IssueKind::InvalidCoordinate, &format!("not degrees up to {most}"), "left empty; kept beside");
                    self.extra(record, &format!("{name} (as given)"), text);
                }
            }
        }
    }
}
