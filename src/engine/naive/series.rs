//! `Query::Series` in plain loops.

use std::collections::{BTreeMap, BTreeSet};

use super::Naive;
use crate::claims::{Counter, Place, Standing, Sum, counter, place, spread, standing};
use crate::data::{Amount, Row};
use crate::engine::Stop;
use crate::engine::series::{Key, Series, finish};
use crate::query::{Aside, SeriesAnswer, SeriesQuery};
use crate::work::Cancel;

impl Naive {
    pub(super) fn series(&self, query: &SeriesQuery, cancel: &Cancel) -> Result<SeriesAnswer, Stop> {
        let facts = &self.facts;
        let records = &facts.dataset.records;
        let group = match query.group {
            Some(field) => self.facts.category(field, "groups")?,
            None => None,
        };
        let rows = self.rows_of_metric(&query.metric, &query.filter, cancel)?;
        let standing_of = |row: Row| records.quantity(row).map(|quantity| standing(&quantity, records.status(row)));
        let summable: BTreeSet<Row> = rows.iter().copied().filter(|row| standing_of(*row) == Some(Standing::Summable)).collect();
        let date = |row: Row| records.span(query.date.field(), row);
        let mut aside = Aside { records: rows.len() as u64, ..Aside::default() };
        let mut found: BTreeMap<Key, Series> = BTreeMap::new();
        for row in rows {
            let Some(quantity) = records.quantity(row) else { continue };
            match standing(&quantity, records.status(row)) {
                Standing::NoFigure => aside.no_figure += 1,
                Standing::OtherBasis => aside.other_basis += 1,
                Standing::Expected => aside.expected += 1,
                Standing::Denied => aside.denied += 1,
                Standing::Retracted => aside.retracted += 1,
                Standing::Removed => aside.removed += 1,
                Standing::NotSummable => aside.not_summable += 1,
                Standing::Summable => {
                    let carriers: Vec<Row> = facts.repeats.carriers(row).iter().copied().filter(|other| summable.contains(other)).collect();
                    let stands = carriers.iter().find(|other| date(**other).is_some()).or_else(|| carriers.first()).copied().unwrap_or(row);
                    if stands != row {
                        aside.repeats += 1;
                        continue;
                    }
                    let Some(span) = date(row) else {
                        aside.undated += 1;
                        continue;
                    };
                    let where_to = place(span, query.by, query.is_spread);
                    if where_to == Place::Nowhere {
                        aside.unplaced += 1;
                        continue;
                    }
                    let who: Counter = counter(&facts.dataset, row);
                    let key = Key {
                        group: group.and_then(|column| column.get(row as usize)).map(str::to_owned),
                        counter: who,
                        unit: quantity.unit.map(str::to_owned),
                    };
                    let series = found.entry(key).or_default();
                    let sum = Sum::of(&quantity);
                    series.records += 1;
                    series.size += sum.size();
                    let mut add = |bucket, share: &Sum| series.buckets.entry(bucket).or_insert(Sum::NOTHING).add(share);
                    match where_to {
                        Place::One(bucket) => add(bucket, &sum),
                        Place::Many => spread(&sum, span, query.by, add),
                        Place::Nowhere => {}
                    }
                }
            }
        }
        debug_assert!(found.values().all(|series| series.size != Amount::ZERO || series.records > 0));
        Ok(finish(facts, query, found, aside))
    }
}
