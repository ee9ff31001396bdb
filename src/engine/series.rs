//! How sums per bucket become series: names, colours, order, running sums; the end of `Query::Series` for both engines.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use crate::claims::{Counter, Sum, counter_name, counter_short};
use crate::data::{Amount, Dataset};
use crate::query::{Aside, SeriesAnswer, SeriesGroup, SeriesMode, SeriesPoint, SeriesQuery};
use crate::time::{Span, Time};

/// What keeps increments apart: only those of one counter and one unit are added (rules 2 and 11).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The value of the group field.
    pub(super) group: Option<String>,
    /// Who counted.
    pub(super) counter: Counter,
    /// The unit.
    pub(super) unit: Option<String>,
}

/// The sums of one key.
#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    /// By the start of the bucket.
    pub(super) buckets: BTreeMap<Time, Sum>,
    /// Records in all.
    pub(super) records: u64,
    /// The size of all of them, by which groups are put in order.
    pub(super) size: Amount,
}

/// Between the group's value and the counter's name, where a group has several counters.
const COUNTER_SEPARATOR: &str = " · ";
/// The group of records without a value, where it must be named together with a counter.
const NOT_RECORDED: &str = "not recorded";

/// The answer of sums per key and bucket.
///
/// Increments add only within one counter (rule 11): a group that has several counters is one series for each of them, named by both.
/// Groups, their names and their order do not depend on the window; a group may have no points in it.
pub(super) fn finish(facts: &Facts, query: &SeriesQuery, found: BTreeMap<Key, Series>, aside: Aside) -> SeriesAnswer {
    let names = Names::new(facts, query, &found);
    let mut groups: Vec<(Amount, SeriesGroup)> = found
        .into_iter()
        .map(|(key, series)| {
            let group = SeriesGroup {
                key: names.name(facts, &key, counter_name),
                short: names.name(facts, &key, counter_short).or_else(|| names.name(facts, &key, counter_name)),
                has_unit_in_label: names.units > 1,
                colour: names.colour(facts, &key),
                points: points(query, &series.buckets),
                unit: key.unit,
            };
            (series.size, group)
        })
        .collect();
    groups.sort_by(|(size, a), (other, b)| other.cmp(size).then_with(|| (&a.key, &a.unit).cmp(&(&b.key, &b.unit))));
    let groups_left_out = groups.len().saturating_sub(query.groups_max as usize) as u64;
    groups.truncate(query.groups_max as usize);
    SeriesAnswer { groups: groups.into_iter().map(|(_, group)| group).collect(), groups_left_out, aside }
}

fn points(query: &SeriesQuery, buckets: &BTreeMap<Time, Sum>) -> Vec<SeriesPoint> {
    let mut running = Sum::NOTHING;
    let mut points = Vec::new();
    for (start, sum) in buckets {
        running.add(sum);
        let shown = if query.mode == SeriesMode::Cumulative { &running } else { sum };
        let is_shown = query.window.is_none_or(|window| Span::new(*start, query.by.next(*start)).overlaps(window));
        if is_shown {
            points.push(SeriesPoint { start: *start, value: shown.value, low: shown.low, high: shown.high, records: sum.records });
        }
    }
    points
}

/// How groups are told apart.
struct Names {
    /// The counters of each group, and of all records when there is no group field.
    counters: BTreeMap<Option<String>, BTreeSet<Counter>>,
    /// Counters, most records first.
    places: Vec<Counter>,
    units: usize,
    /// The codes of the group field's values have ranks.
    group: Option<crate::data::Field>,
}

impl Names {
    fn new(facts: &Facts, query: &SeriesQuery, found: &BTreeMap<Key, Series>) -> Self {
        let mut counters: BTreeMap<Option<String>, BTreeSet<Counter>> = BTreeMap::new();
        let mut records: BTreeMap<Counter, u64> = BTreeMap::new();
        for (key, series) in found {
            counters.entry(key.group.clone()).or_default().insert(key.counter);
            *records.entry(key.counter).or_default() += series.records;
        }
        let mut places: Vec<(std::cmp::Reverse<u64>, Option<&str>, Counter)> = records
            .into_iter()
            .map(|(counter, records)| (std::cmp::Reverse(records), counter_name(&facts.dataset, counter), counter))
            .collect();
        places.sort();
        let units: BTreeSet<&Option<String>> = found.keys().map(|key| &key.unit).collect();
        Self { counters, places: places.into_iter().map(|place| place.2).collect(), units: units.len(), group: query.group }
    }

    /// What a group is called, with the counter's name as `named` gives it.
    fn name(&self, facts: &Facts, key: &Key, named: fn(&Dataset, Counter) -> Option<&str>) -> Option<String> {
        let has_rivals = self.counters.get(&key.group).is_some_and(|counters| counters.len() > 1);
        let counter = if has_rivals { named(&facts.dataset, key.counter) } else { None };
        match counter {
            None => key.group.clone(),
            Some(counter) if self.group.is_none() => Some(counter.to_owned()),
            Some(counter) => Some(format!("{}{COUNTER_SEPARATOR}{counter}", key.group.as_deref().unwrap_or(NOT_RECORDED))),
        }
    }

    fn colour(&self, facts: &Facts, key: &Key) -> Option<u32> {
        match self.group {
            Some(field) => {
                let code = facts.dataset.records.category(field)?.code_of(key.group.as_deref()?)?;
                facts.rankings.get(&field)?.ranks.get(code as usize).copied()
            }
            None if self.places.len() > 1 => self.places.iter().position(|place| *place == key.counter).map(|place| place as u32),
            None => None,
        }
    }
}
