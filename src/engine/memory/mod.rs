//! The fast engine over a dataset in memory: what is known beforehand, sets of rows, loops in parallel. It answers exactly what the
//! naive engine does.
//!
//! Rows are sorted by time, so that a window is a range of rows ([`places`]) and a cell of a lane a range of its codes. What each structure
//! costs stands in its own file; together they take some two bytes a record, and most of them are made when they are first asked for:
//!
//! | structure | bytes a record | what it makes fast |
//! |---|---|---|
//! | `grid`, `forest` | 0.15 | windows as ranges of rows, and what reaches into them |
//! | `lane_counts` | up to 1 a lane field, two fields kept | lanes without a filter |
//! | `kept` | up to 1 for all | clauses and filters that are asked for again |
//! | `series_uniform` | 0.25 | sums of records that lie in one bucket |
//! | `skewed` | 0.02 and 4 a large number, a number field | histograms under a range of time |
//! | `zones` | 0.01 a number field | the largest and smallest of a window |
//! | anchors, standings | none, or 9 where records are not drawn at their start or differ in kind | everything |

mod bitmap;
mod codes;
mod columns;
mod facets;
mod filters;
mod forest;
mod grid;
mod histogram;
mod kept;
mod lane_counts;
mod lanes;
mod lanes_apart;
mod needle;
mod neighbour;
mod partial;
mod places;
mod rows;
mod search;
mod series;
mod series_uniform;
mod skewed;
mod sums;
#[cfg(test)]
mod tests;
mod totals;
mod zones;

use std::sync::Arc;

use super::facts::Facts;
use super::naive::without_known;
use super::readings::{is_reading, readings};
use super::uniform::Uniform;
use super::{Ask, Engine, Stop, schema, stories};
use crate::claims::{Standing, standing};
use crate::data::{Dataset, Field, Row};
use crate::query::{Answer, Aside, ClaimsAnswer, ClaimsQuery, CountAnswer, Filter, Query, Schema};
use crate::time::{Span, Time};
use crate::work::Cancel;
use bitmap::{Selection, scan};
use columns::{Columns, code_in};
use histogram::Axes;
use kept::Kept;
use lane_counts::LaneCountsKept;
use places::Places;
use search::Searches;
use series::SeriesKept;
use series_uniform::CrossingKept;
use zones::ZonesKept;

/// Answers from columns, bitmaps and counts made beforehand.
pub struct Memory {
    facts: Facts,
    schema: Schema,
    places: Places,
    standings: Standings,
    kept: Kept,
    lane_counts: LaneCountsKept,
    axes: Axes,
    zones: ZonesKept,
    searches: Searches,
    series_kept: SeriesKept,
    crossing_kept: CrossingKept,
}

/// How each record stands to a sum of increments; `None` of those without a metric.
enum Standings {
    /// All alike: nothing a record.
    Same(Standing),
    /// One byte a record.
    Each(Vec<Option<Standing>>),
}

impl Memory {
    /// An engine over a snapshot.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when asked to stop.
    pub fn build(dataset: Arc<Dataset>, cancel: &Cancel) -> Result<Self, Stop> {
        let len = dataset.records.len();
        let places = Places::build(&dataset, cancel)?;
        let standings = if let Some(uniform) = Uniform::of(&dataset) {
            Standings::Same(uniform.standing)
        } else {
            let columns = Columns::new(&dataset);
            let parts = scan(len, cancel, |rows, standings: &mut Vec<Option<Standing>>| {
                standings.extend(rows.map(|row| columns.quantity(row).map(|quantity| standing(&quantity, columns.status(row)))));
            })?;
            Standings::Each(parts.concat())
        };
        let facts = Facts::build(dataset, cancel)?;
        let schema = schema::schema(&facts, cancel)?;
        Ok(Self {
            facts,
            schema,
            places,
            standings,
            kept: Kept::new(len),
            lane_counts: LaneCountsKept::default(),
            axes: Axes::default(),
            zones: ZonesKept::default(),
            searches: Searches::default(),
            series_kept: SeriesKept::default(),
            crossing_kept: CrossingKept::default(),
        })
    }

    fn len(&self) -> usize {
        self.facts.dataset.records.len()
    }

    fn columns(&self) -> Columns<'_> {
        Columns::new(&self.facts.dataset)
    }

    fn anchor(&self, row: usize) -> Option<Time> {
        self.places.anchor(row)
    }

    fn standing(&self, row: usize) -> Option<Standing> {
        match &self.standings {
            Standings::Same(standing) => Some(*standing),
            Standings::Each(standings) => standings.get(row).copied().flatten(),
        }
    }

    /// The rows that pass a filter and touch a window.
    fn select_inside(&self, filter: &Filter, window: Option<Span>, cancel: &Cancel) -> Result<Selection, Stop> {
        let selection = self.select(filter, cancel)?;
        Ok(match window {
            Some(_) => self.places.inside(window, cancel)?.and(&selection),
            None => selection,
        })
    }

    fn count(&self, filter: &Filter, window: Option<Span>, cancel: &Cancel) -> Result<CountAnswer, Stop> {
        let selection = self.select(filter, cancel)?;
        let len = self.len();
        Ok(CountAnswer {
            matching: selection.count(),
            of: len as u64,
            undated: selection.count_in(self.facts.dataset.records.dated()..len),
            inside: self.places.inside(window, cancel)?.and(&selection).count(),
            unknown_publication: self.unknown_publication(filter, cancel)?,
        })
    }

    /// Records without a publication date that pass the other terms of a filter that asks what was known.
    fn unknown_publication(&self, filter: &Filter, cancel: &Cancel) -> Result<u64, Stop> {
        let Some(others) = without_known(filter) else { return Ok(0) };
        let selection = self.select(&others, cancel)?;
        let Some(dates) = self.facts.dataset.records.dates(Field::PUBLISHED) else { return Ok(selection.count()) };
        let parts = selection.scan(cancel, |rows, unknown: &mut u64| {
            selection.for_each(rows, |row| *unknown += u64::from(dates.span(row).is_none()));
        })?;
        Ok(parts.iter().sum())
    }

    fn claims(&self, query: &ClaimsQuery, cancel: &Cancel) -> Result<Answer, Stop> {
        let selection = self.select(&query.filter, cancel)?;
        let metrics = self.facts.dataset.records.category(Field::METRIC);
        let metric = metrics.and_then(|column| column.code_of(&query.metric));
        let Some(metric) = metric else { return Ok(Answer::Claims(ClaimsAnswer::default())) };
        let columns = self.columns();
        let parts = selection.scan(cancel, |rows, (found, aside): &mut (Vec<Row>, Aside)| {
            selection.for_each(rows, |row| {
                let is_of_metric = code_in(metrics, row) == Some(metric);
                if is_of_metric && columns.quantity(row).is_some_and(|quantity| is_reading(&quantity, aside)) {
                    found.push(row as Row);
                }
            });
        })?;
        let (mut rows, mut aside) = (Vec::new(), Aside::default());
        for (found, part) in parts {
            rows.extend(found);
            series::add_aside(&mut aside, &part);
        }
        Ok(Answer::Claims(readings(&self.facts, query, &rows, aside)))
    }
}

impl Memory {
    /// The answer to a question whose texts were searched for.
    fn answer_whole(&self, query: &Query, cancel: &Cancel) -> Result<Answer, Stop> {
        Ok(match query {
            Query::Schema => Answer::Schema(Box::new(self.schema.clone())),
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
}

impl Engine for Memory {
    fn answer(&self, query: &Query, ask: &Ask<'_>) -> Result<Answer, Stop> {
        self.search_first(query, ask)?;
        self.answer_whole(query, &ask.cancel)
    }

    fn generation(&self) -> u64 {
        self.facts.dataset.generation
    }
}
