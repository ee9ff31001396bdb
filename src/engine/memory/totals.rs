//! `Query::Totals`: one parallel pass over the rows that pass and touch the window, by codes;
//! only over their numbers where records have everything else in common, and over none where a series of the same records is kept.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Memory;
use super::bitmap::Selection;
use super::columns::{Columns, code_in};
use super::sums::sum_of;
use crate::claims::{Counter, Standing, Sum, counter, counter_name, is_live};
use crate::data::{Band, Basis, Category, Quantity, Row};
use crate::engine::Stop;
use crate::engine::naive::hull_of;
use crate::engine::uniform::Uniform;
use crate::query::{Filter, IncrementTotal, MetricTotals, TotalsAnswer};
use crate::time::Span;
use crate::work::Cancel;

/// What one thread finds.
#[derive(Default)]
struct Part {
    metrics: FxHashMap<(u32, Option<u32>), Found>,
}

/// What is found of one metric and unit.
#[derive(Default)]
struct Found {
    records: u64,
    hull: Option<Band>,
    readings: u64,
    counters: FxHashSet<Counter>,
    sums: BTreeMap<Counter, Sum>,
}

impl Found {
    fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.readings += other.readings;
        self.hull = match (self.hull, other.hull) {
            (Some(own), Some(other)) => Some(hull_of(own, other)),
            (own, other) => own.or(other),
        };
        self.counters.extend(other.counters);
        for (counter, sum) in other.sums {
            self.sums.entry(counter).or_insert(Sum::NOTHING).add(&sum);
        }
    }
}

/// What the pass needs.
struct Pass<'a> {
    memory: &'a Memory,
    /// The rows that pass and touch the window.
    inside: Selection,
    columns: Columns<'a>,
}

impl Memory {
    pub(super) fn totals(&self, filter: &Filter, window: Option<Span>, metrics_max: u32, cancel: &Cancel) -> Result<TotalsAnswer, Stop> {
        let matching = self.select(filter, cancel)?;
        let drawn = self.places.inside(window, cancel)?.and(&matching);
        let inside = if window.is_some() { drawn.clone() } else { matching.clone() };
        let uniform = Uniform::of(&self.facts.dataset).filter(|uniform| uniform.standing == Standing::Summable);
        let counts = (drawn.count(), matching.count());
        let mut metrics = match &uniform {
            Some(uniform) => {
                let metric = self.columns().metric.map_or("", |column| column.value(uniform.metric));
                let is_all = window.is_none() || counts.0 == counts.1;
                let sum = match self.series_kept.sum_of(filter, metric).filter(|_| is_all) {
                    Some(sum) => sum,
                    None => sum_of(uniform, &inside, cancel)?,
                };
                self.only_line(uniform, sum).into_iter().collect()
            }
            None => self.lines(inside, cancel)?,
        };
        metrics.truncate(metrics_max as usize);
        Ok(TotalsAnswer { inside: counts.0, matching: counts.1, metrics })
    }

    /// The line of records that have everything in common but their numbers.
    fn only_line(&self, uniform: &Uniform<'_>, sum: Sum) -> Option<MetricTotals> {
        let columns = self.columns();
        let word = |column: Option<&Category>, code: u32| column.map(|column| column.value(code).to_owned());
        (sum.records > 0).then(|| MetricTotals {
            metric: word(columns.metric, uniform.metric).unwrap_or_default(),
            unit: uniform.unit.and_then(|unit| word(columns.unit, unit)),
            hull: None,
            readings: 0,
            counters: 0,
            increments: Some(IncrementTotal {
                counter: counter_name(&self.facts.dataset, uniform.counter).map(str::to_owned),
                value: sum.value,
                low: sum.low,
                high: sum.high,
                records: sum.records,
            }),
            other_counters: 0,
        })
    }

    /// The lines of all metrics, by looking at each record.
    fn lines(&self, inside: Selection, cancel: &Cancel) -> Result<Vec<MetricTotals>, Stop> {
        let pass = Pass { memory: self, inside, columns: self.columns() };
        let parts = pass.inside.scan(cancel, |rows, part: &mut Part| pass.inside.for_each(rows, |row| pass.take(row, part)))?;
        let mut metrics: FxHashMap<(u32, Option<u32>), Found> = FxHashMap::default();
        for part in parts {
            part.metrics.into_iter().for_each(|(key, found)| metrics.entry(key).or_default().merge(found));
        }
        let mut lines: Vec<(u64, MetricTotals)> = metrics
            .into_iter()
            .filter_map(|((metric, unit), found)| Some((found.records, self.line(&pass, metric, unit, found)?)))
            .collect();
        lines.sort_by(|(records, a), (other, b)| other.cmp(records).then_with(|| (&a.metric, &a.unit).cmp(&(&b.metric, &b.unit))));
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    fn line(&self, pass: &Pass<'_>, metric: u32, unit: Option<u32>, found: Found) -> Option<MetricTotals> {
        let word = |column: Option<&Category>, code: u32| column.map(|column| column.value(code).to_owned());
        let other_counters = (found.sums.len() as u64).saturating_sub(1);
        let most = found.sums.into_iter().max_by_key(|(counter, sum)| (sum.records, std::cmp::Reverse(*counter)));
        (found.readings > 0 || most.is_some()).then(|| MetricTotals {
            metric: word(pass.columns.metric, metric).unwrap_or_default(),
            unit: unit.and_then(|unit| word(pass.columns.unit, unit)),
            hull: found.hull,
            readings: found.readings,
            counters: found.counters.len() as u64,
            increments: most.map(|(counter, sum)| IncrementTotal {
                counter: counter_name(&self.facts.dataset, counter).map(str::to_owned),
                value: sum.value,
                low: sum.low,
                high: sum.high,
                records: sum.records,
            }),
            other_counters,
        })
    }
}

impl Pass<'_> {
    fn take(&self, row: usize, part: &mut Part) {
        let Some((metric, quantity)) = code_in(self.columns.metric, row).zip(self.columns.quantity(row)) else { return };
        let found = part.metrics.entry((metric, code_in(self.columns.unit, row))).or_default();
        found.records += 1;
        let repeats = &self.memory.facts.repeats;
        let is_inside = |row: Row| self.inside.contains(row);
        let who = || counter(&self.memory.facts.dataset, row as Row);
        if self.is_reading(row, &quantity) {
            let is_first = repeats.is_first(row as Row, |other| {
                is_inside(other) && self.columns.quantity(other as usize).is_some_and(|q| self.is_reading(other as usize, &q))
            });
            found.readings += u64::from(is_first);
            found.counters.insert(who());
            if let Some(band) = quantity.band() {
                found.hull = Some(found.hull.map_or(band, |hull| hull_of(hull, band)));
            }
        } else if self.memory.standing(row) == Some(Standing::Summable)
            && repeats.is_first(row as Row, |other| is_inside(other) && self.memory.standing(other as usize) == Some(Standing::Summable))
        {
            found.sums.entry(who()).or_insert(Sum::NOTHING).add(&Sum::of(&quantity));
        }
    }

    fn is_reading(&self, row: usize, quantity: &Quantity<'_>) -> bool {
        quantity.has_figure() && matches!(quantity.basis, Some(Basis::Total | Basis::Level)) && is_live(self.columns.status(row))
    }
}
