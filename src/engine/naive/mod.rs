//! The slow truth: each query as the plain loop that its SQL describes. The other engines are tested against it; nobody waits for it.

mod lanes;
mod matches;
mod series;
mod tables;
#[cfg(test)]
mod tests;
mod totals;

use std::sync::Arc;

use super::facts::Facts;
use super::place::{Side, extent, side};
use super::readings::{is_reading, readings};
use super::{Ask, Engine, Stop, look, schema, stories};
use crate::data::{Dataset, Field, Row};
use crate::query::{Answer, Aside, ClaimsQuery, CountAnswer, Filter, Query};
use crate::time::Span;
use crate::work::Cancel;
pub(super) use lanes::sort_lanes;
use matches::{Test, passes};
pub(super) use totals::hull_of;

/// Answers by looking at every record, every time.
pub struct Naive {
    facts: Facts,
}

impl Naive {
    /// An engine over a snapshot.
    pub fn new(dataset: Arc<Dataset>) -> Self {
        Self { facts: Facts::build_whole(dataset) }
    }

    /// The rows that pass a filter and touch a window, in ascending order.
    fn rows_in(&self, filter: &Filter, window: Option<Span>, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let dataset = &self.facts.dataset;
        let test = Test::new(dataset, filter);
        let mut rows = Vec::new();
        for row in 0..dataset.records.len() as Row {
            look(cancel, row)?;
            if passes(dataset, &test, row) && window.is_none_or(|window| self.touches(row, window)) {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn touches(&self, row: Row, window: Span) -> bool {
        extent(&self.facts.dataset.records, row).is_some_and(|extent| side(extent, window) == Side::Inside)
    }

    /// The rows of a metric that pass a filter.
    fn rows_of_metric(&self, metric: &str, filter: &Filter, cancel: &Cancel) -> Result<Vec<Row>, Stop> {
        let mut rows = self.rows_in(filter, None, cancel)?;
        rows.retain(|row| self.facts.dataset.records.str(Field::METRIC, *row) == Some(metric));
        Ok(rows)
    }

    fn count(&self, filter: &Filter, window: Option<Span>, cancel: &Cancel) -> Result<CountAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let rows = self.rows_in(filter, None, cancel)?;
        let inside = |row: &&Row| match window {
            Some(window) => self.touches(**row, window),
            None => extent(records, **row).is_some(),
        };
        Ok(CountAnswer {
            matching: rows.len() as u64,
            of: records.len() as u64,
            undated: rows.iter().filter(|row| records.span(Field::WHEN, **row).is_none()).count() as u64,
            inside: rows.iter().filter(inside).count() as u64,
            unknown_publication: self.unknown_publication(filter, cancel)?,
        })
    }

    /// Records without a publication date that pass the other terms of a filter that asks what was known.
    fn unknown_publication(&self, filter: &Filter, cancel: &Cancel) -> Result<u64, Stop> {
        let Some(others) = without_known(filter) else { return Ok(0) };
        let rows = self.rows_in(&others, None, cancel)?;
        Ok(rows.iter().filter(|row| self.facts.dataset.records.span(Field::PUBLISHED, **row).is_none()).count() as u64)
    }

    fn claims(&self, query: &ClaimsQuery, cancel: &Cancel) -> Result<Answer, Stop> {
        let mut rows = self.rows_of_metric(&query.metric, &query.filter, cancel)?;
        let mut aside = Aside::default();
        rows.retain(|row| self.facts.dataset.records.quantity(*row).is_some_and(|quantity| is_reading(&quantity, &mut aside)));
        Ok(Answer::Claims(readings(&self.facts, query, &rows, aside)))
    }
}

impl Engine for Naive {
    fn answer(&self, query: &Query, ask: &Ask<'_>) -> Result<Answer, Stop> {
        let cancel = &ask.cancel;
        Ok(match query {
            Query::Schema => Answer::Schema(Box::new(schema::schema(&self.facts, cancel)?)),
            Query::Count { filter, window } => Answer::Count(self.count(filter, *window, cancel)?),
            Query::Lanes(query) => Answer::Lanes(self.lanes(query, cancel)?),
            Query::Series(query) => Answer::Series(self.series(query, cancel)?),
            Query::Claims(query) => self.claims(query, cancel)?,
            Query::Facet(query) => Answer::Facet(self.facet(query, cancel)?),
            Query::Histogram { field, filter, bins } => Answer::Histogram(self.histogram(*field, filter, *bins, cancel)?),
            Query::Rows(query) => Answer::Rows(self.rows(query, cancel)?),
            Query::Record { row } => Answer::Record(self.facts.record(*row).map(Box::new)),
            Query::Find { id } => Answer::Row(self.facts.dataset.row_of_id(id)),
            Query::OfFileRow { file_row } => Answer::Row(self.facts.dataset.records.row_of_file_row(*file_row)),
            Query::Provenance { rows, limit } => Answer::Provenance(stories::provenance(&self.facts, rows, *limit, cancel)?),
            Query::Related { row, limit } => Answer::Related(stories::related(&self.facts, *row, *limit, cancel)?),
            Query::Totals { filter, window, metrics_max } => Answer::Totals(self.totals(filter, *window, *metrics_max, cancel)?),
            Query::Neighbour { from, lane, filter, is_next } => Answer::Row(self.neighbour(*from, *lane, filter, *is_next, cancel)?),
            Query::Rejected => Answer::Rejected(self.facts.dataset.issues.rejected.clone()),
            Query::Issues { kind, text, offset, limit } => Answer::Issues(self.facts.issues(*kind, text, (*offset, *limit))),
        })
    }

    fn generation(&self) -> u64 {
        self.facts.dataset.generation
    }
}

/// A filter without its `Known` terms; `None` when it has none. Only terms that must all hold are looked at.
pub(super) fn without_known(filter: &Filter) -> Option<Filter> {
    let terms = filter.terms();
    let others: Vec<Filter> = terms.iter().filter(|term| !matches!(term, Filter::Known(_))).cloned().collect();
    (others.len() < terms.len()).then(|| Filter::from_terms(others))
}
