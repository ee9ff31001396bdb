//! What is in a file: the answer to `Query::Schema`, the same for both engines; it draws nothing.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::facts::Facts;
use super::place::{extent_of, point};
use super::uniform::Uniform;
use super::wordless::wordless;
use super::{Stop, in_parts, look};
use crate::claims::{Counter, Standing, Sum, counter, may_be_summed};
use crate::data::{Basis, Category, Codes, Field, Kind, Measure, Quantity, Row, SourceId, Vocabulary as _};
use crate::query::{MetricInfo, Schema};
use crate::time::{Precision, Span, Time};
use crate::work::Cancel;

/// So many records tell where most of them are.
const BULK_LOOKED_MAX: usize = 1 << 16;
/// Of fewer records none is far off from all others.
const FEW_MIN: usize = 8;

/// The schema of a dataset.
pub(super) fn schema(facts: &Facts, cancel: &Cancel) -> Result<Schema, Stop> {
    let dataset = &facts.dataset;
    let records = &dataset.records;
    let claims = facts.rankings.get(&Field::KIND).and_then(|ranking| ranking.totals.get(Kind::Claim.code() as usize)).copied();
    let (len, claims) = (records.len() as u64, claims.unwrap_or(0));
    let (last_anchor, extent) = hull(facts, cancel)?;
    // Records are sorted by start, undated ones last.
    let quarter = (records.dated() / 4) as Row;
    let first_quartile = records.span(Field::WHEN, quarter).map(|span| span.start).filter(|start| start.is_bounded());
    Ok(Schema {
        generation: dataset.generation,
        is_complete: dataset.is_complete,
        origin: dataset.origin.clone(),
        records: len,
        events: len - claims,
        claims,
        undated: (records.len() - records.dated()) as u64,
        extent,
        bulk: bulk(facts),
        first_quartile,
        last_anchor,
        fields: facts.fields.clone(),
        wordless: wordless(facts),
        metrics: metrics(facts, cancel)?,
        sources: dataset.sources.len() as u64,
        articles: dataset.articles.len() as u64,
        originators: originators(facts, cancel)?,
        precision: precision(facts, cancel)?,
        issues: dataset.issues.counts.iter().map(|(kind, count)| (*kind, *count)).collect(),
    })
}

/// The last anchor, and the hull of all anchors and bounded extents.
fn hull(facts: &Facts, cancel: &Cancel) -> Result<(Option<Time>, Option<Span>), Stop> {
    let records = &facts.dataset.records;
    // Without as-of dates, what is not dated has no place.
    let dates = records.dates(Field::WHEN).filter(|_| records.dates(Field::AS_OF).is_none());
    let len = if dates.is_some() { records.dated() } else { records.len() };
    let join = |(last, hull): (Option<Time>, Option<Span>), (other_last, other): (Option<Time>, Option<Span>)| {
        let both = hull.zip(other).map(|(own, other)| own.hull(other));
        (last.max(other_last), both.or(hull).or(other))
    };
    let parts = in_parts(len, |rows| {
        let mut all = (None, None);
        let mut take = |row: usize, anchor: Option<Time>| {
            let Some(anchor) = anchor else { return };
            let own = extent_of(records, row as Row, anchor);
            let start = if own.start.is_bounded() { own.start } else { anchor };
            let end = if own.end.is_bounded() { own.end } else { anchor.plus_us(1) };
            all = join(all, (Some(anchor), Some(Span::new(start, end))));
        };
        let Some(dates) = dates else {
            for row in rows {
                look(cancel, row as Row)?;
                take(row, facts.anchor(row as Row));
            }
            return Ok(all);
        };
        look(cancel, 0)?;
        let (mut earliest, mut latest, mut last) = (Time::OPEN_END, Time::OPEN_START, Time::OPEN_START);
        dates.for_each_span(rows, |row, span| match span {
            Some(span) if span.is_bounded() => {
                earliest = earliest.min(span.start);
                last = last.max(span.start);
                latest = latest.max(span.end.max(span.start.plus_us(1)));
            }
            span => take(row, span.and_then(point)),
        });
        let own = (last.is_bounded()).then(|| Span::new(earliest, latest));
        Ok(join(all, (own.map(|_| last), own)))
    })?;
    Ok(parts.into_iter().fold((None, None), join))
}

/// The span of all anchors but the earliest and the latest fiftieth; of a few anchors at least one at each end.
fn bulk(facts: &Facts) -> Option<Span> {
    let len = facts.dataset.records.len();
    let step = len.div_ceil(BULK_LOOKED_MAX).max(1);
    let mut anchors: Vec<Time> = (0..len).step_by(step).filter_map(|row| facts.anchor(row as Row)).collect();
    anchors.sort_unstable();
    let few = (anchors.len() / 50).max(usize::from(anchors.len() >= FEW_MIN));
    let (first, last) = (*anchors.get(few)?, *anchors.get(anchors.len().checked_sub(few + 1)?)?);
    Some(Span::new(first, last.plus_us(1)))
}

/// Distinct originators: of the claims, or of the events where there are no claims.
fn originators(facts: &Facts, cancel: &Cancel) -> Result<u64, Stop> {
    let dataset = &facts.dataset;
    if dataset.chains.is_empty() {
        return Ok(0);
    }
    let same_kind = match dataset.records.category(Field::KIND) {
        Some(kinds) if !matches!(kinds.codes, Codes::Same { .. }) => None,
        _ => Some(dataset.records.kind(0)),
    };
    let parts = in_parts(dataset.records.len(), |rows| {
        // Of each chain, whether an event and whether a claim has it.
        let mut seen = vec![[false; 2]; dataset.chains.len()];
        look(cancel, 0)?;
        dataset.records.for_each_chain(rows, |row, chain| {
            if let Some(seen) = chain.and_then(|chain| seen.get_mut(chain.0 as usize)) {
                let kind = same_kind.unwrap_or_else(|| dataset.records.kind(row as Row));
                seen[usize::from(kind == Kind::Claim)] = true;
            }
        });
        Ok(seen)
    })?;
    let of = |is_claim: usize| -> FxHashSet<SourceId> {
        let chains = dataset.chains.iter().enumerate().filter(|(number, _)| parts.iter().any(|seen| seen[*number][is_claim]));
        chains.filter_map(|(_, chain)| chain.0.last().copied()).collect()
    };
    let claims = of(1);
    Ok(if claims.is_empty() { of(0).len() as u64 } else { claims.len() as u64 })
}

/// The finest precision that at least half of the dated records reach.
fn precision(facts: &Facts, cancel: &Cancel) -> Result<&'static str, Stop> {
    let records = &facts.dataset.records;
    let Some(dates) = records.dates(Field::WHEN) else { return Ok("no dates") };
    let dated = records.dated() as u64;
    let mut counts = [0_u64; Precision::ALL.len()];
    if let Some(same) = dates.same_precision() {
        counts[same as usize] = dated;
    } else {
        let parts = in_parts(records.dated(), |rows| {
            let mut counts = [0_u64; Precision::ALL.len()];
            for row in rows {
                look(cancel, row as Row)?;
                counts[dates.when(row).map_or(0, |when| when.precision as usize)] += 1;
            }
            Ok(counts)
        })?;
        for part in &parts {
            counts.iter_mut().zip(part).for_each(|(count, own)| *count += own);
        }
    }
    let mut reached = 0;
    for precision in Precision::ALL.into_iter().rev() {
        reached += counts[precision as usize];
        if reached > 0 && reached * 2 >= dated {
            return Ok(precision_words(precision));
        }
    }
    Ok("no dates")
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

    fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.bases.iter_mut().zip(other.bases).for_each(|(own, other)| *own += other);
        self.without_figure += other.without_figure;
        self.between_actors += other.between_actors;
        self.measures.iter_mut().zip(other.measures).for_each(|(own, other)| *own += other);
        other.units.into_iter().for_each(|(unit, count)| *self.units.entry(unit).or_default() += count);
        self.counters.extend(other.counters);
        if let Some(sum) = other.sum {
            self.sum.get_or_insert(Sum::NOTHING).add(&sum);
        }
    }

    /// The same of records that have everything in common but their numbers and actors.
    fn of_all(facts: &Facts, uniform: &Uniform<'_>, cancel: &Cancel) -> Result<Self, Stop> {
        let records = &facts.dataset.records;
        let len = records.len();
        let mut all = Self { records: len as u64, ..Self::default() };
        all.measures[uniform.like.measure.code() as usize] = all.records;
        all.units.insert(uniform.unit, all.records);
        all.counters.insert(uniform.counter);
        if let Some(basis) = uniform.like.basis {
            all.bases[basis.code() as usize] = all.records;
        }
        let actors = records.column(Field::FROM).zip(records.column(Field::TO));
        if actors.is_some_and(|(from, to)| from.present() == len && to.present() == len) {
            all.between_actors = all.records;
        } else if let Some((from, to)) = actors {
            let both = in_parts(len, |rows| {
                look(cancel, 0)?;
                Ok(rows.filter(|row| !from.is_null(*row) && !to.is_null(*row)).count() as u64)
            })?;
            all.between_actors = both.iter().sum();
        }
        if uniform.standing == Standing::Summable {
            let parts = in_parts(len, |rows| {
                look(cancel, 0)?;
                Ok(uniform.sum_of(rows))
            })?;
            let mut sum = Sum::NOTHING;
            for part in &parts {
                sum.add(part);
            }
            all.sum = Some(sum);
        }
        Ok(all)
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

/// What is found out about each metric, by looking at every record.
fn found(facts: &Facts, column: &Category, cancel: &Cancel) -> Result<Vec<(u32, Found)>, Stop> {
    let records = &facts.dataset.records;
    let units = records.category(Field::UNIT);
    let parts = in_parts(records.len(), |rows| {
        let mut found: BTreeMap<u32, Found> = BTreeMap::new();
        for row in rows {
            look(cancel, row as Row)?;
            if let Some((code, quantity)) = column.code(row).zip(records.quantity(row as Row)) {
                found.entry(code).or_default().take(facts, row as Row, &quantity, units.and_then(|units| units.code(row)));
            }
        }
        Ok(found)
    })?;
    let mut all: BTreeMap<u32, Found> = BTreeMap::new();
    for (code, found) in parts.into_iter().flatten() {
        all.entry(code).or_default().merge(found);
    }
    Ok(all.into_iter().collect())
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
    let found = match Uniform::of(&facts.dataset) {
        Some(uniform) => vec![(uniform.metric, Found::of_all(facts, &uniform, cancel)?)],
        None => found(facts, column, cancel)?,
    };
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
    fn the_bulk_leaves_out_what_is_far_from_nearly_all() {
        let days = (1..=9).map(|day| event(&day.to_string()).when(&format!("2024-03-0{day}")));
        let schema = of(World::new().with_all(&days.chain([event("far").when("1601-01-01")]).collect::<Vec<_>>()));
        let bulk = schema.bulk.unwrap();
        assert_eq!((bulk.start, bulk.end), (time("2024-03-01"), time("2024-03-08").plus_us(1)));
        assert!(of(World::new().with(&event("1").when("2024-03-01"))).bulk.is_some());
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
    fn what_all_records_have_in_common_is_found_as_if_each_was_looked_at() {
        let killed = |id: &str, value: f64| {
            event(id).when("2025-01-01").counts("killed", value).bounds(Some(0.5), Some(900.0)).increment().from("A")
        };
        let world = World::coded("UCDP").with_all(&[killed("1", 2.0), killed("2", 3.25).to("B"), killed("3", 0.0).to("C")]);
        let facts = Facts::build(world.build(), &Cancel::default()).unwrap();
        let column = facts.dataset.records.category(Field::METRIC).unwrap();
        let uniform = Uniform::of(&facts.dataset).unwrap();
        let looked: Vec<MetricInfo> =
            found(&facts, column, &Cancel::default()).unwrap().into_iter().map(|(_, found)| found.info(&facts, "killed")).collect();
        assert_eq!(looked, [Found::of_all(&facts, &uniform, &Cancel::default()).unwrap().info(&facts, "killed")]);
    }

    #[test]
    fn an_empty_file_has_a_schema_too() {
        let schema = of(World::new());
        assert_eq!((schema.records, schema.extent, schema.precision), (0, None, "no dates"));
    }
}
