//! `Query::Totals` in plain loops.

use std::collections::{BTreeMap, BTreeSet};

use super::Naive;
use crate::claims::{Counter, Sum, counter, counter_name, is_live, may_be_summed};
use crate::data::{Band, Basis, Bound, Row};
use crate::engine::Stop;
use crate::query::{Filter, IncrementTotal, MetricTotals, TotalsAnswer};
use crate::time::Span;
use crate::work::Cancel;

impl Naive {
    pub(super) fn totals(&self, filter: &Filter, window: Option<Span>, metrics_max: u32, cancel: &Cancel) -> Result<TotalsAnswer, Stop> {
        let records = &self.facts.dataset.records;
        let matching = self.rows_in(filter, None, cancel)?;
        let inside: BTreeSet<Row> = matching.iter().copied().filter(|row| window.is_none_or(|window| self.touches(*row, window))).collect();
        let drawn = inside.iter().filter(|row| self.facts.anchor(**row).is_some()).count() as u64;
        let mut by_metric: BTreeMap<(&str, Option<&str>), Vec<Row>> = BTreeMap::new();
        for row in &inside {
            if let Some(quantity) = records.quantity(*row) {
                by_metric.entry((quantity.metric, quantity.unit)).or_default().push(*row);
            }
        }
        let mut metrics: Vec<(usize, MetricTotals)> = Vec::new();
        for ((metric, unit), rows) in by_metric {
            let mut totals = MetricTotals {
                metric: metric.to_owned(),
                unit: unit.map(str::to_owned),
                hull: None,
                readings: 0,
                counters: 0,
                increments: None,
                other_counters: 0,
            };
            self.add_readings(&rows, &inside, &mut totals);
            self.add_increments(&rows, &inside, &mut totals);
            if totals.readings > 0 || totals.increments.is_some() {
                metrics.push((rows.len(), totals));
            }
        }
        metrics.sort_by_key(|(records, _)| std::cmp::Reverse(*records));
        metrics.truncate(metrics_max as usize);
        Ok(TotalsAnswer {
            inside: drawn,
            matching: matching.len() as u64,
            metrics: metrics.into_iter().map(|(_, totals)| totals).collect(),
        })
    }

    fn is_reading(&self, row: Row) -> bool {
        let records = &self.facts.dataset.records;
        records.quantity(row).is_some_and(|q| q.has_figure() && matches!(q.basis, Some(Basis::Total | Basis::Level)))
            && is_live(records.status(row))
    }

    fn add_readings(&self, rows: &[Row], inside: &BTreeSet<Row>, totals: &mut MetricTotals) {
        let mut counters: BTreeSet<Counter> = BTreeSet::new();
        for row in rows {
            let is_one = |row: Row| inside.contains(&row) && self.is_reading(row);
            let Some(band) = self.facts.dataset.records.quantity(*row).and_then(|quantity| quantity.band()) else { continue };
            if !is_one(*row) {
                continue;
            }
            counters.insert(counter(&self.facts.dataset, *row));
            totals.hull = Some(totals.hull.map_or(band, |hull| hull_of(hull, band)));
            totals.readings += u64::from(self.facts.repeats.is_first(*row, is_one));
        }
        totals.counters = counters.len() as u64;
    }

    fn add_increments(&self, rows: &[Row], inside: &BTreeSet<Row>, totals: &mut MetricTotals) {
        let records = &self.facts.dataset.records;
        let mut sums: BTreeMap<Counter, Sum> = BTreeMap::new();
        for row in rows {
            let is_one = |row: Row| {
                inside.contains(&row) && records.quantity(row).is_some_and(|quantity| may_be_summed(&quantity, records.status(row)))
            };
            let Some(quantity) = records.quantity(*row) else { continue };
            if is_one(*row) && self.facts.repeats.is_first(*row, is_one) {
                sums.entry(counter(&self.facts.dataset, *row)).or_insert(Sum::NOTHING).add(&Sum::of(&quantity));
            }
        }
        totals.other_counters = (sums.len() as u64).saturating_sub(1);
        let most = sums.into_iter().max_by_key(|(counter, sum)| (sum.records, std::cmp::Reverse(*counter)));
        totals.increments = most.map(|(counter, sum)| IncrementTotal {
            counter: counter_name(&self.facts.dataset, counter).map(str::to_owned),
            value: sum.value,
            low: sum.low,
            high: sum.high,
            records: sum.records,
        });
    }
}

/// The band that holds both; what is open stays open (rule 7).
pub(in crate::engine) fn hull_of(one: Band, other: Band) -> Band {
    let both = |one: Bound, other: Bound, pick: fn(f64, f64) -> f64| match (one, other) {
        (Bound::At(one), Bound::At(other)) => Bound::At(pick(one, other)),
        (Bound::Open, _) | (_, Bound::Open) => Bound::Open,
    };
    Band { low: both(one.low, other.low, f64::min), high: both(one.high, other.high, f64::max) }
}
