//! Answers while a search is under way: the same question about the records found so far, some forty milliseconds after it was asked
//! and then ever more rarely, so that showing results costs a search little.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Memory;
use super::bitmap::Selection;
use super::search::Search;
use crate::engine::{Ask, Stop};
use crate::query::{Filter, Query};

/// When the first results are answered.
const FIRST: Duration = if cfg!(test) { Duration::ZERO } else { Duration::from_millis(25) };
/// Each further answer waits so many times longer.
const FACTOR: u32 = 4;

impl Memory {
    /// Searches for the texts of a question's filter that were not searched for yet, and answers as results come.
    pub(super) fn search_first(&self, query: &Query, ask: &Ask<'_>) -> Result<(), Stop> {
        let Some(filter) = filter_of(query) else { return Ok(()) };
        for text in texts_of(filter) {
            let clause = Filter::Text(text.to_owned());
            if self.kept.get(&clause).is_some() {
                continue;
            }
            let next = Mutex::new((Instant::now(), FIRST));
            let progress = |search: &Search| {
                let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
                if next.0.elapsed() >= next.1 && !ask.cancel.is_cancelled() {
                    let share = search.share();
                    // One that is cancelled meanwhile has nobody to answer to.
                    if let Ok(rows) = search.so_far(self, &ask.cancel)
                        && let Ok(answer) = self.answer_whole(&so_far(query, &clause, &Filter::Rows(rows)), &ask.cancel)
                    {
                        (ask.partial)(answer, share);
                    }
                    next.1 = next.0.elapsed() * FACTOR;
                }
            };
            let bits = self.search(text, &ask.cancel, &progress)?;
            self.kept.put(&clause, &Selection::of(self.len(), std::sync::Arc::new(bits)));
        }
        Ok(())
    }
}

/// The filter of a question that is answered while a search is under way.
fn filter_of(query: &Query) -> Option<&Filter> {
    match query {
        Query::Count { filter, .. } | Query::Totals { filter, .. } => Some(filter),
        Query::Lanes(query) => Some(&query.filter),
        Query::Rows(query) => Some(&query.filter),
        Query::Series(query) => Some(&query.filter),
        Query::Facet(query) => Some(&query.filter),
        _ => None,
    }
}

/// The question with another clause in the place of one.
fn so_far(query: &Query, clause: &Filter, other: &Filter) -> Query {
    let mut query = query.clone();
    let filter = match &mut query {
        Query::Count { filter, .. } | Query::Totals { filter, .. } => filter,
        Query::Lanes(query) => &mut query.filter,
        Query::Rows(query) => &mut query.filter,
        Query::Series(query) => &mut query.filter,
        Query::Facet(query) => &mut query.filter,
        _ => return query,
    };
    *filter = replaced(filter, clause, other);
    query
}

fn replaced(filter: &Filter, clause: &Filter, other: &Filter) -> Filter {
    let all = |terms: &[Filter]| terms.iter().map(|term| replaced(term, clause, other)).collect();
    match filter {
        own if own == clause => other.clone(),
        Filter::And(terms) => Filter::And(all(terms)),
        Filter::Or(terms) => Filter::Or(all(terms)),
        Filter::Not(term) => Filter::Not(Box::new(replaced(term, clause, other))),
        own => own.clone(),
    }
}

/// The texts that a filter searches for.
fn texts_of(filter: &Filter) -> Vec<&str> {
    match filter {
        Filter::Text(text) => vec![text],
        Filter::And(terms) | Filter::Or(terms) => terms.iter().flat_map(texts_of).collect(),
        Filter::Not(term) => texts_of(term),
        _ => Vec::new(),
    }
}
