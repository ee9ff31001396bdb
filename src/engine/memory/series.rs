//! `Query::Series`: one parallel pass over the rows of a metric, by codes; shares are the same integers as everywhere.
//!
//! The sums of the questions that were asked last are kept, some 100 bytes a bucket and group: another window or running sums
//! instead of single ones need no further pass.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::Memory;
use super::bitmap::Selection;
use super::columns::{Columns, code_in};
use super::filters::names_many_rows;
use crate::claims::{Counter, Place, Standing, Sum, counter, place, spread};
use crate::data::{Amount, Category, Dates, Row};
use crate::engine::Stop;
use crate::engine::series::{Key, Series, finish};
use crate::query::{Aside, Filter, SeriesAnswer, SeriesQuery};
use crate::time::{Span, Time};
use crate::work::Cancel;

/// Group, counter and unit by codes.
type Code = (Option<u32>, Counter, Option<u32>);

/// What one thread finds.
#[derive(Default)]
struct Part {
    aside: Aside,
    found: FxHashMap<Code, Sums>,
}

/// The sums of one code.
struct Sums {
    buckets: FxHashMap<Time, Sum>,
    /// The bucket of the last record, not yet among the others: records come by time, so the next one is often in it.
    last: Span,
    last_sum: Sum,
    records: u64,
    size: Amount,
}

impl Default for Sums {
    fn default() -> Self {
        let nowhere = Span::new(Time::OPEN_END, Time::OPEN_START);
        Self { buckets: FxHashMap::default(), last: nowhere, last_sum: Sum::NOTHING, records: 0, size: Amount::ZERO }
    }
}

impl Sums {
    fn add(&mut self, bucket: Time, share: &Sum) {
        self.buckets.entry(bucket).or_insert(Sum::NOTHING).add(share);
    }

    /// Puts the sum of the last bucket among the others.
    fn settle(&mut self) {
        if self.last_sum.records > 0 {
            let sum = std::mem::replace(&mut self.last_sum, Sum::NOTHING);
            self.add(self.last.start, &sum);
        }
    }
}

/// What the pass needs.
struct Pass<'a> {
    memory: &'a Memory,
    query: &'a SeriesQuery,
    selection: Selection,
    columns: Columns<'a>,
    group: Option<&'a Category>,
    dates: Option<&'a Dates>,
    metric: u32,
}

impl Memory {
    pub(super) fn series(&self, query: &SeriesQuery, cancel: &Cancel) -> Result<SeriesAnswer, Stop> {
        let group = match query.group {
            Some(field) => self.facts.category(field, "groups")?,
            None => None,
        };
        if let Some((found, aside)) = self.series_kept.get(query) {
            return Ok(finish(&self.facts, query, found, aside));
        }
        let (found, aside) = match self.series_of_uniform(query, group, cancel)? {
            Some(sums) => sums,
            None => self.series_of_any(query, group, cancel)?,
        };
        self.series_kept.put(query, &found, aside);
        Ok(finish(&self.facts, query, found, aside))
    }

    /// The sums of any records.
    fn series_of_any(&self, query: &SeriesQuery, group: Option<&Category>, cancel: &Cancel) -> Result<(Found, Aside), Stop> {
        let columns = self.columns();
        let Some(metric) = columns.metric.and_then(|column| column.code_of(&query.metric)) else { return Ok(Default::default()) };
        let dates = self.facts.dataset.records.dates(query.date.field());
        let pass = Pass { memory: self, query, selection: self.select(&query.filter, cancel)?, columns, group, dates, metric };
        let parts = pass.selection.scan(cancel, |rows, part: &mut Part| pass.selection.for_each(rows, |row| pass.take(row, part)))?;
        let mut aside = Aside::default();
        let mut found: BTreeMap<Key, Series> = BTreeMap::new();
        for part in parts {
            add_aside(&mut aside, &part.aside);
            let mut sums: Vec<(Code, Sums)> = part.found.into_iter().collect();
            sums.sort_unstable_by_key(|(code, _)| *code);
            for ((group_code, counter, unit), mut sums) in sums {
                sums.settle();
                let word = |column: Option<&Category>, code: Option<u32>| Some(column?.value(code?).to_owned());
                let key = Key { group: word(pass.group, group_code), counter, unit: word(pass.columns.unit, unit) };
                let series = found.entry(key).or_default();
                series.records += sums.records;
                series.size += sums.size;
                sums.buckets.into_iter().for_each(|(bucket, sum)| series.buckets.entry(bucket).or_insert(Sum::NOTHING).add(&sum));
            }
        }
        Ok((found, aside))
    }
}

/// The sums of all keys.
pub(super) type Found = BTreeMap<Key, Series>;

/// The sums of the questions that were asked last, the latest at the end.
#[derive(Default)]
pub(super) struct SeriesKept(Mutex<Vec<(SeriesQuery, Found, Aside)>>);

/// How many series are kept.
const SERIES_MAX: usize = 8;
/// A series of more buckets than this, of all groups together, is not kept.
const BUCKETS_KEPT_MAX: usize = 1 << 16;

impl SeriesKept {
    fn get(&self, query: &SeriesQuery) -> Option<(Found, Aside)> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(own, ..)| has_same_sums(own, query))?;
        let entry = kept.remove(place);
        let sums = (entry.1.clone(), entry.2);
        kept.push(entry);
        Some(sums)
    }

    /// The sum of all rows that pass a filter, where a series of them is kept in which none was left out.
    pub(super) fn sum_of(&self, filter: &Filter, metric: &str) -> Option<Sum> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_whole = |(query, found, aside): &&(SeriesQuery, Found, Aside)| {
            query.metric == metric && query.filter == *filter && found.values().map(|series| series.records).sum::<u64>() == aside.records
        };
        let (_, found, aside) = kept.iter().find(is_whole)?;
        let mut sum = Sum::NOTHING;
        found.values().flat_map(|series| series.buckets.values()).for_each(|bucket| sum.add(bucket));
        // A record that is shared out is in several buckets.
        Some(Sum { records: aside.records, ..sum })
    }

    fn put(&self, query: &SeriesQuery, found: &Found, aside: Aside) {
        if found.values().map(|series| series.buckets.len()).sum::<usize>() > BUCKETS_KEPT_MAX || names_many_rows(&query.filter) {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(own, ..)| !has_same_sums(own, query));
        if kept.len() >= SERIES_MAX {
            kept.remove(0);
        }
        kept.push((query.clone(), found.clone(), aside));
    }
}

/// Do two questions differ only in what is made of their sums?
fn has_same_sums(one: &SeriesQuery, other: &SeriesQuery) -> bool {
    let SeriesQuery { metric, filter, by, date, group, mode: _, is_spread, window: _, groups_max: _ } = one;
    (metric, filter, by, date) == (&other.metric, &other.filter, &other.by, &other.date)
        && (group, is_spread) == (&other.group, &other.is_spread)
}

impl Pass<'_> {
    fn take(&self, row: usize, part: &mut Part) {
        if code_in(self.columns.metric, row) != Some(self.metric) {
            return;
        }
        let aside = &mut part.aside;
        aside.records += 1;
        let Some(standing) = self.memory.standing(row) else { return };
        match standing {
            Standing::NoFigure => aside.no_figure += 1,
            Standing::OtherBasis => aside.other_basis += 1,
            Standing::Expected => aside.expected += 1,
            Standing::Denied => aside.denied += 1,
            Standing::Retracted => aside.retracted += 1,
            Standing::Removed => aside.removed += 1,
            Standing::NotSummable => aside.not_summable += 1,
            Standing::Summable if !self.stands(row) => aside.repeats += 1,
            Standing::Summable => match self.span(row) {
                None => aside.undated += 1,
                Some(span) => self.add(row, span, part),
            },
        }
    }

    fn span(&self, row: usize) -> Option<Span> {
        self.dates.and_then(|dates| dates.span(row))
    }

    /// Does the row stand for its statement: the first summable carrier with a date, else the first summable carrier?
    fn stands(&self, row: usize) -> bool {
        let row = row as Row;
        let mut first = None;
        for other in self.memory.facts.repeats.carriers(row) {
            if self.selection.contains(*other) && self.memory.standing(*other as usize) == Some(Standing::Summable) {
                if self.span(*other as usize).is_some() {
                    return *other == row;
                }
                first.get_or_insert(*other);
            }
        }
        first.is_none_or(|first| first == row)
    }

    fn add(&self, row: usize, span: Span, part: &mut Part) {
        let sum = self.columns.sum(row);
        let code = (code_in(self.group, row), counter(&self.memory.facts.dataset, row as Row), code_in(self.columns.unit, row));
        let by = self.query.by;
        let known = part.found.get_mut(&code).filter(|sums| sums.last.start <= span.start && span.start < sums.last.end);
        if let Some(sums) = known.filter(|sums| span.end <= sums.last.end) {
            sums.last_sum.add(&sum);
            sums.records += 1;
            sums.size += sum.size();
            return;
        }
        let bucket = place(span, by, self.query.is_spread);
        if bucket == Place::Nowhere {
            part.aside.unplaced += 1;
            return;
        }
        let sums = part.found.entry(code).or_default();
        if let Place::One(bucket) = bucket {
            sums.settle();
            sums.last = Span::new(bucket, by.next(bucket));
            sums.last_sum = sum;
        } else {
            spread(&sum, span, by, |bucket, share| sums.add(bucket, share));
        }
        sums.records += 1;
        sums.size += sum.size();
    }
}

pub(super) fn add_aside(all: &mut Aside, part: &Aside) {
    let Aside { records, unplaced, undated, expected, denied, retracted, removed, no_figure, other_basis, not_summable, repeats } = *part;
    all.records += records;
    all.unplaced += unplaced;
    all.undated += undated;
    all.expected += expected;
    all.denied += denied;
    all.retracted += retracted;
    all.removed += removed;
    all.no_figure += no_figure;
    all.other_basis += other_basis;
    all.not_summable += not_summable;
    all.repeats += repeats;
}
