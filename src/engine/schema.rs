//! What is in a file: the answer to `Query::Schema`, the same for both engines; it draws nothing.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::Facts;
use super::place::extent_of;
use super::{Stop, look};
use crate::claims::{Counter, Sum, counter, may_be_summed};
use crate::data::{Basis, Dataset, Field, Kind, Measure, Quantity, Row, SourceId, Vocabulary as _};
use crate::query::{MetricInfo, Schema};
use crate::time::{Precision, Span, Time};
use crate::work::Cancel;

/// The schema of a dataset.
pub(super) fn schema(facts: &Facts, cancel: &Cancel) -> Result<Schema, Stop> {
    let dataset = &facts.dataset;
    let records = &dataset.records;
    let len = records.len() as Row;
    let mut events = 0;
    let mut last_anchor: Option<Time> = None;
    let mut extent: Option<Span> = None;
    for row in 0..len {
        look(cancel, row)?;
        events += u64::from(records.kind(row) == Kind::Event);
        if let Some(anchor) = facts.anchor(row) {
            last_anchor = last_anchor.max(Some(anchor));
            let own = extent_of(records, row, anchor);
            let start = if own.start.is_bounded() { own.start } else { anchor };
            let end = if own.end.is_bounded() { own.end } else { anchor.plus_us(1) };
            let own = Span::new(start, end);
            extent = Some(extent.map_or(own, |extent| extent.hull(own)));
        }
    }
    // Records are sorted by start, undated ones last.
    let quarter = (records.dated() / 4) as Row;
    let first_quartile = records.span(Field::WHEN, quarter).map(|span| span.start).filter(|start| start.is_bounded());
    Ok(Schema {
        generation: dataset.generation,
        is_complete: dataset.is_complete,
        origin: dataset.origin.clone(),
        records: u64::from(len),
        events,
        claims: u64::from(len) - events,
        undated: (records.len() - records.dated()) as u64,
        extent,
        first_quartile,
        last_anchor,
        fields: facts.fields.clone(),
        metrics: metrics(facts, cancel)?,
        sources: dataset.sources.len() as u64,
        articles: dataset.articles.len() as u64,
        originators: originators(facts),
        precision: precision(facts),
        issues: dataset.issues.counts.iter().map(|(kind, count)| (*kind, *count)).collect(),
    })
}

/// Distinct originators: of the claims, or of the events where there are no claims.
fn originators(facts: &Facts) -> u64 {
    let dataset = &facts.dataset;
    if dataset.chains.is_empty() {
        return 0;
    }
    let found: FxHashSet<SourceId> = of_kind(dataset, Kind::Claim);
    if found.is_empty() { of_kind(dataset, Kind::Event).len() as u64 } else { found.len() as u64 }
}

fn of_kind(dataset: &Dataset, kind: Kind) -> FxHashSet<SourceId> {
    let rows = (0..dataset.records.len() as Row).filter(move |row| dataset.records.kind(*row) == kind);
    rows.filter_map(|row| dataset.originator(row)).collect()
}

/// The finest precision that at least half of the dated records reach.
fn precision(facts: &Facts) -> &'static str {
    let mut counts = [0_u64; Precision::ALL.len()];
    let mut dated = 0;
    if let Some(dates) = facts.dataset.records.dates(Field::WHEN) {
        for when in (0..facts.dataset.records.dated()).filter_map(|row| dates.when(row)) {
            counts[when.precision as usize] += 1;
            dated += 1;
        }
    }
    let mut reached = 0;
    for precision in Precision::ALL.into_iter().rev() {
        reached += counts[precision as usize];
        if reached > 0 && reached * 2 >= dated {
            return precision_words(precision);
        }
    }
    "no dates"
}

fn precision_words(precision: Precision) -> &'static str {
    match precision {
        Precision::Century => "century precision",
        Precision::Decade => "decade precision",
        Precision::Year => "year precision",
        Precision::Season => "season precision",
        Precision::Month => "month precision",
        Precision::Week => "week precision",
        Precision::Day => "day precision",
        Precision::Hour => "hour precision",
        Precision::Minute => "minute precision",
        Precision::Second => "second precision",
        Precision::Subsecond => "subsecond precision",
    }
}

/// What is found out about one metric.
#[derive(Default)]
struct Found {
    records: u64,
    bases: [u64; 3],
    without_figure: u64,
    between_actors: u64,
    measures: [u64; Measure::ALL.len()],
    units: BTreeMap<Option<u32>, u64>,
    counters: FxHashSet<Counter>,
    sum: Option<Sum>,
}

impl Found {
    fn take(&mut self, facts: &Facts, row: Row, quantity: &Quantity<'_>, unit: Option<u32>) {
        let records = &facts.dataset.records;
        self.records += 1;
        self.between_actors += u64::from(records.str(Field::FROM, row).is_some() && records.str(Field::TO, row).is_some());
        self.measures[quantity.measure.code() as usize] += 1;
        *self.units.entry(unit).or_default() += 1;
        if !quantity.has_figure() {
            self.without_figure += 1;
            return;
        }
        self.counters.insert(counter(&facts.dataset, row));
        if let Some(basis) = quantity.basis {
            self.bases[basis.code() as usize] += 1;
        }
        if is_counted(facts, row) {
            self.sum.get_or_insert(Sum::NOTHING).add(&Sum::of(quantity));
        }
    }

    fn info(self, facts: &Facts, metric: &str) -> MetricInfo {
        let unit_word =
            |code: Option<u32>| code.and_then(|code| facts.dataset.records.category(Field::UNIT).map(|column| column.value(code)));
        let unit =
            self.units.iter().max_by_key(|(code, count)| (**count, std::cmp::Reverse(**code))).and_then(|(code, _)| unit_word(*code));
        let most = (0..Measure::ALL.len()).max_by_key(|code| (self.measures[*code], std::cmp::Reverse(*code))).unwrap_or(0);
        let sum = self.sum.filter(|_| self.counters.len() == 1 && self.units.len() == 1);
        MetricInfo {
            metric: metric.to_owned(),
            unit: unit.map(str::to_owned),
            units: self.units.len() as u32,
            measure: Measure::from_code(most as u32).unwrap_or(Measure::Count),
            records: self.records,
            increments: self.bases[Basis::Increment.code() as usize],
            totals: self.bases[Basis::Total.code() as usize],
            levels: self.bases[Basis::Level.code() as usize],
            without_figure: self.without_figure,
            between_actors: self.between_actors,
            counters: self.counters.len() as u64,
            value: sum.and_then(|sum| sum.value),
            low: sum.and_then(|sum| sum.low),
            high: sum.and_then(|sum| sum.high),
        }
    }
}

/// Is the record in the sum of its metric: may it be summed, and is it the first such carrier of its statement?
fn is_counted(facts: &Facts, row: Row) -> bool {
    let records = &facts.dataset.records;
    let may = |row: Row| records.quantity(row).is_some_and(|quantity| may_be_summed(&quantity, records.status(row)));
    may(row) && facts.repeats.is_first(row, may)
}

/// The metrics, most records first, of equals by name.
fn metrics(facts: &Facts, cancel: &Cancel) -> Result<Vec<MetricInfo>, Stop> {
    let records = &facts.dataset.records;
    let Some(column) = records.category(Field::METRIC) else { return Ok(Vec::new()) };
    let units = records.category(Field::UNIT);
    let mut index: FxHashMap<u32, usize> = FxHashMap::default();
    let mut found: Vec<(u32, Found)> = Vec::new();
    for row in 0..records.len() as Row {
        look(cancel, row)?;
        let Some((code, quantity)) = column.code(row as usize).zip(records.quantity(row)) else { continue };
        let place = *index.entry(code).or_insert(found.len());
        if place == found.len() {
            found.push((code, Found::default()));
        }
        found[place].1.take(facts, row, &quantity, units.and_then(|units| units.code(row as usize)));
    }
    let mut metrics: Vec<MetricInfo> = found.into_iter().map(|(code, found)| found.info(facts, column.value(code))).collect();
    metrics.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.metric.cmp(&b.metric)));
    Ok(metrics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Amount, Status};
    use crate::testing::{World, claim, event, time};

    fn of(world: World) -> Schema {
        schema(&Facts::build(world.build(), &Cancel::default()).unwrap(), &Cancel::default()).unwrap()
    }

    #[test]
    fn a_metric_of_one_counter_has_its_sum_and_expected_records_are_not_in_it() {
        let killed = |id: &str, value: f64| event(id).when("2025-01-01").counts("killed", value).increment();
        let schema = of(World::coded("UCDP").with_all(&[
            killed("1", 2.0),
            killed("2", 3.0).bounds(None, Some(5.0)),
            killed("3", 9.0).status(Status::Expected),
            event("4").when("2025").names("killed"),
        ]));
        let metric = &schema.metrics[0];
        assert_eq!((metric.records, metric.increments, metric.without_figure, metric.counters), (4, 3, 1, 1));
        assert_eq!(metric.value, Some(Amount::from_number(5.0)));
        assert_eq!(metric.high, Some(Amount::from_number(7.0)));
        assert_eq!(schema.precision, "day precision");
        assert_eq!(schema.last_anchor, Some(time("2025-01-01")));
    }

    #[test]
    fn a_metric_of_several_counters_has_no_sum() {
        let killed = |id: &str, by: &str| claim(id).when("2025-01-01").counts("killed", 2.0).increment().said_by(&[by]);
        let schema = of(World::new().with_all(&[killed("1", "hur"), killed("2", "nis"), killed("3", "nis")]));
        assert_eq!(schema.metrics[0].counters, 2);
        assert_eq!(schema.metrics[0].value, None);
        assert_eq!(schema.originators, 2);
    }

    #[test]
    fn rule_9_a_record_without_an_event_date_is_undated() {
        let schema = of(World::new().with_all(&[event("1"), event("2").when("2025"), claim("3").as_of("2025-03-01")]));
        assert_eq!((schema.records, schema.undated, schema.claims), (3, 2, 1));
        assert_eq!(schema.extent, Some(Span::new(time("2025-01-01"), time("2026-01-01"))));
    }

    #[test]
    fn an_empty_file_has_a_schema_too() {
        let schema = of(World::new());
        assert_eq!((schema.records, schema.extent, schema.precision), (0, None, "no dates"));
    }
}
